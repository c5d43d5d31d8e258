"""Mails that ask how something was that is closed: a speed event, or a meeting of a circle."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.circles import service as circles
from chalicelib.events import service as events
from chalicelib.notifications.letters import HowItWasFacts, Letter
from chalicelib.notifications.model import Kind
from chalicelib.notifications.subjects.common import Reader, letter, recipient_of, sender_in
from chalicelib.platform.outbox import Message


def _how_it_was(message: Message, now: datetime) -> Letter | None:
    """Read the mail, sent while its recipient has not said how it was and still may."""
    facts = _of_event(message, now) if "event_id" in message.payload else _of_meeting(message, now)
    found = recipient_of(message, [])
    return letter(message, found[0], facts) if facts is not None and found is not None else None


def _of_event(message: Message, now: datetime) -> HowItWasFacts | None:
    told = message.payload
    found = events.asked_for_feedback(told["recipient"], told["event_id"], now)
    if found is None:
        return None
    event, until = found
    sender = sender_in(event.organisation_id, event.programme_id)
    return HowItWasFacts(
        sender, "event", event.plan.title, event.held.starts_at, until, f"/events/{event.id}/feedback"
    )


def _of_meeting(message: Message, now: datetime) -> HowItWasFacts | None:
    told = message.payload
    found = circles.asked_for_feedback(told["recipient"], told["circle_id"], told["meeting_id"], now)
    if found is None:
        return None
    circle, meeting, until = found
    sender = sender_in(circle.organisation_id, circle.programme_id, circle.topic)
    page = f"/circles/{circle.id}/meetings/{meeting.id}/feedback"
    return HowItWasFacts(sender, "circle", circle.topic, meeting.begun_at or meeting.starts_at, until, page)


READERS: Mapping[Kind, Reader] = {Kind.ACTIVITY_FEEDBACK_DUE: _how_it_was}
