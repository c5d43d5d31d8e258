"""Certificates of a simulation, once it is closed: to who played all its cases and answered afterwards, and to who
moderated others."""

from datetime import UTC

from chalicelib.certificates import service as certificates
from chalicelib.certificates.service import Award
from chalicelib.kernel.call import Call
from chalicelib.kernel.intervals import seconds_of
from chalicelib.mentorships.record import Record
from chalicelib.organisations import service as organisations
from chalicelib.people.model import Person
from chalicelib.platform import outbox, tables
from chalicelib.platform.tables import Write
from chalicelib.simulations.certificate_words import SIMULATION, of_simulation
from chalicelib.simulations.chats import store as chats_store
from chalicelib.simulations.chats.model import Chat, MessageSource
from chalicelib.simulations.results import store as answers_store
from chalicelib.simulations.results.model import SimulationMoment
from chalicelib.simulations.sessions import store
from chalicelib.simulations.sessions.model import (
    Place,
    Round,
    Simulation,
    SimulationRole,
    SimulationStatus,
    held_of,
)
from chalicelib.words.formats import formats_of

SIMULATION_EARNED = "simulation-earned"
"""The news that a certificate of a simulation may be due to somebody, as their answers came: `simulation_id`,
`person_id`."""


def news(call: Call, simulation_id: str, person_id: str) -> Write:
    """Return the news that a certificate may be due to somebody."""
    told = {"simulation_id": simulation_id, "person_id": person_id}
    message_id = f"{SIMULATION_EARNED}:{simulation_id}:{person_id}"
    return outbox.message(message_id, outbox.Topic.FOLLOW_UP, SIMULATION_EARNED, told, now=call.now)


def award(call: Call, simulation_id: str, person_id: str | None = None) -> None:
    """Give a certificate of a closed simulation to each who has earned one and has none, or to one person; begun again,
    it goes on. Answers that come before it is closed are found by the news of that."""
    row = tables.get(*store.simulation_key(simulation_id))
    simulation = store.simulation_of(row) if row else None
    organisation = organisations.get_organisation(simulation.organisation_id) if simulation else None
    if simulation is None or organisation is None or simulation.status is not SimulationStatus.CLOSED:
        return
    places = {one.person_id: one for one in store.places_of(simulation_id)}
    moderators = {one.moderator_id for one in places.values()}
    roles = {name: role for name, one in places.items() if (role := role_of(one, moderators)) is not None}

    def earned(person: Person) -> Award | None:
        role = roles[person.id]
        if role is SimulationRole.PARTICIPANT and not _has_earned(simulation, places[person.id]):
            return None
        return _award(simulation, role, person, organisation.name)

    asked = [name for name in roles if person_id in (None, name)]
    certificates.award_each(call, SIMULATION, simulation_id, asked, earned)


def role_of(place: Place, moderators: set[str | None]) -> SimulationRole | None:
    """Return as what somebody may earn one: who only rates is in it afterwards, and who was to moderate and had nobody
    is not."""
    if place.is_participant:
        return SimulationRole.PARTICIPANT
    return SimulationRole.MODERATOR if place.is_moderator and place.person_id in moderators else None


def _has_earned(simulation: Simulation, place: Place) -> bool:
    key = answers_store.answers_key(simulation.id, SimulationMoment.AFTER, place.person_id)
    if tables.get(*key) is None:
        return False
    return len(played_by(simulation, place)) == len(simulation.rounds)


def played_by(simulation: Simulation, place: Place) -> tuple[Round, ...]:
    """Return the cases in which a participant has said something: one goes on without them, too, by its time-outs."""
    keys = [chats_store.chat_key(simulation.id, one.number, place.person_id) for one in simulation.rounds]
    rows = tables.get_many(keys)
    return tuple(
        one
        for one, row in zip(simulation.rounds, rows, strict=True)
        if row is not None and _was_played(chats_store.chat_of(row))
    )


def _was_played(chat: Chat) -> bool:
    found = chats_store.messages_after(chat, 0)
    return any(one.source is MessageSource.PARTICIPANT for one in found)


def _award(simulation: Simulation, role: SimulationRole, person: Person, organisation: str) -> Award:
    played = held_of(simulation.rounds)
    days = [at.astimezone(UTC).date() for one in played for at in (one.starts_at, one.ends_at)]
    record = Record(min(days), max(days), 1, seconds_of(played) // 60)
    of = of_simulation(simulation, role, formats_of(person.locale))
    return Award(
        of, simulation.organisation_id, organisation, simulation.title, person.id, person.name, person.locale, record
    )  # fmt: skip
