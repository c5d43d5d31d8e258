"""Places at an event: taken, waited for and given back, and what is told live of who is there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from chalicelib.events import access, making, store
from chalicelib.events.access import Reader
from chalicelib.events.errors import (
    EventFull,
    EventMoved,
    EventNotSo,
    EventsOverlap,
    NotInProgramme,
    NotVerifiedHere,
    PlaceOtherwise,
    PlacesClosed,
    SeatsMoved,
)
from chalicelib.events.model import (
    Event,
    EventStatus,
    Place,
    PlaceStatus,
    Presence,
    Seats,
    queue,
    told,
)
from chalicelib.events.store import Ahead
from chalicelib.kernel.call import Call, written
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.intervals import cut
from chalicelib.kernel.tries import again
from chalicelib.mentorships.model import verified_sides
from chalicelib.people import service as people
from chalicelib.people.model import Person, Profile
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Enrolment, EnrolmentStatus, Programme, Side

MOST_ADDED = 12
"""People at once: up to seven writes each, in one transaction."""
EVENT_PLACE = "event-place"
"""The mail to who has a seat, waits for one, or has moved up to one: `recipient`, `event_id`, `what`."""


class PlaceMove(StrEnum):
    """GIVE_BACK: before the event. The others while it has its timetable: PRESENT, LATE (and from which round they are
    there), GONE, and MISSING, which is said by who waits for them at their table."""

    GIVE_BACK = "give_back"
    PRESENT = "present"
    LATE = "late"
    GONE = "gone"
    MISSING = "missing"


@dataclass(frozen=True)
class SeenPlace:
    """A place with its person's name; `position` is that on the list, from 1, where it was looked at."""

    place: Place
    person: Person | None
    position: int | None = None


@dataclass(frozen=True)
class SeenPlaces:
    items: tuple[SeenPlace, ...]


def take(call: Call, event_id: str, wanted: Mapping[str, Side], *, waits: bool) -> SeenPlaces:
    """Take a place for oneself, or give people one (the organisation's coordinators); who has one keeps it.

    Parameters
    ----------
    waits
        Whether to go on the list where all seats are taken.

    Raises
    ------
    NotFound
        To whoever is not in the programme, and does not coordinate it.
    PlacesClosed, NotInProgramme, NotVerifiedHere, PlaceOtherwise, EventsOverlap, EventFull
    """
    return again(
        lambda: _take(call, event_id, wanted, waits=waits), SeatsMoved, EventMoved,
        busy="Many are taking places at this moment. Send it again.", tries=5,
    )  # fmt: skip


def _take(call: Call, event_id: str, wanted: Mapping[str, Side], *, waits: bool) -> SeenPlaces:
    names = list(wanted)
    reader, rows = access.read(
        call, event_id, *(store.place_key(event_id, one) for one in names), *map(store.ahead_key, names)
    )
    event = reader.event
    of_others = set(wanted) != {call.actor_id}
    if of_others and not reader.is_coordinator:
        raise NotFound
    programme, known = _read_people(event, names)
    me = known.get(call.actor_id)
    if not reader.is_coordinator and not (me and me.is_enrolled):
        raise NotFound
    if programme.is_over(call.now):
        raise PlacesClosed("The programme is over.")
    if not (
        event.takes_places(call.now)
        or (reader.is_coordinator and event.is_ahead and not event.begun(call.now))
    ):
        raise PlacesClosed("Its time for places is over.")
    before = {name: store.place_of(row) if row else None for name, row in zip(names, rows, strict=False)}
    elsewhere = _elsewhere(dict(zip(names, rows[len(names) :], strict=True)), but=event_id)
    writes: list[Write] = [store.check_takes_places(event)]
    found, seats = [], reader.seats
    for name, side in wanted.items():
        had, applicant = before[name], known[name]
        if had is not None and had.status is not PlaceStatus.LEFT:
            if had.side is not side:
                raise PlaceOtherwise(f"{_who(call, name)} a place as a {had.side}. Give that back first.")
            found.append(SeenPlace(had, applicant.person if applicant else None))
            continue
        applicant, holds = _entitled(call, event, programme, name, applicant, side)
        writes += holds
        busy, others = elsewhere[name]
        _require_free(call, event, name, others)
        is_free = seats.free(side) > 0
        if not is_free and not waits:
            raise EventFull(
                f"All {seats.seats[side]} seats of the {side}s are taken. Send waits to go on the list."
            )
        place = Place(
            event_id, name, side, PlaceStatus.TAKEN if is_free else PlaceStatus.WAITING, call.now,
            version=had.version if had else None,
        )  # fmt: skip
        seats = _counted(seats, place)
        found.append(SeenPlace(written(place), applicant.person))
        is_at = tuple(sorted({event_id, *(one.id for one in others if one.held.ends_at > call.now)}))
        writes += [
            store.put_place(place, call.now),
            store.put_ahead(replace(busy, events=is_at), call.now),
            mail(call, written(place), place.status.value),
        ]
    if seats == reader.seats:
        return commit(call, [], SeenPlaces(tuple(found)))
    writes += _seat_writes(call, reader.seats, seats)
    if event.status is EventStatus.PUBLISHED:
        writes.append(making.wanted(call, event_id))
    if of_others:
        writes.append(access.step(call, event_id, "add_people", after=",".join(sorted(wanted))))
    return commit(call, writes, SeenPlaces(tuple(found)))


