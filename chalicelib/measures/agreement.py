"""How far two raters agree, beyond what chance would give."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

_Z = NormalDist().inv_cdf(0.975)


class Weights(StrEnum):
    """How much a disagreement counts: by the steps between the two ratings, by their square, or all alike."""

    LINEAR = "linear"
    QUADRATIC = "quadratic"
    NONE = "none"


@dataclass(frozen=True)
class Agreement:
    """Attributes
    ----------
    n
        Things that both have rated.
    same
        The share rated alike.
    kappa
        Cohen's weighted kappa (Psychological Bulletin 1968; 70:213), 1 at most. None where both gave the same single
        rating throughout: chance alone would agree.
    low, high
        Its 95 % interval by the large-sample standard error of Fleiss, Cohen and Everitt (Psychological Bulletin 1969;
        72:323), cut to -1 and 1. Of few things it is too narrow.
    """

    n: int
    same: float
    kappa: float | None
    low: float | None
    high: float | None


def agreement(
    ratings: Sequence[tuple[int, int]], lowest: int, highest: int, weights: Weights = Weights.QUADRATIC
) -> Agreement:
    """Return how far two raters agree on things that both have rated.

    Parameters
    ----------
    ratings
        Of each thing the one's and the other's, from `lowest` to `highest`.

    Raises
    ------
    ValueError
        If there are none, or one is off the scale.
    """
    if not ratings or not all(lowest <= value <= highest for pair in ratings for value in pair):
        raise ValueError(f"ratings from {lowest} to {highest} are needed")
    n, scale = len(ratings), range(lowest, highest + 1)
    cells = {pair: count / n for pair, count in Counter(ratings).items()}
    rows = {value: sum(share for (one, _), share in cells.items() if one == value) for value in scale}
    columns = {value: sum(share for (_, other), share in cells.items() if other == value) for value in scale}

    def weight(one: int, other: int) -> float:
        """Return how far two ratings agree: 1 for the same, 0 for the two ends of the scale."""
        steps = abs(one - other) / (highest - lowest) if highest > lowest else 0.0
        return {
            Weights.LINEAR: 1 - steps, Weights.QUADRATIC: 1 - steps * steps, Weights.NONE: float(one == other),
        }[weights]  # fmt: skip

    observed = sum(share * weight(*pair) for pair, share in cells.items())
    expected = sum(rows[one] * columns[other] * weight(one, other) for one in scale for other in scale)
    same = sum(share for (one, other), share in cells.items() if one == other)
    if math.isclose(expected, 1):
        return Agreement(n, same, None, None, None)
    kappa = (observed - expected) / (1 - expected)
    of_row = {one: sum(columns[other] * weight(one, other) for other in scale) for one in scale}
    of_column = {other: sum(rows[one] * weight(one, other) for one in scale) for other in scale}
    spread = (
        sum(
            share
            * (weight(one, other) * (1 - expected) - (of_row[one] + of_column[other]) * (1 - observed)) ** 2
            for (one, other), share in cells.items()
        )
        - (observed * expected - 2 * expected + observed) ** 2
    )
    error = math.sqrt(max(0.0, spread) / n) / (1 - expected) ** 2
    return Agreement(n, same, kappa, max(-1.0, kappa - _Z * error), min(1.0, kappa + _Z * error))
