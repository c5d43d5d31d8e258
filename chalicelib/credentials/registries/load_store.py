"""The registers table: each organisation's registers, their uploads, and a row a number and slot."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.credentials.registries.loads import (
    Head,
    Load,
    LoadMovedOn,
    LoadNotWaiting,
    LoadStatus,
    Order,
    Slot,
    Stored,
    StoredEntry,
)
from chalicelib.credentials.registries.model import Entry
from chalicelib.credentials.registries.register_files import KEEP, Columns, DayOrder, RowProblem
from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform import tables
from chalicelib.platform.tables import Row, Write

_GRACE = timedelta(days=30)
"""By which rows outlast the day on which their file stops to answer."""


class HeadRow(tables.Row):
    class Meta:
        capability = "registers"

    slot = UnicodeAttribute(null=True)
    load_id = UnicodeAttribute(null=True)
    as_of = UnicodeAttribute(null=True)
    entries = NumberAttribute()
    loading = UnicodeAttribute(null=True)
    loading_until = UnicodeAttribute(null=True)


class LoadRow(tables.Row):
    class Meta:
        capability = "registers"

    authority_id = UnicodeAttribute()
    columns = JSONAttribute()
    as_of = UnicodeAttribute()
    accepts_fewer = NumberAttribute()
    created_by = UnicodeAttribute()
    status = UnicodeAttribute()
    entries = NumberAttribute(null=True)
    bad_rows = NumberAttribute(null=True)
    problems = JSONAttribute(null=True)
    notes = JSONAttribute(null=True)
    next_entry = NumberAttribute()
    content_digest = UnicodeAttribute(null=True)
    failure = UnicodeAttribute(null=True)
    finished_at = UnicodeAttribute(null=True)


class EntryRow(tables.Row):
    """One number of one file. It leaves by TTL after the file has stopped to answer."""

    class Meta:
        capability = "registers"

    load_id = UnicodeAttribute()
    name = UnicodeAttribute()
    status = UnicodeAttribute(null=True)
    state = UnicodeAttribute()
    valid_until = UnicodeAttribute(null=True)
    expires_at_epoch = NumberAttribute()


def register_pk(organisation_id: str, authority_id: str) -> str:
    return f"REGISTER#{organisation_id}#{authority_id}"


def loads_pk(organisation_id: str) -> str:
    """Return where an organisation's uploads stand."""
    return f"ORGANISATION#{organisation_id}"


# --- heads ----------------------------------------------------------------------------------------


def get_head(organisation_id: str, authority_id: str) -> Head:
    pk = register_pk(organisation_id, authority_id)
    return _head_of(organisation_id, authority_id, tables.get(HeadRow, pk, "HEAD"))


def put_head(head: Head, now: datetime) -> Write:
    row = HeadRow(
        register_pk(head.organisation_id, head.authority_id), "HEAD", slot=head.slot, load_id=head.load_id,
        as_of=head.as_of.isoformat() if head.as_of else None, entries=head.entries, loading=head.loading,
        loading_until=text_of(head.loading_until),
        **tables.stamps(to_text(now), to_text(head.created_at or now), version=head.version),
    )  # fmt: skip
    return tables.put(row, conflict=LoadMovedOn("Another file of this register came at the same moment."))


def still_loading(load: Load) -> Write:
    """Let the transaction through only while the register is this upload's."""
    return tables.check(
        HeadRow, register_pk(load.organisation_id, load.order.authority_id), "HEAD",
        condition=HeadRow.loading == load.id,
        conflict=LoadMovedOn("Another file of this register has taken its place."),
    )  # fmt: skip


def _head_of(organisation_id: str, authority_id: str, row: HeadRow | None) -> Head:
    if row is None:
        return Head(organisation_id, authority_id)
    return Head(
        organisation_id, authority_id, Slot(row.slot) if row.slot else None, row.load_id,
        date.fromisoformat(row.as_of) if row.as_of else None, int(row.entries), row.loading,
        instant_of(row.loading_until), from_text(row.created_at), int(row.version),
    )  # fmt: skip


# --- uploads --------------------------------------------------------------------------------------


def load_key(organisation_id: str, load_id: str) -> tuple[type[Row], str, str]:
    """Return the key of an upload for `tables.get_many`."""
    return LoadRow, loads_pk(organisation_id), f"LOAD#{load_id}"


def get_load(organisation_id: str, load_id: str) -> Load | None:
    row = tables.get(LoadRow, *load_key(organisation_id, load_id)[1:])
    return load_of(row) if row else None


