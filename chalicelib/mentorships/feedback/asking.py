"""The daily look at whom it is time to ask: a round is opened, and both get a mail with a link to it.

A round is opened once, in the transaction that notes it on the mentorship's plan and says when to look next, while the
mentorship is as it was read. Days that did not come open one round and not one for each; in a pause nothing is asked.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.call import Call, job_call
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.tries import again
from chalicelib.mentorships import running_store
from chalicelib.mentorships.errors import MentorshipMoved
from chalicelib.mentorships.feedback import due_store, group_store, store
from chalicelib.mentorships.feedback.due_store import Ask
from chalicelib.mentorships.feedback.errors import FeedbackMoved
from chalicelib.mentorships.feedback.model import Plan, Round, RoundKind, due_round, next_due
from chalicelib.mentorships.running import Mentorship
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.observability import act_on_each, count
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Side

PULSE_DUE = "pulse-due"
"""The mail that a pulse waits for its reader: `recipient`, `mentorship_id`, `round`."""
SURVEY_DUE = "survey-due"
"""The mail that a survey does; of the same payload."""


def ask_due(now: datetime) -> int:
    """Ask the two of each mentorship for which it is time.

    Returns
    -------
    int
        How many could not be looked at and wait for the next day; the others are done.
    """
    call = job_call("look_at_mentorships", now)
    asked, failed = act_on_each(
        due_store.due(now),
        lambda one: again(
            lambda: _ask(call, one), FeedbackMoved, MentorshipMoved, busy="The mentorship is being changed."
        ),
        "mentorship not asked",
        lambda one: {"mentorship_id": one.mentorship_id},
    )
    count("RoundsAsked", asked)
    return failed


def _ask(call: Call, ask: Ask) -> bool:
    """Open the round that is due, if any, and say when to look next."""
    row, plan_row, asked_row = tables.get_many(
        [
            running_store.mentorship_key(ask.mentorship_id),
            store.plan_key(ask.mentorship_id),
            store.questionnaire_key(ask.programme_id),
        ]
    )
    if row is None:
        raise NotFound
    mentorship, now = running_store.mentorship_of(row), call.now
    plan = store.plan_of(mentorship.id, plan_row)
    weeks = store.questionnaire_of(ask.programme_id, asked_row).pulse_weeks
    round_ = due_round(plan, mentorship, weeks, now)
    after = _asked(plan, round_, now) if round_ is not None else plan
    writes = [
        due_store.put_ask(mentorship.id, ask.programme_id, next_due(after, mentorship, weeks, now), now),
        running_store.check_unmoved(mentorship),
    ]
    if round_ is not None:
        writes.append(store.put_plan(after, now))
        for side in Side:
            writes.append(
                group_store.count(
                    ask.programme_id, side, round_.kind, mentorship.card(side).person_id, now, asked=1
                )
            )
            writes.append(_mail(mentorship, side, round_, now))
    commit(call, writes, None)
    return round_ is not None


def _asked(plan: Plan, round_: Round, now: datetime) -> Plan:
    match round_.kind:
        case RoundKind.START:
            return replace(plan, start_at=now, created_at=plan.created_at or now)
        case RoundKind.MIDDLE:
            return replace(plan, middle_at=now, created_at=plan.created_at or now)
        case RoundKind.END:
            return replace(plan, end_at=now, created_at=plan.created_at or now)
    return replace(plan, pulses=round_.number, pulse_at=now, created_at=plan.created_at or now)


def _mail(mentorship: Mentorship, side: Side, round_: Round, now: datetime) -> Write:
    """Return the write of a mail to one side; its id names the round, so that there is never a second."""
    recipient = mentorship.card(side).person_id
    kind = PULSE_DUE if round_.kind is RoundKind.PULSE else SURVEY_DUE
    payload = {"recipient": recipient, "mentorship_id": mentorship.id, "round": round_.name}
    message_id = f"{kind}:{mentorship.id}:{round_.name}:{recipient}"
    return outbox.message(message_id, outbox.Topic.MAIL, kind, payload, now=now)
