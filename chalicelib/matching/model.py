"""Matching: what goes into a run, and what comes out of it. Its settings are in `settings.py`.

Standard library only: the HTTP function imports this room. What needs numpy lives in `engine/`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chalicelib.matching.changes import Suggestion as Suggestion
from chalicelib.matching.evidence import Evidence as Evidence
from chalicelib.matching.settings import CRITERIA as CRITERIA
from chalicelib.matching.settings import MAX_NAMED_PAIRS as MAX_NAMED_PAIRS
from chalicelib.matching.settings import MAX_ROUNDS as MAX_ROUNDS
from chalicelib.matching.settings import MAX_WEEKS as MAX_WEEKS
from chalicelib.matching.settings import MAX_WEIGHT as MAX_WEIGHT
from chalicelib.matching.settings import MILLION as MILLION
from chalicelib.matching.settings import Criterion as Criterion
from chalicelib.matching.settings import MatchSettings as MatchSettings
from chalicelib.matching.settings import Objective as Objective
from chalicelib.matching.settings import PairOfIds as PairOfIds
from chalicelib.matching.settings import Protected as Protected
from chalicelib.matching.settings import Rule as Rule
from chalicelib.matching.settings import Weights as Weights
from chalicelib.matching.settings import share_out as share_out
from chalicelib.people.model import Profile, Standing, Weekday

ENGINE_VERSION = "3"
"""Changes whenever the same snapshot could give other bytes; written into each report."""


class Reason(StrEnum):
    """Why somebody had no part in a run, or got no pair. See `docs/matching.md`, "Who is told what"."""

    # Before matching: the person's own affair.
    NOT_ENROLLED = "not_enrolled"
    NOT_ACTIVE = "not_active"
    PROFILE_INCOMPLETE = "profile_incomplete"
    NOT_VERIFIED = "not_verified"
    NO_PLACE_LEFT = "no_place_left"
    # In matching: rules that both profiles' public parts decide.
    NO_OPEN_MENTOR = "no_open_mentor"
    NO_SHARED_LANGUAGE = "no_shared_language"
    NOT_ENOUGH_COMMON_TIME = "not_enough_common_time"
    NO_SHARED_CHANNEL = "no_shared_channel"
    BELOW_MIN_SCORE = "below_min_score"
    # One answer for places given to others and for blocks, declines and wishes of either side, so that nobody
    # can tell which it was.
    NO_MENTOR_LEFT = "no_mentor_left"


@dataclass(frozen=True)
class MenteeEntry:
    """A mentee at the instant of the snapshot.

    `places_left` is 0 for a mentee who has the mentors, or open proposals, that the programme allows.
    `blocked` are people whom they do not want, or who do not want them; `declined` are mentors with whom
    either side has said no before. Both are read one way: it is enough that one of the two entries names the
    other.
    """

    person_id: str
    profile: Profile
    waiting_since: datetime
    enrolled: bool = True
    active: bool = True
    places_left: int = 1
    blocked: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()

    def closed_for(self) -> tuple[Reason, ...]:
        """Return why this mentee cannot be in a run; empty for one who can."""
        reasons = (
            (Reason.NOT_ENROLLED, not self.enrolled),
            (Reason.NOT_ACTIVE, not self.active),
            (Reason.NO_PLACE_LEFT, self.places_left < 1),
            (Reason.PROFILE_INCOMPLETE, bool(self.profile.missing_for_matching())),
        )
        return tuple(reason for reason, holds in reasons if holds)


@dataclass(frozen=True)
class MentorEntry:
    """A mentor at the instant of the snapshot; `capacity_left` counts places not held by a proposal or
    mentee.
    """

    person_id: str
    profile: Profile
    capacity_left: int
    verified_until: datetime | None
    enrolled: bool = True
    active: bool = True
    blocked: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()

    def closed_for(self, now: datetime) -> tuple[Reason, ...]:
        """Return why this mentor cannot be in a run at `now`; empty for one who can."""
        reasons = (
            (Reason.NOT_ENROLLED, not self.enrolled),
            (Reason.NOT_ACTIVE, not self.active),
            (Reason.NOT_VERIFIED, not Standing(self.verified_until).is_verified(now)),
            (Reason.NO_PLACE_LEFT, self.capacity_left < 1),
            (Reason.PROFILE_INCOMPLETE, bool(self.profile.missing_for_matching())),
        )
        return tuple(reason for reason, holds in reasons if holds)


@dataclass(frozen=True)
class Snapshot:
    """All that a run looks at. The same snapshot gives the same bytes, in whatever order people stand in it.

    Raises
    ------
    ValueError
        If a person stands twice on one side, or `taken_at` has no zone.
    """

    programme_id: str
    run_id: str
    taken_at: datetime
    mentees: tuple[MenteeEntry, ...]
    mentors: tuple[MentorEntry, ...]
    settings: MatchSettings = field(default_factory=MatchSettings)

    def __post_init__(self) -> None:
        if self.taken_at.tzinfo is None:
            raise ValueError("a snapshot's instant needs a time zone")
        for side, entries in (("mentees", self.mentees), ("mentors", self.mentors)):
            if len({entry.person_id for entry in entries}) != len(entries):
                raise ValueError(f"somebody stands twice among the {side} of a snapshot")


@dataclass(frozen=True)
class Contribution:
    """Points of one criterion, in millionths of the greatest possible score."""

    criterion: Criterion
    points: int


@dataclass(frozen=True)
class SharedLanguage:
    """A language that both speak well enough: its base tag and each one's CEFR level."""

    language: str
    mentee_level: str
    mentor_level: str


