"""Scenes of a person's own data."""

from typing import Any

from tests.architecture.scenes import Others, scene, secret, somebody, whole_profile
from tests.support.world import World


@scene("GET", "/v1/me")
def read_me(world: World) -> dict[str, Any]:
    return {"by": somebody(world)}


@scene("PATCH", "/v1/me")
def change_me(world: World) -> dict[str, Any]:
    names = {"given_name": secret("given name"), "family_name": secret("family name")}
    return {"by": somebody(world), "body": names}


@scene("GET", "/v1/me/profile")
def read_profile(world: World) -> dict[str, Any]:
    return {"by": somebody(world)}


@scene("PATCH", "/v1/me/profile")
def change_profile(world: World) -> dict[str, Any]:
    return {"by": somebody(world), "body": whole_profile()}


@scene("GET", "/v1/me/blocks")
def list_blocks(world: World) -> dict[str, Any]:
    person, other = somebody(world), somebody(world)
    assert world.put(f"/v1/me/blocks/{other}", by=person).status == 204
    return {"by": person}


@scene("PUT", "/v1/me/blocks/{person_id}")
def block(world: World) -> dict[str, Any]:
    return {"by": somebody(world), "ids": {"person_id": somebody(world)}}


@scene("DELETE", "/v1/me/blocks/{person_id}")
def unblock(world: World) -> dict[str, Any]:
    person, other = somebody(world), somebody(world)
    assert world.put(f"/v1/me/blocks/{other}", by=person).status == 204
    return {"by": person, "ids": {"person_id": other}, "others": Others.HIDDEN}


@scene("GET", "/v1/codes/{name}")
def read_codes(world: World) -> dict[str, Any]:
    return {"ids": {"name": "countries"}}
