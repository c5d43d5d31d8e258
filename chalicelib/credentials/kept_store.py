"""All that is kept of a credential, read at once: for the check of its trail against what stands beside it."""

from collections.abc import Iterable
from typing import Any, TypeVar

from chalicelib.credentials.model import Credential
from chalicelib.credentials.revision_store import RevisionRow, revision_of
from chalicelib.credentials.store import (
    SK,
    CredentialRow,
    HeadRow,
    RecordRow,
    TrailRow,
    credential_of,
    credential_pk,
    entry_of,
    head_of,
)
from chalicelib.credentials.trail import Entry, Head
from chalicelib.platform import tables

R = TypeVar("R", bound=tables.Row)
RawRow = dict[str, Any]


def kept_of(credential_id: str) -> list[RawRow]:
    """Return all that is kept of a credential, its trail among it, as it was read: a round trip per megabyte."""
    return list(tables.query_all(CredentialRow, credential_pk(credential_id)))


def rows_in(kept: Iterable[RawRow], row_class: type[R], sk: str) -> list[R]:
    """Return those of the rows whose sort keys begin with `sk`, in their order."""
    return [row_class.parse(raw) for raw in kept if raw["sk"]["S"].startswith(sk)]


def credential_in(kept: Iterable[RawRow]) -> Credential | None:
    """Return the credential itself."""
    return next((credential_of(row) for row in rows_in(kept, CredentialRow, SK)), None)


def trail_in(kept: Iterable[RawRow]) -> tuple[list[Entry], Head | None]:
    """Return the whole trail and where it ends; None where nothing says so."""
    heads = rows_in(kept, HeadRow, "HEAD")
    return [entry_of(row) for row in rows_in(kept, TrailRow, "TRAIL#")], head_of(heads[0]) if heads else None


def revisions_in(kept: Iterable[RawRow]) -> dict[int, dict[str, Any]]:
    """Return the earlier wordings of the claim by their numbers."""
    rows = rows_in(kept, RevisionRow, "REVISION#")
    return {revision_of(row): row.claim for row in rows}


def records_in(kept: Iterable[RawRow]) -> dict[int, dict[str, Any]]:
    """Return all that was written about the credential, by the rows of its trail."""
    rows = rows_in(kept, RecordRow, "RECORD#")
    return {int(row.sk.removeprefix("RECORD#")): dict(row.said) for row in rows}
