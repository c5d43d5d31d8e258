"""What people of an event are written of: its timetable, another time, that it is off, that it is a day away; and that
it closes itself."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.events import making, store
from chalicelib.events.model import (
    CLOSES_ITSELF,
    REMIND,
    Event,
    EventStatus,
    Place,
    PlaceStatus,
)
from chalicelib.kernel.call import Call
from chalicelib.kernel.clock import to_text
from chalicelib.platform import outbox, tables
from chalicelib.platform.tables import Write

EVENT_TOLD = "event-told"
"""The news of what all who have a place are written of: `event_id`, `what`, and the event's version, `number`."""
EVENT_NEAR = "event-near"
"""The news that an event is a day away: `event_id`, `starts_at`."""
EVENT_OVER = "event-over"
"""The news that an event has been over for so long that it closes itself: `event_id`."""
EVENT_TIMETABLE = "event-timetable"
"""The mail to who has a seat that the timetable is there: `recipient`, `event_id`."""
EVENT_CHANGED = "event-changed"
"""The mail to who has a seat, or waits for one, of another time, or that it is off: `recipient`, `event_id`,
`what`."""
EVENT_REMINDER = "event-reminder"
"""The mail that an event is a day away: `recipient`, `event_id`."""
LATEST = timedelta(hours=1)
"""How long before an event that is planned at short notice people are reminded."""


def due(call: Call, event: Event) -> list[Write]:
    """Return the news of an event for when they are due: that it is near, and that it closes itself."""
    number, starts_at = event.version or 0, event.plan.starts_at
    at = starts_at - (REMIND if starts_at - REMIND > call.now else LATEST)
    return [
        outbox.message(
            f"{EVENT_NEAR}:{event.id}:{number}", outbox.Topic.FOLLOW_UP, EVENT_NEAR,
            {"event_id": event.id, "starts_at": to_text(starts_at)}, now=call.now, due_at=max(call.now, at),
        ),
        outbox.message(
            f"{EVENT_OVER}:{event.id}:{number}", outbox.Topic.FOLLOW_UP, EVENT_OVER, {"event_id": event.id},
            now=call.now, due_at=closes_itself_at(event),
        ),
    ]  # fmt: skip


def closes_itself_at(event: Event) -> datetime:
    """Return when an event closes that nobody closes. It is due since it was planned, so delays do not count."""
    return replace(event, delays=()).held.ends_at + CLOSES_ITSELF


def news(call: Call, event: Event, what: str) -> Write:
    """Return the news that all who have a place are to be written to; `event` is as it will be written."""
    number = event.version or 0
    told = {"event_id": event.id, "what": what, "number": number}
    return outbox.message(
        f"{EVENT_TOLD}:{event.id}:{number}", outbox.Topic.FOLLOW_UP, EVENT_TOLD, told, now=call.now
    )


def tell(call: Call, event_id: str, what: str, number: int) -> None:
    """Write to all who have a place of what was done with an event; begun again, it writes to nobody twice."""
    places = store.places_of(event_id)
    if what == "published":
        seated = [one for one in places if one.is_seated]
        _write(call, EVENT_TIMETABLE, f"{event_id}", seated, {"event_id": event_id})
        return
    theirs = [one for one in places if one.status is not PlaceStatus.LEFT]
    told = {"event_id": event_id, "what": what}
    _write(call, EVENT_CHANGED, f"{event_id}:{number}", theirs, told)


def is_near(call: Call, event_id: str, starts_at: str) -> None:
    """Write to all who have a seat that an event is a day away, unless it was moved since; begun again, it writes to
    nobody twice. The timetable is looked at anew, since a mentor's standing may have ended by itself."""
    row = tables.get(*store.event_key(event_id))
    event = store.event_of(row) if row is not None else None
    if event is None or not event.is_ahead or to_text(event.plan.starts_at) != starts_at:
        return
    if event.status is EventStatus.PUBLISHED:
        making.replan(call, event_id)
    seated = [one for one in store.places_of(event_id) if one.is_seated]
    _write(call, EVENT_REMINDER, f"{event_id}:{starts_at}", seated, {"event_id": event_id})


def _write(call: Call, kind: str, reason: str, places: Iterable[Place], told: dict[str, str]) -> None:
    outbox.put_missing(
        (
            outbox.message(
                f"{kind}:{reason}:{one.person_id}", outbox.Topic.MAIL, kind, {"recipient": one.person_id, **told},
                now=call.now,
            )
            for one in places
        ),
        call.now,
    )  # fmt: skip
