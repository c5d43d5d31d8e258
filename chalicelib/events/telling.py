"""What is told of events elsewhere: whom somebody met, for their portfolio, and when, for their calendar."""

from collections.abc import Iterator

from chalicelib.calendars.model import Gathering, Span
from chalicelib.certificates.portfolios.content import Activity, Held
from chalicelib.events import meeting, store
from chalicelib.events.model import Event, EventStatus, Place
from chalicelib.kernel.clock import from_text
from chalicelib.kernel.intervals import seconds_of, united
from chalicelib.kernel.pages import PageRequest
from chalicelib.kernel.zones import wall_at
from chalicelib.organisations import service as organisations
from chalicelib.platform import tables

SPEED_EVENT = "speed_event"
"""The kind by which portfolios know an event."""
MOST_IN_CALENDARS = 100
"""Events in a calendar, the latest: one batch."""


def activities_of(person_id: str, most: int) -> Iterator[Activity]:
    """Yield the closed events at which somebody met others, the latest first: for each its timetable and the places of
    whom they were to meet."""
    for event, place in _events_of(person_id, most):
        if event.status is not EventStatus.CLOSED:
            continue
        row = tables.get(*store.timetable_key(event.id))
        if row is None:
            continue
        held = meeting.held_by(event, place, store.timetable_of(row))
        if not held:
            continue
        organisation = organisations.get_organisation(event.organisation_id)
        seconds = seconds_of(united(event.hours[one.round] for one in held))
        day = wall_at(event.held.starts_at, event.plan.time_zone).date()
        yield Activity(
            SPEED_EVENT, event.id, event.plan.title, organisation.name if organisation else "", place.side.value,
            (Held(day, seconds // 60),),
        )  # fmt: skip


def gatherings_of(person_id: str, span: Span) -> Iterator[Gathering]:
    """Yield the events at which somebody has a seat, within a stretch of time: a query and a batch."""
    for event, place, changed_at in _with_change(person_id, MOST_IN_CALENDARS):
        taken = Span(event.held.starts_at, event.held.ends_at)
        if place.is_seated and taken.overlaps(span):
            yield Gathering(
                event.id, taken, event.plan.title, f"/events/{event.id}", event.version or 0, from_text(changed_at),
                event.status is EventStatus.CANCELLED,
            )  # fmt: skip


def _events_of(person_id: str, most: int) -> Iterator[tuple[Event, Place]]:
    return ((event, place) for event, place, _ in _with_change(person_id, most))


def _with_change(person_id: str, most: int) -> Iterator[tuple[Event, Place, str]]:
    places = store.places_of_person(person_id, PageRequest(most)).items
    rows = tables.get_many([store.event_key(one.event_id) for one in places]) if places else []
    for row, place in zip(rows, places, strict=True):
        if row is not None:
            yield store.event_of(row), place, row.updated_at
