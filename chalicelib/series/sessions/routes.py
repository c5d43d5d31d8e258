"""Sessions of a series, their clock and their attendance over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.attendance.errors import CorrectionCrossed, MarkedBefore, NotSigned
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.web.endpoint import Routes, SignedRequest, Who
from chalicelib.series.errors import (
    GuestsFull,
    MembershipMoved,
    NotOpenForJoining,
    SeriesRoleRefused,
    SessionMoved,
    SessionNotSo,
    VisitsUsed,
)

if TYPE_CHECKING:
    from chalicelib.series.sessions import service
    from chalicelib.series.sessions.model import Clock, Session
    from chalicelib.series.sessions.schemas import (
        CorrectionBody,
        HookBody,
        MarkBody,
        SeriesMoveBody,
        SeriesSessionChange,
        SeriesSessionsBody,
    )
    from chalicelib.series.sessions.service import Own, Seen
else:
    service = later("chalicelib.series.sessions.service")

routes = Routes(__name__, "Series")

_ALL = "/v1/series/{series_id}/sessions"
_ONE = _ALL + "/{session_id}"
_THERE = _ONE + "/attendance"
_HOOK = "/v1/series/{series_id}/meeting-events"
_MOVED = (SeriesRoleRefused, SessionNotSo, SessionMoved)


@routes.endpoint(
    "POST", _ALL, who=Who.PERSON, summary="Plan sessions of a series", body="SeriesSessionsBody",
    answer="SessionsMadeView", status=201, idempotent=True, errors=(Invalid, SeriesRoleRefused),
)  # fmt: skip
def plan_series_sessions(call: Call, series_id: str, body: SeriesSessionsBody) -> tuple[Session, ...]:
    """One, or one a week at the same time on the series' clock, by a template or blocks of your own. Who takes part is
    mailed a day before each."""
    return service.plan_sessions(call, series_id, body.to_model())


@routes.endpoint(
    "GET", _ALL, who=Who.PERSON, summary="List the sessions of a series", answer="SeriesSessionView", paged=True,
    errors=(SeriesRoleRefused,),
)  # fmt: skip
def list_series_sessions(call: Call, series_id: str, page: PageRequest) -> Page[Session]:
    """By when they begin, to all who take part."""
    return service.list_sessions(call, series_id, page)


@routes.endpoint(
    "GET", _ONE, who=Who.PERSON, summary="Read a session of a series", answer="SeriesSessionView", etag=True,
    errors=(SeriesRoleRefused,),
)  # fmt: skip
def read_series_session(call: Call, series_id: str, session_id: str) -> Session:
    return service.read_session(call, series_id, session_id)


@routes.endpoint(
    "PATCH", _ONE, who=Who.PERSON, summary="Change a session of a series", body="SeriesSessionChange",
    answer="SeriesSessionView", if_match="required", errors=_MOVED,
)  # fmt: skip
def change_series_session(call: Call, series_id: str, session_id: str, body: SeriesSessionChange) -> Session:
    """Until it begins. At another time, who takes part is mailed a day before that."""
    return service.change_session(call, series_id, session_id, body.to_model())


@routes.endpoint(
    "GET", _ONE + "/clock", who=Who.PERSON, summary="Read the clock of a session", answer="SeriesClockView",
    errors=(SeriesRoleRefused,),
)  # fmt: skip
def read_clock(call: Call, series_id: str, session_id: str) -> Clock:
    """What runs, what is over its time, what comes, and when it would end; to who runs the series."""
    return service.read_clock(call, series_id, session_id)


@routes.endpoint(
    "POST", _ONE + "/moves", who=Who.PERSON, summary="Move a session on", body="SeriesMoveBody",
    answer="SeriesClockView", idempotent=True, if_match="optional", errors=_MOVED,
)  # fmt: skip
def move_series_session(call: Call, series_id: str, session_id: str, body: SeriesMoveBody) -> Clock:
    """By who runs the series. Minutes can be corrected between `end` and `close`."""
    return service.move(call, series_id, session_id, body.move, body.ended())


@routes.endpoint(
    "POST", _THERE, who=Who.PERSON, summary="Join a session, or leave it", body="MarkBody", answer="MarkedView",
    status=201, idempotent=True,
    errors=(SeriesRoleRefused, NotOpenForJoining, GuestsFull, VisitsUsed, MembershipMoved, MarkedBefore),
)  # fmt: skip
def mark_attendance(call: Call, series_id: str, session_id: str, body: MarkBody) -> Own:
    """From half an hour before its time. It counts at this instant; time before the session begins and after it ends
    counts for nothing, and two devices, or joining again, never count twice."""
    return service.mark(call, series_id, session_id, body.kind, body.device)


@routes.endpoint(
    "GET", _THERE, who=Who.PERSON, summary="List who attended a session", answer="AttendedView", paged=True,
    errors=(SeriesRoleRefused,),
)  # fmt: skip
def list_attendance(call: Call, series_id: str, session_id: str, page: PageRequest) -> Page[Seen]:
    """To who runs the series, by person; while it runs, up to now."""
    return service.attendance_of(call, series_id, session_id, page)


@routes.endpoint(
    "GET", _ONE + "/attendance.csv", who=Who.PERSON, summary="Read who attended a session as a file",
    text_media_type="text/csv; charset=utf-8", file_name="attendance-{session_id}.csv",
    errors=(SeriesRoleRefused,),
)  # fmt: skip
def attendance_csv(call: Call, series_id: str, session_id: str) -> str:
    """With site, country and income group. No cell runs as a formula."""
    return service.attendance_csv(call, series_id, session_id)


@routes.endpoint(
    "GET", _THERE + "/{person_id}", who=Who.PERSON, summary="Read how long somebody attended a session",
    answer="AttendedInFullView", errors=(SeriesRoleRefused,),
)  # fmt: skip
def read_attendance(call: Call, series_id: str, session_id: str, person_id: str) -> Seen:
    """Your own, or to who runs the series anybody's: the stretches of time, and who corrected what, when and why."""
    return service.presence_of(call, series_id, session_id, person_id)


