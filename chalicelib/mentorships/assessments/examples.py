"""Whole examples of requests and answers about self-assessments; `mentorships/examples.py` takes them up."""

from typing import Any

_TOPICS: list[dict[str, Any]] = [
    {"topic": "hand hygiene audits", "confidence": 2, "standing": "gap", "wants_to_grow": True},
    {"topic": "paediatric triage", "confidence": 4, "standing": "strength", "wants_to_grow": False},
]
_WRITTEN: dict[str, Any] = {
    "topics": _TOPICS,
    "note": "I have never shown numbers to a consultant.",
    "shared": True,
}
_STAMPS = {"created_at": "2026-11-24T17:30:00.000000Z", "updated_at": "2026-11-24T17:30:00.000000Z"}
_START: dict[str, Any] = {"moment": "start", **_WRITTEN, **_STAMPS}

PARAMETERS: dict[str, Any] = {"moment": "start"}
BODIES: dict[str, Any] = {"assess_yourself": _WRITTEN}
ANSWERS: dict[str, Any] = {
    "assess_yourself": _START,
    "read_assessments": {
        "mine": {
            "moments": [_START],
            "growth": [
                {
                    "topic": one["topic"],
                    "start": one["confidence"],
                    "middle": None,
                    "end": None,
                    "change": None,
                }
                for one in _TOPICS
            ],
        },
        "theirs": {"moments": [], "growth": []},
        "drafts": [
            {
                "title": "Become surer in this: hand hygiene audits",
                "horizon": "short",
                "domain": "canonical",
                "measure": {
                    "what": "How sure I am of this: hand hygiene audits",
                    "unit": "of 5",
                    "baseline": 2.0,
                    "target": 4.0,
                },
            }
        ],
    },
}
REFUSALS: dict[str, str] = {
    "not-assessed": "You read here what the other of you shares.",
    "assessment-settled": "That of the middle is compared with it.",
    "assessment-moved": "Read it again, then send your change.",
}
