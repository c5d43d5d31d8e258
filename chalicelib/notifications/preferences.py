"""What a person chooses of the mails they get: which kinds, and in which hours of their day none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from chalicelib.notifications.catalogue import CATALOGUE
from chalicelib.notifications.model import Kind

_DAY_MINUTES = 24 * 60
_TIME_ENOUGH = timedelta(hours=2)
"""Between reading of a session and its beginning; our judgement. The last reminder comes an hour before."""


class Frequency(StrEnum):
    """How often a kind is sent."""

    AT_ONCE = "at_once"
    WEEKLY = "weekly"
    OFF = "off"


@dataclass(frozen=True)
class QuietHours:
    """A stretch of each day in the person's own local time, from `start` up to `end` in minutes of the day; one that
    ends before it starts goes over midnight.

    Raises
    ------
    ValueError
        If it has no length, or a minute is none of a day.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < _DAY_MINUTES and 0 <= self.end < _DAY_MINUTES) or self.start == self.end:
            raise ValueError("quiet hours are two different minutes of a day")

    def _holds(self, minute: int) -> bool:
        if self.start < self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end

    def over_at(self, now: datetime, zone: str | None) -> datetime | None:
        """Return the end of the quiet hours that `now` lies in, in UTC; None outside of them.

        Where clocks are set forward over the end, it is as long after the start as on any other day; where they are
        set back over it, the first of the two that is still to come.

        Parameters
        ----------
        zone
            IANA name; None counts in UTC.
        """
        local = now.astimezone(ZoneInfo(zone) if zone else UTC)
        minute = local.hour * 60 + local.minute
        if not self._holds(minute):
            return None
        day = local.date() + timedelta(days=1 if minute >= self.end else 0)
        wall = datetime(day.year, day.month, day.day, self.end // 60, self.end % 60, tzinfo=local.tzinfo)
        ends = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
        return next((one for one in ends if one > now), None)


@dataclass(frozen=True)
class Preferences:
    """A person's choices; a kind that is not in `frequencies` is sent at once."""

    person_id: str
    frequencies: Mapping[Kind, Frequency] = field(default_factory=lambda: MappingProxyType({}))
    quiet: QuietHours | None = None
    created_at: datetime | None = None
    version: int | None = None

    def frequency(self, kind: Kind) -> Frequency:
        """Return how often a kind is sent: as chosen, where the catalogue leaves a choice."""
        chosen = self.frequencies.get(kind, Frequency.AT_ONCE)
        return chosen if chosen in choices(kind) else Frequency.AT_ONCE

    def quiet_until(
        self, kind: Kind, now: datetime, zone: str | None, begins_at: datetime | None = None
    ) -> datetime | None:
        """Return until when a mail of a kind waits at `now`; None where it does not.

        Parameters
        ----------
        begins_at
            When what it is about begins.
        """
        until = self.quiet.over_at(now, zone) if self.quiet is not None else None
        if until is None or CATALOGUE[kind].urgent:
            return None
        is_near = begins_at is not None and begins_at < until + _TIME_ENOUGH
        return None if is_near and CATALOGUE[kind].urgent_if_near else until


def choices(kind: Kind) -> tuple[Frequency, ...]:
    """Return between what a reader may choose for a kind."""
    entry = CATALOGUE[kind]
    weekly = (Frequency.WEEKLY,) if entry.weekly else ()
    return (Frequency.AT_ONCE, *weekly, *((Frequency.OFF,) if entry.switchable else ()))
