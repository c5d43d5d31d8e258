"""Simulations: planned by coordinators, run by them and the moderators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.certificates import service as certificates
from chalicelib.certificates.model import Certificate
from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.people import codes
from chalicelib.people import service as people
from chalicelib.people.model import Person
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.simulations import reminding
from chalicelib.simulations import service as cases
from chalicelib.simulations.certificate_words import SIMULATION
from chalicelib.simulations.chats import store as chats
from chalicelib.simulations.chats.model import Chat
from chalicelib.simulations.sessions import model, store
from chalicelib.simulations.sessions.model import (
    Place,
    Question,
    Round,
    Simulation,
    SimulationMove,
    SimulationRole,
)
from chalicelib.simulations.sessions.settling import SIMULATION_CLOSED

MOST_ROUNDS = 6
MOST_ADDED = 12
"""People at once: a chat a case for each, in one transaction."""
MOST_WRITES = tables.MAX_WRITES - 1  # the stored answer of a repeat is one more
SIMULATION_PLANNED = "simulation-planned"
"""The mail to whom was given a place: `recipient`, `simulation_id`."""


@dataclass(frozen=True)
class Wanted:
    """A case as a coordinator wants it played."""

    case_id: str
    case_version: int
    setting: str


@dataclass(frozen=True)
class Plan:
    """What a coordinator plans."""

    title: str
    starts_at: datetime
    rounds: tuple[Wanted, ...]
    per_moderator: int
    engine_answers: bool
    controls: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class SeenSimulation:
    """A simulation as somebody sees it; `place` is what they are in it, None for a coordinator who is nothing else."""

    simulation: Simulation
    now: datetime
    place: Place | None = None

    @property
    def version(self) -> int | None:
        return self.simulation.version

    @property
    def shows_conditions(self) -> bool:
        """Whether its reader may know what the cases are about: the name would give it away to who plays."""
        return self.place is None or not self.place.is_participant or self.simulation.is_shown


@dataclass(frozen=True)
class SeenPlace:
    """Somebody who takes part, with their name."""

    place: Place
    person: Person | None


@dataclass(frozen=True)
class SeenPeople:
    """All who take part; `version` is the simulation's."""

    items: tuple[SeenPlace, ...]
    version: int | None


def plan(call: Call, organisation_id: str, wanted: Plan) -> SeenSimulation:
    """Plan a simulation of published cases of an organisation (its coordinators).

    Raises
    ------
    Invalid
        If a case or setting is not there, or it would begin in the past.
    """
    if wanted.starts_at <= call.now:
        raise Invalid.field("/starts_at", "This has passed; plan it for an instant that lies ahead.")
    keys = [cases.version_keys(one.case_id, one.case_version) for one in wanted.rounds]
    _, rows = organisations.coordinated(call, organisation_id, *(key for pair in keys for key in pair))
    rounds = tuple(
        _round(organisation_id, n, one, rows[2 * n], rows[2 * n + 1]) for n, one in enumerate(wanted.rounds)
    )
    about = {one.condition.casefold() for one in rounds}
    for n, control in enumerate(wanted.controls):
        if control.casefold() in about:
            raise Invalid.field(f"/controls/{n}", "A case is about this; a control is not simulated.")
    simulation = Simulation(
        call.new_id(), organisation_id, wanted.title, wanted.starts_at, rounds, wanted.per_moderator,
        wanted.engine_answers, wanted.controls, wanted.questions, since=call.now,
    )  # fmt: skip
    writes = [
        store.put_simulation(simulation, call.now),
        reminding.near(call, simulation),
        _audit(call, simulation, "plan"),
    ]
    return commit(call, writes, SeenSimulation(written(simulation), call.now))


def list_simulations(call: Call, organisation_id: str, page: PageRequest) -> Page[SeenSimulation]:
    """Return an organisation's simulations, the latest first (its coordinators)."""
    organisations.rights(call).require(organisation_id, StaffRole.COORDINATOR)
    found = store.list_simulations(organisation_id, page)
    return Page(tuple(SeenSimulation(one, call.now) for one in found.items), found.next)


def my_simulations(call: Call, page: PageRequest) -> Page[SeenSimulation]:
    """Return in what the actor takes part, the latest first."""
    found = store.places_of_person(call.actor_id, page)
    rows = tables.get_many([store.simulation_key(one.simulation_id) for one in found.items])
    seen = (
        SeenSimulation(store.simulation_of(row), call.now, place)
        for row, place in zip(rows, found.items, strict=True)
        if row is not None
    )
    return Page(tuple(seen), found.next)


