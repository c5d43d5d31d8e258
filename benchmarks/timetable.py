"""Timetables of a speed event, beside taking the best pair that is left, round by round.

    python -m benchmarks.timetable                          # 200 mentees x 60 mentors x 6 rounds
    python -m benchmarks.timetable --size 40x12x4

Points are half how much a mentor is sought by all and half chance; one pair in ten may never meet. Four events are
made: everybody there throughout; one in ten late, or gone early; four in ten so; and the first made anew in round 2 as
one in ten comes late or drops out, with what was held unchanged. The baseline fills each round by itself, mentees with
fewest meetings first and of their pairs the best, as somebody with a list would. Each bound is proven by the timetable
itself. Exits with status 1 if a limit is broken.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from benchmarks import bars
from chalicelib.matching.timetable import MILLION, Meeting, Timetable, timetable

MOST_SECONDS = 10.0
MOST_BELOW_BOUND = 2.0  # per cent
NOW = 2


@dataclass(frozen=True)
class Event:
    """What a timetable is made of."""

    points: list[list[int | None]]
    rounds: int
    mentees: list[frozenset[int]]
    mentors: list[frozenset[int]]


def event(mentees: int, mentors: int, rounds: int, absent: float, chance: random.Random) -> Event:
    sought = [chance.random() for _ in range(mentors)]
    points = [
        [None if chance.random() < 0.1 else int(MILLION * (one + chance.random()) / 2) for one in sought]
        for _ in range(mentees)
    ]
    every = frozenset(range(rounds))
    there = [[some_rounds(every, absent, 0, chance) for _ in range(n)] for n in (mentees, mentors)]
    return Event(points, rounds, *there)


def some_rounds(every: frozenset[int], absent: float, first: int, chance: random.Random) -> frozenset[int]:
    """Return the rounds in which somebody is there: of those from ``first`` on some miss the beginning or the end."""
    if chance.random() >= absent or len(every) <= first + 1:
        return every
    turn, late = chance.randrange(first + 1, len(every)), chance.random() < 0.5
    return frozenset(n for n in every if n < first or (n >= turn) == late)


def greedy(event: Event, held: Collection[Meeting], now: int) -> list[Meeting]:
    """Fill one round after another: those with fewest meetings first, each with the best mentor who is left."""
    made = list(held)
    met = {(one.mentee, one.mentor) for one in made}
    count = Counter(one.mentee for one in made)
    for number in range(now, event.rounds):
        free = {n for n, there in enumerate(event.mentors) if number in there}
        here = [n for n, there in enumerate(event.mentees) if number in there]
        for mentee in sorted(here, key=lambda n: (count[n], n)):
            row = event.points[mentee]
            fitting = [n for n in free if row[n] is not None and (mentee, n) not in met]
            if fitting:
                mentor = max(fitting, key=lambda n: (row[n] or 0, -n))
                made.append(Meeting(number, mentee, mentor))
                met.add((mentee, mentor))
                count[mentee] += 1
                free.remove(mentor)
    return made


def value(event: Event, meetings: Collection[Meeting]) -> int:
    return sum(event.points[one.mentee][one.mentor] or 0 for one in meetings)


def spread(event: Event, meetings: Collection[Meeting]) -> str:
    """Say how many mentees have how many meetings."""
    count = Counter(one.mentee for one in meetings)
    of = Counter(count[mentee] for mentee in range(len(event.mentees)))
    return ", ".join(f"{of[n]} have {n}" for n in sorted(of))


def show(
    name: str, event: Event, held: Collection[Meeting] = (), now: int = 0, keep: Collection[Meeting] = ()
) -> tuple[Timetable, bool]:
    begun = time.process_time()
    found = timetable(
        event.points, event.rounds, event.mentees, event.mentors, held=held, now_round=now, keep=keep
    )
    seconds = time.process_time() - begun
    plain = greedy(event, held, now)
    below = 100 * (1 - found.value / found.bound) if found.bound else 0.0
    print(f"\n{name}")
    for whose, meetings, of in (("timetable", found.meetings, seconds), ("best that is left", plain, None)):
        took = "" if of is None else f", {of:.2f} s"
        print(f"  {whose:<18} {value(event, meetings):>13,} points, {len(meetings)} meetings{took}")
        print(f"  {'':<18} {spread(event, meetings)}")
    good = bars.most(f"{name}: seconds of the processor", seconds, MOST_SECONDS, unit=" s")
    good &= bars.most(f"{name}: below its bound", below, MOST_BELOW_BOUND, ".4f", " %")
    good &= bars.told(
        f"{name}: at least as fair as the best that is left",
        holds=fair(event, found.meetings) >= fair(event, plain),
    )
    return found, good


def fair(event: Event, meetings: Collection[Meeting]) -> int:
    """Return more for meetings of those who have fewer."""
    count = Counter(one.mentee for one in meetings)
    return sum(event.rounds - n for had in count.values() for n in range(had))


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.timetable")
    parser.add_argument("--size", default="200x60x6", metavar="MENTEESxMENTORSxROUNDS")
    options = parser.parse_args(argv)
    mentees, mentors, rounds = (int(one) for one in options.size.split("x"))
    chance = random.Random(1)
    whole = event(mentees, mentors, rounds, 0, chance)
    first, good = show("everybody there", whole)
    for absent in (0.1, 0.4):
        good &= show(f"{absent:.0%} late or gone early", event(mentees, mentors, rounds, absent, chance))[1]
    every = frozenset(range(rounds))
    left = replace(
        whole,
        mentees=[some_rounds(every, 0.1, NOW, chance) for _ in range(mentees)],
        mentors=[some_rounds(every, 0.1, NOW, chance) for _ in range(mentors)],
    )
    held = [one for one in first.meetings if one.round < NOW]
    again, fine = show("made anew in round 2, 10% late or gone", left, held, NOW, first.meetings)
    good &= fine
    same = {one[1:] for one in again.meetings} & {one[1:] for one in first.meetings}
    good &= bars.told("what was held stands", holds=set(held) <= set(again.meetings))
    print(f"pairs of the former timetable in the new one: {len(same)} of {len(first.meetings)}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