def _who(call: Call, person_id: str) -> str:
    return "You have" if person_id == call.actor_id else f"{person_id} has"


def _counted(seats: Seats, place: Place) -> Seats:
    side = place.side
    if place.is_seated:
        return replace(seats, taken={**seats.taken, side: seats.taken[side] + 1})
    return replace(seats, waiting={**seats.waiting, side: seats.waiting[side] + 1})


def _seat_writes(call: Call, before: Seats, after: Seats) -> list[Write]:
    """Return the write that counts: of one person on its own condition, so that many who take a seat at once do not
    cross each other; of several over what was read."""
    taken = {side: after.taken[side] - before.taken[side] for side in Side}
    waiting = {side: after.waiting[side] - before.waiting[side] for side in Side}
    if sum(taken.values()) + sum(waiting.values()) > 1:
        return [store.put_seats(after, call.now)]
    return [
        *(store.take_seat(before.event_id, side, call.now) for side in Side if taken[side]),
        *(store.wait_for_seat(before.event_id, side, call.now) for side in Side if waiting[side]),
    ]


@dataclass(frozen=True)
class _Applicant:
    """Somebody for whom a place is wanted, as the programme has them."""

    person: Person
    profile: Profile
    enrolments: Mapping[Side, Enrolment]

    @property
    def is_enrolled(self) -> bool:
        return any(one.takes_part for one in self.enrolments.values())


def _read_people(event: Event, names: Sequence[str]) -> tuple[Programme, dict[str, _Applicant | None]]:
    """Read everything that decides on places, a hundred rows a round trip; None of whom there is not."""
    keys = [
        key
        for name in names
        for key in (
            people.person_key(name), people.profile_key(name),
            *(programmes.enrolment_key(event.programme_id, side, name) for side in (Side.MENTOR, Side.MENTEE)),
        )
    ]  # fmt: skip
    programme_row, *rows = tables.get_many([programmes.programme_key(event.programme_id), *keys])
    found: dict[str, _Applicant | None] = {}
    for n, name in enumerate(names):
        person, profile, mentor, mentee = rows[4 * n : 4 * n + 4]
        if person is None or profile is None:
            found[name] = None
            continue
        sides = ((Side.MENTOR, mentor), (Side.MENTEE, mentee))
        enrolments = {side: programmes.enrolment_of(row) for side, row in sides if row is not None}
        found[name] = _Applicant(people.person_of(person), people.profile_of(profile), enrolments)
    return programmes.programme_of(programme_row), found


def _entitled(
    call: Call, event: Event, programme: Programme, name: str, applicant: _Applicant | None, side: Side
) -> tuple[_Applicant, list[Write]]:
    """Return somebody with the writes that hold a place back unless they may have it, as a mentor on the strength of
    their standing. Of who is not in the programme a coordinator does not learn whether there is such a person."""
    is_me, enrolled_as = name == call.actor_id, event.kind.place_of(side)
    only = f"Only who is active in the programme as a {event.kind.role_of(side)} takes a place as a {side}"
    not_enrolled = NotInProgramme(f"{only}." if is_me else f"{only}; {name} is not.")
    enrolment = applicant.enrolments.get(enrolled_as) if applicant is not None else None
    if applicant is None or enrolment is None or enrolment.status is not EnrolmentStatus.ACTIVE:
        raise not_enrolled
    writes = [programmes.check_active(event.programme_id, enrolled_as, name, not_enrolled)]
    if side in verified_sides(event.kind):
        refused = NotVerifiedHere(
            "Have a credential verified that counts in the programme, then take the place."
            if is_me
            else f"Nothing that counts in the programme verifies {name} now."
        )
        if not programme.takes_as_mentor(applicant.person, applicant.profile, call.now):
            raise refused
        writes += programmes.check_mentor(programme, applicant.person, applicant.profile, call, refused)
    return applicant, writes


