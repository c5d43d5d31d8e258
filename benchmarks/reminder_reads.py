"""What is read for reminders, in DynamoDB's units, with tables that grow: counted from what moto returns, since neither
engine counts units itself.

    python -m benchmarks.reminders reads

A query reads what it returns, for none of these has a filter: in all its items' bytes in steps of 4 KB, half a unit a
step where it may lag. A batch reads each row by itself, one unit for 4 KB, and one for a row that is not there
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html, read 2026-11-22). Sizes of
items by
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html, read the same day.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from benchmarks import bars
from benchmarks.sessions import NOW, Pairs

STEP = 4096
AN_HOUR = 100_000
LARGE = (1_000_000, 5_000_000)
SENT = 96  # so many of those due are sent, to count what is read for each
MOST_UNITS_OF_A_MAIL = 12.0
RUNS_AN_HOUR = 12


def size_of(item: dict[str, Any]) -> int:
    """Return what an item counts for, in bytes: its names and values."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value: dict[str, Any]) -> int:
    ((kind, held),) = value.items()
    if kind == "S":
        return len(held.encode())
    if kind == "N":
        return math.ceil(len(held.strip("-").replace(".", "")) / 2) + 1
    if kind == "B":
        return len(held)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _size(one) for name, one in held.items())
    if kind == "L":
        return 3 + sum(1 + _size(one) for one in held)
    return 1


