"""Recurring series: RFC 5545 rules on the wall clock of an anchor zone, bounded.

Rules are read part by part, so that what is wrong with one is said, and none can keep the service busy: frequency,
length and number are bounded before anything is counted out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.zones import instant_at, is_skipped
from chalicelib.mentorships.sessions.model import AHEAD

MOST_OCCURRENCES = 52
"""Of a series: one a week for a year. With both people's calendars they fit one transaction, which takes 100 rows."""

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY")
_PARTS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYSETPOS", "WKST")


@dataclass(frozen=True)
class Rule:
    """A rule as it was understood: its parts in a fixed order, `text`, and what it repeats by."""

    text: str
    frequency: str
    interval: int
    count: int | None
    until: datetime | None
    by_day: tuple[tuple[int, int], ...]
    by_month_day: tuple[int, ...]
    by_set_pos: tuple[int, ...]
    week_start: int


def parsed(text: str) -> Rule:
    """Read an RRULE.

    Raises
    ------
    Invalid
        With what is wrong at `/rule`: a part that is not known here, a series without end, one that is too long.
    """
    parts = _parts(text)
    frequency = parts.get("FREQ", "")
    if frequency not in _FREQUENCIES:
        raise _wrong(f"Give FREQ as one of {', '.join(_FREQUENCIES)}.")
    count = _whole(parts, "COUNT", 1, MOST_OCCURRENCES) if "COUNT" in parts else None
    until = _until(parts["UNTIL"]) if "UNTIL" in parts else None
    if count is None and until is None:
        raise _wrong(f"A series has an end: add COUNT, {MOST_OCCURRENCES} at most, or UNTIL.")
    if count is not None and until is not None:
        raise _wrong("Give COUNT or UNTIL, not both (RFC 5545, section 3.3.10).")
    by_day = tuple(_day(one, frequency) for one in _several(parts, "BYDAY"))
    by_month_day = tuple(_number(one, "BYMONTHDAY", 31) for one in _several(parts, "BYMONTHDAY"))
    by_set_pos = tuple(_number(one, "BYSETPOS", 31) for one in _several(parts, "BYSETPOS"))
    if by_month_day and frequency == "WEEKLY":
        raise _wrong("BYMONTHDAY goes with FREQ=MONTHLY or DAILY.")
    if by_set_pos and not (by_day or by_month_day):
        raise _wrong("BYSETPOS chooses among BYDAY or BYMONTHDAY; add one of them.")
    week_start = parts.get("WKST", "MO")
    if week_start not in _DAYS:
        raise _wrong(f"Give WKST as one of {', '.join(_DAYS)}.")
    return Rule(
        ";".join(f"{name}={parts[name]}" for name in _PARTS if name in parts), frequency,
        _whole(parts, "INTERVAL", 1, 99) if "INTERVAL" in parts else 1, count, until, by_day, by_month_day,
        by_set_pos, _DAYS.index(week_start),
    )  # fmt: skip


def occurrences(rule: Rule, first: datetime, zone: str, now: datetime) -> tuple[datetime, ...]:
    """Return when a series is on the wall clock of its anchor zone, the first time included.

    Days that a month does not have are left out, as RFC 5545 has it: one on the 31st is there seven times a year.

    Parameters
    ----------
    first
        Its first time, without a zone.

    Raises
    ------
    Invalid
        If the first time is not one that the rule makes, the clock never shows it, or the series is too long.
    """
    if is_skipped(first, zone):
        raise Invalid.field(
            "/starts", f"On that day the clock of {zone} jumps over this time in spring. Choose another time."
        )
    horizon = now + AHEAD
    # One more than there may be, and a day more than is looked at, so that what is too long is seen.
    found = tuple(islice(_walls(rule, first, zone, horizon), MOST_OCCURRENCES + 1))
    if not found or found[0] != first:
        raise Invalid.field("/starts", "The rule has no session at this time; give the first that it makes.")
    if rule.count is not None and len(found) < rule.count:
        raise _wrong(f"It would go on for over {AHEAD.days} days; lower COUNT or INTERVAL.")
    if len(found) > MOST_OCCURRENCES:
        raise _wrong(f"It would have over {MOST_OCCURRENCES} sessions; end it earlier.")
    if instant_at(found[-1], zone) > horizon or (rule.until is not None and rule.until > horizon):
        raise _wrong(f"It would go on for over {AHEAD.days} days; end it earlier.")
    return found


def _walls(rule: Rule, first: datetime, zone: str, horizon: datetime) -> Iterator[datetime]:
    from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule, weekday  # type: ignore[import-untyped]

    frequencies = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY}
    days = tuple(weekday(day, nth) if nth else weekday(day) for nth, day in rule.by_day)
    # Always bounded: of a rule that makes nothing the library would look for the next until the year 9999.
    end = horizon.replace(tzinfo=None) + timedelta(days=2)
    counted = rrule(
        frequencies[rule.frequency], dtstart=first, interval=rule.interval, until=end, wkst=rule.week_start,
        byweekday=days or None, bymonthday=rule.by_month_day or None, bysetpos=rule.by_set_pos or None,
    )  # fmt: skip
    for number, wall in enumerate(counted):
        if rule.count is not None and number == rule.count:
            return
        if rule.until is not None and instant_at(wall, zone) > rule.until:
            return
        yield wall


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for one in text.upper().removeprefix("RRULE:").split(";"):
        name, equals, value = one.partition("=")
        if not equals or not value:
            raise _wrong(
                "Write parts as NAME=VALUE with semicolons between, for example FREQ=WEEKLY;COUNT=12."
            )
        if name not in _PARTS:
            raise _wrong(f"{name[:20]} is not known here; a rule takes {', '.join(_PARTS)}.")
        if name in parts:
            raise _wrong(f"{name} is there twice.")
        parts[name] = value
    return parts


def _until(value: str) -> datetime:
    try:
        return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise _wrong("Give UNTIL in UTC, for example UNTIL=20270630T215959Z.") from None


def _day(value: str, frequency: str) -> tuple[int, int]:
    nth, day = value[:-2], value[-2:]
    if day not in _DAYS or (nth and frequency != "MONTHLY"):
        raise _wrong(
            "Give BYDAY as days of the week, for example BYDAY=TU,TH, with a number (2TU, -1FR) for FREQ=MONTHLY alone."
        )
    return (_number(nth, "BYDAY", 5) if nth else 0), _DAYS.index(day)


def _number(value: str, name: str, most: int) -> int:
    digits = value.lstrip("+-")
    if not (
        digits.isascii()
        and digits.isdigit()
        and len(value) - len(digits) <= 1
        and 1 <= int(digits[:4]) <= most
    ):
        raise _wrong(f"{name} takes 1 to {most}, or -1 to -{most} from the end.")
    return -int(digits) if value.startswith("-") else int(digits)


def _several(parts: dict[str, str], name: str) -> list[str]:
    return parts[name].split(",") if name in parts else []


def _whole(parts: dict[str, str], name: str, least: int, most: int) -> int:
    value = parts[name]
    if not (value.isascii() and value.isdigit() and least <= int(value[:9]) <= most):
        raise _wrong(f"{name} takes {least} to {most}.")
    return int(value)


def _wrong(detail: str) -> Invalid:
    return Invalid.field("/rule", detail)
