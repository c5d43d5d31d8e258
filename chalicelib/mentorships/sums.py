"""How a programme stands, in sums: what its coordinators read of it once a week."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from chalicelib.mentorships import store, task_store
from chalicelib.mentorships.health import store as health_store
from chalicelib.mentorships.health.model import HealthState
from chalicelib.mentorships.health.service import counts_for
from chalicelib.mentorships.tasks import UNREACHED, TaskReason
from chalicelib.platform import tables


@dataclass(frozen=True)
class Sums:
    """How a programme stands; nothing in it names anybody.

    Attributes
    ----------
    red, amber
        Mentorships in which something has long been amiss, or is, as of the last look.
    tasks
        Open ones; `unsigned` and `unreached` are among them: agreements that are unsigned for two weeks, and people to
        whom nothing is mailed.
    unanswered
        Open proposals.
    """

    red: int = 0
    amber: int = 0
    tasks: int = 0
    unsigned: int = 0
    unreached: int = 0
    unanswered: int = 0


def sums_of(programme_id: str, reader_id: str, now: datetime) -> Sums:
    """Return how a programme stands, but for the reader's own mentorships, whose sums would tell them what the other
    has said in confidence: a get, queries of their mentorships, of the open tasks, and of the proposals young enough to
    be open; a round trip a megabyte."""
    health = counts_for(reader_id, programme_id, tables.get(*health_store.counts_key(programme_id)))
    reasons = Counter(task_store.open_reasons(programme_id, reader_id))
    return Sums(
        health[HealthState.RED], health[HealthState.AMBER], reasons.total(), reasons[TaskReason.AGREEMENT_UNSIGNED],
        sum(reasons[one] for one in UNREACHED), store.count_open(programme_id, now),
    )  # fmt: skip
