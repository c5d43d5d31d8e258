"""Ratings over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.platform.web.endpoint import Routes, Who
from chalicelib.simulations.errors import NotOver, RatedBefore, RatedEnough

if TYPE_CHECKING:
    from chalicelib.simulations.ratings import service
    from chalicelib.simulations.ratings.schemas import SimulationRatingBody
    from chalicelib.simulations.ratings.service import SeenRating
else:
    service = later("chalicelib.simulations.ratings.service")

routes = Routes(__name__, "Simulations")

_RATINGS = "/v1/simulations/{simulation_id}/chats/{chat_id}/ratings"
_CHAT = frozenset({"chat_id"})


@routes.endpoint(
    "POST", _RATINGS, who=Who.PERSON, summary="Rate what a participant did", body="SimulationRatingBody",
    answer="SimulationRatingView", status=201, idempotent=True, plain_path=_CHAT,
    errors=(NotOver, RatedBefore, RatedEnough),
)  # fmt: skip
def rate_chat(call: Call, simulation_id: str, chat_id: str, body: SimulationRatingBody) -> SeenRating:
    """By raters, each once, after the case, without seeing another's. Two are needed; a third where the two are 2
    points apart or more in a domain."""
    return service.rate(call, simulation_id, chat_id, body.to_model())


@routes.endpoint(
    "GET",
    _RATINGS,
    who=Who.PERSON,
    summary="Read your rating",
    answer="SimulationRatingView",
    plain_path=_CHAT,
)
def read_rating(call: Call, simulation_id: str, chat_id: str) -> SeenRating:
    """To a rater, the one they gave; to the participant, from the debrief on, what came of all."""
    return service.read_rating(call, simulation_id, chat_id)
