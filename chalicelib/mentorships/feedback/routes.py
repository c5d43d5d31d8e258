"""Feedback over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.mentorships.errors import MentorshipNotUnderWay
from chalicelib.mentorships.feedback.errors import FeedbackSettled, RoundNotOpen
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.mentorships.feedback import questionnaires, report, service
    from chalicelib.mentorships.feedback.questionnaires import SeenQuestionnaire
    from chalicelib.mentorships.feedback.report import FeedbackReport
    from chalicelib.mentorships.feedback.schemas import FeedbackBody, QuestionnaireBody
    from chalicelib.mentorships.feedback.service import Feedback, SeenRound
else:
    questionnaires = later("chalicelib.mentorships.feedback.questionnaires")
    report = later("chalicelib.mentorships.feedback.report")
    service = later("chalicelib.mentorships.feedback.service")

routes = Routes(__name__, "Feedback")

_OWN = "/v1/mentorships/{mentorship_id}/feedback"
_QUESTIONNAIRE = "/v1/programmes/{programme_id}/questionnaire"


@routes.endpoint(
    "GET", _OWN, who=Who.PERSON, summary="Read your pulses and surveys of a mentorship", answer="FeedbackView"
)
def read_feedback(call: Call, mentorship_id: str) -> Feedback:
    """For each of the two, their own: what you can answer and have answered. Of the other's you read the words that
    they chose to share, and never a number. Coordinators read neither; they are shown what at least five people
    together have answered. Whether a mentorship needs help is seen, too, from how its pulses change."""
    return service.read_feedback(call, mentorship_id)


@routes.endpoint(
    "PUT", _OWN + "/{round}", who=Who.PERSON, summary="Answer a pulse or a survey", body="FeedbackBody",
    answer="RoundView", if_match="optional", plain_path=frozenset({"round"}),
    errors=(RoundNotOpen, MentorshipNotUnderWay, FeedbackSettled),
)  # fmt: skip
def give_feedback(call: Call, mentorship_id: str, round: str, body: FeedbackBody) -> SeenRound:
    """One number for each question. Again, it takes the place of what you answered before: for seven days, and at the
    start until you have answered at the end. After that it is refused."""
    return service.give_feedback(
        call, mentorship_id, round, body.by_item(), body.words, is_shared=body.is_shared
    )


@routes.endpoint(
    "GET", "/v1/programmes/{programme_id}/feedback", who=Who.COORDINATOR,
    summary="Read what a programme's feedback comes to", answer="FeedbackReportView",
)  # fmt: skip
def read_feedback_report(call: Call, programme_id: str) -> FeedbackReport:
    """How many were asked and have answered; what groups of at least five people have answered, in all and by the month
    in which their group was closed; and how confidence has changed. It takes no filters: each answer is counted in one
    group, which is closed once a month and never changes."""
    return report.read_report(call, programme_id)


@routes.endpoint(
    "GET", _QUESTIONNAIRE, who=Who.COORDINATOR, summary="Read what a programme asks in pulses and surveys",
    answer="QuestionnaireView", etag=True,
)  # fmt: skip
def read_questionnaire(call: Call, programme_id: str) -> SeenQuestionnaire:
    """What was never set is the service's own, under the ETag "0"."""
    return questionnaires.read_questionnaire(call, programme_id)


@routes.endpoint(
    "PUT", _QUESTIONNAIRE, who=Who.COORDINATOR, summary="Set what a programme asks in pulses and surveys",
    body="QuestionnaireBody", answer="QuestionnaireView", if_match="required",
)  # fmt: skip
def change_questionnaire(call: Call, programme_id: str, body: QuestionnaireBody) -> SeenQuestionnaire:
    """It counts for rounds that are answered from now on; who has answered at the start is asked the same on confidence
    until the end."""
    return questionnaires.change_questionnaire(call, programme_id, body.to_model())
