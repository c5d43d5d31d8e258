"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.credits.feedback import examples as feedback
from chalicelib.people.examples import AMINA, CLAIRE, SAMUEL

CIRCLE = "01M6A1C0W5T9R3N7Q2Z8K4X6JD"
MEETING = "01M6A9Y3H6V0D4S8M1P5B7G2QE"
_ITEM = "01M6B2K7Z1F5W9T3C8R0N4D6VH"
_LINK = "https://meet.example.org/heart-failure-circle"

_MEETING: dict[str, Any] = {
    "id": MEETING,
    "circle_id": CIRCLE,
    "starts_at": "2026-12-02T12:00:00.000000Z",
    "local": "2026-12-02T15:00",
    "time_zone": "Africa/Nairobi",
    "minutes": 60,
    "link": _LINK,
    "status": "planned",
    "presenter_id": AMINA,
    "host_id": SAMUEL,
    "begun_at": None,
    "ended_at": None,
    "agenda": None,
}
_READ: dict[str, Any] = {
    **_MEETING,
    "agenda": [
        {
            "id": _ITEM, "title": "Diuretics when creatinine rises", "minutes": 20,
            "note": "I would like to hear how others decide.", "by": AMINA,
        }
    ],
}  # fmt: skip
_THERE: dict[str, Any] = {
    "person_id": AMINA,
    "name": "Amina Otieno",
    "seconds": 3480,
    "minutes": 58,
    "measured_seconds": 3480,
    "oddities": [],
    "is_corrected": False,
}

PARAMETERS: dict[str, Any] = {"meeting_id": MEETING}
BODIES: dict[str, Any] = {
    "give_circle_feedback": feedback.BODY,
    "plan_circle_meetings": {
        "on": "2026-12-02", "at": "15:00", "time_zone": "Africa/Nairobi", "meetings": 6, "every_weeks": 2,
        "link": _LINK,
    },
    "change_circle_meeting": {"scope": "following", "on": "2026-12-03", "at": "16:00"},
    "move_circle_meeting": {"move": "assign", "duty": "presenter", "person_id": CLAIRE},
    "mark_circle_attendance": {"kind": "join", "device": "browser-1"},
    "correct_circle_attendance": {
        "person_id": AMINA, "minutes": 60, "reason": "Sat beside a colleague at one screen",
    },
}  # fmt: skip
ANSWERS: dict[str, Any] = {
    "plan_circle_meetings": {"items": [_MEETING]},
    "list_circle_meetings": {"items": [_MEETING]},
    "read_circle_meeting": _READ,
    "change_circle_meeting": {
        **_READ, "starts_at": "2026-12-03T13:00:00.000000Z", "local": "2026-12-03T16:00",
    },
    "move_circle_meeting": {**_READ, "presenter_id": CLAIRE},
    "mark_circle_attendance": {"kind": "join", "at": "2026-12-02T12:01:00.000000Z", "link": _LINK},
    "list_circle_attendance": [_THERE],
    "give_circle_feedback": feedback.GIVEN,
    "read_circle_feedback": feedback.SUMMED,
    "correct_circle_attendance": {**_THERE, "seconds": 3600, "minutes": 60, "is_corrected": True},
}  # fmt: skip
