"""A held run: looked at, changed, released or discarded by coordinators, never beyond what the match allows."""

import pytest

from chalicelib.matching import runs
from tests.matching.held import Held, code
from tests.mentorships.scene import deliver, make_scene
from tests.mentorships.state import State
from tests.support.world import World


@pytest.fixture
def held(world: World) -> Held:
    scene = make_scene(world, publish="review")
    for _ in range(2):
        scene.mentor(capacity=1)
    for _ in range(3):
        scene.mentee()
    return Held(scene)


def unmatched(held: Held) -> str:
    [one] = set(held.scene.mentees) - set(held.pairs())
    return one


def test_nothing_is_proposed_until_released(held: Held) -> None:
    scene = held.scene
    assert scene.run(held.run_id)["status"] == "held"
    assert len(held.pairs()) == 2
    assert scene.mails() == []
    assert sum(scene.free().values()) == 5
    found = held.pairs()
    done = held.publish()
    assert (done["status"], done["pairs_published"]) == ("done", 2)
    for mentee, mentor in found.items():
        [proposal] = scene.proposals(mentee)
        assert proposal["mentor"]["person_id"] == mentor
        assert proposal["score"] == sum(one["points"] for one in proposal["contributions"])


def test_the_programme_waits_for_the_review(held: Held) -> None:
    scene = held.scene
    refused = scene.world.post(scene.path("match-runs"), {}, by=scene.coordinator)
    assert code(refused) == (409, "run-under-way")
    scene.world.pass_time(days=30)
    assert code(scene.world.post(scene.path("match-runs"), {}, by=scene.coordinator)) == (
        409,
        "run-under-way",
    )
    assert scene.start(dry_run=True)


def test_a_pair_shows_whom_else_the_mentee_could_have(held: Held) -> None:
    mentee, mentor = next(iter(held.pairs().items()))
    shown = held.request("GET", f"/pairs/{mentee}")
    assert shown.json["mentor_id"] == mentor
    options = shown.json["options"]
    assert {one["mentor"]["person_id"] for one in options} == set(held.scene.mentors)
    scores = [one["score"] for one in options]
    assert scores == sorted(scores, reverse=True)
    assert all(sum(c["points"] for c in one["contributions"]) == one["score"] for one in options)
    assert shown.etag == held.etag
    left = held.request("GET", f"/pairs/{unmatched(held)}").json
    assert left["mentor_id"] is None
    assert len(left["options"]) == 2
    assert held.request("GET", f"/pairs/{held.scene.world.mentee()}").status == 404


def test_a_mentee_whom_nobody_fits_has_no_options_and_is_there(world: World) -> None:
    scene = make_scene(world, publish="review")
    scene.mentor()
    alone = scene.mentee(languages=[{"language": "sw", "level": "C2"}])
    closed = scene.mentee(availability=[])
    held = Held(scene)
    for mentee in (alone, closed):
        shown = held.request("GET", f"/pairs/{mentee}")
        assert (shown.status, shown.json["mentor_id"], shown.json["options"]) == (200, None, [])
        assert code(held.choose(mentee, scene.mentors[0])) == (409, "not-admissible")
        assert held.remove(mentee).status == 404  # there is no pair to take out
        assert held.request("GET", f"/pairs/{mentee}?round=2").status == 404
    assert held.request("GET", f"/pairs/{scene.world.mentee()}").status == 404
    assert held.request("GET", f"/pairs/{scene.mentors[0]}").status == 404


def test_two_mentees_can_be_swapped_by_way_of_none(held: Held) -> None:
    (one, first), (other, second) = held.pairs().items()
    assert code(held.choose(one, second)) == (409, "mentor-full")
    assert held.remove(other).status == 204
    assert held.choose(one, second).json["mentor_id"] == second
    assert held.choose(other, first).status == 200
    assert held.pairs() == {one: second, other: first}
    shown = held.request("GET", "/pairs").json["items"]
    assert [pair["changed"] for pair in shown] == [True, True]
    held.publish()
    assert held.scene.proposals(one)[0]["mentor"]["person_id"] == second
    assert held.scene.proposals(other)[0]["mentor"]["person_id"] == first


