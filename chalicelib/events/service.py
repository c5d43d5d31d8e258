"""Speed events: planned, published, put off, cancelled and closed by coordinators, and read by who takes part."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.events import (
    access,
    feedback,
    making,
    meeting,
    model,
    placing,
    reminding,
    settling,
    store,
    telling,
)
from chalicelib.events.errors import EventMoved, EventNotSo, NobodyMeets, SeatsMoved, TimetableMoved
from chalicelib.events.making import EVENT_REPLAN as EVENT_REPLAN
from chalicelib.events.model import (
    Clock,
    Event,
    EventStatus,
    EventTimetable,
    Place,
    PlaceStatus,
    Plan,
    Seats,
    SittingState,
    Sums,
    absences_of,
    queue,
    state_of,
)
from chalicelib.events.reminding import EVENT_NEAR as EVENT_NEAR
from chalicelib.events.reminding import EVENT_OVER as EVENT_OVER
from chalicelib.events.reminding import EVENT_TOLD as EVENT_TOLD
from chalicelib.events.settling import EVENT_CLOSED as EVENT_CLOSED
from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.kernel.tries import again
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.people import service as people
from chalicelib.people.model import Person
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.errors import ProgrammeNotRunning
from chalicelib.programmes.model import Programme, Side

MOST_MOVED_UP = 40
"""People who get a seat at once where a plan has more: two writes each, in one transaction."""


class EventMove(StrEnum):
    """PUBLISH: its timetable is made and told. DELAY: rounds that have not begun are put off. CANCEL: before it begins.
    CLOSE: a day after its end or later, for good."""

    PUBLISH = "publish"
    DELAY = "delay"
    CANCEL = "cancel"
    CLOSE = "close"


@dataclass(frozen=True)
class SeenEvent:
    """An event as somebody sees it; `place` is theirs, `position` where they stand on the list, from 1, where it was
    looked at, `clashes` where else they have one at the same time, where that was looked at, and `sums` what it came
    to, for coordinators."""

    event: Event
    seats: Seats
    now: datetime
    place: Place | None = None
    position: int | None = None
    sums: Sums | None = None
    is_coordinator: bool = False
    clashes: tuple[Event, ...] | None = None

    @property
    def version(self) -> int | None:
        return self.event.version

    @property
    def shows_link(self) -> bool:
        """Whether its reader may know where people meet."""
        return self.is_coordinator or (self.place is not None and self.place.is_seated)


def plan(call: Call, programme_id: str, wanted: Plan) -> SeenEvent:
    """Plan an event of a programme (its coordinators).

    Raises
    ------
    Invalid
        With all that is wrong with the plan.
    ProgrammeNotRunning
        If the programme is over.
    """
    programme = programmes.require_coordinator(call, programme_id)
    checked = model.checked_plan(wanted, call.now)
    if programme.is_over(call.now):
        raise ProgrammeNotRunning("An event is planned in a programme that is not over.")
    _require_within(programme, checked)
    event = Event(call.new_id(), programme_id, programme.organisation_id, checked, programme.kind)
    nobody = dict.fromkeys(Side, 0)
    seats = Seats(event.id, {side: checked.seats(side) for side in Side}, nobody, nobody)
    writes = [
        store.put_event(event, call.now), store.put_seats(seats, call.now),
        *reminding.due(call, event), access.step(call, event.id, "plan"),
    ]  # fmt: skip
    return commit(call, writes, SeenEvent(written(event), written(seats), call.now, is_coordinator=True))


def _ends_before(programme: Programme, wanted: Plan) -> bool:
    return programme.ends_on is not None and wanted.starts_at.astimezone(UTC).date() > programme.ends_on


def _require_within(programme: Programme, wanted: Plan) -> None:
    if _ends_before(programme, wanted):
        last = f"{programme.ends_on:%Y-%m-%d}"
        raise Invalid.field("/starts_at", f"The programme ends on {last}. Give an instant up to then (UTC).")


def list_events(call: Call, programme_id: str, page: PageRequest) -> Page[SeenEvent]:
    """Return a programme's events, the latest first: to its coordinators, and who is in it."""
    rights_row, row, *mine = tables.get_many(
        [
            organisations.rights_key(call), programmes.programme_key(programme_id),
            *access.enrolment_keys(call, programme_id),
        ]
    )  # fmt: skip
    if row is None:
        raise NotFound
    programme = programmes.programme_of(row)
    rights = organisations.rights_of(call, rights_row)
    if not (rights.has(programme.organisation_id, StaffRole.COORDINATOR) or access.is_enrolled(mine)):
        raise NotFound
    found = store.events_of(programme_id, page)
    return Page(tuple(_with_seats(call, found.items)), found.next)


