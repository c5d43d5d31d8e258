"""Scenes of reflections."""

from typing import Any

from tests.architecture.scenes import Others, scene, secret
from tests.architecture.scenes.mentorships import paired
from tests.support.world import World

PATH = "/v1/mentorships/{mentorship_id}/reflections"
ONE = PATH + "/{reflection_id}"
PARTS: dict[str, Any] = {
    "happened": secret("event"), "learned": secret("lesson"), "will_change": secret("change"),
    "adapted": secret("adaptation"),
}  # fmt: skip


def written(world: World, *, shared: bool = False) -> dict[str, Any]:
    """Have a mentee with a reflection of their own."""
    given = paired(world)
    answer = world.post(PATH.format(**given["ids"]), {**PARTS, "shared": shared}, by=given["mentee"])
    assert answer.status == 201, answer.text
    ids = {**given["ids"], "reflection_id": answer.json["id"]}
    return {"by": given["mentee"], "ids": ids, "others": Others.HIDDEN}


@scene("POST", PATH)
def write(world: World) -> dict[str, Any]:
    given = paired(world)
    return {"by": given["mentee"], "ids": given["ids"], "others": Others.HIDDEN, "body": PARTS}


@scene("GET", PATH)
def list_reflections(world: World) -> dict[str, Any]:
    return written(world)


@scene("GET", ONE)
def read(world: World) -> dict[str, Any]:
    return written(world)


@scene("PUT", ONE)
def change(world: World) -> dict[str, Any]:
    return {**written(world), "body": {**PARTS, "shared": True}}


@scene("DELETE", ONE)
def delete(world: World) -> dict[str, Any]:
    return written(world, shared=True)
