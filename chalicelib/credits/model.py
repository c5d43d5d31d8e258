"""What somebody took part in or taught, claims, and the rules of schemes.

Credits are counted in hundredths, seconds are whole: nothing here is a float.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from chalicelib.credits.errors import CreditClaimed, NoRuleOfDay, RuleNotAhead
from chalicelib.kernel.intervals import Interval, seconds_of, united

MOST_RULES = 40
"""Dated rules of one scheme: they stand in one row."""


class Part(StrEnum):
    """As what somebody was there. FACULTY: they presented. MODERATOR: of a simulation. FACILITATOR, EXPERT, SUPPORT: of
    a series, who presented nothing that its plan names."""

    LEARNER = "learner"
    FACULTY = "faculty"
    MODERATOR = "moderator"
    FACILITATOR = "facilitator"
    EXPERT = "expert"
    SUPPORT = "support"


@dataclass(frozen=True, order=True)
class Source:
    """What something was, in the words of the room that held it: a kind ("series-session") and an id."""

    kind: str
    id: str


@dataclass(frozen=True)
class Presented:
    """A stretch in which somebody taught.

    Attributes
    ----------
    repeats
        What was taught: the same wherever the same is taught again.
    """

    when: Interval
    repeats: str


@dataclass(frozen=True)
class Claim:
    """Under which scheme somebody counts an activity; it stays."""

    scheme_id: str
    at: datetime


@dataclass(frozen=True)
class Activity:
    """What somebody took part in or taught.

    Attributes
    ----------
    starts_at
        When it began; none of its stretches begins earlier.
    attended
        For how many seconds they were there, whatever for.
    learned
        When they took part in education and did not teach themselves; no two of these touch.
    feedback_by
        Feedback on any of these counts for the activity.
    time_zone
        In which its day is told.
    """

    person_id: str
    source: Source
    organisation_id: str
    title: str
    part: Part
    starts_at: datetime
    day: date
    time_zone: str
    attended: int
    learned: tuple[Interval, ...] = ()
    presented: tuple[Presented, ...] = ()
    feedback_by: tuple[Source, ...] = ()
    claim: Claim | None = None
    version: int | None = None

    @property
    def educational_seconds(self) -> int:
        return seconds_of(self.learned)

    @property
    def presented_seconds(self) -> int:
        return seconds_of(united(one.when for one in self.presented))

    @property
    def non_educational_seconds(self) -> int:
        return max(0, self.attended - self.educational_seconds - self.presented_seconds)

    @property
    def order(self) -> tuple[datetime, Source]:
        """By what a person's activities are counted: which is first does not depend on when it was claimed."""
        return self.starts_at, self.source


class Rounding(StrEnum):
    """NEAREST: to the nearest step, half a step up. DOWN: whole steps alone."""

    NEAREST = "nearest"
    DOWN = "down"


@dataclass(frozen=True)
class Rule:
    """What a scheme gives for a time, from a day on.

    Attributes
    ----------
    valid_to
        The last day, None for open.
    steps_per_credit
        Into how many steps a credit is divided: 4 is quarters.
    daily_maximum
        Whole credits a day, None for none.
    faculty_percent
        What a presented hour gives, as a percentage of what one attended gives; None, or 0, where teaching gives
        nothing.
    teaching_excludes_learning
        Whether who teaches in an activity has nothing for what they attended of it.
    teaching_once
        Whether teaching the same again gives nothing.
    source, read_on
        Where the rule was read, and when.
    """

    valid_from: date
    valid_to: date | None = None
    minutes_per_credit: int = 60
    steps_per_credit: int = 4
    rounding: Rounding = Rounding.DOWN
    daily_maximum: int | None = None
    needs_feedback: bool = False
    faculty_percent: int | None = None
    teaching_excludes_learning: bool = True
    teaching_once: bool = True
    source: str = ""
    read_on: date | None = None

    @property
    def step(self) -> int:
        """In hundredths of a credit."""
        return 100 // self.steps_per_credit

    def rounded(self, learned: int, presented: int) -> int:
        """Return what some seconds give, in hundredths of a credit."""
        worth = Fraction(learned) + Fraction(presented * (self.faculty_percent or 0), 100)
        steps = worth * self.steps_per_credit / (60 * self.minutes_per_credit)
        return int(steps + Fraction(1, 2) if self.rounding is Rounding.NEAREST else steps) * self.step


@dataclass(frozen=True)
class Scheme:
    """A scheme of continuing professional development with its rules, the oldest first; `organisation_id` is None for
    what the installation knows itself."""

    id: str
    name: str
    rules: tuple[Rule, ...]
    organisation_id: str | None = None
    version: int | None = None

    def rule_of(self, day: date) -> Rule | None:
        """Return the rule by which what was on a day is judged."""
        begun = [one for one in self.rules if one.valid_from <= day]
        last = begun[-1] if begun else None
        return last if last and (last.valid_to is None or day <= last.valid_to) else None

    def takes(self, activity: Activity) -> bool:
        """Tell whether it is a scheme for an activity: an organisation's own is for what that organisation held."""
        return self.organisation_id in (None, activity.organisation_id)


def with_rule(scheme: Scheme, rule: Rule, latest_day: date) -> Scheme:
    """Return a scheme with another rule. The first may begin on any day; each further one on a day that has begun
    nowhere yet, so that no day is judged by two.

    Raises
    ------
    RuleNotAhead
    """
    if scheme.rules and rule.valid_from <= max(latest_day, scheme.rules[-1].valid_from):
        raise RuleNotAhead
    return replace(scheme, rules=(*scheme.rules, rule))


def claimed(activity: Activity, scheme: Scheme, at: datetime) -> Activity:
    """Return an activity as claimed under a scheme; again under the same, as it is.

    Raises
    ------
    CreditClaimed, NoRuleOfDay
    """
    if activity.claim is not None:
        if activity.claim.scheme_id == scheme.id:
            return activity
        raise CreditClaimed
    if scheme.rule_of(activity.day) is None:
        raise NoRuleOfDay
    return replace(activity, claim=Claim(scheme.id, at))
