"""Time zones, as the packaged `tzdata` has them: the machine's own files may be older or newer."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo


@cache
def time_zone(name: str) -> ZoneInfo:
    """Return the zone of an IANA name, the same on every machine."""
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as source:
        return ZoneInfo.from_file(source, key=name)


def instant_at(wall: datetime, zone: str) -> datetime:
    """Return the instant at which a zone's wall clock shows a naive local time.

    A time that spring leaves out is read with the offset before the change, so it comes later by as much; of one that
    autumn repeats it is the first. So RFC 5545, section 3.3.5, has it.

    Examples
    --------
    >>> instant_at(datetime(2027, 3, 28, 2, 30), "Europe/Paris").isoformat()
    '2027-03-28T01:30:00+00:00'
    """
    return wall.replace(tzinfo=time_zone(zone), fold=0).astimezone(UTC)


def wall_at(instant: datetime, zone: str) -> datetime:
    """Return what a zone's wall clock shows at an instant, without the zone."""
    return instant.astimezone(time_zone(zone)).replace(tzinfo=None, fold=0)


def is_skipped(wall: datetime, zone: str) -> bool:
    """Tell whether a zone's wall clock never shows a naive local time, since spring leaves it out."""
    return wall_at(instant_at(wall, zone), zone) != wall


def offset_minutes(instant: datetime, zone: str) -> float:
    """Return how far a zone's wall clock is ahead of UTC at an instant, in minutes."""
    offset = instant.astimezone(time_zone(zone)).utcoffset()
    return offset.total_seconds() / 60 if offset is not None else 0.0


def changes(zone: str, after: datetime, before: datetime) -> Iterator[datetime]:
    """Yield the instants, to the second, at which a zone's wall clock is changed between two others."""
    # No zone of the database goes there and back within a day.
    step, second = timedelta(days=1), timedelta(seconds=1)
    start = after.replace(microsecond=0)
    while start < before:
        end = min(start + step, before)
        if offset_minutes(end, zone) != offset_minutes(start, zone):
            low, high = start, end
            while high - low > second:
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                if middle <= low:
                    break
                same = offset_minutes(middle, zone) == offset_minutes(start, zone)
                low, high = (middle, high) if same else (low, middle)
            yield high
        start = end
