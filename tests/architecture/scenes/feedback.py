"""Scenes of feedback."""

from typing import Any

from tests.architecture.scenes import Others, scene, secret
from tests.architecture.scenes.mentorships import by_mentee, paired
from tests.architecture.scenes.programmes import staff_of
from tests.support.world import World

FEEDBACK = "/v1/mentorships/{mentorship_id}/feedback"
REPORT = "/v1/programmes/{programme_id}/feedback"
QUESTIONNAIRE = "/v1/programmes/{programme_id}/questionnaire"
CODES = ("set_goals", "decide", "use_feedback", "adapt", "find_help")
GIVEN: dict[str, Any] = {
    "values": [{"item": one, "value": 3} for one in CODES],
    "words": secret("words"),
    "is_shared": True,
}
ASKED: dict[str, Any] = {
    "pulse_weeks": 2,
    "pulse": [{"texts": [{"language": "en", "text": secret("question")}]}],
    "mentee": [{"code": "adapt"}],
    "mentor": [{"code": "let_find"}],
}


def answered(world: World) -> dict[str, Any]:
    """Have a mentee answer the survey of the start, and share their words."""
    given = paired(world)
    path = FEEDBACK.format(**given["ids"]) + "/start"
    reply = world.put(path, GIVEN, by=given["mentee"])
    assert reply.status == 200, reply.text
    return given


@scene("GET", FEEDBACK)
def read(world: World) -> dict[str, Any]:
    given = answered(world)
    return {"by": given["mentor"], "ids": given["ids"], "others": Others.HIDDEN}


@scene("PUT", FEEDBACK + "/{round}")
def give(world: World) -> dict[str, Any]:
    given = by_mentee(paired(world))
    return {**given, "ids": {**given["ids"], "round": "start"}, "body": GIVEN}


@scene("GET", REPORT)
def report(world: World) -> dict[str, Any]:
    return staff_of(answered(world))


@scene("GET", QUESTIONNAIRE)
def read_questionnaire(world: World) -> dict[str, Any]:
    return staff_of(paired(world))


@scene("PUT", QUESTIONNAIRE)
def change_questionnaire(world: World) -> dict[str, Any]:
    return {**staff_of(paired(world)), "headers": {"If-Match": '"0"'}, "body": ASKED}
