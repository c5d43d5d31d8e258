"""Wall clocks are those of the packaged database, read as calendars read them."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.kernel.zones import instant_at, is_skipped, wall_at


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
