"""Chats of simulations over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.later import later
from chalicelib.platform.web.endpoint import Routes, Who
from chalicelib.simulations.errors import CaseEnded, ClientKeyUsed, NotBegun, RepliedMeanwhile, TimeOver

if TYPE_CHECKING:
    from chalicelib.simulations.chats import service
    from chalicelib.simulations.chats.schemas import ChatAnswerBody, SayBody, TurnQuery
    from chalicelib.simulations.chats.service import SeenChat, Turn
    from chalicelib.simulations.sessions.schemas import SimulationRoundQuery
else:
    service = later("chalicelib.simulations.chats.service")

routes = Routes(__name__, "Simulations")

_ALL = "/v1/simulations/{simulation_id}/chats"
_ONE = "/v1/simulations/{simulation_id}/chats/{chat_id}"
_CHAT = frozenset({"chat_id"})
_TIMES = (NotBegun, TimeOver, CaseEnded, ClientKeyUsed, Invalid)


@routes.endpoint(
    "GET",
    _ALL,
    who=Who.PERSON,
    summary="See the moderators' console",
    query="simulations.sessions.SimulationRoundQuery",
    answer="ConsoleListView",
)
def chat_console(call: Call, simulation_id: str, query: SimulationRoundQuery) -> tuple[SeenChat, ...]:
    """To moderators: where all chats of a case stand, those that wait the longest first."""
    return service.console(call, simulation_id, query.case)


@routes.endpoint(
    "GET", _ONE, who=Who.PERSON, summary="Poll a chat", query="TurnQuery", answer="TurnView", plain_path=_CHAT
)
def poll_chat(call: Call, simulation_id: str, chat_id: str, query: TurnQuery) -> Turn:
    """To its participant, to moderators and, once the case is over, to raters. Brings what came after the last message
    you have; hints and time-outs that have come due are told with it."""
    return service.poll(call, simulation_id, chat_id, query.after)


@routes.endpoint(
    "POST",
    _ONE,
    who=Who.PERSON,
    summary="Say something in a chat",
    body="SayBody",
    answer="TurnView",
    plain_path=_CHAT,
    errors=_TIMES,
)
def say_in_chat(call: Call, simulation_id: str, chat_id: str, body: SayBody) -> Turn:
    """By its participant. Where the answer is lost, send the same again: it is taken once, and answered alike. What the
    transcript does not answer waits for the moderator."""
    return service.say(call, simulation_id, chat_id, body.client_key, body.text, body.after)


@routes.endpoint(
    "POST",
    _ONE + "/replies",
    who=Who.PERSON,
    summary="Answer in a chat",
    body="ChatAnswerBody",
    answer="TurnView",
    plain_path=_CHAT,
    errors=(*_TIMES, RepliedMeanwhile),
)
def reply_in_chat(call: Call, simulation_id: str, chat_id: str, body: ChatAnswerBody) -> Turn:
    """By moderators, as the patient, the nurse, the laboratory: what the case has prepared, or freely. It settles what
    waits. With `scene`, an end that the case came to is taken back, too, while there is time. What another
    moderator has sent since `after` is not sent twice."""
    return service.answer(call, simulation_id, chat_id, body.client_key, body.to_model(), body.after)
