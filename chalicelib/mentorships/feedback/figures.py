"""What a number of answers from 1 to 5 comes to: mean, spread, and how far off the mean may be."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

_Z = 1.959963984540054


@dataclass(frozen=True)
class Figures:
    """Attributes
    ----------
    sd
        The standard deviation of a sample; None of fewer than two.
    low, high
        The 95 % interval of the mean by Student's t, cut to what a mean can be. It takes answers for numbers and people
        for a sample of those who might have answered, not of those who did not.
    """

    n: int
    mean: float
    sd: float | None = None
    low: float | None = None
    high: float | None = None


def figures(counts: Mapping[int, int], lowest: int, highest: int) -> Figures:
    """Return what counts of values, from `lowest` to `highest`, come to.

    Raises
    ------
    ValueError
        If there are none.
    """
    n = sum(counts.values())
    if not n:
        raise ValueError("there is nothing to count")
    mean = sum(value * count for value, count in counts.items()) / n
    if n < 2:
        return Figures(n, round(mean, 4))
    sd = math.sqrt(sum(count * (value - mean) ** 2 for value, count in counts.items()) / (n - 1))
    half = student(n - 1) * sd / math.sqrt(n)
    low, high = max(float(lowest), mean - half), min(float(highest), mean + half)
    return Figures(n, round(mean, 4), round(sd, 4), round(low, 4), round(high, 4))


def student(freedom: int) -> float:
    """Return the 97.5 % point of Student's t, right to a thousandth from four degrees of freedom on.

    By its expansion around the normal distribution's (Abramowitz and Stegun, Handbook of Mathematical Functions, 1964,
    26.7.5); a group of five has four.
    """
    z, terms = _Z, 0.0
    terms += (z**3 + z) / 4 / freedom
    terms += (5 * z**5 + 16 * z**3 + 3 * z) / 96 / freedom**2
    terms += (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384 / freedom**3
    terms += (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160 / freedom**4
    return z + terms
