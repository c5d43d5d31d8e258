"""Finding times that two people have free, the most comfortable first.

Time is a set of quarters of an hour, kept as a whole number: bit n is the nth quarter from a whole hour in UTC. A
weekly promise on a wall clock becomes such a set stretch by stretch, each with one offset of the zone, so what spring
leaves out is never free and what autumn repeats is free twice. docs/adr/0027-calendars.md says how slots are ranked.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from chalicelib.calendars.model import STEP, Span
from chalicelib.kernel.zones import offset_minutes
from chalicelib.people.model import DAY_MINUTES, SLOT_MINUTES, WEEKDAYS, Window

WEEK = timedelta(days=7)
SLOTS_A_WEEK = 5
_DAY = DAY_MINUTES // SLOT_MINUTES
_WEEK_BITS = 7 * _DAY
_STEP_SECONDS = SLOT_MINUTES * 60

COMFORT: tuple[tuple[int, int, int], ...] = (
    (0, 6, 0), (6, 7, 60), (7, 8, 80), (8, 18, 100), (18, 20, 80), (20, 22, 60), (22, 23, 30), (23, 24, 0),
)  # fmt: skip
"""From hour, up to hour, points of a quarter of an hour that begins in between, on a person's own clock."""

_POINTS = bytes(points for start, end, points in COMFORT for _ in range((end - start) * 4))
_ODDNESS = bytes((0, 2, 1, 2) * 24)  # how odd a start looks: full hours least, then half ones


@dataclass(frozen=True)
class Hours:
    """When a person can be met: a zone and stretches of each week on its clock. Without a zone there are none."""

    zone: str | None
    windows: tuple[Window, ...]

    @property
    def is_known(self) -> bool:
        return self.zone is not None and bool(self.windows)


@dataclass(frozen=True)
class Slot:
    """A time that both have free.

    Attributes
    ----------
    week
        The how manieth of the weeks looked at, from 1.
    comfort
        0 to 100, each person's in the order asked for.
    """

    span: Span
    week: int
    comfort: tuple[int, int]

    @property
    def least(self) -> int:
        return min(self.comfort)


def is_within(hours: Hours, span: Span) -> bool:
    """Tell whether somebody can be met all through a stretch, by what they say of their week."""
    start, end = _floor(span.starts_at), _ceil(span.ends_at)
    count = _steps(end - start)
    return free_of(hours, start, count) == (1 << count) - 1


