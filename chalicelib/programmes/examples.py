"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.credentials.examples import BADGE
from chalicelib.organisations.examples import ORGANISATION
from chalicelib.people.examples import AMINA, CLAIRE, CLAIRE_WRITES

PROGRAMME = "01M45H7NQ0WACY5N36ZNNWNY9C"

_RULES: dict[str, Any] = {
    "name": "Infection care for children 2026/27",
    "description": "A year of one-to-one mentoring for nurses and doctors on children's wards.",
    "format": "one_to_one",
    "kind": "one_to_one",
    "status": "active",
    "starts_on": "2026-10-15",
    "ends_on": "2027-10-31",
    "publish": "review",
    "joining": "open",
    "cadence": "nightly",
    "mentee_led": True,
    "proposal_days": 7,
    "mentee_places": 1,
    "max_capacity": 5,
    "grace_days": 28,
    "goal_review_sessions": 3,
    "mentorship_months": 12,
    "certificate": {"sessions": 6, "minutes": 0, "goals_reached": 0, "final_reflection": True},
    "health": {
        "quiet_days": 30,
        "no_shows": 2,
        "overdue_days": 14,
        "no_goals_days": 30,
        "task_days": 14,
    },
    "video": {"provider": "generated_room", "address": "https://meet.example.org"},
}
_PROGRAMME: dict[str, Any] = {
    "id": PROGRAMME,
    "organisation_id": ORGANISATION,
    **_RULES,
    "video": {"provider": "generated_room", "host": "meet.example.org"},
}
_AS_MENTEE: dict[str, Any] = {
    "programme_id": PROGRAMME,
    "person_id": AMINA,
    "role": "mentee",
    "status": "active",
    "capacity": 1,
    "free": 1,
    "enrolled_at": "2026-10-20T00:00:00.000000Z",
}
_AS_MENTOR: dict[str, Any] = {
    **_AS_MENTEE,
    "person_id": CLAIRE,
    "role": "mentor",
    "capacity": 3,
    "free": 3,
    "enrolled_at": "2026-10-21T22:04:17.000000Z",
}
_CARD_FIELDS = (
    "profession", "specialties", "career_stage", "country", "employer", "languages", "time_zone", "channels",
    "topics_offered", "research_interests", "strengths",
)  # fmt: skip

_RULES_OF_WHAT_COUNTS: list[dict[str, Any]] = [
    {
        "professions": ["2211", "2212"],
        "requirements": [
            {"kinds": ["licence"], "place": "country_of_practice", "right_to_practise": True},
            {"kinds": ["good_standing"], "place": "country_of_practice", "right_to_practise": False},
        ],
    },
    {
        "professions": [],
        "requirements": [
            {
                "kinds": ["licence", "registration"],
                "place": "country_of_practice",
                "right_to_practise": True,
            },
        ],
    },
]
_WHAT_COUNTS: dict[str, Any] = {
    "rules": _RULES_OF_WHAT_COUNTS,
    "vouched": False,
    "mine": None,
    "recount": None,
}

PARAMETERS: dict[str, Any] = {
    "programme_id": PROGRAMME,
    "person_id": CLAIRE,
    "organisation_id": ORGANISATION,
    "role": "mentor",
    "specialty": "infectious-diseases",
    "language": "en",
    "country": "CA",
    "topic": "infection prevention",
}
BODIES: dict[str, Any] = {
    "create_programme": {"organisation_id": ORGANISATION, **_RULES},
    "change_programme": {"publish": "auto", "proposal_days": 10},
    "enrol": {"role": "mentor", "capacity": 3},
    "change_what_counts": {"rules": _RULES_OF_WHAT_COUNTS, "vouched": False},
}
ANSWERS: dict[str, Any] = {
    "list_programmes": [_PROGRAMME],
    "create_programme": _PROGRAMME,
    "read_programme": _PROGRAMME,
    "change_programme": {**_PROGRAMME, **BODIES["change_programme"]},
    "read_what_counts": {
        **_WHAT_COUNTS,
        "mine": {"verified_until": None, "missing": [_RULES_OF_WHAT_COUNTS[0]["requirements"][1]]},
    },
    "change_what_counts": {
        **_WHAT_COUNTS,
        "recount": {
            "changed_at": "2026-11-21T22:04:17.000000Z",
            "changed_by": AMINA,
            "mentors": 0,
            "verified": 0,
            "finished_at": None,
        },
    },
    "list_enrolments": [
        {
            **_AS_MENTOR,
            "name": "Claire Tremblay",
            "person_status": "active",
            "mail_stopped": {"since": "2026-11-20T04:11:09.000000Z", "reason": "bounce"},
        }
    ],
    "enrol": _AS_MENTOR,
    "my_enrolments": [_AS_MENTEE],
    "find_mentors": [
        {
            "person_id": CLAIRE,
            "name": "Claire Tremblay",
            **{name: CLAIRE_WRITES[name] for name in _CARD_FIELDS},
            "about": CLAIRE_WRITES["goals"],
            "badges": [BADGE],
            "places_free": 3,
        }
    ],
}
REFUSALS: dict[str, str] = {
    "programme-not-running": "People can enrol only while the programme runs.",
    "by-invitation": "Ask the programme's coordinators to enrol you.",
    "not-enrolled": "Enrol in the programme as a mentee to see its mentors.",
    "no-place-left": "You have the mentors or open proposals that this programme allows at a time.",
    "capacity-in-use": "Open proposals and mentorships need the places. Wait, or end some first.",
}
