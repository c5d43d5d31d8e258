"""Earlier wordings of claims in the credentials table."""

from collections.abc import Iterator
from datetime import datetime

from pynamodb.attributes import JSONAttribute, UnicodeAttribute

from chalicelib.credentials.claims import Claim
from chalicelib.credentials.errors import CaseMoved
from chalicelib.credentials.model import Credential
from chalicelib.credentials.rewording import Wording
from chalicelib.credentials.store import claim_data, claim_of, credential_pk
from chalicelib.kernel.clock import from_text, text_of, to_text
from chalicelib.platform import tables
from chalicelib.platform.tables import Write


class RevisionRow(tables.Row):
    """An earlier wording of a claim, with its person as they stood; written when another took its place.

    One without `submitted_at` never came to reviewers.
    """

    class Meta:
        capability = "credentials"

    claim = JSONAttribute()
    person_name = UnicodeAttribute(null=True)
    profession = UnicodeAttribute(null=True)
    submitted_at = UnicodeAttribute(null=True)


def put_revision(credential: Credential, now: datetime) -> Write:
    """Return the write that keeps the present wording, before another takes its place."""
    row = RevisionRow(
        credential_pk(credential.id), _sk(credential.revision), claim=claim_data(credential.claim),
        person_name=credential.person_name, profession=credential.profession,
        submitted_at=text_of(credential.submitted_at), **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put(row, conflict=CaseMoved())


def revision_of(row: RevisionRow) -> int:
    """Return the number of the wording that a row keeps."""
    return int(row.sk.removeprefix("REVISION#"))


def wording(credential: Credential, revision: int) -> Claim | None:
    """Return one of a credential's wordings by its number; None if there is none."""
    if revision == credential.revision:
        return credential.claim
    row = tables.get(RevisionRow, credential_pk(credential.id), _sk(revision))
    return claim_of(row.claim) if row else None


def wording_at(credential: Credential, at: datetime) -> tuple[int, Claim]:
    """Return the wording that stood at an instant, with its number; of one before all, the first."""
    if credential.revision > 1:
        for row in _rows(credential.id):
            # A wording is kept at the moment at which another takes its place.
            if at < from_text(row.created_at):
                return revision_of(row), claim_of(row.claim)
    return credential.revision, credential.claim


def wordings_of(credential_id: str) -> Iterator[Wording]:
    """Yield the earlier wordings that came to reviewers, in their order."""
    for row in _rows(credential_id):
        if row.submitted_at is not None:
            yield Wording(
                revision_of(row),
                claim_of(row.claim),
                row.person_name or "",
                row.profession,
                from_text(row.created_at),
            )


def _rows(credential_id: str) -> Iterator[RevisionRow]:
    for raw in tables.query_all(RevisionRow, credential_pk(credential_id), begins_with="REVISION#"):
        yield RevisionRow.parse(raw)


def _sk(revision: int) -> str:
    return f"REVISION#{revision:06d}"
