"""Fairness to groups: against all quotas tried by another solver, and by what could still rise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from benchmarks.instances import adversarial, realistic
from chalicelib.matching import _fair
from chalicelib.matching.assignment import Assignment
from tests.matching.assignment_verifier import (
    Pool,
    check_feasible,
    fairest,
    flow_total,
    flow_total_with,
    group_sizes,
    groups_that_could_rise,
)

HARD = sorted(adversarial(20))
LOSSES = [0.0, 0.02, 0.1, 0.3, 1.0]


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    """Small pools of up to four groups, some without a member, an edge or a place."""
    n, m, size = draw(st.integers(1, 8)), draw(st.integers(1, 5)), draw(st.integers(0, 24))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    score = {
        "levels": rng.choice([0.25, 0.5, 0.5 + 1e-7, 1.0], size),
        "equal": np.full(size, 0.7),
        "any": 1.0 - rng.random(size),
    }[draw(st.sampled_from(["levels", "equal", "any"]))]
    return Pool(
        rng.integers(0, n, size).astype(np.int32),
        rng.integers(0, m, size).astype(np.int32),
        score.astype(np.float32),
        n,
        rng.integers(0, 3, m).astype(np.int32),
        groups=rng.integers(0, draw(st.integers(1, 4)), n).astype(np.int32),
        max_loss=draw(st.sampled_from(LOSSES)),
    )


def unequal(seed: int, mentees: int, mentors: int, per_mentee: int, kind: str, max_loss: float) -> Pool:
    """A pool in which the higher a group's number, the fewer mentors its mentees know."""
    rng = np.random.default_rng(seed)
    groups = np.minimum(rng.geometric(0.5, mentees) - 1, 3).astype(np.int32)
    mentee = np.repeat(np.arange(mentees, dtype=np.int32), per_mentee)
    mentee = mentee[rng.random(mentee.size) < 1.0 / (1.0 + groups[mentee])]
    size = mentee.size
    score = {
        "levels": rng.choice([0.25, 0.5, 0.5 + 1e-7, 1.0], size),
        "equal": np.full(size, 0.7),
        "any": 1.0 - rng.random(size),
        "lower for the poorer": (1.0 - rng.random(size)) / (1.0 + groups[mentee]),
    }[kind]
    return Pool(
        mentee,
        rng.integers(0, mentors, size).astype(np.int32),
        score.astype(np.float32),
        mentees,
        rng.integers(0, 4, mentors).astype(np.int32),
        groups=groups,
        max_loss=max_loss,
    )


def smallest(result: Assignment) -> float:
    assert result.rates is not None
    return float(np.nanmin(result.rates))


def check_fair(pool: Pool, result: Assignment) -> None:
    """All that "fair" promises, short of trying all quotas."""
    check_feasible(pool, result)
    best = flow_total(pool)
    assert result.total >= best * (1.0 - pool.max_loss) * (1.0 - 2e-6)
    assert result.upper_bound >= best * (1.0 - 1e-9)
    assert result.loss == pytest.approx(max(1.0 - result.total / best, 0.0), abs=2e-6)
    assert smallest(result) >= smallest(pool.assign("total"))
    assert pool.groups is not None
    counts = np.bincount(pool.groups[result.mentor >= 0], minlength=len(group_sizes(pool))).tolist()
    assert result.total == pytest.approx(flow_total_with(pool, counts), rel=2e-6)
    assert groups_that_could_rise(pool, result, best * (1.0 - pool.max_loss) * (1.0 + 2e-6)) == []


@settings(max_examples=150, deadline=None)
@given(pools())
def test_small_pools_are_as_fair_as_any_assignment(pool: Pool) -> None:
    result = pool.assign("fair")
    check_feasible(pool, result)
    assert result.rates is not None
    rates, total = fairest(pool)
    assert sorted(result.rates[~np.isnan(result.rates)].tolist()) == rates
    assert result.total == pytest.approx(total, rel=1e-9, abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(65, 220),
    st.integers(4, 80),
    st.integers(1, 9),
    st.sampled_from(["levels", "equal", "any", "lower for the poorer"]),
    st.sampled_from(LOSSES),
)
def test_no_group_of_a_pool_of_hundreds_could_rise(
    seed: int, mentees: int, mentors: int, per_mentee: int, kind: str, max_loss: float
) -> None:
    pool = unequal(seed, mentees, mentors, per_mentee, kind, max_loss)
    check_fair(pool, pool.assign("fair"))


