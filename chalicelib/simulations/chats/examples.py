"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.people.examples import AMINA, CLAIRE
from chalicelib.simulations.sessions.examples import SIMULATION

_CLIENT = "5f0c1a7e-2d11-4b52-9a1e-7b1f0f3d9c55"
_SAID: dict[str, Any] = {
    "number": 2, "at": "2027-01-18T15:32:10.000000Z", "by": "participant", "text": "Please check her blood sugar",
    "picture": None, "replaces": None,
}  # fmt: skip
_TOLD: dict[str, Any] = {
    **_SAID, "number": 3, "by": "nurse", "text": "The meter says HI, above 33 mmol/L (600 mg/dL).",
}  # fmt: skip
_TURN: dict[str, Any] = {
    "messages": [_SAID, _TOLD],
    "last": 3,
    "more": False,
    "ends_at": "2027-01-18T15:56:00.000000Z",
    "is_over": False,
    "waiting": False,
    "outcome": None,
    "console": None,
}
_REPLY: dict[str, Any] = {
    **_SAID, "number": 4, "at": "2027-01-18T15:33:00.000000Z", "by": "patient", "text": "Nobody ever told me so.",
}  # fmt: skip
_CONSOLE: dict[str, Any] = {
    "scene": "arrival", "path": ["arrival"], "asked": ["glucose"], "suggested": [], "engine_answers": True,
}  # fmt: skip

PARAMETERS: dict[str, Any] = {
    "simulation_id": SIMULATION,
    "chat_id": f"1-{AMINA}",
    "case": 1,
    "after": 1,
}
BODIES: dict[str, Any] = {
    "say_in_chat": {"client_key": _CLIENT, "text": _SAID["text"], "after": 1},
    "reply_in_chat": {"client_key": _CLIENT, "text": _REPLY["text"], "by": "patient", "after": 3},
}
ANSWERS: dict[str, Any] = {
    "chat_console": {
        "items": [
            {
                "chat": f"1-{AMINA}", "participant_id": AMINA, "moderator_id": CLAIRE, "scene": "arrival", "last": 3,
                "waiting_since": None, "suggested": [], "engine_answers": True, "outcome": None,
            }
        ]
    },
    "poll_chat": _TURN,
    "say_in_chat": _TURN,
    "reply_in_chat": {
        **_TURN, "messages": [_REPLY], "last": 4, "console": {**_CONSOLE, "sources": ["moderator"]},
    },
}  # fmt: skip
