"""Places in circles: offered, taken, given up, waited for, given and taken away by coordinators; and what follows for
the circle, which is looked after upon each news of it, as often as there is one.

Who has a seat has a place of the programme with it, as in a pair. A seat is counted in the transaction that gives it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.circles import access, mails, store
from chalicelib.circles.errors import (
    CircleFull,
    CircleMoved,
    CircleNotSo,
    NotEligible,
    PlaceMoved,
    PlaceNotSo,
)
from chalicelib.circles.mails import CircleNews
from chalicelib.circles.meetings.model import Share
from chalicelib.circles.model import (
    Circle,
    CircleHold,
    CircleRole,
    CircleStatus,
    Deed,
    Place,
    PlaceState,
    gone_on,
    held,
    in_turn,
    is_verified_role,
    place_side,
    seated,
)
from chalicelib.kernel.call import Call, written
from chalicelib.kernel.errors import NotFound, StaleVersion
from chalicelib.kernel.tries import again
from chalicelib.mentorships import service as mentorships
from chalicelib.organisations import service as organisations
from chalicelib.people import service as people
from chalicelib.people.model import Person, PersonStatus, Profile
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.errors import NoPlaceLeft
from chalicelib.programmes.model import EnrolmentStatus, Programme

_BUSY = "Others are changing the same circle. Send the request again."
_STEPS = 60
"""Changes that one look at a circle may come to: more than it has people."""
_CROSSED = (CircleMoved, PlaceMoved, StaleVersion)
Known = tuple[Person, Profile, frozenset[str]]


@dataclass(frozen=True)
class SeenPlace:
    """A place with whose it is, where the reader may know, and with what they attended, where that is told.

    Attributes
    ----------
    position
        Of who waits: how manieth they are, from 1.
    """

    place: Place
    person: Person | None
    position: int | None = None
    share: Share | None = None

    @property
    def version(self) -> int | None:
        return self.place.version


# A person's own place.


def take(call: Call, circle_id: str) -> Place:
    """Take the place that the actor is offered, or wait for a seat; again, it is as it was.

    Raises
    ------
    NotFound
        To whoever is neither asked nor enrolled in the programme.
    PlaceNotSo, CircleNotSo, CircleFull, NotEligible
    """
    return again(lambda: _take(call, circle_id), *_CROSSED, busy=_BUSY)


def _take(call: Call, circle_id: str) -> Place:
    reader, _ = access.anybody(call, circle_id)
    circle, place = reader.circle, reader.place
    if place is None or not (place.is_seated or place.state is PlaceState.WAITING):
        return _wait(call, circle, place)
    if place.state is not PlaceState.OFFERED:
        return place
    if place.offer_ends_at is not None and place.offer_ends_at <= call.now:
        raise PlaceNotSo("The offer is over. Ask for a seat anew.")
    others = [one.person_id for one in seated(store.places_in(circle_id)) if one.person_id != place.person_id]
    joined = replace(
        place,
        state=PlaceState.ACTIVE,
        since=call.now,
        offer_ends_at=None,
        joined_at=place.joined_at or call.now,
    )
    writes = [
        store.put_place(joined, call.now),
        *people.check_no_blocks([place.person_id, *others], NotEligible()),
        # As a mentorship does: an admin who is in a circle with somebody does not handle what is said of them.
        *(people.put_tie(place.person_id, one, call.now) for one in others),
        access.step(call, circle_id, "take_place", after=place.person_id),
        mails.stirred(call, circle_id),
    ]
    return commit(call, writes, written(joined))


def _wait(call: Call, circle: Circle, before: Place | None) -> Place:
    """Have the actor wait for a seat. Whether one is free, and theirs, is told by the next look at the circle: so
    nobody learns here who is in it."""
    programme = programmes.get_programme(circle.programme_id)
    side = place_side(circle.kind, CircleRole.MEMBER)
    row = tables.get(*programmes.enrolment_key(circle.programme_id, side, call.actor_id))
    enrolment = programmes.enrolment_of(row) if row is not None else None
    if programme is None or enrolment is None or not enrolment.takes_part:
        raise NotFound
    if circle.is_closed:
        raise CircleNotSo
    if before is not None and before.state is PlaceState.REMOVED:
        raise PlaceNotSo("Ask the programme's coordinators for a place.")
    if not enrolment.under(programme).is_open:
        raise NotEligible("You have no free place in this programme now. End what holds it, then ask again.")
    waits = Place(
        circle.id, call.actor_id, CircleRole.MEMBER, PlaceState.WAITING, call.now,
        joined_at=before.joined_at if before else None, version=before.version if before else None,
    )  # fmt: skip
    writes = [
        store.put_place(waits, call.now),
        store.count_waiting(circle, 1, call.now),
        access.step(call, circle.id, "wait", after=call.actor_id),
        mails.stirred(call, circle.id),
    ]
    return commit(call, writes, written(waits))


def give_up(call: Call, circle_id: str) -> None:
    """Give the actor's own place up, decline an offer, or wait no more; raises `NotFound`, `PlaceNotSo`."""

    def attempt() -> None:
        reader, _ = access.anybody(call, circle_id)
        if reader.place is None or not (reader.place.is_seated or reader.place.state is PlaceState.WAITING):
            raise NotFound
        _require_open(reader.circle)
        state = PlaceState.DECLINED if reader.place.state is PlaceState.OFFERED else PlaceState.LEFT
        commit(call, _ended(call, reader.circle, reader.place, state, "give_up"), None)

    again(attempt, *_CROSSED, busy=_BUSY)


