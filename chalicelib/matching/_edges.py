"""Edges in the one order that the engines work on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]

# Edges hashed at a time: their 64-bit hashes need not stand in memory beside all else.
_HASHED_AT_ONCE = 1 << 20


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


def _mixed(values: Keys) -> Keys:
    """The last steps of SplitMix64 (Steele, Lea and Flood, *OOPSLA* 2014): any change flips half the bits."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@dataclass(frozen=True)
class Edges:
    """Admissible pairs, each once, ordered by mentee and then by mentor.

    Only people with an edge are here, numbered anew in the order of their keys, or of their indices
    where there are no keys: so whoever has no edge changes nothing, and with keys neither does the
    order of the input. ``people[r]`` is the mentee of row ``r``, whose edges are
    ``start[r] : start[r] + degree[r]``, and ``mentors[c]`` the mentor of column ``c``. Edges of
    mentors without a place are left out.

    Attributes
    ----------
    people, mentors
        intp[R] and intp[M], the mentees and mentors that have an edge.
    people_key, mentor_key
        uint64[R] and uint64[M], their keys; without keys their numbers.
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
    mentors: Ints
    people_key: Keys
    mentor_key: Keys
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

    def pair_hashes(self) -> Iterator[tuple[slice, Keys]]:
        """The hash of both keys of each edge, some edges at a time.

        It is mix(mix(mentee's key) + mix(not mentor's key)) modulo 2**64, mix being `_mixed`.
        """
        people, mentors = _mixed(self.people_key), _mixed(~self.mentor_key)
        for begin in range(0, self.size, _HASHED_AT_ONCE):
            part = slice(begin, begin + _HASHED_AT_ONCE)
            yield part, _mixed(people.take(self.row[part]) + mentors.take(self.mentor[part]))

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
    keys: tuple[Keys, Keys] | None = None,
) -> Edges:
    """Order the edges, keep the best of those that name the same pair, drop the impossible ones.

    The best is the one with the highest score, and of equal scores with the highest
    ``mentor_score``, so that the order of the input decides nothing.
    """
    n_mentors = capacity.size
    orders: tuple[Ints, Ints] | None = None
    if keys is not None:
        orders = (keys[0].argsort(kind="stable"), keys[1].argsort(kind="stable"))
        mentee, mentor = _inverse(orders[0])[mentee], _inverse(orders[1])[mentor]
        capacity = capacity[orders[1]]
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
    del new_pair
    people, row, degree = _numbered(row, n_mentees)
    mentors, column, mentor_degree = _numbered(column, n_mentors)
    places = np.minimum(capacity[mentors].astype(np.intp), mentor_degree + 1)
    people_key: Keys = np.arange(people.size, dtype=np.uint64)
    mentor_key: Keys = np.arange(mentors.size, dtype=np.uint64)
    if keys is not None and orders is not None:
        people, mentors = orders[0][people], orders[1][mentors]
        people_key, mentor_key = keys[0][people], keys[1][mentors]
    return Edges(
        people,
        mentors,
        people_key,
        mentor_key,
        np.cumsum(degree) - degree,
        degree,
        row,
        column,
        value,
        source,
        places,
    )


def _inverse(order: Ints) -> NDArray[np.int32]:
    """Where ``order`` puts each index."""
    inverse = np.empty(order.size, np.int32)
    inverse[order] = np.arange(order.size, dtype=np.int32)
    return inverse


def _numbered(ends: Ints, bound: int) -> tuple[Ints, Ints, Ints]:
    """Who is among ``ends``, the ends numbered by that, and how often each one is."""
    count = np.bincount(ends, minlength=bound)
    present = count.nonzero()[0]
    if present.size < bound:
        number = np.zeros(bound, np.intp)
        number[present] = np.arange(present.size)
        ends = number[ends]
    return present, ends, count[present]
