"""What a programme asks in closing conversations (its coordinators set it)."""

from dataclasses import dataclass, replace

from chalicelib.kernel.call import Call, require_version
from chalicelib.mentorships.closing import store
from chalicelib.mentorships.closing.model import Question, Template
from chalicelib.people import service as people
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.programmes import service as programmes


@dataclass(frozen=True)
class SeenTemplate:
    """What a programme asks, in the language of the reader's `locale`."""

    template: Template
    locale: str

    @property
    def version(self) -> int:
        return self.template.version


def read_template(call: Call, programme_id: str) -> SeenTemplate:
    """Return what a programme asks (its coordinators); what was never set has version 0."""
    _, (row, person_row) = programmes.coordinated(
        call, programme_id, store.template_key(programme_id), people.person_key(call.actor_id)
    )
    return SeenTemplate(store.template_of(programme_id, row), people.locale_of(person_row))


def change_template(call: Call, programme_id: str, questions: tuple[Question, ...]) -> SeenTemplate:
    """Set what a programme asks from now on (its coordinators). What was answered so far stays, with the words that it
    was answered to. The same again makes no version.

    Raises
    ------
    StaleVersion
    """
    seen = read_template(call, programme_id)
    before = seen.template
    require_version(call, before.version)
    if before.version and questions == before.questions:
        return commit(call, [], seen)
    changed = replace(before, questions=questions, created_at=before.created_at or call.now)
    after = replace(changed, version=before.version + 1)
    writes = [
        store.put_template(changed, call.now),
        tables.audit(
            "mentorships", f"PROGRAMME#{programme_id}", row_id=call.new_id(), at=call.now, actor=call.actor_id,
            action="change_closing_template", before=str(before.version), after=str(after.version),
        ),
    ]  # fmt: skip
    return commit(call, writes, replace(seen, template=after))
