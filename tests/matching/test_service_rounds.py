"""Several rounds of a run, from the settings to the proposals, with and without a review."""

from collections import Counter
from typing import Any

import pytest

from chalicelib.matching import files, service, store
from chalicelib.matching.model import Reason
from chalicelib.matching.runs import Choices, MatchRun, Reasons, Slot
from chalicelib.matching.snapshot import snapshot_from_bytes
from tests.matching.held import Held, code
from tests.mentorships.scene import Scene, make_scene
from tests.support.world import Reply, World


def several_rounds(scene: Scene, rounds: int = 2) -> Scene:
    path = scene.path("match-settings")
    body, headers = {"rounds": rounds}, {"If-Match": '"0"'}
    answer = scene.world.put(path, body, by=scene.coordinator, headers=headers)
    assert answer.status == 200, answer.text
    assert answer.json["rounds"] == rounds
    return scene


@pytest.fixture
def scene(world: World) -> Scene:
    made = several_rounds(make_scene(world, mentee_places=2))
    for capacity in (2, 1):
        made.mentor(capacity=capacity)
    for _ in range(2):
        made.mentee()
    return made


@pytest.fixture
def held(world: World) -> Held:
    made = several_rounds(make_scene(world, publish="review", mentee_places=2))
    for capacity in (2, 2, 1):
        made.mentor(capacity=capacity)
    for _ in range(2):
        made.mentee()
    return Held(made)


def rounds_of(held: Held) -> dict[tuple[str, int], str]:
    items = held.request("GET", "/pairs").json["items"]
    return {(one["mentee"]["person_id"], one["round"]): one["mentor"]["person_id"] for one in items}


def test_a_mentee_gets_as_many_proposals_as_rounds_and_places_allow(scene: Scene) -> None:
    run = scene.run(scene.match())
    assert (run["status"], run["pairs"], run["pairs_published"], run["left_out"]) == ("done", 3, 3, 0)
    assert [one["pairs"] for one in run["report"]["rounds"]] == [2, 1]
    assert Counter(len(scene.proposals(one)) for one in scene.mentees) == {2: 1, 1: 1}
    for mentee in scene.mentees:
        mentors = [one["mentor"]["person_id"] for one in scene.proposals(mentee)]
        assert len(set(mentors)) == len(mentors)
        assert scene.free()[mentee] == 2 - len(mentors)
    assert all(scene.free()[mentor] == 0 for mentor in scene.mentors)
    pairs = scene.world.get(scene.path(f"match-runs/{run['id']}/pairs"), by=scene.coordinator).json["items"]
    keys = [(one["mentee"]["person_id"], one["round"]) for one in pairs]
    assert keys == sorted(keys)


def test_places_bind_whatever_the_rounds(world: World) -> None:
    made = several_rounds(make_scene(world, mentee_places=1), rounds=5)
    made.mentor(), made.mentor(), made.mentee()
    assert made.run(made.match())["pairs"] == 1


def test_rounds_reach_those_who_enrolled_before_there_were_places_for_them(world: World) -> None:
    made = make_scene(world)
    made.mentor(), made.mentor(), made.mentee()
    path = made.path("match-settings")
    told = world.put(path, {"rounds": 3}, by=made.coordinator, headers={"If-Match": '"0"'}).json
    assert [one["pointer"] for one in told["warnings"]] == ["/rounds"]
    assert "has 1 place at a time" in told["warnings"][0]["detail"]
    assert made.run(made.match(dry_run=True))["pairs"] == 1
    made.change_programme(mentee_places=2)
    read = world.get(path, by=made.coordinator)
    assert "has 2 places at a time" in read.json["warnings"][0]["detail"]
    # What was read may be sent back as it is.
    again = world.put(path, read.json, by=made.coordinator, headers={"If-Match": read.etag})
    assert (again.status, again.json) == (200, read.json)
    run = made.run(made.match())
    assert (run["pairs"], run["pairs_published"]) == (2, 2)
    assert len(made.proposals(made.mentees[0])) == 2
    made.change_programme(mentee_places=3)
    assert world.get(path, by=made.coordinator).json["warnings"] == []


def test_places_that_were_taken_away_before_the_release_are_not_given(world: World) -> None:
    made = several_rounds(make_scene(world, publish="review", mentee_places=2))
    made.mentor(), made.mentor(), made.mentee()
    held = Held(made)
    made.change_programme(mentee_places=1)
    run = held.publish()
    assert (run["pairs"], run["pairs_published"], run["pairs_skipped"]) == (2, 1, 1)


