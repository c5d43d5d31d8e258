"""Weighted kappa against the same told in matrices, and against resampling."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.measures.agreement import Weights, agreement

ratings = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=40)


def _by_matrices(pairs: list[tuple[int, int]], power: int) -> float | None:
    """Return 1 - (weighted disagreement seen) / (that expected), as a matrix product tells it."""
    table = np.zeros((5, 5))
    for one, other in pairs:
        table[one - 1, other - 1] += 1
    steps = np.abs(np.subtract.outer(np.arange(5), np.arange(5))).astype(float)
    distance = steps**power if power else (steps > 0).astype(float)
    expected = np.outer(table.sum(1), table.sum(0)) / table.sum()
    return (
        None
        if not (distance * expected).sum()
        else 1 - (distance * table).sum() / (distance * expected).sum()
    )


@pytest.mark.parametrize(
    ("weights", "power"), [(Weights.LINEAR, 1), (Weights.QUADRATIC, 2), (Weights.NONE, 0)]
)
@given(pairs=ratings)
@settings(max_examples=30)
def test_kappa_is_one_less_the_disagreement_over_that_of_chance(
    pairs: list[tuple[int, int]], weights: Weights, power: int
) -> None:
    found, expected = agreement(pairs, 1, 5, weights), _by_matrices(pairs, power)
    if expected is None:
        assert found.kappa is None
        return
    assert found.kappa == pytest.approx(expected)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.kappa + 1e-9
    assert found.kappa <= found.high + 1e-9


def test_the_interval_is_that_of_resampling() -> None:
    chance = random.Random(4)  # noqa: S311
    pairs = [
        (one, min(5, max(1, one + chance.choice((-1, 0, 0, 0, 1, 2)))))
        for one in chance.choices(range(1, 6), k=150)
    ]
    found = agreement(pairs, 1, 5)
    again = sorted(agreement(chance.choices(pairs, k=150), 1, 5).kappa or 0 for _ in range(800))
    assert found.low == pytest.approx(again[20], abs=0.03)
    assert found.high == pytest.approx(again[-21], abs=0.03)


def test_raters_at_the_ends() -> None:
    assert agreement([(1, 1), (5, 5), (3, 3)], 1, 5).kappa == 1
    assert agreement([(1, 5), (5, 1)], 1, 5).kappa == -1
    assert agreement([(4, 4), (4, 4)], 1, 5).kappa is None
    assert agreement([(1, 1), (2, 3)], 1, 5).same == 0.5
    for wrong in ([], [(0, 3)], [(3, 6)]):
        with pytest.raises(ValueError, match="ratings from 1 to 5"):
            agreement(wrong, 1, 5)