def times(
    hours: tuple[Hours, Hours],
    busy: tuple[Sequence[Span], Sequence[Span]],
    *,
    after: datetime,
    weeks: int,
    minutes: int,
) -> tuple[Slot, ...]:
    """Return when two people can meet for some minutes, the most comfortable first.

    Parameters
    ----------
    busy
        What each has booked; what touches a quarter of an hour takes it.
    after
        From then on, counted in weeks of seven days.
    """
    start = _ceil(after)
    count = weeks * _WEEK_BITS
    free = (1 << count) - 1
    for theirs, taken in zip(hours, busy, strict=True):
        free &= free_of(theirs, start, count) & ~_bits(taken, start, count)
    length = -(-minutes // SLOT_MINUTES)
    starts = _runs(free, length)
    if not starts:
        return ()
    points = tuple(_on_clock(_POINTS, theirs.zone or "UTC", start, count) for theirs in hours)
    odd = tuple(_on_clock(_ODDNESS, theirs.zone or "UTC", start, count) for theirs in hours)
    found: list[Slot] = []
    for week in range(weeks):
        one = starts >> (week * _WEEK_BITS) & ((1 << _WEEK_BITS) - 1)
        ranked = []
        for place in (week * _WEEK_BITS + place for place in _places(one)):
            comfort = min(points[0][place : place + length]), min(points[1][place : place + length])
            ranked.append((-min(comfort), -sum(comfort), odd[0][place] + odd[1][place], place, comfort))
        for place, comfort in _apart(ranked, length):
            found.append(Slot(Span.of(start + place * STEP, minutes), week + 1, comfort))
    return tuple(sorted(found, key=lambda slot: (-slot.least, -sum(slot.comfort), slot.span)))


def _apart(
    ranked: list[tuple[int, int, int, int, tuple[int, int]]], length: int
) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield the best of a week of which no two overlap."""
    taken = chosen = 0
    for *_, place, comfort in sorted(ranked):
        mask = (1 << length) - 1 << place
        if taken & mask:
            continue
        yield place, comfort
        taken |= mask
        chosen += 1
        if chosen == SLOTS_A_WEEK:
            return


def free_of(hours: Hours, start: datetime, count: int) -> int:
    """Return the quarters of an hour from `start` on in which somebody can be met, of `count`."""
    if hours.zone is None:
        return 0
    week, found = _local_week(hours.windows), 0
    if not week:
        return 0
    for first, end, offset in _stretches(hours.zone, start, count):
        bits = _turned(week, start + first * STEP, offset)
        if offset % _STEP_SECONDS:
            # A clock that is off by less than a quarter: both local quarters that this one touches are to be free.
            bits &= _turned(week, start + (first + 1) * STEP, offset)
        found |= _repeated(bits, end - first) << first
    return found


def _local_week(windows: Iterable[Window]) -> int:
    """Return the quarters of a local week, Monday 00:00 first, that the windows cover."""
    week = 0
    for window in windows:
        first = -(-window.start // SLOT_MINUTES)
        length = window.end // SLOT_MINUTES - first
        if length > 0:
            week |= (1 << length) - 1 << WEEKDAYS.index(window.weekday) * _DAY + first
    return week


def _turned(week: int, start: datetime, offset: int) -> int:
    """Return a local week as it comes by from `start` on, where the clock is `offset` seconds ahead of UTC."""
    local = start.replace(tzinfo=None) + timedelta(seconds=offset)
    shift = (local.weekday() * _DAY * _STEP_SECONDS + _second_of_day(local)) // _STEP_SECONDS
    return (week >> shift | week << _WEEK_BITS - shift) & (1 << _WEEK_BITS) - 1


def _repeated(week: int, count: int) -> int:
    """Return a week over and over, `count` bits of it."""
    whole = week
    length = _WEEK_BITS
    while length < count:
        whole |= whole << length
        length *= 2
    return whole & (1 << count) - 1


def _bits(spans: Iterable[Span], start: datetime, count: int) -> int:
    """Return the quarters from `start` on that stretches touch."""
    found = 0
    for span in spans:
        first = max(_steps(span.starts_at - start), 0)
        end = min(-_steps(start - span.ends_at), count)
        if first < end:
            found |= (1 << end - first) - 1 << first
    return found


def _runs(free: int, length: int) -> int:
    """Return the quarters at which so many free ones begin."""
    have = 1
    while have < length:
        more = min(have, length - have)
        free &= free >> more
        have += more
    return free


def _places(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _on_clock(day: bytes, zone: str, start: datetime, count: int) -> bytes:
    """Return what each quarter of a local day counts, for each quarter from `start` on, on a zone's clock."""
    found = bytearray()
    for first, end, offset in _stretches(zone, start, count):
        local = (start + first * STEP).replace(tzinfo=None) + timedelta(seconds=offset)
        place = _second_of_day(local) // _STEP_SECONDS
        length = end - first
        found += (day[place:] + day * (length // _DAY + 1))[:length]
    return bytes(found)


@lru_cache(maxsize=256)
def _stretches(zone: str, start: datetime, count: int) -> tuple[tuple[int, int, int], ...]:
    """Return from which quarter up to which a zone keeps an offset, and the offset in seconds."""
    found: list[tuple[int, int, int]] = []
    first, offset, place = 0, _offset(zone, start), 0
    while place < count:
        # No zone of the database goes there and back within a day.
        after = min(place + _DAY, count)
        if _offset(zone, start + after * STEP) != offset:
            change = _change(zone, start, place, after, offset)
            found.append((first, change, offset))
            first, place, offset = change, change, _offset(zone, start + change * STEP)
        else:
            place = after
    found.append((first, count, offset))
    return tuple(one for one in found if one[0] < one[1])


def _change(zone: str, start: datetime, before: int, after: int, offset: int) -> int:
    """Return the first quarter with another offset than the one before."""
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, start + middle * STEP) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: str, instant: datetime) -> int:
    return round(offset_minutes(instant, zone) * 60)


def _second_of_day(wall: datetime) -> int:
    return wall.hour * 3600 + wall.minute * 60 + wall.second


def _steps(length: timedelta) -> int:
    """Return how many whole quarters a length has; of a negative one the next below."""
    return length // STEP


def _floor(instant: datetime) -> datetime:
    return instant - timedelta(seconds=instant.timestamp() % _STEP_SECONDS)


def _ceil(instant: datetime) -> datetime:
    floor = _floor(instant)
    return floor if floor == instant else floor + STEP
