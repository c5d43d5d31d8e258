"""Scenes of tele-mentoring series: their people, sites, sessions, clock and attendance."""

import json
from datetime import timedelta
from typing import Any

from chalicelib.attendance import zoom
from chalicelib.series import store
from chalicelib.series.model import Membership, SeriesPlace, SeriesRole
from tests.architecture.scenes import Others, address, scene, secret, somebody
from tests.architecture.scenes.organisations import FIRST, staffed
from tests.support.world import World

HUB = "/v1/organisations/{organisation_id}/series"
ONE = "/v1/series/{series_id}"
MINE = "/v1/me/series"
SESSIONS = ONE + "/sessions"
SESSION = SESSIONS + "/{session_id}"
THERE = SESSION + "/attendance"
CASES = ONE + "/cases"
CASE = CASES + "/{case_id}"
EVALUATION = ONE + "/evaluation"
HOOK = ONE + "/meeting-events"
KEY = "a-secret-of-the-calls"


def begun(world: World, **more: Any) -> dict[str, Any]:
    """Have a coordinator begin a series."""
    given = staffed(world)
    body = {
        "title": secret("series"), "description": secret("text"), "time_zone": "Africa/Nairobi", **more,
    }  # fmt: skip
    answer = world.post(HUB.format(organisation_id=given["organisation"]), body, by=given["by"])
    assert answer.status == 201, answer.text
    ids = {"organisation_id": given["organisation"], "series_id": answer.json["id"]}
    return {**given, "ids": ids, "others": Others.HIDDEN}


def joined(world: World, given: dict[str, Any], role: SeriesRole = SeriesRole.MEMBER) -> str:
    """Give somebody a place in it."""
    person = somebody(world)
    member = Membership(given["ids"]["series_id"], person, role, SeriesPlace.ACTIVE, since=world.at)
    world.write(store.put_member(member, world.at))
    return person


def planned(world: World) -> dict[str, Any]:
    """Plan a session of it, which begins in a quarter of an hour."""
    given = begun(world)
    # In a quarter of an hour, on Nairobi's clock.
    begins = world.at + timedelta(hours=3, minutes=30 - world.at.minute % 15)
    body = {
        "title": secret("session"), "on": str(begins.date()), "at": begins.strftime("%H:%M"),
        "template": "cardi_oh", "meeting": "932",
    }  # fmt: skip
    answer = world.post(SESSIONS.format(**given["ids"]), body, by=given["by"])
    assert answer.status == 201, answer.text
    return {**given, "ids": {**given["ids"], "session_id": answer.json["items"][0]["id"]}}


def attended(world: World) -> dict[str, Any]:
    """Have somebody join it, and hold it to its end."""
    given = planned(world)
    person = joined(world, given)
    for move in ("begin", None, "end"):
        if move is None:
            world.pass_time(minutes=1)
            reply = world.post(THERE.format(**given["ids"]), {"kind": "join", "device": "page"}, by=person)
            world.pass_time(minutes=20)
        else:
            reply = world.post(f"{SESSION.format(**given['ids'])}/moves", {"move": move}, by=given["by"])
        assert reply.status < 300, reply.text
    return {**given, "member": person, "ids": {**given["ids"], "person_id": person}}


def of(given: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"by": given["by"], "ids": given["ids"], "others": Others.HIDDEN, **more}


def event(world: World, person: str) -> dict[str, Any]:
    """Return a signed event of somebody who joins."""
    body = {
        "event": "meeting.participant_joined",
        "payload": {
            "object": {
                "id": "932",
                "participant": {
                    "user_id": "16778240", "user_name": secret("name"), "customer_key": person, "email": "",
                    "join_time": world.at.isoformat(),
                },
            }
        },
    }  # fmt: skip
    return {"body": body, "headers": signed(world, body)}


def signed(world: World, body: Any) -> dict[str, str]:
    stamp = str(int(world.at.timestamp()))
    return {
        "x-zm-request-timestamp": stamp,
        "x-zm-signature": zoom.sign(KEY, stamp, json.dumps(body).encode()),
    }


@scene("POST", HUB)
def create_series(world: World) -> dict[str, Any]:
    given = staffed(world)
    body = {"title": secret("series"), "time_zone": "Africa/Nairobi"}
    return {**given, "ids": {"organisation_id": given["organisation"]}, "body": body}


