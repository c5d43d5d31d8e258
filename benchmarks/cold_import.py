"""Measures the API function's cold import against that of the libraries it stands on.

    python -m benchmarks.cold_import [--runs 9] [--limit 1.35]

Three times: with byte code of everything, without that of our own code, and without any. Each measurement is a fresh
process, the kinds in turn so that a busy moment falls on all; the median counts. Beside the import stands what has been
loaded when a first request is answered: a capability's service and its shapes. Exits 1 if a ratio is over the limit.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import bars

ROOT = Path(__file__).resolve().parents[1]
LIBRARIES = "libraries alone"
APP = "import app"
KINDS = {
    LIBRARIES: (
        "import chalice, boto3, pynamodb.models, pydantic; from aws_lambda_powertools import Logger, Metrics, Tracer"
    ),
    APP: "import app",
}
LOADED = "import app; from chalicelib.kernel.later import load; load({service!r}); load({schemas!r})"
FIRST_REQUESTS = {
    f"and {name}": LOADED.format(service=f"chalicelib.{name}.service", schemas=f"chalicelib.{name}.schemas")
    for name in ("people", "programmes", "credentials", "mentorships", "matching")
}
# The clock starts inside the process: the interpreter's own start is no part of either.
# It counts processor time: with the files cached an import does nothing else, and a busy neighbour stays out of it.
TIMED = "import time; begun = time.process_time(); {}; print(time.process_time() - begun)"


def seconds(statement: str, byte_code: Path, *, written: bool = False) -> float:
    """Return the processor time that a fresh process takes for the imports of a statement.

    Parameters
    ----------
    byte_code
        The directory that byte code is read from, wherever else there may be some.
    written
        Whether what is compiled is kept there.
    """
    environment = {
        **os.environ,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "PYTHONPYCACHEPREFIX": str(byte_code),
        "PYTHONDONTWRITEBYTECODE": "" if written else "1",
    }
    run = subprocess.run(  # noqa: S603 - this interpreter, our own script
        [sys.executable, "-c", TIMED.format(statement)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return float(run.stdout)


def medians(kinds: Mapping[str, str], byte_code: Path, runs: int) -> Mapping[str, float]:
    """Measure the kinds in turn and print what was found."""
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(runs):
        for kind, statement in kinds.items():
            times[kind].append(seconds(statement, byte_code))
    print(f"{'':16} {'median':>8} {'least':>8} {'most':>8}  ms, {runs} runs")
    for kind, found in times.items():
        row = (statistics.median(found), min(found), max(found))
        print(f"{kind:16} " + " ".join(f"{1000 * value:8.0f}" for value in row))
    return {kind: statistics.median(found) for kind, found in times.items()}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print a table for each state of the byte code, and tell by the exit code whether the limit holds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cold_import")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--limit", type=float, default=1.35)
    options = parser.parse_args(argv)
    holds = []

    def measure(state: str, kinds: Mapping[str, str], byte_code: Path) -> None:
        print(f"\n{state}")
        found = medians(kinds, byte_code, options.runs)
        ratio = found[APP] / found[LIBRARIES]
        holds.append(bars.most(f"time to load {state}, times that of the libraries", ratio, options.limit))

    with tempfile.TemporaryDirectory() as name:
        kept = Path(name) / "kept"
        for statement in (KINDS | FIRST_REQUESTS).values():
            seconds(statement, kept, written=True)  # and brings the files into the system's cache
        measure("with byte code of everything", KINDS | FIRST_REQUESTS, kept)
        own = kept / ROOT.relative_to("/")
        shutil.rmtree(own / "chalicelib")
        for file in own.glob("app.*.pyc"):
            file.unlink()
        measure("without byte code of our own", KINDS, kept)
        measure("without any byte code", KINDS, Path(name) / "none")
    return 0 if all(holds) else 1


if __name__ == "__main__":
    sys.exit(main())
