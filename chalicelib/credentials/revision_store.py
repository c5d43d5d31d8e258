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

    One without `submitted_at` never came to reviewers: it was a draft's, or written when more was wanted and replaced
    before it was submitted.
    """

    class Meta:
        capability = "credentials"

    claim = JSONAttribute()
    person_name = UnicodeAttribute(null=True)
    profession = UnicodeAttribute(null=True)
    submitted_at = UnicodeAttribute(null=True)


def put_revision(credential: Credential, now: datetime) -> Write:
    """Return the write that keeps the present wording, before another takes its place."""
    came_at = credential.submitted_at if credential.handed_in is None else None
    row = RevisionRow(
        credential_pk(credential.id), _sk(credential.revision), claim=claim_data(credential.claim),
        person_name=credential.person_name, profession=credential.profession,
        submitted_at=text_of(came_at), **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put(row, conflict=CaseMoved())


def revision_of(row: RevisionRow) -> int:
    """Return the number of the wording that a row keeps."""
    return int(row.sk.removeprefix("REVISION#"))


def revision_key(credential_id: str, revision: int) -> tuple[type[RevisionRow], str, str]:
    """Return the key of an earlier wording for `tables.get_many`; `shown_in` reads its row."""
    return RevisionRow, credential_pk(credential_id), _sk(revision)


def shown_in(row: RevisionRow | None) -> Claim | None:
    """Return the claim of an earlier wording if it came to reviewers."""
    return claim_of(row.claim) if row is not None and row.submitted_at is not None else None


def wording(credential: Credential, revision: int) -> Claim | None:
    """Return one of a credential's wordings that came to reviewers, by its number; None if none of these has it."""
    present = credential.as_handed_in
    if revision == present.revision:
        return present.claim
    return shown_in(tables.get(*revision_key(credential.id, revision)))


def verified_claim(credential: Credential) -> Claim | None:
    """Return the wording that a credential's decision is about; None if nobody kept which one it is, and there were
    several, or it is gone."""
    about = credential.decision.revision if credential.decision is not None else None
    if about is None:
        return credential.claim if credential.revision == 1 else None
    return wording(credential, about)


def wording_at(credential: Credential, at: datetime) -> Wording:
    """Return the wording that reviewers had at an instant; of one before all, the first."""
    present = Wording.present(credential)
    earlier = earlier_wordings(credential) if present.revision > 1 else ()
    return next((one for one in earlier if one.replaced_at is not None and at < one.replaced_at), present)


def wordings_of(credential: Credential) -> tuple[Wording, ...]:
    """Return the wordings that came to reviewers, in their order with the one that they have as the last."""
    return (*earlier_wordings(credential), Wording.present(credential))


def earlier_wordings(credential: Credential) -> Iterator[Wording]:
    """Yield the wordings that came to reviewers before the one that they have, in their order."""
    present = credential.as_handed_in.revision
    for row in _rows(credential.id):
        claim = shown_in(row)
        if claim is not None and revision_of(row) < present:
            at = from_text(row.created_at)
            yield Wording(revision_of(row), claim, row.person_name or "", row.profession, at)


def _rows(credential_id: str) -> Iterator[RevisionRow]:
    for raw in tables.query_all(RevisionRow, credential_pk(credential_id), begins_with="REVISION#"):
        yield RevisionRow.parse(raw)


def _sk(revision: int) -> str:
    return f"REVISION#{revision:06d}"
