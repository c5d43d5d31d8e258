"""A programme with circles: its coordinator, people who are enrolled, and a circle that was formed and published."""

from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.circles import store
from chalicelib.circles.model import Circle, CirclePlan, Formed, Forming, FormingStatus, Place, Report
from chalicelib.kernel.ids import new_id
from chalicelib.matching.formation import Weekly
from chalicelib.notifications import service as notifications
from chalicelib.people.model import Weekday
from chalicelib.programmes import store as programmes
from chalicelib.programmes.model import Enrolment, EnrolmentStatus, Side
from tests.architecture.scenes import kept
from tests.support.world import Reply, World

MEETS = Weekly("Africa/Nairobi", Weekday.WEDNESDAY, 15 * 60, 60)


@dataclass
class Ring:
    """A programme, and its circle where one was formed."""

    world: World
    organisation: str
    coordinator: str
    programme: str
    kind: str
    circle: str = ""
    leads: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/v1/circles/{self.circle}"

    @property
    def people(self) -> list[str]:
        return [*self.leads, *self.members]

    def enrolled(self, side: Side, places: int = 1, **profile: Any) -> str:
        """Add somebody who is in the programme on a side."""
        place = Side.MENTOR if self.kind == "peer" else side
        person = self.world.mentor(**profile) if place is Side.MENTOR else self.world.mentee(**profile)
        enrolment = Enrolment(self.programme, person, place, places, places, enrolled_at=self.world.at)
        self.world.write(programmes.put_enrolment(enrolment, self.world.at))
        return person

    def enrolled_member(self) -> str:
        return self.enrolled(Side.MENTEE)

    def withdraw(self, person: str, role: str = "mentee") -> None:
        path = f"/v1/programmes/{self.programme}/enrolments/{person}"
        reply = self.world.delete(path, by=person, query={"role": role})
        assert reply.status == 204, reply.text
        self.settle()

    def free(self, person: str, side: Side = Side.MENTEE) -> int:
        """Return how many free places somebody has in the programme."""
        page = programmes.all_enrolments_in(self.programme)
        place = Side.MENTOR if self.kind == "peer" else side
        return next(one.free for one in page if one.person_id == person and one.side is place)

    def form(self, formed: list[Formed], **plan: Any) -> Forming:
        """Keep some circles as if they had been worked out, to be looked at."""
        now = self.world.at
        whole = CirclePlan(self.programme, **{"least": 3, "most": 4, "leads": 1, "meetings": 3, **plan})
        before = store.get_forming(self.programme)
        forming = Forming(
            new_id(now), self.programme, FormingStatus.READY, self.coordinator, whole, new_id(now),
            Report(circles=len(formed)), created_at=now, version=before.version if before else None,
        )  # fmt: skip
        until = now.replace(year=now.year + 1)
        self.world.write(
            *(store.put_formed(forming.draft, one, until, now) for one in formed),
            store.put_forming(forming, now),
        )
        return forming

    def publish(self) -> Reply:
        seen = self.world.get(f"/v1/programmes/{self.programme}/circle-forming", by=self.coordinator)
        return self.forming_move("publish", headers={"If-Match": seen.etag})

    def forming_move(self, move: str, **how: Any) -> Reply:
        path = f"/v1/programmes/{self.programme}/circle-forming"
        return self.world.post(path, {"move": move}, by=self.coordinator, **how)

    def settle(self) -> None:
        """Do what follows from all that was done, until nothing follows any more."""
        while True:
            due = [one for one in self.world.messages() if one.due_at <= self.world.at]
            from chalicelib.follow_ups import service
            from chalicelib.platform import outbox

            kinds = [
                service.follow_up(one.id, lambda: self.world.at)
                for one in due
                if one.topic is outbox.Topic.FOLLOW_UP
            ]
            if not any(kinds):
                return

    def take(self, person: str) -> Reply:
        return self.world.put(f"{self.path}/places", {}, by=person)

    def give_up(self, person: str) -> Reply:
        reply = self.world.delete(f"{self.path}/places", by=person)
        assert reply.status == 204, reply.text
        return reply

    def place(self, person: str, circle: str | None = None) -> Place | None:
        found = store.places_in(circle or self.circle)
        return next((one for one in found if one.person_id == person), None)

    def state(self, person: str, circle: str | None = None) -> str | None:
        place = self.place(person, circle)
        return place.state.value if place else None

    def now(self) -> Circle:
        circle = store.get_circle(self.circle)
        assert circle is not None
        return circle

    def give(self, move: str, person: str, headers: dict[str, str] | None = None, **more: Any) -> Reply:
        body = {"move": move, "person_id": person, "reason": "Asked for it", **more}
        return self.world.post(f"{self.path}/places", body, by=self.coordinator, headers=headers)

    def move(self, move: str, *, by: str | None = None) -> Reply:
        body = {"move": move, "reason": "As agreed"}
        return self.world.post(f"{self.path}/moves", body, by=by or self.coordinator)

    def mails(self, kind: str) -> list[str]:
        """Return to whom mails of a kind are, or went."""
        return [one.payload["recipient"] for one in self.world.messages(kind)]

    def deliver(self, kind: str) -> set[str | None]:
        return {notifications.deliver(one.id, self.world.at) for one in self.world.messages(kind)}

    def plan(self, **more: Any) -> list[str]:
        """Plan meetings, and return their paths."""
        body = {"on": "2026-12-02", "at": "15:00", "time_zone": "Africa/Nairobi", **more}
        reply = self.world.post(f"{self.path}/meetings", body, by=self.people[0])
        assert reply.status == 201, reply.text
        return [f"{self.path}/meetings/{one['id']}" for one in reply.json["items"]]

    def step(self, meeting: str, move: str, by: str | None = None, **more: Any) -> Reply:
        return self.world.post(f"{meeting}/moves", {"move": move, **more}, by=by or self.people[0])

    def mark(self, meeting: str, person: str, kind: str = "join") -> Reply:
        return self.world.post(f"{meeting}/attendance", {"kind": kind, "device": "page"}, by=person)

    def hold(self, meeting: str, *there: str, minutes: int = 60) -> None:
        """Hold a meeting with some people there all through, and close it."""
        starts = self.world.get(meeting, by=self.people[0]).json["starts_at"]
        from chalicelib.kernel.clock import from_text

        self.world.at = from_text(starts)
        assert self.step(meeting, "begin").status == 200
        for one in there:
            assert self.mark(meeting, one).status == 200
        self.world.pass_time(minutes=minutes)
        assert self.step(meeting, "end").status == 200
        assert self.step(meeting, "close").status == 200
        self.settle()


