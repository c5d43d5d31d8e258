"""Whole examples of requests and answers about introductions; `mentorships/examples.py` takes them up."""

from typing import Any

_INTRODUCTION = "01MDY6SH404DSVGNAEDNXZPM4A"
_TEXT = "Wanjiru runs the soap supply of a ward like yours, and would like to hear of your count."
_OFFERED: dict[str, Any] = {
    "id": _INTRODUCTION,
    "mentorship_id": "01M7ZHH1T0VB6G8N9PD6CJBHXE",
    "role": "mentor",
    "status": "open",
    "waits_for": "mentee",
    "mentor": {"name": "Claire Tremblay", "profession": "2212", "country": "CA"},
    "mentee": {"name": "Amina Otieno", "profession": "2221", "country": "KE"},
    "third": None,
    "text": _TEXT,
    "my_reply": None,
    "answer_until": "2027-02-17T18:20:00.000000Z",
    "made_at": None,
    "contact": None,
    "created_at": "2027-02-03T18:20:00.000000Z",
}
_ACCEPTED: dict[str, Any] = {
    **_OFFERED,
    "role": "mentee",
    "waits_for": "third",
    "my_reply": "yes",
    "answer_until": "2027-02-19T05:12:00.000000Z",
}
_MADE: dict[str, Any] = {
    **_ACCEPTED,
    "status": "made",
    "waits_for": None,
    "third": {"name": "Wanjiru Njeri", "profession": "2221", "country": "KE"},
    "made_at": "2027-02-06T09:00:00.000000Z",
    "contact": {"name": "Wanjiru Njeri", "email": "wanjiru@example.org"},
}

PARAMETERS: dict[str, Any] = {"introduction_id": _INTRODUCTION}
BODIES: dict[str, Any] = {
    "introduce": {"person_id": None, "email": "wanjiru@example.org", "text": _TEXT},
    "answer_introduction": {"reply": "yes"},
}
ANSWERS: dict[str, Any] = {
    "introduce": _OFFERED,
    "my_introductions": [_MADE],
    "read_introduction": _MADE,
    "answer_introduction": _ACCEPTED,
    "list_successes": {
        "items": [
            {
                "kind": "goal",
                "at": "2027-04-24T18:10:00.000000Z",
                "title": "Raise hand hygiene on my ward",
                "note": "78 of 100 in April. The night shift counts by itself now, and shows me the sheet.",
            },
            {"kind": "introduction", "at": "2027-02-06T09:00:00.000000Z", "title": "", "note": ""},
        ]
    },
}
REFUSALS: dict[str, str] = {
    "not-the-mentor": "Ask your mentor whom they could introduce you to.",
    "cannot-introduce": (
        "Choose somebody else of the programme's directory, or give the address of one you know."
    ),
    "too-many-introductions": "20 were made or tried in this mentorship.",
    "introduction-over": "It is made, taken back, or its time is over.",
}
