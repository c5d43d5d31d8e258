"""Assign: all mentees at once, by the programme's objective, with what the others would have reached beside it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.assignment import Assignment, assign
from chalicelib.matching.engine.candidates import Candidates, Views
from chalicelib.matching.engine.coverage import BLOCK
from chalicelib.matching.engine.figures import Figures
from chalicelib.matching.engine.planning import Part, Plan, scored_block
from chalicelib.matching.model import MILLION, GroupShare, Objective, ObjectiveOutcome, RoundOutcome

# How often pairs that the candidate lists had cut may be given back before the run goes on with what it has.
_SECOND_LOOKS = 5
# Candidates up to which a run that is not "fair" says what "fair" would reach: at three million it takes minutes.
_FAIR_BESIDE = 1_000_000
# The same for "stable", of candidates that there can be: each is looked at from both sides for it.
_STABLE_BESIDE = 3_000_000
# float32 holds a score up to one to within half of its last bit, 2**-25.
_ROUNDING = 2.0**-25


@dataclass(frozen=True)
class Chosen:
    """The assignment of a plan.

    Attributes
    ----------
    mentor
        int32[mentees]: index of each open mentee's mentor in this round, or -1.
    total, upper_bound
        Millionths: the sum of the scores, and what no assignment of the candidates adds up to more than.
    candidates
        The edges that it was chosen from.
    outcomes
        What each objective reaches over these edges, by the groups of those who take part.
    greatest
        int32[mentees]: each mentee's mentor, or -1, where the sum of the scores is greatest.
    up_to
        What nobody has more of afterwards: mentors, open proposals and pairs of this run. Locked pairs are made
        whatever their mentees have.
    part
        bool[mentees]: who takes part, as they have fewer, and a place.
    """

    mentor: NDArray[np.int32]
    upper_bound: int
    candidates: Candidates
    outcomes: tuple[ObjectiveOutcome, ...]
    greatest: NDArray[np.int32]
    total: int
    up_to: int
    part: NDArray[np.bool_]


def places_left(figures: Figures, rounds: Sequence[Chosen]) -> NDArray[np.int64]:
    """Return int64[mentors]: the places of each open mentor that no round has given away."""
    left = figures.places.copy()
    for one in rounds:
        left -= np.bincount(one.mentor[one.mentor >= 0], minlength=len(left))
    return left


def without_a_pair(rounds: Sequence[Chosen]) -> NDArray[np.intp]:
    """Return the open mentees whom no round gave a mentor."""
    return np.flatnonzero(np.all([one.mentor < 0 for one in rounds], axis=0))


def pairs_more(figures: Figures, rounds: Sequence[Chosen]) -> NDArray[np.int64]:
    """Return int64[mentees]: how many further pairs this run may make of each open mentee."""
    more = np.minimum(figures.settings.rounds, figures.may_have)
    for one in rounds:
        more -= one.mentor >= 0
    return more


def taken(figures: Figures, rounds: Sequence[Chosen]) -> NDArray[np.int64]:
    """Return int64[mentees]: how many mentors, open proposals and pairs of this run each open mentee has."""
    held = figures.has.copy()
    for one in rounds:
        held += one.mentor >= 0
    return held


def told(
    figures: Figures, rounds: Sequence[Chosen], *, is_of_peers: bool = False
) -> tuple[RoundOutcome, ...]:
    """Return what each round came to; of peers each pair stands there twice."""
    return tuple(
        RoundOutcome(
            mentees=int(np.count_nonzero(one.part)),
            places=int(places_left(figures, rounds[:number]).sum()),
            pairs=int(np.count_nonzero(one.mentor >= 0)) // (2 if is_of_peers else 1),
            total=one.total,
            upper_bound=one.upper_bound,
            up_to=one.up_to,
        )
        for number, one in enumerate(rounds)
    )


def looked_at(rounds: Sequence[Chosen]) -> int:
    """Count the pairs that went into the assignment: each mentee's in the first round that they took part in."""
    new = np.ones_like(rounds[0].part)
    count = 0
    for one in rounds:
        count += int(np.count_nonzero(new[one.candidates.mentee]))
        new &= ~one.part
    return count


class Search(Protocol):
    """What an assignment asks the pairs themselves for."""

    def late(self, look: str, /, mentees: NDArray[np.intp], mentors: NDArray[np.intp]) -> Candidates | None:
        """Return all admissible pairs of some mentees with some mentors, both ascending, by mentee and mentor; None
        where there are none. `look` names the question within its run: it is always the same one then."""
        ...

    def views(self, edges: Candidates) -> Views:
        """Return how much the mentee wants the mentor of each candidate pair, and the mentor the mentee."""
        ...

    def assigned(self, look: str, /, find: Callable[[], Assignment]) -> Assignment:
        """Return what `find` does, or did when it was asked for under this name before."""
        ...


