"""The credentials table: each credential under its own id, each person's file, and the audit beside each."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.credentials.claims import Claim, Kind
from chalicelib.credentials.model import (
    AlreadyDecided,
    Credential,
    CredentialFile,
    Decision,
    FileChanged,
    RejectReason,
    Status,
)
from chalicelib.kernel.clock import from_text, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform import tables
from chalicelib.platform.tables import Index, Write

SK = "CREDENTIAL"


class CredentialRow(tables.IndexedRow):
    """gsi1 is the queue of an organisation by status, gsi2 a person's own list; both in order of submission.

    The claim is one attribute, so that an earlier wording can be kept as it was under `REVISION#<n>` beside the row.
    """

    class Meta:
        capability = "credentials"

    person_id = UnicodeAttribute()
    person_name = UnicodeAttribute()
    profession = UnicodeAttribute(null=True)
    organisation_id = UnicodeAttribute()
    status = UnicodeAttribute()
    revision = NumberAttribute()
    claim = JSONAttribute()
    submitted_at = UnicodeAttribute()
    decision = JSONAttribute(null=True)


class FileRow(tables.Row):
    """What must hold over all credentials of a person; its version lets one of two simultaneous changes through."""

    class Meta:
        capability = "credentials"

    open = JSONAttribute()
    verified = JSONAttribute()


def credential_pk(credential_id: str) -> str:
    return f"CREDENTIAL#{credential_id}"


def credential_key(credential_id: str) -> tuple[type[CredentialRow], str, str]:
    """Return the key of a credential for `tables.get_many`."""
    return CredentialRow, credential_pk(credential_id), SK


def file_key(person_id: str) -> tuple[type[FileRow], str, str]:
    """Return the key of a person's file for `tables.get_many`."""
    return FileRow, f"PERSON#{person_id}", "FILE"


def get_credential(credential_id: str) -> Credential | None:
    row = tables.get(*credential_key(credential_id))
    return credential_of(row) if row else None


def get_file(person_id: str) -> CredentialFile:
    return file_of(person_id, tables.get(*file_key(person_id)))


def put_credential(credential: Credential, now: datetime) -> Write:
    submitted = to_text(credential.submitted_at)
    place = f"{submitted}#{credential.id}"
    row = CredentialRow(
        credential_pk(credential.id), SK,
        person_id=credential.person_id, person_name=credential.person_name, profession=credential.profession,
        organisation_id=credential.organisation_id, status=credential.status.value,
        revision=credential.revision, claim=_claim_data(credential.claim), submitted_at=submitted,
        decision=_decision_data(credential.decision) if credential.decision else None,
        gsi1pk=_queue_pk(credential.organisation_id, credential.status), gsi1sk=place,
        gsi2pk=_person_pk(credential.person_id), gsi2sk=place,
        **tables.stamps(to_text(now), to_text(credential.created_at or now), version=credential.version),
    )  # fmt: skip
    return tables.put(
        row, conflict=AlreadyDecided("Somebody decided or withdrew it at the same moment. Read it again.")
    )


def put_file(file: CredentialFile, now: datetime) -> Write:
    row = FileRow(
        f"PERSON#{file.person_id}", "FILE", open=dict(file.open),
        verified={one: to_text(until) for one, until in file.verified.items()},
        **tables.stamps(to_text(now), to_text(file.created_at or now), version=file.version),
    )  # fmt: skip
    return tables.put(row, conflict=FileChanged())


def put_history(person_id: str, credentials: Iterable[Credential], now: datetime) -> list[Write]:
    """Return the writes of a new person's credentials as their review left them, with the file that follows.

    For a cohort whose past is set down, not lived through: no mail, no audit; the standing on the person's row is
    the caller's to write, from `model.CredentialFile.verified_until`.
    """
    file = CredentialFile(person_id)
    writes = []
    for credential in credentials:
        is_open = credential.status is Status.SUBMITTED
        file = file.with_open(credential) if is_open else file.with_decided(credential)
        writes.append(put_credential(credential, now))
    return [*writes, put_file(file, now)] if writes else []


