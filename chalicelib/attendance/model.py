"""Joins and leaves of a gathering, and for how long somebody was there: the union of intervals, to the second."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.kernel.intervals import Interval, cut, first_seconds, overlap, seconds_of, united
from chalicelib.kernel.intervals import within as shared

OPENS = timedelta(minutes=30)
"""How long before its time a gathering can be joined, and begin."""
OVERDUE = timedelta(hours=2)
"""How long after its end by the plan it is ended without saying when it did: later the button was forgotten."""


class MarkKind(StrEnum):
    JOIN = "join"
    LEAVE = "leave"


class Oddity(StrEnum):
    """What is told beside somebody's minutes, so that a person can judge it. LEFT_UNJOINED: a leave whose join never
    came; nothing is counted for it. NEVER_LEFT: a join whose leave never came; it counts up to the end. AHEAD_OF_US: a
    provider's instant lay after the one at which it reached us; it counts at that."""

    LEFT_UNJOINED = "left_unjoined"
    NEVER_LEFT = "never_left"
    AHEAD_OF_US = "ahead_of_us"


@dataclass(frozen=True)
class Mark:
    """One join or leave.

    Attributes
    ----------
    device
        Which of the person's devices or connections: joins and leaves are paired for each by itself.
    at
        At which instant it counts.
    said_at
        What its source said, where that was later than when it reached us.
    """

    person_id: str
    kind: MarkKind
    at: datetime
    device: str
    source: str
    said_at: datetime | None = None


@dataclass(frozen=True)
class Correction:
    """What somebody has put in the place of what was measured. `by`, `at` and the seconds before and after stay."""

    id: str
    person_id: str
    before: int
    after: int
    reason: str = field(repr=False)
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Presence:
    """For how long somebody was there.

    Attributes
    ----------
    intervals
        When, none of which touch, as measured.
    seconds
        What counts: as measured, or as corrected last.
    """

    person_id: str
    intervals: tuple[Interval, ...]
    measured: int
    seconds: int
    oddities: tuple[Oddity, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def minutes(self) -> int:
        """Whole minutes; a rest below a minute is none."""
        return self.seconds // 60

    def seconds_within(self, parts: Sequence[Interval]) -> int:
        """Return how many of the seconds lie in some stretches that do not overlap; of a corrected one, whose seconds
        have no place in time, as many as there is room for."""
        if self.corrections:
            return min(self.seconds, sum(one.seconds for one in parts))
        return sum(overlap(one, part) for one in self.intervals for part in parts)

    def within(self, parts: Sequence[Interval]) -> tuple[Interval, ...]:
        """Return what of it lies in some stretches that do not overlap; corrected seconds, which have no place in time,
        are laid into them from their beginning."""
        if self.corrections:
            return first_seconds(parts, self.seconds_within(parts))
        return shared(self.intervals, parts)


def presence(
    person_id: str, marks: Iterable[Mark], held: Interval | None, corrections: Sequence[Correction] = ()
) -> Presence:
    """Return for how long somebody was at a gathering.

    Each device's joins and leaves are paired by themselves; the stretches of all devices are united, so that a re-join
    or a second device never counts twice, and cut to when the gathering was held.

    Parameters
    ----------
    held
        None while it has not begun: nothing counts.
    corrections
        Oldest first; the last one counts.
    """
    odd: dict[Oddity, None] = {}
    stretches: list[Interval] = []
    by_device: dict[str, list[Mark]] = {}
    for mark in marks:
        by_device.setdefault(mark.device, []).append(mark)
        if mark.said_at is not None:
            odd[Oddity.AHEAD_OF_US] = None
    for device in by_device.values():
        # Of two marks at one instant the join is first, so that they enclose nothing instead of being torn apart.
        since: datetime | None = None
        for mark in sorted(device, key=lambda one: (one.at, one.kind is MarkKind.LEAVE)):
            if mark.kind is MarkKind.JOIN:
                # A join while one is open is the same stay, seen again.
                since = since or mark.at
            elif since is None:
                odd[Oddity.LEFT_UNJOINED] = None
            else:
                stretches.append(Interval(since, mark.at))
                since = None
        if since is not None:
            odd[Oddity.NEVER_LEFT] = None
            if held is not None:
                stretches.append(Interval(since, max(since, held.ends_at)))
    intervals = united(cut(stretches, held)) if held is not None else ()
    measured = seconds_of(intervals)
    counts = corrections[-1].after if corrections else measured
    return Presence(
        person_id, intervals, measured, counts, tuple(sorted(odd, key=list(Oddity).index)), tuple(corrections)
    )
