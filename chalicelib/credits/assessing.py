"""What all activities of a person come to, why not more, and the statement of a year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from chalicelib.credits.model import Activity, Presented, Rule, Scheme
from chalicelib.kernel.intervals import Interval, seconds_of, united, without


class CreditReason(StrEnum):
    """Why something counts for less than the time spent, or for nothing. UNCLAIMED, CLAIMED_ELSEWHERE: under no scheme,
    or another than was asked for. NO_RULE: the scheme has none for that day. FEEDBACK_MISSING. OVERLAPPING: minutes of
    it count in an activity that began earlier. TAUGHT: who teaches has nothing for attending the same. REPEATED: the
    same was taught before. TEACHING_NOT_COUNTED: the scheme gives nothing for it. NOT_EDUCATIONAL: breaks, greetings,
    forms. ROUNDED, CAPPED."""

    UNCLAIMED = "unclaimed"
    CLAIMED_ELSEWHERE = "claimed_elsewhere"
    NO_RULE = "no_rule"
    FEEDBACK_MISSING = "feedback_missing"
    OVERLAPPING = "overlapping"
    TAUGHT = "taught"
    REPEATED = "repeated"
    TEACHING_NOT_COUNTED = "teaching_not_counted"
    NOT_EDUCATIONAL = "not_educational"
    ROUNDED = "rounded"
    CAPPED = "capped"


@dataclass(frozen=True)
class Entry:
    """An activity, and whether its feedback was given."""

    activity: Activity
    has_feedback: bool


@dataclass(frozen=True)
class Line:
    """What an activity comes to.

    Attributes
    ----------
    learned, presented
        When what counts of it was.
    hundredths
        Of a credit.
    """

    entry: Entry
    rule: Rule | None = None
    learned: tuple[Interval, ...] = ()
    presented: tuple[Interval, ...] = ()
    hundredths: int = 0
    reasons: tuple[CreditReason, ...] = ()

    @property
    def activity(self) -> Activity:
        return self.entry.activity

    @property
    def learned_seconds(self) -> int:
        return seconds_of(self.learned)

    @property
    def presented_seconds(self) -> int:
        return seconds_of(self.presented)


@dataclass
class _Counted:
    """What has been counted of a person so far."""

    times: tuple[Interval, ...] = ()
    taught: set[tuple[str, str]] = field(default_factory=set)
    of_day: dict[tuple[str, date], int] = field(default_factory=dict)


def assess(entries: Iterable[Entry], schemes: Mapping[str, Scheme]) -> tuple[Line, ...]:
    """Return what all activities of one person come to, by the rules of their days, in the order in which they began.

    It depends on what is claimed and not on the order of claims. A moment counts once, in the activity that began
    first, under whatever scheme that is.
    """
    counted = _Counted()
    return tuple(
        _line(one, schemes, counted) for one in sorted(entries, key=lambda entry: entry.activity.order)
    )


def _line(entry: Entry, schemes: Mapping[str, Scheme], counted: _Counted) -> Line:
    activity, claim = entry.activity, entry.activity.claim
    # Whatever comes begins no earlier, so what ended before meets nothing any more.
    counted.times = tuple(one for one in counted.times if one.ends_at > activity.starts_at)
    if claim is None:
        return Line(entry, reasons=(CreditReason.UNCLAIMED,))
    scheme = schemes.get(claim.scheme_id)
    rule = scheme.rule_of(activity.day) if scheme else None
    if rule is None:
        return Line(entry, reasons=(CreditReason.NO_RULE,))
    if rule.needs_feedback and not entry.has_feedback:
        return Line(entry, rule, reasons=(CreditReason.FEEDBACK_MISSING,))
    taught, why = _taught(activity, rule, claim.scheme_id, counted.taught)
    reasons = set(why)
    learned = activity.learned
    if activity.presented and rule.teaching_excludes_learning and learned:
        reasons.add(CreditReason.TAUGHT)
        learned = ()
    presented = without([one.when for one in taught], counted.times)
    fresh = without(learned, counted.times)
    # As stretches: each one's whole seconds may come to one less than those of both.
    if without([*learned, *(one.when for one in taught)], [*fresh, *presented]):
        reasons.add(CreditReason.OVERLAPPING)
    if activity.non_educational_seconds:
        reasons.add(CreditReason.NOT_EDUCATIONAL)
    counted.times = united([*counted.times, *fresh, *presented])
    counted.taught |= {
        (claim.scheme_id, one.repeats)
        for one in taught
        if seconds_of(without([one.when], presented)) < one.when.seconds
    }
    hundredths = rule.rounded(seconds_of(fresh), seconds_of(presented))
    if not _is_exact(rule, fresh, presented, hundredths):
        reasons.add(CreditReason.ROUNDED)
    key = (claim.scheme_id, activity.day)
    before = counted.of_day.get(key, 0)
    if rule.daily_maximum is not None and before + hundredths > rule.daily_maximum * 100:
        hundredths = max(0, rule.daily_maximum * 100 - before)
        reasons.add(CreditReason.CAPPED)
    counted.of_day[key] = before + hundredths
    return Line(entry, rule, fresh, presented, hundredths, _in_order(reasons))


def _taught(
    activity: Activity, rule: Rule, scheme_id: str, known: set[tuple[str, str]]
) -> tuple[tuple[Presented, ...], tuple[CreditReason, ...]]:
    """Return what of the teaching counts, and why the rest does not."""
    if not activity.presented:
        return (), ()
    if not rule.faculty_percent:
        # What comes to nothing takes no minutes either.
        return (), (CreditReason.TEACHING_NOT_COUNTED,)
    if not rule.teaching_once:
        return activity.presented, ()
    kept = tuple(one for one in activity.presented if (scheme_id, one.repeats) not in known)
    return kept, (CreditReason.REPEATED,) if len(kept) < len(activity.presented) else ()


def _is_exact(
    rule: Rule, learned: Sequence[Interval], presented: Sequence[Interval], hundredths: int
) -> bool:
    worth = Fraction(seconds_of(learned)) + Fraction(seconds_of(presented) * (rule.faculty_percent or 0), 100)
    return worth * 100 == hundredths * 60 * rule.minutes_per_credit


def _in_order(reasons: Iterable[CreditReason]) -> tuple[CreditReason, ...]:
    return tuple(sorted(reasons, key=list(CreditReason).index))


@dataclass(frozen=True)
class Sum:
    """What a year comes to under one scheme, in hundredths of a credit."""

    scheme_id: str
    hundredths: int


@dataclass(frozen=True)
class Statement:
    """What a person's activities of a year come to; `scheme_id` where one scheme alone was asked for."""

    person_id: str
    year: int
    lines: tuple[Line, ...]
    sums: tuple[Sum, ...]
    scheme_id: str | None = None


def statement(person_id: str, year: int, lines: Iterable[Line], scheme_id: str | None = None) -> Statement:
    """Return the statement of a year from what all activities come to."""
    found: list[Line] = []
    sums: dict[str, int] = {}
    for one in lines:
        claim = one.activity.claim
        if one.activity.day.year != year:
            continue
        if claim is not None and scheme_id not in (None, claim.scheme_id):
            found.append(Line(one.entry, reasons=(CreditReason.CLAIMED_ELSEWHERE,)))
            continue
        if claim is not None:
            sums[claim.scheme_id] = sums.get(claim.scheme_id, 0) + one.hundredths
        found.append(one)
    told = tuple(Sum(name, amount) for name, amount in sorted(sums.items()))
    return Statement(person_id, year, tuple(found), told, scheme_id)
