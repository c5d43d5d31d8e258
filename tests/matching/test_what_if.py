"""What if: other settings on the very people of the last run, whatever became of them since."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.matching import files, replay, store, what_if
from chalicelib.matching.__main__ import main
from chalicelib.matching.engine import comparing, run_match
from chalicelib.matching.model import MatchSettings, Protected, Weights
from chalicelib.matching.runs import MatchRun
from chalicelib.matching.snapshot import snapshot_from_bytes
from chalicelib.people import service as people
from chalicelib.people import store as people_store
from chalicelib.people.model import Person, PersonStatus
from chalicelib.platform import aws, tables
from chalicelib.platform.settings import settings as platform_settings
from tests.matching.pools import mentee, mentor, profile, random_pool, snapshot
from tests.mentorships.scene import Scene, make_scene
from tests.support.world import World

NO_WAIT = {"weights": {"waiting": 0}}


@pytest.fixture
def scene(world: World) -> Scene:
    return make_scene(world)


def pairs(scene: Scene, run_id: str) -> dict[str, str]:
    answer = scene.world.get(scene.path(f"match-runs/{run_id}/pairs"), by=scene.coordinator)
    return {one["mentee"]["person_id"]: one["mentor"]["person_id"] for one in answer.json["items"]}


def left_out(scene: Scene, run_id: str) -> set[str]:
    answer = scene.world.get(scene.path(f"match-runs/{run_id}/left-out"), by=scene.coordinator)
    return {one["person"]["person_id"] for one in answer.json["items"]}


def stored(scene: Scene, run_id: str) -> MatchRun:
    run = store.get_run(scene.programme, run_id)
    assert run is not None
    return run


def shown(scene: Scene, **body: Any) -> Any:
    scene.world.pass_time(minutes=1)
    run = scene.run(scene.match(dry_run=True, **body))
    assert run["status"] == "done"
    return run


def counts(comparison: Any) -> dict[str, int]:
    names = ("same_mentor", "other_mentor", "gained", "lost", "pairs_kept", "pairs_gained", "pairs_lost")
    return {name: comparison[name] for name in names if comparison[name]}


def some_people(scene: Scene) -> None:
    """Three mentees for two places; equal but for the topic of one."""
    scene.mentor(capacity=1)
    scene.mentor(capacity=1, topics_offered=["asthma"])
    for topics in (["heart failure"], ["heart failure"], ["asthma"]):
        scene.mentee(topics_sought=topics)


def test_a_programme_that_publishes_by_itself_compares_the_people_of_its_last_run(scene: Scene) -> None:
    some_people(scene)
    last = scene.match()
    made = pairs(scene, last)
    assert len(made) == 2
    assert sum(scene.free().values()) == 1  # places are held: nobody is left to be matched now
    again = shown(scene, settings={})
    assert again["basis"] == {
        "people": "last_run", "run_id": last, "mentees_gone": 0, "mentors_gone": 0, "instead": None
    }  # fmt: skip
    assert pairs(scene, again["id"]) == made  # the same people and settings: the very same pairs
    assert counts(again["comparison"]) == {"same_mentor": 2, "pairs_kept": 2}
    assert again["comparison"]["tried"] == again["comparison"]["before"]
    out = next(iter(made))
    forbidden = [{"mentee_id": out, "mentor_id": one} for one in scene.mentors]
    tried = shown(scene, settings={"forbidden": forbidden})
    comparison = tried["comparison"]
    # The third mentee gets the place, whoever had it.
    assert out not in pairs(scene, tried["id"])
    assert (comparison["gained"], comparison["lost"]) == (1, 1)
    assert [one["person_id"] for one in comparison["newly_left_out"]] == [out]
    assert comparison["newly_left_out"][0]["name"] == "Amina Otieno"
    (group,) = comparison["tried"]["groups"]
    assert (comparison["protected"], group) == (
        "income_group", {"group": "lower_middle", "mentees": 3, "matched": 2}
    )  # fmt: skip
    assert comparison["last_run"]["run_id"] == last
    assert tried["report"]["taken_at"] == scene.run(last)["report"]["taken_at"]
    assert scene.proposals(out) != []  # nothing of it is done
    now = shown(scene, settings=NO_WAIT, people="now")
    assert now["basis"]["people"] == "now"
    assert (now["pairs"], now["comparison"]["before"]["pairs"]) == (0, 0)
    assert now["comparison"]["last_run"]["run_id"] == last


def test_the_settings_before_are_those_of_the_last_run(scene: Scene) -> None:
    some_people(scene)
    last = scene.match()
    path = scene.path("match-settings")
    body = {"min_overlap_minutes": 6000}
    assert scene.world.put(path, body, by=scene.coordinator, headers={"If-Match": '"0"'}).status == 200
    present = shown(scene, people="last_run")  # without settings: what those of today would have made of them
    assert (present["pairs"], present["settings_version"]) == (0, 1)
    assert counts(present["comparison"]) == {"lost": 2, "pairs_lost": 2}
    assert set(pairs(scene, last)) == {one["person_id"] for one in present["comparison"]["newly_left_out"]}
    # A further one is of the same run: dry runs are no last run.
    assert shown(scene, settings={})["basis"]["run_id"] == last


def test_without_a_last_run_or_its_snapshot_it_is_people_as_they_are(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_people(scene)
    first = shown(scene, settings=NO_WAIT)
    assert first["basis"] == {
        "people": "now", "run_id": None, "mentees_gone": 0, "mentors_gone": 0, "instead": "no_run"
    }  # fmt: skip
    assert counts(first["comparison"]) == {"same_mentor": 2, "pairs_kept": 2}
    scene.world.pass_time(minutes=1)
    last = scene.match()
    bucket = platform_settings().documents_bucket
    key = f"match-runs/{scene.programme}/{last}/snapshot.json"
    content = files.read_snapshot(stored(scene, last))
    aws.client("s3").put_object(Bucket=bucket, Key=key, Body=b'{"of":"another version"}')
    assert shown(scene, settings=NO_WAIT)["basis"]["instead"] == "not_kept"
    aws.client("s3").delete_object(Bucket=bucket, Key=key)
    aws.client("s3").put_object(Bucket=bucket, Key=f"{key}.old", Body=content)
    run = shown(scene, settings=NO_WAIT)
    assert (run["basis"]["people"], run["basis"]["instead"]) == ("now", "not_kept")
    assert run["comparison"]["before"]["pairs"] == 0
    alone = shown(scene, people="last_run")
    assert (alone["basis"]["instead"], alone["comparison"]) == ("not_kept", None)  # nothing to compare
    monkeypatch.setattr(store, "MAX_LIMIT", 2)  # the last run lies behind more dry runs than a page has
    found = store.last_run(scene.programme)
    assert found is not None
    assert found.id == last


def test_who_has_left_is_on_neither_side_and_counted(scene: Scene) -> None:
    world = scene.world
    some_people(scene)
    gone = scene.mentor(capacity=3)
    last = scene.match()
    assert len(pairs(scene, last)) == 3
    left, erased = scene.mentees[0], scene.mentees[1]
    path = scene.path(f"enrolments/{left}")
    assert world.delete(path, by=left, query={"role": "mentee"}).status == 204
    path = scene.path(f"enrolments/{gone}")
    assert world.delete(path, by=gone, query={"role": "mentor"}).status == 204
    for key in (people_store.person_key(erased), people_store.profile_key(erased)):
        row = tables.get(*key)
        assert row is not None
        row.delete()
    run = shown(scene, settings=NO_WAIT)
    assert (run["basis"]["mentees_gone"], run["basis"]["mentors_gone"]) == (2, 1)
    comparison = run["comparison"]
    assert (comparison["tried"]["pairs"], comparison["before"]["pairs"]) == (1, 1)
    assert comparison["last_run"]["pairs"] == 3  # as its report had it
    assert run["report"]["pool"]["mentees"] == 1
    assert set(pairs(scene, run["id"])) | left_out(scene, run["id"]) == {scene.mentees[2]}
    content = files.read_snapshot(stored(scene, run["id"])).decode()
    assert not [one for one in (left, erased, gone) if one in content]


def test_whom_somebody_has_blocked_since_they_are_not_paired_with_and_nobody_is_told(scene: Scene) -> None:
    mentor_id, mentee_id = scene.mentor(), scene.mentee()
    last = scene.match()
    assert pairs(scene, last) == {mentee_id: mentor_id}
    people.block(scene.world.call(mentee_id), mentor_id)
    run = shown(scene, settings=NO_WAIT)
    assert pairs(scene, run["id"]) == {}
    assert counts(run["comparison"]) == {}  # under neither settings, so it is no difference between the two
    assert (run["basis"]["mentees_gone"], run["basis"]["mentors_gone"]) == (0, 0)
    answer = scene.world.get(scene.path(f"match-runs/{run['id']}/left-out"), by=scene.coordinator)
    assert [one["code"] for one in answer.json["items"][0]["reasons"]] == ["no_mentor_left"]


def test_a_gender_counts_no_longer_than_its_owner_consents() -> None:
    woman = {"gender": "woman", "sensitive_consent": True}
    wants = {"preferences": replace(profile("x").preferences, genders=("woman",), genders_required=True)}
    kept = snapshot(
        [mentee("a", **wants)], [mentor("m", **woman), mentor("n", **woman), mentor("o", **woman)]
    )

    def known(**changes: dict[str, Any]) -> dict[str, what_if.Known]:
        return {
            name: (Person(name, "", "", "", "en", PersonStatus.ACTIVE), profile(name, **own), frozenset())
            for name, own in changes.items()
        }

    taken_back = {"gender": "woman", "sensitive_consent": False}
    left = what_if.still_there(
        kept, known(a=wants), known(m=taken_back, n={"gender": "man", "sensitive_consent": True}, o=woman)
    )
    assert [one.profile.gender for one in left.mentors] == [None, None, "woman"]
    assert [pair.mentor_id for pair in run_match(left).pairs] == ["o"]


def test_a_held_run_is_the_last_one_and_a_stopped_one_is_not(world: World) -> None:
    scene = make_scene(world, publish="review")
    some_people(scene)
    held = scene.match()
    assert shown(scene, settings=NO_WAIT)["basis"]["run_id"] == held
    assert world.post(scene.path(f"match-runs/{held}/stop"), by=scene.coordinator).status == 200
    assert shown(scene, settings=NO_WAIT)["basis"]["instead"] == "no_run"


def test_a_what_if_is_repeated_from_its_own_snapshot(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    some_people(scene)
    scene.match()
    first = shown(scene, settings={"mentor_say": 900_000})["id"]
    assert main(["replay", first, "--programme", scene.programme]) == replay.SAME
    assert "The same bytes." in capsys.readouterr().err
    kept = snapshot_from_bytes(files.read_snapshot(stored(scene, first)))
    assert kept.run_id == first
    assert kept.settings.mentor_say == 900_000
    assert files.read_before(stored(scene, first)).mentor_say == 300_000


def test_only_a_dry_run_looks_at_people_of_before(scene: Scene) -> None:
    refused = scene.world.post(scene.path("match-runs"), {"people": "last_run"}, by=scene.coordinator)
    assert (refused.status, [one["pointer"] for one in refused.json["errors"]]) == (422, ["/people"])
    assert scene.start(people="now")


def test_what_the_read_of_a_what_if_costs(scene: Scene) -> None:
    some_people(scene)
    scene.match()
    run = shown(scene, settings={"min_overlap_minutes": 6000})
    with scene.world.counted() as calls:
        found = scene.run(run["id"])
        assert calls == ["BatchGetItem", "BatchGetItem"]  # the second for the names of those newly left out
    assert len(found["comparison"]["newly_left_out"]) == 2


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32))
def test_the_counts_are_those_of_the_two_runs(seed: int) -> None:
    pool = random_pool(seed, 14)
    before = replace(pool, settings=MatchSettings(rounds=2))
    after = replace(pool, settings=MatchSettings(rounds=1, weights=Weights(topics=0, waiting=90)))
    tried, found = run_match(after), run_match(before)
    told = comparing.compare(before, tried, None, protected=Protected.COUNTRY)
    ours = {(one.mentee_id, one.mentor_id) for one in tried.pairs}
    theirs = {(one.mentee_id, one.mentor_id) for one in found.pairs}
    assert (told.pairs_kept, told.pairs_gained, told.pairs_lost) == (
        len(ours & theirs), len(ours - theirs), len(theirs - ours)
    )  # fmt: skip
    mine, yours = {one for one, _ in ours}, {one for one, _ in theirs}
    assert set(told.newly_left_out) == yours - mine
    assert (told.gained, told.lost) == (len(mine - yours), len(yours - mine))
    assert told.same_mentor + told.other_mentor == len(mine & yours)
    for outcome, matched in ((told.tried, mine), (told.before, yours)):
        assert sum(one.matched for one in outcome.groups) == len(matched) == outcome.matched.matched
        assert sum(one.mentees for one in outcome.groups) == outcome.matched.mentees
        assert all(one.mentees >= one.matched for one in outcome.groups)
    if ours == theirs:
        assert told.tried.total == told.before.total


def test_ties_of_a_what_if_are_settled_as_the_last_run_settled_them() -> None:
    pool = snapshot([mentee(f"e{n}") for n in range(9)], [mentor(f"r{n}") for n in range(4)])
    again = replace(pool, run_id="another", ties=pool.run_id)
    assert run_match(again).pairs == run_match(pool).pairs
    assert run_match(replace(again, ties=None)).pairs != run_match(pool).pairs
