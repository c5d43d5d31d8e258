"""Scenes of credentials and their review."""

from typing import Any

from tests.architecture.scenes import Others, scene, secret, somebody
from tests.support.world import World

CLAIM: dict[str, Any] = {
    "kind": "licence",
    "authority": secret("council"),
    "number": "CANARY-1",
    "name_on_document": secret("name"),
    "country": "KE",
    "issued_on": "2020-03-01",
    "expires_on": "2028-02-29",
}


def waiting(world: World) -> dict[str, str]:
    """Submit a credential to a new organisation; return the ids of all of them."""
    organisation, person = world.organisation(secret("organisation")), somebody(world)
    body = {**CLAIM, "organisation_id": organisation}
    answer = world.post("/v1/me/credentials", body, by=person)
    assert answer.status == 201, answer.text
    return {"organisation": organisation, "person": person, "credential_id": answer.json["id"]}


def reviewed(world: World) -> dict[str, Any]:
    """Submit a credential, and have a reviewer ready."""
    given = waiting(world)
    return {
        "organisation": given["organisation"],
        "by": world.reviewer(given["organisation"]),
        "ids": {"credential_id": given["credential_id"]},
    }


@scene("GET", "/v1/codes/authorities")
def list_authorities(world: World) -> dict[str, Any]:
    return {}


@scene("POST", "/v1/me/credentials")
def submit(world: World) -> dict[str, Any]:
    organisation = world.organisation(secret("organisation"))
    return {"by": somebody(world), "body": {**CLAIM, "organisation_id": organisation}}


@scene("GET", "/v1/me/credentials")
def list_mine(world: World) -> dict[str, Any]:
    return {"by": waiting(world)["person"]}


@scene("GET", "/v1/me/credentials/{credential_id}")
def read_mine(world: World) -> dict[str, Any]:
    given = waiting(world)
    return {"by": given["person"], "ids": given, "others": Others.HIDDEN}


@scene("DELETE", "/v1/me/credentials/{credential_id}")
def withdraw(world: World) -> dict[str, Any]:
    given = waiting(world)
    return {"by": given["person"], "ids": given, "others": Others.HIDDEN}


@scene("GET", "/v1/admin/credentials")
def queue(world: World) -> dict[str, Any]:
    given = reviewed(world)
    given.pop("ids")
    return {**given, "query": {"organisation_id": given["organisation"]}}


@scene("GET", "/v1/admin/credentials/{credential_id}")
def review(world: World) -> dict[str, Any]:
    return reviewed(world)


@scene("POST", "/v1/admin/credentials/{credential_id}/verify")
def verify(world: World) -> dict[str, Any]:
    return {**reviewed(world), "body": {}}


@scene("POST", "/v1/admin/credentials/{credential_id}/reject")
def reject(world: World) -> dict[str, Any]:
    return {**reviewed(world), "body": {"reason": "other", "text": secret("reason")}}
