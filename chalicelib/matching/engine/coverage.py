"""Points that add up over named features: what one side looks for and the other has.

Features of all criteria stand side by side in one matrix product over a block of mentees and all mentors. Its numbers
are whole and small enough for float32 to add exactly, so blocks, threads and machines change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.model import MILLION

Points = NDArray[np.float32]
Rows = NDArray[np.intp]

BLOCK: Final = 128
"""Mentees in a block: its arrays for 4,000 mentors stay near the processor."""

EVERYBODY: Final = ""
"""A feature that everybody has: what is sought of it is earned with anybody."""

_COLUMNS: Final = 2048


@dataclass(frozen=True)
class Side:
    """One side's people as a criterion looks at them.

    Attributes
    ----------
    sought
        Of each, what features of somebody on the other side are worth to them: whole points; negative ones take off.
    offered
        Of each, the features that they have, each once. All have `EVERYBODY`, which is not listed.
    """

    sought: Sequence[Mapping[str, int]]
    offered: Sequence[Iterable[str]]

    @classmethod
    def without_view(cls, offered: Sequence[Iterable[str]]) -> Side:
        """Return people who look for nothing themselves."""
        return cls([{}] * len(offered), offered)


class Coverage:
    """The points of one criterion: for each feature sought that the other has, those it is worth.

    The points of any pair's two people, without their signs, add up to less than 2**24.

    Parameters
    ----------
    adds_up
        Whether one may have all that another seeks, which then adds up to all that the criterion is worth; else what is
        sought are alternatives, or things to be avoided.
    """

    def __init__(self, mentees: Side, mentors: Side, *, adds_up: bool = False) -> None:
        self._adds_up = adds_up
        columns: dict[str, int] = {}
        left = [_numbered(">", one, columns) for one in mentees.sought]
        first_of_mentors = len(columns)
        right = [_numbered("<", one, columns) for one in mentors.sought]
        for people, direction, offered in ((right, ">", mentors.offered), (left, "<", mentees.offered)):
            everybody = columns.get(direction + EVERYBODY)
            for one, names in zip(people, offered, strict=True):
                if everybody is not None:
                    one[everybody] = 1
                for name in names:
                    column = columns.get(direction + name)
                    if column is not None:
                        one[column] = 1
        # What mentors look for has the later numbers.
        self._first_of_mentors = first_of_mentors
        self._n_columns = len(columns)
        self._mentees = _Ragged.of(left)
        self._mentors = _Ragged.of(right)
        self._held = self._mentors.turned(len(columns))

    def seen_with(self, mentor_say: int) -> Coverage:
        """Return these points as both see them together: the mentor's view has `mentor_say` millionths of them, the
        mentee's the rest, in whole numbers."""
        other = copy(self)
        first = self._first_of_mentors
        other._mentees = self._mentees.scaled(
            self._mentees.number < first, MILLION - mentor_say, adds_up=self._adds_up
        )
        other._mentors = self._mentors.scaled(
            self._mentors.number >= first, mentor_say, adds_up=self._adds_up
        )
        other._held = other._mentors.turned(self._n_columns)
        return other

    def block(self, rows: Rows, columns: Rows | None = None) -> Points:
        """Return float32[B, C]: the points of a block of mentees with some mentors (by default all)."""
        return points_of([self], rows, columns)

    def width(self, rows: Rows) -> int:
        """Return how many features a block of mentees has to be multiplied over."""
        return self._factors(rows)[2]

    def _factors(self, rows: Rows) -> tuple[_Entries, _Entries, int]:
        """Return the entries of the two matrices whose product is the block's points, and how wide they are."""
        at, owner = self._mentees.spread(rows)
        anybody = self._held.start[self._mentees.number[at] + 1] > self._held.start[self._mentees.number[at]]
        at, owner = at[anybody], owner[anybody]
        active, column = np.unique(self._mentees.number[at], return_inverse=True)
        held, feature = self._held.spread(active)
        return (
            _Entries(owner, column, self._mentees.points[at]),
            _Entries(feature, self._held.number[held], self._held.points[held]),
            len(active),
        )


