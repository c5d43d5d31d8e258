import doctest
import zoneinfo
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.matching.engine import overlap
from chalicelib.matching.engine.overlap import (
    SLOTS,
    Availability,
    Calendar,
    CommonTime,
    common_windows,
    local_slots,
    pack,
    time_zone,
    utc_slots,
    week_starts,
)
from chalicelib.people.model import WEEKDAYS, Weekday, Window
from tests.matching import oracle
from tests.matching.pools import ZONES, availabilities, profile

# Monday before, in and after each kind of change of clocks: Europe, America, Lord Howe (half an hour), New Zealand,
# Chile, Morocco's Ramadan, and a quiet week.
CHANGING_WEEKS = [
    datetime(2027, 3, 8, tzinfo=UTC),  # New York to summer time
    datetime(2027, 3, 22, tzinfo=UTC),  # Paris to summer time
    datetime(2027, 3, 29, tzinfo=UTC),  # Lord Howe, Chatham, Auckland, Santiago to standard time
    datetime(2026, 10, 19, tzinfo=UTC),  # Paris to standard time
    datetime(2026, 10, 26, tzinfo=UTC),  # New York to standard time
    datetime(2026, 9, 28, tzinfo=UTC),  # Lord Howe to summer time
    datetime(2027, 2, 1, tzinfo=UTC),  # nothing, or Ramadan in Morocco, by release of the data
    datetime(2027, 6, 7, tzinfo=UTC),
]
weeks = st.sampled_from(CHANGING_WEEKS)
zones = st.sampled_from(ZONES)


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(overlap).failed == 0


@settings(max_examples=120, deadline=None)
@given(zone=zones, windows=availabilities, start=weeks)
def test_slots_are_the_minutes_that_the_wall_clock_shows(zone, windows, start):
    slots = utc_slots(local_slots(windows), zone, start)
    minutes = {n * 15 + m for n in np.flatnonzero(slots).tolist() for m in range(15)}
    assert minutes == oracle.free_minutes(zone, windows, start)


def test_the_hour_that_spring_leaves_out_is_nobodys_and_the_one_that_autumn_repeats_counts_twice():
    night = (Window(Weekday.SUNDAY, 2 * 60, 3 * 60),)
    spring = utc_slots(local_slots(night), "Europe/Paris", datetime(2027, 3, 22, tzinfo=UTC))
    autumn = utc_slots(local_slots(night), "Europe/Paris", datetime(2026, 10, 19, tzinfo=UTC))
    assert (spring.sum(), autumn.sum()) == (0, 8)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), start=weeks)
def test_pairs_agree_with_the_minutes_in_every_week_and_with_the_sides_swapped(data, start):
    people = [
        profile(str(n), time_zone=data.draw(zones), availability=data.draw(availabilities)) for n in range(4)
    ]
    starts = [start + timedelta(weeks=n) for n in range(3)]
    calendar = Calendar.of(starts, [p.time_zone for p in people])
    sides = [Availability.of(half, calendar, 2) for half in (people[:2], people[2:])]
    rows = np.arange(2)
    for flipped in (False, True):
        time = CommonTime(*(sides[::-1] if flipped else sides), 4)
        least, stretch = time.least_of_block(rows)
        enough, seen = time.of_block(rows, np.ones((2, 2), dtype=bool))
        for i, one in enumerate(people[:2]):
            for j, other in enumerate(people[2:]):
                common = [oracle.common_minutes(one, other, week) for week in starts]
                at = (j, i) if flipped else (i, j)
                assert least[at] * 15 == min(map(len, common))
                assert stretch[at] == all(oracle.longest_stretch(week) >= 30 for week in common)
                assert enough[at] == (least[at] >= 4 and stretch[at])
                assert not enough[at] or seen[at] == least[at]
                alone = np.asarray([at[0]]), np.asarray([at[1]])
                assert time.least_of_pairs(*alone)[0] == least[at]


def test_blocks_looked_at_whole_and_pair_by_pair_agree(monkeypatch):
    rng = np.random.default_rng(5)
    people = [
        profile(
            str(n),
            time_zone=ZONES[n % len(ZONES)],
            # Many short pieces: some pairs have an hour in common, but no half of it in one piece.
            availability=tuple(
                Window(WEEKDAYS[int(day)], int(start) * 15, int(start) * 15 + 15 * int(length))
                for day, start, length in zip(
                    rng.integers(0, 7, 40), rng.integers(0, 94, 40), rng.integers(1, 3, 40), strict=True
                )
            ),
        )
        for n in range(60)
    ]
    calendar = Calendar.of(week_starts(datetime(2027, 2, 1, tzinfo=UTC), 12), ZONES)
    side = Availability.of(people, calendar, 2)
    time, rows, wanted = CommonTime(side, side, 4), np.arange(60), rng.random((60, 60)) < 0.7
    answers = []
    for few in (0, 10**9):
        monkeypatch.setattr(overlap, "_FEW", few)
        answers.append(time.of_block(rows, wanted))
    (whole, whole_least), (single, single_least) = answers
    least, stretch = time.least_of_block(rows)
    assert (whole == (wanted & stretch & (least >= 4))).all()
    assert whole.any()
    assert (wanted & ~stretch & (least >= 4)).any()
    assert (whole == single).all()
    assert (whole_least[whole] == single_least[single]).all()
    assert not (whole & ~wanted).any()


