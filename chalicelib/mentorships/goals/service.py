"""What the two people of a mentorship do with its goals, and what coordinators see of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.kernel.tries import again
from chalicelib.mentorships import access, running_store
from chalicelib.mentorships.errors import MentorshipNotUnderWay
from chalicelib.mentorships.goals import due, model, moves, store
from chalicelib.mentorships.goals.check import Finding, check
from chalicelib.mentorships.goals.errors import GoalMoved
from chalicelib.mentorships.goals.model import (
    Decision,
    Domain,
    Entry,
    Goal,
    Horizon,
    Measure,
    Move,
    Status,
    WishedStep,
)
from chalicelib.mentorships.goals.moves import Verdict
from chalicelib.mentorships.running import Mentorship, MentorshipStatus, is_under_way
from chalicelib.mentorships.sessions import store as sessions
from chalicelib.organisations import service as organisations
from chalicelib.people import service as people
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import DEFAULT_GOAL_REVIEW_SESSIONS, Side

T = TypeVar("T")


@dataclass(frozen=True)
class Wording:
    """A goal as somebody writes it."""

    title: str
    horizon: Horizon
    domain: Domain
    change: str = ""
    measure: Measure | None = None
    due_on: date | None = None
    steps: Sequence[WishedStep] = ()


@dataclass(frozen=True)
class SeenGoal:
    """A goal as it stands at an instant, for one reader, in the language of their `locale`.

    Attributes
    ----------
    owner
        On which side the person stands whose it is; None where they have left the mentorship.
    findings
        What it lacks; coordinators see neither this nor the wording beyond the title.
    since_review
        How many sessions there were since it was last reviewed, or written.
    """

    goal: Goal
    owner: Side | None
    locale: str
    is_overdue: bool
    is_review_due: bool
    since_review: int
    findings: tuple[Finding, ...] = ()
    for_coordinator: bool = False

    @property
    def version(self) -> int | None:
        return self.goal.version


@dataclass(frozen=True)
class _Desk:
    """A mentorship that the actor is one of the two of, one of its goals, and how many sessions were held."""

    mentorship: Mentorship
    goal: Goal
    locale: str
    sessions: int


def write_goal(call: Call, mentorship_id: str, wording: Wording) -> SeenGoal:
    """Write a goal of the actor's mentorship.

    Raises
    ------
    MentorshipNotUnderWay, TooManyGoals, Invalid
    """
    return repeated(lambda: _write(call, mentorship_id, wording))


def _write(call: Call, mentorship_id: str, wording: Wording) -> SeenGoal:
    row, tally_row, reader_row, held_row = tables.get_many(
        [
            running_store.mentorship_key(mentorship_id),
            store.tally_key(mentorship_id),
            people.person_key(call.actor_id),
            sessions.held_key(mentorship_id),
        ]
    )
    held = sessions.held_of(held_row).sessions
    mentorship, side = access.own_of(call, row)
    _require_under_way(mentorship, call.now)
    model.require_room(store.tally_of(tally_row))
    steps, made = moves.merged_steps((), 0, wording.steps, call.now)
    goal = Goal(
        call.new_id(), mentorship_id, model.owner_of_new(mentorship, side), call.actor_id, wording.title,
        wording.horizon, wording.domain, _review_every(mentorship), wording.change, wording.measure, wording.due_on,
        steps, made, counted_from=held, created_at=call.now, updated_at=call.now,
    )  # fmt: skip
    look_at = due.next_look(goal, due.zone_of(goal, mentorship), call.now)
    writes = [
        store.count_new(mentorship_id, call.now),
        store.put_goal(goal, call.now),
        running_store.check_under_way(mentorship.id),
        _audit(call, goal, "write_goal", None),
    ]
    if look_at is not None:
        writes.append(store.put_look(goal, look_at, call.now))
    seen = seen_goal(written(goal), mentorship, held, people.locale_of(reader_row), call.now)
    return commit(call, writes, seen)


def list_goals(call: Call, mentorship_id: str) -> tuple[SeenGoal, ...]:
    """Return a mentorship's goals to its two people, and its programme's coordinators: open ones first, the soonest due
    first, then the others, the last ended first."""
    rights_row, row, reader_row, held_row = tables.get_many(
        [
            organisations.rights_key(call),
            running_store.mentorship_key(mentorship_id),
            people.person_key(call.actor_id),
            sessions.held_key(mentorship_id),
        ]
    )
    mentorship, side = access.readable_of(call, row, rights_row)
    held, locale = sessions.held_of(held_row).sessions, people.locale_of(reader_row)
    return tuple(
        seen_goal(one, mentorship, held, locale, call.now, for_coordinator=side is None)
        for one in in_order(store.goals_of(mentorship_id))
    )


def read_goal(call: Call, mentorship_id: str, goal_id: str) -> SeenGoal:
    """Return a goal to the two people of its mentorship, and the programme's coordinators."""
    rights_row, row, goal_row, reader_row, held_row = tables.get_many(
        [
            organisations.rights_key(call),
            running_store.mentorship_key(mentorship_id),
            store.goal_key(mentorship_id, goal_id),
            people.person_key(call.actor_id),
            sessions.held_key(mentorship_id),
        ]
    )
    mentorship, side = access.readable_of(call, row, rights_row)
    if goal_row is None:
        raise NotFound
    goal, locale = store.goal_of(goal_row), people.locale_of(reader_row)
    held = sessions.held_of(held_row).sessions
    return seen_goal(goal, mentorship, held, locale, call.now, for_coordinator=side is None)


