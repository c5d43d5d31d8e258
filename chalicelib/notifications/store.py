"""The notifications table: what the provider told of each mail, how each ended, and addresses that get no more."""

import hashlib
from contextlib import suppress
from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import to_text
from chalicelib.notifications.model import Outcome, SuppressionReason, tag_of
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


class SuppressionRow(tables.Row):
    """An address that gets no more mail; its key is a digest, so that no address stands here."""

    class Meta:
        capability = "notifications"

    reason = UnicodeAttribute()


def was_taken(message_id: str) -> bool:
    """Tell whether the provider has told that it took this message's mail."""
    return tables.get(ProviderRow, _mail_pk(tag_of(message_id)), "PROVIDER") is not None


def taken_and_suppressed(message_id: str, email: str) -> tuple[bool, bool]:
    """Tell whether the provider took this message's mail, and whether its address is suppressed: one round trip."""
    mark, suppression = tables.get_many(
        [
            (ProviderRow, _mail_pk(tag_of(message_id)), "PROVIDER"),
            (SuppressionRow, _address_pk(email), "SUPPRESSION"),
        ]
    )
    return mark is not None, suppression is not None


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


def put_suppressions(addresses: tuple[tuple[str, SuppressionReason], ...], now: datetime) -> list[Write]:
    """Return the writes that suppress addresses, one for each, however often and in whatever spelling it is named."""
    by_key = {_address_pk(email): reason for email, reason in addresses}
    return [
        tables.put_entry(
            SuppressionRow(pk, "SUPPRESSION", reason=reason.value, **tables.stamps(to_text(now)))
        )
        for pk, reason in sorted(by_key.items())
    ]


def _mail_pk(tag: str) -> str:
    return f"MAIL#{tag}"


def _address_pk(email: str) -> str:
    """Key an address by the spelling that the provider is given and hands back, without regard to case."""
    local, _, domain = email.strip().casefold().rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii")
    return "ADDRESS#" + hashlib.sha256(f"{local}@{domain}".encode()).hexdigest()


def _epoch(now: datetime) -> int:
    return int((now + KEEP_MAILS).timestamp())
