"""How the time of a whole match run grows with its pool, at the same length of candidate lists.

    python -m benchmarks.growth                      # 1,200 to 30,000 mentees
    python -m benchmarks.growth --cohorts 3 6 12     # smaller

The exponent is the slope of a straight line through the logarithms of processor time and of admissible pairs (least
squares). Pools are drawn as demo cohorts, so the share of admissible pairs stays as it is in life, and the work
of looking at all pairs is in the time. Exits with status 1 if the limit is broken.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks import bars

MOST_EXPONENT = 1.3


def slope(points: list[tuple[float, float]]) -> float:
    """Return the slope of the least-squares line through (log x, log y).

    Examples
    --------
    >>> round(slope([(1, 2), (10, 200), (100, 20_000)]), 6)
    2.0
    """
    return statistics.linear_regression(
        *zip(*((math.log(x), math.log(y)) for x, y in points), strict=True)
    ).slope


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--cohorts", type=int, nargs="+", default=[3, 8, 25, 75], help="each 400 x 160 (3 8 25 75)"
    )
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()

    from benchmarks.pools import cohort_pool
    from benchmarks.run import run_apart
    from chalicelib.matching.model import MatchSettings
    from chalicelib.matching.snapshot import snapshot_bytes

    # The same length of lists everywhere: a small pool would else keep every pair.
    settings = replace(MatchSettings(), all_pairs_up_to=0)
    print(f"{'mentees x mentors':<20} {'admissible':>12} {'seconds':>9} {'MB':>6}")
    points = []
    with tempfile.TemporaryDirectory() as folder:
        for cohorts in given.cohorts:
            path = Path(folder) / "snapshot.json"
            path.write_bytes(snapshot_bytes(cohort_pool(cohorts, settings, seed=given.seed)))
            found = run_apart(path)
            seconds = sum(found["seconds"].values())
            points.append((found["admissible"], seconds))
            size = f"{cohorts * 400:,} x {cohorts * 160:,}"
            print(
                f"{size:<20} {found['admissible']:>12,} {seconds:>9.2f} {found['megabytes']:>6.0f}",
                flush=True,
            )
    exponent = slope(points)
    print()
    return 0 if bars.most("exponent of time in admissible pairs", exponent, MOST_EXPONENT) else 1


if __name__ == "__main__":
    sys.exit(main())
