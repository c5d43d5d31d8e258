"""Scenes of circles: their plan and forming, places, meetings and attendance."""

from typing import Any

from chalicelib.circles import store
from chalicelib.programmes.model import Side
from tests.architecture.scenes import PRIVATE, Others, kept, scene, secret
from tests.circles.ring import Ring, formed_of
from tests.support.world import World

PROGRAMME = "/v1/programmes/{programme_id}"
PLAN = PROGRAMME + "/circle-plan"
FORMING = PROGRAMME + "/circle-forming"
ONE = "/v1/circles/{circle_id}"
PLACES = ONE + "/places"
MEETINGS = ONE + "/meetings"
MEETING = MEETINGS + "/{meeting_id}"
THERE = MEETING + "/attendance"
TOPIC = "canary topic"
KEPT = ("organisation", "coordinator", "programme", "kind", "circle", "leads", "members")


def ring_of(world: World, given: dict[str, Any]) -> Ring:
    return Ring(world, **{name: given[name] for name in KEPT})


def kept_of(ring: Ring) -> dict[str, Any]:
    return {name: getattr(ring, name) for name in KEPT}


@kept
def programme(world: World) -> dict[str, Any]:
    """A programme with people who want a circle, and its plan."""
    organisation = world.organisation(secret("organisation"))
    coordinator = world.coordinator(organisation)
    body = {"organisation_id": organisation, "name": secret("programme")}
    made = world.post("/v1/programmes", body, by=coordinator)
    assert made.status == 201, made.text
    ring = Ring(world, organisation, coordinator, made.json["id"], "one_to_one")
    ring.leads = [ring.enrolled(Side.MENTOR, 2, **PRIVATE)]
    ring.members = [ring.enrolled(Side.MENTEE, **PRIVATE) for _ in range(3)]
    plan = world.put(
        PLAN.format(programme_id=ring.programme), {"least": 3, "topics": [TOPIC]}, by=coordinator
    )
    assert plan.status == 200, plan.text
    return kept_of(ring)


@kept
def ready(world: World) -> dict[str, Any]:
    """One with a forming that can be looked at."""
    given = programme(world)
    ring = ring_of(world, given)
    ring.form([formed_of(ring.leads, ring.members, topic=TOPIC)], topics=(TOPIC,))
    return given


@kept
def asked(world: World) -> dict[str, Any]:
    """A circle whose people are asked."""
    ring = ring_of(world, ready(world))
    assert ring.publish().status == 202
    ring.settle()
    (circle,) = store.every_circle(ring.programme)
    ring.circle = circle.id
    return kept_of(ring)


@kept
def met(world: World) -> dict[str, Any]:
    """A circle whose people came, with a meeting that can begin."""
    given = asked(world)
    ring = ring_of(world, given)
    for one in ring.people:
        assert ring.take(one).status == 200
    ring.settle()
    (path,) = ring.plan(on="2026-11-22", at="12:15", meetings=1, link="https://canary.example.org/room")
    item = {"title": secret("title"), "note": secret("note")}
    assert ring.step(path, "add_item", by=ring.members[0], **item).status == 200
    return {**given, "meeting": path.rpartition("/")[2]}


def by_staff(given: dict[str, Any], **more: Any) -> dict[str, Any]:
    ids = {"programme_id": given["programme"], "circle_id": given["circle"]}
    return {"by": given["coordinator"], "organisation": given["organisation"], "ids": ids, **more}


def by_lead(given: dict[str, Any], **more: Any) -> dict[str, Any]:
    return _by(given, given["leads"][0], **more)


def by_member(given: dict[str, Any], **more: Any) -> dict[str, Any]:
    return _by(given, given["members"][0], **more)


def _by(given: dict[str, Any], who: str, **more: Any) -> dict[str, Any]:
    ids = {
        "programme_id": given["programme"], "circle_id": given["circle"], "meeting_id": given.get("meeting", ""),
    }  # fmt: skip
    return {"by": who, "ids": ids, "others": Others.HIDDEN, **more}


def staff_of_one(given: dict[str, Any], **more: Any) -> dict[str, Any]:
    """By a coordinator, on a route for persons."""
    return _by(given, given["coordinator"], **more)


@scene("GET", PLAN)
def read_circle_plan(world: World) -> dict[str, Any]:
    return by_staff(programme(world))


