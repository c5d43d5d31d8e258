"""The far end of a wire: answers requests to DynamoDB and SES after a set time, from rows in memory, unchecked.

    python -m benchmarks.wire ROWS DYNAMODB_MS SES_MS        # prints its port, and serves until its input is closed

Whoever measures a worker against it measures the worker: an emulator needs as much of the same processors as the worker
does. What it answers to writes is always yes, so it shows nothing about conditions.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Rows = dict[tuple[str, str, str], dict[str, Any]]
"""Raw items by table, partition and sort key."""


class Wire:
    def __init__(self, rows: Rows, dynamodb: float, ses: float) -> None:
        self._rows, self._waits = rows, {True: ses, False: dynamodb}
        self._place = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection's requests, one after another."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
                body = await reader.readexactly(int(fields.get("content-length", 0)))
                operation = fields.get("x-amz-target", "").rpartition(".")[2]
                status, answer = (
                    self._answer(operation, json.loads(body)) if operation else (200, {"MessageId": "m"})
                )
                await asyncio.sleep(self._waits[not operation])
                told = json.dumps(answer, default=lambda one: base64.b64encode(one).decode()).encode()
                start = f"HTTP/1.1 {status} -\r\nContent-Type: application/x-amz-json-1.0\r\n"
                writer.write(f"{start}Content-Length: {len(told)}\r\n\r\n".encode() + told)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answer(self, operation: str, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if operation == "batchgetitem":
            found = {
                table: [row for key in wanted["Keys"] if (row := self._row(table, key)) is not None]
                for table, wanted in asked["RequestItems"].items()
            }
            return 200, {"Responses": found, "UnprocessedKeys": {}}
        if operation == "getitem":
            row = self._row(asked["TableName"], asked["Key"])
            return 200, {"Item": row} if row else {}
        if operation == "updateitem":
            return self._advance(
                {name: int(n["N"]) for name, n in asked["ExpressionAttributeValues"].items()}
            )
        return 200, {}

    def _row(self, table: str, key: dict[str, Any]) -> dict[str, Any] | None:
        return self._rows.get((table, key["pk"]["S"], key["sk"]["S"]))

    def _advance(self, values: dict[str, int]) -> tuple[int, dict[str, Any]]:
        """Move the one rate on as `tables.advance` asks for it: this alone has a condition."""
        behind = ":next" in values
        holds = self._place < values[":low"] if behind else values[":low"] <= self._place <= values[":high"]
        if not holds:
            return 400, {"__type": "ConditionalCheckFailedException"}
        self._place = values[":next"] if behind else self._place + values[":by"]
        return 200, {"Attributes": {"place": {"N": str(self._place)}}}


@contextmanager
def opened(rows: Rows, folder: Path, dynamodb_ms: float, ses_ms: float) -> Iterator[str]:
    """Serve rows in a process of its own; yields the address."""
    file = folder / "rows.pickle"
    file.write_bytes(pickle.dumps(rows))
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "benchmarks.wire", str(file), str(dynamodb_ms), str(ses_ms)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as far_end:  # fmt: skip
        assert far_end.stdout is not None
        assert far_end.stdin is not None
        try:
            yield f"http://127.0.0.1:{far_end.stdout.readline().strip()}"
        finally:
            far_end.stdin.close()


async def main(file: str, dynamodb_ms: str, ses_ms: str) -> None:
    rows: Rows = pickle.loads(Path(file).read_bytes())  # noqa: S301 - our own
    wire = Wire(rows, float(dynamodb_ms) / 1000, float(ses_ms) / 1000)
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    asyncio.get_running_loop().add_reader(sys.stdin, lambda: os._exit(0))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
