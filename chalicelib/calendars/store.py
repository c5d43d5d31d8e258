"""The calendars table: a row a person and UTC month."""

from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import JSONAttribute

from chalicelib.calendars.errors import CalendarMoved
from chalicelib.calendars.model import Busy, Month, Span
from chalicelib.kernel.clock import from_text, to_text
from chalicelib.platform import tables
from chalicelib.platform.tables import Write

_EPOCH = from_text("1970-01-01T00:00:00.000000Z")


class MonthRow(tables.Row):
    """What a person has booked that touches a month: its version lets one of two simultaneous bookings through.

    It is never deleted: one that came anew at version 1 would pass for one that was read before. `busy` lists
    [minutes since 1970 in UTC, minutes, reference], which keeps a month of quarters of an hour under 250 KB.
    """

    class Meta:
        capability = "calendars"

    busy = JSONAttribute()


def month_key(person_id: str, month: str) -> tuple[type[MonthRow], str, str]:
    """Return the key of a person's month for `tables.get_many`."""
    return MonthRow, f"PERSON#{person_id}", f"MONTH#{month}"


def month_of(person_id: str, month: str, row: Any) -> Month:
    """Read a month; without a row nothing has ever been booked in it."""
    if row is None:
        return Month(person_id, month)
    busy = tuple(Busy(_span(start, minutes), reference) for start, minutes, reference in row.busy)
    return Month(person_id, month, busy, from_text(row.created_at), int(row.version))


def put_month(month: Month, now: datetime) -> Write:
    """Return the write of a month over the version that was read, or where there was none and still is none."""
    row_class, pk, sk = month_key(month.person_id, month.name)
    row = row_class(
        pk, sk, busy=[[_minutes(one.span.starts_at), one.span.minutes, one.reference] for one in month.busy],
        **tables.stamps(to_text(now), to_text(month.created_at or now), month.version),
    )  # fmt: skip
    return tables.put(row, conflict=CalendarMoved("Read the times again, then choose."))


def _minutes(instant: datetime) -> int:
    return int((instant - _EPOCH).total_seconds()) // 60


def _span(start: int, minutes: int) -> Span:
    return Span.of(_EPOCH + timedelta(minutes=start), minutes)
