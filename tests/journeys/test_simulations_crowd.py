"""A hundred participants chat at once on the emulator's DynamoDB, with their moderators: no message is lost, doubled or
out of order, told by the numbers and the clients' ids."""

import random
from collections import Counter
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from chalicelib.kernel.clock import system_clock
from chalicelib.kernel.errors import DomainError, Unavailable
from chalicelib.kernel.ids import new_id
from chalicelib.simulations import store as cases_store
from chalicelib.simulations.chats import service as chats
from chalicelib.simulations.chats import store as chats_store
from chalicelib.simulations.chats.model import Chat, Message, MessageSource
from chalicelib.simulations.chats.service import Answer
from chalicelib.simulations.sessions import store
from chalicelib.simulations.sessions.model import (
    Place,
    Round,
    Simulation,
    SimulationRole,
    SimulationStatus,
)
from tests.journeys.crowd import Gauge, all_at_once, call, once_all_are_here
from tests.journeys.rows import write
from tests.simulations.documents import document

PARTICIPANTS = 100
TURNS = ("Blood pressure please", "Does it run in the family?")


def running() -> tuple[str, list[str], list[str]]:
    """Write a simulation whose case has begun, with a moderator for every five."""
    now = system_clock()
    case_id, simulation_id = new_id(now), new_id(now)
    write(cases_store.put_version(case_id, 1, document(), now))
    round_ = Round(1, case_id, 1, "district", "Title", "Condition", 25, now)
    write(
        store.put_simulation(
            Simulation(
                simulation_id,
                new_id(now),
                "Crowded",
                now,
                (round_,),
                status=SimulationStatus.RUNNING,
                since=now,
            ),
            now,
        )
    )
    moderators = [new_id(now) for _ in range(PARTICIPANTS // 5)]
    participants = [new_id(now) for _ in range(PARTICIPANTS)]
    places = [Place(simulation_id, one, frozenset({SimulationRole.MODERATOR})) for one in moderators]
    places += [
        Place(simulation_id, one, frozenset({SimulationRole.PARTICIPANT}), moderators[n // 5])
        for n, one in enumerate(participants)
    ]
    rows = [store.put_place(one, now) for one in places]
    rows += [chats_store.put_chat(Chat(simulation_id, 1, one), now) for one in participants]
    for n in range(0, len(rows), 90):
        write(*rows[n : n + 90])
    return simulation_id, participants, moderators


def until_taken(turn: Any) -> Any:
    """Send again, as a client does that is told to."""
    for _ in range(20):
        try:
            return turn()
        except Unavailable:
            continue
    raise AssertionError("never taken")


def play(simulation_id: str, participant: str, seed: int) -> list[int]:
    """Say two things, some of them twice as after a lost answer, and return the numbers that came, in order."""
    chance = random.Random(seed)  # noqa: S311 - a seed to repeat a failure by
    chat_id, numbers = f"1-{participant}", [0]
    for n, text in enumerate(TURNS):
        for _ in range(1 + (chance.random() < 0.3)):
            turn = until_taken(
                lambda text=text, n=n, after=numbers[-1]: chats.say(
                    call(participant), simulation_id, chat_id, f"client-{n:04}", text, after
                )
            )
            numbers += [one.number for one in turn.messages]
    numbers += [
        one.number
        for one in until_taken(
            lambda: chats.poll(call(participant), simulation_id, chat_id, numbers[-1])
        ).messages
    ]
    return numbers[1:]


def moderate(simulation_id: str, moderator: str, participants: list[str]) -> int:
    for n, one in enumerate(participants):
        answer = Answer(text=f"Answer {n} of a moderator")
        until_taken(
            lambda one=one, answer=answer: chats.answer(
                call(moderator), simulation_id, f"1-{one}", "moderator-1", answer, 0
            )
        )
    return len(participants)


def messages_of(simulation_id: str, participant: str) -> tuple[Message, ...]:
    return chats_store.messages_after(Chat(simulation_id, 1, participant), 0)


@pytest.mark.usefixtures("emulator")
def test_a_hundred_chat_at_once_and_nothing_is_lost_doubled_or_out_of_order() -> None:
    simulation_id, participants, moderators = running()
    chats.poll(
        call(participants[0]), simulation_id, f"1-{participants[0]}", 0
    )  # the case is read once a process
    gauge = Gauge()
    tasks = [partial(play, simulation_id, one, seed) for seed, one in enumerate(participants)]
    tasks += [
        partial(moderate, simulation_id, one, participants[5 * n : 5 * n + 5])
        for n, one in enumerate(moderators)
    ]
    results = all_at_once(gauge, tasks)
    assert gauge.widest == len(tasks)
    assert [one for one in results if isinstance(one, DomainError)] == []
    for participant, numbers in zip(participants, results, strict=False):
        whole = messages_of(simulation_id, participant)
        assert [one.number for one in whole] == list(range(1, len(whole) + 1))
        said = [one.text for one in whole if one.source is MessageSource.PARTICIPANT]
        assert said == list(TURNS)
        by_moderator = Counter(one.text for one in whole if one.source is MessageSource.MODERATOR)
        assert list(by_moderator.values()) == [1]
        assert numbers == sorted(set(numbers)), "each came once, in order"
        rest = chats.poll(call(participant), simulation_id, f"1-{participant}", numbers[-1]).messages
        assert [*numbers, *(one.number for one in rest)] == list(range(1, len(whole) + 1))


@pytest.mark.usefixtures("emulator")
def test_messages_are_lost_without_the_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: with the versions and the free numbers taken out, messages overwrite each other."""
    simulation_id, participants, moderators = running()
    one = participants[0]
    chats.poll(call(one), simulation_id, f"1-{one}", 0)

    def unconditional(plain: Any) -> Any:
        def put(*given: Any) -> Any:
            made = plain(*given)
            request = made.request()
            kept = {name: request[name] for name in ("TableName", "Item")}
            return replace(made, request=lambda: kept)

        return put

    for name in ("put_chat", "put_message"):
        put = unconditional(getattr(chats_store, name))
        monkeypatch.setattr(chats_store, name, once_all_are_here(put, len(moderators)))
    tasks = [
        partial(
            chats.answer, call(by), simulation_id, f"1-{one}", f"client-{n:04}", Answer(text=f"Answer {n}"), 0
        )
        for n, by in enumerate(moderators)
    ]
    all_at_once(Gauge(), tasks)
    found = {message.text for message in messages_of(simulation_id, one)}
    assert len(found & {f"Answer {n}" for n in range(len(moderators))}) < len(moderators)
