"""A rate kept together: never more turns in any second than it allows, over workers that ask at once."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from chalicelib.platform import pace
from tests.support.world import World

BEGIN = 1_795_337_600.0


class Worker:
    """One that takes a turn, works for a while, and asks again."""

    def __init__(self, at: float, busy: float) -> None:
        self.at, self.busy = at, busy

    def turn(self, name: str, rate: int) -> float | None:
        def sleep(seconds: float) -> None:
            self.at += seconds

        taken = pace.take_turn(name, rate, now=lambda: self.at, sleep=sleep)
        done = self.at
        self.at += self.busy if taken else 1
        return done if taken else None


_runs = iter(range(10**6))


@given(
    rate=st.integers(1, 40),
    workers=st.lists(st.tuples(st.floats(0, 2), st.floats(0.001, 0.6)), min_size=1, max_size=8),
)
@hypothesis_settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_second_holds_more_turns_than_the_rate(
    world: World, rate: int, workers: list[tuple[float, float]]
) -> None:
    name = f"run-{next(_runs)}"
    crew = [Worker(BEGIN + at, busy) for at, busy in workers]
    turns: list[float] = []
    for _ in range(50):
        # Whoever is free first asks next.
        found = min(crew, key=lambda one: one.at).turn(name, rate)
        if found is not None:
            turns.append(found)
    turns.sort()
    for n, first in enumerate(turns):
        # The clock is read in whole milliseconds.
        assert sum(1 for one in turns[n:] if one < first + 0.998) <= rate
    assert turns


def test_workers_that_never_rest_share_the_rate_evenly(world: World) -> None:
    crew = [Worker(BEGIN, 0.001) for _ in range(5)]
    turns: Counter[int] = Counter()
    while min(one.at for one in crew) < BEGIN + 5:
        n = min(range(5), key=lambda one: crew[one].at)
        if crew[n].turn("shared", 20) is not None:
            turns[n] += 1
    # All of the rate is used, and nobody gets more than one turn more than another.
    assert 98 <= sum(turns.values()) <= 105
    assert max(turns.values()) - min(turns.values()) <= 1


def test_a_turn_too_far_away_is_not_taken_and_not_used_up(world: World) -> None:
    crew = [Worker(BEGIN, 1.0) for _ in range(5)]
    found = [one.turn("slow", 2) for one in crew]
    assert found == pytest.approx([BEGIN, BEGIN + 0.5, BEGIN + 1.0, None, None])
    assert crew[3].turn("slow", 2) == pytest.approx(BEGIN + 1.5)


def test_after_a_rest_the_first_turn_is_at_once_and_nothing_was_saved_up(world: World) -> None:
    worker = Worker(BEGIN, 0.0)
    assert worker.turn("rest", 10) == BEGIN
    worker.at += 3600
    turns = [worker.turn("rest", 10) for _ in range(3)]
    assert turns == pytest.approx([BEGIN + 3600, BEGIN + 3600.1, BEGIN + 3600.2])
