"""Assign: all mentees at once, by the programme's objective, with what the others would have reached beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.assignment import Assignment, assign
from chalicelib.matching.engine.candidates import Candidates
from chalicelib.matching.engine.coverage import BLOCK
from chalicelib.matching.engine.planning import Plan, scored_block
from chalicelib.matching.model import (
    MILLION,
    NOT_CLASSIFIED,
    GroupShare,
    MenteeEntry,
    Objective,
    ObjectiveOutcome,
    Protected,
)
from chalicelib.people import codes

# How often pairs that the candidate lists had cut may be given back before the run goes on with what it has.
_SECOND_LOOKS = 5
# Candidates up to which a run that is not "fair" says what "fair" would reach: at three million it takes minutes.
_FAIR_BESIDE = 1_000_000
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


def places_left(plan: Plan, rounds: Sequence[Chosen]) -> NDArray[np.int64]:
    """Return int64[mentors]: the places of each open mentor that no round has given away."""
    left = np.asarray([entry.capacity_left for entry in plan.mentors], dtype=np.int64)
    for one in rounds:
        left -= np.bincount(one.mentor[one.mentor >= 0], minlength=len(left))
    return left


def without_a_pair(rounds: Sequence[Chosen]) -> NDArray[np.intp]:
    """Return the open mentees whom no round gave a mentor."""
    return np.flatnonzero(np.all([one.mentor < 0 for one in rounds], axis=0))


def pairs_more(plan: Plan, rounds: Sequence[Chosen]) -> NDArray[np.int64]:
    """Return int64[mentees]: how many further pairs this run may make of each open mentee."""
    most = plan.snapshot.settings.rounds
    more = np.asarray([min(most, entry.places_left) for entry in plan.mentees], dtype=np.int64)
    for one in rounds:
        more -= one.mentor >= 0
    return more


def taken(plan: Plan, rounds: Sequence[Chosen]) -> NDArray[np.int64]:
    """Return int64[mentees]: how many mentors, open proposals and pairs of this run each open mentee has."""
    held = np.asarray([entry.places_held for entry in plan.mentees], dtype=np.int64)
    for one in rounds:
        held += one.mentor >= 0
    return held


def assign_mentors(plan: Plan, candidates: Candidates) -> Chosen:
    """Assign all mentees at once who have no mentor and no open proposal; locked pairs have their places first.

    Where candidate lists were cut, a mentee without a mentor and a mentor with a place left may still suit each
    other: such pairs are given back and the assignment is made anew, until there are none.
    """
    return _Assigning(plan, candidates, (), 1).chosen()


def assign_in_rounds(plan: Plan, candidates: Candidates) -> tuple[Chosen, ...]:
    """Assign first mentors, then second ones, and so on, each time what is left; the first round is `assign_mentors`.

    Whoever has fewest goes first, what they have from before the run counted: so nobody has another mentor at the cost
    of who has fewer. No run makes more pairs of a mentee than the settings' `rounds`. A round without a pair is no part
    of the answer unless it is the first.
    """
    rounds = [assign_mentors(plan, candidates)]
    up_to = 1
    while True:
        has = taken(plan, rounds)
        # Whom this round passed over, the next ones have nobody for: they go on for those who have more.
        waiting = has[(pairs_more(plan, rounds) > 0) & (has >= up_to)]
        if not waiting.size:
            return tuple(rounds)
        up_to = int(waiting.min()) + 1
        further = _Assigning(plan, candidates, rounds, up_to).chosen()
        if np.any(further.mentor >= 0):
            rounds.append(further)


class _Assigning:
    """One round. `before` are those that went before it: their pairs are not made again, and their places are gone.
    `up_to` says who takes part, as in `Chosen`."""

    def __init__(self, plan: Plan, candidates: Candidates, before: Sequence[Chosen], up_to: int) -> None:
        self._plan = plan
        self._settings = plan.snapshot.settings
        self._is_first = not before
        locked = np.asarray(plan.locked if self._is_first else (), dtype=np.intp).reshape(-1, 2)
        self._locked_mentee, self._locked_mentor = locked[:, 0], locked[:, 1]
        self._capacity = places_left(plan, before).astype(np.int32)
        np.subtract.at(self._capacity, self._locked_mentor, 1)
        self._up_to = up_to
        self._part = (pairs_more(plan, before) > 0) & (taken(plan, before) < up_to)
        # In the first round nothing is left to do for those whose pair is locked.
        self._apart = np.union1d(self._locked_mentee, np.flatnonzero(~self._part))
        made = [_pair_keys(plan, *_pairs_of(one)) for one in before]
        self._made = np.concatenate([np.empty(0, dtype=np.int64), *made])
        self._candidates = candidates.without_mentees(self._apart)
        if before:
            self._candidates = self._without_made(self._candidates)
        self._names, self._group = protected_groups(plan.mentees, self._settings.protected)

    def chosen(self) -> Chosen:
        own = self._settings.objective
        found = {own: self._until_none_is_late(own)}
        found |= {one: self._assigned(one) for one in Objective if one is not own and self._is_compared(one)}
        mentors = {one: self._with_locked(result.mentor) for one, result in found.items()}
        totals = {one: self._total(mentor) for one, mentor in mentors.items()}
        free = len(self._plan.mentees) - len(self._apart)
        places = min(free, int(self._capacity.sum(dtype=np.int64)))
        bound = math.ceil((found[Objective.TOTAL].upper_bound + _ROUNDING * places) * MILLION)
        locked = self._total(self._with_locked(np.full(len(self._plan.mentees), -1, dtype=np.int32)))
        return Chosen(
            mentors[own],
            bound + locked,
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
        new = ~np.isin(_pair_keys(self._plan, edges.mentee, edges.mentor), self._made)
        return replace(edges, mentee=edges.mentee[new], mentor=edges.mentor[new], score=edges.score[new])

    def _is_compared(self, objective: Objective) -> bool:
        if objective is Objective.TOTAL:
            return True  # its bound is that of the others, too
        return self._is_first and (
            objective is not Objective.FAIR or len(self._candidates.score) <= _FAIR_BESIDE
        )

    def _until_none_is_late(self, objective: Objective) -> Assignment:
        """Assign, again with each lot of pairs that the cut lists had lost."""
        for _ in range(_SECOND_LOOKS):
            found = self._assigned(objective)
            late = self._late_pairs(found.mentor) if self._candidates.cut else None
            if late is None:
                return found
            self._candidates = self._candidates.with_pairs(*late)
        return self._assigned(objective)

    def _assigned(self, objective: Objective) -> Assignment:
        edges = self._candidates
        is_stable = objective is Objective.STABLE
        score, mentor_score = map(_parts, self._views()) if is_stable else (_parts(edges.score), None)
        return assign(
            edges.mentee,
            edges.mentor,
            score,
            len(self._plan.mentees),
            self._capacity,
            mentor_score=mentor_score,
            objective=objective.value,
            groups=self._free_groups(),
            max_loss=self._settings.max_loss / MILLION,
        )

    def _views(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return int64[E] each: how much the mentee wants the mentor of each candidate pair, and the mentor the
        mentee."""
        mentee, mentor = self._candidates.mentee.astype(np.intp), self._candidates.mentor.astype(np.intp)
        least = self._plan.rules.time.least_of_pairs(mentee, mentor)
        scores = self._plan.scores
        views = [scores.seen_with(say).of_pairs(mentee, mentor, least) for say in (0, MILLION)]
        return views[0], views[1]

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
        mentee = np.flatnonzero(mentor >= 0)
        its = mentor[mentee].astype(np.intp)
        least = self._plan.rules.time.least_of_pairs(mentee, its)
        return int(self._plan.scores.of_pairs(mentee, its, least).sum())

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

    def _late_pairs(
        self, mentor: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]] | None:
        taken = np.bincount(mentor[mentor >= 0], minlength=len(self._capacity))
        free = np.flatnonzero(taken < self._capacity)
        without = np.setdiff1d(np.flatnonzero(mentor < 0), self._apart)
        found = [
            scored_block(self._plan, without[first : first + BLOCK], free)
            for first in range(0, len(without) if free.size else 0, BLOCK)
        ]
        if not found:
            return None
        mentees, mentors, scores = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
        new = ~np.isin(_pair_keys(self._plan, mentees, mentors), self._made)
        return (mentees[new], mentors[new], scores[new]) if new.any() else None


