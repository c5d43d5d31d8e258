"""In the mentorships table: when a mentorship's health is looked at next."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.platform import tables
from chalicelib.platform.tables import Write

_DUE = "HEALTH"


class HealthDueRow(tables.IndexedRow):
    """One a mentorship that is under way, or was moved since the last look. gsi1 has all by that instant."""

    class Meta:
        capability = "mentorships"


def due_key(mentorship_id: str) -> tuple[type[HealthDueRow], str, str]:
    """Return the key of when a mentorship's health is looked at next."""
    return HealthDueRow, f"MENTORSHIP#{mentorship_id}", "HEALTH#DUE"


def put_due(mentorship_id: str, due_at: datetime | None, now: datetime) -> Write:
    """Return the write of when to look next, None for never; what else is in the transaction has the condition."""
    return tables.put_due(due_key(mentorship_id), _DUE, mentorship_id, due_at, now)


def due(now: datetime) -> Iterator[str]:
    """Yield the mentorships whose health is to be looked at, longest due first in each shard: by key, never by scan.

    The index may lag behind; what is read of the mentorship decides.
    """
    for raw in tables.query_due(now, HealthDueRow, _DUE):
        yield str(raw["pk"]["S"]).removeprefix("MENTORSHIP#")