def read_simulation(call: Call, simulation_id: str) -> SeenSimulation:
    """Return a simulation (who takes part, and its organisation's coordinators)."""
    simulation, place, is_coordinator = seen_by(call, simulation_id)
    if place is None and not is_coordinator:
        raise NotFound
    return SeenSimulation(simulation, call.now, place)


def add_people(call: Call, simulation_id: str, wanted: Mapping[str, frozenset[SimulationRole]]) -> SeenPeople:
    """Add people to a simulation that is not over; returns all who take part (its organisation's coordinators).

    Raises
    ------
    Invalid
        If somebody is neither enrolled in a programme of the organisation nor, to moderate or rate, its staff; who is
        nobody at all looks the same.
    PlaceTaken, MoveRefused, SimulationMoved
    """
    simulation = _coordinated(call, simulation_id)
    places = store.places_of(simulation_id)
    known = people.get_people_and_profiles(list({*wanted, *(one.person_id for one in places)}))
    _require_known(
        simulation, places, {name: roles for name, roles in wanted.items() if name in known}, wanted
    )
    groups = {name: codes.income_group(known[name][1].country or "") for name in wanted}
    changed = model.joined(simulation, places, wanted, groups)
    new = {one.person_id for one in changed if one.version is None and one.is_participant}
    writes: list[Write] = [
        store.put_simulation(simulation, call.now),
        *(store.put_place(one, call.now) for one in changed),
        *(
            chats.put_chat(Chat(simulation_id, one.number, name, simulation.engine_answers), call.now)
            for name in sorted(new)
            for one in simulation.rounds
        ),
        *(_told(call, simulation, one.person_id) for one in changed if one.version is None),
        _audit(call, simulation, "add_people", after=",".join(sorted(wanted))),
    ]
    if len(writes) > MOST_WRITES:
        raise Invalid("Add fewer at once: too many participants get a moderator by this.")
    whole = {one.person_id: one for one in [*places, *changed]}
    seen = tuple(SeenPlace(whole[name], known[name][0] if name in known else None) for name in sorted(whole))
    return commit(call, writes, SeenPeople(seen, written(simulation).version))


def _require_known(
    simulation: Simulation,
    places: Sequence[Place],
    there: Mapping[str, frozenset[SimulationRole]],
    wanted: Mapping[str, frozenset[SimulationRole]],
) -> None:
    """Let pass whom the organisation knows, or who has a place already; raises `Invalid`."""
    organisation_id = simulation.organisation_id
    placed = {one.person_id for one in places}
    staff = organisations.staff_among(
        organisation_id, [name for name, roles in there.items() if SimulationRole.PARTICIPANT not in roles]
    )
    enrolled = programmes.enrolled_with(
        organisation_id, [name for name in there if name not in placed | staff]
    )
    strange = sorted(set(wanted) - (set(there) & (placed | staff | enrolled)))
    if strange:
        raise Invalid.field(
            "",
            "Enrol them in a programme of the organisation first, or make who moderates or rates its staff: "
            + ", ".join(strange),
        )


def list_people(call: Call, simulation_id: str) -> SeenPeople:
    """Return who takes part, with their names (coordinators and moderators)."""
    simulation, place, is_coordinator = seen_by(call, simulation_id)
    if not is_coordinator and not (place and place.is_moderator):
        raise NotFound
    places = store.places_of(simulation_id)
    known = people.get_people([one.person_id for one in places])
    seen = tuple(SeenPlace(one, known.get(one.person_id)) for one in places)
    return SeenPeople(seen, simulation.version)


def move(
    call: Call,
    simulation_id: str,
    what: SimulationMove,
    participant_id: str | None = None,
    moderator_id: str | None = None,
    person_id: str | None = None,
) -> SeenSimulation:
    """Begin, end or reopen a case, begin the debrief, close, call off, or hand a participant over (coordinators,
    moderators); leave (who has a place), or take somebody out (coordinators).

    Raises
    ------
    MoveRefused, ModeratorsMissing, SimulationMoved
    """
    before, place, is_coordinator = seen_by(call, simulation_id)
    _require_mover(what, place, is_coordinator=is_coordinator)
    require_version(call, before.version)
    more: Sequence[Write] = ()
    if what in (SimulationMove.LEAVE, SimulationMove.TAKE_OUT):
        who = call.actor_id if what is SimulationMove.LEAVE else person_id or ""
        after, more = before, _gone(call, before, who)
    elif what is SimulationMove.HAND_OVER:
        places = store.places_of(simulation_id)
        given = model.handed_over(before, places, participant_id or "", moderator_id or "")
        after, more = before, [store.put_place(given, call.now)]
    else:
        if what is SimulationMove.BEGIN_CASE:
            model.require_moderated(store.places_of(simulation_id))
        after = _MOVES[what](before, call.now)
        more = reminding.wanted(call, after) if after.status is not before.status else ()
    writes = [
        store.put_simulation(after, call.now), *more,
        _audit(call, after, what, before=before.status, after=after.status),
    ]  # fmt: skip
    if what is SimulationMove.CLOSE:
        news, message_id = {"simulation_id": simulation_id}, f"{SIMULATION_CLOSED}:{simulation_id}"
        writes.append(
            outbox.message(message_id, outbox.Topic.FOLLOW_UP, SIMULATION_CLOSED, news, now=call.now)
        )
    return commit(call, writes, SeenSimulation(written(after), call.now, place))


