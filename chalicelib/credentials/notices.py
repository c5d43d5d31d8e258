"""When a person is told that a credential is about to expire, and that it has."""

from dataclasses import dataclass
from datetime import datetime, timedelta

DAY = timedelta(days=1)
DAYS_BEFORE = (90, 60, 30, 7, 0)
"""How many days before the last one a notice is due; the one of 0 tells that the credential has expired."""


@dataclass(frozen=True)
class Notice:
    """The next notice of a credential.

    Attributes
    ----------
    ends_at
        The instant up to which the credential counts.
    due_at
        From when the next notice is due.
    """

    credential_id: str
    person_id: str
    ends_at: datetime
    due_at: datetime
    created_at: datetime | None = None
    version: int | None = None


def due_of(ends_at: datetime, days: int) -> datetime:
    """Return from when the notice of so many days is due: the beginning of the day on which so many are left, and of 0
    the end itself. Days have 24 hours here, an hour more or less does not matter to it."""
    return ends_at - (days + 1) * DAY if days else ends_at


def next_due(ends_at: datetime, now: datetime) -> datetime | None:
    """Return when the first notice is due that is not due yet; None once all are."""
    return min((due for due in (due_of(ends_at, days) for days in DAYS_BEFORE) if due > now), default=None)


def last_due(ends_at: datetime, now: datetime) -> int | None:
    """Return which notice came due last, by its days; None before the first."""
    return min((days for days in DAYS_BEFORE if due_of(ends_at, days) <= now), default=None)


def days_left(ends_at: datetime, now: datetime) -> int:
    """Return how many days there are to the last one that counts: 0 on that day itself."""
    return max(-((now - ends_at) // DAY) - 1, 0)
