"""Stability: no blocking pair by definition, and the best stable outcome for every mentee."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.instances import adversarial, realistic
from tests.matching.assignment_verifier import (
    Pool,
    blocking_pairs,
    check_feasible,
    flow_total,
    gale_shapley,
)

LEVELS = [0.25, 0.5, 0.5 + 1e-7, 1.0]
HARD = sorted(adversarial(20))


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    n, m = draw(st.integers(1, 7)), draw(st.integers(1, 5))
    score = st.sampled_from(LEVELS)
    edge = st.tuples(st.integers(0, n - 1), st.integers(0, m - 1), score, score)
    drawn = draw(st.lists(edge, max_size=24))
    capacity = draw(st.lists(st.integers(0, 3), min_size=m, max_size=m))
    back = [found[3] for found in drawn] if draw(st.booleans()) else None
    return Pool.of([found[:3] for found in drawn], n, capacity, back)


def contested(seed: int, mentees: int, mentors: int, per_mentee: int, levels: int | None) -> Pool:
    """Mentees' and mentors' scores drawn apart, so that the sides disagree."""
    rng = np.random.default_rng(seed)
    size = mentees * per_mentee
    score, back = 1.0 - rng.random(size), 1.0 - rng.random(size)
    if levels:
        score, back = np.ceil(score * levels) / levels, np.ceil(back * levels) / levels
    return Pool(
        np.repeat(np.arange(mentees, dtype=np.int32), per_mentee),
        rng.integers(0, mentors, size).astype(np.int32),
        score.astype(np.float32),
        mentees,
        rng.integers(0, 3, mentors).astype(np.int32),
        back.astype(np.float32),
    )


@settings(max_examples=300, deadline=None)
@given(pools())
def test_small_pools_are_stable_and_best_for_mentees(pool: Pool) -> None:
    result = pool.assign("stable")
    check_feasible(pool, result)
    assert blocking_pairs(pool, result) == []
    assert result.mentor.tolist() == gale_shapley(pool)


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(30, 300),
    st.integers(1, 90),
    st.integers(1, 25),
    st.sampled_from([None, 1, 3]),
)
def test_pools_of_hundreds_are_stable_and_best_for_mentees(
    seed: int, mentees: int, mentors: int, per_mentee: int, levels: int | None
) -> None:
    pool = contested(seed, mentees, mentors, per_mentee, levels)
    result = pool.assign("stable")
    check_feasible(pool, result)
    assert blocking_pairs(pool, result) == []
    assert result.mentor.tolist() == gale_shapley(pool)


@pytest.mark.parametrize("name", HARD)
def test_hard_pools_are_stable_and_best_for_mentees(name: str) -> None:
    drawn = adversarial(200)[name]
    pool = Pool.drawn(drawn)
    result = pool.assign("stable")
    check_feasible(pool, result)
    assert blocking_pairs(pool, result) == []
    assert result.mentor.tolist() == gale_shapley(pool)


def test_a_realistic_pool_with_two_sided_scores_is_stable_and_best_for_mentees() -> None:
    drawn = realistic(2_000, 800, 40, seed=3)
    pool = Pool.drawn(drawn, two_sided=True)
    result = pool.assign("stable")
    check_feasible(pool, result)
    assert blocking_pairs(pool, result) == []
    assert result.mentor.tolist() == gale_shapley(pool)
    assert result.mentor.tolist() != replace(pool, mentor_score=None).assign("stable").mentor.tolist()


def test_the_check_for_blocking_pairs_sees_one() -> None:
    pool = contested(1, 60, 20, 6, None)
    result = pool.assign("stable")
    matched = np.flatnonzero(result.mentor >= 0)
    broken = result.mentor.copy()
    broken[matched[0]] = -1
    assert blocking_pairs(pool, replace(result, mentor=broken))


def test_the_bound_holds_for_the_best_total_of_any_assignment() -> None:
    for seed in range(12):
        pool = contested(seed, 80, 25, 6, 4)
        result = pool.assign("stable")
        assert result.upper_bound >= flow_total(pool) * (1 - 1e-9)
        assert result.total <= pool.assign().total * (1 + 1e-6)


def test_equal_scores_go_by_index_on_both_sides() -> None:
    pool = Pool.of([(i, j, 0.5) for i in (2, 0, 1) for j in (1, 0)], 3, [1, 1])
    assert pool.assign("stable").mentor.tolist() == [0, 1, -1]


def test_the_mentor_chooses_by_mentor_score() -> None:
    edges = [(0, 0, 0.9), (1, 0, 0.2)]
    assert Pool.of(edges, 2, [1]).assign("stable").mentor.tolist() == [0, -1]
    assert Pool.of(edges, 2, [1], [0.3, 0.4]).assign("stable").mentor.tolist() == [-1, 0]


def test_the_same_edges_in_any_order_give_the_same_bytes() -> None:
    pool = contested(9, 300, 80, 10, 3)
    assert pool.mentor_score is not None
    order = np.random.default_rng(1).permutation(pool.score.size)
    shuffled = replace(
        pool,
        mentee=pool.mentee[order],
        mentor=pool.mentor[order],
        score=pool.score[order],
        mentor_score=pool.mentor_score[order],
    )
    one, other = pool.assign("stable"), shuffled.assign("stable")
    assert one.mentor.tobytes() == other.mentor.tobytes()
    assert (one.total, one.upper_bound) == (other.total, other.upper_bound)
