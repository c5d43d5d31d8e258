"""The look at a mentorship's health when something of it is due to change: state, mails and tasks in one transaction.

Each look is put over the version of what was kept before. So of two workers at once one writes, a run that was cut off
is taken up where it was, and nothing is told twice or left out.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import islice

from chalicelib.kernel.call import Call, job_call
from chalicelib.kernel.errors import StaleVersion
from chalicelib.kernel.tries import again
from chalicelib.mentorships import running_store, task_store
from chalicelib.mentorships.errors import MentorshipMoved, MentorshipNotUnderWay, TaskIsDone
from chalicelib.mentorships.health import due_store, mails, store
from chalicelib.mentorships.health.model import HealthReason, next_look
from chalicelib.mentorships.health.pulses import pulses_of
from chalicelib.mentorships.health.spells import Record, Spell, Step, looked, rested
from chalicelib.mentorships.running import NOT_ENDED, Mentorship, is_under_way
from chalicelib.mentorships.tasks import TaskEnd, TaskReason, TaskStatus, help_task
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.observability import count, logger
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import HealthRule

MOST_A_RUN = 300
"""Four reads and writes each, some ten seconds in all, beside what else the run of a few minutes does; at a run each
five minutes it is 86,400 looks a day."""


def look_at_due(now: datetime) -> int:
    """Look at each mentorship whose time it is; return how many could not be looked at and wait for another try."""
    call, failed, seen = job_call("reminders", now), 0, 0
    rules: dict[str, HealthRule] = {}
    for mentorship_id in islice(due_store.due(now), MOST_A_RUN):
        try:
            look(call, mentorship_id, rules)
            seen += 1
        except Exception as error:  # noqa: BLE001 - one mentorship must not keep the others, or the sweep after them
            failed += 1
            extra = {"mentorship_id": mentorship_id, "error": type(error).__name__}
            logger.error("health not looked at", extra=extra)
    count("HealthLooks", seen)
    return failed


def look(call: Call, mentorship_id: str, rules: dict[str, HealthRule] | None = None) -> None:
    """Look at a mentorship, tell the two of what is newly amiss, and have coordinators see to what lasts. Again, it
    tells nothing.

    Parameters
    ----------
    rules
        Of the programmes that were read in this run.

    Raises
    ------
    Unavailable
        If others keep changing the same.
    """
    known = rules if rules is not None else {}
    again(
        lambda: _look(call, mentorship_id, known),
        StaleVersion, MentorshipMoved, MentorshipNotUnderWay, TaskIsDone,
        busy="This mentorship is being changed at this moment.",
    )  # fmt: skip


def _look(call: Call, mentorship_id: str, rules: dict[str, HealthRule]) -> None:
    now = call.now
    row, health_row = tables.get_many(
        [running_store.mentorship_key(mentorship_id), store.health_key(mentorship_id)]
    )
    if row is None:
        commit(call, [due_store.put_due(mentorship_id, None, now)], None)
        return
    mentorship = running_store.mentorship_of(row)
    before = store.record_of(mentorship, health_row)
    if not is_under_way(mentorship, now):
        _rest(call, mentorship, before)
        return
    if before.looked_at is not None and before.state is None:
        before = replace(before, counts_from=now)  # it goes on
    if mentorship.programme_id not in rules:
        programme = programmes.get_programme(mentorship.programme_id)
        rules[mentorship.programme_id] = programme.health if programme else HealthRule()
    rule = rules[mentorship.programme_id]
    facts = store.facts_of(mentorship, before.counts_from, pulses_of(mentorship))
    step = looked(before, facts, rule, now)
    raised = [(reason, step.record.spells[reason]) for reason in step.raised]
    writes = [
        *store.put_health(before, step.record, now),
        due_store.put_due(mentorship_id, next_look(facts, rule, now), now),
        running_store.check_under_way(mentorship_id),
        *mails.nudges(mentorship, step.begun, now),
        *mails.reviews(mentorship, step.reviews, now),
        *mails.notes(step.noteless, now),
        *(task_store.put_task(help_task(mentorship, *_told(one)), now) for one in raised),
        *_done(mentorship, step, TaskEnd.MENDED, now),
    ]  # fmt: skip
    if before.state is not step.record.state:
        why = ",".join(one.value for one in step.record.reasons) or None
        writes.append(
            running_store.audit(
                mentorship_id, row_id=call.new_id(), at=now, actor=call.actor_id, action="assess_health",
                before=before.state, after=step.record.state, why=why,
            )
        )  # fmt: skip
    commit(call, writes, None)


def _rest(call: Call, mentorship: Mentorship, before: Record) -> None:
    """Note that a mentorship is paused or over, which mends whatever was amiss; it is looked at again when it is
    moved."""
    step = rested(before, call.now)
    end = TaskEnd.MENDED if mentorship.status_at(call.now) in NOT_ENDED else TaskEnd.CLOSED
    writes = [
        *store.put_health(before, step.record, call.now),
        due_store.put_due(mentorship.id, None, call.now),
        *_done(mentorship, step, end, call.now),
        # What moves it meanwhile has it looked at anew, and must not lose that to the write above.
        running_store.check_unmoved(mentorship),
    ]
    commit(call, writes, None)


def _done(mentorship: Mentorship, step: Step, end: TaskEnd, now: datetime) -> Iterable[Write]:
    """Return the writes that do the tasks of what is mended, but for those that a coordinator has seen to."""
    tasks = [help_task(mentorship, *_told(one)) for one in step.mended.items()]
    keys = [task_store.task_key(one.programme_id, one.id) for one in tasks]
    for task, row in zip(tasks, tables.get_many(keys) if keys else [], strict=True):
        if row is not None and task_store.task_of(row).status is TaskStatus.OPEN:
            done = replace(task, status=TaskStatus.DONE, end=end, done_at=now)
            yield task_store.done_now(done, now)


def _told(one: tuple[HealthReason, Spell]) -> tuple[TaskReason, datetime, datetime]:
    reason, spell = one
    if spell.raised_at is None:
        raise ValueError("no task was raised")
    return TaskReason(reason.value), spell.began_at, spell.raised_at