@scene("GET", HUB)
def list_series_of_hub(world: World) -> dict[str, Any]:
    given = begun(world)
    return {name: given[name] for name in ("organisation", "by", "ids")}


@scene("GET", "/v1/series")
def list_public_series(world: World) -> dict[str, Any]:
    begun(world, entry="public")
    return {"by": somebody(world), "others": Others.OPEN}


@scene("GET", ONE)
def read_series(world: World) -> dict[str, Any]:
    given = begun(world)
    return of(given, by=joined(world, given))


@scene("PATCH", ONE)
def change_series(world: World) -> dict[str, Any]:
    return of(begun(world), body={"title": secret("title")}, headers=FIRST)


@scene("GET", ONE + "/members")
def list_series_members(world: World) -> dict[str, Any]:
    given = begun(world)
    joined(world, given)
    return of(given)


@scene("POST", ONE + "/members")
def invite_to_series(world: World) -> dict[str, Any]:
    body = {"invitations": [{"email": address(), "given_name": secret("name")}]}
    return of(begun(world), body=body)


@scene("PATCH", ONE + "/members/{person_id}")
def change_series_member(world: World) -> dict[str, Any]:
    given = begun(world)
    ids = {**given["ids"], "person_id": joined(world, given)}
    return of(given, ids=ids, body={"role": "expert"})


@scene("DELETE", ONE + "/members/{person_id}")
def remove_series_member(world: World) -> dict[str, Any]:
    given = begun(world)
    return of(given, ids={**given["ids"], "person_id": joined(world, given)})


@scene("GET", MINE)
def my_series(world: World) -> dict[str, Any]:
    return {"by": joined(world, begun(world))}


@scene("GET", MINE + "/{series_id}")
def my_place_in_series(world: World) -> dict[str, Any]:
    given = begun(world)
    return of(given, by=joined(world, given))


@scene("PUT", MINE + "/{series_id}")
def join_series(world: World) -> dict[str, Any]:
    given = begun(world)
    person = somebody(world)
    member = Membership(
        given["ids"]["series_id"], person, SeriesRole.MEMBER, SeriesPlace.INVITED, since=world.at
    )
    world.write(store.put_member(member, world.at))
    return of(given, by=person, body={"role": "member"})


@scene("DELETE", MINE + "/{series_id}")
def leave_series(world: World) -> dict[str, Any]:
    given = begun(world)
    return of(given, by=joined(world, given))


@scene("GET", ONE + "/sites")
def list_sites(world: World) -> dict[str, Any]:
    given = begun(world)
    return of(given, by=joined(world, given))


@scene("POST", ONE + "/sites")
def add_site(world: World) -> dict[str, Any]:
    return of(begun(world), body={"name": secret("site"), "country": "KE"})


@scene("PATCH", ONE + "/sites/{site_id}")
def change_site(world: World) -> dict[str, Any]:
    given = begun(world)
    path = f"/v1/series/{given['ids']['series_id']}/sites"
    made = world.post(path, {"name": "x", "country": "KE"}, by=given["by"])
    return of({**given, "ids": {**given["ids"], "site_id": made.json["id"]}}, body={"name": secret("site")})


@scene("DELETE", ONE + "/sites/{site_id}")
def remove_site(world: World) -> dict[str, Any]:
    given = begun(world)
    path = f"/v1/series/{given['ids']['series_id']}/sites"
    made = world.post(path, {"name": "x", "country": "KE"}, by=given["by"])
    return of({**given, "ids": {**given["ids"], "site_id": made.json["id"]}})


@scene("POST", SESSIONS)
def plan_series_sessions(world: World) -> dict[str, Any]:
    body = {"title": secret("session"), "on": "2026-12-02", "at": "15:00", "template": "echo_ontario"}
    return of(begun(world), body=body)


@scene("GET", SESSIONS)
def list_series_sessions(world: World) -> dict[str, Any]:
    given = planned(world)
    return of(given, by=joined(world, given))


@scene("GET", SESSION)
def read_series_session(world: World) -> dict[str, Any]:
    given = planned(world)
    return of(given, by=joined(world, given))


@scene("PATCH", SESSION)
def change_series_session(world: World) -> dict[str, Any]:
    return of(planned(world), body={"title": secret("title")}, headers=FIRST)


