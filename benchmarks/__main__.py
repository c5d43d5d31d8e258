"""All bars of speed and memory, one benchmark after another, and at the end a list of each with whether it holds.

    python -m benchmarks                        # all of them: two hours, most of it the largest pools
    python -m benchmarks assignment scoring     # some
    python -m benchmarks --no-million           # without the largest pools: a quarter of an hour
    python -m benchmarks --small                # each way once at a small size: figures mean nothing, limits may break

How long each takes is said beforehand, as measured on two cores of a busy machine. What is not run is listed with the
command that does. Exits with status 1 if a bar is broken, or could not be measured.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.bars import BROKEN, HOLDS

MILLION = "million"
MILLION_GIGABYTES = 6
"""What must be free for the million: 4 GB for the engine in all, OR-tools' graph beside the input, and room."""
MILLION_RUN, PARTS = "million-run", "parts"
GIGABYTES = {MILLION: MILLION_GIGABYTES, MILLION_RUN: 12, PARTS: 8}
"""What takes long is run where so much memory is free: for the million's run 10 GB for its assignment, as its function
has, and room; for a run in parts the emulator's tables of a hundred thousand people."""


@dataclass(frozen=True)
class Benchmark:
    """One program: its arguments, those for a small size, and how many minutes it takes."""

    name: str
    arguments: tuple[str, ...]
    small: tuple[str, ...]
    minutes: float
    what: str

    def command(self, *, small: bool) -> list[str]:
        return ["-m", *self.arguments, *(self.small if small else ())]


ALL = (
    Benchmark(
        "assignment", ("benchmarks.assignment",), ("--size", "300x120x20", "--repeat", "1"), 2,
        "assign at 2,000 x 800 and 10,000 x 4,000, beside OR-tools",
    ),
    Benchmark(
        MILLION, ("benchmarks.assignment", "--million"), ("--shrink", "1000"), 15,
        "assign at 1,000,000 x 300,000 with 32 million edges, beside OR-tools: once, 5 GB of memory",
    ),
    Benchmark(
        MILLION_RUN, ("benchmarks.million",), ("--small",), 30,
        "a run in parts of 1,000,000 x 300,000, simulated: dollars, minutes, and each step's time and memory",
    ),
    Benchmark(
        "scoring", ("benchmarks.scoring",), ("--cohorts", "1", "--repeat", "1", "--loop-rows", "3"), 4,
        "scoring at 10,000 x 4,000, beside a plain loop and a matrix product; the cut of the lists",
    ),
    Benchmark(
        "growth", ("benchmarks.growth",), ("--cohorts", "1", "2"), 4, "whole runs of 1,200 to 30,000 mentees"
    ),
    Benchmark(
        PARTS, ("benchmarks.parts",), ("--sizes", "200x80", "400x160"), 40,
        "runs of 10,000 to 100,000 mentees by the state machine on the emulator: time and memory of each step",
    ),
    Benchmark("run", ("benchmarks.run",), ("--cohorts", "1"), 2, "a whole run of 10,000 x 4,000"),
    Benchmark("night", ("benchmarks.night",), ("--repeat", "1"), 1, "the night of 400 x 160, to published proposals"),
    Benchmark(
        "reminders", ("benchmarks.reminders",), ("--pairs", "40", "--due", "120", "--rows", "600", "1200"), 3,
        "how fast reminders are sent, written and queued, what is read for them, and eight workers with one killed",
    ),
    Benchmark(
        "timetable", ("benchmarks.timetable",), ("--size", "12x5x4"), 0.1,
        "the timetable of a speed event of 200 x 60 in 6 rounds, and made anew, beside the best that is left",
    ),
    Benchmark(
        "circles", ("benchmarks.circles",), ("--size", "60x20"), 1,
        "circles of 600 mentees around 120 mentors, and as peers, beside one circle after another",
    ),
    Benchmark("times", ("benchmarks.times",), ("--repeat", "1"), 0.1, "the times of two people with full calendars"),
    Benchmark(
        "identifying", ("benchmarks.identifying",), ("--repeat", "1"), 0.1, "rules for identifying data on hard texts"
    ),
    Benchmark(
        "crowds", ("benchmarks.crowds",),
        ("--members", "20", "--minutes", "5", "--paced", "0.1", "--participants", "5"), 15,
        "500 people who join and leave a session, and 100 who chat at once, over HTTP at the deployed package",
    ),
    Benchmark("cold_import", ("benchmarks.cold_import",), ("--runs", "2"), 1, "how long the API takes to load"),
)  # fmt: skip


