"""Scenes of organisations and staff rights."""

from typing import Any

from tests.architecture.scenes import CANARY, Others, address, scene, secret, somebody
from tests.support.world import World

FIRST = {"If-Match": '"1"'}


def staffed(world: World) -> dict[str, Any]:
    """Add an organisation, with a coordinator who acts for it."""
    organisation = world.organisation(secret("organisation"))
    return {"organisation": organisation, "by": world.coordinator(organisation)}


@scene("GET", "/v1/me/rights")
def read_rights(world: World) -> dict[str, Any]:
    return {"by": staffed(world)["by"]}


@scene("GET", "/v1/organisations")
def list_organisations(world: World) -> dict[str, Any]:
    world.organisation(secret("organisation"))
    return {"by": somebody(world), "others": Others.OPEN}


@scene("POST", "/v1/organisations")
def create_organisation(world: World) -> dict[str, Any]:
    return {"by": world.admin(), "body": {"name": secret("organisation"), "country": "KE"}}


@scene("PATCH", "/v1/organisations/{organisation_id}")
def rename_organisation(world: World) -> dict[str, Any]:
    given = staffed(world)
    return {
        **given,
        "ids": {"organisation_id": given["organisation"]},
        "body": {"name": secret("name")},
        "headers": FIRST,
    }


@scene("GET", "/v1/organisations/{organisation_id}/members")
def list_members(world: World) -> dict[str, Any]:
    given = staffed(world)
    return {**given, "ids": {"organisation_id": given["organisation"]}}


@scene("PUT", "/v1/organisations/{organisation_id}/members/{person_id}")
def set_member(world: World) -> dict[str, Any]:
    given = staffed(world)
    ids = {"organisation_id": given["organisation"], "person_id": somebody(world)}
    return {**given, "ids": ids, "body": {"roles": ["reviewer"]}}


@scene("DELETE", "/v1/organisations/{organisation_id}/members/{person_id}")
def remove_member(world: World) -> dict[str, Any]:
    given = staffed(world)
    ids = {"organisation_id": given["organisation"], "person_id": world.reviewer(given["organisation"])}
    return {**given, "ids": ids}


@scene("POST", "/v1/admin/people/search")
def find_person(world: World) -> dict[str, Any]:
    email = address()
    assert CANARY in email
    world.person(email=email)
    return {"by": world.admin(), "body": {"email": email}}


@scene("PUT", "/v1/admin/people/{person_id}/admin")
def set_admin(world: World) -> dict[str, Any]:
    return {"by": world.admin(), "ids": {"person_id": somebody(world)}, "body": {"admin": True}}
