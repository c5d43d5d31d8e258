"""Whatever is cut off, done again it ends as if nothing had happened, with every mail once."""

import json
from dataclasses import replace

import pytest

from chalicelib.kernel.call import RequestKey, StoredAnswer
from chalicelib.mentorships import answering, jobs, service
from chalicelib.mentorships.model import ProposalStatus
from tests.mentorships.scene import Scene, deliver, fire, make_scene
from tests.mentorships.state import Killed, State, age_claims, crash_points, watched
from tests.support.world import World


def crowd(world: World, **programme: object) -> Scene:
    scene = make_scene(world, **programme)
    for _ in range(2):
        scene.mentor(capacity=1)
        scene.mentee()
    scene.mentee(languages=[{"language": "sw", "level": "C2"}])
    return scene


def test_a_run_killed_at_any_write_and_done_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = crowd(world)
    run_id = scene.start()
    message = f"match-run:{run_id}:start"
    start = State()
    deliver(message)
    whole = State().told()
    assert scene.run(run_id)["pairs_published"] == 2
    assert len(scene.mails()) == 8  # made and expiring, to both of each pair
    points = 0
    for point in crash_points(monkeypatch, lambda: deliver(message), start):
        age_claims()
        assert deliver(message) == {"batchItemFailures": []}
        assert State().told() == whole, point
        points += 1
    assert points > 14
    deliver(message)
    assert State().told() == whole


def test_a_reviewed_run_killed_at_any_write_of_hold_and_release(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = crowd(world, publish="review")
    run_id = scene.start()
    held = f"match-run:{run_id}:start"
    start = State()
    deliver(held)
    whole = State().told()
    assert scene.run(run_id)["status"] == "held"
    assert scene.mails() == []
    for point in crash_points(monkeypatch, lambda: deliver(held), start):
        age_claims()
        deliver(held)
        assert State().told() == whole, point

    removed = scene.mentees[0]
    path = scene.path(f"match-runs/{run_id}")
    etag = world.get(path, by=scene.coordinator).etag
    gone = world.delete(f"{path}/pairs/{removed}", by=scene.coordinator, headers={"If-Match": etag})
    assert gone.status == 204
    assert world.post(f"{path}/release", by=scene.coordinator).status == 200
    released = f"match-run:{run_id}:release"
    start = State()
    deliver(released)
    whole = State().told()
    assert scene.run(run_id)["pairs_published"] == 1
    assert scene.proposals(removed) == []
    for point in crash_points(monkeypatch, lambda: deliver(released), start):
        age_claims()
        deliver(released)
        assert State().told() == whole, point


def test_the_end_of_proposals_killed_at_any_write(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = crowd(world)
    scene.match()
    world.pass_time(days=7)
    start = State()
    fire(jobs.expire_proposals)
    whole = State().told()
    assert sum(scene.free().values()) == 2 + 3
    assert len([one for one in scene.mails() if one.startswith("proposal-expired")]) == 4
    for point in crash_points(monkeypatch, lambda: fire(jobs.expire_proposals), start):
        fire(jobs.expire_proposals)
        assert State().told() == whole, point


def test_the_night_killed_at_any_write_starts_each_programme_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes = [make_scene(world) for _ in range(3)]
    start = State()
    fire(jobs.nightly_match)
    whole = State().told()
    assert len(world.messages("match-run")) == 3
    for point in crash_points(monkeypatch, lambda: fire(jobs.nightly_match), start):
        fire(jobs.nightly_match)
        assert State().told() == whole, point
    listed = world.get(scenes[0].path("match-runs"), by=scenes[0].coordinator).json["items"]
    assert len(listed) == 1


def test_a_lost_answer_to_an_acceptance_is_given_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = crowd(world)
    scene.match()
    mentee = scene.mentees[0]
    [proposal] = scene.proposals(mentee)
    mentor = proposal["mentor"]["person_id"]
    world.post(f"/v1/proposals/{proposal['id']}/accept", by=mentee)

    answers: list[StoredAnswer] = []

    def render(own: service.OwnProposal) -> StoredAnswer:
        answers.append(StoredAnswer(200, json.dumps({"status": own.proposal.status}), {}))
        return answers[-1]

    key = RequestKey("POST /v1/proposals/{proposal_id}/accept", "k", "digest")
    call = replace(world.call(mentor), request_key=key, render=render)

    def kill(_n: int, when: str) -> None:
        if when == "after":
            raise Killed

    with watched(monkeypatch, kill), pytest.raises(Killed):
        answering.accept(call, proposal["id"])
    whole = State().told()
    with pytest.raises(Exception, match="answered before"):
        answering.accept(call, proposal["id"])  # the edge gives the stored answer for this
    assert State().told() == whole
    assert scene.proposal(mentor, proposal["id"]).status is ProposalStatus.AGREED
    assert len([one for one in scene.mails() if one.startswith("proposal-agreed")]) == 2


def test_over_http_the_same_key_gets_the_same_answer_and_one_effect(world: World) -> None:
    scene = crowd(world)
    scene.match()
    mentee = scene.mentees[0]
    [proposal] = scene.proposals(mentee)
    mentor = proposal["mentor"]["person_id"]
    path, key = f"/v1/proposals/{proposal['id']}/accept", {"Idempotency-Key": "once"}
    first = world.post(path, by=mentee, headers=key)
    agreed = world.post(path, by=mentor, headers=key)
    before = State().told()
    again = world.post(path, by=mentee, headers=key)
    assert again.json == first.json
    assert again.headers["Idempotency-Replayed"] == "true"
    assert world.post(path, by=mentor, headers=key).json == agreed.json
    assert State().told() == before
    other = world.post(path, {"x": 1}, by=mentee, headers=key)
    assert other.status == 422
