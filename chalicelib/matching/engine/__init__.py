"""A whole match run, step by step: plan, score, assign, explain, report.

Each step takes what the one before gave and nothing else, so that a later version can run them apart. None reads a
clock, a store or the network.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.assignment import assign
from chalicelib.matching.engine.candidates import CandidateLists, Candidates
from chalicelib.matching.engine.explanation import Explainer, closed
from chalicelib.matching.engine.overlap import Calendar, time_zone_release, week_starts
from chalicelib.matching.engine.report import build_report
from chalicelib.matching.engine.rules import Rules
from chalicelib.matching.engine.scoring import BLOCK, Scores
from chalicelib.matching.model import (
    MILLION,
    LeftOut,
    MatchResult,
    MatchSettings,
    MenteeEntry,
    MentorEntry,
    ProposedPair,
    Snapshot,
)

# How often pairs that the candidate lists had cut may be given back before the run goes on with what it has.
_SECOND_LOOKS = 5
# float32 holds a score up to one to within half of its last bit, 2**-25.
_ROUNDING = 2.0**-25


class Step(StrEnum):
    """What a run has just done."""

    PLANNED = "planned"
    SCORED = "scored"
    ASSIGNED = "assigned"
    EXPLAINED = "explained"
    REPORTED = "reported"


@dataclass(frozen=True)
class Plan:
    """The open people of a snapshot, encoded.

    People stand in an order of their own for each run, by a hash of run and person: it decides ties, so the order
    of the input changes nothing, and the same names do not win every night.

    Attributes
    ----------
    locked
        Mentee and mentor of the pairs that coordinators want and that can be made: open, and neither refuses the other.
    """

    snapshot: Snapshot
    mentees: tuple[MenteeEntry, ...]
    mentors: tuple[MentorEntry, ...]
    closed_mentees: tuple[LeftOut, ...]
    closed_mentors: tuple[LeftOut, ...]
    rules: Rules
    scores: Scores
    explainer: Explainer
    locked: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Chosen:
    """The assignment of a plan.

    Attributes
    ----------
    mentor
        int32[mentees]: index of each open mentee's mentor, or -1.
    upper_bound
        Millionths; no assignment of the candidates adds up to more.
    candidates
        The edges that it was chosen from.
    """

    mentor: NDArray[np.int32]
    upper_bound: int
    candidates: Candidates


def plan(snapshot: Snapshot) -> Plan:
    """Sort out who is open for matching, and encode them."""
    settings, now = snapshot.settings, snapshot.taken_at

    def order(entry: MenteeEntry | MentorEntry) -> tuple[bytes, str]:
        text = f"{snapshot.run_id}\n{entry.person_id}"
        return hashlib.blake2b(text.encode(), digest_size=8).digest(), entry.person_id

    mentees = tuple(sorted((e for e in snapshot.mentees if not e.closed_for()), key=order))
    mentors = tuple(sorted((e for e in snapshot.mentors if not e.closed_for(now)), key=order))
    closed_mentees = [closed(e, reasons) for e in snapshot.mentees if (reasons := e.closed_for())]
    closed_mentors = [closed(e, reasons) for e in snapshot.mentors if (reasons := e.closed_for(now))]
    starts = week_starts(now, settings.weeks)
    zones = {e.profile.time_zone or "" for e in mentees} | {e.profile.time_zone or "" for e in mentors}
    rules = Rules(mentees, mentors, settings, Calendar.of(starts, zones))
    scores = Scores(mentees, mentors, settings, now)
    return Plan(
        snapshot=snapshot,
        mentees=mentees,
        mentors=mentors,
        closed_mentees=tuple(closed_mentees),
        closed_mentors=tuple(closed_mentors),
        rules=rules,
        scores=scores,
        explainer=Explainer(mentees, mentors, settings, starts[0], rules, scores),
        locked=_locked(mentees, mentors, settings, rules),
    )


def _locked(
    mentees: Sequence[MenteeEntry], mentors: Sequence[MentorEntry], settings: MatchSettings, rules: Rules
) -> tuple[tuple[int, int], ...]:
    """Find the locked pairs that can be made; where a mentor has too few places, the first mentees get them."""
    mentee_at = {entry.person_id: n for n, entry in enumerate(mentees)}
    mentor_at = {entry.person_id: n for n, entry in enumerate(mentors)}
    wanted = sorted(
        (mentee_at[pair.mentee_id], mentor_at[pair.mentor_id])
        for pair in settings.locked
        if pair.mentee_id in mentee_at and pair.mentor_id in mentor_at
    )
    left = [entry.capacity_left for entry in mentors]
    made = []
    for mentee, mentor in wanted:
        if left[mentor] and rules.can_be_locked(mentee, mentor):
            left[mentor] -= 1
            made.append((mentee, mentor))
    return tuple(made)


def score(plan: Plan) -> Candidates:
    """Find the admissible pairs, score them, and keep those for the assignment."""
    settings = plan.snapshot.settings
    few = len(plan.mentees) * len(plan.mentors) <= settings.all_pairs_up_to
    lists = CandidateLists(
        None if few else settings.candidates_per_mentee,
        None if few else settings.candidates_per_mentor,
        len(plan.mentors),
    )
    for first in range(0, len(plan.mentees), BLOCK):
        rows = np.arange(first, min(first + BLOCK, len(plan.mentees)))
        lists.add(*_scored_block(plan, rows, np.ones(len(plan.mentors), dtype=np.bool_)))
    return lists.result()


def _scored_block(
    plan: Plan, rows: NDArray[np.intp], wanted_mentors: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Return row, mentee, mentor and score of the block's admissible pairs with wanted mentors."""
    admissible, least = plan.rules.admissible(rows, wanted_mentors)
    row, column = np.nonzero(admissible)
    found = plan.scores.of_block(rows, row, column, least[row, column])
    enough = found >= plan.snapshot.settings.min_score
    row, column, found = row[enough], column[enough], found[enough]
    return row, rows[row].astype(np.int32), column.astype(np.int32), found.astype(np.int32)


