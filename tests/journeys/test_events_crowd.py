"""The last seats of a speed event: sixty-four people take one at once on the emulator's DynamoDB, and nobody is one too
many."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from chalicelib.events import placing, store
from chalicelib.events.model import Event, Plan, Seats
from chalicelib.kernel.clock import system_clock
from chalicelib.kernel.ids import new_id
from chalicelib.platform import tables
from chalicelib.programmes.model import Side
from tests.journeys.crowd import Gauge, all_at_once, call, once_all_are_here
from tests.journeys.rows import a_programme, enrolled, person, write
from tests.support.world import MENTEE_PROFILE

WIDTH = 64
SEATS, TAKEN = 10, 7


def event_with_three_seats() -> tuple[str, list[str]]:
    """Write an event with three seats that are free, and who would like one."""
    now, programme = system_clock(), a_programme()
    plan = Plan("Five mentors in an hour", now + timedelta(days=3), "Africa/Nairobi", 1, SEATS)
    event = Event(new_id(now), programme.id, programme.organisation_id, plan)
    nobody = dict.fromkeys(Side, 0)
    seats = Seats(event.id, {side: plan.seats(side) for side in Side}, {**nobody, Side.MENTEE: TAKEN}, nobody)
    write(store.put_event(event, now), store.put_seats(seats, now))
    return event.id, [enrolled(programme, person(MENTEE_PROFILE), Side.MENTEE, 1) for _ in range(WIDTH)]


def taken(event_id: str, people: list[str], gauge: Gauge) -> list[str]:
    """Have all take a seat at once, who was told to send it again doing so; return what each has then."""

    def take(one: str) -> None:
        placing.take(call(one), event_id, {one: Side.MENTEE}, waits=True)

    left = people
    for _ in range(8):
        answers = all_at_once(gauge, [partial(take, one) for one in left])
        left = [one for one, answer in zip(left, answers, strict=True) if answer is not None]
        if not left:
            break
    assert not left
    return [one.status.value for one in store.places_of(event_id)]


@pytest.mark.usefixtures("emulator")
def test_a_crowd_takes_the_last_seats_and_the_others_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    event_id, people = event_with_three_seats()
    monkeypatch.setattr(store, "take_seat", once_all_are_here(store.take_seat, WIDTH))
    gauge = Gauge()
    found = taken(event_id, people, gauge)
    assert gauge.widest == WIDTH
    assert (found.count("taken"), found.count("waiting")) == (SEATS - TAKEN, WIDTH - (SEATS - TAKEN))
    row = tables.get(*store.seats_key(event_id))
    assert row is not None
    seats = store.seats_of(row)
    assert (seats.taken[Side.MENTEE], seats.waiting[Side.MENTEE]) == (SEATS, WIDTH - (SEATS - TAKEN))


@pytest.mark.usefixtures("emulator")
def test_seats_are_exceeded_without_the_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: with the condition on the seats taken out, more have one than there are."""
    event_id, people = event_with_three_seats()

    def unconditional(of: str, *_: Any, **__: Any) -> tables.Write:
        return tables.add(*store.seats_key(of), {"mentee_taken": 1}, "2026-11-22T09:00:00.000000Z")

    monkeypatch.setattr(store, "take_seat", once_all_are_here(unconditional, WIDTH))
    assert taken(event_id, people, Gauge()).count("taken") > SEATS - TAKEN
