"""Who claims which number: a row for each credential that does, under its number, in the credentials table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pynamodb.attributes import UnicodeAttribute

from chalicelib.credentials.model import Credential, Status
from chalicelib.kernel.clock import to_text
from chalicelib.platform import tables
from chalicelib.platform.tables import Write


class NumberRow(tables.Row):
    """That a credential claims the number. It holds what never changes; how things stand, the credential says."""

    class Meta:
        capability = "credentials"

    person_id = UnicodeAttribute()
    organisation_id = UnicodeAttribute()


@dataclass(frozen=True)
class Claimant:
    """Somebody's credential that claims a number."""

    credential_id: str
    person_id: str
    organisation_id: str


def key_of(credential: Credential) -> str | None:
    """Return what a credential's number is compared by; None where there is nothing to compare.

    That is the case for what reviewers have not been given yet, or its person has taken back. What they have rejected
    or revoked goes on claiming its number: the next one who brings it may be the same person by another name.
    """
    if credential.submitted_at is None or credential.status is Status.WITHDRAWN:
        return None
    return credential.claim.number_key


def follow(before: Credential | None, after: Credential, now: datetime) -> list[Write]:
    """Return the writes by which a credential stands under its number and no other; none if it does already."""
    was, is_ = key_of(before) if before else None, key_of(after)
    if was == is_:
        return []
    gone = [tables.delete_entry(NumberRow, _pk(was), after.id)] if was else []
    return [*gone, *place(after, now)]


def place(credential: Credential, now: datetime) -> list[Write]:
    """Return the write by which a credential stands under its number, if it claims one; again, it changes nothing."""
    key = key_of(credential)
    if key is None:
        return []
    row = NumberRow(
        _pk(key), credential.id, person_id=credential.person_id, organisation_id=credential.organisation_id,
        **tables.stamps(to_text(now)),
    )  # fmt: skip
    return [tables.put_entry(row)]


def put_right(credential: Credential, now: datetime) -> list[Write]:
    """Return the writes by which a credential from before there were such rows stands under its number, and not under
    the key that it had before the list knew its authority; none if it claims no number."""
    key, was = key_of(credential), credential.claim.unlisted_number_key
    gone = [tables.delete_entry(NumberRow, _pk(was), credential.id)] if was is not None and was != key else []
    return [*gone, *place(credential, now)] if key is not None else []


def claimants(key: str) -> Iterator[Claimant]:
    """Yield the credentials that claim a number, oldest first: one query, as current as the last submission."""
    for raw in tables.query_all(NumberRow, _pk(key)):
        row = NumberRow.parse(raw)
        yield Claimant(row.sk, row.person_id, row.organisation_id)


def _pk(key: str) -> str:
    return f"NUMBER#{key}"
