"""Portfolios in the certificates table, in their holder's partition; what is in one lies in files alone."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.certificates.portfolios.errors import PortfolioMovedOn, TooManyPortfolios
from chalicelib.certificates.portfolios.model import MAX_A_DAY, Choice, Portfolio, Reflections, Status
from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform import tables
from chalicelib.platform.tables import Write

PREFIX = "portfolios/"


class PortfolioRow(tables.Row):
    class Meta:
        capability = "certificates"

    choice = JSONAttribute()
    status = UnicodeAttribute()
    holder_name = UnicodeAttribute(null=True)
    locale = UnicodeAttribute(null=True)
    digest = UnicodeAttribute(null=True)
    size = NumberAttribute()
    proof = UnicodeAttribute(null=True)
    signed_at = UnicodeAttribute(null=True)
    ready_at = UnicodeAttribute(null=True)


class DayRow(tables.Row):
    """How many portfolios somebody had made on a day (UTC)."""

    class Meta:
        capability = "certificates"

    made = NumberAttribute()


def portfolio_key(holder_id: str, portfolio_id: str) -> tuple[type[PortfolioRow], str, str]:
    """Return the key of a portfolio for `tables.get_many`."""
    return PortfolioRow, f"PERSON#{holder_id}", f"PORTFOLIO#{portfolio_id}"


def get_portfolio(holder_id: str, portfolio_id: str) -> Portfolio | None:
    row = tables.get(*portfolio_key(holder_id, portfolio_id))
    return portfolio_of(row) if row else None


def portfolios_of(holder_id: str, page: PageRequest) -> Page[Portfolio]:
    """Return a person's portfolios, the latest first."""
    return tables.page_of(
        PortfolioRow, f"PERSON#{holder_id}", page, portfolio_of, begins_with="PORTFOLIO#", descending=True
    )


def put_portfolio(portfolio: Portfolio, now: datetime) -> Write:
    """Return the write of a portfolio, new or over the version read; its conflict is `PortfolioMovedOn`."""
    row_class, pk, sk = portfolio_key(portfolio.holder_id, portfolio.id)
    row = row_class(
        pk, sk, choice=asdict(portfolio.choice), status=portfolio.status.value,
        holder_name=portfolio.holder_name or None, locale=portfolio.locale or None,
        digest=portfolio.digest or None, size=portfolio.size, proof=portfolio.proof,
        signed_at=text_of(portfolio.signed_at), ready_at=text_of(portfolio.ready_at),
        **tables.stamps(to_text(now), to_text(portfolio.ordered_at), portfolio.version),
    )  # fmt: skip
    return tables.put(row, conflict=PortfolioMovedOn("Another worker has done this step."))


def count_new(holder_id: str, now: datetime) -> Write:
    """Count one portfolio more on this day, if there may be; its conflict is `TooManyPortfolios`."""
    room: Any = DayRow.pk.does_not_exist() | (DayRow.made < MAX_A_DAY)
    first = DayRow.created_at.set(DayRow.created_at | to_text(now))
    return tables.update(
        DayRow, f"PERSON#{holder_id}", f"PORTFOLIOS#{now:%Y-%m-%d}", [first, DayRow.made.add(1)], condition=room,
        now=to_text(now), conflict=TooManyPortfolios(f"{MAX_A_DAY} a day are enough. Use the last, or wait."),
    )  # fmt: skip


def portfolio_of(row: PortfolioRow) -> Portfolio:
    chosen = dict(row.choice)
    ids = chosen.pop("mentorship_ids")
    choice = Choice(
        **{
            **chosen,
            "reflections": Reflections(chosen["reflections"]),
            "left_out": tuple(chosen["left_out"]),
        },
        mentorship_ids=tuple(ids) if ids is not None else None,
    )
    return Portfolio(
        id=row.sk.removeprefix("PORTFOLIO#"),
        holder_id=row.pk.removeprefix("PERSON#"),
        choice=choice,
        status=Status(row.status),
        ordered_at=from_text(row.created_at),
        holder_name=row.holder_name or "",
        locale=row.locale or "",
        digest=row.digest or "",
        size=int(row.size),
        proof=row.proof,
        signed_at=instant_of(row.signed_at),
        ready_at=instant_of(row.ready_at),
        version=int(row.version),
    )


def content_key(portfolio: Portfolio) -> str:
    """Return where what is in a portfolio lies: under its digest, so that what was signed is never written over."""
    return f"{PREFIX}{portfolio.holder_id}/{portfolio.id}/{portfolio.digest}.json"


def file_key(portfolio: Portfolio, form: str) -> str:
    """Return where a portfolio's file of a form (`json`, `html`) lies."""
    return f"{PREFIX}{portfolio.holder_id}/{portfolio.id}.{form}"


def audit(portfolio: Portfolio, **what: Any) -> Write:
    """Return the write of an audit row of a portfolio; see `tables.audit`."""
    return tables.audit("certificates", f"PORTFOLIO#{portfolio.id}", **what)
