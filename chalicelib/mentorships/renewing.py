"""What befalls mentorships when nothing verifies their mentor any more, and when somebody has verified them again.

News tells of both at once; a daily look finds the end of a grace, and whatever news has not brought. Every write holds
only while the mentorship is as it was read and the mentor's standing is what the move is about. So a repeat finds
nothing left to do, and none crosses a decision that is made at the same moment.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.credentials.person_file import Loss
from chalicelib.kernel.call import Call, job_call, written
from chalicelib.kernel.errors import DomainError, NotFound, Unavailable
from chalicelib.mentorships import mails, running_store, task_store, telling
from chalicelib.mentorships.running import (
    MentorNotVerified,
    Mentorship,
    MentorshipMove,
    MentorshipMoved,
    MentorshipStatus,
    OwnMentorship,
    SeenMentorship,
    StandingMoved,
    after_grace,
    after_loss,
    after_return,
    resumed,
)
from chalicelib.mentorships.running_store import Look
from chalicelib.mentorships.task_store import Mark, Untold
from chalicelib.mentorships.tasks import TaskEnd, TaskStatus, task_of
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.people import service as people
from chalicelib.people.model import Person
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.observability import count, logger
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Side

# A decision and the daily look may cross each other; a third try means that something else is wrong.
_TRIES = 3


def verification_ended(call: Call, person_id: str, loss: Loss, at: datetime) -> None:
    """Begin the grace of a mentor's mentorships, or pause them, and see that coordinators hear of it.

    Somebody who is verified again meanwhile keeps theirs as they are. Again, it does nothing.
    """
    person = people.get_person(person_id)
    if person is None or person.can_mentor(call.now):
        return
    theirs = [one for one in running_store.all_mentorships_of(person_id) if _mentors(one, person_id)]
    for one in theirs:
        look(call, _look_of(one, call.now), loss)
    telling.verification_ended(call, person_id, theirs, loss, at)


def verification_renewed(call: Call, person_id: str) -> None:
    """Have a mentor's mentorships go on, or coordinators say whether they do. Again, it does nothing."""
    for one in running_store.all_mentorships_of(person_id):
        if one.renewal is not None and _mentors(one, person_id):
            look(call, _look_of(one, call.now))


def look_at_due(now: datetime) -> int:
    """Look at each mentorship of which the mentor's standing, or the end of its grace, may have something to say.

    Returns
    -------
    int
        How many could not be looked at and wait for another try; the others are done.
    """
    call = job_call("look_at_mentorships", now)
    moved = failed = 0
    for one in running_store.due_looks(now):
        try:
            moved += look(call, one) is not None
        except DomainError as error:
            failed += 1
            logger.error(
                "mentorship not looked at", extra={"mentorship_id": one.mentorship_id, "code": error.code}
            )
    count("MentorshipsMoved", moved)
    return failed


def look(call: Call, due: Look, loss: Loss | None = None) -> MentorshipMove | None:
    """Bring a mentorship to where its mentor's standing wants it; return the move that it made, if any.

    Parameters
    ----------
    loss
        How the mentor lost their standing, where news has told. By itself a date that is over is an expiry, and no date
        at all is something to be seen to before anybody goes on.

    Raises
    ------
    Unavailable
        If others keep changing the same.
    """
    for _ in range(_TRIES):
        try:
            return _look(call, due, loss)
        except (MentorshipMoved, StandingMoved):
            continue
    raise Unavailable("The mentorship, or its mentor's standing, is being changed at this moment.")


def _look(call: Call, due: Look, loss: Loss | None) -> MentorshipMove | None:
    now = call.now
    row, person_row, programme_row = tables.get_many(
        [
            running_store.mentorship_key(due.mentorship_id), people.person_key(due.mentor_id),
            programmes.programme_key(due.programme_id),
        ]
    )  # fmt: skip
    if row is None or programme_row is None:
        raise NotFound
    before = running_store.mentorship_of(row)
    person = people.person_of(person_row) if person_row is not None else None
    if person is not None and person.can_mentor(now):
        found = after_return(before, now)
        as_read = people.check_can_mentor(person.id, now, StandingMoved("Read it again."))
    else:
        grace = timedelta(days=programmes.programme_of(programme_row).grace_days)
        found = _without_standing(before, person, loss, grace, now)
        as_read = people.check_cannot_mentor(due.mentor_id, now, StandingMoved("Read it again."))
    if found is None:
        next_look = running_store.put_look(before, _look_at(before, person), now)
        commit(call, [next_look, running_store.check_unmoved(before), as_read], None)
        return None
    move, after = found
    writes = _moved(call, move, before, after, _look_at(after, person), TaskEnd.RENEWED)
    commit(call, [*writes, as_read], None)
    return move


