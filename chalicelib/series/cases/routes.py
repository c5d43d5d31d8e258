"""Cases of a series over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.web.endpoint import Routes, Who
from chalicelib.series.errors import (
    CaseIdentifies,
    CaseMoved,
    CaseNotSo,
    CaseNotYours,
    SeriesRoleRefused,
    SessionMoved,
)

if TYPE_CHECKING:
    from chalicelib.series.cases import service
    from chalicelib.series.cases.schemas import CaseBody, CaseMoveBody, CasesQuery, FormBody
    from chalicelib.series.cases.service import SeenCase
else:
    service = later("chalicelib.series.cases.service")

routes = Routes(__name__, "Series")

_ALL = "/v1/series/{series_id}/cases"
_ONE = _ALL + "/{case_id}"


@routes.endpoint(
    "POST", _ALL, who=Who.PERSON, summary="Bring a case, or assign one", body="CaseBody", answer="SeriesCaseView",
    status=201, idempotent=True, etag=True, errors=(Invalid, SeriesRoleRefused),
)  # fmt: skip
def open_case(call: Call, series_id: str, body: CaseBody) -> SeenCase:
    """Yours, or, by who runs the series, somebody's who is mailed that a case is asked of them. Its form is that of its
    specialty."""
    return service.open_case(call, series_id, body.specialty, body.title, body.presenter_id)


@routes.endpoint(
    "GET", _ALL, who=Who.PERSON, summary="Search the cases of a series", query="CasesQuery", answer="CaseListedView",
    paged=True, errors=(SeriesRoleRefused,),
)  # fmt: skip
def list_cases(call: Call, series_id: str, query: CasesQuery, page: PageRequest) -> Page[SeenCase]:
    """The case bank: what was approved, to all but guests; your own in any state; all to who runs the series or
    reviews. The latest first; a page may be short where few match."""
    return service.list_cases(call, series_id, page, query.state, query.specialty, query.words)


@routes.endpoint(
    "GET", _ONE, who=Who.PERSON, summary="Read a case", answer="SeriesCaseView", etag=True, errors=(SeriesRoleRefused,)
)  # fmt: skip
def read_case(call: Call, series_id: str, case_id: str) -> SeenCase:
    """With what was asked and recommended."""
    return service.read_case(call, series_id, case_id)


@routes.endpoint(
    "PUT", _ONE, who=Who.PERSON, summary="Write a case", body="FormBody", answer="SeriesCaseView", if_match="required",
    errors=(SeriesRoleRefused, CaseNotYours, CaseNotSo, CaseMoved),
)  # fmt: skip
def write_case(call: Call, series_id: str, case_id: str, body: FormBody) -> SeenCase:
    """By its presenter, until it is handed in. `traces` tells what may identify the patient; a name that stands by
    itself is not found so, and each case is read by a person before others see it."""
    return service.write_case(call, series_id, case_id, body.to_model())


@routes.endpoint(
    "POST", _ONE + "/moves", who=Who.PERSON, summary="Move a case on", body="CaseMoveBody", answer="SeriesCaseView",
    idempotent=True, if_match="optional",
    errors=(SeriesRoleRefused, CaseNotYours, CaseNotSo, CaseMoved, CaseIdentifies, SessionMoved),
)  # fmt: skip
def move_case(call: Call, series_id: str, case_id: str, body: CaseMoveBody) -> SeenCase:
    """From the form to what came of it: handed in, reviewed, scheduled, presented in its order, answered in writing
    within the days that the series gives, followed up. Its presenter is mailed of what concerns them."""
    return service.move_case(call, series_id, case_id, body.move, body.to_model())
