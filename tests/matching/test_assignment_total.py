"""The largest total: against exact solvers, by its own proof, and on pools made to be hard."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.instances import adversarial, realistic
from chalicelib.matching._edges import canonical
from chalicelib.matching._places import Places
from tests.matching.assignment_verifier import Pool, brute_force_total, check_feasible, flow_total

HARD = sorted(adversarial(20))
LEVELS = [0.1, 0.25, 0.3, 0.5, 0.5 + 1e-7, 0.7, 1.0]


@st.composite
def pools(draw: st.DrawFn, mentees: int, mentors: int, edges: int) -> Pool:
    n, m = draw(st.integers(0, mentees)), draw(st.integers(0, mentors))
    scores = st.one_of(st.sampled_from(LEVELS), st.floats(2.0**-20, 1.0, width=32))
    edge = st.tuples(st.integers(0, max(n - 1, 0)), st.integers(0, max(m - 1, 0)), scores, scores)
    drawn = draw(st.lists(edge, max_size=edges)) if n and m else []
    places = st.one_of(st.integers(0, 3), st.just(2**31 - 1))
    capacity = draw(st.lists(places, min_size=m, max_size=m))
    back = [found[3] for found in drawn] if draw(st.booleans()) else None
    return Pool.of([found[:3] for found in drawn], n, capacity, back)


def seeded(seed: int, mentees: int, mentors: int, per_mentee: int, distinct: int | None = None) -> Pool:
    """A pool of uniform scores, of ``distinct`` levels only if given."""
    rng = np.random.default_rng(seed)
    score = 1.0 - rng.random(mentees * per_mentee)
    if distinct:
        score = np.ceil(score * distinct) / distinct
    return Pool(
        np.repeat(np.arange(mentees, dtype=np.int32), per_mentee),
        rng.integers(0, mentors, mentees * per_mentee).astype(np.int32),
        score.astype(np.float32),
        mentees,
        rng.integers(0, 4, mentors).astype(np.int32),
    )


@settings(max_examples=300, deadline=None)
@given(pools(6, 4, 14))
def test_small_pools_reach_the_exact_optimum(pool: Pool) -> None:
    result = pool.assign()
    check_feasible(pool, result)
    best = brute_force_total(pool)
    assert result.total == pytest.approx(float(best), rel=1e-12, abs=0)
    assert result.upper_bound >= best


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(65, 260),
    st.integers(1, 60),
    st.integers(1, 12),
    st.sampled_from([None, 1, 2, 5]),
)
def test_pools_of_a_few_hundred_meet_the_optimum(
    seed: int, mentees: int, mentors: int, per_mentee: int, distinct: int | None
) -> None:
    pool = seeded(seed, mentees, mentors, per_mentee, distinct)
    result = pool.assign()
    check_feasible(pool, result)
    best = flow_total(pool)
    assert result.total == pytest.approx(best, rel=2e-6, abs=1e-7)
    assert result.upper_bound >= best * (1 - 1e-7)
    assert result.gap <= 2e-6


def test_a_realistic_pool_of_thousands_meets_the_optimum_and_proves_it() -> None:
    drawn = realistic(3_000, 1_200, 40, seed=5)
    pool = Pool.drawn(drawn)
    result = pool.assign()
    check_feasible(pool, result)
    best = flow_total(pool)
    assert best * (1 - 1e-6) <= result.total <= best * (1 + 1e-9)
    assert result.upper_bound >= best * (1 - 1e-9)
    assert result.gap <= 1e-6
    assert (result.mentor == -1).any(), "no competition: the pool shows nothing"


@pytest.mark.parametrize("name", HARD)
def test_hard_small_pools_meet_the_optimum(name: str) -> None:
    drawn = adversarial(130)[name]
    pool = Pool.drawn(drawn)
    result = pool.assign()
    check_feasible(pool, result)
    assert result.total == pytest.approx(flow_total(pool), rel=1e-6, abs=1e-9)
    assert result.gap <= 1e-6


@pytest.mark.parametrize("name", HARD)
def test_hard_large_pools_end_with_a_proof(name: str) -> None:
    drawn = adversarial(1_500)[name]
    pool = Pool.drawn(drawn)
    result = pool.assign()
    check_feasible(pool, result)
    assert result.gap <= 1e-6


def test_an_empty_side_and_no_edges_leave_everybody_out() -> None:
    for pool in (Pool.of([], 0, []), Pool.of([], 3, []), Pool.of([], 0, [1]), Pool.of([], 3, [1, 2])):
        result = pool.assign()
        assert result.mentor.tolist() == [-1] * pool.n_mentees
        assert (result.total, result.upper_bound, result.gap) == (0.0, 0.0, 0.0)


def test_a_mentee_is_left_out_where_that_serves_the_sum() -> None:
    result = Pool.of([(0, 0, 0.5), (1, 0, 0.75)], 2, [1]).assign()
    assert result.mentor.tolist() == [-1, 0]


def test_of_edges_that_name_one_pair_the_best_counts() -> None:
    pool = Pool.of([(0, 0, 0.25), (0, 1, 0.5), (0, 0, 0.75), (0, 0, 0.5)], 1, [1, 1])
    result = pool.assign()
    assert result.mentor.tolist() == [0]
    assert result.total == 0.75


def test_the_same_edges_in_any_order_and_again_give_the_same_bytes() -> None:
    pool = seeded(3, 400, 90, 12, distinct=4)
    result = pool.assign()
    again = pool.assign()
    order = np.random.default_rng(0).permutation(pool.score.size)
    shuffled = replace(
        pool, mentee=pool.mentee[order], mentor=pool.mentor[order], score=pool.score[order]
    ).assign()
    for other in (again, shuffled):
        assert other.mentor.tobytes() == result.mentor.tobytes()
        assert (other.total, other.upper_bound) == (result.total, result.upper_bound)


def test_the_input_is_left_as_it_was() -> None:
    pool = seeded(4, 100, 30, 5)
    before = [array.copy() for array in (pool.mentee, pool.mentor, pool.score, pool.capacity)]
    for array in (pool.mentee, pool.mentor, pool.score, pool.capacity):
        array.flags.writeable = False
    pool.assign()
    pool.assign("stable")
    for array, kept in zip((pool.mentee, pool.mentor, pool.score, pool.capacity), before, strict=True):
        assert (array == kept).all()


def test_halving_all_scores_changes_nobody() -> None:
    pool = seeded(5, 300, 80, 8)
    result, halved = pool.assign(), replace(pool, score=pool.score / 2).assign()
    assert halved.mentor.tolist() == result.mentor.tolist()
    assert halved.total == result.total / 2
    tiny = replace(pool, score=(pool.score * 2.0**-90).astype(np.float32)).assign()
    assert tiny.mentor.tolist() == result.mentor.tolist()


def test_people_without_an_edge_change_nobody() -> None:
    pool = seeded(6, 300, 80, 8)
    result = pool.assign()
    wider = replace(
        pool,
        mentee=pool.mentee + 7,
        n_mentees=pool.n_mentees + 12,
        capacity=np.concatenate((pool.capacity, [3, 0])).astype(np.int32),
    ).assign()
    assert wider.total == result.total
    assert wider.mentor[7:-5].tolist() == result.mentor.tolist()
    assert set(wider.mentor[:7].tolist() + wider.mentor[-5:].tolist()) == {-1}


def test_more_capacity_never_lowers_the_total() -> None:
    pool = seeded(7, 300, 50, 10)
    before = 0.0
    for more in range(4):
        result = replace(pool, capacity=(pool.capacity + more).astype(np.int32)).assign()
        assert result.total >= before * (1 - 1e-6)
        before = result.total


def test_a_bid_above_one_stays_clear_of_the_open_places_of_the_mentor_before() -> None:
    ends = np.array([0, 1, 2, 3], np.int32), np.array([0, 0, 1, 1], np.int32)
    edges = canonical(*ends, np.full(4, 0.5, np.float32), None, 4, np.array([2, 1], np.int32))
    places = Places(edges, np.float64)
    mentors, least, losers = places.contest(
        np.array([1, 1, 0]), np.array([2, 3, 0]), np.array([1.02, 1.01, 0.1])
    )
    assert mentors.tolist() == [0, 1]
    assert least.tolist() == [-1.0, 1.02]
    assert losers.tolist() == [3]
    assert sorted(places.taken().tolist()) == [0, 2]
