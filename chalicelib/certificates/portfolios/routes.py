"""Portfolios over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.certificates.portfolios.errors import TooManyPortfolios
from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.certificates.portfolios import service
    from chalicelib.certificates.portfolios.checking import Report
    from chalicelib.certificates.portfolios.schemas import PortfolioBody, PortfolioCheckBody
    from chalicelib.certificates.portfolios.service import SeenPortfolio
else:
    service = later("chalicelib.certificates.portfolios.service")

routes = Routes(__name__, "Portfolios")


@routes.endpoint(
    "POST", "/v1/me/portfolios", who=Who.PERSON, summary="Have your portfolio made", body="PortfolioBody",
    answer="PortfolioView", status=201, idempotent=True, errors=(TooManyPortfolios,),
)  # fmt: skip
def order_portfolio(call: Call, body: PortfolioBody) -> SeenPortfolio:
    """Of all your mentorships or some, with what you choose. It is written and signed within a minute, and kept for
    seven days. Ten a day."""
    return service.order(call, body.to_model())


@routes.endpoint(
    "GET", "/v1/me/portfolios", who=Who.PERSON, summary="List your portfolios", answer="PortfolioView", paged=True,
)  # fmt: skip
def my_portfolios(call: Call, page: PageRequest) -> Page[SeenPortfolio]:
    """The latest first."""
    return service.my_portfolios(call, page)


@routes.endpoint(
    "GET", "/v1/me/portfolios/{portfolio_id}", who=Who.PERSON, summary="Read how far a portfolio is",
    answer="PortfolioView",
)  # fmt: skip
def read_portfolio(call: Call, portfolio_id: str) -> SeenPortfolio:
    """With links to its files for five minutes: one to hand on, signed, and one to read and to print."""
    return service.read(call, portfolio_id)


@routes.endpoint(
    "POST", "/v1/portfolio-checks", who=Who.PERSON, summary="Verify somebody's portfolio", body="PortfolioCheckBody",
    answer="PortfolioCheckView",
)  # fmt: skip
def check_portfolio(call: Call, body: PortfolioCheckBody) -> Report:
    """One of this installation, or of another whose issuer's document you bring. Nothing is fetched or kept, and no key
    is believed that stands in the file. `python -m chalicelib.certificates.portfolios verify` does the same offline."""
    return service.check(call, body.file, body.issuer)
