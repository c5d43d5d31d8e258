"""What if: the same people under other settings, measured by the present ones."""

from __future__ import annotations

import numpy as np

from chalicelib.matching import engine
from chalicelib.matching.engine import Plan
from chalicelib.matching.engine.rules import positions
from chalicelib.matching.model import Comparison, MatchReport, MatchResult, Outcome, ProposedPair, Snapshot


def compare(present: Snapshot, tried: MatchResult, last: MatchReport | None) -> Comparison:
    """Set a result beside what the present settings make of the same people.

    Parameters
    ----------
    present
        The people that `tried` came from, with the programme's present settings.
    last
        The report of the last run that proposed pairs, for the coordinator to see the two against what happened.
    """
    planned = engine.plan(present)
    now = engine.run_plan(planned)
    before, after = _mentors(now.pairs), _mentors(tried.pairs)
    both = before.keys() & after.keys()
    same = sum(before[one] == after[one] for one in both)
    return Comparison(
        tried=_outcome(tried.report, _rescored(planned, tried.pairs)),
        present=_outcome(now.report, now.report.total),
        last_run=_outcome(last, last.total, run_id=last.run_id) if last else None,
        same_mentor=same,
        other_mentor=len(both) - same,
        gained=len(after.keys() - before.keys()),
        lost=len(before.keys() - after.keys()),
    )


def _mentors(pairs: tuple[ProposedPair, ...]) -> dict[str, set[str]]:
    """Return the mentors of each mentee who has any."""
    found: dict[str, set[str]] = {}
    for pair in pairs:
        found.setdefault(pair.mentee_id, set()).add(pair.mentor_id)
    return found


def _rescored(planned: Plan, pairs: tuple[ProposedPair, ...]) -> int:
    """Return what pairs are worth in all by the settings of a plan of the same people."""
    mentee_at, mentor_at = positions(planned.mentees), positions(planned.mentors)
    mentee = np.asarray([mentee_at[pair.mentee_id] for pair in pairs], dtype=np.intp)
    mentor = np.asarray([mentor_at[pair.mentor_id] for pair in pairs], dtype=np.intp)
    return sum(pair.score for pair in planned.explainer.pairs(mentee, mentor))


def _outcome(report: MatchReport, total: int, *, run_id: str | None = None) -> Outcome:
    mean = total // report.pairs if report.pairs else 0
    return Outcome(report.pairs, total, mean, report.income_groups, run_id)
