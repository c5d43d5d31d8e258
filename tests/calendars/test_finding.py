"""Times are found as both wall clocks show them, whatever the clocks do in between."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from chalicelib.calendars.finding import Hours, Slot, is_within, times
from chalicelib.calendars.model import Span
from chalicelib.kernel.zones import time_zone
from chalicelib.people.model import WEEKDAYS, Weekday, Window
from tests.calendars import clocks

# Paris and Toronto change on different Sundays, Lord Howe by half an hour; Kathmandu, the Chathams and Kolkata are off
# by 45 and 30 minutes; Casablanca has changed its rules; Apia, Nairobi and Kiritimati keep their clocks.
ZONES = (
    "Europe/Paris", "America/Toronto", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham", "Asia/Kolkata",
    "Africa/Casablanca", "Pacific/Apia", "Africa/Nairobi", "Pacific/Kiritimati", "America/St_Johns",
)  # fmt: skip
NOBODY: tuple[Span, ...] = ()


def hours(zone: str | None, *windows: tuple[Weekday, int, int]) -> Hours:
    return Hours(zone, tuple(Window(day, start * 60, end * 60) for day, start, end in windows))


def always(zone: str) -> Hours:
    return hours(zone, *((day, 0, 24) for day in WEEKDAYS))


def local(slot: Slot, zone: str) -> str:
    return slot.span.starts_at.astimezone(time_zone(zone)).isoformat(timespec="minutes")


windows = st.lists(
    st.builds(
        lambda day, start, length: Window(day, 15 * start, min(15 * (start + length), 1440)),
        st.sampled_from(WEEKDAYS), st.integers(0, 95), st.integers(1, 60),
    ),
    max_size=5,
)  # fmt: skip
somebody = st.builds(lambda zone, theirs: Hours(zone, tuple(theirs)), st.sampled_from(ZONES), windows)
moments = st.builds(
    lambda day, minute: datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=day, minutes=minute),
    st.integers(0, 400), st.integers(0, 1439),
)  # fmt: skip


@examples(max_examples=25, deadline=None)
@given(
    somebody,
    somebody,
    moments,
    st.sampled_from([15, 30, 45, 60, 90, 50]),
    st.lists(st.tuples(st.integers(0, 1300), st.integers(1, 20)), max_size=6),
)
@example(
    always("Europe/Paris"), always("America/Toronto"), datetime(2027, 3, 11, 8, 7, tzinfo=UTC), 60, [(3, 2)]
)
def test_times_are_those_that_the_clocks_show(
    one: Hours, other: Hours, after: datetime, minutes: int, taken: list[tuple[int, int]]
) -> None:
    """Compared with asking both zones at each quarter of an hour, in weeks with and without a change."""
    start = after + timedelta(seconds=-after.timestamp() % 900)
    spans = [Span.of(start + timedelta(minutes=15 * n - 400), 10 * steps) for n, steps in taken]
    busy = (tuple(spans[::2]), tuple(spans[1::2]))
    found = times((one, other), busy, after=after, weeks=2, minutes=minutes)
    wanted = clocks.times((one, other), busy, after=after, weeks=2, minutes=minutes)
    assert [(slot.span.starts_at, slot.week, slot.comfort) for slot in found] == wanted
    for slot in found:
        assert slot.span.minutes == minutes
        assert is_within(one, slot.span)
        assert is_within(other, slot.span)


def test_an_hour_that_spring_leaves_out_is_never_offered() -> None:
    """Paris goes from 02:00 to 03:00 on 28 March 2027: who is free from 02 to 03 has no time that night."""
    night = hours("Europe/Paris", (Weekday.SUNDAY, 2, 3))
    found = times(
        (night, always("Africa/Nairobi")),
        (NOBODY, NOBODY),
        after=datetime(2027, 3, 22, tzinfo=UTC),
        weeks=2,
        minutes=60,
    )
    assert [local(slot, "Europe/Paris") for slot in found] == ["2027-04-04T02:00+02:00"]


def test_an_hour_that_autumn_repeats_is_offered_twice() -> None:
    night = hours("Europe/Paris", (Weekday.SUNDAY, 2, 3))
    found = times(
        (night, always("Africa/Nairobi")),
        (NOBODY, NOBODY),
        after=datetime(2027, 10, 30, tzinfo=UTC),
        weeks=1,
        minutes=60,
    )
    assert [local(slot, "Europe/Paris") for slot in found] == [
        "2027-10-31T02:00+02:00",
        "2027-10-31T02:00+01:00",
    ]
    both = Span(found[0].span.starts_at, found[1].span.ends_at)
    assert is_within(night, both), "two hours pass while the clock shows one"


def test_between_the_two_changes_of_spring_the_common_hour_moves() -> None:
    """Toronto springs forward on 14 March 2027, Nairobi never: the hour is one earlier in Nairobi from then on."""
    mentor = hours("America/Toronto", (Weekday.MONDAY, 9, 10))
    mentee = hours("Africa/Nairobi", (Weekday.MONDAY, 15, 18))
    found = times(
        (mentee, mentor), (NOBODY, NOBODY), after=datetime(2027, 3, 7, tzinfo=UTC), weeks=2, minutes=60
    )
    assert {local(slot, "Africa/Nairobi") for slot in found} == {
        "2027-03-08T17:00+03:00",
        "2027-03-15T16:00+03:00",
    }


def test_the_worse_clock_ranks_a_slot() -> None:
    """Los Angeles and Nairobi: 19:00 for one beats 23:00, however comfortable that is for the other."""
    found = times(
        (always("America/Los_Angeles"), always("Africa/Nairobi")),
        (NOBODY, NOBODY),
        after=datetime(2027, 1, 4, tzinfo=UTC),
        weeks=1,
        minutes=60,
    )
    assert len(found) == 5
    assert [slot.least for slot in found] == sorted((slot.least for slot in found), reverse=True)
    assert found[0].comfort == (100, 80)
    assert local(found[0], "Africa/Nairobi").endswith("T19:00+03:00")
    assert local(found[0], "America/Los_Angeles").endswith("T08:00-08:00")


def test_starts_are_round_on_both_clocks_where_they_can_be() -> None:
    """Full hours in Kathmandu are quarters elsewhere: the roundest start that both see is taken."""
    found = times(
        (always("Asia/Kathmandu"), always("Asia/Dubai")),
        (NOBODY, NOBODY),
        after=datetime(2027, 1, 4, tzinfo=UTC),
        weeks=1,
        minutes=60,
    )
    minutes = {(local(slot, "Asia/Kathmandu")[14:16], local(slot, "Asia/Dubai")[14:16]) for slot in found}
    assert minutes <= {("00", "15"), ("45", "00")}
    assert all(slot.least == 100 for slot in found)


def test_each_week_has_its_own_best_times() -> None:
    found = times(
        (always("Europe/Paris"), always("Europe/Paris")),
        (NOBODY, NOBODY),
        after=datetime(2027, 1, 4, tzinfo=UTC),
        weeks=6,
        minutes=45,
    )
    assert [sum(slot.week == week for slot in found) for week in range(1, 7)] == [5] * 6
    ordered = sorted(slot.span for slot in found)
    assert not any(one.overlaps(other) for one, other in pairwise(ordered))


def test_what_one_has_booked_is_no_time_for_both() -> None:
    one = hours("Europe/Paris", (Weekday.MONDAY, 9, 11))
    taken = Span.of(datetime(2027, 1, 4, 8, 50, tzinfo=UTC), 20)
    found = times(
        (one, always("UTC")), (NOBODY, (taken,)), after=datetime(2027, 1, 4, tzinfo=UTC), weeks=1, minutes=30
    )
    starts = sorted(local(slot, "Europe/Paris")[11:16] for slot in found)
    assert starts == ["09:00", "10:30"], "20 minutes from 09:50 on take two quarters of an hour"


@pytest.mark.parametrize(
    "nobody", [hours(None, (Weekday.MONDAY, 0, 24)), hours("Europe/Paris")], ids=["no zone", "no hours"]
)
def test_without_hours_there_are_no_times(nobody: Hours) -> None:
    after = datetime(2027, 1, 4, tzinfo=UTC)
    assert times((nobody, always("UTC")), (NOBODY, NOBODY), after=after, weeks=1, minutes=15) == ()
    assert not is_within(nobody, Span.of(after, 15))
