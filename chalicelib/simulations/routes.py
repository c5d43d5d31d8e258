"""Simulated cases over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.web.endpoint import Routes, Who
from chalicelib.simulations.errors import CaseUnsound, SheetUnreadable, SimulatedCaseIdentifies

if TYPE_CHECKING:
    from chalicelib.simulations import service
    from chalicelib.simulations.cases import SimulatedCase
    from chalicelib.simulations.schemas import (
        CaseDocumentShape,
        CasePublishBody,
        CaseSheetBody,
        SimulatedCaseQuery,
    )
    from chalicelib.simulations.service import SeenCase
    from chalicelib.simulations.sheets import ReadSheet
else:
    service = later("chalicelib.simulations.service")

routes = Routes(__name__, "Simulations")

_CASES = "/v1/organisations/{organisation_id}/simulated-cases"
_CASE = "/v1/simulated-cases/{case_id}"


@routes.endpoint(
    "POST",
    _CASES,
    who=Who.COORDINATOR,
    summary="Write a simulated case",
    body="CaseDocumentShape",
    answer="SimulatedCaseView",
    status=201,
    idempotent=True,
    etag=True,
)
def create_case(call: Call, organisation_id: str, body: CaseDocumentShape) -> SeenCase:
    """A draft, which may be unsound as yet: `problems` says what keeps it from being played."""
    return service.create_case(call, organisation_id, body.to_model())


@routes.endpoint(
    "GET",
    _CASES,
    who=Who.COORDINATOR,
    summary="List simulated cases",
    answer="SimulatedCaseSummaryView",
    paged=True,
)
def list_cases(call: Call, organisation_id: str, page: PageRequest) -> Page[SimulatedCase]:
    """The newest first."""
    return service.list_cases(call, organisation_id, page)


@routes.endpoint(
    "POST",
    "/v1/simulated-case-sheets",
    who=Who.PERSON,
    summary="Read a case from a spreadsheet",
    body="CaseSheetBody",
    answer="CaseSheetView",
    errors=(SheetUnreadable,),
)
def read_sheet(call: Call, body: CaseSheetBody) -> ReadSheet:
    """Gives the document that the file holds, and what is wrong by row and column. Nothing is kept: send the document
    as a draft."""
    return service.read_sheet(call, body.content())


@routes.endpoint(
    "GET",
    _CASE,
    who=Who.COORDINATOR,
    summary="Read a simulated case",
    query="SimulatedCaseQuery",
    answer="SimulatedCaseView",
    etag=True,
)
def read_case(call: Call, case_id: str, query: SimulatedCaseQuery) -> SeenCase:
    """Its draft with what is wrong with it, or a published version."""
    return service.read_case(call, case_id, query.version)


@routes.endpoint(
    "PUT",
    _CASE,
    who=Who.COORDINATOR,
    summary="Change the draft of a case",
    body="CaseDocumentShape",
    answer="SimulatedCaseView",
    if_match="required",
)
def change_case(call: Call, case_id: str, body: CaseDocumentShape) -> SeenCase:
    """Published versions stay as they are, and simulations with them."""
    return service.change_case(call, case_id, body.to_model())


@routes.endpoint(
    "POST",
    _CASE + "/versions",
    who=Who.COORDINATOR,
    summary="Publish a case",
    body="CasePublishBody",
    answer="SimulatedCaseView",
    status=201,
    idempotent=True,
    if_match="optional",
    errors=(CaseUnsound, SimulatedCaseIdentifies),
)
def publish_case(call: Call, case_id: str, body: CasePublishBody) -> SeenCase:  # noqa: ARG001 - its one value is true
    """Makes the draft a version, which never changes and which simulations play. A draft is refused that has a dead
    end, a scene that nothing leads to, a loop without a way out, or an investigation with neither result nor “not
    available here”; and one in which the rules find what surely identifies somebody."""
    return service.publish_case(call, case_id)
