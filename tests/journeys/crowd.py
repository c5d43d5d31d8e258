"""Many clients at the same moment: they call the services themselves, as the deployed functions do, so that a crowd
costs little."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import Any

from chalicelib.kernel.call import Actor, Call
from chalicelib.kernel.clock import system_clock
from chalicelib.kernel.errors import DomainError

SECONDS = 60
"""How long a client waits for the others before the test fails."""


class Gauge:
    """How many clients were inside at once, at most."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self.widest = 0

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1
            self.widest = max(self.widest, self._inside)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1


def call(person_id: str) -> Call:
    return Call(now=system_clock(), actor=Actor(person_id))


def all_at_once(gauge: Gauge, tasks: list[Callable[[], Any]]) -> list[Any]:
    """Run tasks at the same time; return their results, refusals among them.

    Nobody begins before all are inside: on a busy machine the first would be done before the last is let run.
    """
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> Any:
        with gauge:
            start.wait(SECONDS)
            try:
                return task()
            except DomainError as refusal:
                return refusal

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def once_all_are_here(plain: Callable[..., Any], clients: int) -> Callable[..., Any]:
    """Return a function before which each client waits, the first time, until all have come to it.

    Put where clients have read and not yet written, it makes all write upon what all have read: without it, whether
    two meet is up to the machine.
    """
    meet, here = threading.Barrier(clients), threading.local()

    @wraps(plain)
    def waiting(*given: Any, **named: Any) -> Any:
        if not getattr(here, "has_met", False):
            here.has_met = True
            meet.wait(SECONDS)
        return plain(*given, **named)

    return waiting
