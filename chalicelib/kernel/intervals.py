"""Stretches of time: what of some lies in others, and what they come to when each moment counts once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, order=True)
class Interval:
    """A stretch of time, its end not in it."""

    starts_at: datetime
    ends_at: datetime

    @property
    def seconds(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds())


def overlap(one: Interval, other: Interval) -> int:
    """Return how many seconds two intervals share."""
    shared = min(one.ends_at, other.ends_at) - max(one.starts_at, other.starts_at)
    return max(0, int(shared.total_seconds()))


def cut(intervals: Iterable[Interval], held: Interval) -> list[Interval]:
    """Return what of some intervals lies within another."""
    shared = (
        Interval(max(one.starts_at, held.starts_at), min(one.ends_at, held.ends_at)) for one in intervals
    )
    return [one for one in shared if one.starts_at < one.ends_at]


def united(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the union of some intervals as the fewest that do not touch, in order."""
    found: list[Interval] = []
    for one in sorted(intervals):
        if found and one.starts_at <= found[-1].ends_at:
            found[-1] = Interval(found[-1].starts_at, max(found[-1].ends_at, one.ends_at))
        else:
            found.append(one)
    return tuple(found)


def within(intervals: Iterable[Interval], parts: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return what of some intervals lies in others."""
    whole = united(intervals)
    return united(one for part in parts for one in cut(whole, part))


def without(intervals: Iterable[Interval], taken: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return what of some intervals lies in no other."""
    left: list[Interval] = list(united(intervals))
    for one in taken:
        left = [
            rest
            for each in left
            for rest in (
                Interval(each.starts_at, min(each.ends_at, max(each.starts_at, one.starts_at))),
                Interval(max(each.starts_at, min(each.ends_at, one.ends_at)), each.ends_at),
            )
            if rest.starts_at < rest.ends_at
        ]
    return united(left)


def seconds_of(intervals: Sequence[Interval]) -> int:
    """Return the whole seconds of a union of intervals: of their sum, and not the sum of each one's."""
    return int(sum((one.ends_at - one.starts_at for one in intervals), timedelta()).total_seconds())


def first_seconds(parts: Sequence[Interval], seconds: int) -> tuple[Interval, ...]:
    """Return the first so many seconds of some intervals, or all of them where they have fewer."""
    found, left = [], timedelta(seconds=seconds)
    for one in united(parts):
        if left <= timedelta():
            break
        taken = min(left, one.ends_at - one.starts_at)
        found.append(Interval(one.starts_at, one.starts_at + taken))
        left -= taken
    return tuple(found)