def _without_standing(
    before: Mentorship, person: Person | None, loss: Loss | None, grace: timedelta, now: datetime
) -> tuple[MentorshipMove, Mentorship] | None:
    ended = person.standing.verified_until if person is not None else None
    if loss is None and before.renewal is not None:
        loss = before.renewal.loss
    elif loss is None:
        loss = Loss.EXPIRED if ended is not None else Loss.SUSPENDED
    since = min(ended, now) if loss is Loss.EXPIRED and ended is not None else now
    return after_loss(before, loss, since, grace, now) or after_grace(before, now)


def _look_at(mentorship: Mentorship, person: Person | None) -> datetime | None:
    """Return when to look next: as its grace ends, or the mentor's standing as it is known; None once it has paused,
    since only news brings it further."""
    if mentorship.status is MentorshipStatus.PAUSED:
        return None
    if mentorship.renewal is not None:
        return mentorship.renewal.until
    return person.standing.verified_until if person is not None else None


def resume(call: Call, mentorship_id: str) -> SeenMentorship:
    """Have a paused mentorship go on, if its mentor is verified at this moment (the programme's coordinators).

    Raises
    ------
    NotPaused, MentorNotVerified, OwnMentorship
    """
    for _ in range(_TRIES):
        try:
            return _resume(call, mentorship_id)
        except MentorshipMoved:
            continue
    raise Unavailable("The mentorship is being changed at this moment.")


def _resume(call: Call, mentorship_id: str) -> SeenMentorship:
    rights_row, row = tables.get_many(
        [organisations.rights_key(call), running_store.mentorship_key(mentorship_id)]
    )
    if row is None:
        raise NotFound
    before = running_store.mentorship_of(row)
    organisations.rights_of(call, rights_row).require(before.organisation_id, StaffRole.COORDINATOR)
    if before.side_of(call.actor_id) is not None:
        raise OwnMentorship("Ask another coordinator of the organisation.")
    move, after = resumed(before, call.now)
    unverified = MentorNotVerified("It can go on once a reviewer has verified a credential of the mentor's.")
    writes = [
        # The next night finds out up to when the mentor is verified.
        *_moved(call, move, before, after, call.now, TaskEnd.RESUMED),
        people.check_can_mentor(before.mentor.person_id, call.now, unverified),
    ]
    return commit(call, writes, SeenMentorship.at(written(after), call.now, for_coordinator=True))


def _moved(
    call: Call,
    move: MentorshipMove,
    before: Mentorship,
    after: Mentorship,
    look_at: datetime | None,
    end: TaskEnd,
) -> list[Write]:
    """Return the writes of a move: the mentorship, its task, its mails, and what coordinators are to be told."""
    now, renewal = call.now, after.renewal or before.renewal
    if renewal is None:
        raise ValueError("these moves begin with a renewal or end with one")
    task = (
        task_of(after)
        if after.renewal
        else replace(task_of(before), status=TaskStatus.DONE, end=end, done_at=now)
    )
    pauses = after.status is MentorshipStatus.PAUSED and before.status is MentorshipStatus.ACTIVE
    writes = [
        *running_store.put_mentorship(after, look_at, now),
        task_store.put_task(task, now),
        running_store.audit(
            after.id, row_id=call.new_id(), at=now, actor=call.actor_id, action=f"{move}_mentorship",
            before=before.status, after=after.status, why=renewal.loss,
        ),
    ]  # fmt: skip
    if move is MentorshipMove.LAPSE:
        writes += mails.of_mentorship(mails.MENTORSHIP_IN_GRACE, after, renewal.since, now)
    if pauses:
        writes += mails.of_mentorship(mails.MENTORSHIP_PAUSED, after, renewal.since, now)
    if move is MentorshipMove.RESUME:
        writes += mails.of_mentorship(mails.MENTORSHIP_RESUMED, after, renewal.since, now)
    # Of a refusal coordinators hear at once.
    if pauses and renewal.loss is not Loss.REFUSED:
        writes.append(task_store.mark(Mark(after.programme_id, Untold.PAUSED, after.id, renewal.since), now))
    if move is MentorshipMove.READY:
        writes.append(task_store.mark(Mark(after.programme_id, Untold.READY, after.id, renewal.since), now))
    return writes


def _mentors(mentorship: Mentorship, person_id: str) -> bool:
    return mentorship.side_of(person_id) is Side.MENTOR


def _look_of(mentorship: Mentorship, now: datetime) -> Look:
    return Look(mentorship.id, mentorship.mentor.person_id, mentorship.programme_id, now)
