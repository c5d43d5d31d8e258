"""Who is asked, and when: at the start, at the programme's cadence, in the middle and at the end; once each."""

from datetime import timedelta

import pytest

from chalicelib.mentorships.feedback import asking
from chalicelib.mentorships.running import MentorshipStatus
from chalicelib.notifications import service as notifications
from tests.mentorships.feedback.pairs import DAY, WEEK, Couple, Hall
from tests.mentorships.state import State, crash_points

START, MIDDLE, END = (("survey-due", one) for one in ("start", "middle", "end"))


def pulses(*numbers: int) -> list[tuple[str, str]]:
    return [("pulse-due", f"pulse-{n}") for n in numbers]


@pytest.fixture
def couple(hall: Hall) -> Couple:
    return hall.couple()


def test_a_year_of_a_mentorship(hall: Hall, couple: Couple) -> None:
    began = hall.world.at
    assert hall.night() == [START]
    assert hall.night(began + 4 * WEEK) == [START], "a day after it was asked counts the cadence"
    assert hall.night(began + 4 * WEEK + DAY) == [START, *pulses(1)]
    for week in range(5, 26):
        hall.night(began + week * WEEK + DAY)
    assert hall.mails() == [START, *pulses(1, 2, 3, 4, 5, 6)]
    half = began + timedelta(days=183)
    assert hall.night(half) == [START, *pulses(1, 2, 3, 4, 5, 6), MIDDLE]
    assert hall.night(half + 4 * WEEK - DAY)[-1] == MIDDLE
    assert hall.night(half + 4 * WEEK)[-1] == ("pulse-due", "pulse-7")
    couple.end()
    assert hall.night()[-1] == END
    told = len(hall.mails())
    for weeks in (2, 4, 9):
        hall.night(hall.world.at + weeks * WEEK)
    assert len(hall.mails()) == told, "after the last survey nothing is asked"
    assert hall.report()["taking_part"] == [
        {"round": kind, "role": role, "asked": asked, "answered": None}
        for role in ("mentee", "mentor")
        for kind, asked in (("end", 1), ("middle", 1), ("pulse", 7), ("start", 1))
    ]


def test_nights_that_did_not_come_are_caught_up_by_one_pulse(hall: Hall, couple: Couple) -> None:
    hall.night()
    at = hall.world.at + 13 * WEEK
    assert hall.night(at) == [START, *pulses(1)]
    assert hall.night(at + 4 * WEEK - DAY) == [START, *pulses(1)]
    assert hall.night(at + 4 * WEEK) == [START, *pulses(1, 2)]


def test_in_a_pause_nothing_is_asked_and_nothing_piles_up(hall: Hall, couple: Couple) -> None:
    hall.night()
    couple.set_status(MentorshipStatus.PAUSED)
    for week in (4, 8, 12):
        assert hall.night(hall.world.at + week * WEEK) == [START]
    couple.set_status(MentorshipStatus.ACTIVE)
    assert hall.night() == [START, *pulses(1)]
    assert hall.night() == [START, *pulses(1)]


def test_a_programme_sets_how_often_and_may_have_none(hall: Hall, couple: Couple) -> None:
    assert hall.ask(pulse_weeks=1).status == 200
    began = hall.night() and hall.world.at
    assert hall.night(began + WEEK) == [START, *pulses(1)]
    assert hall.ask(pulse_weeks=None).status == 200
    for week in range(2, 15):
        hall.night(began + week * WEEK)
    assert hall.mails() == [START, *pulses(1)]
    assert hall.ask(pulse_weeks=2).status == 200
    for week in range(15, 20):
        hall.night(began + week * WEEK)
    assert len(hall.mails()) >= 4


def test_who_has_no_last_day_is_asked_after_half_a_year_and_who_ends_soon_is_asked_once(hall: Hall) -> None:
    hall.couple(months=None)
    hall.night()
    assert hall.night(hall.world.at + timedelta(days=180))[-1] == ("pulse-due", "pulse-1")
    assert hall.night(hall.world.at + WEEK)[-1] == MIDDLE, "a week apart from the pulse"
    short = hall.couple()
    short.end()
    assert hall.night().count(END) == 1
    assert hall.mails().count(START) == 1, "the second was never asked how it begins"


def test_a_crash_at_any_write_asks_nobody_twice_and_nobody_not(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        hall.couple()
    hall.world.at += DAY
    start = State()

    def work() -> None:
        assert asking.ask_due(hall.world.at) == 0

    work()
    whole = State().told()
    points = 0
    for _ in crash_points(monkeypatch, work, start):
        points += 1
        work()
        assert State().told() == whole
    assert points == 3
    assert hall.mails() == [START, START]


def test_an_end_in_between_is_seen(hall: Hall, couple: Couple, monkeypatch: pytest.MonkeyPatch) -> None:
    commit, left = asking.commit, [1]

    def late(*given: object) -> object:
        if left.pop() if left else 0:
            couple.end()
        return commit(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(asking, "commit", late)
    assert hall.night() == [END]
    assert left == []


def test_who_has_blocked_the_other_is_not_asked_how_it_goes(hall: Hall, couple: Couple) -> None:
    hall.night(hall.world.at + 4 * WEEK)
    asked = [one for one in hall.world.messages("pulse-due") if one.due_at <= hall.world.at]
    assert len(asked) == 2
    assert hall.world.put(f"/v1/me/blocks/{couple.mentee}", by=couple.mentor).status == 204
    assert {notifications.deliver(one.id, hall.world.at) for one in asked} == {"moot"}
