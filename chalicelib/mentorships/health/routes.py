"""The health of mentorships over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import RoleRefused
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.mentorships.health import service
    from chalicelib.mentorships.health.model import HealthState
    from chalicelib.mentorships.health.schemas import HealthQuery
    from chalicelib.mentorships.health.service import ListedHealth, SeenHealth
else:
    service = later("chalicelib.mentorships.health.service")

routes = Routes(__name__, "Health of mentorships")


@routes.endpoint(
    "GET", "/v1/mentorships/{mentorship_id}/health", who=Who.PERSON, summary="Read how a mentorship does",
    answer="MentorshipHealthView", errors=(RoleRefused,),
)  # fmt: skip
def read_mentorship_health(call: Call, mentorship_id: str) -> SeenHealth:
    """Worked out now, for its two people and the programme's coordinators, to each in sentences of their own. Each of
    the two is told of their own pulses alone. Coordinators are told what the last look found, and since which day, and
    not whose they are."""
    return service.read_health(call, mentorship_id)


@routes.endpoint(
    "GET", "/v1/programmes/{programme_id}/health", who=Who.COORDINATOR, summary="List mentorships by their health",
    query="HealthQuery", answer="ListedHealthView", paged=True,
)  # fmt: skip
def list_health(call: Call, programme_id: str, query: HealthQuery, page: PageRequest) -> Page[ListedHealth]:
    """Those under way, red first, then amber, the longest so first; as of the last look at each. Your own mentorships
    are not among them. One that has ended since is left out, so a page may hold fewer than it was asked for."""
    return service.programme_health(call, programme_id, query.state, page)


@routes.endpoint(
    "GET", "/v1/programmes/{programme_id}/health-counts", who=Who.COORDINATOR,
    summary="Count mentorships by their health", answer="HealthCountsView",
)  # fmt: skip
def count_health(call: Call, programme_id: str) -> dict[HealthState, int]:
    """Of those under way, as of the last look at each; your own mentorships are not counted."""
    return service.count_health(call, programme_id)
