"""A mentorship under way, and what its two people do with its goals over HTTP."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from chalicelib.kernel.ids import new_id
from chalicelib.mentorships import running_store
from chalicelib.mentorships.agreements import due_store
from chalicelib.mentorships.model import Card
from chalicelib.mentorships.running import Mentorship, MentorshipStatus
from chalicelib.platform import outbox, tables
from tests.support.world import Reply, World

WHOLE: dict[str, Any] = {
    "title": "Lead the morning round alone",
    "horizon": "short",
    "domain": "contextual",
    "change": "The consultant listens, and the team asks me first.",
    "measure": {"what": "Rounds led", "unit": "a week", "baseline": 0, "target": 4},
    "due_on": "2027-03-15",
    "steps": [{"text": "Watch three rounds"}, {"text": "Lead two with the consultant"}],
}
BARE: dict[str, Any] = {"title": "Ultrasound", "horizon": "long", "domain": "canonical"}


@dataclass
class Pair:
    world: World
    organisation: str
    coordinator: str
    programme: str
    mentee: str
    mentor: str
    id: str

    def path(self, goal: str = "", rest: str = "") -> str:
        parts = [f"/v1/mentorships/{self.id}/goals", *(one for one in (goal, rest) if one)]
        return "/".join(parts)

    def write(self, by: str | None = None, **fields: Any) -> Reply:
        return self.world.post(self.path(), {**WHOLE, **fields}, by=by or self.mentee)

    def written(self, by: str | None = None, **fields: Any) -> str:
        """Write a goal, and return its id."""
        reply = self.write(by, **fields)
        assert reply.status == 201, reply.text
        return str(reply.json["id"])

    def read(self, goal: str, by: str | None = None) -> Reply:
        return self.world.get(self.path(goal), by=by or self.mentee)

    def change(self, goal: str, by: str | None = None, etag: str | None = None, **fields: Any) -> Reply:
        headers = {"If-Match": etag or self.read(goal).etag}
        return self.world.patch(self.path(goal), fields, by=by or self.mentee, headers=headers)

    def note(self, goal: str, by: str | None = None, **said: Any) -> Reply:
        return self.world.post(self.path(goal, "progress"), said, by=by or self.mentee)

    def move(self, goal: str, word: str, by: str | None = None, **said: Any) -> Reply:
        """Review, reach, drop or reopen a goal at its present version."""
        headers = {"If-Match": self.read(goal).etag}
        return self.world.post(self.path(goal, word), said, by=by or self.mentee, headers=headers)

    def goals(self, by: str | None = None) -> list[Any]:
        reply = self.world.get(self.path(), by=by or self.mentee)
        assert reply.status == 200, reply.text
        items: list[Any] = reply.json["items"]
        return items

    def entries(self, goal: str) -> list[Any]:
        """Return all entries of a goal, the latest first."""
        found: list[Any] = []
        query: dict[str, Any] = {"limit": 100}
        while True:
            reply = self.world.get(self.path(goal, "entries"), by=self.mentor, query=query)
            assert reply.status == 200, reply.text
            found += reply.json["items"]
            if reply.json["next"] is None:
                return found
            query["cursor"] = reply.json["next"]

    def mentorship(self) -> Mentorship:
        row = tables.get(*running_store.mentorship_key(self.id))
        assert row is not None
        return running_store.mentorship_of(row)

    def set_status(self, status: MentorshipStatus) -> None:
        moved = replace(self.mentorship(), status=status)
        self.world.write(*running_store.put_mentorship(moved, None, self.world.at))

    def mails(self) -> list[tuple[str, str]]:
        """Return kind and recipient of the mails about goals, oldest first."""
        return [
            (one.kind, one.payload["recipient"])
            for one in self.world.messages()
            if one.topic is outbox.Topic.MAIL and one.kind.startswith("goal-")
        ]


def make_pair(world: World, **programme: Any) -> Pair:
    organisation = world.organisation()
    coordinator = world.coordinator(organisation)
    body = {"organisation_id": organisation, "name": "Hearts across borders", **programme}
    made = world.post("/v1/programmes", body, by=coordinator)
    assert made.status == 201, made.text
    mentee, mentor = world.mentee(), world.mentor()
    mentorship = Mentorship(
        new_id(world.at), made.json["id"], organisation, new_id(world.at),
        Card(mentee, "Amina Otieno", country="KE", time_zone="Africa/Nairobi"),
        Card(mentor, "Claire Tremblay", country="CA", time_zone="America/Toronto"),
        started_at=world.at - timedelta(days=14),
    )  # fmt: skip
    world.write(*running_store.put_mentorship(mentorship, None, world.at))
    # What becomes of their agreement is shown in tests/mentorships/agreements.
    world.write(due_store.put_due(mentorship.id, None, world.at))
    return Pair(world, organisation, coordinator, made.json["id"], mentee, mentor, mentorship.id)


def code(reply: Reply) -> str:
    return str(reply.json["type"].rpartition("/")[2])
