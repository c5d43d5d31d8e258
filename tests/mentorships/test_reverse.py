"""A reverse mentorship: the junior is the mentor, for whom the programme's coordinators vouch."""

from dataclasses import replace

import pytest

from chalicelib.mentorships import running_store
from chalicelib.mentorships.running import MentorshipStatus
from chalicelib.notifications.model import Kind
from chalicelib.notifications.rendering import write
from chalicelib.platform import tables
from chalicelib.programmes.model import PairKind
from tests.mentorships.scene import Scene, make_scene
from tests.notifications.letters import ORIGIN, PROPOSAL, letter
from tests.notifications.test_rendering import flat
from tests.support.world import MENTEE_PROFILE, MENTOR_PROFILE, World


@pytest.fixture
def reverse(world: World) -> Scene:
    """A programme with a student who offers a topic, and a consultant who seeks it."""
    scene = make_scene(world, kind="reverse", joining="invitation", mentee_places=2)
    path = scene.path("what-counts")
    tag = world.get(path, by=scene.coordinator).etag
    body = {"vouched": True, "rules": []}
    assert world.put(path, body, by=scene.coordinator, headers={"If-Match": tag}).status == 200
    student = {"profession": "student", "intended_profession": "2212", "topics_offered": ["telehealth"]}
    scene.mentors = [
        world.person({**MENTOR_PROFILE, **student, "career_stage": "student"}, name="Juma Said"),
        world.person({**MENTOR_PROFILE, "topics_offered": ["telehealth"]}, name="Old Hand"),
    ]
    scene.mentees = [
        world.person({**MENTEE_PROFILE, "career_stage": "senior", "topics_sought": ["telehealth"]})
    ]
    for person, role in [(one, "mentor") for one in scene.mentors] + [(scene.mentees[0], "mentee")]:
        enrolled = world.put(scene.path(f"enrolments/{person}"), {"role": role}, by=scene.coordinator)
        assert enrolled.status == 200, enrolled.text
    return scene


def test_the_match_finds_the_junior_and_the_pair_goes_its_way(reverse: Scene) -> None:
    world, (junior, _), [mentee] = reverse.world, reverse.mentors, reverse.mentees
    reverse.match()
    [mine] = reverse.proposals(mentee)
    assert (mine["kind"], mine["mentor"]["person_id"], mine["mentor_badges"]) == ("reverse", junior, [])
    told = [one["text"] for one in mine["evidence"]["sentences"] if one["criterion"] == "career"]
    assert any(one.startswith("Juma Said studies for") or "Career stages" in one for one in told), told
    for person in (mentee, junior):
        answer = world.post(f"/v1/proposals/{mine['id']}/accept", by=person)
        assert answer.status == 200, answer.text
    mentorship_id = answer.json["mentorship_id"]
    shown = world.get(f"/v1/mentorships/{mentorship_id}", by=mentee).json
    assert (shown["kind"], shown["status"]) == ("reverse", "forming")
    agreement = world.get(f"/v1/mentorships/{mentorship_id}/agreement", by=mentee).json
    said = [one for section in agreement["in_words"] for one in section["sentences"]]
    assert "The mentor does not assess the mentee for an employer or a school." not in said
    row = tables.get(*running_store.mentorship_key(mentorship_id))
    assert running_store.mentorship_of(row).kind is PairKind.REVERSE
    row.kind = None
    assert running_store.mentorship_of(row).kind is PairKind.ONE_TO_ONE, "a row of before"


def test_rules_that_ask_for_credentials_again_give_their_grace(reverse: Scene) -> None:
    world, junior, [mentee] = reverse.world, reverse.mentors[0], reverse.mentees
    reverse.match()
    [mine] = reverse.proposals(mentee)
    for person in (mentee, junior):
        answer = world.post(f"/v1/proposals/{mine['id']}/accept", by=person)
    path = reverse.path("what-counts")
    tag = world.get(path, by=reverse.coordinator).etag
    body = {"vouched": False, "rules": []}
    assert world.put(path, body, by=reverse.coordinator, headers={"If-Match": tag}).status == 200
    world.follow_up()
    found = running_store.mentorship_of(
        tables.get(*running_store.mentorship_key(answer.json["mentorship_id"]))
    )
    assert found.status is MentorshipStatus.FORMING
    assert found.renewal is not None


@pytest.mark.parametrize("kind", [Kind.PROPOSAL_MADE, Kind.PROPOSAL_AGREED])
def test_the_first_mails_say_which_way_round_it_is(kind: Kind) -> None:
    sender = replace(PROPOSAL.sender, kind="reverse")
    for side, told in (("mentee", "earlier in their career"), ("mentor", "further in their career")):
        written = write(letter(kind, sender=sender, side=side), ORIGIN)
        assert told in flat(written.text)
        assert "en sens inverse" in flat(write(letter(kind, "fr", sender=sender, side=side), ORIGIN).text)
        assert "way round" not in write(letter(kind, side=side), ORIGIN).text