def _elsewhere(rows: Mapping[str, Any], but: str = "") -> dict[str, tuple[Ahead, tuple[Event, ...]]]:
    """Return where people have a place, or wait for one, with those of the events that are still ahead.

    Parameters
    ----------
    rows
        Of each person that at `store.ahead_key`.
    but
        An event that is not wanted among them.
    """
    found = [store.ahead_of(name, row) for name, row in rows.items()]
    ids = sorted({name for one in found for name in one.events} - {but})
    events = (store.event_of(row) for row in tables.get_many([store.event_key(one) for one in ids]) if row)
    ahead = {one.id: one for one in events if one.is_ahead}
    return {one.person_id: (one, tuple(ahead[name] for name in one.events if name in ahead)) for one in found}


def _ahead_of(person_id: str) -> tuple[Event, ...]:
    """Return the events ahead at which somebody has a place, or waits for one."""
    row = tables.get(*store.ahead_key(person_id))
    return _elsewhere({person_id: row})[person_id][1]


def _at_its_time(event: Event, others: Iterable[Event]) -> tuple[Event, ...]:
    return tuple(one for one in others if cut([event.held], one.held))


def clashes(events: Iterable[Event], person_id: str, row: Any) -> dict[str, tuple[Event, ...]]:
    """Return for each of some events where else somebody has a place, or waits for one, at the same time: an event's
    hours may change after a place was taken. `row` is that at `store.ahead_key`."""
    asked = list(events)
    only = asked[0].id if len(asked) == 1 else ""
    _, others = _elsewhere({person_id: row}, but=only)[person_id]
    return {
        one.id: _at_its_time(one, (other for other in others if other.id != one.id)) if one.is_ahead else ()
        for one in asked
    }


def _require_free(call: Call, event: Event, person_id: str, others: Iterable[Event]) -> None:
    """Refuse a place for whoever has one at another event at the same time. A coordinator of the one learns nothing of
    the other."""
    for other in _at_its_time(event, others):
        if person_id != call.actor_id:
            raise EventsOverlap(f"{person_id} has a place at another event at the same time.")
        raise EventsOverlap(
            f"You have a place at “{other.plan.title}” at the same time. Give that back first."
        )


def list_places(call: Call, event_id: str) -> SeenPlaces:
    """Return who has a seat or waits for one, with their names (the organisation's coordinators)."""
    access.coordinated(call, event_id)
    places = [one for one in store.places_of(event_id) if one.status is not PlaceStatus.LEFT]
    known = people.get_people([one.person_id for one in places])
    ranks = {one.person_id: n for side in Side for n, one in enumerate(queue(places, side), 1)}
    return SeenPlaces(
        tuple(SeenPlace(one, known.get(one.person_id), ranks.get(one.person_id)) for one in places)
    )


def move(call: Call, event_id: str, person_id: str, what: PlaceMove, until: int | None = None) -> SeenPlace:
    """Give a place back, or tell that somebody is there, late, gone or missing: they themselves, or a coordinator; who
    waits for them at a table tells that they are missing.

    What is told is kept at once; the timetable follows within seconds.

    Parameters
    ----------
    until
        Of who is late: the first round, from 0, in which they are there.

    Raises
    ------
    NotFound
        Also to whoever may not tell it.
    EventNotSo
    """
    return again(
        lambda: _move(call, event_id, person_id, what, until), SeatsMoved,
        busy="Many are taking or leaving places at this moment. Send it again.", tries=5,
    )  # fmt: skip


def _move(call: Call, event_id: str, person_id: str, what: PlaceMove, until: int | None) -> SeenPlace:
    place_key, person_key = store.place_key(event_id, person_id), people.person_key(person_id)
    reader, rows = access.read(
        call, event_id, place_key, person_key, store.timetable_key(event_id), store.ahead_key(person_id)
    )
    place_row, person_row, timetable_row, ahead_row = rows
    if place_row is None:
        raise NotFound
    place = store.place_of(place_row)
    if place.status is PlaceStatus.LEFT or not _may_tell(call, reader, place, what, timetable_row):
        raise NotFound
    person = people.person_of(person_row) if person_row is not None else None
    if until is not None and what is not PlaceMove.LATE:
        raise Invalid.field("/from_round", "Give a round only of somebody who comes late.")
    if until is not None and not 0 <= until < reader.event.plan.rounds:
        raise Invalid.field("/from_round", f"Give one of the {reader.event.plan.rounds} rounds.")
    if what is PlaceMove.MISSING and not reader.is_coordinator and _is_away(reader, call):
        raise EventNotSo("By what was told you are not there yourself. Say first that you are present.")
    if what is PlaceMove.GIVE_BACK:
        if not reader.event.is_ahead or reader.event.begun(call.now):
            raise EventNotSo("A place is given back before the event begins. Say that you are gone instead.")
        after, writes = given_back(call, reader.event, place, store.ahead_of(person_id, ahead_row))
    else:
        if not place.is_seated:
            raise EventNotSo("Who waits for a seat is in no round.")
        after = told(place, Presence(what.value), reader.event, call.now, until)
        writes = [store.put_place(after, call.now)]
        if after.absent != place.absent:
            writes.append(making.wanted(call, event_id))
    if person_id != call.actor_id:
        writes.append(access.step(call, event_id, what.value, after=person_id))
    return commit(call, writes, SeenPlace(written(after), person))


