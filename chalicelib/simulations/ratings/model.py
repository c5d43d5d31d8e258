"""Ratings of what a participant did in a case: six domains, two raters who do not see each other's, a third where they
are far apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import median

from chalicelib.measures.agreement import Agreement, agreement
from chalicelib.simulations.errors import RatedBefore, RatedEnough

LOWEST, HIGHEST = 1, 5
FAR_APART = 2
"""So many points between two raters of a domain call for a third."""


class RatingDomain(StrEnum):
    HISTORY = "history"
    EXAMINATION = "examination"
    INVESTIGATIONS = "investigations"
    INTERPRETATION = "interpretation"
    JUDGEMENT = "judgement"
    MANAGEMENT = "management"


@dataclass(frozen=True)
class Rating:
    """What one rater gave, each domain from 1 to 5."""

    rater_id: str
    at: datetime
    scores: Mapping[RatingDomain, int]


@dataclass(frozen=True)
class Rated:
    """All ratings of one chat, in the order in which they came."""

    simulation_id: str
    round: int
    participant_id: str
    ratings: tuple[Rating, ...] = ()
    version: int | None = None

    def by(self, rater_id: str) -> Rating | None:
        return next((one for one in self.ratings if one.rater_id == rater_id), None)

    @property
    def disputed(self) -> tuple[RatingDomain, ...]:
        """The domains in which the first two are far apart."""
        if len(self.ratings) < 2:
            return ()
        one, other = self.ratings[:2]
        return tuple(name for name in RatingDomain if abs(one.scores[name] - other.scores[name]) >= FAR_APART)

    @property
    def is_settled(self) -> bool:
        """Whether no more raters are needed."""
        return len(self.ratings) >= 2 + bool(self.disputed)

    def final(self) -> dict[RatingDomain, float] | None:
        """Return the mean of two raters, and the median of three where the two are far apart; None until settled."""
        if not self.is_settled:
            return None
        given = {name: [one.scores[name] for one in self.ratings] for name in RatingDomain}
        return {
            name: float(median(given[name])) if name in self.disputed else sum(given[name][:2]) / 2
            for name in RatingDomain
        }


def rated(before: Rated, rating: Rating) -> Rated:
    """Add a rating; raises `RatedBefore`, `RatedEnough`."""
    if before.by(rating.rater_id):
        raise RatedBefore("A rating stays as it was given.")
    if before.is_settled:
        raise RatedEnough(
            "A third rater has settled it."
            if before.disputed
            else "Two raters agree within one point on each domain."
        )
    return Rated(
        before.simulation_id, before.round, before.participant_id, (*before.ratings, rating), before.version
    )


def agreements(all_rated: Sequence[Rated]) -> dict[RatingDomain, Agreement]:
    """Return how far the first two raters agree in each domain, by quadratically weighted kappa; empty for no pairs."""
    pairs = [one.ratings[:2] for one in all_rated if len(one.ratings) >= 2]
    if not pairs:
        return {}
    return {
        name: agreement([(one.scores[name], other.scores[name]) for one, other in pairs], LOWEST, HIGHEST)
        for name in RatingDomain
    }
