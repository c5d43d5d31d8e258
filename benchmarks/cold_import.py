"""Measures the API function's cold import against that of the libraries it stands on.

    python -m benchmarks.cold_import [--runs 9] [--limit 1.5]

Each measurement is a fresh process, the two kinds in turn so that a busy moment falls on both; the median counts.
Byte code is compiled beforehand, as it is in the package. Exits 1 if the ratio is over the limit.
"""

import argparse
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import bars

ROOT = Path(__file__).resolve().parents[1]
LIBRARIES = (
    "import chalice, boto3, pynamodb.models, pydantic",
    "from aws_lambda_powertools import Logger, Metrics, Tracer",
)
KINDS = {
    "libraries alone": "; ".join(LIBRARIES),
    "import app": "import app",
}
# The clock starts inside the process: the interpreter's own start is no part of either.
# It counts processor time: with the files cached an import does nothing else, and a busy neighbour stays out of it.
TIMED = "import time; begun = time.process_time(); {}; print(time.process_time() - begun)"


def seconds(statement: str) -> float:
    """Return the processor time that a fresh process takes for the imports of a statement."""
    environment = {**os.environ, "AWS_DEFAULT_REGION": "eu-west-1", "POWERTOOLS_TRACE_DISABLED": "true"}
    run = subprocess.run(  # noqa: S603 - this interpreter, our own script
        [sys.executable, "-c", TIMED.format(statement)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return float(run.stdout)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print a table, and tell by the exit code whether the limit holds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cold_import")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--limit", type=float, default=1.5)
    options = parser.parse_args(argv)
    for statement in KINDS.values():
        seconds(statement)  # compiles, and brings the files into the system's cache
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for _ in range(options.runs):
        for kind, statement in KINDS.items():
            times[kind].append(seconds(statement))
    print(f"{'':16} {'median':>8} {'least':>8} {'most':>8}  ms, {options.runs} runs")
    for kind, found in times.items():
        row = (statistics.median(found), min(found), max(found))
        print(f"{kind:16} " + " ".join(f"{1000 * value:8.0f}" for value in row))
    base, ours = (statistics.median(times[kind]) for kind in KINDS)
    ratio = ours / base
    return 0 if bars.most("time to load, times that of the libraries alone", ratio, options.limit) else 1


if __name__ == "__main__":
    sys.exit(main())
