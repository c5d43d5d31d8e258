"""What becomes of a mentorship whose mentor is not verified as the programme asks, and when they are again."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.credentials.kinds import Loss
from chalicelib.mentorships.endings import closed
from chalicelib.mentorships.errors import NotPaused
from chalicelib.mentorships.moves import MentorshipMove, Moved, moved
from chalicelib.mentorships.running import By, Mentorship, MentorshipStatus, Renewal

_HAVE_GRACE = frozenset({Loss.EXPIRED, Loss.UNMET})
_WEIGHT = {Loss.EXPIRED: 0, Loss.UNMET: 0, Loss.SUSPENDED: 1, Loss.REFUSED: 2}


def after_loss(
    mentorship: Mentorship, loss: Loss, since: datetime, grace: timedelta, now: datetime
) -> Moved | None:
    """Return the move that a mentorship makes when its mentor is not verified; None if it has made it.

    Only an expiry, and what a programme has come to ask for, has a grace, from that instant on: a job that comes late
    gives nobody more time. What weighs more ends a grace; a reviewer's no leaves a mentorship that is paused to a
    coordinator. One that is closing is closed where another would be paused.
    """
    before = mentorship.renewal
    if before is None:
        until = since + grace if loss in _HAVE_GRACE else since
        renewal = Renewal(loss, since, until)
        if until > now:
            return moved(mentorship, MentorshipMove.LAPSE, By.SERVICE, now, renewal=renewal)
        return _stopped(mentorship, renewal, now)
    if _WEIGHT[loss] > _WEIGHT[before.loss]:
        return _stopped(mentorship, Renewal(loss, before.since, min(before.until, now)), now)
    if before.ready_at is not None:
        return _stopped(mentorship, replace(before, ready_at=None), now)
    return None


def after_grace(mentorship: Mentorship, now: datetime) -> Moved | None:
    """Return the pause of a mentorship whose grace is over, or the end of one that is closing; None for any other."""
    if mentorship.status_at(now) is mentorship.status:
        return None
    return _stopped(mentorship, mentorship.renewal, now)


def after_return(mentorship: Mentorship, now: datetime) -> Moved | None:
    """Return the move that a mentorship makes when its mentor is verified again; None if there is none.

    In its grace, and after it, the mentorship goes on: a reviewer has just seen to what was missing. Where a reviewer
    had said no, a coordinator has the word; and where a coordinator has paused it, it stays paused.
    """
    renewal = mentorship.renewal
    if renewal is None:
        return None
    if mentorship.status is not MentorshipStatus.PAUSED:
        return moved(mentorship, MentorshipMove.RENEW, By.SERVICE, now, renewal=None)
    if renewal.loss is not Loss.REFUSED:
        move = MentorshipMove.RESUME if mentorship.hold is None else MentorshipMove.RENEW
        return moved(mentorship, move, By.SERVICE, now, renewal=None)
    if renewal.ready_at is not None:
        return None
    return moved(mentorship, MentorshipMove.READY, By.SERVICE, now, renewal=replace(renewal, ready_at=now))


def resumed(mentorship: Mentorship, now: datetime, *, is_verified: bool = True) -> Moved:
    """Return a paused mentorship as a coordinator has it go on.

    Parameters
    ----------
    is_verified
        Whether the programme takes the mentor at this moment; a grace that has begun goes on where it does not.

    Raises
    ------
    NotPaused
    """
    if mentorship.status_at(now) is not MentorshipStatus.PAUSED:
        raise NotPaused("It goes on as it is, or it has come to its end.")
    is_stored = mentorship.status is MentorshipStatus.PAUSED
    move = MentorshipMove.RESUME if is_stored else MentorshipMove.RENEW
    renewal = None if is_verified else mentorship.renewal
    return moved(mentorship, move, By.COORDINATOR, now, renewal=renewal, hold=None)


def _stopped(mentorship: Mentorship, renewal: Renewal | None, now: datetime) -> Moved:
    if mentorship.status is MentorshipStatus.CLOSING:
        return closed(mentorship, By.SERVICE, now)
    move = MentorshipMove.RELAPSE if mentorship.status is MentorshipStatus.PAUSED else MentorshipMove.PAUSE
    return moved(mentorship, move, By.SERVICE, now, renewal=renewal)