def my_events(call: Call, page: PageRequest) -> Page[SeenEvent]:
    """Return the events at which the actor has a place, or waits for one, the one that was planned last first."""
    found = store.places_of_person(call.actor_id, page)
    if not found.items:
        return Page((), found.next)
    ahead_row, *rows = tables.get_many(
        [store.ahead_key(call.actor_id), *(store.event_key(one.event_id) for one in found.items)]
    )
    mine = {one.event_id: one for one in found.items}
    events = [store.event_of(row) for row in rows if row is not None]
    clashes = placing.clashes(events, call.actor_id, ahead_row)
    seen = (
        replace(one, place=mine[one.event.id], clashes=clashes[one.event.id])
        for one in _with_seats(call, events)
    )
    return Page(tuple(seen), found.next)


def _with_seats(call: Call, events: Collection[Event]) -> list[SeenEvent]:
    rows = tables.get_many([store.seats_key(one.id) for one in events]) if events else []
    return [
        SeenEvent(event, store.seats_of(row), call.now)
        for event, row in zip(events, rows, strict=True)
        if row is not None
    ]


def read_event(call: Call, event_id: str) -> SeenEvent:
    """Return an event: to who is in the programme, has a place, or coordinates."""
    reader, (ahead_row,) = access.looking_at(call, event_id, store.ahead_key(call.actor_id))
    seen = SeenEvent(reader.event, reader.seats, call.now, reader.place, is_coordinator=reader.is_coordinator)
    if reader.place is not None:
        seen = replace(seen, clashes=placing.clashes([reader.event], call.actor_id, ahead_row)[event_id])
    if reader.place is not None and reader.place.status is PlaceStatus.WAITING:
        names = [one.person_id for one in queue(store.places_of(event_id), reader.place.side)]
        if call.actor_id in names:
            seen = replace(seen, position=names.index(call.actor_id) + 1)
    if reader.is_coordinator and reader.event.status is EventStatus.CLOSED:
        seen = replace(seen, sums=store.sums_of(tables.get(*store.sums_key(event_id))))
    return seen


def change_event(call: Call, event_id: str, changes: Mapping[str, Any]) -> SeenEvent:
    """Change an event's plan (its coordinators): anything until its timetable is published, then its title and link.
    Who has a place is told of another time. Where there are more seats, who waits moves up.

    Raises
    ------
    EventNotSo, Invalid
    """
    return again(
        lambda: _change(call, event_id, changes), SeatsMoved,
        busy="Many are taking or leaving places at this moment. Send it again.", tries=5,
    )  # fmt: skip


