"""A mentorship whose mentor one credential verifies, and what befalls it; for tests of its renewal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.credentials import review
from chalicelib.credentials.decisions import RevokeReason
from chalicelib.credentials.jobs import expiry_notices
from chalicelib.mentorships import moving, renewing, running_store
from chalicelib.mentorships.agreements import due_store
from chalicelib.mentorships.feedback import due_store as feedback_due
from tests.credentials.support import revoke, submitted, verify
from tests.mentorships.scene import Scene, fire
from tests.mentorships.test_expiry import LAST, OVER
from tests.mentorships.test_routes import answer
from tests.support.world import MENTOR_PROFILE, Reply, World

GRACE = timedelta(days=28)
MENTORSHIP_MAILS = ("mentorship-in-grace", "mentorship-paused", "mentorship-resumed")
NEXT = "2029-06-30"


@dataclass
class Pair:
    """A mentorship whose mentor is verified by one credential, up to `OVER`."""

    scene: Scene
    reviewer: str
    mentor: str
    mentee: str
    credential: str
    id: str

    @property
    def world(self) -> World:
        return self.scene.world

    def read(self, by: str) -> Any:
        return self.world.get(f"/v1/mentorships/{self.id}", by=by).json

    def shown(self, by: str | None = None) -> tuple[str, Any]:
        """Return state and banner, as the mentee's list has them."""
        listed = self.world.get("/v1/me/mentorships", by=by or self.mentee).json["items"]
        (one,) = [one for one in listed if one["id"] == self.id]
        return one["status"], one["verification"]

    def tasks(self, status: str = "open") -> list[Any]:
        path = self.scene.path("tasks")
        reply = self.world.get(path, by=self.scene.coordinator, query={"status": status})
        assert reply.status == 200, reply.text
        items: list[Any] = reply.json["items"]
        return items

    def resume(self, by: str | None = None) -> Reply:
        return self.world.post(f"/v1/mentorships/{self.id}/resume", by=by or self.scene.coordinator)

    def verify_again(self, valid_until: str = NEXT, number: str = "B 7") -> None:
        new = submitted(
            self.world, self.mentor, organisation_id=self.scene.organisation, number=number, expires_on=NEXT
        )
        assert verify(self.world, new, self.reviewer, valid_until=valid_until).status == 200

    def expire(self) -> None:
        self.world.at = OVER + timedelta(hours=4)
        fire(expiry_notices)
        self.world.follow_up()

    def mails(self, *kinds: str) -> list[tuple[str, str]]:
        """Return kind and recipient of the mails about mentorships, oldest first."""
        return [
            (one.kind, one.payload["recipient"])
            for one in self.world.messages()
            if one.kind in (kinds or MENTORSHIP_MAILS)
        ]

    def both(self, kind: str) -> set[tuple[str, str]]:
        return {(kind, self.mentor), (kind, self.mentee)}


def ask(scene: Scene, mentee: str, mentor: str) -> Reply:
    return scene.world.post(
        "/v1/proposals", {"programme_id": scene.programme, "mentor_id": mentor}, by=mentee
    )


def agree(scene: Scene, mentee: str, mentor: str) -> None:
    asked = ask(scene, mentee, mentor)
    assert asked.status == 201, asked.text
    assert answer(scene, "accept", mentor, proposal=asked.json["id"]).status == 200


def sign(world: World, person: str, mentorship_id: str) -> None:
    """Have both sign the agreement of a mentorship."""
    found = running_store.get_mentorship(person, mentorship_id)
    assert found is not None
    world.write(*moving.agreed(world.call(person), found))


def paired(scene: Scene, name: str = "Claire Tremblay") -> Pair:
    world = scene.world
    mentor = world.person(MENTOR_PROFILE, name=name)
    credential = submitted(world, mentor, organisation_id=scene.organisation)
    reviewer = world.reviewer(scene.organisation)
    assert verify(world, credential, reviewer, valid_until=str(LAST)).status == 200
    scene.enrol(mentor, "mentor", capacity=2)
    mentee = scene.mentee()
    agree(scene, mentee, mentor)
    (made,) = world.get("/v1/me/mentorships", by=mentee).json["items"]
    # What becomes of their agreement, and what they are asked, is shown in tests of these.
    world.write(
        due_store.put_due(made["id"], None, world.at),
        feedback_due.put_ask(made["id"], scene.programme, None, world.at),
    )
    sign(world, mentee, made["id"])
    return Pair(scene, reviewer, mentor, mentee, credential, made["id"])


def code(reply: Reply) -> str:
    return str(reply.json["type"].rpartition("/")[2])


def between(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None], module: Any = renewing) -> None:
    """Let something happen once between what a service, by itself the look, reads and its commit."""
    commit, left = module.commit, [1]

    def late(*given: Any) -> Any:
        if left:
            left.pop()
            happens()
        return commit(*given)

    monkeypatch.setattr(module, "commit", late)


def resume_across_a_revocation(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a coordinator resume a refused mentorship while what verifies its mentor again is revoked: they cannot."""
    world = pair.world
    assert revoke(world, pair.credential, pair.reviewer).status == 200
    world.follow_up()
    again = submitted(
        world, pair.mentor, organisation_id=pair.scene.organisation, number="B 7", expires_on=NEXT
    )
    assert verify(world, again, pair.reviewer).status == 200

    def happens() -> None:  # by the service: one request at a time goes through the test's client
        review.revoke(world.call(pair.reviewer), again, RevokeReason.SUSPENDED, "As of today.")

    between(monkeypatch, happens)
    assert code(pair.resume()) == "mentor-not-verified"
    assert pair.shown()[0] == "paused"
