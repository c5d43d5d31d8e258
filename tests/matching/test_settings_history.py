"""Every version of a programme's match settings: kept as it was put in force, told to its coordinators alone."""

from typing import Any

import pytest

from chalicelib.kernel.pages import PageRequest
from chalicelib.matching import settings_store
from chalicelib.matching.settings import MatchSettings, PairOfIds, Rule, SettingsVersion, Weights, differences
from tests.mentorships.scene import Scene, make_scene
from tests.support.world import Reply, World


@pytest.fixture
def scene(world: World) -> Scene:
    return make_scene(world)


def change(scene: Scene, version: int, by: str | None = None, **body: Any) -> Reply:
    headers = {"If-Match": f'"{version}"'}
    return scene.world.put(scene.path("match-settings"), body, by=by or scene.coordinator, headers=headers)


def history(scene: Scene, query: str = "", by: str | None = None) -> Reply:
    return scene.world.get(scene.path(f"match-settings/history{query}"), by=by or scene.coordinator)


def test_there_is_none_before_the_first_change(scene: Scene) -> None:
    assert history(scene).json == {"items": [], "next": None}


def test_each_version_says_who_when_and_what_changed_the_newest_first(scene: Scene) -> None:
    other = scene.world.coordinator(scene.organisation)
    assert change(scene, 0, weights={"goals": 0}, rounds=2).status == 200
    scene.world.pass_time(hours=3)
    assert change(scene, 1, by=other, weights={"goals": 0}, rules_off=["abroad"]).status == 200
    second, first = history(scene).json["items"]
    assert (first["version"], second["version"]) == (1, 2)
    assert first["changed"] == ["/weights/goals", "/rounds"]
    # What is left out goes back to its usual value.
    assert second["changed"] == ["/rounds", "/rules_off"]
    assert first["changed_by"]["person_id"] == scene.coordinator
    assert second["changed_by"]["person_id"] == other
    assert second["changed_by"]["name"]
    assert first["changed_at"] < second["changed_at"]
    assert (first["settings"]["rounds"], second["settings"]["rounds"]) == (2, 1)
    present = scene.world.get(scene.path("match-settings"), by=other).json
    assert present.pop("warnings") == []
    assert second["settings"] == present
    assert first["weight_proposal_id"] is None


def test_a_change_that_is_refused_leaves_no_version(scene: Scene) -> None:
    assert change(scene, 0, rounds=2).status == 200
    assert change(scene, 0, rounds=3).status == 412
    assert change(scene, 1, rounds=9).status == 422
    assert [one["version"] for one in history(scene).json["items"]] == [1]


def test_the_same_settings_again_make_no_version(scene: Scene) -> None:
    same = change(scene, 0)  # the usual ones, as they are
    assert (same.status, same.etag) == (200, '"0"')
    assert history(scene).json["items"] == []
    assert change(scene, 0, rounds=2).etag == '"1"'
    with scene.world.counted() as calls:
        again = change(scene, 1, rounds=2)
        assert calls == ["BatchGetItem"]
    assert (again.status, again.etag, again.json["rounds"]) == (200, '"1"', 2)
    assert [one["version"] for one in history(scene).json["items"]] == [1]
    assert change(scene, 0, rounds=2).status == 412


def test_a_version_and_the_settings_are_of_one_transaction(scene: Scene) -> None:
    with scene.world.counted() as calls:
        assert change(scene, 0, rounds=2).status == 200
    assert calls == ["BatchGetItem", "TransactWriteItems"]


def test_pages_of_versions(scene: Scene) -> None:
    for version in range(5):
        assert change(scene, version, weeks=version + 1).status == 200
    first = history(scene, "?limit=2").json
    assert [one["version"] for one in first["items"]] == [5, 4]
    rest = history(scene, f"?limit=100&cursor={first['next']}").json
    assert [one["version"] for one in rest["items"]] == [3, 2, 1]
    assert rest["next"] is None


def test_a_page_of_versions_is_never_larger_than_twenty(scene: Scene) -> None:
    for version in range(21):
        assert change(scene, version, weeks=version + 1).status == 200
    page = history(scene, "?limit=100").json
    assert len(page["items"]) == 20
    assert page["next"]
    assert page["items"][0]["version"] == 21


def test_only_the_programmes_coordinators_read_it(scene: Scene) -> None:
    world = scene.world
    change(scene, 0, rounds=2)
    foreign = world.coordinator(world.organisation("Another"))
    assert history(scene, by=foreign).status == 404
    assert history(scene, by=scene.mentor()).status in (403, 404)


def test_a_run_names_the_version_that_it_followed(scene: Scene) -> None:
    before = scene.match()
    assert scene.run(before)["settings_version"] == 0
    assert change(scene, 0, weeks=4).status == 200
    scene.world.pass_time(minutes=1)
    after = scene.start()
    assert scene.run(after)["settings_version"] is None
    scene.deliver(f"match-run:{after}:start")
    assert scene.run(after)["settings_version"] == 1
    tried = scene.match(dry_run=True, settings={"weeks": 8})
    assert scene.run(tried)["settings_version"] is None


def test_somebody_who_is_gone_has_no_name(scene: Scene) -> None:
    call = scene.world.call("01M4GHQAT0RNNYVJTYD3VVVV6R")
    version = SettingsVersion(scene.programme, 1, MatchSettings(), (), call.actor_id, call.now)
    scene.world.write(settings_store.put_version(version))
    assert settings_store.versions_of(scene.programme, PageRequest()).items == (version,)
    assert history(scene).json["items"][0]["changed_by"] == {"person_id": call.actor_id, "name": None}


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({}, ()),
        ({"rounds": 2}, ("/rounds",)),
        ({"weights": Weights(topics=1, values=0)}, ("/weights/topics", "/weights/values")),
        ({"locked": (PairOfIds("a", "m"),), "weights": Weights(waiting=6)}, ("/weights/waiting", "/locked")),
        ({"rules_off": frozenset({Rule.TIME})}, ("/rules_off",)),
    ],
)
def test_what_differs_is_told_by_pointers(changes: dict[str, Any], pointers: tuple[str, ...]) -> None:
    assert differences(MatchSettings(), MatchSettings(**changes)) == pointers
    assert set(differences(MatchSettings(**changes), MatchSettings())) == set(pointers)