@scene("PUT", PLAN)
def set_circle_plan(world: World) -> dict[str, Any]:
    return by_staff(programme(world), body={"topics": [TOPIC]})


@scene("GET", FORMING)
def read_circle_forming(world: World) -> dict[str, Any]:
    return by_staff(ready(world))


@scene("POST", FORMING)
def move_circle_forming(world: World) -> dict[str, Any]:
    given = ready(world)
    etag = world.get(FORMING.format(programme_id=given["programme"]), by=given["coordinator"]).etag
    return by_staff(given, body={"move": "publish"}, headers={"If-Match": etag})


@scene("GET", PROGRAMME + "/circles")
def list_circles(world: World) -> dict[str, Any]:
    return by_member(asked(world))


@scene("GET", "/v1/circles")
def my_circles(world: World) -> dict[str, Any]:
    return {"by": asked(world)["members"][0]}


@scene("GET", ONE)
def read_circle(world: World) -> dict[str, Any]:
    return by_member(met(world))


@scene("POST", ONE + "/moves")
def move_circle(world: World) -> dict[str, Any]:
    return staff_of_one(asked(world), body={"move": "close", "reason": secret("reason")})


@scene("PUT", PLACES)
def take_circle_place(world: World) -> dict[str, Any]:
    return by_member(asked(world))


@scene("DELETE", PLACES)
def give_up_circle_place(world: World) -> dict[str, Any]:
    return by_member(met(world))


@scene("POST", PLACES)
def give_circle_place(world: World) -> dict[str, Any]:
    given = met(world)
    person = ring_of(world, given).enrolled(Side.MENTEE, **PRIVATE)
    return staff_of_one(given, body={"move": "add", "person_id": person, "reason": secret("reason")})


@scene("GET", ONE + "/certificates")
def list_circle_certificates(world: World) -> dict[str, Any]:
    return staff_of_one(asked(world))


@scene("POST", MEETINGS)
def plan_circle_meetings(world: World) -> dict[str, Any]:
    body = {
        "on": "2026-12-02",
        "at": "15:00",
        "time_zone": "Africa/Nairobi",
        "link": "https://canary.example.org/a",
    }
    return by_lead(met(world), body=body)


@scene("GET", MEETINGS)
def list_circle_meetings(world: World) -> dict[str, Any]:
    return by_member(met(world))


@scene("GET", MEETING)
def read_circle_meeting(world: World) -> dict[str, Any]:
    return by_member(met(world))


@scene("PATCH", MEETING)
def change_circle_meeting(world: World) -> dict[str, Any]:
    given = met(world)
    etag = world.get(
        MEETING.format(circle_id=given["circle"], meeting_id=given["meeting"]), by=given["leads"][0]
    ).etag
    return by_lead(given, body={"on": "2026-12-03", "at": "15:00"}, headers={"If-Match": etag})


@scene("POST", MEETING + "/moves")
def move_circle_meeting(world: World) -> dict[str, Any]:
    return by_lead(met(world), body={"move": "begin"})


def ended(world: World) -> dict[str, Any]:
    """One whose meeting has ended."""
    given = met(world)
    ring = ring_of(world, given)
    path = MEETING.format(circle_id=ring.circle, meeting_id=given["meeting"])
    assert ring.step(path, "begin").status == 200
    assert ring.mark(path, ring.members[0]).status == 200
    world.pass_time(minutes=30)
    assert ring.step(path, "end").status == 200
    return given


@scene("POST", THERE)
def mark_circle_attendance(world: World) -> dict[str, Any]:
    return by_member(met(world), body={"kind": "join", "device": "page"})


@scene("GET", THERE)
def list_circle_attendance(world: World) -> dict[str, Any]:
    return by_lead(ended(world))


@scene("PUT", THERE)
def correct_circle_attendance(world: World) -> dict[str, Any]:
    given = ended(world)
    body = {"person_id": given["members"][0], "minutes": 20, "reason": secret("reason")}
    return by_lead(given, body=body)


@scene("GET", MEETING + "/feedback")
def read_circle_feedback(world: World) -> dict[str, Any]:
    return by_member(ended(world))


@scene("POST", MEETING + "/feedback")
def give_circle_feedback(world: World) -> dict[str, Any]:
    body = {"satisfaction": 5, "learning": 4, "practice": 4, "balance": 5, "comment": secret("comment")}
    return by_member(ended(world), body=body)