@dataclass(frozen=True)
class LocalSpan:
    """A stretch of the week on somebody's own clock; minutes of the day. Midnight at its end is the next
    day's 0.
    """

    weekday: Weekday
    start: int
    end_weekday: Weekday
    end: int


@dataclass(frozen=True)
class CommonWindow:
    """A stretch that both have free: its instants in the reference week, and how each one's clock shows it."""

    starts_at: datetime
    minutes: int
    mentee: LocalSpan
    mentor: LocalSpan


@dataclass(frozen=True)
class Overlap:
    """Common time: the least of any week of the settings' weeks, and the windows of the first of them."""

    minutes_per_week: int
    windows: tuple[CommonWindow, ...]


@dataclass(frozen=True)
class ProposedPair:
    """One pair that the run chose. `contributions` has every criterion, and its points add up to `score`.

    `evidence` is empty in results from before there was any. `round` counts from 1.
    """

    mentee_id: str
    mentor_id: str
    score: int
    contributions: tuple[Contribution, ...]
    shared_languages: tuple[SharedLanguage, ...]
    overlap: Overlap
    evidence: Evidence = field(default_factory=Evidence)
    round: int = 1


@dataclass(frozen=True)
class LeftOutReason:
    """One reason, with the numbers that advice needs; each is None or empty where it says nothing.

    Attributes
    ----------
    fields
        The profile's fields that are missing.
    considered
        Open mentors that the mentee was compared with.
    passing
        How many of them pass this rule; for NO_MENTOR_LEFT and BELOW_MIN_SCORE, how many pass all public
        rules.
    would_open
        How many fail this public rule alone, so that lifting it would open them.
    best_minutes, needed_minutes
        The most common time in the poorest week with any mentor who shares language and channel, and the
        least that is needed.
    """

    code: Reason
    fields: tuple[str, ...] = ()
    considered: int | None = None
    passing: int | None = None
    would_open: int | None = None
    best_minutes: int | None = None
    needed_minutes: int | None = None


