"""A person's booked time: stretches that never overlap, kept month by month.

A stretch stands in each UTC month that it touches. Two that overlap have an instant in common, and so meet in the row
of its month: nobody has to look at a neighbouring one.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from chalicelib.calendars.errors import TimeTaken

STEP = timedelta(minutes=15)
"""Times begin and end on quarters of an hour: on those of UTC they are also quarters of every zone's clock."""


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of time, `ends_at` not included."""

    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, starts_at: datetime, minutes: int) -> "Span":
        return cls(starts_at, starts_at + timedelta(minutes=minutes))

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    def overlaps(self, other: "Span") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True)
class Gathering:
    """Something that many take part in, as one of them sees it in their calendar: it books nobody's time, since whoever
    has a place may not come.

    Attributes
    ----------
    uid
        By which calendars know it; it never changes.
    sequence
        Which rises with each change.
    url
        Of its page, from this installation's address on.
    """

    uid: str
    span: Span
    summary: str
    url: str
    sequence: int
    changed_at: datetime
    is_cancelled: bool = False


@dataclass(frozen=True, order=True)
class Busy:
    """A stretch that somebody's time is booked for. `reference` names what for, to who booked it."""

    span: Span
    reference: str


@dataclass(frozen=True)
class Month:
    """What a person has booked that touches a UTC month, in time's order.

    Attributes
    ----------
    name
        The month, as "2026-11".
    """

    person_id: str
    name: str
    busy: tuple[Busy, ...] = ()
    created_at: datetime | None = None
    version: int | None = None


def months_of(span: Span) -> tuple[str, ...]:
    """Return the UTC months that a stretch touches.

    Examples
    --------
    >>> months_of(Span.of(datetime(2026, 11, 30, 23, 30, tzinfo=UTC), 60))
    ('2026-11', '2026-12')
    """
    first = span.starts_at.astimezone(UTC)
    # Its end is not part of it: one that ends at midnight of the first touches nothing of that month.
    last = max(span.starts_at, span.ends_at - timedelta(microseconds=1)).astimezone(UTC)
    count = (last.year - first.year) * 12 + last.month - first.month
    months = (first.month - 1 + n for n in range(count + 1))
    return tuple(f"{first.year + month // 12:04d}-{month % 12 + 1:02d}" for month in months)


@dataclass(frozen=True)
class Feed:
    """That a person's calendar can be read with a token, of which only the digest is known."""

    person_id: str
    digest: str
    created_at: datetime
    version: int | None = None


def digest_of(token: str) -> str:
    """Return what is kept of a feed's token: 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class Calendars:
    """The months of some people, as they were read and as they are to become.

    Each change returns the calendars after it. Only months that were read can be changed, so that what is written is
    always compared with what was read.
    """

    months: Mapping[tuple[str, str], Month]
    changed: frozenset[tuple[str, str]] = field(default=frozenset())

    @classmethod
    def of(cls, months: Iterable[Month]) -> "Calendars":
        return cls({(one.person_id, one.name): one for one in months})

    def booked(self, people: Sequence[str], span: Span, reference: str) -> "Calendars":
        """Book a stretch for all these people.

        Raises
        ------
        TimeTaken
            If one of them has something else then.
        """
        months = dict(self.months)
        keys = keys_of(people, [span])
        for key in keys:
            month = months[key]
            if any(one.span.overlaps(span) for one in month.busy):
                raise TimeTaken
            months[key] = replace(month, busy=tuple(sorted((*month.busy, Busy(span, reference)))))
        return Calendars(months, self.changed | set(keys))

    def freed(self, people: Sequence[str], span: Span, reference: str) -> "Calendars":
        """Free what was booked for a reference at a stretch; what is free already stays so."""
        months, gone = dict(self.months), Busy(span, reference)
        keys = [key for key in keys_of(people, [span]) if gone in months[key].busy]
        for key in keys:
            month = months[key]
            months[key] = replace(month, busy=tuple(one for one in month.busy if one != gone))
        return Calendars(months, self.changed | set(keys))

    def moved(self, people: Sequence[str], before: Span, after: Span, reference: str) -> "Calendars":
        """Move what was booked for a reference; raises `TimeTaken` as `booked` does, but never because of itself."""
        return self.freed(people, before, reference).booked(people, after, reference)

    def busy(self, person_id: str) -> tuple[Span, ...]:
        """Return all that a person has booked in the months that were read, in time's order."""
        return tuple(sorted({one.span for one in self.booked_for(person_id)}))

    def booked_for(self, person_id: str) -> tuple[Busy, ...]:
        """Return the same with what each is booked for."""
        found = {
            one for (person, _), month in self.months.items() if person == person_id for one in month.busy
        }
        return tuple(sorted(found))

    def writes(self) -> Iterator[Month]:
        """Yield the months that were changed, in a fixed order."""
        for key in sorted(self.changed):
            yield self.months[key]


def keys_of(people: Sequence[str], spans: Iterable[Span]) -> list[tuple[str, str]]:
    """Return which months of which people some stretches touch, each once, in a fixed order: what is to be read before
    anything is changed in them."""
    names = sorted({name for span in spans for name in months_of(span)})
    return [(person, name) for person in sorted(set(people)) for name in names]
