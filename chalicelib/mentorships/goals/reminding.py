"""Reminders of goals that are due in a week, and of those whose day is over: once each to the one whose goal it is.

Which goals it is time for stands in rows of their own, read by key once a day. The mail is written in the transaction
that moves the goal's row on to its next reminder, so that a day that comes twice, or is cut off, sends none twice and
loses none; a day that did not come is caught up, and then the later of two reminders is enough.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from chalicelib.kernel.call import Call, job_call
from chalicelib.kernel.errors import NotFound
from chalicelib.mentorships.goals import due, service, store
from chalicelib.mentorships.goals.due import Stage
from chalicelib.mentorships.goals.model import Goal
from chalicelib.mentorships.goals.store import GoalLook
from chalicelib.mentorships.running import MentorshipStatus, is_under_way
from chalicelib.platform import outbox
from chalicelib.platform.commit import commit
from chalicelib.platform.observability import act_on_each, count
from chalicelib.platform.tables import Write

GOAL_DUE = "goal-due"
"""The mail to whose goal it is that it is due within a week: `recipient`, `mentorship_id`, `goal_id`, `due_on`."""
GOAL_OVERDUE = "goal-overdue"
"""The mail that its day is over; of the same payload."""

_KINDS = {Stage.SOON: GOAL_DUE, Stage.OVER: GOAL_OVERDUE}
_NEXT_DAY = timedelta(days=1)


def remind_due(now: datetime) -> int:
    """Remind of each goal for which it is time.

    Returns
    -------
    int
        How many could not be looked at and wait for the next day; the others are done.
    """
    call = job_call("look_at_mentorships", now)
    reminded, failed = act_on_each(
        store.due_looks(now),
        lambda one: service.repeated(lambda: _remind(call, one)),
        "goal not looked at",
        lambda one: {"goal_id": one.goal_id},
    )
    count("GoalsReminded", reminded)
    return failed


def _remind(call: Call, look: GoalLook) -> bool:
    """Remind of one goal, and put it where its next reminder is due; return whether there was anything to say."""
    found = service.goal_now(look.mentorship_id, look.goal_id)
    if found is None:
        raise NotFound
    mentorship, goal = found
    zone_name = due.zone_of(goal, mentorship)
    if mentorship.status_at(call.now) is MentorshipStatus.PAUSED:
        # The two are not to meet now; when they do again, it is still time.
        commit(call, _moved_on(call, goal, call.now + _NEXT_DAY), None)
        return False
    if not is_under_way(mentorship, call.now):
        commit(call, _moved_on(call, goal, None), None)
        return False
    writes = _moved_on(call, goal, due.next_look(goal, zone_name, call.now))
    stage = due.stage_at(goal, zone_name, call.now)
    if stage is not None:
        with suppress(outbox.WrittenBefore):  # the day was moved away, and back
            commit(call, [_mail(_KINDS[stage], goal, call.now), *writes], None)
            return True
    commit(call, writes, None)
    return False


def _moved_on(call: Call, goal: Goal, at: datetime | None) -> list[Write]:
    return [store.put_look(goal, at, call.now), store.check_goal(goal)]


def _mail(kind: str, goal: Goal, now: datetime) -> Write:
    """Return the write of a mail to whose goal it is; its id names the reason, so that there is never a second."""
    due_on = str(goal.due_on)
    payload = {
        "recipient": goal.owner_id, "mentorship_id": goal.mentorship_id, "goal_id": goal.id, "due_on": due_on,
    }  # fmt: skip
    return outbox.message(f"{kind}:{goal.id}:{due_on}", outbox.Topic.MAIL, kind, payload, now=now)
