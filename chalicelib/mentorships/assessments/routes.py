"""Self-assessments over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.mentorships.assessments.errors import AssessmentMoved, AssessmentSettled, NotAssessed
from chalicelib.mentorships.errors import MentorshipNotUnderWay
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.mentorships.assessments import service
    from chalicelib.mentorships.assessments.model import Assessment
    from chalicelib.mentorships.assessments.schemas import AssessmentBody
    from chalicelib.mentorships.assessments.service import SeenAssessments
else:
    service = later("chalicelib.mentorships.assessments.service")

routes = Routes(__name__, "Self-assessments")

_ALL = "/v1/mentorships/{mentorship_id}/self-assessments"
_ONE = _ALL + "/{moment}"
_PLAIN = frozenset({"moment"})


@routes.endpoint(
    "GET", _ALL, who=Who.PERSON, summary="Read how you grow", answer="AssessmentsView"
)  # fmt: skip
def read_assessments(call: Call, mentorship_id: str) -> SeenAssessments:
    """Your own self-assessments, and what the other shares, with each topic at the start, in the middle and at the end
    side by side; and a goal's draft for each gap. Coordinators never read one."""
    return service.read(call, mentorship_id)


@routes.endpoint(
    "PUT", _ONE, who=Who.PERSON, summary="Assess yourself", body="AssessmentBody", answer="AssessmentView",
    if_match="optional", plain_path=_PLAIN,
    errors=(NotAssessed, AssessmentSettled, AssessmentMoved, MentorshipNotUnderWay),
)  # fmt: skip
def assess_yourself(call: Call, mentorship_id: str, moment: str, body: AssessmentBody) -> Assessment:
    """For the mentee, at the `start`, in the `middle` and at the `end`; for yourself alone, unless you share it with
    your mentor. One stays as it is once a later one is there; sharing is taken back at any time. The end has 60 days
    after the mentorship's."""
    return service.write(call, mentorship_id, moment, body.to_model())


@routes.endpoint(
    "DELETE", _ONE, who=Who.PERSON, summary="Delete a self-assessment", status=204, plain_path=_PLAIN,
    errors=(NotAssessed, AssessmentMoved),
)  # fmt: skip
def delete_assessment(call: Call, mentorship_id: str, moment: str) -> None:
    """At any time."""
    service.delete(call, mentorship_id, moment)
