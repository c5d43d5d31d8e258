"""Scenes of proposals and mentorships."""

from datetime import timedelta
from typing import Any

from chalicelib.credentials.kinds import Loss
from chalicelib.mentorships import renewing
from chalicelib.people import store as people_store
from chalicelib.people.model import Standing
from tests.architecture.scenes import Others, mentee, scene, secret
from tests.architecture.scenes.matching import matched
from tests.architecture.scenes.programmes import enrol, enrolled, staff_of
from tests.support.world import World


def proposed(world: World) -> dict[str, Any]:
    """Have a run propose a pair, and name the proposal among the ids."""
    given = matched(world)
    (proposal,) = world.get("/v1/me/proposals", by=given["mentee"]).json["items"]
    return {**given, "ids": {**given["ids"], "proposal_id": proposal["id"]}}


def asked(world: World) -> dict[str, Any]:
    """Have a mentee ask a mentor."""
    given = enrolled(world)
    body = {"programme_id": given["ids"]["programme_id"], "mentor_id": given["mentor"]}
    answer = world.post("/v1/proposals", {**body, "message": secret("message")}, by=given["mentee"])
    assert answer.status == 201, answer.text
    return {**given, "programme": body["programme_id"], "ids": {"proposal_id": answer.json["id"]}}


def paired(world: World) -> dict[str, Any]:
    """Have both sides accept, and name the mentorship among the ids."""
    given = proposed(world)
    for person in (given["mentee"], given["mentor"]):
        answer = world.post(f"/v1/proposals/{given['ids']['proposal_id']}/accept", by=person)
        assert answer.status == 200, answer.text
    (mentorship,) = world.get("/v1/me/mentorships", by=given["mentee"]).json["items"]
    return {**given, "ids": {**given["ids"], "mentorship_id": mentorship["id"]}}


def paused(world: World) -> dict[str, Any]:
    """Have a mentorship pause, and its mentor be verified again, as a coordinator who can resume it finds it."""
    given = paired(world)
    until = world.at + timedelta(days=300)
    world.write(people_store.set_standing(given["mentor"], Standing(), world.at))
    refused = renewing.Why(Loss.REFUSED, world.at)
    renewing.verification_ended(world.call("job:follow_up"), given["mentor"], refused, None)
    world.write(people_store.set_standing(given["mentor"], Standing(until), world.at))
    return given


@scene("GET", "/v1/me/proposals")
def my_proposals(world: World) -> dict[str, Any]:
    return {"by": proposed(world)["mentee"]}


@scene("POST", "/v1/proposals")
def ask(world: World) -> dict[str, Any]:
    given, second = enrolled(world), mentee(world)
    enrol(world, given, second, "mentee")
    body = {"programme_id": given["ids"]["programme_id"], "mentor_id": given["mentor"]}
    return {"by": given["mentee"], "another": second, "body": {**body, "message": secret("message")}}


@scene("POST", "/v1/proposals/{proposal_id}/accept")
def accept(world: World) -> dict[str, Any]:
    """The second yes, which makes the mentorship."""
    given = proposed(world)
    first = world.post(f"/v1/proposals/{given['ids']['proposal_id']}/accept", by=given["mentee"])
    assert first.status == 200, first.text
    return {"by": given["mentor"], "ids": given["ids"], "others": Others.HIDDEN}


@scene("POST", "/v1/proposals/{proposal_id}/decline")
def decline(world: World) -> dict[str, Any]:
    given = proposed(world)
    body = {"reason": "other", "text": secret("reason")}
    return {"by": given["mentor"], "ids": given["ids"], "body": body, "others": Others.HIDDEN}


@scene("POST", "/v1/proposals/{proposal_id}/withdraw")
def withdraw(world: World) -> dict[str, Any]:
    given = asked(world)
    return {"by": given["mentee"], "ids": given["ids"], "others": Others.HIDDEN}


@scene("GET", "/v1/programmes/{programme_id}/proposals")
def list_proposals(world: World) -> dict[str, Any]:
    return staff_of(proposed(world))


@scene("GET", "/v1/me/mentorships")
def my_mentorships(world: World) -> dict[str, Any]:
    return {"by": paired(world)["mentee"]}


@scene("GET", "/v1/mentorships/{mentorship_id}")
def read_mentorship(world: World) -> dict[str, Any]:
    given = paired(world)
    return {"by": given["mentor"], "ids": given["ids"], "others": Others.HIDDEN}


@scene("POST", "/v1/mentorships/{mentorship_id}/resume")
def resume_mentorship(world: World) -> dict[str, Any]:
    return staff_of(paused(world))


@scene("GET", "/v1/programmes/{programme_id}/tasks")
def list_tasks(world: World) -> dict[str, Any]:
    return staff_of(paused(world))
