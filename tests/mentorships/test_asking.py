"""A mentee asks a mentor: allowed, refused, and told no more than both can see."""

from typing import Any

import pytest

from chalicelib.mentorships import asking, service
from chalicelib.mentorships.errors import MentorNotAvailable
from chalicelib.people import service as people
from chalicelib.people.model import Standing
from tests.mentorships.scene import Scene, make_scene
from tests.mentorships.test_routes import NO, answer, code, withdraw
from tests.support.world import World


def ask(scene: Scene, mentee: str, mentor: str, **more: Any):
    body = {"programme_id": scene.programme, "mentor_id": mentor, **more}
    return scene.world.post("/v1/proposals", body, by=mentee)


def test_asking_is_a_yes_and_the_mentor_s_makes_the_mentorship(scene: Scene) -> None:
    world, mentor, mentee = scene.world, scene.mentor(), scene.mentee()
    asked = ask(scene, mentee, mentor, message="I saw your talk on rheumatic heart disease.")
    assert asked.status == 201, asked.text
    shown = asked.json
    assert (shown["status"], shown["source"], shown["my_answer"]) == ("open", "mentee", "accepted")
    assert (shown["score"], shown["contributions"], shown["overlap"]) == (None, [], None)
    assert scene.free() == {mentor: 1, mentee: 0}
    assert [one.payload["recipient"] for one in world.messages("proposal-made")] == [mentor]
    assert [one.payload["recipient"] for one in world.messages("proposal-expiring")] == [mentor]
    [seen] = scene.proposals(mentor)
    assert seen["message"] == "I saw your talk on rheumatic heart disease."
    assert answer(scene, "accept", mentor).json["status"] == "agreed"
    assert scene.free() == {mentor: 1, mentee: 0}


def test_a_request_gets_the_explanation_that_a_run_would_give(scene: Scene) -> None:
    world, mentor, mentee = scene.world, scene.mentor(), scene.mentee()
    ask(scene, mentee, mentor)
    assert world.follow_up() == ["mentor-asked"]
    [mine], [theirs] = scene.proposals(mentee), scene.proposals(mentor)
    shown = ("score", "contributions", "shared_languages", "overlap")
    assert [mine[name] for name in shown[2:]] == [theirs[name] for name in shown[2:]]
    # The mentor has all points but those for waiting.
    assert [one for one in mine["contributions"] if one["criterion"] != "waiting"] == theirs["contributions"]
    assert sum(one["points"] for one in mine["contributions"]) == mine["score"] > 0
    answer(scene, "withdraw", mentee)
    world.pass_time(minutes=1)
    # A pool of the two is what a run sees of them.
    scene.match()
    run = scene.proposals(mentee)[0]
    assert run["source"] == "run"
    assert [run[name] for name in shown] == [mine[name] for name in shown]


def test_a_request_is_explained_once_and_while_it_is_answered(scene: Scene) -> None:
    world, mentor, mentee = scene.world, scene.mentor(), scene.mentee()
    proposal_id = ask(scene, mentee, mentor).json["id"]
    assert answer(scene, "accept", mentor).json["status"] == "agreed"
    world.follow_up()
    proposal = scene.proposal(mentee, proposal_id)
    assert proposal.explanation is not None
    assert proposal.status == "agreed"
    service.explain(world.call("job:follow_up"), proposal_id, mentee)
    assert scene.proposal(mentee, proposal_id) == proposal


def test_a_request_across_the_rule_of_time_says_how_little_there_is(scene: Scene) -> None:
    night = [{"weekday": "sun", "start": "02:00", "end": "03:00"}]
    mentor, mentee = scene.mentor(), scene.mentee(availability=night)
    assert ask(scene, mentee, mentor).status == 201
    scene.world.follow_up()
    [shown] = scene.proposals(mentee)
    assert shown["overlap"] == {"minutes_per_week": 0, "windows": []}
    assert sum(one["points"] for one in shown["contributions"]) == shown["score"]


def test_who_asked_can_take_it_back_and_ask_again(scene: Scene) -> None:
    world, mentor, mentee = scene.world, scene.mentor(), scene.mentee()
    ask(scene, mentee, mentor)
    assert answer(scene, "withdraw", mentor).status == 404
    done = answer(scene, "withdraw", mentee)
    assert done.json["status"] == "withdrawn"
    assert answer(scene, "withdraw", mentee).json == done.json
    assert scene.free() == {mentor: 2, mentee: 1}
    assert [one.payload["recipient"] for one in world.messages("proposal-declined")] == [mentor]
    world.pass_time(minutes=1)
    assert ask(scene, mentee, mentor).status == 201


def test_a_run_s_proposal_cannot_be_taken_back(proposed: Scene) -> None:
    assert answer(proposed, "withdraw", proposed.mentees[0]).status == 404


def test_one_proposal_a_pair_and_no_more_than_one_s_places(scene: Scene) -> None:
    mentor, other, mentee = scene.mentor(), scene.mentor(), scene.mentee()
    assert ask(scene, mentee, mentor).status == 201
    assert code(ask(scene, mentee, mentor)) == (409, "already-proposed")
    assert code(ask(scene, mentee, other)) == (409, "no-place-left")
    answer(scene, "accept", mentor)
    assert code(ask(scene, mentee, mentor)) == (409, "already-mentored")


