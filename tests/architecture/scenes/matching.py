"""Scenes of match runs and their review."""

import json
from typing import Any

from chalicelib.matching import proposing, runs, store, weight_store
from chalicelib.matching.lessons import (
    CriterionLesson,
    Evidence,
    Finding,
    Lesson,
    WeightProposal,
    WeightProposalStatus,
)
from chalicelib.matching.model import CRITERIA, Weights
from chalicelib.mentorships import jobs
from tests.architecture.scenes import kept, mentee, mentor, scene, somebody
from tests.architecture.scenes.programmes import enrol, enrolled, programme, staff_of
from tests.support.lambda_context import LambdaContext
from tests.support.world import World

SETTINGS = "/v1/programmes/{programme_id}/match-settings"
RUNS = "/v1/programmes/{programme_id}/match-runs"
RUN = RUNS + "/{run_id}"
PAIR = RUN + "/pairs/{mentee_id}"
WEIGHTS = "/v1/programmes/{programme_id}/weight-proposals"
WEIGHT = WEIGHTS + "/{weight_proposal_id}"


def deliver(message_id: str) -> None:
    """Hand one message to the runs' worker as its queue does."""
    record = {"messageId": "1", "receiptHandle": "r", "body": json.dumps({"message_id": message_id})}
    assert jobs.run_match({"Records": [record]}, LambdaContext()) == {"batchItemFailures": []}


def started(world: World, given: dict[str, Any], **body: Any) -> dict[str, Any]:
    """Start a run in a programme, and name it among the ids."""
    answer = world.post(RUNS.format(**given["ids"]), body, by=given["by"])
    assert answer.status == 201, answer.text
    return {**given, "ids": {**given["ids"], "run_id": answer.json["id"]}}


@kept
def matched(world: World, **rules: Any) -> dict[str, Any]:
    """Carry a run out in a programme of a pair that fits and of one whose profile is empty."""
    given = enrolled(world, **rules)
    left_out = [somebody(world), somebody(world)]
    for person in left_out:
        enrol(world, given, person, "mentee")
    given = started(world, given)
    deliver(f"match-run:{given['ids']['run_id']}:start")
    return {**given, "left_out": left_out, "ids": {**given["ids"], "mentee_id": given["mentee"]}}


def held(world: World) -> dict[str, Any]:
    """Carry a run out that waits for its coordinator, with the ETag that changes to it take."""
    given = matched(world, publish="review")
    etag = world.get(RUN.format(**given["ids"]), by=given["by"]).etag
    return {**given, "headers": {"If-Match": etag}}


@scene("GET", SETTINGS)
def read_settings(world: World) -> dict[str, Any]:
    return programme(world)


@scene("PUT", SETTINGS)
def change_settings(world: World) -> dict[str, Any]:
    return {**programme(world), "body": {"min_overlap_minutes": 90}, "headers": {"If-Match": '"0"'}}


@scene("GET", SETTINGS + "/history")
def list_settings(world: World) -> dict[str, Any]:
    given = programme(world)
    path, body = SETTINGS.format(**given["ids"]), {"rounds": 2}
    answer = world.put(path, body, by=given["by"], headers={"If-Match": '"0"'})
    assert answer.status == 200, answer.text
    return given


@scene("POST", RUNS)
def start_run(world: World) -> dict[str, Any]:
    return {**staff_of(enrolled(world)), "body": {"dry_run": True}}


@scene("GET", RUNS)
def list_runs(world: World) -> dict[str, Any]:
    return staff_of(matched(world))


@scene("GET", RUN)
def read_run(world: World) -> dict[str, Any]:
    return staff_of(matched(world))


@scene("GET", RUN + "/left-out")
def list_left_out(world: World) -> dict[str, Any]:
    return staff_of(matched(world))


@scene("GET", RUN + "/pairs")
def list_pairs(world: World) -> dict[str, Any]:
    return staff_of(held(world))


@scene("GET", PAIR)
def read_pair(world: World) -> dict[str, Any]:
    return staff_of(held(world))


@scene("PATCH", PAIR)
def change_pair(world: World) -> dict[str, Any]:
    given = enrolled(world, publish="review")
    second = mentor(world)
    enrol(world, given, second, "mentor")
    enrol(world, given, mentee(world), "mentee")
    given = started(world, given)
    deliver(f"match-run:{given['ids']['run_id']}:start")
    ids = {**given["ids"], "mentee_id": given["mentee"]}
    pair = world.get(PAIR.format(**ids), by=given["by"])
    other = {given["mentor"], second} - {pair.json["mentor_id"]}
    return {
        **staff_of(given),
        "ids": ids,
        "body": {"mentor_id": other.pop()},
        "headers": {"If-Match": pair.etag},
    }


@scene("DELETE", PAIR)
def remove_pair(world: World) -> dict[str, Any]:
    given = held(world)
    return {**staff_of(given), "headers": given["headers"]}


@scene("POST", RUN + "/release")
def release(world: World) -> dict[str, Any]:
    return staff_of(held(world))


@scene("POST", RUN + "/stop")
def stop(world: World) -> dict[str, Any]:
    return staff_of(held(world))


@scene("POST", RUN + "/retry")
def retry(world: World) -> dict[str, Any]:
    given = started(world, enrolled(world))
    run = store.get_run(given["ids"]["programme_id"], given["ids"]["run_id"])
    assert run is not None
    begun = runs.begin(run, world.at, in_parts=True)
    failed = runs.fail(begun, runs.Failure.GAVE_UP, world.at)
    world.write(store.put_run(failed, world.at), store.free_lock(run, world.at))
    return staff_of(given)


@scene("GET", "/v1/me/match-reasons")
def my_reasons(world: World) -> dict[str, Any]:
    given = matched(world)
    first, second = given["left_out"]
    return {"by": first, "another": second, "query": {"programme_id": given["ids"]["programme_id"]}}


def learnt(world: World) -> dict[str, Any]:
    """Have outcomes speak for other weights."""
    given = programme(world)
    usual = Weights().as_dict()
    lines = tuple(
        CriterionLesson(one, Finding.LEARNT, usual[one], usual[one], 0.0, 100.0, 1.0) for one in CRITERIA
    )
    lesson = Lesson(WeightProposalStatus.OPEN, Evidence(200, 200, 100), lines)
    programme_id = given["ids"]["programme_id"]
    id_ = proposing.month_id(programme_id, world.at)
    found = WeightProposal(id_, programme_id, lesson, lesson.verdict, created_at=world.at)
    world.write(weight_store.put_proposal(found, world.at))
    return {**given, "ids": {**given["ids"], "weight_proposal_id": id_}}


@scene("GET", WEIGHTS)
def list_weight_proposals(world: World) -> dict[str, Any]:
    return learnt(world)


@scene("POST", WEIGHT + "/accept")
def accept_weights(world: World) -> dict[str, Any]:
    return learnt(world)


@scene("POST", WEIGHT + "/dismiss")
def dismiss_weights(world: World) -> dict[str, Any]:
    return learnt(world)
