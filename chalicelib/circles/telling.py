"""What is told of circles elsewhere: what somebody attended, for their portfolio, and when, for their calendar."""

from collections.abc import Iterator
from datetime import UTC

from chalicelib.calendars.model import Gathering, Span
from chalicelib.certificates.portfolios.content import Activity, Held
from chalicelib.circles import store
from chalicelib.circles.certificate_words import CIRCLE
from chalicelib.circles.meetings import store as meeting_store
from chalicelib.circles.meetings.model import MeetingState
from chalicelib.kernel.pages import PageRequest
from chalicelib.organisations import service as organisations

MOST_IN_CALENDARS = 20
"""Circles in a calendar, the latest: each is a query whenever a calendar looks."""
_LOOKED_AT = 100
"""Places that these are looked for among: offers, waits, and what somebody has left, take none of the twenty."""


def activities_of(person_id: str, most: int) -> Iterator[Activity]:
    """Yield the circles at whose closed meetings somebody was, the latest first: for each a query of what came of
    meetings and one of the meetings."""
    places = [one for one in store.places_of(person_id, PageRequest(most)).items if one.joined_at is not None]
    known = store.get_circles(one.circle_id for one in places) if places else {}
    for place in places:
        circle = known.get(place.circle_id)
        mine = {
            one.meeting_id: one
            for one in meeting_store.results_of(place.circle_id)
            if one.person_id == person_id and one.seconds
        }
        if circle is None or not mine:
            continue
        organisation = organisations.get_organisation(circle.organisation_id)
        held = tuple(
            Held(one.ended_at.astimezone(UTC).date(), mine[one.id].seconds // 60)
            for one in meeting_store.meetings_of(circle.id)
            if one.id in mine and one.ended_at is not None
        )
        yield Activity(
            CIRCLE, circle.id, circle.topic, organisation.name if organisation else "", f"circle_{place.role}",
            tuple(sorted(held, key=lambda one: one.on)),
        )  # fmt: skip


def gatherings_of(person_id: str, span: Span) -> Iterator[Gathering]:
    """Yield the meetings of circles in which somebody takes part, within a stretch of time: a query a circle."""
    found = store.places_of(person_id, PageRequest(_LOOKED_AT)).items
    places = [one for one in found if one.is_active][:MOST_IN_CALENDARS]
    known = store.get_circles(one.circle_id for one in places) if places else {}
    for circle in (known[one.circle_id] for one in places if one.circle_id in known):
        for meeting, changed_at in meeting_store.meetings_with_changes(circle.id):
            taken = Span.of(meeting.starts_at, meeting.minutes)
            if taken.overlaps(span):
                yield Gathering(
                    meeting.id, taken, circle.topic, f"/circles/{circle.id}/meetings/{meeting.id}",
                    meeting.version or 0, changed_at, meeting.status is MeetingState.CANCELLED,
                )  # fmt: skip
