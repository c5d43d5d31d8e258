"""Whole examples of requests and answers about time given; `mentorships/examples.py` takes them up."""

from typing import Any

from chalicelib.mentorships.agreements.examples import MENTORSHIP
from chalicelib.people.examples import CLAIRE
from chalicelib.programmes.examples import PROGRAMME

_GIVING: dict[str, Any] = {
    "programme_id": PROGRAMME,
    "pledge_hours_a_week": 0.5,
    "thank_me_as": "given",
    "thanked_as": "Claire",
}
_FIGURES: dict[str, Any] = {"sessions": 2, "minutes": 105, "pledged_minutes": 133, "share": 0.79}

PARAMETERS: dict[str, Any] = {"from": "2026-10", "to": "2027-03", "month": "2027-03"}
BODIES: dict[str, Any] = {"set_giving": {"pledge_hours_a_week": 0.5, "thank_me_as": "given"}}
ANSWERS: dict[str, Any] = {
    "my_time_given": {
        "items": [
            {
                "month": "2027-03",
                "programme_id": PROGRAMME,
                **_FIGURES,
                "mentorships": [{"mentorship_id": MENTORSHIP, "sessions": 2, "minutes": 105}],
            }
        ]
    },
    "read_giving": _GIVING,
    "set_giving": _GIVING,
    "list_time_given": [{"person_id": CLAIRE, "name": "Claire Tremblay", **_FIGURES}],
    "list_thanked": [{"name": "Claire"}],
}
