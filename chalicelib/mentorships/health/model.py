"""Whether a mentorship does well: what is amiss with it, since when, and who may know. docs/adr/0037-health.md."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import fmean

from chalicelib.mentorships.agreements.model import REMIND_AFTER, TASK_AFTER
from chalicelib.mentorships.goals.due import over_at, zone_of
from chalicelib.mentorships.goals.model import Goal, Status
from chalicelib.mentorships.running import Mentorship
from chalicelib.mentorships.sessions.model import Session, SessionOutcome, SessionStatus
from chalicelib.programmes.model import HealthRule, Side

SAID_WITHIN = timedelta(days=7)
"""For so long after a session of which nobody has said how it went it is held to be one that is yet to be told of."""
MISSED_WITHIN = timedelta(days=60)
"""How far back sessions are counted to which somebody did not come: twice the days without a session that are too many
by default; our judgement."""
NOTES_AFTER = timedelta(days=3)
"""When the two are asked, once, for a note on a session that has none."""
NOTES_WITHIN = timedelta(days=14)
"""After which nobody is asked any more: what nobody remembers is not noted."""
PULSES_COMPARED = 2
"""So many of the last pulses with as many before them: one bad week is none of a mentorship's."""
PULSE_FALL = 1.0
"""By so much the last ones are lower on average: a whole step of the five by both, or two by one. No setting of a
programme's: whoever could move it and look again would read from it how far somebody's answers fell."""
LOOK_EVERY = timedelta(days=7)
LOOK_AGAIN = timedelta(days=1)


class HealthState(StrEnum):
    """GREEN: nothing is amiss. AMBER: something is, and the two are told. RED: it has lasted, and a coordinator is."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class HealthReason(StrEnum):
    """What can be amiss. Each is of the mentorship and of neither of the two, but for PULSE_FALLING, which is known to
    the one whose pulses fall, and to coordinators without whose they are."""

    NO_SESSION = "no_session"
    NO_SHOWS = "no_shows"
    UNSIGNED = "unsigned"
    GOALS_OVERDUE = "goals_overdue"
    NO_GOALS = "no_goals"
    PULSE_FALLING = "pulse_falling"


TOLD = frozenset(HealthReason) - {HealthReason.UNSIGNED}
"""What the two are told of from here, and coordinators have a task about. Of agreements `agreements/looking.py` reminds
and gives the task, at the same two instants."""


@dataclass(frozen=True)
class PulsePoint:
    """How one side felt about the mentorship, 1 (badly) to 5 (well)."""

    side: Side
    at: datetime
    value: float


@dataclass(frozen=True)
class Finding:
    """Something that is amiss.

    Attributes
    ----------
    since
        From when on it is held to be.
    figure
        Days without a session or goal or signature, sessions missed, goals overdue; None for pulses.
    side
        Whose it is alone to know, of the two.
    """

    reason: HealthReason
    state: HealthState
    since: datetime
    figure: int | None = None
    side: Side | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of a mentorship that is under way.

    Attributes
    ----------
    counts_from
        Its beginning, or when it last went on after a pause: days before do not count.
    unsigned_since
        From when on its agreement waits for a signature.
    """

    mentorship: Mentorship
    counts_from: datetime
    unsigned_since: datetime | None = None
    sessions: Sequence[Session] = ()
    goals: Sequence[Goal] = ()
    pulses: tuple[PulsePoint, ...] = ()


def assess(facts: Facts, rule: HealthRule, now: datetime) -> tuple[Finding, ...]:
    """Return what is amiss with a mentorship at an instant, the worst first."""
    found = [
        *_no_session(facts, rule, now), *_no_shows(facts, rule, now), *_unsigned(facts, now),
        *_goals_overdue(facts, rule, now), *_no_goals(facts, rule, now), *_pulses(facts, rule, now),
    ]  # fmt: skip
    return worst_first(found)


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda one: (one.state is not HealthState.RED, one.since)))


def state_of(findings: Sequence[Finding]) -> HealthState:
    states = {one.state for one in findings}
    return (
        HealthState.RED if HealthState.RED in states else HealthState.AMBER if states else HealthState.GREEN
    )


