"""Hours of every week on a clock: who has them free in each of the weeks ahead, when clocks change in some of them.

A weekly hour is a promise on one clock. Zones whose clocks change alike keep the same hours, so there are few clocks to
look at: of zones that never change in the weeks ahead there is one. An hour that the clock leaves out in one of the
weeks is nobody's; one that it shows twice is somebody's who has both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from chalicelib.kernel.zones import time_zone
from chalicelib.matching.engine.overlap import (
    SLOTS,
    Calendar,
    local_slots,
    offsets_of_week,
    utc_slots,
    week_starts,
)
from chalicelib.matching.formation import Weekly
from chalicelib.people.model import DAY_MINUTES, SLOT_MINUTES, WEEKDAYS, Profile

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]

_DAY_SLOTS = DAY_MINUTES // SLOT_MINUTES
_SLOT_SECONDS = SLOT_MINUTES * 60


@dataclass(frozen=True)
class Clock:
    """A zone's clock in the distinct weeks.

    Attributes
    ----------
    shown
        int64[weeks, 672]: which quarter of the local week the clock shows at each quarter of the UTC week.
    """

    zone: str
    shown: Ints

    def on_local(self, free: Mask) -> Mask:
        """Return bool[..., 672] of the local week: what is free in every week, of bool[weeks, ..., 672] in UTC."""
        found = np.ones(free.shape[1:], dtype=np.bool_)
        for week, shown in enumerate(self.shown):
            here = np.zeros(SLOTS, dtype=np.bool_)
            here[shown] = True
            found &= here
            order = np.argsort(shown, kind="stable")
            local, first = np.unique(shown[order], return_index=True)
            found[..., local] &= np.logical_and.reduceat(free[week][..., order], first, axis=-1)
        return found

    def utc(self, local: Mask) -> Mask:
        """Return bool[weeks, ..., 672] in UTC of bool[..., 672] of the local week."""
        return np.stack([local[..., shown] for shown in self.shown])


class Weeks:
    """The weeks ahead, and the clocks of some people's zones.

    Parameters
    ----------
    now, weeks
        Which weeks are ahead.
    zones
        Of all people.
    """

    def __init__(self, now: datetime, weeks: int, zones: Iterable[str]) -> None:
        names = sorted({*zones, "UTC"})
        starts = week_starts(now, weeks)
        self.calendar = Calendar.of(starts, names)
        self.first = self.calendar.starts[0]
        self._clock = {name: self._of(name) for name in names}
        kinds: dict[bytes, int] = {}
        self.clocks: list[Clock] = []
        self._kind: dict[str, int] = {}
        for name in names:
            # Of zones that are the same hours apart all the time, each weekly hour of one is one of the other.
            shown = self._clock[name].shown
            key = ((shown - shown[0, 0]) % SLOTS).tobytes()
            self._kind[name] = kinds.setdefault(key, len(kinds))
            if self._kind[name] == len(self.clocks):
                self.clocks.append(self._clock[name])

    @property
    def shape(self) -> tuple[int, int]:
        """How many distinct weeks there are, and quarters of an hour in each."""
        return len(self.calendar.starts), SLOTS

    def _of(self, zone: str) -> Clock:
        first = np.arange(SLOTS, dtype=np.int64) * _SLOT_SECONDS
        shown = [
            (first + np.asarray(offsets_of_week(zone, start), dtype=np.int64)) // _SLOT_SECONDS % SLOTS
            for start in self.calendar.starts
        ]
        return Clock(zone, np.stack(shown))

    def kind(self, zone: str) -> int:
        """Return which of the clocks a zone keeps."""
        return self._kind[zone]

    def free(self, profile: Profile) -> Mask:
        """Return bool[weeks, 672] in UTC: when somebody is free, in each distinct week."""
        local = local_slots(profile.availability)
        return np.stack(
            [utc_slots(local, profile.time_zone or "UTC", start) for start in self.calendar.starts]
        )

    def taken(self, weekly: Weekly) -> Mask:
        """Return bool[weeks, 672] in UTC: what a weekly stretch takes; in a week whose clock leaves it out nothing."""
        local = np.zeros(SLOTS, dtype=np.bool_)
        first = WEEKDAYS.index(weekly.weekday) * _DAY_SLOTS + weekly.start // SLOT_MINUTES
        local[np.arange(first, first + weekly.minutes // SLOT_MINUTES) % SLOTS] = True
        return self._clock[weekly.zone].utc(local)

    def weekly(self, kind: int, slot: int, slots: int, zone: str) -> Weekly:
        """Return a stretch of a clock's local week as a zone that keeps it shows it."""
        shift = int(self._clock[zone].shown[0, 0] - self.clocks[kind].shown[0, 0])
        there = (slot + shift) % SLOTS
        return Weekly(
            zone, WEEKDAYS[there // _DAY_SLOTS], there % _DAY_SLOTS * SLOT_MINUTES, slots * SLOT_MINUTES
        )

    def first_of(self, weekly: Weekly) -> datetime:
        """Return the instant (UTC) at which a weekly stretch begins first, in the first week; where clocks leave it out
        then, an hour later as clocks show it."""
        days = WEEKDAYS.index(weekly.weekday)
        local = self.first.replace(tzinfo=time_zone(weekly.zone)) + timedelta(days=days, minutes=weekly.start)
        found = local.astimezone(UTC)
        if found < self.first:
            found = (local + timedelta(days=7)).astimezone(UTC)
        elif found >= self.first + timedelta(days=7):
            found = (local - timedelta(days=7)).astimezone(UTC)
        return found


def runs(free: Mask, length: int) -> Mask:
    """Return where stretches of a length begin in bool[..., 672]; the week comes round again."""
    found = free.copy()
    for shift in range(1, length):
        found &= np.roll(free, -shift, axis=-1)
    return found


def stretches(free: Mask, length: int) -> list[tuple[int, int]]:
    """Return first quarter and length of the unbroken stretches of bool[672] that are long enough, in their order; the
    week comes round again."""
    if free.all():
        return [(0, SLOTS)]
    first = int(np.flatnonzero(~free)[0])
    turned = np.concatenate(([False], np.roll(free, -first), [False])).astype(np.int8)
    edges = np.flatnonzero(np.diff(turned)).reshape(-1, 2)
    return sorted(
        ((int(start) + first) % SLOTS, int(end - start)) for start, end in edges if end - start >= length
    )


def as_numbers(masks: Mask) -> list[int]:
    """Return the rows of bool[n, k] as whole numbers, of which bit k is column k."""
    packed = np.packbits(masks, axis=-1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in packed]


def bits(number: int) -> list[int]:
    """Return which bits of a number are set, from the lowest."""
    found = []
    while number:
        low = number & -number
        found.append(low.bit_length() - 1)
        number ^= low
    return found


def as_number(places: Sequence[int]) -> int:
    """Return the number of which these bits are set."""
    return sum(1 << one for one in places)
