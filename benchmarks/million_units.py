"""What DynamoDB charges for requests that pass, counted from what they ask and what moto returns.

A transaction costs two write units for each KB of each of its rows, checked ones as well, and an index one more for
each KB of a row that stands in it (https://aws.amazon.com/dynamodb/pricing/provisioned, as
https://awssgvpn2.softether.net/dynamodb/pricing/provisioned has it, read 2026-11-23). Reads as in
`benchmarks.reminder_reads`. A row counts as large as it is afterwards; an index as having all of it.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from benchmarks.reminder_reads import STEP, size_of

KB = 1024
TRANSACTION = 2
INDEXES = ("gsi1pk", "gsi2pk")


class Units:
    """Counts by step; what comes between two is `other`.

    Attributes
    ----------
    seconds
        The processor's of each step, with those of what answers.
    hot
        Write units by step, table and partition key: a partition takes 1,000 a second.
    """

    def __init__(self, dispatch: Any) -> None:
        self._dispatch = dispatch
        self._step = "other"
        self.counts: dict[str, Counter[str]] = {}
        self.hot: dict[str, Counter[tuple[str, str]]] = {}
        self.seconds: Counter[str] = Counter()

    def step(self, call: Callable[..., Any], name: str) -> Callable[..., Any]:
        """Count what a function asks for under a name."""

        def counted(*args: Any, **kwargs: Any) -> Any:
            before, self._step = self._step, name
            begun = time.process_time()
            try:
                return call(*args, **kwargs)
            finally:
                self._step = before
                self.seconds[name] += time.process_time() - begun

        return counted

    def __call__(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self._dispatch(operation, asked)
        counts = self.counts.setdefault(self._step, Counter())
        counts["requests"] += 1
        units: float
        match operation:
            case "Query":
                units = max(1, math.ceil(sum(map(size_of, answer["Items"])) / STEP))
                counts["read"] += units if asked.get("ConsistentRead") else units / 2
            case "BatchGetItem":
                for table, one in asked["RequestItems"].items():
                    items = answer["Responses"].get(table, [])
                    units = sum(math.ceil(size_of(item) / STEP) for item in items)
                    units += len(one["Keys"]) - len(items)
                    counts["read"] += units if one.get("ConsistentRead") else units / 2
            case "GetItem":
                units = math.ceil(size_of(answer.get("Item") or {}) / STEP) or 1
                counts["read"] += units if asked.get("ConsistentRead") else units / 2
            case "TransactWriteItems":
                counts["transactions"] += 1
                for one in asked["TransactItems"]:
                    self._write(counts, *next(iter(one.items())), TRANSACTION)
            case "PutItem" | "UpdateItem" | "DeleteItem":
                self._write(counts, operation.removesuffix("Item"), asked, 1)
            case "TransactGetItems":
                counts["read"] += 2 * len(asked["TransactItems"])
            case _:
                raise NotImplementedError(operation)
        return answer

    def _write(self, counts: Counter[str], kind: str, one: dict[str, Any], each: int) -> None:
        table = one["TableName"]
        item = one.get("Item")
        if item is None:
            found = self._dispatch("GetItem", {"TableName": table, "Key": one["Key"], "ConsistentRead": True})
            item = found.get("Item") or one["Key"]
        units = math.ceil(size_of(item) / KB)
        counts["rows"] += 1
        counts["written"] += each * units
        pk = item["pk"]["S"]
        self.hot.setdefault(self._step, Counter())[table, pk] += each * units
        if kind != "ConditionCheck":
            counts["written"] += units * sum(name in item for name in INDEXES)

    def told(self) -> dict[str, Any]:
        found = {}
        for step, counts in self.counts.items():
            hottest = self.hot.get(step, Counter()).most_common(3)
            found[step] = {
                **counts,
                "seconds": self.seconds[step],
                "hottest": [[table, pk, n] for (table, pk), n in hottest],
            }
        return found
