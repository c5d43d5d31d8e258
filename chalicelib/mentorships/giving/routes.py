"""Time given over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.web.endpoint import Routes, Who
from chalicelib.programmes.errors import NotEnrolled

if TYPE_CHECKING:
    from chalicelib.mentorships.giving import service
    from chalicelib.mentorships.giving.model import Giving
    from chalicelib.mentorships.giving.schemas import GivingBody, MonthQuery, TimeGivenQuery
    from chalicelib.mentorships.giving.service import MentorTime, Month
else:
    service = later("chalicelib.mentorships.giving.service")

routes = Routes(__name__, "Time given")

_GIVING = "/v1/me/giving/{programme_id}"


@routes.endpoint(
    "GET", "/v1/me/time-given", who=Who.PERSON, summary="Read the time that you gave as a mentor",
    query="TimeGivenQuery", answer="TimeGivenView",
)  # fmt: skip
def my_time_given(call: Call, query: TimeGivenQuery) -> tuple[Month, ...]:
    """By month and programme, the latest first, with each mentorship; by default of the last twelve months. Sessions
    that were held count, for as long as both agree, in the month (UTC) in which they began."""
    return service.my_time(call, query.first, query.last)


@routes.endpoint(
    "GET", _GIVING, who=Who.PERSON, summary="Read your pledge in a programme", answer="GivingView"
)
def read_giving(call: Call, programme_id: str) -> Giving:
    """Yours alone, but for the name under which you wish to be thanked."""
    return service.read_giving(call, programme_id)


@routes.endpoint(
    "PUT", _GIVING, who=Who.PERSON, summary="Pledge time, and say whether you wish to be thanked", body="GivingBody",
    answer="GivingView", errors=(NotEnrolled,),
)  # fmt: skip
def set_giving(call: Call, programme_id: str, body: GivingBody) -> Giving:
    """For mentors of the programme. A pledge counts from today on. Who takes their word back is off the board at
    once."""
    return service.set_giving(call, programme_id, body.minutes_a_week, body.thank_me_as)


@routes.endpoint(
    "GET", "/v1/programmes/{programme_id}/time-given", who=Who.COORDINATOR, summary="List the time that mentors gave",
    query="MonthQuery", answer="MentorTimeView", paged=True,
)  # fmt: skip
def list_time_given(call: Call, programme_id: str, query: MonthQuery, page: PageRequest) -> Page[MentorTime]:
    """Who gave time in a month, by default this one, in no order of how much. A page holds at most 50."""
    return service.programme_time(call, programme_id, query.month, page)


@routes.endpoint(
    "GET", "/v1/programmes/{programme_id}/thanks", who=Who.PERSON, summary="See which mentors are thanked",
    query="MonthQuery", answer="ThankedView", paged=True,
)  # fmt: skip
def list_thanked(call: Call, programme_id: str, query: MonthQuery, page: PageRequest) -> Page[str]:
    """For the programme's people and its staff: mentors who wish it and gave an hour or more in a month, by default the
    last, by name and without figures. A page may hold fewer than it was asked for."""
    return service.thanked(call, programme_id, query.month, page)
