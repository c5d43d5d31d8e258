"""The next notice of each verified credential in the credentials table, found by when it is due."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from pynamodb.attributes import UnicodeAttribute

from chalicelib.credentials.model import Credential
from chalicelib.credentials.notices import Notice, next_due
from chalicelib.credentials.store import credential_pk
from chalicelib.kernel.clock import from_text, to_text
from chalicelib.platform import tables
from chalicelib.platform.tables import Write

_NOTICES = "NOTICES"
_SK = "NOTICE"


class NoticeRow(tables.IndexedRow):
    """gsi1 has all notices by when they are due."""

    class Meta:
        capability = "credentials"

    person_id = UnicodeAttribute()
    ends_at = UnicodeAttribute()
    due_at = UnicodeAttribute()


def follow(before: Credential | None, after: Credential, now: datetime) -> list[Write]:
    """Return the writes by which the next notice follows up to when a credential counts; none if that stays.

    What came due before has had its time: somebody who is verified with forty days left hears of them when thirty are.
    """
    ends_at = after.verified_until
    if ends_at == (before.verified_until if before else None):
        return []
    due_at = next_due(ends_at, now) if ends_at is not None else None
    if ends_at is None or due_at is None:
        return [tables.delete_entry(NoticeRow, credential_pk(after.id), _SK)]
    return [tables.put_entry(_row(Notice(after.id, after.person_id, ends_at, due_at), now))]


def put_notice(notice: Notice, now: datetime) -> Write:
    """Write a notice over the one that was read."""
    return tables.put(_row(notice, now))


def delete_notice(notice: Notice, now: datetime) -> Write:
    """Delete the notice that was read, as nothing is left to tell."""
    return tables.delete(_row(notice, now))


def due(now: datetime) -> Iterator[Notice]:
    """Yield the notices that are due, longest due first in each shard: by key, never by scan."""
    for raw in tables.query_due(now, NoticeRow, _NOTICES):
        yield notice_of(NoticeRow.parse(raw))


def notice_key(credential_id: str) -> tuple[type[NoticeRow], str, str]:
    """Return the key of a credential's next notice for `tables.get_many`."""
    return NoticeRow, credential_pk(credential_id), _SK


def notice_of(row: NoticeRow) -> Notice:
    return Notice(
        row.pk.removeprefix("CREDENTIAL#"), row.person_id, from_text(row.ends_at), from_text(row.due_at),
        from_text(row.created_at), int(row.version),
    )  # fmt: skip


def moved_on(notice: Notice, now: datetime) -> Write:
    """Return the write by which a notice that was told makes way for the next one, or for none."""
    due_at = next_due(notice.ends_at, now)
    return put_notice(replace(notice, due_at=due_at), now) if due_at else delete_notice(notice, now)


def _row(notice: Notice, now: datetime) -> NoticeRow:
    return NoticeRow(
        credential_pk(notice.credential_id), _SK, person_id=notice.person_id, ends_at=to_text(notice.ends_at),
        due_at=to_text(notice.due_at), gsi1pk=tables.due_shard(_NOTICES, notice.credential_id),
        gsi1sk=tables.due_place(notice.due_at, notice.credential_id),
        **tables.stamps(to_text(now), to_text(notice.created_at or now), version=notice.version),
    )  # fmt: skip
