"""What coordinators decide on a mentorship: a pause, more time, its end, another mentor; never on one of their own."""

from typing import Any

import pytest

from chalicelib.kernel.clock import to_text
from chalicelib.mentorships import coordinating, running_store, store
from chalicelib.mentorships.jobs import look_at_mentorships
from chalicelib.mentorships.running import CloseReason
from chalicelib.notifications import facts
from chalicelib.notifications.letters import MentorshipFacts
from chalicelib.notifications.model import Kind
from chalicelib.people import store as people_store
from chalicelib.platform import tables
from chalicelib.programmes.model import Side
from tests.credentials.support import revoke
from tests.mentorships.pairs import Pair, agree, ask, code, paired
from tests.mentorships.scene import Scene, fire
from tests.mentorships.state import State
from tests.mentorships.test_ending import do, end, letters, standing
from tests.mentorships.test_expiry import OVER
from tests.mentorships.test_routes import answer
from tests.support.world import Reply

AWAY = {"reason": "away", "words": "Claire is on leave."}


@pytest.fixture
def pair(scene: Scene) -> Pair:
    return paired(scene)


def decide(pair: Pair, what: str, body: Any = None) -> Reply:
    return do(pair, what, body, pair.scene.coordinator)


def reassign(pair: Pair, mentor: str) -> Reply:
    return decide(pair, "reassign", {"mentor_id": mentor, "words": "Another field suits better."})


def test_a_pause_keeps_the_places_and_only_coordinators_read_why(pair: Pair) -> None:
    paused = decide(pair, "pause", AWAY)
    assert (paused.status, paused.json["status"]) == (200, "paused")
    told = pair.read(pair.scene.coordinator)["pause"]
    assert paused.json["pause"] == told
    assert (told["reason"], told["words"]["text"]) == ("away", AWAY["words"])
    for person in (pair.mentee, pair.mentor):
        assert pair.read(person)["pause"] == {"since": to_text(pair.world.at), "reason": None, "words": None}
    assert set(letters(pair, Kind.MENTORSHIP_HELD)) == {pair.mentee, pair.mentor}
    assert code(decide(pair, "pause", AWAY)) == "already-paused"
    assert pair.scene.free() == {pair.mentor: 1, pair.mentee: 0}
    pair.world.pass_time(hours=20)
    fire(look_at_mentorships)
    assert pair.shown()[0] == "paused"
    assert pair.resume().json["status"] == "active"
    assert letters(pair, Kind.MENTORSHIP_HELD) == {}
    assert {one.was_held for one in letters(pair, Kind.MENTORSHIP_RESUMED).values()} == {True}
    pair.world.pass_time(minutes=1)
    again = decide(pair, "pause", {"reason": "other"})
    assert again.status == 200
    assert pair.read(pair.scene.coordinator)["pause"]["words"] is None, "what was said of the first is over"
    pair.world.at = OVER
    assert pair.resume().json["verification"]["loss"] == "expired", (
        "the grace begins, though no news has come by"
    )


def test_a_pause_over_the_end_of_a_verification_is_resumed_with_its_grace_or_not_at_all(pair: Pair) -> None:
    decide(pair, "pause", AWAY)
    pair.expire()
    assert pair.mails("mentorship-in-grace") != []
    assert pair.resume().json["status"] == "active"
    assert pair.shown()[1] is not None, "its grace goes on"
    decide(pair, "pause", {"reason": "other"})
    pair.world.pass_time(days=40)
    fire(look_at_mentorships)
    assert code(pair.resume()) == "mentor-not-verified"
    pair.verify_again()
    pair.world.follow_up()
    assert pair.shown() == ("paused", None), "the coordinator's pause stays"
    assert pair.resume().json["status"] == "active"


@pytest.mark.parametrize(("later", "stays"), [("at_request", True), ("other", True), ("concern", False)])
def test_who_closes_what_is_closing_leaves_why_it_ended_unless_they_tell_more(
    pair: Pair, later: str, stays: bool
) -> None:
    path = f"/v1/mentorships/{pair.id}/end"
    pair.world.post(path, {"reason": "not_the_right_fit"}, by=pair.mentee)
    assert decide(pair, "close", {"reason": later}).json["status"] == "closed"
    told = pair.read(pair.scene.coordinator)["ending"]
    assert (told["reason"], told["by"]) == (
        ("not_the_right_fit", "pair") if stays else (later, "coordinator")
    )


