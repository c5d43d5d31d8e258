"""A programme with people in it, and the jobs as they are deployed."""

import json
from dataclasses import dataclass, field
from typing import Any

from chalicelib.mentorships import jobs
from chalicelib.mentorships import store as mentorships_store
from chalicelib.mentorships.model import Proposal
from chalicelib.platform import outbox, tables
from chalicelib.programmes import store as programmes_store
from chalicelib.programmes.model import Enrolment, Side
from tests.support.lambda_context import LambdaContext
from tests.support.world import Reply, World


@dataclass
class Scene:
    world: World
    organisation: str
    coordinator: str
    programme: str
    mentors: list[str] = field(default_factory=list)
    mentees: list[str] = field(default_factory=list)

    def enrol(self, person: str, role: str, **body: int) -> Reply:
        path = f"/v1/programmes/{self.programme}/enrolments/{person}"
        answer = self.world.put(path, {"role": role, **body}, by=person)
        assert answer.status == 200, answer.text
        return answer

    def mentor(self, capacity: int = 2, **profile: Any) -> str:
        mentor = self.world.mentor(**profile)
        self.enrol(mentor, "mentor", capacity=capacity)
        self.mentors.append(mentor)
        return mentor

    def mentee(self, **profile: Any) -> str:
        mentee = self.world.mentee(**profile)
        self.enrol(mentee, "mentee")
        self.mentees.append(mentee)
        return mentee

    def change_programme(self, **changes: Any) -> None:
        path = f"/v1/programmes/{self.programme}"
        etag = self.world.get(path, by=self.coordinator).etag
        answer = self.world.patch(path, changes, by=self.coordinator, headers={"If-Match": etag})
        assert answer.status == 200, answer.text

    def start(self, **body: Any) -> str:
        answer = self.world.post(self.path("match-runs"), body, by=self.coordinator)
        assert answer.status == 201, answer.text
        return answer.json["id"]

    def path(self, rest: str) -> str:
        return f"/v1/programmes/{self.programme}/{rest}"

    def run(self, run_id: str) -> Any:
        return self.world.get(self.path(f"match-runs/{run_id}"), by=self.coordinator).json

    def deliver(self, *message_ids: str) -> dict[str, Any]:
        """Hand messages to the worker as its queue does."""
        return deliver(*message_ids)

    def match(self, **body: Any) -> str:
        """Run a match to its end, and return the run's id."""
        run_id = self.start(**body)
        assert self.deliver(f"match-run:{run_id}:start") == {"batchItemFailures": []}
        return run_id

    def enrolment(self, person: str, side: Side) -> Enrolment:
        row = tables.get(*programmes_store.enrolment_key(self.programme, side, person))
        assert row is not None
        return programmes_store.enrolment_of(row)

    def world_get(self, key: Any) -> Any:
        from chalicelib.platform import tables

        return tables.get(*key)

    def proposals(self, person: str) -> list[Any]:
        answer = self.world.get("/v1/me/proposals", by=person)
        assert answer.status == 200, answer.text
        return answer.json["items"]

    def free(self) -> dict[str, int]:
        """Return every enrolment's free places."""
        return {one.person_id: one.free for one in programmes_store.all_enrolments_in(self.programme)}

    def mails(self) -> list[str]:
        """Return the ids of all mails in the outbox, due now or later, sorted."""
        return sorted(one.id for one in self.world.messages() if one.topic is outbox.Topic.MAIL)

    def proposal(self, person: str, proposal_id: str) -> Proposal:
        found = mentorships_store.get_proposal(person, proposal_id)
        assert found is not None
        return found


def deliver(*message_ids: str) -> dict[str, Any]:
    records = [
        {"messageId": f"sqs-{n}", "receiptHandle": "r", "body": json.dumps({"message_id": one})}
        for n, one in enumerate(message_ids)
    ]
    answer = jobs.run_match({"Records": records}, LambdaContext())
    assert isinstance(answer, dict)
    return answer


def fire(job: Any, time: str = "2026-11-22T02:00:00Z") -> None:
    """Invoke a schedule's handler with an event as EventBridge sends it."""
    job(
        {
            "version": "0", "id": "e", "account": "1", "region": "eu-west-1", "time": time, "resources": [],
            "source": "aws.events", "detail-type": "Scheduled Event", "detail": {},
        },
        None,
    )  # fmt: skip


def make_scene(world: World, **programme: Any) -> Scene:
    organisation = world.organisation()
    coordinator = world.coordinator(organisation)
    body = {"organisation_id": organisation, "name": "Hearts across borders", **programme}
    answer = world.post("/v1/programmes", body, by=coordinator)
    assert answer.status == 201, answer.text
    return Scene(world, organisation, coordinator, answer.json["id"])
