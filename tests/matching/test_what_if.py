"""What if: other settings on everybody as if nobody had been matched, or on the very people of an earlier run."""

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


def compared(run: Any) -> list[str]:
    """Return what the run says of the comparison in words."""
    (section,) = (one for one in run["summary"]["sections"] if one["about"] == "comparison")
    return list(section["sentences"])


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
    # A night later there is nobody left: a run that made no pair is none to compare with.
    scene.world.pass_time(minutes=1)
    empty = scene.match()
    assert scene.run(empty)["pairs"] == 0
    again = shown(scene, settings={}, people="last_run")
    assert again["basis"] == {
        "people": "last_run", "run_id": last, "mentees_gone": 0, "mentors_gone": 0, "instead": None
    }  # fmt: skip
    assert pairs(scene, again["id"]) == made  # the same people and settings: the very same pairs
    assert counts(again["comparison"]) == {"same_mentor": 2, "pairs_kept": 2}
    assert again["comparison"]["tried"] == again["comparison"]["before"]
    out = next(iter(made))
    forbidden = [{"mentee_id": out, "mentor_id": one} for one in scene.mentors]
    tried = shown(scene, settings={"forbidden": forbidden}, run_id=last)
    assert (tried["basis"]["people"], tried["basis"]["run_id"]) == ("run", last)
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
    assert "Only 1 of these mentees is open for matching: too few to judge settings by." in compared(now)
    named = shown(scene, settings=NO_WAIT, run_id=empty)
    assert (named["basis"]["run_id"], named["comparison"]["before"]["pairs"]) == (empty, 0)


def test_by_default_it_is_everybody_as_if_nobody_had_been_matched(scene: Scene) -> None:
    some_people(scene)
    scene.match()
    holder = next(one for one in scene.mentees if scene.proposals(one))
    said_no = scene.proposals(holder)[0]
    answer = scene.world.post(f"/v1/proposals/{said_no['id']}/decline", {"reason": "no_time"}, by=holder)
    assert answer.status == 200
    scene.world.pass_time(minutes=1)
    scene.match()  # one pair more, of those that were left
    scene.world.pass_time(minutes=1)
    scene.match()  # none
    held = scene.free()
    run = shown(scene, settings={"min_overlap_minutes": 6000})
    assert run["basis"] == {
        "people": "all", "run_id": None, "mentees_gone": 0, "mentors_gone": 0, "instead": None
    }  # fmt: skip
    assert run["report"]["pool"] | {"places": 2, "open_mentees": 3} == run["report"]["pool"]
    assert counts(run["comparison"]) == {"lost": 2, "pairs_lost": 2}
    same = shown(scene, settings={})
    assert counts(same["comparison"]) == {"same_mentor": 2, "pairs_kept": 2}
    # Who has said no to whom is still so; places that are taken count as free, and stay taken.
    assert (holder, said_no["mentor"]["person_id"]) not in pairs(scene, same["id"]).items()
    assert scene.free() == held
    first, second = compared(same)[:2]
    assert first.startswith("Compared is the whole programme as if nobody had been matched yet")
    assert second == "Only 3 of these mentees are open for matching: too few to judge settings by."


def test_rounds_are_tried_with_the_places_that_the_programme_gives_now(scene: Scene) -> None:
    some_people(scene)
    scene.mentor(capacity=4)
    last = scene.match()
    assert scene.run(last)["pairs"] == 3
    for whose in ("all", "last_run"):
        run = shown(scene, settings={"rounds": 2}, people=whose)
        assert (run["comparison"]["tried"]["pairs"], run["comparison"]["before"]["pairs"]) == (3, 3)
        (warning,) = run["warnings"]
        assert warning["pointer"] == "/settings/rounds"
        assert "set the programme's `mentee_places` to 2" in warning["detail"]
        assert any("You tried 2 rounds" in one for one in compared(run))
    scene.change_programme(mentee_places=2)
    for whose in ("all", "last_run"):
        run = shown(scene, settings={"rounds": 2}, people=whose)
        assert (run["comparison"]["tried"]["pairs"], run["comparison"]["before"]["pairs"]) == (5, 3)
        assert run["warnings"] == []
        assert not any("You tried" in one for one in compared(run))
        assert any("more mentors with the settings tried: 2; fewer: 0." in one for one in compared(run))
    started = scene.world.get(scene.path("match-runs"), by=scene.coordinator).json["items"][-1]
    assert started["warnings"] == []


