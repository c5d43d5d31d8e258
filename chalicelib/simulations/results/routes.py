"""Questionnaires, statistics and debriefs over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.later import later
from chalicelib.platform.web.endpoint import Routes, Who
from chalicelib.simulations.errors import AnsweredOnce, BeforeMissing, NotAsked

if TYPE_CHECKING:
    from chalicelib.simulations.results import service
    from chalicelib.simulations.results.schemas import SimulationAnswersBody
    from chalicelib.simulations.results.service import Questionnaire, SeenDebrief, SeenStatistics
    from chalicelib.simulations.sessions.schemas import SimulationRoundQuery
else:
    service = later("chalicelib.simulations.results.service")

routes = Routes(__name__, "Simulations")

_ONE = "/v1/simulations/{simulation_id}"


@routes.endpoint(
    "GET", _ONE + "/answers", who=Who.PERSON, summary="Read what you are asked",
    answer="SimulationQuestionnaireView",
)  # fmt: skip
def read_questionnaire(call: Call, simulation_id: str) -> Questionnaire:
    """To participants: the conditions, simulated or not, and the questions, and when you have answered."""
    return service.questionnaire(call, simulation_id)


@routes.endpoint(
    "POST", _ONE + "/answers", who=Who.PERSON, summary="Answer before, after or at follow-up",
    body="SimulationAnswersBody", answer="SimulationQuestionnaireView", status=201, idempotent=True,
    errors=(Invalid, NotAsked, AnsweredOnce, BeforeMissing),
)  # fmt: skip
def answer_questionnaire(call: Call, simulation_id: str, body: SimulationAnswersBody) -> Questionnaire:
    """By participants, once a moment: before the first case begins, after the last is over, and six to twelve weeks
    after the simulation was closed."""
    return service.answer(call, simulation_id, body.to_model())


@routes.endpoint(
    "GET", _ONE + "/statistics", who=Who.PERSON, summary="Read the statistics of a simulation",
    answer="SimulationStatisticsView",
)  # fmt: skip
def simulation_statistics(call: Call, simulation_id: str) -> SeenStatistics:
    """To moderators, and coordinators of its organisation: what changed from before to after, tested in pairs, with
    conditions that were not simulated as the control; how far raters agree; published figures beside."""
    return service.statistics(call, simulation_id)


@routes.endpoint(
    "GET", _ONE + "/cases", who=Who.PERSON, summary="Read a case and how it was played",
    query="simulations.sessions.SimulationRoundQuery", answer="SimulationDebriefView",
)  # fmt: skip
def debrief_case(call: Call, simulation_id: str, query: SimulationRoundQuery) -> SeenDebrief:
    """To moderators and coordinators at any time, to raters once it is over, to participants from the debrief on. The
    moderator's prepared answers are in it."""
    return service.debrief(call, simulation_id, query.case)
