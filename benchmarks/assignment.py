"""How fast, how good and how large the assignment engine is, beside OR-tools on the same edges.

    python -m benchmarks.assignment                          # 2,000 x 800 and 10,000 x 4,000
    python -m benchmarks.assignment --size 100000x30000x30   # mentees x mentors x edges of a mentee
    python -m benchmarks.assignment --million                # 1,000,000 x 300,000, 32 million edges
    python -m benchmarks.assignment --million --shrink 100   # the same way at a hundredth of the size
    python -m benchmarks.assignment --hard 10000             # the adversarial pools

Each engine runs ``--repeat`` times, taking turns, so that whatever else the machine does falls on
all of them; medians are compared. Each bar is printed with what was reached and whether it holds;
exits with status 1 if one does not.
"""

from __future__ import annotations

import argparse
import ctypes
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from ortools.graph.python import min_cost_flow

from benchmarks import bars
from benchmarks.instances import Instance, adversarial, realistic
from chalicelib.matching.assignment import Assignment, assign

# The edges of the two sizes that have bars of their own, and the bars.
MAIN_SIZE, MAIN_EDGES = (10_000, 4_000), 476_000
MILLION_SIZE, MILLION_EDGES = (1_000_000, 300_000), 32_000_000
MOST_GAP = 1e-4
MOST_TIMES = {"assign total": 2.5, "assign stable": 1.5}
MOST_MEGABYTES = 120
MOST_MEGABYTES_MILLION = 4_000
MAX_LOSS = 0.02
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


def _status(field: str) -> float:
    """Megabytes of this process (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    raise LookupError(field)


def peak_megabytes(call: Callable[[], object]) -> tuple[float, float]:
    """This process's resident memory at its highest within ``call``, and how far that is above before."""
    ctypes.CDLL(None).malloc_trim(0)  # what earlier runs freed would hide what this one takes
    Path("/proc/self/clear_refs").write_text("5")  # the high-water mark starts anew
    before = _status("VmRSS:")
    call()
    highest = _status("VmHWM:")
    return highest, highest - before


@dataclass
class Bars:
    """The bars of one instance, printed as they are met or broken."""

    where: str
    broken: list[str] = field(default_factory=list)

    def most(self, what: str, value: float, limit: float, form: str) -> None:
        """``value`` may be ``limit`` at most."""
        if not bars.most(f"{self.where}: {what}", value, limit, form):
            self.broken.append(f"{self.where}: {what}")