@scene("GET", SESSION + "/clock")
def read_clock(world: World) -> dict[str, Any]:
    return of(planned(world))


@scene("POST", SESSION + "/moves")
def move_series_session(world: World) -> dict[str, Any]:
    return of(planned(world), body={"move": "begin"})


@scene("POST", THERE)
def mark_attendance(world: World) -> dict[str, Any]:
    given = planned(world)
    return of(given, by=joined(world, given), body={"kind": "join", "device": secret("device")})


@scene("GET", THERE)
def list_attendance(world: World) -> dict[str, Any]:
    return of(attended(world))


@scene("GET", SESSION + "/attendance.csv")
def attendance_csv(world: World) -> dict[str, Any]:
    return of(attended(world))


@scene("GET", THERE + "/{person_id}")
def read_attendance(world: World) -> dict[str, Any]:
    given = attended(world)
    return of(given, by=given["member"])


@scene("POST", THERE + "/{person_id}")
def correct_attendance(world: World) -> dict[str, Any]:
    return of(attended(world), body={"minutes": 10, "reason": secret("reason")})


def brought(world: World) -> dict[str, Any]:
    """Have a member bring a case."""
    given = begun(world)
    person = joined(world, given)
    body = {"title": secret("case"), "specialty": "cardiology"}
    answer = world.post(CASES.format(**given["ids"]), body, by=person)
    assert answer.status == 201, answer.text
    ids = {**given["ids"], "case_id": answer.json["id"]}
    return {**given, "by": person, "ids": ids, "owner": given["by"]}


@scene("POST", CASES)
def open_case(world: World) -> dict[str, Any]:
    given = begun(world)
    return of(given, by=joined(world, given), body={"title": secret("case"), "specialty": "cardiology"})


@scene("GET", CASES)
def list_cases(world: World) -> dict[str, Any]:
    return of(brought(world))


@scene("GET", CASE)
def read_case(world: World) -> dict[str, Any]:
    return of(brought(world))


@scene("PUT", CASE)
def write_case(world: World) -> dict[str, Any]:
    body = {"title": secret("case"), "age_band": "5_to_14", "sections": {"summary": secret("summary")}}
    return of(brought(world), body=body, headers=FIRST)


@scene("POST", CASE + "/moves")
def move_case(world: World) -> dict[str, Any]:
    return of(brought(world), body={"move": "withdraw"})


def asked(world: World) -> dict[str, Any]:
    """Have a series ask something before and after."""
    given = begun(world)
    answer = world.put(EVALUATION.format(**given["ids"]), {"items": [secret("item")]}, by=given["by"])
    assert answer.status == 200, answer.text
    return {**given, "by": joined(world, given), "owner": given["by"]}


@scene("PUT", EVALUATION)
def set_evaluation(world: World) -> dict[str, Any]:
    return of(begun(world), body={"items": [secret("item")]})


@scene("POST", EVALUATION)
def answer_evaluation(world: World) -> dict[str, Any]:
    return of(asked(world), body={"phase": "pre", "scores": [3]})


@scene("GET", EVALUATION)
def read_evaluation(world: World) -> dict[str, Any]:
    return of(asked(world))


def closed(world: World) -> dict[str, Any]:
    """Have its minutes be final."""
    given = attended(world)
    answer = world.post(f"{SESSION.format(**given['ids'])}/moves", {"move": "close"}, by=given["by"])
    assert answer.status == 200, answer.text
    return given


@scene("POST", ONE + "/certificates")
def award_series(world: World) -> dict[str, Any]:
    return of(closed(world))


@scene("GET", ONE + "/certificates")
def list_series_certificates(world: World) -> dict[str, Any]:
    given = closed(world)
    world.follow_up()
    answer = world.post((ONE + "/certificates").format(**given["ids"]), by=given["by"])
    assert answer.status == 202, answer.text
    world.follow_up()
    return of(given)


@scene("PUT", HOOK)
def set_meeting_secret(world: World) -> dict[str, Any]:
    return of(begun(world), body={"secret": "canary-secret-of-calls"})


@scene("POST", HOOK)
def hear_meeting_event(world: World) -> dict[str, Any]:
    given = planned(world)
    reply = world.put(HOOK.format(**given["ids"]), {"secret": KEY}, by=given["by"])
    assert reply.status == 204, reply.text
    person = joined(world, given)
    return {"ids": given["ids"], **event(world, person)}
