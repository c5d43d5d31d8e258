"""Which admissible pairs go into the assignment.

Small pools keep all. Large ones keep the best of each mentee and the best of each mentor, so that no open mentor
who suits somebody is in nobody's list. Equal scores are told apart by a hash of the pair, or else all mentees of
an even pool would keep the same few mentors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Keys = NDArray[np.int64]
Mask = NDArray[np.bool_]
Scores = NDArray[np.float32]
Views = tuple[Ints, Ints]
"""How much the mentee of each pair wants the mentor, and the mentor the mentee; millionths."""

_SCORE_BITS = 20  # one million is below 2**20
_TIE_BITS = 22
_NONE = np.float32(-1)
_LOT = 8
_OWNER_LIMIT = 1 << (63 - _SCORE_BITS - _TIE_BITS)


@dataclass(frozen=True)
class Candidates:
    """Edges for the assignment.

    Attributes
    ----------
    mentee, mentor
        int32[E], indices into the plan's people.
    score
        int32[E], millionths.
    admissible
        How many admissible pairs there are in all.
    cut
        Whether some of them are missing here.
    views
        Where they were looked at already.
    """

    mentee: Ints
    mentor: Ints
    score: Ints
    admissible: int
    cut: bool
    views: Views | None = None

    def take(self, kept: NDArray[np.intp] | Mask) -> Candidates:
        """Return some of these."""
        views = None if self.views is None else (self.views[0][kept], self.views[1][kept])
        return replace(
            self, mentee=self.mentee[kept], mentor=self.mentor[kept], score=self.score[kept], views=views
        )

    def without_mentees(self, mentees: NDArray[np.intp]) -> Candidates:
        """Return these without the pairs of some mentees."""
        return self.take(~np.isin(self.mentee, mentees))

    def with_pairs(self, more: Candidates) -> Candidates:
        """Return these with more admissible pairs; none may be here already."""
        views = None
        if self.views is not None and more.views is not None:
            views = (
                np.concatenate([self.views[0], more.views[0]]),
                np.concatenate([self.views[1], more.views[1]]),
            )
        return Candidates(
            np.concatenate([self.mentee, more.mentee]),
            np.concatenate([self.mentor, more.mentor]),
            np.concatenate([self.score, more.score]),
            self.admissible,
            len(self.score) + len(more.score) < self.admissible,
            views,
        )


@dataclass(frozen=True)
class Lists:
    """What is kept of some mentees' admissible pairs: all that these keep, and all that may be on a mentor's list.

    Lists of different mentees are put together by `candidates_of`, in any order.

    Attributes
    ----------
    of_mentees, of_mentors
        The best of each mentee; of each mentor, as far as these mentees go. Every pair where nothing is cut.
    admissible
        How many admissible pairs there were.
    """

    of_mentees: Edges
    of_mentors: Edges
    admissible: int


class CandidateLists:
    """Takes admissible pairs block by block and keeps the best on both sides; of equal ones those with the lower index.

    Parameters
    ----------
    per_mentee, per_mentor
        How many to keep; None keeps every pair.
    n_mentors
        Number of mentors; at most two million.
    here
        How many of them are given here; by default all.
    """

    def __init__(
        self, per_mentee: int | None, per_mentor: int | None, n_mentors: int, here: int | None = None
    ) -> None:
        if n_mentors >= _OWNER_LIMIT:
            raise ValueError(f"a pool has fewer than {_OWNER_LIMIT:,} mentors")
        self._per_mentee = per_mentee
        self._per_mentor = per_mentor
        self._n_mentors = n_mentors
        self._here = n_mentors if here is None else here
        self._kept: list[Edges] = []
        self._for_mentors: list[Edges] = []
        self._waiting = 0
        self._bar = np.full(n_mentors, -1, dtype=np.int64)
        self._admissible = 0
        self._in_parts = False

    def add(
        self,
        rows: NDArray[np.intp],
        admissible: Mask,
        score: Scores,
        columns: NDArray[np.intp] | None = None,
    ) -> None:
        """Take a block of mentees with some mentors.

        Parameters
        ----------
        rows
            Indices of B mentees.
        admissible
            bool[B, C]
        score
            float32[B, C], whole millionths; valid where admissible. It is overwritten.
        columns
            Indices of C mentors, ascending; by default all. No pair is given twice.
        """
        self._in_parts |= columns is not None
        self._admissible += int(np.count_nonzero(admissible))
        if self._per_mentee is None or self._per_mentor is None:
            self._kept.append(Edges.of(rows, columns, score, *np.nonzero(admissible)))
            return
        np.copyto(score, _NONE, where=~admissible)
        # By score alone first: no pair below both of these is kept, and few are above one of them.
        best = Edges.of(rows, columns, score, *_above(score, _nearly_best(score, self._per_mentee)[:, None]))
        self._kept.append(best.take(best_of_each(best.mentee, best.key, self._per_mentee)))
        bar = self._bar if columns is None else self._bar[columns]
        above = Edges.of(rows, columns, score, *_above(score, (bar >> _TIE_BITS).astype(np.float32)))
        above = above.take(np.flatnonzero(above.key >= self._bar[above.mentor]))
        self._for_mentors.append(above)
        self._waiting += len(above.score)
        if self._waiting > 2 * self._per_mentor * self._here:
            self._settle(self._per_mentor)

    def lists(self) -> Lists:
        """Return what is kept."""
        if self._per_mentee is None or self._per_mentor is None:
            return Lists(joined(self._kept), Edges.none(), self._admissible)
        self._settle(self._per_mentor)
        kept = joined(self._kept)
        if self._in_parts:
            kept = kept.take(np.argsort(kept.mentor, kind="stable"))
            kept = kept.take(best_of_each(kept.mentee, kept.key, self._per_mentee))
        return Lists(kept, self._for_mentors[0], self._admissible)

    def result(self) -> Candidates:
        """Return the pairs kept on either side, each once, by mentee and mentor."""
        return candidates_of([self.lists()], self._per_mentor)

    def _settle(self, per_mentor: int) -> None:
        edges = _best_of_mentors(self._for_mentors, per_mentor)
        self._for_mentors, self._waiting = [edges], 0
        # A mentor whose list is full takes nobody below the last on it.
        full = np.bincount(edges.mentor, minlength=self._n_mentors) >= per_mentor
        lowest = np.full(self._n_mentors, np.iinfo(np.int64).max, dtype=np.int64)
        np.minimum.at(lowest, edges.mentor, edges.key)
        self._bar[full] = lowest[full]


def candidates_of(lists: Sequence[Lists], per_mentor: int | None) -> Candidates:
    """Return the pairs that lists of different mentees keep on either side, each once, by mentee and mentor."""
    edges = joined([one.of_mentees for one in lists])
    if per_mentor is not None:
        edges = joined([edges, _best_of_mentors([one.of_mentors for one in lists], per_mentor)])
    order = np.lexsort((edges.mentor, edges.mentee))
    edges = edges.take(order)
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (np.diff(edges.mentee) != 0) | (np.diff(edges.mentor) != 0)
    edges = edges.take(np.flatnonzero(first))
    admissible = sum(one.admissible for one in lists)
    return Candidates(edges.mentee, edges.mentor, edges.score, admissible, len(edges.score) < admissible)


def _best_of_mentors(parts: Sequence[Edges], count: int) -> Edges:
    edges = joined(parts)
    # Of equal keys the mentee with the lower index, whatever block they came in.
    edges = edges.take(np.argsort(edges.mentee, kind="stable"))
    return edges.take(best_of_each(edges.mentor, edges.key, count))


@dataclass(frozen=True)
class Edges:
    """Pairs with their scores, and keys that sort by score, then by a hash of the pair."""

    mentee: Ints
    mentor: Ints
    score: Ints
    key: Keys

    @classmethod
    def of(
        cls,
        rows: NDArray[np.intp],
        columns: NDArray[np.intp] | None,
        score: Scores,
        row: NDArray[np.intp],
        column: NDArray[np.intp],
    ) -> Edges:
        mentee = rows[row].astype(np.int32)
        mentor = (column if columns is None else columns[column]).astype(np.int32)
        whole = score[row, column].astype(np.int32)
        return cls.of_pairs(mentee, mentor, whole)

    @classmethod
    def of_pairs(cls, mentee: Ints, mentor: Ints, score: Ints) -> Edges:
        return cls(mentee, mentor, score, _keys(mentee, mentor, score))

    @classmethod
    def none(cls) -> Edges:
        nobody = np.empty(0, dtype=np.int32)
        return cls(nobody, nobody, nobody, np.empty(0, dtype=np.int64))

    def take(self, at: NDArray[np.intp]) -> Edges:
        return Edges(self.mentee[at], self.mentor[at], self.score[at], self.key[at])


def _nearly_best(score: Scores, count: int) -> Scores:
    """Return of each row a number that at least `count` of its scores reach, and few more; 0 where there are fewer.

    The best of each lot of scores are fewer numbers to sort out than all, and the one in place `count` among them is
    no greater than the one in that place among all.
    """
    lots = score.shape[1] // _LOT
    if lots < count:
        return np.zeros(len(score), dtype=np.float32)
    best = score[:, : lots * _LOT].reshape(len(score), _LOT, lots).max(axis=1)
    least: Scores = np.partition(best, lots - count, axis=1)[:, lots - count]
    return np.maximum(least, 0, out=least)


def _above(score: Scores, least: Scores) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return rows and columns of the scores of pairs that reach `least`."""
    row, column = np.divmod(np.flatnonzero(score >= np.maximum(least, 0)), score.shape[1])
    return row, column