@pytest.mark.parametrize("name", HARD)
def test_no_group_of_a_hard_pool_could_rise(name: str) -> None:
    pool = Pool.drawn(adversarial(130)[name])
    check_fair(pool, pool.assign("fair"))


@pytest.mark.parametrize("name", HARD)
def test_hard_large_pools_end(name: str) -> None:
    pool = Pool.drawn(adversarial(300)[name])
    result = pool.assign("fair")
    check_feasible(pool, result)
    assert smallest(result) >= smallest(pool.assign("total"))


@pytest.mark.parametrize("seed", range(4))
def test_the_smallest_rate_is_that_of_an_integer_program(seed: int) -> None:
    pool = unequal(seed, 60, 16, 5, "lower for the poorer", 0.05)
    result = pool.assign("fair")
    pairs = pool.pairs()
    model = cp_model.CpModel()
    chosen = {pair: model.new_bool_var("") for pair in pairs}
    for i in range(pool.n_mentees):
        model.add_at_most_one(var for pair, var in chosen.items() if pair[0] == i)
    for j, places in enumerate(pool.capacity.tolist()):
        model.add(sum(var for pair, var in chosen.items() if pair[1] == j) <= places)
    worth = sum(round(pairs[pair][0] * 2**24) * var for pair, var in chosen.items())
    model.add(worth >= round(flow_total(pool) * 0.95 * 2**24))
    assert pool.groups is not None
    level = model.new_int_var(0, 10**6, "")
    for group, size in enumerate(group_sizes(pool)):
        matched = sum(var for pair, var in chosen.items() if pool.groups[pair[0]] == group)
        if size:
            model.add(level * size <= 10**6 * matched)
    model.maximize(level)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    assert int(smallest(result) * 10**6) == round(solver.objective_value)
    assert smallest(result) > smallest(pool.assign("total")), "nothing to raise: the pool shows nothing"


def test_a_realistic_pool_is_fairer_for_little() -> None:
    pool = Pool.drawn(realistic(2_000, 800, 30, seed=2))
    plain, fair = pool.assign("total"), pool.assign("fair")
    check_fair(pool, fair)
    assert smallest(fair) > smallest(plain) + 0.05
    assert fair.loss <= 0.02


def test_what_may_be_lost_decides_how_far_a_group_is_raised() -> None:
    # The poorer mentee is worth 0.5 where the richer is worth 0.75: raising costs 0.25 of 2.75.
    edges = [(0, 0, 0.75), (1, 0, 0.5), (2, 1, 1.0), (3, 1, 1.0)]
    pool = replace(Pool.of(edges, 4, [1, 2]), groups=np.array([0, 1, 0, 0], np.int32))
    kept, raised = (replace(pool, max_loss=loss).assign("fair") for loss in (0.09, 0.1))
    assert kept.mentor.tolist() == [0, -1, 1, 1]
    assert (kept.total, kept.loss) == (2.75, 0.0)
    assert raised.mentor.tolist() == [-1, 0, 1, 1]
    assert raised.loss == pytest.approx(0.25 / 2.75)
    assert raised.rates is not None
    assert raised.rates.tolist() == [2 / 3, 1.0]
    assert raised.upper_bound >= 2.75


def test_a_loss_of_exactly_what_is_allowed_is_taken() -> None:
    edges = [(0, 0, 1.0), (1, 0, 0.5), (2, 1, 1.0), (3, 2, 1.0), (4, 3, 1.0), (5, 4, 1.0)]
    pool = replace(Pool.of(edges, 6, [1] * 5), groups=np.array([0, 1, 0, 0, 0, 0], np.int32), max_loss=0.1)
    assert pool.assign("fair").loss == pytest.approx(0.1)


def test_a_group_that_cannot_rise_keeps_none_down() -> None:
    # Group 0 has no edge, group 1 two places for four; group 2 is raised at group 3's cost all the same.
    edges = (
        [(i, 0, 1.0) for i in range(2, 6)] + [(i, 1, 0.5) for i in (6, 7)] + [(i, 1, 0.51) for i in (8, 9)]
    )
    groups = np.array([0, 0, 1, 1, 1, 1, 2, 2, 3, 3], np.int32)
    result = replace(Pool.of(edges, 10, [2, 2]), groups=groups).assign("fair")
    assert result.rates is not None
    assert result.rates.tolist() == [0.0, 0.5, 0.5, 0.5]
    plain = replace(Pool.of(edges, 10, [2, 2]), groups=groups).assign()
    assert plain.rates is not None
    assert plain.rates.tolist() == [0.0, 0.5, 0.0, 1.0]


