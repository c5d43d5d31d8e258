"""The whole of an installation's stored state: kept, put back, and compared; and a killer of its writers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID

from chalicelib.kernel.clock import from_text, to_text
from chalicelib.platform import documents, outbox, tables
from chalicelib.platform.aws import client
from chalicelib.platform.settings import settings

# What tells only how often something was tried, or is random by design.
COUNTS = {"version", "tries", "claimed_at"}


class Killed(BaseException):
    """The process is gone: no handler of the code under test may see it."""


class State:
    """All tables and files at one moment, taken from moto's memory: its API would take most of a test's time."""

    def __init__(self) -> None:
        self.tables = deepcopy(_backend().tables)
        self.files = _files()

    def put_back(self) -> None:
        """Make the stored state what it was."""
        _backend().tables = deepcopy(self.tables)
        for key in _files().keys() - self.files.keys():
            documents.remove(key)

    def told(self) -> dict[str, Any]:
        """Return what the state says, whatever the number of tries it took: audit rows without their random ids."""
        found: dict[str, Any] = {"files": self.files}
        for name, table in self.tables.items():
            found[name] = sorted(str(_plain(one.to_json()["Attributes"])) for one in table.all_items())
        return found


def _plain(item: dict[str, Any]) -> list[tuple[str, Any]]:
    shown = {name: value for name, value in item.items() if name not in COUNTS}
    if shown["sk"]["S"].startswith("AUDIT#"):
        shown["sk"] = {"S": "AUDIT"}
    return sorted(shown.items())


def _backend() -> Any:
    return get_backend("dynamodb")[DEFAULT_ACCOUNT_ID][settings().region]


def _files() -> dict[str, bytes]:
    pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=settings().documents_bucket)
    return {one["Key"]: documents.read(one["Key"]) for page in pages for one in page.get("Contents", ())}


def age_claims() -> None:
    """Let every claim on a message be older than a worker can live, without moving the clock."""
    for item in _backend().tables[settings().table("outbox")].all_items():
        if item.attrs["status"].value == outbox.Status.CLAIMED:
            claimed_at = item.attrs["claimed_at"]
            claimed_at.value = to_text(
                from_text(claimed_at.value) - outbox.CLAIM_LEASE - timedelta(minutes=1)
            )


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch, hook: Callable[[int, str], None]) -> Iterator[list[int]]:
    """Call `hook` with a write's number and "before" or "after"; yields the numbers of the writes made."""
    made: list[int] = []
    real_transact, real_write = tables.transact, documents.write

    def around(real: Callable[..., None]) -> Callable[..., None]:
        def wrapped(*args: Any, **kwargs: Any) -> None:
            number = len(made)
            made.append(number)
            hook(number, "before")
            real(*args, **kwargs)
            hook(number, "after")

        return wrapped

    with monkeypatch.context() as patch:
        patch.setattr(tables, "transact", around(real_transact))
        patch.setattr(documents, "write", around(real_write))
        yield made


def crash_points(
    monkeypatch: pytest.MonkeyPatch, work: Callable[[], object], start: State
) -> Iterator[tuple[int, str]]:
    """Do `work` once to count its writes; then, from the start each time, kill it before each of them, and after
    the last. After one write and before the next, nothing is stored, so that is every state there is."""
    start.put_back()
    with watched(monkeypatch, lambda *_: None) as made:
        work()
    assert made, "this work writes nothing, so there is nothing to kill"
    points = [*((number, "before") for number in made), (made[-1], "after")]
    for point in points:
        start.put_back()

        def kill(number: int, when: str, point: tuple[int, str] = point) -> None:
            if (number, when) == point:
                raise Killed

        with watched(monkeypatch, kill), pytest.raises(Killed):
            work()
        yield point
