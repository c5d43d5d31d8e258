"""Simulations and who takes part in them, in the simulations table."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.simulations import store
from chalicelib.simulations.errors import SimulationMoved
from chalicelib.simulations.sessions.model import (
    Place,
    Question,
    Round,
    Simulation,
    SimulationRole,
    SimulationStatus,
)

_PLACES = "PERSON#"


class SimulationRow(tables.IndexedRow):
    """A simulation; gsi1: an organisation's, by when they begin."""

    class Meta:
        capability = store.CAPABILITY

    organisation_id = UnicodeAttribute()
    title = UnicodeAttribute()
    starts_at = UnicodeAttribute()
    rounds = JSONAttribute()
    per_moderator = NumberAttribute()
    engine_answers = BooleanAttribute()
    controls = JSONAttribute()
    questions = JSONAttribute()
    status = UnicodeAttribute()
    since = UnicodeAttribute(null=True)


class PlaceRow(tables.IndexedRow):
    """What somebody is in a simulation; gsi1: a person's own."""

    class Meta:
        capability = store.CAPABILITY

    roles = JSONAttribute()
    moderator_id = UnicodeAttribute(null=True)
    income_group = UnicodeAttribute(null=True)


def simulation_pk(simulation_id: str) -> str:
    return f"SIMULATION#{simulation_id}"


def simulation_key(simulation_id: str) -> tuple[type[SimulationRow], str, str]:
    """Return the key of a simulation for `tables.get_many`."""
    return SimulationRow, simulation_pk(simulation_id), "SIMULATION"


def place_key(simulation_id: str, person_id: str) -> tuple[type[PlaceRow], str, str]:
    """Return the key of somebody's place for `tables.get_many`."""
    return PlaceRow, simulation_pk(simulation_id), f"{_PLACES}{person_id}"


def put_simulation(simulation: Simulation, now: datetime) -> Write:
    """Return the write of a simulation, new or over the version that was read."""
    row_class, pk, sk = simulation_key(simulation.id)
    row = row_class(
        pk, sk, organisation_id=simulation.organisation_id, title=simulation.title,
        starts_at=to_text(simulation.starts_at), rounds=[_raw_round(one) for one in simulation.rounds],
        per_moderator=simulation.per_moderator, engine_answers=simulation.engine_answers,
        controls=list(simulation.controls),
        questions=[[one.text, list(one.options), one.correct] for one in simulation.questions],
        status=simulation.status.value, since=text_of(simulation.since),
        gsi1pk=_listed(simulation.organisation_id), gsi1sk=f"{to_text(simulation.starts_at)}#{simulation.id}",
        **tables.stamps(to_text(now), version=simulation.version),
    )  # fmt: skip
    return tables.put(row, conflict=SimulationMoved())


def put_place(place: Place, now: datetime) -> Write:
    """Return the write of somebody's place, new or over the version that was read."""
    row_class, pk, sk = place_key(place.simulation_id, place.person_id)
    row = row_class(
        pk, sk, roles=sorted(place.roles), moderator_id=place.moderator_id, income_group=place.income_group,
        gsi1pk=_own(place.person_id), gsi1sk=place.simulation_id,
        **tables.stamps(to_text(now), version=place.version),
    )  # fmt: skip
    return tables.put(row, conflict=SimulationMoved())


def delete_place(place: Place) -> Write:
    """Return the write that takes away somebody's place at the version that was read."""
    row_class, pk, sk = place_key(place.simulation_id, place.person_id)
    return tables.delete(row_class(pk, sk, version=place.version), conflict=SimulationMoved())


def list_simulations(organisation_id: str, page: PageRequest) -> Page[Simulation]:
    """Return an organisation's simulations, the latest first."""
    return tables.page_of(
        SimulationRow, _listed(organisation_id), page, simulation_of, index="gsi1", descending=True
    )


def places_of_person(person_id: str, page: PageRequest) -> Page[Place]:
    """Return in what somebody takes part, the latest first."""
    return tables.page_of(PlaceRow, _own(person_id), page, place_of, index="gsi1", descending=True)


def places_of(simulation_id: str) -> tuple[Place, ...]:
    """Return who takes part in a simulation."""
    raws: Iterable[dict[str, Any]] = tables.query_all(
        PlaceRow, simulation_pk(simulation_id), begins_with=_PLACES
    )
    return tuple(place_of(PlaceRow.parse(raw)) for raw in raws)


def simulation_of(row: SimulationRow) -> Simulation:
    return Simulation(
        row.pk.removeprefix("SIMULATION#"), row.organisation_id, row.title, from_text(row.starts_at),
        tuple(_round(one) for one in row.rounds), int(row.per_moderator), bool(row.engine_answers),
        tuple(row.controls),
        tuple(Question(text, tuple(options), int(correct)) for text, options, correct in row.questions),
        SimulationStatus(row.status), instant_of(row.since), int(row.version),
    )  # fmt: skip


def place_of(row: PlaceRow) -> Place:
    return Place(
        row.pk.removeprefix("SIMULATION#"), row.sk.removeprefix(_PLACES),
        frozenset(SimulationRole(one) for one in row.roles), row.moderator_id, cast(Any, row.income_group),
        int(row.version),
    )  # fmt: skip


def audit(simulation_id: str, **what: Any) -> Write:
    return store.audit(simulation_pk(simulation_id), **what)


def _raw_round(one: Round) -> dict[str, Any]:
    return {
        "number": one.number, "case_id": one.case_id, "case_version": one.case_version, "setting": one.setting,
        "title": one.title, "condition": one.condition, "minutes": one.minutes, "begun_at": text_of(one.begun_at),
        "ended_at": text_of(one.ended_at),
    }  # fmt: skip


def _round(raw: dict[str, Any]) -> Round:
    return Round(**{**raw, "begun_at": instant_of(raw["begun_at"]), "ended_at": instant_of(raw["ended_at"])})


def _listed(organisation_id: str) -> str:
    return f"ORGANISATION#{organisation_id}#SIMULATIONS"


def _own(person_id: str) -> str:
    return f"PERSON#{person_id}"
