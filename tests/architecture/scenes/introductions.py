"""Scenes of introductions."""

from typing import Any

from tests.architecture.scenes import Others, mentor, scene, secret
from tests.architecture.scenes.mentorships import paired
from tests.support.world import World

PATH = "/v1/mentorships/{mentorship_id}/introductions"
ONE = "/v1/introductions/{introduction_id}"


def listed(world: World) -> dict[str, Any]:
    """Have a pair in a programme whose directory shows a third person."""
    given = paired(world)
    third = mentor(world)
    programme = world.get(f"/v1/mentorships/{given['ids']['mentorship_id']}", by=given["mentor"]).json
    path = f"/v1/programmes/{programme['programme_id']}/enrolments/{third}"
    enrolled = world.put(path, {"role": "mentor", "capacity": 1}, by=third)
    assert enrolled.status == 200, enrolled.text
    return {**given, "third": third}


def offered(world: World) -> dict[str, Any]:
    """Have an introduction offered to a mentee."""
    given = listed(world)
    body = {"person_id": given["third"], "text": secret("reason")}
    answer = world.post(PATH.format(**given["ids"]), body, by=given["mentor"])
    assert answer.status == 201, answer.text
    ids = {**given["ids"], "introduction_id": answer.json["id"]}
    return {"by": given["mentee"], "ids": ids, "others": Others.HIDDEN}


@scene("POST", PATH)
def introduce(world: World) -> dict[str, Any]:
    given = listed(world)
    body = {"person_id": given["third"], "text": secret("reason")}
    return {"by": given["mentor"], "ids": given["ids"], "others": Others.HIDDEN, "body": body}


@scene("GET", "/v1/me/introductions")
def mine(world: World) -> dict[str, Any]:
    return {**offered(world), "others": Others.OWN}


@scene("GET", ONE)
def read(world: World) -> dict[str, Any]:
    return offered(world)


@scene("PUT", ONE + "/reply")
def answer(world: World) -> dict[str, Any]:
    return {**offered(world), "body": {"reply": "yes"}}


@scene("GET", "/v1/mentorships/{mentorship_id}/successes")
def successes(world: World) -> dict[str, Any]:
    given = paired(world)
    return {"by": given["mentee"], "ids": given["ids"], "others": Others.HIDDEN}
