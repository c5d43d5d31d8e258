"""Scenes of goals."""

from typing import Any

from tests.architecture.scenes import Others, kept, scene, secret
from tests.architecture.scenes.mentorships import paired
from tests.support.world import World

GOALS = "/v1/mentorships/{mentorship_id}/goals"
GOAL = GOALS + "/{goal_id}"
WHOLE: dict[str, Any] = {
    "title": secret("title"),
    "horizon": "short",
    "domain": "contextual",
    "change": secret("change"),
    "measure": {"what": secret("measure"), "unit": "canary unit", "baseline": 1, "target": 9},
    "due_on": "2027-03-31",
    "steps": [{"text": secret("step")}],
}


@kept
def aimed(world: World) -> dict[str, Any]:
    """Have a pair with a goal that says all, as its mentee finds it."""
    given = paired(world)
    answer = world.post(GOALS.format(**given["ids"]), WHOLE, by=given["mentee"])
    assert answer.status == 201, answer.text
    ids = {**given["ids"], "goal_id": answer.json["id"]}
    return {
        "by": given["mentee"], "ids": ids, "others": Others.HIDDEN, "headers": {"If-Match": answer.etag}
    }  # fmt: skip


def reading(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != "headers"}


@scene("POST", GOALS)
def write(world: World) -> dict[str, Any]:
    given = paired(world)
    return {"by": given["mentor"], "ids": given["ids"], "body": WHOLE, "others": Others.HIDDEN}


@scene("GET", GOALS)
def list_goals(world: World) -> dict[str, Any]:
    return reading(aimed(world))


@scene("GET", GOAL)
def read(world: World) -> dict[str, Any]:
    return reading(aimed(world))


@scene("PATCH", GOAL)
def change(world: World) -> dict[str, Any]:
    return {**aimed(world), "body": {"title": secret("new title"), "due_on": "2027-04-30"}}


@scene("POST", GOAL + "/progress")
def progress(world: World) -> dict[str, Any]:
    return {**reading(aimed(world)), "body": {"value": 4, "note": secret("note")}}


@scene("GET", GOAL + "/entries")
def entries(world: World) -> dict[str, Any]:
    given = aimed(world)
    noted = world.post(f"{GOAL.format(**given['ids'])}/progress", {"note": secret("note")}, by=given["by"])
    assert noted.status == 201, noted.text
    return reading(given)


@scene("POST", GOAL + "/review")
def review(world: World) -> dict[str, Any]:
    return {**aimed(world), "body": {"decision": "keep", "why": secret("why")}}


@scene("POST", GOAL + "/reach")
def reach(world: World) -> dict[str, Any]:
    return {**aimed(world), "body": {"note": secret("success")}}


@scene("POST", GOAL + "/drop")
def drop(world: World) -> dict[str, Any]:
    return {**aimed(world), "body": {"why": secret("why")}}


@scene("POST", GOAL + "/reopen")
def reopen(world: World) -> dict[str, Any]:
    given = aimed(world)
    path = GOAL.format(**given["ids"])
    dropped = world.post(f"{path}/drop", {"why": secret("why")}, by=given["by"], headers=given["headers"])
    assert dropped.status == 200, dropped.text
    return {**given, "headers": {"If-Match": dropped.etag}, "body": {"why": secret("why")}}