def test_a_place_can_go_to_somebody_left_out(held: Held) -> None:
    scene, left = held.scene, unmatched(held)
    mentee, mentor = next(iter(held.pairs().items()))
    held.remove(mentee)
    assert held.choose(left, mentor).status == 200
    done = held.publish()
    assert (done["pairs"], done["pairs_published"]) == (2, 2)
    assert scene.proposals(mentee) == []
    told = {
        person: scene.world.get(
            "/v1/me/match-reasons", by=person, query={"programme_id": scene.programme}
        ).json
        for person in (left, mentee)
    }
    assert told[left]["proposed"] is True
    # Whom a coordinator took out is told what everybody is told whose mentor went to others.
    assert told[mentee]["proposed"] is False
    assert [one["code"] for one in told[mentee]["reasons"]] == ["no_mentor_left"]


def test_taking_a_change_back_leaves_no_trace_in_the_pairs(held: Held) -> None:
    before = held.pairs()
    mentee, mentor = next(iter(before.items()))
    held.remove(mentee)
    assert len(held.pairs()) == 1
    held.choose(mentee, mentor)
    assert held.pairs() == before
    assert not any(one["changed"] for one in held.request("GET", "/pairs").json["items"])


def test_only_what_the_match_allows_can_be_chosen(held: Held) -> None:
    scene, mentee = held.scene, next(iter(held.pairs()))
    stranger = scene.world.mentor()
    assert code(held.choose(mentee, stranger)) == (409, "not-admissible")
    assert code(held.choose(mentee, mentee)) == (409, "not-admissible")
    assert held.choose(scene.world.mentee(), scene.mentors[0]).status == 404
    assert held.remove(unmatched(held)).status == 404


def test_changes_need_the_version_that_was_read(held: Held) -> None:
    (one, first), (other, _) = held.pairs().items()
    etag = held.etag
    assert held.request("DELETE", f"/pairs/{one}").status == 428
    done = held.request("DELETE", f"/pairs/{one}", etag=etag)
    assert held.request("DELETE", f"/pairs/{other}", etag=etag).status == 412
    assert held.request("PATCH", f"/pairs/{one}", {"mentor_id": first}, etag).status == 412
    assert held.request("PATCH", f"/pairs/{one}", {"mentor_id": first}, done.etag).status == 200


def test_a_blocked_pair_is_no_option(world: World) -> None:
    scene = make_scene(world, publish="review")
    mentors = [scene.mentor(capacity=1) for _ in range(2)]
    mentee = scene.mentee()
    assert world.put(f"/v1/me/blocks/{mentee}", by=mentors[0]).status == 204
    held = Held(scene)
    options = held.request("GET", f"/pairs/{mentee}").json["options"]
    assert [one["mentor"]["person_id"] for one in options] == [mentors[1]]
    assert code(held.choose(mentee, mentors[0])) == (409, "not-admissible")


def test_a_block_after_the_match_and_before_the_release_still_counts(held: Held) -> None:
    scene = held.scene
    mentee, mentor = next(iter(held.pairs().items()))
    assert scene.world.put(f"/v1/me/blocks/{mentee}", by=mentor).status == 204
    done = held.publish()
    assert (done["pairs_published"], done["pairs_skipped"]) == (1, 1)
    assert scene.proposals(mentee) == []
    told = scene.world.get("/v1/me/match-reasons", by=mentee, query={"programme_id": scene.programme}).json
    assert [one["code"] for one in told["reasons"]] == ["no_mentor_left"]


