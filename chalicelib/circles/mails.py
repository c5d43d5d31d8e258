"""What people of circles are written to about, and the news on which a circle is looked after."""

from datetime import datetime
from enum import StrEnum

from chalicelib.circles.model import Circle, Place
from chalicelib.kernel.call import Call
from chalicelib.kernel.clock import to_text
from chalicelib.platform import outbox
from chalicelib.platform.outbox import Topic
from chalicelib.platform.tables import Write

CIRCLE_STIRRED = "circle-stirred"
"""The news that something about a circle changed, or an offer in it may be over: `circle_id`."""
CIRCLE_OVER = "circle-over"
"""The news that a circle is closed: `circle_id`."""
FORMING_ASKED = "circle-forming-asked"
"""The news that circles are to be worked out: `programme_id`, `forming_id`."""
FORMING_PUBLISHED = "circle-forming-published"
"""The news that circles are to be made as worked out: `programme_id`, `forming_id`."""

CIRCLE_PLACE = "circle-place"
"""The mail that offers a place: `recipient`, `circle_id`."""
CIRCLE_SEAT_FREE = "circle-seat-free"
"""The mail that offers a seat to who waited for it: `recipient`, `circle_id`."""
CIRCLE_NEWS = "circle-news"
"""The mail of what became of a circle: `recipient`, `circle_id`, `what`."""
CIRCLE_WITHOUT_LEAD = "circle-without-lead"
"""The mail that tells a coordinator that nobody leads a circle: `recipient`, `circle_id`."""


class CircleNews(StrEnum):
    """FORMED: your place is yours, and this is your circle. HELD, RESUMED: no meeting begins in between. AS_PEERS:
    you chair in turn from now on. CLOSED: it is over."""

    FORMED = "formed"
    HELD = "held"
    RESUMED = "resumed"
    AS_PEERS = "as_peers"
    CLOSED = "closed"


def stirred(call: Call, circle_id: str) -> Write:
    """Return the news that a circle is to be looked after."""
    message_id = f"{CIRCLE_STIRRED}:{circle_id}:{call.new_id()}"
    return outbox.message(message_id, Topic.FOLLOW_UP, CIRCLE_STIRRED, {"circle_id": circle_id}, now=call.now)


def offered(call: Call, place: Place, kind: str = CIRCLE_PLACE) -> list[Write]:
    """Return the mail of an offer, and the news that comes when it is over."""
    named = f"{place.circle_id}:{place.person_id}:{to_text(place.since)}"
    told = {"recipient": place.person_id, "circle_id": place.circle_id}
    return [
        outbox.message(f"{kind}:{named}", Topic.MAIL, kind, told, now=call.now),
        outbox.message(
            f"{CIRCLE_STIRRED}:{named}", Topic.FOLLOW_UP, CIRCLE_STIRRED, {"circle_id": place.circle_id},
            now=call.now, due_at=place.offer_ends_at,
        ),
    ]  # fmt: skip


def news(circle: Circle, what: CircleNews, person_id: str, since: datetime, now: datetime) -> Write:
    """Return the mail of what became of a circle at an instant; once each."""
    message_id = f"{CIRCLE_NEWS}:{circle.id}:{what}:{to_text(since)}:{person_id}"
    told = {"recipient": person_id, "circle_id": circle.id, "what": what.value}
    return outbox.message(message_id, Topic.MAIL, CIRCLE_NEWS, told, now=now)


def without_lead(circle: Circle, coordinator: str, now: datetime) -> Write:
    """Return the mail to a coordinator about a circle that is held, as nobody leads it."""
    message_id = f"{CIRCLE_WITHOUT_LEAD}:{circle.id}:{to_text(circle.held_since or now)}:{coordinator}"
    told = {"recipient": coordinator, "circle_id": circle.id}
    return outbox.message(message_id, Topic.MAIL, CIRCLE_WITHOUT_LEAD, told, now=now)
