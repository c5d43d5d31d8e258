"""Whole examples of answers about the health of mentorships; `mentorships/examples.py` takes them up."""

from typing import Any

from chalicelib.mentorships.agreements.examples import MENTORSHIP
from chalicelib.people.examples import AMINA, CLAIRE

PARAMETERS: dict[str, Any] = {"state": "red"}
ANSWERS: dict[str, Any] = {
    "read_mentorship_health": {
        "mentorship_id": MENTORSHIP,
        "status": "active",
        "state": "amber",
        "reasons": [
            {
                "reason": "no_session",
                "state": "amber",
                "since": "2027-04-07T14:00:00.000000Z",
                "figure": 33,
                "sentence": "You have not met for 33 days, and no session is booked. Propose a time, even for a short "
                "talk.",
            }
        ],
    },
    "list_health": [
        {
            "mentorship_id": MENTORSHIP,
            "mentor": {"person_id": CLAIRE, "name": "Claire Tremblay"},
            "mentee": {"person_id": AMINA, "name": "Amina Otieno"},
            "status": "active",
            "state": "red",
            "since": "2027-04-21T14:00:00.000000Z",
            "reasons": ["no_session"],
            "looked_at": "2027-04-22T14:00:00.000000Z",
        }
    ],
    "count_health": {"red": 1, "amber": 3, "green": 41},
}
