"""Scenes of portfolios."""

from typing import Any

from tests.architecture.scenes import Others, scene, secret
from tests.architecture.scenes.mentorships import paired
from tests.architecture.scenes.reflections import PARTS
from tests.support.signing import sign_all
from tests.support.world import World

PATH = "/v1/me/portfolios"


def ordered(world: World) -> dict[str, Any]:
    """Have a mentee whose portfolio, with a reflection, is ready."""
    given = paired(world)
    written = world.post(
        f"/v1/mentorships/{given['ids']['mentorship_id']}/reflections", PARTS, by=given["mentee"]
    )
    assert written.status == 201, written.text
    answer = world.post(PATH, {"reflections": "all"}, by=given["mentee"])
    assert answer.status == 201, answer.text
    world.follow_up()
    sign_all(world)
    world.follow_up()
    return {"by": given["mentee"], "ids": {"portfolio_id": answer.json["id"]}}


@scene("POST", PATH)
def order(world: World) -> dict[str, Any]:
    return {"by": paired(world)["mentee"], "body": {"reflections": "all"}}


@scene("GET", PATH)
def mine(world: World) -> dict[str, Any]:
    return ordered(world)


@scene("GET", PATH + "/{portfolio_id}")
def read(world: World) -> dict[str, Any]:
    return {**ordered(world), "others": Others.HIDDEN}


@scene("POST", "/v1/portfolio-checks")
def check(world: World) -> dict[str, Any]:
    return {"by": world.mentee(), "body": {"file": secret("file")}, "others": Others.OPEN}