def seen_by(side: Side, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return what one of the two may know of what is amiss. What coordinators may is in `spells.py`."""
    return tuple(one for one in findings if one.side in (None, side))


def next_look(facts: Facts, rule: HealthRule, now: datetime) -> datetime:
    """Return when a mentorship is to be looked at next: once by itself something is due to be amiss, or there is
    something new to know of a session; daily at the latest while something is amiss, and weekly in any case."""
    is_amiss = bool(assess(facts, rule, now))
    ahead = sorted(one.span.ends_at for one in facts.sessions if _counts_as_ahead(one, now))
    times = [
        now + (LOOK_AGAIN if is_amiss else LOOK_EVERY),
        _quiet_from(facts, rule),
        *(end + wait for end in ahead for wait in (LOOK_AGAIN, SAID_WITHIN)),
        *(one.span.ends_at + NOTES_AFTER for one in _held(facts)),
        *(over + timedelta(days=rule.overdue_days) for _, over in _with_day(facts)),
        facts.counts_from + timedelta(days=rule.no_goals_days),
    ]
    if facts.unsigned_since is not None:
        times.append(max(facts.unsigned_since, facts.counts_from) + REMIND_AFTER)
    return min(at for at in times if at > now)


def without_notes(facts: Facts, now: datetime) -> list[Session]:
    """Return the sessions for whose notes it is time to ask, in time's order."""
    return [
        one
        for one in _held(facts)
        if not one.shared_notes
        and not one.actions
        and now - NOTES_WITHIN < one.span.ends_at <= now - NOTES_AFTER
    ]


def to_review(facts: Facts) -> list[Goal]:
    """Return the goals that are to be reviewed after as many sessions as the programme asks for."""
    sessions = len(_held(facts))
    return [one for one in facts.goals if one.is_review_due(sessions)]


def _no_session(facts: Facts, rule: HealthRule, now: datetime) -> Iterator[Finding]:
    if any(_counts_as_ahead(one, now) for one in facts.sessions):
        return
    since = _quiet_from(facts, rule)
    if since <= now:
        figure = rule.quiet_days + (now - since).days
        yield Finding(HealthReason.NO_SESSION, worse(since, rule, now), since, figure)


def _quiet_from(facts: Facts, rule: HealthRule) -> datetime:
    held = (one.span.starts_at for one in _held(facts))
    return max([facts.counts_from, *held]) + timedelta(days=rule.quiet_days)


def _held(facts: Facts) -> list[Session]:
    return [one for one in facts.sessions if one.outcome is SessionOutcome.MET]


def _counts_as_ahead(session: Session, now: datetime) -> bool:
    """Tell whether a session is booked and to come, or so lately over that it may yet be said how it went."""
    if session.status is not SessionStatus.BOOKED or session.outcome is not None:
        return False
    return now < session.span.ends_at + SAID_WITHIN


def _no_shows(facts: Facts, rule: HealthRule, now: datetime) -> Iterator[Finding]:
    """Find sessions to which somebody did not come, since the last that was held: two who meet again have mended it.
    Contested ones are none."""
    since_then = max([facts.counts_from, now - MISSED_WITHIN, *(one.span.starts_at for one in _held(facts))])
    missed = sorted(
        one.span.starts_at
        for one in facts.sessions
        if one.outcome is SessionOutcome.MISSED and one.span.starts_at > since_then
    )
    if len(missed) >= rule.no_shows:
        since = missed[rule.no_shows - 1]
        yield Finding(HealthReason.NO_SHOWS, worse(since, rule, now), since, len(missed))


def _unsigned(facts: Facts, now: datetime) -> Iterator[Finding]:
    if facts.unsigned_since is None:
        return
    begun = max(facts.unsigned_since, facts.counts_from)
    if begun + REMIND_AFTER <= now:
        state = HealthState.RED if begun + TASK_AFTER <= now else HealthState.AMBER
        yield Finding(HealthReason.UNSIGNED, state, begun + REMIND_AFTER, (now - begun).days)


def _goals_overdue(facts: Facts, rule: HealthRule, now: datetime) -> Iterator[Finding]:
    wait = timedelta(days=rule.overdue_days)
    overdue = sorted(over + wait for _, over in _with_day(facts) if over + wait <= now)
    if overdue:
        since = overdue[0]
        yield Finding(HealthReason.GOALS_OVERDUE, worse(since, rule, now), since, len(overdue))


def _with_day(facts: Facts) -> Iterator[tuple[Goal, datetime]]:
    """Yield the open goals that have a day with when it is over, a pause not counted."""
    for one in facts.goals:
        if one.status is Status.OPEN and one.due_on is not None:
            over = over_at(one.due_on, zone_of(one, facts.mentorship))
            yield one, max(over, facts.counts_from)


def _no_goals(facts: Facts, rule: HealthRule, now: datetime) -> Iterator[Finding]:
    """Find that there is no goal; what was reached counts as one, what was dropped does not."""
    if any(one.status is not Status.DROPPED for one in facts.goals):
        return
    dropped = [one.ending.at for one in facts.goals if one.ending is not None]
    begun = max([facts.counts_from, *dropped])
    since = begun + timedelta(days=rule.no_goals_days)
    if since <= now:
        yield Finding(HealthReason.NO_GOALS, worse(since, rule, now), since, (now - begun).days)


def _pulses(facts: Facts, rule: HealthRule, now: datetime) -> Iterator[Finding]:
    for side in Side:
        own = sorted((one for one in facts.pulses if one.side is side), key=lambda one: one.at)
        if len(own) < 2 * PULSES_COMPARED:
            continue
        before, last = own[-2 * PULSES_COMPARED : -PULSES_COMPARED], own[-PULSES_COMPARED:]
        if fmean(one.value for one in before) - fmean(one.value for one in last) >= PULSE_FALL:
            since = last[-1].at
            yield Finding(HealthReason.PULSE_FALLING, worse(since, rule, now), since, side=side)


def worse(since: datetime, rule: HealthRule, now: datetime) -> HealthState:
    return HealthState.RED if since + timedelta(days=rule.task_days) <= now else HealthState.AMBER
