"""Days as the countries of authorities have them: when one is over, and which one it is.

A country with several time zones has them end at several instants; here a day is over with the first of them
(docs/adr/0018-expiry.md).
"""

import calendar
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from chalicelib.people import codes

# The calendar of dates ends with 9999-12-31, which a client may send; its end could not be written.
_LAST = date.max - timedelta(days=1)


def end_of(day: date, country: str | None) -> datetime:
    """Return the instant (UTC) at which a day is over in a country: in the first of its time zones.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2. None, and a country in which nobody lives, has its days in UTC.
    """
    midnight = datetime.combine(min(day, _LAST) + timedelta(days=1), time())
    return min(midnight.replace(tzinfo=zone).astimezone(UTC) for zone in _zones(country))


def today_in(country: str | None, now: datetime) -> date:
    """Return which day it is in a country: the latest, where its time zones have two."""
    return max(now.astimezone(zone).date() for zone in _zones(country))


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@cache
def _zones(country: str | None) -> tuple[tzinfo, ...]:
    names = codes.zones_of(country) if country is not None else ()
    return tuple(named_zone(name) for name in names) or (UTC,)


@cache
def named_zone(name: str) -> ZoneInfo:
    """Read a zone from the packaged `tzdata`: the machine's own files may be older, and differ between machines."""
    from importlib.resources import files

    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as source:
        return ZoneInfo.from_file(source, key=name)
