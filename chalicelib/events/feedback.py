"""Feedback on an event, from whoever met somebody at it."""

from datetime import datetime
from typing import Any

from chalicelib.credits import service as credits
from chalicelib.credits.feedback import model as forms
from chalicelib.credits.feedback.model import Asked, Draft
from chalicelib.credits.model import Source
from chalicelib.credits.service import SeenFeedback
from chalicelib.events import access, meeting, store
from chalicelib.events.access import Reader
from chalicelib.events.model import Event, EventStatus
from chalicelib.events.settling import OF_EVENT
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import NotFound
from chalicelib.platform import tables


def give(call: Call, event_id: str, draft: Draft) -> SeenFeedback:
    """Give feedback on an event that is over, or correct one's own (whoever met somebody at it).

    Raises
    ------
    NotFound, ActivityFeedbackNotAsked, ActivityFeedbackStands, ActivityFeedbackMoved, ActivityCommentIdentifies
    """
    _, asked, rows = _asked(call, event_id)
    return credits.give_feedback(call, asked, rows, draft)


def read(call: Call, event_id: str) -> SeenFeedback:
    """Return what is asked and one's own feedback (whoever has, or had, a place); to coordinators the sums, too."""
    reader, asked, rows = _asked(call, event_id)
    return credits.read_feedback(call, asked, rows, with_sums=reader.is_coordinator)


def asked_of(person_id: str, event_id: str, now: datetime) -> tuple[Event, datetime] | None:
    """Return a closed event on which somebody has given no feedback, and until when they may (for the mail)."""
    row, given_row = tables.get_many(
        [
            store.event_key(event_id),
            credits.given_feedback_key(Source(OF_EVENT, event_id), person_id),
        ]
    )
    event = store.event_of(row) if row is not None else None
    if event is None or event.status is not EventStatus.CLOSED or given_row is not None:
        return None
    until = event.held.ends_at + forms.OPEN_FOR
    return (event, until) if now < until else None


def _asked(call: Call, event_id: str) -> tuple[Reader, Asked, list[Any]]:
    source = Source(OF_EVENT, event_id)
    # A place that was given back is one, too: who left after the first round has met somebody.
    reader, (place_row, timetable_row, *rows) = access.read(
        call, event_id, store.place_key(event_id, call.actor_id), store.timetable_key(event_id),
        *credits.feedback_keys(call, source),
    )  # fmt: skip
    place = store.place_of(place_row) if place_row is not None else None
    if place is None and not reader.is_coordinator:
        raise NotFound
    event, ends_at = reader.event, reader.event.held.ends_at
    is_over = event.status in (EventStatus.PUBLISHED, EventStatus.CLOSED) and call.now >= ends_at
    was_there = (
        is_over
        and timetable_row is not None
        and place is not None
        and bool(meeting.held_by(event, place, store.timetable_of(timetable_row)))
    )
    return reader, Asked(source, ends_at if is_over else None, ends_at + forms.OPEN_FOR, was_there), rows
