"""What is amiss with a mentorship, by its facts alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chalicelib.calendars.model import Span
from chalicelib.mentorships.goals.model import Domain, Ending, Goal, Horizon, Status
from chalicelib.mentorships.health.model import (
    Facts,
    Finding,
    HealthReason,
    HealthState,
    PulsePoint,
    assess,
    next_look,
    seen_by,
    state_of,
)
from chalicelib.mentorships.health.spells import Spell, to_coordinators
from chalicelib.mentorships.model import Card
from chalicelib.mentorships.running import Mentorship
from chalicelib.mentorships.sessions.model import Account, Said, Session, SessionStatus
from chalicelib.programmes.model import HealthRule, Side

T0 = datetime(2027, 3, 1, 9, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
RULE = HealthRule()
MEETS, MISSES = Said.MET, Said.OTHER_MISSING


MENTORSHIP = Mentorship(
    "M", "P", "O", "PR", Card("mentee", "Amina", time_zone="Africa/Nairobi"),
    Card("mentor", "Claire", time_zone="America/Toronto"), T0,
)  # fmt: skip


def goal(status: Status = Status.OPEN, due_on: date | None = None, ended: datetime | None = None) -> Goal:
    ending = Ending("x", "mentee", ended) if ended else None
    return Goal(
        "G", "M", "mentee", "mentee", "Lead", Horizon.SHORT, Domain.PERSONAL, 3, due_on=due_on, status=status,
        ending=ending,
    )  # fmt: skip


def session(days: float, mentee: Said | None = None, mentor: Said | None = None, **more: Any) -> Session:
    at = T0 + days * DAY
    told = {Side.MENTEE: mentee, Side.MENTOR: mentor}
    accounts = {side: Account(said, None, at) for side, said in told.items() if said is not None}
    return replace(
        Session("S", "M", "mentee", "mentor", SessionStatus.BOOKED, Span.of(at, 60), Side.MENTEE, accounts=accounts),
        **more,
    )  # fmt: skip


def facts(*sessions: Session, goals: tuple[Goal, ...] = (goal(),), **more: Any) -> Facts:
    return Facts(MENTORSHIP, more.pop("counts_from", T0), sessions=sessions, goals=goals, **more)


def found(
    known: Facts, days: float, rule: HealthRule = RULE
) -> dict[HealthReason, tuple[HealthState, int | None]]:
    return {one.reason: (one.state, one.figure) for one in assess(known, rule, T0 + days * DAY)}


@pytest.mark.parametrize(
    ("sessions", "days", "expected"),
    [
        ((), 29.9, None),
        ((), 30, (HealthState.AMBER, 30)),
        ((), 44, (HealthState.RED, 44)),
        ((session(10, MEETS),), 39.9, None),
        ((session(10, MEETS),), 40, (HealthState.AMBER, 30)),
        ((session(10, MEETS), session(50)), 45, None),
        ((session(10, MEETS), session(50)), 56, None),  # it may yet be said how that one went
        ((session(10, MEETS), session(50)), 58, (HealthState.RED, 48)),
        ((session(10, MEETS), session(50, status=SessionStatus.CANCELLED)), 45, (HealthState.AMBER, 35)),
        ((session(10, MEETS), session(50, status=SessionStatus.PROPOSED)), 45, (HealthState.AMBER, 35)),
        ((session(10, MEETS), session(20, MISSES)), 41, (HealthState.AMBER, 31)),
        ((session(10, MEETS), session(20, MISSES, MEETS)), 41, (HealthState.AMBER, 31)),  # contested
    ],
)  # fmt: skip
def test_no_session_held_and_none_ahead(
    sessions: tuple[Session, ...], days: float, expected: tuple[HealthState, int] | None
) -> None:
    assert found(facts(*sessions), days).get(HealthReason.NO_SESSION) == expected


def test_days_of_a_pause_do_not_count() -> None:
    went_on = facts(session(10, MEETS), counts_from=T0 + 60 * DAY, unsigned_since=T0, goals=())
    assert found(went_on, 62) == {}
    assert found(went_on, 63) == {HealthReason.UNSIGNED: (HealthState.AMBER, 3)}
    assert found(went_on, 90).keys() == {
        HealthReason.NO_SESSION,
        HealthReason.UNSIGNED,
        HealthReason.NO_GOALS,
    }


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        ((session(7, MISSES),), None),
        ((session(7, MISSES), session(14, Said.I_MISSED)), (HealthState.AMBER, 2)),
        ((session(7, MISSES), session(14, mentor=MISSES)), (HealthState.AMBER, 2)),  # whoever of the two it was
        ((session(7, MISSES), session(14, MISSES, MEETS)), None),  # contested
        ((session(7, MISSES), session(14, MISSES, Said.I_MISSED), session(16, MISSES)), (HealthState.AMBER, 3)),
        ((session(7, MISSES), session(14, MISSES), session(16, MEETS)), None),
        ((session(7, MISSES), session(10, MEETS), session(14, MISSES)), None),
        ((session(7, MISSES), session(14, status=SessionStatus.CANCELLED)), None),
    ],
)  # fmt: skip
def test_two_to_which_somebody_did_not_come(
    sessions: tuple[Session, ...], expected: tuple[HealthState, int] | None
) -> None:
    assert found(facts(*sessions), 20).get(HealthReason.NO_SHOWS) == expected


def test_what_was_missed_long_ago_is_forgotten() -> None:
    known = facts(session(7, MISSES), session(14, MISSES), session(100))
    assert found(known, 66)[HealthReason.NO_SHOWS] == (HealthState.RED, 2)
    assert HealthReason.NO_SHOWS not in found(known, 67.1)


def test_a_goal_is_overdue_two_weeks_after_its_day_is_over_where_its_owner_lives() -> None:
    known = facts(session(90), goals=(goal(due_on=date(2027, 3, 15)), goal(Status.REACHED)))
    over = datetime(2027, 3, 15, 21, tzinfo=UTC) + 14 * DAY  # midnight in Nairobi
    assert assess(known, RULE, over - SECOND) == ()
    assert assess(known, RULE, over) == (Finding(HealthReason.GOALS_OVERDUE, HealthState.AMBER, over, 1),)
    assert state_of(assess(known, RULE, over + 14 * DAY)) is HealthState.RED


@pytest.mark.parametrize(
    ("goals", "days", "expected"),
    [
        ((), 30, (HealthState.AMBER, 30)),
        ((), 29, None),
        ((goal(),), 90, None),
        ((goal(Status.REACHED, ended=T0 + DAY),), 90, None),
        ((goal(Status.DROPPED, ended=T0 + 20 * DAY),), 49, None),
        ((goal(Status.DROPPED, ended=T0 + 20 * DAY),), 50, (HealthState.AMBER, 30)),
    ],
)
def test_no_goals_at_all(
    goals: tuple[Goal, ...], days: float, expected: tuple[HealthState, int] | None
) -> None:
    assert found(facts(session(120), goals=goals), days).get(HealthReason.NO_GOALS) == expected


def pulses(side: Side, *values: float) -> tuple[PulsePoint, ...]:
    return tuple(PulsePoint(side, T0 + n * DAY, value) for n, value in enumerate(values))


@pytest.mark.parametrize(
    ("values", "falls"),
    [((), False), ((5, 1), False), ((5, 5, 1), False), ((4, 4, 3, 3), True), ((4, 4, 4, 3), False),
     ((1, 1, 5, 5, 4, 4), True), ((5, 5, 3, 3, 3, 3), False), ((3, 3, 4, 4), False)],
)  # fmt: skip
def test_a_pulse_falls_by_its_last_two_against_the_two_before(values: tuple[float, ...], falls: bool) -> None:
    known = facts(session(20), pulses=pulses(Side.MENTOR, *values))
    assert (HealthReason.PULSE_FALLING in found(known, 7)) is falls


def test_whose_pulse_falls_is_known_to_them_alone() -> None:
    both = pulses(Side.MENTEE, 5, 5, 2, 2) + pulses(Side.MENTOR, 4, 4, 2, 2)
    one, two = facts(session(20), pulses=both[:4]), facts(session(20), pulses=both)
    at = T0 + 7 * DAY
    assert state_of(seen_by(Side.MENTOR, assess(one, RULE, at))) is HealthState.GREEN
    assert [found.side for found in seen_by(Side.MENTEE, assess(one, RULE, at))] == [Side.MENTEE]
    assert [found.side for found in seen_by(Side.MENTEE, assess(two, RULE, at))] == [Side.MENTEE]
    spells = {HealthReason.PULSE_FALLING: Spell(at + DAY / 3)}
    (shown,) = to_coordinators(assess(two, RULE, at + DAY), spells, RULE, at + DAY)
    assert (shown.side, shown.figure, shown.since) == (None, None, at.replace(hour=0))
    assert to_coordinators(assess(two, RULE, at), {}, RULE, at) == (), "no look has found it"


def test_the_worst_comes_first() -> None:
    known = facts(goals=(), unsigned_since=T0 + 30 * DAY)
    assert [one.reason for one in assess(known, RULE, T0 + 45 * DAY)] == [
        HealthReason.NO_SESSION, HealthReason.NO_GOALS, HealthReason.UNSIGNED
    ]  # fmt: skip


def test_a_programme_sets_its_thresholds() -> None:
    rule = HealthRule(quiet_days=10, no_shows=1, overdue_days=1, no_goals_days=5, task_days=3)
    known = facts(session(2, MISSES), goals=(), unsigned_since=None)
    assert found(known, 11, rule) == {
        HealthReason.NO_SHOWS: (HealthState.RED, 1),
        HealthReason.NO_GOALS: (HealthState.RED, 11),
        HealthReason.NO_SESSION: (HealthState.AMBER, 11),
    }


_SAYS = st.sampled_from([None, Said.MET, Said.OTHER_MISSING, Said.I_MISSED])


@settings(deadline=None, max_examples=60)
@given(
    sessions=st.lists(st.builds(session, st.integers(0, 60), _SAYS, _SAYS), max_size=4),
    due=st.one_of(st.none(), st.integers(0, 60)), has_goal=st.booleans(),
    unsigned=st.one_of(st.none(), st.integers(0, 30)), day=st.integers(0, 70),
)  # fmt: skip
@example([], 17, True, None, 31)
def test_nothing_comes_to_be_amiss_before_the_next_look(
    sessions: list[Session], due: int | None, has_goal: bool, unsigned: int | None, day: int
) -> None:
    goals = (goal(due_on=(T0 + due * DAY).date() if due is not None else None),) if has_goal else ()
    since = T0 + unsigned * DAY if unsigned is not None else None
    known = Facts(MENTORSHIP, T0, since, sessions, goals)
    now = T0 + day * DAY
    looks_at = next_look(known, RULE, now)
    assert now < looks_at <= now + 7 * DAY
    before = {one.reason for one in assess(known, RULE, now)}
    assert {one.reason for one in assess(known, RULE, looks_at - SECOND)} <= before
