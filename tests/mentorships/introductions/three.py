"""A pair and a third person of the same programme, and what they do over HTTP."""

from dataclasses import dataclass
from typing import Any

from tests.mentorships.goals.pair import Pair, make_pair
from tests.support.world import MENTEE_PROFILE, MENTOR_PROFILE, Reply, World

LISTED, KNOWN = "wanjiru@example.org", "njoki@example.org"


@dataclass
class Three:
    """A pair, `third` whom the directory shows, and `known`, a mentee of the programme with an address of their own."""

    pair: Pair
    third: str
    known: str

    @property
    def world(self) -> World:
        return self.pair.world

    def introduce(self, by: str | None = None, **whom: str) -> Reply:
        path = f"/v1/mentorships/{self.pair.id}/introductions"
        body = {"text": "You both count soap.", **(whom or {"person_id": self.third})}
        return self.world.post(path, body, by=by or self.pair.mentor)

    def introduced(self, **whom: str) -> str:
        reply = self.introduce(**whom)
        assert reply.status == 201, reply.text
        return str(reply.json["id"])

    def say(self, one: str, by: str, reply: str = "yes") -> Reply:
        return self.world.put(f"/v1/introductions/{one}/reply", {"reply": reply}, by=by)

    def read(self, one: str, by: str) -> Any:
        reply = self.world.get(f"/v1/introductions/{one}", by=by)
        assert reply.status == 200, reply.text
        return reply.json

    def listed(self, by: str) -> list[str]:
        return [one["id"] for one in self.world.get("/v1/me/introductions", by=by).json["items"]]

    def successes(self) -> list[str]:
        path = f"/v1/mentorships/{self.pair.id}/successes"
        reply = self.world.get(path, by=self.pair.mentee)
        assert reply.status == 200, reply.text
        return [one["kind"] for one in reply.json["items"]]

    def mails(self) -> list[tuple[str, str]]:
        """Return kind and recipient of the mails about introductions, sorted."""
        pair = self.pair
        names = {pair.mentee: "mentee", pair.mentor: "mentor", self.third: "third", self.known: "known"}
        return sorted(
            (one.kind.removeprefix("introduction-"), names[one.payload["recipient"]])
            for one in self.world.messages()
            if one.kind.startswith("introduction-")
        )


def make_three(world: World) -> Three:
    pair = make_pair(world)
    third = world.person(MENTOR_PROFILE, email=LISTED, name="Wanjiru Njeri")
    known = world.person(MENTEE_PROFILE, email=KNOWN, name="Njoki Mwangi")
    for person, role in ((third, "mentor"), (known, "mentee")):
        path = f"/v1/programmes/{pair.programme}/enrolments/{person}"
        enrolled = world.put(path, {"role": role}, by=person)
        assert enrolled.status == 200, enrolled.text
    return Three(pair, third, known)
