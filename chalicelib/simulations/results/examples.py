"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.simulations.case_examples import DOCUMENT

_ASKED: dict[str, Any] = {
    "conditions": ["diabetic ketoacidosis", "thyroid storm"],
    "questions": [{"text": "What is given first?", "options": ["Insulin", "Saline", "Bicarbonate"]}],
    "answered": ["before"],
}
_TEST: dict[str, Any] = {
    "n": 8, "rose": 6, "fell": 0, "same": 2, "p": 0.03125, "is_exact": True, "rank_biserial": 1.0, "shift": 1.0,
    "low": 0.0, "high": 1.5,
}  # fmt: skip
_COMPARED: dict[str, Any] = {
    "n": 8, "before": 2.5, "after": 3.5, "rose_share": 0.75, "rose_low": 0.409, "rose_high": 0.929, "test": _TEST,
}  # fmt: skip
_CONTROL: dict[str, Any] = {
    **_COMPARED, "after": 2.625, "rose_share": 0.125, "rose_low": 0.022, "rose_high": 0.471,
    "test": {**_TEST, "rose": 1, "same": 7, "p": 1.0, "shift": 0.0, "low": 0.0, "high": 0.5},
}  # fmt: skip
_SHARE: dict[str, Any] = {"n": 8, "yes": 6, "share": 0.75, "low": 0.409, "high": 0.929}
_PLAYED: dict[str, Any] = {
    "n": 8,
    "outcomes": [{"outcome": "good", "count": 6}, {"outcome": "harm", "count": 2}],
    "median_seconds": 612.0,
    "paths": [{"scenes": ["arrival", "better"], "count": 6}, {"scenes": ["arrival", "arrest"], "count": 2}],
    "explored": [
        {
            "topic": "fluids",
            "name": "Intravenous fluids",
            "explored": 6,
            "missed_share": 0.25,
            "median_seconds": 410.0,
        }
    ],
}
_MELSON = "Melson et al., Journal of the Royal College of Physicians of Edinburgh 2021; 51:168"

PARAMETERS: dict[str, Any] = {}
BODIES: dict[str, Any] = {
    "answer_questionnaire": {"moment": "after", "confidence": [4, 2], "choices": [1], "intent": 5},
}
ANSWERS: dict[str, Any] = {
    "read_questionnaire": _ASKED,
    "answer_questionnaire": {**_ASKED, "answered": ["before", "after"]},
    "simulation_statistics": {
        "before": 9,
        "after": 8,
        "follow_up": 0,
        "simulated": _COMPARED,
        "control": _CONTROL,
        "beyond_control": {**_TEST, "rose": 5, "same": 3, "p": 0.0625, "shift": 1.0},
        "conditions": [
            {"condition": "diabetic ketoacidosis", "is_simulated": True, "compared": _COMPARED},
            {"condition": "thyroid storm", "is_simulated": False, "compared": _CONTROL},
        ],
        "at_follow_up": None,
        "score": {**_COMPARED, "before": 0.375, "after": 0.875},
        "questions": [
            {
                "text": "What is given first?",
                "test": {
                    "n": 8, "gained": 4, "lost": 0, "p": 0.125, "odds_ratio": None, "ratio_low": 0.66,
                    "ratio_high": None, "difference": 0.5, "low": 0.101, "high": 0.785,
                },
            }
        ],
        "intent": _SHARE,
        "has_changed": None,
        "agreements": [
            {"domain": "history", "n": 8, "same": 0.75, "kappa": 0.62, "low": 0.2, "high": 1.0}
        ],
        "rated": 8,
        "disputed": 1,
        "published": [
            {"what": "patient management knowledge", "n": 204, "improved": 0.848, "source": _MELSON}
        ],
    },
    "debrief_case": {
        "case": 1,
        "setting": "district",
        "document": DOCUMENT,
        "played": _PLAYED,
        "income_groups": [{"income_group": "lower_middle", "played": _PLAYED}],
    },
}  # fmt: skip