@dataclass(frozen=True)
class PlanSearch:
    """Asks a plan that holds all its people."""

    plan: Plan

    def late(self, _look: str, mentees: NDArray[np.intp], mentors: NDArray[np.intp]) -> Candidates | None:
        found = [
            scored_block(self.plan, mentees[first : first + BLOCK], mentors)
            for first in range(0, len(mentees) if mentors.size else 0, BLOCK)
        ]
        if not found:
            return None
        mentee, mentor, score = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
        return Candidates(mentee, mentor, score, len(score), cut=False)

    def views(self, edges: Candidates) -> Views:
        return views_of(self.plan, edges.mentee.astype(np.intp), edges.mentor.astype(np.intp))

    def assigned(self, _look: str, find: Callable[[], Assignment]) -> Assignment:
        return find()


def views_of(part: Part, mentee: NDArray[np.intp], mentor: NDArray[np.intp]) -> Views:
    """Return int32[E] each, millionths: how much the mentee of each pair wants the mentor, and the mentor the
    mentee."""
    least = part.rules.time.least_of_pairs(mentee, mentor)
    one, other = (
        part.scores.seen_with(say).of_pairs(mentee, mentor, least).astype(np.int32) for say in (0, MILLION)
    )
    return one, other


def compares_stable(figures: Figures) -> bool:
    """Tell whether a run looks for a stable assignment in its first round."""
    return figures.settings.objective is Objective.STABLE or figures.most_candidates <= _STABLE_BESIDE


def assign_mentors(plan: Plan, candidates: Candidates) -> Chosen:
    """Assign all mentees of a plan at once who have no mentor and no open proposal: the first round."""
    return _Assigning(plan.figures, PlanSearch(plan), candidates, (), 1).chosen()


def assign_in_rounds(figures: Figures, search: Search, candidates: Candidates) -> tuple[Chosen, ...]:
    """Assign first mentors, then second ones, and so on, each time what is left; locked pairs have their places first.

    Whoever has fewest goes first, what they have from before the run counted: so nobody has another mentor at the cost
    of who has fewer. No run makes more pairs of a mentee than the settings' `rounds`. A round without a pair is no part
    of the answer unless it is the first.

    Where candidate lists were cut, a mentee without a mentor and a mentor with a place left may still suit each
    other: such pairs are given back and the round's assignment is made anew, until there are none.
    """
    rounds = [_Assigning(figures, search, candidates, (), 1).chosen()]
    up_to = 1
    while True:
        has = taken(figures, rounds)
        # Whom this round passed over, the next ones have nobody for: they go on for those who have more.
        waiting = has[(pairs_more(figures, rounds) > 0) & (has >= up_to)]
        if not waiting.size:
            return tuple(rounds)
        up_to = int(waiting.min()) + 1
        further = _Assigning(figures, search, candidates, rounds, up_to).chosen()
        if np.any(further.mentor >= 0):
            rounds.append(further)


