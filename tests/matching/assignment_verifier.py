"""What an assignment must be, checked by definition and by other solvers than ours."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from chalicelib.matching.assignment import Assignment, assign


@dataclass(frozen=True)
class Pool:
    """The arguments of ``assign``."""

    mentee: NDArray[np.int32]
    mentor: NDArray[np.int32]
    score: NDArray[np.float32]
    n_mentees: int
    capacity: NDArray[np.int32]
    mentor_score: NDArray[np.float32] | None = None

    @classmethod
    def of(
        cls,
        edges: list[tuple[int, int, float]],
        n_mentees: int,
        capacity: list[int],
        mentor_score: list[float] | None = None,
    ) -> Pool:
        return cls(
            np.array([edge[0] for edge in edges], np.int32),
            np.array([edge[1] for edge in edges], np.int32),
            np.array([edge[2] for edge in edges], np.float32),
            n_mentees,
            np.array(capacity, np.int32),
            None if mentor_score is None else np.array(mentor_score, np.float32),
        )

    def assign(self, objective: str = "total") -> Assignment:
        return assign(
            self.mentee,
            self.mentor,
            self.score,
            self.n_mentees,
            self.capacity,
            mentor_score=self.mentor_score,
            objective=objective,  # type: ignore[arg-type]
        )

    def pairs(self) -> dict[tuple[int, int], tuple[float, float]]:
        """Score and mentor's score of each pair: the best of the edges that name it."""
        back = self.score if self.mentor_score is None else self.mentor_score
        best: dict[tuple[int, int], tuple[float, float]] = {}
        for i, j, s, b in zip(
            self.mentee.tolist(), self.mentor.tolist(), self.score.tolist(), back.tolist(), strict=True
        ):
            best[i, j] = max(best.get((i, j), (0.0, 0.0)), (s, b))
        return best


def check_feasible(pool: Pool, result: Assignment) -> None:
    """Shape, admissible pairs only, capacities, and the sum; all counted afresh."""
    assert result.mentor.dtype == np.int32
    assert result.mentor.shape == (pool.n_mentees,)
    pairs = pool.pairs()
    taken = [0] * pool.capacity.size
    total = Fraction(0)
    for i, j in enumerate(result.mentor.tolist()):
        if j == -1:
            continue
        assert (i, j) in pairs, f"mentee {i} got mentor {j} without an edge"
        taken[j] += 1
        total += Fraction(pairs[i, j][0])
    assert all(used <= places for used, places in zip(taken, pool.capacity.tolist(), strict=True))
    assert result.total == float(total)
    assert result.upper_bound >= result.total


def brute_force_total(pool: Pool) -> Fraction:
    """The largest total, exactly, by trying everything."""
    pairs = pool.pairs()

    def best(i: int, left: tuple[int, ...]) -> Fraction:
        if i == pool.n_mentees:
            return Fraction(0)
        value = best(i + 1, left)
        for j, places in enumerate(left):
            if places and (i, j) in pairs:
                rest = (*left[:j], places - 1, *left[j + 1 :])
                value = max(value, Fraction(pairs[i, j][0]) + best(i + 1, rest))
        return value

    return best(0, tuple(min(places, pool.n_mentees) for places in pool.capacity.tolist()))


def flow_total(pool: Pool, resolution: float = 2.0**-33) -> float:
    """The largest total by OR-tools' min-cost flow, to within ``n_mentees * resolution``."""
    pairs = pool.pairs()
    flow = min_cost_flow.SimpleMinCostFlow()
    n, m = pool.n_mentees, pool.capacity.size
    sink = n + m
    arcs = [
        flow.add_arc_with_capacity_and_unit_cost(i, n + j, 1, -round(s / resolution))
        for (i, j), (s, _) in pairs.items()
    ]
    for i in range(n):
        flow.add_arc_with_capacity_and_unit_cost(i, sink, 1, 0)
        flow.set_node_supply(i, 1)
    for j, places in enumerate(pool.capacity.tolist()):
        flow.add_arc_with_capacity_and_unit_cost(n + j, sink, min(places, n), 0)
    flow.set_node_supply(sink, -n)
    assert flow.solve() == flow.OPTIMAL
    return float(sum(score for arc, (score, _) in zip(arcs, pairs.values(), strict=True) if flow.flow(arc)))


def blocking_pairs(pool: Pool, result: Assignment) -> list[tuple[int, int]]:
    """Pairs that would both rather have each other, by definition."""
    pairs = pool.pairs()
    chosen = result.mentor.tolist()
    held: dict[int, list[int]] = {}
    for i, j in enumerate(chosen):
        if j >= 0:
            held.setdefault(j, []).append(i)
    found = []
    for (i, j), (score, back) in pairs.items():
        now = chosen[i]
        if now == j or (now >= 0 and (pairs[i, now][0], -now) > (score, -j)):
            continue
        members = held.get(j, [])
        if len(members) < pool.capacity[j] or any((back, -i) > (pairs[k, j][1], -k) for k in members):
            found.append((i, j))
    return found


def gale_shapley(pool: Pool) -> list[int]:
    """Deferred acceptance as the textbook has it, one proposal at a time."""
    pairs = pool.pairs()
    lists: list[list[int]] = [[] for _ in range(pool.n_mentees)]
    for i, j in pairs:
        lists[i].append(j)
    for i, wanted in enumerate(lists):
        wanted.sort(key=lambda j, i=i: (-pairs[i, j][0], j))
    chosen = [-1] * pool.n_mentees
    held: dict[int, list[int]] = {j: [] for j in range(pool.capacity.size)}
    free = list(range(pool.n_mentees))
    while free:
        i = free.pop()
        while lists[i] and chosen[i] == -1:
            j = lists[i].pop(0)
            held[j].append(i)
            chosen[i] = j
            if len(held[j]) > pool.capacity[j]:
                worst = max(held[j], key=lambda k, j=j: (-pairs[k, j][1], k))
                held[j].remove(worst)
                chosen[worst] = -1
                if worst != i:
                    free.append(worst)
    return chosen
