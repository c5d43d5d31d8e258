"""The daily look at agreements that are not signed: a draft where there is none, a reminder, a coordinator's task.

Each is done once, in the transaction that notes it on the agreement's row, whichever nights were missed before. Of a
mentorship that is paused nothing is asked: it stays due, and is looked at when it goes on.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.call import Call, job_call
from chalicelib.kernel.clock import to_text
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.tries import again
from chalicelib.mentorships import running_store, task_store
from chalicelib.mentorships.agreements import due_store, mails, store
from chalicelib.mentorships.agreements.errors import AgreementMoved
from chalicelib.mentorships.agreements.model import TASK_AFTER
from chalicelib.mentorships.agreements.service import BUSY, drafted
from chalicelib.mentorships.errors import MentorshipNotUnderWay
from chalicelib.mentorships.running import is_under_way
from chalicelib.mentorships.tasks import unsigned_task
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.observability import act_on_each
from chalicelib.platform.tables import Write


def look_at_unsigned(now: datetime) -> int:
    """Look at each agreement that has no draft yet, or waits for a signature and whose time has come.

    Returns
    -------
    int
        How many could not be looked at and wait for another try; the others are done.
    """
    call = job_call("look_at_mentorships", now)
    _, failed = act_on_each(
        due_store.due(now),
        lambda mentorship_id: look(call, mentorship_id),
        "agreement not looked at",
        lambda mentorship_id: {"mentorship_id": mentorship_id},
    )
    return failed


def look(call: Call, mentorship_id: str) -> None:
    """Do what is due about an agreement at this moment. Again, it does nothing.

    Raises
    ------
    Unavailable
        If others keep changing it.
    """
    again(lambda: _look(call, mentorship_id), AgreementMoved, MentorshipNotUnderWay, busy=BUSY)


def _look(call: Call, mentorship_id: str) -> None:
    row, agreement_row = tables.get_many(
        [running_store.mentorship_key(mentorship_id), store.agreement_key(mentorship_id)]
    )
    if row is None:
        raise NotFound
    mentorship = running_store.mentorship_of(row)
    if not is_under_way(mentorship, call.now):
        return
    agreement = store.agreement_of(agreement_row) if agreement_row is not None else drafted(call, mentorship)
    since, wording = agreement.unsigned_since, agreement.wording
    after, writes = agreement, list[Write]()
    if since is None:
        return
    if after.reminded_at is None and _is_due(after.next_due(), call.now):
        after = replace(after, reminded_at=call.now)
        writes += mails.to_sides(
            mails.UNSIGNED, mentorship, wording.unsigned(), wording.number, to_text(since), call.now
        )
    if after.reminded_at is not None and _is_due(after.next_due(), call.now):
        after = replace(after, raised_at=call.now)
        writes.append(task_store.put_task(unsigned_task(mentorship, since, since + TASK_AFTER), call.now))
    if after is agreement:
        return
    commit(
        call,
        [*store.put_agreement(after, call.now), *writes, running_store.check_under_way(mentorship_id)],
        None,
    )


def _is_due(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now
