"""Somebody leaves a programme: what was open is closed, and the other side is told."""

import pytest

from chalicelib.mentorships import clearing, store
from chalicelib.mentorships.errors import ProposalMoved
from chalicelib.platform import tables
from tests.credentials.support import revoke, submitted, verify
from tests.mentorships.scene import Scene
from tests.mentorships.test_routes import answer, withdraw


@pytest.mark.parametrize("role", ["mentor", "mentee"])
def test_an_open_proposal_is_closed_and_the_other_side_has_the_place_back(proposed: Scene, role: str) -> None:
    world, mentor, mentee = proposed.world, proposed.mentors[0], proposed.mentees[0]
    leaver, other = (mentor, mentee) if role == "mentor" else (mentee, mentor)
    withdraw(proposed, leaver, role)
    assert world.follow_up() == ["enrolment-withdrawn"]
    assert proposed.free() == {mentor: 2, mentee: 1}
    for person in (mentor, mentee):
        assert [one["status"] for one in proposed.proposals(person)] == ["withdrawn"]
    assert [one.payload["recipient"] for one in world.messages("proposal-declined")] == [other]
    # It was no answer: whoever comes back may be proposed the same pair again.
    world.pass_time(days=1)
    proposed.enrol(leaver, role)
    proposed.match()
    assert [one["status"] for one in proposed.proposals(other)] == ["open", "withdrawn"]


def test_a_mentorship_goes_on_and_so_do_proposals_of_other_programmes(proposed: Scene) -> None:
    world, mentor, mentee = proposed.world, proposed.mentors[0], proposed.mentees[0]
    answer(proposed, "accept", mentee)
    answer(proposed, "accept", mentor)
    body = {"organisation_id": proposed.organisation, "name": "Elsewhere"}
    elsewhere = world.post("/v1/programmes", body, by=proposed.coordinator).json["id"]
    for person, role in ((mentor, "mentor"), (mentee, "mentee")):
        path = f"/v1/programmes/{elsewhere}/enrolments/{person}"
        assert world.put(path, {"role": role}, by=person).status == 200
    world.pass_time(minutes=1)
    asked = world.post("/v1/proposals", {"programme_id": elsewhere, "mentor_id": mentor}, by=mentee)
    assert asked.status == 201, asked.text
    withdraw(proposed, mentor, "mentor")
    world.follow_up()
    assert [one["status"] for one in proposed.proposals(mentee)] == ["open", "agreed"]
    assert len(world.get("/v1/me/mentorships", by=mentee).json["items"]) == 1


def test_who_comes_back_before_the_news_keeps_the_proposal(proposed: Scene) -> None:
    mentor = proposed.mentors[0]
    withdraw(proposed, mentor, "mentor")
    proposed.enrol(mentor, "mentor")
    proposed.world.follow_up()
    assert [one["status"] for one in proposed.proposals(mentor)] == ["open"]


def test_a_crash_between_two_proposals_is_made_good(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    world, mentor = scene.world, scene.mentor()
    mentees = [scene.mentee(), scene.mentee()]
    scene.match()
    withdraw(scene, mentor, "mentor")
    real, made = clearing.commit, []

    def dies_second(call, writes, result, **more):
        made.append(1)
        if len(made) == 2:
            raise ProposalMoved("Read it again.")
        return real(call, writes, result, **more)

    with monkeypatch.context() as broken:
        broken.setattr(clearing, "commit", dies_second)
        with pytest.raises(ProposalMoved):
            world.follow_up()
    assert sorted(one["status"] for one in scene.proposals(mentor)) == ["open", "withdrawn"]
    assert world.follow_up() == ["enrolment-withdrawn"]
    assert world.follow_up() == []
    assert [one["status"] for one in scene.proposals(mentor)] == ["withdrawn", "withdrawn"]
    assert sorted(one.payload["recipient"] for one in world.messages("proposal-declined")) == sorted(mentees)
    assert scene.free() == {mentor: 2, mentees[0]: 1, mentees[1]: 1}


def test_a_proposal_past_its_time_is_closed_too(proposed: Scene) -> None:
    mentor, mentee = proposed.mentors[0], proposed.mentees[0]
    withdraw(proposed, mentor, "mentor")
    proposed.world.pass_time(days=8)
    proposed.world.follow_up()
    assert [one["status"] for one in proposed.proposals(mentee)] == ["withdrawn"]
    assert list(store.due_proposals(proposed.world.at)) == []
    assert tables.get(*store.pair_key(proposed.programme, mentee, mentor)) is None


def verified_by(scene: Scene, mentor: str) -> tuple[str, str]:
    """Have a mentor's standing rest on a credential; return the reviewer and the credential."""
    reviewer = scene.world.reviewer(scene.organisation)
    credential = submitted(scene.world, mentor, organisation_id=scene.organisation)
    assert verify(scene.world, credential, reviewer).status == 200
    return reviewer, credential


def test_a_revoked_mentor_is_unmatchable_at_once_and_what_was_open_is_closed(scene: Scene) -> None:
    world, mentor, mentee = scene.world, scene.mentor(), scene.mentee()
    reviewer, credential = verified_by(scene, mentor)
    scene.match()
    assert [one["status"] for one in scene.proposals(mentor)] == ["open"]
    assert revoke(world, credential, reviewer).status == 200
    answer(scene, "accept", mentee)
    (proposal,) = scene.proposals(mentor)
    refused = world.post(f"/v1/proposals/{proposal['id']}/accept", {}, by=mentor)
    assert refused.status == 409, "accepting is conditional on the standing, before any clean-up"
    assert sorted(world.follow_up()) == ["standing-lost", "standing-regained"]
    assert scene.free() == {mentor: 2, mentee: 1}
    assert [one["status"] for one in scene.proposals(mentee)] == ["withdrawn"]
    assert [one.payload["recipient"] for one in world.messages("proposal-declined")] == [mentee]
    assert world.follow_up() == []


def test_who_is_verified_again_before_the_news_keeps_the_proposal(scene: Scene) -> None:
    world, mentor = scene.world, scene.mentor()
    scene.mentee()
    reviewer, credential = verified_by(scene, mentor)
    scene.match()
    assert revoke(world, credential, reviewer).status == 200
    verified_by(scene, mentor)
    world.follow_up()
    assert [one["status"] for one in scene.proposals(mentor)] == ["open"]
