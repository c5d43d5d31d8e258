"""How fast, how good and how large the assignment engine is, beside OR-tools on the same edges.

    python -m benchmarks.assignment                          # 2,000 x 800 and 10,000 x 4,000
    python -m benchmarks.assignment --size 100000x30000x30   # mentees x mentors x edges of a mentee
    python -m benchmarks.assignment --hard 10000             # the adversarial pools

Each engine runs ``--repeat`` times, taking turns, so that whatever else the machine does falls on
all of them; medians are compared. Exits with status 1 if a limit is broken.
"""

from __future__ import annotations

import argparse
import ctypes
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from ortools.graph.python import min_cost_flow

from benchmarks.instances import Instance, adversarial, realistic
from chalicelib.matching.assignment import Assignment, assign

# The largest edge count of the main size, and the limits that a run must keep.
MAIN_EDGES = 476_000
MOST_GAP = 1e-4
MOST_BOUND = 5e-4
MOST_TIMES_TOTAL = 2.5
MOST_TIMES_STABLE = 1.5
# Ratios of times below this tell more about start-up than about the engine.
LEAST_SECONDS = 0.1
# Costs must be integers; the largest score becomes this many.
COST_UNITS = 10_000_000


def min_cost_flow_total(instance: Instance) -> float:
    """The largest total by SimpleMinCostFlow: build, solve, read the flows."""
    n, m = instance.n_mentees, instance.capacity.size
    sink = n + m
    scale = COST_UNITS / float(instance.score.max())
    flow = min_cost_flow.SimpleMinCostFlow()
    people, mentors = np.arange(n, dtype=np.int32), np.arange(n, n + m, dtype=np.int32)
    edges = flow.add_arcs_with_capacity_and_unit_cost(
        instance.mentee,
        instance.mentor + np.int32(n),
        np.ones(instance.edges, np.int64),
        -np.rint(instance.score.astype(np.float64) * scale).astype(np.int64),
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        people, np.full(n, sink, np.int32), np.ones(n, np.int64), np.zeros(n, np.int64)
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        mentors,
        np.full(m, sink, np.int32),
        np.minimum(instance.capacity, n).astype(np.int64),
        np.zeros(m, np.int64),
    )
    flow.set_nodes_supplies(np.append(people, sink).astype(np.int32), np.append(np.ones(n, np.int64), -n))
    status = flow.solve()
    assert status == flow.OPTIMAL, status
    return float(instance.score[flow.flows(edges) > 0].sum(dtype=np.float64))


def count_blocking_pairs(instance: Instance, result: Assignment) -> int:
    """Edges that both ends prefer to what they have, ties by index; by definition, vectorised."""
    order = np.lexsort((-instance.mentor_score, -instance.score, instance.mentor, instance.mentee))
    mentee, mentor = instance.mentee[order], instance.mentor[order]
    best = np.append(True, (mentee[1:] != mentee[:-1]) | (mentor[1:] != mentor[:-1]))  # of each pair
    order, mentee, mentor = order[best], mentee[best], mentor[best]
    score, back = instance.score[order], instance.mentor_score[order]
    chosen = result.mentor[mentee]
    used = chosen == mentor
    own = np.zeros(instance.n_mentees)
    own[mentee[used]] = score[used]
    held = used.nonzero()[0]
    held = held[np.lexsort((mentee[held], -back[held], mentor[held]))]
    least = np.full(instance.capacity.size, np.inf)
    last = np.full(instance.capacity.size, -1, np.int64)
    least[mentor[held]] = back[held]  # of each mentor the last one is written: whom it likes least
    last[mentor[held]] = mentee[held]
    spare = np.bincount(mentor[held], minlength=instance.capacity.size) < instance.capacity
    mentee_would = (score > own[mentee]) | ((score == own[mentee]) & (mentor < chosen))
    mentor_would = (back > least[mentor]) | ((back == least[mentor]) & (mentee < last[mentor]))
    can = instance.capacity[mentor] > 0
    return int(
        (~used & can & mentee_would & ((mentor_would & ~np.isinf(least[mentor])) | spare[mentor])).sum()
    )