def run(instance: Instance, repeat: int, *, timed: bool, fair: bool, megabytes: float | None) -> list[str]:
    """Print one instance's table and bars; return the bars broken.

    Times are held to their bars where ``timed``; with ``megabytes`` "total" may take so many above
    the input, or where that is `MOST_MEGABYTES_MILLION` so many in all.
    """
    inputs = (instance.mentee, instance.mentor, instance.score, instance.n_mentees, instance.capacity)
    engines: dict[str, Callable[[], object]] = {
        "SimpleMinCostFlow": lambda: min_cost_flow_total(instance),
        "assign total": lambda: assign(*inputs, groups=instance.groups),
        "assign stable": lambda: assign(
            *inputs, groups=instance.groups, mentor_score=instance.mentor_score, objective="stable"
        ),
    }
    if fair:
        engines["assign fair"] = lambda: assign(
            *inputs, groups=instance.groups, objective="fair", max_loss=MAX_LOSS
        )
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    peaks: dict[str, tuple[float, float]] = {}
    best, found = 0.0, dict[str, Assignment]()

    def timed_call(name: str) -> None:
        nonlocal best
        begin = time.perf_counter()
        answer = engines[name]()
        seconds[name].append(time.perf_counter() - begin)
        if isinstance(answer, Assignment):
            found[name] = answer
        elif isinstance(answer, float):
            best = answer

    for turn in range(repeat):
        for name in engines:
            if turn == 0:
                peaks[name] = peak_megabytes(partial(timed_call, name))
            else:
                timed_call(name)
    median = {name: statistics.median(times) for name, times in seconds.items()}
    base = median["SimpleMinCostFlow"]
    total, stable = found["assign total"], found["assign stable"]

    print(f"\n{instance.name}: {instance.edges:,} edges, {int((total.mentor >= 0).sum()):,} matched")
    print(
        f"  {'engine':<18} {'seconds':>8} {'ratio':>6} {'below best':>11} {'own bound':>10} {'least rate':>10}"
        f" {'peak MB':>8}"
    )
    for name in engines:
        result = found.get(name)
        below = f"{1 - result.total / best:.6%}" if result and best else "exact"
        bound = f"{result.gap:.6%}" if result and name == "assign total" else "-"
        least = f"{_least_rate(result):.2%}" if result else "-"
        print(
            f"  {name:<18} {median[name]:8.3f} {median[name] / base:6.2f} {below:>11} {bound:>10} {least:>10} "
            f"{peaks[name][1]:8.0f}"
        )

    held = Bars(instance.name)
    held.most("gap of total to the optimum", 1 - total.total / best if best else 0.0, MOST_GAP, ".6%")
    held.most("gap of total by its own bound", total.gap, MOST_GAP, ".6%")
    held.most("optimum above the proven bound", best / total.upper_bound - 1 if best else 0.0, 1e-6, ".6%")
    held.most("blocking pairs of stable", count_blocking_pairs(instance, stable), 0, ",.0f")
    if fair:
        result = found["assign fair"]
        held.most("loss of fair", result.loss, MAX_LOSS, ".4%")
        held.most("least rate of total beside that of fair", _least_rate(total), _least_rate(result), ".2%")
    if timed and base >= LEAST_SECONDS:
        for name, most in MOST_TIMES.items():
            held.most(f"{name}, times SimpleMinCostFlow", median[name] / base, most, ".2f")
    if megabytes:
        in_all = megabytes == MOST_MEGABYTES_MILLION
        taken = peaks["assign total"][0 if in_all else 1]
        held.most(f"MB of total {'in all' if in_all else 'above the input'}", taken, megabytes, ",.0f")
    return held.broken


def _least_rate(result: Assignment) -> float:
    return float(np.nanmin(result.rates)) if result.rates is not None else 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", action="append", metavar="MENTEESxMENTORSxEDGES", help="may be repeated")
    parser.add_argument("--million", action="store_true", help="1,000,000 x 300,000, once, 5 GB of memory")
    parser.add_argument("--shrink", type=int, default=1, metavar="N", help="divide the million by N")
    parser.add_argument(
        "--hard", type=int, metavar="MENTEES", help="the adversarial pools of this size instead"
    )
    parser.add_argument("--repeat", type=int, default=5, help="runs of each engine (default 5)")
    parser.add_argument("--no-fair", action="store_true", help='leave "fair" out, which takes the longest')
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    fair = not given.no_fair
    broken: list[str] = []
    if given.hard:
        for instance in adversarial(given.hard, seed=given.seed).values():
            broken += run(instance, given.repeat, timed=False, fair=fair, megabytes=None)
    elif given.million:
        mentees, mentors = (size // given.shrink for size in MILLION_SIZE)
        instance = realistic(mentees, mentors, 33, seed=given.seed, edges=MILLION_EDGES // given.shrink)
        broken += run(instance, 1, timed=True, fair=False, megabytes=MOST_MEGABYTES_MILLION)
    else:
        for size in given.size or ["2000x800x50", "10000x4000x50"]:
            mentees, mentors, per_mentee = (int(part) for part in size.split("x"))
            main_size = (mentees, mentors) == MAIN_SIZE
            instance = realistic(
                mentees, mentors, per_mentee, seed=given.seed, edges=MAIN_EDGES if main_size else None
            )
            broken += run(
                instance, given.repeat, timed=True, fair=fair, megabytes=MOST_MEGABYTES if main_size else None
            )
    print(f"\n{len(broken)} bars are broken." if broken else "\nAll bars hold.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
