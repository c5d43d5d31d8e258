"""The rosters table: imports, their problems, whom a programme's roster knows, and who invited whom."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, instant_of, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.people.model import normalised_email
from chalicelib.platform import tables
from chalicelib.platform.tables import Row, Write
from chalicelib.programmes.model import Side
from chalicelib.rosters.imports import (
    Counts,
    Entry,
    ImportMovedOn,
    ImportNotWaiting,
    ImportStatus,
    Order,
    Outcome,
    RosterImport,
)
from chalicelib.rosters.model import HeadingProblem, RosterRow, RowProblem


class ImportRow(tables.Row):
    class Meta:
        capability = "rosters"

    status = UnicodeAttribute()
    filename = UnicodeAttribute()
    role = UnicodeAttribute(null=True)
    column_map = JSONAttribute()
    validate_only = BooleanAttribute()
    created_by = UnicodeAttribute()
    rows = NumberAttribute(null=True)
    next_row = NumberAttribute(default=0)
    invited = NumberAttribute(default=0)
    enrolled = NumberAttribute(default=0)
    changed = NumberAttribute(default=0)
    unchanged = NumberAttribute(default=0)
    refused = NumberAttribute(default=0)
    problems = NumberAttribute(default=0)
    problems_kept = NumberAttribute(default=0)
    headings = JSONAttribute(null=True)
    notes = JSONAttribute(null=True)
    failure = UnicodeAttribute(null=True)
    content_digest = UnicodeAttribute(null=True)
    finished_at = UnicodeAttribute(null=True)


class ProblemRow(tables.Row):
    class Meta:
        capability = "rosters"

    row = NumberAttribute()
    column = UnicodeAttribute(null=True)
    reason = UnicodeAttribute()
    value_excerpt = UnicodeAttribute(null=True)


class EntryRow(tables.Row):
    """Its key is a digest of the external id, or else of the address: neither stands in keys or traces."""

    class Meta:
        capability = "rosters"

    person_id = UnicodeAttribute()
    import_id = UnicodeAttribute()
    outcome = UnicodeAttribute()


class InvitationRow(tables.Row):
    """Which organisation invited a person."""

    class Meta:
        capability = "rosters"

    organisation_id = UnicodeAttribute()
    import_id = UnicodeAttribute()


def programme_pk(programme_id: str) -> str:
    return f"PROGRAMME#{programme_id}"


def import_pk(import_id: str) -> str:
    """Return where an import's problems and audit rows stand."""
    return f"IMPORT#{import_id}"


# --- imports --------------------------------------------------------------------------------------


def import_key(programme_id: str, import_id: str) -> tuple[type[Row], str, str]:
    """Return the key of an import for `tables.get_many`."""
    return ImportRow, programme_pk(programme_id), f"IMPORT#{import_id}"


def get_import(programme_id: str, import_id: str) -> RosterImport | None:
    row = tables.get(ImportRow, *import_key(programme_id, import_id)[1:])
    return import_of(row) if row else None


def import_of(row: ImportRow) -> RosterImport:
    return RosterImport(
        id=row.sk.removeprefix("IMPORT#"),
        programme_id=row.pk.removeprefix("PROGRAMME#"),
        order=Order(
            row.filename, Side(row.role) if row.role else None, dict(row.column_map), bool(row.validate_only)
        ),
        created_by=row.created_by,
        created_at=from_text(row.created_at),
        status=ImportStatus(row.status),
        rows=int(row.rows) if row.rows is not None else None,
        next_row=int(row.next_row),
        counts=Counts(
            int(row.invited), int(row.enrolled), int(row.changed), int(row.unchanged), int(row.refused)
        ),
        problems=int(row.problems),
        problems_kept=int(row.problems_kept),
        headings=tuple(HeadingProblem(**one) for one in row.headings or ()),
        notes=tuple(row.notes or ()),
        failure=row.failure,
        content_digest=row.content_digest,
        finished_at=instant_of(row.finished_at),
        version=int(row.version),
    )


def list_imports(programme_id: str, page: PageRequest) -> Page[RosterImport]:
    """Return a programme's imports, newest first."""
    pk = programme_pk(programme_id)
    return tables.page_of(ImportRow, pk, page, import_of, begins_with="IMPORT#", descending=True)


def put_import(new: RosterImport) -> Write:
    """Write an import that was not there."""
    _, pk, sk = import_key(new.programme_id, new.id)
    row = ImportRow(
        pk, sk, status=new.status.value, filename=new.order.filename,
        role=new.order.role.value if new.order.role else None, column_map=dict(new.order.column_map),
        validate_only=new.order.validate_only, created_by=new.created_by,
        **tables.stamps(to_text(new.created_at)),
    )  # fmt: skip
    return tables.put(row)


def queue(programme_id: str, import_id: str, now: datetime) -> Write:
    """Note that the file has arrived."""
    return tables.update(
        *import_key(programme_id, import_id), [ImportRow.status.set(ImportStatus.QUEUED.value)],
        condition=ImportRow.status == ImportStatus.WAITING.value, now=to_text(now),
        conflict=ImportNotWaiting("A file for this import has arrived before."),
    )  # fmt: skip


