"""Common time on real weeks: availability as bit sets of quarters of an hour in UTC.

A person's windows are local promises ("Tuesdays 18:00 to 20:00"), so what they mean in UTC changes with the
clocks of their zone. Each quarter of an hour of a UTC week is asked what the wall clock shows then; that
direction has one answer always, in the hour that spring leaves out and in the one that autumn repeats alike.
Weeks in which no zone of the pool differs from an earlier week are worked out once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import tzdata  # type: ignore[import-untyped]
from numpy.typing import NDArray

from chalicelib.kernel.zones import time_zone
from chalicelib.matching.model import CommonWindow, LocalSpan
from chalicelib.people.model import DAY_MINUTES, SLOT_MINUTES, WEEKDAYS, Profile, Window

SLOTS = 7 * DAY_MINUTES // SLOT_MINUTES
"""Quarters of an hour in a week: 672."""

WORDS = -(-SLOTS // 64)
_SLOT_SECONDS = SLOT_MINUTES * 60
_DAY_SLOTS = DAY_MINUTES // SLOT_MINUTES
_WEEK = timedelta(days=7)
# Up to this many pairs of a block left to look at, picking their bits is quicker than going over the block.
_FEW = 60_000

Bits = NDArray[np.uint64]
Slots = NDArray[np.uint16]
Rows = NDArray[np.intp]


def week_starts(taken_at: datetime, weeks: int) -> tuple[datetime, ...]:
    """Return the starts of the next `weeks` weeks: Mondays 00:00 UTC, the first after the day of `taken_at`.

    Examples
    --------
    >>> week_starts(datetime(2026, 11, 22, 2, tzinfo=UTC), 1)[0].isoformat()
    '2026-11-23T00:00:00+00:00'
    >>> week_starts(datetime(2026, 11, 23, 2, tzinfo=UTC), 1)[0].isoformat()
    '2026-11-30T00:00:00+00:00'
    """
    day = taken_at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    first = day + timedelta(days=7 - day.weekday())
    return tuple(first + n * _WEEK for n in range(weeks))


def time_zone_release() -> str:
    """Return the release of the packaged time zone database, for example "2026a"."""
    release: str = tzdata.IANA_VERSION
    return release


@dataclass(frozen=True)
class Calendar:
    """The distinct weeks of a run.

    Attributes
    ----------
    starts
        First instants of the weeks to evaluate, in time's order; the first is always the first of the run.
    """

    starts: tuple[datetime, ...]

    @classmethod
    def of(cls, starts: Sequence[datetime], zones: Iterable[str]) -> Calendar:
        """Keep of `starts` each first week of those in which every zone has the same offsets."""
        known = sorted(set(zones))
        kept: dict[tuple[tuple[int, ...], ...], datetime] = {}
        for start in starts:
            kept.setdefault(tuple(offsets_of_week(zone, start) for zone in known), start)
        return cls(tuple(kept.values()))


@lru_cache(maxsize=16_384)  # all zones over a quarter of a year
def offsets_of_week(zone: str, start: datetime) -> tuple[int, ...]:
    """Return the zone's offset in seconds for a whole week, as one number, or one for each slot.

    Looking once a day is enough to see that clocks change: no zone of the database goes there and back within
    a day.
    """
    clock = time_zone(zone)
    days = {_offset(clock, start + timedelta(days=n)) for n in range(8)}
    if len(days) == 1:
        return (days.pop(),)
    return tuple(_offset(clock, start + timedelta(minutes=SLOT_MINUTES * n)) for n in range(SLOTS))


def _offset(zone: ZoneInfo, instant: datetime) -> int:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None  # noqa: S101  an aware datetime of a ZoneInfo always has one
    return int(offset.total_seconds())


def offset_at(zone: str | None, start: datetime) -> int:
    """Return a zone's offset from UTC at the start of a week, in seconds; UTC's own for who names no zone."""
    return offsets_of_week(zone or "UTC", start)[0]


def local_slots(windows: Sequence[Window]) -> NDArray[np.bool_]:
    """Return bool[672]: the quarters of an hour of a local week, Monday 00:00 first, that the windows cover."""
    free = np.zeros(SLOTS, dtype=np.bool_)
    for window in windows:
        day = WEEKDAYS.index(window.weekday) * _DAY_SLOTS
        free[day + -(-window.start // SLOT_MINUTES) : day + window.end // SLOT_MINUTES] = True
    return free


def utc_slots(local: NDArray[np.bool_], zone: str, start: datetime) -> NDArray[np.bool_]:
    """Return bool[..., 672]: the slots of the UTC week from `start` that are free all through on the zone's clock."""
    offsets = np.asarray(offsets_of_week(zone, start), dtype=np.int64)
    first = np.arange(SLOTS, dtype=np.int64) * _SLOT_SECONDS + offsets
    begin: NDArray[np.bool_] = local[..., first // _SLOT_SECONDS % SLOTS]
    if np.any(offsets % _SLOT_SECONDS):
        begin = begin & local[..., (first + _SLOT_SECONDS - 1) // _SLOT_SECONDS % SLOTS]
    return begin


def pack(slots: NDArray[np.bool_]) -> Bits:
    """Pack bool[..., 672] into uint64[..., 11]."""
    octets = np.zeros((*slots.shape[:-1], WORDS * 8), dtype=np.uint8)
    octets[..., : SLOTS // 8] = np.packbits(slots, axis=-1, bitorder="little")
    return octets.view(np.uint64)


@dataclass(frozen=True)
class Availability:
    """One side's free time as bit sets.

    Attributes
    ----------
    free
        uint64[weeks, people, 11]: free slots of each distinct week.
    runs
        The same for slots at which an unbroken free stretch of the needed length starts, within the week. Two
        people have such a stretch in common where these meet, as each is free throughout it.
    """

    free: Bits
    runs: Bits

    @classmethod
    def of(cls, profiles: Sequence[Profile], calendar: Calendar, stretch_slots: int) -> Availability:
        """Encode people; those with the same zone and windows are worked out once."""
        patterns: dict[tuple[str, tuple[Window, ...]], int] = {}
        which = np.asarray(
            [patterns.setdefault((p.time_zone or "", p.availability), len(patterns)) for p in profiles],
            dtype=np.intp,
        )
        shape = (len(calendar.starts), len(patterns), WORDS)
        free, runs = np.zeros(shape, dtype=np.uint64), np.zeros(shape, dtype=np.uint64)
        for (zone, windows), n in patterns.items():
            local = local_slots(windows)
            for week, start in enumerate(calendar.starts):
                slots = utc_slots(local, zone, start)
                free[week, n] = pack(slots)
                runs[week, n] = pack(_run_starts(slots, stretch_slots))
        return cls(free[:, which], runs[:, which])

    @classmethod
    def of_one(
        cls, local: NDArray[np.bool_], zone: str, calendar: Calendar, stretch_slots: int
    ) -> Availability:
        """Encode bool[V, 672], weeks that one person of a zone might have free, as V people."""
        weeks = [utc_slots(local, zone, start) for start in calendar.starts]
        return cls(
            np.stack([pack(slots) for slots in weeks]),
            np.stack([pack(_run_starts(slots, stretch_slots)) for slots in weeks]),
        )


def _run_starts(slots: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    starts = slots.copy()
    for shift in range(1, length):
        starts[..., :-shift] &= slots[..., shift:]
        starts[..., -shift:] = False
    return starts


class _Week:
    """The mentors' slots of one week.

    Attributes
    ----------
    bits
        uint64[M, 11]
    """

    def __init__(self, bits: Bits) -> None:
        self.bits = bits

    @cached_property
    def _by_slot(self) -> NDArray[np.uint8]:
        return np.ascontiguousarray(_unpacked(self.bits).T)

    def in_common(self, mentees: Bits, columns: Rows | None = None) -> Slots:
        """Return uint16[B, C]: how many slots each of some mentees has in common with some mentors (by default all).

        A matrix product over the slots in which any of these mentees has time: quicker over a block than counting bits,
        and exact on numbers this small.
        """
        slots = _unpacked(mentees)
        some = np.flatnonzero(slots.any(axis=0))
        theirs = self._by_slot[some] if columns is None else self._by_slot[np.ix_(some, columns)]
        return (slots[:, some].astype(np.float32) @ theirs.astype(np.float32)).astype(np.uint16)


def _unpacked(bits: Bits) -> NDArray[np.uint8]:
    octets = np.ascontiguousarray(bits).view(np.uint8)
    return np.unpackbits(octets, axis=-1, count=SLOTS, bitorder="little")


class CommonTime:
    """The common time of mentees with mentors, block by block."""

    def __init__(self, mentees: Availability, mentors: Availability, needed_slots: int) -> None:
        self._mentees = mentees
        self._free = [_Week(bits) for bits in mentors.free]
        self._runs = [_Week(bits) for bits in mentors.runs]
        self._needed = needed_slots

    def with_mentees(self, mentees: Availability, mentors: Rows) -> CommonTime:
        """Return the common time of other mentees with some of these mentors, under the same rule."""
        some = Availability(
            *(np.stack([week.bits[mentors] for week in kind]) for kind in (self._free, self._runs))
        )
        return CommonTime(mentees, some, self._needed)

    def of_block(
        self, rows: Rows, wanted: NDArray[np.bool_], columns: Rows | None = None
    ) -> tuple[NDArray[np.bool_], Slots]:
        """Tell which wanted pairs have enough common time in every week.

        Parameters
        ----------
        rows
            Indices of B mentees.
        wanted
            bool[B, C]: pairs to look at; the others come back False.
        columns
            Indices of C mentors; by default all.

        Returns
        -------
        enough
            bool[B, C]: the wanted pairs with the needed slots and stretch in each week.
        least
            uint16[B, C]: common slots of the poorest week; only valid where `enough`.
        """
        enough = wanted.copy()
        least = np.zeros(wanted.shape, dtype=np.uint16)
        for week in range(len(self._free)):
            if not enough.any():
                break
            self._pass(enough, self._mentees.runs[week, rows], self._runs[week], columns, 1)
            common = self._pass(
                enough, self._mentees.free[week, rows], self._free[week], columns, self._needed
            )
            least = common if week == 0 else np.minimum(least, common)
        return enough, least

    def _pass(
        self, enough: NDArray[np.bool_], mentees: Bits, mentors: _Week, columns: Rows | None, needed: int
    ) -> Slots:
        """Leave in `enough` the pairs with `needed` slots in common, and return how many those have."""
        left = np.flatnonzero(enough)
        if left.size > _FEW:
            common = mentors.in_common(mentees, columns)
            enough &= common >= needed
            return common
        row, column = np.divmod(left, enough.shape[1])
        mentor = column if columns is None else columns[column]
        found = np.bitwise_count(mentees[row] & mentors.bits[mentor]).sum(axis=1, dtype=np.uint16)
        common = np.zeros(enough.shape, dtype=np.uint16)
        common.reshape(-1)[left] = found
        enough.reshape(-1)[left] = found >= needed
        return common

    def least_of_block(self, rows: Rows, columns: Rows | None = None) -> tuple[Slots, NDArray[np.bool_]]:
        """Return the common slots of each pair's poorest week, and whether every week has the stretch."""
        least = np.full(
            (len(rows), len(self._free[0].bits) if columns is None else len(columns)), SLOTS, np.uint16
        )
        stretch = np.ones(least.shape, dtype=np.bool_)
        for week in range(len(self._free)):
            common = self._free[week].in_common(self._mentees.free[week, rows], columns)
            np.minimum(least, common, out=least)
            stretch &= self._runs[week].in_common(self._mentees.runs[week, rows], columns) > 0
        return least, stretch

    def least_of_pairs(self, rows: Rows, columns: Rows) -> Slots:
        """Return uint16[E]: the common slots of each given pair's poorest week."""
        least = np.full(len(rows), SLOTS, dtype=np.uint16)
        for week in range(len(self._free)):
            common = np.bitwise_count(self._mentees.free[week, rows] & self._free[week].bits[columns])
            np.minimum(least, common.sum(axis=1, dtype=np.uint16), out=least)
        return least


def common_windows(mentee: Profile, mentor: Profile, start: datetime) -> tuple[CommonWindow, ...]:
    """Return the stretches that both have free in the UTC week from `start`, each on both clocks.

    Slots that touch become one window, also across the week's two ends where neither clock changes in between,
    since the week comes round again.
    """
    zones = (mentee.time_zone or "UTC", mentor.time_zone or "UTC")
    free = utc_slots(local_slots(mentee.availability), zones[0], start)
    free &= utc_slots(local_slots(mentor.availability), zones[1], start)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], free, [False])).astype(np.int8)))
    spans = [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
    steady = all(len(offsets_of_week(name, start)) == 1 for name in zones)
    if steady and len(spans) > 1 and spans[0][0] == 0 and spans[-1][1] == SLOTS:
        head = spans.pop(0)
        spans[-1] = (spans[-1][0], SLOTS + head[1])
    windows = []
    for first, end in spans:
        begin = start + timedelta(minutes=first * SLOT_MINUTES)
        until = start + timedelta(minutes=end * SLOT_MINUTES)
        windows.append(
            CommonWindow(
                starts_at=begin,
                minutes=(end - first) * SLOT_MINUTES,
                mentee=_local_span(zones[0], begin, until),
                mentor=_local_span(zones[1], begin, until),
            )
        )
    return tuple(windows)


def _local_span(zone: str, begin: datetime, until: datetime) -> LocalSpan:
    first, last = begin.astimezone(time_zone(zone)), until.astimezone(time_zone(zone))
    return LocalSpan(
        weekday=WEEKDAYS[first.weekday()],
        start=first.hour * 60 + first.minute,
        end_weekday=WEEKDAYS[last.weekday()],
        end=last.hour * 60 + last.minute,
    )
