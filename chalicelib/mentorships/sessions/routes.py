"""Sessions over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.calendars.errors import TimeTaken
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import RoleRefused
from chalicelib.kernel.later import later
from chalicelib.mentorships.errors import MentorshipNotUnderWay
from chalicelib.mentorships.sessions.errors import (
    AccountsClosed,
    CannotMeet,
    NoSeries,
    NothingProposed,
    OfferWaits,
    OutsideAvailability,
    PastLastDay,
    SessionBegun,
    SessionCancelled,
    SessionMoved,
    SessionNotBegun,
    TooManySessions,
)
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.mentorships.sessions import booking, placing, recording, service
    from chalicelib.mentorships.sessions.placing import SeenWays
    from chalicelib.mentorships.sessions.recording import SeenAgenda
    from chalicelib.mentorships.sessions.schemas import (
        ActionsBody,
        AgendaBody,
        AttendanceBody,
        EndBody,
        MeetingWaysBody,
        PlaceBody,
        RescheduleBody,
        ScopeBody,
        SeriesBody,
        SessionBody,
        SessionNoteBody,
        TimesQuery,
    )
    from chalicelib.mentorships.sessions.service import SeenSession, SeenSessions, Times
else:
    booking = later("chalicelib.mentorships.sessions.booking")
    placing = later("chalicelib.mentorships.sessions.placing")
    recording = later("chalicelib.mentorships.sessions.recording")
    service = later("chalicelib.mentorships.sessions.service")

routes = Routes(__name__, "Sessions")

_ALL, _ONE = (
    "/v1/mentorships/{mentorship_id}/sessions",
    "/v1/mentorships/{mentorship_id}/sessions/{session_id}",
)
_WAYS = "/v1/me/meeting-ways"
_BOOKING = (MentorshipNotUnderWay, PastLastDay, CannotMeet, OutsideAvailability, TimeTaken)
_CHANGE = (MentorshipNotUnderWay, SessionMoved, SessionCancelled)


@routes.endpoint(
    "GET", "/v1/mentorships/{mentorship_id}/times", who=Who.PERSON, summary="Find a time that suits both",
    query="TimesQuery", answer="TimesView", errors=(MentorshipNotUnderWay,),
)  # fmt: skip
def find_times(call: Call, mentorship_id: str, query: TimesQuery) -> Times:
    """From what both say of their week and what both have booked, on both clocks with all their changes; the most
    comfortable for both first, and five of each week at most."""
    return service.find_times(call, mentorship_id, query.weeks, query.minutes)


@routes.endpoint(
    "GET", _ALL, who=Who.PERSON, summary="List the sessions of a mentorship", answer="SessionsView",
    errors=(RoleRefused,),
)  # fmt: skip
def list_sessions(call: Call, mentorship_id: str) -> SeenSessions:
    """All of them in time's order, cancelled ones too, for its two people and the programme's coordinators. In a
    series each says by how much it comes later on each clock than the one before, where clocks are changed."""
    return service.list_sessions(call, mentorship_id)


@routes.endpoint(
    "POST", _ALL, who=Who.PERSON, summary="Book a session", body="SessionBody", answer="SessionView", status=201,
    idempotent=True, etag=True, errors=(*_BOOKING, TooManySessions),
)  # fmt: skip
def book_session(call: Call, mentorship_id: str, body: SessionBody) -> SeenSession:
    """Both people's time is booked at once, and never twice; the other is mailed. Where somebody's week has no room
    for it, `outside_availability` proposes it to the other, and it is booked when they accept."""
    return booking.book(call, mentorship_id, body.to_model())


@routes.endpoint(
    "POST", "/v1/mentorships/{mentorship_id}/series", who=Who.PERSON, summary="Book a series of sessions",
    body="SeriesBody", answer="SessionsView", status=201, idempotent=True, errors=(*_BOOKING, TooManySessions),
)  # fmt: skip
def book_series(call: Call, mentorship_id: str, body: SeriesBody) -> SeenSessions:
    """All of it or nothing. It keeps its time on the clock of the zone that you choose; the answer has each session on
    both clocks, and says where a change of clocks moves it on one."""
    return booking.book_series(call, mentorship_id, body.to_model())


@routes.endpoint(
    "GET",
    _ONE,
    who=Who.PERSON,
    summary="Read a session",
    answer="SessionView",
    etag=True,
    errors=(RoleRefused,),
)
def read_session(call: Call, mentorship_id: str, session_id: str) -> SeenSession:
    """For the two, and the programme's coordinators."""
    return service.read_session(call, mentorship_id, session_id)


@routes.endpoint(
    "POST", _ONE + "/reschedule", who=Who.PERSON, summary="Move a session", body="RescheduleBody",
    answer="SessionView", idempotent=True, if_match="required", errors=(*_BOOKING, *_CHANGE, SessionBegun, NoSeries),
)  # fmt: skip
def reschedule_session(call: Call, mentorship_id: str, session_id: str, body: RescheduleBody) -> SeenSession:
    """Its reminders move with it, and the other is mailed. With `outside_availability`, where a week has no room, the
    time is proposed: what is booked stands until the other accepts."""
    return booking.reschedule(call, mentorship_id, session_id, body.to_model(), body.scope)


@routes.endpoint(
    "POST", _ONE + "/cancel", who=Who.PERSON, summary="Cancel a session", body="EndBody", answer="SessionView",
    idempotent=True, if_match="required", errors=(*_CHANGE, SessionBegun, NoSeries),
)  # fmt: skip
def cancel_session(call: Call, mentorship_id: str, session_id: str, body: EndBody) -> SeenSession:
    """Before it begins; late if that is in less than 24 hours. Both people's time is free at once, and the other is
    mailed."""
    return booking.cancel(call, mentorship_id, session_id, body.scope, body.text)