def start(read: RosterImport, now: datetime) -> Write:
    """Note what the file holds, once."""
    row = ImportRow
    return tables.update(
        *import_key(read.programme_id, read.id),
        [
            row.status.set(ImportStatus.RUNNING.value), row.rows.set(read.rows or 0),
            row.refused.set(read.counts.refused),
            row.problems.set(read.problems), row.problems_kept.set(read.problems_kept),
            row.headings.set([asdict(one) for one in read.headings]), row.notes.set(list(read.notes)),
            row.content_digest.set(read.content_digest or ""),
        ],
        condition=row.status == ImportStatus.QUEUED.value, now=to_text(now),
        conflict=ImportMovedOn("Another worker is reading this file."),
    )  # fmt: skip


def advance(before: RosterImport, after: RosterImport, now: datetime) -> Write:
    """Count rows that are behind us, once."""
    row = ImportRow
    actions = [
        row.next_row.set(after.next_row), row.invited.set(after.counts.invited),
        row.enrolled.set(after.counts.enrolled), row.changed.set(after.counts.changed),
        row.unchanged.set(after.counts.unchanged), row.refused.set(after.counts.refused),
        row.problems.set(after.problems), row.problems_kept.set(after.problems_kept),
        row.status.set(after.status.value),
    ]  # fmt: skip
    if after.finished_at is not None:
        actions.append(row.finished_at.set(to_text(after.finished_at)))
    return tables.update(
        *import_key(before.programme_id, before.id), actions,
        condition=(row.status == ImportStatus.RUNNING.value) & (row.next_row == before.next_row),
        now=to_text(now), conflict=ImportMovedOn("Another worker has carried this import on."),
    )  # fmt: skip


def fail(before: RosterImport, failure: str, headings: Sequence[HeadingProblem], now: datetime) -> Write:
    """Give an import up as a whole."""
    row = ImportRow
    actions: list[Any] = [
        row.status.set(ImportStatus.FAILED.value), row.failure.set(failure), row.finished_at.set(to_text(now)),
    ]  # fmt: skip
    if headings:
        actions.append(row.headings.set([asdict(one) for one in headings]))
    return tables.update(
        *import_key(before.programme_id, before.id), actions, condition=row.status == before.status.value,
        now=to_text(now), conflict=ImportMovedOn("Another worker has carried this import on."),
    )  # fmt: skip


# --- problems -------------------------------------------------------------------------------------


def put_problems(import_id: str, problems: Sequence[RowProblem], now: datetime) -> list[Write]:
    """Return the writes of problems; the same ones again change nothing.

    Their key is made of row and column: one cell has one problem.
    """
    return [
        tables.put_entry(
            ProblemRow(
                import_pk(import_id), f"PROBLEM#{one.row:07d}#{one.column or ''}", row=one.row, column=one.column,
                reason=one.reason, value_excerpt=one.value_excerpt, **tables.stamps(to_text(now)),
            )
        )
        for one in problems
    ]  # fmt: skip


def list_problems(import_id: str, page: PageRequest) -> Page[RowProblem]:
    """Return an import's problems in the order of the file."""
    return tables.page_of(ProblemRow, import_pk(import_id), page, _problem_of, begins_with="PROBLEM#")


def _problem_of(row: ProblemRow) -> RowProblem:
    return RowProblem(int(row.row), row.column, row.reason, row.value_excerpt)


# --- whom the roster knows ------------------------------------------------------------------------


def entry_key(programme_id: str, row: RosterRow) -> tuple[type[Row], str, str]:
    """Return the key of what is known of a row: by its external id, else by its address."""
    word = f"external\0{row.external_id}" if row.external_id else f"email\0{normalised_email(row.email)}"
    return EntryRow, programme_pk(programme_id), "ENTRY#" + hashlib.sha256(word.encode()).hexdigest()


def entry_of(row: EntryRow) -> Entry:
    return Entry(row.person_id, row.import_id, Outcome(row.outcome), int(row.version))


def put_entry(programme_id: str, row: RosterRow, entry: Entry, now: datetime) -> Write:
    _, pk, sk = entry_key(programme_id, row)
    item = EntryRow(
        pk, sk, person_id=entry.person_id, import_id=entry.import_id, outcome=entry.outcome.value,
        **tables.stamps(to_text(now), version=entry.version),
    )  # fmt: skip
    return tables.put(item)


def invitation_key(person_id: str) -> tuple[type[Row], str, str]:
    """Return the key of a person's invitation for `tables.get_many`."""
    return InvitationRow, f"PERSON#{person_id}", "INVITATION"


def put_invitation(person_id: str, organisation_id: str, import_id: str, now: datetime) -> Write:
    _, pk, sk = invitation_key(person_id)
    item = InvitationRow(
        pk, sk, organisation_id=organisation_id, import_id=import_id, **tables.stamps(to_text(now))
    )
    return tables.put(item)


def organisation_of(row: Any) -> str | None:
    """Return which organisation invited, from the row at `invitation_key` or None."""
    return str(row.organisation_id) if row else None