@routes.endpoint(
    "POST", _THERE + "/{person_id}", who=Who.PERSON, summary="Correct how long somebody attended",
    body="CorrectionBody", answer="AttendedInFullView", idempotent=True,
    errors=(*_MOVED, CorrectionCrossed),
)  # fmt: skip
def correct_attendance(
    call: Call, series_id: str, session_id: str, person_id: str, body: CorrectionBody
) -> Seen:
    """By who runs the series, for another person, after it has ended and before it is closed. Who did it, when,
    why, and the seconds before and after stay."""
    return service.correct(call, series_id, session_id, person_id, body.minutes, body.reason)


@routes.endpoint(
    "PUT", _HOOK, who=Who.PERSON, summary="Set the secret of a series' calls", body="HookBody", status=204,
    errors=(SeriesRoleRefused,),
)  # fmt: skip
def set_meeting_secret(call: Call, series_id: str, body: HookBody) -> None:
    """By its owner: the secret token of the Zoom app that sends its events to this address."""
    service.set_hook(call, series_id, body.secret)


@routes.endpoint(
    "POST", _HOOK, who=Who.ANYONE, summary="Take an event of a series' calls", answer="HookAnswer", signed=True,
    errors=(NotSigned, Invalid),
)  # fmt: skip
def hear_meeting_event(call: Call, series_id: str, request: SignedRequest) -> dict[str, str]:
    """For Zoom: `meeting.participant_joined`, `meeting.participant_left` and the validation of this address, signed
    with the series' secret within five minutes. The same event again changes nothing; other events are let pass."""
    return service.hear(call, series_id, request.headers, request.body)
