"""Means and intervals, against the standard library and a table of Student's t."""

import random
import statistics
from collections import Counter

import pytest

from chalicelib.mentorships.feedback.figures import figures, student


@pytest.mark.parametrize(
    ("freedom", "point"), [(4, 2.776), (5, 2.571), (9, 2.262), (29, 2.045), (119, 1.980), (10_000, 1.960)]
)
def test_students_t_is_that_of_the_tables(freedom: int, point: float) -> None:
    assert student(freedom) == pytest.approx(point, abs=0.001)


def test_mean_and_spread_are_those_of_the_single_answers() -> None:
    answers = [3, 4, 4, 5, 2, 4, 5, 5]
    found = figures(Counter(answers), 1, 5)
    assert found.n == 8
    assert found.mean == pytest.approx(statistics.mean(answers), abs=1e-4)
    assert found.sd == pytest.approx(statistics.stdev(answers), abs=1e-4)
    assert found.low is not None
    assert found.high is not None
    assert found.high - found.mean == pytest.approx(2.365 * statistics.stdev(answers) / 8**0.5, abs=0.001)
    assert figures({5: 9, 4: 1}, 1, 5).high == 5, "no mean is above the scale"
    assert figures({3: 1}, 1, 5).low is None
    with pytest.raises(ValueError, match="nothing"):
        figures({}, 1, 5)


def test_intervals_hold_the_mean_about_as_often_as_they_say() -> None:
    chance = random.Random(7)  # noqa: S311
    shares = (0.05, 0.1, 0.25, 0.4, 0.2)
    mean = sum(value * share for value, share in enumerate(shares, 1))
    held = 0
    for _ in range(2000):
        found = figures(Counter(chance.choices(range(1, 6), shares, k=12)), 1, 5)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= mean <= found.high
    assert held / 2000 == pytest.approx(0.95, abs=0.02)
