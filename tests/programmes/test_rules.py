"""What must fit together in a programme, when it is made and when it is changed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.kernel.errors import Invalid
from chalicelib.programmes.model import Programme, ProgrammeStatus, Side, capacity_for, checked_programme
from tests.support.world import World

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
NEW = Programme("p", "o", "Programme", created_at=NOW)


@pytest.mark.parametrize(("rules", "pointer"), [
    ({"starts_on": date(2026, 1, 1), "ends_on": date(2026, 11, 21)}, "/ends_on"),
    ({"ends_on": date(2026, 11, 21)}, "/ends_on"),
    ({"ends_on": date(2026, 11, 21), "status": ProgrammeStatus.DRAFT}, "/ends_on"),
    ({"status": ProgrammeStatus.ENDED}, "/status"),
    ({"starts_on": date(2027, 2, 1), "ends_on": date(2027, 1, 1)}, "/ends_on"),
])  # fmt: skip
def test_a_new_programme_is_not_over(rules: dict, pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_programme(replace(NEW, **rules))
    assert [error.pointer for error in refused.value.errors] == [pointer]


@pytest.mark.parametrize("rules", [
    {"ends_on": date(2026, 11, 22)}, {"starts_on": date(2020, 1, 1), "ends_on": date(2026, 11, 22)}, {},
    {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 1, 1)},
])  # fmt: skip
def test_its_last_day_may_be_today(rules: dict) -> None:
    assert checked_programme(replace(NEW, **rules)) == replace(NEW, **rules)


def test_one_that_runs_may_be_given_a_last_day_that_is_over() -> None:
    running = replace(NEW, version=3)
    assert checked_programme(replace(running, ends_on=date(2026, 10, 1))).is_over(NOW)
    assert checked_programme(replace(running, status=ProgrammeStatus.ENDED)).is_over(NOW)


def test_a_programme_that_is_over_is_refused_over_http(world: World) -> None:
    organisation = world.organisation()
    coordinator = world.coordinator(organisation)
    yesterday = (world.at - timedelta(days=1)).date().isoformat()
    body = {"organisation_id": organisation, "name": "Late", "ends_on": yesterday}
    refused = world.post("/v1/programmes", body, by=coordinator)
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/ends_on")
    listed = world.get("/v1/programmes", by=coordinator, query={"organisation_id": organisation})
    assert listed.json["items"] == []


def test_a_lower_limit_takes_no_places_away(world: World) -> None:
    """It holds for whoever enrols or changes their places from then on, as the description says."""
    organisation = world.organisation()
    coordinator = world.coordinator(organisation)
    made = world.post("/v1/programmes", {"organisation_id": organisation, "name": "P"}, by=coordinator)
    path = f"/v1/programmes/{made.json['id']}"
    first, second = world.mentor(capacity=4), world.mentor(capacity=4)
    assert world.put(f"{path}/enrolments/{first}", {"role": "mentor"}, by=first).json["capacity"] == 4
    change = {"max_capacity": 2}
    assert world.patch(path, change, by=coordinator, headers={"If-Match": made.etag}).status == 200
    (kept,) = world.get("/v1/me/enrolments", by=first).json["items"]
    assert (kept["capacity"], kept["free"]) == (4, 4)
    assert world.put(f"{path}/enrolments/{second}", {"role": "mentor"}, by=second).json["capacity"] == 2
    refused = world.put(f"{path}/enrolments/{first}", {"role": "mentor", "capacity": 3}, by=first)
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/capacity")


def test_the_usual_capacity_is_cut_to_the_programmes() -> None:
    assert capacity_for(replace(NEW, max_capacity=2), Side.MENTOR, None, usual=4) == 2
