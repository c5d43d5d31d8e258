"""What reminders cost: how fast a worker sends them, how fast they are written and queued, what is read for them, and
that eight workers at once, one of them killed, send each once.

    python -m benchmarks.reminders                          # all four, two minutes
    python -m benchmarks.reminders speed --pairs 600        # one of: speed, sweep, workers, reads
    python -m benchmarks.reminders reads --due 2000 --rows 20000 100000

`speed`: a worker with 100 messages a call beside one message after another, as before ADR 40, against the far end of a
wire that answers DynamoDB in 5 ms and SES in 30 (`--latency`), without TLS and without conditions
(`benchmarks/wire.py`). `sweep` and `workers`: the emulator of `make run` without our functions. `reads`: moto. Exits
with status 1 if a limit is broken.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from benchmarks import bars, wire
from benchmarks.sessions import NOW, Pairs

A_CALL = 100  # MAILS_A_CALL of notifications/jobs.py
LEAST_A_PROCESSOR_SECOND = 100
LEAST_OF_ONE_BY_ONE = 5.0
MOST_OF_ITS_PROCESSOR = 0.6
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "eu-west-1",
    "LOG_LEVEL": "ERROR", "POWERTOOLS_TRACE_DISABLED": "true", "LOCAL_CLOCK": "", "MAIL_RATE": "1000",
    "MAIL_CONFIGURATION_SET": "benchmark", "WEB_ORIGIN": "https://crossward.example",
    "API_ORIGIN": "https://api.crossward.example",
}  # fmt: skip


def forget_clients() -> None:
    """Make the process read its settings anew, and its clients where those say that AWS is."""
    from chalicelib.platform import aws, mail, tables
    from chalicelib.platform.settings import settings

    for cached in (settings, tables.connection, aws.client, mail._ses):
        cached.cache_clear()


def calls(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + A_CALL] for start in range(0, len(ids), A_CALL))


def reminders_of(pairs: int) -> tuple[wire.Rows, list[str]]:
    """Return the rows of so many pairs, with both reminders of each one's session in the outbox, and those's ids."""
    from chalicelib.kernel.clock import to_text
    from chalicelib.mentorships.sessions import mails
    from chalicelib.mentorships.sessions.model import Due
    from chalicelib.notifications.store import KeyRow
    from chalicelib.platform import tables
    from chalicelib.platform.settings import settings
    from chalicelib.programmes.model import Side

    made = Pairs(pairs)
    writes = [write for group in made.groups() for write in group]
    key = KeyRow("INSTALLATION", "LINK-KEY", secret=b"k" * 32, **tables.stamps(to_text(NOW)))
    writes.append(tables.put(key))
    for session in made.sessions:
        writes += [
            mails.mail(mails.SESSION_REMINDER, session, side, NOW, due=Due.HOUR_BEFORE) for side in Side
        ]
    rows: wire.Rows = {}
    for asked in (write.request() for write in writes):
        if item := asked.get("Item"):
            rows[asked["TableName"], item["pk"]["S"], item["sk"]["S"]] = item
    outbox = settings().table("outbox")
    return rows, [pk for table, pk, _ in rows if table == outbox]


def speed(pairs: int, dynamodb_ms: float, ses_ms: float) -> list[bool]:
    from chalicelib.notifications import service

    def one_by_one(ids: Sequence[str]) -> Counter[str]:
        return Counter(str(service.deliver(one, NOW)) for one in ids)

    def at_once(ids: Sequence[str]) -> Counter[str]:
        return Counter(str(one) for some in calls(ids) for one in service.deliver_all(some, NOW).values())

    rows, ids = reminders_of(pairs)
    with (
        tempfile.TemporaryDirectory(prefix="crossward-wire-") as folder,
        wire.opened(rows, Path(folder), dynamodb_ms, ses_ms) as address,
    ):
        os.environ["AWS_ENDPOINT_URL"] = address
        forget_clients()
        at_once(ids[:A_CALL])  # templates and catalogues of all languages are made with the first
        alone = _measured("one by one", one_by_one, ids[: max(10, len(ids) // 6)])
        many = _measured(f"{A_CALL} a call", at_once, ids)
    del os.environ["AWS_ENDPOINT_URL"]
    forget_clients()
    return [
        bars.told("all were sent", holds=alone[2] and many[2]),
        bars.least(
            "mails a second, of those one by one", many[0] / alone[0], LEAST_OF_ONE_BY_ONE, unit=" times"
        ),
        bars.least("mails a second of a processor", many[1], LEAST_A_PROCESSOR_SECOND, ",.0f"),
        bars.most(
            "processor's time of a mail, of one by one", alone[1] / many[1], MOST_OF_ITS_PROCESSOR, ".0%"
        ),
    ]


def _measured(
    name: str, send: Callable[[Sequence[str]], Counter[str]], ids: Sequence[str]
) -> tuple[float, float, bool]:
    """Send; return mails a second of wall time, of the processor's, and whether all were sent."""
    wall, processor = time.perf_counter(), time.process_time()
    found = send(ids)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    rates = len(ids) / wall, len(ids) / processor
    print(
        f"{name:12} {len(ids):5,} mails: {rates[0]:6.1f} a second, {rates[1]:6.1f} a second of the processor's time, "
        f"{1000 * processor / len(ids):.1f} ms of it each",
        flush=True,
    )
    return *rates, found == {"sent": len(ids)}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reminders")
    parts = ("speed", "sweep", "workers", "reads")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of: {', '.join(parts)} (all)")
    parser.add_argument("--pairs", type=int, default=300, help="each has two reminders")
    parser.add_argument(
        "--latency", type=float, nargs=2, default=(5.0, 30.0), metavar=("DYNAMODB_MS", "SES_MS")
    )
    parser.add_argument("--due", type=int, default=1000, help="reminders that are due, of reads")
    parser.add_argument(
        "--rows", type=int, nargs="+", default=[10_000, 50_000], help="of the tables, of reads"
    )
    given = parser.parse_args(argv)
    if unknown := set(given.parts) - set(parts):
        parser.error(f"there is no {min(unknown)}; there are {', '.join(parts)}")
    wanted = given.parts or parts
    os.environ.update(ENVIRONMENT)
    held: list[bool] = []
    if "speed" in wanted:
        held += speed(given.pairs, *given.latency)
    if {"sweep", "workers"} & set(wanted):
        from benchmarks import reminder_crew

        held += reminder_crew.run(given.pairs, sweep="sweep" in wanted, workers="workers" in wanted)
    if "reads" in wanted:
        from benchmarks import reminder_reads

        held += reminder_reads.run(given.due, given.rows)
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