class Meter:
    """Counts requests, rows and units of the reads that pass."""

    def __init__(self, dispatch: Any) -> None:
        self._dispatch = dispatch
        self.requests = self.rows = 0
        self.units = 0.0

    def __call__(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self._dispatch(operation, asked)
        if operation == "Query":
            assert "FilterExpression" not in asked
            items = answer["Items"]
            units = max(1, math.ceil(sum(map(size_of, items)) / STEP))
            self._add(len(items), units if asked.get("ConsistentRead") else units / 2)
        elif operation == "BatchGetItem":
            found = [item for items in answer["Responses"].values() for item in items]
            wanted = sum(len(one["Keys"]) for one in asked["RequestItems"].values())
            units = sum(math.ceil(size_of(item) / STEP) for item in found) + wanted - len(found)
            self._add(len(found), units)
        elif operation == "GetItem":
            self._add(len(found := [answer["Item"]] if answer.get("Item") else []),
                      max(1, sum(math.ceil(size_of(item) / STEP) for item in found)))  # fmt: skip
        return answer

    def _add(self, rows: int, units: float) -> None:
        self.requests += 1
        self.rows += rows
        self.units += units


def run(due: int, tables_of: Sequence[int]) -> list[bool]:
    """Read what `due` reminders take among tables of so many rows, the same ones in tables that grow; tell what an hour
    of 100,000 takes."""
    from tests.support.aws import installation

    with installation():
        sessions, messages, a_mail, size = _counted(due, sorted(tables_of))
    print(f"{'rows':>10} {'sessions due':>13} {'to find them':>24} {'messages due':>13} {'to find them':>24}")
    for rows, one, other in zip(sorted(tables_of), sessions, messages, strict=True):
        print(f"{rows:10,} {due // 2:13,} {_told(one):>24} {due:13,} {_told(other):>24}")
    print(f"to send one of {SENT} that are sent at once: {a_mail:.2f} units")
    to_find = (sessions[-1][1] + messages[-1][1]) / due
    hour = AN_HOUR * (to_find + a_mail)
    # Whatever lies in wait is read by each run until it is sent: at its worst all of the hour's by all of its runs.
    worst = hour + (RUNS_AN_HOUR - 1) * AN_HOUR * messages[-1][1] / due
    print(
        f"by arithmetic from these, {AN_HOUR:,} reminders of an hour: {AN_HOUR * to_find:,.0f} units to find and "
        f"{AN_HOUR * a_mail:,.0f} to send them; {worst:,.0f} in all if all are due at once and sent at the hour's end"
    )
    for rows in LARGE:
        print(
            f"  among {rows:,} rows: as many, since none of it depends on the rows; "
            f"a scan of {size:.0f} bytes a row would take {rows * size / STEP / 2:,.0f} every five minutes"
        )
    return [
        bars.told(
            f"what is read is the same among {' and '.join(f'{one:,}' for one in tables_of)} rows",
            holds=len(tables_of) > 1 and len(set(sessions)) == len(set(messages)) == 1,
        ),
        bars.most("units to find and to send a mail", hour / AN_HOUR, MOST_UNITS_OF_A_MAIL),
    ]


Reads = tuple[int, float]
"""Requests and units."""


def _told(found: Reads) -> str:
    return f"{found[1]:,.1f} units, {found[0]} reads"


def _counted(due: int, tables_of: Sequence[int]) -> tuple[list[Reads], list[Reads], float, float]:
    """Return what finding the sessions that are due reads in a table of each size, and finding the messages that are;
    the units of each mail sent; and the mean size of a message's row."""
    import pytest

    from chalicelib.mentorships import service as mentorships
    from chalicelib.mentorships.sessions import store as sessions_store
    from chalicelib.notifications import service
    from chalicelib.notifications.model import Outcome
    from chalicelib.platform import mail, tables
    from chalicelib.platform.outbox import Topic

    made = Pairs(due // 2)
    for number, group in enumerate(made.groups()):
        tables.transact(group, str(number))
    plain = tables._dispatch
    with pytest.MonkeyPatch.context() as patch:

        def metered(read: Callable[[], int], count: int) -> Meter:
            meter = Meter(plain)
            patch.setattr(tables, "_dispatch", meter)
            assert read() == count
            patch.setattr(tables, "_dispatch", plain)
            return meter

        sessions, messages = [], []
        for rows in tables_of:
            with _grown("mentorships", rows):
                meter = metered(lambda: len(list(sessions_store.due_sessions(NOW))), due // 2)
            sessions.append((meter.requests, meter.units))
        assert mentorships.remind_of_sessions(NOW) == 0
        for rows in tables_of:
            with _grown("outbox", rows) as size:
                meter = metered(lambda: len(service.ready(NOW)[Topic.MAIL]), due)
            messages.append((meter.requests, meter.units))
        ids = service.ready(NOW)[Topic.MAIL]
        patch.setattr(mail, "send", lambda _mail: "m")
        service.deliver_all(ids[:1], NOW)  # the key of links is read once a process

        def sent() -> int:
            outcomes = service.deliver_all(ids[1 : SENT + 1], NOW).values()
            return sum(one is Outcome.SENT for one in outcomes)

        return sessions, messages, metered(sent, SENT).units / SENT, size


@contextmanager
def _grown(capability: str, rows: int) -> Iterator[float]:
    """Bring a table up to so many rows for a while, as it has them of other hours: half of them done with, half due
    later. Yields the mean size of its rows in bytes."""
    from moto.backends import get_backend
    from moto.core import DEFAULT_ACCOUNT_ID

    from chalicelib.platform import tables
    from chalicelib.platform.settings import settings

    table = get_backend("dynamodb")[DEFAULT_ACCOUNT_ID][settings().region].tables[
        settings().table(capability)
    ]
    items = list(table.all_items())
    before = {hash_key: copy.copy(held) for hash_key, held in table.items.items()}
    patterns = [one.to_json()["Attributes"] for one in items if "gsi1pk" in one.attrs][:100]
    for number in range(len(items), rows):
        raw = copy.deepcopy(patterns[number % len(patterns)])
        raw["pk"]["S"] = f"{raw['pk']['S']}#{number}"
        if number % 2:
            raw["gsi1sk"]["S"] = tables.due_place(NOW + timedelta(minutes=number), str(number))
        else:
            del raw["gsi1pk"], raw["gsi1sk"]
        table.put_item(raw)
    assert sum(1 for _ in table.all_items()) == rows
    try:
        yield sum(map(size_of, patterns)) / len(patterns)
    finally:
        table.items.clear()
        table.items.update(before)
