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

PARAMETERS: dict[str, Any] = {"year": 2027}
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
        "open": True,
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
    "list_records": [
        {
            "mentorship_id": _MENTORSHIP,
            "kind": "one_to_one",
            "started_on": "2026-11-21",
            "ended_on": "2027-06-30",
            "sessions": {
                "held": 8,
                "minutes": 450,
                "missed_by_mentee": 1,
                "missed_by_mentor": 0,
                "contested": 0,
                "unsaid": 0,
                "cancelled": 2,
            },
            "goals_reached": 1,
            "goals_dropped": 0,
            "goals_open": 1,
            "agreements_signed": 2,
            "conversation_held_on": "2027-06-20",
            "sent": [{"by": "mentee", "text": _WRITTEN["to_programme"], "at": "2027-06-20T17:05:00.000000Z"}],
        }
    ],
    "export_records": (
        "mentorship_id,kind,started_on,ended_on,sessions_held,minutes,missed_by_mentee,missed_by_mentor,contested,"
        "unsaid,cancelled,goals_reached,goals_dropped,goals_open,agreements_signed\r\n"
        f"{_MENTORSHIP},one_to_one,2026-11-21,2027-06-30,8,450,1,0,0,0,2,1,0,1,2\r\n"
    ),
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
