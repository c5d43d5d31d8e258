"""What if: whose people a dry run looks at, and what its settings change beside others. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.matching.reports import GroupShare
from chalicelib.matching.settings import Protected

MOST_NAMED = 100
"""Of the mentees whom the tried settings newly leave out, so many are named; all are counted."""


class PeopleOf(StrEnum):
    """LAST_RUN: as the last run found them, before its pairs took their places. NOW: as they are."""

    LAST_RUN = "last_run"
    NOW = "now"


class Instead(StrEnum):
    """Why a run looks at people as they are, though those of the last run were asked for: there is none whose pairs
    stand, or its snapshot is not kept any more."""

    NO_RUN = "no_run"
    NOT_KEPT = "not_kept"


@dataclass(frozen=True)
class Basis:
    """The people that a run looks at: what was asked for until its snapshot is taken, then what it came to.

    Attributes
    ----------
    run_id
        Whose snapshot it is, for LAST_RUN.
    mentees_gone, mentors_gone
        People of that snapshot who have left the programme or the service since, and are left out.
    """

    people: PeopleOf = PeopleOf.NOW
    run_id: str | None = None
    mentees_gone: int = 0
    mentors_gone: int = 0
    instead: Instead | None = None


@dataclass(frozen=True)
class Outcome:
    """What one match came to; `run_id` where it is a run's of its own.

    Attributes
    ----------
    matched
        Open mentees who had no mentor, and those of them with a pair.
    groups
        The protected groups; empty where it is a run's of its own.
    """

    pairs: int
    total: int
    mean_score: int
    matched: GroupShare
    income_groups: tuple[GroupShare, ...]
    groups: tuple[GroupShare, ...] = ()
    run_id: str | None = None


@dataclass(frozen=True)
class Comparison:
    """The same people under settings that are tried and under those before: of the last run where its people are
    looked at, else the programme's present ones.

    Attributes
    ----------
    tried, before
        Scores by the settings before, so that the two can be compared; groups by the tried ones.
    last_run
        The last run whose pairs stand, as its report has it.
    same_mentor, other_mentor, gained, lost
        Mentees who had no mentor, by what the tried settings give them beside those before.
    pairs_kept, pairs_gained, pairs_lost
        Pairs under both, under the tried settings alone, and under those before alone.
    newly_left_out
        The first `MOST_NAMED` of those who lost, by id.
    basis
        Whose people these are.
    """

    tried: Outcome
    before: Outcome
    last_run: Outcome | None
    protected: Protected
    same_mentor: int
    other_mentor: int
    gained: int
    lost: int
    pairs_kept: int
    pairs_gained: int
    pairs_lost: int
    newly_left_out: tuple[str, ...] = ()
    basis: Basis = field(default_factory=Basis)
