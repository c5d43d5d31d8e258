"""Whole examples of answers about records; `certificates/examples.py` takes them up."""

from typing import Any

from chalicelib.mentorships.examples import PARAMETERS as _OF_MENTORSHIPS
from chalicelib.organisations.examples import ORGANISATION_NAME
from chalicelib.people.examples import AMINA, CLAIRE
from chalicelib.programmes.examples import PROGRAMME

ANSWERS: dict[str, Any] = {
    "read_record": {
        "mentorship_id": _OF_MENTORSHIPS["mentorship_id"],
        "programme_id": PROGRAMME,
        "programme": "Infection care for children 2026/27",
        "organisation": ORGANISATION_NAME,
        "kind": "one_to_one",
        "status": "closed",
        "mentee": {"person_id": AMINA, "name": "Amina Otieno", "role": "mentee"},
        "mentor": {"person_id": CLAIRE, "name": "Claire Tremblay", "role": "mentor"},
        "started_on": "2026-11-21",
        "ended_on": "2027-06-30",
        "sessions": {
            "held": 8,
            "minutes": 450,
            "hours": "7.5",
            "missed_by_mentee": 1,
            "missed_by_mentor": 0,
            "contested": 0,
            "unsaid": 0,
            "cancelled": 2,
        },
        "goals": [
            {
                "goal_id": "01M874W78G00S4S6ENZEVJ3833",
                "owner": "mentee",
                "title": "Soap at every bed",
                "domain": "contextual",
                "status": "reached",
                "ended_on": "2027-05-03",
                "note": "Five nights in a row. The night shift checks the dispensers itself.",
            }
        ],
        "agreement": {"versions": 2, "signed": 2},
        "introductions": ["2027-04-12"],
        "conversation_held_on": "2027-06-20",
        "certificates": [
            {
                "side": "mentee",
                "issued_on": "2027-06-30",
                "revoked": False,
                "certificate_id": "5ZW7Q2N8K0V6T4R1Y3M9J2H8B6",
            }
        ],
    }
}
