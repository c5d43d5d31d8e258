"""What a whole night costs: from the tables to published proposals, with the real worker on the embedded engine.

    python -m benchmarks.night                  # 400 x 160, one demo cohort, the quickest of three: half a minute
    python -m benchmarks.night --cohorts 25     # 10,000 x 4,000
    python -m benchmarks.night --review         # held for a coordinator, who releases it at once

The emulator of `make run` is started without our functions and filled with a programme of that size. Then a process of
its own carries the run out as the deployed function does, with as many writers, and each invocation with the time that
a function has. Peak memory is that process's alone; wall time is the emulator's as much as ours, since both share the
machine, so the processor's time of the worker stands beside it.
Exits with status 1 if a limit is broken.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from benchmarks import bars
from benchmarks.pools import DAY

NIGHT = datetime.combine(DAY, time_of_day(2), UTC)
MOST_MEGABYTES = 1536
MOST_SECONDS_OF_ONE_COHORT = 5.0
WRITERS = 8  # of run_match in .chalice/config.json
FUNCTION_SECONDS = 900  # the same


def fill(cohorts: int, seed: int, *, review: bool) -> tuple[str, str, str]:
    """Write a programme with `cohorts` times 400 mentees and 160 mentors, start its nightly run, and return the ids
    of programme, coordinator and run."""
    from chalicelib.kernel.call import job_call
    from chalicelib.kernel.ids import new_id
    from chalicelib.matching import service as matching
    from chalicelib.mentorships.worker import nightly_run_id
    from chalicelib.organisations import store as organisations_store
    from chalicelib.organisations.model import Rights, StaffRole
    from chalicelib.platform.tables import transact
    from chalicelib.programmes import store as programmes_store
    from chalicelib.programmes.model import Programme, Publish
    from infra.local.crowd import fill as fill_programme

    organisation_id, coordinator_id = new_id(NIGHT), new_id(NIGHT)
    publish = Publish.REVIEW if review else Publish.AUTO
    programme = Programme(new_id(NIGHT), organisation_id, "Benchmark", publish=publish, created_at=NIGHT)
    rights = Rights(coordinator_id, roles={organisation_id: frozenset({StaffRole.COORDINATOR})})
    house = [programmes_store.put_programme(programme, NIGHT), organisations_store.put_rights(rights, NIGHT)]
    transact(house, new_id(NIGHT))
    fill_programme(programme.id, cohorts * 400, cohorts * 160, NIGHT, seed=seed)
    run_id = nightly_run_id(programme.id, NIGHT, NIGHT)
    matching.start_scheduled(job_call("nightly_match", NIGHT), programme, run_id)
    return programme.id, coordinator_id, run_id


class Meter:
    """Wall time, the processor's time, requests and peak of resident memory by step."""

    def __init__(self) -> None:
        self.steps: dict[str, dict[str, float]] = {}
        self.requests: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._mark = self._now()

    def _now(self) -> dict[str, float]:
        return {
            "wall": time.perf_counter(),
            "processor": time.process_time(),
            "requests": sum(self.requests.values()),
        }

    def lap(self, step: str) -> None:
        """Count what happened since the last lap as the step's."""
        now = self._now()
        found = self.steps.setdefault(step, dict.fromkeys(now, 0.0))
        for name, value in now.items():
            found[name] += value - self._mark[name]
        found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        self._mark = now

    def step(self, module: Any, function: str, name: str) -> None:
        """Measure every call of a module's function as a step; what comes before it is `bookkeeping`."""
        plain: Callable[..., Any] = getattr(module, function)

        def measured(*args: Any, **kwargs: Any) -> Any:
            self.lap("bookkeeping")
            try:
                return plain(*args, **kwargs)
            finally:
                self.lap(name)

        setattr(module, function, measured)

    def count(self, module: Any, function: str, name: Callable[..., str]) -> None:
        """Count every call of a module's function as a request under `name(*its arguments)`."""
        plain: Callable[..., Any] = getattr(module, function)

        def counted(*args: Any, **kwargs: Any) -> Any:
            with self._lock:
                self.requests[name(*args)] += 1
            return plain(*args, **kwargs)

        setattr(module, function, counted)


def measure(programme_id: str, coordinator_id: str, run_id: str) -> dict[str, Any]:
    """Carry the run out in this process, an invocation after the other until it is done."""
    from chalicelib.kernel.call import Actor, Call
    from chalicelib.matching import review
    from chalicelib.matching import service as matching
    from chalicelib.mentorships import publishing, worker
    from chalicelib.platform import documents, tables

    meter = Meter()
    meter.count(tables, "_dispatch", lambda operation, _: operation)
    meter.count(documents, "read", lambda *_: "S3 GetObject")
    meter.count(documents, "write", lambda *_: "S3 PutObject")
    meter.step(matching, "take_snapshot", "snapshot")
    meter.step(matching, "match", "match")
    meter.step(review, "release", "release")
    meter.step(matching, "pairs_of_file", "read the pairs")
    meter.step(publishing, "publish", "propose")
    meter.step(matching, "file_published", "tell the proposed")
    meter.step(matching, "tell_left_out", "tell the left out")

    started = time.monotonic()

    def now() -> datetime:
        return NIGHT + timedelta(seconds=time.monotonic() - started)

    def invoke(name: str) -> Any:
        begun = time.monotonic()

        def time_left() -> timedelta:
            return timedelta(seconds=FUNCTION_SECONDS - (time.monotonic() - begun))

        worker.carry_out(f"match-run:{run_id}:{name}", now, workers=WRITERS, time_left=time_left)
        return matching.get_run(programme_id, run_id)

    run = invoke("start")
    invocations = 1
    while not run.is_over:
        if run.status is matching.RunStatus.HELD:
            review.release(Call(now(), Actor(coordinator_id)), programme_id, run_id)
            run = invoke("release")
        else:
            run = invoke(f"from-{run.version}")
        invocations += 1
    meter.lap("bookkeeping")
    return {
        "steps": meter.steps,
        "requests": meter.requests,
        "invocations": invocations,
        "status": run.status,
        "mentees": run.mentees,
        "pairs": run.pairs,
        "published": run.published,
        "skipped": run.skipped,
        "left_out": run.left_out,
    }


