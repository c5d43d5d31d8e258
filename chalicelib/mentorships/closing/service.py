"""The closing conversation: what the two are asked, what each writes, and that it was held.

Nothing depends on it: no end, no certificate, no task. Coordinators learn whether it was held, and what somebody sent
to them on purpose.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import Invalid
from chalicelib.mentorships import access, beside, running_store
from chalicelib.mentorships.beside import Beside
from chalicelib.mentorships.closing import model, store, wording
from chalicelib.mentorships.closing.model import Held, Part, Question, Theirs, Wanted
from chalicelib.mentorships.closing.wording import Known, Task
from chalicelib.mentorships.goals import store as goals
from chalicelib.mentorships.introductions import store as introductions
from chalicelib.mentorships.reflections import store as reflections
from chalicelib.mentorships.running import Mentorship, Words
from chalicelib.mentorships.sessions import model as session_model
from chalicelib.mentorships.sessions import store as sessions
from chalicelib.mentorships.sessions.model import Session
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.people import service as people
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Row, Write
from chalicelib.programmes.model import Side
from chalicelib.words.formats import Formats, formats_of


@dataclass(frozen=True)
class SentWord:
    """What one of the two would tell the programme, as its coordinators read it."""

    side: Side
    words: Words


@dataclass(frozen=True)
class Asked:
    """A question, with what is known for its answer."""

    question: Question
    suggestion: str | None


@dataclass(frozen=True)
class SeenPart:
    """What somebody wrote, as they read it themselves."""

    part: Part
    formats: Formats

    @property
    def version(self) -> int:
        return self.part.version or 0


@dataclass(frozen=True)
class SeenClosing:
    """The closing conversation as one reader has it.

    Attributes
    ----------
    asked, mine, theirs
        For the two alone.
    sent
        For coordinators alone.
    """

    mentorship: Mentorship
    formats: Formats
    is_open: bool
    is_offered: bool
    open_until: datetime | None
    held: Held | None
    asked: tuple[Asked, ...] = ()
    mine: Part | None = None
    theirs: Theirs | None = None
    sent: tuple[SentWord, ...] = ()

    @property
    def version(self) -> int:
        return (self.mine.version or 0) if self.mine is not None else 0


def read(call: Call, mentorship_id: str) -> SeenClosing:
    """Return the closing conversation to the two of a mentorship; to its programme's coordinators whether it was held,
    and what was sent to them.

    Raises
    ------
    NotFound
        Also to people of other organisations.
    RoleRefused
        To other staff of the organisation.
    """
    found = beside.read(mentorship_id)
    mentorship = found.mentorship
    side = mentorship.side_of(call.actor_id)
    if side is None:
        return _for_coordinator(call, found)
    part_row, shared_row, template_row, reader_row, blocks_row = tables.get_many(
        [
            store.part_key(call.actor_id, mentorship_id),
            store.shared_key(mentorship_id, side.other),
            store.template_key(mentorship.programme_id),
            people.person_key(call.actor_id),
            people.blocks_key(call.actor_id),
        ]
    )
    hidden = access.silenced(call, mentorship, blocks_row)
    formats = formats_of(people.locale_of(reader_row))
    learned = [one.parts.learned for one in reflections.all_shared(mentorship_id, side)]
    known = _known(found, learned, hidden)
    template = store.template_of(mentorship.programme_id, template_row)
    return replace(
        _seen(call, found, formats),
        asked=tuple(Asked(one, wording.suggestion(one, known, formats)) for one in template.questions),
        mine=store.part_of(part_row) if part_row is not None else None,
        theirs=store.theirs_of(shared_row) if shared_row is not None and hidden is None else None,
    )


def write(call: Call, mentorship_id: str, wanted: Wanted) -> SeenPart:
    """Put what the actor writes for the conversation as they want it; the same again writes it again.

    What others read of it can be taken back at any time.

    Raises
    ------
    Invalid, NotTimeToClose, StaleVersion, ClosingMoved
    """
    row, part_row, reader_row, *held_row = tables.get_many(
        [
            running_store.mentorship_key(mentorship_id),
            store.part_key(call.actor_id, mentorship_id),
            people.person_key(call.actor_id),
            *_session_keys(mentorship_id, wanted),
        ]
    )
    mentorship, side = access.own_of(call, row)
    before = store.part_of(part_row) if part_row is not None else Part(mentorship_id, call.actor_id, side)
    require_version(call, before.version or 0)
    states = None if _only_takes_back(before, wanted) else model.require_open(mentorship, call.now)
    template = store.template_of(
        mentorship.programme_id, tables.get(*store.template_key(mentorship.programme_id))
    )
    after = replace(
        before,
        answers=model.answers_of(wanted.answers, template.questions, before.answers),
        to_programme=wanted.to_programme,
        is_shared=wanted.is_shared,
        is_sent=wanted.is_sent,
        held=_held(call, mentorship, before, wanted, held_row),
        created_at=before.created_at or call.now,
        updated_at=call.now,
    )
    writes = [*store.put_part(after, call.now), _audit(call, after)]
    if states is not None:
        writes.append(sessions.check_status(mentorship_id, states))
    return commit(call, writes, SeenPart(written(after), formats_of(people.locale_of(reader_row))))


def _only_takes_back(before: Part, wanted: Wanted) -> bool:
    """Tell whether nobody reads more of it than before, or is told anew that it was held."""
    return (
        not (wanted.is_shared or wanted.is_sent) and wanted.held == before.held and before.version is not None
    )


def _held(
    call: Call, mentorship: Mentorship, before: Part, wanted: Wanted, rows: Sequence[Any]
) -> Held | None:
    held = wanted.held
    if held is None or held == before.held:
        return held
    if held.session_id is not None:
        session = sessions.session_of(rows[0]) if rows[0] is not None else None
        if session is None or not _has_begun(session, call.now):
            raise Invalid.field("/held/session_id", "No such session of this mentorship has begun.")
    model.require_held(mentorship, held, call.now)
    return held


def _has_begun(session: Session, now: datetime) -> bool:
    return session.status is session_model.SessionStatus.BOOKED and session.span.starts_at <= now


def _session_keys(mentorship_id: str, wanted: Wanted) -> list[tuple[type[Row], str, str]]:
    if wanted.held is None or wanted.held.session_id is None:
        return []
    return [sessions.session_key(mentorship_id, wanted.held.session_id)]


def _seen(call: Call, found: Beside, formats: Formats) -> SeenClosing:
    mentorship = found.mentorship
    marks = [store.parse(raw) for raw in found.all(store.PREFIX)]
    is_open = model.is_open(mentorship, call.now)
    return SeenClosing(
        mentorship,
        formats,
        is_open,
        model.is_offered(mentorship, marks, call.now),
        model.open_until(mentorship) if is_open else None,
        model.held_of(marks),
    )


def _for_coordinator(call: Call, found: Beside) -> SeenClosing:
    mentorship = found.mentorship
    rights_row, reader_row, *word_rows = tables.get_many(
        [
            organisations.rights_key(call),
            people.person_key(call.actor_id),
            *(store.word_key(mentorship.id, side) for side in Side),
        ]
    )
    organisations.rights_of(call, rights_row).require(mentorship.organisation_id, StaffRole.COORDINATOR)
    by_side = zip(Side, word_rows, strict=True)
    sent = tuple(SentWord(side, store.word_of(row)) for side, row in by_side if row is not None)
    return replace(_seen(call, found, formats_of(people.locale_of(reader_row))), sent=sent)


def _known(found: Beside, learned: Iterable[str], hidden: Side | None) -> Known:
    """Return what is known for the answers, but what is in the words of a side that the reader is not shown."""
    had = sorted(
        (sessions.parse(raw) for raw in found.all(sessions.PREFIX)), key=lambda one: one.span.starts_at
    )
    tasks = [
        Task(action, found.mentorship.card(action.owner).name)
        for session in had
        for action in session.actions
        if action.done_at is None and action.by is not hidden
    ]
    return Known(
        session_model.held(had),
        tuple(goals.parse(raw) for raw in found.all(goals.PREFIX)),
        tuple(tasks),
        tuple(one for one in learned if one),
        len(found.all(introductions.SUCCESS_PREFIX)),
    )


def _audit(call: Call, after: Part) -> Write:
    """Return the row of the trail: what others read of it, and no word."""
    told = {"shared": after.is_shared, "sent": after.is_sent, "held": after.held is not None}
    return running_store.audit(
        after.mentorship_id, row_id=call.new_id(), at=call.now, actor=call.actor_id,
        action="write_closing_conversation", after=", ".join(one for one, so in told.items() if so) or "private",
    )  # fmt: skip