def _change(call: Call, event_id: str, changes: Mapping[str, Any]) -> SeenEvent:
    reader, _ = access.coordinated(call, event_id)
    before = reader.event
    require_version(call, before.version)
    changed = {name for name, value in changes.items() if value != getattr(before.plan, name)}
    if not before.is_ahead:
        raise EventNotSo(f"It is {before.status}.")
    if before.status is EventStatus.PUBLISHED and changed - model.AFTER_PUBLICATION:
        raise EventNotSo(
            "People have their timetable: its title and link may change. Put rounds off, or cancel it."
        )
    plan_after = replace(before.plan, **{name: changes[name] for name in changed})
    if before.status is EventStatus.PLANNED:
        plan_after = model.checked_plan(plan_after, call.now, before.plan)
        if plan_after.starts_at != before.plan.starts_at:
            _require_within(programmes.require_coordinator(call, before.programme_id), plan_after)
    event = replace(before, plan=plan_after)
    seats, moved = _reseated(reader, plan_after)
    writes: list[Write] = [
        store.put_event(event, call.now),
        access.step(call, event.id, "change", after=",".join(sorted(changed))),
    ]
    if seats != reader.seats:
        writes += [store.put_seats(seats, call.now)]
        for one in moved:
            writes += placing.moved_up(call, one)
    if event.hours != before.hours or event.plan.time_zone != before.plan.time_zone:
        writes += [*reminding.due(call, written(event)), reminding.news(call, written(event), "changed")]
    after = written(seats) if seats != reader.seats else seats
    return commit(call, writes, SeenEvent(written(event), after, call.now, reader.place, is_coordinator=True))


def _reseated(reader: access.Reader, wanted: Plan) -> tuple[Seats, list[Place]]:
    """Return the seats by another plan, and who moves up by it."""
    seats, moved = reader.seats, []
    for side in Side:
        most = wanted.seats(side)
        if most < seats.taken[side]:
            raise Invalid.field(f"/{side}_seats", f"{seats.taken[side]} of these are taken.")
        up = min(most - seats.taken[side], seats.waiting[side])
        if up > MOST_MOVED_UP:
            raise Invalid.field(f"/{side}_seats", f"Add at most {MOST_MOVED_UP} at once while people wait.")
        if up:
            moved += queue(store.places_of(reader.event.id), side)[:up]
        seats = replace(
            seats, seats={**seats.seats, side: most}, taken={**seats.taken, side: seats.taken[side] + up},
            waiting={**seats.waiting, side: seats.waiting[side] - up},
        )  # fmt: skip
    if len(moved) > MOST_MOVED_UP:
        raise Invalid(f"Add at most {MOST_MOVED_UP} seats at once while people wait.")
    return seats, moved


def move(call: Call, event_id: str, what: EventMove, minutes: int | None, reason: str) -> SeenEvent:
    """Publish an event, put its rounds off, cancel it, or close it (its coordinators).

    Raises
    ------
    EventNotSo, NobodyMeets, EventMoved
    """
    return again(
        lambda: _move(call, event_id, what, minutes, reason), TimetableMoved,
        busy="Its timetable is being made anew. Send it again.", tries=5,
    )  # fmt: skip


def _move(call: Call, event_id: str, what: EventMove, minutes: int | None, reason: str) -> SeenEvent:
    reader, _ = access.coordinated(call, event_id)
    before = reader.event
    require_version(call, before.version)
    more: list[Write] = []
    if what is EventMove.PUBLISH:
        after, more = _published(call, before)
    elif what is EventMove.DELAY:
        after = model.delayed(before, minutes or 0, call.now)
        if not before.begun(call.now):  # people are still on their way; then the clock tells them
            more = [reminding.news(call, written(after), "changed")]
    elif what is EventMove.CANCEL:
        after = model.cancelled(before, reason, call.now)
        more = [reminding.news(call, written(after), "cancelled")]
    else:
        after = model.closed(before, call.now, model.WISHES_OPEN)
        more = [settling.news(call, event_id)]
    writes = [
        store.put_event(after, call.now), *more,
        access.step(call, after.id, what.value, before=before.status, after=after.status),
    ]  # fmt: skip
    seen = SeenEvent(written(after), reader.seats, call.now, reader.place, is_coordinator=True)
    try:
        return commit(call, writes, seen)
    except EventMoved:
        row = tables.get(*store.event_key(event_id))
        now = store.event_of(row) if row is not None else before
        # While it runs a timetable is made anew every few seconds, which is no reason to refuse a coordinator.
        if replace(now, version=before.version, timetable=before.timetable) == before:
            raise TimetableMoved from None
        raise


