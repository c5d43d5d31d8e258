"""Scenes of safety concerns. `raised` leaves one behind; what its two people and their coordinators may, the tests of
access ask."""

from typing import Any

from tests.architecture.scenes import scene, secret, somebody
from tests.architecture.scenes.mentorships import active
from tests.support.world import World

OWN = "/v1/me/concerns"
ALL = "/v1/admin/concerns"
ONE = ALL + "/{concern_id}"


def body_about(person: str) -> dict[str, Any]:
    return {
        "person_id": person, "kind": "boundaries", "words": secret("words"), "wish": "pause", "may_contact": True,
    }  # fmt: skip


def raised(world: World) -> dict[str, Any]:
    """Have a mentee raise a concern about their mentor, as an admin finds it."""
    given, admin = active(world), world.admin()
    answer = world.post(OWN, body_about(given["mentor"]), by=given["mentee"])
    assert answer.status == 201, answer.text
    return {**given, "by": admin, "ids": {**given["ids"], "concern_id": answer.json["id"]}}


def claimed(world: World) -> dict[str, Any]:
    given = raised(world)
    answer = world.post(f"{ONE.format(**given['ids'])}/claim", by=given["by"])
    assert answer.status == 200, answer.text
    return given


def by_admin(given: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"by": given["by"], "ids": given["ids"], **more}


@scene("POST", OWN)
def raise_concern(world: World) -> dict[str, Any]:
    world.admin()
    return {"by": somebody(world), "body": body_about(somebody(world))}


@scene("GET", OWN)
def my_concerns(world: World) -> dict[str, Any]:
    return {"by": raised(world)["mentee"]}


@scene("GET", ALL)
def list_concerns(world: World) -> dict[str, Any]:
    return by_admin(raised(world))


@scene("GET", ONE)
def open_concern(world: World) -> dict[str, Any]:
    return by_admin(raised(world))


@scene("POST", ONE + "/claim")
def claim_concern(world: World) -> dict[str, Any]:
    return by_admin(raised(world))


@scene("POST", ONE + "/release")
def release_concern(world: World) -> dict[str, Any]:
    return by_admin(claimed(world))


@scene("POST", ONE + "/act")
def act_on_concern(world: World) -> dict[str, Any]:
    given = claimed(world)
    body = {"mentorship_id": given["ids"]["mentorship_id"], "deed": "pause"}
    return by_admin(given, body=body)


@scene("POST", ONE + "/close")
def close_concern(world: World) -> dict[str, Any]:
    given = claimed(world)
    body = {"outcome": "advice_given", "note": secret("note"), "answer": secret("answer")}
    return by_admin(given, body=body)
