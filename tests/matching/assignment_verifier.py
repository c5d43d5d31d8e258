"""What an assignment must be, checked by definition and by other solvers than ours."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from benchmarks.instances import Instance
from chalicelib.matching.assignment import Assignment, assign


@dataclass(frozen=True)
class Pool:
    """The arguments of ``assign``; ``max_loss`` counts for "fair" alone, which needs ``groups``."""

    mentee: NDArray[np.int32]
    mentor: NDArray[np.int32]
    score: NDArray[np.float32]
    n_mentees: int
    capacity: NDArray[np.int32]
    mentor_score: NDArray[np.float32] | None = None
    groups: NDArray[np.int32] | None = None
    max_loss: float = 0.02
    keys: tuple[NDArray[np.uint64], NDArray[np.uint64]] | None = None

    @classmethod
    def drawn(cls, instance: Instance, *, two_sided: bool = False) -> Pool:
        return cls(
            instance.mentee,
            instance.mentor,
            instance.score,
            instance.n_mentees,
            instance.capacity,
            instance.mentor_score if two_sided else None,
            instance.groups,
        )

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
            keys=self.keys,
            groups=self.groups,
            max_loss=self.max_loss,
        )

    def reordered(self, seed: int) -> tuple[Pool, NDArray[np.intp], NDArray[np.intp]]:
        """The same people in another order, with where each mentee and each mentor now stands."""
        rng = np.random.default_rng(seed)
        mentees, mentors = rng.permutation(self.n_mentees), rng.permutation(self.capacity.size)
        edges = rng.permutation(self.score.size)
        to_mentee, to_mentor = np.argsort(mentees), np.argsort(mentors)
        other = replace(
            self,
            mentee=to_mentee[self.mentee[edges]].astype(np.int32),
            mentor=to_mentor[self.mentor[edges]].astype(np.int32),
            score=self.score[edges],
            capacity=self.capacity[mentors],
            mentor_score=None if self.mentor_score is None else self.mentor_score[edges],
            groups=None if self.groups is None else self.groups[mentees],
            keys=None if self.keys is None else (self.keys[0][mentees], self.keys[1][mentors]),
        )
        return other, to_mentee, to_mentor

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
    """Shape, admissible pairs only, capacities, the sum and the rates; all counted afresh."""
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
    assert 0 <= result.loss <= pool.max_loss + 1e-9
    if pool.groups is None:
        assert result.rates is None
        return
    assert result.rates is not None
    of_group: dict[int, list[bool]] = {}
    for group, j in zip(pool.groups.tolist(), result.mentor.tolist(), strict=True):
        of_group.setdefault(group, []).append(j >= 0)
    assert result.rates.size == max(of_group, default=-1) + 1
    for group, rate in enumerate(result.rates.tolist()):
        members = of_group.get(group)
        assert math.isnan(rate) if members is None else rate == sum(members) / len(members)


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


def cost_unit(pool: Pool) -> float:
    """What OR-tools' integer costs count: scores are told apart down to this."""
    return float(pool.score.max(initial=0.0)) * 2.0**-33 or 1.0


