"""Keys: of several best assignments the people's identities decide, not where they stand in the input."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.instances import adversarial, realistic
from chalicelib.matching._edges import canonical
from tests.matching.assignment_verifier import (
    Pool,
    blocking_pairs,
    check_feasible,
    gale_shapley,
    tie_rule,
)

OBJECTIVES = ["total", "stable", "fair"]
# All equal; two levels; near-ties; a few levels.
LEVELS = [[0.7], [0.5, 1.0], [0.5, 0.5 + 1e-7], [0.25, 0.5, 0.5 + 1e-7, 1.0]]
TIED = ["all scores equal", "identical mentees", "near-ties of 1e-7", "each edge three times"]


def with_keys(pool: Pool, seed: int) -> Pool:
    rng = np.random.default_rng(seed)
    high = np.uint64(2**64 - 1)
    mentees = rng.integers(0, high, pool.n_mentees, np.uint64, endpoint=True)
    mentors = rng.integers(0, high, pool.capacity.size, np.uint64, endpoint=True)
    return replace(pool, keys=(mentees, mentors))


@st.composite
def tied_pools(draw: st.DrawFn, mentees: int, mentors: int, edges: int) -> Pool:
    """Pools full of ties, with edges named twice and more."""
    n, m = draw(st.integers(1, mentees)), draw(st.integers(1, mentors))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = draw(st.integers(0, edges))
    levels = draw(st.sampled_from(LEVELS))
    pool = Pool(
        rng.integers(0, n, size).astype(np.int32),
        rng.integers(0, m, size).astype(np.int32),
        rng.choice(levels, size).astype(np.float32),
        n,
        rng.integers(0, 4, m).astype(np.int32),
        rng.choice(levels, size).astype(np.float32) if draw(st.booleans()) else None,
        rng.integers(0, draw(st.integers(1, 4)), n).astype(np.int32),
        draw(st.sampled_from([0.0, 0.02, 0.3])),
    )
    return with_keys(pool, draw(st.integers(0, 2**32 - 1)))


def check_same_people(pool: Pool, seed: int, objective: str) -> None:
    other, to_mentee, to_mentor = pool.reordered(seed)
    result, again = pool.assign(objective), other.assign(objective)
    expected = np.append(to_mentor, -1)[result.mentor]
    assert again.mentor[to_mentee].tolist() == expected.tolist()
    assert (again.total, again.upper_bound, again.loss) == (result.total, result.upper_bound, result.loss)
    assert again.rates is not None
    assert result.rates is not None
    assert again.rates.tobytes() == result.rates.tobytes()


@pytest.mark.parametrize("objective", OBJECTIVES)
@settings(max_examples=100, deadline=None)
@given(tied_pools(8, 6, 40), st.integers(0, 2**32 - 1))
def test_reordering_small_pools_changes_nobody(objective: str, pool: Pool, seed: int) -> None:
    check_same_people(pool, seed, objective)


@pytest.mark.parametrize("objective", OBJECTIVES)
@settings(max_examples=15, deadline=None)
@given(tied_pools(250, 60, 1_500), st.integers(0, 2**32 - 1))
def test_reordering_pools_of_hundreds_changes_nobody(objective: str, pool: Pool, seed: int) -> None:
    check_same_people(pool, seed, objective)


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("name", TIED)
def test_reordering_hard_pools_changes_nobody(name: str, objective: str) -> None:
    check_same_people(with_keys(Pool.drawn(adversarial(150)[name]), 1), 2, objective)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_reordering_a_realistic_pool_changes_nobody(objective: str) -> None:
    drawn = realistic(2_000, 800, 20, seed=4)
    coarse = replace(drawn, score=np.ceil(drawn.score * 8).astype(np.float32) / 8)
    check_same_people(with_keys(Pool.drawn(coarse), 1), 5, objective)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_other_keys_choose_another_of_the_best(objective: str) -> None:
    pool = Pool.drawn(adversarial(200)["all scores equal"])
    results = [with_keys(pool, seed).assign(objective) for seed in (1, 2)]
    assert results[0].mentor.tolist() != results[1].mentor.tolist()
    if objective != "stable":
        assert results[0].total == pytest.approx(results[1].total, rel=1e-6)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_who_has_no_edge_changes_nobody(objective: str) -> None:
    pool = with_keys(Pool.drawn(adversarial(200)["all scores equal"]), 3)
    assert pool.keys is not None
    assert pool.groups is not None
    wider = replace(
        pool,
        mentee=pool.mentee + 2,
        mentor=pool.mentor + 3,
        n_mentees=pool.n_mentees + 2,
        capacity=np.append([5, 0, 1], pool.capacity).astype(np.int32),
        groups=np.append([0, 0], pool.groups).astype(np.int32),
        keys=(
            np.append(np.array([0, 2**64 - 1], np.uint64), pool.keys[0]),
            np.append(np.array([0, 2**63, 2**64 - 1], np.uint64), pool.keys[1]),
        ),
    )
    result, other = pool.assign(objective), wider.assign(objective)
    assert other.mentor[:2].tolist() == [-1, -1]
    moved = np.where(result.mentor >= 0, result.mentor + 3, -1)
    if objective != "fair":  # two more members of a group ask for other quotas
        assert other.mentor[2:].tolist() == moved.tolist()
    assert other.upper_bound == result.upper_bound


@settings(max_examples=100, deadline=None)
@given(tied_pools(8, 6, 40))
def test_stable_goes_by_the_hash_of_the_pair_where_scores_are_equal(pool: Pool) -> None:
    result = pool.assign("stable")
    check_feasible(pool, result)
    assert blocking_pairs(pool, result) == []
    assert result.mentor.tolist() == gale_shapley(pool)


@pytest.mark.parametrize("name", TIED)
def test_stable_goes_by_the_hash_of_the_pair_in_hard_pools(name: str) -> None:
    pool = with_keys(Pool.drawn(adversarial(200)[name]), 7)
    result = pool.assign("stable")
    assert blocking_pairs(pool, result) == []
    assert result.mentor.tolist() == gale_shapley(pool)
    if name != "each edge three times":  # whose scores are all different
        assert result.mentor.tolist() != replace(pool, keys=None).assign("stable").mentor.tolist()


def test_the_hash_of_a_pair_is_the_one_that_is_stated() -> None:
    pool = with_keys(Pool.of([(0, 0, 1.0), (0, 1, 0.5), (1, 1, 0.5)], 2, [1, 1]), 5)
    edges = canonical(pool.mentee, pool.mentor, pool.score, None, pool.n_mentees, pool.capacity, pool.keys)
    hashed = np.concatenate([part for _, part in edges.pair_hashes()]).tolist()
    ends = zip(edges.people[edges.row].tolist(), edges.mentors[edges.mentor].tolist(), strict=True)
    assert hashed == [tie_rule(pool, i, j)[0] for i, j in ends]