@routes.endpoint(
    "POST", _ONE + "/accept", who=Who.PERSON, summary="Accept a proposed time", body="ScopeBody",
    answer="SessionView", idempotent=True, if_match="required",
    errors=(*_CHANGE, SessionBegun, NoSeries, NothingProposed, CannotMeet, TimeTaken),
)  # fmt: skip
def accept_session(call: Call, mentorship_id: str, session_id: str, body: ScopeBody) -> SeenSession:
    """Of the other's proposal, although a week has no room for it. It is booked if it is still free."""
    return booking.accept(call, mentorship_id, session_id, body.scope)


@routes.endpoint(
    "POST", _ONE + "/decline", who=Who.PERSON, summary="Decline a proposed time", body="EndBody",
    answer="SessionView", idempotent=True, if_match="required", errors=(*_CHANGE, NoSeries, NothingProposed),
)  # fmt: skip
def decline_session(call: Call, mentorship_id: str, session_id: str, body: EndBody) -> SeenSession:
    """Or take back your own proposal. What is booked stays as it is."""
    return booking.decline(call, mentorship_id, session_id, body.scope, body.text)


@routes.endpoint(
    "PUT", _ONE + "/place", who=Who.PERSON, summary="Change how you meet", body="PlaceBody", answer="SessionView",
    if_match="required", errors=(*_CHANGE, SessionBegun, NoSeries, OfferWaits),
)  # fmt: skip
def change_place(call: Call, mentorship_id: str, session_id: str, body: PlaceBody) -> SeenSession:
    """By video or voice at the link that the programme or the mentor has for it, by phone, or in a chat. The other is
    mailed, and both calendars change. Send the same again to take up a number or link that one of you has changed
    since."""
    return placing.change_place(call, mentorship_id, session_id, body.channel, body.caller, body.scope)


@routes.endpoint(
    "GET", _WAYS, who=Who.PERSON, summary="Read where you can be met", answer="MeetingWaysView", etag=True
)
def my_meeting_ways(call: Call) -> SeenWays:
    """Your own link, phone number and chat."""
    return placing.my_ways(call)


@routes.endpoint(
    "PUT", _WAYS, who=Who.PERSON, summary="Say where you can be met", body="MeetingWaysBody",
    answer="MeetingWaysView", if_match="optional",
)  # fmt: skip
def write_meeting_ways(call: Call, body: MeetingWaysBody) -> SeenWays:
    """Replaces all that you said before, for what is booked from now on. Whom you have a session with reads of it what
    that session needs: your link if you are the mentor, or of peers who books; your number if you are called."""
    return placing.write_ways(call, body.link, body.phone, body.chat)


@routes.endpoint(
    "PUT", _ONE + "/attendance", who=Who.PERSON, summary="Say how a session went", body="AttendanceBody",
    answer="SessionView", if_match="required", errors=(*_CHANGE, SessionNotBegun, AccountsClosed),
)  # fmt: skip
def say_attendance(call: Call, mentorship_id: str, session_id: str, body: AttendanceBody) -> SeenSession:
    """From its beginning; that the other did not come, from ten minutes on. If the other says that you were missing
    and you were there, say `met`: then it is contested, and a coordinator sees both accounts. You can change yours for
    30 days, also once your mentorship is over."""
    return recording.say(call, mentorship_id, session_id, body.said, body.minutes, body.reached)


@routes.endpoint(
    "GET", "/v1/mentorships/{mentorship_id}/agenda", who=Who.PERSON, summary="Read the agenda", answer="AgendaView",
    etag=True,
)  # fmt: skip
def read_agenda(call: Call, mentorship_id: str) -> SeenAgenda:
    """What the two have yet to speak of; for them alone."""
    return recording.read_agenda(call, mentorship_id)


@routes.endpoint(
    "PUT", "/v1/mentorships/{mentorship_id}/agenda", who=Who.PERSON, summary="Write the agenda", body="AgendaBody",
    answer="AgendaView", if_match="required", errors=(MentorshipNotUnderWay,),
)  # fmt: skip
def write_agenda(call: Call, mentorship_id: str, body: AgendaBody) -> SeenAgenda:
    """For the next session, both of you on one list. Say with PUT …/attendance what was reached in it: that goes to the
    session's record, and the rest is carried over to the one after."""
    return recording.write_agenda(call, mentorship_id, body.to_model())


@routes.endpoint(
    "PUT", _ONE + "/notes", who=Who.PERSON, summary="Write your note on a session", body="SessionNoteBody",
    answer="SessionView", errors=_CHANGE,
)  # fmt: skip
def write_note(call: Call, mentorship_id: str, session_id: str, body: SessionNoteBody) -> SeenSession:
    """Shared with the other, or for you alone. Each has one of their own; nobody else reads a private one."""
    return recording.write_note(call, mentorship_id, session_id, body.to_model())


@routes.endpoint(
    "PUT", _ONE + "/actions", who=Who.PERSON, summary="Write the action items of a session", body="ActionsBody",
    answer="SessionView", if_match="required", errors=_CHANGE,
)  # fmt: skip
def write_actions(call: Call, mentorship_id: str, session_id: str, body: ActionsBody) -> SeenSession:
    """What each of you is to do, by when, and what is done."""
    return recording.write_actions(call, mentorship_id, session_id, body.to_model())
