"""Pairs whose outcomes follow weights that the test knows."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from chalicelib.matching.lessons import Example
from chalicelib.matching.model import CRITERIA, Criterion


def examples(
    seed: int,
    number: int,
    effects: Mapping[Criterion, float],
    *,
    intercept: float = -0.5,
    shared: float = 0.3,
    ratings: Mapping[Criterion, float] | None = None,
    rated: float = 0.7,
    cuts: Sequence[float] = (),
) -> list[Example]:
    """Return seeded examples with the given log odds from value 0 to value 1; criteria have `shared` in common.

    Parameters
    ----------
    ratings
        Log odds of a higher rating among good pairs; none are rated without.
    rated
        Which share of the good rates.
    cuts
        Log odds of a rating above 1, above 2, … of a good pair of middling values, falling; with them the ratings
        follow the ladder of which `effects` and `intercept` are the first step, and `ratings` is not looked at.
    """
    rng = np.random.default_rng(seed)
    own = rng.normal(size=(number, len(CRITERIA)))
    common = rng.normal(size=(number, 1))
    values = 1 / (1 + np.exp(-(np.sqrt(1 - shared) * own + np.sqrt(shared) * common)))
    beta = np.array([effects.get(one, 0.0) for one in CRITERIA])
    luck = rng.random(number)
    good = luck < 1 / (1 + np.exp(-(intercept + (values - 0.5) @ beta)))
    said: list[float | None] = [None] * number
    if ratings is not None or cuts:
        gamma = beta if cuts else np.array([(ratings or {}).get(one, 0.0) for one in CRITERIA])
        along = (values - 0.5) @ gamma
        # On the ladder one throw decides all steps; else the ratings have one of their own.
        throw = luck if cuts else rng.random(number)
        above = cuts or (2.5, 1.5, 0.0, -1.5)
        stars = 1 + sum((throw < 1 / (1 + np.exp(-(cut + along)))).astype(int) for cut in above)
        speaks = rng.random(number) < rated
        said = [
            float(star) if yes and speak else None
            for star, yes, speak in zip(stars, good, speaks, strict=True)
        ]
    return [
        Example(
            hashlib.sha256(f"{seed}|{n}".encode()).hexdigest(),
            dict(zip(CRITERIA, (float(one) for one in row), strict=True)),
            bool(yes),
            rating,
        )
        for n, (row, yes, rating) in enumerate(zip(values, good, said, strict=True))
    ]
