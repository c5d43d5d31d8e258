"""What is pledged in a month, and by which name somebody is thanked."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.mentorships.giving.model import (
    Giving,
    Pledge,
    ShownAs,
    days_of,
    month_before,
    month_of,
    name_shown,
    pledged,
    pledged_in,
    share,
)
from chalicelib.people.model import Person, PersonStatus

LATE = datetime(2028, 1, 1, tzinfo=UTC)
HOUR = Pledge(date(2027, 2, 1), 60)


@pytest.mark.parametrize(
    ("pledges", "month", "now", "expected"),
    [
        ((), "2027-03", LATE, None),
        ((HOUR,), "2027-01", LATE, None),
        ((HOUR,), "2027-02", LATE, 240),  # four weeks
        ((HOUR,), "2027-03", LATE, 266),  # 31 days
        ((HOUR,), "2028-02", datetime(2028, 3, 1, tzinfo=UTC), 249),  # 29 days
        ((HOUR,), "2027-03", datetime(2027, 3, 7, 23, 59, tzinfo=UTC), 60),  # up to today and with it
        ((Pledge(date(2027, 3, 25), 60),), "2027-03", LATE, 60),
        ((HOUR, Pledge(date(2027, 3, 15), 120)), "2027-03", LATE, 411),  # 14 days and 17
        ((HOUR, Pledge(date(2027, 3, 15), 0)), "2027-03", LATE, 120),
        ((HOUR, Pledge(date(2027, 3, 15), 0)), "2027-04", LATE, None),
        ((HOUR,), "2029-01", LATE, None),  # to come
    ],
)
def test_a_pledge_is_reckoned_day_by_day(
    pledges: tuple[Pledge, ...], month: str, now: datetime, expected: int | None
) -> None:
    assert pledged_in(pledges, month, now) == expected


def test_a_pledge_counts_from_its_day_and_the_same_is_none() -> None:
    one = pledged(Giving("p", "g"), 60, date(2027, 2, 1))
    assert one.pledges == (HOUR,)
    assert pledged(one, 60, date(2027, 3, 1)) is one
    assert pledged(one, 90, date(2027, 2, 1)).pledges == (Pledge(date(2027, 2, 1), 90),)
    taken_back = pledged(one, None, date(2027, 3, 1))
    assert (taken_back.minutes_a_week, len(taken_back.pledges)) == (None, 2)
    assert pledged(Giving("p", "g"), None, date(2027, 2, 1)) == Giving("p", "g")


def test_months_begin_and_end_in_utc() -> None:
    assert month_of(datetime.fromisoformat("2027-03-01T01:00:00+03:00")) == "2027-02"
    assert month_before(datetime(2027, 1, 31, tzinfo=UTC)) == "2026-12"
    assert days_of("2026-12") == (date(2026, 12, 1), date(2027, 1, 1))


def test_a_share_without_a_pledge_is_none() -> None:
    assert (share(30, None), share(90, 60), share(0, 60)) == (None, 1.5, 0.0)


@pytest.mark.parametrize(
    ("given", "family", "expected"),
    [("Claire", "Tremblay", ("Claire Tremblay", "Claire", "C. T.")), ("Amina", "", ("Amina", "Amina", "A."))],
)
def test_names_are_shown_as_they_are_chosen(given: str, family: str, expected: tuple[str, ...]) -> None:
    person = Person("p", "p@example.org", given, family, "en", PersonStatus.ACTIVE)
    assert tuple(name_shown(person, one) for one in ShownAs) == expected
