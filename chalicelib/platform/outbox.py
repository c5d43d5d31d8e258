"""The outbox: rows that a transaction writes beside its change, so that each message leaves exactly once.

A message is due at an instant. What is due at once is picked up from the table's stream and put on its topic's
queue; what is due later, or was missed, is swept by key every five minutes. A worker claims a message by a
conditional write before it acts.
"""

import secrets
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.kernel.clock import from_text, instant_of, to_text
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import new_id
from chalicelib.platform import tables

_DUE = "DUE"
KEEP = timedelta(days=90)
CLAIM_LEASE = timedelta(minutes=15)
_AT_ONCE = 50  # messages of one transaction


class Topic(StrEnum):
    """Which queue a message goes to."""

    MAIL = "mail"
    MATCH_RUN = "match-run"
    ROSTER_IMPORT = "roster-import"
    FOLLOW_UP = "follow-up"
    REGISTER_LOAD = "register-load"
    REGISTER_CHECK = "register-check"
    CERTIFICATE = "certificate"


class Status(StrEnum):
    """WAITING until claimed; CLAIMED while a worker acts; DONE; CANCELLED before it was due; or IN_DOUBT: its worker
    died, and whether it acted is for a person to find out."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    DONE = "done"
    CANCELLED = "cancelled"
    IN_DOUBT = "in-doubt"


@dataclass(frozen=True)
class Message:
    """One message as a worker sees it; `payload` holds identifiers and codes, never personal data."""

    id: str
    topic: Topic
    kind: str
    payload: dict[str, Any]
    due_at: datetime
    status: Status
    version: int
    claimed_at: datetime | None = None
    tries: int = 0


class AlreadyClaimed(Conflict):
    code = "already-claimed"
    title = "Another worker has this message"


class WrittenBefore(Conflict):
    """There is a message for this reason already."""

    code = "written-before"


class OutboxRow(tables.IndexedRow):
    class Meta:
        capability = "outbox"

    topic = UnicodeAttribute()
    kind = UnicodeAttribute()
    payload = JSONAttribute()
    due_at = UnicodeAttribute()
    status = UnicodeAttribute()
    claimed_at = UnicodeAttribute(null=True)
    tries = NumberAttribute(default=0)
    expires_at_epoch = NumberAttribute()


def message(
    message_id: str,
    topic: Topic,
    kind: str,
    payload: dict[str, Any],
    *,
    now: datetime,
    due_at: datetime | None = None,
) -> tables.Write:
    """Return the write that puts a message in the outbox, due now or at `due_at`.

    A message id names its reason ("proposal-made:<proposal>:<person>"), so that the same reason never yields two.
    """
    due = due_at or now
    row = OutboxRow(
        message_id, "MESSAGE", topic=topic.value, kind=kind, payload=payload, due_at=to_text(due),
        status=Status.WAITING.value,
        gsi1pk=tables.due_shard(_DUE, message_id), gsi1sk=tables.due_place(due, message_id),
        expires_at_epoch=int((due + KEEP).timestamp()), **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put(row, conflict=WrittenBefore("This message was already written."))


def cancel(message_id: str, *, now: datetime) -> tables.Write:
    """Return the write that takes back a message nobody has claimed; one that is gone already stays as it is."""
    row = OutboxRow
    return tables.update(
        row, message_id, "MESSAGE",
        [row.status.set(Status.CANCELLED.value), row.gsi1pk.remove(), row.gsi1sk.remove()],
        condition=row.status == Status.WAITING.value, now=to_text(now),
        conflict=AlreadyClaimed("The message has left."),
    )  # fmt: skip


def put_missing(messages: Iterable[tables.Write], now: datetime) -> None:
    """Write messages some at a time; one that is there already stays as it is, and keeps no other back. So who was cut
    off among many begins again.

    Parameters
    ----------
    messages
        As `message` returns them, and nothing else.
    """
    left = iter(messages)
    while some := list(islice(left, _AT_ONCE)):
        try:
            tables.transact(some, new_id(now))
        except WrittenBefore:
            for one in some:
                with suppress(WrittenBefore):
                    tables.transact([one], new_id(now))


def due(now: datetime, *, but: Container[Topic] = ()) -> Iterable[Message]:
    """Yield what is due and not done, longest due first: by key, never by scan.

    Claimed messages stay listed until they are done, so that one whose worker died is seen again.

    Parameters
    ----------
    but
        Topics that are passed over, which may become more while what is due is read.
    """
    for raw in tables.query_due(now, OutboxRow, _DUE):
        if Topic(raw["topic"]["S"]) not in but:
            yield _parse(OutboxRow.parse(raw))


def read(message_id: str) -> Message | None:
    """Read one message."""
    row = tables.get(OutboxRow, message_id, "MESSAGE")
    return _parse(row) if row else None


def read_many(message_ids: Sequence[str]) -> list[Message]:
    """Read up to 100 messages, those that there are, in one round trip."""
    rows = tables.get_many([(OutboxRow, one, "MESSAGE") for one in message_ids])
    return [_parse(row) for row in rows if row is not None]


def claim(message_: Message, *, now: datetime) -> Message:
    """Take a message for this worker.

    Raises
    ------
    AlreadyClaimed
        If it is done or cancelled, or another worker has it.
    """
    if message_.status is not Status.WAITING:
        raise AlreadyClaimed("This message is not waiting.")
    row = OutboxRow
    write = tables.update(
        row, message_.id, "MESSAGE",
        [row.status.set(Status.CLAIMED.value), row.claimed_at.set(to_text(now)), row.tries.set(message_.tries + 1)],
        condition=_untouched(message_), now=to_text(now), conflict=AlreadyClaimed("Another worker has this message."),
    )  # fmt: skip
    # A token of its own: two workers at once are two claims, and only one condition can hold.
    tables.transact([write], secrets.token_hex(16))
    return Message(
        message_.id, message_.topic, message_.kind, message_.payload, message_.due_at, Status.CLAIMED,
        message_.version + 1, now, message_.tries + 1,
    )  # fmt: skip


def take(message_id: str, topic: Topic, *, now: datetime) -> Message | None:
    """Claim a message of a topic whose work may be begun again, also from a worker who has died.

    Returns
    -------
    Message or None
        None where there is nothing to do here and now: it is done, not due, or another worker has it.
    """
    message_ = read(message_id)
    if message_ is None or message_.topic is not topic or message_.due_at > now:
        return None
    try:
        if message_.status is Status.CLAIMED and _has_lapsed(message_, now):
            tables.transact([release(message_, now=now)], secrets.token_hex(16))
            message_ = read(message_id)
        return claim(message_, now=now) if message_ else None
    except AlreadyClaimed:
        return None


def _has_lapsed(claimed: Message, now: datetime) -> bool:
    """Tell whether a claim is older than a worker can live."""
    return claimed.claimed_at is None or claimed.claimed_at + CLAIM_LEASE <= now


@contextmanager
def given_back(claimed: Message, now: Callable[[], datetime]) -> Iterator[None]:
    """Put a claimed message back if the work on it fails, so that its next delivery need not wait for the lease.

    For work that may be begun again. A worker that dies puts nothing back.
    """
    try:
        yield
    except Exception:
        # Where the claim has lapsed, another worker has the message.
        with suppress(AlreadyClaimed):
            tables.transact([release(claimed, now=now())], secrets.token_hex(16))
        raise


def done(acted_on: Message, *, now: datetime) -> tables.Write:
    """Return the write that marks a message, claimed or in doubt, as acted on and takes it off the due list."""
    return _leave(acted_on, Status.DONE, now)


def set_aside(claimed: Message, *, now: datetime) -> tables.Write:
    """Return the write that takes a claimed message off the due list for a person to decide on."""
    return _leave(claimed, Status.IN_DOUBT, now)


def _leave(held: Message, status: Status, now: datetime) -> tables.Write:
    row = OutboxRow
    return tables.update(
        row, held.id, "MESSAGE", [row.status.set(status.value), row.gsi1pk.remove(), row.gsi1sk.remove()],
        condition=row.status.is_in(Status.CLAIMED.value, Status.IN_DOUBT.value) & (row.version == held.version),
        now=to_text(now), conflict=AlreadyClaimed("The claim on this message has lapsed."),
    )  # fmt: skip


def bring_back(in_doubt: Message, *, now: datetime) -> tables.Write:
    """Return the write that makes a message which was set aside due at once, as if nobody had tried it."""
    row = OutboxRow
    return tables.update(
        row, in_doubt.id, "MESSAGE",
        [
            row.status.set(Status.WAITING.value), row.claimed_at.remove(), row.tries.set(0),
            row.due_at.set(to_text(now)), row.gsi1pk.set(tables.due_shard(_DUE, in_doubt.id)),
            row.gsi1sk.set(tables.due_place(now, in_doubt.id)),
        ],
        condition=(row.status == Status.IN_DOUBT.value) & (row.version == in_doubt.version), now=to_text(now),
        conflict=AlreadyClaimed("This message has been settled."),
    )  # fmt: skip


def close(message_: Message, *, now: datetime) -> tables.Write:
    """Return the write that marks a message which nobody has claimed as done, without anything having left."""
    row = OutboxRow
    return tables.update(
        row, message_.id, "MESSAGE",
        [row.status.set(Status.DONE.value), row.gsi1pk.remove(), row.gsi1sk.remove()],
        condition=_untouched(message_), now=to_text(now), conflict=AlreadyClaimed("Another worker has this message."),
    )  # fmt: skip


def put_off(message_: Message, until: datetime, *, now: datetime) -> tables.Write:
    """Return the write that makes a message which nobody has claimed due later."""
    row = OutboxRow
    return tables.update(
        row, message_.id, "MESSAGE",
        [
            row.due_at.set(to_text(until)), row.gsi1sk.set(tables.due_place(until, message_.id)),
            row.expires_at_epoch.set(int((until + KEEP).timestamp())),
        ],
        condition=_untouched(message_), now=to_text(now), conflict=AlreadyClaimed("Another worker has this message."),
    )  # fmt: skip


def touch(message_id: str, *, now: datetime, conflict: Conflict) -> tables.Write:
    """Return the write that has whoever has read a waiting message read it again before they claim it: what it says has
    grown. It fails with `conflict` once the message is claimed."""
    return tables.update(
        OutboxRow, message_id, "MESSAGE", [], condition=OutboxRow.status == Status.WAITING.value, now=to_text(now),
        conflict=conflict,
    )  # fmt: skip


def tried(message_: Message, *, now: datetime) -> tables.Write:
    """Return the write that counts a try which failed before the message was claimed."""
    row = OutboxRow
    return tables.update(
        row, message_.id, "MESSAGE", [row.tries.set(message_.tries + 1)],
        condition=_untouched(message_), now=to_text(now), conflict=AlreadyClaimed("Another worker has this message."),
    )  # fmt: skip


def _untouched(message_: Message) -> Condition:
    found: Condition = (OutboxRow.status == Status.WAITING.value) & (OutboxRow.version == message_.version)
    return found


def release(claimed: Message, *, now: datetime) -> tables.Write:
    """Return the write that puts a claimed message back, for a worker that knows that nothing left."""
    row = OutboxRow
    return tables.update(
        row, claimed.id, "MESSAGE",
        [row.status.set(Status.WAITING.value), row.claimed_at.remove()],
        condition=(row.status == Status.CLAIMED.value) & (row.version == claimed.version), now=to_text(now),
        conflict=AlreadyClaimed("The claim on this message has lapsed."),
    )  # fmt: skip


def from_stream_image(image: dict[str, Any]) -> Message:
    """Read a message from the NEW_IMAGE of a stream record."""
    return _parse(OutboxRow.parse(image))


def _parse(row: OutboxRow) -> Message:
    return Message(
        id=row.pk,
        topic=Topic(row.topic),
        kind=row.kind,
        payload=row.payload,
        due_at=from_text(row.due_at),
        status=Status(row.status),
        version=int(row.version),
        claimed_at=instant_of(row.claimed_at),
        tries=int(row.tries),
    )
