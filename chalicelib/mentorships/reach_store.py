"""In the mentorships table: which tasks tell coordinators that mail to somebody is stopped."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from pynamodb.attributes import JSONAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, text_of, to_text
from chalicelib.people.model import MailStop, MailStopReason
from chalicelib.platform import tables
from chalicelib.platform.tables import Write


class UnreachedRow(tables.Row):
    class Meta:
        capability = "mentorships"

    since = UnicodeAttribute()
    reason = UnicodeAttribute()
    tasks = JSONAttribute()


@dataclass(frozen=True)
class Told:
    """Of which stop coordinators were told, by which task in each programme; of none, before there was any."""

    person_id: str
    stop: MailStop | None = None
    tasks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    created_at: datetime | None = None
    version: int | None = None


def get(person_id: str) -> Told:
    row = tables.get(UnreachedRow, *_key(person_id))
    if row is None:
        return Told(person_id)
    stop = MailStop(from_text(row.since), MailStopReason(row.reason))
    return Told(person_id, stop, row.tasks, from_text(row.created_at), int(row.version))


def change(before: Told, stop: MailStop, tasks: Mapping[str, str], now: datetime) -> Write:
    """Return the write of what coordinators are told of now, over the version that was read; without tasks the row
    goes."""
    stamps: dict[str, Any] = tables.stamps(to_text(now), text_of(before.created_at), before.version)
    row = UnreachedRow(
        *_key(before.person_id),
        since=to_text(stop.since),
        reason=stop.reason.value,
        tasks=dict(tasks),
        **stamps,
    )
    return tables.put(row) if tasks else tables.delete(row)


def _key(person_id: str) -> tuple[str, str]:
    return f"PERSON#{person_id}", "UNREACHED"
