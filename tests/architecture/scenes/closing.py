"""Scenes of closing conversations, and of records."""

from typing import Any

from tests.architecture.scenes import Others, scene, secret
from tests.architecture.scenes.certificates import holders, issued
from tests.architecture.scenes.mentorships import active
from tests.architecture.scenes.programmes import enrolled, staff_of
from tests.support.world import World

CLOSING = "/v1/mentorships/{mentorship_id}/closing-conversation"
TEMPLATE = "/v1/programmes/{programme_id}/closing-template"
RECORDS = "/v1/programmes/{programme_id}/records"
WRITTEN: dict[str, Any] = {
    "answers": [{"question": "learned", "text": secret("lesson")}],
    "to_programme": secret("word"),
    "shared": True,
    "sent": True,
}
ASKED: dict[str, Any] = {
    "questions": [{"code": "goals"}, {"texts": [{"language": "en", "text": secret("question")}]}]
}


def end(world: World, given: dict[str, Any], by: str) -> dict[str, Any]:
    path = f"/v1/mentorships/{given['ids']['mentorship_id']}/end"
    answer = world.post(path, {"reason": "no_time", "words": secret("words")}, by=by)
    assert answer.status == 200, answer.text
    return given


def ending(world: World) -> dict[str, Any]:
    """Have a pair that is closing."""
    given = active(world)
    return end(world, given, given["mentee"])


@scene("GET", CLOSING)
def read(world: World) -> dict[str, Any]:
    """What the other shares."""
    given = ending(world)
    answer = world.put(CLOSING.format(**given["ids"]), WRITTEN, by=given["mentee"])
    assert answer.status == 200, answer.text
    return {"by": given["mentor"], "ids": given["ids"], "others": Others.HIDDEN}


@scene("PUT", CLOSING)
def write(world: World) -> dict[str, Any]:
    given = ending(world)
    return {"by": given["mentee"], "ids": given["ids"], "others": Others.HIDDEN, "body": WRITTEN}


@scene("GET", TEMPLATE)
def read_template(world: World) -> dict[str, Any]:
    return staff_of(enrolled(world))


@scene("PUT", TEMPLATE)
def change_template(world: World) -> dict[str, Any]:
    return {**staff_of(enrolled(world)), "headers": {"If-Match": '"0"'}, "body": ASKED}


@scene("GET", "/v1/mentorships/{mentorship_id}/record")
def record(world: World) -> dict[str, Any]:
    """With a certificate."""
    return holders(issued(world))


def closed(world: World) -> dict[str, Any]:
    """Have a pair whose mentorship is over, with a word to the programme."""
    given = ending(world)
    answer = world.put(CLOSING.format(**given["ids"]), WRITTEN, by=given["mentee"])
    assert answer.status == 200, answer.text
    path = f"/v1/mentorships/{given['ids']['mentorship_id']}/end"
    over = world.post(path, {"reason": "no_time", "conversation": False}, by=given["mentor"])
    assert over.status == 200, over.text
    world.follow_up()
    return given


@scene("GET", RECORDS)
def list_records(world: World) -> dict[str, Any]:
    return staff_of(closed(world))


@scene("GET", RECORDS + ".csv")
def export_records(world: World) -> dict[str, Any]:
    return {**staff_of(closed(world)), "query": {"year": world.at.year}}
