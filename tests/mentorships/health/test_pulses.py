"""Health hears of pulses as the two have given them."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.mentorships import service as mentorships
from chalicelib.mentorships.health.model import PulsePoint
from chalicelib.mentorships.health.pulses import pulses_of
from chalicelib.platform import tables
from chalicelib.programmes import store as programmes_store
from chalicelib.programmes.model import HealthRule, Side
from tests.mentorships.feedback.pairs import Couple, Hall, make_hall
from tests.support.world import World


@pytest.fixture
def hall(world: World) -> Hall:
    return make_hall(world)


def test_each_side_s_pulses_are_points_in_time_and_silence_is_none(hall: Hall) -> None:
    couple = hall.couple()
    assert pulses_of(couple.mentorship()) == ()
    hall.night(hall.world.at + timedelta(days=31))
    assert couple.answer("pulse-1", 4).status == 200
    first = hall.world.at
    hall.night(first + timedelta(days=31))
    assert couple.answer("pulse-2", 2).status == 200
    assert couple.answer("pulse-2", 5, by=couple.mentor).status == 200
    second = hall.world.at
    assert pulses_of(couple.mentorship()) == (
        PulsePoint(Side.MENTEE, first, 4),
        PulsePoint(Side.MENTEE, second, 2),
        PulsePoint(Side.MENTOR, second, 5),
    )


def pulse_of(couple: Couple) -> tuple[Any, Any]:
    """Return what the coordinator reads of falling pulses: of the mentorship, and in the list."""
    world, hall = couple.hall.world, couple.hall
    page = world.get(f"/v1/mentorships/{couple.id}/health", by=hall.coordinator).json
    (listed,) = world.get(f"/v1/programmes/{hall.programme}/health", by=hall.coordinator).json["items"]
    found = [one["since"] for one in page["reasons"] if one["reason"] == "pulse_falling"]
    return (found[0] if found else None), "pulse_falling" in listed["reasons"]


def look(couple: Couple, hours: float) -> None:
    """Let the coordinator move the mentorship some hours later, which has it looked at."""
    world = couple.hall.world
    world.at += timedelta(hours=hours)
    couple.set_status(couple.mentorship().status)
    assert mentorships.look_at_health(world.at) == 0


def test_a_coordinator_cannot_measure_one_person_s_pulses(hall: Hall) -> None:
    couple, world = hall.couple(), hall.world
    start = world.at.replace(hour=5, minute=0)
    for number, value in enumerate((5, 5, 1), 1):
        hall.night(start + timedelta(days=31 * number))
        assert couple.answer(f"pulse-{number}", value).status == 200
    hall.night(start + timedelta(days=124))
    look(couple, 1)
    world.at += timedelta(hours=1)
    assert couple.answer("pulse-4", 2).status == 200
    assert pulse_of(couple) == (None, False), "nobody reads at which instant it was answered"
    look(couple, 1)
    assert pulse_of(couple) == (None, False), "nor by having it looked at each hour"
    look(couple, 24)
    day = world.at.date().isoformat()
    assert pulse_of(couple) == (f"{day}T00:00:00.000000Z", True), "since the day of the look that found it"
    path = f"/v1/programmes/{hall.programme}"
    etag = world.get(path, by=hall.coordinator).etag
    change = {"health": {"pulse_fall": 3.6}}
    assert world.patch(path, change, by=hall.coordinator, headers={"If-Match": etag}).status == 422, (
        "not by how much"
    )
    told = {one["answered"] for one in hall.report()["taking_part"]}
    assert told == {None}, "nor which of the two says anything at all"


def test_a_programme_that_once_set_how_far_pulses_fall_is_read_all_the_same(hall: Hall) -> None:
    row = tables.get(*programmes_store.programme_key(hall.programme))
    assert row is not None
    row.health = {"quiet_days": 40, "pulse_fall": 2.5}
    assert programmes_store.programme_of(row).health == HealthRule(quiet_days=40)
