"""What people of a simulation are reminded of: that it is a day away, what they are asked after it, and weeks later."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.kernel.call import Call
from chalicelib.platform import outbox, tables
from chalicelib.platform.tables import Write
from chalicelib.simulations.errors import NotAsked
from chalicelib.simulations.results import store as answers_store
from chalicelib.simulations.results.model import FOLLOW_UP_FROM, SimulationMoment, require_asked
from chalicelib.simulations.sessions import store
from chalicelib.simulations.sessions.model import Place, Simulation, SimulationStatus

SIMULATION_NEAR = "simulation-near"
"""The news that a simulation is a day away: `simulation_id`."""
ANSWERS_WANTED = "simulation-answers-wanted"
"""The news that answers are due: `simulation_id`, `moment`."""
SIMULATION_REMINDER = "simulation-reminder"
"""The mail that a simulation is a day away: `recipient`, `simulation_id`."""
ANSWERS_DUE = "simulation-answers-due"
"""The mail that a simulation asks somebody something: `recipient`, `simulation_id`, `moment`."""

REMIND = timedelta(days=1)
"""How long before a simulation, and how long after its debrief has begun, people are written to."""


@dataclass(frozen=True)
class Asked:
    """A simulation as it asks somebody who takes part in it something."""

    simulation: Simulation
    place: Place
    has_answered: bool


def near(call: Call, simulation: Simulation) -> Write:
    """Return the news that a simulation is a day away, for then; of one that is nearer, at once."""
    due_at = max(call.now, simulation.starts_at - REMIND)
    told = {"simulation_id": simulation.id}
    return outbox.message(
        f"{SIMULATION_NEAR}:{simulation.id}", outbox.Topic.FOLLOW_UP, SIMULATION_NEAR, told, now=call.now,
        due_at=due_at,
    )  # fmt: skip


def wanted(call: Call, simulation: Simulation) -> list[Write]:
    """Return the news of answers that become due by what a simulation has come to: a day after its debrief has begun,
    and six weeks after it was closed."""
    moments = {
        SimulationStatus.DEBRIEF: (SimulationMoment.AFTER, REMIND),
        SimulationStatus.CLOSED: (SimulationMoment.FOLLOW_UP, FOLLOW_UP_FROM),
    }
    if simulation.status not in moments:
        return []
    moment, wait = moments[simulation.status]
    told = {"simulation_id": simulation.id, "moment": moment.value}
    return [
        outbox.message(
            f"{ANSWERS_WANTED}:{simulation.id}:{moment.value}", outbox.Topic.FOLLOW_UP, ANSWERS_WANTED, told,
            now=call.now, due_at=call.now + wait,
        )
    ]  # fmt: skip


def is_near(call: Call, simulation_id: str) -> None:
    """Write to all who take part that a simulation is a day away; begun again, it writes to nobody twice."""
    row = tables.get(*store.simulation_key(simulation_id))
    if row is not None and store.simulation_of(row).is_ahead:
        _write(call, SIMULATION_REMINDER, store.places_of(simulation_id), {"simulation_id": simulation_id})


def ask(call: Call, simulation_id: str, moment: SimulationMoment) -> None:
    """Write to participants who answered before, and not at a moment; begun again, it writes to nobody twice."""
    row = tables.get(*store.simulation_key(simulation_id))
    if row is None or not _asks(store.simulation_of(row), moment, call.now):
        return
    given: dict[SimulationMoment, set[str]] = {one: set() for one in SimulationMoment}
    for one in answers_store.all_answers(simulation_id):
        given[one.moment].add(one.person_id)
    missing = given[SimulationMoment.BEFORE] - given[moment]
    asked = [one for one in store.places_of(simulation_id) if one.person_id in missing]
    _write(call, ANSWERS_DUE, asked, {"simulation_id": simulation_id, "moment": moment.value})


def asked_of(person_id: str, simulation_id: str, moment: SimulationMoment, now: datetime) -> Asked | None:
    """Return a simulation with somebody's place in it and whether they have answered at a moment (for mails); None
    where nothing is asked then."""
    row, place_row, answers_row = tables.get_many(
        [
            store.simulation_key(simulation_id), store.place_key(simulation_id, person_id),
            answers_store.answers_key(simulation_id, moment, person_id),
        ]
    )  # fmt: skip
    if row is None or place_row is None:
        return None
    simulation, place = store.simulation_of(row), store.place_of(place_row)
    if not _asks(simulation, moment, now):
        return None
    return Asked(simulation, place, not place.is_participant or answers_row is not None)


def _asks(simulation: Simulation, moment: SimulationMoment, now: datetime) -> bool:
    try:
        require_asked(simulation, moment, now)
    except NotAsked:
        return False
    return True


def _write(call: Call, kind: str, asked: Iterable[Place], told: dict[str, str]) -> None:
    reason = ":".join([kind, *told.values()])
    outbox.put_missing(
        (
            outbox.message(
                f"{reason}:{one.person_id}", outbox.Topic.MAIL, kind, {"recipient": one.person_id, **told}, now=call.now
            )
            for one in asked
        ),
        call.now,
    )  # fmt: skip