@dataclass(frozen=True)
class LeftOut:
    """A person without a pair and why; the most telling reason first.

    Attributes
    ----------
    suggestions
        Where no mentor is open to them: the smallest changes that would open some, whether or not these have a place
        left.
    tonight
        The smallest change that would open a mentor who had a place left after the match, and how many such mentors;
        for coordinators alone, since it follows from who got whom.
    """

    person_id: str
    reasons: tuple[LeftOutReason, ...]
    suggestions: tuple[Suggestion, ...] = ()
    tonight: Suggestion | None = None


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
        Open mentees who had a further place, and the mentors' places that were left.
    total, upper_bound
        As in the report, of this round alone.
    """

    mentees: int
    places: int
    pairs: int
    total: int
    upper_bound: int


@dataclass(frozen=True)
class OneMore:
    """What one more place would add to the greatest sum: pairs (none or one) and millionths."""

    pairs: int
    total: int


@dataclass(frozen=True)
class Shortage:
    """Open mentees without a pair who have a language, a band of time zones and a specialty in common.

    Attributes
    ----------
    specialty
        None for any.
    utc_from, utc_before
        Hours from UTC that their clocks are at when the first week begins: from the first to before the second.
    places, places_left
        Places of open mentors who speak the language at the floor, work in the field and fit one of them by the public
        rules; and how many of these are left.
    one_more, would_fit
        What one place with one more such mentor would add, and how many of these mentees that mentor would fit. None if
        there is no open mentor to model one on.
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
        What each objective would have reached in the first round, by the protected groups; the run's own is one.
    rounds
        What each round came to; empty in reports from before there were rounds.
    locked_pairs, locked_made
        Pairs that coordinators had locked, and those of them that could be made.
    admissible_pairs, candidate_pairs, candidates_cut
        Pairs that pass every rule, those that went into the assignment, and whether the settings' limits cut
        any.
    mean_score, score_deciles
        Millionths; the deciles are the least, the 10th to 90th percentile and the greatest, empty without
        pairs.
    total, upper_bound, gap
        Sum of the chosen scores; a proven bound on what any assignment of these candidates could reach, each round
        given those before it; and the gap between the two as millionths of the bound.
    income_groups, languages
        Shares of mentees by World Bank group of their country, and by language at the floor or better
        (somebody with two languages counts in both).
    loads
        Places that the run used of each open mentor, as a distribution; those with 0 are without a mentee.
    shortage_by_language, shortage_by_specialty
        Where most mentees are left out, the most first; somebody with two languages or specialties counts in both.
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
    protected: Protected = Protected.INCOME_GROUP
    objectives: tuple[ObjectiveOutcome, ...] = ()
    rounds: tuple[RoundOutcome, ...] = ()
    shortage_by_language: tuple[Shortage, ...] = ()
    shortage_by_specialty: tuple[Shortage, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What one match came to; `run_id` where it is a run's of its own."""

    pairs: int
    total: int
    mean_score: int
    income_groups: tuple[GroupShare, ...]
    run_id: str | None = None


@dataclass(frozen=True)
class Comparison:
    """The same people under settings that are tried and under the present ones.

    Attributes
    ----------
    tried, present
        Scores by the present settings, so that the two can be compared.
    last_run
        The last run that proposed pairs, as its report has it.
    same_mentor, other_mentor, gained, lost
        Mentees, by what the tried settings would give them beside the present ones.
    """

    tried: Outcome
    present: Outcome
    last_run: Outcome | None
    same_mentor: int
    other_mentor: int
    gained: int
    lost: int


@dataclass(frozen=True)
class MatchResult:
    """Pairs by mentee id, mentees without one, mentors that had no part, and the report.

    `left_out` has every mentee without a pair, `closed_mentors` the mentors who were not open for matching.
    Open mentors without a mentee are those in no pair; the report counts them.
    """

    pairs: tuple[ProposedPair, ...]
    left_out: tuple[LeftOut, ...]
    closed_mentors: tuple[LeftOut, ...]
    report: MatchReport
