"""Speed events over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.credits.feedback.errors import REFUSALS
from chalicelib.events.errors import (
    EventFull,
    EventMoved,
    EventNotSo,
    EventsOverlap,
    MeetingMoved,
    NobodyMeets,
    NotInProgramme,
    NotVerifiedHere,
    PlaceOtherwise,
    PlacesClosed,
    QuestionsIdentify,
    WishStands,
)
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid, Unavailable
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.web.endpoint import Routes, Who
from chalicelib.programmes.errors import ProgrammeNotRunning

if TYPE_CHECKING:
    from chalicelib.credits.feedback.schemas import ActivityFeedbackBody
    from chalicelib.credits.service import SeenFeedback
    from chalicelib.events import feedback, meeting, placing, service
    from chalicelib.events.meeting import SeenMeeting, SeenQuestions
    from chalicelib.events.model import Clock
    from chalicelib.events.placing import SeenPlace, SeenPlaces
    from chalicelib.events.schemas import (
        EventChangeBody,
        EventMeetingBody,
        EventMoveBody,
        EventPlaceMoveBody,
        EventPlacesBody,
        EventPlanBody,
        EventQuestionsBody,
    )
    from chalicelib.events.service import SeenEvent, SeenTimetable
else:
    feedback = later("chalicelib.events.feedback")
    meeting = later("chalicelib.events.meeting")
    placing = later("chalicelib.events.placing")
    service = later("chalicelib.events.service")

routes = Routes(__name__, "Speed events")

_ALL = "/v1/programmes/{programme_id}/events"
_ONE = "/v1/events/{event_id}"


@routes.endpoint(
    "POST",
    _ALL,
    who=Who.COORDINATOR,
    summary="Plan a speed event",
    body="EventPlanBody",
    answer="EventView",
    status=201,
    idempotent=True,
    etag=True,
    errors=(Invalid, ProgrammeNotRunning),
)
def plan_event(call: Call, programme_id: str, body: EventPlanBody) -> SeenEvent:
    """For the people of a programme. By default five rounds of ten minutes with two between them, which is the form
    that has been published."""
    return service.plan(call, programme_id, body.to_model())


@routes.endpoint(
    "GET", _ALL, who=Who.PERSON, summary="List a programme's speed events", answer="EventView", paged=True
)
def list_events(call: Call, programme_id: str, page: PageRequest) -> Page[SeenEvent]:
    """To who is in the programme, and its coordinators; the latest first."""
    return service.list_events(call, programme_id, page)


@routes.endpoint(
    "GET", "/v1/events", who=Who.PERSON, summary="List your speed events", answer="EventView", paged=True
)
def my_events(call: Call, page: PageRequest) -> Page[SeenEvent]:
    """Those at which you have a seat, or wait for one, with what else you have at the same time."""
    return service.my_events(call, page)


@routes.endpoint("GET", _ONE, who=Who.PERSON, summary="Read a speed event", answer="EventView", etag=True)
def read_event(call: Call, event_id: str) -> SeenEvent:
    """To who is in its programme, and coordinators."""
    return service.read_event(call, event_id)


@routes.endpoint(
    "PATCH",
    _ONE,
    who=Who.COORDINATOR,
    summary="Change a speed event",
    body="EventChangeBody",
    answer="EventView",
    if_match="required",
    errors=(Invalid, EventNotSo, EventMoved, Unavailable),
)
def change_event(call: Call, event_id: str, body: EventChangeBody) -> SeenEvent:
    """Anything of its plan until the timetable is published, then its title and link. Who has a place is written to
    when its hours change; with more seats, who waits moves up."""
    return service.change_event(call, event_id, body.changes())


@routes.endpoint(
    "POST",
    _ONE + "/moves",
    who=Who.COORDINATOR,
    summary="Publish, put off, cancel or close a speed event",
    body="EventMoveBody",
    answer="EventView",
    idempotent=True,
    if_match="optional",
    errors=(Invalid, EventNotSo, EventMoved, NobodyMeets, Unavailable),
)
def move_event(call: Call, event_id: str, body: EventMoveBody) -> SeenEvent:
    """An event that nobody closes closes itself a week after its end."""
    return service.move(call, event_id, body.move, body.minutes, body.reason)


@routes.endpoint(
    "POST",
    _ONE + "/places",
    who=Who.PERSON,
    summary="Take a place at a speed event",
    body="EventPlacesBody",
    answer="EventPlacesView",
    idempotent=True,
    errors=(
        Invalid, PlacesClosed, NotInProgramme, NotVerifiedHere, PlaceOtherwise, EventsOverlap, EventFull, EventMoved,
        Unavailable,
    ),
)  # fmt: skip
def take_place(call: Call, event_id: str, body: EventPlacesBody) -> SeenPlaces:
    """For yourself, if you are active in the programme, as a mentor if you are verified; or as its coordinator for
    others. Where all seats are taken you wait, and the first who waits moves up when somebody leaves."""
    return placing.take(call, event_id, body.wanted(call.actor_id), waits=body.waits)


@routes.endpoint(
    "GET",
    _ONE + "/places",
    who=Who.COORDINATOR,
    summary="List who has a place at a speed event",
    answer="EventPlacesView",
)
def list_places(call: Call, event_id: str) -> SeenPlaces:
    """And who waits for one, with what was told of who is there."""
    return placing.list_places(call, event_id)


@routes.endpoint(
    "POST",
    _ONE + "/places/{person_id}",
    who=Who.PERSON,
    summary="Give a place back, or tell who is there",
    body="EventPlaceMoveBody",
    answer="EventPlaceView",
    idempotent=True,
    errors=(Invalid, EventNotSo, EventMoved, Unavailable),
)
def move_place(call: Call, event_id: str, person_id: str, body: EventPlaceMoveBody) -> SeenPlace:
    """Of yourself, or as a coordinator of anybody; that somebody is missing is told by who waits for them. It is kept
    at once, and the rest of the timetable is made anew within seconds: rounds that have begun, or begin within half a
    minute, stay."""
    until = body.from_round - 1 if body.from_round else None
    return placing.move(call, event_id, person_id, body.move, until)


@routes.endpoint(
    "GET",
    _ONE + "/timetable",
    who=Who.PERSON,
    summary="Read the timetable of a speed event",
    answer="EventTimetableView",
    max_age=0,
    errors=(EventNotSo,),
)
def read_timetable(call: Call, event_id: str) -> SeenTimetable:
    """Your own meetings; to coordinators all of it, and before it is published as it would be."""
    return service.read_timetable(call, event_id)


@routes.endpoint(
    "GET",
    _ONE + "/clock",
    who=Who.PERSON,
    summary="Read how a speed event runs",
    answer="EventClockView",
)
def read_event_clock(call: Call, event_id: str) -> Clock:
    """Which round runs, what is next, and the version of the timetable: one cheap read, to be asked for often."""
    return service.read_clock(call, event_id)


@routes.endpoint(
    "GET",
    _ONE + "/questions",
    who=Who.PERSON,
    summary="Read what is asked ahead of a speed event",
    answer="EventQuestionsView",
)
def read_questions(call: Call, event_id: str) -> SeenQuestions:
    """As a mentee your own, as a mentor those of the mentees whom you will meet, unless it is cancelled; nobody else
    reads them."""
    return meeting.questions(call, event_id)


@routes.endpoint(
    "PUT",
    _ONE + "/questions",
    who=Who.PERSON,
    summary="Ask ahead of a speed event",
    body="EventQuestionsBody",
    answer="EventQuestionsView",
    errors=(Invalid, QuestionsIdentify, EventNotSo),
)
def ask_ahead(call: Call, event_id: str, body: EventQuestionsBody) -> SeenQuestions:
    """Up to three questions of yours, a mentee's, in the place of those before."""
    return meeting.ask(call, event_id, body.questions)