def test_both_proposals_can_be_accepted_and_the_next_run_makes_other_pairs(scene: Scene) -> None:
    scene.match()
    [mentee] = [one for one in scene.mentees if len(scene.proposals(one)) == 2]
    for proposal in scene.proposals(mentee):
        path = f"/v1/proposals/{proposal['id']}/accept"
        assert scene.world.post(path, by=mentee).status == 200
        assert scene.world.post(path, by=proposal["mentor"]["person_id"]).status == 200
    assert len(scene.world.get("/v1/me/mentorships", by=mentee).json["items"]) == 2
    scene.world.pass_time(days=1)
    scene.mentor(capacity=2)
    assert scene.run(scene.match())["pairs"] == 1  # the other mentee's second


@pytest.mark.parametrize(("first", "second"), [(True, False), (False, True), (False, False)])
def test_one_proposal_is_enough_to_be_told_so(scene: Scene, first: bool, second: bool) -> None:
    """Of a mentee's two pairs one comes to nothing after the match; the file that it stands in is published first, or
    last."""
    run = service.get_run(scene.programme, scene.start())
    assert run is not None
    call = scene.world.call("job:run_match")
    for mentor, made in (("m", first), ("n", second)):
        run = service.file_published(call, run, {("amina", mentor): made})
    (told,) = store.get_reasons_of(["amina"], scene.programme)
    assert told.proposed is (first or second)
    assert (run.published, run.skipped) == (first + second, 2 - first - second)


def test_a_proposal_of_an_earlier_run_does_not_count(scene: Scene) -> None:
    call = scene.world.call("job:run_match")
    scene.world.write(
        store.put_reasons(Reasons(scene.programme, "amina", "an earlier run", call.now, True), call.now)
    )
    run = service.get_run(scene.programme, scene.start())
    assert run is not None
    service.file_published(call, run, {("amina", "m"): False})
    (told,) = store.get_reasons_of(["amina"], scene.programme)
    assert not told.proposed


def reasons_of(scene: Scene, mentee: str) -> Any:
    path = f"/v1/me/match-reasons?programme_id={scene.programme}"
    return scene.world.get(path, by=mentee).json


def test_the_next_nights_place_goes_to_who_has_none_and_who_has_one_is_told_so(world: World) -> None:
    scene = make_scene(world, mentee_places=2)
    scene.mentor(capacity=1)
    first, second = scene.mentee(), scene.mentee()
    scene.match()
    served, without = (first, second) if scene.proposals(first) else (second, first)
    assert not reasons_of(scene, served)["has_one"]
    world.pass_time(days=1)
    scene.mentor(capacity=1)
    run = scene.run(scene.match())
    assert [len(scene.proposals(one)) for one in (served, without)] == [1, 1]
    report = run["report"]
    assert report["matched"] == {"group": "all", "mentees": 1, "matched": 1}
    assert report["further"] == {"group": "further", "mentees": 1, "matched": 0}
    assert report["left_out"] == []
    told = reasons_of(scene, served)
    assert (told["proposed"], told["has_one"]) == (False, True)
    assert [one["code"] for one in told["reasons"]] == ["no_further_mentor"]
    assert [one["text"] for one in told["summary"]["sentences"]] == [
        "You already have a mentor, or a proposal that waits for an answer; this match found no further mentor for you."
    ]
    assert (reasons_of(scene, without)["proposed"], reasons_of(scene, without)["has_one"]) == (True, False)
    left = scene.world.get(scene.path(f"match-runs/{run['id']}/left-out"), by=scene.coordinator).json["items"]
    assert [(one["person"]["person_id"], one["has_one"]) for one in left] == [(served, True)]
    snapshot = snapshot_from_bytes(files.read_snapshot(found(scene, run["id"])))
    assert {one.person_id: one.places_held for one in snapshot.mentees} == {served: 1, without: 0}


def test_a_further_pair_that_comes_to_nothing_leaves_its_mentee_with_the_one_they_have(scene: Scene) -> None:
    call, run = scene.world.call("job:run_match"), found(scene, scene.start())
    files.write_with_one(run, ["amina"])
    service.file_published(call, run, {("amina", "m"): False, ("ben", "m"): False})
    told = {one.person_id: one for one in store.get_reasons_of(["amina", "ben"], scene.programme)}
    assert {who: (one.reasons[0].code, one.has_one) for who, one in told.items()} == {
        "amina": (Reason.NO_FURTHER_MENTOR, True),
        "ben": (Reason.NO_MENTOR_LEFT, False),
    }


