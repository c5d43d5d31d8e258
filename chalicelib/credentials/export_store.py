"""Exports of trails in the credentials table, and their files."""

from datetime import date, datetime

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.credentials.exports import Export, ExportStatus
from chalicelib.credentials.trail_files import Scope
from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform import tables
from chalicelib.platform.tables import Write

EXPORTS_PK = "TRAIL-EXPORTS"
AUDIT_PK = f"{EXPORTS_PK}#AUDIT"
PREFIX = "trail-exports/"


class ExportMovedOn(Conflict):
    """Another worker has done this piece."""

    code = "trail-export-moved-on"


class ExportRow(tables.Row):
    class Meta:
        capability = "credentials"

    organisation_id = UnicodeAttribute(null=True)
    first_day = UnicodeAttribute(null=True)
    last_day = UnicodeAttribute(null=True)
    created_by = UnicodeAttribute()
    status = UnicodeAttribute()
    trails = NumberAttribute()
    rows = NumberAttribute()
    left_out = NumberAttribute(null=True)
    digest = UnicodeAttribute()
    organisation_at = UnicodeAttribute(null=True)
    credential_at = UnicodeAttribute(null=True)
    is_read = BooleanAttribute()
    upload_id = UnicodeAttribute(null=True)
    parts = JSONAttribute()
    has_rest = BooleanAttribute()
    pieces = NumberAttribute()
    finished_at = UnicodeAttribute(null=True)


def export_key(export_id: str) -> tuple[type[ExportRow], str, str]:
    """Return the key of an export for `tables.get_many`."""
    return ExportRow, EXPORTS_PK, export_id


def file_key(export: Export) -> str:
    """Return where an export's file lies."""
    return f"{PREFIX}{export.id}.jsonl"


def rest_key(export: Export) -> str:
    """Return where lines wait for the next piece: under its number, so that no other touches them."""
    return f"{PREFIX}{export.id}/{export.pieces}.jsonl"


def put_export(export: Export, now: datetime) -> Write:
    """Write an export over the version that was read, or as new."""
    scope = export.scope
    row_class, pk, sk = export_key(export.id)
    row = row_class(
        pk, sk, organisation_id=scope.organisation_id,
        first_day=scope.first_day.isoformat() if scope.first_day else None,
        last_day=scope.last_day.isoformat() if scope.last_day else None,
        created_by=export.created_by, status=export.status.value, trails=export.trails, rows=export.rows,
        left_out=export.left_out, digest=export.digest,
        organisation_at=export.organisation_at, credential_at=export.credential_at,
        is_read=export.is_read, upload_id=export.upload_id, parts=list(export.parts),
        has_rest=export.has_rest, pieces=export.pieces,
        finished_at=text_of(export.finished_at),
        **tables.stamps(to_text(now), to_text(export.created_at), version=export.version),
    )  # fmt: skip
    return tables.put(row, conflict=ExportMovedOn("Another worker has done this piece."))


def export_of(row: ExportRow) -> Export:
    days = [date.fromisoformat(day) if day else None for day in (row.first_day, row.last_day)]
    return Export(
        id=row.sk, scope=Scope(row.organisation_id, *days), created_by=row.created_by,
        created_at=from_text(row.created_at), status=ExportStatus(row.status), trails=int(row.trails),
        rows=int(row.rows), left_out=int(row.left_out or 0), digest=row.digest,
        organisation_at=row.organisation_at,
        credential_at=row.credential_at, is_read=bool(row.is_read), upload_id=row.upload_id,
        parts=tuple(row.parts), has_rest=bool(row.has_rest), pieces=int(row.pieces),
        finished_at=instant_of(row.finished_at), version=int(row.version),
    )  # fmt: skip


def get_export(export_id: str) -> Export | None:
    row = tables.get(*export_key(export_id))
    return export_of(row) if row else None


def list_exports(page: PageRequest) -> Page[Export]:
    """Return the installation's exports, latest first."""
    return tables.page_of(ExportRow, EXPORTS_PK, page, export_of, descending=True)