def test_a_release_is_done_once(held: Held) -> None:
    assert held.release().json["status"] == "publishing"
    state = State().told()
    assert held.release().json["status"] == "publishing"
    assert State().told() == state
    deliver(f"match-run:{held.run_id}:release")
    assert held.release().json["status"] == "done"
    for refused in (
        held.choose(held.scene.mentees[0], held.scene.mentors[0]),
        held.remove(held.scene.mentees[0]),
    ):
        assert code(refused) == (409, "run-not-held")
    assert code(held.request("POST", "/stop")) == (409, "not-stoppable")


def test_a_stop_discards_and_frees_the_programme(held: Held) -> None:
    scene = held.scene
    assert held.request("POST", "/stop").json["status"] == "stopped"
    assert held.request("POST", "/stop").json["status"] == "stopped"
    assert code(held.release()) == (409, "run-not-held")
    assert scene.mails() == []
    assert scene.run(scene.match())["status"] == "held"


def test_a_queued_run_can_be_stopped_and_its_message_does_nothing(world: World) -> None:
    scene = make_scene(world)
    scene.mentor()
    mentee = scene.mentee()
    run_id = scene.start()
    assert world.post(scene.path(f"match-runs/{run_id}/stop"), by=scene.coordinator).status == 200
    assert deliver(f"match-run:{run_id}:start") == {"batchItemFailures": []}
    assert scene.run(run_id)["status"] == "stopped"
    assert scene.proposals(mentee) == []
    assert world.messages("match-run") == []


def test_a_programme_that_ended_publishes_nothing(held: Held) -> None:
    held.scene.change_programme(status="ended")
    assert code(held.release()) == (409, "programme-not-running")


def test_an_automatic_run_is_not_released_and_has_no_pair_pages(world: World) -> None:
    scene = make_scene(world)
    scene.mentor()
    mentee = scene.mentee()
    held = Held(scene)
    assert code(held.release()) == (409, "run-not-held")
    assert held.request("GET", f"/pairs/{mentee}").status == 404


def test_pages_of_a_review_keep_their_place_while_pairs_change(world: World) -> None:
    scene = make_scene(world, publish="review")
    scene.mentor(capacity=5)
    for _ in range(5):
        scene.mentee()
    held = Held(scene)
    first = held.request("GET", "/pairs?limit=2").json
    seen = [one["mentee"]["person_id"] for one in first["items"]]
    held.remove(seen[0])
    rest = held.request("GET", f"/pairs?limit=5&cursor={first['next']}").json
    assert rest["next"] is None
    assert seen + [one["mentee"]["person_id"] for one in rest["items"]] == sorted(scene.mentees)


def test_choices_are_bounded(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.matching import review

    assert runs.MAX_CHOICES * 60 < 400_000 * 0.5, "they are one row"
    monkeypatch.setattr(review, "MAX_CHOICES", 1)
    one, other = held.pairs()
    assert held.remove(one).status == 204
    assert code(held.remove(other)) == (409, "too-many-choices")


def test_what_a_coordinator_did_is_on_record(held: Held) -> None:
    mentee, mentor = next(iter(held.pairs().items()))
    held.remove(mentee)
    held.release()
    rows = [
        one.to_json()["Attributes"]
        for table in State().tables.values()
        for one in table.all_items()
        if "action" in one.attrs
    ]
    said = {
        (row["action"]["S"], row["before"]["S"]) for row in rows if row["actor"]["S"] == held.scene.coordinator
        and "before" in row
    }  # fmt: skip
    assert ("change_pair", f"{held.run_id}:{mentee}:{mentor}") in said
    assert ("release_match_run", f"{held.run_id}:held") in said


def test_who_was_taken_out_reads_the_same_as_who_was_outbid(held: Held) -> None:
    outbid, taken_out = unmatched(held), next(iter(held.pairs()))
    held.remove(taken_out)
    held.publish()
    told = [
        held.scene.world.get(
            "/v1/me/match-reasons", by=person, query={"programme_id": held.scene.programme}
        ).json["reasons"]
        for person in (outbid, taken_out)
    ]
    assert [one["code"] for one in told[0]] == ["no_mentor_left"]
    assert told[0] == told[1]
