"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.series.sessions.examples import SERIES

_ASKED: dict[str, Any] = {
    "items": ["I can begin treatment of heart failure.", "I can tell whom to refer."],
    "scale": [1, 7],
    "target": 0.7,
    "published": {"people": 951, "improved_percent": 88, "met_target_percent": 65},
    "yours": [],
    "results": None,
}
_SUMS: dict[str, Any] = {
    "people": 8,
    "before": 3.5,
    "after": 4.5,
    "gain": 1.0,
    "improved_percent": 88,
    "met_target_percent": 75,
    "p": 0.015625,
    "is_exact": True,
    "rank_biserial": 1.0,
    "shift": 1.0,
    "shift_low": 0.5,
    "shift_high": 1.75,
}

PARAMETERS: dict[str, Any] = {"series_id": SERIES}
BODIES: dict[str, Any] = {
    "set_evaluation": {"items": _ASKED["items"]},
    "answer_evaluation": {"phase": "pre", "session_id": None, "scores": [3, 4]},
}
ANSWERS: dict[str, Any] = {
    "set_evaluation": _ASKED,
    "answer_evaluation": {**_ASKED, "yours": [{"session_id": None, "phase": "pre", "scores": [3, 4]}]},
    "read_evaluation": {
        **_ASKED,
        "results": {
            "whole": _SUMS,
            "by_session": {},
            "by_site": {"other": _SUMS},
            "by_income": {"other": _SUMS},
        },
    },
}