def _published(call: Call, event: Event) -> tuple[Event, list[Write]]:
    if event.status is not EventStatus.PLANNED or event.begun(call.now):
        raise EventNotSo("An event is published once, before it begins.")
    programme = programmes.require_coordinator(call, event.programme_id)
    if programme.is_over(call.now) or _ends_before(programme, event.plan):
        raise EventNotSo(
            "The programme ends before it. Give the programme a later last day, or cancel the event."
        )
    timetable = making.made(call, event, store.places_of(event.id))
    if not timetable.sittings:
        raise NobodyMeets("Read the timetable as it would be: it says who is left out, and why.")
    after = replace(event, status=EventStatus.PUBLISHED, timetable=1)
    return after, [
        store.put_timetable(replace(timetable, number=1), call.now),
        reminding.news(call, written(after), "published"),
        # Who came, left or lost their standing while it was made is found by a look right after.
        making.look_again(call, event.id, timedelta(minutes=1)),
    ]


def close_by_itself(call: Call, event_id: str) -> None:
    """Close an event that nobody has closed, some time after its end; again, it does nothing."""

    def attempt() -> None:
        row = tables.get(*store.event_key(event_id))
        event = store.event_of(row) if row is not None else None
        # Of an event that was moved to a later day, the news of its former day comes too early.
        if event is None or not event.is_ahead or call.now < reminding.closes_itself_at(event):
            return
        after = model.closed(event, call.now, model.WISHES_OPEN)
        writes = [
            store.put_event(after, call.now),
            settling.news(call, event_id),
            access.step(call, after.id, "close_by_itself"),
        ]
        commit(call, writes, None)

    again(attempt, EventMoved, busy="The event is being changed.")


# What people read of the timetable.


@dataclass(frozen=True)
class SeenTimetable:
    """A timetable as somebody sees it: coordinators all of it, others their own meetings.

    Attributes
    ----------
    timetable
        What the reader may see of it.
    number
        Its version; 0 of one that is not published.
    sides
        Of each person who is in what the reader sees: their side.
    """

    event: Event
    timetable: EventTimetable
    number: int
    states: tuple[SittingState, ...]
    people: Mapping[str, Person]
    sides: Mapping[str, Side]
    is_whole: bool


def read_timetable(call: Call, event_id: str) -> SeenTimetable:
    """Return the timetable: to coordinators the whole of it, as it would be now before it is published; to who has a
    place their own meetings.

    Raises
    ------
    EventNotSo
        To who has a place, before it is published; to coordinators, where it never was and cannot be any more.
    """
    reader, (row,) = access.taking_part(call, event_id, store.timetable_key(event_id))
    event = reader.event
    if row is None and (event.status is not EventStatus.PLANNED or event.begun(call.now)):
        raise EventNotSo("It was never published, so there is no timetable.")
    if reader.is_coordinator:
        places = store.places_of(event_id)
        timetable = store.timetable_of(row) if row is not None else making.made(call, event, places)
        return _seen(call, event, timetable, places)
    if row is None:
        raise EventNotSo("Its timetable is not published yet.")
    whole = store.timetable_of(row)
    mine = whole.of(call.actor_id)
    own = replace(
        whole, sittings=mine, rests=(), value=0, bound=0,
        left_out=tuple((name, why) for name, why in whole.left_out if name == call.actor_id),
    )  # fmt: skip
    others = sorted({one.other(call.actor_id) for one in mine})
    names = [*others, call.actor_id]
    rows = tables.get_many(
        [*(store.place_key(event_id, one) for one in others), *(people.person_key(one) for one in names)]
    )
    places = tuple(store.place_of(one) for one in rows[: len(others)] if one is not None)
    known = {name: people.person_of(one) for name, one in zip(names, rows[len(others) :], strict=True) if one}
    if reader.place is not None:
        places = (*places, reader.place)
    return _seen(call, event, own, places, known)


