"""Sessions: their states, who may do what with them and when, and how two accounts of one make its outcome."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.calendars.model import STEP, Span
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.zones import instant_at, is_skipped, wall_at
from chalicelib.mentorships.running import Mentorship
from chalicelib.mentorships.sessions.errors import (
    AccountsClosed,
    NothingProposed,
    OfferWaits,
    SessionBegun,
    SessionCancelled,
    SessionNotBegun,
)
from chalicelib.mentorships.sessions.place import Place
from chalicelib.mentorships.sessions.record import Action, AgendaItem
from chalicelib.programmes.model import Side

LATE = timedelta(hours=24)
"""A session that is cancelled less than this before it begins is cancelled late."""
AHEAD = timedelta(days=366)
"""How far ahead sessions are booked."""
MOST_AHEAD = 104
"""Two sessions a week for a year: as many of one mentorship may lie ahead. Its page reads them all."""
GRACE = timedelta(minutes=10)
"""How long one waits for the other before they count as missing; our judgement."""
SAY_WITHIN = timedelta(days=30)
"""How long after a session the two may say how it went, and change it."""
REMIND_BEFORE = (timedelta(hours=24), timedelta(hours=1))
UNSAID_AFTER = timedelta(hours=24)
"""When who has not said how a session went is asked, once."""
REFERENCE = "SESSION#"
"""With what the reference of a session's time begins."""


class SessionStatus(StrEnum):
    """PROPOSED: its time lies outside what one of the two says of their week, and the other has yet to say yes;
    nobody's time is booked. BOOKED: both people's time is. CANCELLED: it is over before it was."""

    PROPOSED = "proposed"
    BOOKED = "booked"
    CANCELLED = "cancelled"


class Said(StrEnum):
    """How one of the two says it went."""

    MET = "met"
    OTHER_MISSING = "other_missing"
    I_MISSED = "i_missed"


class SessionOutcome(StrEnum):
    """What both accounts come to. CONTESTED: who is said to have been missing says that they were there."""

    MET = "met"
    MISSED = "missed"
    CONTESTED = "contested"


class Due(StrEnum):
    """Why a session is looked at by the clock."""

    DAY_BEFORE = "24h"
    HOUR_BEFORE = "1h"
    UNSAID = "unsaid"


@dataclass(frozen=True)
class Offer:
    """A time that one of the two asks the other to take although somebody's week has no room for it."""

    by: Side
    span: Span
    made_at: datetime


@dataclass(frozen=True)
class Occurrence:
    """A session's place in a series.

    Attributes
    ----------
    zone
        The anchor: the IANA zone on whose clock the series keeps its time.
    rule
        RFC 5545 RRULE, without the name.
    original
        When the rule has it on the anchor's clock (its RECURRENCE-ID); `wall` when it is now.
    """

    series_id: str
    zone: str
    rule: str
    original: datetime
    wall: datetime

    @property
    def is_skipped(self) -> bool:
        """Whether spring leaves out the hour, so that it begins as much later."""
        return is_skipped(self.wall, self.zone)


@dataclass(frozen=True)
class Cancellation:
    """Who cancelled a session, when, whether it was late; None for the service, whose mentorship ended."""

    by: Side | None
    at: datetime
    is_late: bool
    text: str = ""


@dataclass(frozen=True)
class Account:
    """What one of the two says of how a session went; `minutes` that they met."""

    said: Said
    minutes: int | None
    at: datetime


@dataclass(frozen=True)
class Session:
    """One meeting of a mentorship's two people.

    Attributes
    ----------
    span
        When it is; of a proposed one, when it would be.
    place
        How the two meet; None of one from before that was kept.
    sequence
        How often its time, place or state was changed; a mail or reminder about an earlier one is void.
    covered
        What of the agenda was reached in it.
    is_carried
        Whether what was not reached has been carried over: once, however often the two differ on how it went.
    shared_notes
        What each wrote for both. What one keeps for themselves is not here.
    """

    id: str
    mentorship_id: str
    mentee_id: str
    mentor_id: str
    status: SessionStatus
    span: Span
    booked_by: Side
    offer: Offer | None = None
    occurrence: Occurrence | None = None
    place: Place | None = None
    sequence: int = 0
    cancellation: Cancellation | None = None
    accounts: Mapping[Side, Account] = field(default_factory=dict)
    covered: tuple[AgendaItem, ...] = ()
    is_carried: bool = False
    shared_notes: Mapping[Side, str] = field(default_factory=dict)
    actions: tuple[Action, ...] = ()
    created_at: datetime | None = None
    version: int | None = None

    @property
    def people(self) -> tuple[str, str]:
        return self.mentee_id, self.mentor_id

    def person(self, side: Side) -> str:
        return self.mentee_id if side is Side.MENTEE else self.mentor_id

    def side_of(self, person_id: str) -> Side | None:
        if person_id == self.mentee_id:
            return Side.MENTEE
        return Side.MENTOR if person_id == self.mentor_id else None

    @property
    def reference(self) -> str:
        """What its time is booked under in both calendars: enough to find it by."""
        return f"{REFERENCE}{self.mentorship_id}#{self.id}"

    @property
    def outcome(self) -> SessionOutcome | None:
        said = {side: account.said for side, account in self.accounts.items()}
        absent = absent_of(said)
        if len(absent) > 1 or (absent and Said.MET in said.values()):
            return SessionOutcome.CONTESTED
        if absent:
            return SessionOutcome.MISSED
        return SessionOutcome.MET if said else None

    @property
    def absent(self) -> Side | None:
        """Who was missing, where that is not contested."""
        if self.outcome is not SessionOutcome.MISSED:
            return None
        return next(iter(absent_of({side: account.said for side, account in self.accounts.items()})))

    @property
    def minutes_met(self) -> int:
        """For how long they met, as far as both agree: the lesser of what they say."""
        if self.outcome is not SessionOutcome.MET:
            return 0
        said = [one.minutes for one in self.accounts.values() if one.minutes is not None]
        return min(said, default=self.span.minutes)


