"""Edges in the one order that the engines work on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]


def stable_order(keys: NDArray[np.int32] | Ints, bound: int) -> Ints:
    """Stable order of non-negative ``keys`` below ``bound``.

    numpy sorts 16-bit integers by radix, six times faster than its stable sort of wider ones, so
    wider keys go through it digit by digit.
    """
    order = (keys & 0xFFFF).astype(np.uint16).argsort(kind="stable")
    if bound > 1 << 16:
        high = (keys >> 16).astype(np.uint16)
        order = order[high[order].argsort(kind="stable")]
    return order


def spans(starts: Ints, lengths: Ints) -> tuple[Ints, Ints]:
    """Indices of the runs ``starts[k] : starts[k] + lengths[k]`` laid end to end.

    Returns
    -------
    (indices, offsets)
        ``indices`` of all runs, and where each run begins within them.
    """
    ends = np.cumsum(lengths)
    offsets = ends - lengths
    indices = np.repeat(starts - offsets, lengths)
    indices += np.arange(indices.size)
    return indices, offsets


@dataclass(frozen=True)
class Edges:
    """Admissible pairs, each once, ordered by mentee and then by mentor.

    Only mentees with an edge have a row: ``people[r]`` is the mentee of row ``r``, and the edges
    ``start[r] : start[r] + degree[r]`` are theirs. Edges of mentors without a place are left out.

    Attributes
    ----------
    people
        intp[R], mentees that have an edge, ascending.
    start, degree
        intp[R], where each row's edges begin, and how many there are.
    row, mentor
        intp[E], both ends of each edge.
    score
        float64[E], the scores as given (a float32 widens exactly).
    source
        intp[E], the position of each edge in the input.
    places
        intp[M], the mentors' capacities, cut at one more than their edges: so many are never full.
    """

    people: Ints
    start: Ints
    degree: Ints
    row: Ints
    mentor: Ints
    score: Floats
    source: Ints
    places: Ints

    @property
    def n_rows(self) -> int:
        return int(self.people.size)

    @property
    def n_mentors(self) -> int:
        return int(self.places.size)

    @property
    def size(self) -> int:
        return int(self.score.size)

    @cached_property
    def by_mentor(self) -> Ints:
        """Edges ordered by mentor, then by mentee."""
        return stable_order(self.mentor, self.n_mentors)

    @cached_property
    def mentor_degree(self) -> Ints:
        return np.bincount(self.mentor, minlength=self.n_mentors)

    @cached_property
    def mentor_start(self) -> Ints:
        return np.cumsum(self.mentor_degree) - self.mentor_degree


def canonical(
    mentee: NDArray[np.int32],
    mentor: NDArray[np.int32],
    score: NDArray[np.float32],
    mentor_score: NDArray[np.float32] | None,
    n_mentees: int,
    capacity: NDArray[np.int32],
) -> Edges:
    """Order the edges, keep the best of those that name the same pair, drop the impossible ones.

    The best is the one with the highest score, and of equal scores with the highest
    ``mentor_score``, so that the order of the input decides nothing.
    """
    n_mentors = capacity.size
    source = stable_order(mentor, n_mentors)
    source = source[stable_order(mentee[source], n_mentees)]
    row, column = mentee[source].astype(np.intp), mentor[source].astype(np.intp)
    if not capacity.all():
        possible = capacity[column] > 0
        source, row, column = source[possible], row[possible], column[possible]
    value = score[source].astype(np.float64)
    new_pair = np.ones(row.size, np.bool_)
    np.logical_or(row[1:] != row[:-1], column[1:] != column[:-1], out=new_pair[1:])
    if not new_pair.all():
        pair = np.cumsum(new_pair) - 1
        back = value if mentor_score is None else mentor_score[source]
        best = np.lexsort((-back, -value, pair))[new_pair.nonzero()[0]]
        source, row, column, value = source[best], row[best], column[best], value[best]
    per_mentee = np.bincount(row, minlength=n_mentees)
    people = per_mentee.nonzero()[0]
    degree = per_mentee[people]
    if people.size < n_mentees:
        position = np.zeros(n_mentees, np.intp)
        position[people] = np.arange(people.size)
        row = position[row]
    places = np.minimum(capacity.astype(np.intp), np.bincount(column, minlength=n_mentors) + 1)
    return Edges(people, np.cumsum(degree) - degree, degree, row, column, value, source, places)
