"""Reminders of a goal's day: once a week before, once when it is over, to the one whose goal it is."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.kernel.errors import Unavailable
from chalicelib.mentorships.goals import reminding, service
from chalicelib.mentorships.jobs import look_at_mentorships
from chalicelib.mentorships.running import MentorshipStatus
from chalicelib.platform.observability import JobFailed
from tests.mentorships.goals.pair import Pair
from tests.mentorships.scene import fire
from tests.mentorships.state import State, crash_points

OVER = datetime(2027, 3, 15, 21, tzinfo=UTC)  # the end of 15 March in Nairobi
SOON = OVER - timedelta(days=7)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
DUE, OVERDUE = "goal-due", "goal-overdue"


def night(pair: Pair, at: datetime) -> list[str]:
    """Let the job run at an instant; return the kinds of all mails so far."""
    pair.world.at = at
    fire(look_at_mentorships)
    assert all(recipient == pair.mentee for _, recipient in pair.mails())
    return [kind for kind, _ in pair.mails()]


def test_once_a_week_before_and_once_when_it_is_over(pair: Pair) -> None:
    pair.written(by=pair.mentor)
    assert night(pair, SOON - SECOND) == []
    assert night(pair, SOON) == [DUE]
    assert night(pair, SOON + DAY) == [DUE]
    assert night(pair, OVER - SECOND) == [DUE]
    assert night(pair, OVER) == [DUE, OVERDUE]
    before = State().told()
    assert night(pair, OVER + 9 * DAY) == [DUE, OVERDUE]
    assert State().told() == before, "nothing is looked at any more"


def test_nights_that_did_not_come_are_caught_up_by_the_later_of_the_two(pair: Pair) -> None:
    pair.written()
    assert night(pair, OVER + 3 * DAY) == [OVERDUE]


def test_who_sets_a_day_that_is_near_or_over_knows_it(pair: Pair) -> None:
    near = (pair.world.at + 5 * DAY).date()
    pair.written(due_on=str(near))
    pair.written(due_on="2026-11-01")
    assert night(pair, pair.world.at + DAY) == []
    assert night(pair, pair.world.at + 9 * DAY) == [OVERDUE]


def test_another_wording_forgets_no_reminder_whose_time_has_come(pair: Pair) -> None:
    goal = pair.written()
    pair.world.at = SOON + timedelta(hours=2)
    assert pair.change(goal, title="Lead the evening round alone").status == 200
    assert night(pair, SOON + timedelta(hours=3)) == [DUE]


def test_another_day_is_another_reminder_and_the_same_one_is_not(pair: Pair) -> None:
    goal = pair.written()
    assert night(pair, SOON) == [DUE]
    assert pair.change(goal, due_on="2027-05-01").status == 200
    assert night(pair, OVER) == [DUE], "it is not over any more"
    pair.world.at = SOON - 2 * DAY
    assert pair.change(goal, due_on="2027-03-15").status == 200
    assert night(pair, SOON) == [DUE], "of this day it was said"
    assert night(pair, OVER) == [DUE, OVERDUE], "and the next one comes all the same"
    assert pair.change(goal, due_on="2027-05-01").status == 200
    assert night(pair, OVER + 60 * DAY) == [DUE, OVERDUE, OVERDUE]


@pytest.mark.parametrize("word", ["reach", "drop", "review"])
def test_what_is_reached_or_dropped_is_let_be(pair: Pair, word: str) -> None:
    goal = pair.written()
    said = {"reach": {"note": "x"}, "drop": {"why": "x"}, "review": {"decision": "drop", "why": "x"}}[word]
    assert pair.move(goal, word, **said).status == 200
    assert night(pair, OVER) == []
    pair.world.at = SOON - DAY
    assert pair.move(goal, "reopen").status == 200
    assert night(pair, SOON) == [DUE]


def test_a_pause_keeps_a_reminder_until_the_two_meet_again(pair: Pair) -> None:
    pair.written()
    pair.set_status(MentorshipStatus.PAUSED)
    assert night(pair, SOON) == []
    assert night(pair, SOON + DAY) == []
    pair.set_status(MentorshipStatus.ACTIVE)
    assert night(pair, SOON + 2 * DAY) == [DUE]


def test_a_change_in_between_is_seen(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    goal = pair.written()
    commit, left = reminding.commit, [1]

    def late(*given: object) -> object:
        if left.pop() if left else 0:
            service.change_goal(pair.world.call(pair.mentee), pair.id, goal, {"due_on": None})
        return commit(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(reminding, "commit", late)
    assert night(pair, SOON) == []
    assert left == []


def test_one_that_fails_waits_and_the_others_do_not(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    goals = [pair.written() for _ in range(3)]
    goal_now = service.goal_now

    def failing(mentorship_id: str, goal_id: str) -> object:
        if goal_id == goals[1]:
            raise Unavailable("Not now.")
        return goal_now(mentorship_id, goal_id)

    with monkeypatch.context() as patch:
        patch.setattr(service, "goal_now", failing)
        pair.world.at = SOON
        with pytest.raises(JobFailed):
            fire(look_at_mentorships)
    assert len(pair.mails()) == 2
    assert night(pair, SOON + DAY) == [DUE] * 3


def test_a_crash_at_any_write_sends_none_twice_and_loses_none(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in ("2027-03-15", "2027-03-08", "2027-03-14"):
        pair.written(due_on=day)
    pair.world.at = SOON
    start = State()

    def work() -> None:
        reminding.remind_due(pair.world.at)

    work()
    whole = State().told()
    assert sorted(pair.mails()) == sorted([(DUE, pair.mentee), (DUE, pair.mentee), (OVERDUE, pair.mentee)])
    points = 0
    for _ in crash_points(monkeypatch, work, start):
        points += 1
        work()
        assert State().told() == whole
    assert points == 4
