"""When a week's mail is due, and what of it is still to be told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.notifications.letters import Letter
from chalicelib.notifications.model import Kind
from chalicelib.notifications.preferences import Frequency, Preferences

WEEKDAY = 0
"""Monday: most of the week is still ahead. Where the week begins on another day, it is a working day, too."""

AT = time(8)
"""Before most people's first appointment, and after most quiet hours; theirs are kept in any case."""


@dataclass(frozen=True)
class Item:
    """A message that was put off: what its mail would have been written from."""

    message_id: str
    kind: str
    payload: dict[str, object]
    gathered_at: datetime


class Drop(StrEnum):
    """Why an item is not told of: its reason has gone, its reader wants no mails of its kind any more, or there is no
    such kind any more."""

    MOOT = "moot"
    SWITCHED_OFF = "switched-off"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Sorted:
    """What of a digest's items is told, in the order in which it came, and why the others are not, by message."""

    letters: tuple[tuple[Item, Letter], ...]
    dropped: tuple[tuple[Item, Drop], ...]


def due_after(now: datetime, zone: str | None) -> tuple[date, datetime]:
    """Return the day of the next weekly mail after an instant, and when it is due.

    Parameters
    ----------
    zone
        IANA name; None counts in UTC.
    """
    local = now.astimezone(ZoneInfo(zone) if zone else UTC)
    day = local.date() + timedelta(days=(WEEKDAY - local.weekday()) % 7)
    if due_on(day, zone) <= now:
        day += timedelta(days=7)
    return day, due_on(day, zone)


def due_on(day: date, zone: str | None) -> datetime:
    """Return when the weekly mail of a day is due, in UTC."""
    return datetime.combine(day, AT, ZoneInfo(zone) if zone else UTC).astimezone(UTC)


def sort_out(
    items: Iterable[Item], chosen: Preferences, letter_of: Callable[[Item], Letter | None]
) -> Sorted:
    """Tell what of some items is still to be told: each is in one of the two lists.

    Parameters
    ----------
    letter_of
        Returns what an item's mail is written from now, None where its reason has gone.
    """
    letters: list[tuple[Item, Letter]] = []
    dropped: list[tuple[Item, Drop]] = []
    for one in items:
        if one.kind not in set(Kind):
            dropped.append((one, Drop.UNKNOWN))
        elif chosen.frequency(Kind(one.kind)) is Frequency.OFF:
            dropped.append((one, Drop.SWITCHED_OFF))
        elif (letter := letter_of(one)) is None:
            dropped.append((one, Drop.MOOT))
        else:
            letters.append((one, letter))
    return Sorted(tuple(letters), tuple(dropped))
