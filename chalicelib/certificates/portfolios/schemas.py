"""Portfolios on the wire."""

from typing import Annotated, Self

from pydantic import Field

from chalicelib.certificates.checking import Verdict
from chalicelib.certificates.portfolios.checking import Check, Report
from chalicelib.certificates.portfolios.model import (
    KEEP,
    MAX_LEFT_OUT,
    MAX_MENTORSHIPS,
    Choice,
    Reflections,
    Status,
)
from chalicelib.certificates.portfolios.service import Links, SeenPortfolio
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, instant

_MAX_FILE = 200_000


class PortfolioBody(Body):
    """What goes in. Of the other of each pair it has role, profession and country, and never a name."""

    goals: bool = True
    sessions: Annotated[bool, Field(description="Their days and minutes, and nothing of what was said")] = (
        True
    )
    introductions: bool = True
    activities: Annotated[bool, Field(description="Series and circles attended, and simulations played")] = (
        True
    )
    certificates: Annotated[bool, Field(description="With their signed files")] = True
    reflections: Annotated[
        Reflections,
        Field(description="Your own: none, final ones, or all; also those that you share with nobody"),
    ] = Reflections.NONE
    mentorship_ids: Annotated[
        tuple[Identifier, ...] | None, Field(max_length=MAX_MENTORSHIPS, description="null is all of them")
    ] = None
    left_out: Annotated[
        tuple[Identifier, ...],
        Field(max_length=MAX_LEFT_OUT, description="Goals and reflections to leave out"),
    ] = ()

    def to_model(self) -> Choice:
        return Choice(
            self.goals, self.sessions, self.introductions, self.certificates, self.reflections,
            self.mentorship_ids, self.left_out, self.activities,
        )  # fmt: skip


class PortfolioLinksView(Answer):
    file: Annotated[str, Field(description="The signed file, to hand on and to verify")]
    page: Annotated[str, Field(description="The same to read and to print (HTML)")]
    expires_in: Annotated[int, Field(description="Seconds")]

    @classmethod
    def of_links(cls, links: Links) -> Self:
        return cls(file=links.file, page=links.page, expires_in=links.expires_in)


class PortfolioView(Answer):
    id: str
    status: Annotated[Status, Field(description="`ready` within a minute; `too_large`: choose less")]
    bytes: Annotated[int, Field(description="Of what is in it")]
    ordered_at: Instant
    issued_at: Instant | None
    kept_until: Annotated[Instant | None, Field(description="Up to when its files can be fetched")]
    links: Annotated[
        PortfolioLinksView | None, Field(description="Where it is read by itself and there are files")
    ]

    @classmethod
    def of(cls, seen: SeenPortfolio) -> Self:
        one = seen.portfolio
        return cls(
            id=one.id, status=one.status, bytes=one.size, ordered_at=instant(one.ordered_at),
            issued_at=instant(one.signed_at), kept_until=instant(one.ready_at + KEEP if one.ready_at else None),
            links=PortfolioLinksView.of_links(seen.links) if seen.links else None,
        )  # fmt: skip


class PortfolioCheckBody(Body):
    file: Annotated[
        str, Field(max_length=_MAX_FILE, description="The text of the file. Longer ones: verify offline")
    ]
    issuer: Annotated[
        str | None,
        Field(
            max_length=20_000,
            description="The issuer's document (`/v1/certificate-issuer` there), which you fetched from an address "
            "that you trust; null for one of this installation's",
        ),
    ] = None


class PortfolioFindingView(Answer):
    check: Check
    verdict: Verdict


class PortfolioCheckView(Answer):
    """Verified: issued by `issuer` at `issued_at` to `holder`; all null where it is not genuine."""

    genuine: bool
    issuer: str | None
    issued_at: Instant | None
    holder: str | None
    findings: tuple[PortfolioFindingView, ...]

    @classmethod
    def of(cls, report: Report) -> Self:
        findings = tuple(
            PortfolioFindingView(check=one.check, verdict=one.verdict) for one in report.findings
        )
        return cls(
            genuine=report.is_genuine, issuer=report.issuer, issued_at=instant(report.issued_at),
            holder=report.holder, findings=findings,
        )  # fmt: skip
