"""Scenes of sessions."""

from datetime import timedelta
from typing import Any

from tests.architecture.scenes import Others, kept, scene, secret, somebody
from tests.architecture.scenes.mentorships import paired
from tests.support.world import World

PATH = "/v1/mentorships/{mentorship_id}/sessions"
ONE = PATH + "/{session_id}"
AGENDA = "/v1/mentorships/{mentorship_id}/agenda"
WAYS = "/v1/me/meeting-ways"
FEED = "/v1/me/calendar-feed"


def monday(world: World, hour: int = 13) -> str:
    """Return the Monday after next, when the pair of the scenes can both be met at 13:00 UTC, and at 3:00 neither."""
    day = world.at + timedelta(days=14 - world.at.weekday())
    return f"{day:%Y-%m-%d}T{hour:02d}:00:00Z"


@kept
def booked(world: World, *, outside: bool = False) -> dict[str, Any]:
    """Have a session booked, or proposed, by the mentee, and name it among the ids."""
    given = paired(world)
    path = PATH.format(**given["ids"])
    body = {"starts_at": monday(world, 3 if outside else 13), "outside_availability": outside}
    answer = world.post(path, body, by=given["mentee"])
    assert answer.status == 201, answer.text
    ids = {**given["ids"], "session_id": answer.json["id"]}
    return {**given, "ids": ids, "headers": {"If-Match": answer.etag}}


def by_mentor(given: dict[str, Any], **more: Any) -> dict[str, Any]:
    headers = given.get("headers", {})
    return {"by": given["mentor"], "ids": given["ids"], "others": Others.HIDDEN, "headers": headers, **more}


@scene("GET", "/v1/mentorships/{mentorship_id}/times")
def find_times(world: World) -> dict[str, Any]:
    return by_mentor(paired(world), query={"weeks": 6})


@scene("GET", PATH)
def list_sessions(world: World) -> dict[str, Any]:
    given = booked(world)
    return {"by": given["mentor"], "ids": given["ids"], "others": Others.HIDDEN}


@scene("POST", PATH)
def book_session(world: World) -> dict[str, Any]:
    return by_mentor(paired(world), body={"starts_at": monday(world)})


@scene("POST", "/v1/mentorships/{mentorship_id}/series")
def book_series(world: World) -> dict[str, Any]:
    body = {
        "starts": f"{monday(world)[:10]}T09:00",
        "time_zone": "America/Toronto",
        "rule": "FREQ=WEEKLY;COUNT=3",
    }
    return by_mentor(paired(world), body=body)


@scene("GET", ONE)
def read_session(world: World) -> dict[str, Any]:
    given = booked(world)
    return {"by": given["mentor"], "ids": given["ids"], "others": Others.HIDDEN}


@scene("POST", ONE + "/reschedule")
def reschedule_session(world: World) -> dict[str, Any]:
    return by_mentor(booked(world), body={"starts_at": monday(world, 14), "minutes": 45})


@scene("POST", ONE + "/cancel")
def cancel_session(world: World) -> dict[str, Any]:
    return by_mentor(booked(world), body={"text": secret("reason")})


@scene("POST", ONE + "/accept")
def accept_session(world: World) -> dict[str, Any]:
    return by_mentor(booked(world, outside=True), body={})


@scene("POST", ONE + "/decline")
def decline_session(world: World) -> dict[str, Any]:
    return by_mentor(booked(world, outside=True), body={"text": secret("reason")})


def on_agenda(world: World, given: dict[str, Any]) -> str:
    """Have the mentee put something on the agenda, and return its id."""
    path = AGENDA.format(**given["ids"])
    etag = world.get(path, by=given["mentee"]).etag
    body = {"items": [{"text": secret("item")}]}
    answer = world.put(path, body, by=given["mentee"], headers={"If-Match": etag})
    assert answer.status == 200, answer.text
    return str(answer.json["items"][-1]["id"])


@scene("GET", AGENDA)
def read_agenda(world: World) -> dict[str, Any]:
    given = paired(world)
    on_agenda(world, given)
    return by_mentor(given)


@scene("PUT", AGENDA)
def write_agenda(world: World) -> dict[str, Any]:
    given = paired(world)
    item = on_agenda(world, given)
    body = {"items": [{"text": secret("item")}, {"id": item, "text": secret("item")}]}
    return by_mentor({**given, "headers": {"If-Match": '"1"'}}, body=body)


@scene("PUT", ONE + "/notes")
def write_note(world: World) -> dict[str, Any]:
    given = booked(world)
    return {**by_mentor(given, body={"text": secret("note"), "shared": False}), "headers": {}}


@scene("PUT", ONE + "/actions")
def write_actions(world: World) -> dict[str, Any]:
    return by_mentor(booked(world), body={"items": [{"text": secret("action"), "owner": "mentee"}]})


@scene("PUT", ONE + "/attendance")
def say_attendance(world: World) -> dict[str, Any]:
    given = booked(world)
    item = on_agenda(world, given)
    world.at += timedelta(days=15)
    return by_mentor(given, body={"said": "met", "minutes": 50, "reached": [item]})


@scene("PUT", ONE + "/place")
def change_place(world: World) -> dict[str, Any]:
    given = booked(world)
    world.put(WAYS, {"chat": secret("chat")}, by=given["mentee"])
    return by_mentor(given, body={"channel": "chat"})


@scene("GET", WAYS)
def my_meeting_ways(world: World) -> dict[str, Any]:
    by = somebody(world)
    world.put(WAYS, {"chat": secret("chat")}, by=by)
    return {"by": by}


@scene("PUT", WAYS)
def write_meeting_ways(world: World) -> dict[str, Any]:
    body = {"link": "https://canary.example.org/room", "phone": "+254712345678", "chat": secret("chat")}
    return {"by": somebody(world), "body": body}


@scene("GET", FEED)
def my_calendar_feed(world: World) -> dict[str, Any]:
    return {"by": subscribed(world)[0]}


@scene("PUT", FEED)
def make_calendar_feed(world: World) -> dict[str, Any]:
    return {"by": subscribed(world)[0]}


@scene("DELETE", FEED)
def end_calendar_feed(world: World) -> dict[str, Any]:
    return {"by": subscribed(world)[0], "hand_over": lambda world, person: world.put(FEED, by=person)}


@scene("GET", "/v1/calendar-feeds/{feed}")
def calendar_feed(world: World) -> dict[str, Any]:
    given = booked(world)
    path = world.put(FEED, by=given["mentee"]).json["path"]
    return {"ids": {"feed": path.rpartition("/")[2]}, "others": Others.OPEN}


def subscribed(world: World) -> tuple[str, str]:
    """Have somebody make a feed; return who, and its path."""
    person = somebody(world)
    return person, world.put(FEED, by=person).json["path"]
