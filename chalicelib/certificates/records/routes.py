"""Records of mentorships over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import RoleRefused
from chalicelib.kernel.later import later
from chalicelib.mentorships.errors import StillUnderWay
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.certificates.records import service
    from chalicelib.certificates.records.service import SeenRecord
else:
    service = later("chalicelib.certificates.records.service")

routes = Routes(__name__, "Endings")


@routes.endpoint(
    "GET", "/v1/mentorships/{mentorship_id}/record", who=Who.PERSON, summary="Read a mentorship's record",
    answer="MentorshipRecordView", errors=(RoleRefused, StillUnderWay),
)  # fmt: skip
def read_record(call: Call, mentorship_id: str) -> SeenRecord:
    """What it came to, once it is closing: sessions and hours, goals, the agreement, introductions, certificates. For
    its two people; the programme's coordinators read it without what is written in goals, and without
    introductions."""
    return service.read(call, mentorship_id)
