"""Meetings of a circle: planned on a clock, moved, held, with an agenda that all write, turns, and who was there."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from chalicelib.attendance import service as attendance
from chalicelib.attendance.model import MarkKind, Presence
from chalicelib.circles import access, store
from chalicelib.circles.errors import CircleNotSo, CircleRoleRefused, MeetingNotOpen, MeetingNotSo
from chalicelib.circles.meetings import model
from chalicelib.circles.meetings import store as meeting_store
from chalicelib.circles.meetings.model import (
    Duty,
    Item,
    Meeting,
    MeetingMove,
    MeetingScope,
    MeetingState,
    Turns,
)
from chalicelib.circles.meetings.store import Book
from chalicelib.circles.model import Circle, CircleStatus, Deed, Place, Reader
from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.clock import to_text
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.people import service as people
from chalicelib.people.checks import checked_zone
from chalicelib.people.model import Person
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.outbox import Topic
from chalicelib.platform.tables import Write

MEETING_NEAR = "circle-meeting-near"
"""The news that a meeting is a day away: `circle_id`, `meeting_id`, `starts_at`."""
MEETING_CHANGED = "circle-meeting-altered"
"""The news that a meeting was moved or cancelled: `circle_id`, `meeting_id`, `starts_at`."""
MINUTES_FINAL = "circle-meeting-closed"
"""The news that a meeting's minutes are final: `circle_id`, `meeting_id`."""
CIRCLE_MEETING = "circle-meeting"
"""The mail that a meeting is a day away: `recipient`, `circle_id`, `meeting_id`, `starts_at`."""
CIRCLE_MEETING_CHANGED = "circle-meeting-changed"
"""The mail that it was moved or is cancelled: as above."""


@dataclass(frozen=True)
class MeetingWish:
    """What is planned: when on which clock, how often, and where. What is None is as the circle has it."""

    on: date
    at: int
    time_zone: str
    meetings: int | None = None
    every_weeks: int | None = None
    minutes: int | None = None
    link: str | None = None


@dataclass(frozen=True)
class MeetingChange:
    """What of a meeting is changed; day and time together, on the meeting's clock."""

    scope: MeetingScope = MeetingScope.ONE
    on: date | None = None
    at: int | None = None
    minutes: int | None = None
    link: str | None = None


@dataclass(frozen=True)
class MeetingStep:
    """What is done with a meeting; of the rest, what the move takes."""

    move: MeetingMove
    ended_at: datetime | None = None
    duty: Duty | None = None
    person_id: str | None = None
    title: str | None = None
    minutes: int | None = None
    note: str = ""
    item_id: str | None = None


@dataclass(frozen=True)
class SeenMeeting:
    """A meeting with whose turn it is; its agenda, where it was asked for, without notes for who does not take part."""

    meeting: Meeting
    turns: Turns
    items: tuple[Item, ...] | None = None

    @property
    def version(self) -> int | None:
        return self.meeting.version


@dataclass(frozen=True)
class SeenPresence:
    """Somebody's presence at a meeting with who they are."""

    presence: Presence
    person: Person | None


@dataclass(frozen=True)
class OwnMark:
    """Somebody's own join or leave, as it counts."""

    kind: MarkKind
    at: datetime
    link: str | None


# Planning.


