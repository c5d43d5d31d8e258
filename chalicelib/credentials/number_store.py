"""Who claims which number: a row for each credential that does, under its number, in the credentials table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.credentials.model import Credential
from chalicelib.credentials.rewording import Wording
from chalicelib.kernel.clock import to_text
from chalicelib.platform import tables
from chalicelib.platform.tables import Write


class NumberRow(tables.Row):
    """That a wording of a credential, which came to reviewers, claims the number: the latest that does.

    It holds what never changes; how things stand, the credential says. Rows from before name no `revision`.
    """

    class Meta:
        capability = "credentials"

    person_id = UnicodeAttribute()
    organisation_id = UnicodeAttribute()
    revision = NumberAttribute(null=True)


@dataclass(frozen=True)
class Claimant:
    """Somebody's credential of which a wording claims a number."""

    credential_id: str
    person_id: str
    organisation_id: str
    revision: int | None


def key_of(credential: Credential) -> str | None:
    """Return what the number of the wording that reviewers have is compared by; None where there is nothing to compare.

    What reviewers were never given claims nothing. What was withdrawn, rejected or revoked goes on claiming its number:
    the next one who brings it may be the same person by another name.
    """
    return credential.as_handed_in.claim.number_key if credential.submitted_at is not None else None


def follow(before: Credential | None, after: Credential, now: datetime) -> list[Write]:
    """Return the write by which a credential stands under the number that comes to the reviewers with it; none if it
    does already. It goes on standing under those of earlier wordings that they had."""
    was, is_ = key_of(before) if before else None, key_of(after)
    return place(after, now) if was != is_ else []


def place(credential: Credential, now: datetime) -> list[Write]:
    """Return the write by which a credential stands under the number of the wording that reviewers have, if there is
    one; again, it changes nothing."""
    key = key_of(credential)
    return [_row(key, credential, credential.as_handed_in.revision, now)] if key is not None else []


def put_right(credential: Credential, wordings: Iterable[Wording], now: datetime) -> list[Write]:
    """Return the writes by which a credential from before there were such rows stands under the number of each wording
    that came to reviewers, and not under a key from before the list knew its authority; none if it claims no number.

    Parameters
    ----------
    wordings
        Those that came to reviewers, in their order.
    """
    if credential.submitted_at is None:
        return []
    claims = {one.revision: one.claim for one in wordings}
    keys = {key: revision for revision, claim in claims.items() if (key := claim.number_key) is not None}
    were = {one.unlisted_number_key for one in claims.values()} - {None, *keys}
    gone = [tables.delete_entry(NumberRow, _pk(key), credential.id) for key in sorted(filter(None, were))]
    return [*gone, *(_row(key, credential, revision, now) for key, revision in keys.items())]


def claimants(key: str) -> Iterator[Claimant]:
    """Yield the credentials that claim a number, oldest first: one query, as current as the last submission."""
    for raw in tables.query_all(NumberRow, _pk(key)):
        row = NumberRow.parse(raw)
        revision = int(row.revision) if row.revision is not None else None
        yield Claimant(row.sk, row.person_id, row.organisation_id, revision)


def _row(key: str, credential: Credential, revision: int, now: datetime) -> Write:
    row = NumberRow(
        _pk(key), credential.id, person_id=credential.person_id, organisation_id=credential.organisation_id,
        revision=revision, **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put_entry(row)


def _pk(key: str) -> str:
    return f"NUMBER#{key}"