def list_entries(call: Call, mentorship_id: str, goal_id: str, page: PageRequest) -> Page[Entry]:
    """Return what was noted of a goal to the two people of its mentorship, the latest first."""
    row, goal_row = tables.get_many(
        [running_store.mentorship_key(mentorship_id), store.goal_key(mentorship_id, goal_id)]
    )
    access.own_of(call, row)
    if goal_row is None:
        raise NotFound
    return store.entries_of(store.goal_of(goal_row), page)


def change_goal(call: Call, mentorship_id: str, goal_id: str, changes: Mapping[str, Any]) -> SeenGoal:
    """Change fields of an open goal; `steps`, where they are among them, all at once.

    Raises
    ------
    StaleVersion, MentorshipNotUnderWay, GoalNotOpen, Invalid
    """

    def change(desk: _Desk) -> tuple[Goal, list[Write]]:
        after = moves.changed(desk.goal, changes, call.now)
        return after, [_audit(call, after, "change_goal", desk.goal.status)]

    return repeated(lambda: _changed(call, mentorship_id, goal_id, change))


def note_progress(call: Call, mentorship_id: str, goal_id: str, value: float | None, note: str) -> SeenGoal:
    """Add an entry to an open goal. It takes no version: two who note something at the same moment both have.

    Raises
    ------
    MentorshipNotUnderWay, GoalNotOpen, TooManyEntries, Invalid
    """

    def progress(desk: _Desk) -> tuple[Goal, list[Write]]:
        after, entry = moves.progressed(desk.goal, call.actor_id, value, note, call.now)
        return after, [store.put_entry(after, entry, call.now)]

    return repeated(lambda: _changed(call, mentorship_id, goal_id, progress))


def review_goal(call: Call, mentorship_id: str, goal_id: str, verdict: Verdict) -> SeenGoal:
    """Keep, adjust or drop an open goal, and say why; at any time, whether a review is due or not.

    Raises
    ------
    StaleVersion, MentorshipNotUnderWay, GoalNotOpen, TooManyEntries, Invalid
    NotYourGoal
        If somebody drops a goal of the other's.
    """

    def review(desk: _Desk) -> tuple[Goal, list[Write]]:
        every = _review_every(desk.mentorship)
        after, entry = moves.reviewed(
            desk.goal, call.actor_id, verdict, sessions=desk.sessions, every=every, now=call.now
        )
        writes = [
            store.put_entry(after, entry, call.now),
            _audit(call, after, "review_goal", desk.goal.status, why=verdict.decision),
        ]
        if verdict.decision is Decision.DROP:
            writes.append(store.count_ended(mentorship_id, call.now))
        return after, writes

    return repeated(lambda: _changed(call, mentorship_id, goal_id, review))


def end_goal(call: Call, mentorship_id: str, goal_id: str, move: Move, note: str) -> SeenGoal:
    """Say that the actor's own goal is reached, with a note of the success, or dropped, and why.

    Raises
    ------
    StaleVersion, MentorshipNotUnderWay, NotYourGoal, GoalNotOpen
    """

    def end(desk: _Desk) -> tuple[Goal, list[Write]]:
        after, entry = moves.ended(desk.goal, move, call.actor_id, note, call.now)
        return after, [
            store.put_entry(after, entry, call.now),
            store.count_ended(mentorship_id, call.now),
            _audit(call, after, f"{move}_goal", desk.goal.status),
        ]

    return repeated(lambda: _changed(call, mentorship_id, goal_id, end))


def reopen_goal(call: Call, mentorship_id: str, goal_id: str, note: str) -> SeenGoal:
    """Take up the actor's own goal again that was reached or dropped.

    Raises
    ------
    StaleVersion, MentorshipNotUnderWay, NotYourGoal, GoalOpen, TooManyGoals, TooManyEntries
    """

    def reopen(desk: _Desk) -> tuple[Goal, list[Write]]:
        after, entry = moves.reopened(desk.goal, call.actor_id, note, sessions=desk.sessions, now=call.now)
        return after, [
            store.count_reopened(mentorship_id, call.now),
            store.put_entry(after, entry, call.now),
            _audit(call, after, "reopen_goal", desk.goal.status),
        ]

    return repeated(lambda: _changed(call, mentorship_id, goal_id, reopen))


