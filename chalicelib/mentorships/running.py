"""Mentorships: their states, and what is known of each. The moves between the states are in `moves.py`."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from chalicelib.credentials.kinds import Loss
from chalicelib.mentorships.model import Card
from chalicelib.programmes.model import PairKind, Side


class MentorshipStatus(StrEnum):
    """FORMING: both have said yes, and have yet to sign their agreement; they may meet. ACTIVE: they have signed.
    PAUSED keeps the pair and its places; the two are not to meet as mentor and mentee until it goes on. CLOSING: it
    is ending, and there is time for the closing conversation. CLOSED: it is over, and both places are given back."""

    FORMING = "forming"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSING = "closing"
    CLOSED = "closed"


UNDER_WAY = frozenset({MentorshipStatus.FORMING, MentorshipStatus.ACTIVE})
NOT_ENDED = UNDER_WAY | {MentorshipStatus.PAUSED}

CLOSING_TIME = timedelta(days=14)
"""For how long a mentorship is closing. Two weeks hold one more meeting of a pair that meets every fortnight, and no
place is kept for long for a pair that does not meet any more; our judgement."""


class By(StrEnum):
    """Who moves a mentorship: the service by its clock and by news, one of the two, or a coordinator of the programme's
    organisation, who is none of the two."""

    SERVICE = "service"
    PAIR = "pair"
    COORDINATOR = "coordinator"


class PairReason(StrEnum):
    """Why one of the two ends a mentorship. Only coordinators read it."""

    GOALS_REACHED = "goals_reached"
    NOT_THE_RIGHT_FIT = "not_the_right_fit"
    NO_TIME = "no_time"
    MOVED_ON = "moved_on"
    OTHER = "other"


class CloseReason(StrEnum):
    """Why a coordinator closes one: the two asked for it, nobody is going to verify the mentor, one of them has gone,
    there is a concern, or something else. Only coordinators read it."""

    AT_REQUEST = "at_request"
    NOT_VERIFIED = "not_verified"
    LEFT = "left"
    CONCERN = "concern"
    OTHER = "other"


class EndReason(StrEnum):
    """Every reason for which a mentorship ends. TERM_OVER: its last day is over. REASSIGNED: a coordinator has proposed
    another mentor to the mentee."""

    GOALS_REACHED = "goals_reached"
    NOT_THE_RIGHT_FIT = "not_the_right_fit"
    NO_TIME = "no_time"
    MOVED_ON = "moved_on"
    AT_REQUEST = "at_request"
    NOT_VERIFIED = "not_verified"
    LEFT = "left"
    CONCERN = "concern"
    REASSIGNED = "reassigned"
    TERM_OVER = "term_over"
    OTHER = "other"


class HoldReason(StrEnum):
    """Why a coordinator pauses a mentorship. Only coordinators read it."""

    AT_REQUEST = "at_request"
    AWAY = "away"
    CONCERN = "concern"
    OTHER = "other"


@dataclass(frozen=True)
class Renewal:
    """The mentor's verification is being renewed.

    Attributes
    ----------
    loss
        How it ended; for coordinators alone.
    since
        The instant from which the mentor was not verified as the programme asks.
    until
        Up to when the mentorship goes on; `since` where there is no grace.
    ready_at
        When a mentor whom a reviewer had refused was verified again: a coordinator is to say whether it goes on.
    """

    loss: Loss
    since: datetime
    until: datetime
    ready_at: datetime | None = None


@dataclass(frozen=True)
class Hold:
    """A coordinator has paused it; the reason is for coordinators alone."""

    reason: HoldReason
    since: datetime


@dataclass(frozen=True)
class Extension:
    """One of the two has asked that it last longer, up to and with a last day (UTC)."""

    ends_on: date
    side: Side
    asked_at: datetime


@dataclass(frozen=True)
class Ending:
    """How a mentorship comes to its end, or has.

    Attributes
    ----------
    reason, by, side
        Why, by whom, and which of the two where it was one; for coordinators alone.
    since
        When it was ended.
    until
        Up to when it is closing; `since` where there is no closing conversation.
    closed_at
        When both places were given back.
    """

    reason: EndReason
    by: By
    since: datetime
    until: datetime
    side: Side | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Mentorship:
    """An accepted pair.

    Attributes
    ----------
    is_formed
        Whether both have signed their agreement.
    ends_on
        Its last day (UTC); None for one that was made before mentorships had one.
    kind
        What the two are to each other, as their programme has it.
    renewal
        Set from when the mentor is not verified as the programme asks until they are again, or it is resumed.
    """

    id: str
    programme_id: str
    organisation_id: str
    proposal_id: str
    mentee: Card
    mentor: Card
    started_at: datetime
    status: MentorshipStatus = MentorshipStatus.ACTIVE
    is_formed: bool = True
    ends_on: date | None = None
    kind: PairKind = PairKind.ONE_TO_ONE
    renewal: Renewal | None = None
    hold: Hold | None = None
    extension: Extension | None = None
    ending: Ending | None = None
    created_at: datetime | None = None
    version: int | None = None

    @property
    def is_closed(self) -> bool:
        return self.status is MentorshipStatus.CLOSED

    @property
    def ends_at(self) -> datetime | None:
        """The instant at which its last day is over."""
        return None if self.ends_on is None else end_of(self.ends_on)

    @property
    def meets_until(self) -> datetime | None:
        """Up to when the two can meet: the end of its last day, or of the time for closing. None if it has no end."""
        if self.status is MentorshipStatus.CLOSING and self.ending is not None:
            return self.ending.until
        return self.ends_at

    def side_of(self, person_id: str) -> Side | None:
        """Return on which side a person stands, or None for a stranger."""
        if person_id == self.mentee.person_id:
            return Side.MENTEE
        return Side.MENTOR if person_id == self.mentor.person_id else None

    def card(self, side: Side) -> Card:
        return self.mentee if side is Side.MENTEE else self.mentor

    def status_at(self, now: datetime) -> MentorshipStatus:
        """Return the state at an instant: once a grace, or the time for closing, is over it is paused, or closed,
        whether or not the job has come by. A last day that is over shows when the job has."""
        is_over = self.renewal is not None and self.renewal.until <= now
        if self.status is MentorshipStatus.CLOSING:
            is_over |= self.ending is not None and self.ending.until <= now
            return MentorshipStatus.CLOSED if is_over else self.status
        if self.status in UNDER_WAY and is_over:
            return MentorshipStatus.PAUSED
        return self.status


@dataclass(frozen=True)
class Words:
    """What somebody wrote to coordinators beside a move."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class SeenMentorship:
    """A mentorship as it stands at an instant; coordinators see more than the two, unless they are one.

    Attributes
    ----------
    on_pause, on_end
        What was written beside the last pause by a coordinator, and beside the end.
    """

    mentorship: Mentorship
    status: MentorshipStatus
    for_coordinator: bool = False
    on_pause: Words | None = field(default=None, repr=False)
    on_end: tuple[Words, ...] = field(default=(), repr=False)

    @classmethod
    def at(cls, mentorship: Mentorship, now: datetime) -> "SeenMentorship":
        """Return it as its two people see it."""
        return cls(mentorship, mentorship.status_at(now))


def is_under_way(mentorship: Mentorship, now: datetime) -> bool:
    """Tell whether the two may change what belongs to the mentorship at `now`: agreement, goals, sessions."""
    return mentorship.status_at(now) in UNDER_WAY


def may_meet(mentorship: Mentorship, now: datetime) -> bool:
    """Tell whether the two may meet as mentor and mentee at `now`: while it is under way, and to close it."""
    return is_under_way(mentorship, now) or mentorship.status_at(now) is MentorshipStatus.CLOSING


def is_ending(mentorship: Mentorship, now: datetime) -> bool:
    """Tell whether a mentorship is closing, or over."""
    return mentorship.status_at(now) in (MentorshipStatus.CLOSING, MentorshipStatus.CLOSED)


def last_day(started_at: datetime, months: int) -> date:
    """Return the last day (UTC) of what begins at an instant and lasts some months: the day of the same number, or the
    month's last where it has none such."""
    first = started_at.astimezone(UTC).date()
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(first.day, (after - timedelta(days=1)).day))


def end_of(day: date) -> datetime:
    """Return the instant at which a day (UTC) is over."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)