@kept
def _programme(world: World, kind: str = "one_to_one", proposal_days: int = 7) -> dict[str, Any]:
    organisation = world.organisation()
    coordinator = world.coordinator(organisation)
    body = {"organisation_id": organisation, "name": "Hearts", "kind": kind, "proposal_days": proposal_days}
    reply = world.post("/v1/programmes", body, by=coordinator)
    assert reply.status == 201, reply.text
    return {
        "organisation": organisation, "coordinator": coordinator, "programme": reply.json["id"], "kind": kind,
    }  # fmt: skip


@kept
def _published(
    world: World, kind: str = "one_to_one", leads: int = 1, members: int = 3, most: int = 4
) -> dict[str, Any]:
    ring = Ring(world, **_programme(world, kind=kind))
    ring.leads = [ring.enrolled(Side.MENTOR, 2) for _ in range(leads)]
    ring.members = [ring.enrolled(Side.MENTEE) for _ in range(members)]
    formed = formed_of(ring.leads, ring.members)
    ring.form([formed], leads=leads, most=most)
    assert ring.publish().status == 202
    ring.settle()
    (circle,) = store.every_circle(ring.programme)
    return {
        "organisation": ring.organisation, "coordinator": ring.coordinator, "programme": ring.programme, "kind": kind,
        "circle": circle.id, "leads": ring.leads, "members": ring.members,
    }  # fmt: skip


@kept
def _taken(world: World, **how: Any) -> dict[str, Any]:
    given = _published(world, **how)
    ring = Ring(world, **given)
    for one in ring.people:
        assert ring.take(one).status == 200
    ring.settle()
    return given


def formed_of(leads: list[str], members: list[str], number: int = 0, **more: Any) -> Formed:
    whole = Formed(
        number, None, "heart failure", "en", tuple(members), tuple(leads), tuple(members), MEETS, 900_000
    )
    return replace(whole, **more)


def programme_only(world: World, **how: Any) -> Ring:
    return Ring(world, **_programme(world, **how))


def published(world: World, **how: Any) -> Ring:
    """Return a circle whose people are asked."""
    return Ring(world, **_published(world, **how))


def taken(world: World, **how: Any) -> Ring:
    """Return a circle whose people all came."""
    return Ring(world, **_taken(world, **how))


def code(reply: Reply) -> str:
    return str(reply.json["type"]).rpartition("/")[2]


def active(enrolment: Enrolment) -> bool:
    return enrolment.status is EnrolmentStatus.ACTIVE
