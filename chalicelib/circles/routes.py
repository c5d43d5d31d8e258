"""Circles over HTTP: how a programme has them, forming them, and who has a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.circles.errors import (
    CircleFull,
    CircleMoved,
    CircleNotSo,
    CircleRoleRefused,
    FormingMoved,
    FormingNotSo,
    NoCirclePlan,
    NotEligible,
    PlaceNotSo,
)
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid, Unavailable, VersionRequired
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.web.endpoint import Routes, Who
from chalicelib.programmes.errors import NoPlaceLeft, ProgrammeNotRunning

if TYPE_CHECKING:
    from chalicelib.certificates.model import Certificate
    from chalicelib.circles import service
    from chalicelib.circles.forming import SeenForming
    from chalicelib.circles.model import CirclePlan
    from chalicelib.circles.schemas import (
        CircleFormingBody,
        CircleFormingQuery,
        CircleMoveBody,
        CirclePlaceBody,
        CirclePlanBody,
    )
    from chalicelib.circles.service import SeenCircle, SeenPlace
else:
    service = later("chalicelib.circles.service")

routes = Routes(__name__, "Circles")

_PROGRAMME = "/v1/programmes/{programme_id}"
_PLAN = _PROGRAMME + "/circle-plan"
_FORMING = _PROGRAMME + "/circle-forming"
_ONE = "/v1/circles/{circle_id}"
_PLACES = _ONE + "/places"


@routes.endpoint(
    "GET", _PLAN, who=Who.COORDINATOR, summary="Read how a programme's circles are", answer="CirclePlanView", etag=True
)  # fmt: skip
def read_circle_plan(call: Call, programme_id: str) -> CirclePlan:
    """As they usually are, where nobody has said."""
    return service.read_plan(call, programme_id)


@routes.endpoint(
    "PUT", _PLAN, who=Who.COORDINATOR, summary="Say how a programme's circles are", body="CirclePlanBody",
    answer="CirclePlanView", if_match="optional", etag=True, errors=(Invalid,),
)  # fmt: skip
def set_circle_plan(call: Call, programme_id: str, body: CirclePlanBody) -> CirclePlan:
    """It counts for circles that are formed from now on."""
    return service.set_plan(call, programme_id, body.to_model(programme_id))


@routes.endpoint(
    "GET", _FORMING, who=Who.COORDINATOR, summary="Look at who would be with whom", query="CircleFormingQuery",
    answer="CircleFormingView", etag=True, errors=(NoCirclePlan, Invalid),
)  # fmt: skip
def read_circle_forming(call: Call, programme_id: str, query: CircleFormingQuery) -> SeenForming:
    """The circles page by page, and then who is left out, and why. Nobody of them is told before it is published."""
    return service.read_forming(call, programme_id, query.page())


@routes.endpoint(
    "POST", _FORMING, who=Who.COORDINATOR, summary="Form circles, or publish what was formed",
    body="CircleFormingBody", answer="CircleFormingView", status=202, idempotent=True, if_match="optional", etag=True,
    errors=(NoCirclePlan, FormingNotSo, FormingMoved, ProgrammeNotRunning, VersionRequired),
)  # fmt: skip
def move_circle_forming(call: Call, programme_id: str, body: CircleFormingBody) -> SeenForming:
    """Of all enrolled who are without a circle, as one problem; free seats of circles that there are are filled, too.
    It is worked out within a minute or so: read it. Publish it with the ETag of what you looked at: everybody is then
    asked whether they come. While it is `publishing` it may be published again, and goes on where it stopped."""
    return service.move_forming(call, programme_id, body.move)


@routes.endpoint(
    "GET", _PROGRAMME + "/circles", who=Who.PERSON, summary="List a programme's circles", answer="CircleView",
    paged=True,
)  # fmt: skip
def list_circles(call: Call, programme_id: str, page: PageRequest) -> Page[SeenCircle]:
    """To its coordinators all; to who is enrolled those that are not closed, without their people. The latest first."""
    return service.circles_in(call, programme_id, page)


@routes.endpoint(
    "GET", "/v1/circles", who=Who.PERSON, summary="List your circles", answer="CircleView", paged=True
)
def my_circles(call: Call, page: PageRequest) -> Page[SeenCircle]:
    """Those in which you take part or did, are offered a place, or wait for one; the latest first."""
    return service.my_circles(call, page)


@routes.endpoint("GET", _ONE, who=Who.PERSON, summary="Read a circle", answer="CircleView", etag=True)
def read_circle(call: Call, circle_id: str) -> SeenCircle:
    """With its people to who takes part or is asked to, and to coordinators; without them to who waits or is enrolled
    in its programme."""
    return service.read_circle(call, circle_id)


@routes.endpoint(
    "POST", _ONE + "/moves", who=Who.PERSON, summary="Hold, resume or close a circle", body="CircleMoveBody",
    answer="CircleView", idempotent=True, if_match="optional", etag=True,
    errors=(CircleRoleRefused, CircleNotSo, CircleMoved, Unavailable),
)  # fmt: skip
def move_circle(call: Call, circle_id: str, body: CircleMoveBody) -> SeenCircle:
    """By coordinators of the programme. A circle that nobody leads any more is held by itself; add somebody who leads
    it, have it go on as peers, or close it."""
    return service.move(call, circle_id, body.move, body.reason)


@routes.endpoint(
    "PUT", _PLACES, who=Who.PERSON, summary="Take the place you are offered, or wait for one",
    answer="CirclePlaceView", errors=(NotEligible, CircleFull, CircleNotSo, PlaceNotSo, Unavailable),
)  # fmt: skip
def take_circle_place(call: Call, circle_id: str) -> SeenPlace:
    """Who is enrolled in the programme may wait for a seat in any of its circles. Free seats are offered in the order
    in which people asked, by mail."""
    return service.take_place(call, circle_id)


@routes.endpoint(
    "DELETE", _PLACES, who=Who.PERSON, summary="Give your place in a circle up", status=204,
    errors=(CircleNotSo, Unavailable),
)  # fmt: skip
def give_up_circle_place(call: Call, circle_id: str) -> None:
    """Or decline an offer, or wait no more. Your seat goes to who waits. What you attended stays yours."""
    service.give_up_place(call, circle_id)


@routes.endpoint(
    "POST", _PLACES, who=Who.PERSON, summary="Add, move or remove somebody", body="CirclePlaceBody",
    answer="CirclePlaceView", idempotent=True,
    errors=(CircleRoleRefused, NotEligible, NoPlaceLeft, CircleFull, CircleNotSo, PlaceNotSo, Unavailable),
)  # fmt: skip
def give_circle_place(call: Call, circle_id: str, body: CirclePlaceBody) -> SeenPlace:
    """By coordinators of the programme, with a reason. Who is added is asked; who is moved is in the other circle at
    once."""
    return service.give_place(call, circle_id, body.to_model())


@routes.endpoint(
    "GET", _ONE + "/certificates", who=Who.PERSON, summary="List the certificates of a circle",
    answer="certificates.ProgrammeCertificateView", paged=True, errors=(CircleRoleRefused,),
)  # fmt: skip
def list_circle_certificates(call: Call, circle_id: str, page: PageRequest) -> Page[Certificate]:
    """For coordinators, the latest first; they may revoke one. They are awarded when the circle is closed."""
    return service.certificates_of(call, circle_id, page)
