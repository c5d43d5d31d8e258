"""Scenes of certificates. The programme asks for nothing but a goal that is reached, so that all is done over HTTP."""

from typing import Any

from chalicelib.kernel.ids import new_id
from chalicelib.mentorships import running_store
from chalicelib.mentorships.model import Card
from chalicelib.mentorships.running import Mentorship
from tests.architecture.scenes import Others, kept, mentee, mentor, scene, secret
from tests.architecture.scenes.goals import GOAL, GOALS, WHOLE
from tests.architecture.scenes.programmes import programme
from tests.support.signing import sign_all, waiting
from tests.support.world import World

CERTIFICATE = "/v1/certificates/{certificate_id}"
ISSUER = "/v1/certificate-issuer"
RULE = {"sessions": 0, "minutes": 0, "goals_reached": 1, "final_reflection": False}


@kept
def due(world: World) -> dict[str, Any]:
    """Have a pair reach a goal, which is all that their programme asks for, and end."""
    given = programme(world, certificate=RULE)
    mine, theirs = mentee(world), mentor(world)
    mentorship = Mentorship(
        new_id(world.at), given["ids"]["programme_id"], given["organisation"], new_id(world.at),
        Card(mine, secret("name"), country="KE", time_zone="Africa/Nairobi"),
        Card(theirs, secret("name"), country="CA", time_zone="America/Toronto"), started_at=world.at,
    )  # fmt: skip
    world.write(*running_store.put_mentorship(mentorship, None, world.at))
    ids = {**given["ids"], "mentorship_id": mentorship.id}
    goal = world.post(GOALS.format(**ids), WHOLE, by=mine)
    assert goal.status == 201, goal.text
    path, headers = GOAL.format(**ids, goal_id=goal.json["id"]), {"If-Match": goal.etag}
    reached = world.post(f"{path}/reach", {"note": secret("success")}, by=mine, headers=headers)
    assert reached.status == 200, reached.text
    ended = world.post(f"/v1/mentorships/{mentorship.id}/end", {"reason": "goals_reached"}, by=mine)
    assert ended.json["status"] == "closing", ended.text
    return {"by": mine, "ids": ids, "coordinator": given["by"], "organisation": given["organisation"]}


def ordered(world: World) -> dict[str, Any]:
    given = due(world)
    path = f"/v1/mentorships/{given['ids']['mentorship_id']}/certificate"
    answer = world.post(path, by=given["by"])
    assert answer.status == 201, answer.text
    return {**given, "ids": {**given["ids"], "certificate_id": answer.json["id"]}}


def issued(world: World) -> dict[str, Any]:
    given = ordered(world)
    assert waiting(world)
    sign_all(world)
    return given


def holders(given: dict[str, Any], others: Others = Others.HIDDEN) -> dict[str, Any]:
    return {"by": given["by"], "ids": given["ids"], "others": others}


def staffs(given: dict[str, Any]) -> dict[str, Any]:
    return {"by": given["coordinator"], "ids": given["ids"], "organisation": given["organisation"]}


@scene("GET", "/v1/mentorships/{mentorship_id}/certificate")
def standing(world: World) -> dict[str, Any]:
    return holders(due(world))


@scene("POST", "/v1/mentorships/{mentorship_id}/certificate")
def order(world: World) -> dict[str, Any]:
    return holders(due(world))


@scene("GET", "/v1/me/certificates")
def mine(world: World) -> dict[str, Any]:
    return {"by": issued(world)["by"]}


@scene("PUT", "/v1/me/certificates/{certificate_id}/shown")
def show(world: World) -> dict[str, Any]:
    return {**holders(issued(world)), "body": {"name": True, "dates": True}}


@scene("GET", "/v1/me/certificates/{certificate_id}/file")
def file(world: World) -> dict[str, Any]:
    return holders(issued(world))


@scene("GET", "/v1/programmes/{programme_id}/certificates")
def listed(world: World) -> dict[str, Any]:
    return staffs(issued(world))


@scene("POST", CERTIFICATE + "/revoke")
def revoke(world: World) -> dict[str, Any]:
    return {**staffs(issued(world)), "body": {"reason": "other", "text": secret("reason")}}


@scene("GET", CERTIFICATE)
def public(world: World) -> dict[str, Any]:
    return {"ids": issued(world)["ids"]}


@scene("GET", CERTIFICATE + "/page")
def page(world: World) -> dict[str, Any]:
    return {"ids": issued(world)["ids"]}


@scene("GET", ISSUER)
def issuer(world: World) -> dict[str, Any]:
    issued(world)
    return {}


@scene("GET", ISSUER + "/keys/{key_id}")
def key(world: World) -> dict[str, Any]:
    issued(world)
    (method, *_) = world.get(ISSUER).json["verificationMethod"]
    return {"ids": {"key_id": method["publicKeyJwk"]["kid"]}}


@scene("GET", ISSUER + "/status-lists/{list_name}")
def status_list(world: World) -> dict[str, Any]:
    issued(world)
    return {"ids": {"list_name": f"{world.at:%Y}"}}