def assign_mentors(plan: Plan, candidates: Candidates) -> Chosen:
    """Assign all mentees at once.

    Where candidate lists were cut, a mentee without a mentor and a mentor with a place left may still suit each
    other: such pairs are given back and the assignment is made anew, until there are none.
    """
    capacity = np.asarray([entry.capacity_left for entry in plan.mentors], dtype=np.int32)
    locked = np.asarray(plan.locked, dtype=np.intp).reshape(-1, 2)
    np.subtract.at(capacity, locked[:, 1], 1)
    candidates = candidates.without_mentees(locked[:, 0])
    chosen = _assigned_in_rounds(plan, candidates, capacity, locked[:, 0])
    mentor = chosen.mentor.copy()
    mentor[locked[:, 0]] = locked[:, 1]
    bound = chosen.upper_bound + sum(pair.score for pair in plan.explainer.pairs(locked[:, 0], locked[:, 1]))
    return Chosen(mentor, bound, chosen.candidates)


def _assigned_in_rounds(
    plan: Plan, candidates: Candidates, capacity: NDArray[np.int32], apart: NDArray[np.intp]
) -> Chosen:
    """Assign the mentees but those `apart`, again with each lot of pairs that the cut lists had lost."""
    for _ in range(_SECOND_LOOKS):
        chosen = _assigned(plan, candidates, capacity)
        if not candidates.cut:
            break
        late = _late_pairs(plan, chosen, capacity, apart)
        if late is None:
            break
        candidates = candidates.with_pairs(*late)
    else:
        chosen = _assigned(plan, candidates, capacity)
    return chosen


def _assigned(plan: Plan, candidates: Candidates, capacity: NDArray[np.int32]) -> Chosen:
    result = assign(
        candidates.mentee,
        candidates.mentor,
        (candidates.score / MILLION).astype(np.float32),
        len(plan.mentees),
        capacity,
        objective=plan.snapshot.settings.objective.value,
    )
    rounding = _ROUNDING * min(len(plan.mentees), int(capacity.sum(dtype=np.int64)))
    return Chosen(result.mentor, math.ceil((result.upper_bound + rounding) * MILLION), candidates)


def _late_pairs(
    plan: Plan, chosen: Chosen, capacity: NDArray[np.int32], apart: NDArray[np.intp]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]] | None:
    taken = np.bincount(chosen.mentor[chosen.mentor >= 0], minlength=len(capacity))
    free = taken < capacity
    without = np.setdiff1d(np.flatnonzero(chosen.mentor < 0), apart)
    found = [
        _scored_block(plan, without[first : first + BLOCK], free)[1:]
        for first in range(0, len(without) if free.any() else 0, BLOCK)
    ]
    if not any(len(block[0]) for block in found):
        return None
    mentee, mentor, scores = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
    return mentee, mentor, scores


def explain(plan: Plan, chosen: Chosen) -> tuple[tuple[ProposedPair, ...], tuple[LeftOut, ...]]:
    """Return the pairs with their explanation, and the open mentees without one with their reasons."""
    mentee = np.flatnonzero(chosen.mentor >= 0)
    pairs = plan.explainer.pairs(mentee, chosen.mentor[mentee].astype(np.intp))
    return pairs, plan.explainer.left_out(np.flatnonzero(chosen.mentor < 0))


def explain_pair(
    mentee: MenteeEntry, mentor: MentorEntry, settings: MatchSettings, now: datetime
) -> ProposedPair:
    """Explain two people who are open for matching, whatever rule stands between them."""
    planned = plan(Snapshot("", "", now, (mentee,), (mentor,), settings))
    only = np.zeros(1, dtype=np.intp)
    (pair,) = planned.explainer.pairs(only, only)
    return pair


def run_match(snapshot: Snapshot, on_step: Callable[[Step], None] = lambda _: None) -> MatchResult:
    """Run a match.

    Parameters
    ----------
    snapshot
        All that is looked at; the same snapshot gives the same result, whatever the order of its people.
    on_step
        Called after each step, for progress and timings; those are no part of the result.
    """
    planned = plan(snapshot)
    on_step(Step.PLANNED)
    candidates = score(planned)
    on_step(Step.SCORED)
    chosen = assign_mentors(planned, candidates)
    on_step(Step.ASSIGNED)
    pairs, unmatched = explain(planned, chosen)
    on_step(Step.EXPLAINED)
    report = build_report(
        snapshot,
        open_mentees=planned.mentees,
        open_mentors=planned.mentors,
        closed_mentees=planned.closed_mentees,
        closed_mentors=planned.closed_mentors,
        pairs=pairs,
        left_out=unmatched,
        admissible_pairs=chosen.candidates.admissible,
        candidate_pairs=len(chosen.candidates.score),
        candidates_cut=chosen.candidates.cut,
        upper_bound=chosen.upper_bound,
        locked_made=len(planned.locked),
        time_zone_data=time_zone_release(),
    )
    on_step(Step.REPORTED)
    return MatchResult(
        pairs=pairs,
        left_out=_by_id((*planned.closed_mentees, *unmatched)),
        closed_mentors=_by_id(planned.closed_mentors),
        report=report,
    )


def _by_id(people: tuple[LeftOut, ...]) -> tuple[LeftOut, ...]:
    return tuple(sorted(people, key=lambda person: person.person_id))
