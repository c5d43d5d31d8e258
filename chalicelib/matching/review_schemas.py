"""The pairs of a run on the wire, and their review."""

from typing import Annotated, Self

from pydantic import Field

from chalicelib.matching.model import MAX_ROUNDS
from chalicelib.matching.name_views import PersonName, name_view
from chalicelib.matching.pair_schemas import (
    ContributionView,
    EvidenceInWordsView,
    Millionths,
    OverlapView,
    SharedLanguageView,
    contribution_views,
    language_views,
)
from chalicelib.matching.review import NamedPair, PairReview
from chalicelib.matching.wording import Audience, Reader
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Query


class PairView(Answer):
    """A pair with its explanation; the points add up to the score."""

    mentee: PersonName
    mentor: PersonName
    score: Millionths
    contributions: list[ContributionView]
    shared_languages: list[SharedLanguageView]
    overlap: OverlapView
    evidence: EvidenceInWordsView
    round: Annotated[int, Field(description="Which round of the run it comes from")]
    changed: Annotated[bool, Field(description="Whether a coordinator changed this mentee's pair")]

    @classmethod
    def of(cls, named: NamedPair) -> Self:
        pair = named.pair
        return cls(
            mentee=name_view(pair.mentee_id, named.mentee),
            mentor=name_view(pair.mentor_id, named.mentor),
            score=pair.score,
            contributions=contribution_views(pair.contributions),
            shared_languages=language_views(pair),
            overlap=OverlapView.of(pair.overlap),
            evidence=EvidenceInWordsView.of(pair, Reader(Audience.COORDINATOR, named.locale)),
            round=pair.round,
            changed=named.changed,
        )


class PairQuery(Query):
    round: Annotated[
        int,
        Field(
            ge=1, le=MAX_ROUNDS, description="Which of the mentee's pairs, where the settings make several"
        ),
    ] = 1


class PairReviewView(Answer):
    mentee_id: str
    round: int
    mentor_id: Annotated[str | None, Field(description="As the pairs stand; null for no pair")]
    options: Annotated[
        list[PairView], Field(description="Whom the mentee can have in this round, the best first")
    ]

    @classmethod
    def of(cls, review: PairReview) -> Self:
        return cls(
            mentee_id=review.slot.mentee_id, round=review.slot.round, mentor_id=review.mentor_id,
            options=[PairView.of(one) for one in review.options],
        )  # fmt: skip


class PairChange(Body):
    mentor_id: Identifier
