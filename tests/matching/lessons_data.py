"""Pairs whose outcomes follow weights that the test knows."""

import hashlib
from collections.abc import Mapping

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
) -> list[Example]:
    """Return seeded examples with the given log odds from value 0 to value 1; criteria have `shared` in common."""
    rng = np.random.default_rng(seed)
    own = rng.normal(size=(number, len(CRITERIA)))
    common = rng.normal(size=(number, 1))
    values = 1 / (1 + np.exp(-(np.sqrt(1 - shared) * own + np.sqrt(shared) * common)))
    beta = np.array([effects.get(one, 0.0) for one in CRITERIA])
    good = rng.random(number) < 1 / (1 + np.exp(-(intercept + (values - 0.5) @ beta)))
    return [
        Example(
            hashlib.sha256(f"{seed}|{n}".encode()).hexdigest(),
            dict(zip(CRITERIA, (float(one) for one in row), strict=True)),
            bool(yes),
        )
        for n, (row, yes) in enumerate(zip(values, good, strict=True))
    ]
