"""In the mentorships table: when a mentorship's health is looked at next."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.kernel.clock import to_text
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
    row_class, pk, sk = due_key(mentorship_id)
    if due_at is None:
        return tables.delete_entry(row_class, pk, sk)
    row = row_class(
        pk, sk, gsi1pk=tables.due_shard(_DUE, mentorship_id), gsi1sk=tables.due_place(due_at, mentorship_id),
        **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put_entry(row)


def due(now: datetime) -> Iterator[str]:
    """Yield the mentorships whose health is to be looked at, longest due first in each shard: by key, never by scan.

    The index may lag behind; what is read of the mentorship decides.
    """
    for raw in tables.query_due(now, HealthDueRow, _DUE):
        yield str(raw["pk"]["S"]).removeprefix("MENTORSHIP#")
