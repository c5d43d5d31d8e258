"""The notifications table: what the provider told of each mail, how each ended, which are in doubt, and
the key of the links that switch mails off."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, to_text
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.notifications import preference_store, stop_store
from chalicelib.notifications.errors import MailSettled
from chalicelib.notifications.model import DoubtfulMail, Outcome, tag_of
from chalicelib.notifications.preferences import Preferences
from chalicelib.platform import tables
from chalicelib.platform.outbox import KEEP, Message
from chalicelib.platform.tables import Write

KEEP_MAILS: timedelta = KEEP


class ProviderRow(tables.Row):
    """The provider took a mail: the mark by which a claim in doubt is settled."""

    class Meta:
        capability = "notifications"

    event = UnicodeAttribute()
    expires_at_epoch = NumberAttribute()


class ResultRow(tables.Row):
    """How a message ended."""

    class Meta:
        capability = "notifications"

    message_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    recipient = UnicodeAttribute(null=True)
    outcome = UnicodeAttribute()
    provider_id = UnicodeAttribute(null=True)
    code = UnicodeAttribute(null=True)
    expires_at_epoch = NumberAttribute()


class DoubtRow(tables.Row):
    """A mail that may have left or not, for a person to decide on."""

    class Meta:
        capability = "notifications"

    message_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    recipient = UnicodeAttribute(null=True)
    claimed_at = UnicodeAttribute()
    expires_at_epoch = NumberAttribute()  # as its message


class KeyRow(tables.Row):
    """The secret that this installation seals the links of its mails with."""

    class Meta:
        capability = "notifications"

    secret = BinaryAttribute(legacy_encoding=False)


_DOUBTS = "IN-DOUBT"
_INSTALLATION = "INSTALLATION"


def was_taken(message_id: str) -> bool:
    """Tell whether the provider has told that it took this message's mail."""
    return tables.get(ProviderRow, _mail_pk(tag_of(message_id)), "PROVIDER") is not None


@dataclass(frozen=True)
class BeforeSending:
    """What decides on a mail just before it is sent: the provider took it already, its address gets no more, and what
    its reader chose."""

    is_taken: bool
    is_suppressed: bool
    preferences: Preferences


def before_sending(message_id: str, email: str, person_id: str) -> BeforeSending:
    """Read what decides on a mail: one round trip."""
    mark, suppression, chosen = tables.get_many(
        [
            (ProviderRow, _mail_pk(tag_of(message_id)), "PROVIDER"),
            stop_store.key(email),
            preference_store.key(person_id),
        ]
    )
    stop = stop_store.stop_of(suppression)
    return BeforeSending(
        mark is not None,
        stop is not None and stop.is_in_force,
        preference_store.preferences_of(person_id, chosen),
    )


def put_taken(tag: str, event: str, now: datetime) -> Write:
    row = ProviderRow(
        _mail_pk(tag), "PROVIDER", event=event, expires_at_epoch=_epoch(now), **tables.stamps(to_text(now))
    )
    return tables.put_entry(row)


def put_result(
    message: Message,
    outcome: Outcome,
    now: datetime,
    *,
    provider_id: str | None = None,
    code: str | None = None,
) -> Write:
    row = ResultRow(
        _mail_pk(tag_of(message.id)), "RESULT", message_id=message.id, kind=message.kind,
        recipient=message.payload.get("recipient"), outcome=outcome.value, provider_id=provider_id, code=code,
        expires_at_epoch=_epoch(now), **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put_entry(row)


def get_result(message_id: str) -> ResultRow | None:
    return tables.get(ResultRow, _mail_pk(tag_of(message_id)), "RESULT")


def put_doubt(message: Message, now: datetime) -> list[Write]:
    """Return the writes that list a mail for a person, as long as the provider has told nothing of it."""
    tag = tag_of(message.id)
    row = DoubtRow(
        _DOUBTS, tag, message_id=message.id, kind=message.kind, recipient=message.payload.get("recipient"),
        claimed_at=to_text(message.claimed_at or now),
        expires_at_epoch=int((message.due_at + KEEP_MAILS).timestamp()), **tables.stamps(to_text(now)),
    )  # fmt: skip
    told = Conflict("The provider has told of this mail just now.")
    silent = tables.check(
        ProviderRow, _mail_pk(tag), "PROVIDER", condition=ProviderRow.pk.does_not_exist(), conflict=told
    )
    return [tables.put_entry(row), silent]


def get_doubt(tag: str) -> DoubtfulMail | None:
    row = tables.get(DoubtRow, _DOUBTS, tag)
    return _doubt_of(row) if row else None


def list_doubts(page: PageRequest) -> Page[DoubtfulMail]:
    return tables.page_of(DoubtRow, _DOUBTS, page, _doubt_of)


def settle_doubt(doubt: DoubtfulMail) -> Write:
    """Return the write that takes a mail off the list, once."""
    # An entry has the version 1, and is written anew or deleted, never changed.
    return tables.delete(DoubtRow(_DOUBTS, doubt.tag, version=1), conflict=MailSettled())


def _doubt_of(row: DoubtRow) -> DoubtfulMail:
    return DoubtfulMail(row.sk, row.message_id, row.kind, row.recipient, from_text(row.claimed_at))


def audit_doubt(tag: str, actor: str, action: str, now: datetime) -> Write:
    return tables.audit(
        "notifications", _mail_pk(tag), row_id=new_id(now), at=now, actor=actor, action=action
    )


def link_key(fresh: Callable[[], bytes], now: datetime) -> bytes:
    """Return the installation's key for links in mails; the first who asks makes it."""
    known = tables.get(KeyRow, _INSTALLATION, "LINK-KEY")
    if known is None:
        row = KeyRow(_INSTALLATION, "LINK-KEY", secret=fresh(), **tables.stamps(to_text(now)))
        with suppress(Conflict):
            tables.transact([tables.put(row, conflict=Conflict("Another has made it."))], new_id(now))
        known = tables.get(KeyRow, _INSTALLATION, "LINK-KEY")
    if known is None:
        raise LookupError("the key of links can be neither read nor made")
    return bytes(known.secret)


def _mail_pk(tag: str) -> str:
    return f"MAIL#{tag}"


def _epoch(now: datetime) -> int:
    return int((now + KEEP_MAILS).timestamp())
