"""A held run that nobody looks at gives way to a later night's, whole, whoever acts at the same moment."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.matching import files, store
from chalicelib.matching.runs import HELD_LEASE
from chalicelib.mentorships import jobs
from chalicelib.platform import tables
from tests.matching.held import Held, code
from tests.mentorships.scene import Scene, deliver, fire, make_scene
from tests.support.world import World


def reviewed(world: World, **programme: Any) -> Scene:
    scene = make_scene(world, publish="review", **programme)
    for _ in range(2):
        scene.mentor(capacity=1)
        scene.mentee()
    return scene


@pytest.fixture
def held(world: World) -> Held:
    return Held(reviewed(world))


def runs_of(scene: Scene) -> list[Any]:
    items: list[Any] = scene.world.get(scene.path("match-runs"), by=scene.coordinator).json["items"]
    return items


def night(scene: Scene) -> list[str]:
    """Fire the schedule; return the status of each run, the newest first."""
    fire(jobs.nightly_match)
    return [one["status"] for one in runs_of(scene)]


def pass_lease(scene: Scene, less: timedelta = timedelta()) -> None:
    scene.world.at += HELD_LEASE - less


def test_it_gives_way_after_six_days_and_its_report_stays(held: Held) -> None:
    scene, pairs = held.scene, held.pairs()
    for _ in range(HELD_LEASE.days):
        scene.world.pass_time(days=1)
        assert night(scene) == ["held"]
    scene.world.pass_time(days=1)
    assert night(scene) == ["queued", "superseded"]

    old = scene.run(held.run_id)
    assert old["finished_at"] is not None
    assert (old["report"]["pairs"], held.pairs()) == (2, pairs)
    assert scene.mails() == []
    assert set(scene.free().values()) == {1}
    assert code(held.release()) == (409, "run-not-held")
    assert code(held.remove(next(iter(pairs)))) == (409, "run-not-held")
    assert code(held.request("POST", "/stop")) == (409, "not-stoppable")
    # The new one is held in its turn, and can be released.
    new = runs_of(scene)[0]["id"]
    deliver(f"match-run:{new}:start")
    assert scene.run(new)["status"] == "held"
    assert scene.world.post(scene.path(f"match-runs/{new}/release"), by=scene.coordinator).status == 200
    deliver(f"match-run:{new}:release")
    assert scene.run(new)["pairs_published"] == 2


def test_it_is_on_record(held: Held) -> None:
    pass_lease(held.scene, less=timedelta(seconds=-1))
    night(held.scene)
    new = runs_of(held.scene)[0]["id"]
    rows = tables.query_all(
        tables.audit_class("matching"), f"PROGRAMME#{held.scene.programme}", begins_with="AUDIT#"
    )
    told = [
        (row["actor"]["S"], row["before"]["S"], row["after"]["S"])
        for row in rows
        if row["action"]["S"] == "supersede_match_run"
    ]
    assert told == [("job:nightly_match", f"{held.run_id}:held", new)]


@pytest.mark.parametrize("change", ["choose", "remove"])
def test_a_change_to_its_pairs_keeps_it_for_another_six_days(held: Held, change: str) -> None:
    scene = held.scene
    mentee, mentor = next(iter(held.pairs().items()))
    pass_lease(scene, less=timedelta(hours=1))
    assert held.remove(mentee).status == 204
    if change == "choose":
        scene.world.pass_time(minutes=1)
        assert held.choose(mentee, mentor).status == 200
    scene.world.pass_time(hours=2)
    assert night(scene) == ["held"]
    pass_lease(scene)
    assert night(scene) == ["queued", "superseded"]


def test_a_weekly_programme_s_next_night_finds_it_over(world: World) -> None:
    world.pass_time(days=1)  # Monday
    scene = reviewed(world, cadence="weekly")
    held = Held(scene)
    world.pass_time(days=7, minutes=-5)
    assert night(scene) == ["queued", "superseded"]
    assert scene.run(held.run_id)["status"] == "superseded"


def test_a_coordinator_s_own_run_supersedes_none(held: Held) -> None:
    scene = held.scene
    pass_lease(scene, less=timedelta(days=-1))
    refused = scene.world.post(scene.path("match-runs"), {}, by=scene.coordinator)
    assert code(refused) == (409, "run-under-way")
    assert held.publish()["status"] == "done"


def test_a_release_between_the_schedule_s_look_and_its_write_wins(
    held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = held.scene
    pass_lease(scene, less=timedelta(seconds=-1))
    read = store.get_run

    def crossed(programme_id: str, run_id: str) -> Any:
        found = read(programme_id, run_id)
        monkeypatch.setattr(store, "get_run", read)
        assert held.release().status == 200
        return found

    monkeypatch.setattr(store, "get_run", crossed)
    assert night(scene) == ["publishing"]
    deliver(f"match-run:{held.run_id}:release")
    assert scene.run(held.run_id)["pairs_published"] == 2
    scene.world.pass_time(days=1)
    assert night(scene) == ["queued", "done"]


@pytest.mark.parametrize("what", ["release", "remove", "stop"])
def test_a_schedule_between_a_coordinator_s_look_and_their_write_wins(
    held: Held, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    scene = held.scene
    mentee, etag = next(iter(held.pairs())), held.etag
    pass_lease(scene, less=timedelta(seconds=-1))
    put = store.put_run
    crossed = []

    def late(run: Any, now: Any) -> Any:
        if not crossed:
            crossed.append(run)
            assert night(scene) == ["queued", "superseded"]
        return put(run, now)

    monkeypatch.setattr(store, "put_run", late)
    if what == "remove":
        answer = held.request("DELETE", f"/pairs/{mentee}", etag=etag)
    else:
        answer = held.request("POST", f"/{what}")
    assert code(answer) == (409, "not-stoppable" if what == "stop" else "run-moved")
    assert [one["status"] for one in runs_of(scene)] == ["queued", "superseded"]
    assert scene.mails() == []
    assert code(held.release()) == (409, "run-not-held")
    assert files.read_review_index(crossed[0]).chosen
