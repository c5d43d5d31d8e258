"""What a run did as a whole, for the coordinator. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.matching.changes import ChangeKind, Stretch
from chalicelib.matching.explanations import Contribution, Reason
from chalicelib.matching.settings import Objective, Protected, Rule
from chalicelib.people.model import Channel, Window
from chalicelib.programmes.model import PairKind

NOT_CLASSIFIED = "not_classified"
"""The group of people of whom it is not known: a country without an income group, a profile without the field."""


@dataclass(frozen=True)
class PoolSize:
    """Who was there: all in the snapshot, those open for matching, and the open mentors' places."""

    mentees: int
    mentors: int
    open_mentees: int
    open_mentors: int
    places: int


@dataclass(frozen=True)
class GroupShare:
    """Open mentees of one group, and how many of them have a pair."""

    group: str
    mentees: int
    matched: int


@dataclass(frozen=True)
class Load:
    """How many open mentors have this many mentees from this run."""

    mentees: int
    mentors: int


@dataclass(frozen=True)
class ReasonCount:
    code: Reason
    people: int


class LockedMiss(StrEnum):
    """Why a locked pair could not be made: what keeps either of the two out of the run; or KEPT_APART, one answer for
    two who have each other already or had a proposal of late, a decline, and a block, so that nobody can tell which."""

    NOT_ENROLLED = "not_enrolled"
    NOT_ACTIVE = "not_active"
    NOT_VERIFIED = "not_verified"
    PROFILE_INCOMPLETE = "profile_incomplete"
    NO_PLACE_LEFT = "no_place_left"
    KEPT_APART = "kept_apart"


@dataclass(frozen=True)
class LockedMissCount:
    code: LockedMiss
    pairs: int


@dataclass(frozen=True)
class HelpCount:
    """Open mentees without a mentor whom none fits, for whom this single change is the smallest that would open one.

    Changes are counted together that are of one kind and language, channel or part of the week.
    """

    kind: ChangeKind
    people: int
    channel: Channel | None = None
    language: str | None = None
    level: str | None = None
    stretch: Stretch | None = None


@dataclass(frozen=True)
class ObjectiveOutcome:
    """What one objective would reach with the same people and pairs.

    Attributes
    ----------
    total
        Sum of the scores, in millionths.
    loss
        What it gives up of the greatest sum, as millionths of it.
    groups
        The protected groups.
    """

    objective: Objective
    pairs: int
    total: int
    loss: int
    groups: tuple[GroupShare, ...]


@dataclass(frozen=True)
class RoundOutcome:
    """What one round made of what those before it had left.

    Attributes
    ----------
    mentees, places
        Open mentees who took part, and the mentors' places that were left.
    total, upper_bound
        As in the report, of this round alone.
    up_to
        Who took part had fewer mentors, open proposals and pairs of this run than so many; 0 in reports from before
        that counted.
    """

    mentees: int
    places: int
    pairs: int
    total: int
    upper_bound: int
    up_to: int = 0


@dataclass(frozen=True)
class OneMore:
    """What one more place would add to the greatest sum: pairs (none or one) and millionths."""

    pairs: int
    total: int


@dataclass(frozen=True)
class WantedMentor:
    """Who one more mentor was taken to be: what is named here, and in all else like somebody who is open.

    Attributes
    ----------
    specialty
        None for that of whoever they are like.
    language
        At C2, and no other.
    channels
        Those that their line carries.
    time_zone
        Where most of the mentees of the shortage are.
    hours
        Free each week, on that zone's clock: up to three times two hours, when most of these mentees are.
    """

    specialty: str | None
    language: str
    channels: tuple[Channel, ...]
    time_zone: str
    hours: tuple[Window, ...]


