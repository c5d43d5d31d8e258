"""What a programme asks the two of its mentorships (its coordinators set it)."""

from dataclasses import dataclass, replace

from chalicelib.kernel.call import Call, require_version
from chalicelib.mentorships.feedback import store
from chalicelib.mentorships.feedback.model import Item, Questionnaire
from chalicelib.people import service as people
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.programmes import service as programmes


@dataclass(frozen=True)
class SeenQuestionnaire:
    """What a programme asks, in the language of the reader's `locale`."""

    asked: Questionnaire
    locale: str

    @property
    def version(self) -> int:
        return self.asked.version or 0


@dataclass(frozen=True)
class Wished:
    """What a programme is to ask."""

    pulse_weeks: int | None
    pulse: tuple[Item, ...]
    mentee: tuple[Item, ...]
    mentor: tuple[Item, ...]


def read_questionnaire(call: Call, programme_id: str) -> SeenQuestionnaire:
    """Return what a programme asks (its coordinators); what was never set has version 0."""
    _, (row, person_row) = programmes.coordinated(
        call, programme_id, store.questionnaire_key(programme_id), people.person_key(call.actor_id)
    )
    return SeenQuestionnaire(store.questionnaire_of(programme_id, row), people.locale_of(person_row))


def change_questionnaire(call: Call, programme_id: str, wished: Wished) -> SeenQuestionnaire:
    """Set what a programme asks from now on (its coordinators). Who answered at the start of their mentorship is asked
    the same on confidence in the middle and at the end. The same again makes no version.

    Raises
    ------
    StaleVersion
    """
    seen = read_questionnaire(call, programme_id)
    before = seen.asked
    require_version(call, seen.version)
    changed = replace(before, **vars(wished), created_at=before.created_at or call.now)
    if before.version and changed == before:
        return commit(call, [], seen)
    after = replace(changed, version=seen.version + 1)
    writes = [
        store.put_questionnaire(changed, call.now),
        tables.audit(
            "mentorships", f"PROGRAMME#{programme_id}", row_id=call.new_id(), at=call.now, actor=call.actor_id,
            action="change_questionnaire", before=str(seen.version), after=str(after.version),
        ),
    ]  # fmt: skip
    return commit(call, writes, replace(seen, asked=after))