# Coordinators.


def add(call: Call, circle_id: str, person_id: str, role: CircleRole, reason: str) -> SeenPlace:
    """Offer somebody of the programme a place, past those who wait (its coordinators).

    Raises
    ------
    NotFound, NotEligible, NoPlaceLeft, CircleFull, CircleNotSo, PlaceNotSo
    """

    def attempt() -> SeenPlace:
        reader, (row, person_row) = access.reader_of(
            call,
            circle_id,
            Deed.COORDINATE,
            store.place_key(circle_id, person_id),
            people.person_key(person_id),
        )
        before = store.place_of(row) if row is not None else None
        _require_open(reader.circle)
        if before is not None and before.is_seated:
            raise PlaceNotSo(f"It is {before.state}.")
        if role is CircleRole.LEAD and reader.circle.is_of_peers:
            raise CircleNotSo("Its people chair in turn. Nobody leads it.")
        programme = _programme(reader.circle)
        writes, place = _seat(call, programme, reader.circle, person_id, role, before)
        writes += [access.step(call, circle_id, "add", after=f"{person_id}:{role}", why=reason)]
        return commit(call, [*writes, mails.stirred(call, circle_id)], _shown(place, person_row))

    return again(attempt, *_CROSSED, busy=_BUSY)


def remove(call: Call, circle_id: str, person_id: str, reason: str) -> SeenPlace:
    """Take somebody's place, or a wait (the programme's coordinators); raises `NotFound`, `CircleNotSo`."""

    def attempt() -> SeenPlace:
        reader, (row, person_row) = access.reader_of(
            call,
            circle_id,
            Deed.COORDINATE,
            store.place_key(circle_id, person_id),
            people.person_key(person_id),
        )
        before = _listed(row)
        _require_open(reader.circle)
        writes = _ended(call, reader.circle, before, PlaceState.REMOVED, "remove", reason)
        return commit(call, writes, _shown(over(before, PlaceState.REMOVED, call.now), person_row))

    return again(attempt, *_CROSSED, busy=_BUSY)


def move(call: Call, circle_id: str, person_id: str, to: str, reason: str) -> SeenPlace:
    """Move somebody to another circle of the same programme, in one step (its coordinators); raises as `add`."""

    def attempt() -> SeenPlace:
        reader, (row, to_row, there_row, person_row) = access.reader_of(
            call, circle_id, Deed.COORDINATE, store.place_key(circle_id, person_id), store.circle_key(to),
            store.place_key(to, person_id), people.person_key(person_id),
        )  # fmt: skip
        before = _listed(row)
        target = store.circle_of(to_row) if to_row is not None else None
        if target is None or target.programme_id != reader.circle.programme_id or to == circle_id:
            raise NotFound("There is no such other circle in this programme.")
        if not before.is_seated:
            raise PlaceNotSo("They wait for a seat. Add them to the other circle instead.")
        there = store.place_of(there_row) if there_row is not None else None
        if there is not None and there.is_seated:
            raise PlaceNotSo("They have a place there.")
        _require_open(reader.circle)
        _require_open(target)
        # Their place in the programme goes with them.
        writes, place = _seat(
            call, _programme(target), target, person_id, before.role, there, moves=before.is_active
        )
        left = over(before, PlaceState.LEFT, call.now)
        writes += [
            store.put_place(left, call.now),
            store.free_seat(reader.circle, before.role, call.now),
            programmes.check_active(
                target.programme_id, place_side(target.kind, before.role), person_id, NotEligible()
            ),
            access.step(call, circle_id, "move", after=f"{person_id}:{to}", why=reason),
            mails.stirred(call, circle_id),
            mails.stirred(call, to),
        ]
        return commit(call, writes, _shown(place, person_row))

    return again(attempt, *_CROSSED, busy=_BUSY)


