"""Meetings of a circle over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.attendance.errors import CorrectionCrossed, MarkedBefore
from chalicelib.circles.errors import (
    AgendaFull,
    CircleNotSo,
    CircleRoleRefused,
    MeetingMoved,
    MeetingNotOpen,
    MeetingNotSo,
)
from chalicelib.credits.feedback.errors import REFUSALS
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.circles.meetings import feedback, service
    from chalicelib.circles.meetings.schemas import (
        CircleCorrectionBody,
        CircleMarkBody,
        CircleMeetingChange,
        CircleMeetingMoveBody,
        CircleMeetingsBody,
    )
    from chalicelib.circles.meetings.service import OwnMark, SeenMeeting, SeenPresence
    from chalicelib.credits.feedback.schemas import ActivityFeedbackBody
    from chalicelib.credits.service import SeenFeedback
else:
    feedback = later("chalicelib.circles.meetings.feedback")
    service = later("chalicelib.circles.meetings.service")

routes = Routes(__name__, "Circles")

_ALL = "/v1/circles/{circle_id}/meetings"
_ONE = _ALL + "/{meeting_id}"
_THERE = _ONE + "/attendance"


@routes.endpoint(
    "POST", _ALL, who=Who.PERSON, summary="Plan meetings of a circle", body="CircleMeetingsBody",
    answer="CircleMeetingsView", status=201, idempotent=True,
    errors=(Invalid, CircleRoleRefused, CircleNotSo, MeetingMoved),
)  # fmt: skip
def plan_circle_meetings(call: Call, circle_id: str, body: CircleMeetingsBody) -> tuple[SeenMeeting, ...]:
    """At one time of a clock, which they keep when clocks change, and no two at once; by who leads the circle, among
    peers by anybody, and by coordinators."""
    return service.plan(call, circle_id, body.to_model())


@routes.endpoint(
    "GET", _ALL, who=Who.PERSON, summary="List the meetings of a circle", answer="CircleMeetingsView",
)  # fmt: skip
def list_circle_meetings(call: Call, circle_id: str) -> tuple[SeenMeeting, ...]:
    """All of them by when they begin, with whose turn it is to present and to host."""
    return service.meetings_of(call, circle_id)


@routes.endpoint(
    "GET",
    _ONE,
    who=Who.PERSON,
    summary="Read a meeting and its agenda",
    answer="CircleMeetingView",
    etag=True,
)
def read_circle_meeting(call: Call, circle_id: str, meeting_id: str) -> SeenMeeting:
    """Coordinators read no notes."""
    return service.read(call, circle_id, meeting_id)


@routes.endpoint(
    "PATCH", _ONE, who=Who.PERSON, summary="Move a meeting to another time", body="CircleMeetingChange",
    answer="CircleMeetingView", if_match="required",
    errors=(CircleRoleRefused, MeetingNotSo, MeetingMoved, Invalid),
)  # fmt: skip
def change_circle_meeting(
    call: Call, circle_id: str, meeting_id: str, body: CircleMeetingChange
) -> SeenMeeting:
    """Or it and those after it. Everybody is written to."""
    return service.change(call, circle_id, meeting_id, body.to_model())


@routes.endpoint(
    "POST", _ONE + "/moves", who=Who.PERSON, summary="Begin, end or close a meeting; its turns and agenda",
    body="CircleMeetingMoveBody", answer="CircleMeetingView", idempotent=True, if_match="optional", etag=True,
    errors=(CircleRoleRefused, CircleNotSo, MeetingNotSo, MeetingMoved, AgendaFull, Invalid),
)  # fmt: skip
def move_circle_meeting(
    call: Call, circle_id: str, meeting_id: str, body: CircleMeetingMoveBody
) -> SeenMeeting:
    """Its host begins and ends it; who leads the circle, and coordinators, do all of these. Whose turn it is
    may give it to somebody else; whoever takes part writes on the agenda."""
    return service.act(call, circle_id, meeting_id, body.to_model())


@routes.endpoint(
    "POST", _THERE, who=Who.PERSON, summary="Join or leave a meeting", body="CircleMarkBody",
    answer="CircleMarkedView", errors=(MeetingNotOpen, CircleNotSo, CircleRoleRefused, MarkedBefore),
)  # fmt: skip
def mark_circle_attendance(call: Call, circle_id: str, meeting_id: str, body: CircleMarkBody) -> OwnMark:
    """On the join page: it counts from when the meeting begins until it ends, each moment once."""
    return service.mark(call, circle_id, meeting_id, body.kind, body.device)


@routes.endpoint(
    "GET", _THERE, who=Who.PERSON, summary="Read who was at a meeting", answer="CirclePresenceView", paged=True,
)  # fmt: skip
def list_circle_attendance(
    call: Call, circle_id: str, meeting_id: str, page: PageRequest
) -> Page[SeenPresence]:
    """All, to who leads the circle, among peers to everybody, and to coordinators; to others their own."""
    return service.attendance_of(call, circle_id, meeting_id, page)


@routes.endpoint(
    "PUT", _THERE, who=Who.PERSON, summary="Correct somebody's minutes", body="CircleCorrectionBody",
    answer="CirclePresenceView",
    errors=(CircleRoleRefused, MeetingNotSo, MeetingMoved, CorrectionCrossed, Invalid),
)  # fmt: skip
def correct_circle_attendance(
    call: Call, circle_id: str, meeting_id: str, body: CircleCorrectionBody
) -> SeenPresence:
    """After the meeting has ended and before it is closed, by who leads the circle or a coordinator; never
    one's own."""
    return service.correct(call, circle_id, meeting_id, body.person_id, body.minutes, body.reason)


@routes.endpoint(
    "GET", _ONE + "/feedback", who=Who.PERSON, summary="Read what you are asked about a meeting, and what came of it",
    answer="credits.feedback.ActivityFeedbackView",
)  # fmt: skip
def read_circle_feedback(call: Call, circle_id: str, meeting_id: str) -> SeenFeedback:
    """With your own feedback; to coordinators, and not to who leads the circle, sums of five people or more, which
    grow by whole fives."""
    return feedback.read(call, circle_id, meeting_id)


@routes.endpoint(
    "POST", _ONE + "/feedback", who=Who.PERSON, summary="Give feedback on a meeting of a circle",
    body="credits.feedback.ActivityFeedbackBody", answer="credits.feedback.ActivityFeedbackView", idempotent=True,
    errors=REFUSALS,
)  # fmt: skip
def give_circle_feedback(
    call: Call, circle_id: str, meeting_id: str, body: ActivityFeedbackBody
) -> SeenFeedback:
    """By whoever was there, from its end until 28 days after it was closed; sent again within a week it corrects what
    was sent. Schemes of credit that ask for feedback count the meeting from then on."""
    return feedback.give(call, circle_id, meeting_id, body.to_model())
