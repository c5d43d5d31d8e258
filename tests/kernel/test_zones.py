"""Wall clocks are those of the packaged database, read as calendars read them."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.kernel.zones import changes, instant_at, is_skipped, wall_at


@pytest.mark.parametrize(
    ("zone", "wall", "instant", "skipped"),
    [
        # Out of which spring leaves an hour: read an hour later.
        ("Europe/Paris", "2027-03-28T02:30", "2027-03-28T01:30", True),
        # That autumn repeats: the first.
        ("Europe/Paris", "2027-10-31T02:30", "2027-10-31T00:30", False),
        ("Australia/Lord_Howe", "2027-10-03T02:15", "2027-10-02T15:45", True),
        ("Asia/Kathmandu", "2027-03-28T02:30", "2027-03-27T20:45", False),
        ("Asia/Kolkata", "2028-02-29T09:00", "2028-02-29T03:30", False),
    ],
)
def test_a_wall_clock_s_time_is_one_instant(zone: str, wall: str, instant: str, skipped: bool) -> None:
    local = datetime.fromisoformat(wall)
    found = instant_at(local, zone)
    assert found == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert is_skipped(local, zone) is skipped
    assert (wall_at(found, zone) == local) is not skipped


def test_an_hour_is_an_hour_across_both_changes() -> None:
    for before in ("2027-03-28T01:30", "2027-10-31T01:30"):
        start = instant_at(datetime.fromisoformat(before), "Europe/Paris")
        shown = wall_at(start + timedelta(hours=1), "Europe/Paris")
        assert shown.isoformat() in {"2027-03-28T03:30:00", "2027-10-31T02:30:00"}


@pytest.mark.parametrize(
    ("zone", "found"),
    [
        ("America/Toronto", ["2027-03-14T07:00:00", "2027-11-07T06:00:00"]),
        ("Australia/Lord_Howe", ["2027-04-03T15:00:00", "2027-10-02T15:30:00"]),
        ("Asia/Kathmandu", []),
        ("UTC", []),
    ],
)
def test_changes_of_a_clock_are_found_to_the_second(zone: str, found: list[str]) -> None:
    start = datetime(2027, 1, 1, 0, 0, 0, 1, tzinfo=UTC)
    changed = list(changes(zone, start, start + timedelta(days=364)))
    assert [one.replace(tzinfo=None).isoformat() for one in changed] == found
    # The first instant is after the change, and a stretch that ends at it does not reach it.
    if changed:
        assert list(changes(zone, start, changed[0])) == changed[:1]
        assert list(changes(zone, start, changed[0] - timedelta(seconds=1))) == []
