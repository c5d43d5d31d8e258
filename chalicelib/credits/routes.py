"""Credit over HTTP: activities, claims, statements, and the schemes they are judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.credits.errors import CreditClaimed, NoRuleOfDay, RuleNotAhead, SchemeMoved
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.credits import service
    from chalicelib.credits.assessing import Entry
    from chalicelib.credits.model import Scheme
    from chalicelib.credits.schemas import CreditClaimBody, CreditRuleBody, CreditStatementQuery
    from chalicelib.credits.service import SeenStatement
else:
    service = later("chalicelib.credits.service")

routes = Routes(__name__, "Credit")

_STATEMENTS = "/v1/me/credit-statements"
_RULES = "/v1/organisations/{organisation_id}/credit-rules"


@routes.endpoint(
    "GET", "/v1/me/activities", who=Who.PERSON, summary="List what you took part in or taught",
    answer="ActivityView", paged=True,
)  # fmt: skip
def my_activities(call: Call, page: PageRequest) -> Page[Entry]:
    """Sessions of series and meetings of circles that are closed, and simulations, the latest first."""
    return service.my_activities(call, page)


@routes.endpoint(
    "POST", "/v1/me/credits", who=Who.PERSON, summary="Claim credit", body="CreditClaimBody",
    answer="ActivityView", status=201, idempotent=True, errors=(Invalid, NotFound, CreditClaimed, NoRuleOfDay),
)  # fmt: skip
def claim_credit(call: Call, body: CreditClaimBody) -> Entry:
    """An activity counts under one scheme, once and for good. Your statement says what it comes to."""
    return service.claim(call, body.to_model(), body.scheme)


@routes.endpoint(
    "GET", _STATEMENTS, who=Who.PERSON, summary="Take your credit statements along", file_name="credit.csv",
    text_media_type="text/csv; charset=utf-8",
)  # fmt: skip
def my_credit_statements(call: Call) -> str:
    """All years as a table for spreadsheets: what each activity counts, and why not more. A statement is a record: an
    accredited provider awards credit, not Crossward."""
    return service.statements_table(call)


@routes.endpoint(
    "GET", _STATEMENTS + "/{year}", who=Who.PERSON, summary="Read your credit statement of a year",
    query="CreditStatementQuery", answer="CreditStatementView", plain_path=frozenset({"year"}),
    errors=(NotFound, Invalid),
)  # fmt: skip
def my_credit_statement(call: Call, year: str, query: CreditStatementQuery) -> SeenStatement:
    """What counts, what does not, and why. A statement is a record: an accredited provider awards credit, not
    Crossward."""
    return service.my_statement(call, service.year_of(year), query.scheme)


@routes.endpoint(
    "GET", "/v1/credit-rules", who=Who.PERSON, summary="List the schemes that are known", answer="CreditSchemesView"
)  # fmt: skip
def known_credit_schemes(_call: Call) -> tuple[Scheme, ...]:
    """With the days from which their rules held, and where and when each was read."""
    return service.known_schemes()


@routes.endpoint(
    "GET", _RULES, who=Who.PERSON, summary="List an organisation's schemes", answer="CreditSchemeView", paged=True
)  # fmt: skip
def list_credit_schemes(_call: Call, organisation_id: str, page: PageRequest) -> Page[Scheme]:
    """Under which you can claim what it held. The oldest first."""
    return service.schemes_of(organisation_id, page)


@routes.endpoint(
    "POST", _RULES, who=Who.COORDINATOR, summary="Write a rule of your organisation's scheme",
    body="CreditRuleBody", answer="CreditSchemeView", status=201, idempotent=True,
    errors=(Invalid, RuleNotAhead, SchemeMoved),
)  # fmt: skip
def add_credit_rule(call: Call, organisation_id: str, body: CreditRuleBody) -> Scheme:
    """A new scheme, or a further rule of one. Rules stay as they are: what was on a day is judged by the rule of that
    day."""
    return service.add_rule(call, organisation_id, body.to_model())
