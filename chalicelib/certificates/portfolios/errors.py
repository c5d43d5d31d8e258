"""Why something cannot be done with a portfolio: one class a reason."""

from chalicelib.kernel.errors import Conflict


class PortfolioMovedOn(Conflict):
    """Another worker has done this step."""

    code = "portfolio-moved-on"


class TooManyPortfolios(Conflict):
    code = "too-many-portfolios"
    title = "You have had as many portfolios made as there may be in a day"
