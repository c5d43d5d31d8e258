"""A mentor's badges on the wire, as those read them who are to meet the mentor."""

from dataclasses import asdict
from typing import Annotated, Self

from pydantic import Field

from chalicelib.credentials.badge_words import meaning
from chalicelib.people.model import Badge
from chalicelib.platform.web.shapes import Answer, Instant, instant


class BadgeView(Answer):
    """What was verified of somebody, by whom and until when; never the number or the document."""

    kind: Annotated[str, Field(examples=["licence"])]
    authority: Annotated[str, Field(description="Who issued it")]
    country: Annotated[str, Field(description="Of the authority; it may be no licence to practise elsewhere")]
    organisation_id: str
    organisation: Annotated[str, Field(description="Whose reviewers verified it, as it was called then")]
    verified_at: Instant
    until: Annotated[Instant, Field(description="Up to when it counts; then it is gone from here")]
    profession: Annotated[str | None, Field(description="ISCO-08, as which its person was verified")]
    meaning: Annotated[
        str, Field(description="What it is worth at home and in your country, in your account's language")
    ]

    @classmethod
    def of(cls, badge: Badge, locale: str, country: str | None) -> Self:
        """Return a badge as it reads for somebody of a country (alpha-2; None if not known)."""
        shown = asdict(badge)
        shown |= {"verified_at": instant(badge.verified_at), "until": instant(badge.until)}
        del shown["licenses"], shown["part"]
        return cls.model_validate({**shown, "meaning": meaning(badge, locale, country)})
