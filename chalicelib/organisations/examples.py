"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.people.examples import AMINA_PERSON, NADIA, SAMUEL

ORGANISATION = "01M1E0K86GYM2WX0DR7DZKQDSW"
ORGANISATION_NAME = "East African Child Health Alliance"

_ORGANISATION: dict[str, Any] = {
    "id": ORGANISATION,
    "name": ORGANISATION_NAME,
    "country": "KE",
}
_SAMUEL: dict[str, Any] = {"organisation_id": ORGANISATION, "person_id": SAMUEL, "roles": ["coordinator"]}
_NADIA: dict[str, Any] = {"organisation_id": ORGANISATION, "person_id": NADIA, "roles": ["reviewer"]}

PARAMETERS: dict[str, Any] = {"organisation_id": ORGANISATION, "person_id": NADIA}
BODIES: dict[str, Any] = {
    "create_organisation": {"name": _ORGANISATION["name"], "country": "KE"},
    "rename_organisation": {"name": "East African Alliance for Child Health"},
    "set_member": {"roles": ["reviewer"]},
    "find_person": {"email": AMINA_PERSON["email"]},
    "set_admin": {"admin": True},
}
ANSWERS: dict[str, Any] = {
    "read_rights": {"admin": False, "memberships": [_SAMUEL]},
    "list_organisations": [_ORGANISATION],
    "create_organisation": _ORGANISATION,
    "rename_organisation": {**_ORGANISATION, **BODIES["rename_organisation"]},
    "list_members": [_SAMUEL, _NADIA],
    "set_member": _NADIA,
    "find_person": AMINA_PERSON,
    "set_admin": {"admin": True, "memberships": [_NADIA]},
}
REFUSALS: dict[str, str] = {
    "last-coordinator": "Make somebody else a coordinator first, or ask an admin of the installation.",
    "staff-changed": "Read the list of the staff again, then send the request again if it still holds.",
    "last-admin": "Another admin has to take this from you.",
}
