"""The worker of runs and the schedules: who does the work, what goes wrong, and what is left then."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.credentials.counting import Requirement, Rule, WhatCounts
from chalicelib.credentials.kinds import Kind
from chalicelib.kernel.call import job_call
from chalicelib.kernel.errors import Unavailable
from chalicelib.matching import files
from chalicelib.matching import service as matching
from chalicelib.matching.runs import QUEUED_LEASE
from chalicelib.mentorships import answering, clearing, jobs, publishing, service, worker
from chalicelib.mentorships import store as mentorships_store
from chalicelib.mentorships.errors import ProposalMoved
from chalicelib.mentorships.model import Card, DeclineReason, Proposal, ProposalStatus, Refusal, Source
from chalicelib.people import service as people
from chalicelib.people.model import Standing
from chalicelib.platform import outbox, tables
from chalicelib.platform.observability import JobFailed
from chalicelib.programmes import store as programmes_store
from chalicelib.programmes.model import Side
from tests.mentorships.scene import Scene, deliver, fire, make_scene
from tests.mentorships.state import State, age_claims
from tests.support.world import World


def message_of(run_id: str) -> str:
    return f"match-run:{run_id}:start"


def failed(answer: dict[str, Any]) -> list[str]:
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def break_match(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("no memory left")

    monkeypatch.setattr(files, "write_result", broken)


def test_a_message_that_comes_twice_is_done_once(scene: Scene) -> None:
    scene.mentor()
    scene.mentee()
    run_id = scene.match()
    before = State().told()
    assert deliver(message_of(run_id), message_of(run_id)) == {"batchItemFailures": []}
    assert deliver("match-run:nobody:start") == {"batchItemFailures": []}
    assert State().told() == before


def test_a_message_that_another_worker_has_is_left_to_it(scene: Scene) -> None:
    run_id = scene.start()
    message = outbox.read(message_of(run_id))
    assert message is not None
    outbox.claim(message, now=scene.world.at)
    assert deliver(message_of(run_id)) == {"batchItemFailures": []}
    assert scene.run(run_id)["status"] == "queued"
    age_claims()
    deliver(message_of(run_id))
    assert scene.run(run_id)["status"] == "done"


def test_a_failure_gives_the_message_back_and_spares_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes = [make_scene(world) for _ in range(2)]
    ids = [one.start() for one in scenes]
    write = files.write_result

    def broken(run: Any, result: Any) -> None:
        if run.id == ids[0]:
            raise Unavailable("The bucket is away.")
        write(run, result)

    with monkeypatch.context() as patch:
        patch.setattr(files, "write_result", broken)
        answer = deliver(*map(message_of, ids))
    assert failed(answer) == ["sqs-0"]
    assert [one.run(id_)["status"] for one, id_ in zip(scenes, ids, strict=True)] == ["running", "done"]
    assert deliver(message_of(ids[0])) == {"batchItemFailures": []}
    assert scenes[0].run(ids[0])["status"] == "done"


def test_a_run_that_fails_as_often_as_it_may_is_failed_and_the_programme_free(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.mentor()
    scene.mentee()
    run_id = scene.start()
    with monkeypatch.context() as patch:
        break_match(patch)
        for _ in range(worker.MAX_TRIES):
            assert failed(deliver(message_of(run_id))) == ["sqs-0"]
    done = scene.run(run_id)
    assert (done["status"], done["failure"]) == ("failed", "gave_up")
    assert deliver(message_of(run_id)) == {"batchItemFailures": []}
    assert scene.run(scene.match())["pairs_published"] == 1


def test_a_run_that_has_gone_silent_is_taken_over_by_the_next(scene: Scene) -> None:
    scene.mentor()
    mentee = scene.mentee()
    silent = scene.start()
    scene.world.pass_time(seconds=QUEUED_LEASE.total_seconds() + 1)
    after = scene.match()
    assert (scene.run(silent)["status"], scene.run(silent)["failure"]) == ("failed", "taken_over")
    assert scene.run(after)["status"] == "done"
    # Its late worker finds that there is nothing to do.
    assert deliver(message_of(silent)) == {"batchItemFailures": []}
    assert len(scene.proposals(mentee)) == 1


def test_a_worker_whose_run_was_taken_over_stops_at_its_next_step(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.mentor()
    mentee = scene.mentee()
    silent = scene.start()
    write = files.write_result

    def slow(run: Any, result: Any) -> None:
        write(run, result)
        if run.id == silent:
            scene.world.pass_time(hours=1)
            monkeypatch.setattr(files, "write_result", write)
            taken = matching.start_run(scene.world.call(scene.coordinator), scene.programme, dry_run=False)
            worker.carry_out(
                message_of(taken.id),
                lambda: scene.world.at,
                workers=1,
                time_left=lambda: timedelta(minutes=15),
            )

    monkeypatch.setattr(files, "write_result", slow)
    assert deliver(message_of(silent)) == {"batchItemFailures": []}
    assert scene.run(silent)["status"] == "failed"
    [proposal] = scene.proposals(mentee)
    assert scene.proposal(mentee, proposal["id"]).run_id != silent


def test_a_programme_that_ends_before_its_pairs_are_proposed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.mentor()
    mentee = scene.mentee()
    run_id = scene.start()
    monkeypatch.setattr(publishing, "running_programme", lambda *_: None)
    deliver(message_of(run_id))
    done = scene.run(run_id)
    assert (done["status"], done["failure"]) == ("failed", "programme_not_running")
    assert scene.proposals(mentee) == []


@pytest.mark.parametrize("what", ["withdrawn", "unverified", "blocked", "full"])
def test_what_came_between_match_and_proposal_is_skipped_and_counted(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    world, mentor, mentee = scene.world, scene.mentor(capacity=1), scene.mentee()
    run_id = scene.start()
    publish = publishing.publish

    def late(*args: Any, **kwargs: Any) -> dict[str, bool]:
        match what:
            case "withdrawn":
                path = scene.path(f"enrolments/{mentee}")
                assert world.delete(path, by=mentee, query={"role": "mentee"}).status == 204
            case "unverified":
                world.write(people.set_standing(mentor, Standing(world.at), world.at))
            case "blocked":
                assert world.put(f"/v1/me/blocks/{mentor}", by=mentee).status == 204
            case "full":
                path = scene.path(f"enrolments/{mentor}")
                assert world.put(path, {"role": "mentor", "capacity": 0}, by=mentor).status == 200
        return publish(*args, **kwargs)

    monkeypatch.setattr(publishing, "publish", late)
    deliver(message_of(run_id))
    done = scene.run(run_id)
    assert (done["status"], done["pairs_published"], done["pairs_skipped"]) == ("done", 0, 1)
    assert scene.proposals(mentee) == []
    assert scene.mails() == []


@pytest.mark.parametrize("what", ["rules", "standing"])
def test_what_changes_as_a_pair_is_proposed_leaves_nothing_that_nobody_can_accept(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    world, mentor, mentee = scene.world, scene.mentor(), scene.mentee()
    run_id = scene.start()
    programme = programmes_store.get_programme(scene.programme)
    assert programme is not None
    licensed = WhatCounts((Rule((Requirement(frozenset({Kind.LICENCE})),)),))
    plain = publishing.commit

    def late(*args: Any) -> Any:
        monkeypatch.setattr(publishing, "commit", plain)
        if what == "rules":
            # And whoever looks at the mentors has been by already.
            world.write(programmes_store.put_programme(replace(programme, what_counts=licensed), world.at))
        else:
            world.write(people.set_standing(mentor, Standing(world.at), world.at))
        return plain(*args)

    monkeypatch.setattr(publishing, "commit", late)
    deliver(message_of(run_id))
    assert scene.run(run_id)["status"] == "done"
    assert [one["status"] for one in scene.proposals(mentee)] == (["withdrawn"] if what == "rules" else [])
    assert set(scene.free().values()) == {1, 2}, "no place is held"


def test_a_hundred_pairs_are_proposed_in_files_of_a_few(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PER_FILE", 2)
    scene.mentor(capacity=5)
    for _ in range(5):
        scene.mentee()
    run = scene.run(scene.match())
    assert run["pairs_published"] == 5
    assert scene.free()[scene.mentors[0]] == 0


def test_pairs_written_by_several_threads_are_all_there(scene: Scene) -> None:
    """The width itself is for the emulator: moto's transactions do not stand threads, so they go one at a time."""
    import threading

    scene.mentor(capacity=2)
    scene.mentor(capacity=2)
    for _ in range(4):
        scene.mentee()
    run_id = scene.start()
    one_at_a_time = threading.Lock()
    dispatch = tables._dispatch

    def serial(operation: str, kwargs: dict[str, Any]) -> dict[str, Any]:
        with one_at_a_time:
            return dispatch(operation, kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "_dispatch", serial)
        worker.carry_out(
            message_of(run_id), lambda: scene.world.at, workers=3, time_left=lambda: timedelta(minutes=15)
        )
    assert scene.run(run_id)["pairs_published"] == 4
    assert set(scene.free().values()) == {0}


