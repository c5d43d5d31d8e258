"""How long it takes to find the times of two people with full calendars, beside asking their zones for each time.

    python -m benchmarks.times                  # six weeks, across a change of clocks
    python -m benchmarks.times --repeat 3

Two people who can be met from seven to midnight each day, each with 150 sessions booked in six weeks, in zones whose
clocks change in between. The baseline asks both zones what their clocks show at each quarter of an hour, and must come
to the very same slots. Both take turns within a run. Exits with status 1 if a limit is broken.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from benchmarks import bars
from chalicelib.calendars.finding import Hours, times
from chalicelib.calendars.model import Calendars, Month, Span, TimeTaken, keys_of
from chalicelib.people.model import WEEKDAYS, Window
from tests.calendars import clocks

WEEKS = 6
BOOKED = 150
MOST_MILLISECONDS = 50
MOST_OF_BASELINE = 0.1
AFTER = datetime(2027, 3, 1, 8, 20, tzinfo=UTC)
PEOPLE = (
    Hours("America/Toronto", tuple(Window(day, 7 * 60, 1440) for day in WEEKDAYS)),
    Hours("Europe/Paris", tuple(Window(day, 7 * 60, 1440) for day in WEEKDAYS)),
)


def booked(person: str, chance: random.Random) -> tuple[Span, ...]:
    """Return a full calendar, as it is read."""
    whole = Span(AFTER, AFTER + timedelta(weeks=WEEKS))
    calendars = Calendars.of(Month(*key) for key in keys_of([person], [whole]))
    count = 0
    while count < BOOKED:
        start = datetime(2027, 3, 1, tzinfo=UTC) + timedelta(minutes=15 * chance.randrange(WEEKS * 672))
        try:
            calendars = calendars.booked([person], Span.of(start, chance.choice((30, 45, 60))), str(count))
        except TimeTaken:
            continue
        count += 1
    return calendars.busy(person)


def milliseconds(task: Callable[[], object]) -> float:
    begun = time.process_time()
    task()
    return 1000 * (time.process_time() - begun)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.times")
    parser.add_argument("--repeat", type=int, default=9)
    options = parser.parse_args(argv)
    chance = random.Random(5)
    busy = (booked("one", chance), booked("other", chance))

    def ours(minute: int = 0) -> object:
        # Another start each time: nothing is found in a cache that a request would not find there.
        return times(PEOPLE, busy, after=AFTER + timedelta(minutes=15 * minute), weeks=WEEKS, minutes=60)

    def plain() -> clocks.Found:
        return clocks.times(PEOPLE, busy, after=AFTER, weeks=WEEKS, minutes=60)

    slots = times(PEOPLE, busy, after=AFTER, weeks=WEEKS, minutes=60)
    same = [(one.span.starts_at, one.week, one.comfort) for one in slots] == plain()
    found: dict[str, list[float]] = {"times": [], "asking the zones": []}
    for run in range(options.repeat):
        found["times"].append(milliseconds(lambda run=run: ours(run + 1)))  # type: ignore[misc]
        found["asking the zones"].append(milliseconds(plain))
    for name, taken in found.items():
        print(f"{name:18} {statistics.median(taken):8.1f} ms, least {min(taken):.1f}")
    ours_, base = (statistics.median(taken) for taken in found.values())
    held = [
        bars.told(f"the same {len(slots)} slots as asking the zones", holds=same and bool(slots)),
        bars.most("six weeks of two full calendars", ours_, MOST_MILLISECONDS, ",.1f", " ms"),
        bars.most("of the time of asking the zones", ours_ / base, MOST_OF_BASELINE, ".1%"),
    ]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
