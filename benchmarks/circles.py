"""Circles of a large programme, beside filling one mentor's circle after the other.

    python -m benchmarks.circles                     # 600 mentees x 120 mentors, and the same mentees as peers
    python -m benchmarks.circles --size 60x20

The people are those of the demo cohort, drawn twice: their languages, zones, hours, topics sought and offered, and who
has declined whom. Circles have 3 to 8 members and meet for an hour. Four programmes are formed: each mentor leads one
circle; each may lead two; two mentors lead one together; and peers without mentors. The baseline takes mentors in their
order, and gives each the topic, language and hour that most mentees fit who have no circle yet, as a coordinator with a
list would; of peers it takes the topic, language and hour that most fit, again and again. The bound is proven by the
forming itself. Exits with status 1 if a limit is broken.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks import bars
from benchmarks.pools import cohort_pool
from chalicelib.matching.engine.circling import Pool
from chalicelib.matching.engine.weekly import bits
from chalicelib.matching.formation import CircleSettings, Leading, Seeking, form
from chalicelib.matching.model import Snapshot

MOST_SECONDS = 12.0
MOST_MEGABYTES = 200.0
MOST_BELOW_BOUND = 5.0  # per cent
KINDS = {
    "one mentor, one circle each": (1, 1),
    "one mentor, up to two circles each": (1, 2),
    "two mentors a circle": (2, 1),
    "peers": (0, 0),
}


def people(
    snapshot: Snapshot, mentees: int, mentors: int, circles: int
) -> tuple[tuple[Seeking, ...], tuple[Leading, ...]]:
    """Return the first people of a snapshot who lack nothing that matching needs."""
    wanting = [one for one in snapshot.mentees if not one.profile.missing_for_matching()][:mentees]
    giving = [one for one in snapshot.mentors if not one.profile.missing_for_matching()][:mentors]
    return (
        tuple(
            Seeking(one.person_id, one.profile, one.profile.topics_sought, one.declined) for one in wanting
        ),
        tuple(Leading(one.person_id, one.profile, one.profile.topics_offered, circles) for one in giving),
    )


def plain(pool: Pool) -> int:
    """Return how many have a seat if each circle is filled before the next is thought of."""
    left = (1 << len(pool.seeking)) - 1
    placed = 0
    least, most = pool.settings.least, pool.settings.most
    by_team: dict[int, list[int]] = {}
    for cell in pool.cells:
        by_team.setdefault(cell.team, []).append(cell.fits)
    led = [0] * len(pool.leading)

    def filled(cells: Iterable[int]) -> int:
        """Fill the circle of some cells that most fit; return who has a seat."""
        fits = max(cells, key=lambda one: (one & left).bit_count()) & left
        members = 0
        for one in bits(fits):
            if members.bit_count() < most and not pool.apart[one] & members:
                members |= 1 << one
        return members if members.bit_count() >= least else 0

    for team, cells in by_team.items():
        mentors = pool.teams[team].mentors
        while all(led[one] < pool.leading[one].circles for one in mentors):
            members = filled(cells)
            if not members:
                break
            placed += members.bit_count()
            left &= ~members
            for one in mentors:
                led[one] += 1
    return placed


def peak_megabytes() -> float:
    """Return the most memory that this process has held (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def show(name: str, mentees: int, mentors: int) -> bool:
    """Form one programme in this process."""
    of_circle, circles = KINDS[name]
    snapshot = cohort_pool(2)
    seeking, leading = people(snapshot, mentees, mentors if of_circle else 0, circles)
    settings = CircleSettings(mentors=of_circle)
    before = peak_megabytes()
    begun = time.process_time()
    found = form(seeking, leading, settings, snapshot.taken_at)
    seconds = time.process_time() - begun
    more = peak_megabytes() - before
    usual = plain(Pool(seeking, leading, settings, snapshot.taken_at, ()))
    sizes = sorted(len(one.members) for one in found.circles)
    print(f"\n{name}: {len(seeking)} mentees, {len(leading)} mentors")
    print(
        f"  formed             {found.placed} placed, at most {found.placed_bound}; {len(found.circles)} circles"
    )
    print(f"  {'':<18} {found.value:,} points, at most {found.bound:,}; {seconds:.2f} s, {more:.0f} MB more")
    print(f"  {'':<18} members: {', '.join(f'{sizes.count(n)} of {n}' for n in sorted(set(sizes)))}")
    print(f"  one after another  {usual} placed")
    below = 100 * (1 - found.placed / found.placed_bound) if found.placed_bound else 0.0
    good = bars.most(f"{name}: seconds of the processor", seconds, MOST_SECONDS, unit=" s")
    good &= bars.most(f"{name}: more memory", more, MOST_MEGABYTES, ",.0f", " MB")
    good &= bars.most(f"{name}: placed below the bound", below, MOST_BELOW_BOUND, unit=" %")
    good &= bars.told(f"{name}: at least as many placed as one after another", holds=found.placed >= usual)
    return good


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.circles")
    parser.add_argument("--size", default="600x120", metavar="MENTEESxMENTORS")
    parser.add_argument("--kind", choices=KINDS, help="one of them, in this process")
    options = parser.parse_args(argv)
    mentees, mentors = (int(one) for one in options.size.split("x"))
    if options.kind:
        return 0 if show(options.kind, mentees, mentors) else 1
    good = True
    for kind in KINDS:  # each in a process of its own, whose memory is its own
        command = [sys.executable, "-m", "benchmarks.circles", "--size", options.size, "--kind", kind]
        good &= subprocess.run(command, check=False).returncode == 0  # noqa: S603
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
