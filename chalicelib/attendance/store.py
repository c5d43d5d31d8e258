"""The attendance table: joins, leaves and corrections of each gathering, those of one person side by side.

Each mark is a row under a key of its own, so that five hundred people who join at once write five hundred rows and wait
for none; the report reads a gathering person by person in one query.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.attendance.errors import CorrectionCrossed, MarkedBefore
from chalicelib.attendance.model import Correction, Mark, MarkKind
from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.pages import PageRequest, cursor_of
from chalicelib.platform import tables
from chalicelib.platform.tables import Write

_A_READ = 800
"""Rows in one query of a report: a hundred people with eight marks each, some 300 KB."""
_PERSON = 26
_UNKNOWN = "UNKNOWN#"


class MarkRow(tables.Row):
    class Meta:
        capability = "attendance"

    kind = UnicodeAttribute()
    at = UnicodeAttribute()
    device = UnicodeAttribute()
    source = UnicodeAttribute()
    said_at = UnicodeAttribute(null=True)


class CorrectionRow(tables.Row):
    """What was put in the place of what was measured; its number among the person's is in its key."""

    class Meta:
        capability = "attendance"

    before = NumberAttribute()
    after = NumberAttribute()
    reason = UnicodeAttribute()
    by = UnicodeAttribute()
    correction_id = UnicodeAttribute()


@dataclass(frozen=True)
class Kept:
    """All that is kept of one person at a gathering."""

    person_id: str
    marks: tuple[Mark, ...]
    corrections: tuple[Correction, ...]


def put_mark(gathering: str, mark: Mark, said_at: datetime, now: datetime) -> Write:
    """Return the write of a join or leave; the same again fails with `MarkedBefore`, since the key is what its source
    said."""
    row = MarkRow(
        _pk(gathering), f"{mark.person_id}#M#{to_text(said_at)}#{mark.kind}#{mark.device}", kind=mark.kind.value,
        at=to_text(mark.at), device=mark.device, source=mark.source, said_at=text_of(mark.said_at),
        **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put(row, conflict=MarkedBefore())


def put_unknown(gathering: str, kind: MarkKind, device: str, said_at: datetime, now: datetime) -> Write:
    """Return the write of a join or leave of somebody whom we do not know: that there was one, and no more."""
    row = MarkRow(
        _pk(gathering), f"{_UNKNOWN}{to_text(said_at)}#{kind}#{device}", kind=kind.value, at=to_text(said_at),
        device=device, source="", **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put(row, conflict=MarkedBefore())


def put_correction(gathering: str, correction: Correction, number: int, now: datetime) -> Write:
    """Return the write of the how manieth correction of a person, from 0; another one of that number fails with
    `CorrectionCrossed`."""
    row = CorrectionRow(
        _pk(gathering), f"{correction.person_id}#C#{number:04d}", before=correction.before,
        after=correction.after, reason=correction.reason, by=correction.by, correction_id=correction.id,
        **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put(row, conflict=CorrectionCrossed())


def kept_of(gathering: str, person_id: str) -> Kept:
    """Return what is kept of one person: one query."""
    rows = tables.query_all(MarkRow, _pk(gathering), begins_with=f"{person_id}#")
    return next(_people(rows), Kept(person_id, (), ()))


def every_kept(gathering: str) -> Iterator[Kept]:
    """Yield what is kept of everybody, by their ids: a query a megabyte."""
    return _people(tables.query_all(MarkRow, _pk(gathering), between=("0", _UNKNOWN)))


def page_of_kept(gathering: str, page: PageRequest) -> tuple[tuple[Kept, ...], str | None]:
    """Return as many people as are wanted, by their ids, and the cursor after them: one query, if none of them has
    hundreds of marks."""
    after = page.position("sk")
    raws: list[dict[str, Any]] = []
    while True:
        found = tables.query(MarkRow, _pk(gathering), between=("0", _UNKNOWN), after=after, limit=_A_READ)
        raws += found.items
        kept = list(_people(raws))
        # The last of them may go on beyond what was read.
        whole = kept if found.last_key is None else kept[:-1]
        if whole or found.last_key is None:
            break
        after = {"sk": found.last_key["sk"]}
    shown = tuple(whole[: page.limit])
    is_more = len(kept) > len(shown)
    return shown, cursor_of(sk=f"{shown[-1].person_id}#~") if is_more else None


def unknown_at(gathering: str) -> int:
    """Return how many joins there were of people whom we do not know."""
    raws = tables.query_all(MarkRow, _pk(gathering), begins_with=_UNKNOWN)
    return sum(raw["kind"]["S"] == MarkKind.JOIN for raw in raws)


def _people(raws: Iterable[dict[str, Any]]) -> Iterator[Kept]:
    for person_id, group in groupby(raws, key=lambda raw: raw["sk"]["S"][:_PERSON]):
        marks, corrections = [], []
        for raw in group:
            if raw["sk"]["S"][_PERSON:].startswith("#M#"):
                marks.append(_mark(person_id, MarkRow.parse(raw)))
            else:
                corrections.append(_correction(person_id, CorrectionRow.parse(raw)))
        yield Kept(person_id, tuple(marks), tuple(corrections))


def _mark(person_id: str, row: MarkRow) -> Mark:
    return Mark(
        person_id, MarkKind(row.kind), from_text(row.at), row.device, row.source, instant_of(row.said_at)
    )


def _correction(person_id: str, row: CorrectionRow) -> Correction:
    return Correction(
        row.correction_id, person_id, int(row.before), int(row.after), row.reason, row.by,
        from_text(row.created_at),
    )  # fmt: skip


def _pk(gathering: str) -> str:
    return f"GATHERING#{gathering}"
