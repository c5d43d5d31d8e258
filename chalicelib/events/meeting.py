"""What people ask ahead, and what they keep of their meetings: a note for themselves, and whether they would like to go
on, which the other learns only if they would, too."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.events import access, store
from chalicelib.events.errors import EventNotSo, MeetingMoved, QuestionsIdentify, WishStands
from chalicelib.events.model import (
    Event,
    EventStatus,
    EventTimetable,
    Place,
    Sitting,
    SittingState,
    absences_of,
    held_sittings,
    state_of,
)
from chalicelib.events.store import Kept, Mutual
from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import DomainError, NotFound
from chalicelib.kernel.identifying import to_take_out, traces_of
from chalicelib.kernel.tries import again
from chalicelib.mentorships import service as mentorships
from chalicelib.people import service as people
from chalicelib.people.model import Person
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Side

EVENT_MUTUAL = "event-mutual"
"""The mail to two who would both like to go on: `recipient`, `event_id`, `other`."""


class Obstacle(StrEnum):
    """Why no proposal came of two who would both like to go on; what it is about one of the two privately shows as
    NOT_AVAILABLE."""

    PROGRAMME_NOT_RUNNING = "programme-not-running"
    NOT_ENROLLED = "not-enrolled"
    PROFILE_INCOMPLETE = "profile-incomplete"
    ALREADY_PROPOSED = "already-proposed"
    ALREADY_MENTORED = "already-mentored"
    NO_COMMON_GROUND = "no-common-ground"
    NO_PLACE_LEFT = "no-place-left"
    NOT_AVAILABLE = "mentor-not-available"


_OBSTACLES = {one.value: one for one in Obstacle}


@dataclass(frozen=True)
class Asked:
    """What a mentee asks ahead."""

    person_id: str
    person: Person | None
    questions: tuple[str, ...]


@dataclass(frozen=True)
class SeenQuestions:
    items: tuple[Asked, ...]


@dataclass(frozen=True)
class SeenMeeting:
    """What the reader keeps of a meeting; `mutual` is there once both would like to go on."""

    event: Event
    kept: Kept
    other: Person | None
    mutual: Mutual | None = None

    @property
    def version(self) -> int | None:
        return self.kept.version or 0


def ask(call: Call, event_id: str, questions: Sequence[str]) -> SeenQuestions:
    """Put other questions in the place of those that the actor, a mentee, asks ahead of whom they will meet.

    Raises
    ------
    QuestionsIdentify
        With each place in which something surely identifies somebody.
    EventNotSo
        Once the event is over.
    """
    reader, _ = access.taking_part(call, event_id)
    if reader.place is None or reader.place.side is not Side.MENTEE:
        raise NotFound
    if not reader.event.is_ahead or call.now >= reader.event.held.ends_at:
        raise EventNotSo("Questions are sent ahead of an event.")
    found = to_take_out(traces_of((f"/questions/{n}", text) for n, text in enumerate(questions)))
    if found:
        raise QuestionsIdentify("Take out what is pointed at, then send them.", found)
    asked = Asked(call.actor_id, None, tuple(questions))
    return commit(
        call, [store.put_questions(event_id, call.actor_id, questions, call.now)], SeenQuestions((asked,))
    )


def questions(call: Call, event_id: str) -> SeenQuestions:
    """Return what the actor asks ahead, or as a mentor what those ask whom they will meet, or have met: nobody,
    where it is cancelled."""
    own = store.questions_key(event_id, call.actor_id)
    blocks = people.blocks_key(call.actor_id)
    reader, (row, timetable_row, blocks_row) = access.taking_part(
        call, event_id, own, store.timetable_key(event_id), blocks
    )
    if reader.place is None:
        raise NotFound
    if reader.place.side is Side.MENTEE:
        return SeenQuestions((Asked(call.actor_id, None, store.questions_of(row)),))
    if timetable_row is None or reader.event.status is EventStatus.CANCELLED:
        return SeenQuestions(())
    names = sorted({one.mentee_id for one in store.timetable_of(timetable_row).of(call.actor_id)})
    if not names:
        return SeenQuestions(())
    rows = tables.get_many(
        [
            key
            for one in names
            for key in (store.questions_key(event_id, one), people.person_key(one), people.blocks_key(one))
        ]
    )
    mine, found = people.blocks_of(blocks_row), []
    for n, name in enumerate(names):
        asked, person, theirs = rows[3 * n : 3 * n + 3]
        # The timetable is made anew within seconds of a block; what they wrote is hidden at once.
        if asked is None or person is None or name in mine or call.actor_id in people.blocks_of(theirs):
            continue
        found.append(Asked(name, people.person_of(person), store.questions_of(asked)))
    return SeenQuestions(tuple(found))


def held_by(event: Event, place: Place, timetable: EventTimetable) -> tuple[Sitting, ...]:
    """Return the meetings of an event that is over to which somebody came, and the other, too: one read of the others'
    places."""
    mine = replace(timetable, sittings=timetable.of(place.person_id))
    others = [store.place_key(event.id, one.other(place.person_id)) for one in mine.sittings]
    places = [store.place_of(one) for one in tables.get_many(others) if one is not None] if others else []
    return held_sittings(mine, absences_of([*places, place]), event, event.held.ends_at)


def read(call: Call, event_id: str, other_id: str) -> SeenMeeting:
    """Return what the actor keeps of a meeting that was held; raises `NotFound` of any other."""
    return _read(call, event_id, other_id).seen


def keep(call: Call, event_id: str, other_id: str, note: str | None, go_on: bool | None) -> SeenMeeting:
    """Keep a note of a meeting, or say whether one would like to go on. Once both would, it becomes a proposal, in the
    same transaction; where none can be made both are told what stands against it, and saying it again tries anew.

    Raises
    ------
    NotFound
        If the two had no meeting that is over.
    EventNotSo
        If the event is closed: notes may still change.
    WishStands
        If both have said it: the proposal is what they answer.
    """
    return again(
        lambda: _keep(call, event_id, other_id, note, go_on), MeetingMoved,
        busy="This meeting is being changed. Send it again.", tries=5,
    )  # fmt: skip


@dataclass(frozen=True)
class _Read:
    seen: SeenMeeting
    theirs: Kept
    mentee_id: str
    mentor_id: str
    is_parted: bool


def _read(call: Call, event_id: str, other_id: str) -> _Read:
    me = call.actor_id
    if other_id == me:
        raise NotFound
    reader, rows = access.taking_part(
        call, event_id, store.timetable_key(event_id), store.place_key(event_id, other_id),
        store.kept_key(event_id, me, other_id), store.kept_key(event_id, other_id, me),
        store.mutual_key(event_id, me, other_id), store.mutual_key(event_id, other_id, me),
        people.person_key(other_id), people.blocks_key(me), people.blocks_key(other_id),
    )  # fmt: skip
    timetable_row, place_row, mine_row, theirs_row, as_mentee, as_mentor, person_row, blocks, their_blocks = (
        rows
    )
    if reader.place is None or timetable_row is None or place_row is None:
        raise NotFound
    event, absences = reader.event, absences_of([reader.place, store.place_of(place_row)])
    sittings = [one for one in store.timetable_of(timetable_row).of(me) if one.other(me) == other_id]
    held = [one for one in sittings if state_of(one, absences, event, call.now) is SittingState.HELD]
    if not held:
        raise NotFound
    mutual_row = as_mentee or as_mentor
    seen = SeenMeeting(
        event, store.kept_of(mine_row) if mine_row else Kept(event_id, me, other_id),
        people.person_of(person_row) if person_row else None, store.mutual_of(mutual_row) if mutual_row else None,
    )  # fmt: skip
    theirs = store.kept_of(theirs_row) if theirs_row else Kept(event_id, other_id, me)
    is_parted = other_id in people.blocks_of(blocks) or me in people.blocks_of(their_blocks)
    return _Read(seen, theirs, held[0].mentee_id, held[0].mentor_id, is_parted)


def _keep(call: Call, event_id: str, other_id: str, note: str | None, go_on: bool | None) -> SeenMeeting:
    found = _read(call, event_id, other_id)
    before = found.seen.kept
    require_version(call, found.seen.version)
    after = replace(
        before, note=before.note if note is None else note, go_on=before.go_on if go_on is None else go_on
    )
    writes: list[Write] = [store.put_kept(after, call.now)]
    if go_on is None or (go_on == before.go_on and not _tries_anew(found)):
        return commit(call, writes, replace(found.seen, kept=written(after)))
    if found.seen.event.status is not EventStatus.PUBLISHED:
        raise EventNotSo("The event is closed. Ask the other, or your coordinator, for a mentorship.")
    if not go_on and found.seen.mutual is not None and found.seen.mutual.proposal_id is not None:
        raise WishStands("Answer the proposal instead: you may decline it.")
    # Whoever says it second makes it mutual: neither misses the other's wish of the same instant.
    writes += [store.check_status(event_id, EventStatus.PUBLISHED), store.check_kept(found.theirs)]
    if not (go_on and found.theirs.go_on) or found.is_parted:
        return commit(call, writes, replace(found.seen, kept=written(after)))
    return _both(call, found, after, writes)


def _tries_anew(found: _Read) -> bool:
    """Tell whether a wish that is said again is to be looked at anew: no proposal could be made, or the other's came
    while one had blocked the other."""
    mutual = found.seen.mutual
    return found.seen.kept.go_on and (
        mutual.proposal_id is None if mutual is not None else found.theirs.go_on and not found.is_parted
    )


def _both(call: Call, found: _Read, after: Kept, writes: list[Write]) -> SeenMeeting:
    """Commit a wish that the other has, too, with the proposal that comes of it, or what stands against one."""
    event, known = found.seen.event, found.seen.mutual
    mutual = Mutual(event.id, found.mentee_id, found.mentor_id, version=known.version if known else None)
    try:
        proposal, made = mentorships.proposed_by_both(
            call, event.programme_id, found.mentee_id, found.mentor_id, event.id
        )
        mutual = replace(mutual, proposal_id=proposal.id)
        seen = replace(found.seen, kept=written(after), mutual=written(mutual))
        return commit(
            call, [*writes, *made, store.put_mutual(mutual, call.now), *_mails(call, written(mutual))], seen
        )
    except DomainError as refusal:
        obstacle = Obstacle.NOT_ENROLLED if isinstance(refusal, NotFound) else _OBSTACLES.get(refusal.code)
        if obstacle is None:
            raise
    mutual = replace(mutual, proposal_id=None, obstacle=obstacle.value)
    seen = replace(found.seen, kept=written(after), mutual=written(mutual))
    told = [] if known is not None and known.obstacle == obstacle.value else _mails(call, written(mutual))
    return commit(call, [*writes, store.put_mutual(mutual, call.now), *told], seen)


def _mails(call: Call, mutual: Mutual) -> list[Write]:
    both = (mutual.mentee_id, mutual.mentor_id)
    return [
        outbox.message(
            f"{EVENT_MUTUAL}:{mutual.event_id}:{mutual.version}:{me}:{other}", outbox.Topic.MAIL, EVENT_MUTUAL,
            {"recipient": me, "event_id": mutual.event_id, "other": other}, now=call.now,
        )
        for me, other in (both, both[::-1])
    ]  # fmt: skip


def mutual_of(person_id: str, event_id: str, other_id: str) -> tuple[Event, Mutual] | None:
    """Return two who would both like to go on, and what came of it (for the mail)."""
    row, as_mentee, as_mentor = tables.get_many(
        [
            store.event_key(event_id), store.mutual_key(event_id, person_id, other_id),
            store.mutual_key(event_id, other_id, person_id),
        ]
    )  # fmt: skip
    found = as_mentee or as_mentor
    return (store.event_of(row), store.mutual_of(found)) if row is not None and found is not None else None
