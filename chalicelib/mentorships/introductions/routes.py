"""Introductions over HTTP, and the successes of a mentorship, of which each that is made is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.errors import MentorshipNotUnderWay
from chalicelib.mentorships.introductions.errors import (
    CannotIntroduce,
    IntroductionOver,
    NotTheMentor,
    TooManyIntroductions,
)
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.mentorships import successes
    from chalicelib.mentorships.introductions import service
    from chalicelib.mentorships.introductions.schemas import IntroductionBody, IntroductionReplyBody
    from chalicelib.mentorships.introductions.service import SeenIntroduction
    from chalicelib.mentorships.story import Success
else:
    service = later("chalicelib.mentorships.introductions.service")
    successes = later("chalicelib.mentorships.successes")

routes = Routes(__name__, "Introductions")


@routes.endpoint(
    "POST", "/v1/mentorships/{mentorship_id}/introductions", who=Who.PERSON,
    summary="Introduce your mentee to somebody", body="IntroductionBody", answer="IntroductionView", status=201,
    idempotent=True, etag=True,
    errors=(NotTheMentor, MentorshipNotUnderWay, CannotIntroduce, TooManyIntroductions),
)  # fmt: skip
def introduce(call: Call, mentorship_id: str, body: IntroductionBody) -> SeenIntroduction:
    """To somebody of the same programme. Your mentee is asked first, then the third; each has 14 days. With an address
    you are told the same whether or not it is somebody's of the programme. At most 20 a mentorship."""
    return service.introduce(call, mentorship_id, body.to_model(), body.text)


@routes.endpoint(
    "GET", "/v1/me/introductions", who=Who.PERSON, summary="List your introductions", answer="IntroductionView",
    paged=True,
)  # fmt: skip
def my_introductions(call: Call, page: PageRequest) -> Page[SeenIntroduction]:
    """Those that you make, are offered, or are asked for, the latest first."""
    return service.my_introductions(call, page)


@routes.endpoint(
    "GET", "/v1/introductions/{introduction_id}", who=Who.PERSON, summary="Read an introduction",
    answer="IntroductionView", etag=True,
)  # fmt: skip
def read_introduction(call: Call, introduction_id: str) -> SeenIntroduction:
    """For the mentor, the mentee and, once the mentee has said yes, the third. The two who are introduced find each
    other's address in it once both have said yes."""
    return service.read(call, introduction_id)


@routes.endpoint(
    "PUT", "/v1/introductions/{introduction_id}/reply", who=Who.PERSON, summary="Answer an introduction",
    body="IntroductionReplyBody", answer="IntroductionView", errors=(IntroductionOver,),
)  # fmt: skip
def answer_introduction(call: Call, introduction_id: str, body: IntroductionReplyBody) -> SeenIntroduction:
    """A yes of both makes it: each is mailed the other's address, and it counts among the mentorship's successes. A no
    is not told: it looks as if there were no answer. After your yes, a no takes it back."""
    return service.answer(call, introduction_id, body.reply)


@routes.endpoint(
    "GET", "/v1/mentorships/{mentorship_id}/successes", who=Who.PERSON,
    summary="List a mentorship's successes", answer="SuccessesView",
)  # fmt: skip
def list_successes(call: Call, mentorship_id: str) -> tuple[Success, ...]:
    """Goals that were reached and introductions that were made, for the two."""
    return successes.read(call, mentorship_id)
