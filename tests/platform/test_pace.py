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
    """One that takes some turns at once, acts at each, works for a while, and asks again."""

    def __init__(self, at: float, busy: float, wanted: int = 1) -> None:
        self.at, self.busy, self.wanted = at, busy, wanted

    def turns(self, name: str, rate: int) -> list[float]:
        """Return when it acted."""

        def sleep(seconds: float) -> None:
            self.at += seconds

        acted = []
        for turn in pace.take_turns(name, rate, self.wanted, now=lambda: self.at):
            pace.wait_for(turn, now=lambda: self.at, sleep=sleep)
            acted.append(self.at)
        self.at += self.busy if acted else 1
        return acted

    def turn(self, name: str, rate: int) -> float | None:
        return next(iter(self.turns(name, rate)), None)


_runs = iter(range(10**6))


@given(
    rate=st.integers(1, 200),
    workers=st.lists(
        st.tuples(st.floats(0, 2), st.floats(0.001, 0.6), st.integers(1, 40)), min_size=1, max_size=8
    ),
)
@hypothesis_settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_second_holds_more_turns_than_the_rate_however_many_are_taken_at_once(
    world: World, rate: int, workers: list[tuple[float, float, int]]
) -> None:
    name = f"run-{next(_runs)}"
    crew = [Worker(BEGIN + at, busy, wanted) for at, busy, wanted in workers]
    acted: list[float] = []
    for _ in range(40):
        # Whoever is free first asks next.
        acted += min(crew, key=lambda one: one.at).turns(name, rate)
    acted.sort()
    assert acted
    last = 0
    for n, first in enumerate(acted):
        # The clock is read in whole milliseconds.
        while last < len(acted) and acted[last] < first + 0.998:
            last += 1
        assert last - n <= rate


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


def test_a_block_is_one_write_and_no_longer_than_the_patience(world: World) -> None:
    with world.counted() as calls:
        turns = pace.take_turns("block", 10, 32, now=lambda: BEGIN)
    assert turns == pytest.approx([BEGIN + n / 10 for n in range(32)])
    assert calls == ["UpdateItem", "UpdateItem"], "a rate that nobody has kept yet is begun by the second"
    with world.counted() as calls:
        [first, *_] = pace.take_turns("block", 10, 32, now=lambda: BEGIN)
    assert first == pytest.approx(BEGIN + 3.2)
    assert calls == ["UpdateItem"]
    assert len(pace.take_turns("slow", 1, 32, now=lambda: BEGIN)) == 11


def test_a_turn_too_far_away_is_not_taken_and_not_used_up(world: World) -> None:
    crew = [Worker(BEGIN, 1.0) for _ in range(5)]
    found = [one.turns("slow", 1) for one in (Worker(BEGIN, 1.0, 11), *crew)]
    assert [len(one) for one in found] == [11, 0, 0, 0, 0, 0]
    # A second later, the first turn after those is within the patience.
    assert crew[3].turn("slow", 1) == pytest.approx(BEGIN + 11)


def test_after_a_rest_the_first_turn_is_at_once_and_nothing_was_saved_up(world: World) -> None:
    worker = Worker(BEGIN, 0.0)
    assert worker.turn("rest", 10) == BEGIN
    worker.at += 3600
    turns = [worker.turn("rest", 10) for _ in range(3)]
    assert turns == pytest.approx([BEGIN + 3600, BEGIN + 3600.1, BEGIN + 3600.2])