@dataclass(frozen=True)
class Shortage:
    """Open mentees without any mentor or pair who have a language, a band of time zones and a specialty in common.

    Attributes
    ----------
    specialty
        None for any.
    utc_from, utc_before
        Hours from UTC that their clocks are at when the first week begins: from the first to before the second.
    places, places_left
        Places of open mentors who speak the language at the floor, work in the field and fit one of them by the public
        rules; and how many of these are left.
    one_more, would_fit, wanted
        What one place with one more such mentor would add, how many of these mentees that mentor would fit, and who it
        was taken to be. None if there is no open mentor to model one on.
    looked_at
        How many of these mentees were looked at, for all but `left_out`; None for all. The row's other figures are
        then lower bounds, but for `wanted`.
    """

    specialty: str | None
    language: str
    utc_from: int
    utc_before: int
    left_out: int
    places: int
    places_left: int
    one_more: OneMore | None
    would_fit: int | None
    wanted: WantedMentor | None = None
    looked_at: int | None = None


@dataclass(frozen=True)
class MatchReport:
    """What a run did, for the coordinator; only what the snapshot decides, so no timings.

    Attributes
    ----------
    time_zone_data
        Release of the IANA time zone database that the weeks were worked out with.
    weights
        Millionths by criterion, adding up to one million.
    rules_off
        Hard rules that the programme did without.
    protected, objectives
        What each objective would have reached in the first round, by the protected groups, with the mentees who had
        no mentor; the run's own is one.
    rounds
        What each round came to; empty in reports from before there were rounds.
    locked_pairs, locked_made, locked_missed
        Pairs that coordinators had locked, those of them that could be made, and why the others could not.
    admissible_pairs, candidate_pairs, candidates_cut
        Pairs that pass every rule, those that went into the assignment, and whether the settings' limits cut
        any.
    mean_score, score_deciles
        Millionths; the deciles are the least, the 10th to 90th percentile and the greatest, empty without
        pairs.
    total, upper_bound, gap
        Sum of the chosen scores; a proven bound on what any assignment of these candidates could reach, each round
        given those before it; and the gap between the two as millionths of the bound.
    matched, further
        Open mentees who had no mentor and no open proposal, and those of them with a pair; and the same of the others,
        who had one and a place for another.
    income_groups, languages
        Shares of `matched` by World Bank group of their country, and by language at the floor or better
        (somebody with two languages counts in both), those first where most have no pair.
    left_out
        Of `matched` those without a pair, by reason.
    loads
        Places that the run used of each open mentor, as a distribution; those with 0 are without a mentee.
    shortage_by_language, shortage_by_specialty
        Where most of these are left out, the most first; somebody with two languages or specialties counts in both.
    would_help
        What would help most of those whom no mentor fits, the most first.
    """

    engine_version: str
    time_zone_data: str
    programme_id: str
    run_id: str
    taken_at: datetime
    objective: Objective
    weights: tuple[Contribution, ...]
    pool: PoolSize
    excluded_mentees: tuple[ReasonCount, ...]
    excluded_mentors: tuple[ReasonCount, ...]
    admissible_pairs: int
    candidate_pairs: int
    candidates_cut: bool
    pairs: int
    mean_score: int
    score_deciles: tuple[int, ...]
    total: int
    upper_bound: int
    gap: int
    matched: GroupShare
    income_groups: tuple[GroupShare, ...]
    languages: tuple[GroupShare, ...]
    loads: tuple[Load, ...]
    left_out: tuple[ReasonCount, ...]
    rules_off: tuple[Rule, ...] = ()
    locked_pairs: int = 0
    locked_made: int = 0
    locked_missed: tuple[LockedMissCount, ...] = ()
    protected: Protected = Protected.INCOME_GROUP
    objectives: tuple[ObjectiveOutcome, ...] = ()
    rounds: tuple[RoundOutcome, ...] = ()
    shortage_by_language: tuple[Shortage, ...] = ()
    shortage_by_specialty: tuple[Shortage, ...] = ()
    would_help: tuple[HelpCount, ...] = ()
    further: GroupShare = GroupShare("further", 0, 0)
    kind: PairKind = PairKind.ONE_TO_ONE
