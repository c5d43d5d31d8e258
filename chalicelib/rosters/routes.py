"""Roster imports and their templates over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.web.endpoint import Routes, Who
from chalicelib.programmes.errors import ProgrammeNotRunning

if TYPE_CHECKING:
    from chalicelib.rosters import service
    from chalicelib.rosters.imports import RosterImport
    from chalicelib.rosters.model import RowProblem
    from chalicelib.rosters.schemas import ImportBody, TemplateQuery
    from chalicelib.rosters.service import ImportSeen, TemplateLink
else:
    service = later("chalicelib.rosters.service")

routes = Routes(__name__, "Rosters")


@routes.endpoint(
    "POST", "/v1/programmes/{programme_id}/roster", who=Who.COORDINATOR, summary="Open a roster import",
    body="ImportBody", answer="ImportSeenView", status=201, idempotent=True, errors=(ProgrammeNotRunning,),
)  # fmt: skip
def start_import(call: Call, programme_id: str, body: ImportBody) -> ImportSeen:
    """Send the file as `upload` says; the import begins when it has arrived. Good rows go in, bad rows come back with
    row, column and reason, and repeating an import changes nothing. An import verifies nobody."""
    return service.start_import(call, programme_id, body.to_model())


@routes.endpoint(
    "GET", "/v1/programmes/{programme_id}/rosters", who=Who.COORDINATOR, summary="List roster imports",
    answer="ImportView", paged=True,
)  # fmt: skip
def list_imports(call: Call, programme_id: str, page: PageRequest) -> Page[RosterImport]:
    """Newest first."""
    return service.list_imports(call, programme_id, page)


@routes.endpoint(
    "GET", "/v1/programmes/{programme_id}/rosters/{import_id}", who=Who.COORDINATOR,
    summary="Read how a roster import stands", answer="ImportSeenView",
)  # fmt: skip
def read_import(call: Call, programme_id: str, import_id: str) -> ImportSeen:
    return service.read_import(call, programme_id, import_id)


@routes.endpoint(
    "GET", "/v1/programmes/{programme_id}/rosters/{import_id}/problems", who=Who.COORDINATOR,
    summary="List what is wrong with which rows", answer="ProblemView", paged=True,
)  # fmt: skip
def list_problems(call: Call, programme_id: str, import_id: str, page: PageRequest) -> Page[RowProblem]:
    """In the order of the file."""
    return service.list_problems(call, programme_id, import_id, page)


@routes.endpoint(
    "GET", "/v1/rosters/template", who=Who.PERSON, summary="Get a link to a roster template", query="TemplateQuery",
    answer="TemplateView",
)  # fmt: skip
def roster_template(_call: Call, query: TemplateQuery) -> TemplateLink:
    """All columns with an example row, which no import takes; as XLSX, with a sheet that explains them."""
    return service.template_link(query.role, query.format)