def _pairs_of(chosen: Chosen) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    mentee = np.flatnonzero(chosen.mentor >= 0)
    return mentee, chosen.mentor[mentee]


def _pair_keys(plan: Plan, mentee: NDArray[np.integer], mentor: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return one number a pair."""
    return mentee.astype(np.int64) * len(plan.mentors) + mentor


def _parts(score: NDArray[np.integer]) -> NDArray[np.float32]:
    """Return millionths as parts of one."""
    return (score / MILLION).astype(np.float32)


def protected_groups(
    mentees: Iterable[MenteeEntry], protected: Protected
) -> tuple[list[str], NDArray[np.int32]]:
    """Return the names of the protected groups, in their order, and each mentee's."""
    own = [_group_of(entry, protected) for entry in mentees]
    order = (
        [*codes.INCOME_GROUPS] if protected is Protected.INCOME_GROUP else sorted(set(own) - {NOT_CLASSIFIED})
    )
    names = [*order, NOT_CLASSIFIED]
    index = {name: n for n, name in enumerate(names)}
    return names, np.asarray([index[name] for name in own], dtype=np.int32)


def _group_of(entry: MenteeEntry, protected: Protected) -> str:
    profile = entry.profile
    match protected:
        case Protected.INCOME_GROUP:
            found: str | None = codes.income_group(profile.country or "")
        case Protected.COUNTRY:
            found = profile.country
        case Protected.CAREER_STAGE:
            found = profile.career_stage
        case Protected.PROFESSION:
            found = profile.profession
    return found or NOT_CLASSIFIED
