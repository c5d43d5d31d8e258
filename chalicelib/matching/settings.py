"""A programme's choices for its runs: what counts how much, and the numbers of the rules. Standard library only."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.people import codes
from chalicelib.people.model import SLOT_MINUTES
from chalicelib.programmes.model import PairKind, Side

MILLION = 1_000_000
"""Scores, points and weights are whole millionths, so that they add up exactly."""

MAX_WEIGHT = 1_000.0
MIN_WEIGHT = 1e-6
"""The least that counts at all: beside the greatest it is a thousandth of a millionth."""
MAX_WEEKS = 52
MAX_ROUNDS = 5


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
    """TOTAL: the greatest sum of scores. STABLE: no two people who would both rather have each other. FAIR: of that sum
    at most `max_loss` given up, to raise the share of mentees with a mentor in the protected group that has least."""

    TOTAL = "total"
    STABLE = "stable"
    FAIR = "fair"


class Protected(StrEnum):
    """By what the protected groups are told apart."""

    INCOME_GROUP = "income_group"
    COUNTRY = "country"
    CAREER_STAGE = "career_stage"
    PROFESSION = "profession"


class Rule(StrEnum):
    """The hard rules that a programme may do without. That people block, decline and are verified is none of these.
    BINDING_WISHES are negative wishes, and genders that somebody requires."""

    LANGUAGE = "language"
    TIME = "time"
    CHANNEL = "channel"
    ABROAD = "abroad"
    BINDING_WISHES = "binding_wishes"


@dataclass(frozen=True)
class PairOfIds:
    """A mentee and a mentor whom a coordinator names."""

    mentee_id: str
    mentor_id: str


MAX_NAMED_PAIRS = 500
"""Pairs that a programme may lock, and forbid: they are kept with its settings in one row."""


@dataclass(frozen=True)
class Weights:
    """How much each criterion counts, as shares of their sum: 0 or at least `MIN_WEIGHT`, not all zero.

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
            FieldError(f"/weights/{name}", f"Give 0, or a number from {MIN_WEIGHT:.6f} to {MAX_WEIGHT:,.0f}.")
            for name, value in self.as_dict().items()
            if not _is_number(value) or not (value == 0 or MIN_WEIGHT <= value <= MAX_WEIGHT)
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
            number from 0 to 1,000, or is above 0 and below `MIN_WEIGHT`.
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
    if parts[0] and all(part == parts[0] for part in parts):
        even, left = divmod(whole, len(parts))
        return [even + (n < left) for n in range(len(parts))]
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
    mentor_say
        How much the mentor's view of a pair counts beside the mentee's, in millionths. Less than half by our
        judgement: the programme is there for the mentees' need, but a mentor who does not want the pair declines it.
    objective
        What the assignment is to reach.
    protected, max_loss
        Whose shares "fair" levels: mentees by the World Bank's income group of the country where they practise, or
        another trait; and what it may give up of the greatest sum, in millionths.
    rounds
        Up to how many pairs a run makes of one mentee who has the places: those who have fewest mentors, open proposals
        and pairs of the run go first, and no two people are paired again.
    rules_off
        Hard rules that the programme does without.
    locked, forbidden
        Pairs that a coordinator wants, and does not want. A locked pair gets its places first, whatever its score and
        whatever its profiles say, if both are open and neither has blocked or declined the other. A forbidden one is
        never made.
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
    mentor_say: int = 300_000
    objective: Objective = Objective.TOTAL
    protected: Protected = Protected.INCOME_GROUP
    max_loss: int = 20_000
    rounds: int = 1
    rules_off: frozenset[Rule] = frozenset()
    locked: tuple[PairOfIds, ...] = ()
    forbidden: tuple[PairOfIds, ...] = ()
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
                ("mentor_say", 0, MILLION),
                ("max_loss", 0, MILLION),
                ("rounds", 1, MAX_ROUNDS),
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
        if not errors and self.min_stretch_minutes > self.min_overlap_minutes:
            most = f"min_overlap_minutes, which is {self.min_overlap_minutes}"
            errors.append(
                FieldError("/min_stretch_minutes", f"A stretch is part of the common time: at most {most}.")
            )
        errors += self._named_pairs_wrong()
        if self.language_floor not in codes.CEFR:
            errors.append(FieldError("/language_floor", "Give a CEFR level: A1, A2, B1, B2, C1 or C2."))
        if errors:
            raise Invalid("The settings of the match need mending.", tuple(errors))

    def _named_pairs_wrong(self) -> list[FieldError]:
        errors = []
        for name, pairs in (("locked", self.locked), ("forbidden", self.forbidden)):
            if len(pairs) > MAX_NAMED_PAIRS:
                errors.append(FieldError(f"/{name}", f"Name at most {MAX_NAMED_PAIRS} pairs."))
            if len(set(pairs)) < len(pairs):
                errors.append(FieldError(f"/{name}", "Name each pair once."))
        if len({pair.mentee_id for pair in self.locked}) < len(set(self.locked)):
            errors.append(
                FieldError(
                    "/locked", "Lock one mentor for a mentee: locked pairs are made in the first round."
                )
            )
        if set(self.locked) & set(self.forbidden):
            errors.append(FieldError("/locked", "A pair cannot be both locked and forbidden."))
        return errors


