"""The one global assignment of mentees to mentors with capacities.

``assign`` takes the admissible pairs with their scores and gives each mentee a mentor or none: the
assignment with the largest total score, the stable one that mentees like best, or the one that is
fair to groups of mentees at a bounded loss; with a proven bound on what any assignment could reach.
numpy is the only dependency, one thread the only one used; the same edges give the same answer,
whatever order they come in, and with keys so do the same people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching import _input
from chalicelib.matching._auction import Auction
from chalicelib.matching._deferred import deferred_acceptance
from chalicelib.matching._edges import Edges, Ints, canonical
from chalicelib.matching._fair import Fair

Objective = Literal["total", "stable", "fair"]


@dataclass(frozen=True)
class Assignment:
    """Who has which mentor.

    Attributes
    ----------
    mentor
        int32[n_mentees], the index of each mentee's mentor, or -1 for none.
    total
        Sum of the chosen edges' scores, correctly rounded.
    upper_bound
        No assignment over these edges and capacities has a larger total, whatever the objective.
        It is proven, rounding included, and never below ``total``. With "total" and "fair" it comes
        from the prices at which the search for the largest total ended, about one part in a million
        above that at most. With "stable" it is the smaller of what mentees would score if each had
        their best edge, and what mentors would if each place had the mentor's best edge: cheap, and
        loose where many want the same mentor. Compare with a run of "total" to learn what
        stability costs.
    loss
        With "fair" the share given up of the total that "total" reaches, at most ``max_loss``;
        otherwise 0.
    rates
        float64[G], where ``groups`` were given: the share of each group's mentees that have a
        mentor, those without an edge counted, for groups 0 to the largest; NaN for a group that
        nobody is in.
    """

    mentor: NDArray[np.int32]
    total: float
    upper_bound: float
    loss: float = 0.0
    rates: NDArray[np.float64] | None = None

    @property
    def gap(self) -> float:
        """How far from the best total this one can be at most, as a share of the total."""
        return (self.upper_bound - self.total) / self.total if self.total > 0 else 0.0


def assign(
    mentee: NDArray[np.int32],
    mentor: NDArray[np.int32],
    score: NDArray[np.float32],
    n_mentees: int,
    capacity: NDArray[np.int32],
    *,
    mentor_score: NDArray[np.float32] | None = None,
    objective: Objective = "total",
    keys: tuple[NDArray[np.uint64], NDArray[np.uint64]] | None = None,
    groups: NDArray[np.int32] | None = None,
    max_loss: float = 0.02,
) -> Assignment:
    """Assign mentees to mentors over the admissible pairs.

    Parameters
    ----------
    mentee, mentor
        int32[E], both ends of each edge, in any order. Where one pair is named more than once,
        its best edge counts (by ``score``, then by ``mentor_score``).
    score
        float32[E], in (0, 1].
    n_mentees
        Number of mentees; some may be on no edge.
    capacity
        int32[M], how many mentees each mentor can take; 0 closes a mentor.
    mentor_score
        float32[E], in (0, 1], how much the mentor wants the mentee; ``score`` when None. Only
        "stable" looks at it.
    objective
        "total" maximises the sum of scores; a mentee may be left out where that serves the sum.
        "stable" leaves no pair that would both rather have each other (mentee by ``score``,
        mentor by ``mentor_score``; equal scores as under ``keys``), and of all such assignments is
        the one that every mentee likes best.
        "fair" gives up at most ``max_loss`` of the largest total to raise the smallest match rate
        of any group, then the next, and so on, then the total. Groups that cannot rise any more,
        nobody of theirs being able to have a place, keep none of the others down.
    keys
        Two arrays, uint64[n_mentees] and uint64[M]: a hash of each mentee's and each mentor's
        identity, each distinct among its side. Of several best assignments the keys then decide, and
        the same people with the same keys have the same mentors in whatever order they and the
        edges come. Without keys the indices decide in their place. With "stable" both sides prefer,
        of equal scores, the pair with the lesser hash of both keys (`_edges.Edges.pair_hashes`), or
        without keys the lower index.
    groups
        int32[n_mentees], each mentee's group, numbered from 0. "fair" needs them; the others only
        count the rates.
    max_loss
        From 0 to 1, the share of the largest total that "fair" may give up.

    Returns
    -------
    Assignment

    Raises
    ------
    ValueError
        For arrays that are not one-dimensional, of different lengths, or of a dtype that does not
        hold indices, capacities, scores or keys; for an index out of range, a negative capacity, a
        score outside (0, 1], infinite or not a number, a key given twice, a group outside 0 to
        65,535, a loss outside 0 to 1, or "fair" without groups. The message names the first offender.

    Notes
    -----
    What is proven of "fair": the total is at least (1 - ``max_loss``) of the total that "total"
    reaches, which is within ``gap`` of the best, and no group's rate falls below the smallest one of
    "total". That the rates cannot be higher is proven by prices except for assignments within
    about one part in a million of the total of breaking the floor. Where several groups stand at
    the same rate and not all of them can rise, it is tried which; with many such ties, or in very
    large pools, those rise that cost the least, which need not lead to the best of the higher rates.

    Examples
    --------
    >>> result = assign(
    ...     np.array([0, 0, 1], np.int32),
    ...     np.array([0, 1, 0], np.int32),
    ...     np.array([0.75, 0.5, 0.5], np.float32),
    ...     2,
    ...     np.array([1, 1], np.int32),
    ... )
    >>> result.mentor.tolist(), result.total
    ([1, 0], 1.0)
    """
    if objective not in ("total", "stable", "fair"):
        raise ValueError(f'objective is {objective!r}: it must be "total", "stable" or "fair"')
    n_mentees = _input.count_of("n_mentees", n_mentees)
    capacity = _input.integers("capacity", capacity, _input.INDEX_LIMIT, "use 0 to close a mentor")
    mentee = _input.integers("mentee", mentee, n_mentees - 1, "indices count from 0 to n_mentees - 1")
    mentor = _input.integers("mentor", mentor, capacity.size - 1, "indices count from 0 to len(capacity) - 1")
    score = _input.scores("score", score)
    if mentor_score is not None:
        mentor_score = _input.scores("mentor_score", mentor_score)
    _input.same_lengths(mentee=mentee, mentor=mentor, score=score, mentor_score=mentor_score)
    if keys is not None:
        keys = _input.keys_of(keys, n_mentees, capacity.size)
    if groups is not None:
        groups = _input.groups_of(groups, n_mentees)
    elif objective == "fair":
        raise ValueError('groups is None: "fair" needs the group of each mentee')
    max_loss = _input.share("max_loss", max_loss)

    assigned = np.full(n_mentees, -1, np.int32)
    edges = canonical(mentee, mentor, score, mentor_score, n_mentees, capacity, keys)
    if not edges.size:
        return Assignment(assigned, 0.0, 0.0, rates=_rates(assigned, groups))
    loss = 0.0
    if objective == "stable":
        own = score[edges.source]
        back = own if mentor_score is None else mentor_score[edges.source]
        held = deferred_acceptance(edges, own, back, ties_by_hash=keys is not None)
        bound = _simple_bound(edges)
    else:
        auction = Auction(edges)
        auction.solve()
        held, bound = auction.held, auction.proven_bound()
        if objective == "fair" and groups is not None:
            members = np.bincount(groups)
            fair = Fair(auction, groups[edges.people].astype(np.intp), members, max_loss)
            fair.solve()
            loss = max(1.0 - _total(edges, fair.held) / _total(edges, held), 0.0)
            held = fair.held
    chosen = held[held >= 0]
    assigned[edges.people[edges.row[chosen]]] = edges.mentors[edges.mentor[chosen]]
    return Assignment(assigned, _total(edges, held), bound, loss, _rates(assigned, groups))


def _total(edges: Edges, held: Ints) -> float:
    return math.fsum(edges.score[held[held >= 0]].tolist())


def _rates(assigned: NDArray[np.int32], groups: NDArray[np.int32] | None) -> NDArray[np.float64] | None:
    """The share of each group that has a mentor."""
    if groups is None:
        return None
    members = np.bincount(groups)
    matched = np.bincount(groups[assigned >= 0], minlength=members.size)
    rates: NDArray[np.float64] = np.full(members.size, np.nan)
    np.divide(matched, members, out=rates, where=members > 0)
    return rates


def _simple_bound(edges: Edges) -> float:
    """A bound from one side alone: everyone has their best edge."""
    of_mentees = math.fsum(np.maximum.reduceat(edges.score, edges.start))
    best = np.zeros(edges.n_mentors)
    np.maximum.at(best, edges.mentor, edges.score)
    of_mentors = math.fsum(best * np.minimum(edges.places, edges.mentor_degree))
    # Each product and the sum are rounded once.
    return min(of_mentees, of_mentors) * (1.0 + 2.0**-51)