def list_queue(organisation_id: str, status: Status, page: PageRequest) -> Page[Credential]:
    """Return an organisation's credentials in one state, longest submitted first."""
    return _list("gsi1", _queue_pk(organisation_id, status), page)


def list_of_person(person_id: str, page: PageRequest) -> Page[Credential]:
    """Return a person's credentials, latest first."""
    return _list("gsi2", _person_pk(person_id), page, descending=True)


def credential_of(row: CredentialRow) -> Credential:
    return Credential(
        id=row.pk.removeprefix("CREDENTIAL#"),
        person_id=row.person_id,
        person_name=row.person_name,
        profession=row.profession,
        organisation_id=row.organisation_id,
        claim=_claim_of(row.claim),
        submitted_at=from_text(row.submitted_at),
        status=Status(row.status),
        revision=int(row.revision),
        decision=_decision_of(row.decision) if row.decision else None,
        created_at=from_text(row.created_at),
        version=int(row.version),
    )


def file_of(person_id: str, row: FileRow | None) -> CredentialFile:
    if row is None:
        return CredentialFile(person_id)
    verified = {one: from_text(until) for one, until in row.verified.items()}
    return CredentialFile(person_id, row.open, verified, from_text(row.created_at), int(row.version))


def audit(
    credential: Credential, *, row_id: str, at: datetime, actor: str, action: str, before: Status | None
) -> Write:
    """Return the write of one audit row; it holds states and codes, never what is claimed."""
    reason = credential.decision.reason if credential.decision else None
    return tables.audit(
        "credentials", credential_pk(credential.id), row_id=row_id, at=at, actor=actor, action=action,
        before=before.value if before else None, after=credential.status.value,
        why=reason.value if reason else None,
    )  # fmt: skip


def _list(index: Index, pk: str, page: PageRequest, *, descending: bool = False) -> Page[Credential]:
    return tables.page_of(CredentialRow, pk, page, credential_of, index=index, descending=descending)


def _queue_pk(organisation_id: str, status: Status) -> str:
    return f"ORG#{organisation_id}#STATUS#{status.value}"


def _person_pk(person_id: str) -> str:
    return f"PERSON#{person_id}"


def _claim_data(claim: Claim) -> dict[str, Any]:
    return {
        "kind": claim.kind.value, "authority": claim.authority, "number": claim.number,
        "name_on_document": claim.name_on_document, "country": claim.country,
        "issued_on": claim.issued_on.isoformat(),
        "expires_on": claim.expires_on.isoformat() if claim.expires_on else None,
        "authority_id": claim.authority_id,
    }  # fmt: skip


def _claim_of(data: dict[str, Any]) -> Claim:
    return Claim(
        kind=Kind(data["kind"]), authority=data["authority"], number=data["number"],
        name_on_document=data["name_on_document"], country=data["country"],
        issued_on=date.fromisoformat(data["issued_on"]),
        expires_on=date.fromisoformat(data["expires_on"]) if data["expires_on"] else None,
        authority_id=data.get("authority_id"),
    )  # fmt: skip


def _decision_data(decision: Decision) -> dict[str, Any]:
    return {
        "by": decision.by, "at": to_text(decision.at),
        "valid_until": decision.valid_until.isoformat() if decision.valid_until else None,
        "reason": decision.reason.value if decision.reason else None, "reason_text": decision.reason_text,
    }  # fmt: skip


def _decision_of(data: dict[str, Any]) -> Decision:
    return Decision(
        by=data["by"], at=from_text(data["at"]),
        valid_until=date.fromisoformat(data["valid_until"]) if data["valid_until"] else None,
        reason=RejectReason(data["reason"]) if data["reason"] else None, reason_text=data["reason_text"],
    )  # fmt: skip
