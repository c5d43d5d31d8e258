"""Mails about simulations by chat."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.notifications.letters import Letter, Sender, SimulationFacts
from chalicelib.notifications.model import Kind
from chalicelib.notifications.subjects.common import Reader, letter, organisation_name, recipient_of
from chalicelib.platform.outbox import Message
from chalicelib.simulations import service as simulations
from chalicelib.simulations.results.model import SimulationMoment


def _simulation_asks(message: Message, now: datetime) -> Letter | None:
    """Read the mail that a simulation is near, sent while it has not begun, or that it asks somebody something, sent
    until they have answered."""
    told = message.payload
    moment = SimulationMoment(told.get("moment", SimulationMoment.BEFORE))
    asked = simulations.asked_of(told["recipient"], told["simulation_id"], moment, now)
    found = recipient_of(message, [])
    is_reminder = moment is SimulationMoment.BEFORE
    if asked is None or found is None or (asked.has_answered and not is_reminder):
        return None
    simulation = asked.simulation
    if is_reminder and simulation.starts_at <= now:
        return None
    facts = SimulationFacts(
        Sender(organisation_name(simulation.organisation_id)), asked.place.first_role.value, simulation.id,
        simulation.title, simulation.starts_at, len(simulation.rounds), simulation.minutes,
        asks="" if asked.has_answered else moment.value,
    )  # fmt: skip
    return letter(message, found[0], facts)


def _simulation(message: Message, _: datetime) -> Letter | None:
    """Sent while the recipient has a place in a simulation that has not begun."""
    who, simulation_id = message.payload["recipient"], message.payload["simulation_id"]
    simulation, place = simulations.place_in(simulation_id, who)
    if simulation is None or place is None or not simulation.is_ahead:
        return None
    found = recipient_of(message, [])
    if found is None:
        return None
    facts = SimulationFacts(
        Sender(organisation_name(simulation.organisation_id)), place.first_role.value, simulation_id,
        simulation.title, simulation.starts_at, len(simulation.rounds), simulation.minutes,
    )  # fmt: skip
    return letter(message, found[0], facts)


READERS: Mapping[Kind, Reader] = {
    Kind.SIMULATION_REMINDER: _simulation_asks,
    Kind.SIMULATION_ANSWERS_DUE: _simulation_asks,
    Kind.SIMULATION_PLANNED: _simulation,
}
