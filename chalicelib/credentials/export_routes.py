"""Exports of trails over HTTP, for admins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.credentials.errors import (
    CaseMoved,
    ExportNotThere,
    ExportOfAnother,
    OwnCredential,
    SharesMentorship,
)
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import TooLarge
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.credentials import exporting
    from chalicelib.credentials.exporting import FileLink
    from chalicelib.credentials.exports import Export
    from chalicelib.credentials.schemas import ExportBody
else:
    exporting = later("chalicelib.credentials.exporting")

routes = Routes(__name__, "Audit")

_KEPT = (CaseMoved, OwnCredential, SharesMentorship, TooLarge)


@routes.endpoint(
    "GET", "/v1/admin/credentials/{credential_id}/trail.jsonl", who=Who.ADMIN,
    summary="Export a credential's trail as JSON lines", text_media_type="application/jsonl",
    file_name="trail-{credential_id}.jsonl", errors=_KEPT,
)  # fmt: skip
def export_trail(call: Call, credential_id: str) -> str:
    """What it is, each row with all that its hash is made of, where it ends, and a digest over all of that: `python -m
    chalicelib.credentials.audit verify --file` checks it without any access. The trail keeps that it was exported."""
    return exporting.one_trail(call, credential_id)


@routes.endpoint(
    "GET", "/v1/admin/credentials/{credential_id}/trail.csv", who=Who.ADMIN,
    summary="Export a credential's trail as CSV", text_media_type="text/csv; charset=utf-8",
    file_name="trail-{credential_id}.csv", errors=_KEPT,
)  # fmt: skip
def export_trail_table(call: Call, credential_id: str) -> str:
    """The same rows as a table, each with where the trail ends; the same check reads it."""
    return exporting.one_trail(call, credential_id, as_table=True)


@routes.endpoint(
    "POST", "/v1/admin/trail-exports", who=Who.ADMIN, summary="Have all trails exported", body="ExportBody",
    answer="ExportView", status=201, idempotent=True,
)  # fmt: skip
def order_export(call: Call, body: ExportBody) -> Export:
    """Of an organisation's credentials or of all, of some days or of all time, into one file of JSON lines. It is
    written in the background, and kept for seven days. Left out, and counted, are trails of your own credentials and of
    people you have or had a mentorship with: an export of all takes another admin as well."""
    return exporting.order_export(call, body.to_model())


@routes.endpoint(
    "GET", "/v1/admin/trail-exports", who=Who.ADMIN, summary="List exports of trails", answer="ExportView", paged=True,
)  # fmt: skip
def list_exports(call: Call, page: PageRequest) -> Page[Export]:
    """Latest first: who has taken which trails out of the installation."""
    return exporting.list_exports(call, page)


@routes.endpoint(
    "GET", "/v1/admin/trail-exports/{export_id}", who=Who.ADMIN, summary="Read how far an export is",
    answer="ExportView",
)  # fmt: skip
def read_export(call: Call, export_id: str) -> Export:
    return exporting.read_export(call, export_id)


@routes.endpoint(
    "GET", "/v1/admin/trail-exports/{export_id}/file", who=Who.ADMIN, summary="Get a link to an export's file",
    answer="ExportFileView", errors=(ExportNotThere, ExportOfAnother),
)  # fmt: skip
def export_file(call: Call, export_id: str) -> FileLink:
    """It serves the file as an attachment for five minutes, to the admin who ordered it; each link is kept in the
    audit."""
    return exporting.link(call, export_id)
