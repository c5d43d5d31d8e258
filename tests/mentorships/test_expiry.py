"""A mentor whose credential expires is out of the same night's match, and what was open with them is closed."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.credentials.days import end_of
from chalicelib.credentials.jobs import expiry_notices
from chalicelib.programmes.model import Side
from tests.credentials.support import submitted, verify
from tests.mentorships.scene import Scene, fire, make_scene
from tests.support.world import MENTOR_PROFILE, World

LAST = datetime(2026, 11, 24, tzinfo=UTC).date()
OVER = end_of(LAST, "KE")


def expiring_mentor(world: World) -> tuple[Scene, str]:
    made = make_scene(world)
    mentor = world.person(MENTOR_PROFILE, name="Claire Tremblay")
    credential = submitted(world, mentor)
    assert verify(world, credential, world.reviewer(made.organisation), valid_until=str(LAST)).status == 200
    made.enrol(mentor, "mentor", capacity=2)
    return made, mentor


def test_what_is_open_is_closed_in_the_night_and_the_mentor_is_told(world: World) -> None:
    made, mentor = expiring_mentor(world)
    mentee = made.mentee()
    made.match()
    assert [one["status"] for one in made.proposals(mentee)] == ["open"]
    world.at = OVER + timedelta(hours=4)
    fire(expiry_notices)
    assert [one.payload["recipient"] for one in world.messages("credential-expired")] == [mentor]
    assert sorted(world.follow_up()) == ["standing-lost", "standing-regained"]
    assert [one["status"] for one in made.proposals(mentee)] != ["open"]
    assert made.enrolment(mentor, Side.MENTOR).free == 2, "the place that it held is free"
    fire(expiry_notices)
    assert world.follow_up() == []


@pytest.mark.parametrize("notices", [True, False])
def test_who_expires_is_unmatchable_in_the_same_night_s_run(world: World, notices: bool) -> None:
    made, _mentor = expiring_mentor(world)
    world.at = OVER - timedelta(seconds=1)
    before = made.mentee()
    made.match()
    assert len(made.proposals(before)) == 1, "to the last second"
    world.at = OVER
    after = made.mentee()
    if notices:
        fire(expiry_notices)
    made.match()
    assert made.proposals(after) == [], "whether or not the job has come by"
