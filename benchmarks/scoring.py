"""How fast admissible pairs are found and scored, and what the cut of candidate lists costs.

    python -m benchmarks.scoring                 # 10,000 x 4,000, dense, and drawn as 25 demo cohorts
    python -m benchmarks.scoring --cohorts 5     # 2,000 x 800

Three ways of looking at every mentee with every mentor, in one run on one thread: the engine's blocks, with all rules
and criteria, up to the candidate lists; a plain loop over pairs with the same rules and criteria, on all that can
be worked out once a person, the cheapest rule first; and a matrix product of the same width with no rule at all. The
loop's scores are compared with the engine's, pair by pair. Times are the processor's.

Two pools of the same people. In the dense one nearly all pairs are admissible, so each way scores nearly all of them;
its limits are those of speed. In the other, as in life, nine pairs of ten fall to a rule: the loop gives up on most of
them early, so what it takes there is told, but no limit. Exits with status 1 if a limit is broken.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

from benchmarks import bars

POOLS = "dense", "cohorts"
LEAST_TIMES_THE_LOOP = 300
LEAST_SHARE_OF_PRODUCT = 0.25
MOST_MEGABYTES = 512
MOST_LOSS = 0.0001


def pool_of(kind: str, cohorts: int, seed: int, settings: Any = None) -> Any:
    from benchmarks import pools

    draw = {"dense": pools.dense_pool, "cohorts": pools.cohort_pool}[kind]
    return draw(cohorts, settings, seed=seed)


def engine_seconds(kind: str, cohorts: int, seed: int) -> dict[str, Any]:
    """Score the pool in this process: processor seconds, peak of resident memory above what the people take."""
    from chalicelib.matching import engine

    planned = engine.plan(pool_of(kind, cohorts, seed))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    candidates = engine.score(planned)
    return {
        "seconds": time.process_time() - start,
        "pairs": len(planned.mentees) * len(planned.mentors),
        "people": [len(planned.mentees), len(planned.mentors)],
        "width": width_of(planned),
        "admissible": candidates.admissible,
        "candidates": len(candidates.score),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "megabytes_before": before / 1024,
    }


def width_of(plan: Any) -> int:
    """Return how many columns the engine multiplies for a pair: the texts', and a block's features on the mean."""
    import numpy as np

    from chalicelib.matching.engine.coverage import BLOCK, Coverage
    from chalicelib.matching.model import Criterion

    parts = plan.scores._parts
    coverages = [one for those in parts.values() for one in those if isinstance(one, Coverage)]
    firsts = range(0, len(plan.mentees), BLOCK)
    blocks = [np.arange(first, min(first + BLOCK, len(plan.mentees))) for first in firsts]
    features = sum(one.width(rows) for one in coverages for rows in blocks)
    return int(parts[Criterion.GOALS][0].width) + features // max(1, len(blocks))


def product_seconds(mentees: int, mentors: int, width: int) -> float:
    """Multiply two matrices of this width, in the engine's blocks."""
    import numpy as np

    from chalicelib.matching.engine.coverage import BLOCK

    rng = np.random.default_rng(1)
    left = rng.random((mentees, width), dtype=np.float32)
    right = rng.random((width, mentors), dtype=np.float32)
    out = np.empty((BLOCK, mentors), dtype=np.float32)
    start = time.process_time()
    for first in range(0, mentees, BLOCK):
        rows = left[first : first + BLOCK]
        np.matmul(rows, right, out=out[: len(rows)])
    return time.process_time() - start


def loop_rate(kind: str, cohorts: int, seed: int, rows: int) -> dict[str, Any]:
    """Run the plain loop over some mentees with all mentors, and hold its scores against the engine's."""
    import numpy as np

    from benchmarks.pair_loop import PairLoop
    from chalicelib.matching import engine

    planned = engine.plan(pool_of(kind, cohorts, seed))
    chosen = np.linspace(0, len(planned.mentees) - 1, rows).astype(int).tolist()
    loop = PairLoop(planned, chosen)
    start = time.process_time()
    found = {(i, j): score for i in chosen for j, score in loop.scores_of(i)}
    seconds = time.process_time() - start
    block = np.asarray(chosen, dtype=np.intp)
    mentee, mentor, score = engine.scored_block(planned, block)
    expected = dict(zip(zip(mentee.tolist(), mentor.tolist(), strict=True), score.tolist(), strict=True))
    return {"pairs": rows * len(planned.mentors), "seconds": seconds, "same": found == expected}


