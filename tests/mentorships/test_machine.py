"""A run in parts: who begins it, what each step leaves, and what is left when it is stopped, fails or comes late."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.errors import Unavailable
from chalicelib.matching import files, lots, progress, store
from chalicelib.matching import service as matching
from chalicelib.matching.errors import EngineChanged, RunMoved
from chalicelib.matching.runs import LARGE_LEASE, RETRY_WITHIN, RunStatus
from chalicelib.mentorships import machine, publishing
from chalicelib.people import service as people
from chalicelib.people.model import Standing
from chalicelib.platform import machines, outbox
from chalicelib.platform.settings import settings
from chalicelib.programmes import service as programmes
from tests.matching.held import code
from tests.mentorships.in_parts import BLOCKS, MACHINE, MATCH, Large, grown
from tests.mentorships.scene import Scene, deliver, make_scene
from tests.mentorships.state import State
from tests.support.world import World


@pytest.fixture
def large(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Large:
    return grown(peopled(scene), monkeypatch)


def peopled(scene: Scene, pairs: int = 3) -> Scene:
    """Enrol some who fit, each mentor with one place, and a mentee who fits nobody."""
    for _ in range(pairs):
        scene.mentor(capacity=1)
        scene.mentee()
    scene.mentee(languages=[{"language": "sw", "level": "C2"}])
    return scene


def shown(large: Large, run_id: str) -> tuple[Any, ...]:
    found = large.scene.run(run_id)["progress"]
    return tuple(
        found[name]
        for name in ("blocks", "blocks_done", "mentees_matched", "pairs_published", "pairs_skipped")
    )


def told(scene: Scene, person: str) -> dict[str, Any]:
    query = {"programme_id": scene.programme}
    found: dict[str, Any] = scene.world.get("/v1/me/match-reasons", by=person, query=query).json
    return found


def end(large: Large, name: str, status: str = "ABORTED") -> None:
    """Tell what became of an execution, as EventBridge does."""
    detail = {"name": name, "status": status, "input": json.dumps(large.started[name])}
    event = {"detail-type": "Step Functions Execution Status Change", "detail": detail}
    machine.ended(event, lambda: large.scene.world.at)


# Who begins it.


def test_a_large_programme_s_run_is_the_state_machine_s(large: Large) -> None:
    run_id = large.start()
    assert large.started == {
        f"{run_id}-1": {
            "programme_id": large.scene.programme, "run_id": run_id, "execution": f"{run_id}-1", "begin": "match",
            "bucket": settings().documents_bucket,
            "prefix": f"match-parts/{large.scene.programme}/{run_id}", "at_once": settings().match_at_once,
        }
    }  # fmt: skip
    run = large.row(run_id)
    assert (run.status, run.in_parts, run.attempt) == (RunStatus.RUNNING, True, 1)
    assert shown(large, run_id) == (0, 0, 0, 0, 0)
    message = outbox.read(f"match-run:{run_id}:start")
    assert message is not None
    assert message.status is outbox.Status.DONE


@pytest.mark.parametrize("why", ["small", "no machine", "peers"])
def test_other_runs_stay_in_one_process(world: World, monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    scene = make_scene(world, kind="peer") if why == "peers" else make_scene(world)
    machine_arn = "" if why == "no machine" else MACHINE
    large = grown(scene, monkeypatch, threshold=3 if why == "small" else 2, machine_arn=machine_arn)
    for person in (world.mentor(), world.mentee()):
        scene.enrol(person, "peer" if why == "peers" else "mentor")
    run_id = scene.match()
    found = scene.run(run_id)
    assert (found["status"], found["progress"], large.started) == ("done", None, {})


def test_a_programme_is_counted_no_further_than_it_has_to_be(large: Large) -> None:
    scene = large.scene
    assert programmes.has_enrolled(scene.programme, 7)
    assert not programmes.has_enrolled(scene.programme, 8)
    with scene.world.counted() as calls:
        assert programmes.has_enrolled(scene.programme, 2)
        assert calls == ["Query"]
    gone = scene.path(f"enrolments/{scene.mentees[0]}")
    assert scene.world.delete(gone, by=scene.mentees[0], query={"role": "mentee"}).status == 204
    assert not programmes.has_enrolled(scene.programme, 7), "who has left does not count"


@pytest.mark.parametrize("body", [{"settings": {"rounds": 2}}, {"people": "all"}])
def test_a_what_if_of_a_large_programme_fails_at_once_and_says_why(
    large: Large, body: dict[str, Any]
) -> None:
    run_id = large.start(dry_run=True, **body)
    found = large.scene.run(run_id)
    assert (found["status"], found["failure"]) == ("failed", "too_large_to_compare")
    assert large.started == {}
    assert code(large.post(run_id, "retry")) == (409, "not-retriable")
    assert large.start(dry_run=True), "the lock is free"


def test_a_worker_that_dies_before_the_execution_begins_leaves_it_to_the_next(
    large: Large, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = large.scene.start()

    def away(*_: Any) -> None:
        raise Unavailable("Step Functions does not answer.")

    with monkeypatch.context() as patch:
        patch.setattr(machines, "start", away)
        assert deliver(f"match-run:{run_id}:start")["batchItemFailures"]
    assert large.row(run_id).in_parts
    assert deliver(f"match-run:{run_id}:start") == {"batchItemFailures": []}
    assert list(large.started) == [f"{run_id}-1"]


def test_nobody_takes_its_place_while_the_machine_may_work(large: Large) -> None:
    run_id = large.start()
    scene = large.scene
    scene.world.pass_time(seconds=LARGE_LEASE.total_seconds())
    assert code(scene.world.post(scene.path("match-runs"), {}, by=scene.coordinator)) == (
        409,
        "run-under-way",
    )
    scene.world.pass_time(seconds=1)
    scene.start()
    assert scene.run(run_id)["failure"] == "taken_over"
    assert code(large.post(run_id, "retry")) == (409, "not-retriable")


# What its steps leave.


def test_it_comes_to_what_one_process_comes_to(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def came_to(run_id: str) -> dict[str, Any]:
        people_told = {one: (scene.proposals(one), told(scene, one)) for one in scene.mentees}
        return {**people_told, "mails": scene.mails(), "run": {**scene.run(run_id), "progress": None}}

    run_id = peopled(scene).start()
    before = State()
    deliver(f"match-run:{run_id}:start")
    small = came_to(run_id)
    before.put_back()
    large = grown(scene, monkeypatch)
    deliver(f"match-run:{run_id}:start")
    large.play(run_id)
    assert came_to(run_id) == small
    assert shown(large, run_id) == (BLOCKS, BLOCKS, 3, 3, 0)
    assert large.parts.calls == MATCH


def test_every_step_twice_changes_nothing(large: Large, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lots, "PUBLISH_FILES", 1)
    monkeypatch.setattr(files, "PER_FILE", 2)
    run_id = large.start()
    start = State()
    large.play(run_id)
    once = State().told()
    start.put_back()
    large.play(run_id, times=2)
    assert State().told() == once
    assert large.scene.run(run_id)["status"] == "done"


def test_a_lot_that_was_cut_off_anywhere_is_published_whole_by_the_next(
    large: Large, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = large.start()
    large.taken(run_id, MATCH)
    large.take(run_id, "line_up")
    (lot,) = large.items(run_id, "publish")
    start = State()
    large.take(run_id, "publish", lot)
    whole = State().told()
    for cut in (publishing, lots):
        start.put_back()
        with monkeypatch.context() as patch:
            name = "_close_under_other_rules" if cut is publishing else "tell_published"
            patch.setattr(cut, name, _cut_off)
            with pytest.raises(RuntimeError):
                large.take(run_id, "publish", lot)
        large.take(run_id, "publish", lot)
        assert State().told() == whole


@pytest.mark.parametrize("step", ["plan", "report", "line_up", "publish", "tell", "finish", "fail"])
def test_of_two_at_the_same_moment_one_is_refused_at_most_and_the_run_is_the_same(
    large: Large, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    run_id = large.start()
    before = [*MATCH, ("line_up", None)]
    large.taken(
        run_id, before[: [name for name, _ in before].index(step)] if (step, None) in before else before
    )
    item = next(large.items(run_id, step)) if step in ("publish", "tell") else None
    start = State()
    answer = large.take(run_id, step, item)
    once = State().told()
    start.put_back()
    crossed = machine.matching.get_run

    def other_first(*ids: str) -> Any:
        found = crossed(*ids)
        monkeypatch.setattr(machine.matching, "get_run", crossed)
        assert large.take(run_id, step, item) == answer
        return found

    monkeypatch.setattr(machine.matching, "get_run", other_first)
    try:
        assert large.take(run_id, step, item) == answer
    except RunMoved:
        with suppress(machine.RunOver):
            assert large.take(run_id, step, item) == answer
    assert State().told() == once


def test_a_pair_that_others_keep_from_being_written_is_tried_after_the_rest(
    large: Large, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = large.start()
    large.taken(run_id, MATCH)
    large.take(run_id, "line_up")
    (lot,) = large.items(run_id, "publish")
    tries: list[int] = []
    commit = publishing.commit

    def busy(*what: Any) -> Any:
        tries.append(1)
        if len(tries) in refused:
            raise Unavailable("Others are changing the same thing.")
        return commit(*what)

    monkeypatch.setattr(publishing, "commit", busy)
    refused = set(range(1, 100))
    with pytest.raises(Unavailable):
        large.take(run_id, "publish", lot)
    assert shown(large, run_id)[-2:] == (0, 0)
    refused, before = {len(tries) + 1}, len(tries)
    large.take(run_id, "publish", lot)
    assert (len(tries) - before, shown(large, run_id)[-2:]) == (4, (3, 0))


def _cut_off(*_: Any, **__: Any) -> None:
    raise RuntimeError("out of time")


def test_its_progress_is_read_while_it_is_at_work(large: Large) -> None:
    run_id = large.start()
    large.taken(run_id, MATCH[:5])
    assert shown(large, run_id) == (BLOCKS, 1, 0, 0, 0)
    [listed] = large.scene.world.get(large.scene.path("match-runs"), by=large.scene.coordinator).json["items"]
    assert listed["progress"]["blocks_done"] == 1
    large.taken(run_id, MATCH[5:8])
    assert shown(large, run_id) == (BLOCKS, BLOCKS, 3, 0, 0)
    large.taken(run_id, MATCH[8:])
    large.take(run_id, "line_up")
    for lot in large.items(run_id, "publish"):
        large.take(run_id, "publish", lot)
    assert shown(large, run_id) == (BLOCKS, BLOCKS, 3, 3, 0)
    assert large.scene.run(run_id)["pairs_published"] == 3
    assert large.row(run_id).published == 0, "its row is not written by many at once"


def test_progress_leaves_by_ttl_after_a_month(large: Large) -> None:
    run_id = large.start()
    large.taken(run_id, MATCH[:5])
    row = store.progress_key(large.row(run_id), progress.BLOCK, 0)
    found = large.scene.world_get(row)
    assert found.expires_at_epoch == int((large.scene.world.at + timedelta(days=30)).timestamp())


@given(st.lists(st.integers(1, 4), max_size=30), st.integers(1, 4), st.integers(1, 3))
def test_each_mentee_s_pairs_are_in_one_lot_whole(rounds: list[int], per_file: int, size: int) -> None:
    pairs = [(mentee, round_) for mentee, many in enumerate(rounds) for round_ in range(many)]

    class Pair:
        def __init__(self, mentee: int, round_: int) -> None:
            self.mentee_id, self.round = mentee, round_

    stored = [
        tuple(Pair(*one) for one in pairs[start : start + per_file])
        for start in range(0, len(pairs), per_file)
    ]
    run: Any = type("Run", (), {"files": len(stored)})()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "read_pairs", lambda _, number: stored[number])
        found = [lots.pairs_of_lot(run, lot) for lot in lots._lots(len(stored), size)]
    assert [(one.mentee_id, one.round) for lot in found for one in lot] == pairs
    mentees = [one for lot in found for one in {pair.mentee_id for pair in lot}]
    assert len(mentees) == len(set(mentees))


@pytest.mark.parametrize("what", ["withdrawn", "unverified", "blocked", "full", "erased"])
def test_who_left_after_the_snapshot_is_not_proposed(large: Large, what: str) -> None:
    world, scene = large.scene.world, large.scene
    run_id = large.start()
    large.taken(run_id, MATCH)
    pair = files.read_pairs(large.row(run_id), 0)[0]
    match what:
        case "withdrawn":
            path = scene.path(f"enrolments/{pair.mentee_id}")
            assert world.delete(path, by=pair.mentee_id, query={"role": "mentee"}).status == 204
        case "unverified":
            world.write(people.set_standing(pair.mentor_id, Standing(world.at), world.at))
        case "blocked":
            assert world.put(f"/v1/me/blocks/{pair.mentor_id}", by=pair.mentee_id).status == 204
        case "full":
            path = scene.path(f"enrolments/{pair.mentor_id}")
            assert world.put(path, {"role": "mentor", "capacity": 0}, by=pair.mentor_id).status == 200
        case "erased":
            row = scene.world_get(people.person_key(pair.mentee_id))
            row.delete()
    for step, item in large.lined_up(run_id):
        large.take(run_id, step, item)
    done = scene.run(run_id)
    assert (done["status"], done["pairs_published"], done["pairs_skipped"]) == ("done", 2, 1)
    assert scene.proposals(pair.mentor_id) == []
    if what != "erased":
        assert told(scene, pair.mentee_id)["reasons"][0]["code"] == "no_mentor_left"


def test_a_dry_run_proposes_nothing(large: Large) -> None:
    run_id = large.start(dry_run=True)
    large.play(run_id)
    found = large.scene.run(run_id)
    assert (found["status"], found["pairs"], found["pairs_published"]) == ("done", 3, 0)
    assert large.scene.mails() == []


# Held for review.


@pytest.fixture
def held(world: World, monkeypatch: pytest.MonkeyPatch) -> Large:
    return grown(peopled(make_scene(world, publish="review")), monkeypatch)


def test_a_held_run_in_parts_is_read_and_released_as_it_stands(held: Large) -> None:
    scene = held.scene
    run_id = held.start()
    held.play(run_id)
    assert held.take(run_id, "report") == {"next": "end"}, "its answer may have been lost"
    assert (scene.run(run_id)["status"], shown(held, run_id)) == ("held", (BLOCKS, BLOCKS, 3, 0, 0))
    pairs = scene.world.get(scene.path(f"match-runs/{run_id}/pairs"), by=scene.coordinator).json["items"]
    assert {one["mentee"]["person_id"] for one in pairs} == set(scene.mentees[:3])
    path = scene.path(f"match-runs/{run_id}/pairs/{scene.mentees[0]}")
    etag = {"If-Match": scene.world.get(scene.path(f"match-runs/{run_id}"), by=scene.coordinator).etag}
    body = {"mentor_id": scene.mentors[0]}
    for method, sent in (("GET", None), ("PATCH", body), ("DELETE", None)):
        headers = etag if method != "GET" else {}
        refused = scene.world.request(method, path, sent, by=scene.coordinator, headers=headers)
        assert code(refused) == (409, "run-too-large")
    assert held.post(run_id, "release").status == 200
    deliver(f"match-run:{run_id}:release")
    assert held.started[f"{run_id}-2"]["begin"] == "publish"
    held.play(run_id)
    assert (scene.run(run_id)["status"], scene.run(run_id)["pairs_published"]) == ("done", 3)
    assert shown(held, run_id) == (BLOCKS, BLOCKS, 3, 3, 0)


def test_a_release_that_waited_for_its_worker_has_the_whole_lease_then(held: Large) -> None:
    scene = held.scene
    run_id = held.start()
    held.play(run_id)
    held.post(run_id, "release")
    scene.world.pass_time(hours=5)
    deliver(f"match-run:{run_id}:release")
    scene.world.pass_time(hours=3)
    refused = scene.world.post(scene.path("match-runs"), {}, by=scene.coordinator)
    assert code(refused) == (409, "run-under-way")


# Stopped, failed, taken up again, too late.


def test_a_run_is_stopped_at_work_and_proposes_nothing(large: Large) -> None:
    scene = large.scene
    run_id = large.start()
    large.taken(run_id, MATCH[:5])
    stopped = large.post(run_id, "stop")
    assert (stopped.status, stopped.json["status"]) == (200, "stopped")
    assert shown(large, run_id) == (BLOCKS, 1, 0, 0, 0)
    deliver(f"match-run:{run_id}:stop")
    assert large.stopped == [f"{run_id}-1"]
    for step in (*matching.MATCH_STEPS, "report", "line_up", "publish", "tell", "finish"):
        with pytest.raises(machine.RunOver):
            large.take(run_id, step, {"number": 0, "first": 0, "after": 1})
    end(large, f"{run_id}-1")
    assert scene.run(run_id)["status"] == "stopped"
    assert scene.mails() == []
    assert large.start() != run_id, "the programme is free"


def test_a_small_run_is_stopped_at_work_too(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.mentor()
    mentee = scene.mentee()
    run_id = scene.start()
    write = files.write_result

    def late(*what: Any) -> None:
        path = scene.path(f"match-runs/{run_id}/stop")
        assert scene.world.post(path, by=scene.coordinator).status == 200
        write(*what)

    monkeypatch.setattr(files, "write_result", late)
    assert deliver(f"match-run:{run_id}:start") == {"batchItemFailures": []}
    assert (scene.run(run_id)["status"], scene.proposals(mentee)) == ("stopped", [])


def test_a_stop_is_decided_anew_where_the_run_went_on_meanwhile(
    large: Large, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = large.scene.start()
    put = store.put_run
    crossed: list[Any] = []

    def late(run: Any, now: Any) -> Any:
        if not crossed:
            crossed.append(run.status)
            assert deliver(f"match-run:{run_id}:start") == {"batchItemFailures": []}
        return put(run, now)

    monkeypatch.setattr(store, "put_run", late)
    answer = large.post(run_id, "stop")
    assert crossed == [RunStatus.STOPPED]
    assert (answer.status, answer.json["status"]) == (200, "stopped")
    deliver(f"match-run:{run_id}:stop")
    assert large.stopped == [f"{run_id}-1"]


def test_what_is_published_is_not_stopped(large: Large) -> None:
    run_id = large.start()
    large.taken(run_id, MATCH)
    assert code(large.post(run_id, "stop")) == (409, "not-stoppable")
    assert code(large.post(run_id, "retry")) == (409, "not-retriable")


def test_a_run_that_failed_in_its_match_goes_on_from_what_is_done(large: Large) -> None:
    scene = large.scene
    run_id = large.start()
    large.taken(run_id, MATCH[:5])
    large.parts.broken = "block"
    with pytest.raises(RuntimeError):
        large.take(run_id, "block", {"number": 1})
    large.take(run_id, "fail")
    found = scene.run(run_id)
    assert (found["status"], found["failure"], shown(large, run_id)) == (
        "failed", "gave_up", (BLOCKS, 1, 0, 0, 0),
    )  # fmt: skip
    assert scene.mails() == []
    large.parts.broken = None
    again = large.post(run_id, "retry")
    assert (again.status, again.json["status"], again.json["failure"]) == (200, "running", None)
    deliver(f"match-run:{run_id}:retry-2")
    assert large.started[f"{run_id}-2"]["begin"] == "match"
    assert shown(large, run_id) == (BLOCKS, 1, 0, 0, 0)
    large.play(run_id)
    assert (scene.run(run_id)["status"], scene.run(run_id)["pairs_published"]) == ("done", 3)


@pytest.mark.parametrize("step", ["segment", "block", "report"])
def test_a_run_whose_engine_changed_while_it_was_matched_is_not_gone_on_with(large: Large, step: str) -> None:
    run_id = large.start()
    before = [name for name, _ in MATCH].index(step)
    large.taken(run_id, MATCH[:before])
    large.parts.broken, large.parts.error = step, EngineChanged("begun by engine 1, to be gone on with by 2")
    for _ in range(2):
        with pytest.raises(machine.RunOver):
            large.taken(run_id, MATCH[before : before + 1])
    found = large.scene.run(run_id)
    assert (found["status"], found["failure"], found["pairs_published"]) == ("failed", "engine_changed", 0)
    assert code(large.post(run_id, "retry")) == (409, "not-retriable")
    assert large.start(), "the programme is free"


def test_a_run_that_failed_while_it_published_goes_on_there(
    large: Large, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lots, "PUBLISH_FILES", 1)
    monkeypatch.setattr(files, "PER_FILE", 1)
    scene = large.scene
    run_id = large.start()
    large.taken(run_id, MATCH)
    large.take(run_id, "line_up")
    first, *_ = large.items(run_id, "publish")
    large.take(run_id, "publish", first)
    end(large, f"{run_id}-1", "TIMED_OUT")
    found = scene.run(run_id)
    assert (found["status"], found["pairs_published"]) == ("failed", 1)
    assert large.post(run_id, "retry").json["status"] == "publishing"
    deliver(f"match-run:{run_id}:retry-2")
    assert large.started[f"{run_id}-2"]["begin"] == "publish"
    asked: list[int] = []
    publish = publishing.publish

    def seen(*args: Any, **how: Any) -> Any:
        asked.append(len(args[3]))
        return publish(*args, **how)

    monkeypatch.setattr(publishing, "publish", seen)
    large.play(run_id)
    assert (scene.run(run_id)["status"], scene.run(run_id)["pairs_published"]) == ("done", 3)
    assert asked == [1, 1], "what was published is not looked at again"


def test_a_failed_run_is_taken_up_only_for_a_day_and_while_the_programme_is_free_and_runs(
    large: Large,
) -> None:
    scene = large.scene
    run_id = large.start()
    large.take(run_id, "fail")
    other = large.start()
    assert code(large.post(run_id, "retry")) == (409, "run-under-way")
    assert large.post(other, "stop").status == 200
    scene.change_programme(starts_on="2026-12-01")
    assert code(large.post(run_id, "retry")) == (409, "programme-not-running")
    scene.change_programme(starts_on=None)
    scene.world.pass_time(seconds=RETRY_WITHIN.total_seconds())
    assert code(large.post(run_id, "retry")) == (409, "not-retriable")
    assert large.post(run_id, "retry", by=scene.mentees[0]).status == 404


def test_what_was_held_for_days_is_taken_up_for_a_day_after_its_publication_failed(held: Large) -> None:
    run_id = held.start()
    held.play(run_id)
    held.scene.world.pass_time(seconds=2 * RETRY_WITHIN.total_seconds())
    held.post(run_id, "release")
    deliver(f"match-run:{run_id}:release")
    held.take(run_id, "fail", execution=f"{run_id}-2")
    assert held.scene.run(run_id)["failure"] == "gave_up"
    held.scene.world.pass_time(seconds=RETRY_WITHIN.total_seconds() - 1)
    assert held.post(run_id, "retry").json["status"] == "publishing"
    deliver(f"match-run:{run_id}:retry-3")
    held.take(run_id, "fail", execution=f"{run_id}-3")
    held.scene.world.pass_time(seconds=RETRY_WITHIN.total_seconds())
    assert code(held.post(run_id, "retry")) == (409, "not-retriable")


def test_an_end_that_is_told_of_an_earlier_execution_changes_nothing(large: Large) -> None:
    run_id = large.start()
    large.take(run_id, "fail", execution=f"{run_id}-1")
    large.post(run_id, "retry")
    deliver(f"match-run:{run_id}:retry-2")
    end(large, f"{run_id}-1", "FAILED")
    large.take(run_id, "fail", execution=f"{run_id}-1")
    with pytest.raises(machine.RunOver):
        large.take(run_id, "enrol", execution=f"{run_id}-1")
    assert large.scene.run(run_id)["status"] == "running"
    end(large, f"{run_id}-2")
    assert large.scene.run(run_id)["failure"] == "gave_up"


@pytest.mark.parametrize("ended", ["stopped", "held", "done"])
def test_a_failure_that_is_told_late_changes_nothing_of_what_is_over(held: Large, ended: str) -> None:
    run_id = held.start()
    if ended == "stopped":
        held.post(run_id, "stop")
    else:
        held.play(run_id)
        if ended == "done":
            held.post(run_id, "release")
            deliver(f"match-run:{run_id}:release")
            held.play(run_id)
    before = State().told()
    held.take(run_id, "fail")
    assert State().told() == before


@pytest.mark.parametrize("when", ["line_up", "publish"])
def test_a_programme_that_ends_before_its_pairs_are_proposed(large: Large, when: str) -> None:
    run_id = large.start()
    large.taken(run_id, MATCH)
    if when == "publish":
        large.take(run_id, "line_up")
    large.scene.change_programme(status="ended")
    with pytest.raises(machine.RunOver):
        large.take(run_id, when, {"number": 0, "first": 0, "after": 1})
    found = large.scene.run(run_id)
    assert (found["status"], found["failure"]) == ("failed", "programme_not_running")
    assert large.scene.mails() == []


def test_a_step_that_comes_at_the_wrong_time_changes_nothing(large: Large) -> None:
    run_id = large.start()
    with pytest.raises(ValueError, match="dance"):
        large.take(run_id, "dance")
    for step in ("line_up", "publish", "tell", "finish"):
        with pytest.raises(machine.RunOver):
            large.take(run_id, step, {"number": 0, "first": 0, "after": 1})
    large.taken(run_id, MATCH)
    before = State().told()
    for step in matching.MATCH_STEPS:
        with pytest.raises(machine.RunOver):
            large.take(run_id, step, {"number": 0})
    assert State().told() == before
    with pytest.raises(machine.RunOver):
        machine.take(
            {"step": "plan", "programme_id": large.scene.programme, "run_id": large.scene.programme},
            lambda: large.scene.world.at,
            1,
        )


def test_a_small_run_is_no_business_of_the_machine(scene: Scene) -> None:
    run_id = scene.start()
    row = store.get_run(scene.programme, run_id)
    assert row is not None
    scene.world.write(store.put_run(replace(row, status=RunStatus.RUNNING), scene.world.at))
    event = {"programme_id": scene.programme, "run_id": run_id}
    with pytest.raises(machine.RunOver):
        machine.take({**event, "step": "plan"}, lambda: scene.world.at, 1)
    machine.take({**event, "step": "fail"}, lambda: scene.world.at, 1)
    assert scene.run(run_id)["status"] == "running"
