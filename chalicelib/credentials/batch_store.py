"""Batches in the credentials table: the order with its progress, and beside it the count of what was moved."""

from datetime import datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.credentials.batches import Batch, BatchKind, BatchStatus, Order
from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform import tables
from chalicelib.platform.tables import Write


class BatchMovedOn(Conflict):
    """Another worker has done this piece."""

    code = "batch-moved-on"


class BatchRow(tables.Row):
    class Meta:
        capability = "credentials"

    order = JSONAttribute()
    created_by = UnicodeAttribute()
    status = UnicodeAttribute()
    left_alone = NumberAttribute()
    pieces = NumberAttribute()
    cursor = UnicodeAttribute(null=True)
    finished_at = UnicodeAttribute(null=True)


class MovedRow(tables.Row):
    """Counted in the transaction of each move, so that a piece that is begun again counts nothing twice."""

    class Meta:
        capability = "credentials"

    moved = NumberAttribute(default=0)


def put_batch(batch: Batch, now: datetime) -> Write:
    order = batch.order
    said: dict[str, Any] = {
        "kind": order.kind.value, "reason": order.reason, "person_id": order.person_id, "country": order.country,
        "profession": order.profession, "authority": order.authority, "to_person": order.to_person,
        "suspends": order.suspends,
    }  # fmt: skip
    row_class, pk, sk = batch_key(batch.organisation_id, batch.id)
    row = row_class(
        pk, sk, order=said, created_by=batch.created_by, status=batch.status.value, left_alone=batch.left_alone,
        pieces=batch.pieces, cursor=batch.cursor,
        finished_at=text_of(batch.finished_at),
        **tables.stamps(to_text(now), to_text(batch.created_at), version=batch.version),
    )  # fmt: skip
    return tables.put(row, conflict=BatchMovedOn("Another worker has done this piece."))


def count_moved(batch: Batch, now: datetime) -> Write:
    """Return the write that counts one more case that the batch moved."""
    return tables.add(*moved_key(batch.organisation_id, batch.id), {"moved": 1}, to_text(now))


def batch_key(organisation_id: str, batch_id: str) -> tuple[type[BatchRow], str, str]:
    """Return the key of a batch for `tables.get_many`."""
    return BatchRow, f"ORG#{organisation_id}#BATCHES", batch_id


def moved_key(organisation_id: str, batch_id: str) -> tuple[type[MovedRow], str, str]:
    """Return the key of how many cases a batch has moved for `tables.get_many`."""
    return MovedRow, f"ORG#{organisation_id}#MOVED", batch_id


def batch_of(row: BatchRow, moved: MovedRow | None) -> Batch:
    said = {**row.order, "kind": BatchKind(row.order["kind"])}
    return Batch(
        id=row.sk, organisation_id=row.pk.split("#")[1], order=Order(**said), created_by=row.created_by,
        created_at=from_text(row.created_at), status=BatchStatus(row.status), left_alone=int(row.left_alone),
        moved=int(moved.moved) if moved else 0, pieces=int(row.pieces), cursor=row.cursor,
        finished_at=instant_of(row.finished_at), version=int(row.version),
    )  # fmt: skip


def get_batch(organisation_id: str, batch_id: str) -> Batch | None:
    row, moved = tables.get_many([batch_key(organisation_id, batch_id), moved_key(organisation_id, batch_id)])
    return batch_of(row, moved) if row else None


def batches_of(organisation_id: str, page: PageRequest) -> Page[Batch]:
    """Return an organisation's batches, latest first, without how many cases each has moved."""
    _, pk, _ = batch_key(organisation_id, "")
    return tables.page_of(BatchRow, pk, page, lambda row: batch_of(row, None), descending=True)
