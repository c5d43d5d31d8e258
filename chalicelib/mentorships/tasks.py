"""What a coordinator is to see to, and whether somebody has."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.credentials.kinds import Loss
from chalicelib.kernel.ids import derived_id
from chalicelib.mentorships.running import EndReason, Mentorship
from chalicelib.people.model import MailStop, MailStopReason
from chalicelib.programmes.model import Side


class TaskReason(StrEnum):
    """Why there is a task. The mentor is not verified, since their credential expired, since it is looked at again,
    since a reviewer refused it, or since the programme asks for something else than they hold; or they are
    VERIFIED_AGAIN after a refusal, and a coordinator is to say whether the mentorship goes on. AGREEMENT_UNSIGNED: one
    of the two has not signed for two weeks, or neither. ENDED: one of the two has ended it and it was not the right
    fit, or they have written to coordinators. REMATCH_WANTED: somebody asks for another match, in a programme in which
    none is made unless a coordinator starts it. The next five are those of `health/`: the two have been told, and it
    lasts. MAIL_BOUNCED, MAIL_UNWANTED: nothing is mailed to somebody of the programme, since mail came back for good,
    or since they reported it as unwanted. CIRCLE_WITHOUT_LEAD: nobody leads a circle any more, and it is held."""

    VERIFICATION_EXPIRED = "verification_expired"
    VERIFICATION_SUSPENDED = "verification_suspended"
    VERIFICATION_REFUSED = "verification_refused"
    VERIFICATION_UNMET = "verification_unmet"
    VERIFIED_AGAIN = "verified_again"
    AGREEMENT_UNSIGNED = "agreement_unsigned"
    ENDED = "ended"
    REMATCH_WANTED = "rematch_wanted"
    NO_SESSION = "no_session"
    NO_SHOWS = "no_shows"
    GOALS_OVERDUE = "goals_overdue"
    NO_GOALS = "no_goals"
    PULSE_FALLING = "pulse_falling"
    MAIL_BOUNCED = "mail_bounced"
    MAIL_UNWANTED = "mail_unwanted"
    CIRCLE_WITHOUT_LEAD = "circle_without_lead"


NEEDS_HELP = frozenset(
    {
        TaskReason.NO_SESSION, TaskReason.NO_SHOWS, TaskReason.GOALS_OVERDUE, TaskReason.NO_GOALS,
        TaskReason.PULSE_FALLING,
    }
)  # fmt: skip
"""Of a mentorship's health; such a task is done by itself as well, once what it tells of is mended."""

UNREACHED = frozenset({TaskReason.MAIL_BOUNCED, TaskReason.MAIL_UNWANTED})
"""Of a person of the programme and of no one mentorship; done by itself as well, once mail goes out to them again."""

BY_HAND = (
    NEEDS_HELP
    | UNREACHED
    | {
        TaskReason.AGREEMENT_UNSIGNED, TaskReason.ENDED, TaskReason.REMATCH_WANTED,
        TaskReason.CIRCLE_WITHOUT_LEAD,
    }
)  # fmt: skip
"""What a coordinator says to be done; all else follows from what becomes of the mentorship."""

TIME_FOR_IT = timedelta(days=7)
"""By when such a task is to be done: nobody should wait for longer to hear from a coordinator; our judgement."""


class TaskStatus(StrEnum):
    OPEN = "open"
    DONE = "done"


class TaskEnd(StrEnum):
    """How a task was done: the mentor was verified again and the mentorship went on by itself, a coordinator had it
    go on, both have signed, what it told of is mended or rests with the mentorship, it was closed, or a coordinator has
    said that they have seen to it."""

    RENEWED = "renewed"
    RESUMED = "resumed"
    SIGNED = "signed"
    MENDED = "mended"
    CLOSED = "closed"
    SEEN_TO = "seen_to"


