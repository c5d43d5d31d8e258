"""Evidence in the credentials table: all files of a credential in one row, and when they are to be deleted."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, UnicodeAttribute

from chalicelib.credentials.errors import CaseMoved
from chalicelib.credentials.evidence.findings import EvidenceType
from chalicelib.credentials.evidence.model import (
    UNSETTLED,
    By,
    Checked,
    Evidence,
    File,
    State,
    delete_at,
    is_over,
)
from chalicelib.credentials.kept_store import RawRow, rows_in
from chalicelib.credentials.model import Credential
from chalicelib.credentials.store import credential_pk
from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform import tables
from chalicelib.platform.tables import Write

_VERDICTS, _DELETIONS = "EVIDENCE-VERDICTS", "EVIDENCE-DELETIONS"
_SK, _DELETION_SK = "EVIDENCE", "EVIDENCE-DELETION"
_INSTANTS = ("added_at", "arrived_at", "settled_at", "gone_at")


class EvidenceRow(tables.IndexedRow):
    """All files of a credential: its version lets one of two simultaneous changes through, so that a count of them is
    one. Where a scanner is waited for, gsi1 has all by when its verdict is due, and gsi2 an organisation's."""

    class Meta:
        capability = "credentials"

    organisation_id = UnicodeAttribute()
    files = JSONAttribute()


class DeletionRow(tables.IndexedRow):
    """That the files of a credential are to be deleted; gsi1 has all by when."""

    class Meta:
        capability = "credentials"

    due_at = UnicodeAttribute()


def evidence_key(credential_id: str) -> tuple[type[EvidenceRow], str, str]:
    """Return the key of a credential's evidence for `tables.get_many`."""
    return EvidenceRow, credential_pk(credential_id), _SK


def deletion_key(credential_id: str) -> tuple[type[DeletionRow], str, str]:
    """Return the key of when a credential's files are to be deleted for `tables.get_many`."""
    return DeletionRow, credential_pk(credential_id), _DELETION_SK


def get_evidence(credential: Credential) -> Evidence:
    return evidence_of(credential, tables.get(*evidence_key(credential.id)))


def evidence_of(credential: Credential, row: Any) -> Evidence:
    """Read a credential's evidence; without a row there is none yet."""
    if row is None:
        return Evidence(credential.id, credential.organisation_id)
    return _evidence_of(row)


def put_evidence(evidence: Evidence, now: datetime) -> Write:
    row_class, pk, sk = evidence_key(evidence.credential_id)
    due = evidence.verdict_due
    place = tables.due_place(due, evidence.credential_id) if due is not None else None
    row = row_class(
        pk, sk, organisation_id=evidence.organisation_id, files=[_file_data(one) for one in evidence.files],
        gsi1pk=tables.due_shard(_VERDICTS, evidence.credential_id) if due is not None else None, gsi1sk=place,
        gsi2pk=_verdicts_pk(evidence.organisation_id) if due is not None else None, gsi2sk=place,
        **tables.stamps(to_text(now), to_text(evidence.created_at or now), version=evidence.version),
    )  # fmt: skip
    return tables.put(row, conflict=CaseMoved())


def overdue_of(organisation_id: str, now: datetime, page: PageRequest) -> Page[Evidence]:
    """Return an organisation's evidence that waits for a verdict past its time, longest overdue first."""
    return tables.page_of(
        EvidenceRow, _verdicts_pk(organisation_id), page, _evidence_of, index="gsi2",
        between=tables.due_until(now),
    )  # fmt: skip


def overdue(now: datetime) -> Iterator[str]:
    """Yield the ids of the credentials with evidence that waits for a verdict past its time."""
    yield from _due(EvidenceRow, _VERDICTS, now)


def follow(before: Credential | None, after: Credential, now: datetime) -> list[Write]:
    """Return the writes by which the deletion of its files follows a credential's move; none if it stays."""
    due = delete_at(after, now)
    if due is not None:
        return [put_deletion(after.id, due, now)]
    was_over = before is not None and is_over(before)
    return [tables.delete_entry(*deletion_key(after.id))] if was_over else []


def put_deletion(credential_id: str, due: datetime, now: datetime) -> Write:
    """Write when a credential's files are to be deleted, whatever was planned before."""
    row_class, pk, sk = deletion_key(credential_id)
    row = row_class(
        pk, sk, due_at=to_text(due), gsi1pk=tables.due_shard(_DELETIONS, credential_id),
        gsi1sk=tables.due_place(due, credential_id), **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put_entry(row)


def deletions_due(now: datetime) -> Iterator[str]:
    """Yield the ids of the credentials whose files are to be deleted by now: by key, never by scan."""
    yield from _due(DeletionRow, _DELETIONS, now)


def due_of(row: DeletionRow) -> datetime:
    """Return when a deletion is due."""
    return from_text(row.due_at)


def delete_deletion(row: DeletionRow) -> Write:
    """Take a deletion off the list that was done as it was read."""
    return tables.delete(row, condition=DeletionRow.due_at == row.due_at, conflict=CaseMoved())


def settled_in(kept: Iterable[RawRow]) -> dict[str, str]:
    """Return how each file of a credential was settled, and its hash, by its id: what the trail tells as well."""
    rows = rows_in((raw for raw in kept if raw["sk"]["S"] == _SK), EvidenceRow, _SK)
    files = _evidence_of(rows[0]).files if rows else ()
    return {
        one.id: told(one.state.value, one.checked.sha256 if one.checked else None)
        for one in files
        if one.state not in UNSETTLED
    }


def told(state: str, sha256: str | None) -> str:
    return f"{state} {sha256 or ''}".strip()


def _due(row_class: type[tables.Row], name: str, now: datetime) -> Iterator[str]:
    for raw in tables.query_due(now, row_class, name):
        yield raw["pk"]["S"].removeprefix(credential_pk(""))


def _verdicts_pk(organisation_id: str) -> str:
    return f"ORG#{organisation_id}#VERDICTS"


def _evidence_of(row: Any) -> Evidence:
    files = tuple(_file_of(data) for data in row.files)
    return Evidence(
        row.pk.removeprefix(credential_pk("")), row.organisation_id, files, from_text(row.created_at),
        int(row.version),
    )  # fmt: skip


def _file_data(file: File) -> dict[str, Any]:
    instants = {name: text_of(getattr(file, name)) for name in _INSTANTS}
    return {**asdict(file), **instants}


def _file_of(data: dict[str, Any]) -> File:
    instants = {name: instant_of(data[name]) for name in _INSTANTS}
    checked = Checked(**data["checked"]) if data["checked"] else None
    codes: dict[str, Any] = {
        "type": EvidenceType(data["type"]), "by": By(data["by"]), "state": State(data["state"]), "checked": checked,
    }  # fmt: skip
    return File(**{**data, **instants, **codes})