def found(scene: Scene, run_id: str) -> MatchRun:
    run = service.get_run(scene.programme, run_id)
    assert run is not None
    return run


def test_a_review_shows_and_changes_each_of_a_mentees_pairs(held: Held) -> None:
    before = rounds_of(held)
    assert len(before) == 4
    mentee = held.scene.mentees[0]
    first, second = (held.request("GET", f"/pairs/{mentee}{which}").json for which in ("", "?round=2"))
    assert (first["round"], second["round"]) == (1, 2)
    assert first["mentor_id"] == before[mentee, 1]
    assert second["mentor_id"] == before[mentee, 2]
    for shown, elsewhere in ((first, second), (second, first)):
        options = {one["mentor"]["person_id"] for one in shown["options"]}
        assert options == set(held.scene.mentors) - {elsewhere["mentor_id"]}
        assert {one["round"] for one in shown["options"]} == {shown["round"]}


def choose(held: Held, mentee: str, mentor: str, round_: int) -> Reply:
    return held.request("PATCH", f"/pairs/{mentee}?round={round_}", {"mentor_id": mentor}, held.etag)


def test_a_mentee_never_has_one_mentor_twice_in_a_review(held: Held) -> None:
    mentee, before = held.scene.mentees[0], rounds_of(held)
    refused = choose(held, mentee, before[mentee, 1], 2)
    assert code(refused) == (409, "not-admissible")
    assert rounds_of(held) == before


def test_a_second_pair_can_be_taken_out_and_given_back_and_only_it(held: Held) -> None:
    mentee, before = held.scene.mentees[0], rounds_of(held)
    gone = held.request("DELETE", f"/pairs/{mentee}?round=2", etag=held.etag)
    assert gone.status == 204
    assert rounds_of(held) == {slot: mentor for slot, mentor in before.items() if slot != (mentee, 2)}
    assert held.request("DELETE", f"/pairs/{mentee}?round=2", etag=held.etag).status == 404
    back = choose(held, mentee, before[mentee, 2], 2)
    assert back.json["mentor_id"] == before[mentee, 2]
    assert rounds_of(held) == before
    items = held.request("GET", "/pairs").json["items"]
    assert not any(one["changed"] for one in items)


def test_there_is_no_round_beyond_the_mentees_places(held: Held) -> None:
    mentee = held.scene.mentees[0]
    assert held.request("GET", f"/pairs/{mentee}?round=3").status == 404
    assert choose(held, mentee, held.scene.mentors[0], 3).status == 404
    for wrong in ("0", "6", "two", "1.5"):
        assert held.request("GET", f"/pairs/{mentee}?round={wrong}").status == 422


def test_pages_of_a_review_go_by_mentee_and_round(held: Held) -> None:
    seen, cursor = [], ""
    for _ in range(4):
        page = held.request("GET", f"/pairs?limit=1{cursor}").json
        seen += [(one["mentee"]["person_id"], one["round"]) for one in page["items"]]
        cursor = f"&cursor={page['next']}"
    assert page["next"] is None
    assert seen == sorted(rounds_of(held))


def test_a_release_proposes_what_was_left_in_and_tells_each_once(held: Held) -> None:
    scene = held.scene
    one, other = scene.mentees
    held.request("DELETE", f"/pairs/{one}", etag=held.etag)
    for which in ("", "?round=2"):
        held.request("DELETE", f"/pairs/{other}{which}", etag=held.etag)
    done = held.publish()
    assert (done["pairs"], done["pairs_published"]) == (1, 1)
    assert (len(scene.proposals(one)), len(scene.proposals(other))) == (1, 0)
    told = {
        who: scene.world.get(f"/v1/me/match-reasons?programme_id={scene.programme}", by=who).json
        for who in (one, other)
    }
    assert told[one]["proposed"] is True
    assert told[other]["proposed"] is False
    assert [reason["code"] for reason in told[other]["reasons"]] == ["no_mentor_left"]


def test_choices_go_to_their_row_and_back(held: Held) -> None:
    run = service.get_run(held.scene.programme, held.run_id)
    assert run is not None
    choices = Choices(run.id, run.programme_id, {Slot("a"): None, Slot("a", 2): "m", Slot("b"): "n"})
    held.scene.world.write(store.put_choices(choices, held.scene.world.at))
    assert store.get_choices(run).by_slot == choices.by_slot
    assert files.read_review_index(run).chosen[0].round == 1
