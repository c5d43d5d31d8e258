"""Health hears of pulses as the two have given them."""

from datetime import timedelta

import pytest

from chalicelib.mentorships.health.model import PulsePoint
from chalicelib.mentorships.health.pulses import pulses_of
from chalicelib.programmes.model import Side
from tests.mentorships.feedback.pairs import Hall, make_hall
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
