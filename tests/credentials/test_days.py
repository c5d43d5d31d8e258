"""Days as the countries of authorities have them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.credentials.days import end_of, months_after, today_in
from chalicelib.people import codes

COUNTRIES = sorted(one.alpha2 for one in codes.countries())


@pytest.mark.parametrize(
    ("country", "day", "over"),
    [
        ("KE", date(2028, 2, 29), datetime(2028, 2, 29, 21, 0, tzinfo=UTC)),
        # Newfoundland is the first part of Canada to end a day; St John's is at UTC-2:30 in summer.
        ("CA", date(2027, 6, 30), datetime(2027, 7, 1, 2, 30, tzinfo=UTC)),
        ("CA", date(2027, 1, 31), datetime(2027, 2, 1, 3, 30, tzinfo=UTC)),
        # Kamchatka, eleven hours before Kaliningrad.
        ("RU", date(2027, 6, 30), datetime(2027, 6, 30, 12, 0, tzinfo=UTC)),
        # Kiritimati is the first to end a day anywhere.
        ("KI", date(2027, 6, 30), datetime(2027, 6, 30, 10, 0, tzinfo=UTC)),
        # The day on which Berlin's clocks go forward has 23 hours.
        ("DE", date(2027, 3, 27), datetime(2027, 3, 27, 23, 0, tzinfo=UTC)),
        ("DE", date(2027, 3, 28), datetime(2027, 3, 28, 22, 0, tzinfo=UTC)),
        (None, date(2027, 6, 30), datetime(2027, 7, 1, tzinfo=UTC)),
        ("BV", date(2027, 6, 30), datetime(2027, 7, 1, tzinfo=UTC)),
    ],
)
def test_a_day_is_over_with_the_first_zone_of_the_country(
    country: str | None, day: date, over: datetime
) -> None:
    assert end_of(day, country) == over
    assert today_in(country, over - timedelta(microseconds=1)) == day
    assert today_in(country, over) == day + timedelta(days=1)


@given(st.sampled_from(COUNTRIES), st.dates(date(2020, 1, 1), date(2060, 1, 1)))
def test_each_day_follows_the_one_before_everywhere(country: str, day: date) -> None:
    over = end_of(day, country)
    assert timedelta(hours=22) <= over - end_of(day - timedelta(days=1), country) <= timedelta(hours=26)
    # From UTC+14 to UTC-11: no day ends earlier or later than that anywhere.
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    assert -timedelta(hours=14) <= over - midnight <= timedelta(hours=12)


@given(st.sampled_from([*COUNTRIES, None]))
def test_the_calendar_s_own_end_can_be_written(country: str | None) -> None:
    assert end_of(date.max, country).year == 9999


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 11, 22), 1, date(2026, 12, 22)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 30), 13, date(2027, 12, 30)),
        (date(2026, 11, 22), 120, date(2036, 11, 22)),
    ],
)
def test_months_end_where_they_are_shorter(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then
