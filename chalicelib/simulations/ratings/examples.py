"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

_SCORES: dict[str, int] = {
    "history": 4, "examination": 3, "investigations": 4, "interpretation": 3, "judgement": 4, "management": 3,
}  # fmt: skip
_GIVEN: dict[str, Any] = {
    "scores": [{"domain": name, "score": float(score)} for name, score in _SCORES.items()],
    "rated_at": "2027-01-18T17:40:00.000000Z",
    "is_wanted": True,
    "final": None,
}

PARAMETERS: dict[str, Any] = {}
BODIES: dict[str, Any] = {"rate_chat": _SCORES}
ANSWERS: dict[str, Any] = {
    "rate_chat": _GIVEN,
    "read_rating": {
        "scores": [],
        "rated_at": None,
        "is_wanted": False,
        "final": [{"domain": name, "score": score + 0.5} for name, score in _SCORES.items()],
    },
}
