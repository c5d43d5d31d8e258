"""Minutes from joins and leaves: against an oracle that looks at every second."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.attendance.model import Correction, Mark, MarkKind, Oddity, presence
from chalicelib.kernel.intervals import Interval

START = datetime(2026, 12, 2, 12, 0, tzinfo=UTC)
HELD = Interval(START, START + timedelta(minutes=90))
JOIN, LEAVE = MarkKind.JOIN, MarkKind.LEAVE


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def mark(kind: MarkKind, minutes: float, device: str = "laptop") -> Mark:
    return Mark("amina", kind, at(minutes), device, "page")


def minutes(*marks: Mark) -> float:
    return presence("amina", marks, HELD).seconds / 60


def test_the_time_between_joining_and_leaving_counts() -> None:
    assert minutes(mark(JOIN, 5), mark(LEAVE, 65.5)) == 60.5


def test_two_devices_at_once_count_once() -> None:
    phone = mark(JOIN, 20, "phone"), mark(LEAVE, 80, "phone")
    assert minutes(mark(JOIN, 0), mark(LEAVE, 60), *phone) == 80


def test_a_rejoin_adds_only_what_it_lasted() -> None:
    assert minutes(mark(JOIN, 0), mark(LEAVE, 10), mark(JOIN, 30), mark(LEAVE, 40)) == 20
    assert minutes(mark(JOIN, 0), mark(JOIN, 30), mark(LEAVE, 40)) == 40, "joined again without having left"


def test_time_before_the_session_and_after_it_counts_for_nothing() -> None:
    assert minutes(mark(JOIN, -20), mark(LEAVE, 200)) == 90
    assert minutes(mark(JOIN, -20), mark(LEAVE, -10)) == 0


def test_a_leave_without_a_join_counts_for_nothing_and_is_told() -> None:
    found = presence("amina", [mark(LEAVE, 50)], HELD)
    assert (found.seconds, found.oddities) == (0, (Oddity.LEFT_UNJOINED,))


def test_a_join_without_a_leave_counts_to_the_end_and_is_told() -> None:
    found = presence("amina", [mark(JOIN, 50)], HELD)
    assert (found.minutes, found.oddities) == (40, (Oddity.NEVER_LEFT,))


def test_nothing_counts_before_the_session_begins() -> None:
    assert presence("amina", [mark(JOIN, -5)], None).seconds == 0


def test_a_second_short_of_a_minute_is_no_minute() -> None:
    found = presence("amina", [mark(JOIN, 0), mark(LEAVE, 59 + 59 / 60)], HELD)
    assert (found.seconds, found.minutes) == (3599, 59)


def test_fractions_of_seconds_are_summed_before_they_are_cut() -> None:
    marks = [mark(kind, n + tick / 60) for n in range(10) for kind, tick in ((JOIN, 0.25), (LEAVE, 30.75))]
    assert presence("amina", marks, HELD).seconds == 305


def test_the_last_correction_counts_and_what_was_measured_stays() -> None:
    made = [
        Correction("1", "amina", 600, 1200, "late", "sam", at(100)),
        Correction("2", "amina", 1200, 900, "no", "sam"),
    ]
    found = presence("amina", [mark(JOIN, 0), mark(LEAVE, 10)], HELD, made)
    assert (found.measured, found.seconds) == (600, 900)
    assert found.seconds_within([Interval(at(0), at(5))]) == 300, "no more than there is room for"


def test_only_what_lies_within_educational_blocks_counts_as_education() -> None:
    found = presence("amina", [mark(JOIN, 0), mark(LEAVE, 20)], HELD)
    assert found.seconds_within([Interval(at(7), at(10)), Interval(at(15), at(30))]) == 480


# Whole seconds of a short session; marks before and after it, too.
MOMENTS = st.integers(-20, 140)
MARKS = st.lists(st.tuples(st.sampled_from(("a", "b", "c")), MOMENTS, st.booleans()), max_size=24)
SHORT = Interval(START, START + timedelta(seconds=120))


def seconds_seen(marks: list[tuple[str, int, bool]]) -> int:
    """Count the seconds in which some device was in, one by one."""
    inside = set()
    for device in {name for name, _, _ in marks}:
        steps = sorted((second, not joins) for name, second, joins in marks if name == device)
        for second in range(120):
            # In at a second, if of the marks up to it the last that changed anything was a join.
            is_in = False
            for moment, leaves in steps:
                if moment > second:
                    break
                is_in = not leaves
            if is_in:
                inside.add(second)
    return len(inside)


@settings(max_examples=300, deadline=None)
@given(MARKS)
def test_the_union_is_what_a_watch_at_every_second_counts(marks: list[tuple[str, int, bool]]) -> None:
    made = [
        Mark("amina", JOIN if joins else LEAVE, START + timedelta(seconds=second), device, "page")
        for device, second, joins in marks
    ]
    found = presence("amina", made, SHORT)
    assert found.seconds == seconds_seen(marks)
    assert all(
        one.ends_at < two.starts_at for one, two in zip(found.intervals, found.intervals[1:], strict=False)
    )
    assert presence("amina", reversed(made), SHORT).intervals == found.intervals, (
        "the order of arrival is nothing"
    )
    again = [*made, *made]
    assert presence("amina", again, SHORT).seconds == found.seconds, "nor is hearing of it twice"


@pytest.mark.parametrize("ends", [0, -5])
def test_a_session_that_ended_as_it_began_was_held_at_no_time(ends: int) -> None:
    held = Interval(START, max(START, at(ends)))
    assert presence("amina", [mark(JOIN, -10), mark(LEAVE, 10)], held).seconds == 0