def _seen(
    call: Call,
    event: Event,
    timetable: EventTimetable,
    places: Collection[Place],
    known: Mapping[str, Person] | None = None,
) -> SeenTimetable:
    """Return a timetable as somebody sees it; with whom they know already, where it is not the whole."""
    absences = absences_of(places)
    sides = {one.mentee_id: Side.MENTEE for one in timetable.sittings}
    sides |= {one.mentor_id: Side.MENTOR for one in timetable.sittings}
    if known is None:
        sides |= {one.person_id: one.side for one in places if one.is_seated}
    states = tuple(state_of(one, absences, event, call.now) for one in timetable.sittings)
    named = people.get_people(sorted(sides)) if known is None else known
    return SeenTimetable(event, timetable, timetable.number, states, named, sides, known is None)


def read_clock(call: Call, event_id: str) -> Clock:
    """Return how an event runs, and the version of its timetable (who has a place, and coordinators)."""
    reader, (ahead_row,) = access.taking_part(call, event_id, store.ahead_key(call.actor_id))
    seen = model.clock(reader.event, call.now, reader.place)
    if reader.place is None or not reader.event.delays:
        return seen
    # While it runs nobody is written to: who is brought to two events by a delay reads it here.
    clashes = placing.clashes([reader.event], call.actor_id, ahead_row)[event_id]
    return replace(seen, clashes=tuple(one.id for one in clashes))


# What others ask. None of these checks who asks: the service that calls has done so.


@dataclass(frozen=True)
class OwnEvent:
    """An event as a mail to somebody tells of it: their place, and whom they meet when."""

    event: Event
    place: Place | None
    now: datetime
    meetings: tuple[tuple[datetime, str], ...] = ()
    clashes: bool = False

    def still_tells(self, what: str) -> bool:
        """Tell whether something about it still holds: of a place (`taken`, `waiting`, `moved_up`, or any `seat`), that
        its hours have `changed`, or that it is `cancelled`."""
        if self.place is None or self.place.status is PlaceStatus.LEFT:
            return False
        if what == "cancelled":
            return self.event.status is EventStatus.CANCELLED
        if not self.event.is_ahead or self.event.begun(self.now):
            return False
        if what == "changed":
            return True
        wanted = PlaceStatus.WAITING if what == "waiting" else PlaceStatus.TAKEN
        return self.place.status is wanted


def seen_by_person(
    person_id: str, event_id: str, now: datetime, *, with_clashes: bool = False
) -> OwnEvent | None:
    """Return an event as a mail to somebody tells of it; None where there is none. Where else they are at its time is
    looked at for the mails that tell it, which takes a further read."""
    row, place_row, timetable_row, ahead_row = tables.get_many(
        [
            store.event_key(event_id), store.place_key(event_id, person_id), store.timetable_key(event_id),
            store.ahead_key(person_id),
        ]
    )  # fmt: skip
    if row is None:
        return None
    event = store.event_of(row)
    mine = store.timetable_of(timetable_row).of(person_id) if timetable_row is not None else ()
    known = people.get_people([one.other(person_id) for one in mine]) if mine else {}
    meetings = tuple(
        (event.hours[one.round].starts_at, known[one.other(person_id)].name)
        for one in mine
        if one.other(person_id) in known
    )
    place = store.place_of(place_row) if place_row else None
    clashes = with_clashes and placing.clashes([event], person_id, ahead_row)[event_id]
    return OwnEvent(event, place, now, meetings, bool(clashes))


mutual_of = meeting.mutual_of
replan = making.replan
remind = reminding.is_near
tell = reminding.tell
settle = settling.settle
left_programme = placing.left_programme
standing_changed = placing.standing_changed
parted = placing.parted
activities_of = telling.activities_of
gatherings_of = telling.gatherings_of
asked_for_feedback = feedback.asked_of
