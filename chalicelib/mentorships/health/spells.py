"""What is kept of a mentorship's health from one look to the next, and what a look has to tell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.mentorships.goals.model import Goal
from chalicelib.mentorships.health.model import (
    NOTES_WITHIN,
    TOLD,
    Facts,
    Finding,
    HealthReason,
    HealthState,
    assess,
    state_of,
    to_review,
    without_notes,
    worse,
    worst_first,
)
from chalicelib.mentorships.sessions.model import Session
from chalicelib.programmes.model import HealthRule


@dataclass(frozen=True)
class Spell:
    """From the look that first found something amiss to the one that finds it mended.

    Attributes
    ----------
    began_at
        When the two were told.
    raised_at
        When it became a coordinator's task.
    """

    began_at: datetime
    raised_at: datetime | None = None


@dataclass(frozen=True)
class Record:
    """What is kept of a mentorship's health.

    Attributes
    ----------
    state, since
        As of the last look and as coordinators may know it, and from when on it has been so; None while the mentorship
        rests: it is paused, or over.
    reasons
        What is amiss, as coordinators may know it.
    counts_from
        When it last began or went on.
    asked
        What was asked for once already: notes of sessions, reviews of goals, by their ids.
    """

    mentorship_id: str
    programme_id: str
    mentee_id: str
    mentor_id: str
    counts_from: datetime
    state: HealthState | None = None
    since: datetime | None = None
    looked_at: datetime | None = None
    reasons: tuple[HealthReason, ...] = ()
    spells: Mapping[HealthReason, Spell] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    created_at: datetime | None = None
    version: int | None = None


@dataclass(frozen=True)
class Step:
    """What one look comes to.

    Attributes
    ----------
    begun
        Of what the two are told now.
    raised, mended
        For what a coordinator has a task from now on, and which tasks are done.
    noteless, reviews
        Sessions of which a note is asked for, and goals of which a review is.
    """

    record: Record
    begun: tuple[Finding, ...] = ()
    raised: tuple[HealthReason, ...] = ()
    mended: Mapping[HealthReason, Spell] = field(default_factory=dict)
    noteless: tuple[Session, ...] = ()
    reviews: tuple[Goal, ...] = ()


def rested(record: Record, now: datetime) -> Step:
    """Return a look at a mentorship that is paused or over: nothing is amiss with it."""
    after = replace(record, state=None, since=None, looked_at=now, reasons=(), spells={})
    return Step(after, mended=_with_task(record.spells))


def looked(record: Record, facts: Facts, rule: HealthRule, now: datetime) -> Step:
    """Return a look at a mentorship that is under way.

    What pulses say is looked at once a day (UTC) at most. A coordinator can bring about a look by moving the
    mentorship; from many they would read at which hour somebody answered.
    """
    findings = assess(facts, rule, now)
    amiss = {one.reason for one in findings if one.reason in TOLD}
    if record.looked_at is not None and record.looked_at.date() == now.date():
        pulses = {HealthReason.PULSE_FALLING}
        amiss = (amiss - pulses) | (record.spells.keys() & pulses)
    begun = tuple(one for one in findings if one.reason in amiss - record.spells.keys())
    spells = {reason: record.spells.get(reason, Spell(now)) for reason in sorted(amiss)}
    wait = timedelta(days=rule.task_days)
    raised = [
        reason for reason, one in spells.items() if one.raised_at is None and one.began_at + wait <= now
    ]
    spells |= {reason: replace(spells[reason], raised_at=now) for reason in raised}
    shown = to_coordinators(findings, spells, rule, now)
    state = state_of(shown)
    noteless = {_notes_of(one): one for one in without_notes(facts, now)}
    reviews = {_review_of(one): one for one in to_review(facts)}
    # Whatever may be asked for once more is remembered to have been; the rest would only grow.
    known = {_notes_of(one) for one in facts.sessions if one.span.ends_at > now - NOTES_WITHIN}
    known |= {_review_of(one) for one in facts.goals}
    after = replace(
        record,
        state=state,
        since=record.since if state is record.state else now,
        looked_at=now,
        reasons=tuple(one.reason for one in shown),
        spells=spells,
        asked=(record.asked & known) | noteless.keys() | reviews.keys(),
    )
    mended = {reason: one for reason, one in record.spells.items() if reason not in amiss}
    return Step(
        after,
        begun,
        tuple(raised),
        _with_task(mended),
        tuple(one for key, one in noteless.items() if key not in record.asked),
        tuple(one for key, one in reviews.items() if key not in record.asked),
    )


def to_coordinators(
    findings: Iterable[Finding], spells: Mapping[HealthReason, Spell], rule: HealthRule, now: datetime
) -> tuple[Finding, ...]:
    """Return what coordinators may know of what is amiss now: of pulses what the last look found, and since which day
    (UTC). As they stand at this moment they would tell who has just answered."""
    found = [one for one in findings if one.reason is not HealthReason.PULSE_FALLING]
    spell = spells.get(HealthReason.PULSE_FALLING)
    if spell is not None:
        day = spell.began_at.replace(hour=0, minute=0, second=0, microsecond=0)
        found.append(Finding(HealthReason.PULSE_FALLING, worse(day, rule, now), day))
    return worst_first(found)


def _with_task(spells: Mapping[HealthReason, Spell]) -> dict[HealthReason, Spell]:
    return {reason: one for reason, one in spells.items() if one.raised_at is not None}


def _notes_of(session: Session) -> str:
    return f"notes:{session.id}"


def _review_of(goal: Goal) -> str:
    return f"review:{goal.id}:{goal.counted_from}"
