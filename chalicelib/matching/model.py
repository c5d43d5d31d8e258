"""Matching: what goes into a run, what comes out of it, and the rules' names and numbers.

Standard library only: the HTTP function imports this room. What needs numpy lives in `engine.py` and the
rooms that it opens.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.people import codes
from chalicelib.people.model import SLOT_MINUTES, Profile, Standing, Weekday

ENGINE_VERSION = "1"
"""Changes whenever the same snapshot could give other bytes; written into each report."""

MILLION = 1_000_000
"""Scores, points and weights are whole millionths, so that they add up exactly."""

MAX_WEIGHT = 1_000.0
MAX_WEEKS = 52


class Criterion(StrEnum):
    """What a pair scores points for. The order is the order in which contributions are shown."""

    TOPICS = "topics"
    RESEARCH = "research"
    GOALS = "goals"
    CAREER = "career"
    LANGUAGES = "languages"
    OVERLAP = "overlap"
    VALUES = "values"
    WISHES = "wishes"
    CROSS_BORDER = "cross_border"
    WAITING = "waiting"


CRITERIA = tuple(Criterion)


class Objective(StrEnum):
    """TOTAL: the greatest sum of scores. STABLE: no two people who would both rather have each other."""

    TOTAL = "total"
    STABLE = "stable"


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
class Weights:
    """How much each criterion counts, as shares of their sum: non-negative, not all zero.

    Ours, a starting point for a programme to change: what is sought and offered counts most, then the goals
    in the person's own words, then how far the mentor is ahead.
    """

    topics: float = 25
    research: float = 10
    goals: float = 15
    career: float = 12
    languages: float = 6
    overlap: float = 10
    values: float = 5
    wishes: float = 7
    cross_border: float = 5
    waiting: float = 5

    def __post_init__(self) -> None:
        errors = [
            FieldError(f"/weights/{name}", f"Give a number from 0 to {MAX_WEIGHT:,.0f}.")
            for name, value in self.as_dict().items()
            if not _is_number(value) or not 0 <= value <= MAX_WEIGHT
        ]
        if not errors and not any(self.as_dict().values()):
            errors = [FieldError("/weights", "At least one criterion needs a weight above 0.")]
        if errors:
            raise Invalid("The weights need mending.", tuple(errors))

    @classmethod
    def of(cls, named: Mapping[str, Any]) -> Weights:
        """Return the default weights with those named replaced.

        Raises
        ------
        Invalid
            With a `FieldError` at `/weights/<name>` for each unknown criterion and each value that is no
            number from 0 to 1,000.
        """
        unknown = [name for name in named if name not in {c.value for c in CRITERIA}]
        if unknown:
            known = ", ".join(CRITERIA)
            raise Invalid(
                "The weights name criteria that do not exist.",
                tuple(FieldError(f"/weights/{name}", f"Use one of: {known}.") for name in unknown),
            )
        return cls(**named)

    def as_dict(self) -> dict[str, float]:
        """Return the weights by criterion, as given."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def millionths(self) -> dict[Criterion, int]:
        """Return the weights as whole millionths that add up to exactly one million (largest remainders)."""
        given = self.as_dict()
        shares = share_out(MILLION, [given[criterion] for criterion in CRITERIA])
        return dict(zip(CRITERIA, shares, strict=True))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def share_out(whole: int, parts: list[float] | list[int]) -> list[int]:
    """Split `whole` into integers in proportion to `parts`, adding up exactly.

    The largest-remainder method (Hamilton's): each gets the floor of its quota, what is left goes one each to
    the largest remainders, the earlier part first where two are equal. Exact, since it is done in whole
    numbers.

    Parameters
    ----------
    whole
        What is to be split, at least 0.
    parts
        Non-negative, not all zero; floats count at their exact binary value.
    """
    ratios = [part.as_integer_ratio() for part in parts]
    common = math.lcm(*(denominator for _, denominator in ratios))
    exact = [numerator * (common // denominator) for numerator, denominator in ratios]
    total = sum(exact)
    quotas = [divmod(whole * part, total) for part in exact]
    shares = [floor for floor, _ in quotas]
    left = whole - sum(shares)
    if left:
        for n in sorted(range(len(parts)), key=lambda n: (-quotas[n][1], n))[:left]:
            shares[n] += 1
    return shares


@dataclass(frozen=True)
class MatchSettings:
    """A programme's choices for its runs.

    Attributes
    ----------
    weights
        What counts how much.
    objective
        What the assignment is to reach.
    min_score
        Pairs below this score (millionths) are not proposed.
    min_overlap_minutes, min_stretch_minutes
        Common time in every week, and the unbroken stretch among it; whole quarters of an hour.
    weeks
        For how many weeks ahead the common time must hold.
    language_floor
        The CEFR level that both need in a shared language.
    waiting_days
        Waiting time that earns the whole points of its criterion.
    candidates_per_mentee, candidates_per_mentor
        How many of each one's best pairs go into the assignment of a large pool.
    all_pairs_up_to
        Pools with at most this many possible pairs (mentees times mentors) keep every admissible pair.
    """

    weights: Weights = field(default_factory=Weights)
    objective: Objective = Objective.TOTAL
    min_score: int = 1
    min_overlap_minutes: int = 60
    min_stretch_minutes: int = 30
    weeks: int = 12
    language_floor: str = "B2"
    waiting_days: int = 90
    candidates_per_mentee: int = 50
    candidates_per_mentor: int = 100
    all_pairs_up_to: int = 4_000_000

    def __post_init__(self) -> None:
        errors = [
            FieldError(f"/{name}", f"Give a whole number from {low:,} to {high:,}.")
            for name, low, high in (
                ("min_score", 1, MILLION),
                ("min_overlap_minutes", SLOT_MINUTES, 7 * 24 * 60),
                ("min_stretch_minutes", SLOT_MINUTES, 24 * 60),
                ("weeks", 1, MAX_WEEKS),
                ("waiting_days", 1, 3_650),
                ("candidates_per_mentee", 1, 1_000),
                ("candidates_per_mentor", 1, 1_000),
                ("all_pairs_up_to", 0, 100_000_000),
            )
            if type(getattr(self, name)) is not int or not low <= getattr(self, name) <= high
        ]
        errors += [
            FieldError(f"/{name}", "Give whole quarters of an hour.")
            for name in ("min_overlap_minutes", "min_stretch_minutes")
            if type(getattr(self, name)) is int and getattr(self, name) % SLOT_MINUTES
        ]
        if self.language_floor not in codes.CEFR:
            errors.append(FieldError("/language_floor", "Give a CEFR level: A1, A2, B1, B2, C1 or C2."))
        if errors:
            raise Invalid("The settings of the match need mending.", tuple(errors))


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
    """One pair that the run chose. `contributions` has every criterion, and its points add up to `score`."""

    mentee_id: str
    mentor_id: str
    score: int
    contributions: tuple[Contribution, ...]
    shared_languages: tuple[SharedLanguage, ...]
    overlap: Overlap


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
    """A person without a pair and why; the most telling reason first."""

    person_id: str
    reasons: tuple[LeftOutReason, ...]


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
class MatchReport:
    """What a run did, for the coordinator; only what the snapshot decides, so no timings.

    Attributes
    ----------
    time_zone_data
        Release of the IANA time zone database that the weeks were worked out with.
    weights
        Millionths by criterion, adding up to one million.
    admissible_pairs, candidate_pairs, candidates_cut
        Pairs that pass every rule, those that went into the assignment, and whether the settings' limits cut
        any.
    mean_score, score_deciles
        Millionths; the deciles are the least, the 10th to 90th percentile and the greatest, empty without
        pairs.
    total, upper_bound, gap
        Sum of the chosen scores; a proven bound on what any assignment of these candidates could reach, and
        the gap between them as millionths of the bound, None for an objective without a bound.
    income_groups, languages
        Shares of mentees by World Bank group of their country, and by language at the floor or better
        (somebody with two languages counts in both).
    loads
        Places that the run used of each open mentor, as a distribution; those with 0 are without a mentee.
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