@routes.endpoint(
    "GET",
    _ONE + "/meetings/{person_id}",
    who=Who.PERSON,
    summary="Read what you keep of a meeting",
    answer="EventMeetingView",
    etag=True,
)
def read_meeting(call: Call, event_id: str, person_id: str) -> SeenMeeting:
    """Of a meeting that is over: your note, and whether you would like to go on."""
    return meeting.read(call, event_id, person_id)


@routes.endpoint(
    "PUT",
    _ONE + "/meetings/{person_id}",
    who=Who.PERSON,
    summary="Keep a note of a meeting, or say that you would like to go on",
    body="EventMeetingBody",
    answer="EventMeetingView",
    if_match="optional",
    errors=(Invalid, EventNotSo, EventMoved, MeetingMoved, WishStands, Unavailable),
)
def keep_meeting(call: Call, event_id: str, person_id: str, body: EventMeetingBody) -> SeenMeeting:
    """Once both of you would like to go on, it becomes a proposal, and both are written to. Until then nobody learns of
    your wish."""
    return meeting.keep(call, event_id, person_id, body.note, body.go_on)


@routes.endpoint(
    "GET", _ONE + "/feedback", who=Who.PERSON, summary="Read what you are asked about an event, and what came of it",
    answer="credits.feedback.ActivityFeedbackView",
)  # fmt: skip
def read_event_feedback(call: Call, event_id: str) -> SeenFeedback:
    """With your own feedback; to coordinators sums of five people or more, which grow by whole fives."""
    return feedback.read(call, event_id)


@routes.endpoint(
    "POST", _ONE + "/feedback", who=Who.PERSON, summary="Give feedback on an event",
    body="credits.feedback.ActivityFeedbackBody", answer="credits.feedback.ActivityFeedbackView", idempotent=True,
    errors=REFUSALS,
)  # fmt: skip
def give_event_feedback(call: Call, event_id: str, body: ActivityFeedbackBody) -> SeenFeedback:
    """By whoever met somebody at it, for 28 days after its last round; sent again within a week it corrects what was
    sent. Schemes of credit that ask for feedback count the event from then on."""
    return feedback.give(call, event_id, body.to_model())
