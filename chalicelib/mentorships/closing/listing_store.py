"""In the mentorships table: the figures of each mentorship of a programme that is closed, by when it was."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.closing.record import Attendance, Sums
from chalicelib.mentorships.sessions.model import Held
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import PairKind, Side


class SumsRow(tables.Row):
    """The figures of one mentorship; they name nobody."""

    class Meta:
        capability = "mentorships"

    kind = UnicodeAttribute()
    started_on = UnicodeAttribute()
    attendance = JSONAttribute()
    reached = NumberAttribute()
    dropped = NumberAttribute()
    left_open = NumberAttribute()
    signed = NumberAttribute()


def put_sums(programme_id: str, sums: Sums) -> Write:
    """Write the figures of a mentorship, as of its end; again, they are the same."""
    closed_at = to_text(sums.closed_at)
    row = SumsRow(
        _pk(programme_id), f"{closed_at}#{sums.mentorship_id}", kind=sums.kind.value,
        started_on=sums.started_on.isoformat(), attendance=asdict(sums.attendance), reached=sums.reached,
        dropped=sums.dropped, left_open=sums.left_open, signed=sums.signed, **tables.stamps(closed_at),
    )  # fmt: skip
    return tables.put_entry(row)


def sums_in(programme_id: str, page: PageRequest) -> Page[Sums]:
    """Return a programme's closed mentorships, the last closed first."""
    return tables.page_of(SumsRow, _pk(programme_id), page, _sums_of, descending=True)


def sums_of_year(programme_id: str, year: int) -> Iterator[Sums]:
    """Yield those that were closed in a year (UTC), the first closed first."""
    first, last = (to_text(datetime(one, 1, 1, tzinfo=UTC)) for one in (year, year + 1))
    # A key is an instant with more behind it, so none is the bound itself.
    for raw in tables.query_all(SumsRow, _pk(programme_id), between=(first, last)):
        yield _sums_of(SumsRow.parse(raw))


def _sums_of(row: SumsRow) -> Sums:
    closed_at, mentorship_id = row.sk.split("#")
    told: dict[str, Any] = row.attendance
    attendance = Attendance(
        Held(**told["held"]), {Side(side): count for side, count in told["missed"].items()}, told["contested"],
        told["unsaid"], told["cancelled"],
    )  # fmt: skip
    return Sums(
        mentorship_id,
        PairKind(row.kind),
        date.fromisoformat(row.started_on),
        from_text(closed_at),
        attendance,
        int(row.reached),
        int(row.dropped),
        int(row.left_open),
        int(row.signed),
    )


def _pk(programme_id: str) -> str:
    return f"RECORDS#{programme_id}"