def _require_mover(what: SimulationMove, place: Place | None, *, is_coordinator: bool) -> None:
    """Let pass who may move it so; raises `NotFound`."""
    may = is_coordinator or (place is not None and place.is_moderator)
    if what is SimulationMove.LEAVE:
        may = place is not None
    elif what is SimulationMove.TAKE_OUT:
        may = is_coordinator
    if not may:
        raise NotFound


def _gone(call: Call, simulation: Simulation, person_id: str) -> list[Write]:
    """Return the writes that let somebody go: place, chats, and who moderates whom."""
    gone, others = model.left(simulation, store.places_of(simulation.id), person_id)
    numbers = [one.number for one in simulation.rounds] if gone.is_participant else []
    return [
        store.delete_place(gone),
        *(chats.delete_chat(simulation.id, number, person_id) for number in numbers),
        *(store.put_place(one, call.now) for one in others),
    ]


_MOVES = {
    SimulationMove.BEGIN_CASE: model.begun,
    SimulationMove.END_CASE: model.case_ended,
    SimulationMove.REOPEN_CASE: model.case_reopened,
    SimulationMove.DEBRIEF: model.debriefed,
    SimulationMove.CLOSE: model.closed,
    SimulationMove.CANCEL: model.cancelled,
}


def certificates_of(call: Call, simulation_id: str, page: PageRequest) -> Page[Certificate]:
    """Return the certificates of a simulation, the latest first (its organisation's coordinators)."""
    _, _, is_coordinator = seen_by(call, simulation_id)
    if not is_coordinator:
        raise NotFound
    return certificates.activity_certificates(SIMULATION, simulation_id, page)


def seen_by(call: Call, simulation_id: str) -> tuple[Simulation, Place | None, bool]:
    """Return a simulation, what the actor is in it, and whether they coordinate its organisation."""
    rights_row, row, place_row = tables.get_many(
        [
            organisations.rights_key(call), store.simulation_key(simulation_id),
            store.place_key(simulation_id, call.actor_id),
        ]
    )  # fmt: skip
    if row is None:
        raise NotFound
    simulation = store.simulation_of(row)
    rights = organisations.rights_of(call, rights_row)
    is_coordinator = rights.has(simulation.organisation_id, StaffRole.COORDINATOR)
    return simulation, store.place_of(place_row) if place_row else None, is_coordinator


def _coordinated(call: Call, simulation_id: str) -> Simulation:
    rights_row, row = tables.get_many([organisations.rights_key(call), store.simulation_key(simulation_id)])
    if row is None:
        raise NotFound
    simulation = store.simulation_of(row)
    organisations.rights_of(call, rights_row).require(simulation.organisation_id, StaffRole.COORDINATOR)
    require_version(call, simulation.version)
    return simulation


def _round(organisation_id: str, n: int, wanted: Wanted, case_row: object, document_row: object) -> Round:
    found = cases.published(case_row, document_row)
    if found is None or found[0].organisation_id != organisation_id:
        raise Invalid.field(f"/cases/{n}", "The organisation has published no such version of a case.")
    case, document = found
    if wanted.setting not in {one.key for one in document.settings}:
        named = ", ".join(one.key for one in document.settings)
        raise Invalid.field(f"/cases/{n}/setting", f"The case has no such setting; it has: {named}.")
    return Round(
        n + 1, case.id, wanted.case_version, wanted.setting, document.title, document.condition, document.minutes
    )  # fmt: skip


def _told(call: Call, simulation: Simulation, person_id: str) -> Write:
    # By the version: who was taken out and is added again is told again.
    message_id = f"{SIMULATION_PLANNED}:{simulation.id}:{person_id}:{simulation.version}"
    payload = {"recipient": person_id, "simulation_id": simulation.id}
    return outbox.message(message_id, outbox.Topic.MAIL, SIMULATION_PLANNED, payload, now=call.now)


def _audit(
    call: Call, simulation: Simulation, action: str, *, before: str | None = None, after: str | None = None
) -> Write:
    return store.audit(
        simulation.id, row_id=call.new_id(), at=call.now, actor=call.actor_id, action=action, before=before,
        after=after,
    )  # fmt: skip
