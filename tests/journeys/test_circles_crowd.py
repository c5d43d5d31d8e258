"""The last seat of a circle: sixty-four people are offered it at once on the emulator's DynamoDB, and one has it."""

from functools import partial
from typing import Any

import pytest

from chalicelib.circles import placing, store
from chalicelib.circles.model import Circle, CircleRole
from chalicelib.kernel.clock import system_clock
from chalicelib.kernel.ids import new_id
from chalicelib.organisations import store as organisations_store
from chalicelib.organisations.model import Rights, StaffRole
from chalicelib.platform import tables
from chalicelib.programmes.model import PairKind, Side
from tests.journeys.crowd import Gauge, all_at_once, call, once_all_are_here
from tests.journeys.rows import a_programme, enrolled, person, write
from tests.support.world import MENTEE_PROFILE

WIDTH = 64
SEATS, TAKEN = 4, 3


def circle_with_one_seat() -> tuple[str, Circle, list[str]]:
    """Write a circle of peers with a seat that is free, its coordinator, and who could have it."""
    now, programme = system_clock(), a_programme()
    coordinator = new_id(now)
    roles = {programme.organisation_id: frozenset({StaffRole.COORDINATOR})}
    circle = Circle(
        new_id(now), programme.id, programme.organisation_id, "heart failure", PairKind.ONE_TO_ONE, SEATS, 0, TAKEN,
        created_at=now,
    )  # fmt: skip
    write(
        store.put_circle(circle, now), organisations_store.put_rights(Rights(coordinator, False, roles), now)
    )
    people = [enrolled(programme, person(MENTEE_PROFILE), Side.MENTEE, 1) for _ in range(WIDTH)]
    return coordinator, circle, people


def offered(coordinator: str, circle: Circle, people: list[str], gauge: Gauge) -> list[str]:
    """Offer the seat to all at once, and return who was given one."""
    tasks = [
        partial(placing.add, call(coordinator), circle.id, one, CircleRole.MEMBER, "The last seat")
        for one in people
    ]
    all_at_once(gauge, tasks)
    return [one.person_id for one in store.places_in(circle.id) if one.is_seated]


@pytest.mark.usefixtures("emulator")
def test_a_crowd_is_offered_the_last_seat_and_one_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    coordinator, circle, people = circle_with_one_seat()
    monkeypatch.setattr(store, "take_seat", once_all_are_here(store.take_seat, WIDTH))
    gauge = Gauge()
    assert len(offered(coordinator, circle, people, gauge)) == 1
    assert gauge.widest == WIDTH
    found = store.get_circle(circle.id)
    assert found is not None
    assert found.taken == SEATS


@pytest.mark.usefixtures("emulator")
def test_seats_are_exceeded_without_the_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: with the condition on the seat taken out, more than one has it."""
    coordinator, circle, people = circle_with_one_seat()

    def unconditional(of: Circle, *_: Any, **__: Any) -> tables.Write:
        return tables.add(*store.circle_key(of.id), {"taken": 1}, "2026-11-22T09:00:00.000000Z")

    monkeypatch.setattr(store, "take_seat", once_all_are_here(unconditional, WIDTH))
    assert len(offered(coordinator, circle, people, Gauge())) > 1