@dataclass(frozen=True)
class ProgrammeSettings:
    """A programme's settings of the match; version 0 are the defaults, not written yet."""

    programme_id: str
    settings: MatchSettings = field(default_factory=MatchSettings)
    created_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True)
class SettingsVersion:
    """One version of a programme's settings, as it was put in force.

    Attributes
    ----------
    changed
        JSON pointers of what differs from the version before, the weights one by one.
    changed_by
        The person who set it.
    weight_proposal_id
        What they accepted, where the weights were learnt.
    """

    programme_id: str
    version: int
    settings: MatchSettings
    changed: tuple[str, ...]
    changed_by: str
    changed_at: datetime
    weight_proposal_id: str | None = None


def pair_errors(pointer: str, pair: PairOfIds, sides: Mapping[str, frozenset[Side]]) -> list[FieldError]:
    """Return why a named pair is not one of a mentee and a mentor of a programme; nothing where it is.

    Parameters
    ----------
    sides
        On which sides of the programme somebody is; who is not there is in none.
    """
    if pair.mentee_id == pair.mentor_id:
        return [FieldError(pointer, "Nobody is their own mentor: name two people.")]
    errors = []
    for name, person_id, side in (
        ("mentee_id", pair.mentee_id, Side.MENTEE),
        ("mentor_id", pair.mentor_id, Side.MENTOR),
    ):
        found = sides.get(person_id, frozenset())
        if side in found:
            continue
        other = (
            f"a {next(iter(found)).value} here, and no {side.value}"
            if found
            else f"no {side.value} of this programme"
        )
        errors.append(FieldError(f"{pointer}/{name}", f"{person_id} is {other}."))
    return errors


def warnings(
    settings: MatchSettings, mentee_places: int, kind: PairKind = PairKind.ONE_TO_ONE
) -> tuple[FieldError, ...]:
    """Return what of the settings has no effect in a programme of a kind whose mentees have so many places, and why.

    Examples
    --------
    >>> [one.pointer for one in warnings(MatchSettings(rounds=3), mentee_places=2)]
    ['/rounds']
    """
    if kind is PairKind.PEER:
        said = "Peers are one pool, in which"
        of_sides = (
            ("objective", f"{said} the greatest sum of scores is sought."),
            ("mentor_say", f"{said} the views of both count the same."),
        )
        usual = MatchSettings()
        return tuple(
            FieldError(f"/{name}", why)
            for name, why in of_sides
            if getattr(settings, name) != getattr(usual, name)
        )
    if settings.rounds <= mentee_places:
        return ()
    given = f"{mentee_places} place{'s' if mentee_places > 1 else ''}"
    return (
        FieldError(
            "/rounds",
            f"A mentee of this programme has {given} at a time, so a run makes no more pairs of one than that: "
            f"set the programme's `mentee_places` to {settings.rounds} for {settings.rounds} rounds.",
        ),
    )


def differences(before: MatchSettings, after: MatchSettings) -> tuple[str, ...]:
    """Return JSON pointers of the settings that differ, in their order.

    Examples
    --------
    >>> differences(MatchSettings(), MatchSettings(weights=Weights(goals=0), rounds=2))
    ('/weights/goals', '/rounds')
    """
    found: list[str] = []
    for one in fields(MatchSettings):
        own, others = getattr(before, one.name), getattr(after, one.name)
        if isinstance(own, Weights) and isinstance(others, Weights):
            weights = others.as_dict()
            found += (f"/weights/{name}" for name, weight in own.as_dict().items() if weights[name] != weight)
        elif own != others:
            found.append(f"/{one.name}")
    return tuple(found)
