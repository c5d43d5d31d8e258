"""Mentorships under way: their states, the moves between them, and what becomes of one whose mentor is not verified."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.credentials.kinds import Loss
from chalicelib.mentorships.errors import NotPaused
from chalicelib.mentorships.model import Card
from chalicelib.programmes.model import Side


class MentorshipStatus(StrEnum):
    """PAUSED keeps the pair and its places; the two are not to meet as mentor and mentee until it goes on."""

    ACTIVE = "active"
    PAUSED = "paused"


class MentorshipMove(StrEnum):
    """LAPSE: the mentor is verified no longer, and a time of grace begins. RENEW: they are verified again in it.
    PAUSE: the grace is over, or there was none. READY: they are verified again, and a coordinator is to say whether it
    goes on. RESUME: it goes on."""

    LAPSE = "lapse"
    RENEW = "renew"
    PAUSE = "pause"
    READY = "ready"
    RESUME = "resume"


MENTORSHIP_MOVES: Mapping[tuple[MentorshipStatus, MentorshipMove], MentorshipStatus] = {
    (MentorshipStatus.ACTIVE, MentorshipMove.LAPSE): MentorshipStatus.ACTIVE,
    (MentorshipStatus.ACTIVE, MentorshipMove.RENEW): MentorshipStatus.ACTIVE,
    (MentorshipStatus.ACTIVE, MentorshipMove.PAUSE): MentorshipStatus.PAUSED,
    (MentorshipStatus.PAUSED, MentorshipMove.PAUSE): MentorshipStatus.PAUSED,
    (MentorshipStatus.PAUSED, MentorshipMove.READY): MentorshipStatus.PAUSED,
    (MentorshipStatus.PAUSED, MentorshipMove.RESUME): MentorshipStatus.ACTIVE,
}
"""All moves there are so far; a paused one is paused again where a reviewer's no comes to an expiry."""


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
class Mentorship:
    """An accepted pair.

    Attributes
    ----------
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
    renewal: Renewal | None = None
    created_at: datetime | None = None
    version: int | None = None

    def side_of(self, person_id: str) -> Side | None:
        """Return on which side a person stands, or None for a stranger."""
        if person_id == self.mentee.person_id:
            return Side.MENTEE
        return Side.MENTOR if person_id == self.mentor.person_id else None

    def card(self, side: Side) -> Card:
        return self.mentee if side is Side.MENTEE else self.mentor

    def status_at(self, now: datetime) -> MentorshipStatus:
        """Return the state at an instant: once the grace is over it is paused, whether or not the job has come by."""
        if self.renewal is not None and self.renewal.until <= now:
            return MentorshipStatus.PAUSED
        return self.status


@dataclass(frozen=True)
class SeenMentorship:
    """A mentorship as it stands at an instant; coordinators see more of a renewal than the two, unless they are one."""

    mentorship: Mentorship
    status: MentorshipStatus
    for_coordinator: bool = False

    @classmethod
    def at(cls, mentorship: Mentorship, now: datetime, *, for_coordinator: bool = False) -> "SeenMentorship":
        return cls(mentorship, mentorship.status_at(now), for_coordinator)


_HAVE_GRACE = frozenset({Loss.EXPIRED, Loss.UNMET})
_WEIGHT = {Loss.EXPIRED: 0, Loss.UNMET: 0, Loss.SUSPENDED: 1, Loss.REFUSED: 2}


def after_loss(
    mentorship: Mentorship, loss: Loss, since: datetime, grace: timedelta, now: datetime
) -> tuple[MentorshipMove, Mentorship] | None:
    """Return the move that a mentorship makes when its mentor is not verified; None if it has made it.

    Only an expiry, and what a programme has come to ask for, has a grace, from that instant on: a job that comes late
    gives nobody more time. What weighs more ends a grace; a reviewer's no leaves a mentorship that is paused to a
    coordinator.
    """
    before = mentorship.renewal
    if before is None:
        until = since + grace if loss in _HAVE_GRACE else since
        move = MentorshipMove.LAPSE if until > now else MentorshipMove.PAUSE
        return _moved(mentorship, move, Renewal(loss, since, until))
    if _WEIGHT[loss] > _WEIGHT[before.loss]:
        return _moved(mentorship, MentorshipMove.PAUSE, Renewal(loss, before.since, min(before.until, now)))
    if before.ready_at is not None:
        return _moved(mentorship, MentorshipMove.PAUSE, replace(before, ready_at=None))
    return None


def after_grace(mentorship: Mentorship, now: datetime) -> tuple[MentorshipMove, Mentorship] | None:
    """Return the pause of a mentorship whose grace is over; None if it is not, or paused."""
    if mentorship.status_at(now) is mentorship.status:
        return None
    return _moved(mentorship, MentorshipMove.PAUSE, mentorship.renewal)


def after_return(mentorship: Mentorship, now: datetime) -> tuple[MentorshipMove, Mentorship] | None:
    """Return the move that a mentorship makes when its mentor is verified again; None if there is none.

    In its grace, and after it, the mentorship goes on: a reviewer has just seen to what was missing. Where a reviewer
    had said no, a coordinator has the word.
    """
    renewal = mentorship.renewal
    if renewal is None:
        return None
    if mentorship.status is MentorshipStatus.ACTIVE:
        return _moved(mentorship, MentorshipMove.RENEW, None)
    if renewal.loss is not Loss.REFUSED:
        return _moved(mentorship, MentorshipMove.RESUME, None)
    if renewal.ready_at is not None:
        return None
    return _moved(mentorship, MentorshipMove.READY, replace(renewal, ready_at=now))


def resumed(mentorship: Mentorship, now: datetime) -> tuple[MentorshipMove, Mentorship]:
    """Return a paused mentorship as a coordinator has it go on; raises `NotPaused`."""
    if mentorship.status_at(now) is not MentorshipStatus.PAUSED:
        raise NotPaused("It goes on as it is.")
    is_stored = mentorship.status is MentorshipStatus.PAUSED
    return _moved(mentorship, MentorshipMove.RESUME if is_stored else MentorshipMove.RENEW, None)


def _moved(
    mentorship: Mentorship, move: MentorshipMove, renewal: Renewal | None
) -> tuple[MentorshipMove, Mentorship]:
    status = MENTORSHIP_MOVES[mentorship.status, move]
    return move, replace(mentorship, status=status, renewal=renewal)
