"""Addresses that bounced or complained, in the notifications table: keyed by digests, so that none stands here."""

import hashlib
from contextlib import suppress
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.notifications.stopping import FORGET_AFTER, Stop
from chalicelib.people.model import MailStopReason
from chalicelib.platform import tables
from chalicelib.platform.tables import Row, Write


class SuppressionRow(tables.Row):
    """A stop; one that was lifted stays for its tries, and leaves by TTL once they are forgotten."""

    class Meta:
        capability = "notifications"

    reason = UnicodeAttribute()
    since = UnicodeAttribute(null=True)  # None before there was more to know than that it is stopped
    tries = NumberAttribute(default=0)
    lifted_at = UnicodeAttribute(null=True)
    expires_at_epoch = NumberAttribute(null=True)


def key(email: str) -> tuple[type[Row], str, str]:
    """Return the key of an address's stop, for a read of several rows in one round trip."""
    return SuppressionRow, _address_pk(email), "SUPPRESSION"


def get(email: str) -> Stop | None:
    return stop_of(tables.get(*key(email)))


def stop_of(row: Any) -> Stop | None:
    """Read a stop from the row at `key`, or None."""
    if row is None:
        return None
    reason = MailStopReason.BOUNCE if row.reason == "hard-bounce" else MailStopReason(row.reason)
    return Stop(
        from_text(row.since or row.created_at), reason, int(row.tries), instant_of(row.lifted_at), int(row.version)
    )  # fmt: skip


def put(email: str, stop: Stop, now: datetime) -> Write:
    """Return the write of a stop over the version that was read."""
    gone = stop.lifted_at + FORGET_AFTER if stop.lifted_at else None
    row = SuppressionRow(
        _address_pk(email), "SUPPRESSION", reason=stop.reason.value, since=to_text(stop.since), tries=stop.tries,
        lifted_at=text_of(stop.lifted_at), expires_at_epoch=int(gone.timestamp()) if gone else None,
        **tables.stamps(to_text(now), version=stop.version),
    )  # fmt: skip
    return tables.put(row)


def spellings(email: str) -> tuple[str, ...]:
    """Return an address as the provider gives it back, its domain in ASCII, and as its holder may have written it."""
    local, _, domain = email.strip().rpartition("@")
    found = [email]
    with suppress(UnicodeError):
        found.append(f"{local}@{domain.encode('ascii').decode('idna')}")
    return tuple(dict.fromkeys(found))


def is_same(one: str, other: str) -> bool:
    """Tell whether two spellings are of one address."""
    return _address_pk(one) == _address_pk(other)


def _address_pk(email: str) -> str:
    """Key an address by the spelling that the provider is given and hands back, without regard to case."""
    local, _, domain = email.strip().casefold().rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii")
    return "ADDRESS#" + hashlib.sha256(f"{local}@{domain}".encode()).hexdigest()
