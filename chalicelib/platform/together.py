"""Pieces of work done at once, a thread each, whose reads by key travel together.

A request costs this process more than the rows that it brings. So what such threads read by key (`tables.get`,
`tables.get_many`) is held back until each of them waits for rows, and then asked for in as few requests as it takes:
the work is written as if it were alone, and its reads are as fresh as if it were.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
Key = tuple[str, str, str]
Rows = dict[Key, dict[str, Any]]
"""Raw items by table, partition and sort key."""
Ask = Callable[[Sequence[Key]], Rows]

_here = threading.local()


class Together(Generic[T, R]):
    """Work that has begun on some items. Iterating, once, yields each item with what came of it as a future, in the
    order in which they end; a piece of work that fails keeps no other from its end.

    Parameters
    ----------
    threads
        On so many at a time; each piece is done by one.
    """

    def __init__(self, items: Sequence[T], act: Callable[[T], R], *, threads: int) -> None:
        self._gathering = _Gathering(len(items), threads)
        self._pool = ThreadPoolExecutor(max(1, min(threads, len(items))))
        self._begun = {self._pool.submit(self._gathering.work, act, item): item for item in items}

    def __iter__(self) -> Iterator[tuple[T, "Future[R]"]]:
        with self._pool:
            for future in as_completed(self._begun):
                yield self._begun[future], future


def read(ask: Ask, keys: Sequence[Key]) -> Rows:
    """Read rows by `ask`: with those of the threads that this one works beside, if there are any."""
    gathering: _Gathering | None = getattr(_here, "gathering", None)
    return ask(keys) if gathering is None else gathering.read(ask, keys)


@dataclass
class _Asked:
    ask: Ask
    keys: Sequence[Key]
    answer: "Future[Rows]" = field(default_factory=Future)


class _Gathering:
    """Holds reads back until nobody works: then whoever stopped last asks for all of them."""

    def __init__(self, items: int, threads: int) -> None:
        self._lock = threading.Lock()
        self._working = min(items, threads)
        self._to_begin = items - self._working
        self._asked: list[_Asked] = []

    def work(self, act: Callable[[T], R], item: T) -> R:
        _here.gathering = self
        try:
            return act(item)
        finally:
            _here.gathering = None
            self._stop(None)

    def read(self, ask: Ask, keys: Sequence[Key]) -> Rows:
        asked = _Asked(ask, keys)
        self._stop(asked)
        return asked.answer.result()

    def _stop(self, asked: _Asked | None) -> None:
        """Stop working: to wait for rows, or because a piece of work is done and, unless there is more, its thread."""
        with self._lock:
            if asked is not None:
                self._asked.append(asked)
            elif self._to_begin:
                self._to_begin -= 1
                return
            self._working -= 1
            if self._working or not self._asked:
                return
            waiting, self._asked = self._asked, []
            self._working = len(waiting)
        _answer(waiting)


def _answer(waiting: Sequence[_Asked]) -> None:
    keys = list(dict.fromkeys(key for one in waiting for key in one.keys))
    try:
        rows = waiting[0].ask(keys)
    except BaseException as error:  # noqa: BLE001 - it is raised by each who waits
        for one in waiting:
            one.answer.set_exception(error)
    else:
        for one in waiting:
            one.answer.set_result(rows)
