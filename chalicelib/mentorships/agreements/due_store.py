"""In the mentorships table: when the daily look has something to do about an agreement."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.platform import tables
from chalicelib.platform.tables import Write

_DUE = "UNSIGNED"


class AgreementDueRow(tables.IndexedRow):
    """One a mentorship whose agreement has no draft yet, or waits for a signature. gsi1 has all by that instant."""

    class Meta:
        capability = "mentorships"


def due_key(mentorship_id: str) -> tuple[type[AgreementDueRow], str, str]:
    """Return the key of when a mentorship's agreement is looked at next."""
    return AgreementDueRow, f"MENTORSHIP#{mentorship_id}", "UNSIGNED"


def put_due(mentorship_id: str, due_at: datetime | None, now: datetime) -> Write:
    """Return the write of when to look next, None for never; what else is in the transaction has the condition."""
    return tables.put_due(due_key(mentorship_id), _DUE, mentorship_id, due_at, now)


def due(now: datetime) -> Iterator[str]:
    """Yield the mentorships whose agreement is to be looked at, longest due first in each shard: by key, never by scan.

    The index may lag behind; the agreement's own row decides.
    """
    for raw in tables.query_due(now, AgreementDueRow, _DUE):
        yield str(raw["pk"]["S"]).removeprefix("MENTORSHIP#")
