"""Circles of a programme: how they are, who reads what of them, and their moves up to the close."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.certificates import service as certificates
from chalicelib.certificates.model import Certificate
from chalicelib.circles import access, awarding, forming, mails, model, placing, store, telling
from chalicelib.circles.certificate_words import CIRCLE
from chalicelib.circles.errors import CircleNotSo, PlaceMoved
from chalicelib.circles.forming import SeenForming
from chalicelib.circles.mails import CIRCLE_OVER as CIRCLE_OVER
from chalicelib.circles.mails import CIRCLE_STIRRED as CIRCLE_STIRRED
from chalicelib.circles.mails import FORMING_ASKED as FORMING_ASKED
from chalicelib.circles.mails import FORMING_PUBLISHED as FORMING_PUBLISHED
from chalicelib.circles.mails import CircleNews
from chalicelib.circles.meetings import feedback as meeting_feedback
from chalicelib.circles.meetings import service as meetings
from chalicelib.circles.meetings import settling
from chalicelib.circles.meetings import store as meeting_store
from chalicelib.circles.meetings.model import OVER, MeetingState, Share, share_of
from chalicelib.circles.meetings.service import MEETING_CHANGED as MEETING_CHANGED
from chalicelib.circles.meetings.service import MEETING_NEAR as MEETING_NEAR
from chalicelib.circles.meetings.service import MINUTES_FINAL as MINUTES_FINAL
from chalicelib.circles.meetings.store import Book
from chalicelib.circles.model import (
    Circle,
    CircleMove,
    CircleRole,
    Deed,
    FormingMove,
    Place,
    PlaceState,
    in_turn,
    place_side,
)
from chalicelib.circles.placing import SeenPlace as SeenPlace
from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.kernel.tries import again
from chalicelib.mentorships.errors import TaskIsDone
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.people import service as people
from chalicelib.people.model import Person
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.outbox import Topic
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes


@dataclass(frozen=True)
class SeenCircle:
    """A circle as somebody sees it: their own place, and the people, for who takes part, is asked to or
    coordinates."""

    circle: Circle
    own: SeenPlace | None
    people: tuple[SeenPlace, ...] = ()

    @property
    def version(self) -> int | None:
        return self.circle.version


@dataclass(frozen=True)
class GivenPlace:
    """What a coordinator does with a place: `add`, `move` to another circle, or `remove`."""

    move: str
    person_id: str
    reason: str
    role: CircleRole = CircleRole.MEMBER
    to: str | None = None


# Plans and formings.


read_plan = forming.read_plan
set_plan = forming.set_plan
read_forming = forming.read


def move_forming(call: Call, programme_id: str, move: FormingMove) -> SeenForming:
    """Form, or publish what was formed; see `forming.ask` and `forming.publish`."""
    act = forming.ask if move is FormingMove.FORM else forming.publish
    return act(call, programme_id)


# Reading circles.


def circles_in(call: Call, programme_id: str, page: PageRequest) -> Page[SeenCircle]:
    """Return the circles of a programme to its coordinators; to who is enrolled those that are not closed, without
    their people.

    Raises
    ------
    NotFound
        To everybody else.
    """
    member_side = CircleRole.MEMBER.side
    rights_row, programme_row, *rows = tables.get_many(
        [
            organisations.rights_key(call), programmes.programme_key(programme_id),
            *(programmes.enrolment_key(programme_id, one, call.actor_id) for one in (member_side, member_side.other)),
        ]
    )  # fmt: skip
    if programme_row is None:
        raise NotFound
    programme = programmes.programme_of(programme_row)
    is_staff = organisations.rights_of(call, rights_row).has(programme.organisation_id, StaffRole.COORDINATOR)
    is_in = any(row is not None and programmes.enrolment_of(row).takes_part for row in rows)
    if not (is_staff or is_in):
        raise NotFound
    found = store.circles_in(programme_id, page, open_only=not is_staff)
    return Page(tuple(SeenCircle(one, None) for one in found.items), found.next)


def my_circles(call: Call, page: PageRequest) -> Page[SeenCircle]:
    """Return the circles in which the actor has a place, is offered one, waits, or took part; the latest first."""
    found = store.places_of(call.actor_id, page)
    known = store.get_circles(one.circle_id for one in found.items)
    shown = (
        SeenCircle(known[one.circle_id], SeenPlace(one, None))
        for one in found.items
        if one.circle_id in known
    )
    return Page(tuple(shown), found.next)


def read_circle(call: Call, circle_id: str) -> SeenCircle:
    """Return a circle: with its people to who takes part, is asked to, or coordinates; with their share of the time to
    coordinators, and to each their own; without people to who waits, did take part, or is enrolled in the programme.

    Raises
    ------
    NotFound
        To everybody else.
    """
    reader, _ = access.anybody(call, circle_id)
    circle, place = reader.circle, reader.place
    is_listed = place is not None and (
        place.is_seated or place.state is PlaceState.WAITING or place.joined_at is not None
    )
    if not (reader.is_staff or is_listed) and not _may_look(call, circle):
        raise NotFound
    book = meeting_store.book_of(circle_id)
    places = book.places
    waiting = [one.person_id for one in in_turn(places)]
    shares = _shares(circle, book)
    own = next((_seen(one, None, waiting, shares) for one in places if one.person_id == call.actor_id), None)
    if not (reader.is_staff or (place is not None and place.is_seated)):
        return SeenCircle(circle, own if is_listed else None)
    shown = [
        one
        for one in places
        if reader.is_staff or one.is_active or (one.is_seated and one.person_id == call.actor_id)
    ]
    known = people.get_people([one.person_id for one in shown])
    told = shares if reader.is_staff else {}
    return SeenCircle(
        circle, own, tuple(_seen(one, known.get(one.person_id), waiting, told) for one in _ordered(shown))
    )


def _ordered(places: Sequence[Place]) -> list[Place]:
    return sorted(places, key=lambda one: (one.role is CircleRole.MEMBER, one.since, one.person_id))


def _may_look(call: Call, circle: Circle) -> bool:
    if circle.is_closed:
        return False
    side = place_side(circle.kind, CircleRole.MEMBER)
    row = tables.get(*programmes.enrolment_key(circle.programme_id, side, call.actor_id))
    return row is not None and programmes.enrolment_of(row).takes_part


def _shares(circle: Circle, book: Book) -> dict[str, Share]:
    return {
        one.person_id: share_of(one.person_id, circle.share, book.meetings, book.results)
        for one in book.places
        if one.joined_at is not None
    }


def _seen(place: Place, person: Person | None, waiting: Sequence[str], shares: dict[str, Share]) -> SeenPlace:
    position = waiting.index(place.person_id) + 1 if place.person_id in waiting else None
    return SeenPlace(place, person, position, shares.get(place.person_id))


# Places.


def take_place(call: Call, circle_id: str) -> SeenPlace:
    """Take the place that one is offered, or wait for one; see `placing.take`."""
    place = placing.take(call, circle_id)
    if place.state is not PlaceState.WAITING:
        return SeenPlace(place, None)
    # With the answer kept for a repeat, its own row may not be there yet.
    before = [one for one in in_turn(store.places_in(circle_id)) if one.person_id != place.person_id]
    earlier = sum((one.since, one.person_id) < (place.since, place.person_id) for one in before)
    return SeenPlace(place, None, earlier + 1)


give_up_place = placing.give_up


def give_place(call: Call, circle_id: str, given: GivenPlace) -> SeenPlace:
    """Give somebody a place, another one, or take theirs (coordinators); see `placing`."""
    if given.move == "remove":
        return placing.remove(call, circle_id, given.person_id, given.reason)
    if given.to is not None:
        return placing.move(call, circle_id, given.person_id, given.to, given.reason)
    return placing.add(call, circle_id, given.person_id, given.role, given.reason)


# Moves.


def move(call: Call, circle_id: str, to: CircleMove, reason: str) -> SeenCircle:
    """Hold a circle, have it go on, have it go on as peers, or close it (the programme's coordinators).

    Raises
    ------
    NotFound, CircleRoleRefused, CircleNotSo, CircleMoved, StaleVersion
    """

    def attempt() -> SeenCircle:
        reader, _ = access.reader_of(call, circle_id, Deed.COORDINATE)
        before = reader.circle
        require_version(call, before.version)
        after = model.moved(before, to, call.now)
        places = store.places_in(circle_id)
        writes = [
            store.put_circle(after, call.now),
            access.step(call, circle_id, to, before=before.status, after=after.status, why=reason),
            *placing.tell(after, _TOLD[to], places, call.now),
        ]
        if to is not CircleMove.HOLD:
            writes += placing.task_done(before, call.now)
        writes += (
            _closing(call, before, places) if to is CircleMove.CLOSE else [mails.stirred(call, circle_id)]
        )
        return commit(call, writes, SeenCircle(written(after), None))

    # Who says at this moment that its task is done, or answers an offer, has not changed what was looked at.
    return again(
        attempt, TaskIsDone, PlaceMoved, busy="Others are changing the same circle. Send the request again."
    )


_TOLD = {
    CircleMove.HOLD: CircleNews.HELD,
    CircleMove.RESUME: CircleNews.RESUMED,
    CircleMove.AS_PEERS: CircleNews.AS_PEERS,
    CircleMove.CLOSE: CircleNews.CLOSED,
}


def _closing(call: Call, circle: Circle, places: Sequence[Place]) -> list[Write]:
    """Return what closes with a circle: the places of the programme are free again, nobody waits any more, and
    certificates follow."""
    open_ = sum(one.status not in OVER for one in meeting_store.meetings_of(circle.id))
    if open_:
        raise CircleNotSo(f"{open_} of its meetings are not closed. Hold and close them, or cancel them.")
    writes: list[Write] = [
        outbox.message(
            f"{CIRCLE_OVER}:{circle.id}", Topic.FOLLOW_UP, CIRCLE_OVER, {"circle_id": circle.id}, now=call.now
        )
    ]
    for one in places:
        if one.is_seated:
            writes += placing.release(circle, one, call.now)
        if one.state in (PlaceState.OFFERED, PlaceState.WAITING):
            state = PlaceState.EXPIRED if one.state is PlaceState.OFFERED else PlaceState.LEFT
            writes.append(store.put_place(placing.over(one, state, call.now), call.now))
    return writes


def certificates_of(call: Call, circle_id: str, page: PageRequest) -> Page[Certificate]:
    """Return the certificates of a circle, the latest first (coordinators, who may revoke them)."""
    access.reader_of(call, circle_id, Deed.COORDINATE)
    return certificates.activity_certificates(CIRCLE, circle_id, page)


# What other capabilities ask. None of these checks who asks: the capability that calls has done so.


def place_for(person_id: str, circle_id: str) -> tuple[Circle, Place] | None:
    """Return a circle with somebody's place in it, if they have, or had, one."""
    circle_row, row = tables.get_many([store.circle_key(circle_id), store.place_key(circle_id, person_id)])
    if circle_row is None or row is None:
        return None
    return store.circle_of(circle_row), store.place_of(row)


def without_lead(circle_id: str) -> Circle | None:
    """Return a circle, if it is held as nobody leads it."""
    circle = store.get_circle(circle_id)
    return circle if circle is not None and circle.hold is model.CircleHold.NO_LEAD else None


def over(call: Call, circle_id: str) -> None:
    """Award the certificates of a closed circle, once what came of its meetings is kept: news have no order."""
    for one in meeting_store.meetings_of(circle_id):
        if one.status is MeetingState.CLOSED:
            settling.settle(call, circle_id, one.id)
    awarding.award(call, circle_id)


work_out = forming.work_out
make = forming.make
look_after = placing.look_after
look_after_all_of = placing.look_after_all_of
remind = meetings.remind
tell_of_change = meetings.tell_of_change
settle = settling.settle
meeting_for = meetings.meeting_for
activities_of = telling.activities_of
gatherings_of = telling.gatherings_of
asked_for_feedback = meeting_feedback.asked_of
