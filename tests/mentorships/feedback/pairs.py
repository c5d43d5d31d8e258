"""Mentorships under way in one programme, and what their people say of them over HTTP."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.kernel.ids import new_id
from chalicelib.mentorships import moving, running_store
from chalicelib.mentorships.agreements import due_store as agreements_due
from chalicelib.mentorships.jobs import look_at_mentorships
from chalicelib.mentorships.model import Card
from chalicelib.mentorships.running import Mentorship, MentorshipStatus, last_day
from chalicelib.platform import outbox, tables
from chalicelib.programmes import store as programmes_store
from chalicelib.programmes.model import Side
from tests.mentorships.scene import fire
from tests.support.world import Reply, World

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass
class Couple:
    """One mentorship of the programme."""

    hall: "Hall"
    mentee: str
    mentor: str
    id: str

    def read(self, by: str | None = None) -> Any:
        reply = self.hall.world.get(f"/v1/mentorships/{self.id}/feedback", by=by or self.mentee)
        assert reply.status == 200, reply.text
        return reply.json

    def rounds(self, by: str | None = None) -> dict[str, Any]:
        return {one["round"]: one for one in self.read(by)["rounds"]}

    def answer(self, name: str, value: int | dict[str, int] = 4, by: str | None = None, **more: Any) -> Reply:
        """Answer in a round: one number to every question, or one by question."""
        who = by or self.mentee
        told = self.rounds(who).get(name)
        asked = [one["item"] for one in told["questions"]] if told else ["going"]
        given = value if isinstance(value, dict) else dict.fromkeys(asked, value)
        body = {"values": [{"item": one, "value": n} for one, n in given.items()], **more}
        return self.hall.world.put(f"/v1/mentorships/{self.id}/feedback/{name}", body, by=who)

    def mentorship(self) -> Mentorship:
        row = tables.get(*running_store.mentorship_key(self.id))
        assert row is not None
        return running_store.mentorship_of(row)

    def set_status(self, status: MentorshipStatus) -> None:
        moved = replace(self.mentorship(), status=status)
        self.hall.world.write(*running_store.put_mentorship(moved, None, self.hall.world.at))

    def end(self) -> None:
        """Have it end as one of the two says so, without a closing conversation."""
        body = {"reason": "goals_reached", "conversation": False}
        reply = self.hall.world.post(f"/v1/mentorships/{self.id}/end", body, by=self.mentor)
        assert reply.status == 200, reply.text


@dataclass
class Hall:
    """A programme and its mentorships."""

    world: World
    organisation: str
    coordinator: str
    programme: str
    couples: list[Couple] = field(default_factory=list)

    def couple(self, *, months: int | None = 12) -> Couple:
        """Have a mentorship begin at this moment, as an acceptance does."""
        mentee, mentor = self.world.mentee(), self.world.mentor()
        for person, role in ((mentee, Side.MENTEE), (mentor, Side.MENTOR)):
            path = f"/v1/programmes/{self.programme}/enrolments/{person}"
            assert self.world.put(path, {"role": role}, by=person).status == 200
        mentorship = Mentorship(
            new_id(self.world.at), self.programme, self.organisation, new_id(self.world.at),
            Card(mentee, "Amina Otieno", country="KE", time_zone="Africa/Nairobi"),
            Card(mentor, "Claire Tremblay", country="CA", time_zone="America/Toronto"),
            started_at=self.world.at, ends_on=last_day(self.world.at, months) if months else None,
        )  # fmt: skip
        programme = programmes_store.get_programme(self.programme)
        assert programme is not None
        places = [
            programmes_store.hold_place(programme, side, mentorship.card(side).person_id, self.world.at)
            for side in Side
        ]
        self.world.write(*moving.begun(mentorship, self.world.at), *places)
        # What becomes of their agreement, and of their mentor's standing, is shown elsewhere.
        self.world.write(
            agreements_due.put_due(mentorship.id, None, self.world.at),
            running_store.put_look(mentorship, None, self.world.at),
        )
        found = Couple(self, mentee, mentor, mentorship.id)
        self.couples.append(found)
        return found

    def night(self, at: datetime | None = None) -> list[tuple[str, str]]:
        """Let the daily look come by, at an instant; return kind and round of all mails about feedback so far, one
        for both sides."""
        self.world.at = at or self.world.at + DAY
        fire(look_at_mentorships)
        return self.mails()

    def mails(self) -> list[tuple[str, str]]:
        """Return kind and round of the mails about feedback, by when they were written, once for both of the two."""
        found = [one for one in outbox.due(self.world.at) if one.kind in ("pulse-due", "survey-due")]
        told = [(one.due_at, one.kind, one.payload["mentorship_id"], one.payload["round"]) for one in found]
        assert all(told.count(one) == 2 for one in told), told
        return [(kind, round_) for _, kind, _, round_ in sorted(set(told))]

    def report(self, by: str | None = None) -> Any:
        path = f"/v1/programmes/{self.programme}/feedback"
        reply = self.world.get(path, by=by or self.coordinator)
        assert reply.status == 200, reply.text
        return reply.json

    def ask(self, **changes: Any) -> Reply:
        """Set what the programme asks."""
        path = f"/v1/programmes/{self.programme}/questionnaire"
        now = self.world.get(path, by=self.coordinator)
        body = {
            "pulse_weeks": now.json["pulse_weeks"],
            **{name: [_told(one) for one in now.json[name]] for name in ("pulse", "mentee", "mentor")},
            **changes,
        }
        return self.world.put(path, body, by=self.coordinator, headers={"If-Match": now.etag})


def _told(asked: dict[str, Any]) -> dict[str, Any]:
    return {"texts": asked["texts"]} if asked["texts"] else {"code": asked["item"]}


def make_hall(world: World) -> Hall:
    organisation = world.organisation()
    coordinator = world.coordinator(organisation)
    body = {"organisation_id": organisation, "name": "Hearts across borders"}
    made = world.post("/v1/programmes", body, by=coordinator)
    assert made.status == 201, made.text
    return Hall(world, organisation, coordinator, made.json["id"])


def code(reply: Reply) -> str:
    return str(reply.json["type"].rpartition("/")[2])
