"""Reminders on the emulator: how fast they are written and queued, and eight workers that send them at once, each a
process, of which one is killed while it sends.

    python -m benchmarks.reminders sweep workers
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from benchmarks import bars
from benchmarks.sessions import NOW, Pairs

T = TypeVar("T")
WORKERS = 8
A_CALL = 100
MOST_PAIRS = 150  # so that each person has one session and one mail: a cohort has 160 mentors
SWEEP_SECONDS = 240  # of reminders in .chalice/config.json
RUNS_AN_HOUR = 12
WANTED_AN_HOUR = 100_000


def run(pairs: int, *, sweep: bool, workers: bool) -> list[bool]:
    from benchmarks.reminders import forget_clients
    from infra.local.seed import Bulk
    from infra.local.up import Environment

    held: list[bool] = []
    before = dict(os.environ)
    with (
        tempfile.TemporaryDirectory(prefix="crossward-reminders-") as folder,
        Environment(Path(folder), with_package=False) as environment,
    ):
        os.environ.update(environment.place.environment())
        os.environ["LOCAL_CLOCK"] = ""
        forget_clients()
        with Bulk(NOW, workers=2) as bulk:
            for group in Pairs(min(pairs, MOST_PAIRS)).groups():
                bulk.add(group)
        ids, an_hour, seconds = _swept(min(pairs, MOST_PAIRS))
        if sweep:
            held += [
                bars.least("reminders an hour that runs of the sweep take", an_hour, WANTED_AN_HOUR, ",.0f"),
                bars.most("such a run, at this speed", seconds, SWEEP_SECONDS, ",.0f", " s"),
            ]
        if workers:
            held += _at_once(ids, environment.place, Path(folder))
    for name in environment.place.environment():
        os.environ.pop(name)
    os.environ.update(before)
    forget_clients()
    return held


def _swept(pairs: int) -> tuple[list[str], int, float]:
    """Write and queue all that is due; return the messages, how many mails an hour such runs take, each of as many as
    it may at most, and how many seconds one of those takes at this speed."""
    from chalicelib.mentorships import service as mentorships
    from chalicelib.mentorships.sessions import reminding
    from chalicelib.notifications import service
    from chalicelib.platform.jobs import enqueue
    from chalicelib.platform.outbox import Topic

    written, failed = _timed(lambda: mentorships.remind_of_sessions(NOW))
    found, ready = _timed(lambda: service.ready(NOW))
    queued, _ = _timed(lambda: enqueue(ready))
    mails = len(ready[Topic.MAIL])
    assert (failed, mails) == (0, 2 * pairs)
    written, queued = written / pairs, (found + queued) / mails
    whole = reminding.MOST_A_RUN * written + service.MOST_A_RUN * queued
    print(f"{1 / written:.0f} sessions a second written, {1 / queued:,.0f} messages a second queued")
    return ready[Topic.MAIL], RUNS_AN_HOUR * min(service.MOST_A_RUN, 2 * reminding.MOST_A_RUN), whole


def _timed(act: Callable[[], T]) -> tuple[float, T]:
    begun = time.perf_counter()
    result = act()
    return time.perf_counter() - begun, result


def _at_once(ids: Sequence[str], place: Any, folder: Path) -> list[bool]:
    """Have eight processes send the same messages, kill one that has begun, and look what became of each."""
    from chalicelib.notifications import service
    from chalicelib.notifications.model import tag_of
    from chalicelib.notifications.provider_events import ProviderEvent
    from chalicelib.platform import outbox
    from chalicelib.platform.outbox import Status
    from infra.local.front import read_mails

    def sent() -> Counter[str]:
        return Counter(mail["tags"]["message_id"] for mail in read_mails(place))

    file = folder / "ids.json"
    file.write_text(json.dumps(list(ids)))
    command = [sys.executable, "-m", "benchmarks.reminder_crew", str(file)]
    crew = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(WORKERS)]  # noqa: S603
    deadline = time.monotonic() + 300
    while len(sent()) < len(ids) // 4 and time.monotonic() < deadline:
        time.sleep(0.05)
    crew[0].send_signal(signal.SIGKILL)
    statuses = [one.wait(300) for one in crew]
    first = sent()
    claimed = [
        one for one in ids if (found := outbox.read(one)) is not None and found.status is Status.CLAIMED
    ]
    silent = {one for one in claimed if tag_of(one) not in first}
    # The provider's word of each mail, and an hour.
    for tag in first:
        service.record(ProviderEvent("Send", tag), NOW)
    later = NOW + timedelta(hours=1, minutes=1)
    for _ in range(2):
        service.deliver_all(sorted(one for found in service.ready(later).values() for one in found), later)
    states = {one: found.status for one in ids if (found := outbox.read(one)) is not None}
    listed = {one for one, status in states.items() if status is Status.IN_DOUBT}
    print(
        f"{WORKERS} processes with the same {len(ids)} messages, one killed: {len(first)} mails, {len(claimed)} claims "
        f"left, {len(silent)} of them without a mail, {len(listed)} listed for a person"
    )
    after = sent()
    return [
        bars.told(
            "one process was killed, the others ended well", holds=statuses == [-9] + [0] * (WORKERS - 1)
        ),
        bars.told("no mail was sent twice, then or later", holds=max(after.values()) == 1),
        bars.told(
            "every mail was sent, but what a dead worker had claimed",
            holds=len(first) + len(silent) == len(ids),
        ),
        bars.told("what was claimed and not sent is listed, and nothing else", holds=listed == silent),
        bars.told(
            "all else is done",
            holds=set(states.values()) <= {Status.DONE, Status.IN_DOUBT} and after == first,
        ),
    ]


def work(file: str) -> None:
    """Send the messages of a file, as a function of its own would."""
    from chalicelib.notifications import service

    ids = json.loads(Path(file).read_text())
    for start in range(0, len(ids), A_CALL):
        failed = [
            one
            for one in service.deliver_all(ids[start : start + A_CALL], NOW).values()
            if isinstance(one, Exception)
        ]
        if failed:
            raise failed[0]


if __name__ == "__main__":
    work(sys.argv[1])