def flow_total(pool: Pool) -> float:
    """The largest total by OR-tools' min-cost flow, to within ``n_mentees`` units of cost."""
    pairs, unit = pool.pairs(), cost_unit(pool)
    flow = min_cost_flow.SimpleMinCostFlow()
    n, m = pool.n_mentees, pool.capacity.size
    sink = n + m
    arcs = [
        flow.add_arc_with_capacity_and_unit_cost(i, n + j, 1, -round(s / unit))
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


def mixed(value: int) -> int:
    """The finalizer of SplitMix64."""
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    value = (value ^ value >> 27) * 0x94D049BB133111EB % 2**64
    return value ^ value >> 31


def tie_rule(pool: Pool, i: int, j: int) -> tuple[int, int]:
    """What the mentee compares of equal scores, and the mentor: the less the better."""
    if pool.keys is None:
        return j, i
    mentee, mentor = int(pool.keys[0][i]), int(pool.keys[1][j])
    pair = mixed((mixed(mentee) + mixed(2**64 - 1 - mentor)) % 2**64)
    return pair, pair


def blocking_pairs(pool: Pool, result: Assignment) -> list[tuple[int, int]]:
    """Pairs that would both rather have each other, by definition."""
    pairs = pool.pairs()
    wants = {(i, j): (score, -tie_rule(pool, i, j)[0]) for (i, j), (score, _) in pairs.items()}
    takes = {(i, j): (back, -tie_rule(pool, i, j)[1]) for (i, j), (_, back) in pairs.items()}
    chosen = result.mentor.tolist()
    held: dict[int, list[int]] = {}
    for i, j in enumerate(chosen):
        if j >= 0:
            held.setdefault(j, []).append(i)
    found = []
    for i, j in pairs:
        now = chosen[i]
        if now == j or (now >= 0 and wants[i, now] > wants[i, j]):
            continue
        members = held.get(j, [])
        if len(members) < pool.capacity[j] or any(takes[i, j] > takes[k, j] for k in members):
            found.append((i, j))
    return found


def gale_shapley(pool: Pool) -> list[int]:
    """Deferred acceptance as the textbook has it, one proposal at a time."""
    pairs = pool.pairs()
    lists: list[list[int]] = [[] for _ in range(pool.n_mentees)]
    for i, j in pairs:
        lists[i].append(j)
    for i, wanted in enumerate(lists):
        wanted.sort(key=lambda j, i=i: (-pairs[i, j][0], tie_rule(pool, i, j)[0]))
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
                worst = max(held[j], key=lambda k, j=j: (-pairs[k, j][1], tie_rule(pool, k, j)[1]))
                held[j].remove(worst)
                chosen[worst] = -1
                if worst != i:
                    free.append(worst)
    return chosen


# Fairness to groups


def group_sizes(pool: Pool) -> list[int]:
    assert pool.groups is not None
    return np.bincount(pool.groups).tolist()


def flow_total_with(pool: Pool, quota: Sequence[int]) -> float | None:
    """The largest total at which each group has ``quota`` matches, by OR-tools; None if there is none.

    Mentees are sent through a node of their group, and the units that the quota asks for are worth
    more than all scores.
    """
    assert pool.groups is not None
    n, m = pool.n_mentees, pool.capacity.size
    source = n + m + len(quota)
    sink = source + 1
    flow = min_cost_flow.SimpleMinCostFlow()
    pairs, unit = pool.pairs(), cost_unit(pool)
    arcs = [
        flow.add_arc_with_capacity_and_unit_cost(i, n + j, 1, -round(s / unit))
        for (i, j), (s, _) in pairs.items()
    ]
    for j, places in enumerate(pool.capacity.tolist()):
        flow.add_arc_with_capacity_and_unit_cost(n + j, sink, min(places, n), 0)
    for i, group in enumerate(pool.groups.tolist()):
        flow.add_arc_with_capacity_and_unit_cost(n + m + group, i, 1, 0)
    asked = []
    for group, count in enumerate(quota):
        asked.append(flow.add_arc_with_capacity_and_unit_cost(source, n + m + group, int(count), -(2**44)))
        flow.add_arc_with_capacity_and_unit_cost(source, n + m + group, n, 0)
    flow.add_arc_with_capacity_and_unit_cost(source, sink, n, 0)
    flow.set_node_supply(source, n)
    flow.set_node_supply(sink, -n)
    assert flow.solve() == flow.OPTIMAL
    if any(flow.flow(arc) < count for arc, count in zip(asked, quota, strict=True)):
        return None
    return math.fsum(score for arc, (score, _) in zip(arcs, pairs.values(), strict=True) if flow.flow(arc))


def fairest(pool: Pool) -> tuple[list[float], float]:
    """The rates of the fair assignment from the smallest on, and its total, by trying all quotas."""
    members = group_sizes(pool)
    floor = flow_total(pool) * (1.0 - pool.max_loss) * (1.0 - 1e-12)
    found: list[tuple[list[float], float]] = []
    for quota in itertools.product(*(range(size + 1) for size in members)):
        total = flow_total_with(pool, quota)
        if total is not None and total >= floor:
            rates = sorted(count / size for count, size in zip(quota, members, strict=True) if size)
            found.append((rates, total))
    return max(found)


def groups_that_could_rise(pool: Pool, result: Assignment, floor: float) -> list[int]:
    """Groups that could have a match more, none with as low a rate or a lower one having fewer.

    Groups with a higher rate may come down, but not to the rate of the one that rises.
    """
    assert pool.groups is not None
    members = group_sizes(pool)
    count = np.bincount(pool.groups[result.mentor >= 0], minlength=len(members)).tolist()
    found = []
    for group, size in enumerate(members):
        if count[group] == size:
            continue
        quota = [
            had if had * size <= count[group] * of else count[group] * of // size + 1
            for had, of in zip(count, members, strict=True)
        ]
        quota[group] = count[group] + 1
        total = flow_total_with(pool, quota)
        if total is not None and total >= floor:
            found.append(group)
    return found
