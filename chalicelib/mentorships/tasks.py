"""What a coordinator is to see to, and whether somebody has."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.credentials.kinds import Loss
from chalicelib.kernel.ids import derived_id
from chalicelib.mentorships.running import Mentorship


class TaskReason(StrEnum):
    """Why there is a task. The mentor is not verified, since their credential expired, since it is looked at again,
    since a reviewer refused it, or since the programme asks for something else than they hold; or they are
    VERIFIED_AGAIN after a refusal, and a coordinator is to say whether the mentorship goes on. AGREEMENT_UNSIGNED: one
    of the two has not signed for two weeks, or neither."""

    VERIFICATION_EXPIRED = "verification_expired"
    VERIFICATION_SUSPENDED = "verification_suspended"
    VERIFICATION_REFUSED = "verification_refused"
    VERIFICATION_UNMET = "verification_unmet"
    VERIFIED_AGAIN = "verified_again"
    AGREEMENT_UNSIGNED = "agreement_unsigned"


class TaskStatus(StrEnum):
    OPEN = "open"
    DONE = "done"


class TaskEnd(StrEnum):
    """How a task was done: the mentor was verified again and the mentorship went on by itself, a coordinator had it go
    on, or both have signed."""

    RENEWED = "renewed"
    RESUMED = "resumed"
    SIGNED = "signed"


@dataclass(frozen=True)
class Task:
    """One thing to see to, about one mentorship.

    Attributes
    ----------
    due_at
        Up to when there is time. Of a verification: then the mentorship pauses, or has paused.
    """

    id: str
    programme_id: str
    mentorship_id: str
    mentor_id: str
    mentee_id: str
    reason: TaskReason
    raised_at: datetime
    due_at: datetime
    status: TaskStatus = TaskStatus.OPEN
    end: TaskEnd | None = None
    done_at: datetime | None = None


_REASONS = {
    Loss.EXPIRED: TaskReason.VERIFICATION_EXPIRED,
    Loss.SUSPENDED: TaskReason.VERIFICATION_SUSPENDED,
    Loss.REFUSED: TaskReason.VERIFICATION_REFUSED,
    Loss.UNMET: TaskReason.VERIFICATION_UNMET,
}


def task_of(mentorship: Mentorship) -> Task:
    """Return the open task of a mentorship whose mentor's verification is being renewed.

    Its id is made of the mentorship and of when the verification ended, so that it is one task however often it is
    written.

    Raises
    ------
    ValueError
        For any other mentorship.
    """
    renewal = mentorship.renewal
    if renewal is None:
        raise ValueError("nothing is to be seen to")
    seed = hashlib.sha256(f"verification|{mentorship.id}|{renewal.since.isoformat()}".encode()).digest()
    return Task(
        id=derived_id(renewal.since, seed),
        programme_id=mentorship.programme_id,
        mentorship_id=mentorship.id,
        mentor_id=mentorship.mentor.person_id,
        mentee_id=mentorship.mentee.person_id,
        reason=TaskReason.VERIFIED_AGAIN if renewal.ready_at else _REASONS[renewal.loss],
        raised_at=renewal.since,
        due_at=renewal.until,
    )


def unsigned_task(mentorship: Mentorship, since: datetime, due_at: datetime) -> Task:
    """Return the open task of a mentorship whose agreement is unsigned since an instant, from `due_at` on; it is one
    task however often it is written."""
    seed = hashlib.sha256(f"agreement|{mentorship.id}|{since.isoformat()}".encode()).digest()
    return Task(
        id=derived_id(due_at, seed),
        programme_id=mentorship.programme_id,
        mentorship_id=mentorship.id,
        mentor_id=mentorship.mentor.person_id,
        mentee_id=mentorship.mentee.person_id,
        reason=TaskReason.AGREEMENT_UNSIGNED,
        raised_at=due_at,
        due_at=due_at,
    )
