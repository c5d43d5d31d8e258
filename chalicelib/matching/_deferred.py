"""Stable pairs: deferred acceptance with capacities, mentees proposing, all at once.

Gale and Shapley, *College admissions and the stability of marriage* (1962). The outcome does not
depend on the order of proposals, so all free mentees may propose in one step; with mentees
proposing it is the stable assignment that each mentee likes best.
"""

from __future__ import annotations

from heapq import heapify, heappush, heapreplace

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching._edges import Edges, Ints
from chalicelib.matching._places import Places

# List entries that a mentee looks at in one step before the next round.
LOOK_AHEAD = 8
# With fewer proposers than this, one at a time in plain Python beats numpy's cost for each call.
FEW = 24


def _bits(score: NDArray[np.float32]) -> NDArray[np.int64]:
    """Integers in the same order as the positive ``score``; up to 1 they take 30 bits."""
    bits: NDArray[np.int64] = score.view(np.int32).astype(np.int64)
    return bits


def _by_hash(edges: Edges) -> Ints:
    """Edges from the least pair hash on."""
    hashed = np.empty(edges.size, np.uint64)
    for part, some in edges.pair_hashes():
        hashed[part] = some
    return hashed.argsort(kind="stable")


def _preference(edges: Edges, score: NDArray[np.float32], rank: Ints | None) -> Ints:
    """Edges of each row from the best liked on, equal scores by ``rank``, or by mentor if there is none."""
    bits = (1 << 30) - 1 - _bits(score)
    order = _by_score(edges, bits)
    if rank is None:
        return order
    same = np.zeros(order.size, np.bool_)
    same[1:] = bits[order[1:]] == bits[order[:-1]]
    same[edges.start] = False
    run = np.cumsum(~same)
    same[:-1] |= same[1:]
    tied = same.nonzero()[0]
    order[tied] = order[tied[np.lexsort((rank[order[tied]], run[tied]))]]
    return order


def _by_score(edges: Edges, bits: NDArray[np.int64]) -> Ints:
    """Edges of each row from the least of ``bits`` on, equal ones by mentor."""
    within = np.arange(edges.size) - np.repeat(edges.start, edges.degree)
    for_score, for_within = 30, int(within.max()).bit_length()
    if int(edges.n_rows).bit_length() + for_score + for_within <= 63:
        # One plain sort of packed keys, each of them distinct, is many times faster than lexsort.
        key: Ints = (((edges.row << for_score) | bits) << for_within) | within
        key.sort()
        key &= (1 << for_within) - 1
        key += np.repeat(edges.start, edges.degree)
        return key
    order: Ints = np.lexsort((bits, edges.row))
    return order


def deferred_acceptance(
    edges: Edges, score: NDArray[np.float32], mentor_score: NDArray[np.float32], *, ties_by_hash: bool
) -> Ints:
    """The mentee-optimal stable assignment.

    Parameters
    ----------
    edges
        The instance.
    score, mentor_score
        float32[E], how much the mentee wants the mentor, and the mentor the mentee.
    ties_by_hash
        Of equal scores both sides prefer the lesser pair hash; otherwise the lower row and column.

    Returns
    -------
    intp[R]
        The edge by which each row is assigned, or -1.
    """
    rank: Ints | None = None
    if ties_by_hash:
        rank = np.empty(edges.size, np.intp)
        rank[_by_hash(edges)] = np.arange(edges.size)
    preference = _preference(edges, score, rank)
    # What mentors compare: their score, then the tie rule. Distinct among one mentor's.
    claim = (_bits(mentor_score) << 32) | (0xFFFFFFFF - (edges.row if rank is None else rank))
    end = edges.start + edges.degree
    places = Places(edges, np.int64)
    least = np.full(edges.n_mentors, -1, np.int64)
    position = edges.start.copy()
    free = np.arange(edges.n_rows)
    ahead = np.arange(LOOK_AHEAD)
    while free.size > FEW:
        looked = position.take(free)[:, None] + ahead
        beyond = looked >= end.take(free)[:, None]
        np.minimum(looked, edges.size - 1, out=looked)
        candidate = preference.take(looked)
        heard = claim.take(candidate) > least.take(edges.mentor.take(candidate))
        heard &= ~beyond
        first = heard.argmax(axis=1)
        line = np.arange(free.size)
        proposes = heard[line, first]
        position[free] += np.where(proposes, first + 1, LOOK_AHEAD)
        chosen = candidate[line, first][proposes]
        waiting = free[~proposes]
        waiting = waiting[position[waiting] < end[waiting]]
        if chosen.size:
            asked, now_least, losers = places.contest(edges.mentor.take(chosen), chosen, claim.take(chosen))
            least[asked] = now_least
            losers = edges.row.take(losers)
            waiting = np.concatenate((waiting, losers[position[losers] < end[losers]]))
        free = waiting
    held = np.full(edges.n_rows, -1, np.intp)
    taken = places.taken()
    held[edges.row[taken]] = taken
    if free.size:
        _one_by_one(edges, preference, claim, position, free, held)
    return held


def _one_by_one(
    edges: Edges, preference: Ints, claim: NDArray[np.int64], position: Ints, free: Ints, held: Ints
) -> None:
    """Let the last ``free`` rows propose in turn until each has a place or an exhausted list."""
    sitting = held[held >= 0]
    sitting = sitting[edges.mentor[sitting].argsort(kind="stable")]
    last = np.cumsum(np.bincount(edges.mentor[sitting], minlength=edges.n_mentors))
    heaps: dict[int, list[tuple[int, int]]] = {}
    where: dict[int, int] = {}

    def seats(mentor: int) -> list[tuple[int, int]]:
        heap = heaps.get(mentor)
        if heap is None:
            begin = int(last[mentor - 1]) if mentor else 0
            holding = sitting[begin : int(last[mentor])]
            heap = list(zip(claim[holding].tolist(), holding.tolist(), strict=True))
            heapify(heap)
            heaps[mentor] = heap
        return heap

    waiting = free.tolist()
    while waiting:
        row = waiting.pop()
        at = where.get(row, int(position[row]))
        end = int(edges.start[row] + edges.degree[row])
        held[row] = -1
        while at < end:
            edge = int(preference[at])
            at += 1
            mentor = int(edges.mentor[edge])
            heap = seats(mentor)
            offer = (int(claim[edge]), edge)
            if len(heap) < edges.places[mentor]:
                heappush(heap, offer)
                held[row] = edge
                break
            if offer > heap[0]:
                put_out = int(edges.row[heapreplace(heap, offer)[1]])
                held[row] = edge
                waiting.append(put_out)
                break
        where[row] = at
