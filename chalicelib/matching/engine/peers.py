"""Assign in a pool of peers: who is mentor and mentee at once is paired with another of the same pool.

Everybody stands among a plan's mentees and among its mentors, in one order, so that rules, scores, reasons and advice
are what they are between two sides. A pair is looked at from the one of its two who stands first; the criteria of
peers look both ways at once. A round gives each person one partner at most, and goes first to those who have fewest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.engine.assigning import (
    Chosen,
    pairs_more,
    places_left,
    taken,
)
from chalicelib.matching.engine.candidates import Candidates
from chalicelib.matching.engine.planning import Plan
from chalicelib.matching.model import GroupShare, Objective, ObjectiveOutcome
from chalicelib.matching.one_pool import Pairing, pair_up


def pair_in_rounds(plan: Plan, candidates: Candidates) -> tuple[Chosen, ...]:
    """Pair people until nobody who may have another partner has one to find.

    A round is for those with fewer partners, open proposals and pairs of this run than it says: each of its pairs has
    one of them. It is repeated as long as it makes pairs, then those with one more are looked at. In `Chosen.mentor`
    each of two has the other. A round without a pair is no part of the answer unless it is the first.
    """
    once = _once(plan, candidates)
    rounds: list[Chosen] = []
    up_to = 1
    while True:
        found = _round(plan, once, rounds, up_to)
        made = bool(np.any(found.mentor >= 0))
        if made or not rounds:
            rounds.append(found)
        if made:
            continue
        has = taken(plan.figures, rounds)
        waiting = has[_may_have_more(plan, rounds) & (has >= up_to)]
        if not waiting.size:
            return tuple(rounds)
        up_to = int(waiting.min()) + 1


def _once(plan: Plan, edges: Candidates) -> Candidates:
    """Return each pair as the one of its two sees it who stands first; of cut lists those that either has kept."""
    if not edges.cut:
        is_first = edges.mentee < edges.mentor
        first, second, score = edges.mentee[is_first], edges.mentor[is_first], edges.score[is_first]
    else:
        low, high = np.minimum(edges.mentee, edges.mentor), np.maximum(edges.mentee, edges.mentor)
        keys = np.unique(low.astype(np.int64) * len(plan.mentees) + high)
        rows, columns = np.divmod(keys, len(plan.mentees))
        first, second = rows.astype(np.int32), columns.astype(np.int32)
        least = plan.rules.time.least_of_pairs(rows, columns)
        score = plan.scores.of_pairs(rows, columns, least).astype(np.int32)
    return replace(edges, mentee=first, mentor=second, score=score, admissible=edges.admissible // 2)


def _may_have_more(plan: Plan, rounds: Sequence[Chosen]) -> NDArray[np.bool_]:
    may: NDArray[np.bool_] = (pairs_more(plan.figures, rounds) > 0) & (places_left(plan.figures, rounds) > 0)
    return may


def _round(plan: Plan, edges: Candidates, rounds: Sequence[Chosen], up_to: int) -> Chosen:
    n = len(plan.mentees)
    may = _may_have_more(plan, rounds)
    locked = np.asarray(() if rounds else plan.locked, dtype=np.int32).reshape(-1, 2)
    may[locked.ravel()] = False
    part = may & (taken(plan.figures, rounds) < up_to)
    fits = may[edges.mentee] & may[edges.mentor] & (part[edges.mentee] | part[edges.mentor])
    for one in rounds:
        fits &= one.mentor[edges.mentee] != edges.mentor
    some = edges.take(fits)
    found = pair_up(some.mentee, some.mentor, some.score, n)
    partner = found.partner.copy()
    partner[locked[:, 0]], partner[locked[:, 1]] = locked[:, 1], locked[:, 0]
    part[locked.ravel()] = True
    total = _total(plan, partner)
    return Chosen(
        mentor=partner,
        upper_bound=_bound(found, total),
        candidates=some,
        outcomes=(_outcome(plan, partner, part, total),),
        greatest=partner,
        total=total,
        up_to=up_to,
        part=part,
    )


def _bound(found: Pairing, total: int) -> int:
    """Return what no pairs of the round are worth more than; locked ones are what they are."""
    return total + found.upper_bound - found.total


def _total(plan: Plan, partner: NDArray[np.int32]) -> int:
    first = np.flatnonzero(partner > np.arange(len(partner)))
    second = partner[first].astype(np.intp)
    least = plan.rules.time.least_of_pairs(first, second)
    return int(plan.scores.of_pairs(first, second, least).sum())


def _outcome(plan: Plan, partner: NDArray[np.int32], part: NDArray[np.bool_], total: int) -> ObjectiveOutcome:
    names, group = plan.figures.names, plan.figures.group
    there = np.bincount(group[part], minlength=len(names))
    served = np.bincount(group[part & (partner >= 0)], minlength=len(names))
    return ObjectiveOutcome(
        Objective.TOTAL,
        pairs=int(np.count_nonzero(partner >= 0)) // 2,
        total=total,
        loss=0,
        groups=tuple(
            GroupShare(name, int(there[n]), int(served[n])) for n, name in enumerate(names) if there[n]
        ),
    )