def offer(call: Call, circle_id: str, person_id: str, since: datetime) -> bool:
    """Offer somebody a free seat as a forming has it that was asked for at some instant; again, it changes nothing: who
    has answered since is not asked anew.

    Raises
    ------
    NotEligible, NoPlaceLeft, CircleFull
    """

    def attempt() -> bool:
        circle = store.get_circle(circle_id)
        row = tables.get(*store.place_key(circle_id, person_id))
        before = store.place_of(row) if row is not None else None
        if before is not None and (before.is_seated or before.since >= since):
            return before.is_seated
        # Who has begun to wait since comes first, and the next look at the circle gives them the seat.
        if circle is None or circle.status is not CircleStatus.RUNNING or circle.waiting:
            return False
        writes, _ = _seat(
            call, _programme(circle), circle, person_id, CircleRole.MEMBER, before, is_formed=True
        )
        commit(call, [*writes, access.step(call, circle_id, "offer", after=person_id)], None)
        return True

    return again(attempt, *_CROSSED, busy=_BUSY)


# What a seat takes, and what ending it gives back.


def _seat(
    call: Call,
    programme: Programme,
    circle: Circle,
    person_id: str,
    role: CircleRole,
    before: Place | None,
    *,
    moves: bool | None = None,
    is_formed: bool = False,
) -> tuple[list[Write], Place]:
    """Return the writes that give somebody a seat, and their place with it.

    Parameters
    ----------
    moves
        None for who is asked; else somebody who comes with their place in the programme, and True if it was taken.
    is_formed
        Whether a forming gives it, and so to nobody who has a seat in the programme.

    Raises
    ------
    NotEligible
    """
    others = [one.person_id for one in seated(store.places_in(circle.id)) if one.person_id != person_id]
    known = people.snapshot_of([person_id, *others])
    if not is_eligible(programme, role, person_id, known, call.now):
        raise NotEligible
    waited = before is not None and before.state is PlaceState.WAITING
    place = Place(
        circle.id, person_id, role, PlaceState.ACTIVE if moves else PlaceState.OFFERED, call.now,
        None if moves else call.now + timedelta(days=programme.proposal_days),
        (before.joined_at if before else None) or (call.now if moves else None), before.version if before else None,
    )  # fmt: skip
    writes = [
        store.take_seat(circle, role, call.now, waited=waited),
        store.put_place(place, call.now),
        *checks(call, programme, role, person_id, known, [person_id, *others]),
    ]
    if moves is None:
        writes.append(programmes.hold_place(programme, role.side, person_id, call.now))
        first = [store.first_seat(circle.programme_id, person_id, call.now)]
        writes += first if is_formed else counted(circle, place, 1, call.now)
    if moves:
        writes += [people.put_tie(person_id, one, call.now) for one in others]
    else:
        writes += mails.offered(call, place, mails.CIRCLE_SEAT_FREE if waited else mails.CIRCLE_PLACE)
    return writes, place


def is_eligible(
    programme: Programme, role: CircleRole, person_id: str, known: dict[str, Known], now: datetime
) -> bool:
    """Tell whether somebody may be with some others, as they are now; places are for the writes to decide."""
    mine = known.get(person_id)
    if mine is None or mine[0].status is not PersonStatus.ACTIVE:
        return False
    if is_verified_role(programme.kind, role) and not programme.takes_as_mentor(mine[0], mine[1], now):
        return False
    return not any(
        one in mine[2] or person_id in theirs[2] for one, theirs in known.items() if one != person_id
    )


