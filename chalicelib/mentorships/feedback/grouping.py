"""Answers that could no longer be corrected as a month ended are counted in groups, and their own rows in the waiting
place are gone. `anonymity.py` says what makes a group, and why nothing else decides when.

The daily look does it on the first of a month, or on the first day after that comes; on the others it finds nothing
that it had not left.
"""

from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.kernel.call import Call, job_call
from chalicelib.kernel.tries import again
from chalicelib.mentorships.feedback import anonymity, group_store
from chalicelib.mentorships.feedback.errors import FeedbackMoved
from chalicelib.mentorships.feedback.group_store import Pool
from chalicelib.platform.commit import commit
from chalicelib.platform.observability import act_on_each, count


def group_sealed(now: datetime) -> int:
    """Count what could no longer be corrected as the last month ended; return how many pools wait for another try."""
    call = job_call("look_at_mentorships", now)
    grouped, failed = act_on_each(
        group_store.sealed_pools(_month(now)),
        lambda one: _group_all(call, one),
        "feedback not counted",
        lambda one: {"programme_id": one.programme_id, "pool": one.name},
    )
    count("FeedbackGrouped", grouped)
    return failed


def _group_all(call: Call, pool: Pool) -> bool:
    """Close groups until what is left makes none."""
    found = False
    while again(lambda: _group(call, pool), FeedbackMoved, busy="Somebody else counts the same."):
        found = True
    return found


def _group(call: Call, pool: Pool) -> bool:
    records = anonymity.group(group_store.sealed_in(pool, _month(call.now)))
    if not records:
        return False
    before = group_store.get_sums(pool, f"{call.now:%Y-%m}")
    after = replace(
        before, n=before.n + len(records), sums=anonymity.added(before.sums, records),
        created_at=before.created_at or call.now,
    )  # fmt: skip
    writes = [
        group_store.put_sums(after, call.now),
        *(group_store.take(pool, one) for one in records),
    ]
    commit(call, writes, None)
    return True


def _month(now: datetime) -> datetime:
    """Return the instant (UTC) at which the month began."""
    return now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
