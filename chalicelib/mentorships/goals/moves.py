"""What befalls a goal: other wording, progress, reviews, its end and its being taken up again, and who may do which.

All but other wording leaves an entry. Entries are counted by the goal, and never changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.kernel.errors import Invalid
from chalicelib.mentorships.goals.errors import GoalNotOpen, GoalOpen, NotYourGoal, TooManyEntries
from chalicelib.mentorships.goals.model import (
    MAX_ENTRIES,
    MOVES,
    Decision,
    Ending,
    Entry,
    EntryKind,
    Goal,
    Measure,
    Move,
    Reading,
    Review,
    Status,
    Step,
    WishedStep,
)


def merged_steps(
    before: Sequence[Step], made: int, wished: Sequence[WishedStep], now: datetime
) -> tuple[tuple[Step, ...], int]:
    """Return the steps in their new order, and how many were ever made.

    One that was done keeps its instant while it stays done.

    Raises
    ------
    Invalid
        For a number that is none of the goal's, or stands there twice.
    """
    known = {one.number: one for one in before}
    found: list[Step] = []
    for place, one in enumerate(wished):
        if one.number is None:
            made += 1
            found.append(Step(made, one.text, now if one.is_done else None))
            continue
        if (old := known.pop(one.number, None)) is None:
            raise Invalid.field(
                f"/steps/{place}/number",
                "This is no step of the goal, or it stands here twice. Leave `number` out for a new one.",
            )
        done_at = (old.done_at or now) if one.is_done else None
        found.append(Step(one.number, one.text, done_at))
    return tuple(found), made


def changed(goal: Goal, changes: Mapping[str, Any], now: datetime) -> Goal:
    """Return an open goal with other fields; `steps` are `WishedStep`.

    By another measure the last value says nothing any more; its entry stays.

    Raises
    ------
    GoalNotOpen, Invalid
    """
    require_open(goal)
    fields = dict(changes)
    if "steps" in fields:
        fields["steps"], fields["steps_made"] = merged_steps(
            goal.steps, goal.steps_made, fields["steps"], now
        )
    after = replace(goal, **fields)
    return after if _unit(after.measure) == _unit(goal.measure) else replace(after, reading=None)


def progressed(goal: Goal, by: str, value: float | None, note: str, now: datetime) -> tuple[Goal, Entry]:
    """Return an open goal with an entry of its progress.

    Raises
    ------
    GoalNotOpen, TooManyEntries
    Invalid
        If nothing is said, or a value without anything that it measures.
    """
    require_open(goal)
    _require_entry_room(goal)
    if value is None and not note:
        raise Invalid.field("/note", "Give a value, a note, or both.")
    if value is not None and goal.measure is None:
        raise Invalid.field("/value", "This goal has no measure. Add one to it, or say it in the note.")
    after, entry = _noted(goal, EntryKind.PROGRESS, by, now, note=note, value=value)
    if value is not None:
        after = replace(after, reading=Reading(value, by, entry.at))
    return after, entry


@dataclass(frozen=True)
class Verdict:
    """What a review says: the decision, why, and of an adjustment what is to be other."""

    decision: Decision
    why: str
    changes: Mapping[str, Any]


def reviewed(
    goal: Goal, by: str, verdict: Verdict, *, sessions: int, every: int, now: datetime
) -> tuple[Goal, Entry]:
    """Return an open goal with a review of it.

    Parameters
    ----------
    sessions
        How many sessions there have been.
    every
        After how many more the next review is due.

    Raises
    ------
    GoalNotOpen, TooManyEntries, NotYourGoal
    Invalid
        If an adjustment changes nothing, or another decision does.
    """
    require_open(goal)
    if verdict.decision is Decision.DROP:
        require_owner(goal, by)
    else:
        _require_entry_room(goal)
    if (verdict.decision is Decision.ADJUST) != bool(verdict.changes):
        raise Invalid.field("/changes", "Say with `adjust`, and only then, what is to be other.")
    if verdict.changes:
        try:
            goal = changed(goal, verdict.changes, now)
        except Invalid as refusal:
            raise refusal.under("/changes") from None
    after, entry = _noted(goal, EntryKind.REVIEW, by, now, note=verdict.why, decision=verdict.decision)
    after = replace(
        after,
        last_review=Review(verdict.decision, by, entry.at, sessions),
        counted_from=sessions,
        review_every=every,
    )
    if verdict.decision is Decision.DROP:
        after = replace(after, status=MOVES[goal.status, Move.DROP], ending=Ending(verdict.why, by, entry.at))
    return after, entry


def ended(goal: Goal, move: Move, by: str, note: str, now: datetime) -> tuple[Goal, Entry]:
    """Return an open goal as reached, with a note of the success, or as dropped, with why.

    Raises
    ------
    NotYourGoal, GoalNotOpen
    """
    require_owner(goal, by)
    require_open(goal)
    status = MOVES[goal.status, move]
    after, entry = _noted(goal, EntryKind(status.value), by, now, note=note)
    return replace(after, status=status, ending=Ending(note, by, entry.at)), entry


def reopened(goal: Goal, by: str, note: str, *, sessions: int, now: datetime) -> tuple[Goal, Entry]:
    """Return a reached or dropped goal as open again; sessions until its next review are counted from now.

    Raises
    ------
    NotYourGoal, GoalOpen, TooManyEntries
    """
    require_owner(goal, by)
    if (goal.status, Move.REOPEN) not in MOVES:
        raise GoalOpen
    _require_entry_room(goal)
    after, entry = _noted(goal, EntryKind.REOPENED, by, now, note=note)
    return replace(after, status=MOVES[goal.status, Move.REOPEN], ending=None, counted_from=sessions), entry


def require_owner(goal: Goal, person_id: str) -> None:
    """Raises `NotYourGoal` for anybody but whose goal it is."""
    if person_id != goal.owner_id:
        raise NotYourGoal


def require_open(goal: Goal) -> None:
    """Raises `GoalNotOpen` for a goal that is reached or dropped."""
    if goal.status is not Status.OPEN:
        raise GoalNotOpen(f"It is {goal.status}, and stays as it is. Whose goal it is can reopen it.")


def _unit(measure: Measure | None) -> tuple[str, str] | None:
    return (measure.what, measure.unit) if measure is not None else None


def _require_entry_room(goal: Goal) -> None:
    if goal.entries >= MAX_ENTRIES:
        raise TooManyEntries(
            f"{MAX_ENTRIES} entries tell of this goal. Reach or drop it, and write what is next as a goal of its own."
        )


def _noted(goal: Goal, kind: EntryKind, by: str, now: datetime, **said: Any) -> tuple[Goal, Entry]:
    """Return the goal with one entry more, which is not dated before the one that it follows: two machines' clocks
    differ a little."""
    at = max(now, goal.last_entry_at) if goal.last_entry_at is not None else now
    entry = Entry(goal.entries + 1, kind, by, at, **said)
    return replace(goal, entries=entry.number, last_entry_at=at), entry
