"""What a closed simulation is for each person who was seen in it: what they took part in, or taught."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.credits import service as credits
from chalicelib.credits.model import Activity, Part, Presented, Source
from chalicelib.kernel.call import Call
from chalicelib.kernel.intervals import Interval, cut, seconds_of, united
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.simulations.certificate_words import SIMULATION
from chalicelib.simulations.chats import store as chats
from chalicelib.simulations.chats.model import MessageSource
from chalicelib.simulations.sessions import store
from chalicelib.simulations.sessions.model import Round, Simulation, SimulationStatus

SIMULATION_CLOSED = "simulation-closed"
"""The news that a simulation is over for good: `simulation_id`."""
"""What feedback is given on, and what an activity is."""

_A_BATCH = 90
"""Rows in one transaction of the follower."""
_ZONE = "Etc/UTC"
"""A simulation has no clock of its own: it is played everywhere at once."""


def settle(call: Call, simulation_id: str) -> None:
    """Write a closed simulation among what its participants took part in and its moderators taught; begun again, it
    comes to the same.

    Somebody is known to be there from the first to the last thing that they said in a case. Whoever only read, and the
    debrief, are seen by nothing here and count for nothing.
    """
    row = tables.get(*store.simulation_key(simulation_id))
    simulation = store.simulation_of(row) if row else None
    if simulation is None or simulation.status is not SimulationStatus.CLOSED:
        return
    moderators = {one.person_id for one in store.places_of(simulation_id) if one.is_moderator}
    played: dict[str, list[Presented]] = {}
    for one in simulation.rounds:
        for person_id, when in _seen(simulation, one):
            # The same case again is the same teaching.
            played.setdefault(person_id, []).append(Presented(when, f"simulated-case#{one.case_id}"))
    found = [
        _activity(simulation, person_id, tuple(some), taught=person_id in moderators)
        for person_id, some in sorted(played.items())
    ]
    for start in range(0, len(found), _A_BATCH):
        commit(call, credits.recorded(call, found[start : start + _A_BATCH]), None)


def _seen(simulation: Simulation, one: Round) -> Iterator[tuple[str, Interval]]:
    """Yield who said something in a case, and from the first to the last of it."""
    held = one.held
    if held is None:
        return
    said: dict[str, list[datetime]] = {}
    for chat in chats.chats_of(simulation.id, one.number):
        for message in chats.messages_after(chat, 0):
            is_own = message.source is MessageSource.PARTICIPANT
            author = chat.participant_id if is_own else message.author_id
            if author is not None:
                said.setdefault(author, []).append(message.at)
    for person_id, moments in said.items():
        whole = Interval(min(moments), max(moments))
        yield from ((person_id, when) for when in cut([whole], held))


def _activity(
    simulation: Simulation, person_id: str, played: tuple[Presented, ...], *, taught: bool
) -> Activity:
    whole = united(one.when for one in played)
    starts_at = min(one.begun_at for one in simulation.rounds if one.begun_at is not None)
    source = Source(SIMULATION, simulation.id)
    return Activity(
        person_id, source, simulation.organisation_id, simulation.title,
        Part.MODERATOR if taught else Part.LEARNER, starts_at, starts_at.date(), _ZONE, seconds_of(whole),
        () if taught else whole, played if taught else (), (source,),
    )  # fmt: skip
