"""The page of a pair over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import RoleRefused
from chalicelib.kernel.later import later
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.mentorships.page import service
    from chalicelib.mentorships.page.service import SeenPage
else:
    service = later("chalicelib.mentorships.page.service")

routes = Routes(__name__, "Mentorships")


@routes.endpoint(
    "GET",
    "/v1/mentorships/{mentorship_id}",
    who=Who.PERSON,
    summary="Read a mentorship",
    answer="MentorshipPageView",
    errors=(RoleRefused,),
)
def read_mentorship(call: Call, mentorship_id: str) -> SeenPage:
    """All that the page of a pair shows: agreement, goals, sessions, agenda. For its two people, and the programme's
    coordinators, who read why it was paused or ended, and nothing that the two keep between themselves."""
    return service.read(call, mentorship_id)