def test_a_refused_one_that_is_never_to_go_on_is_closed_and_so_is_its_task(pair: Pair) -> None:
    assert revoke(pair.world, pair.credential, pair.reviewer).status == 200
    pair.world.follow_up()
    assert pair.shown()[0] == "paused"
    body = {"reason": "not_verified", "words": "The licence was forged."}
    closed = decide(pair, "close", body)
    assert (closed.status, closed.json["status"], closed.json["ending"]["by"]) == (
        200,
        "closed",
        "coordinator",
    )
    assert pair.tasks() == []
    assert [one["ended"] for one in pair.tasks("done")] == ["closed"]
    assert pair.scene.free() == {pair.mentor: 2, pair.mentee: 1}
    assert standing(pair) == "ended"
    assert code(decide(pair, "close", body)) == "mentorship-over"
    assert code(pair.resume()) == "not-paused"
    fire(look_at_mentorships)  # asks both for their last survey
    pair.world.follow_up()  # lists it among the programme's records
    before = State().told()
    pair.verify_again()
    pair.world.follow_up()
    fire(look_at_mentorships)
    after = State().told()
    assert before["crossward-test-mentorships"] == after["crossward-test-mentorships"], "it is over for good"
    seen = pair.world.get(f"/v1/mentorships/{pair.id}", by=pair.mentee).text
    assert "forged" not in seen
    assert "not_verified" not in seen


def test_a_coordinator_gives_more_time(pair: Pair) -> None:
    assert decide(pair, "extend", {"ends_on": "2028-01-31"}).json["ends_on"] == "2028-01-31"
    assert set(letters(pair, Kind.MENTORSHIP_EXTENDED)) == {pair.mentee, pair.mentor}
    assert decide(pair, "extend", {"ends_on": "2028-01-31"}).status == 422


def test_the_other_mentor_is_proposed_as_the_mentorship_closes(pair: Pair) -> None:
    world, scene = pair.world, pair.scene
    other = scene.mentor(capacity=1)
    world.pass_time(minutes=1)
    new = reassign(pair, other)
    assert (new.status, new.json["source"], new.json["status"]) == (201, "coordinator", "open")
    assert scene.free() == {pair.mentor: 2, pair.mentee: 0, other: 0}, "the mentee's place goes over"
    assert standing(pair) == "ended"
    assert pair.read(scene.coordinator)["ending"]["reason"] == "reassigned"
    told = letters(pair, Kind.MENTORSHIP_CLOSED)
    assert (told[pair.mentee].has_proposal, told[pair.mentee].is_matched_anew) == (True, False)
    assert (told[pair.mentor].has_proposal, told[pair.mentor].is_matched_anew) == (False, True)
    made = {one.payload["recipient"]: one for one in world.messages("proposal-made")}
    assert {pair.mentee, other} <= set(made)
    for person in (pair.mentee, other):
        assert facts.READERS[Kind.PROPOSAL_MADE](made[person], world.at) is not None
    assert "mentor-asked" in world.follow_up()
    assert scene.proposals(other)[0]["score"] is not None, "it is explained like one that was asked for"
    id_ = new.json["id"]
    for person in (pair.mentee, other):
        assert answer(scene, "accept", person, proposal=id_).status == 200
    statuses = [one["status"] for one in world.get("/v1/me/mentorships", by=pair.mentee).json["items"]]
    assert statuses == ["forming", "closed"]
    assert scene.free() == {pair.mentor: 2, pair.mentee: 0, other: 0}


def test_a_proposal_after_a_reassignment_that_is_declined_frees_the_mentee(pair: Pair) -> None:
    other = pair.scene.mentor(capacity=1)
    new = reassign(pair, other)
    declined = answer(pair.scene, "decline", other, {"reason": "no_time"}, proposal=new.json["id"])
    assert declined.status == 200
    assert pair.scene.free() == {pair.mentor: 2, pair.mentee: 1, other: 1}