@dataclass(frozen=True)
class Task:
    """One thing to see to, about one mentorship, one person of a programme, or one circle.

    Attributes
    ----------
    mentorship_id
        None of what is about a person or a circle.
    circle_id
        Of what is about a circle.
    mentor_id, mentee_id
        The two of the mentorship; or the person, on the side or the sides on which they are in the programme.
    due_at
        Up to when there is time; a mentorship whose mentor is not verified pauses then, or has paused.
    """

    id: str
    programme_id: str
    mentorship_id: str | None
    mentor_id: str | None
    mentee_id: str | None
    reason: TaskReason
    raised_at: datetime
    due_at: datetime
    status: TaskStatus = TaskStatus.OPEN
    end: TaskEnd | None = None
    done_at: datetime | None = None
    circle_id: str | None = None


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
    reason = TaskReason.VERIFIED_AGAIN if renewal.ready_at else _REASONS[renewal.loss]
    return _task("verification", mentorship, reason, renewal.since, renewal.until)


def task_of_ending(mentorship: Mentorship, *, has_words: bool) -> Task | None:
    """Return the task of a mentorship that one of the two has ended, if there is something to see to."""
    ending = mentorship.ending
    if ending is None or not (has_words or ending.reason is EndReason.NOT_THE_RIGHT_FIT):
        return None
    return _task("ending", mentorship, TaskReason.ENDED, ending.since, ending.since + TIME_FOR_IT)


def task_of_rematch(mentorship: Mentorship, side: Side, now: datetime) -> Task:
    """Return the task to match somebody anew whose mentorship is over, or comes to its end; one for each of the two."""
    if mentorship.ending is None:
        raise ValueError("it goes on")
    task = _task(f"rematch of {side}", mentorship, TaskReason.REMATCH_WANTED, mentorship.ending.since, now)
    return replace(task, raised_at=now, due_at=now + TIME_FOR_IT)


def _task(what: str, mentorship: Mentorship, reason: TaskReason, since: datetime, due_at: datetime) -> Task:
    seed = hashlib.sha256(f"{what}|{mentorship.id}|{since.isoformat()}".encode()).digest()
    return Task(
        id=derived_id(since, seed),
        programme_id=mentorship.programme_id,
        mentorship_id=mentorship.id,
        mentor_id=mentorship.mentor.person_id,
        mentee_id=mentorship.mentee.person_id,
        reason=reason,
        raised_at=since,
        due_at=due_at,
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


def help_task(mentorship: Mentorship, reason: TaskReason, began_at: datetime, raised_at: datetime) -> Task:
    """Return the open task of what has lasted since the look that first found it; it is one task however often it is
    written."""
    task = _task(f"health {reason}", mentorship, reason, began_at, raised_at + TIME_FOR_IT)
    return replace(task, raised_at=raised_at)


_STOPPED = {
    MailStopReason.BOUNCE: TaskReason.MAIL_BOUNCED,
    MailStopReason.COMPLAINT: TaskReason.MAIL_UNWANTED,
}


def unreached_task(programme_id: str, person_id: str, sides: Collection[Side], stop: MailStop) -> Task:
    """Return the open task of a person to whom no mail goes out; it is one task however often it is written."""
    reason = _STOPPED[stop.reason]
    seed = hashlib.sha256(f"{reason}|{programme_id}|{person_id}|{stop.since.isoformat()}".encode()).digest()
    return Task(
        id=derived_id(stop.since, seed),
        programme_id=programme_id,
        mentorship_id=None,
        mentor_id=person_id if Side.MENTOR in sides else None,
        mentee_id=person_id if Side.MENTEE in sides else None,
        reason=reason,
        raised_at=stop.since,
        due_at=stop.since + TIME_FOR_IT,
    )


def circle_task(programme_id: str, circle_id: str, since: datetime) -> Task:
    """Return the open task of a circle that nobody leads since an instant; it is one task however often it is
    written."""
    seed = hashlib.sha256(f"circle|{circle_id}|{since.isoformat()}".encode()).digest()
    return Task(
        id=derived_id(since, seed),
        programme_id=programme_id,
        mentorship_id=None,
        mentor_id=None,
        mentee_id=None,
        reason=TaskReason.CIRCLE_WITHOUT_LEAD,
        raised_at=since,
        due_at=since + TIME_FOR_IT,
        circle_id=circle_id,
    )
