"""What if: whose people a dry run looks at, and what its settings change beside others. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.kernel.errors import Invalid
from chalicelib.matching.reports import GroupShare
from chalicelib.matching.settings import Protected

MOST_NAMED = 100
"""Of the mentees whom the tried settings newly leave out, so many are named; all are counted."""


FEW = 20
"""With fewer open mentees, a person more or less turns what a comparison says; our judgement."""


class PeopleOf(StrEnum):
    """ALL: everybody in the programme as if nobody had been matched yet, by their profiles of today and with all their
    places. RUN, LAST_RUN: as a run found them, before its pairs took their places; the one that is named, or the newest
    that made pairs which stand. NOW: as they are, with the places that are left."""

    ALL = "all"
    LAST_RUN = "last_run"
    RUN = "run"
    NOW = "now"


class Instead(StrEnum):
    """Why a run looks at the whole programme, though those of an earlier run were asked for: none has made pairs that
    stand, or its snapshot is not kept any more."""

    NO_RUN = "no_run"
    NOT_KEPT = "not_kept"


@dataclass(frozen=True)
class Basis:
    """The people that a run looks at: what was asked for until its snapshot is taken, then what it came to.

    Attributes
    ----------
    run_id
        Whose snapshot it is, for LAST_RUN and RUN.
    mentees_gone, mentors_gone
        People of that snapshot who have left the programme or the service since, and are left out.
    mentee_places
        What the programme gives each mentee now, which a dry run reckons with whosever people it looks at.
    """

    people: PeopleOf = PeopleOf.NOW
    run_id: str | None = None
    mentees_gone: int = 0
    mentors_gone: int = 0
    instead: Instead | None = None
    mentee_places: int | None = None

    @property
    def is_earlier(self) -> bool:
        """Tell whether these are the people of a run before."""
        return self.people in (PeopleOf.LAST_RUN, PeopleOf.RUN)


def asked_for(people: PeopleOf | None, run_id: str | None, *, dry_run: bool, tries: bool) -> Basis:
    """Return whose people a run is to look at, from what was asked; `tries` where it has settings of its own.

    Raises
    ------
    Invalid
        If it is no dry run and people of now are not meant, or `people` and `run_id` do not go together.
    """
    if not dry_run and run_id is not None:
        raise Invalid.field(
            "/run_id", "Only a dry run looks at the people of another: set `dry_run` to true."
        )
    if not dry_run and people not in (None, PeopleOf.NOW):
        raise Invalid.field("/people", "Only a dry run looks at other people: set `dry_run` to true.")
    if people is None:
        people = PeopleOf.RUN if run_id is not None else PeopleOf.ALL if tries else PeopleOf.NOW
    if people is PeopleOf.RUN and run_id is None:
        raise Invalid.field("/run_id", "Name the run whose people you mean.")
    if people is not PeopleOf.RUN and run_id is not None:
        raise Invalid.field("/people", "With `run_id` it is run: leave this out.")
    return Basis(people, run_id)


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
    """The same people under settings that are tried and under those before: of the run whose people are looked at,
    else the programme's present ones.

    Attributes
    ----------
    tried, before
        Scores by the settings before, so that the two can be compared; groups by the tried ones.
    last_run
        The run whose people are looked at, else the newest that made pairs which stand, as its report has it.
    rounds
        Of the tried settings.
    same_mentor, other_mentor, gained, lost
        Mentees who had no mentor, by what the tried settings give them beside those before: the same, with or without a
        further one, another, one, or none.
    further, further_gained, further_lost
        Mentees with a further mentor under the tried settings; and those who have one under both, or had one, and more
        or fewer mentors under the tried settings.
    changed
        JSON pointers of what differs between the settings.
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
    rounds: int = 1
    further: int = 0
    further_gained: int = 0
    further_lost: int = 0
    changed: tuple[str, ...] | None = None
