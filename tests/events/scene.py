"""An event in Nairobi's evening, with its coordinator and people, over HTTP."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.architecture.scenes import kept
from tests.architecture.scenes.programmes import enrol, programme
from tests.support.world import Reply, World

BEGINS = datetime(2026, 12, 2, 15, 0, tzinfo=UTC)
PLAN: dict[str, Any] = {
    "title": "Five mentors in an hour",
    "starts_at": "2026-12-02T15:00:00Z",
    "time_zone": "Africa/Nairobi",
    "mentor_seats": 4,
    "mentee_seats": 4,
    "rounds": 3,
    "link": "https://meet.example.org/speed",
}


@dataclass
class Event:
    """A speed event and those for whom the programme has a place."""

    world: World
    given: dict[str, Any]
    coordinator: str
    programme: str
    id: str
    mentors: list[str] = field(default_factory=list)
    mentees: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/v1/events/{self.id}"

    @property
    def people(self) -> list[str]:
        return [*self.mentors, *self.mentees]

    def enrolled(self, side: str, **profile: Any) -> str:
        person = self.world.mentor(**profile) if side == "mentor" else self.world.mentee(**profile)
        enrol(self.world, self.given, person, side)
        return person

    def take(self, person: str, side: str, **more: Any) -> Reply:
        self.world.pass_time(milliseconds=1)  # nobody comes at the same instant as another
        return self.world.post(f"{self.path}/places", {"side": side, **more}, by=person)

    def taken(self, person: str, side: str) -> str:
        answer = self.take(person, side)
        assert answer.status == 200, answer.text
        return str(answer.json["items"][0]["status"])

    def move(self, move: str, **more: Any) -> Reply:
        return self.world.post(f"{self.path}/moves", {"move": move, **more}, by=self.coordinator)

    def moved(self, move: str, **more: Any) -> Any:
        answer = self.move(move, **more)
        assert answer.status == 200, answer.text
        return answer.json

    def tell(self, person: str, move: str, by: str | None = None, **more: Any) -> Reply:
        return self.world.post(f"{self.path}/places/{person}", {"move": move, **more}, by=by or person)

    def told(self, person: str, move: str, by: str | None = None, **more: Any) -> Any:
        """Tell it, and do what follows."""
        answer = self.tell(person, move, by, **more)
        assert answer.status == 200, answer.text
        self.world.follow_up()
        return answer.json

    def change(self, **changes: Any) -> Reply:
        etag = self.world.get(self.path, by=self.coordinator).etag
        return self.world.patch(self.path, changes, by=self.coordinator, headers={"If-Match": etag})

    def read(self, by: str | None = None) -> Any:
        answer = self.world.get(self.path, by=by or self.coordinator)
        assert answer.status == 200, answer.text
        return answer.json

    def table(self, by: str | None = None) -> Any:
        answer = self.world.get(f"{self.path}/timetable", by=by or self.coordinator)
        assert answer.status == 200, answer.text
        return answer.json

    def sittings(self, *states: str) -> list[tuple[int, str, str]]:
        return [
            (one["round"], one["mentee_id"], one["mentor_id"])
            for one in self.table()["sittings"]
            if one["state"] in (states or ("planned", "running", "held"))
        ]

    def other_of(self, person: str, number: int) -> str:
        """Return whom somebody meets in a round."""
        (found,) = (one for one in self.sittings() if one[0] == number and person in one)
        return found[2] if found[1] == person else found[1]

    def into_round(self, number: int, minutes: float = 1) -> None:
        """Have so many minutes of a round be over."""
        self.world.at = BEGINS + timedelta(minutes=12 * (number - 1) + minutes)

    def over(self) -> None:
        self.world.at = BEGINS + timedelta(hours=1)

    def keep(self, person: str, other: str, **what: Any) -> Reply:
        return self.world.put(f"{self.path}/meetings/{other}", what, by=person)

    def kept(self, person: str, other: str, **what: Any) -> Any:
        answer = self.keep(person, other, **what)
        assert answer.status == 200, answer.text
        return answer.json


@kept
def _planned(world: World, **plan: Any) -> dict[str, Any]:
    given = programme(world)
    path = f"/v1/programmes/{given['ids']['programme_id']}/events"
    answer = world.post(path, {**PLAN, **plan}, by=given["by"])
    assert answer.status == 201, answer.text
    return {**given, "event_id": answer.json["id"]}


@kept
def _seated(world: World, mentors: int, mentees: int, **plan: Any) -> dict[str, Any]:
    event = planned(world, **plan)
    for side, count in (("mentor", mentors), ("mentee", mentees)):
        for _ in range(count):
            person = event.enrolled(side)
            assert event.taken(person, side) == "taken"
            (event.mentors if side == "mentor" else event.mentees).append(person)
    return {**event.given, "mentors": event.mentors, "mentees": event.mentees}


def _of(world: World, given: dict[str, Any]) -> Event:
    return Event(
        world, given, given["by"], given["ids"]["programme_id"], given["event_id"],
        given.get("mentors", []), given.get("mentees", []),
    )  # fmt: skip


def planned(world: World, **plan: Any) -> Event:
    """An event for which nobody has a place yet."""
    return _of(world, _planned(world, **plan))


def seated(world: World, mentors: int = 4, mentees: int = 4, **plan: Any) -> Event:
    """One with people, before its timetable is published."""
    return _of(world, _seated(world, mentors=mentors, mentees=mentees, **plan))


def published(world: World, mentors: int = 4, mentees: int = 4, **plan: Any) -> Event:
    """One whose timetable is told."""
    event = seated(world, mentors, mentees, **plan)
    event.moved("publish")
    return event


def code(reply: Reply) -> str:
    return str(reply.json["type"]).rpartition("/")[2]