def _may_tell(call: Call, reader: Reader, place: Place, what: PlaceMove, timetable_row: Any) -> bool:
    if reader.is_coordinator:
        return True
    if what is not PlaceMove.MISSING:
        return place.person_id == call.actor_id
    running = reader.event.running(call.now)
    if timetable_row is None or running is None or reader.place is None:
        return False
    mine = store.timetable_of(timetable_row).of(call.actor_id)
    return any(one.round == running and one.other(call.actor_id) == place.person_id for one in mine)


def _is_away(reader: Reader, call: Call) -> bool:
    """Tell whether who asks is not in the round that runs: who is elsewhere waits for nobody."""
    return reader.place is not None and reader.event.running(call.now) in reader.place.absent


def given_back(call: Call, event: Event, place: Place, ahead: Ahead) -> tuple[Place, list[Write]]:
    """Return a place that is given back before an event begins, with the writes of it: the first who waits moves up.
    `ahead` is where its person has one."""
    # The first round may stay as it is by now: who has given their seat back is not in it.
    absent = frozenset(range(event.plan.rounds))
    after = replace(place, status=PlaceStatus.LEFT, absent=absent, presence=Presence.EXPECTED)
    writes = [
        store.check_status(event.id, EventStatus.PLANNED, EventStatus.PUBLISHED),
        store.put_place(after, call.now),
        store.put_ahead(
            replace(ahead, events=tuple(one for one in ahead.events if one != event.id)), call.now
        ),
    ]
    if not place.is_seated:
        return after, [*writes, store.leave_list(event.id, place.side, call.now)]
    waiting = queue(store.places_of(event.id), place.side)
    if waiting:
        writes += [*moved_up(call, waiting[0]), store.leave_list(event.id, place.side, call.now)]
    else:
        writes.append(store.leave_seat(event.id, place.side, call.now))
    if event.status is EventStatus.PUBLISHED:
        writes.append(making.wanted(call, event.id))
    return after, writes


def moved_up(call: Call, place: Place) -> list[Write]:
    """Return the writes by which somebody who waits has a seat."""
    up = replace(place, status=PlaceStatus.TAKEN)
    return [store.put_place(up, call.now), mail(call, written(up), "moved_up")]


def mail(call: Call, place: Place, what: str) -> Write:
    """Return the mail to somebody about their place as it stands once it is written."""
    payload = {"recipient": place.person_id, "event_id": place.event_id, "what": what}
    message_id = f"{EVENT_PLACE}:{place.event_id}:{place.person_id}:{place.version}"
    return outbox.message(message_id, outbox.Topic.MAIL, EVENT_PLACE, payload, now=call.now)


# What follows from news of elsewhere.


def left_programme(call: Call, programme_id: str, side: Side, person_id: str) -> None:
    """Take somebody who has left a programme out of its events; who is in it again by now keeps what they have. Again,
    it does nothing."""
    enrolment_row = tables.get(*programmes.enrolment_key(programme_id, side, person_id))
    is_back = enrolment_row is not None and programmes.enrolment_of(enrolment_row).takes_part
    for event in _ahead_of(person_id):
        row = tables.get(*store.place_key(event.id, person_id))
        if event.programme_id != programme_id or row is None:
            continue
        if event.kind.place_of(store.place_of(row).side) is not side:
            continue
        if is_back or event.begun(call.now):
            making.replan(call, event.id)
        else:
            _give_back_for(call, event, person_id)


def _give_back_for(call: Call, event: Event, person_id: str) -> None:
    def attempt() -> None:
        row, ahead_row = tables.get_many([store.place_key(event.id, person_id), store.ahead_key(person_id)])
        if row is None or store.place_of(row).status is PlaceStatus.LEFT:
            return
        _, writes = given_back(call, event, store.place_of(row), store.ahead_of(person_id, ahead_row))
        commit(call, [*writes, access.step(call, event.id, "left_programme", after=person_id)], None)

    again(attempt, SeatsMoved, busy="Many are leaving at this moment.", tries=5)


def standing_changed(call: Call, person_id: str) -> None:
    """Look anew at the timetables that somebody is in, or may be; again, it changes nothing."""
    for event in _ahead_of(person_id):
        if event.status is EventStatus.PUBLISHED:
            making.replan(call, event.id)


def parted(call: Call, one: str, other: str) -> None:
    """Look anew at the timetables in which two of whom one has blocked the other may meet; again, it changes
    nothing."""
    theirs = {event.id for event in _ahead_of(other)}
    for event in _ahead_of(one):
        if event.id in theirs and event.status is EventStatus.PUBLISHED:
            making.replan(call, event.id)
