"""The page of a pair: it shows what its parts show, to whom they show it, at the cost of one query."""

from typing import Any

import pytest

from tests.mentorships.pairs import Pair, paired
from tests.mentorships.scene import Scene, make_scene
from tests.mentorships.sessions.meeting import Meeting
from tests.support.world import World

PARTS = {"agreement", "goals", "sessions", "agenda"}


@pytest.fixture
def scene(world: World) -> Scene:
    return make_scene(world)


@pytest.fixture
def pair(scene: Scene) -> Pair:
    return paired(scene)


def page(pair: Pair, by: str | None = None) -> Any:
    reply = pair.world.get(f"/v1/mentorships/{pair.id}", by=by or pair.mentee)
    assert reply.status == 200, reply.text
    return reply.json


def part(pair: Pair, name: str, by: str) -> Any:
    reply = pair.world.get(f"/v1/mentorships/{pair.id}/{name}", by=by)
    assert reply.status == 200, reply.text
    return reply.json


@pytest.fixture
def meeting(scene: Scene, pair: Pair) -> Meeting:
    """Eight sessions: one is over, one is cancelled, six lie ahead; a goal, and something on the agenda."""
    found = Meeting(scene, pair.mentee, pair.mentor, pair.id)
    reply = found.series("2027-03-08T09:00", "FREQ=WEEKLY;COUNT=8")
    assert reply.status == 201, reply.text
    first, second, *_ = (one["id"] for one in reply.json["items"])
    assert found.do("cancel", second).status == 200
    goal = {
        "title": "Lead the round",
        "horizon": "short",
        "domain": "contextual",
        "change": "The team asks me.",
    }
    assert pair.world.post(found.path("goals"), goal, by=pair.mentee).status == 201
    reply = pair.world.put(
        found.path("agenda"),
        {"items": [{"text": "A word for us two"}]},
        by=pair.mentor,
        headers={"If-Match": '"0"'},
    )
    assert reply.status == 200, reply.text
    pair.world.at = found.world.at.replace(year=2027, month=3, day=9)
    said = found.do("attendance", first, {"said": "met", "minutes": 50})
    assert said.status == 200, said.text
    part(pair, "agreement", pair.mentee)
    return found


def test_it_shows_what_its_parts_show_to_each_of_its_readers(pair: Pair, meeting: Meeting) -> None:
    for by in (pair.mentee, pair.mentor, pair.scene.coordinator):
        whole = page(pair, by)
        assert whole["agreement"] == part(pair, "agreement", by)
        assert whole["goals"] == part(pair, "goals", by)["items"]
        over, gone, *ahead = part(pair, "sessions", by)["items"]
        assert gone["status"] == "cancelled"
        assert whole["sessions"] == {"held": 1, "minutes": 50, "ahead": ahead[:5], "past": [over]}
        assert len(ahead) == 6
    assert whole["agenda"] is None, "a coordinator's"
    assert page(pair)["agenda"] == part(pair, "agenda", pair.mentee)


def test_it_is_one_query_and_one_batch_whatever_there_is(pair: Pair, meeting: Meeting) -> None:
    for by in (pair.mentee, pair.scene.coordinator):
        with pair.world.counted() as calls:
            page(pair, by)
        assert [one for one in calls if one == "Query"] == ["Query"]
        assert len(calls) == 2, calls


def test_of_a_mentorship_that_has_just_begun_there_is_little_to_show(pair: Pair) -> None:
    whole = page(pair)
    assert {name: whole[name] for name in PARTS - {"agreement"}} == {
        "goals": [],
        "sessions": {"held": 0, "minutes": 0, "ahead": [], "past": []},
        "agenda": {"items": []},
    }


def test_nothing_that_the_two_keep_to_themselves_is_told_to_a_coordinator(
    pair: Pair, meeting: Meeting
) -> None:
    world, path = pair.world, meeting.path("agreement/about-me")
    told = world.put(path, {"addressed_as": "Sister Amina", "customs": "Only we two know"}, by=pair.mentee)
    assert told.status == 200, told.text
    of_two, of_coordinator = (str(page(pair, by)) for by in (pair.mentor, pair.scene.coordinator))
    for secret in ("Sister Amina", "Only we two know", "A word for us two", "The team asks me."):
        assert secret in of_two
        assert secret not in of_coordinator


def test_a_stranger_finds_nothing(pair: Pair) -> None:
    path = f"/v1/mentorships/{pair.id}"
    assert pair.world.get(path, by=pair.world.mentor()).status == 404
