"""What changes nothing, or never for the worse; and the pools that are known to be hard, by name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.matching.assignment_verifier import Pool, blocking_pairs, check_feasible, flow_total

OBJECTIVES = ["total", "stable", "fair"]
LEVELS = [0.1, 0.25, 0.3, 0.5, 0.5 + 1e-7, 1.0]
MOST = 2**31 - 1
# The gap that "total" closes to; all it promises beyond it is up to this.
GAP = 2e-6


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    """Pools below and above the size that shortest paths solve alone."""
    n, m = draw(st.integers(0, 120)), draw(st.integers(0, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = draw(st.integers(0, 600)) if n and m else 0
    tied = draw(st.booleans())

    def scores() -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        return (rng.choice(LEVELS, size) if tied else 1.0 - rng.random(size)).astype(np.float32)

    return Pool(
        rng.integers(0, max(n, 1), size).astype(np.int32),
        rng.integers(0, max(m, 1), size).astype(np.int32),
        scores(),
        n,
        rng.choice([0, 1, 1, 2, 5, MOST], m).astype(np.int32),
        scores() if draw(st.booleans()) else None,
        rng.integers(0, 3, n).astype(np.int32),
        draw(st.sampled_from([0.0, 0.02, 0.2])),
    )


def check(pool: Pool, objective: str) -> None:
    result = pool.assign(objective)
    check_feasible(pool, result)
    best = flow_total(pool)
    assert result.upper_bound >= best * (1.0 - 1e-9)
    if objective == "total":
        assert result.total == pytest.approx(best, rel=GAP)
        assert result.gap <= GAP
    elif objective == "fair":
        assert result.total >= best * (1.0 - pool.max_loss) * (1.0 - GAP)
    else:
        assert blocking_pairs(pool, result) == []


@pytest.mark.parametrize("objective", OBJECTIVES)
@settings(max_examples=40, deadline=None)
@given(pools())
def test_each_objective_keeps_what_it_promises(objective: str, pool: Pool) -> None:
    check(pool, objective)


@settings(max_examples=40, deadline=None)
@given(pools(), st.data())
def test_more_capacity_never_lowers_the_total(pool: Pool, data: st.DataObject) -> None:
    room = MOST - pool.capacity.astype(np.int64)
    more = np.array([data.draw(st.sampled_from([0, 1, 3, MOST])) for _ in room], np.int64)
    wider = replace(pool, capacity=(pool.capacity + np.minimum(more, room)).astype(np.int32))
    assert wider.assign().total >= pool.assign().total * (1.0 - GAP)


@pytest.mark.parametrize("objective", OBJECTIVES)
@settings(max_examples=25, deadline=None)
@given(pools(), st.integers(-100, -1))
def test_scaling_all_scores_by_a_power_of_two_changes_nobody(
    objective: str, pool: Pool, exponent: int
) -> None:
    factor = np.float32(2.0**exponent)
    back = None if pool.mentor_score is None else pool.mentor_score * factor
    result = pool.assign(objective)
    scaled = replace(pool, score=pool.score * factor, mentor_score=back).assign(objective)
    assert scaled.mentor.tolist() == result.mentor.tolist()
    assert scaled.total == result.total * float(factor)
    assert scaled.upper_bound == pytest.approx(result.upper_bound * float(factor), rel=1e-12)


@settings(max_examples=40, deadline=None)
@given(pools(), st.floats(0.01, 1.0))
def test_scaling_all_scores_scales_the_total(pool: Pool, factor: float) -> None:
    scaled = replace(pool, score=(pool.score * factor).astype(np.float32)).assign()
    # Each score is rounded once more: by 2**-24 of itself.
    assert scaled.total == pytest.approx(pool.assign().total * factor, rel=GAP)


@pytest.mark.parametrize("objective", OBJECTIVES)
@settings(max_examples=25, deadline=None)
@given(pools(), st.integers(0, 2**32 - 1))
def test_people_without_an_edge_change_nobody(objective: str, pool: Pool, seed: int) -> None:
    """They are put in anywhere, which moves the indices of the others but not their order."""
    rng = np.random.default_rng(seed)
    mentees = np.sort(rng.choice(pool.n_mentees + 9, pool.n_mentees, replace=False))
    mentors = np.sort(rng.choice(pool.capacity.size + 7, pool.capacity.size, replace=False))
    capacity = rng.integers(0, 5, pool.capacity.size + 7).astype(np.int32)
    capacity[mentors] = pool.capacity
    # In a group of their own: as members of another they would ask for more matches there.
    groups = np.full(pool.n_mentees + 9, 3, np.int32)
    assert pool.groups is not None
    groups[mentees] = pool.groups
    wider = replace(
        pool,
        mentee=mentees[pool.mentee].astype(np.int32),
        mentor=mentors[pool.mentor].astype(np.int32),
        n_mentees=pool.n_mentees + 9,
        capacity=capacity,
        groups=groups,
    )
    result, other = pool.assign(objective), wider.assign(objective)
    assert other.mentor[mentees].tolist() == np.append(mentors, -1)[result.mentor].tolist()
    assert np.delete(other.mentor, mentees).tolist() == [-1] * 9
    assert (other.total, other.upper_bound, other.loss) == (result.total, result.upper_bound, result.loss)


@pytest.mark.parametrize("objective", OBJECTIVES)
@settings(max_examples=25, deadline=None)
@given(pools(), st.integers(0, 2**32 - 1))
def test_neither_the_order_of_edges_nor_worse_duplicates_change_anything(
    objective: str, pool: Pool, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    again = rng.integers(0, max(pool.score.size, 1), min(pool.score.size, 50))
    order = rng.permutation(pool.score.size + again.size)
    back = pool.mentor_score
    other = replace(
        pool,
        mentee=np.append(pool.mentee, pool.mentee[again])[order],
        mentor=np.append(pool.mentor, pool.mentor[again])[order],
        score=np.append(pool.score, pool.score[again] / 2)[order],
        mentor_score=None if back is None else np.append(back, back[again])[order],
    )
    result, same = pool.assign(objective), other.assign(objective)
    assert same.mentor.tobytes() == result.mentor.tobytes()
    assert (same.total, same.upper_bound, same.loss) == (result.total, result.upper_bound, result.loss)


def pool_of(
    mentee: object, mentor: object, score: object, n_mentees: int, capacity: object, max_loss: float = 0.02
) -> Pool:
    return Pool(
        np.asarray(mentee, np.int32),
        np.asarray(mentor, np.int32),
        np.asarray(score, np.float32),
        n_mentees,
        np.asarray(capacity, np.int32),
        groups=(np.arange(n_mentees) % 3).astype(np.int32),
        max_loss=max_loss,
    )


def hard() -> dict[str, Pool]:
    rng = np.random.default_rng(1)
    everybody = np.repeat(np.arange(90), 30), np.tile(np.arange(30), 90)
    step = np.arange(150)
    path = np.concatenate((step, step[:-1])), np.concatenate((step, step[1:]))
    tenths = np.repeat(np.arange(120), 4)
    return {
        "zero capacity": pool_of([0, 1, 2], [0, 1, 0], [0.5, 0.5, 0.5], 3, [0, 0]),
        "no edges": pool_of([], [], [], 3, [1, 2]),
        "no mentees": pool_of([], [], [], 0, [1, 2]),
        "no mentors": pool_of([], [], [], 3, []),
        "nobody": pool_of([], [], [], 0, []),
        "mentees with no edge": pool_of([1, 1, 5], [0, 1, 1], [0.5, 0.75, 1.0], 9, [1, 1]),
        "all scores equal": pool_of(*everybody, np.ones(2_700), 90, np.full(30, 2)),
        "one mentor whom all want": pool_of(
            np.append(everybody[0], np.arange(90)),
            np.append(everybody[1], np.full(90, 30)),
            np.append(rng.random(2_700) / 2 + 0.1, np.ones(90)),
            90,
            np.ones(31),
        ),
        "a single mentor": pool_of(np.arange(90), np.zeros(90), 1.0 - rng.random(90), 90, [7]),
        "disconnected pools": pool_of(
            tenths, tenths // 12 * 3 + rng.integers(0, 3, 480), 1.0 - rng.random(480), 120, np.full(120, 3)
        ),
        "largest capacities": pool_of(*everybody, 1.0 - rng.random(2_700), 90, np.full(30, MOST)),
        "largest capacity and none": pool_of(
            *everybody, 1.0 - rng.random(2_700), 90, np.where(np.arange(30) % 9, 0, MOST)
        ),
        "near-ties of 1e-7": pool_of(
            *everybody, 0.5 + 1e-7 * rng.integers(0, 3, 2_700), 90, np.full(30, 2), 0.0
        ),
        "a long alternating path": pool_of(*path, np.append(np.full(150, 0.5), np.full(149, 0.51)), 150, np.ones(150)),
        "a long alternating path of equal scores": pool_of(*path, np.full(299, 0.5), 150, np.ones(150)),
        "duplicates": pool_of([0, 0, 0, 1], [0, 0, 0, 0], [0.25, 0.75, 0.5, 0.6], 2, [1]),
    }  # fmt: skip


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("name", hard())
def test_hard_pools_by_name(name: str, objective: str) -> None:
    check(hard()[name], objective)


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("equal", [False, True])
def test_twenty_thousand_people_on_a_hundred_mentors(objective: str, *, equal: bool) -> None:
    """Bidding for 500 places by 20,000: a price war of single steps would last for ever."""
    rng = np.random.default_rng(2)
    mentee = np.repeat(np.arange(20_000), 8)
    score = np.full(mentee.size, 0.5) if equal else 0.2 + 0.8 * rng.random(mentee.size)
    pool = pool_of(mentee, rng.integers(0, 100, mentee.size), score, 20_000, np.full(100, 5))
    check(pool, objective)
    assert int((pool.assign(objective).mentor >= 0).sum()) == 500
