"""Time given: what counts, in which month, against which pledge, and who is thanked. docs/adr/0037-health.md."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from chalicelib.mentorships.sessions.model import Held
from chalicelib.people.model import Person

THANKED_FROM = 60
"""Minutes in a month from which on a mentor is thanked: one meeting of an hour; our judgement. There is no second
step, so that nobody is more thanked than another."""
MOST_PLEDGES = 60
"""Changes of a pledge that are kept: one a month for five years. The oldest leaves first."""


class ShownAs(StrEnum):
    """By which name a mentor is thanked: FULL (Claire Tremblay), GIVEN (Claire), INITIALS (C. T.)."""

    FULL = "full"
    GIVEN = "given"
    INITIALS = "initials"


@dataclass(frozen=True)
class Pledge:
    """Minutes a week that a mentor pledges from a day (UTC) on; 0 takes a pledge back."""

    on: date
    minutes: int


@dataclass(frozen=True)
class Giving:
    """What a mentor says of their time in a programme.

    Attributes
    ----------
    pledges
        The earliest first.
    shown_as, thanked_as
        How they wish to be thanked, None for not at all, and the very name as they chose it.
    place
        Where they stand on the board; it says nothing of who they are.
    """

    person_id: str
    programme_id: str
    pledges: tuple[Pledge, ...] = ()
    shown_as: ShownAs | None = None
    thanked_as: str | None = None
    place: str | None = None
    created_at: datetime | None = None
    version: int | None = None

    @property
    def minutes_a_week(self) -> int | None:
        """What is pledged now; None for nothing."""
        return (self.pledges[-1].minutes or None) if self.pledges else None


@dataclass(frozen=True)
class GivenIn:
    """Time that a mentor gave in a month in one mentorship."""

    month: str
    programme_id: str
    mentorship_id: str
    given: Held


def month_of(at: datetime) -> str:
    """Return the month (UTC) of an instant, as 2027-03."""
    return f"{at.astimezone(UTC):%Y-%m}"


def days_of(month: str) -> tuple[date, date]:
    """Return the first day of a month, and that of the next."""
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=32)).replace(day=1)


def month_before(now: datetime) -> str:
    return month_of(now.astimezone(UTC).replace(day=1) - timedelta(days=1))


def pledged(giving: Giving, minutes_a_week: int | None, today: date) -> Giving:
    """Return it with another pledge from today on."""
    if (minutes_a_week or None) == giving.minutes_a_week:
        return giving
    kept = tuple(one for one in giving.pledges if one.on < today)
    added = (*kept, Pledge(today, minutes_a_week or 0))
    return replace(giving, pledges=added[-MOST_PLEDGES:])


def pledged_in(pledges: Sequence[Pledge], month: str, now: datetime) -> int | None:
    """Return how many minutes were pledged in a month, up to and with today, day by day; None for none at all."""
    first, after = days_of(month)
    until = min(after, now.astimezone(UTC).date() + timedelta(days=1))
    total, is_pledged = 0, False
    for n, one in enumerate(pledges):
        begins = max(one.on, first)
        ends = min(pledges[n + 1].on if n + 1 < len(pledges) else until, until)
        if begins < ends and one.minutes:
            total += one.minutes * (ends - begins).days
            is_pledged = True
    return round(total / 7) if is_pledged else None


def share(minutes: int, pledged_minutes: int | None) -> float | None:
    """Return which part of what was pledged was given, two digits after the point; over 1 for more."""
    return round(minutes / pledged_minutes, 2) if pledged_minutes else None


def name_shown(person: Person, shown_as: ShownAs) -> str:
    if shown_as is ShownAs.FULL:
        return person.name
    if shown_as is ShownAs.GIVEN:
        return person.given_name or person.name
    return " ".join(f"{one[0].upper()}." for one in (person.given_name, person.family_name) if one)
