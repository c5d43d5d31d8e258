"""In the mentorships table: when the daily look has something to ask the two of a mentorship."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pynamodb.attributes import UnicodeAttribute

from chalicelib.platform import tables
from chalicelib.platform.tables import Write

_DUE = "ASK"


class AskRow(tables.IndexedRow):
    """One a mentorship; gsi1 has all by that instant."""

    class Meta:
        capability = "mentorships"

    programme_id = UnicodeAttribute()


@dataclass(frozen=True)
class Ask:
    """A mentorship whose two people may have something to be asked."""

    mentorship_id: str
    programme_id: str


def ask_key(mentorship_id: str) -> tuple[type[AskRow], str, str]:
    """Return the key of when the two of a mentorship are asked next."""
    return AskRow, f"MENTORSHIP#{mentorship_id}", "ASK"


def put_ask(mentorship_id: str, programme_id: str, due_at: datetime | None, now: datetime) -> Write:
    """Return the write of when to look next, None for never; what else is in the transaction has the condition."""
    return tables.put_due(ask_key(mentorship_id), _DUE, mentorship_id, due_at, now, programme_id=programme_id)


def due(now: datetime) -> Iterator[Ask]:
    """Yield the mentorships to be looked at, longest due first in each shard: by key, never by scan.

    The index may lag behind; plan and mentorship, as they are read, decide.
    """
    for raw in tables.query_due(now, AskRow, _DUE):
        row = AskRow.parse(raw)
        yield Ask(row.pk.removeprefix("MENTORSHIP#"), row.programme_id)
