"""The simulations table: cases and their versions."""

import json
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.simulations.cases import CaseDocument, SimulatedCase, document_of, raw_of

CAPABILITY = "simulations"


class CaseRow(tables.IndexedRow):
    """A case without its documents; gsi1: an organisation's."""

    class Meta:
        capability = CAPABILITY

    organisation_id = UnicodeAttribute()
    title = UnicodeAttribute()
    condition = UnicodeAttribute()
    language = UnicodeAttribute()
    published = NumberAttribute()


class DocumentRow(tables.Row):
    """The draft of a case, or a published version, which never changes."""

    class Meta:
        capability = CAPABILITY

    document = UnicodeAttribute()


def case_key(case_id: str) -> tuple[type[CaseRow], str, str]:
    """Return the key of a case for `tables.get_many`."""
    return CaseRow, _case_pk(case_id), "CASE"


def document_key(case_id: str, number: int | None) -> tuple[type[DocumentRow], str, str]:
    """Return the key of a published version for `tables.get_many`, None of the draft."""
    return DocumentRow, _case_pk(case_id), "DRAFT" if number is None else f"VERSION#{number:05}"


def put_case(case: SimulatedCase, now: datetime) -> Write:
    """Return the write of a case, new or over the version that was read."""
    row_class, pk, sk = case_key(case.id)
    row = row_class(
        pk, sk, organisation_id=case.organisation_id, title=case.title, condition=case.condition,
        language=case.language, published=case.published,
        gsi1pk=f"ORGANISATION#{case.organisation_id}#CASES", gsi1sk=case.id,
        **tables.stamps(to_text(now), version=case.version),
    )  # fmt: skip
    return tables.put(row)


def put_draft(case_id: str, document: CaseDocument, now: datetime) -> Write:
    """Return the write of a draft; the case, which is written with it, has the condition."""
    return tables.put_entry(_document_row(case_id, None, document, now))


def put_version(case_id: str, number: int, document: CaseDocument, now: datetime) -> Write:
    """Return the write of a version, of which there is none yet."""
    return tables.put(_document_row(case_id, number, document, now))


def _document_row(case_id: str, number: int | None, document: CaseDocument, now: datetime) -> DocumentRow:
    row_class, pk, sk = document_key(case_id, number)
    return row_class(pk, sk, document=text_of(document), **tables.stamps(to_text(now)))


def list_cases(organisation_id: str, page: PageRequest) -> Page[SimulatedCase]:
    """Return an organisation's cases, the newest first."""
    return tables.page_of(
        CaseRow, f"ORGANISATION#{organisation_id}#CASES", page, case_of, index="gsi1", descending=True
    )


def case_of(row: CaseRow) -> SimulatedCase:
    return SimulatedCase(
        row.pk.removeprefix("CASE#"), row.organisation_id, row.title, row.condition, row.language,
        int(row.published), int(row.version),
    )  # fmt: skip


def document_in(row: DocumentRow) -> CaseDocument:
    return document_of(json.loads(row.document))


def audit(pk: str, **what: Any) -> Write:
    """Return the write of a row of a trail; see `tables.audit`."""
    return tables.audit(CAPABILITY, pk, **what)


def case_audit(case_id: str, **what: Any) -> Write:
    return audit(_case_pk(case_id), **what)


def text_of(document: CaseDocument) -> str:
    """Write a document as JSON, no longer than it must be."""
    return json.dumps(raw_of(document), ensure_ascii=False, separators=(",", ":"))


def _case_pk(case_id: str) -> str:
    return f"CASE#{case_id}"
