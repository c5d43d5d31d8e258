"""Who has another name has it on what is open or under way, and what is over keeps the old one."""

from dataclasses import replace

import pytest

from chalicelib.mentorships import running_store
from chalicelib.mentorships import service as mentorships
from chalicelib.mentorships.running import MentorshipStatus
from chalicelib.platform import tables
from tests.mentorships.pairs import Pair, ask, paired
from tests.mentorships.scene import make_scene
from tests.mentorships.test_routes import answer
from tests.support.world import World


@pytest.fixture
def pair(world: World) -> Pair:
    return paired(make_scene(world))


def rename(world: World, person: str, name: str) -> None:
    etag = world.get("/v1/me", by=person).etag
    reply = world.patch("/v1/me", {"family_name": name}, by=person, headers={"If-Match": etag})
    assert reply.status == 200, reply.text


def names(pair: Pair) -> set[str]:
    """Return what the mentor is called on the page of the pair, in their mentee's list, and in the coordinators'."""
    world, scene = pair.world, pair.scene
    (listed,) = world.get("/v1/me/mentorships", by=pair.mentee).json["items"]
    (health,) = world.get(scene.path("health"), by=scene.coordinator).json["items"]
    return {pair.read(pair.mentee)["mentor"]["name"], listed["mentor"]["name"], health["mentor"]["name"]}


def test_the_page_and_the_lists_show_the_present_name(pair: Pair) -> None:
    world = pair.world
    mentorships.look_at_health(world.at)
    before = pair.read(pair.mentee)
    assert names(pair) == {"Claire Tremblay"}
    rename(world, pair.mentor, "Okafor")
    assert "person-renamed" in world.follow_up()
    assert names(pair) == {"Claire Okafor"}
    after = pair.read(pair.mentee)
    renamed = {**before["mentor"], "name": "Claire Okafor"}
    assert {**before, "mentor": renamed} == after, "and nothing else has changed"


def test_a_proposal_that_is_agreed_later_has_the_name_of_that_day(pair: Pair) -> None:
    world, scene = pair.world, pair.scene
    mentee = scene.mentee()
    asked = ask(scene, mentee, pair.mentor)
    assert asked.status == 201, asked.text
    rename(world, pair.mentor, "Okafor")
    world.follow_up()
    assert answer(scene, "accept", pair.mentor, proposal=asked.json["id"]).status == 200
    (listed,) = world.get("/v1/me/mentorships", by=mentee).json["items"]
    assert listed["mentor"]["name"] == "Claire Okafor"


def test_what_is_over_keeps_the_name_and_a_locale_is_no_name(pair: Pair) -> None:
    world = pair.world
    etag = world.get("/v1/me", by=pair.mentor).etag
    assert world.patch("/v1/me", {"locale": "en"}, by=pair.mentor, headers={"If-Match": etag}).status == 200
    assert world.messages("person-renamed") == []
    row = tables.get(*running_store.mentorship_key(pair.id))
    assert row is not None
    over = replace(running_store.mentorship_of(row), status=MentorshipStatus.CLOSED)
    world.write(*running_store.put_mentorship(over, None, world.at))
    rename(world, pair.mentor, "Okafor")
    world.follow_up()
    assert pair.read(pair.mentee)["mentor"]["name"] == "Claire Tremblay"
