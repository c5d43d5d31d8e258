"""When nothing is mailed to an address any more, and when its holder may have us try again."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.people.model import MailStop, MailStopReason

FIRST_WAIT, LONGEST_WAIT = timedelta(days=1), timedelta(days=30)
"""The first try is free. From then on each failure doubles the wait: providers judge a sender by what bounces, and who
mends a mailbox needs days rather than minutes. Both lengths are our judgement."""

FORGET_AFTER = timedelta(days=180)
"""An address that has taken mail for so long since the last try is like any other again."""


@dataclass(frozen=True)
class Stop:
    """What holds for an address that bounced or complained once.

    Attributes
    ----------
    since
        When the last stop began.
    tries
        How often its holder had us try again.
    lifted_at
        When they last did; None while nothing is mailed.
    version
        None for a stop that is not kept yet.
    """

    since: datetime
    reason: MailStopReason
    tries: int = 0
    lifted_at: datetime | None = None
    version: int | None = None

    @property
    def is_in_force(self) -> bool:
        return self.lifted_at is None

    @property
    def told(self) -> MailStop | None:
        """What the person and their coordinators read of it; None where mail goes out."""
        return MailStop(self.since, self.reason) if self.is_in_force else None

    @property
    def may_try_at(self) -> datetime:
        """The instant from which its holder may have us try again."""
        wait = FIRST_WAIT * 2 ** min(self.tries - 1, 10) if self.tries else timedelta()
        return self.since + min(wait, LONGEST_WAIT)


def stopped(before: Stop | None, reason: MailStopReason, now: datetime) -> Stop:
    """Return what holds for an address after the provider told of it: the stop there is already, as it stands, unless a
    complaint comes to a bounce."""
    if before is None or _is_forgotten(before, now):
        return Stop(now, reason, version=before.version if before else None)
    if not before.is_in_force:
        return replace(before, since=now, reason=reason, lifted_at=None)
    if reason is MailStopReason.COMPLAINT:
        return replace(before, reason=reason)
    return before


def lifted(stop: Stop, now: datetime) -> Stop:
    """Return what holds once its holder has had us try again."""
    return replace(stop, tries=stop.tries + 1, lifted_at=now)


def _is_forgotten(stop: Stop, now: datetime) -> bool:
    return stop.lifted_at is not None and stop.lifted_at + FORGET_AFTER <= now
