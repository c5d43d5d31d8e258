"""Scenes of the health of mentorships."""

from datetime import timedelta
from typing import Any

from chalicelib.mentorships import service as mentorships
from tests.architecture.scenes import Others, scene
from tests.architecture.scenes.mentorships import paired
from tests.architecture.scenes.programmes import staff_of
from tests.support.world import World


def looked_at(world: World) -> dict[str, Any]:
    """Have a pair that has done nothing for a month, and the job that sees it."""
    given = paired(world)
    world.at += timedelta(days=31)
    assert mentorships.look_at_health(world.at) == 0
    return given


@scene("GET", "/v1/mentorships/{mentorship_id}/health")
def read_health(world: World) -> dict[str, Any]:
    given = looked_at(world)
    return {"by": given["mentee"], "ids": given["ids"], "others": Others.HIDDEN}


@scene("GET", "/v1/programmes/{programme_id}/health")
def list_health(world: World) -> dict[str, Any]:
    return staff_of(looked_at(world))


@scene("GET", "/v1/programmes/{programme_id}/health-counts")
def count_health(world: World) -> dict[str, Any]:
    return staff_of(looked_at(world))
