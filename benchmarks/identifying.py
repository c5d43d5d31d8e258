"""How long the rules for identifying data take over texts made to keep them busy, beside a plain one of that length.

    python -m benchmarks.identifying
    python -m benchmarks.identifying --repeat 3

Each text has 4,000 characters. Both take turns within a run. Exits with status 1 if a limit is broken.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Sequence

from benchmarks import bars
from chalicelib.kernel.identifying import findings

LENGTH = 4000
PLAIN = "A woman in her fifties has had a dry cough for three weeks and has lost 4 kg since the rains began. "
BUSY = ("1", "a", "+1 (", "1/1/", "Mr ", "a.b@", "A1-", "07 ", "aged ", "named ")
MOST_OF_PLAIN = 20
"""A rule that tries each end for each start takes some hundred times as long; one that tries each way never ends."""


def long(part: str) -> str:
    return (part * LENGTH)[:LENGTH]


def milliseconds(text: str) -> float:
    begun = time.process_time()
    findings(text)
    return 1000 * (time.process_time() - begun)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identifying")
    parser.add_argument("--repeat", type=int, default=9)
    options = parser.parse_args(argv)
    taken: dict[str, list[float]] = {part: [] for part in (PLAIN, *BUSY)}
    for _ in range(options.repeat):
        for part, times in taken.items():
            times.append(milliseconds(long(part)))
    medians = {part: statistics.median(times) for part, times in taken.items()}
    for part, median in medians.items():
        print(f"{part[:12]!r:16} {median:8.1f} ms")
    slowest = max(BUSY, key=lambda part: medians[part])
    holds = bars.most(
        f"the slowest text, of {slowest!r}, in times of a plain one",
        medians[slowest] / medians[PLAIN], MOST_OF_PLAIN, ",.1f",
    )  # fmt: skip
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