def peak_megabytes(call: Callable[[], object]) -> float:
    """How far ``call`` raises this process's resident memory at most (Linux with glibc)."""

    def status(field: str) -> float:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith(field):
                return int(line.split()[1]) / 1024
        raise LookupError(field)

    ctypes.CDLL(None).malloc_trim(0)  # what earlier runs freed would hide what this one takes
    Path("/proc/self/clear_refs").write_text("5")  # the high-water mark starts anew
    before = status("VmRSS:")
    call()
    return status("VmHWM:") - before


def run(instance: Instance, repeat: int, *, timed: bool) -> list[str]:
    """Print one instance's table; return the limits broken. Times count where ``timed``."""
    engines: dict[str, Callable[[], object]] = {
        "SimpleMinCostFlow": lambda: min_cost_flow_total(instance),
        "assign total": lambda: assign(
            instance.mentee, instance.mentor, instance.score, instance.n_mentees, instance.capacity
        ),
        "assign stable": lambda: assign(
            instance.mentee,
            instance.mentor,
            instance.score,
            instance.n_mentees,
            instance.capacity,
            mentor_score=instance.mentor_score,
            objective="stable",
        ),
    }
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    answer: dict[str, object] = {}
    for _ in range(repeat):
        for name, engine in engines.items():
            begin = time.perf_counter()
            answer[name] = engine()
            seconds[name].append(time.perf_counter() - begin)
    best = answer["SimpleMinCostFlow"]
    total, stable = answer["assign total"], answer["assign stable"]
    assert isinstance(best, float)
    assert isinstance(total, Assignment)
    assert isinstance(stable, Assignment)
    median = {name: statistics.median(times) for name, times in seconds.items()}
    base = median["SimpleMinCostFlow"]
    gap = {"assign total": 1 - total.total / best, "assign stable": 1 - stable.total / best} if best else {}
    blocking = count_blocking_pairs(instance, stable)

    print(f"\n{instance.name}: {instance.edges:,} edges, {int((total.mentor >= 0).sum()):,} matched")
    print(f"  {'engine':<18} {'seconds':>8} {'ratio':>6} {'below best':>11} {'own bound':>10} {'peak MB':>8}")
    for name, engine in engines.items():
        below = f"{gap[name]:.6%}" if name in gap else "exact"
        bound = f"{total.gap:.6%}" if name == "assign total" else "-"
        print(
            f"  {name:<18} {median[name]:8.3f} {median[name] / base:6.2f} {below:>11} {bound:>10} "
            f"{peak_megabytes(engine):8.0f}"
        )
    print(f"  blocking pairs of the stable assignment: {blocking}")

    broken = []
    if gap and gap["assign total"] > MOST_GAP:
        broken.append(f"gap to the optimum {gap['assign total']:.4%}")
    if total.gap > MOST_BOUND:
        broken.append(f"own bound {total.gap:.4%} above")
    if best and total.upper_bound < best * (1 - 1e-6):
        broken.append("the proven bound is below the optimum")
    if blocking:
        broken.append(f"{blocking} blocking pairs")
    if timed and base >= LEAST_SECONDS:
        for name, most in (("assign total", MOST_TIMES_TOTAL), ("assign stable", MOST_TIMES_STABLE)):
            if median[name] > most * base:
                broken.append(f"{name} takes {median[name] / base:.2f} times SimpleMinCostFlow")
    return [f"{instance.name}: {limit}" for limit in broken]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", action="append", metavar="MENTEESxMENTORSxEDGES", help="may be repeated")
    parser.add_argument(
        "--hard", type=int, metavar="MENTEES", help="the adversarial pools of this size instead"
    )
    parser.add_argument("--repeat", type=int, default=3, help="runs of each engine (default 3)")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    broken: list[str] = []
    if given.hard:
        for instance in adversarial(given.hard, seed=given.seed).values():
            broken += run(instance, given.repeat, timed=False)
    else:
        for size in given.size or ["2000x800x50", "10000x4000x50"]:
            mentees, mentors, per_mentee = (int(part) for part in size.split("x"))
            most = MAIN_EDGES if (mentees, mentors) == (10_000, 4_000) else None
            instance = realistic(mentees, mentors, per_mentee, seed=given.seed, edges=most)
            broken += run(instance, given.repeat, timed=True)
    print("\n" + ("\n".join(f"BROKEN {limit}" for limit in broken) if broken else "All limits hold."))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