def test_weeks_with_the_same_clocks_are_worked_out_once():
    starts = week_starts(datetime(2027, 2, 14, tzinfo=UTC), 12)
    assert len(Calendar.of(starts, ["Africa/Nairobi", "Asia/Kolkata"]).starts) == 1
    paris = Calendar.of(starts, ["Europe/Paris", "Africa/Nairobi"]).starts
    assert paris == (starts[0], datetime(2027, 3, 22, tzinfo=UTC), datetime(2027, 3, 29, tzinfo=UTC))


@pytest.mark.parametrize("day", range(7))
def test_the_first_week_starts_on_the_monday_after_the_run(day):
    taken_at = datetime(2026, 11, 23, 23, 59, tzinfo=UTC) + timedelta(days=day)
    assert week_starts(taken_at, 2) == (
        datetime(2026, 11, 30, tzinfo=UTC),
        datetime(2026, 12, 7, tzinfo=UTC),
    )


def test_the_day_of_the_run_is_that_of_utc():
    monday_in_auckland = datetime(2026, 11, 23, 1, tzinfo=ZoneInfo("Pacific/Auckland"))
    assert week_starts(monday_in_auckland, 1) == (datetime(2026, 11, 23, tzinfo=UTC),)


def test_an_offset_that_is_no_quarter_of_an_hour_counts_only_whole_slots():
    # No zone has one today; Monrovia had 44 minutes and 30 seconds until 1972.
    start = datetime(1970, 3, 2, tzinfo=UTC)
    slots = utc_slots(local_slots((Window(Weekday.TUESDAY, 600, 660),)), "Africa/Monrovia", start)
    assert slots.sum() == 3


def test_packing_keeps_each_slot():
    rng = np.random.default_rng(3)
    slots = rng.random((5, SLOTS)) < 0.3
    assert (np.bitwise_count(pack(slots)).sum(axis=1) == slots.sum(axis=1)).all()
    assert not (pack(slots)[0] & pack(~slots)[0]).any()


def test_zones_come_from_the_package_whatever_the_machine_has(tmp_path):
    zoneinfo.reset_tzpath([tmp_path])
    try:
        time_zone.cache_clear()
        summer = datetime(2027, 7, 1, tzinfo=UTC).astimezone(time_zone("Europe/Paris"))
        assert summer.utcoffset() == timedelta(hours=2)
    finally:
        zoneinfo.reset_tzpath()


def windows_of(one, other, start):
    return common_windows(profile("a", **one), profile("m", **other), start)


def test_common_windows_show_each_ones_own_clock():
    start = datetime(2026, 11, 23, tzinfo=UTC)
    (window,) = windows_of(
        {"time_zone": "Europe/Paris", "availability": (Window(Weekday.MONDAY, 1140, 1320),)},
        {"time_zone": "Asia/Kathmandu", "availability": (Window(Weekday.TUESDAY, 0, 180),)},
        start,
    )
    assert window.starts_at == datetime(2026, 11, 23, 18, 15, tzinfo=UTC)
    assert window.minutes == 165
    assert (window.mentee.weekday, window.mentee.start, window.mentee.end) == ("mon", 19 * 60 + 15, 22 * 60)
    assert (window.mentor.weekday, window.mentor.start, window.mentor.end) == ("tue", 0, 165)


def test_a_common_window_goes_on_over_midnight_and_over_the_weeks_end():
    both = (Window(Weekday.SUNDAY, 22 * 60, 1440), Window(Weekday.MONDAY, 0, 60))
    (window,) = windows_of(
        {"time_zone": "Etc/UTC", "availability": both},
        {"time_zone": "Etc/UTC", "availability": both},
        datetime(2026, 11, 23, tzinfo=UTC),
    )
    assert window.starts_at == datetime(2026, 11, 29, 22, tzinfo=UTC)
    assert window.minutes == 180
    assert (window.mentee.weekday, window.mentee.end_weekday, window.mentee.end) == ("sun", "mon", 60)


def test_a_week_in_which_clocks_change_does_not_come_round_to_its_start():
    both = {"time_zone": "Europe/Paris", "availability": (Window(Weekday.MONDAY, 30, 120),)}
    found = windows_of(both, both, datetime(2027, 3, 22, tzinfo=UTC))
    assert [(window.starts_at.isoformat(), window.minutes) for window in found] == [
        ("2027-03-22T00:00:00+00:00", 60),
        ("2027-03-28T22:30:00+00:00", 90),
    ]


@settings(max_examples=60, deadline=None)
@given(data=st.data(), start=weeks)
def test_common_windows_are_the_common_minutes_on_both_clocks(data, start):
    people = [
        profile(name, time_zone=data.draw(zones), availability=data.draw(availabilities)) for name in "am"
    ]
    found = common_windows(*people, start)
    week = 7 * 24 * 60
    covered = [
        (int((w.starts_at - start).total_seconds()) // 60 + n) % week for w in found for n in range(w.minutes)
    ]
    assert len(covered) == len(set(covered))
    assert set(covered) == oracle.common_minutes(*people, start)
    for window in found:
        for person, span in zip(people, (window.mentee, window.mentor), strict=True):
            local = window.starts_at.astimezone(oracle.zone_of(person.time_zone))
            until = (window.starts_at + timedelta(minutes=window.minutes)).astimezone(local.tzinfo)
            assert span.weekday is WEEKDAYS[local.weekday()]
            assert (span.start, span.end) == (local.hour * 60 + local.minute, until.hour * 60 + until.minute)
            assert span.end_weekday is WEEKDAYS[until.weekday()]