def cut_loss(kind: str, cohorts: int, seed: int) -> float:
    """Return what the cut of candidate lists takes from the best total, as a share of it."""
    from chalicelib.matching import engine
    from chalicelib.matching.model import MatchSettings

    totals = []
    for all_pairs_up_to in (0, 100_000_000):
        settings = replace(MatchSettings(), all_pairs_up_to=all_pairs_up_to)
        planned = engine.plan(pool_of(kind, cohorts, seed, settings))
        chosen = engine.assign_mentors(planned, engine.score(planned))
        totals.append(next(one.total for one in chosen.outcomes if one.objective == settings.objective))
    return 1 - totals[0] / totals[1]


def apart(*arguments: str) -> Any:
    """Run a part in a fresh process with one thread."""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "benchmarks.scoring", *arguments]
    ended = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)  # noqa: S603
    return json.loads(ended.stdout)


def measured(kind: str, cohorts: int, seed: int, repeat: int, loop_rows: int) -> bool:
    """Print the figures of one pool; tell whether its limits hold."""
    same = ["--pool", kind, "--cohorts", str(cohorts), "--seed", str(seed)]
    runs, products = [], []
    for _ in range(repeat):
        runs.append(apart("--part", "engine", *same))
        shape = [*runs[0]["people"], runs[0]["width"]]
        products.append(apart("--part", "product", "--shape", *map(str, shape)))
    loop = apart("--part", "loop", "--loop-rows", str(loop_rows), *same)

    first = runs[0]
    seconds = statistics.median(run["seconds"] for run in runs)
    rates = (
        first["pairs"] / seconds,
        loop["pairs"] / loop["seconds"],
        first["pairs"] / statistics.median(products),
    )
    mentees, mentors = first["people"]
    print(f"\n{kind}: {mentees:,} x {mentors:,} open people, {first['admissible']:,} admissible pairs")
    print(f"{'way':<34} {'pairs a second':>16}")
    names = "blocks, all rules, candidates", "plain loop", f"matrix product, width {first['width']:,}"
    for name, rate in zip(names, rates, strict=True):
        print(f"{name:<34} {rate:>16,.0f}")
    times, share = rates[0] / rates[1], rates[0] / rates[2]
    peak = max(run["megabytes"] for run in runs)
    before = first["megabytes_before"]
    held = [
        bars.most(f"{kind}: peak of memory ({before:.0f} MB before)", peak, MOST_MEGABYTES, ",.0f", " MB"),
        bars.told(f"{kind}: the loop's scores are the engine's", holds=bool(loop["same"])),
    ]
    if kind == "dense":
        held += [
            bars.least(f"{kind}: times the plain loop", times, LEAST_TIMES_THE_LOOP, ",.0f"),
            bars.least(f"{kind}: share of the product alone", share, LEAST_SHARE_OF_PRODUCT, ".0%"),
        ]
    else:
        print(f"{times:,.0f} x the plain loop, {share:.0%} of the product alone")
        loss = apart("--part", "cut", *same)
        lost = f"{kind}: lost by the cut to {first['candidates']:,} candidates"
        held.append(bars.most(lost, loss, MOST_LOSS, ".4%"))
    return all(held)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--cohorts", type=int, default=25, help="each 400 mentees and 160 mentors (default 25)"
    )
    parser.add_argument("--repeat", type=int, default=5, help="turns of engine and product (default 5)")
    parser.add_argument(
        "--loop-rows", type=int, default=12, help="mentees that the plain loop does (default 12)"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pool", choices=POOLS, help="one of the two pools")
    parser.add_argument("--part", choices=["engine", "product", "loop", "cut"], help=argparse.SUPPRESS)
    parser.add_argument("--shape", type=int, nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        pool = given.pool, given.cohorts, given.seed
        parts: dict[str, Any] = {
            "engine": lambda: engine_seconds(*pool),
            "product": lambda: product_seconds(*given.shape),
            "loop": lambda: loop_rate(*pool, given.loop_rows),
            "cut": lambda: cut_loss(*pool),
        }
        print(json.dumps(parts[given.part]()))
        return 0
    kinds = [given.pool] if given.pool else POOLS
    held = [measured(kind, given.cohorts, given.seed, given.repeat, given.loop_rows) for kind in kinds]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
