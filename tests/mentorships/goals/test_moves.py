"""The moves of a goal: which there are, who makes them, and what is left of each."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from chalicelib.kernel.errors import Invalid
from chalicelib.mentorships.goals import model, moves
from chalicelib.mentorships.goals.errors import GoalNotOpen, GoalOpen, NotYourGoal, TooManyEntries
from chalicelib.mentorships.goals.model import (
    MOVES,
    Decision,
    EntryKind,
    Goal,
    Measure,
    Move,
    Reading,
    Status,
    Step,
    Tally,
    WishedStep,
)
from chalicelib.mentorships.goals.moves import Verdict
from tests.mentorships.goals.test_check import MEASURE, NOW, WHOLE

OWNER, OTHER = "A", "C"
HOUR = timedelta(hours=1)


def moved(goal: Goal, move: Move, by: str = OWNER) -> Goal:
    if move is Move.REOPEN:
        return moves.reopened(goal, by, "", sessions=4, now=NOW)[0]
    return moves.ended(goal, move, by, "said", NOW)[0]


@pytest.mark.parametrize(("status", "move"), [*product(Status, Move)])
def test_there_are_the_moves_of_the_table_and_no_others(status: Status, move: Move) -> None:
    goal = replace(WHOLE, status=status)
    if (status, move) not in MOVES:
        with pytest.raises(GoalOpen if status is Status.OPEN else GoalNotOpen):
            moved(goal, move)
        return
    after = moved(goal, move)
    assert after.status is MOVES[status, move]
    assert (after.ending is None) == (after.status is Status.OPEN)
    assert after.entries == 1


@pytest.mark.parametrize("move", Move)
def test_whose_goal_it_is_says_what_becomes_of_it(move: Move) -> None:
    goal = replace(WHOLE, status=Status.DROPPED if move is Move.REOPEN else Status.OPEN)
    with pytest.raises(NotYourGoal):
        moved(goal, move, OTHER)


def test_the_other_reviews_and_does_not_drop() -> None:
    def review(decision: Decision) -> Goal:
        return moves.reviewed(WHOLE, OTHER, Verdict(decision, "why", {}), sessions=3, every=5, now=NOW)[0]

    kept = review(Decision.KEEP)
    assert kept.status is Status.OPEN
    assert (kept.counted_from, kept.review_every) == (3, 5), "by the programme's present rule"
    with pytest.raises(NotYourGoal):
        review(Decision.DROP)


def test_an_adjustment_says_what_is_other_and_nothing_else_does() -> None:
    def review(decision: Decision, **changes: object) -> Goal:
        verdict = Verdict(decision, "why", changes)
        return moves.reviewed(WHOLE, OWNER, verdict, sessions=0, every=3, now=NOW)[0]

    assert review(Decision.ADJUST, title="Lead it with a student").title == "Lead it with a student"
    for decision, changes in ((Decision.ADJUST, {}), (Decision.KEEP, {"title": "Other"})):
        with pytest.raises(Invalid) as refused:
            review(decision, **changes)
        assert [one.pointer for one in refused.value.errors] == ["/changes"]
    with pytest.raises(Invalid) as refused:
        review(Decision.ADJUST, steps=[WishedStep("None of ours", number=9)])
    assert [one.pointer for one in refused.value.errors] == ["/changes/steps/0/number"]


def test_a_review_is_due_after_so_many_sessions() -> None:
    goal = replace(WHOLE, counted_from=2)
    assert [goal.is_review_due(sessions) for sessions in (2, 4, 5, 6)] == [False, False, True, True]
    assert not replace(goal, status=Status.REACHED).is_review_due(9)
    again = moved(replace(goal, status=Status.DROPPED), Move.REOPEN)
    assert not again.is_review_due(6), "taken up again after four"
    assert again.is_review_due(7)


def test_steps_keep_their_instant_and_their_number() -> None:
    first = moves.changed(WHOLE, {"steps": [WishedStep("one"), WishedStep("two", is_done=True)]}, NOW)
    assert first.steps == (Step(1, "one"), Step(2, "two", NOW))
    wished = [WishedStep("three"), WishedStep("two!", is_done=True, number=2)]
    second = moves.changed(first, {"steps": wished}, NOW + HOUR)
    assert second.steps == (Step(3, "three"), Step(2, "two!", NOW)), "in the new order; the first is gone"
    third = moves.changed(
        second, {"steps": [WishedStep("two!", number=2), WishedStep("four", is_done=True)]}, NOW + 2 * HOUR
    )
    assert third.steps == (Step(2, "two!"), Step(4, "four", NOW + 2 * HOUR)), "no number is given twice"
    for wrong in ([WishedStep("one", number=1)], [WishedStep("two", number=2)] * 2):
        with pytest.raises(Invalid):
            moves.changed(third, {"steps": wrong}, NOW)


@pytest.mark.parametrize(("measure", "value", "percent"), [
    (MEASURE, 1.0, 25), (MEASURE, 9.0, 100), (MEASURE, -3.0, 0), (MEASURE, None, None),
    (Measure("Minutes to ECG", "minutes", 40.0, 10.0), 25.0, 50),
    (Measure("Minutes to ECG", "minutes", 40.0), 25.0, None),
    (Measure("Same", "x", 4.0, 4.0), 4.0, None),
    (Measure("Hardly apart", "x", 0.0, 5e-324), 1e9, 100),
    (None, 4.0, None),
])  # fmt: skip
def test_how_far_it_is(measure: Measure | None, value: float | None, percent: int | None) -> None:
    reading = Reading(value, OWNER, NOW) if value is not None else None
    assert replace(WHOLE, measure=measure, reading=reading).percent == percent


def test_progress_says_something() -> None:
    for goal, value, note, pointer in (
        (WHOLE, None, "", "/note"),
        (replace(WHOLE, measure=None), 1.0, "So", "/value"),
    ):
        with pytest.raises(Invalid) as refused:
            moves.progressed(goal, OTHER, value, note, NOW)
        assert [one.pointer for one in refused.value.errors] == [pointer]
    after, entry = moves.progressed(WHOLE, OTHER, 0.0, "", NOW)
    assert after.reading == Reading(0.0, OTHER, NOW), "nought is a value"
    later = moves.progressed(after, OWNER, None, "A word", NOW)[0]
    assert later.reading == after.reading, "a note takes no value away"
    assert entry.kind is EntryKind.PROGRESS


def test_by_another_measure_the_last_value_says_nothing() -> None:
    noted = moves.progressed(WHOLE, OWNER, 2.0, "", NOW)[0]
    for measure, stays in (
        (replace(MEASURE, target=8.0), True),
        (replace(MEASURE, unit="a month"), False),
        (Measure("Nights", "a week"), False),
        (None, False),
    ):
        after = moves.changed(noted, {"measure": measure}, NOW)
        assert (after.reading is not None) is stays
        assert after.entries == 1
    assert moves.changed(noted, {"title": "Another one"}, NOW).reading == noted.reading


def test_no_entry_is_dated_before_the_one_it_follows() -> None:
    after = moves.progressed(WHOLE, OWNER, None, "Here", NOW)[0]
    behind, entry = moves.progressed(after, OTHER, 2.0, "", NOW - HOUR)
    assert entry.at == NOW
    assert behind.reading == Reading(2.0, OTHER, NOW)


def test_entries_have_an_end_and_what_ends_a_goal_has_none() -> None:
    full = replace(WHOLE, entries=model.MAX_ENTRIES)
    with pytest.raises(TooManyEntries):
        moves.progressed(full, OWNER, None, "One more", NOW)
    with pytest.raises(TooManyEntries):
        moves.reviewed(full, OWNER, Verdict(Decision.KEEP, "why", {}), sessions=0, every=3, now=NOW)
    for over in (
        moves.ended(full, Move.REACH, OWNER, "There", NOW)[0],
        moves.reviewed(full, OWNER, Verdict(Decision.DROP, "why", {}), sessions=0, every=3, now=NOW)[0],
    ):
        assert over.entries == model.MAX_ENTRIES + 1
        with pytest.raises(TooManyEntries):
            moves.reopened(over, OWNER, "", sessions=0, now=NOW)


def test_each_limit_is_told_apart() -> None:
    model.require_room(Tally(model.MAX_OPEN - 1, model.MAX_EVER - 1))
    for tally, word in ((Tally(model.MAX_OPEN, 12), "open"), (Tally(0, model.MAX_EVER), "written")):
        with pytest.raises(model.TooManyGoals) as refused:
            model.require_room(tally)
        assert word in refused.value.detail.partition(",")[0]