def list_loads(organisation_id: str, page: PageRequest) -> Page[Load]:
    """Return an organisation's uploads, newest first."""
    pk = loads_pk(organisation_id)
    return tables.page_of(LoadRow, pk, page, load_of, begins_with="LOAD#", descending=True)


def put_load(load: Load, now: datetime) -> Write:
    """Write an upload over the version that was read, or as new."""
    order = load.order
    row = LoadRow(
        *load_key(load.organisation_id, load.id)[1:], authority_id=order.authority_id, columns=asdict(order.columns),
        as_of=order.as_of.isoformat(), accepts_fewer=int(order.accepts_fewer), created_by=load.created_by,
        status=load.status.value, entries=load.entries, bad_rows=load.bad_rows,
        problems=[asdict(one) for one in load.problems], notes=list(load.notes), next_entry=load.next_entry,
        content_digest=load.content_digest, failure=load.failure,
        finished_at=text_of(load.finished_at),
        **tables.stamps(to_text(now), to_text(load.created_at), version=load.version),
    )  # fmt: skip
    return tables.put(row, conflict=LoadMovedOn("Another worker has carried this upload on."))


def queue(organisation_id: str, load_id: str, now: datetime) -> Write:
    """Note that the file has arrived."""
    return tables.update(
        *load_key(organisation_id, load_id), [LoadRow.status.set(LoadStatus.QUEUED.value)],
        condition=LoadRow.status == LoadStatus.WAITING.value, now=to_text(now),
        conflict=LoadNotWaiting("A file for this upload has arrived before."),
    )  # fmt: skip


def load_of(row: LoadRow) -> Load:
    columns = dict(row.columns)
    for name in ("names", "current", "not_current"):
        columns[name] = tuple(columns[name])
    columns["day_order"] = DayOrder(columns["day_order"])
    return Load(
        id=row.sk.removeprefix("LOAD#"),
        organisation_id=row.pk.removeprefix("ORGANISATION#"),
        order=Order(
            row.authority_id, Columns(**columns), date.fromisoformat(row.as_of), bool(row.accepts_fewer)
        ),
        created_by=row.created_by,
        created_at=from_text(row.created_at),
        status=LoadStatus(row.status),
        entries=int(row.entries) if row.entries is not None else None,
        bad_rows=int(row.bad_rows) if row.bad_rows is not None else None,
        problems=tuple(RowProblem(**one) for one in row.problems or ()),
        notes=tuple(row.notes or ()),
        next_entry=int(row.next_entry),
        content_digest=row.content_digest,
        failure=row.failure,
        finished_at=instant_of(row.finished_at),
        version=int(row.version),
    )


# --- entries --------------------------------------------------------------------------------------


def put_entries(load: Load, slot: Slot, entries: Sequence[tuple[str, Entry]], now: datetime) -> list[Write]:
    """Return the writes of some entries into a slot that does not answer; the same ones again change nothing."""
    order = load.order
    end = datetime.combine(order.as_of, time(), UTC) + KEEP + _GRACE
    return [
        tables.put_entry(
            EntryRow(
                _entry_pk(load.organisation_id, order.authority_id, number), slot.value, load_id=load.id,
                name=entry.names[0], status=entry.status, state=entry.state.value,
                valid_until=entry.valid_until.isoformat() if entry.valid_until else None,
                expires_at_epoch=int(end.timestamp()), **tables.stamps(to_text(now)),
            )
        )
        for number, entry in entries
    ]  # fmt: skip


def look_up(organisation_id: str, authority_id: str, number: str) -> Stored:
    """Read what an organisation's register has under a number, in one round trip."""
    pk = _entry_pk(organisation_id, authority_id, number)
    head, *rows = tables.get_many(
        [
            (HeadRow, register_pk(organisation_id, authority_id), "HEAD"),
            *((EntryRow, pk, slot.value) for slot in Slot),
        ]
    )
    found = {slot: _entry_of(row) for slot, row in zip(Slot, rows, strict=True) if row is not None}
    return Stored(_head_of(organisation_id, authority_id, head) if head else None, found)


def _entry_of(row: Any) -> StoredEntry:
    until = date.fromisoformat(row.valid_until) if row.valid_until else None
    return StoredEntry(row.load_id, row.name, row.status, row.state, until)


def _entry_pk(organisation_id: str, authority_id: str, number: str) -> str:
    return f"ENTRY#{organisation_id}#{authority_id}#{number}"