def points_of(coverages: Sequence[Coverage], rows: Rows, columns: Rows | None = None) -> Points:
    """Return float32[B, C]: the points of some criteria together, of a block of mentees with some mentors, given in
    their order (by default all)."""
    mentors = len(coverages[0]._mentors.start) - 1
    factors = [one._factors(rows) for one in coverages]
    place: Rows | None = None
    if columns is not None:
        place = np.full(mentors, -1, dtype=np.intp)
        place[columns] = np.arange(len(columns))
    total = np.zeros((len(rows), mentors if columns is None else len(columns)), np.float32)
    while factors:
        # As many criteria at a time as one product takes; one with more features stands alone.
        count = max(1, int(np.searchsorted(np.cumsum([width for *_, width in factors]), _COLUMNS, "right")))
        some, factors = factors[:count], factors[count:]
        width = sum(n for *_, n in some)
        sought = np.zeros((len(rows), width), dtype=np.float32)
        offered = np.zeros((width, total.shape[1]), dtype=np.float32)
        first = 0
        for left, right, n in some:
            sought[left.row, first + left.column] = left.points
            right = right if place is None else right.at(place)
            offered[first + right.row, right.column] = right.points
            first += n
        total += sought @ offered
    return total


@dataclass(frozen=True, slots=True)
class _Entries:
    """The entries of a matrix that are not zero."""

    row: Rows
    column: Rows
    points: Points

    def at(self, place: Rows) -> _Entries:
        """Return the entries of columns that have a place, there."""
        column = place[self.column]
        kept = np.flatnonzero(column >= 0)
        return _Entries(self.row[kept], column[kept], self.points[kept])


@dataclass(frozen=True, slots=True)
class _Ragged:
    """Lists of numbers with points, end to end: list n is from `start[n]` to `start[n + 1]`."""

    start: Rows
    number: Rows
    points: Points

    @classmethod
    def of(cls, lists: Sequence[Mapping[int, int]]) -> _Ragged:
        start = np.zeros(len(lists) + 1, dtype=np.intp)
        np.cumsum([len(one) for one in lists], out=start[1:])
        number = np.fromiter((n for one in lists for n in one), dtype=np.intp, count=int(start[-1]))
        points = np.fromiter((n for one in lists for n in one.values()), np.float32, count=int(start[-1]))
        return cls(start, number, points)

    def scaled(self, which: NDArray[np.bool_], millionths: int, *, adds_up: bool) -> _Ragged:
        """Return the lists with some of their points multiplied and cut, so that those of a list add up to as many
        millionths of what they did, or each by itself, towards zero."""
        points = self.points.astype(np.int64)
        if adds_up:
            first = np.repeat(self.start[:-1], np.diff(self.start))
            sums = np.concatenate(([0], np.cumsum(np.where(which, points, 0))))
            so_far = (sums[1:] - sums[first]) * millionths // MILLION
            before = (sums[:-1] - sums[first]) * millionths // MILLION
            cut = so_far - before
        else:
            # Towards zero, so that what takes off as much as another gives still does.
            cut = np.sign(points) * (np.abs(points) * millionths // MILLION)
        return _Ragged(self.start, self.number, np.where(which, cut, points).astype(np.float32))

    def turned(self, n: int) -> _Ragged:
        """Return n lists, one of each number: in which lists it stood, with what points; without those of zero."""
        owner = np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))
        kept = np.flatnonzero(self.points)
        order = kept[np.argsort(self.number[kept], kind="stable")]
        start = np.zeros(n + 1, dtype=np.intp)
        np.cumsum(np.bincount(self.number[kept], minlength=n), out=start[1:])
        return _Ragged(start, owner[order], self.points[order])

    def spread(self, chosen: Rows) -> tuple[Rows, Rows]:
        """Return the positions of all entries of the chosen lists, and for each which of `chosen` it belongs to."""
        length = self.start[chosen + 1] - self.start[chosen]
        owner = np.repeat(np.arange(len(chosen)), length)
        offset = np.arange(len(owner)) - np.repeat(np.cumsum(length) - length, length)
        return self.start[chosen][owner] + offset, owner


def _numbered(direction: str, sought: Mapping[str, int], columns: dict[str, int]) -> dict[int, int]:
    """Return what is sought by column; what mentees look for and what mentors look for never meet."""
    return {
        columns.setdefault(direction + name, len(columns)): points
        for name, points in sought.items()
        if points
    }