@pytest.mark.parametrize(
    ("before", "now", "left", "found"),
    [(1, 2, 0, 1), (1, 2, 1, 2), (3, 1, 2, 0), (3, 1, 3, 1), (None, 2, 1, 2)],
)
def test_what_was_taken_then_is_still_taken(before: int | None, now: int, left: int, found: int) -> None:
    kept = snapshot([mentee("a", entry={"places_left": left}), mentee("b")], [mentor()])
    (entry, _) = what_if.with_places(replace(kept, mentee_places=before), now).mentees
    assert entry.places_left == found


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
    assert shown(scene, settings={}, people="last_run")["basis"]["run_id"] == last


def test_without_a_last_run_or_its_snapshot_it_is_the_whole_programme(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_people(scene)
    first = shown(scene, settings=NO_WAIT, people="last_run")
    assert first["basis"] == {
        "people": "all", "run_id": None, "mentees_gone": 0, "mentors_gone": 0, "instead": "no_run"
    }  # fmt: skip
    assert compared(first)[0] == "No run has made pairs yet whose people could be looked at."
    assert counts(first["comparison"]) == {"same_mentor": 2, "pairs_kept": 2}
    scene.world.pass_time(minutes=1)
    last = scene.match()
    bucket = platform_settings().documents_bucket
    key = f"match-runs/{scene.programme}/{last}/snapshot.json"
    content = files.read_snapshot(stored(scene, last))
    aws.client("s3").put_object(Bucket=bucket, Key=key, Body=b'{"of":"another version"}')
    assert shown(scene, settings=NO_WAIT, people="last_run")["basis"]["instead"] == "not_kept"
    aws.client("s3").delete_object(Bucket=bucket, Key=key)
    aws.client("s3").put_object(Bucket=bucket, Key=f"{key}.old", Body=content)
    run = shown(scene, settings=NO_WAIT, run_id=last)
    assert (run["basis"]["people"], run["basis"]["instead"]) == ("all", "not_kept")
    assert run["comparison"]["before"]["pairs"] == 2
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
    run = shown(scene, settings=NO_WAIT, people="last_run")
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
    run = shown(scene, settings=NO_WAIT, people="last_run")
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
    assert shown(scene, settings=NO_WAIT, people="last_run")["basis"]["run_id"] == held
    assert world.post(scene.path(f"match-runs/{held}/stop"), by=scene.coordinator).status == 200
    assert shown(scene, settings=NO_WAIT, people="last_run")["basis"]["instead"] == "no_run"
    # Whoever names a run means it, whatever became of it.
    assert shown(scene, settings=NO_WAIT, run_id=held)["basis"]["run_id"] == held


def test_a_what_if_is_repeated_from_its_own_snapshot(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    some_people(scene)
    scene.match()
    first = shown(scene, settings={"mentor_say": 900_000}, people="last_run")["id"]
    assert main(["replay", first, "--programme", scene.programme]) == replay.SAME
    assert "The same bytes." in capsys.readouterr().err
    kept = snapshot_from_bytes(files.read_snapshot(stored(scene, first)))
    assert kept.run_id == first
    assert kept.settings.mentor_say == 900_000
    assert files.read_before(stored(scene, first)).mentor_say == 300_000


def test_whose_people_are_meant_is_seen_to(scene: Scene) -> None:
    queued = scene.start(people="now")
    unknown = "01J9ZZZZZZZZZZZZZZZZZZZZZZ"
    for body, pointer in (
        ({"people": "last_run"}, "/people"),
        ({"people": "all"}, "/people"),
        ({"run_id": unknown}, "/run_id"),
        ({"dry_run": True, "run_id": unknown}, "/run_id"),
        ({"dry_run": True, "run_id": queued}, "/run_id"),  # it has looked at nobody yet
        ({"dry_run": True, "people": "run"}, "/run_id"),
        ({"dry_run": True, "people": "now", "run_id": queued}, "/people"),
    ):
        refused = scene.world.post(scene.path("match-runs"), body, by=scene.coordinator)
        assert (refused.status, [one["pointer"] for one in refused.json["errors"]]) == (422, [pointer]), body


def test_a_run_of_another_programme_is_none_to_name(scene: Scene) -> None:
    some_people(scene)
    other = scene.match()
    elsewhere = make_scene(scene.world)
    body = {"dry_run": True, "run_id": other}
    refused = scene.world.post(elsewhere.path("match-runs"), body, by=elsewhere.coordinator)
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/run_id")


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
    weights = Weights(topics=0, waiting=90)
    after = replace(pool, settings=MatchSettings(rounds=1, weights=weights, protected=Protected.COUNTRY))
    tried, found = run_match(after), run_match(before)
    told = comparing.compare(before, tried, None, settings=after.settings)
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
