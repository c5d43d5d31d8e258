"""Feedback on a meeting of a circle, from whoever was there."""

from datetime import datetime
from typing import Any

from chalicelib.attendance import service as attendance
from chalicelib.circles import access, store
from chalicelib.circles.meetings import store as meeting_store
from chalicelib.circles.meetings.model import Meeting, MeetingState
from chalicelib.circles.meetings.settling import OF_MEETING
from chalicelib.circles.model import Circle, Reader
from chalicelib.credits import service as credits
from chalicelib.credits.feedback import model as forms
from chalicelib.credits.feedback.model import Asked, Draft
from chalicelib.credits.model import Source
from chalicelib.credits.service import SeenFeedback
from chalicelib.kernel.call import Call
from chalicelib.kernel.clock import from_text
from chalicelib.kernel.errors import NotFound
from chalicelib.platform import tables


def give(call: Call, circle_id: str, meeting_id: str, draft: Draft) -> SeenFeedback:
    """Give feedback on a meeting that has ended, or correct one's own (whoever was there, also if they have left the
    circle since).

    Raises
    ------
    NotFound, ActivityFeedbackNotAsked, ActivityFeedbackStands, ActivityFeedbackMoved, ActivityCommentIdentifies
    """
    _, asked, rows = _asked(call, circle_id, meeting_id)
    return credits.give_feedback(call, asked, rows, draft)


def read(call: Call, circle_id: str, meeting_id: str) -> SeenFeedback:
    """Return what is asked and one's own feedback; to coordinators the sums, too. Who leads the circle reads none: in a
    few who know each other five are easily told apart."""
    reader, asked, rows = _asked(call, circle_id, meeting_id)
    return credits.read_feedback(call, asked, rows, with_sums=reader.is_staff)


def asked_of(
    person_id: str, circle_id: str, meeting_id: str, now: datetime
) -> tuple[Circle, Meeting, datetime] | None:
    """Return a closed meeting on which somebody has given no feedback, and until when they may (for the mail)."""
    circle_row, row, result_row, given_row = tables.get_many(
        [
            store.circle_key(circle_id), meeting_store.meeting_key(circle_id, meeting_id),
            meeting_store.result_key(circle_id, meeting_id, person_id),
            credits.given_feedback_key(Source(OF_MEETING, meeting_id), person_id),
        ]
    )  # fmt: skip
    if circle_row is None or row is None or result_row is None or given_row is not None:
        return None
    until = from_text(result_row.created_at) + forms.OPEN_FOR
    return (store.circle_of(circle_row), meeting_store.meeting_of(row), until) if now < until else None


def _asked(call: Call, circle_id: str, meeting_id: str) -> tuple[Reader, Asked, list[Any]]:
    source = Source(OF_MEETING, meeting_id)
    reader, (row, result_row, *rows) = access.anybody(
        call, circle_id, meeting_store.meeting_key(circle_id, meeting_id),
        meeting_store.result_key(circle_id, meeting_id, call.actor_id), *credits.feedback_keys(call, source),
    )  # fmt: skip
    was_in_it = reader.place is not None and reader.place.joined_at is not None
    if row is None or not (was_in_it or reader.is_staff):
        raise NotFound
    meeting = meeting_store.meeting_of(row)
    if meeting.status not in (MeetingState.ENDED, MeetingState.CLOSED):
        return reader, Asked(source, None, None, was_there=False), rows
    # Its time begins when its minutes are final: somebody may close it weeks after it was held.
    until = from_text(result_row.created_at) + forms.OPEN_FOR if result_row is not None else None
    was_there = was_in_it and _was_there(call, meeting)
    return reader, Asked(source, meeting.ended_at, until, was_there), rows


def _was_there(call: Call, meeting: Meeting) -> bool:
    held = meeting.held(call.now)
    return attendance.presence_of(meeting.gathering, call.actor_id, held).seconds > 0
