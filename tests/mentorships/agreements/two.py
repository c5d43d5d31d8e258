"""A mentorship of two, and what they do about their agreement."""

from dataclasses import dataclass
from typing import Any

from chalicelib.mentorships.agreements import service, store
from chalicelib.mentorships.agreements.model import Agreement
from chalicelib.mentorships.feedback import due_store
from chalicelib.platform.outbox import Message
from tests.mentorships.pairs import agree
from tests.mentorships.scene import Scene
from tests.support.world import Reply, World

TERMS: dict[str, Any] = {
    "rhythm": "weekly",
    "meeting_minutes": 30,
    "response_days": 1,
    "boundaries": ["no_money", "agreed_times"],
    "boundaries_note": "Not on Fridays.",
    "confidentiality": ["between_us"],
    "confidentiality_note": "",
    "documents": "email",
    "documents_note": "",
    "out_of_scope": ["patient_data"],
    "out_of_scope_note": "",
    "channels": ["video", "phone"],
    "fallback": "phone",
    "languages": ["en"],
}


@dataclass
class Two:
    scene: Scene
    mentor: str
    mentee: str
    id: str

    @property
    def world(self) -> World:
        return self.scene.world

    @property
    def path(self) -> str:
        return f"/v1/mentorships/{self.id}/agreement"

    def read(self, by: str | None = None) -> Any:
        reply = self.world.get(self.path, by=by or self.mentee)
        assert reply.status == 200, reply.text
        assert reply.etag == f'"{reply.json["version"]}"'
        return reply.json

    def change(self, by: str, version: int, **changes: Any) -> Reply:
        return self.world.put(self.path, {**TERMS, **changes}, by=by, headers={"If-Match": f'"{version}"'})

    def sign(self, by: str, version: int, **how: Any) -> Reply:
        return self.world.post(f"{self.path}/sign", {"version": version}, by=by, **how)

    def sign_beside(self, by: str, version: int) -> None:
        """Sign by the service, while a request is under way: one at a time goes through the test's client."""
        service.sign(self.world.call(by), self.id, version)

    def earlier(self, by: str | None = None, **query: Any) -> list[Any]:
        reply = self.world.get(f"{self.path}/versions", by=by or self.mentee, query=query)
        assert reply.status == 200, reply.text
        items: list[Any] = reply.json["items"]
        return items

    def try_out(self, by: str, **results: bool) -> Reply:
        body = {"results": [{"channel": one, "works": works} for one, works in results.items()]}
        return self.world.put(f"{self.path}/try-out", body, by=by)

    def stored(self) -> Agreement:
        found = store.get_agreement(self.id)
        assert found is not None
        return found

    def mails(self, kind: str) -> list[Message]:
        return [one for one in self.world.messages() if one.kind == f"agreement-{kind}"]

    def told(self, kind: str) -> set[str]:
        return {one.payload["recipient"] for one in self.mails(kind)}

    def tasks(self, status: str = "open") -> list[Any]:
        reply = self.world.get(self.scene.path("tasks"), by=self.scene.coordinator, query={"status": status})
        assert reply.status == 200, reply.text
        items: list[Any] = reply.json["items"]
        return items

    @property
    def both(self) -> set[str]:
        return {self.mentor, self.mentee}


def two_of(scene: Scene, mentor: dict[str, Any] | None = None, mentee: dict[str, Any] | None = None) -> Two:
    """Have a mentee ask a mentor, who says yes."""
    one, other = scene.mentor(**(mentor or {})), scene.mentee(**(mentee or {}))
    agree(scene, other, one)
    (made,) = scene.world.get("/v1/me/mentorships", by=other).json["items"]
    # What they are asked is shown in tests/mentorships/feedback.
    scene.world.write(due_store.put_ask(made["id"], scene.programme, None, scene.world.at))
    return Two(scene, one, other, made["id"])
