"""Programmes of peers: one place a person, pairs within one pool, and a mentorship in which both are both."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.calendars.model import Span
from chalicelib.mentorships import running_store
from chalicelib.mentorships.feedback.model import Questionnaire
from chalicelib.mentorships.giving.crediting import credited
from chalicelib.mentorships.jobs import look_at_mentorships
from chalicelib.mentorships.running import Mentorship, MentorshipStatus
from chalicelib.mentorships.sessions.model import Held, Session, SessionStatus
from chalicelib.notifications.model import Kind
from chalicelib.notifications.rendering import write
from chalicelib.people import store as people_store
from chalicelib.people.model import Standing
from chalicelib.platform import tables
from chalicelib.programmes.model import Side
from tests.matching.held import Held as HeldRun
from tests.mentorships.scene import Scene, fire, make_scene
from tests.notifications.letters import MENTORSHIP, ORIGIN, PROPOSAL, letter
from tests.notifications.test_rendering import flat
from tests.support.world import MENTOR_PROFILE, Reply, World

GOAL = {"title": "Lead the round alone", "horizon": "short", "domain": "personal"}
TOPICS = {"topics_sought": ["telehealth"], "topics_offered": ["sepsis"]}
TURNED = {"topics_sought": ["sepsis"], "topics_offered": ["telehealth"]}


@pytest.fixture
def peers(world: World) -> Scene:
    """A programme of three peers, two of whom seek what the other offers."""
    scene = make_scene(world, kind="peer")
    for name, topics in (("Amina Otieno", TOPICS), ("Kofi Mensah", TURNED), ("Third One", {})):
        whole = {**MENTOR_PROFILE, **topics}
        until = world.at + timedelta(days=365)
        scene.mentors.append(world.person(whole, name=name, verified_until=until))
    for person in scene.mentors[:2]:
        scene.enrol(person, "peer", capacity=2)
    return scene


def ask(scene: Scene, by: str, whom: str, **more: Any) -> Reply:
    return scene.world.post(
        "/v1/proposals", {"programme_id": scene.programme, "mentor_id": whom, **more}, by=by
    )


def code(refused: Reply) -> str:
    return str(refused.json["type"].rpartition("/")[2])


def agree(scene: Scene, one: str, other: str) -> Mentorship:
    asked = ask(scene, one, other)
    assert asked.status == 201, asked.text
    accepted = scene.world.post(f"/v1/proposals/{asked.json['id']}/accept", by=other)
    assert accepted.status == 200, accepted.text
    return mentorship(accepted.json["mentorship_id"])


def mentorship(mentorship_id: str) -> Mentorship:
    return running_store.mentorship_of(tables.get(*running_store.mentorship_key(mentorship_id)))


def lose(scene: Scene, person: str) -> None:
    """Take what verified somebody, a minute ago."""
    found, _ = people_store.get_person(person), None
    assert found is not None
    standing = Standing(scene.world.at - timedelta(minutes=1))
    scene.world.write(people_store.put_person(replace(found, standing=standing), scene.world.at))


def test_people_are_enrolled_as_peers_and_in_one_place(peers: Scene) -> None:
    world, one = peers.world, peers.mentors[0]
    path = peers.path(f"enrolments/{one}")
    for role in ("mentor", "mentee"):
        refused = world.put(path, {"role": role}, by=one)
        assert refused.status == 422, refused.text
        assert [each["pointer"] for each in refused.json["errors"]] == ["/role"]
    again = world.put(path, {"role": "peer", "capacity": 1}, by=one)
    assert (again.json["role"], again.json["capacity"], again.json["free"]) == ("peer", 1, 1)
    [mine] = world.get("/v1/me/enrolments", by=one).json["items"]
    assert mine["role"] == "peer"
    listed = world.get(peers.path("enrolments"), by=peers.coordinator, query={"role": "peer"}).json["items"]
    assert [each["role"] for each in listed] == ["peer", "peer"]
    usual = make_scene(world)
    refused = world.put(usual.path(f"enrolments/{one}"), {"role": "peer"}, by=one)
    assert refused.status == 422
    assert world.delete(path, by=one, query={"role": "peer"}).status == 204


def test_a_peer_finds_asks_and_gets_another_and_both_places_are_counted(peers: Scene) -> None:
    world, (one, other, third) = peers.world, peers.mentors
    cards = world.get(peers.path("mentors"), by=one).json["items"]
    assert [each["person_id"] for each in cards] == [other], "not themselves, and nobody who is not in it"
    assert code(world.get(peers.path("mentors"), by=third)) == "not-enrolled"
    assert code(ask(peers, third, one)) == "not-enrolled"
    assert ask(peers, one, one).status == 422
    asked = ask(peers, one, other)
    assert (asked.json["kind"], asked.json["my_answer"]) == ("peer", "accepted")
    assert asked.json["mentee"]["topics"] == ["sepsis", "telehealth"], "what they offer, and what they seek"
    assert peers.free() == {one: 1, other: 1}
    assert code(ask(peers, other, one)) == "already-proposed", "two have one standing, whoever asks"
    world.follow_up()
    [mine] = peers.proposals(other)
    told = [each["text"] for each in mine["evidence"]["sentences"]]
    assert "Topics that you offer and Amina Otieno seeks: telehealth." in told
    assert "Topics that you seek and Amina Otieno offers: sepsis." in told
    assert "waiting" not in [each["criterion"] for each in mine["contributions"]]
    assert world.post(f"/v1/proposals/{asked.json['id']}/accept", by=other).json["status"] == "agreed"
    assert peers.free() == {one: 1, other: 1}
    for by, whom in ((one, other), (other, one)):
        assert code(ask(peers, by, whom)) == "already-mentored"


def test_a_run_pairs_two_of_the_pool_and_never_the_same_two_again(peers: Scene) -> None:
    one, other, third = peers.mentors
    peers.enrol(third, "peer", capacity=1)
    peers.match()
    made = {person: peers.proposals(person) for person in peers.mentors}
    pairs = {each["id"]: frozenset((each["mentee"]["person_id"], each["mentor"]["person_id"]))
             for found in made.values() for each in found}  # fmt: skip
    assert list(pairs.values()) == [frozenset((one, other))]
    assert peers.free() == {one: 1, other: 1, third: 1}
    peers.world.pass_time(days=1)
    peers.match()
    now = {frozenset((each["mentee"]["person_id"], each["mentor"]["person_id"]))
           for person in peers.mentors for each in peers.proposals(person)}  # fmt: skip
    assert len(now) == 2, "the third has one of the two now"
    assert third in set().union(*now)
    reasons = peers.world.get("/v1/me/match-reasons", by=third, query={"programme_id": peers.programme})
    assert reasons.json["summary"]["sentences"][0]["text"] == "This match proposed a peer to you."


def test_the_report_counts_both_of_a_pair(peers: Scene) -> None:
    run = peers.run(peers.match())
    assert (run["report"]["pairs"], run["report"]["matched"]["matched"]) == (1, 2)
    assert run["pairs_published"] == 1


def test_a_coordinator_takes_a_pair_out_and_both_are_told(peers: Scene) -> None:
    one, other, third = peers.mentors
    peers.change_programme(publish="review")
    held = HeldRun(peers)
    [(first, second)] = held.pairs().items()
    assert {first, second} == {one, other}
    peers.enrol(third, "peer")
    refused = held.choose(first, third)
    assert refused.status in (409, 422), "nobody else is to be chosen here"
    assert held.remove(first).status == 204
    held.publish()
    assert peers.proposals(one) == []
    for person in (one, other):
        reasons = peers.world.get(
            "/v1/me/match-reasons", by=person, query={"programme_id": peers.programme}
        ).json
        assert reasons["proposed"] is False
        [told] = reasons["summary"]["sentences"]
        assert told["text"] == "There are peers who fit you, but none was left for you this time."


def test_settings_are_not_tried_on_peers_and_say_what_has_no_effect(peers: Scene) -> None:
    world = peers.world
    body = {"dry_run": True, "settings": {"weights": {"goals": 50}}}
    refused = world.post(peers.path("match-runs"), body, by=peers.coordinator)
    assert [one["pointer"] for one in refused.json["errors"]] == ["/settings"], refused.text
    path = peers.path("match-settings")
    before = world.get(path, by=peers.coordinator)
    assert before.json["warnings"] == []
    one, other, _ = peers.mentors
    wanted = {
        "objective": "stable",
        "mentor_say": 500_000,
        "locked": [{"mentee_id": other, "mentor_id": one}],
    }
    changed = world.put(path, wanted, by=peers.coordinator, headers={"If-Match": before.etag})
    assert changed.status == 200, changed.text
    assert [each["pointer"] for each in changed.json["warnings"]] == ["/objective", "/mentor_say"]
    assert peers.run(peers.match(dry_run=True))["report"]["locked_made"] == 1


def test_who_is_not_verified_is_no_peer(peers: Scene) -> None:
    one, other, _ = peers.mentors
    asked = ask(peers, one, other)
    lose(peers, one)
    accepted = peers.world.post(f"/v1/proposals/{asked.json['id']}/accept", by=other)
    assert code(accepted) == "partner-not-available", "who asked is to be verified, too"
    assert code(ask(peers, one, other)) == "mentor-not-verified"


def test_the_daily_look_and_a_word_look_at_both(peers: Scene) -> None:
    from chalicelib.mentorships import renewing

    one, other, _ = peers.mentors
    made = agree(peers, one, other)
    assert made.kind == "peer"
    lose(peers, one)
    peers.world.pass_time(days=1)
    assert renewing.look_at_due(peers.world.at) == 0
    assert mentorship(made.id).renewal is not None, "who asked is not verified any more"
    found = people_store.get_person(one)
    assert found is not None
    again = Standing(peers.world.at + timedelta(days=30))
    peers.world.write(people_store.put_person(replace(found, standing=again), peers.world.at))
    renewing.verification_renewed(peers.world.call(one), one)
    assert mentorship(made.id).renewal is None
    lose(peers, other)
    peers.world.pass_time(days=40)
    renewing.look_at_due(peers.world.at)
    assert mentorship(made.id).status is MentorshipStatus.PAUSED


def test_both_write_goals_of_their_own_and_are_certified_as_peers(peers: Scene) -> None:
    world, (one, other, _) = peers.world, peers.mentors
    made = agree(peers, one, other)
    for person in (one, other):
        goal = world.post(f"/v1/mentorships/{made.id}/goals", GOAL, by=person)
        assert goal.status == 201, goal.text
        assert goal.json["owner"] == made.side_of(person), "whose place in the answer it is"
        standing = world.get(f"/v1/mentorships/{made.id}/certificate", by=person)
        assert standing.json["role"] == "peer", standing.text


def test_what_a_mentee_or_a_mentor_does_both_peers_do(peers: Scene) -> None:
    one, other = peers.mentors[:2]
    world, found = peers.world, agree(peers, one, other)
    peers.enrol(peers.mentors[2], "peer")
    world.at += timedelta(days=1)
    fire(look_at_mentorships)
    world.write(*credited(found, _held_now(found, world.at), Held(1, 60), world.at))
    asked = [item.id for item in Questionnaire(peers.programme).mentee]
    for by in (one, other):
        path = f"/v1/mentorships/{found.id}"
        assessed = {
            "topics": [{"topic": "Sepsis", "confidence": 2, "standing": "gap", "wants_to_grow": True}]
        }
        assert world.put(f"{path}/self-assessments/start", assessed, by=by).status == 200
        (start,) = world.get(f"{path}/feedback", by=by).json["rounds"]
        assert [question["item"] for question in start["questions"]] == asked
        body = {"person_id": peers.mentors[2], "text": "She knows all about it."}
        assert world.post(f"{path}/introductions", body, by=by).status == 201
        (month,) = world.get("/v1/me/time-given", by=by).json["items"]
        assert month["minutes"] == 60


def _held_now(found: Mentorship, now: datetime) -> Session:
    people = found.mentee.person_id, found.mentor.person_id
    return Session("S", found.id, *people, SessionStatus.BOOKED, Span.of(now, 60), Side.MENTEE)


def test_an_end_gives_both_places_back_and_the_two_are_not_paired_again(peers: Scene) -> None:
    world, (one, other, _) = peers.world, peers.mentors
    made = agree(peers, one, other)
    ended = world.post(f"/v1/mentorships/{made.id}/end", {"reason": "no_time"}, by=other)
    assert ended.status == 200, ended.text
    assert peers.free() == {one: 2, other: 2}
    assert code(ask(peers, other, one)) == "already-mentored"
    peers.match()
    assert [each["status"] for each in peers.proposals(one)] == ["agreed"]
    wanted = world.post(f"/v1/mentorships/{made.id}/rematch", {"wanted": False}, by=one)
    assert wanted.status == 200, wanted.text
    assert peers.enrolment(one, Side.MENTOR).status == "paused"


def test_a_coordinator_finds_another_for_the_one_who_stands_as_mentee(peers: Scene) -> None:
    world, (one, other, third) = peers.world, peers.mentors
    peers.enrol(third, "peer", capacity=1)
    made = agree(peers, one, other)
    path = f"/v1/mentorships/{made.id}/reassign"
    answer = world.post(path, {"mentor_id": third}, by=peers.coordinator)
    assert answer.status == 201, answer.text
    assert (answer.json["mentee"]["person_id"], answer.json["mentor"]["person_id"]) == (one, third)
    assert peers.free() == {one: 1, other: 2, third: 0}, "who is to have another keeps the place for that"
    for person in (one, third):
        accepted = world.post(f"/v1/proposals/{answer.json['id']}/accept", by=person)
    assert mentorship(accepted.json["mentorship_id"]).kind == "peer"
    assert peers.free() == {one: 1, other: 2, third: 0}


def test_who_leaves_closes_what_they_asked_and_what_was_asked_of_them(peers: Scene) -> None:
    one, other, third = peers.mentors
    peers.enrol(third, "peer", capacity=1)
    for by, whom in ((one, other), (third, one)):
        assert ask(peers, by, whom).status == 201
    path = peers.path(f"enrolments/{one}")
    assert peers.world.delete(path, by=one, query={"role": "peer"}).status == 204
    peers.world.follow_up()
    assert {each["status"] for each in peers.proposals(one)} == {"withdrawn"}
    assert peers.free() == {one: 2, other: 2, third: 1}


PAIR = [Kind.PROPOSAL_MADE, Kind.PROPOSAL_AGREED, Kind.PROPOSAL_ACCEPTED, Kind.PROPOSAL_EXPIRING]
LIFE = [
    Kind.MENTORSHIP_IN_GRACE, Kind.MENTORSHIP_PAUSED, Kind.MENTORSHIP_RESUMED, Kind.MENTORSHIP_HELD,
    Kind.MENTORSHIP_CLOSED, Kind.MENTORSHIP_ENDING,
]  # fmt: skip
OTHER = [Kind.ENROLMENT_INVITATION, Kind.ROSTER_INVITATION, Kind.MENTORS_UNVERIFIED, Kind.AGREEMENT_UNSIGNED]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", [*PAIR, *LIFE, *OTHER])
def test_mails_to_peers_speak_of_peers(kind: Kind, language: str) -> None:
    sender = replace(PROPOSAL.sender, kind="peer")
    changes: dict[str, Any] = {"sender": sender}
    if kind in PAIR:
        changes["pair"] = None
    if kind is Kind.MENTORSHIP_CLOSED:
        changes["has_proposal"] = True
    sides = ("mentee", "mentor") if kind not in (Kind.MENTORS_UNVERIFIED,) else (None,)
    for side in sides:
        told = changes | ({"side": side} if side else {})
        text = flat(write(letter(kind, language, **told), ORIGIN).text).casefold()
        text = text.replace("each mentors the other", "")
        for word in (" mentee", " mentor ", " mentor:", " mentors ", "mentor’s", "accompagnée."):
            allowed = kind in (Kind.ENROLMENT_INVITATION, Kind.ROSTER_INVITATION)
            assert word not in text or allowed, (word, text)
    assert MENTORSHIP.sender.kind == "one_to_one"
