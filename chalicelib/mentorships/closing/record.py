"""What the whole of a mentorship came to, for both of its two and for coordinators; `mentorships/record.py` has what
counts for a certificate of one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.mentorships.agreements.model import Wording
from chalicelib.mentorships.closing.model import Held as Conversation
from chalicelib.mentorships.goals.model import Goal, Status
from chalicelib.mentorships.running import Mentorship
from chalicelib.mentorships.sessions.model import Held, Session, SessionOutcome, SessionStatus, held
from chalicelib.programmes.model import PairKind, Side


@dataclass(frozen=True)
class Attendance:
    """How a mentorship's sessions went.

    Attributes
    ----------
    held
        In how many the two met and for how long, as far as both agree.
    missed
        To how many each did not come.
    contested
        Of how many they say otherwise.
    unsaid
        How many were booked and passed without a word of how they went.
    cancelled
        By one of the two. What the service called off as the mentorship ended is not counted.
    """

    held: Held
    missed: Mapping[Side, int]
    contested: int
    unsaid: int
    cancelled: int


@dataclass(frozen=True)
class PairRecord:
    """A mentorship that is closing or closed, in what came of it.

    Attributes
    ----------
    ended_on
        The day, in UTC, on which it was closed; None while it is closing.
    goals
        Those that ended first, in the order in which they did; then those that are open.
    versions, signed
        Of the agreement: how many there were, and how many both had signed.
    introductions
        On which days, in UTC, introductions were made.
    """

    mentorship: Mentorship
    started_on: date
    ended_on: date | None
    attendance: Attendance
    goals: tuple[Goal, ...]
    versions: int
    signed: int
    introductions: tuple[date, ...]
    conversation: Conversation | None


@dataclass(frozen=True)
class Sums:
    """A record in figures alone, as its programme lists it: no name, and no text that anybody wrote."""

    mentorship_id: str
    kind: PairKind
    started_on: date
    closed_at: datetime
    attendance: Attendance
    reached: int
    dropped: int
    left_open: int
    signed: int


def sums_of(record: PairRecord) -> Sums:
    """Return the figures of a mentorship that is closed."""
    mentorship = record.mentorship
    if mentorship.ending is None or mentorship.ending.closed_at is None:
        raise ValueError("it is not closed")
    statuses = [one.status for one in record.goals]
    return Sums(
        mentorship.id, mentorship.kind, record.started_on, mentorship.ending.closed_at, record.attendance,
        statuses.count(Status.REACHED), statuses.count(Status.DROPPED), statuses.count(Status.OPEN),
        record.signed,
    )  # fmt: skip


def attendance(sessions: Sequence[Session], now: datetime) -> Attendance:
    """Return how sessions went, as is known at an instant; each is counted once, or not yet."""
    outcomes = [one.outcome for one in sessions]
    absent = [one.absent for one in sessions]
    unsaid = [
        one
        for one in sessions
        if one.status is SessionStatus.BOOKED and one.outcome is None and one.span.ends_at <= now
    ]
    cancelled = [one for one in sessions if one.cancellation is not None and one.cancellation.by is not None]
    return Attendance(
        held(sessions),
        {side: absent.count(side) for side in Side},
        outcomes.count(SessionOutcome.CONTESTED),
        len(unsaid),
        len(cancelled),
    )


def record_of(
    mentorship: Mentorship,
    sessions: Sequence[Session],
    goals: Sequence[Goal],
    versions: Sequence[Wording],
    introduced: Sequence[datetime],
    conversation: Conversation | None,
    now: datetime,
) -> PairRecord:
    """Return the record of a mentorship; once it is closed, of what was up to then.

    Parameters
    ----------
    versions
        All of the agreement.
    """
    closed_at = mentorship.ending.closed_at if mentorship.ending is not None else None
    ended = sorted((one.ending.at, one.id) for one in goals if one.ending is not None)
    order = {goal_id: place for place, (_, goal_id) in enumerate(ended)}
    return PairRecord(
        mentorship,
        mentorship.started_at.date(),
        closed_at.date() if closed_at is not None else None,
        attendance(sessions, min(now, closed_at) if closed_at is not None else now),
        tuple(sorted(goals, key=lambda one: order.get(one.id, len(order)))),
        len(versions),
        sum(1 for one in versions if one.is_signed),
        tuple(sorted(one.date() for one in introduced)),
        conversation,
    )
