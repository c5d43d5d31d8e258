"""What a calendar is to be told of sessions: method, and one entry for each component of the file (RFC 5545, 5546)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.calendars.model import Span
from chalicelib.kernel.zones import instant_at
from chalicelib.mentorships.sessions.model import Occurrence, Session, SessionStatus
from chalicelib.mentorships.sessions.place import Place


class Method(StrEnum):
    """Of iTIP: REQUEST puts something in, or in the place of what was there; CANCEL takes it out."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Entry:
    """One entry: a session of its own, a series, or one of a series in another way than the series has it.

    Attributes
    ----------
    zone
        On whose clock it is written.
    original
        When the rule has it, on that clock, of one of a series.
    rule
        The RRULE, of a series; `span` is that of its first.
    left_out
        When the rule has it and it is not, on that clock.
    """

    uid: str
    span: Span
    zone: str
    place: Place | None
    is_cancelled: bool = False
    original: datetime | None = None
    rule: str | None = None
    left_out: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Invitation:
    """What one mail tells a calendar. All entries have one uid and one sequence, as RFC 5546 asks of a message."""

    method: Method
    sequence: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Told:
    """What a file says of a session in its reader's language.

    Attributes
    ----------
    location
        Where it is; empty if that is not known.
    calls
        The number that the reader calls.
    url
        Of the session's page.
    """

    summary: str
    description: str
    location: str = ""
    calls: str | None = None
    url: str | None = None


def invitation(session: Session, series: Sequence[Session], zone: str, *, is_whole: bool) -> Invitation:
    """Return what a calendar is to be told of a session.

    Of a series the sequence is the sum of its sessions': whatever of it is changed, it rises, and never falls.

    Parameters
    ----------
    series
        All of its series, in the rule's order; empty for one of its own.
    zone
        On whose clock a session of its own is written. A series has the clock of its anchor.
    is_whole
        Whether the whole series is told, as it is now, and not this one of it alone.
    """
    place = session.occurrence
    if place is None:
        method = _method(session)
        entry = Entry(
            session.id, session.span, zone, session.place, is_cancelled=method is Method.CANCEL
        )  # fmt: skip
        return Invitation(method, session.sequence, (entry,))
    sequence = sum(max(one.sequence, 0) for one in series)
    if is_whole:
        return _whole(series, sequence)
    method = _method(session)
    return Invitation(method, sequence, (_one(session, place, is_cancelled=method is Method.CANCEL),))


def _whole(series: Sequence[Session], sequence: int) -> Invitation:
    """Tell of a series as it is now: its rule, what of it is not, and what of it is in another way."""
    placed = [(one, one.occurrence) for one in series if one.occurrence is not None]
    standing = [(one, place) for one, place in placed if one.status is SessionStatus.BOOKED]
    first, first_place = placed[0]
    if not standing:
        gone = Entry(
            first_place.series_id, first.span, first_place.zone, first.place, is_cancelled=True
        )  # fmt: skip
        return Invitation(Method.CANCEL, sequence, (gone,))
    usual = standing[0][0]
    begins = instant_at(first_place.original, first_place.zone)
    master = Entry(
        first_place.series_id, Span.of(begins, usual.span.minutes), first_place.zone, usual.place,
        rule=first_place.rule,
        left_out=tuple(place.original for one, place in placed if one.status is not SessionStatus.BOOKED),
    )  # fmt: skip
    others = tuple(_one(one, place) for one, place in standing if _is_other(one, place, master))
    return Invitation(Method.REQUEST, sequence, (master, *others))


def _one(session: Session, place: Occurrence, *, is_cancelled: bool = False) -> Entry:
    return Entry(
        place.series_id, session.span, place.zone, session.place, is_cancelled, original=place.original
    )


def _is_other(session: Session, place: Occurrence, master: Entry) -> bool:
    """Tell whether a session is in another way than its series has it, or at a time of which calendars may think
    differently, since spring leaves it out."""
    return (
        session.span != Span.of(instant_at(place.original, place.zone), master.span.minutes)
        or session.place != master.place
        or place.is_skipped
    )


def _method(session: Session) -> Method:
    return Method.CANCEL if session.status is SessionStatus.CANCELLED else Method.REQUEST


def feed_entries(sessions: Iterable[Session]) -> tuple[Entry, ...]:
    """Return what a feed shows of sessions: each by itself, in UTC, in time's order."""
    ordered = sorted(sessions, key=lambda one: (one.span, one.id))
    return tuple(Entry(one.id, one.span, "UTC", one.place) for one in ordered)