class _Assigning:
    """One round. `before` are those that went before it: their pairs are not made again, and their places are gone.
    `up_to` says who takes part, as in `Chosen`."""

    def __init__(
        self,
        figures: Figures,
        search: Search,
        candidates: Candidates,
        before: Sequence[Chosen],
        up_to: int,
    ) -> None:
        self._figures = figures
        self._search = search
        self._settings = figures.settings
        self._is_first = not before
        n = len(figures.locked) if self._is_first else 0
        self._locked_mentee, self._locked_mentor = figures.locked[:n, 0], figures.locked[:n, 1]
        self._locked_total = int(figures.locked_score[:n].sum())
        self._capacity = places_left(figures, before).astype(np.int32)
        np.subtract.at(self._capacity, self._locked_mentor, 1)
        self._up_to = up_to
        self._part = (pairs_more(figures, before) > 0) & (taken(figures, before) < up_to)
        # In the first round nothing is left to do for those whose pair is locked.
        self._apart = np.union1d(self._locked_mentee, np.flatnonzero(~self._part))
        made = [self._pair_keys(*_pairs_of(one)) for one in before]
        self._made = np.concatenate([np.empty(0, dtype=np.int64), *made])
        self._candidates = candidates.without_mentees(self._apart)
        if before:
            self._candidates = self._without_made(self._candidates)
        self._names, self._group = figures.names, figures.group

    def chosen(self) -> Chosen:
        own = self._settings.objective
        found = {own: self._until_none_is_late(own)}
        found |= {one: self._assigned(one) for one in Objective if one is not own and self._is_compared(one)}
        mentors = {one: self._with_locked(result.mentor) for one, result in found.items()}
        totals = {one: self._total(mentor) for one, mentor in mentors.items()}
        free = self._figures.mentees - len(self._apart)
        places = min(free, int(self._capacity.sum(dtype=np.int64)))
        bound = math.ceil((found[Objective.TOTAL].upper_bound + _ROUNDING * places) * MILLION)
        return Chosen(
            mentors[own],
            bound + self._locked_total,
            self._candidates,
            tuple(
                self._outcome(one, mentors[one], totals[one], totals[Objective.TOTAL])
                for one in Objective
                if one in found
            ),
            mentors[Objective.TOTAL],
            totals[own],
            self._up_to,
            self._part,
        )

    def _without_made(self, edges: Candidates) -> Candidates:
        return edges.take(~np.isin(self._pair_keys(edges.mentee, edges.mentor), self._made))

    def _is_compared(self, objective: Objective) -> bool:
        if objective is Objective.TOTAL:
            return True  # its bound is that of the others, too
        if not self._is_first:
            return False
        if objective is Objective.STABLE:
            return compares_stable(self._figures)
        return len(self._candidates.score) <= _FAIR_BESIDE

    def _until_none_is_late(self, objective: Objective) -> Assignment:
        """Assign, again with each lot of pairs that the cut lists had lost."""
        for look in range(_SECOND_LOOKS):
            found = self._assigned(objective, look)
            late = self._late_pairs(found.mentor, look) if self._candidates.cut else None
            if late is None:
                return found
            self._candidates = self._candidates.with_pairs(late)
        return self._assigned(objective, _SECOND_LOOKS)

    def _assigned(self, objective: Objective, look: int | None = None) -> Assignment:
        name = f"{self._up_to}-{objective.value}" + ("" if look is None else f"-{look}")
        return self._search.assigned(name, lambda: self._assign(objective))

    def _assign(self, objective: Objective) -> Assignment:
        edges = self._candidates
        is_stable = objective is Objective.STABLE
        score, mentor_score = (
            map(_parts, self._search.views(edges)) if is_stable else (_parts(edges.score), None)
        )
        return assign(
            edges.mentee,
            edges.mentor,
            score,
            self._figures.mentees,
            self._capacity,
            mentor_score=mentor_score,
            objective=objective.value,
            groups=self._free_groups(),
            max_loss=self._settings.max_loss / MILLION,
        )

    def _free_groups(self) -> NDArray[np.int32]:
        """Return each mentee's group; those who have no part in the round are one of their own, since nothing can be
        done for them."""
        group = self._group.copy()
        group[self._apart] = len(self._names)
        return group

    def _with_locked(self, mentor: NDArray[np.int32]) -> NDArray[np.int32]:
        whole = mentor.copy()
        whole[self._locked_mentee] = self._locked_mentor
        return whole

    def _total(self, mentor: NDArray[np.int32]) -> int:
        edges = self._candidates
        made = mentor[edges.mentee] == edges.mentor
        return int(edges.score[made].sum(dtype=np.int64)) + self._locked_total

    def _outcome(
        self, objective: Objective, mentor: NDArray[np.int32], total: int, best: int
    ) -> ObjectiveOutcome:
        there = np.bincount(self._group[self._part], minlength=len(self._names))
        served = np.bincount(self._group[self._part & (mentor >= 0)], minlength=len(self._names))
        return ObjectiveOutcome(
            objective,
            pairs=int(np.count_nonzero(mentor >= 0)),
            total=total,
            loss=max(0, best - total) * MILLION // best if best else 0,
            groups=tuple(
                GroupShare(name, int(there[n]), int(served[n]))
                for n, name in enumerate(self._names)
                if there[n]
            ),
        )

    def _late_pairs(self, mentor: NDArray[np.int32], look: int) -> Candidates | None:
        taken = np.bincount(mentor[mentor >= 0], minlength=len(self._capacity))
        free = np.flatnonzero(taken < self._capacity)
        without = np.setdiff1d(np.flatnonzero(mentor < 0), self._apart)
        if not (free.size and without.size):
            return None
        found = self._search.late(f"{self._up_to}-{look}", without, free)
        new = self._without_made(found) if found is not None else None
        return new if new is not None and len(new.score) else None

    def _pair_keys(self, mentee: NDArray[np.integer], mentor: NDArray[np.integer]) -> NDArray[np.int64]:
        """Return one number a pair."""
        return mentee.astype(np.int64) * self._figures.mentors + mentor


def _pairs_of(chosen: Chosen) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    mentee = np.flatnonzero(chosen.mentor >= 0)
    return mentee, chosen.mentor[mentee]


def _parts(score: NDArray[np.integer]) -> NDArray[np.float32]:
    """Return millionths as parts of one."""
    return (score / MILLION).astype(np.float32)