def test_whom_a_coordinator_cannot_propose(pair: Pair) -> None:
    scene, world = pair.scene, pair.world
    before = pair.read(scene.coordinator)
    full, blocked, mute, gone = (scene.mentor(capacity=1) for _ in range(4))
    agree(scene, scene.mentee(), full)
    assert world.put(f"/v1/me/blocks/{pair.mentee}", by=blocked).status == 204
    speaks = {"languages": [{"language": "pt", "level": "C2"}]}
    etag = world.get("/v1/me/profile", by=mute).etag
    assert world.patch("/v1/me/profile", speaks, by=mute, headers={"If-Match": etag}).status == 200
    world.write(people_store.set_standing(gone, people_store.Standing(), world.at))
    refused = {
        "mentor-not-available": (full, blocked, gone, pair.mentee),
        "no-common-ground": (mute,),
        "already-mentored": (pair.mentor,),
        "not-found": (scene.mentee(), world.mentor()),
    }
    for expected, mentors in refused.items():
        for mentor in mentors:
            reply = reassign(pair, mentor)
            assert code(reply) == expected, (mentor, reply.text)
            if expected == "mentor-not-available":
                assert reply.json["detail"] == "Look for another one in the programme's directory."
    assert pair.read(scene.coordinator) == before, "it goes on"
    hidden = scene.mentor(visible=False)
    assert reassign(pair, hidden).status == 201, "as a run would"
    assert code(reassign(pair, scene.mentor())) == "mentorship-over"


def test_nobody_is_reassigned_who_has_left(pair: Pair) -> None:
    scene = pair.scene
    path = scene.path(f"enrolments/{pair.mentee}")
    assert pair.world.delete(path, by=pair.mentee, query={"role": "mentee"}).status == 204
    assert code(reassign(pair, scene.mentor())) == "not-enrolled"


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("pause", AWAY), ("close", {"reason": "other"}), ("extend", {"ends_on": "2028-01-31"}),
        ("reassign", None),
    ],
)  # fmt: skip
def test_nobody_decides_on_their_own(pair: Pair, what: str, body: Any) -> None:
    body = body or {"mentor_id": pair.scene.mentor()}
    member = f"/v1/organisations/{pair.scene.organisation}/members/{pair.mentor}"
    assert pair.world.put(member, {"roles": ["coordinator"]}, by=pair.scene.coordinator).status == 200
    before = State().told()
    assert code(do(pair, what, body, pair.mentor)) == "own-mentorship"
    assert do(pair, what, body, pair.mentee).status == 404
    assert State().told() == before
    end(pair)
    told = pair.read(pair.mentor)["ending"]
    assert (told["reason"], told["words"]) == (None, []), (
        "a coordinator who is of the pair reads no more than it"
    )


def test_two_coordinators_who_close_it_at_the_same_moment_close_it_once(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, left = coordinating.commit, [1]
    second = pair.world.coordinator(pair.scene.organisation)

    def late(*given: Any) -> Any:
        if left:
            left.pop()
            coordinating.close(pair.world.call(second), pair.id, CloseReason.LEFT)
        return commit(*given)

    monkeypatch.setattr(coordinating, "commit", late)
    assert code(decide(pair, "close", {"reason": "other"})) == "mentorship-over"
    assert pair.scene.free() == {pair.mentor: 2, pair.mentee: 1}
    assert pair.read(pair.scene.coordinator)["ending"]["reason"] == "left"
    assert len(pair.world.messages("mentorship-closed")) == 2


def test_what_news_tells_of_a_mentor_is_not_told_of_what_is_over(pair: Pair) -> None:
    decide(pair, "close", {"reason": "at_request"})
    assert revoke(pair.world, pair.credential, pair.reviewer).status == 200
    pair.world.follow_up()
    (mail,) = pair.world.messages("mentors-unverified")
    assert mail.payload["paused"] == 0
    assert pair.tasks() == []
    read = tables.get(*running_store.mentorship_key(pair.id))
    assert read is not None
    assert running_store.mentorship_of(read).renewal is None
    pair.world.at = OVER
    fire(look_at_mentorships)
    assert tables.get(*store.pair_key(pair.scene.programme, pair.mentee, pair.mentor)) is not None
    assert pair.scene.enrolment(pair.mentor, Side.MENTOR).free == 2
    assert isinstance(letters(pair, Kind.MENTORSHIP_CLOSED)[pair.mentor], MentorshipFacts)


def test_who_had_a_mentorship_may_not_ask_for_it_again(pair: Pair) -> None:
    decide(pair, "close", {"reason": "at_request"})
    assert code(ask(pair.scene, pair.mentee, pair.mentor)) == "already-mentored"
