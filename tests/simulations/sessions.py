"""A simulation to play in, over HTTP."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chalicelib.kernel.ids import new_id
from chalicelib.programmes import store as programmes
from chalicelib.programmes.model import Enrolment, Programme, Side
from tests.simulations.documents import raw
from tests.support.world import Reply, World

OPENS = datetime(2027, 1, 18, 12, 30, tzinfo=UTC)
"""When the simulation that is planned here can begin, at the earliest."""
EVENING = datetime(2027, 1, 18, 13, 0, tzinfo=UTC)


@dataclass
class Session:
    """A simulation of one organisation, with its coordinator and people."""

    world: World
    organisation: str
    coordinator: str
    id: str
    programme: str
    participants: list[str] = field(default_factory=list)
    moderators: list[str] = field(default_factory=list)
    raters: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/v1/simulations/{self.id}"

    def enrolled(self, person: str | None = None, **profile: Any) -> str:
        """Enrol somebody in the organisation's programme; somebody new, where nobody is named."""
        person = person or self.world.person(profile)
        enrol(self.world, self.programme, person)
        return person

    def add(self, participants: int = 0, moderators: int = 0, raters: int = 0, **profile: Any) -> None:
        new = {
            "participants": [self.enrolled(**profile) for _ in range(participants)],
            "moderators": [self.enrolled() for _ in range(moderators)],
            "raters": [self.enrolled() for _ in range(raters)],
        }
        answer = self.world.post(f"{self.path}/people", new, by=self.coordinator)
        assert answer.status == 200, answer.text
        self.participants += new["participants"]
        self.moderators += new["moderators"]
        self.raters += new["raters"]

    def move(self, move: str, by: str | None = None, **more: Any) -> Reply:
        return self.world.post(f"{self.path}/moves", {"move": move, **more}, by=by or self.coordinator)

    def moved(self, move: str, **more: Any) -> Any:
        answer = self.move(move, **more)
        assert answer.status == 200, answer.text
        return answer.json

    def chat(self, participant: str, case: int = 1) -> str:
        return f"{self.path}/chats/{case}-{participant}"

    def poll(self, participant: str, after: int = 0, *, by: str | None = None, case: int = 1) -> Any:
        answer = self.world.get(
            self.chat(participant, case), by=by or participant, query={"after": after} if after else {}
        )
        assert answer.status == 200, answer.text
        return answer.json

    def say(
        self, participant: str, text: str, *, client_key: str | None = None, after: int = 0, case: int = 1
    ) -> Reply:
        body = {"client_key": client_key or next_client_key(), "text": text, "after": after}
        return self.world.post(self.chat(participant, case), body, by=participant)

    def reply(self, participant: str, actor: str | None = None, **what: Any) -> Reply:
        body = {"client_key": next_client_key(), **what}
        return self.world.post(f"{self.chat(participant)}/replies", body, by=actor or self.moderators[0])


_numbers = iter(range(10**9))


def next_client_key() -> str:
    return f"client-{next(_numbers):06}"


def published(world: World, organisation: str, coordinator: str, document: Any = None) -> str:
    made = world.post(f"/v1/organisations/{organisation}/simulated-cases", document or raw(), by=coordinator)
    assert made.status == 201, made.text
    case_id: str = made.json["id"]
    done = world.post(f"/v1/simulated-cases/{case_id}/versions", {"is_anonymised": True}, by=coordinator)
    assert done.status == 201, done.text
    return case_id


def enrol(world: World, programme: str, person: str) -> None:
    place = Enrolment(programme, person, Side.MENTEE, 1, 1, enrolled_at=world.at)
    world.write(programmes.put_enrolment(place, world.at))


def planned(
    world: World, cases: int = 1, setting: str = "district", at: datetime = EVENING, **more: Any
) -> Session:
    """Plan a simulation, and wait until `at`."""
    organisation = world.organisation()
    coordinator = world.coordinator(organisation)
    case_id = published(world, organisation, coordinator)
    body = {
        "title": "Emergencies at night", "starts_at": "2027-01-18T15:30:00Z",
        "cases": [{"case_id": case_id, "version": 1, "setting": setting}] * cases, **more,
    }  # fmt: skip
    answer = world.post(f"/v1/organisations/{organisation}/simulations", body, by=coordinator)
    assert answer.status == 201, answer.text
    programme = Programme(new_id(world.at), organisation, "Emergencies", created_at=world.at)
    world.write(programmes.put_programme(programme, world.at))
    # Most of what is tried is on the evening itself.
    world.at = max(world.at, at)
    return Session(world, organisation, coordinator, answer.json["id"], programme.id)


def running(world: World, participants: int = 1, **more: Any) -> Session:
    session = planned(world, **more)
    session.add(participants, moderators=-(-participants // 5), raters=2)
    session.moved("begin_case")
    return session
