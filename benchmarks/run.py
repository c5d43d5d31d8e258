"""How long a whole match run takes and how much memory: from a snapshot's bytes to the result's.

    python -m benchmarks.run                 # 10,000 x 4,000, drawn as 25 demo cohorts
    python -m benchmarks.run --cohorts 5     # 2,000 x 800

Each run is a process of its own that does nothing else, on one thread. Times are the processor's, so that what else
the machine does counts little, and are compared with the assignment's in the same run.
Exits with status 1 if a limit is broken.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import bars

MOST_MEGABYTES = 1536
# 10,000 x 4,000 on one core of the machine that this was first measured on took 17 s; a minute leaves room for a
# slower one and still fits a function's time three times over.
MOST_SECONDS = 60


def measure(path: Path) -> dict[str, Any]:
    """Run the snapshot in this process; processor seconds by step, peak of resident memory, and what came out."""
    from chalicelib.matching import documents
    from chalicelib.matching.engine import Step, run_match
    from chalicelib.matching.snapshot import snapshot_from_bytes

    seconds: dict[str, float] = {}
    last = time.process_time()

    def lap(name: str) -> None:
        nonlocal last
        now = time.process_time()
        seconds[name], last = now - last, now

    snapshot = snapshot_from_bytes(path.read_bytes())
    lap("read")
    result = run_match(snapshot, lambda step: lap(Step(step).value))
    document = documents.to_bytes(result)
    lap("written")
    report = result.report
    return {
        "seconds": seconds,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "digest": hashlib.sha256(document).hexdigest(),
        "open": [report.pool.open_mentees, report.pool.open_mentors],
        "admissible": report.admissible_pairs,
        "candidates": report.candidate_pairs,
        "pairs": report.pairs,
        "gap": report.gap / 1e6,
    }


def run_apart(path: Path) -> dict[str, Any]:
    """Measure in a fresh process with one thread."""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "benchmarks.run", "--measure", str(path)],
        env=environment, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--cohorts", type=int, default=25, help="each 400 mentees and 160 mentors (default 25)"
    )
    parser.add_argument("--repeat", type=int, default=2, help="runs (default 2)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure)))
        return 0

    from benchmarks.pools import cohort_pool
    from chalicelib.matching.snapshot import snapshot_bytes

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "snapshot.json"
        path.write_bytes(snapshot_bytes(cohort_pool(given.cohorts, seed=given.seed)))
        size = path.stat().st_size / 1e6
        runs = [run_apart(path) for _ in range(given.repeat)]

    first = runs[0]
    mentees, mentors = first["open"]
    print(
        f"{given.cohorts * 400:,} x {given.cohorts * 160:,}, open {mentees:,} x {mentors:,}, snapshot {size:.1f} MB"
    )
    print(
        f"{first['admissible']:,} admissible pairs, {first['candidates']:,} candidates, {first['pairs']:,} matched, "
        f"own bound {first['gap']:.4%} above"
    )
    median = {step: statistics.median(run["seconds"][step] for run in runs) for step in first["seconds"]}
    whole = sum(median.values())
    print(f"\n{'step':<12} {'seconds':>8} {'x assign':>9}")
    for step, seconds in (*median.items(), ("whole", whole)):
        print(f"{step:<12} {seconds:8.2f} {seconds / median['assigned']:9.2f}")
    print(f"\npairs looked at a second while scoring: {mentees * mentors / median['scored']:,.0f}")
    peak = max(run["megabytes"] for run in runs)
    held = [
        bars.most("peak of memory", peak, MOST_MEGABYTES, ",.0f", " MB"),
        bars.most("whole run, processor", whole, MOST_SECONDS, ",.1f", " s"),
        bars.told("the same snapshot gives the same bytes", holds=len({run["digest"] for run in runs}) == 1),
    ]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
