"""The one global assignment of mentees to mentors with capacities.

``assign`` takes the admissible pairs with their scores and gives each mentee a mentor or none:
either the assignment with the largest total score, with a proven bound on what any assignment
could reach, or the stable one that mentees like best. numpy is the only dependency, one thread
the only one used; the same edges give the same answer, whatever order they come in.
"""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching._auction import Auction
from chalicelib.matching._deferred import deferred_acceptance
from chalicelib.matching._edges import Edges, canonical

Objective = Literal["total", "stable"]

_INDEX_LIMIT = 2**31 - 1


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
        No assignment over these edges and capacities has a larger total. It is proven, rounding
        included, and never below ``total``. With ``objective="total"`` it comes from the prices
        at which the search ended, about one part in a million above ``total`` at most. With
        ``objective="stable"`` it is the smaller of what mentees would score if each had their
        best edge, and what mentors would if each place had the mentor's best edge: cheap, and
        loose where many want the same mentor. Compare with a run of "total" to learn what
        stability costs.
    """

    mentor: NDArray[np.int32]
    total: float
    upper_bound: float

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
        mentor by ``mentor_score``; of equal scores the lower index is preferred), and of all such
        assignments is the one that every mentee likes best.

    Returns
    -------
    Assignment

    Raises
    ------
    ValueError
        For arrays that are not one-dimensional, of different lengths, or of a dtype that does not
        hold indices, capacities or scores; for an index out of range, a negative capacity, or a
        score outside (0, 1], infinite or not a number. The message names the first offender.

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
    if objective not in ("total", "stable"):
        raise ValueError(f'objective is {objective!r}: it must be "total" or "stable"')
    n_mentees = _count("n_mentees", n_mentees)
    capacity = _integers("capacity", capacity, None, "use 0 to close a mentor")
    mentee = _integers("mentee", mentee, n_mentees, "indices count from 0 to n_mentees - 1")
    mentor = _integers("mentor", mentor, capacity.size, "indices count from 0 to len(capacity) - 1")
    score = _scores("score", score)
    lengths = {"mentee": mentee.size, "mentor": mentor.size, "score": score.size}
    if mentor_score is not None:
        mentor_score = _scores("mentor_score", mentor_score)
        lengths["mentor_score"] = mentor_score.size
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name} {size}" for name, size in lengths.items())
        raise ValueError(f"edges have different lengths ({found}): give one entry for each edge")

    assigned = np.full(n_mentees, -1, np.int32)
    edges = canonical(mentee, mentor, score, mentor_score, n_mentees, capacity)
    if not edges.size:
        return Assignment(assigned, 0.0, 0.0)
    if objective == "total":
        auction = Auction(edges)
        auction.solve()
        held, bound = auction.held, auction.proven_bound()
    else:
        own = score[edges.source]
        held = deferred_acceptance(edges, own, own if mentor_score is None else mentor_score[edges.source])
        bound = _simple_bound(edges)
    chosen = held[held >= 0]
    assigned[edges.people[edges.row[chosen]]] = edges.mentor[chosen]
    total = math.fsum(edges.score[chosen])
    return Assignment(assigned, total, bound)


def _simple_bound(edges: Edges) -> float:
    """A bound from one side alone: everyone has their best edge."""
    of_mentees = math.fsum(np.maximum.reduceat(edges.score, edges.start))
    best = np.zeros(edges.n_mentors)
    np.maximum.at(best, edges.mentor, edges.score)
    of_mentors = math.fsum(best * np.minimum(edges.places, edges.mentor_degree))
    # Each product and the sum are rounded once.
    return min(of_mentees, of_mentors) * (1.0 + 2.0**-51)


def _count(name: str, value: Any) -> int:
    try:
        count = operator.index(value)
    except TypeError:
        raise ValueError(f"{name} is {value!r}: give a whole number") from None
    if not 0 <= count <= _INDEX_LIMIT:
        raise ValueError(f"{name} is {count}: it must be from 0 to {_INDEX_LIMIT}")
    return count


def _flat(name: str, value: Any, kinds: str, expected: str) -> NDArray[Any]:
    array = np.asarray(value)
    if array.ndim != 1:
        raise ValueError(f"{name} has {array.ndim} dimensions: give a one-dimensional array")
    if array.size and array.dtype.kind not in kinds:
        raise ValueError(f"{name} has dtype {array.dtype}, which does not hold {expected}: cast it first")
    return array


def _integers(name: str, value: Any, below: int | None, advice: str) -> NDArray[np.int32]:
    """``value`` as int32, every entry checked to be at least 0 and below ``below``."""
    array = _flat(name, value, "iu", "whole numbers")
    limit = _INDEX_LIMIT if below is None else below - 1
    if array.size and (int(array.min()) < 0 or int(array.max()) > limit):
        first = int(((array < 0) | (array > limit)).argmax())
        raise ValueError(
            f"{name}[{first}] is {array[first]}, outside 0 to {limit}: {advice}"
            if limit >= 0
            else f"{name}[{first}] is {array[first]}, but there is nobody to point at: {advice}"
        )
    return array.astype(np.int32, copy=False)


def _scores(name: str, value: Any) -> NDArray[np.float32]:
    """``value`` as float32, every entry checked to be in (0, 1], as float32 too."""
    array = _flat(name, value, "f", "scores (a floating-point number each)")
    with np.errstate(under="ignore"):
        narrow = array.astype(np.float32, copy=False)
    # Written so that NaN fails it as well.
    if array.size and not (narrow.min() > 0 and array.max() <= 1):
        first = int((~((narrow > 0) & (array <= 1))).argmax())
        raise ValueError(
            f"{name}[{first}] is {array[first]}, outside (0, 1]: scale scores into it and leave out "
            "the pairs that are not admissible"
        )
    return narrow
