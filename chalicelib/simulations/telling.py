"""What is told of simulations elsewhere: what somebody played or moderated, for their portfolio, and when, for their
calendar."""

from collections.abc import Iterator
from datetime import UTC

from chalicelib.calendars.model import Gathering, Span
from chalicelib.certificates.portfolios.content import Activity, Held
from chalicelib.kernel.clock import from_text
from chalicelib.kernel.intervals import seconds_of
from chalicelib.kernel.pages import PageRequest
from chalicelib.organisations import service as organisations
from chalicelib.platform import tables
from chalicelib.simulations.awarding import played_by, role_of
from chalicelib.simulations.certificate_words import SIMULATION
from chalicelib.simulations.sessions import store
from chalicelib.simulations.sessions.model import Round, SimulationStatus, held_of

MOST_IN_CALENDARS = 100
"""Simulations in a calendar, the latest: one batch."""


def activities_of(person_id: str, most: int) -> Iterator[Activity]:
    """Yield the simulations in which somebody played a case or moderated others, once they are shown, the latest first:
    for each its places, and a query a case of what they said."""
    places = store.places_of_person(person_id, PageRequest(most)).items
    rows = tables.get_many([store.simulation_key(one.simulation_id) for one in places])
    for place, row in zip(places, rows, strict=True):
        simulation = store.simulation_of(row) if row is not None else None
        if simulation is None or not simulation.is_shown:
            continue
        moderators = {one.moderator_id for one in store.places_of(simulation.id)}
        role = role_of(place, moderators)
        rounds = played_by(simulation, place) if place.is_participant else simulation.rounds
        if role is None or not rounds:
            continue
        organisation = organisations.get_organisation(simulation.organisation_id)
        yield Activity(
            SIMULATION, simulation.id, simulation.title, organisation.name if organisation else "", role.value,
            (_held(rounds),),
        )  # fmt: skip


def gatherings_of(person_id: str, span: Span) -> Iterator[Gathering]:
    """Yield the simulations in which somebody has a place, within a stretch of time: a query and a batch."""
    places = store.places_of_person(person_id, PageRequest(MOST_IN_CALENDARS)).items
    for row in tables.get_many([store.simulation_key(one.simulation_id) for one in places]) if places else ():
        if row is None:
            continue
        simulation = store.simulation_of(row)
        taken = Span.of(simulation.starts_at, simulation.minutes)
        if taken.overlaps(span):
            yield Gathering(
                simulation.id, taken, simulation.title, f"/simulations/{simulation.id}", simulation.version or 0,
                from_text(row.updated_at), simulation.status is SimulationStatus.CANCELLED,
            )  # fmt: skip


def _held(rounds: tuple[Round, ...]) -> Held:
    """Return a simulation as one part, with the minutes of the cases that were played."""
    played = held_of(rounds)
    return Held(min(one.starts_at for one in played).astimezone(UTC).date(), seconds_of(played) // 60)
