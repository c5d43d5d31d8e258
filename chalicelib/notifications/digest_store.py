"""What is put off to weekly mails, in the notifications table: a partition for each mail, which leaves by TTL."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, to_text
from chalicelib.notifications.model import tag_of
from chalicelib.notifications.weekly import Item
from chalicelib.platform import tables
from chalicelib.platform.outbox import Message
from chalicelib.platform.tables import Write

KEEP_ITEMS = timedelta(days=90)
"""As long as the outbox keeps the message of the mail."""


class ItemRow(tables.Row):
    class Meta:
        capability = "notifications"

    message_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    payload = JSONAttribute()
    expires_at_epoch = NumberAttribute()


def put(digest_id: str, message: Message, now: datetime) -> Write:
    """Return the write that puts a message off to a weekly mail; the end of the message has the condition."""
    # In the order in which they came; the tag keeps two of one instant apart.
    place = f"ITEM#{to_text(now)}#{tag_of(message.id)}"
    row = ItemRow(
        _digest_pk(digest_id), place, message_id=message.id, kind=message.kind, payload=message.payload,
        expires_at_epoch=int((now + KEEP_ITEMS).timestamp()), **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put_entry(row)


def items(digest_id: str) -> Iterator[Item]:
    """Yield what was put off to a weekly mail, in the order in which it came: one query."""
    for raw in tables.query_all(ItemRow, _digest_pk(digest_id), begins_with="ITEM#"):
        row = ItemRow.parse(raw)
        yield Item(row.message_id, row.kind, row.payload, from_text(row.created_at))


class WeekRow(tables.Row):
    """Up to which week the programmes' weekly mails are written."""

    class Meta:
        capability = "notifications"

    day = UnicodeAttribute()


def written_up_to() -> str:
    """Return the day of the last weekly mails of programmes that are all written; empty before the first."""
    row = tables.get(WeekRow, *_WEEK)
    return row.day if row is not None else ""


def put_written(day: str, now: datetime) -> Write:
    return tables.put_entry(WeekRow(*_WEEK, day=day, **tables.stamps(to_text(now))))


_WEEK = ("INSTALLATION", "PROGRAMME-DIGESTS")


def _digest_pk(digest_id: str) -> str:
    return f"DIGEST#{digest_id}"
