"""Whole examples of the form, which the rooms that hold activities show for their own routes."""

from typing import Any

BODY: dict[str, Any] = {
    "satisfaction": 5,
    "learning": 4,
    "practice": 4,
    "balance": 5,
    "comment": "Ten minutes were short; the questions sent ahead helped.",
}
ASKED: dict[str, Any] = {
    "questions": [
        {"topic": "satisfaction", "text": "It was worth my time."},
        {"topic": "learning", "text": "I learnt something that I can use."},
        {
            "topic": "practice",
            "text": "Because of it I know better what to keep or to change in my practice.",
        },
        {"topic": "balance", "text": "What was said was balanced and served no commercial interest."},
    ],
    "lowest": "not at all",
    "highest": "completely",
    "notice": "Coordinators read sums of five people or more, and comments without a name among those of five. They do "
    "not see who answered.",
    "is_open": True,
    "until": "2027-01-06T15:22:00.000000Z",
    "yours": None,
    "sums": None,
}
GIVEN: dict[str, Any] = {
    **ASKED,
    "yours": {
        **BODY,
        "given_at": "2026-12-09T15:30:00.000000Z",
        "correct_until": "2026-12-16T15:30:00.000000Z",
    },
}
SUMMED: dict[str, Any] = {
    **ASKED,
    "is_open": False,
    "sums": {
        "people": 5,
        "topics": [
            {"topic": "satisfaction", "mean": 4.4, "steps": [0, 0, 1, 1, 3]},
            {"topic": "learning", "mean": 4.0, "steps": [0, 0, 1, 3, 1]},
            {"topic": "practice", "mean": 3.8, "steps": [0, 1, 0, 3, 1]},
            {"topic": "balance", "mean": 4.8, "steps": [0, 0, 0, 1, 4]},
        ],
        "comments": [BODY["comment"]],
    },
}
REFUSALS: dict[str, str] = {
    "activity-feedback-not-asked": "It is not over. Send your feedback afterwards.",
    "activity-feedback-stands": "It was given more than 7 days ago, and counts.",
    "activity-comment-identifies": "Take out what is pointed at, then send it.",
}
