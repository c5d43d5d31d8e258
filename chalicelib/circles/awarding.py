"""Certificates of a circle, once it is closed: to its members and to who led it, for the share of the time that its
plan asks for."""

from datetime import UTC

from chalicelib.certificates import service as certificates
from chalicelib.certificates.service import Award
from chalicelib.circles import store
from chalicelib.circles.certificate_words import CIRCLE, of_circle
from chalicelib.circles.meetings import store as meeting_store
from chalicelib.circles.meetings.model import Meeting, MeetingState, Result, share_of
from chalicelib.circles.model import Circle, Place
from chalicelib.kernel.call import Call
from chalicelib.mentorships.record import Record
from chalicelib.organisations import service as organisations
from chalicelib.people.model import Person
from chalicelib.words.formats import formats_of


def award(call: Call, circle_id: str) -> None:
    """Give a certificate of a closed circle to each who takes part, reached the share and has none; begun again, it
    goes on."""
    circle = store.get_circle(circle_id)
    organisation = organisations.get_organisation(circle.organisation_id) if circle else None
    if circle is None or organisation is None or not circle.is_closed:
        return
    held = tuple(one for one in meeting_store.meetings_of(circle_id) if one.status is MeetingState.CLOSED)
    results = meeting_store.results_of(circle_id)
    places = {one.person_id: one for one in store.places_in(circle_id) if one.is_active}
    certificates.award_each(
        call, CIRCLE, circle_id, list(places),
        lambda person: _earned(circle, held, places[person.id], results, person, organisation.name),
    )  # fmt: skip


def _earned(
    circle: Circle,
    held: tuple[Meeting, ...],
    place: Place,
    results: tuple[Result, ...],
    person: Person,
    organisation: str,
) -> Award | None:
    """Return what somebody has earned; None below the share that the plan asks for."""
    if not share_of(person.id, circle.share, held, results).is_enough:
        return None
    mine = [one for one in results if one.person_id == person.id and one.seconds]
    there = {one.meeting_id for one in mine}
    days = sorted(
        one.ended_at.astimezone(UTC).date() for one in held if one.id in there and one.ended_at is not None
    )
    record = Record(days[0], days[-1], len(there), sum(one.seconds for one in mine) // 60)
    of = of_circle(circle, place.role, len(held), formats_of(person.locale))
    return Award(
        of, circle.organisation_id, organisation, circle.topic, person.id, person.name, person.locale, record
    )