@dataclass(frozen=True)
class Held:
    """How many sessions the two have met in, and for how many minutes together, as far as both agree."""

    sessions: int = 0
    minutes: int = 0

    def __sub__(self, other: "Held") -> "Held":
        return Held(self.sessions - other.sessions, self.minutes - other.minutes)


def held(sessions: Iterable[Session]) -> Held:
    """Return what sessions come to: a missed or contested one counts for nothing."""
    met = [one for one in sessions if one.outcome is SessionOutcome.MET]
    return Held(len(met), sum(one.minutes_met for one in met))


@dataclass(frozen=True)
class OwnSession:
    """A session as one of its two people has it, with its mentorship; `may_meet` while that goes on.

    Attributes
    ----------
    series
        All sessions of its series, itself included; empty for one of its own, or if they were not asked for.
    """

    mentorship: Mentorship
    session: Session
    side: Side
    may_meet: bool
    series: tuple[Session, ...] = ()


def other(side: Side) -> Side:
    return Side.MENTOR if side is Side.MENTEE else Side.MENTEE


def absent_of(said: Mapping[Side, Said]) -> frozenset[Side]:
    """Return who is said to have been missing, by either."""
    named = {other(side) for side, one in said.items() if one is Said.OTHER_MISSING}
    return frozenset(named | {side for side, one in said.items() if one is Said.I_MISSED})


def checked_span(starts_at: datetime, minutes: int, now: datetime, pointer: str = "/starts_at") -> Span:
    """Return when a session would be.

    Raises
    ------
    Invalid
        If it does not begin on a quarter of an hour, has begun, or is too far ahead.
    """
    if starts_at.timestamp() % STEP.total_seconds():
        raise Invalid.field(pointer, "Begin on a quarter of an hour: at :00, :15, :30 or :45.")
    if starts_at <= now:
        raise Invalid.field(pointer, "This time is past; give one that lies ahead.")
    if starts_at > now + AHEAD:
        raise Invalid.field(pointer, f"Sessions are booked {AHEAD.days} days ahead at most.")
    return Span.of(starts_at, minutes)


def require_ahead(session: Session, now: datetime) -> None:
    """Refuse what can be done with sessions that are to come alone; raises `SessionCancelled`, `SessionBegun`."""
    if session.status is SessionStatus.CANCELLED:
        raise SessionCancelled
    if session.span.starts_at <= now:
        raise SessionBegun


def is_ahead(session: Session, now: datetime) -> bool:
    return session.status is not SessionStatus.CANCELLED and session.span.starts_at > now


def moved(session: Session, span: Span, wall: datetime | None) -> Session:
    """Return a session as it is booked at another time."""
    return replace(
        session, status=SessionStatus.BOOKED, span=span, offer=None, sequence=session.sequence + 1,
        occurrence=_at(session.occurrence, wall),
    )  # fmt: skip


def placed(session: Session, place: Place) -> Session:
    """Return a session as it is held in another way; raises `OfferWaits` while another time is proposed."""
    if session.offer is not None:
        raise OfferWaits
    return replace(session, place=place, sequence=session.sequence + 1)


def offered(session: Session, span: Span, by: Side, now: datetime) -> Session:
    """Return a session with another time proposed; a booked one stays where it is until the other says yes."""
    is_booked = session.status is SessionStatus.BOOKED
    return replace(
        session,
        span=session.span if is_booked else span,
        offer=Offer(by, span, now),
        sequence=session.sequence + 1,
    )


def to_accept(session: Session, by: Side, now: datetime) -> Span:
    """Return the time that somebody accepts.

    Raises
    ------
    NothingProposed
        If nobody proposed one, or they did so themselves.
    SessionBegun
        If it has passed meanwhile, or what is booked has.
    """
    if session.status is SessionStatus.CANCELLED:
        raise SessionCancelled
    if session.offer is None:
        raise NothingProposed("No other time is proposed for this session.")
    if session.offer.by is by:
        raise NothingProposed("You proposed this time yourself; the other is to say yes.")
    is_booked = session.status is SessionStatus.BOOKED
    if session.offer.span.starts_at <= now or (is_booked and session.span.starts_at <= now):
        raise SessionBegun
    return session.offer.span


