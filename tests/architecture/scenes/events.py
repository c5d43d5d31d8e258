"""Scenes of speed events."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.architecture.scenes import Others, kept, mentee, scene, secret
from tests.architecture.scenes.organisations import FIRST
from tests.architecture.scenes.programmes import enrol, enrolled, staff_of
from tests.support.world import World

ALL = "/v1/programmes/{programme_id}/events"
EVENT = "/v1/events/{event_id}"
BEGINS = datetime(2026, 12, 2, 15, 0, tzinfo=UTC)


def _plan() -> dict[str, Any]:
    return {
        "title": secret("event"), "starts_at": "2026-12-02T15:00:00Z", "time_zone": "Africa/Nairobi",
        "mentor_seats": 2, "mentee_seats": 2, "rounds": 2, "link": "https://meet.example.org/canary",
    }  # fmt: skip


@kept
def planned(world: World) -> dict[str, Any]:
    given = enrolled(world)
    answer = world.post(ALL.format(**given["ids"]), _plan(), by=given["by"])
    assert answer.status == 201, answer.text
    return {**given, "ids": {**given["ids"], "event_id": answer.json["id"]}}


@kept
def seated(world: World) -> dict[str, Any]:
    """One with a mentor and a mentee, who asks ahead."""
    given = planned(world)
    path = EVENT.format(**given["ids"])
    for side in ("mentor", "mentee"):
        answer = world.post(f"{path}/places", {"side": side}, by=given[side])
        assert answer.status == 200, answer.text
    asked = world.put(f"{path}/questions", {"questions": [secret("question")]}, by=given["mentee"])
    assert asked.status == 200, asked.text
    return given


@kept
def published(world: World) -> dict[str, Any]:
    given = seated(world)
    answer = world.post(EVENT.format(**given["ids"]) + "/moves", {"move": "publish"}, by=given["by"])
    assert answer.status == 200, answer.text
    return given


def over(world: World) -> dict[str, Any]:
    """One whose mentor would like to go on."""
    given = published(world)
    world.at = BEGINS + timedelta(hours=1)
    path = EVENT.format(**given["ids"]) + f"/meetings/{given['mentee']}"
    answer = world.put(path, {"note": secret("note"), "go_on": True}, by=given["mentor"])
    assert answer.status == 200, answer.text
    return {**given, "ids": {**given["ids"], "person_id": given["mentor"]}}


def by_one(given: dict[str, Any], who: str, **more: Any) -> dict[str, Any]:
    return {"by": given[who], "ids": given["ids"], "others": Others.HIDDEN, **more}


@scene("POST", ALL)
def plan_event(world: World) -> dict[str, Any]:
    return {**staff_of(enrolled(world)), "body": _plan()}


@scene("GET", ALL)
def list_events(world: World) -> dict[str, Any]:
    return by_one(planned(world), "mentee")


@scene("GET", "/v1/events")
def my_events(world: World) -> dict[str, Any]:
    return {"by": seated(world)["mentee"]}


@scene("GET", EVENT)
def read_event(world: World) -> dict[str, Any]:
    return by_one(seated(world), "mentee")


@scene("PATCH", EVENT)
def change_event(world: World) -> dict[str, Any]:
    return {**staff_of(planned(world)), "body": {"title": secret("event")}, "headers": FIRST}


@scene("POST", EVENT + "/moves")
def move_event(world: World) -> dict[str, Any]:
    return {**staff_of(seated(world)), "body": {"move": "publish"}}


@scene("POST", EVENT + "/places")
def take_place(world: World) -> dict[str, Any]:
    return by_one(planned(world), "mentee", body={"side": "mentee"})


@scene("GET", EVENT + "/places")
def list_places(world: World) -> dict[str, Any]:
    return staff_of(seated(world))


@scene("POST", EVENT + "/places/{person_id}")
def move_place(world: World) -> dict[str, Any]:
    given = seated(world)
    another = mentee(world)
    enrol(world, given, another, "mentee")
    given["ids"] = {**given["ids"], "person_id": given["mentee"]}
    return by_one(given, "mentee", body={"move": "give_back"}, another=another)


@scene("GET", EVENT + "/timetable")
def read_timetable(world: World) -> dict[str, Any]:
    return by_one(published(world), "mentee")


@scene("GET", EVENT + "/clock")
def read_event_clock(world: World) -> dict[str, Any]:
    return by_one(published(world), "mentee")


@scene("GET", EVENT + "/questions")
def read_questions(world: World) -> dict[str, Any]:
    return by_one(published(world), "mentor")


@scene("PUT", EVENT + "/questions")
def ask_ahead(world: World) -> dict[str, Any]:
    return by_one(seated(world), "mentee", body={"questions": [secret("question")]})


@scene("GET", EVENT + "/meetings/{person_id}")
def read_meeting(world: World) -> dict[str, Any]:
    return by_one(over(world), "mentee")


@scene("PUT", EVENT + "/meetings/{person_id}")
def keep_meeting(world: World) -> dict[str, Any]:
    return by_one(over(world), "mentee", body={"note": secret("note"), "go_on": True})


FEEDBACK = {"satisfaction": 5, "learning": 4, "practice": 4, "balance": 5}


@scene("GET", EVENT + "/feedback")
def read_event_feedback(world: World) -> dict[str, Any]:
    return by_one(over(world), "mentee")


@scene("POST", EVENT + "/feedback")
def give_event_feedback(world: World) -> dict[str, Any]:
    return by_one(over(world), "mentee", body={**FEEDBACK, "comment": secret("comment")})
