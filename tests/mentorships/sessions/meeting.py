"""A pair, and what the two do with its sessions, over HTTP."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from chalicelib.mentorships import running_store
from chalicelib.mentorships.model import card_of
from chalicelib.mentorships.running import Mentorship
from chalicelib.notifications import service as notifications
from chalicelib.people import service as people
from chalicelib.platform import outbox
from chalicelib.programmes.model import Side
from tests.mentorships.scene import Scene
from tests.support.world import MENTEE_PROFILE, MENTOR_PROFILE, Reply, World

# Monday, a week before Toronto's clocks go forward (14 March) and three before Paris's.
START = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
# Both weeks have room on Mondays, Wednesdays and Saturdays: 07:00 to 12:00 in Toronto, 14:00 to 20:00 in Nairobi.
MONDAY, WEDNESDAY = "2027-03-08T13:00:00Z", "2027-03-10T13:00:00Z"
NIGHT = "2027-03-09T02:00:00Z"


@dataclass
class Meeting:
    scene: Scene
    mentee: str
    mentor: str
    id: str

    @property
    def world(self) -> World:
        return self.scene.world

    def path(self, rest: str = "sessions") -> str:
        return f"/v1/mentorships/{self.id}/{rest}"

    def times(self, by: str | None = None, **query: int) -> Reply:
        return self.world.get(self.path("times"), by=by or self.mentee, query=query)

    def book(self, starts_at: str = MONDAY, *, by: str | None = None, **body: Any) -> Reply:
        return self.world.post(self.path(), {"starts_at": starts_at, **body}, by=by or self.mentee)

    def booked(self, starts_at: str = MONDAY, **how: Any) -> str:
        reply = self.book(starts_at, **how)
        assert reply.status == 201, reply.text
        found: str = reply.json["id"]
        return found

    def series(
        self, starts: str, rule: str, *, by: str | None = None, zone: str = "America/Toronto", **body: Any
    ) -> Reply:
        whole = {"starts": starts, "time_zone": zone, "rule": rule, **body}
        return self.world.post(self.path("series"), whole, by=by or self.mentor)

    def read(self, session: str, by: str | None = None) -> Any:
        reply = self.world.get(self.path(f"sessions/{session}"), by=by or self.mentee)
        assert reply.status == 200, reply.text
        return reply.json

    def all(self, by: str | None = None) -> list[Any]:
        reply = self.world.get(self.path(), by=by or self.mentee)
        assert reply.status == 200, reply.text
        found: list[Any] = reply.json["items"]
        return found

    def do(
        self, what: str, session: str, body: dict[str, Any] | None = None, *, by: str | None = None
    ) -> Reply:
        """Act on a session as one who has just read it does."""
        path = self.path(f"sessions/{session}")
        etag = self.world.get(path, by=by or self.mentee).etag
        return self.world.request(
            "PUT" if what == "attendance" else "POST", f"{path}/{what}", body or {}, by=by or self.mentee,
            headers={"If-Match": etag},
        )  # fmt: skip

    def do_place(self, session: str, body: dict[str, Any], *, by: str | None = None) -> Reply:
        """Change how a session is held as one who has just read it does."""
        path = self.path(f"sessions/{session}")
        etag = self.world.get(path, by=by or self.mentee).etag
        return self.world.put(f"{path}/place", body, by=by or self.mentee, headers={"If-Match": etag})

    def until(self, instant: str) -> None:
        self.world.at = datetime.fromisoformat(instant)

    def mails(self) -> list[tuple[str, str]]:
        """Return kind and recipient of the mails about sessions in the outbox, oldest first."""
        names = {self.mentee: "mentee", self.mentor: "mentor"}
        return [
            (one.kind.removeprefix("session-"), names[one.payload["recipient"]])
            for one in self.world.messages()
            if one.kind.startswith("session-")
        ]

    def deliver(self) -> list[tuple[str, str, str]]:
        """Send all that waits; return kind, recipient and outcome of each mail about a session, oldest first."""
        names = {self.mentee: "mentee", self.mentor: "mentor"}
        found = []
        for one in self.world.messages():
            if one.topic is not outbox.Topic.MAIL or one.due_at > self.world.at:
                continue
            outcome = notifications.deliver(one.id, self.world.at)
            if outcome is not None and one.kind.startswith("session-"):
                found.append(
                    (one.kind.removeprefix("session-"), names[one.payload["recipient"]], outcome.value)
                )
        return found


def a_meeting(
    scene: Scene, mentor: dict[str, Any] | None = None, mentee: dict[str, Any] | None = None
) -> Meeting:
    world = scene.world
    world.at = START
    mentor_id = world.person({**MENTOR_PROFILE, **(mentor or {})}, name="Claire Tremblay")
    mentee_id = world.person({**MENTEE_PROFILE, **(mentee or {})}, locale="fr")
    return Meeting(scene, mentee_id, mentor_id, pair(scene, mentee_id, mentor_id))


def pair(scene: Scene, mentee: str, mentor: str) -> str:
    """Have a mentorship begin, without the match and the answers that lead to it."""
    world = scene.world
    found = people.get_people_and_profiles([mentee, mentor])
    cards = [card_of(*found[mentee], Side.MENTEE), card_of(*found[mentor], Side.MENTOR)]
    call = world.call(mentor)
    mentorship = Mentorship(
        call.new_id(), scene.programme, scene.organisation, call.new_id(), cards[0], cards[1], world.at,
        created_at=world.at,
    )  # fmt: skip
    world.write(*running_store.put_mentorship(mentorship, None, world.at))
    return mentorship.id


def change(meeting: Meeting, **fields: Any) -> None:
    """Make the mentorship another than it is, past what leads to it."""
    before = running_store.get_mentorship(meeting.mentee, meeting.id)
    assert before is not None
    after = replace(before, **fields)
    meeting.world.write(*running_store.put_mentorship(after, None, meeting.world.at))


def code(reply: Reply) -> str:
    return str(reply.json["type"].rpartition("/")[2])


def pointers(reply: Reply) -> dict[str, str]:
    return {one["pointer"]: one["detail"] for one in reply.json["errors"]}
