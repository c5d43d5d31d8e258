"""What capabilities that book people's time ask. None of these checks who asks: the capability that calls has done so.

The months that a change touches are read first, best together with what else is read. `Calendars.booked`, `moved` and
`freed` return them as they are after it, and `writes` the conditional writes of all that was changed, for the caller's
own transaction. Whoever loses against another booking gets `CalendarMoved`, reads again, and finds the time taken or
still free.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from chalicelib.calendars import store
from chalicelib.calendars.model import Calendars, Span, keys_of
from chalicelib.platform import tables
from chalicelib.platform.tables import Row, Write

Key = tuple[type[Row], str, str]


def keys(people: Sequence[str], spans: Iterable[Span]) -> list[Key]:
    """Return the keys of the months that stretches of some people touch, for `tables.get_many`."""
    return [store.month_key(*one) for one in keys_of(people, spans)]


def calendars_of(people: Sequence[str], spans: Iterable[Span], rows: Sequence[Any]) -> Calendars:
    """Read the rows that were asked for by `keys` of the same people and stretches."""
    months = (store.month_of(*key, row) for key, row in zip(keys_of(people, spans), rows, strict=True))
    return Calendars.of(months)


def read(people: Sequence[str], spans: Sequence[Span]) -> Calendars:
    """Read the months that stretches of some people touch: one round trip a hundred."""
    wanted = keys(people, spans)
    rows = [
        row
        for start in range(0, len(wanted), tables.MAX_READS)
        for row in tables.get_many(wanted[start : start + tables.MAX_READS])
    ]
    return calendars_of(people, spans, rows)


def writes(calendars: Calendars, now: datetime) -> list[Write]:
    """Return the writes of all that was changed, each on condition that the month is as it was read."""
    return [store.put_month(month, now) for month in calendars.writes()]
