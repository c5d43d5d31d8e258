"""Ratings on the wire."""

from typing import Annotated, Self

from pydantic import Field

from chalicelib.platform.web.shapes import Answer, Body, Instant, instant
from chalicelib.simulations.ratings.model import HIGHEST, LOWEST, RatingDomain
from chalicelib.simulations.ratings.service import SeenRating

Score = Annotated[int, Field(ge=LOWEST, le=HIGHEST)]


class SimulationRatingBody(Body):
    """Each domain from 1, the lowest, to 5. It is given once."""

    history: Score
    examination: Score
    investigations: Score
    interpretation: Score
    judgement: Score
    management: Score

    def to_model(self) -> dict[RatingDomain, int]:
        return {name: getattr(self, name.value) for name in RatingDomain}


class DomainScoreView(Answer):
    domain: RatingDomain
    score: float


class SimulationRatingView(Answer):
    """To a rater their own rating alone; to the participant, from the debrief on, what came of all."""

    scores: Annotated[tuple[DomainScoreView, ...], Field(description="Yours; empty where you gave none")]
    rated_at: Instant | None
    is_wanted: Annotated[
        bool,
        Field(
            description="Whether it waits for your rating: as the first, the second, or a third as two are far apart. "
            "False once you have rated, whatever the others gave"
        ),
    ]
    final: Annotated[
        tuple[DomainScoreView, ...] | None,
        Field(
            description="The mean of two raters; the median of three in a domain where the two were 2 points apart or "
            "more. Null until it is settled, and to raters"
        ),
    ]

    @classmethod
    def of(cls, seen: SeenRating) -> Self:
        final = seen.rated.final() if seen.shows_final else None
        own = seen.own.scores if seen.own else {}
        return cls(
            scores=tuple(DomainScoreView(domain=name, score=score) for name, score in own.items()),
            rated_at=instant(seen.own.at if seen.own else None),
            is_wanted=seen.own is None and not seen.rated.is_settled,
            final=tuple(DomainScoreView(domain=name, score=score) for name, score in final.items())
            if final
            else None,
        )