def checks(
    call: Call,
    programme: Programme,
    role: CircleRole,
    person_id: str,
    known: dict[str, Known],
    together: Sequence[str],
) -> list[Write]:
    """Return the writes that fail unless what `is_eligible` was told still holds."""
    return [
        programmes.check_what_counts(programme, call.now, NotEligible("The programme does not run now.")),
        *people.check_no_blocks(together, NotEligible()),
        *check_verified(call, programme, role, known[person_id]),
    ]


def check_verified(call: Call, programme: Programme, role: CircleRole, one: Known) -> list[Write]:
    """Return the writes that fail unless somebody is still verified, where their role asks for it."""
    if not is_verified_role(programme.kind, role):
        return []
    person, profile, _ = one
    return programmes.check_mentor(programme, person, profile, call, NotEligible())


def _ended(
    call: Call, circle: Circle, place: Place, state: PlaceState, what: str, why: str | None = None
) -> list[Write]:
    """Return the writes of a place that is over."""
    writes = [store.put_place(over(place, state, call.now), call.now)]
    if place.is_seated:
        writes += [store.free_seat(circle, place.role, call.now), *release(circle, place, call.now)]
    else:
        writes.append(store.count_waiting(circle, -1, call.now))
    return [
        *writes,
        access.step(call, circle.id, what, before=f"{place.person_id}:{place.state}", after=state, why=why),
        mails.stirred(call, circle.id),
    ]


def over(place: Place, state: PlaceState, now: datetime) -> Place:
    """Return a place that is over."""
    return replace(place, state=state, since=now, offer_ends_at=None)


def release(circle: Circle, place: Place, now: datetime) -> list[Write]:
    """Return the writes that give the place in the programme back which a seat held, and count a member's seat off."""
    side = place_side(circle.kind, place.role)
    return [
        programmes.release_place(circle.programme_id, side, place.person_id, now),
        *counted(circle, place, -1, now),
    ]


def counted(circle: Circle, place: Place, by: int, now: datetime) -> list[Write]:
    """Return the write that counts a member's seats in the programme; none of who leads."""
    if place.role is not CircleRole.MEMBER:
        return []
    return [store.count_member(circle.programme_id, place.person_id, by, now)]


# Looking after a circle.


def look_after(call: Call, circle_id: str) -> None:
    """Bring a circle in order: offers that are over, people who left the programme or are to be kept apart, nobody who
    leads, seats for those who wait. One step at a time, each decided anew; begun again, it comes to the same."""
    for _ in range(_STEPS):
        if not again(lambda: _one_step(call, circle_id), *_CROSSED, busy=_BUSY):
            return


def look_after_all_of(call: Call, person_id: str) -> None:
    """Look after each circle in which somebody has a place or waits."""
    for place in list(store.every_place_of(person_id)):
        if place.is_seated or place.state is PlaceState.WAITING:
            look_after(call, place.circle_id)


def _one_step(call: Call, circle_id: str) -> bool:
    found = access.whole(circle_id)
    if found is None or found[0].is_closed:
        return False
    circle, places = found
    programme = _programme(circle)
    listed = [one for one in places if one.is_seated or one.state is PlaceState.WAITING]
    parting = _who_parts(call, circle, listed)
    if parting is not None:
        place, state = parting
        commit(call, _ended(call, circle, place, state, "part"), None)
        return True
    leads = _leads(call, circle, programme, listed)
    if circle.status is CircleStatus.RUNNING and not circle.is_of_peers and not leads:
        _hold(call, circle, listed)
        return True
    if circle.hold is CircleHold.NO_LEAD and leads:
        _go_on(call, circle, listed)
        return True
    if circle.status is CircleStatus.RUNNING and circle.free:
        for place in in_turn(listed):
            if _moved_up(call, programme, circle, place):
                return True
    if circle.status is CircleStatus.RUNNING and all(one.state is not PlaceState.OFFERED for one in listed):
        _tell_formed(call, circle, listed)
    return False