def joined(parts: Sequence[Edges]) -> Edges:
    """Return the pairs of some parts, in their order."""
    if not parts:
        return Edges.none()
    return Edges(
        np.concatenate([part.mentee for part in parts]),
        np.concatenate([part.mentor for part in parts]),
        np.concatenate([part.score for part in parts]),
        np.concatenate([part.key for part in parts]),
    )


def _keys(mentee: Ints, mentor: Ints, score: Ints) -> Keys:
    """Return int64 keys that sort by score, then by a hash of the pair (the finaliser of SplitMix64, 2014)."""
    with np.errstate(over="ignore"):
        mixed = (mentee.astype(np.uint64) << np.uint64(32)) | mentor.astype(np.uint64)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    tie = (mixed >> np.uint64(64 - _TIE_BITS)).astype(np.int64)
    return (score.astype(np.int64) << _TIE_BITS) | tie


def best_of_each(owner: NDArray[np.integer], key: Keys, count: int) -> NDArray[np.intp]:
    """Return the positions of the `count` greatest keys of each owner; of equal keys the earlier."""
    reach = np.int64(1) << (_SCORE_BITS + _TIE_BITS)
    order = np.argsort(owner.astype(np.int64) * reach + (reach - 1 - key), kind="stable")
    sorted_owner = owner[order]
    start = np.searchsorted(sorted_owner, sorted_owner, side="left")
    return order[np.arange(len(order)) - start < count]