def test_a_repeat_with_the_same_key_asks_once(scene: Scene) -> None:
    mentor, mentee = scene.mentor(), scene.mentee()
    body = {"programme_id": scene.programme, "mentor_id": mentor}
    key = {"Idempotency-Key": "ask"}
    first = scene.world.post("/v1/proposals", body, by=mentee, headers=key)
    again = scene.world.post("/v1/proposals", body, by=mentee, headers=key)
    assert (again.status, again.json) == (201, first.json)
    assert scene.free() == {mentor: 1, mentee: 0}


def make_unavailable(scene: Scene, how: str, mentor: str, mentee: str) -> None:
    world = scene.world
    match how:
        case "full":
            assert ask(scene, scene.mentee(), mentor).status == 201
        case "unverified":
            world.write(people.set_standing(mentor, Standing(world.at), world.at))
        case "hidden":
            assert world.patch("/v1/me/profile", {"visible": False}, by=mentor).status == 200
        case "left":
            withdraw(scene, mentor, "mentor")
        case "blocked":
            assert world.put(f"/v1/me/blocks/{mentee}", by=mentor).status == 204
        case "blocked by me":
            assert world.put(f"/v1/me/blocks/{mentor}", by=mentee).status == 204
        case "declined":
            made = ask(scene, mentee, mentor).json["id"]
            assert answer(scene, "decline", mentor, NO, made).status == 200
        case "unwanted country":
            wish = {"negative_wishes": {"countries": ["KE"]}}
            assert world.patch("/v1/me/profile", wish, by=mentor).status == 200


@pytest.mark.parametrize(
    "how",
    ["full", "unverified", "hidden", "left", "blocked", "blocked by me", "declined", "unwanted country"],
)
def test_a_mentor_who_cannot_be_asked_is_told_in_one_way(scene: Scene, how: str) -> None:
    mentor, mentee = scene.mentor(capacity=1), scene.mentee()
    make_unavailable(scene, how, mentor, mentee)
    before = scene.free()
    refused = ask(scene, mentee, mentor)
    assert code(refused) == (409, "mentor-not-available")
    told = {name: value for name, value in refused.json.items() if name != "instance"}
    assert told["detail"] == "Look for another one in the programme's directory."
    assert scene.free() == before


@pytest.mark.parametrize("how", ["unverified", "left", "blocked", "full"])
def test_what_changes_between_read_and_commit_is_seen_by_the_commit(
    scene: Scene, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mentor, mentee = scene.mentor(capacity=1), scene.mentee()
    checked = asking._require_askable

    def late(call: Any, found: Any) -> None:
        checked(call, found)
        monkeypatch.setattr(asking, "_require_askable", checked)
        make_unavailable(scene, how, mentor, mentee)

    monkeypatch.setattr(asking, "_require_askable", late)
    with pytest.raises(MentorNotAvailable):
        asking.ask(scene.world.call(mentee), scene.programme, mentor, "")
    assert scene.proposals(mentee) == []


def test_what_both_profiles_show_is_said_and_says_nothing_of_blocks(scene: Scene) -> None:
    mentee = scene.mentee()
    strange = scene.mentor(languages=[{"language": "fr", "level": "C2"}])
    silent = scene.mentor(channels=["phone"])
    for mentor, word in ((strange, "language"), (silent, "channel")):
        open_answer = ask(scene, mentee, mentor)
        assert code(open_answer) == (409, "no-common-ground")
        assert word in open_answer.json["detail"]
        scene.world.put(f"/v1/me/blocks/{mentee}", by=mentor)
        assert ask(scene, mentee, mentor).json["detail"] == open_answer.json["detail"]


def test_the_programme_s_own_floor_holds(scene: Scene) -> None:
    world, mentee = scene.world, scene.mentee(languages=[{"language": "en", "level": "B2"}])
    mentor = scene.mentor()
    body, etag = {"language_floor": "C1"}, {"If-Match": '"0"'}
    assert world.put(scene.path("match-settings"), body, by=scene.coordinator, headers=etag).status == 200
    assert code(ask(scene, mentee, mentor)) == (409, "no-common-ground")


def test_who_may_ask_and_where(world: World) -> None:
    scene = make_scene(world)
    mentor, mentee = scene.mentor(), scene.mentee()
    stranger = world.mentee()
    assert code(ask(scene, stranger, mentor)) == (409, "not-enrolled")
    assert ask(scene, mentee, world.mentor()).status == 404
    assert ask(scene, mentee, mentee).status == 422
    assert ask(scene, mentee, "01JCZ0M3V5R8W1T2Y4X6Z8B0D2").status == 404
    assert ask(scene, mentee, "nobody").status == 422
    assert ask(scene, mentee, mentor, message="x" * 1001).status == 422
    bare = scene.mentee(channels=[])
    assert code(ask(scene, bare, mentor)) == (409, "profile-incomplete")
    withdraw(scene, mentee, "mentee")
    assert code(ask(scene, mentee, mentor)) == (409, "not-enrolled")


def test_not_where_matches_are_only_proposed_nor_after_the_end(world: World) -> None:
    led = make_scene(world, mentee_led=False)
    mentor, mentee = led.mentor(), led.mentee()
    assert code(ask(led, mentee, mentor)) == (409, "not-mentee-led")
    over = make_scene(world)
    mentor, mentee = over.mentor(), over.mentee()
    over.change_programme(status="ended")
    assert code(ask(over, mentee, mentor)) == (409, "programme-not-running")