@pytest.mark.parametrize("smaller", [0, 1])
def test_of_groups_of_which_one_alone_can_rise_the_smaller_does(smaller: int) -> None:
    # One place. The richer group's match is worth more, but half a group is more than a third of one.
    edges = [(0, 0, 1.0), (1, 0, 1.0), (2, 0, 1.0), (3, 0, 0.995), (4, 0, 0.995)]
    groups = np.array([1 - smaller] * 3 + [smaller] * 2, np.int32)
    result = replace(Pool.of(edges, 5, [1]), groups=groups).assign("fair")
    assert result.rates is not None
    assert result.rates[smaller] == 0.5
    assert result.rates[1 - smaller] == 0.0


def test_with_nothing_to_lose_the_fairest_of_the_best_is_chosen() -> None:
    pool = Pool.drawn(adversarial(250)["all scores equal"])
    plain, fair = pool.assign("total"), replace(pool, max_loss=0.0).assign("fair")
    assert fair.total == pytest.approx(plain.total, rel=1e-12)
    assert fair.loss == 0.0
    assert smallest(fair) > smallest(plain)


def test_a_search_that_is_cut_short_ends_with_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_fair, "FEWEST_SOLUTIONS", 2)
    monkeypatch.setattr(_fair, "MOST_EDGES_SOLVED", 2)
    for name in HARD:
        pool = Pool.drawn(adversarial(130)[name])
        result = pool.assign("fair")
        check_feasible(pool, result)
        assert smallest(result) >= smallest(pool.assign("total"))


def test_each_mentee_a_group_of_their_own() -> None:
    pool = replace(Pool.drawn(adversarial(100)["half of the mentors closed"]), max_loss=0.1)
    result = replace(pool, groups=np.arange(pool.n_mentees, dtype=np.int32)).assign("fair")
    assert (result.mentor >= 0).sum() == (
        replace(pool, score=np.ones_like(pool.score)).assign().mentor >= 0
    ).sum()


def test_groups_without_a_member_have_no_rate() -> None:
    pool = Pool.of([(0, 0, 1.0), (1, 0, 0.5)], 2, [1])
    result = replace(pool, groups=np.array([3, 1], np.int32)).assign("fair")
    assert result.rates is not None
    assert np.isnan(result.rates).tolist() == [True, False, True, False]


@pytest.mark.parametrize("objective", ["total", "stable", "fair"])
def test_rates_are_counted_for_each_objective(objective: str) -> None:
    pool = Pool.drawn(realistic(300, 120, 10, seed=6))
    result = pool.assign(objective)
    check_feasible(pool, result)
    assert result.rates is not None
    if objective != "fair":
        assert result.loss == 0.0
        assert replace(pool, groups=None).assign(objective).mentor.tolist() == result.mentor.tolist()


@pytest.mark.parametrize("objective", ["total", "stable", "fair"])
def test_no_edges_and_no_people_have_rates_too(objective: str) -> None:
    pool = replace(Pool.of([], 3, [1, 2]), groups=np.array([0, 2, 2], np.int32))
    result = pool.assign(objective)
    assert result.rates is not None
    np.testing.assert_array_equal(result.rates, [0.0, np.nan, 0.0])
    nobody = replace(Pool.of([], 0, []), groups=np.array([], np.int32)).assign(objective)
    assert nobody.rates is not None
    assert nobody.rates.size == 0


def test_which_of_two_groups_rises_is_chosen_for_what_it_leaves_to_the_others() -> None:
    # Groups 0 and 1 each know but mentor 0. Raising 0 costs 0.1 and raising 1 costs 0.5 of the 0.55 that
    # may be lost; group 2's second match costs 0.2, which is left in the first case alone.
    edges = [(0, 0, 0.9), (2, 0, 0.5), (4, 1, 1.0), (5, 2, 0.8), (6, 0, 1.0), (7, 2, 1.0)]
    edges += [(i, i - 5, 1.0) for i in range(8, 16)]
    groups = np.array([0, 0, 1, 1, 2, 2] + [3] * 10, np.int32)
    result = replace(Pool.of(edges, 16, [1] * 11), groups=groups, max_loss=0.05).assign("fair")
    assert result.rates is not None
    assert result.rates.tolist() == [0.5, 0.0, 1.0, 0.8]
