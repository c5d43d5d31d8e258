"""The weighted score of pairs, in whole millionths that add up exactly.

A pair's criteria have values v from 0 to one million, each the mean of how the two people see it by the say that the
settings give the mentor (`criteria`, `pairwise`); the programme's weights w are millionths that add up to one
million. The score is the sum of w · v / 1,000,000, cut to a whole number and at least 1. The points of a criterion
are its own w · v / 1,000,000, cut, and what cutting took goes one each to the largest remainders.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.engine import criteria
from chalicelib.matching.engine.criteria import MatrixCriterion
from chalicelib.matching.engine.overlap import Slots
from chalicelib.matching.engine.pairwise import PairTables
from chalicelib.matching.model import (
    CRITERIA,
    MILLION,
    Criterion,
    MatchSettings,
    MenteeEntry,
    MentorEntry,
)

Values = NDArray[np.int64]
Rows = NDArray[np.intp]


class Scores:
    """The score over one pool of open mentees and mentors."""

    def __init__(
        self,
        mentees: Sequence[MenteeEntry],
        mentors: Sequence[MentorEntry],
        settings: MatchSettings,
        taken_at: datetime,
    ) -> None:
        wanting = [entry.profile for entry in mentees]
        giving = [entry.profile for entry in mentors]
        self._people = wanting, giving
        weights = settings.weights.millionths()
        self.weights: Values = np.asarray([weights[criterion] for criterion in CRITERIA], dtype=np.int64)
        goals = criteria.Goals([p.goals for p in wanting], [p.goals for p in giving])
        self._matrices = self._seen_with(settings.mentor_say, goals)
        self._tables = PairTables(mentees, mentors, settings, taken_at)

    def seen_with(self, mentor_say: int) -> Scores:
        """Return these scores with another say of the mentors, in millionths: with 0 they are how much the mentee wants
        the mentor, with one million how much the mentor wants the mentee."""
        other = copy(self)
        other._matrices = self._seen_with(mentor_say, self._matrices[Criterion.GOALS])
        other._tables = self._tables.seen_with(mentor_say)
        return other

    def _seen_with(self, say: int, goals: MatrixCriterion) -> dict[Criterion, MatrixCriterion]:
        wanting, giving = self._people
        return {
            Criterion.TOPICS: criteria.topics(wanting, giving, say),
            Criterion.RESEARCH: criteria.tags(
                [p.research_interests for p in wanting], [p.research_interests for p in giving], say
            ),
            Criterion.GOALS: goals,
            Criterion.VALUES: criteria.tags([p.values for p in wanting], [p.values for p in giving], say),
        }

    def of_block(self, rows: Rows, row: Rows, column: Rows, least: Slots) -> Values:
        """Score E pairs of a block.

        Parameters
        ----------
        rows
            Indices of the block's B mentees.
        row, column
            For each pair, the place of its mentee in `rows`, and its mentor.
        least
            uint16[E]: common slots of each pair's poorest week.

        Returns
        -------
        int64[E], millionths from 1 to one million.
        """
        total = np.zeros(len(row), dtype=np.int64)
        for n, criterion in enumerate(CRITERIA):
            if self.weights[n]:
                total += self.weights[n] * self._value(criterion, rows, row, column, least)
        return np.maximum(1, total // MILLION)

    def of_pairs(self, mentee: Rows, mentor: Rows, least: Slots, languages: Values | None = None) -> Values:
        """Return int64[E]: the scores of given pairs, in any order; `languages` in place of that criterion's values."""
        earned = self._earned(mentee, mentor, least)
        if languages is not None:
            at = CRITERIA.index(Criterion.LANGUAGES)
            earned[:, at] = self.weights[at] * languages
        scores: Values = np.maximum(1, earned.sum(axis=1) // MILLION)
        return scores

    def points(self, mentee: Rows, mentor: Rows, least: Slots) -> Values:
        """Return int64[E, criteria]: the points of each criterion for given pairs; a row adds up to the score."""
        return whole_points(self._earned(mentee, mentor, least), self.weights)

    def _earned(self, mentee: Rows, mentor: Rows, least: Slots) -> Values:
        """Return int64[E, criteria]: w · v of each."""
        earned = np.zeros((len(mentee), len(CRITERIA)), dtype=np.int64)
        for n, criterion in enumerate(CRITERIA):
            if self.weights[n]:
                matrix = self._matrices.get(criterion)
                if matrix is not None:
                    value = matrix.scaled(matrix.of_pairs(mentee, mentor))
                else:
                    value = self._table(criterion, mentee, mentor, least)
                earned[:, n] = self.weights[n] * value
        return earned

    def _value(self, criterion: Criterion, rows: Rows, row: Rows, column: Rows, least: Slots) -> Values:
        matrix = self._matrices.get(criterion)
        if matrix is not None:
            return matrix.scaled(matrix.block(rows)[row, column])
        return self._table(criterion, rows[row], column, least)

    def _table(self, criterion: Criterion, mentee: Rows, column: Rows, least: Slots) -> Values:
        match criterion:
            case Criterion.CAREER:
                return self._tables.career(mentee, column)
            case Criterion.LANGUAGES:
                return self._tables.languages(mentee, column)
            case Criterion.OVERLAP:
                return self._tables.overlap(least)
            case Criterion.WISHES:
                return self._tables.wishes(mentee, column)
            case Criterion.CROSS_BORDER:
                return self._tables.cross_border(mentee, column)
            case Criterion.WAITING:
                return self._tables.waiting(mentee)
            case _:
                raise ValueError(f"no values for the criterion {criterion}")


def whole_points(earned: Values, weights: Values) -> Values:
    """Cut int64[E, C] of w · v to whole millionths whose rows add up to the score.

    The largest remainder gets the first millionth that cutting took; of equal ones the criterion of greater
    weight, then the earlier. A pair that earns nothing at all has a score of 1, which goes the same way.
    """
    floors, remainders = np.divmod(earned, MILLION)
    missing = np.maximum(1, earned.sum(axis=1) // MILLION) - floors.sum(axis=1)
    order = np.lexsort(
        (
            np.broadcast_to(np.arange(earned.shape[1]), earned.shape),
            np.broadcast_to(-weights, earned.shape),
            -remainders,
        )
    )
    extra = np.arange(earned.shape[1]) < missing[:, None]
    points = floors.copy()
    np.put_along_axis(points, order, np.take_along_axis(floors, order, axis=1) + extra, axis=1)
    return points
