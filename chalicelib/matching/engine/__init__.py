"""A whole match run, step by step: plan, score, assign, explain, report.

Each step takes what the one before gave and nothing else, so that a later version can run them apart. None reads a
clock, a store or the network.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

import numpy as np

from chalicelib.matching.engine.assigning import Chosen as Chosen
from chalicelib.matching.engine.assigning import PlanSearch as PlanSearch
from chalicelib.matching.engine.assigning import assign_in_rounds as assign_in_rounds
from chalicelib.matching.engine.assigning import assign_mentors as assign_mentors
from chalicelib.matching.engine.assigning import looked_at, places_left, told, without_a_pair
from chalicelib.matching.engine.overlap import time_zone_release
from chalicelib.matching.engine.peers import pair_in_rounds as pair_in_rounds
from chalicelib.matching.engine.planning import Plan as Plan
from chalicelib.matching.engine.planning import part as part
from chalicelib.matching.engine.planning import plan as plan
from chalicelib.matching.engine.planning import score as score
from chalicelib.matching.engine.planning import scored_block as scored_block
from chalicelib.matching.engine.report import Known, Tally, build_report, loads, reason_counts
from chalicelib.matching.engine.rules import positions
from chalicelib.matching.engine.shortage import shortages
from chalicelib.matching.model import (
    LeftOut,
    MatchResult,
    MatchSettings,
    MenteeEntry,
    MentorEntry,
    PoolSize,
    ProposedPair,
    Snapshot,
)
from chalicelib.programmes.model import PairKind


class Step(StrEnum):
    """What a run has just done."""

    PLANNED = "planned"
    SCORED = "scored"
    ASSIGNED = "assigned"
    EXPLAINED = "explained"
    REPORTED = "reported"


def explain(plan: Plan, rounds: Sequence[Chosen]) -> tuple[tuple[ProposedPair, ...], tuple[LeftOut, ...]]:
    """Return the pairs of all rounds with their explanation, by mentee, each mentee's in the order in which they were
    made; and the open mentees without one with their reasons."""
    pairs: list[ProposedPair] = []
    made: Counter[str] = Counter()
    is_of_peers = plan.snapshot.kind is PairKind.PEER
    for chosen in rounds:
        mentee = np.flatnonzero(chosen.mentor >= 0)
        if is_of_peers:  # each of two has the other there
            mentee = mentee[mentee < chosen.mentor[mentee]]
        found = plan.explainer.pairs(mentee, chosen.mentor[mentee].astype(np.intp))
        made.update(pair.mentee_id for pair in found)
        pairs += (replace(pair, round=made[pair.mentee_id]) for pair in found)
    left_out = plan.explainer.left_out(without_a_pair(rounds), places_left(plan.figures, rounds) > 0)
    return tuple(sorted(pairs, key=lambda pair: (pair.mentee_id, pair.round))), left_out


def explain_pair(
    mentee: MenteeEntry,
    mentor: MentorEntry,
    settings: MatchSettings,
    now: datetime,
    kind: PairKind = PairKind.ONE_TO_ONE,
    mentor_since: datetime | None = None,
) -> ProposedPair:
    """Explain two people who are open for matching, whatever rule stands between them.

    Parameters
    ----------
    mentor_since
        Of peers, since when the one who stands as mentor has waited.
    """
    mentees: tuple[MenteeEntry, ...] = (mentee,)
    mentors: tuple[MentorEntry, ...] = (mentor,)
    if kind is PairKind.PEER:
        mentees += (MenteeEntry(mentor.person_id, mentor.profile, mentor_since or now),)
        mentors += (MentorEntry(mentee.person_id, mentee.profile, 1, mentor.verified_until),)
    planned = plan(Snapshot("", "", now, mentees, mentors, settings, kind=kind))
    row, column = positions(planned.mentees)[mentee.person_id], positions(planned.mentors)[mentor.person_id]
    (pair,) = planned.explainer.pairs(np.asarray([row], dtype=np.intp), np.asarray([column], dtype=np.intp))
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
    return run_plan(planned, on_step)


def run_plan(planned: Plan, on_step: Callable[[Step], None] = lambda _: None) -> MatchResult:
    """Do the steps of a run that follow its plan, for who looks at the plan afterwards."""
    candidates = score(planned)
    on_step(Step.SCORED)
    is_of_peers = planned.snapshot.kind is PairKind.PEER
    rounds = (
        pair_in_rounds(planned, candidates)
        if is_of_peers
        else assign_in_rounds(planned.figures, PlanSearch(planned), candidates)
    )
    on_step(Step.ASSIGNED)
    pairs, unmatched = explain(planned, rounds)
    on_step(Step.EXPLAINED)
    report = build_report(
        _known(planned, rounds, pairs),
        Tally.of(
            pairs,
            unmatched,
            {entry.person_id: entry for entry in planned.mentees},
            planned.settings,
            planned.snapshot.kind,
        ),
    )
    on_step(Step.REPORTED)
    return MatchResult(
        pairs=pairs,
        left_out=_by_id((*planned.closed_mentees, *unmatched)),
        closed_mentors=_by_id(planned.closed_mentors),
        report=report,
    )


def _known(planned: Plan, rounds: Sequence[Chosen], pairs: Sequence[ProposedPair]) -> Known:
    snapshot, first = planned.snapshot, rounds[0]
    is_of_peers = snapshot.kind is PairKind.PEER
    taken = Counter(pair.mentor_id for pair in pairs)
    if is_of_peers:
        taken.update(pair.mentee_id for pair in pairs)
    return Known(
        programme_id=snapshot.programme_id,
        run_id=snapshot.run_id,
        taken_at=snapshot.taken_at,
        settings=snapshot.settings,
        kind=snapshot.kind,
        pool=PoolSize(
            mentees=len(snapshot.mentees),
            mentors=len(snapshot.mentors),
            open_mentees=len(planned.mentees),
            open_mentors=len(planned.mentors),
            places=sum(entry.capacity_left for entry in planned.mentors),
        ),
        closed_mentees=reason_counts(planned.closed_mentees),
        closed_mentors=reason_counts(planned.closed_mentors),
        loads=loads(taken[entry.person_id] for entry in planned.mentors),
        admissible_pairs=first.candidates.admissible,
        candidate_pairs=looked_at(rounds),
        candidates_cut=first.candidates.cut,
        objectives=first.outcomes,
        rounds=told(planned.figures, rounds, is_of_peers=is_of_peers),
        locked_made=len(planned.locked),
        locked_missed=planned.locked_missed,
        # One more peer is on both sides at once, which the values of places do not tell.
        shortages=((), ()) if is_of_peers else shortages(planned, rounds),
        time_zone_data=time_zone_release(),
    )


def _by_id(people: tuple[LeftOut, ...]) -> tuple[LeftOut, ...]:
    return tuple(sorted(people, key=lambda person: person.person_id))
