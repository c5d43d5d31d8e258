"""Shares of a count: their intervals, and the binomial distribution's tail."""

import math
from statistics import NormalDist

_Z = NormalDist().inv_cdf(0.975)
_HALVINGS = 60


def wilson(yes: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's score (Journal of the American Statistical Association 1927;
    22:209), which stays within 0 and 1.

    Raises
    ------
    ValueError
        If `n` is not positive, or `yes` not within it.
    """
    _require(yes, n)
    share, z2 = yes / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return (0.0 if not yes else middle - half), (1.0 if yes == n else middle + half)


def binomial_tail(at_most: int, n: int, share: float) -> float:
    """Return the probability of `at_most` or fewer of `n`, each with the probability `share`."""
    if share <= 0 or at_most >= n:
        return 1.0
    if share >= 1:
        return 0.0
    chance, other = math.log(share), math.log1p(-share)
    return math.fsum(
        math.exp(_log_choose(n, count) + count * chance + (n - count) * other) for count in range(at_most + 1)
    )


def binomial_interval(yes: int, n: int) -> tuple[float, float]:
    """Return the exact 95 % interval of a share: the shares at which as many, or as few, have 2.5 % (Clopper and
    Pearson, Biometrika 1934; 26:404).

    Raises
    ------
    ValueError
        If `n` is not positive, or `yes` not within it.
    """
    _require(yes, n)
    low = 0.0 if not yes else _share_at(yes - 1, n, 0.975)
    high = 1.0 if yes == n else _share_at(yes, n, 0.025)
    return low, high


def _share_at(at_most: int, n: int, tail: float) -> float:
    """Return the share of which `at_most` or fewer of `n` have a probability; the larger the share, the smaller."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if binomial_tail(at_most, n, middle) > tail else (low, middle)
    return (low + high) / 2


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _require(yes: int, n: int) -> None:
    if n <= 0 or not 0 <= yes <= n:
        raise ValueError(f"{yes} is no count of {n}")