def plan(call: Call, circle_id: str, wish: MeetingWish) -> tuple[SeenMeeting, ...]:
    """Plan some meetings at the same time of a clock, as many and as often as the circle has them (who runs it).

    Raises
    ------
    Invalid, CircleNotSo, MeetingMoved
    """
    reader, _ = access.reader_of(call, circle_id, Deed.RUN)
    circle = reader.circle
    if circle.is_closed:
        raise CircleNotSo
    zone = checked_zone(wish.time_zone)
    book = meeting_store.book_of(circle_id)
    before = book.meetings
    count = wish.meetings if wish.meetings is not None else circle.meetings
    left = model.MOST_MEETINGS - sum(one.status is not MeetingState.CANCELLED for one in before)
    if count > left:
        raise Invalid.field("/meetings", f"A circle has {model.MOST_MEETINGS} meetings at most: {left} more.")
    minutes = wish.minutes or circle.minutes
    _require_room(circle, minutes)
    first = datetime.combine(min(wish.on, date.max - model.PLANNED_AHEAD), time(wish.at // 60, wish.at % 60))
    made = []
    for wall in model.walls(first, wish.every_weeks or circle.every_weeks, count):
        starts_at = model.instant_of_wall(wall, zone, call.now)
        made.append(
            Meeting(
                call.new_id(),
                circle_id,
                wall,
                zone,
                starts_at,
                minutes,
                circle.opening,
                circle.closing,
                wish.link,
            )
        )
    model.require_apart(made, before)
    writes: list[Write] = [
        store.check_status(circle_id, CircleStatus.RUNNING, CircleStatus.HELD),
        meeting_store.put_hours(circle_id, book.hours_version, call.now),
    ]
    for one in made:
        writes += [meeting_store.put_meeting(one, call.now), _near(one, call.now)]
    writes.append(access.step(call, circle_id, "plan", after=f"{made[0].id} and {len(made) - 1} more"))
    made = [written(one) for one in made]
    seen = _seen(replace(book, meetings=(*before, *made)))
    return commit(call, writes, tuple(seen[one.id] for one in made))


def change(call: Call, circle_id: str, meeting_id: str, changes: MeetingChange) -> SeenMeeting:
    """Change a meeting that has not begun, or it and those after it, which go by as much on the clock (who runs the
    circle); everybody is written to.

    Raises
    ------
    NotFound, MeetingNotSo, MeetingMoved, Invalid
    """
    reader, (row,) = access.reader_of(
        call, circle_id, Deed.RUN, meeting_store.meeting_key(circle_id, meeting_id)
    )
    meeting = _meeting(row)
    require_version(call, meeting.version)
    if meeting.status is not MeetingState.PLANNED:
        raise MeetingNotSo(f"It is {meeting.status}.")
    if changes.minutes is not None:
        _require_room(meeting, changes.minutes)
    book = meeting_store.book_of(circle_id)
    before = book.meetings
    meant = [meeting]
    if changes.scope is MeetingScope.FOLLOWING:
        meant += [
            one
            for one in before
            if one.status is MeetingState.PLANNED
            and one.starts_at > meeting.starts_at
            and one.id != meeting_id
        ]
    wall = meeting.wall
    if changes.on is not None and changes.at is not None:
        wall = datetime.combine(changes.on, time(changes.at // 60, changes.at % 60))
    # Before arithmetic: a day beyond any calendar is refused, and none of those after it leaves the calendar.
    if wall != meeting.wall:
        model.instant_of_wall(wall, meeting.time_zone, call.now)
    after = [_shifted(one, wall - meeting.wall, changes, call.now) for one in meant]
    writes: list[Write] = []
    if any(one.hours != was.hours for one, was in zip(after, meant, strict=True)):
        model.require_apart(after, before)
        writes.append(meeting_store.put_hours(circle_id, book.hours_version, call.now))
    for one, was in zip(after, meant, strict=True):
        writes.append(meeting_store.put_meeting(one, call.now))
        if one.starts_at != was.starts_at:
            writes += [_near(one, call.now), _changed(one, call.now)]
    writes.append(access.step(call, circle_id, "change_meeting", after=f"{meeting_id}:{changes.scope}"))
    after = [written(one) for one in after]
    ids = {one.id for one in after}
    whole = (*(one for one in before if one.id not in ids), *after)
    seen = _seen(replace(book, meetings=whole))[meeting_id]
    return commit(call, writes, replace(seen, items=_agenda(reader, circle_id, meeting_id)))


def _require_room(one: Circle | Meeting, minutes: int) -> None:
    if one.opening + one.closing >= minutes:
        raise Invalid.field("/minutes", f"{one.opening + one.closing} of them open and close it. Give more.")


def _shifted(meeting: Meeting, by: timedelta, changes: MeetingChange, now: datetime) -> Meeting:
    wall = meeting.wall + by
    starts_at = meeting.starts_at
    if wall != meeting.wall:
        starts_at = model.instant_of_wall(wall, meeting.time_zone, now)
    return replace(
        meeting, wall=wall, starts_at=starts_at, minutes=changes.minutes or meeting.minutes,
        link=changes.link or meeting.link,
    )  # fmt: skip


def meetings_of(call: Call, circle_id: str) -> tuple[SeenMeeting, ...]:
    """Return all meetings of a circle by when they begin, with whose turn it is (who takes part, and coordinators)."""
    access.reader_of(call, circle_id, Deed.READ)
    book = meeting_store.book_of(circle_id)
    seen = _seen(book)
    return tuple(seen[one.id] for one in book.meetings)


def read(call: Call, circle_id: str, meeting_id: str) -> SeenMeeting:
    """Return a meeting with its agenda (who takes part, and coordinators, who do not read its notes)."""
    reader, _ = access.reader_of(call, circle_id, Deed.READ)
    return _read(reader, circle_id, meeting_id)


def _read(reader: Reader, circle_id: str, meeting_id: str, book: Book | None = None) -> SeenMeeting:
    found = _seen(book or meeting_store.book_of(circle_id))
    if meeting_id not in found:
        raise NotFound
    return replace(found[meeting_id], items=_agenda(reader, circle_id, meeting_id))


def _agenda(reader: Reader, circle_id: str, meeting_id: str) -> tuple[Item, ...]:
    items = meeting_store.items_of(circle_id, meeting_id)
    return items if reader.takes_part else tuple(replace(one, note="", by="") for one in items)


# Holding one.


def act(call: Call, circle_id: str, meeting_id: str, step: MeetingStep) -> SeenMeeting:
    """Do with a meeting what a step says; see `move`, `assign`, `add_item` and `drop_item`."""
    if step.move is MeetingMove.ASSIGN and step.duty and step.person_id:
        return assign(call, circle_id, meeting_id, step.duty, step.person_id)
    if step.move is MeetingMove.ADD_ITEM and step.title:
        return add_item(call, circle_id, meeting_id, step.title, step.minutes, step.note)
    if step.move is MeetingMove.DROP_ITEM and step.item_id:
        return drop_item(call, circle_id, meeting_id, step.item_id)
    return move(call, circle_id, meeting_id, step.move, step.ended_at)


def move(
    call: Call, circle_id: str, meeting_id: str, to: MeetingMove, ended_at: datetime | None = None
) -> SeenMeeting:
    """Begin, end, close or cancel a meeting (who runs the circle; whoever hosts it begins and ends it).

    Who presents and hosts is settled as it begins. Closing it makes its minutes final, and is one piece of news for
    what builds on them.

    Raises
    ------
    NotFound, CircleRoleRefused, CircleNotSo, MeetingNotSo, MeetingMoved, Invalid
    """
    reader, _ = access.reader_of(call, circle_id, Deed.READ)
    book = meeting_store.book_of(circle_id)
    seen = _read(reader, circle_id, meeting_id, book)
    meeting = seen.meeting
    is_host = seen.turns.host_id == call.actor_id and to in (MeetingMove.BEGIN, MeetingMove.END)
    if not is_host:
        reader.require(Deed.RUN)
    require_version(call, meeting.version)
    if to is MeetingMove.BEGIN and reader.circle.status is not CircleStatus.RUNNING:
        raise CircleNotSo(f"It is {reader.circle.status}. No meeting begins.")
    others = [one for one in book.meetings if one.id != meeting_id]
    changed = model.moved(meeting, to, call.now, ended_at, others=others)
    if meeting.status is MeetingState.PLANNED and to is not MeetingMove.CANCEL:
        changed = replace(changed, presenter_id=seen.turns.presenter_id, host_id=seen.turns.host_id)
    writes = [
        meeting_store.put_meeting(changed, call.now),
        access.step(call, circle_id, to, before=meeting.status, after=meeting_id),
    ]
    if to is MeetingMove.BEGIN:
        writes += [
            store.check_status(circle_id, CircleStatus.RUNNING),
            meeting_store.put_hours(circle_id, book.hours_version, call.now),
        ]
    if to is MeetingMove.CLOSE:
        told = {"circle_id": circle_id, "meeting_id": meeting_id}
        writes.append(
            outbox.message(
                f"{MINUTES_FINAL}:{meeting_id}", Topic.FOLLOW_UP, MINUTES_FINAL, told, now=call.now
            )
        )
    if to is MeetingMove.CANCEL:
        writes.append(_changed(changed, call.now))
    return commit(call, writes, replace(seen, meeting=written(changed)))


def assign(call: Call, circle_id: str, meeting_id: str, duty: Duty, person_id: str) -> SeenMeeting:
    """Have somebody else present or host a meeting that has not begun: who runs the circle, or whose turn it is. They
    have not had their turn by that: theirs is the next one that nobody was asked for by name.

    Raises
    ------
    NotFound, CircleRoleRefused, MeetingNotSo, MeetingMoved, Invalid
    """
    reader, (place_row,) = access.reader_of(call, circle_id, Deed.READ, store.place_key(circle_id, person_id))
    seen = _read(reader, circle_id, meeting_id)
    if seen.turns.of(duty) != call.actor_id:
        reader.require(Deed.RUN)
    require_version(call, seen.meeting.version)
    if seen.meeting.status is not MeetingState.PLANNED:
        raise MeetingNotSo(f"It is {seen.meeting.status}.")
    if place_row is None or not store.place_of(place_row).is_active:
        raise Invalid.field("/person_id", "Name somebody who takes part in the circle.")
    # Who was told that the other duty is theirs keeps it, unless it is the very same person.
    before = {one: who for one in Duty if (who := seen.turns.of(one)) != person_id}
    named = {**before, duty: person_id}
    changed = replace(seen.meeting, presenter_id=named.get(Duty.PRESENTER), host_id=named.get(Duty.HOST))
    writes = [
        meeting_store.put_meeting(changed, call.now),
        access.step(call, circle_id, "assign", after=f"{meeting_id}:{duty}:{person_id}"),
    ]
    turns = Turns(changed.presenter_id, changed.host_id)
    return commit(call, writes, replace(seen, meeting=written(changed), turns=turns))


def add_item(
    call: Call, circle_id: str, meeting_id: str, title: str, minutes: int | None, note: str
) -> SeenMeeting:
    """Put something on the agenda of a meeting that is not over (who takes part); raises `AgendaFull`,
    `CircleRoleRefused`, `MeetingNotSo`, `MeetingMoved`."""
    reader, _ = access.reader_of(call, circle_id, Deed.READ)
    if not reader.takes_part:
        raise CircleRoleRefused("The agenda is written by who takes part.")
    seen = _read(reader, circle_id, meeting_id)
    _require_agenda(seen.meeting)
    item = Item(call.new_id(), meeting_id, title, minutes, note, call.actor_id, call.now)
    writes = [*meeting_store.add_item(circle_id, item, call.now), meeting_store.check_unmoved(seen.meeting)]
    return commit(call, writes, replace(seen, items=(*(seen.items or ()), item)))


def drop_item(call: Call, circle_id: str, meeting_id: str, item_id: str) -> SeenMeeting:
    """Take something off the agenda (who put it there, and who leads the circle); raises `MeetingNotSo`,
    `MeetingMoved`, `NotFound`."""
    reader, (row,) = access.reader_of(
        call, circle_id, Deed.READ, meeting_store.item_key(circle_id, meeting_id, item_id)
    )
    if row is None or not reader.takes_part:
        raise NotFound
    if row.by != call.actor_id:
        reader.require(Deed.RUN)
    seen = _read(reader, circle_id, meeting_id)
    _require_agenda(seen.meeting)
    writes = [
        *meeting_store.drop_item(circle_id, row, meeting_id, call.now),
        meeting_store.check_unmoved(seen.meeting),
    ]
    left = tuple(one for one in seen.items or () if one.id != item_id)
    return commit(call, writes, replace(seen, items=left))


def _require_agenda(meeting: Meeting) -> None:
    if meeting.status not in (MeetingState.PLANNED, MeetingState.RUNNING):
        raise MeetingNotSo(f"It is {meeting.status}.")


# Being there.


def mark(call: Call, circle_id: str, meeting_id: str, kind: MarkKind, device: str) -> OwnMark:
    """Join a meeting on our page, or leave it (who takes part); raises `CircleRoleRefused`, `MeetingNotOpen`,
    `CircleNotSo`."""
    reader, (row,) = access.reader_of(
        call, circle_id, Deed.READ, meeting_store.meeting_key(circle_id, meeting_id)
    )
    meeting = _meeting(row)
    if not reader.takes_part:
        raise CircleRoleRefused("Coordinators look on. Who has a place in the circle takes part.")
    is_goodbye = kind is MarkKind.LEAVE and meeting.status is MeetingState.ENDED
    if not (meeting.is_open(call.now) or is_goodbye):
        raise MeetingNotOpen
    if kind is MarkKind.JOIN and reader.circle.status is not CircleStatus.RUNNING:
        raise CircleNotSo(f"It is {reader.circle.status}. No meeting begins.")
    write = attendance.mark(call, meeting.gathering, call.actor_id, kind, device)
    return commit(call, [write], OwnMark(kind, call.now, meeting.link))


def attendance_of(call: Call, circle_id: str, meeting_id: str, page: PageRequest) -> Page[SeenPresence]:
    """Return for how long people were at a meeting: all for who runs the circle, for others their own."""
    reader, (row,) = access.reader_of(
        call, circle_id, Deed.READ, meeting_store.meeting_key(circle_id, meeting_id)
    )
    meeting = _meeting(row)
    held = meeting.held(call.now)
    if reader.may(Deed.RUN):
        found = attendance.page_of_presences(meeting.gathering, held, page)
    else:
        found = Page((attendance.presence_of(meeting.gathering, call.actor_id, held),))
    known = people.get_people([one.person_id for one in found.items])
    return Page(tuple(SeenPresence(one, known.get(one.person_id)) for one in found.items), found.next)


def correct(
    call: Call, circle_id: str, meeting_id: str, person_id: str, minutes: int, reason: str
) -> SeenPresence:
    """Put other minutes in the place of what was measured (who runs the circle), once the meeting has ended and before
    it is closed; who, when, before and after are kept, and nobody corrects their own.

    Raises
    ------
    NotFound, CircleRoleRefused, MeetingNotSo, MeetingMoved, CorrectionCrossed, Invalid
    """
    _, (row, place_row, person_row) = access.reader_of(
        call, circle_id, Deed.RUN, meeting_store.meeting_key(circle_id, meeting_id),
        store.place_key(circle_id, person_id), people.person_key(person_id),
    )  # fmt: skip
    meeting = _meeting(row)
    if place_row is None or person_row is None or store.place_of(place_row).joined_at is None:
        raise NotFound
    if person_id == call.actor_id:
        raise MeetingNotSo(
            "Your own minutes are corrected by somebody else who runs the circle, or a coordinator."
        )
    held = meeting.held(call.now)
    if meeting.status is not MeetingState.ENDED or held is None:
        raise MeetingNotSo("Minutes are corrected after the meeting has ended, and before it is closed.")
    found = attendance.presence_of(meeting.gathering, person_id, held)
    corrected, write = attendance.correct(call, meeting.gathering, found, held, minutes, reason)
    writes = [write, meeting_store.check_unmoved(meeting)]
    return commit(call, writes, SeenPresence(corrected, people.person_of(person_row)))


# What follows, and what is asked elsewhere.


def remind(call: Call, circle_id: str, meeting_id: str, starts_at: datetime) -> None:
    """Write to all who take part that a meeting is a day away, unless it was moved, is cancelled, or the circle is
    held; begun again, it writes to nobody twice."""
    found = _still(circle_id, meeting_id, starts_at)
    if found is None:
        return
    circle, meeting = found
    if circle.status is CircleStatus.RUNNING and meeting.status is MeetingState.PLANNED:
        _write_to_all(call, meeting, CIRCLE_MEETING)


def tell_of_change(call: Call, circle_id: str, meeting_id: str, starts_at: datetime) -> None:
    """Write to all who take part that a meeting was moved to an instant or cancelled, unless it was moved again; begun
    again, it writes to nobody twice."""
    found = _still(circle_id, meeting_id, starts_at)
    if found is not None and found[1].status in (MeetingState.PLANNED, MeetingState.CANCELLED):
        _write_to_all(call, found[1], CIRCLE_MEETING_CHANGED)


def meeting_for(person_id: str, circle_id: str, meeting_id: str) -> tuple[Circle, SeenMeeting] | None:
    """Return a meeting that is to come, or was to and is cancelled, if somebody takes part in its circle."""
    circle_row, place_row = tables.get_many(
        [store.circle_key(circle_id), store.place_key(circle_id, person_id)]
    )
    if circle_row is None or place_row is None or not store.place_of(place_row).is_active:
        return None
    found = _seen(meeting_store.book_of(circle_id)).get(meeting_id)
    if found is None or found.meeting.status not in (MeetingState.PLANNED, MeetingState.CANCELLED):
        return None
    return store.circle_of(circle_row), found


def _still(circle_id: str, meeting_id: str, starts_at: datetime) -> tuple[Circle, Meeting] | None:
    circle_row, row = tables.get_many(
        [store.circle_key(circle_id), meeting_store.meeting_key(circle_id, meeting_id)]
    )
    meeting = meeting_store.meeting_of(row) if row is not None else None
    if circle_row is None or meeting is None or meeting.starts_at != starts_at:
        return None
    return store.circle_of(circle_row), meeting


def _write_to_all(call: Call, meeting: Meeting, kind: str) -> None:
    starts_at = to_text(meeting.starts_at)

    def mail(place: Place) -> Write:
        told = {
            "recipient": place.person_id, "circle_id": meeting.circle_id, "meeting_id": meeting.id,
            "starts_at": starts_at,
        }  # fmt: skip
        message_id = f"{kind}:{meeting.id}:{starts_at}:{meeting.status}:{place.person_id}"
        return outbox.message(message_id, Topic.MAIL, kind, told, now=call.now)

    outbox.put_missing((mail(one) for one in store.places_in(meeting.circle_id) if one.is_active), call.now)


def _near(meeting: Meeting, now: datetime) -> Write:
    """Return the write of the news that a meeting is a day away; of one that is nearer, at once."""
    due_at = max(now, meeting.starts_at - model.REMIND)
    return _news(meeting, MEETING_NEAR, now, due_at)


def _changed(meeting: Meeting, now: datetime) -> Write:
    return _news(meeting, MEETING_CHANGED, now, now)


def _news(meeting: Meeting, kind: str, now: datetime, due_at: datetime) -> Write:
    told = {"circle_id": meeting.circle_id, "meeting_id": meeting.id, "starts_at": to_text(meeting.starts_at)}
    message_id = f"{kind}:{meeting.id}:{meeting.version or 0}"
    return outbox.message(message_id, Topic.FOLLOW_UP, kind, told, now=now, due_at=due_at)


def _seen(book: Book) -> dict[str, SeenMeeting]:
    turns = model.turns(book.meetings, book.places, book.there)
    nobody = Turns(None, None)
    return {one.id: SeenMeeting(one, turns.get(one.id, nobody)) for one in book.meetings}


def _meeting(row: meeting_store.MeetingRow | None) -> Meeting:
    if row is None:
        raise NotFound
    return meeting_store.meeting_of(row)
