"""Imports of rosters, as coordinators ask for them; `worker.py` carries them out."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.platform import documents, outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.documents import Upload
from chalicelib.platform.outbox import Topic
from chalicelib.programmes import service as programmes
from chalicelib.programmes.errors import ProgrammeNotRunning
from chalicelib.programmes.model import Side
from chalicelib.rosters import store, templates
from chalicelib.rosters.imports import ImportNotWaiting, ImportStatus, Order, RosterImport
from chalicelib.rosters.model import RowProblem, checked_column_map
from chalicelib.rosters.table_files import MAX_BYTES
from chalicelib.rosters.uploads import UPLOADS

UPLOAD_SECONDS = 900
LINK_SECONDS = 300
KIND = "import-roster"
"""Of the outbox message by which a worker takes up an import."""


class TemplateFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True)
class ImportSeen:
    """An import, and where its file may be sent as long as it waits for one."""

    roster: RosterImport
    upload: Upload | None


@dataclass(frozen=True)
class TemplateLink:
    """Where a template can be fetched for `expires_in` seconds."""

    url: str
    file_name: str
    media_type: str
    expires_in: int = LINK_SECONDS


def start_import(call: Call, programme_id: str, order: Order) -> ImportSeen:
    """Open an import (the programme's coordinators); it begins when its file has arrived.

    Raises
    ------
    Invalid
        If the column map names columns that do not exist.
    ProgrammeNotRunning
        If the programme is over.
    """
    programme = programmes.require_coordinator(call, programme_id)
    checked_column_map(order.column_map)
    if programme.is_over(call.now):
        raise ProgrammeNotRunning("The programme is over; it takes nobody in.")
    roster = RosterImport(call.new_id(), programme_id, order, call.actor_id, call.now)
    writes = [
        store.put_import(roster),
        tables.audit(
            "rosters", store.import_pk(roster.id), row_id=call.new_id(), at=call.now, actor=call.actor_id,
            action="start_import", after=programme_id, why="validate only" if order.validate_only else None,
        ),
    ]  # fmt: skip
    return commit(call, writes, _seen(roster))


def read_import(call: Call, programme_id: str, import_id: str) -> ImportSeen:
    """Return an import (the programme's coordinators), in one round trip."""
    rights_row, programme_row, row = tables.get_many(
        [
            organisations.rights_key(call), programmes.programme_key(programme_id),
            store.import_key(programme_id, import_id),
        ]
    )  # fmt: skip
    if programme_row is None:
        raise NotFound
    owner = programmes.programme_of(programme_row).organisation_id
    organisations.rights_of(call, rights_row).require(owner, StaffRole.COORDINATOR)
    if row is None:
        raise NotFound
    return _seen(store.import_of(row))


def list_imports(call: Call, programme_id: str, page: PageRequest) -> Page[RosterImport]:
    """Return a programme's imports, newest first (its coordinators)."""
    programmes.require_coordinator(call, programme_id)
    return store.list_imports(programme_id, page)


def list_problems(call: Call, programme_id: str, import_id: str, page: PageRequest) -> Page[RowProblem]:
    """Return what is wrong with which rows of an import, in the file's order (the programme's coordinators)."""
    read_import(call, programme_id, import_id)
    return store.list_problems(import_id, page)


def template_link(role: Side, format_: TemplateFormat) -> TemplateLink:
    """Return a link to the template of a role."""
    key, media_type = _stored_template(role, format_)
    file_name = f"{role}s.{format_}"
    url = documents.presigned_download(key, file_name=file_name, expires_in=LINK_SECONDS)
    return TemplateLink(url, file_name, media_type)


def file_arrived(call: Call, key: str) -> bool:
    """Queue the import whose file was stored under `key`; tell whether there was one that waited for it.

    The same event again, or another file sent to the same address, changes nothing.
    """
    named = documents.owner_and_id(key, UPLOADS)
    if named is None:
        return False
    programme_id, import_id = named
    writes = [
        store.queue(programme_id, import_id, call.now),
        work_message(programme_id, import_id, 0, call),
    ]
    try:
        commit(call, writes, None)
    except ImportNotWaiting:
        return False
    return True


def upload_key(roster: RosterImport) -> str:
    """Return where an import's file lies."""
    return f"{UPLOADS}{roster.programme_id}/{roster.id}"


def work_message(programme_id: str, import_id: str, next_row: int, call: Call) -> tables.Write:
    """Return the write that has a worker carry an import on from a row."""
    payload = {"programme_id": programme_id, "import_id": import_id}
    return outbox.message(f"{KIND}:{import_id}:{next_row}", Topic.ROSTER_IMPORT, KIND, payload, now=call.now)


def _seen(roster: RosterImport) -> ImportSeen:
    if roster.status is not ImportStatus.WAITING:
        return ImportSeen(roster, None)
    upload = documents.presigned_upload(
        upload_key(roster), content_types=(), max_bytes=MAX_BYTES, expires_in=UPLOAD_SECONDS
    )
    return ImportSeen(roster, upload)


@cache
def _stored_template(role: Side, format_: TemplateFormat) -> tuple[str, str]:
    # Once a process: the same bytes under the same key.
    if format_ is TemplateFormat.CSV:
        content, media_type = templates.template_csv(role), templates.CSV_MEDIA_TYPE
    else:
        content, media_type = templates.template_xlsx(role), templates.XLSX_MEDIA_TYPE
    key = f"rosters/templates/{templates.version()}/{role}s.{format_}"
    documents.write(key, content, media_type)
    return key, media_type
