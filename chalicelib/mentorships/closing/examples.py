"""Whole examples of requests and answers about closing conversations; `mentorships/examples.py` takes them up."""

from typing import Any

from chalicelib.programmes.examples import PROGRAMME

_MENTORSHIP = "01M7ZHH1T0VB6G8N9PD6CJBHXE"
_SESSION = "01NBX4S3C0M6T9V2Y5A8D1G4JK"
_ASKED = {
    "goals": "What did we set out to do, and what became of it?",
    "learned": "What have I learned, for my work and about myself?",
    "helped": "What helped us?",
    "harder": "What made it harder? Say what it was, not who.",
    "thanks": "What would I like to thank you for?",
    "open": "What stays open, and who takes it up?",
    "next": "How do we stay in touch from now on, or is this good-bye?",
}
_KNOWN = {
    "goals": "Sessions: 8, together 7 hours, 30 minutes.\nReached: Soap at every bed.\nStill open: Lead the round.",
    "learned": "It was supply, not will.",
    "open": "Lead the round\nSend the checklist (Claire Tremblay)",
}
_ANSWERS: list[dict[str, Any]] = [
    {"question": "goals", "text": _KNOWN["goals"]},
    {"question": "thanks", "text": "You asked before you told. I do that now, too."},
    {"question": "next", "text": "A message at New Year. No more calls."},
]
_HELD: dict[str, Any] = {"on": "2027-06-20", "session_id": _SESSION}
_WRITTEN: dict[str, Any] = {
    "answers": _ANSWERS,
    "to_programme": "The first month was long without a fixed hour. Ask for one at once.",
    "shared": True,
    "sent": True,
    "held": _HELD,
}
_OWN: dict[str, Any] = {
    **_WRITTEN,
    "answers": [{**one, "asked": _ASKED[one["question"]]} for one in _ANSWERS],
    "updated_at": "2027-06-20T17:05:00.000000Z",
    "version": 2,
}
_OWN_WORDS = {"language": "en", "text": "What will your ward do otherwise?"}

BODIES: dict[str, Any] = {
    "write_closing": _WRITTEN,
    "change_closing_template": {
        "questions": [{"code": "goals", "texts": []}, {"code": None, "texts": [_OWN_WORDS]}]
    },
}
ANSWERS: dict[str, Any] = {
    "read_closing": {
        "mentorship_id": _MENTORSHIP,
        "offered": False,
        "open_until": "2027-08-29T08:00:00.000000Z",
        "held": _HELD,
        "questions": [
            {"question": code, "text": text, "suggestion": _KNOWN.get(code)} for code, text in _ASKED.items()
        ],
        "about_programme": "What would I tell the people who run this programme?",
        "mine": _OWN,
        "theirs": {
            "by": "mentor",
            "answers": [
                {
                    "question": "harder",
                    "asked": _ASKED["harder"],
                    "text": "The line at night. The telephone was better than the video.",
                }
            ],
            "at": "2027-06-18T12:40:00.000000Z",
        },
        "sent": [],
        "version": 2,
    },
    "write_closing": _OWN,
    "read_closing_template": {
        "programme_id": PROGRAMME,
        "version": 0,
        "questions": [{"question": code, "text": text, "texts": []} for code, text in _ASKED.items()],
    },
    "change_closing_template": {
        "programme_id": PROGRAMME,
        "version": 1,
        "questions": [
            {"question": "goals", "text": _ASKED["goals"], "texts": []},
            {"question": "own-aadde4a0cb86901c", "text": _OWN_WORDS["text"], "texts": [_OWN_WORDS]},
        ],
    },
}
REFUSALS: dict[str, str] = {
    "not-time-to-close": "It opens 28 days before the last day, or as one of you ends it.",
    "closing-moved": "Read it again, then send your change.",
}
