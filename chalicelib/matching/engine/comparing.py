"""What if: the same people under other settings, measured by those before."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from chalicelib.matching import engine
from chalicelib.matching.comparisons import MOST_NAMED
from chalicelib.matching.engine import Plan
from chalicelib.matching.engine.figures import protected_groups
from chalicelib.matching.engine.rules import positions
from chalicelib.matching.model import (
    Basis,
    Comparison,
    GroupShare,
    MatchReport,
    MatchResult,
    MatchSettings,
    Outcome,
    ProposedPair,
    Protected,
    Snapshot,
)
from chalicelib.matching.settings import differences


def compare(
    before: Snapshot,
    tried: MatchResult,
    last: MatchReport | None,
    *,
    settings: MatchSettings,
    basis: Basis | None = None,
) -> Comparison:
    """Set a result beside what other settings make of the same people.

    Parameters
    ----------
    before
        The people that `tried` came from, with the settings to compare with.
    last
        The report of the last run, for the coordinator to see the two against what happened.
    settings
        Those that are tried: by their `protected` groups are told apart.
    basis
        Whose people they are; None for people as they are.
    """
    protected = settings.protected
    planned = engine.plan(before)
    found = engine.run_plan(planned)
    # Of mentees those are counted who had no mentor: who had one is not without when no further one is found.
    with_one = {entry.person_id for entry in planned.mentees if entry.has_one}
    all_own, all_others = (_mentors(one.pairs) for one in (found, tried))
    own, others = ({k: v for k, v in one.items() if k not in with_one} for one in (all_own, all_others))
    both = own.keys() & others.keys()
    # Who keeps a mentor and gets a further one has not been given another.
    same = sum(bool(own[one] & others[one]) for one in both)
    more = {one: len(all_others.get(one, ())) - len(all_own.get(one, ())) for one in both | with_one}
    lost = sorted(own.keys() - others.keys())
    kept = len(_ids(found.pairs) & _ids(tried.pairs))
    return Comparison(
        tried=_outcome(tried.report, _rescored(planned, tried.pairs), _groups(planned, tried, protected)),
        before=_outcome(found.report, found.report.total, _groups(planned, found, protected)),
        last_run=replace(_outcome(last, last.total), run_id=last.run_id) if last else None,
        protected=protected,
        same_mentor=same,
        other_mentor=len(both) - same,
        gained=len(others.keys() - own.keys()),
        lost=len(lost),
        pairs_kept=kept,
        pairs_gained=len(tried.pairs) - kept,
        pairs_lost=len(found.pairs) - kept,
        newly_left_out=tuple(lost[:MOST_NAMED]),
        basis=basis or Basis(),
        rounds=settings.rounds,
        further=sum(len(mentors) + (one in with_one) > 1 for one, mentors in all_others.items()),
        further_gained=sum(change > 0 for change in more.values()),
        further_lost=sum(change < 0 for change in more.values()),
        changed=differences(before.settings, settings),
    )


def _mentors(pairs: tuple[ProposedPair, ...]) -> dict[str, set[str]]:
    """Return the mentors of each mentee who has any."""
    found: dict[str, set[str]] = {}
    for pair in pairs:
        found.setdefault(pair.mentee_id, set()).add(pair.mentor_id)
    return found


def _ids(pairs: tuple[ProposedPair, ...]) -> set[tuple[str, str]]:
    return {(pair.mentee_id, pair.mentor_id) for pair in pairs}


def _rescored(planned: Plan, pairs: tuple[ProposedPair, ...]) -> int:
    """Return what pairs are worth in all by the settings of a plan of the same people."""
    mentee_at, mentor_at = positions(planned.mentees), positions(planned.mentors)
    mentee = np.asarray([mentee_at[pair.mentee_id] for pair in pairs], dtype=np.intp)
    mentor = np.asarray([mentor_at[pair.mentor_id] for pair in pairs], dtype=np.intp)
    return sum(pair.score for pair in planned.explainer.pairs(mentee, mentor))


def _outcome(report: MatchReport, total: int, groups: tuple[GroupShare, ...] = ()) -> Outcome:
    """Return what a report tells, with the total by the settings that the two are measured by."""
    mean = total // report.pairs if report.pairs else 0
    return Outcome(report.pairs, total, mean, report.matched, report.income_groups, groups)


def _groups(planned: Plan, found: MatchResult, protected: Protected) -> tuple[GroupShare, ...]:
    matched = {pair.mentee_id for pair in found.pairs}
    names, group = protected_groups(planned.mentees, protected)
    there, served = Counter[int](), Counter[int]()
    for entry, number in zip(planned.mentees, group.tolist(), strict=True):
        if not entry.has_one:
            there[number] += 1
            served[number] += entry.person_id in matched
    return tuple(GroupShare(name, there[n], served[n]) for n, name in enumerate(names) if there[n])