def _changed(
    call: Call, mentorship_id: str, goal_id: str, change: Callable[[_Desk], tuple[Goal, list[Write]]]
) -> SeenGoal:
    """Read a goal, make a change that either of the two may make unless it refuses, and commit it."""
    desk = _desk(call, mentorship_id, goal_id)
    _require_under_way(desk.mentorship, call.now)
    require_version(call, desk.goal.version)
    before = desk.goal
    after, writes = change(desk)
    after = replace(after, updated_at=call.now)
    writes = [*writes, store.put_goal(after, call.now), running_store.check_under_way(desk.mentorship.id)]
    # A change of anything else leaves the next reminder where it is, though its instant may have passed.
    if (before.due_on, before.status) != (after.due_on, after.status):
        look_at = due.next_look(after, due.zone_of(after, desk.mentorship), call.now)
        writes.append(store.put_look(after, look_at, call.now))
    seen = seen_goal(written(after), desk.mentorship, desk.sessions, desk.locale, call.now)
    return commit(call, writes, seen)


def _desk(call: Call, mentorship_id: str, goal_id: str) -> _Desk:
    row, goal_row, reader_row, held_row = tables.get_many(
        [
            running_store.mentorship_key(mentorship_id),
            store.goal_key(mentorship_id, goal_id),
            people.person_key(call.actor_id),
            sessions.held_key(mentorship_id),
        ]
    )
    mentorship, _ = access.own_of(call, row)
    if goal_row is None:
        raise NotFound
    held = sessions.held_of(held_row).sessions
    return _Desk(mentorship, store.goal_of(goal_row), people.locale_of(reader_row), held)


def _require_under_way(mentorship: Mentorship, now: datetime) -> None:
    if is_under_way(mentorship, now):
        return
    if mentorship.status_at(now) is MentorshipStatus.PAUSED:
        raise MentorshipNotUnderWay("It is paused. Its goals can be read, and changed again when it goes on.")
    raise MentorshipNotUnderWay("It is ending, or over. Its goals can be read, and stay as they are.")


def _review_every(mentorship: Mentorship) -> int:
    programme = programmes.get_programme(mentorship.programme_id)
    return programme.goal_review_sessions if programme is not None else DEFAULT_GOAL_REVIEW_SESSIONS


def seen_goal(
    goal: Goal,
    mentorship: Mentorship,
    held: int,
    locale: str,
    now: datetime,
    *,
    for_coordinator: bool = False,
) -> SeenGoal:
    """Return a goal as one reader sees it at an instant, `held` sessions into its mentorship."""
    zone_name = due.zone_of(goal, mentorship)
    return SeenGoal(
        goal,
        mentorship.side_of(goal.owner_id),
        locale,
        due.is_overdue(goal, zone_name, now),
        goal.is_review_due(held),
        held - goal.counted_from,
        () if for_coordinator else check(goal, zone_name, now),
        for_coordinator,
    )


def in_order(goals: Iterable[Goal]) -> tuple[Goal, ...]:
    """Return open goals first, the soonest due first, then the others, the last ended first."""
    found = tuple(goals)
    still = sorted((one for one in found if one.ending is None), key=lambda one: one.due_on or date.max)
    over = [(one.ending.at, one) for one in found if one.ending is not None]
    over.sort(key=lambda pair: pair[0], reverse=True)
    return (*still, *(one for _, one in over))


def _audit(call: Call, goal: Goal, action: str, before: Status | None, *, why: str | None = None) -> Write:
    return store.audit(
        goal, row_id=call.new_id(), at=call.now, actor=call.actor_id, action=action, before=before,
        after=goal.status, why=why,
    )  # fmt: skip


def repeated(attempt: Callable[[], T]) -> T:
    """Return what an attempt comes to, made anew where the other changed the same in between."""
    return again(attempt, GoalMoved, busy="This goal, or its mentorship, is being changed at this moment.")


# What the job and the mails ask.


@dataclass(frozen=True)
class OwnGoal:
    """An open goal as it concerns the one whose it is."""

    mentorship: Mentorship
    goal: Goal
    is_overdue: bool


def own_goal(person_id: str, mentorship_id: str, goal_id: str, now: datetime) -> OwnGoal | None:
    """Return a goal if it is the person's own and open, in a mentorship that is under way."""
    found = goal_now(mentorship_id, goal_id)
    if found is None:
        return None
    mentorship, goal = found
    if goal.owner_id != person_id or goal.status is not Status.OPEN or not is_under_way(mentorship, now):
        return None
    return OwnGoal(mentorship, goal, due.is_overdue(goal, due.zone_of(goal, mentorship), now))


def goal_now(mentorship_id: str, goal_id: str) -> tuple[Mentorship, Goal] | None:
    """Return a goal with its mentorship as both are now."""
    row, goal_row = tables.get_many(
        [running_store.mentorship_key(mentorship_id), store.goal_key(mentorship_id, goal_id)]
    )
    if row is None or goal_row is None:
        return None
    return running_store.mentorship_of(row), store.goal_of(goal_row)
