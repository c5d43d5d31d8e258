"""Scenes of proposals and mentorships."""

from datetime import timedelta
from typing import Any

from chalicelib.credentials.kinds import Loss
from chalicelib.mentorships import moving, renewing, running_store
from chalicelib.people import store as people_store
from chalicelib.people.model import Standing
from tests.architecture.scenes import Others, kept, mentee, mentor, scene, secret
from tests.architecture.scenes.matching import matched
from tests.architecture.scenes.programmes import enrol, enrolled, staff_of
from tests.support.world import World


@kept
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


@kept
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


@kept
def active(world: World) -> dict[str, Any]:
    """Have a pair sign its agreement."""
    given = paired(world)
    found = running_store.get_mentorship(given["mentee"], given["ids"]["mentorship_id"])
    assert found is not None
    world.write(*moving.agreed(world.call(given["mentee"]), found))
    return given


def ended(world: World) -> dict[str, Any]:
    """Have a mentee end their mentorship at once, with a word to the coordinators."""
    given = active(world)
    body = {"reason": "other", "words": secret("words"), "conversation": False}
    path = f"/v1/mentorships/{given['ids']['mentorship_id']}/end"
    assert world.post(path, body, by=given["mentee"]).status == 200
    return given


def by_mentee(given: dict[str, Any]) -> dict[str, Any]:
    return {"by": given["mentee"], "ids": given["ids"], "others": Others.HIDDEN}


LATER = {"ends_on": "2028-02-29"}


@scene("POST", "/v1/mentorships/{mentorship_id}/end")
def end_mentorship(world: World) -> dict[str, Any]:
    return {**by_mentee(active(world)), "body": {"reason": "other", "words": secret("words")}}


@scene("POST", "/v1/mentorships/{mentorship_id}/extension")
def ask_for_more_time(world: World) -> dict[str, Any]:
    return {**by_mentee(active(world)), "body": LATER}


@scene("POST", "/v1/mentorships/{mentorship_id}/extension/decline")
def decline_more_time(world: World) -> dict[str, Any]:
    given = active(world)
    path = f"/v1/mentorships/{given['ids']['mentorship_id']}/extension"
    assert world.post(path, LATER, by=given["mentor"]).status == 200
    return by_mentee(given)


@scene("POST", "/v1/mentorships/{mentorship_id}/rematch")
def want_rematch(world: World) -> dict[str, Any]:
    return {**by_mentee(ended(world)), "body": {"wanted": True}}


@scene("POST", "/v1/mentorships/{mentorship_id}/pause")
def pause_mentorship(world: World) -> dict[str, Any]:
    return {**staff_of(active(world)), "body": {"reason": "concern", "words": secret("words")}}


@scene("POST", "/v1/mentorships/{mentorship_id}/extend")
def extend_mentorship(world: World) -> dict[str, Any]:
    return {**staff_of(active(world)), "body": LATER}


@scene("POST", "/v1/mentorships/{mentorship_id}/close")
def close_mentorship(world: World) -> dict[str, Any]:
    return {**staff_of(active(world)), "body": {"reason": "concern", "words": secret("words")}}


@scene("POST", "/v1/mentorships/{mentorship_id}/reassign")
def reassign_mentorship(world: World) -> dict[str, Any]:
    given, another = active(world), mentor(world)
    enrol(world, given, another, "mentor")
    return {**staff_of(given), "body": {"mentor_id": another, "words": secret("words")}}


@scene("POST", "/v1/programmes/{programme_id}/tasks/{task_id}/done")
def finish_task(world: World) -> dict[str, Any]:
    given = ended(world)
    path = f"/v1/programmes/{given['ids']['programme_id']}/tasks"
    (task,) = world.get(path, by=given["by"]).json["items"]
    return staff_of({**given, "ids": {**given["ids"], "task_id": task["id"]}})
