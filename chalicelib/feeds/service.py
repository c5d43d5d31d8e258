"""A person's calendar feed as a whole: sessions with mentors and mentees, and what they take part in with many."""

from collections.abc import Iterator

from chalicelib.calendars.model import Gathering, Span
from chalicelib.circles import service as circles
from chalicelib.events import service as events
from chalicelib.kernel.call import Call
from chalicelib.mentorships import service as mentorships
from chalicelib.series import service as series
from chalicelib.simulations import service as simulations


def read_feed(call: Call, name: str) -> str:
    """Return the calendar that a token opens; raises `NotFound` for one that opens nothing."""
    return mentorships.read_feed(call, name, _gatherings_of)


def _gatherings_of(person_id: str, span: Span) -> Iterator[Gathering]:
    yield from series.gatherings_of(person_id, span)
    yield from simulations.gatherings_of(person_id, span)
    yield from circles.gatherings_of(person_id, span)
    yield from events.gatherings_of(person_id, span)
