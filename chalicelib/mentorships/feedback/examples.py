"""Whole examples of requests and answers about feedback; `mentorships/examples.py` takes them up."""

from typing import Any

from chalicelib.programmes.examples import PROGRAMME

_GOING: dict[str, Any] = {
    "item": "going",
    "text": "How is your mentorship going?",
    "lowest": "badly",
    "highest": "very well",
}
_USEFUL: dict[str, Any] = {
    "item": "useful",
    "text": "What we talk about is useful for my work.",
    "lowest": "not at all",
    "highest": "completely",
}
_VALUES: list[dict[str, Any]] = [{"item": "going", "value": 4}, {"item": "useful", "value": 5}]
_GIVEN: dict[str, Any] = {
    "values": _VALUES,
    "words": "The last two calls broke off. Shall we try the phone next time?",
    "is_shared": True,
}
_ANSWERED: dict[str, Any] = {
    "round": "pulse-3",
    "kind": "pulse",
    "questions": [_GOING, _USEFUL],
    "open_until": None,
    "answer": {
        **_GIVEN,
        "answered_at": "2027-02-16T18:04:11.000000Z",
        "correct_until": "2027-02-23T18:04:11.000000Z",
    },
    "version": 1,
}
_CONFIDENCE = {
    "set_goals": "I can set goals for my work and follow them up.",
    "decide": "I can decide what to do in a difficult situation at work.",
    "use_feedback": "I can ask for feedback and use it.",
    "adapt": "I can adapt what I learn to the place where I work.",
    "find_help": "I can find people beyond my workplace who help me further.",
    "let_find": "I can listen and ask so that a mentee finds their own way.",
    "give_feedback": "I can give feedback that a mentee can use.",
    "agree_expectations": "I can agree with a mentee on what each expects.",
}
_OWN = "I can lead a debriefing after a resuscitation."
_OWN_ID = "own-9ad8e8be7d85e7c3"


def _asked(*codes: str) -> list[dict[str, Any]]:
    return [{"item": one, "text": _CONFIDENCE[one], "texts": []} for one in codes]


def _codes(*codes: str) -> list[dict[str, Any]]:
    return [{"code": one, "texts": []} for one in codes]


_MENTEE = ("set_goals", "use_feedback", "adapt")
_MENTOR = ("let_find", "give_feedback", "agree_expectations")
_SET: dict[str, Any] = {
    "pulse_weeks": 6,
    "pulse": _codes("useful"),
    "mentee": [*_codes(*_MENTEE), {"code": None, "texts": [{"language": "en", "text": _OWN}]}],
    "mentor": _codes(*_MENTOR),
}
_QUESTIONNAIRE: dict[str, Any] = {
    "programme_id": PROGRAMME,
    "version": 1,
    "pulse_weeks": 6,
    "pulse": [{"item": "useful", "text": _USEFUL["text"], "texts": []}],
    "mentee": [
        *_asked(*_MENTEE),
        {"item": _OWN_ID, "text": _OWN, "texts": [{"language": "en", "text": _OWN}]},
    ],
    "mentor": _asked(*_MENTOR),
}
_LINE: dict[str, Any] = {
    "round": "pulse",
    "role": "mentee",
    "item": "going",
    "text": _GOING["text"],
    "month": None,
    "n": 24,
    "mean": 4.0,
    "sd": 0.8847,
    "low": 3.6264,
    "high": 4.3736,
    "ones": 0,
    "twos": 2,
    "threes": 3,
    "fours": 12,
    "fives": 7,
    "withheld": 0,
}
_REPORT: dict[str, Any] = {
    "programme_id": PROGRAMME,
    "least_group": 5,
    "taking_part": [
        {"round": "pulse", "role": "mentee", "asked": 41, "answered": 29},
        {"round": "pulse", "role": "mentor", "asked": 41, "answered": 26},
    ],
    "answers": [
        _LINE,
        {
            **_LINE, "month": "2027-03", "n": 9, "mean": 3.7778, "sd": 0.9718, "low": 3.0308, "high": 4.5248,
            "twos": 1, "threes": 2, "fours": 4, "fives": 2,
        },
    ],
    "changes": [
        {
            "role": "mentee",
            "item": "adapt",
            "text": _CONFIDENCE["adapt"],
            "n": 12,
            "mean_before": 2.75,
            "mean_after": 3.9167,
            "mean_change": 1.1667,
            "sd_change": 0.8348,
            "low": 0.6363,
            "high": 1.6971,
            "withheld": 0,
        }
    ],
}  # fmt: skip

PARAMETERS: dict[str, Any] = {"round": "pulse-3"}
BODIES: dict[str, Any] = {"give_feedback": _GIVEN, "change_questionnaire": _SET}
ANSWERS: dict[str, Any] = {
    "read_feedback": {
        "rounds": [_ANSWERED],
        "shared_with_you": [
            {
                "round": "pulse-2",
                "words": "Your notes on my audit helped a great deal.",
                "at": "2027-01-05T19:31:40.000000Z",
            }
        ],
    },
    "give_feedback": _ANSWERED,
    "read_feedback_report": _REPORT,
    "read_questionnaire": _QUESTIONNAIRE,
    "change_questionnaire": _QUESTIONNAIRE,
}
REFUSALS: dict[str, str] = {
    "round-not-open": "Its time is over, or has not come. GET …/feedback lists what you can answer.",
    "feedback-settled": "An answer can be corrected for seven days.",
}
