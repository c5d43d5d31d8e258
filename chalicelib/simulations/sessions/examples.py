"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.certificates.examples import OF_ACTIVITY
from chalicelib.organisations.examples import ORGANISATION
from chalicelib.people.examples import AMINA, CLAIRE

CASE = "01M5W3Q8J0ZC7N1T5R9X2K4BVD"
SIMULATION = "01M5W8T2N7GQ4Y0ZB6D1H3K5MP"

_PLANNED: dict[str, Any] = {
    "id": SIMULATION,
    "organisation_id": ORGANISATION,
    "title": "Emergencies at night",
    "starts_at": "2027-01-18T15:30:00.000000Z",
    "status": "planned",
    "per_moderator": 5,
    "engine_answers": True,
    "cases": [
        {
            "number": 1, "case_id": CASE, "version": 1, "setting": "district",
            "title": "A young woman who cannot stop vomiting", "condition": "diabetic ketoacidosis", "minutes": 25,
            "begun_at": None, "ends_at": None, "is_over": False,
        }
    ],
    "roles": [],
    "chats": [],
}  # fmt: skip
RUNNING_CASE: dict[str, Any] = {
    **_PLANNED["cases"][0],
    "condition": None,
    "begun_at": "2027-01-18T15:31:00.000000Z",
    "ends_at": "2027-01-18T15:56:00.000000Z",
}
_OWN: dict[str, Any] = {
    **_PLANNED, "status": "running", "cases": [RUNNING_CASE], "roles": ["participant"], "chats": [f"1-{AMINA}"],
}  # fmt: skip
_PEOPLE: dict[str, Any] = {
    "items": [
        {"person_id": AMINA, "name": "Amina Otieno", "roles": ["participant"], "moderator_id": CLAIRE},
        {"person_id": CLAIRE, "name": "Claire Tremblay", "roles": ["moderator"], "moderator_id": None},
    ]
}

PARAMETERS: dict[str, Any] = {"organisation_id": ORGANISATION, "simulation_id": SIMULATION}
BODIES: dict[str, Any] = {
    "plan_simulation": {
        "title": _PLANNED["title"],
        "starts_at": "2027-01-18T15:30:00Z",
        "cases": [{"case_id": CASE, "version": 1, "setting": "district"}],
        "per_moderator": 5,
        "engine_answers": True,
    },
    "add_people": {"participants": [AMINA], "moderators": [CLAIRE], "raters": []},
    "move_simulation": {"move": "begin_case"},
}
ANSWERS: dict[str, Any] = {
    "plan_simulation": _PLANNED,
    "list_simulations": [_PLANNED],
    "my_simulations": [_OWN],
    "read_simulation": _OWN,
    "add_people": _PEOPLE,
    "list_people": _PEOPLE,
    "list_simulation_certificates": [
        {
            **OF_ACTIVITY, "activity": {"kind": "simulation", "id": SIMULATION}, "role": "participant",
            "title": "Clinical simulation by chat completed", "programme": _PLANNED["title"],
        }
    ],
    "move_simulation": {
        **_PLANNED, "status": "running", "roles": ["moderator"],
        "cases": [{**RUNNING_CASE, "condition": "diabetic ketoacidosis"}],
    },
}  # fmt: skip
