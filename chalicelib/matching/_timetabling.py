"""How a timetable is made: share the meetings out, put them into rounds, and make better what absences spoil.

Sharing out with no regard to when (`_sharing.py`) is exact, and no timetable is better; so it is the bound. Where
everybody is there in every round its meetings always fit into rounds (`_rounds.py`), and the timetable is the best.
Where people are absent in some rounds a few may not fit. Then rounds in which the same people are there, and two sorts
of them together, are shared out anew, the others staying as they are, as long as that makes it better.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from chalicelib.matching._rounds import Rounds
from chalicelib.matching._sharing import NEVER, Mask, Wide, share
from chalicelib.matching.timetable import Given, Meeting, Shortfall, Timetable, Unmet

_WORK: Final = 50_000_000
"""Pairs that are looked at, once for each meeting, until what is better is no longer sought: some four seconds."""
_SOFTER: Final = (4, 2, 8, 1, 16, 0)
"""How much a fairer share may be worth where a bound is sought, in the most that a meeting is worth; of very large
events the first alone is tried."""


@dataclass(frozen=True)
class Event:
    """What a timetable is made of, its people in the order that settles ties.

    Attributes
    ----------
    points
        int64[n, m]: of each mentee with each mentor; `NEVER` for two who never meet, or have been held.
    held
        Meetings that stand; `had` counts them by mentee, and `held_points` are theirs.
    present
        Of each mentee, and of each mentor, the rounds that can still be filled.
    keep
        Meetings of a former timetable that can still be.
    """

    points: Wide
    rounds: int
    held: frozenset[Meeting]
    held_points: int
    had: Wide
    present: tuple[list[frozenset[int]], list[frozenset[int]]]
    keep: frozenset[Meeting]


Standing = tuple[int, int]
"""How good meetings are: how fairly they are shared out, then what they are worth."""


class Timetabling:
    """One timetable being made."""

    def __init__(self, event: Event) -> None:
        self._event = event
        n, m = event.points.shape
        self._most = event.rounds + int(event.had.max(initial=0))
        # A kept pair counts less than a point, however many there are.
        self._scale = 1 + min(n, m) * event.rounds
        self._worth = np.where(event.points > NEVER, event.points * self._scale, NEVER)
        for pair in {(one.mentee, one.mentor) for one in event.keep}:
            if self._worth[pair] > NEVER:
                self._worth[pair] += 1
        # The first meeting of somebody who has fewer is worth more than all points.
        self._step = self._scale * (1 + max(0, int(self._worth.max(initial=0))))

    def solve(self) -> Timetable:
        """Return the timetable."""
        every = frozenset(range(self._event.rounds))
        empty = Rounds(self._event.present, self._event.rounds)
        shared = self._shared(empty, every, self._step)
        table = empty.copy()
        self._put(table, shared, every)
        best = self._standing_of(np.where(shared, 1, 0))
        if self._standing(table) != best:
            table = self._improved(table, best)
        return self._told(table)

    def _shared(self, table: Rounds, rounds: frozenset[int], step: int) -> Mask:
        """Share out some rounds anew, with no regard to when; the meetings of the others stay.

        Parameters
        ----------
        step
            What a meeting of somebody who has one less is worth more.
        """
        here = self._there(rounds)
        worth = np.where(here[0].astype(np.int32) @ here[1].T.astype(np.int32) > 0, self._worth, NEVER)
        had = self._event.had.copy()
        for one in table.meetings():
            if one.round not in rounds:
                worth[one.mentee, one.mentor] = NEVER
                had[one.mentee] += 1
        # Nobody has more than `_most`, so each counts something; there is no room for more in what is looked up beyond.
        gain = (self._most - had[:, None] - np.arange(len(rounds))).clip(min=0) * step
        return share(worth, here[0].sum(axis=1), here[1].sum(axis=1), gain)

    def _there(self, rounds: Collection[int]) -> tuple[Mask, Mask]:
        """Return bool[n, R], bool[m, R]: who is there in some rounds."""
        mentees, mentors = (
            np.asarray(
                [[number in one for number in sorted(rounds)] for one in side], dtype=np.bool_
            ).reshape(len(side), len(rounds))
            for side in self._event.present
        )
        return mentees, mentors

    def _put(self, table: Rounds, shared: Mask, rounds: frozenset[int]) -> None:
        """Put what was shared out into empty rounds: what was kept into its own, then the best of the rest first."""
        left = {(int(i), int(j)) for i, j in np.argwhere(shared)}
        for one in sorted(self._event.keep):
            pair = (one.mentee, one.mentor)
            fits = table.is_free(0, one.mentee, one.round) and table.is_free(1, one.mentor, one.round)
            if pair in left and one.round in rounds and fits:
                table.set([one])
                left.remove(pair)
        for pair in sorted(left, key=lambda pair: (-int(self._worth[pair]), pair)):
            table.place(*pair, rounds, self._event.keep)

    def _standing(self, table: Rounds) -> Standing:
        held = np.zeros(self._worth.shape, dtype=np.int64)
        for one in table.meetings():
            held[one.mentee, one.mentor] = 1
        return self._standing_of(held)

    def _standing_of(self, held: Wide) -> Standing:
        count = self._event.had + held.sum(axis=1)
        return _fairness(count, self._most), int((held * self._worth.clip(min=0)).sum())

    def _improved(self, table: Rounds, best: Standing) -> Rounds:
        """Share rounds out anew until nothing is better, or nothing can be."""
        standing = self._standing(table)
        work, before = 0, None
        while standing != before:
            before = standing
            for some in self._neighbourhoods():
                work += self._work_of(some)
                if work > _WORK:
                    return table
                tried = table.copy()
                tried.clear(tried.meetings(some))
                self._put(tried, self._shared(tried, some, self._step), some)
                found = self._standing(tried)
                if found > standing:
                    table, standing = tried, found
                if standing == best:
                    return table
        return table

    def _work_of(self, rounds: Collection[int]) -> int:
        return self._worth.size * min(self._worth.shape) * len(rounds)

    def _neighbourhoods(self) -> Iterator[frozenset[int]]:
        """Yield rounds in which the same people are there, and each two such sets together."""
        alike: dict[bytes, set[int]] = {}
        there = np.concatenate(self._there(range(self._event.rounds)))
        for number in range(self._event.rounds):
            if there[:, number].any():
                alike.setdefault(there[:, number].tobytes(), set()).add(number)
        sets = [frozenset(one) for one in alike.values()]
        yield from sets
        yield from (one | other for one, other in itertools.combinations(sets, 2))

    def _told(self, table: Rounds) -> Timetable:
        event = self._event
        made = table.meetings()
        count = event.had.copy()
        for one in made:
            count[one.mentee] += 1
        points = sum(int(event.points[one.mentee, one.mentor]) for one in made)
        return Timetable(
            meetings=tuple(sorted((*event.held, *made))),
            value=points + event.held_points,
            bound=max(points, self._bound(count)) + event.held_points,
            unmet=tuple(self._unmet(table, made, count)),
        )

    def _bound(self, count: Wide) -> int:
        """Return what no meetings that are shared out as fairly as these are worth more than.

        Whatever a fairer share is said to be worth, points and that together are never more than in the best sharing
        with no regard to when; so points are never more than that less what these shares are worth. Where these are as
        fair as that one, it is that one's points; where not, the least bound of a few prices is taken.
        """
        empty = Rounds(self._event.present, self._event.rounds)
        every = frozenset(range(self._event.rounds))
        dearest = max(0, int(self._worth.max(initial=0)))
        fair = _fairness(count, self._most)
        found: list[int] = []
        for step in (self._step, *(dearest * softer for softer in _SOFTER)):
            if len(found) > 1 and len(found) * self._work_of(every) > _WORK:
                break
            shared = self._shared(empty, every, step)
            fairest, worth = self._standing_of(np.where(shared, 1, 0))
            found.append((worth + (fairest - fair) * step) // self._scale)
            if fairest == fair and step == self._step:
                break
        return min(found)

    def _unmet(self, table: Rounds, made: Sequence[Meeting], count: Wide) -> Iterator[Unmet]:
        event = self._event
        met = Counter(one.mentee for one in made)
        taken = {(one.mentee, one.mentor) for one in made}
        for mentee, rounds in enumerate(event.present[0]):
            resting = {number for number in rounds if table.is_free(0, mentee, number)}
            fitting = [int(mentor) for mentor in np.flatnonzero(event.points[mentee] > NEVER)]
            left = [mentor for mentor in fitting if (mentee, mentor) not in taken]
            if not rounds and not count[mentee]:
                reason = Shortfall.ABSENT
            elif not resting:
                continue
            elif not left:
                some = met[mentee] or event.had[mentee]
                reason = Shortfall.ALL_MET if some else Shortfall.NOBODY_FITS
            elif all(resting.isdisjoint(event.present[1][mentor]) for mentor in left):
                reason = Shortfall.NO_COMMON_ROUND
            else:
                reason = Shortfall.MENTORS_TAKEN
            yield Unmet(mentee, int(count[mentee]), reason)


def _fairness(count: Wide, most: int) -> int:
    """Return how fairly meetings are shared out: somebody's first counts `most`, their second one less, and so on. So
    one more goes best to whoever has fewest."""
    return sum(most - number for one in count.tolist() for number in range(one))


def made(
    given: Given, held: frozenset[Meeting], keep: frozenset[Meeting], orders: tuple[list[int], list[int]]
) -> Timetable:
    """Make a timetable of what was given, its people taken in the order that settles ties.

    Parameters
    ----------
    held, keep
        Meetings that stand, and those of a former timetable.
    orders
        The mentees, and the mentors, in that order.
    """
    place = tuple({one: n for n, one in enumerate(side)} for side in orders)

    def placed(meetings: frozenset[Meeting]) -> frozenset[Meeting]:
        return frozenset(Meeting(r, place[0][i], place[1][j]) for r, i, j in meetings)

    stands = placed(held)
    points = np.full((len(orders[0]), len(orders[1])), NEVER)
    for n, mentee in enumerate(orders[0]):
        row = given.scores[mentee]
        for k, mentor in enumerate(orders[1]):
            point = row[mentor]
            if point is not None:
                points[n, k] = point
    held_points = sum(max(0, int(points[one.mentee, one.mentor])) for one in stands)
    had = np.zeros(len(orders[0]), dtype=np.int64)
    busy: tuple[dict[int, set[int]], dict[int, set[int]]] = ({}, {})
    for one in stands:
        points[one.mentee, one.mentor] = NEVER
        had[one.mentee] += 1
        busy[0].setdefault(one.mentee, set()).add(one.round)
        busy[1].setdefault(one.mentor, set()).add(one.round)
    to_come = frozenset(range(given.now_round, given.rounds))
    present = tuple(
        [given.present[side][one] & to_come - busy[side].get(n, set()) for n, one in enumerate(orders[side])]
        for side in (0, 1)
    )
    event = Event(
        points=points,
        rounds=given.rounds,
        held=stands,
        held_points=held_points,
        had=had,
        present=(present[0], present[1]),
        keep=frozenset(one for one in placed(keep) if one.round in to_come),
    )
    found = Timetabling(event).solve()
    return Timetable(
        meetings=tuple(sorted(Meeting(r, orders[0][i], orders[1][j]) for r, i, j in found.meetings)),
        value=found.value,
        bound=found.bound,
        unmet=tuple(
            sorted((replace(one, mentee=orders[0][one.mentee]) for one in found.unmet), key=_by_mentee)
        ),
    )


def _by_mentee(one: Unmet) -> int:
    return one.mentee
