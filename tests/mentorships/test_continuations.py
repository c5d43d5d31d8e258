"""A run that needs more time than one worker has: it is handed on in order, and ends as if one had done it all."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest

from chalicelib.kernel.errors import Unavailable
from chalicelib.matching import files
from chalicelib.matching import service as matching
from chalicelib.mentorships import worker
from chalicelib.mentorships.worker import MATCH_TIME, MAX_TRIES, STEP_TIME, TimeLeft
from chalicelib.platform import outbox
from tests.mentorships.scene import Scene, deliver, make_scene
from tests.mentorships.state import Killed, State, age_claims, crash_points
from tests.support.world import World

WHOLE = timedelta(minutes=15)
MOST_WORKERS = 30


def plenty() -> timedelta:
    return WHOLE


def none_left() -> timedelta:
    return timedelta()


def for_steps(steps: int) -> TimeLeft:
    """Return a time that is over once so many steps have been asked for."""
    asked = count(1)
    return lambda: WHOLE if next(asked) <= steps else timedelta(seconds=1)


@pytest.fixture
def crowd(world: World, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A programme of five pairs and one who is left out, in files of two."""
    monkeypatch.setattr(files, "PER_FILE", 2)
    return peopled(make_scene(world))


def peopled(scene: Scene, pairs: int = 5) -> Scene:
    for _ in range(pairs):
        scene.mentor(capacity=1)
        scene.mentee()
    scene.mentee(languages=[{"language": "sw", "level": "C2"}])
    return scene


def waiting(scene: Scene) -> list[str]:
    """Return the ids of the messages of runs that are not done."""
    return [one.id for one in outbox.due(scene.world.at) if one.topic is outbox.Topic.MATCH_RUN]


def work_off(scene: Scene, time_left: Callable[[], TimeLeft]) -> int:
    """Hand every message of runs to a worker as the relay does, until there is none; return how many it took."""
    workers = 0
    while messages := waiting(scene):
        for one in messages:
            worker.carry_out(one, lambda: scene.world.at, workers=1, time_left=time_left())
            workers += 1
        assert workers < MOST_WORKERS, "the run does not end"
    return workers


def told() -> dict[str, object]:
    """Return the whole state but for the messages that only handed a run on."""
    found = State().told()
    name = next(one for one in found if one.endswith("outbox"))
    found[name] = [row for row in found[name] if ":from-" not in row]
    return found


def test_time_that_is_over_at_any_step_changes_nothing_of_what_comes_out(crowd: Scene) -> None:
    run_id = crowd.start()
    start = State()
    assert work_off(crowd, lambda: plenty) == 1
    whole = told()
    assert crowd.run(run_id)["pairs_published"] == 5
    assert len(crowd.mails()) == 20
    numbers = []
    for steps in count():
        start.put_back()
        numbers.append(work_off(crowd, lambda steps=steps: for_steps(steps)))  # type: ignore[misc]
        assert told() == whole, steps
        if numbers[-1] == 1:
            break
    # Queued, snapshot, match, going on, three files, the end: a worker for each step, then fewer and fewer.
    assert numbers[0] == 8
    assert numbers == sorted(numbers, reverse=True)


def test_the_release_of_a_held_run_is_handed_on_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PER_FILE", 2)
    crowd = peopled(make_scene(world, publish="review"))
    run_id = crowd.start()
    assert work_off(crowd, lambda: none_left) > 1
    assert crowd.run(run_id)["status"] == "held"
    gone = crowd.mentees[0]
    path = crowd.path(f"match-runs/{run_id}")
    etag = world.get(path, by=crowd.coordinator).etag
    assert (
        world.delete(f"{path}/pairs/{gone}", by=crowd.coordinator, headers={"If-Match": etag}).status == 204
    )
    assert world.post(f"{path}/release", by=crowd.coordinator).status == 200
    start = State()
    assert work_off(crowd, lambda: plenty) == 1
    whole = told()
    start.put_back()
    assert work_off(crowd, lambda: none_left) == 3
    assert told() == whole
    assert crowd.run(run_id)["pairs_published"] == 4


