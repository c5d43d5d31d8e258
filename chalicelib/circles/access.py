"""Who asks, as they stand to a circle: read in one round trip with what they ask for."""

from typing import Any

from chalicelib.circles import store
from chalicelib.circles.model import Circle, Deed, Place, Reader
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import NotFound
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.platform import tables
from chalicelib.platform.tables import Row, Write

Key = tuple[type[Row], str, str]


def reader_of(call: Call, circle_id: str, deed: Deed, *more: Key) -> tuple[Reader, list[Any]]:
    """Return who asks, who may do what they ask for, and further rows read beside.

    Raises
    ------
    NotFound
        To whoever has no place that is theirs, and is no coordinator of the programme's organisation.
    CircleRoleRefused
        To whoever takes part and may not.
    """
    reader, rows = anybody(call, circle_id, *more)
    if not (reader.takes_part or reader.is_staff):
        raise NotFound
    reader.require(deed)
    return reader, rows


def anybody(call: Call, circle_id: str, *more: Key) -> tuple[Reader, list[Any]]:
    """Return who asks, whoever they are: what they may see is for the caller to say. Raises `NotFound` where there is
    no such circle."""
    rights_row, circle_row, place_row, *rows = tables.get_many(
        [
            organisations.rights_key(call), store.circle_key(circle_id), store.place_key(circle_id, call.actor_id),
            *more,
        ]
    )  # fmt: skip
    if circle_row is None:
        raise NotFound
    circle = store.circle_of(circle_row)
    place = store.place_of(place_row) if place_row else None
    is_staff = organisations.rights_of(call, rights_row).has(circle.organisation_id, StaffRole.COORDINATOR)
    return Reader(call.actor_id, circle, place, is_staff), rows


def whole(circle_id: str) -> tuple[Circle, tuple[Place, ...]] | None:
    """Return a circle with all its places, if there is one."""
    circle = store.get_circle(circle_id)
    return (circle, store.places_in(circle_id)) if circle is not None else None


def step(
    call: Call,
    circle_id: str,
    what: str,
    *,
    before: str | None = None,
    after: str | None = None,
    why: str | None = None,
) -> Write:
    """Return the row of a circle's trail about something that the actor does."""
    return store.audit(
        circle_id, row_id=call.new_id(), at=call.now, actor=call.actor_id, action=what, before=before, after=after,
        why=why,
    )  # fmt: skip
