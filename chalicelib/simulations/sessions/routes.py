"""Simulations over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.web.endpoint import Routes, Who
from chalicelib.simulations.errors import ModeratorsMissing, MoveRefused, PlaceTaken, SimulationMoved

if TYPE_CHECKING:
    from chalicelib.certificates.model import Certificate
    from chalicelib.simulations.sessions import service
    from chalicelib.simulations.sessions.schemas import (
        SimulationMoveBody,
        SimulationPeopleBody,
        SimulationPlanBody,
    )
    from chalicelib.simulations.sessions.service import SeenPeople, SeenSimulation
else:
    service = later("chalicelib.simulations.sessions.service")

routes = Routes(__name__, "Simulations")

_ALL = "/v1/organisations/{organisation_id}/simulations"
_ONE = "/v1/simulations/{simulation_id}"


@routes.endpoint(
    "POST",
    _ALL,
    who=Who.COORDINATOR,
    summary="Plan a simulation",
    body="SimulationPlanBody",
    answer="SimulationView",
    status=201,
    idempotent=True,
    etag=True,
    errors=(Invalid,),
)
def plan_simulation(call: Call, organisation_id: str, body: SimulationPlanBody) -> SeenSimulation:
    """Of published cases of the organisation, in the order of play; typically four of 25 minutes. Each stays at the
    version that is named."""
    return service.plan(call, organisation_id, body.to_model())


@routes.endpoint(
    "GET",
    _ALL,
    who=Who.COORDINATOR,
    summary="List an organisation's simulations",
    answer="SimulationView",
    paged=True,
)
def list_simulations(call: Call, organisation_id: str, page: PageRequest) -> Page[SeenSimulation]:
    """The latest first."""
    return service.list_simulations(call, organisation_id, page)


@routes.endpoint(
    "GET",
    "/v1/simulations",
    who=Who.PERSON,
    summary="List your simulations",
    answer="SimulationView",
    paged=True,
)
def my_simulations(call: Call, page: PageRequest) -> Page[SeenSimulation]:
    """Those in which you play, moderate or rate, the latest first."""
    return service.my_simulations(call, page)


@routes.endpoint("GET", _ONE, who=Who.PERSON, summary="Read a simulation", answer="SimulationView", etag=True)
def read_simulation(call: Call, simulation_id: str) -> SeenSimulation:
    """To those who take part, and coordinators of its organisation. What a case is about is not shown to participants
    before the debrief."""
    return service.read_simulation(call, simulation_id)


@routes.endpoint(
    "POST",
    _ONE + "/people",
    who=Who.COORDINATOR,
    summary="Add people to a simulation",
    body="SimulationPeopleBody",
    answer="SimulationPeopleView",
    idempotent=True,
    if_match="optional",
    errors=(Invalid, PlaceTaken, MoveRefused, SimulationMoved),
)
def add_people(call: Call, simulation_id: str, body: SimulationPeopleBody) -> SeenPeople:
    """Each participant is given to the moderator who has the fewest; those without one wait for the next moderator
    that you add. Latecomers may be added until the debrief. All are enrolled in a programme of the organisation; who
    moderates or rates may be of its staff instead."""
    return service.add_people(call, simulation_id, body.to_model())


@routes.endpoint(
    "GET",
    _ONE + "/people",
    who=Who.PERSON,
    summary="List who takes part in a simulation",
    answer="SimulationPeopleView",
)
def list_people(call: Call, simulation_id: str) -> SeenPeople:
    """To moderators, and coordinators of its organisation."""
    return service.list_people(call, simulation_id)


@routes.endpoint(
    "POST",
    _ONE + "/moves",
    who=Who.PERSON,
    summary="Run a simulation",
    body="SimulationMoveBody",
    answer="SimulationView",
    idempotent=True,
    if_match="optional",
    errors=(MoveRefused, ModeratorsMissing, SimulationMoved),
)
def move_simulation(call: Call, simulation_id: str, body: SimulationMoveBody) -> SeenSimulation:
    """By moderators, and coordinators of its organisation. Whoever has a place may leave before the first case."""
    return service.move(
        call, simulation_id, body.move, body.participant_id, body.moderator_id, body.person_id
    )


@routes.endpoint(
    "GET",
    _ONE + "/certificates",
    who=Who.PERSON,
    summary="List the certificates of a simulation",
    answer="certificates.ProgrammeCertificateView",
    paged=True,
)
def list_simulation_certificates(call: Call, simulation_id: str, page: PageRequest) -> Page[Certificate]:
    """For its organisation's coordinators, who may revoke one; the latest first. Whoever played all cases and answered
    afterwards has one once the simulation is closed, or as soon as they have answered after that; so have moderators
    who had participants."""
    return service.certificates_of(call, simulation_id, page)