def test_workers_out_of_time_and_killed_at_any_write(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PER_FILE", 1)
    crowd = peopled(make_scene(world), pairs=2)
    crowd.start()
    start = State()
    work_off(crowd, lambda: plenty)
    whole = told()
    for point in crash_points(monkeypatch, lambda: work_off(crowd, lambda: none_left), start):
        age_claims()
        work_off(crowd, lambda: none_left)
        assert told() == whole, point


def test_stopping_in_order_is_no_failed_try(crowd: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step fails as often as it may without the run's being given up, and the time is always short."""
    run_id = crowd.start()
    advance = worker._advance
    tries: dict[str, int] = {}

    def failing(claimed: outbox.Message, *rest: object) -> None:
        tries[claimed.id] = tries.get(claimed.id, 0) + 1
        if tries[claimed.id] < MAX_TRIES:
            raise Unavailable("The store is busy.")
        advance(claimed, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(worker, "_advance", failing)
    for _ in range(MOST_WORKERS):
        for one in waiting(crowd):
            try:
                worker.carry_out(one, lambda: crowd.world.at, workers=1, time_left=none_left)
            except Unavailable:
                continue
    assert len(tries) > MAX_TRIES
    assert set(tries.values()) == {MAX_TRIES}
    assert (crowd.run(run_id)["status"], crowd.run(run_id)["pairs_published"]) == ("done", 5)


@pytest.mark.parametrize(("left", "step"), [(MATCH_TIME, "matched"), (STEP_TIME, "snapshot")])
def test_the_match_is_begun_only_with_time_for_it(crowd: Scene, left: timedelta, step: str) -> None:
    run_id = crowd.start()
    answers = iter([left, left])
    worker.carry_out(
        f"match-run:{run_id}:start", lambda: crowd.world.at, workers=1,
        time_left=lambda: next(answers, timedelta()),
    )  # fmt: skip
    run = matching.get_run(crowd.programme, run_id)
    assert run is not None
    assert run.step == step


def test_a_run_that_was_taken_over_is_not_handed_on(crowd: Scene) -> None:
    run_id = crowd.start()
    taken: list[str] = []

    def slow() -> timedelta:
        if not taken:
            crowd.world.pass_time(hours=1)
            call = crowd.world.call(crowd.coordinator)
            taken.append(matching.start_run(call, crowd.programme, dry_run=False).id)
        return timedelta()

    worker.carry_out(f"match-run:{run_id}:start", lambda: crowd.world.at, workers=1, time_left=slow)
    assert crowd.run(run_id)["failure"] == "taken_over"
    assert waiting(crowd) == [f"match-run:{taken[0]}:start"]


def test_a_run_that_waits_to_be_carried_on_keeps_its_programme_as_a_new_one_does(crowd: Scene) -> None:
    run_id = crowd.start()
    worker.carry_out(f"match-run:{run_id}:start", lambda: crowd.world.at, workers=1, time_left=none_left)
    crowd.world.pass_time(hours=5)
    answer = crowd.world.post(crowd.path("match-runs"), {}, by=crowd.coordinator)
    assert (answer.status, answer.json["type"].rpartition("/")[2]) == (409, "run-under-way")
    work_off(crowd, lambda: plenty)
    assert crowd.run(run_id)["status"] == "done"


def test_a_run_whose_workers_die_at_it_is_given_up(crowd: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step longer than a worker lives, or larger than its memory: nobody is left to say that it failed."""
    run_id = crowd.start()
    message = f"match-run:{run_id}:start"

    def dies(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(files, "write_result", dies)
        for _ in range(MAX_TRIES):
            with pytest.raises(Killed):
                deliver(message)
            assert deliver(message) == {"batchItemFailures": []}  # its claim still holds
            assert crowd.run(run_id)["status"] == "running"
            age_claims()
        assert deliver(message) == {"batchItemFailures": []}
    assert (crowd.run(run_id)["status"], crowd.run(run_id)["failure"]) == ("failed", "gave_up")
    assert waiting(crowd) == []
    assert crowd.run(crowd.match())["pairs_published"] == 5


def test_a_message_whose_workers_died_after_the_run_was_over_is_put_away(
    crowd: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = crowd.start()
    message = f"match-run:{run_id}:start"

    def dies(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(matching, "begin", dies)
        for _ in range(MAX_TRIES):
            with pytest.raises(Killed):
                deliver(message)
            age_claims()
    assert crowd.world.post(crowd.path(f"match-runs/{run_id}/stop"), by=crowd.coordinator).status == 200
    assert deliver(message) == {"batchItemFailures": []}
    assert crowd.run(run_id)["status"] == "stopped"
    found = outbox.read(message)
    assert found is not None
    assert found.status is outbox.Status.DONE
