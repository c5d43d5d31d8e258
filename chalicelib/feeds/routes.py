"""Calendar feeds over HTTP. Each has its address by `mentorships/feeds`, which knows of sessions of two alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.feeds import service
else:
    service = later("chalicelib.feeds.service")

routes = Routes(__name__, "Sessions")

_MAX_AGE = 300


@routes.endpoint(
    "GET", "/v1/calendar-feeds/{feed}", who=Who.ANYONE, summary="Subscribe to a calendar",
    text_media_type="text/calendar; charset=utf-8", max_age=_MAX_AGE, plain_path=frozenset({"feed"}),
)  # fmt: skip
def calendar_feed(call: Call, feed: str) -> str:
    """An iCalendar file (RFC 5545) for calendar programs, which cannot sign in: its name is the secret. What is booked
    from a month ago on, each session by itself, with the other's name and where you meet; sessions of series,
    simulations and meetings of circles in which you have a place, which take nobody's time."""
    return service.read_feed(call, feed)
