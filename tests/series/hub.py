"""A hub with a series, the people in it, and a session of an hour."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.series import store
from chalicelib.series.model import Membership, SeriesPlace, SeriesRole
from tests.support.world import Reply, World

BEGINS = datetime(2026, 12, 2, 12, 0, tzinfo=UTC)


@dataclass
class Hub:
    """A series in Nairobi's time, run by its owner."""

    world: World
    organisation: str
    owner: str
    id: str

    @property
    def path(self) -> str:
        return f"/v1/series/{self.id}"

    def has(
        self, role: SeriesRole = SeriesRole.MEMBER, place: SeriesPlace = SeriesPlace.ACTIVE, **more: Any
    ) -> str:
        """Give somebody a place."""
        person = self.world.person()
        member = Membership(self.id, person, role, place, since=self.world.at, **more)
        self.world.write(store.put_member(member, self.world.at))
        return person

    def plan(self, **more: Any) -> str:
        """Plan a session of an hour at noon UTC, and return its path."""
        body = {
            "title": "Breathless after delivery", "on": "2026-12-02", "at": "15:00", "template": "cardi_oh",
            "meeting": "932", **more,
        }  # fmt: skip
        reply = self.world.post(f"{self.path}/sessions", body, by=self.owner)
        assert reply.status == 201, reply.text
        return f"{self.path}/sessions/{reply.json['items'][0]['id']}"

    def move(self, session: str, move: str, *, by: str | None = None) -> Reply:
        return self.world.post(f"{session}/moves", {"move": move}, by=by or self.owner)

    def mark(self, session: str, person: str, kind: str, device: str = "page") -> Reply:
        return self.world.post(f"{session}/attendance", {"kind": kind, "device": device}, by=person)

    def change(self, **limits: int) -> None:
        whole = {"guests": 25, "visits": 3, "share": 80, "recommendation_days": 3, **limits}
        etag = self.world.get(self.path, by=self.owner).etag
        reply = self.world.patch(self.path, {"limits": whole}, by=self.owner, headers={"If-Match": etag})
        assert reply.status == 200, reply.text


def make_hub(world: World, entry: str = "public") -> Hub:
    organisation = world.organisation()
    owner = world.coordinator(organisation)
    body = {"title": "Heart failure ECHO", "time_zone": "Africa/Nairobi", "entry": entry}
    reply = world.post(f"/v1/organisations/{organisation}/series", body, by=owner)
    assert reply.status == 201, reply.text
    return Hub(world, organisation, owner, reply.json["id"])


def code(reply: Reply) -> str:
    return str(reply.json["type"]).rpartition("/")[2]
