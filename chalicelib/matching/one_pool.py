"""Pairs within one pool: each person with one other at most, the sum of what pairs are worth as great as may be.

Pools of few people are solved exactly (`_blossom.py`). In larger ones each person is taken twice, as one who seeks
and as one who is found, and the two sides are assigned (`assignment.py`). Every matching is one of these assignments,
counted from both ends; so half of what no assignment is worth more than is what no matching is worth more than. An
assignment runs through people in ways and rings. The best pairs along each are taken; of a ring of even length they
are worth half of it at least, and only odd rings lose. Who is without a partner then, with the people of odd rings
and those whose pairs are worth the least, are paired anew, exactly. The bound says how far from the best the whole
can be.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching._blossom import Blossoms
from chalicelib.matching.assignment import assign
from chalicelib.matching.model import MILLION

EXACT_UP_TO: Final = 128
"""People of a pool that is solved exactly; our judgement. Time grows with their third power, and memory with the
second."""

# float32 holds a score up to one to within half of its last bit, 2**-25.
_ROUNDING: Final = 2.0**-25

Ints = NDArray[np.int32]
Wide = NDArray[np.int64]


@dataclass(frozen=True)
class Pairing:
    """Pairs of a pool.

    Attributes
    ----------
    partner
        int32[n]: each one's partner, or -1.
    total, upper_bound
        Millionths: what the pairs are worth, and what no pairs are worth more than.
    """

    partner: Ints
    total: int
    upper_bound: int


def pair_up(one: Ints, other: Ints, score: Ints, n: int) -> Pairing:
    """Pair the people of a pool.

    Parameters
    ----------
    one, other
        int32[E]: the two people of each possible pair; each two once.
    score
        int32[E]: what a pair is worth, millionths from 1 to a million.
    n
        How many people there are.

    Raises
    ------
    ValueError
        If a pair is of one person, or of two who stand there twice.
    """
    low, high = np.minimum(one, other).astype(np.int64), np.maximum(one, other).astype(np.int64)
    if np.any(low == high):
        raise ValueError("nobody is a pair with themselves")
    if len(np.unique(low * n + high)) < len(low):
        raise ValueError("two people stand there twice")
    people = np.unique(np.concatenate([low, high]))
    if len(people) <= EXACT_UP_TO:
        return _exact(low, high, score.astype(np.int64), people, n)
    order = np.lexsort((high, low))
    return _relaxed(low[order], high[order], score[order].astype(np.int64), n)


def _exact(low: Wide, high: Wide, score: Wide, people: Wide, n: int) -> Pairing:
    partner = np.full(n, -1, dtype=np.int32)
    if not len(people):
        return Pairing(partner, 0, 0)
    weight = np.zeros((len(people), len(people)), dtype=np.int64)
    row, column = np.searchsorted(people, low), np.searchsorted(people, high)
    weight[row, column] = weight[column, row] = score
    search = Blossoms(weight)
    found = search.solve()
    has = found >= 0
    partner[people[has]] = people[found[has]]
    return Pairing(partner, _worth(partner, low, high, score), search.bound())


def _relaxed(low: Wide, high: Wide, score: Wide, n: int) -> Pairing:
    both = (score / MILLION).astype(np.float32)
    found = assign(
        np.concatenate([low, high]).astype(np.int32), np.concatenate([high, low]).astype(np.int32),
        np.concatenate([both, both]), n, np.ones(n, dtype=np.int32),
    )  # fmt: skip
    bound = math.ceil((found.upper_bound + _ROUNDING * n) * MILLION / 2)
    worth = {(a, b): s for a, b, s in zip(low.tolist(), high.tolist(), score.tolist(), strict=True)}
    partner, odd = _along(found.mentor, worth)
    again = _to_pair_again(partner, odd, low, high, score)
    kept = np.isin(low, again) & np.isin(high, again)
    some = low[kept], high[kept], score[kept]
    better = _exact(*some, np.unique(np.concatenate(some[:2])), n)
    inside = partner.copy()
    inside[np.setdiff1d(np.arange(n), again)] = -1
    if better.total > _worth(inside, *some):
        partner[again] = better.partner[again]
    return Pairing(partner, _worth(partner, low, high, score), bound)


def _worth(partner: Ints, low: Wide, high: Wide, score: Wide) -> int:
    return int(score[partner[low] == high].sum()) if len(low) else 0


def _along(follows: Ints, worth: dict[tuple[int, int], int]) -> tuple[Ints, list[int]]:
    """Return the best pairs along the ways and rings of an assignment, and who is on an odd ring.

    Parameters
    ----------
    follows
        int32[n]: whom each one who seeks was given, or -1.
    """
    n = len(follows)
    partner = np.full(n, -1, dtype=np.int32)
    after = follows.tolist()
    is_followed = np.zeros(n, dtype=np.bool_)
    is_followed[follows[follows >= 0]] = True
    seen = [False] * n
    odd: list[int] = []
    # Ways begin with who follows nobody; what is left are rings.
    for start in (*np.flatnonzero(~is_followed).tolist(), *range(n)):
        if seen[start] or after[start] < 0:
            continue
        way = [start]
        seen[start] = True
        at = after[start]
        while at >= 0 and not seen[at]:
            seen[at] = True
            way.append(at)
            at = after[at]
        is_ring = at == start and len(way) > 2
        if is_ring and len(way) % 2:
            odd += way
        for first, second in _best_along(way, worth, is_ring=is_ring):
            partner[first], partner[second] = second, first
    return partner, odd


def _best_along(way: list[int], worth: dict[tuple[int, int], int], *, is_ring: bool) -> list[tuple[int, int]]:
    """Return the pairs of neighbours that are worth most: on a ring its last and first are neighbours, too."""
    steps = [(a, b) if a < b else (b, a) for a, b in itertools.pairwise(way)]
    total, pairs = _of_steps(steps, worth)
    if is_ring:
        closing = (min(way[-1], way[0]), max(way[-1], way[0]))
        rest, others = _of_steps(steps[1:-1], worth)
        if rest + worth[closing] > total:
            pairs = [*others, closing]
    return pairs


def _of_steps(
    steps: list[tuple[int, int]], worth: dict[tuple[int, int], int]
) -> tuple[int, list[tuple[int, int]]]:
    """Return the best of neighbouring steps of which no two that touch are taken."""
    best = [0, 0]  # up to the step before the last, and up to the last
    for step in steps:
        best.append(max(best[-1], best[-2] + worth[step]))
    pairs, at = [], len(steps)
    while at > 0:
        if best[at + 1] == best[at]:
            at -= 1
        else:
            pairs.append(steps[at - 1])
            at -= 2
    return best[-1], pairs


def _to_pair_again(partner: Ints, odd: list[int], low: Wide, high: Wide, score: Wide) -> Wide:
    """Return some people to pair anew, with their partners: those without, those of odd rings, and then those whose
    pairs are worth the least."""
    known = np.unique(np.concatenate([low, high]))
    alone = [one for one in known.tolist() if partner[one] < 0]
    held = partner[low] == high
    order = np.argsort(score[held], kind="stable")
    least = np.stack([low[held][order], high[held][order]], axis=1).ravel().tolist()
    chosen: dict[int, None] = {}
    for one in (*alone, *odd, *least):
        others = [one, int(partner[one])] if partner[one] >= 0 else [one]
        if len(chosen) + len([who for who in others if who not in chosen]) > EXACT_UP_TO:
            break
        chosen.update(dict.fromkeys(others))
    return np.asarray(sorted(chosen), dtype=np.int64)
