"""A run held for review, as coordinators handle it."""

from typing import Any

from tests.mentorships.scene import Scene, deliver
from tests.support.world import Reply


class Held:
    """A run of three mentees over two mentors of one place each, held for review."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.run_id = scene.match()
        self.path = scene.path(f"match-runs/{self.run_id}")

    def request(self, method: str, rest: str = "", body: Any = None, etag: str | None = None) -> Reply:
        headers = {"If-Match": etag} if etag else {}
        return self.scene.world.request(
            method, self.path + rest, body, by=self.scene.coordinator, headers=headers
        )

    @property
    def etag(self) -> str:
        return self.request("GET").etag

    def pairs(self) -> dict[str, str]:
        items = self.request("GET", "/pairs").json["items"]
        return {one["mentee"]["person_id"]: one["mentor"]["person_id"] for one in items}

    def choose(self, mentee: str, mentor: str) -> Reply:
        return self.request("PATCH", f"/pairs/{mentee}", {"mentor_id": mentor}, self.etag)

    def remove(self, mentee: str) -> Reply:
        return self.request("DELETE", f"/pairs/{mentee}", etag=self.etag)

    def release(self) -> Reply:
        return self.request("POST", "/release")

    def publish(self) -> dict[str, Any]:
        assert self.release().status == 200
        assert deliver(f"match-run:{self.run_id}:release") == {"batchItemFailures": []}
        return self.scene.run(self.run_id)


def code(answer: Reply) -> tuple[int, str]:
    return answer.status, answer.json["type"].rpartition("/")[2]