@dataclass
class Outcome:
    """What one program printed as bars, and whether it went well; `skipped` says why it was not run."""

    benchmark: Benchmark
    bars: list[str] = field(default_factory=list)
    fails: bool = False
    skipped: str | None = None


def run(benchmark: Benchmark, *, small: bool) -> Outcome:
    """Run a program, show what it prints, and keep its bars."""
    print(f"\n== {benchmark.name}: {benchmark.what}", flush=True)
    begun = time.perf_counter()
    outcome = Outcome(benchmark)
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-u", *benchmark.command(small=small)], stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        for line in program.stdout:
            print(line, end="", flush=True)
            bar = line.strip()
            if bar.startswith((HOLDS.strip() + " ", BROKEN + " ")):
                outcome.bars.append(bar)
    outcome.fails = program.returncode != 0
    print(f"({time.perf_counter() - begun:.0f} s)", flush=True)
    return outcome


def free_gigabytes() -> float:
    """Return the memory that is free for programs (Linux; elsewhere it counts as plenty)."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return float("inf")
    return next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")) / 1024**2


def summary(outcomes: Sequence[Outcome]) -> int:
    """Print every bar by program; return the status to exit with."""
    print("\n== All bars")
    status = 0
    for outcome in outcomes:
        name = outcome.benchmark.name
        if outcome.skipped is not None:
            command = " ".join(("python", *outcome.benchmark.command(small=False)))
            print(f"{name:<12} not run here, {outcome.skipped}: {command}")
            continue
        for bar in outcome.bars:
            print(f"{name:<12} {bar}")
        if outcome.fails and not any(bar.startswith(BROKEN) for bar in outcome.bars):
            print(f"{name:<12} {BROKEN} it ended before its bars were measured")
        if not outcome.fails and not outcome.bars:
            print(f"{name:<12} {BROKEN} it measured no bar")
        status |= outcome.fails or not outcome.bars
    return int(status)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=(__doc__ or "").partition("\n")[0]
    )
    names = [one.name for one in ALL]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(names)} (all)")
    parser.add_argument("--no-million", action="store_true", help="leave the largest pools out, and say so")
    parser.add_argument("--small", action="store_true", help="each way once at a small size")
    given = parser.parse_args(argv)
    unknown = [one for one in given.names if one not in names]
    if unknown:
        parser.error(f"there is no {unknown[0]}; there are {', '.join(names)}")
    wanted = [one for one in ALL if not given.names or one.name in given.names]

    cause = {}
    free = free_gigabytes()
    for name, gigabytes in GIGABYTES.items():
        if given.no_million:
            cause[name] = "as asked"
        elif free < gigabytes and not given.small:
            cause[name] = f"{gigabytes} GB of memory must be free, and {free:.1f} are"
    planned = [one for one in wanted if one.name not in cause]
    if not given.small:
        print(f"This takes about {sum(one.minutes for one in planned):.0f} minutes:")
        for one in wanted:
            takes = f"not run, {cause[one.name]}" if one.name in cause else f"{one.minutes:g} min"
            print(f"  {one.name:<12} {takes:<8} {one.what}", flush=True)
    outcomes = [
        Outcome(one, skipped=cause[one.name]) if one.name in cause else run(one, small=given.small)
        for one in wanted
    ]
    status = summary(outcomes)
    unmeasured = any(one.skipped and not given.no_million for one in outcomes)
    return 1 if status or unmeasured else 0


if __name__ == "__main__":
    sys.exit(main())
