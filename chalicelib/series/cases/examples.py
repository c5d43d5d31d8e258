"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.people.examples import AMINA, CLAIRE, SAMUEL
from chalicelib.series.sessions.examples import SERIES, SESSION

CASE = "01M5V0QZB0N5WQ1R7D3H2K9XS4"

_SECTIONS: dict[str, Any] = {
    "question": "Which drug first, without an echo machine?",
    "summary": "Breathless four weeks after her third delivery, swollen legs, no fever.",
    "setting": "District hospital: ECG, chest X-ray, basic chemistry.",
}
_LISTED: dict[str, Any] = {
    "id": CASE,
    "presenter_id": AMINA,
    "specialty": "cardiology",
    "title": "Breathless after delivery",
    "age_band": "25_to_44",
    "state": "answered",
    "session_id": SESSION,
}
_CASE: dict[str, Any] = {
    **_LISTED,
    "form": [
        "question", "summary", "history", "examination", "investigations", "treatment", "setting", "heart",
    ],
    "sections": _SECTIONS,
    "reasons": None,
    "traces": [],
    "step": None,
    "said": [
        {"by": SAMUEL, "role": "member", "step": "clarify", "text": "Was the blood pressure high before?"},
        {"by": CLAIRE, "role": "expert", "step": "experts", "text": "Start furosemide; weigh her every day."},
    ],
    "due_at": "2026-12-05T12:50:00.000000Z",
    "signed_by": CLAIRE,
    "recommendations": "Furosemide 40 mg in the morning, enalapril 2.5 mg; weigh every day; echo within four weeks.",
    "follow_up_on": "2027-01-06",
    "outcome": None,
    "outcome_text": None,
}  # fmt: skip
_NEW: dict[str, Any] = {
    **_CASE,
    "age_band": None,
    "state": "assigned",
    "session_id": None,
    "sections": {},
    "said": [],
    "due_at": None,
    "signed_by": None,
    "recommendations": None,
    "follow_up_on": None,
}
_WRITTEN: dict[str, Any] = {
    **_NEW,
    "age_band": "25_to_44",
    "sections": {**_SECTIONS, "history": "Mrs Achieng has had no fever."},
    "traces": [{"field": "/sections/history", "trace": "name", "start": 0, "end": 11, "is_certain": True}],
}

PARAMETERS: dict[str, Any] = {
    "series_id": SERIES, "case_id": CASE, "state": "approved", "specialty": "cardiology", "words": "breathless",
}  # fmt: skip
BODIES: dict[str, Any] = {
    "open_case": {"title": _CASE["title"], "specialty": "cardiology", "presenter_id": AMINA},
    "write_case": {
        "title": _CASE["title"], "age_band": "25_to_44", "sections": _WRITTEN["sections"],
    },
    "move_case": {
        "move": "sign", "text": _CASE["recommendations"], "follow_up_on": _CASE["follow_up_on"],
    },
}  # fmt: skip
ANSWERS: dict[str, Any] = {
    "open_case": _NEW,
    "list_cases": [_LISTED],
    "read_case": _CASE,
    "write_case": _WRITTEN,
    "move_case": {**_CASE, "said": []},
}