def run_apart(*ids: str) -> dict[str, Any]:
    """Measure in a fresh process with one thread of arithmetic, as a function of two processors at most has it."""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LOG_LEVEL": "ERROR"}
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "benchmarks.night", "--measure", *ids],
        env=environment, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def stored(programme_id: str) -> Counter[str]:
    """Return how many open pairs, copies of proposals and mails the run has left, read back from the tables."""
    from chalicelib.kernel.pages import every
    from chalicelib.mentorships import store as mentorships_store
    from chalicelib.mentorships.model import PairStanding
    from chalicelib.programmes import store as programmes_store

    found: Counter[str] = Counter()
    for pair in mentorships_store.pairs_in(programme_id):
        found["open pairs"] += pair.standing is PairStanding.OPEN
    # Large pages, since the emulator walks all of an index for each.
    proposals = every(lambda page: mentorships_store.proposals_in(programme_id, replace(page, limit=2_000)))
    found["proposals"] = sum(1 for _ in proposals)
    for enrolment in programmes_store.all_enrolments_in(programme_id):
        found["places held"] += enrolment.capacity - enrolment.free
        found["places exceeded"] += enrolment.free < 0
    return found


def total(found: dict[str, Any], name: str) -> float:
    """Return one figure of all steps of a run."""
    values = [step[name] for step in found["steps"].values()]
    return float(max(values) if name == "megabytes" else sum(values))


def broken_promises(nights: list[tuple[dict[str, Any], Counter[str]]]) -> list[str]:
    """Return what is not as it must be after any of the nights, in words."""
    broken = []
    for found, kept in nights:
        if found["status"] != "done":
            broken.append(f"the run is {found['status']}")
        published = found["published"]
        if (kept["open pairs"], kept["proposals"], kept["places held"]) != (
            published,
            published,
            2 * published,
        ):
            broken.append(f"{published} published, but the tables hold {dict(kept)}")
        if kept["places exceeded"]:
            broken.append(f"{kept['places exceeded']} people have more than their places")
    return broken


def show(found: dict[str, Any]) -> None:
    """Print what one night cost, by step."""
    print(
        f"{found['mentees']:,} mentees in the snapshot, {found['pairs']:,} pairs, {found['published']:,} proposals, "
        f"{found['skipped']:,} skipped, {found['left_out']:,} left out, {found['invocations']} invocations\n"
    )
    print(f"{'step':<18} {'wall s':>8} {'processor s':>12} {'requests':>9} {'peak MB so far':>15}")
    names = ("wall", "processor", "requests", "megabytes")
    whole = {name: total(found, name) for name in names}
    for step, one in (*found["steps"].items(), ("whole", whole)):
        wall, processor, requests, megabytes = (one[name] for name in names)
        print(f"{step:<18} {wall:8.2f} {processor:12.2f} {requests:9,.0f} {megabytes:15.0f}")
    print(
        "\nrequests: " + ", ".join(f"{number:,} {name}" for name, number in sorted(found["requests"].items()))
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cohorts", type=int, default=1, help="each 400 mentees and 160 mentors (default 1)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--review", action="store_true", help="hold the pairs for a coordinator")
    parser.add_argument(
        "--repeat", type=int, help="nights, each of a programme of its own (default 3, from 2 cohorts on 1)"
    )
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(*given.measure)))
        return 0

    from infra.local.up import Environment

    nights = []
    with (
        tempfile.TemporaryDirectory(prefix="crossward-night-") as folder,
        Environment(Path(folder), with_package=False) as environment,
    ):
        os.environ.update(environment.place.environment())
        os.environ["LOCAL_CLOCK"] = ""  # the night has a clock of its own
        for _ in range(given.repeat or (3 if given.cohorts == 1 else 1)):
            begun = time.perf_counter()
            ids = fill(given.cohorts, given.seed, review=given.review)
            took = time.perf_counter() - begun
            print(f"{given.cohorts * 400:,} x {given.cohorts * 160:,} written in {took:.0f} s", flush=True)
            nights.append((run_apart(*ids), stored(ids[0])))

    quickest, _ = min(nights, key=lambda night: total(night[0], "wall"))
    print(f"\nThe quickest of {len(nights)}: " if len(nights) > 1 else "\n", end="")
    show(quickest)
    peak = max(total(found, "megabytes") for found, _ in nights)
    print()
    held = [bars.most("peak of memory", peak, MOST_MEGABYTES, ",.0f", " MB")]
    if given.cohorts == 1:
        wall = total(quickest, "wall")
        held.append(
            bars.most("snapshot to published proposals", wall, MOST_SECONDS_OF_ONE_COHORT, ",.2f", " s")
        )
    broken = broken_promises(nights)
    held += [bars.told(one, holds=False) for one in broken]
    if not broken:
        held.append(
            bars.told(
                "as many open pairs and proposals as were published, two places held for each", holds=True
            )
        )
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
