"""A person's calendar feed over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.mentorships.feeds import service
    from chalicelib.mentorships.feeds.service import FeedState
else:
    service = later("chalicelib.mentorships.feeds.service")

routes = Routes(__name__, "Sessions")

_MINE = "/v1/me/calendar-feed"


@routes.endpoint(
    "GET", _MINE, who=Who.PERSON, summary="Read whether you have a calendar feed", answer="CalendarFeedView"
)
def my_calendar_feed(call: Call) -> FeedState:
    """Since when there is one. Its address is not kept, and shown when it is made alone."""
    return service.my_feed(call)


@routes.endpoint("PUT", _MINE, who=Who.PERSON, summary="Make a calendar feed", answer="CalendarFeedView")
def make_calendar_feed(call: Call) -> FeedState:
    """An address to subscribe to in a calendar, which shows your sessions as they are. Whoever has it reads them, so
    keep it to yourself. Each call makes a new one, and the one before shows nothing any more."""
    return service.make_feed(call)


@routes.endpoint("DELETE", _MINE, who=Who.PERSON, summary="End your calendar feed", status=204)
def end_calendar_feed(call: Call) -> None:
    """Its address shows nothing any more, at once."""
    service.end_feed(call)
