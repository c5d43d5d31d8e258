"""Portfolios: having one made, where its files are, and whether somebody's is genuine. `composing.py` writes them."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.certificates.portfolios import store
from chalicelib.certificates.portfolios.checking import Report, verify
from chalicelib.certificates.portfolios.model import LINK_SECONDS, Choice, Portfolio, Status
from chalicelib.kernel.call import Call, written
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform import documents, outbox
from chalicelib.platform.commit import commit
from chalicelib.platform.outbox import Topic
from chalicelib.platform.tables import Write

ORDERED = "portfolio-ordered"
"""News that a portfolio is to be written: `holder_id`, `portfolio_id`."""
SIGNED = "portfolio-signed"
"""News that its statement is signed, of the same payload."""
SIGN = "sign-portfolio"
"""The message of a portfolio whose statement is to be signed, of the same payload."""


@dataclass(frozen=True)
class Links:
    """Links to a portfolio's files, for `expires_in` seconds."""

    file: str
    page: str
    expires_in: int = LINK_SECONDS


@dataclass(frozen=True)
class SeenPortfolio:
    """A portfolio as its holder sees it at an instant; with links where there are files and one is asked for."""

    portfolio: Portfolio
    has_files: bool
    links: Links | None = None


def order(call: Call, choice: Choice) -> SeenPortfolio:
    """Have a portfolio of the actor's made; workers do it within a minute.

    Raises
    ------
    TooManyPortfolios
    """
    portfolio = Portfolio(call.new_id(), call.actor_id, choice, Status.ORDERED, call.now)
    writes = [
        store.count_new(call.actor_id, call.now),
        store.put_portfolio(portfolio, call.now),
        news(portfolio, ORDERED, Topic.FOLLOW_UP, call.now),
        store.audit(
            portfolio, row_id=call.new_id(), at=call.now, actor=call.actor_id, action="order",
            after=Status.ORDERED,
        ),
    ]  # fmt: skip
    return commit(call, writes, _seen(written(portfolio), call.now))


def my_portfolios(call: Call, page: PageRequest) -> Page[SeenPortfolio]:
    """Return the actor's portfolios, the latest first."""
    found = store.portfolios_of(call.actor_id, page)
    return Page(tuple(_seen(one, call.now) for one in found.items), found.next)


def read(call: Call, portfolio_id: str) -> SeenPortfolio:
    """Return one of the actor's portfolios, with links to its files while they are kept."""
    found = store.get_portfolio(call.actor_id, portfolio_id)
    if found is None:
        raise NotFound
    seen = _seen(found, call.now)
    if not seen.has_files:
        return seen
    file, page = (
        documents.presigned_download(
            store.file_key(found, form), file_name=f"portfolio-{found.id}.{form}", expires_in=LINK_SECONDS
        )
        for form in ("json", "html")
    )
    return SeenPortfolio(found, True, Links(file, page))


def check(call: Call, text: str, issuer_document: str | None) -> Report:
    """Tell whether a portfolio is genuine: issued by this installation, or by the issuer whose document is given.

    Nothing is fetched, and no key is taken from the file: who asks brings the document from an address they trust.

    Raises
    ------
    Invalid
        If the document is none.
    """
    from chalicelib.certificates import issuer as issuers
    from chalicelib.certificates import service as certificates
    from chalicelib.certificates.jws import Unreadable

    try:
        known = issuers.read(issuer_document or certificates.issuer_document())
    except Unreadable as error:
        raise Invalid.field("/issuer", str(error)) from error
    return verify(text, known, call.now)


def news(portfolio: Portfolio, kind: str, topic: Topic, now: datetime) -> Write:
    """Return the write of a message about a portfolio."""
    payload = {"holder_id": portfolio.holder_id, "portfolio_id": portfolio.id}
    return outbox.message(f"{kind}:{portfolio.id}", topic, kind, payload, now=now)


def _seen(portfolio: Portfolio, now: datetime) -> SeenPortfolio:
    return SeenPortfolio(portfolio, portfolio.has_files(now))
