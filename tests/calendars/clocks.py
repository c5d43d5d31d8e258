"""Times found the slow way: the zone is asked what its clock shows at each quarter of an hour."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.calendars.finding import COMFORT, SLOTS_A_WEEK, Hours
from chalicelib.calendars.model import STEP, Span
from chalicelib.kernel.zones import time_zone
from chalicelib.people.model import WEEKDAYS

Found = list[tuple[datetime, int, tuple[int, ...]]]


def shown(hours: Hours, instant: datetime) -> tuple[int, int]:
    """Return the weekday and the minute of the day on somebody's clock."""
    local = instant.astimezone(time_zone(hours.zone or "UTC"))
    return local.weekday(), local.hour * 60 + local.minute


def is_free(hours: Hours, instant: datetime) -> bool:
    """Tell whether somebody can be met in the quarter of an hour from an instant on."""
    day, minute = shown(hours, instant)
    return hours.zone is not None and any(
        WEEKDAYS.index(one.weekday) == day and one.start <= minute and minute + 15 <= one.end
        for one in hours.windows
    )


def points(hours: Hours, instant: datetime) -> int:
    _, minute = shown(hours, instant)
    return next(points for start, end, points in COMFORT if start * 60 <= minute < end * 60)


def oddness(hours: Hours, instant: datetime) -> int:
    return {0: 0, 30: 1}.get(shown(hours, instant)[1] % 60, 2)


def times(
    both: Sequence[Hours], busy: Sequence[Sequence[Span]], *, after: datetime, weeks: int, minutes: int
) -> Found:
    """Return start, week and comfort of each slot, as `finding.times` ranks them."""
    seconds = after.timestamp()
    start = after + timedelta(seconds=-seconds % 900)
    end = start + weeks * timedelta(days=7)
    length = -(-minutes // 15)

    def can(instant: datetime) -> bool:
        quarter = Span(instant, instant + STEP)
        return all(
            is_free(one, instant) and not any(quarter.overlaps(taken) for taken in theirs)
            for one, theirs in zip(both, busy, strict=True)
        )

    quarters = [start + n * STEP for n in range((end - start) // STEP)]
    free = [can(one) for one in quarters]
    found: Found = []
    for week in range(weeks):
        places = range(week * 672, (week + 1) * 672)
        fitting = [n for n in places if n + length <= len(free) and all(free[n : n + length])]
        ranked = []
        for n in fitting:
            comfort = tuple(min(points(one, quarter) for quarter in quarters[n : n + length]) for one in both)
            odd = sum(oddness(one, quarters[n]) for one in both)
            ranked.append((-min(comfort), -sum(comfort), odd, n, comfort))
        chosen: list[int] = []
        for *_, n, comfort in sorted(ranked):
            if len(chosen) < SLOTS_A_WEEK and all(abs(n - other) >= length for other in chosen):
                chosen.append(n)
                found.append((quarters[n], week + 1, comfort))
    return sorted(found, key=lambda one: (-min(one[2]), -sum(one[2]), one[0]))