def test_one_proposal_that_cannot_expire_does_not_keep_the_others(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        scene.mentor(capacity=1)
        scene.mentee()
    scene.match()
    scene.world.pass_time(days=7)
    stuck = scene.proposals(scene.mentees[0])[0]["id"]
    expire = clearing.expire

    def broken(call: Any, proposal: Proposal) -> None:
        if proposal.id == stuck:
            raise Unavailable("The store is busy.")
        expire(call, proposal)

    with monkeypatch.context() as patch:
        patch.setattr(clearing, "expire", broken)
        with pytest.raises(JobFailed, match=worker.SomeFailed.__name__):
            fire(jobs.expire_proposals)
    assert [scene.proposals(one)[0]["status"] for one in scene.mentees] == ["open", "expired"]
    fire(jobs.expire_proposals)
    assert scene.proposals(scene.mentees[0])[0]["status"] == "expired"


def test_proposals_expire_also_where_the_programme_has_ended(scene: Scene) -> None:
    mentor, mentee = scene.mentor(), scene.mentee()
    scene.match()
    scene.change_programme(status="ended")
    scene.world.pass_time(days=7)
    fire(jobs.expire_proposals)
    assert scene.free() == {mentor: 2, mentee: 1}


def test_an_answer_at_the_same_moment_wins_over_the_end_or_loses_whole(scene: Scene) -> None:
    scene.mentor()
    mentee = scene.mentee()
    scene.match()
    stale = scene.proposal(mentee, scene.proposals(mentee)[0]["id"])
    answering.accept(scene.world.call(mentee), stale.id)
    scene.world.pass_time(days=7)
    call = job_call("expire_proposals", scene.world.at)
    with pytest.raises(ProposalMoved):
        clearing.expire(call, stale)
    assert scene.proposals(mentee)[0]["status"] == "open"
    assert scene.enrolment(mentee, Side.MENTEE).free == 0


def test_two_answers_that_cross_each_other_both_count(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    mentor, mentee = scene.mentor(), scene.mentee()
    scene.match()
    id_ = scene.proposals(mentee)[0]["id"]
    read = mentorships_store.proposal_of

    def crossed(row: mentorships_store.ProposalRow) -> Proposal:
        monkeypatch.setattr(mentorships_store, "proposal_of", read)
        answering.accept(scene.world.call(mentor), id_)  # after the mentee's read, before their write
        return read(row)

    monkeypatch.setattr(mentorships_store, "proposal_of", crossed)
    done = answering.accept(scene.world.call(mentee), id_)
    assert done.proposal.status is ProposalStatus.AGREED


def test_a_proposal_of_the_past_holds_nothing_and_is_not_proposed_again(scene: Scene) -> None:
    world, mentor, mentee = scene.world, scene.mentor(), scene.mentee()
    then = world.at - timedelta(days=30)
    past = Proposal(
        "01JCZ0M3V5R8W1T2Y4X6Z8B0D2", scene.programme, scene.organisation, Card(mentee, "Amina"),
        Card(mentor, "Claire"), Source.RUN, expires_at=then + timedelta(days=7),
        status=ProposalStatus.DECLINED, refusal=Refusal(Side.MENTOR, DeclineReason.NO_TIME), closed_at=then,
        created_at=then,
    )  # fmt: skip
    world.write(*service.past_proposal(past, then))
    assert scene.proposals(mentee)[0]["status"] == "declined"
    assert scene.free() == {mentor: 2, mentee: 1}
    assert scene.run(scene.match())["pairs"] == 0
    assert scene.mails() == []
    with pytest.raises(ValueError, match="holds no place"):
        service.past_proposal(
            Proposal(**{**vars(past), "status": ProposalStatus.OPEN, "refusal": None}), then
        )


def test_others_read_proposals_and_mentorships_as_they_are(scene: Scene) -> None:
    mentor, mentee = scene.mentor(), scene.mentee()
    scene.match()
    id_ = scene.proposals(mentee)[0]["id"]
    answering.accept(scene.world.call(mentee), id_)
    agreed = answering.accept(scene.world.call(mentor), id_).proposal
    for person in (mentor, mentee):
        assert service.proposal_for(person, id_) == scene.proposal(person, id_)
        found = service.mentorship_for(person, str(agreed.mentorship_id))
        assert found is not None
        assert found.proposal_id == id_
    stranger = scene.world.person()
    assert service.proposal_for(stranger, id_) is None
    assert service.mentorship_for(stranger, str(agreed.mentorship_id)) is None


def test_the_same_event_names_the_same_run_and_another_names_another() -> None:
    now = datetime(2026, 11, 22, 2, 0, 31, tzinfo=UTC)
    fired = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    one = worker.nightly_run_id("P", now, fired)
    assert one == worker.nightly_run_id("P", now + timedelta(minutes=3), fired)
    others = {
        worker.nightly_run_id("Q", now, fired),
        worker.nightly_run_id("P", now + timedelta(days=1), fired),
        worker.nightly_run_id("P", now, fired + timedelta(minutes=1)),
    }
    assert one not in others
    assert len(others) == 3


def test_handlers_are_there_in_a_fresh_process_and_need_no_numpy() -> None:
    code = (
        "import sys\n"
        "from chalicelib.mentorships import jobs\n"
        "assert all(map(callable, (jobs.nightly_match, jobs.run_match, jobs.expire_proposals)))\n"
        "assert 'numpy' not in sys.modules and 'app' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stderr) == (0, "")


def test_schedules_and_queue_are_registered_under_the_names_that_are_packaged() -> None:
    import app

    found = {
        one.name: one
        for one in app.app.event_sources
        if one.name in ("nightly_match", "run_match", "expire_proposals")
    }
    assert str(found["nightly_match"].schedule_expression) == "cron(0 2 * * ? *)"
    assert str(found["expire_proposals"].schedule_expression) == "rate(1 hour)"
    assert (found["run_match"].queue, found["run_match"].batch_size) == ("match-runs", 1)
    assert {one.handler_string for one in found.values()} == {
        f"chalicelib.mentorships.jobs.{name}" for name in found
    }
