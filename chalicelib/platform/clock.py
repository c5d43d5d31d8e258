"""The instant at which a request or a job counts."""

from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute

from chalicelib.kernel.clock import system_clock, to_text
from chalicelib.platform import tables
from chalicelib.platform.settings import settings


class ClockRow(tables.Row):
    class Meta:
        capability = "platform"

    offset_seconds = NumberAttribute()


def now() -> datetime:
    """Return the present instant; on the local environment moved by the stored offset, so that a tester can
    reach next week. Tokens, links and TTL keep real time."""
    if not settings().local_clock:
        return system_clock()
    row = tables.get(ClockRow, "CLOCK", "CLOCK")
    return system_clock() + timedelta(seconds=float(row.offset_seconds) if row else 0)


def set_offset(offset: timedelta) -> None:
    """Move the local environment's clock.

    Raises
    ------
    RuntimeError
        Anywhere but on the local environment.
    """
    if not settings().local_clock:
        raise RuntimeError("the clock can be moved on the local environment only")
    row = tables.get(ClockRow, "CLOCK", "CLOCK") or ClockRow("CLOCK", "CLOCK")
    row.offset_seconds = offset.total_seconds()
    stamp = to_text(system_clock())
    row.created_at = row.created_at or stamp
    row.updated_at = stamp
    row.save()
