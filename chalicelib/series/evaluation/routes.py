"""What a series asks before and after over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.platform.web.endpoint import Routes, Who
from chalicelib.series.errors import (
    AnsweredAlready,
    EvaluationBegun,
    EvaluationNotSo,
    PreMissing,
    SeriesRoleRefused,
)

if TYPE_CHECKING:
    from chalicelib.series.evaluation import service
    from chalicelib.series.evaluation.schemas import EvaluationBody, ScoresBody
    from chalicelib.series.evaluation.service import SeenEvaluation
else:
    service = later("chalicelib.series.evaluation.service")

routes = Routes(__name__, "Series")

_PATH = "/v1/series/{series_id}/evaluation"


@routes.endpoint(
    "PUT", _PATH, who=Who.PERSON, summary="Say what a series asks before and after", body="EvaluationBody",
    answer="EvaluationView", errors=(SeriesRoleRefused, EvaluationBegun),
)  # fmt: skip
def set_evaluation(call: Call, series_id: str, body: EvaluationBody) -> SeenEvaluation:
    """By its owner, until somebody has answered."""
    return service.set_items(call, series_id, body.items)


@routes.endpoint(
    "POST", _PATH, who=Who.PERSON, summary="Answer before or after", body="ScoresBody", answer="EvaluationView",
    status=201, idempotent=True, errors=(SeriesRoleRefused, AnsweredAlready, PreMissing, EvaluationNotSo),
)  # fmt: skip
def answer_evaluation(call: Call, series_id: str, body: ScoresBody) -> SeenEvaluation:
    """About the series or one session: once before and once after, by all but guests. What you answer is read by nobody
    but as part of a sum."""
    return service.answer(call, series_id, body.session_id, body.phase, body.scores)


@routes.endpoint(
    "GET", _PATH, who=Who.PERSON, summary="Read what a series asks, and what came of it", answer="EvaluationView",
    errors=(SeriesRoleRefused,),
)  # fmt: skip
def read_evaluation(call: Call, series_id: str) -> SeenEvaluation:
    """With your own answers; to who runs the series the results of five people or more, by session, by site, and for
    low- and middle-income countries apart, beside what was published."""
    return service.read(call, series_id)
