"""Scenes of time given."""

from datetime import timedelta
from typing import Any

from tests.architecture.scenes import Others, mentor, scene
from tests.architecture.scenes.programmes import enrol, enrolled, staff_of
from tests.architecture.scenes.sessions import ONE, booked
from tests.support.world import World

GIVING = "/v1/me/giving/{programme_id}"


def met(world: World) -> dict[str, Any]:
    """Have a session held, by a mentor who wishes to be thanked, and say in which month."""
    given = booked(world)
    wish = {"pledge_hours_a_week": 1, "thank_me_as": "full"}
    assert world.put(GIVING.format(**given["ids"]), wish, by=given["mentor"]).status == 200
    path = ONE.format(**given["ids"])
    world.at += timedelta(days=15)
    session = world.get(path, by=given["mentor"])
    headers = {"If-Match": session.etag}
    answer = world.put(f"{path}/attendance", {"said": "met"}, by=given["mentor"], headers=headers)
    assert answer.status == 200, answer.text
    return {**given, "month": session.json["starts_at"][:7]}


@scene("GET", "/v1/me/time-given")
def my_time_given(world: World) -> dict[str, Any]:
    return {"by": met(world)["mentor"]}


@scene("GET", GIVING)
def read_giving(world: World) -> dict[str, Any]:
    given = enrolled(world)
    return {"by": given["mentor"], "ids": given["ids"]}


@scene("PUT", GIVING)
def set_giving(world: World) -> dict[str, Any]:
    given = enrolled(world)
    second = mentor(world)
    enrol(world, given, second, "mentor")
    body = {"thank_me_as": "initials"}
    return {"by": given["mentor"], "another": second, "ids": given["ids"], "body": body}


@scene("GET", "/v1/programmes/{programme_id}/time-given")
def list_time_given(world: World) -> dict[str, Any]:
    given = met(world)
    return staff_of(given) | {"query": {"month": given["month"]}}


@scene("GET", "/v1/programmes/{programme_id}/thanks")
def list_thanked(world: World) -> dict[str, Any]:
    given = met(world)
    query = {"month": given["month"]}
    return {"by": given["mentee"], "ids": given["ids"], "query": query, "others": Others.HIDDEN}
