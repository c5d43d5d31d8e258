"""A programme of an organisation, and its coordinator."""

from dataclasses import dataclass

import pytest

from chalicelib.programmes import service
from chalicelib.programmes.model import Programme
from tests.support.world import World


@dataclass
class Scene:
    world: World
    organisation: str
    coordinator: str
    programme: str

    def rules(self) -> Programme:
        found = service.get_programme(self.programme)
        assert found is not None
        return found

    def enrol(self, person: str, role: str, by: str | None = None, **body: int):
        path = f"/v1/programmes/{self.programme}/enrolments/{person}"
        return self.world.put(path, {"role": role, **body}, by=by or person)


@pytest.fixture
def scene(world: World) -> Scene:
    organisation = world.organisation()
    coordinator = world.coordinator(organisation)
    body = {"organisation_id": organisation, "name": "Hearts across borders"}
    answer = world.post("/v1/programmes", body, by=coordinator)
    assert answer.status == 201, answer.text
    return Scene(world, organisation, coordinator, answer.json["id"])
