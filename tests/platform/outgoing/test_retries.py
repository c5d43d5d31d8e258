"""What is tried again, after which pauses, and when a host is left alone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.platform.outgoing.circuits import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    THRESHOLD,
    TRIAL,
    Circuit,
    Circuits,
)
from chalicelib.platform.outgoing.client import Client
from chalicelib.platform.outgoing.failures import OutgoingFailed, Reason
from tests.platform.outgoing.server import (
    HOST,
    JSON,
    QUICK,
    URL,
    Behaviour,
    Left,
    Server,
    Visit,
    client_of,
    reach_of,
)
from tests.support.world import World

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def status(line: str, *headers: str) -> Behaviour:
    return lambda visit: visit.answer(b"{}", line, *headers)


FAILING = status("500 Oops")
FINE = status("200 OK")


@pytest.fixture
def servers() -> Iterator[list[Server]]:
    made: list[Server] = []
    yield made
    for server in made:
        server.close()


def tried(
    servers: list[Server], *behaviours: Behaviour, **how: object
) -> tuple[Reason | None, list[float], int]:
    """Return how a request ended, the pauses it made and how often the server was asked."""
    server = Server(behaviours)
    servers.append(server)
    pauses: list[float] = []
    client = client_of(server, tries=3, sleep=pauses.append, now=lambda: NOW, **how)  # type: ignore[arg-type]
    try:
        client.get(URL, accept=JSON)
        reason = None
    except OutgoingFailed as failure:
        reason = failure.reason
    return reason, pauses, len(server.heads)


def test_a_server_error_is_tried_again_after_doubling_pauses(servers: list[Server]) -> None:
    assert tried(servers, FAILING) == (Reason.SERVER_ERROR, [0.25, 0.5], 3)


def test_the_pause_is_jittered_over_its_whole_length(servers: list[Server]) -> None:
    assert tried(servers, FAILING, chance=lambda: 0.0)[1] == [0.0, 0.0]
    assert tried(servers, FAILING, chance=lambda: 0.5)[1] == [0.125, 0.25]


def test_a_success_ends_the_tries(servers: list[Server]) -> None:
    assert tried(servers, FAILING, FINE) == (None, [0.25], 2)


@pytest.mark.parametrize("broken", [lambda visit: None, lambda visit: visit.send(b"garbage\r\n\r\n")])
def test_a_lost_or_garbled_answer_is_tried_again(servers: list[Server], broken: Behaviour) -> None:
    assert tried(servers, broken, FINE)[0] is None


@pytest.mark.parametrize(
    ("asked", "pauses"),
    [
        ("0", [0.25]),
        ("0.5", [0.25]),  # neither seconds nor a date: as if it were not there
        ("Sun, 22 Nov 2026 09:00:00 GMT", [0.25]),
        ("Sun, 22 Nov 2026 08:00:00 GMT", [0.25]),
    ],
)
def test_how_long_to_wait_may_be_asked_for(servers: list[Server], asked: str, pauses: list[float]) -> None:
    assert tried(servers, status("429 Slow down", f"Retry-After: {asked}"), FINE) == (None, pauses, 2)


@pytest.mark.parametrize("asked", ["6", "999999999", "9" * 30, "Mon, 23 Nov 2026 09:00:00 GMT"])
def test_what_asks_for_too_long_is_not_waited_for(servers: list[Server], asked: str) -> None:
    ended = tried(servers, status("429 Slow down", f"Retry-After: {asked}"))
    if asked == "9" * 30:  # no number of seconds that makes sense: the usual pauses
        assert ended == (Reason.RATE_LIMITED, [0.25, 0.5], 3)
    else:
        assert ended == (Reason.RATE_LIMITED, [], 1)


def test_a_wait_that_was_asked_for_is_kept(servers: list[Server]) -> None:
    long = QUICK.__class__(connect=1, read=1, total=10)
    busy = status("503 Busy", "Retry-After: 2")
    assert tried(servers, busy, FINE, limits=long) == (None, [2.25], 2)


def test_no_pause_outlasts_the_time_for_all(servers: list[Server]) -> None:
    assert tried(servers, status("503 Busy", "Retry-After: 2")) == (Reason.SERVER_ERROR, [], 1)


def test_a_refusal_leaves_the_circuit_in_peace(servers: list[Server]) -> None:
    for behaviour, well in ((status("404 None"), True), (FAILING, False), (FINE, True)):
        left = Left()
        tried(servers, behaviour, breaker=left)
        assert left.went == [well]


# Circuits.


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def circuits(world: World, clock: Clock) -> Circuits:
    return Circuits(clock, lambda: 0.0)


def fail(circuits: Circuits, times: int) -> None:
    for _ in range(times):
        circuits.leave(circuits.enter(HOST), well=False)


def test_a_circuit_opens_after_failures_in_a_row(circuits: Circuits) -> None:
    fail(circuits, THRESHOLD)
    with pytest.raises(OutgoingFailed) as caught:
        circuits.enter(HOST)
    assert caught.value.reason is Reason.CIRCUIT_OPEN
    assert caught.value.retry_after == FIRST_PAUSE


def test_a_success_between_starts_the_count_anew(circuits: Circuits) -> None:
    fail(circuits, THRESHOLD - 1)
    circuits.leave(circuits.enter(HOST), well=True)
    fail(circuits, THRESHOLD - 1)
    assert circuits.enter(HOST).failures == THRESHOLD - 1


def test_another_host_is_another_circuit(circuits: Circuits) -> None:
    fail(circuits, THRESHOLD)
    assert circuits.enter("other.test").failures == 0


def test_after_the_pause_one_request_tries(circuits: Circuits, clock: Clock) -> None:
    fail(circuits, THRESHOLD)
    clock.at += FIRST_PAUSE
    trying = circuits.enter(HOST)
    with pytest.raises(OutgoingFailed):
        circuits.enter(HOST)
    circuits.leave(trying, well=True)
    assert circuits.enter(HOST).failures == 0


def test_of_two_that_try_at_once_one_may(
    circuits: Circuits, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.platform.outgoing import circuits as module

    fail(circuits, THRESHOLD)
    clock.at += FIRST_PAUSE
    seen = module._read(HOST)
    circuits.enter(HOST)
    monkeypatch.setattr(module, "_read", lambda host: seen)
    with pytest.raises(OutgoingFailed):
        circuits.enter(HOST)


def test_a_try_that_fails_doubles_the_pause(circuits: Circuits, clock: Clock) -> None:
    fail(circuits, THRESHOLD)
    clock.at += FIRST_PAUSE
    fail(circuits, 1)
    clock.at += FIRST_PAUSE
    with pytest.raises(OutgoingFailed) as caught:
        circuits.enter(HOST)
    assert caught.value.retry_after == FIRST_PAUSE


def test_a_try_whose_process_died_is_given_up(circuits: Circuits, clock: Clock) -> None:
    fail(circuits, THRESHOLD)
    clock.at += FIRST_PAUSE
    circuits.enter(HOST)
    clock.at += TRIAL
    assert circuits.enter(HOST).failures == THRESHOLD


def test_a_count_that_another_took_down_is_left(circuits: Circuits) -> None:
    first, second = circuits.enter(HOST), circuits.enter(HOST)
    circuits.leave(first, well=False)
    circuits.leave(second, well=False)
    assert circuits.enter(HOST).failures == 1


@given(st.integers(0, 500), st.floats(0, 1))
def test_a_pause_is_never_longer_than_the_longest(failures: int, chance: float) -> None:
    after = Circuit(HOST, failures).after_failure(NOW, lambda: chance)
    if after.failures < THRESHOLD:
        assert after.not_before is None
    else:
        assert after.not_before is not None
        assert FIRST_PAUSE / 2 <= after.not_before - NOW <= LONGEST_PAUSE


def test_a_host_that_is_down_is_soon_not_asked_at_all(
    world: World, circuits: Circuits, servers: list[Server]
) -> None:
    """The whole: each failure costs its tries, and after some the next costs one read and no time."""
    server = Server([FAILING])
    servers.append(server)
    client = Client(circuits, reach_of(server), QUICK, sleep=lambda seconds: None)
    reasons = []
    for _ in range(THRESHOLD + 3):
        with pytest.raises(OutgoingFailed) as caught:
            client.get(URL, accept=JSON)
        reasons.append(caught.value.reason)
    assert reasons == [Reason.SERVER_ERROR] * THRESHOLD + [Reason.CIRCUIT_OPEN] * 3
    assert len(server.heads) == THRESHOLD * client.retries.tries
    with world.counted() as calls, pytest.raises(OutgoingFailed):
        client.get(URL, accept=JSON)
    assert calls == ["GetItem"]


def test_a_healthy_host_costs_one_read(world: World, circuits: Circuits, servers: list[Server]) -> None:
    server = Server([FINE])
    servers.append(server)
    client = Client(circuits, reach_of(server), QUICK)
    with world.counted() as calls:
        client.get(URL, accept=JSON)
    assert calls == ["GetItem"]


def test_a_host_that_is_not_of_the_list_has_no_circuit(world: World, circuits: Circuits) -> None:
    client = Client(circuits)
    with world.counted() as calls, pytest.raises(OutgoingFailed):
        client.get("https://evil.example/", accept=JSON)
    assert calls == []


def test_the_wait_named_while_a_circuit_is_open_is_what_is_left(circuits: Circuits, clock: Clock) -> None:
    fail(circuits, THRESHOLD)
    clock.at += timedelta(seconds=20)
    with pytest.raises(OutgoingFailed) as caught:
        circuits.enter(HOST)
    assert caught.value.retry_after == FIRST_PAUSE - timedelta(seconds=20)


def test_a_waiting_server_is_slow_once_and_then_left(servers: list[Server]) -> None:
    reason, _, asked = tried(servers, Visit.wait)
    assert (reason, asked) in {
        (Reason.ANSWER_TOO_SLOW, 3),
        (Reason.TOOK_TOO_LONG, 3),
        (Reason.ANSWER_TOO_SLOW, 2),
    }
