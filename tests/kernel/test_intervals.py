"""Stretches of time against what a watch at every second counts."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.intervals import Interval, first_seconds, seconds_of, united, within, without

NOON = datetime(2026, 12, 2, 12, tzinfo=UTC)


def interval(since: int, length: int) -> Interval:
    return Interval(NOON + timedelta(seconds=since), NOON + timedelta(seconds=since + length))


SOME = st.lists(st.builds(interval, st.integers(0, 40), st.integers(0, 15)), max_size=5)


def watched(intervals: list[Interval] | tuple[Interval, ...]) -> set[int]:
    moments = ((n, NOON + timedelta(seconds=n)) for n in range(60))
    return {n for n, at in moments if any(one.starts_at <= at < one.ends_at for one in intervals)}


@given(SOME, SOME)
def test_what_lies_in_others_and_what_does_not(some: list[Interval], others: list[Interval]) -> None:
    both, rest = within(some, others), without(some, others)
    assert watched(both) == watched(some) & watched(others)
    assert watched(rest) == watched(some) - watched(others)
    assert seconds_of(both) + seconds_of(rest) == len(watched(some)) == seconds_of(united(some))


@given(SOME, st.integers(0, 80))
def test_the_first_seconds_are_as_many_or_all(some: list[Interval], seconds: int) -> None:
    found = first_seconds(some, seconds)
    assert watched(found) == set(sorted(watched(some))[:seconds])
    assert seconds_of(found) == min(seconds, seconds_of(united(some)))
