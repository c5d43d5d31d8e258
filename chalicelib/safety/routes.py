"""Safety concerns over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.errors import AlreadyPaused, MentorshipOver, OwnMentorship
from chalicelib.platform.web.endpoint import Routes, Who
from chalicelib.safety.errors import ConcernMoved, ConcernNotOpen, ConcernNotYours, TooManyConcerns

if TYPE_CHECKING:
    from chalicelib.safety import service
    from chalicelib.safety.schemas import ConcernBody, ConcernClosedBody, ConcernsQuery, DeedBody
    from chalicelib.safety.service import OpenedConcern, OwnConcern, SeenConcern
else:
    service = later("chalicelib.safety.service")

routes = Routes(__name__, "Safety")

_OWN = "/v1/me/concerns"
_ALL = "/v1/admin/concerns"
_ONE = "/v1/admin/concerns/{concern_id}"


@routes.endpoint(
    "POST", _OWN, who=Who.PERSON, summary="Raise a safety concern", body="ConcernBody", answer="OwnConcernView",
    status=201, idempotent=True, errors=(Invalid, TooManyConcerns),
)  # fmt: skip
def raise_concern(call: Call, body: ConcernBody) -> OwnConcern:
    """About anybody you meet through Crossward. It goes to the admins of the installation alone, at once; not to
    coordinators, reviewers or the person, and to no admin who is that person, or has or had a mentorship with one of
    you. Your name is read only by an admin who opens it, which is kept. Nothing that the person can see changes by
    it."""
    return service.raise_concern(call, body.to_model())


@routes.endpoint(
    "GET", _OWN, who=Who.PERSON, summary="List your safety concerns", answer="OwnConcernView", paged=True
)
def my_concerns(call: Call, page: PageRequest) -> Page[OwnConcern]:
    """The latest first: how far each is, and the answer."""
    return service.my_concerns(call, page)


@routes.endpoint(
    "GET", _ALL, who=Who.ADMIN, summary="List safety concerns", query="ConcernsQuery", answer="ConcernView", paged=True
)  # fmt: skip
def list_concerns(call: Call, query: ConcernsQuery, page: PageRequest) -> Page[SeenConcern]:
    """Those waiting the longest first, of closed ones the latest; without a name or a word. A concern that is yours or
    about you, or of somebody with whom you have or had a mentorship, is not there for you."""
    return service.list_concerns(call, query.status, page)


@routes.endpoint(
    "GET", _ONE, who=Who.ADMIN, summary="Open a safety concern", answer="OpenedConcernView", etag=True
)
def open_concern(call: Call, concern_id: str) -> OpenedConcern:
    """Who raised it, about whom, and in which words. That you opened it is kept in its trail, which this shows."""
    return service.open_concern(call, concern_id)


@routes.endpoint(
    "POST", _ONE + "/claim", who=Who.ADMIN, summary="See to a safety concern", answer="ConcernView", idempotent=True,
    if_match="optional", errors=(ConcernNotOpen, ConcernMoved),
)  # fmt: skip
def claim_concern(call: Call, concern_id: str) -> SeenConcern:
    """The reporter reads that somebody is seeing to it."""
    return service.claim(call, concern_id)


@routes.endpoint(
    "POST", _ONE + "/release", who=Who.ADMIN, summary="Give a safety concern back", answer="ConcernView",
    idempotent=True, if_match="optional", errors=(ConcernNotOpen, ConcernMoved),
)  # fmt: skip
def release_concern(call: Call, concern_id: str) -> SeenConcern:
    """Yours, or that of an admin who does not see to it; the others are mailed that it waits."""
    return service.release(call, concern_id)


@routes.endpoint(
    "POST", _ONE + "/act", who=Who.ADMIN, summary="Pause or end a mentorship for safety", body="DeedBody",
    answer="ConcernView", idempotent=True, if_match="optional",
    errors=(ConcernNotOpen, ConcernNotYours, ConcernMoved, MentorshipOver, AlreadyPaused, OwnMentorship),
)  # fmt: skip
def act_on_concern(call: Call, concern_id: str, body: DeedBody) -> SeenConcern:
    """Any mentorship of the person. It reads to everybody as a pause or an end by a coordinator, for the reason
    `other`."""
    return service.act(call, concern_id, body.mentorship_id, body.deed)


@routes.endpoint(
    "POST", _ONE + "/close", who=Who.ADMIN, summary="Close a safety concern", body="ConcernClosedBody",
    answer="ConcernView", idempotent=True, if_match="optional",
    errors=(ConcernNotOpen, ConcernNotYours, ConcernMoved),
)  # fmt: skip
def close_concern(call: Call, concern_id: str, body: ConcernClosedBody) -> SeenConcern:
    """The reporter is mailed that there is an answer, which they read after signing in; not what it is about."""
    return service.close(call, concern_id, body.outcome, body.note, body.answer)
