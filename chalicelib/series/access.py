"""Who asks, as they stand to a series: read in one round trip with what they ask for."""

from typing import Any

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import NotFound
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.platform import tables
from chalicelib.platform.tables import Row, Write
from chalicelib.series import store
from chalicelib.series.model import GONE, Deed, Entry, Reader, SeriesPlace

Key = tuple[type[Row], str, str]


def reader_of(call: Call, series_id: str, deed: Deed, *more: Key) -> tuple[Reader, list[Any]]:
    """Return who asks, who may do what they ask for, and further rows read beside.

    Raises
    ------
    NotFound
        To whoever does not take part, and is no coordinator of the hub.
    SeriesRoleRefused
        To whoever takes part in another role.
    """
    reader, rows = _read(call, series_id, *more)
    if reader is None or reader.role is None:
        raise NotFound
    reader.require(deed)
    return reader, rows


def looker_at(call: Call, series_id: str, *more: Key) -> tuple[Reader, list[Any]]:
    """Return who asks, who may know of a series: it is public, or they were invited, or take part, or are of the hub.

    Raises
    ------
    NotFound
        To everybody else.
    """
    reader, rows = _read(call, series_id, *more)
    if reader is None:
        raise NotFound
    is_known = reader.membership is not None and not reader.membership.is_gone
    if not (is_known or reader.is_hub or reader.series.entry is Entry.PUBLIC):
        raise NotFound
    return reader, rows


def once_in(call: Call, series_id: str, *more: Key) -> list[Any]:
    """Return rows of somebody's own, who takes part or did; raises `NotFound` for everybody else."""
    reader, rows = _read(call, series_id, *more)
    place = reader.membership.place if reader is not None and reader.membership is not None else None
    if place not in (SeriesPlace.ACTIVE, *GONE):
        raise NotFound
    return rows


def _read(call: Call, series_id: str, *more: Key) -> tuple[Reader | None, list[Any]]:
    rights_row, series_row, member_row, *rows = tables.get_many(
        [
            organisations.rights_key(call), store.series_key(series_id),
            store.member_key(series_id, call.actor_id), *more,
        ]
    )  # fmt: skip
    if series_row is None:
        return None, rows
    series = store.series_of(series_row)
    member = store.member_of(member_row) if member_row else None
    rights = organisations.rights_of(call, rights_row)
    is_hub = rights.has(series.organisation_id, StaffRole.COORDINATOR)
    return Reader(call.actor_id, series, member, is_hub), rows


def step(
    call: Call, series_id: str, what: str, *, before: str | None = None, after: str | None = None
) -> Write:
    """Return the row of a series' trail about something that the actor does."""
    return store.audit(
        series_id, row_id=call.new_id(), at=call.now, actor=call.actor_id, action=what, before=before, after=after
    )  # fmt: skip
