"""Scenes of self-assessments."""

from typing import Any

from tests.architecture.scenes import Others, scene, secret
from tests.architecture.scenes.mentorships import paired
from tests.support.world import World

PATH = "/v1/mentorships/{mentorship_id}/self-assessments"
ONE = PATH + "/start"
WHOLE: dict[str, Any] = {
    "topics": [{"topic": "canary topic", "confidence": 2, "standing": "gap", "wants_to_grow": True}],
    "note": secret("note"),
}


def assessed(world: World) -> dict[str, Any]:
    given = paired(world)
    answer = world.put(ONE.format(**given["ids"]), {**WHOLE, "shared": True}, by=given["mentee"])
    assert answer.status == 200, answer.text
    return own(given)


def own(given: dict[str, Any]) -> dict[str, Any]:
    ids = {**given["ids"], "moment": "start"}
    return {"by": given["mentee"], "ids": ids, "others": Others.HIDDEN}


@scene("GET", PATH)
def read(world: World) -> dict[str, Any]:
    return assessed(world)


@scene("PUT", PATH + "/{moment}")
def write(world: World) -> dict[str, Any]:
    return {**own(paired(world)), "body": WHOLE}


@scene("DELETE", PATH + "/{moment}")
def delete(world: World) -> dict[str, Any]:
    return assessed(world)