def accepted(session: Session) -> Session:
    """Return a session as it is booked at the time that was proposed."""
    if session.offer is None:
        raise ValueError("nothing was offered")
    span, place = session.offer.span, session.occurrence
    wall = wall_at(span.starts_at, place.zone) if place is not None else None
    if place is not None and instant_at(place.wall, place.zone) == span.starts_at:
        wall = place.wall  # also where spring leaves it out
    return moved(session, span, wall)


def declined(session: Session, by: Side, text: str, now: datetime) -> Session:
    """Return a session whose proposed time is refused, or taken back: a booked one stays as it was.

    Raises
    ------
    NothingProposed
    """
    if session.status is SessionStatus.CANCELLED:
        raise SessionCancelled
    if session.offer is None:
        raise NothingProposed("No other time is proposed for this session.")
    after = replace(session, offer=None, sequence=session.sequence + 1)
    if session.status is SessionStatus.BOOKED:
        return after
    cancellation = Cancellation(by, now, is_late=False, text=text)
    return replace(after, status=SessionStatus.CANCELLED, cancellation=cancellation)


def cancelled(session: Session, by: Side | None, text: str, now: datetime) -> Session:
    """Return a session as it is cancelled; late if it was booked and is near."""
    is_late = session.status is SessionStatus.BOOKED and session.span.starts_at - now < LATE
    return replace(
        session, status=SessionStatus.CANCELLED, offer=None, sequence=session.sequence + 1,
        cancellation=Cancellation(by, now, is_late and by is not None, text),
    )  # fmt: skip


def without_words_of(session: Session, side: Side | None) -> Session:
    """Return a session without what one of the two wrote in it; None leaves it as it is."""
    if side is None:
        return session
    gone = session.cancellation
    return replace(
        session,
        cancellation=replace(gone, text="") if gone is not None and gone.by is side else gone,
        covered=tuple(one for one in session.covered if one.by is not side),
        shared_notes={by: text for by, text in session.shared_notes.items() if by is not side},
        actions=tuple(one for one in session.actions if one.by is not side),
    )


def said(session: Session, by: Side, what: Said, minutes: int | None, now: datetime) -> Session:
    """Return a session with one person's account of how it went; a later one of theirs replaces it.

    Raises
    ------
    SessionCancelled, SessionNotBegun, AccountsClosed
    """
    if session.status is SessionStatus.CANCELLED:
        raise SessionCancelled
    begins = session.span.starts_at
    if session.status is not SessionStatus.BOOKED or now < begins:
        raise SessionNotBegun("It has not begun. If it cannot be, cancel it or propose another time.")
    if what is Said.OTHER_MISSING and now < begins + GRACE:
        raise SessionNotBegun(
            f"Wait {int(GRACE.total_seconds()) // 60} minutes before you say that nobody came."
        )
    if not is_tellable(session, now):
        raise AccountsClosed(f"That could be said for {SAY_WITHIN.days} days after it.")
    account = Account(what, minutes if what is Said.MET else None, now)
    return replace(session, accounts={**session.accounts, by: account})


def is_tellable(session: Session, now: datetime) -> bool:
    """Tell whether it may still be said how a session went."""
    return now <= session.span.ends_at + SAY_WITHIN


def due_after(session: Session, after: datetime) -> tuple[datetime, Due] | None:
    """Return when a session is to be looked at next, after an instant, and why; None when never again."""
    if session.status is not SessionStatus.BOOKED:
        return None
    starts_at = session.span.starts_at
    times = [
        (starts_at - REMIND_BEFORE[0], Due.DAY_BEFORE),
        (starts_at - REMIND_BEFORE[1], Due.HOUR_BEFORE),
    ]
    if len(session.accounts) < 2:
        times.append((session.span.ends_at + UNSAID_AFTER, Due.UNSAID))
    return next(((at, why) for at, why in times if at > after), None)


def due_now(session: Session, now: datetime) -> Due | None:
    """Return why a session is looked at now: of what was missed meanwhile the last; None if it has passed."""
    starts_at = session.span.starts_at
    if session.status is not SessionStatus.BOOKED:
        return None
    if now < starts_at:
        near = starts_at - now <= REMIND_BEFORE[1]
        return Due.HOUR_BEFORE if near else Due.DAY_BEFORE if starts_at - now <= REMIND_BEFORE[0] else None
    return Due.UNSAID if now >= session.span.ends_at + UNSAID_AFTER else None


def _at(place: Occurrence | None, wall: datetime | None) -> Occurrence | None:
    return replace(place, wall=wall) if place is not None and wall is not None else place
