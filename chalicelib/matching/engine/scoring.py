"""The weighted score of pairs, in whole millionths that add up exactly.

What a criterion is worth in points is its weight as a share of a million; the score of a pair is the sum of its points,
and at least 1. Points are whole from the start (`coverage`, `pairwise`), so nothing is left to round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.engine import criteria
from chalicelib.matching.engine.coverage import BLOCK, Coverage, Points, Rows, Side, points_of
from chalicelib.matching.engine.criteria import WISH_PARTS
from chalicelib.matching.engine.overlap import Slots
from chalicelib.matching.engine.pairwise import CommonMinutes, Goals, Interests, Languages
from chalicelib.matching.model import (
    CRITERIA,
    MILLION,
    Criterion,
    MatchSettings,
    MenteeEntry,
    MentorEntry,
    share_out,
)
from chalicelib.people.model import Profile
from chalicelib.programmes.model import PairKind

Values = NDArray[np.int64]


class Part(Protocol):
    """Something that earns points."""

    def block(self, rows: Rows, columns: Rows | None = None) -> Points:
        """Return float32[B, C]: whole points of a block of mentees with some mentors (by default all)."""
        ...


class _Sides(NamedTuple):
    """How the people of one side look at each criterion that both sides have a view of, at all that it is worth."""

    topics: Side
    research: Side
    values: Side
    cross_border: Side


class GoalVectors(NamedTuple):
    """int16[people, any] each: what people want, encoded among the texts of the whole pool."""

    mentees: NDArray[np.int16]
    mentors: NDArray[np.int16]


class Scores:
    """The score over one pool of open mentees and mentors, or some of each.

    Parameters
    ----------
    goals
        Where these are some of a pool; by default they are the whole of it.
    """

    def __init__(
        self,
        mentees: Sequence[MenteeEntry],
        mentors: Sequence[MentorEntry],
        settings: MatchSettings,
        taken_at: datetime,
        kind: PairKind = PairKind.ONE_TO_ONE,
        goals: GoalVectors | None = None,
    ) -> None:
        self._settings = settings
        self._is_of_peers = kind is PairKind.PEER
        self._worth = worth = settings.weights.millionths()
        self._minutes = CommonMinutes(settings, worth[Criterion.OVERLAP])
        self._wanting = [entry.profile for entry in mentees]
        self._of_mentees = _Sides(
            self._topics_of(self._wanting, criteria.topics_of_mentees), *self._alike(self._wanting)
        )
        self._careers = criteria.career_of_mentees(self._wanting, worth[Criterion.CAREER], kind)
        # Who has a mentor or an open proposal waits for nobody.
        times = [timedelta() if entry.has_one else taken_at - entry.waiting_since for entry in mentees]
        self._waiting = criteria.waiting(times, settings.waiting_days, worth[Criterion.WAITING])
        giving = [entry.profile for entry in mentors]
        of_goals = worth[Criterion.GOALS]
        self._goals = (
            Goals(*goals, of_goals)
            if goals is not None
            else Goals.of_texts([p.goals for p in self._wanting], [p.goals for p in giving], of_goals)
        )
        self._meet(giving)

    def with_mentors(self, mentors: Sequence[MentorEntry], like: Rows) -> Scores:
        """Return the scores of the same mentees with other mentors, each with the goals of one of these: `like` has the
        indices of those."""
        other = copy(self)
        other._goals = self._goals.with_texts_of(like)
        other._meet([entry.profile for entry in mentors])
        return other

    def _meet(self, giving: Sequence[Profile]) -> None:
        worth, wanting = self._worth, self._wanting
        of_mentors = _Sides(self._topics_of(giving, criteria.topics_of_mentors), *self._alike(giving))
        topics, research, values = (
            Coverage(*sides, adds_up=True) for sides in zip(self._of_mentees[:3], of_mentors[:3], strict=True)
        )
        abroad = Coverage(self._of_mentees.cross_border, of_mentors.cross_border)
        known, wished = share_out(worth[Criterion.WISHES], list(WISH_PARTS))
        wishes = Coverage(criteria.wishes(wanting, wished, giving), criteria.wishes(giving, wished, wanting))
        self._n_mentors = len(giving)
        self._languages = Languages(wanting, giving, self._settings, worth[Criterion.LANGUAGES])
        self._of_both: dict[Criterion, tuple[Part, ...]] = {
            Criterion.GOALS: (self._goals,),
            Criterion.CAREER: (Coverage(self._careers, criteria.career_of_mentors(giving)),),
            Criterion.LANGUAGES: (self._languages,),
            Criterion.WISHES: (criteria.knowing_the_country(wanting, giving, known),),
            Criterion.WAITING: (Coverage(self._waiting, Side.without_view([()] * len(giving))),),
        }
        self._of_each: dict[Criterion, tuple[Coverage | Interests, ...]] = {
            Criterion.TOPICS: (topics,),
            Criterion.RESEARCH: (research,),
            Criterion.VALUES: (values,),
            Criterion.WISHES: (wishes, Interests(wanting, giving, wished)),
            Criterion.CROSS_BORDER: (abroad,),
        }
        if self._is_of_peers:
            self._look_both_ways(wanting, known)
        # Of peers neither says more than the other.
        self._parts = self._seen_with(MILLION // 2 if self._is_of_peers else self._settings.mentor_say)

    def _topics_of(
        self, people: Sequence[Profile], of_side: Callable[[Sequence[Profile], int], Side]
    ) -> Side:
        one_of = criteria.topics_of_peers if self._is_of_peers else of_side
        return one_of(people, self._worth[Criterion.TOPICS])

    def _look_both_ways(self, people: Sequence[Profile], known: int) -> None:
        """Have each of two peers look at what else only the mentee of a pair looks at: the other's experience of their
        country, and how long they have waited themselves."""
        country = criteria.peers_country(people, known)
        self._of_both[Criterion.WISHES], self._of_both[Criterion.WAITING] = (), ()
        self._of_each[Criterion.WISHES] += (Coverage(country, country),)
        self._of_each[Criterion.WAITING] = (Coverage(self._waiting, self._waiting),)

    def _alike(self, people: Sequence[Profile]) -> tuple[Side, Side, Side]:
        """Look at the criteria that are one thing to mentees and mentors."""
        return (
            criteria.tags([p.research_interests for p in people], self._worth[Criterion.RESEARCH]),
            criteria.tags([p.values for p in people], self._worth[Criterion.VALUES]),
            criteria.cross_border(people, self._worth[Criterion.CROSS_BORDER]),
        )

    def seen_with(self, mentor_say: int) -> Scores:
        """Return these scores with another say of the mentors, in millionths: with 0 they are how much the mentee wants
        the mentor, with one million how much the mentor wants the mentee."""
        other = copy(self)
        other._parts = self._seen_with(mentor_say)
        return other

    def _seen_with(self, say: int) -> dict[Criterion, tuple[Part, ...]]:
        """Return what earns points of each criterion; nothing where it is worth nothing."""
        return {
            criterion: (
                *self._of_both.get(criterion, ()),
                *(part.seen_with(say) for part in self._of_each.get(criterion, ())),
            )
            for criterion in CRITERIA
            if self._worth[criterion]
        }

    def of_block(self, rows: Rows, least: Slots, columns: Rows | None = None) -> Points:
        """Score a block.

        Parameters
        ----------
        rows
            Indices of the block's B mentees.
        least
            uint16[B, C]: common slots of each pair's poorest week.
        columns
            Indices of C mentors; by default all.

        Returns
        -------
        float32[B, C], whole millionths from 1 to one million.
        """
        total = self._without_overlap(rows, columns)
        if self._worth[Criterion.OVERLAP]:
            total += self._minutes.points(least)
        return np.maximum(total, 1, out=total)

    def _without_overlap(self, rows: Rows, columns: Rows | None) -> Points:
        parts = [part for criterion, those in self._parts.items() if self._worth[criterion] for part in those]
        coverages = [part for part in parts if isinstance(part, Coverage)]
        others = [part for part in parts if not isinstance(part, Coverage)]
        n = self._n_mentors if columns is None else len(columns)
        total = points_of(coverages, rows, columns) if coverages else np.zeros((len(rows), n), np.float32)
        for part in others:
            total += part.block(rows, columns)
        return total

    def of_pairs(self, mentee: Rows, mentor: Rows, least: Slots, languages: Values | None = None) -> Values:
        """Return int64[E]: the scores of given pairs, in any order; `languages` in place of that criterion's values."""
        found = self._minutes.points(least).astype(np.int64)
        for at, rows, columns, row, column in _blocks(mentee, mentor):
            found[at] += self._without_overlap(rows, columns)[row, column].astype(np.int64)
            if languages is not None:
                usual = self._languages.block(rows, columns)[row, column].astype(np.int64)
                found[at] += self._languages.points(languages[at]) - usual
        return np.maximum(1, found)

    def points(self, mentee: Rows, mentor: Rows, least: Slots) -> Values:
        """Return int64[E, criteria]: the points of each criterion for given pairs; a row adds up to the score."""
        points = np.zeros((len(mentee), len(CRITERIA)), dtype=np.int64)
        points[:, CRITERIA.index(Criterion.OVERLAP)] = self._minutes.points(least)
        for at, rows, columns, row, column in _blocks(mentee, mentor):
            for n, criterion in enumerate(CRITERIA):
                for part in self._parts.get(criterion, ()):
                    points[at, n] += part.block(rows, columns)[row, column].astype(np.int64)
        # Who earns nothing at all has the one point of every pair for what counts most.
        most = max(range(len(CRITERIA)), key=lambda n: self._worth[CRITERIA[n]])
        points[~points.any(axis=1), most] = 1
        return points


def _blocks(mentee: Rows, mentor: Rows) -> Iterator[tuple[Rows, Rows, Rows, Rows, Rows]]:
    """Yield pairs by blocks of mentees: which they are, the block's mentees and mentors, and for each pair the
    places of its two among them."""
    order = np.argsort(mentee, kind="stable")
    rows, first = np.unique(mentee[order], return_index=True)
    ends = [*first.tolist(), len(order)]
    for n in range(0, len(rows), BLOCK):
        at = order[ends[n] : ends[min(n + BLOCK, len(rows))]]
        columns, column = np.unique(mentor[at], return_inverse=True)
        block = rows[n : n + BLOCK]
        yield at, block, columns, np.searchsorted(block, mentee[at]), column
