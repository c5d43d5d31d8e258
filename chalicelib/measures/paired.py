"""Whether people differ after from before: tests of paired answers that hold for few, and how large the difference is.

Answers here are steps of a scale and small groups are the rule, so the p-values are exact: of all the ways in which the
signs could have fallen, ties and all. The tests of this module are compared with SciPy's, which does not ship.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from statistics import NormalDist

from chalicelib.measures.proportions import binomial_interval, binomial_tail, wilson

EXACT_UP_TO = 100
"""Of how many differences every fall of the signs is counted, in some tens of milliseconds; above, the normal
distribution is right to more digits than anybody reads."""
_NORMAL = NormalDist()
_Z = _NORMAL.inv_cdf(0.975)


@dataclass(frozen=True)
class SignedRank:
    """Wilcoxon's signed-rank test of differences, after minus before.

    Attributes
    ----------
    n
        Pairs with both answers.
    rose, fell, same
        How many of them went which way.
    rank_sum_up, rank_sum_down
        The sums of the ranks of the rises and of the falls; whoever stayed the same has no rank.
    p
        Two-sided; 1 where nobody moved.
    is_exact
        Whether it was counted, or is by the normal distribution, with ties corrected for.
    rank_biserial
        The effect size, from -1 to 1: (rank_sum_up - rank_sum_down) / their sum (Kerby, Comprehensive Psychology 2014;
        3:11.IT.3.1); 0 where nobody moved.
    shift, low, high
        The Hodges-Lehmann estimate of the difference, the median of the means of all pairs of differences, and its
        interval of at least 95 % (Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3rd ed. 2014, 3.2
        and 3.3), in steps of the scale. `low` and `high` are None where there are too few to give one.
    """

    n: int
    rose: int
    fell: int
    same: int
    rank_sum_up: float
    rank_sum_down: float
    p: float
    is_exact: bool
    rank_biserial: float
    shift: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Discordance:
    """McNemar's test of yes and no, before and after: exact, from those who changed alone.

    Attributes
    ----------
    n
        Pairs with both answers.
    gained, lost
        How many changed from no to yes, and from yes to no.
    p
        Two-sided, of the binomial distribution with one half; 1 where nobody changed.
    odds_ratio, ratio_low, ratio_high
        gained / lost, and its exact 95 % interval, by Clopper and Pearson's of the share gained (Biometrika 1934;
        26:404). None stands for infinity, and for all three where nobody changed.
    difference, low, high
        The share of yes after minus before, and its 95 % interval by Newcombe's method 10 (Statistics in Medicine 1998;
        17:2635).
    """

    n: int
    gained: int
    lost: int
    p: float
    odds_ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    difference: float
    low: float
    high: float


def signed_rank(differences: Sequence[float]) -> SignedRank:
    """Return Wilcoxon's test of the differences of pairs.

    Raises
    ------
    ValueError
        If there are none.
    """
    if not differences:
        raise ValueError("there is no pair to compare")
    moved = sorted((one for one in differences if one), key=abs)
    doubled = _doubled_ranks([abs(one) for one in moved])
    up = sum(rank for rank, one in zip(doubled, moved, strict=True) if one > 0)
    down = sum(doubled) - up
    is_exact = len(moved) <= EXACT_UP_TO
    ways = _ways(doubled) if is_exact else []
    p = _counted(ways, min(up, down)) if is_exact else _approximated(doubled, min(up, down))
    shift, low, high = _shift(differences)
    return SignedRank(
        len(differences), sum(one > 0 for one in moved), sum(one < 0 for one in moved),
        len(differences) - len(moved), up / 2, down / 2, p, is_exact, (up - down) / (up + down) if moved else 0.0,
        shift, low, high,
    )  # fmt: skip


def discordance(both: int, lost: int, gained: int, neither: int) -> Discordance:
    """Return McNemar's test of a table of pairs.

    Parameters
    ----------
    both, lost, gained, neither
        How many said yes twice, yes then no, no then yes, no twice.

    Raises
    ------
    ValueError
        If a count is negative, or all are nothing.
    """
    n = both + lost + gained + neither
    if min(both, lost, gained, neither) < 0 or not n:
        raise ValueError("there is no pair to compare")
    changed = gained + lost
    p = min(1.0, 2 * binomial_tail(min(gained, lost), changed, 0.5))
    low, high = _paired_difference(both, gained, lost, neither)
    if not changed:
        return Discordance(n, 0, 0, 1.0, None, None, None, 0.0, low, high)
    least, most = binomial_interval(gained, changed)
    return Discordance(
        n, gained, lost, p, _odds(gained / changed), _odds(least), _odds(most), (gained - lost) / n, low, high
    )


def _odds(share: float) -> float | None:
    return share / (1 - share) if share < 1 else None


def _doubled_ranks(sizes: Sequence[float]) -> list[int]:
    """Return twice the rank of each of some rising sizes: those that are equal share the mean of theirs, a half at
    times."""
    doubled: list[int] = []
    for _, equal in groupby(sizes):
        count = len(list(equal))
        doubled += [2 * len(doubled) + count + 1] * count
    return doubled


def _ways(doubled: Sequence[int]) -> list[int]:
    """Return in how many of all falls of the signs the ranks of one sign sum to each doubled sum."""
    ways = [1]
    for rank in doubled:
        ways = [
            (ways[total] if total < len(ways) else 0) + (ways[total - rank] if total >= rank else 0)
            for total in range(len(ways) + rank)
        ]
    return ways


def _counted(ways: Sequence[int], smaller: int) -> float:
    """Return the two-sided p of the smaller doubled sum: the distribution is symmetric, ties or not."""
    return min(1.0, 2 * sum(ways[: smaller + 1]) / sum(ways))


def _approximated(doubled: Sequence[int], smaller: int) -> float:
    """Return the same by the normal distribution: each sign adds its rank's quarter square to the variance, whatever
    is tied."""
    mean, spread = sum(doubled) / 2, math.sqrt(sum(rank * rank for rank in doubled)) / 2
    return min(1.0, 2 * _NORMAL.cdf((smaller - mean) / spread))


def _shift(differences: Sequence[float]) -> tuple[float, float | None, float | None]:
    """Return the median of the means of all pairs, each with itself too, and the ends of its interval."""
    n = len(differences)
    means = sorted((differences[i] + differences[j]) / 2 for i in range(n) for j in range(i, n))
    middle = len(means) // 2
    shift = means[middle] if len(means) % 2 else (means[middle - 1] + means[middle]) / 2
    cut = _cut(n)
    return (shift, means[cut], means[-1 - cut]) if cut is not None else (shift, None, None)


def _cut(n: int) -> int | None:
    """Return how many means are cut off at each end of an interval of 95 %; None where even none is too many."""
    if n > EXACT_UP_TO:
        return math.floor(n * (n + 1) / 4 - _Z * math.sqrt(n * (n + 1) * (2 * n + 1) / 24))
    ways = _ways(range(1, n + 1))
    within = sum(1 for total in accumulate(ways) if total / 2**n <= 0.025)
    return within - 1 if within else None


def _paired_difference(both: int, gained: int, lost: int, neither: int) -> tuple[float, float]:
    """Return Newcombe's interval: Wilson's of each share, less what the two answers have in common."""
    n = both + gained + lost + neither
    after, before = both + gained, both + lost
    (low_after, high_after), (low_before, high_before) = wilson(after, n), wilson(before, n)
    share_after, share_before = after / n, before / n
    margins = after * (n - after) * before * (n - before)
    crossed = both * neither - gained * lost
    # Corrected for continuity where the answers go together, and not where they go apart.
    corrected = max(crossed - n / 2, 0) if crossed > 0 else crossed
    phi = corrected / math.sqrt(margins) if margins else 0.0

    def reach(one: float, other: float) -> float:
        return math.sqrt(max(0.0, one * one - 2 * phi * one * other + other * other))

    difference = share_after - share_before
    return (
        difference - reach(share_after - low_after, high_before - share_before),
        difference + reach(high_after - share_after, share_before - low_before),
    )
