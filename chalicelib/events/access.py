"""Who asks, as they stand to an event: read in one round trip with what they ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.events import store
from chalicelib.events.model import Event, Place, PlaceStatus, Seats
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import NotFound
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.platform import tables
from chalicelib.platform.tables import Row, Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Side

Key = tuple[type[Row], str, str]


@dataclass(frozen=True)
class Reader:
    """Somebody who may know of an event; `place` is None where they have none, or have given it back."""

    event: Event
    seats: Seats
    place: Place | None
    is_coordinator: bool


def read(call: Call, event_id: str, *more: Key) -> tuple[Reader, list[Any]]:
    """Return who asks, with further rows; whether they may know of the event is not looked at yet.

    Raises
    ------
    NotFound
        If there is no such event.
    """
    rights_row, row, seats_row, place_row, *rows = tables.get_many(
        [
            organisations.rights_key(call), store.event_key(event_id), store.seats_key(event_id),
            store.place_key(event_id, call.actor_id), *more,
        ]
    )  # fmt: skip
    if row is None or seats_row is None:
        raise NotFound
    event = store.event_of(row)
    place = store.place_of(place_row) if place_row else None
    rights = organisations.rights_of(call, rights_row)
    is_coordinator = rights.has(event.organisation_id, StaffRole.COORDINATOR)
    if place is not None and place.status is PlaceStatus.LEFT:
        place = None
    return Reader(event, store.seats_of(seats_row), place, is_coordinator), rows


def taking_part(call: Call, event_id: str, *more: Key) -> tuple[Reader, list[Any]]:
    """Return who asks, who has a place, waits for one, or coordinates; raises `NotFound` to everybody else."""
    reader, rows = read(call, event_id, *more)
    if reader.place is None and not reader.is_coordinator:
        raise NotFound
    return reader, rows


def coordinated(call: Call, event_id: str, *more: Key) -> tuple[Reader, list[Any]]:
    """Return a coordinator of the event's organisation.

    Raises
    ------
    NotFound
        Also to people of other organisations.
    RoleRefused
        To other staff of the organisation.
    """
    reader, rows = read(call, event_id, *more)
    if not reader.is_coordinator:
        organisations.rights(call).require(reader.event.organisation_id, StaffRole.COORDINATOR)
    return reader, rows


def looking_at(call: Call, event_id: str, *more: Key) -> tuple[Reader, list[Any]]:
    """Return who asks, who takes part, coordinates, or is in the programme; raises `NotFound` to everybody else."""
    reader, rows = read(call, event_id, *more)
    if reader.place is None and not reader.is_coordinator:
        require_enrolled(call, reader.event.programme_id)
    return reader, rows


def require_enrolled(call: Call, programme_id: str) -> None:
    """Let pass who is in a programme; raises `NotFound` to everybody else."""
    if not is_enrolled(tables.get_many(enrolment_keys(call, programme_id))):
        raise NotFound


def enrolment_keys(call: Call, programme_id: str) -> list[Key]:
    """Return the keys of the actor's enrolments in a programme."""
    return [programmes.enrolment_key(programme_id, side, call.actor_id) for side in Side]


def is_enrolled(rows: Sequence[Any]) -> bool:
    """Tell whether one of the rows at `enrolment_keys` is of somebody who is in the programme."""
    return any(programmes.enrolment_of(row).takes_part for row in rows if row is not None)


def step(
    call: Call, event_id: str, what: str, *, before: str | None = None, after: str | None = None
) -> Write:
    """Return the row of an event's trail about something that the actor does."""
    return store.audit(
        event_id,
        row_id=call.new_id(),
        at=call.now,
        actor=call.actor_id,
        action=what,
        before=before,
        after=after,
    )