def _who_parts(call: Call, circle: Circle, listed: Sequence[Place]) -> tuple[Place, PlaceState] | None:
    """Return who is to be in it no more: whose offer is over, who left the programme, or who has blocked somebody that
    is in it. Of two who are to be kept apart that is the one who said so: nobody can have another put out."""
    for one in listed:
        is_over = one.offer_ends_at is not None and one.offer_ends_at <= call.now
        if one.state is PlaceState.OFFERED and is_over:
            return one, PlaceState.EXPIRED
    keys = [
        programmes.enrolment_key(circle.programme_id, place_side(circle.kind, one.role), one.person_id)
        for one in listed
    ]
    for one, row in zip(listed, tables.get_many(keys), strict=True):
        if row is None or programmes.enrolment_of(row).status is EnrolmentStatus.WITHDRAWN:
            return one, PlaceState.LEFT
    here = seated(listed)
    known = people.snapshot_of([one.person_id for one in here])
    ids = {one.person_id for one in here}
    # The later of two who have each blocked the other.
    for one in sorted(here, key=lambda each: (each.since, each.person_id), reverse=True):
        if one.person_id in known and known[one.person_id][2] & ids:
            return one, PlaceState.LEFT
    return None


def _leads(call: Call, circle: Circle, programme: Programme, listed: Sequence[Place]) -> list[Place]:
    """Return who leads a circle, or is asked to, and is verified now as the programme asks."""
    found = [one for one in seated(listed) if one.role is CircleRole.LEAD]
    if not is_verified_role(circle.kind, CircleRole.LEAD) or not found:
        return found
    known = people.get_people_and_profiles([one.person_id for one in found])
    return [
        one
        for one in found
        if one.person_id in known and programme.takes_as_mentor(*known[one.person_id], call.now)
    ]


def _hold(call: Call, circle: Circle, listed: Sequence[Place]) -> None:
    stopped = held(circle, CircleHold.NO_LEAD, call.now)
    coordinators = organisations.coordinators_of(circle.organisation_id)
    writes = [
        store.put_circle(stopped, call.now),
        mentorships.raise_circle_task(circle.programme_id, circle.id, call.now),
        access.step(call, circle.id, "hold", after=CircleHold.NO_LEAD),
        *(mails.without_lead(stopped, one, call.now) for one in coordinators[:40]),
        *tell(stopped, CircleNews.HELD, listed, call.now),
    ]
    commit(call, writes, None)


def _go_on(call: Call, circle: Circle, listed: Sequence[Place]) -> None:
    writes = [
        store.put_circle(gone_on(circle), call.now),
        *task_done(circle, call.now),
        access.step(call, circle.id, "resume"),
        *tell(circle, CircleNews.RESUMED, listed, call.now),
    ]
    commit(call, writes, None)


def task_done(circle: Circle, now: datetime) -> list[Write]:
    """Return the writes that end the task of a circle which nobody led, if it is open."""
    if circle.hold is not CircleHold.NO_LEAD or circle.held_since is None:
        return []
    return mentorships.end_circle_task(circle.programme_id, circle.id, circle.held_since, now)


def tell(circle: Circle, what: CircleNews, places: Sequence[Place], now: datetime) -> list[Write]:
    """Return the mails of what becomes of a circle at this instant, to all who take part."""
    return [mails.news(circle, what, one.person_id, now, now) for one in places if one.is_active]


def _moved_up(call: Call, programme: Programme, circle: Circle, place: Place) -> bool:
    """Offer a free seat to somebody who waits; False if they cannot have it now, and go on waiting."""
    try:
        writes, _ = _seat(call, programme, circle, place.person_id, place.role, place)
        commit(call, [*writes, access.step(call, circle.id, "move_up", after=place.person_id)], None)
    except (NotEligible, NoPlaceLeft, CircleFull):
        return False
    return True


def _tell_formed(call: Call, circle: Circle, listed: Sequence[Place]) -> None:
    outbox.put_missing(
        (
            mails.news(circle, CircleNews.FORMED, one.person_id, one.joined_at, call.now)
            for one in listed
            if one.is_active and one.joined_at is not None
        ),
        call.now,
    )


def _shown(place: Place, person_row: Any) -> SeenPlace:
    return SeenPlace(written(place), people.person_of(person_row) if person_row is not None else None)


def _listed(row: store.PlaceRow | None) -> Place:
    place = store.place_of(row) if row is not None else None
    if place is None or not (place.is_seated or place.state is PlaceState.WAITING):
        raise NotFound
    return place


def _require_open(circle: Circle) -> None:
    if circle.is_closed:
        raise CircleNotSo


def _programme(circle: Circle) -> Programme:
    found = programmes.get_programme(circle.programme_id)
    if found is None:
        raise NotFound
    return found
