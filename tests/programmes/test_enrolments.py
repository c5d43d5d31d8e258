"""Enrolments over HTTP, and the places that they count."""

import pytest

from chalicelib.programmes import service
from chalicelib.programmes.errors import CapacityInUse, NoPlaceLeft
from chalicelib.programmes.model import Side
from tests.programmes.conftest import Scene


def test_people_enrol_themselves_with_capacity(scene: Scene) -> None:
    world = scene.world
    mentor, mentee = world.mentor(), world.mentee()
    first = scene.enrol(mentor, "mentor")
    assert (first.status, first.json["capacity"], first.json["free"]) == (200, 2, 2)
    more = scene.enrol(mentor, "mentor", capacity=4)
    assert (more.json["capacity"], more.json["free"]) == (4, 4)
    assert scene.enrol(mentor, "mentor", capacity=6).status == 422
    assert scene.enrol(mentee, "mentee").json["capacity"] == 1
    assert scene.enrol(mentee, "mentee", capacity=3).status == 422
    mine = world.get("/v1/me/enrolments", by=mentor).json["items"]
    assert [(one["programme_id"], one["role"], one["capacity"]) for one in mine] == [
        (scene.programme, "mentor", 4)
    ]


def test_nobody_enrols_another_but_a_coordinator(scene: Scene) -> None:
    world = scene.world
    mentee = world.mentee()
    assert scene.enrol(mentee, "mentee", by=world.person()).status == 404
    assert scene.enrol(mentee, "mentee", by=world.coordinator(world.organisation("Other"))).status == 404
    assert scene.enrol(mentee, "mentee", by=scene.coordinator).status == 200


def test_another_organisations_people_are_invited_and_come_by_themselves(scene: Scene) -> None:
    world = scene.world
    mentor = world.mentor()
    scene.enrol(mentor, "mentor")
    other = world.organisation("Other")
    rival = world.coordinator(other)
    body = {"organisation_id": other, "name": "Elsewhere", "joining": "invitation"}
    elsewhere = world.post("/v1/programmes", body, by=rival).json["id"]
    path = f"/v1/programmes/{elsewhere}/enrolments"
    for _ in range(2):
        invited = world.put(f"{path}/{mentor}", {"role": "mentor", "capacity": 3}, by=rival)
        assert (invited.status, invited.json["status"]) == (200, "invited")
    assert [one.payload["recipient"] for one in world.messages("enrolment-invitation")] == [mentor]
    (listed,) = world.get(path, by=rival).json["items"]
    assert listed["name"] is None
    with pytest.raises(NoPlaceLeft):
        world.write(service.hold_place(service.get_programme(elsewhere), Side.MENTOR, mentor, world.at))
    came = world.put(f"{path}/{mentor}", {"role": "mentor"}, by=mentor)
    assert (came.status, came.json["status"]) == (200, "active")
    (listed,) = world.get(path, by=rival).json["items"]
    assert listed["name"] == "Claire Tremblay"
    changed = world.put(f"{path}/{mentor}", {"role": "mentor", "capacity": 4}, by=rival)
    assert (changed.json["status"], changed.json["capacity"]) == ("active", 4)


def test_who_left_is_not_fetched_back(scene: Scene) -> None:
    mentee = scene.world.mentee()
    scene.enrol(mentee, "mentee")
    path = f"/v1/programmes/{scene.programme}/enrolments/{mentee}"
    scene.world.delete(path, by=mentee, query={"role": "mentee"})
    world = scene.world
    for _ in range(2):
        assert scene.enrol(mentee, "mentee", by=scene.coordinator).json["status"] == "invited"
        world.delete(path, by=mentee, query={"role": "mentee"})
    # They are asked, but not each time that a coordinator tries.
    assert [one.payload["recipient"] for one in world.messages("enrolment-invitation")] == [mentee]
    world.pass_time(days=31)
    scene.enrol(mentee, "mentee", by=scene.coordinator)
    assert len(world.messages("enrolment-invitation")) == 2


def test_joining_by_invitation_is_left_to_coordinators(scene: Scene) -> None:
    world = scene.world
    body = {"organisation_id": scene.organisation, "name": "Closed", "joining": "invitation"}
    closed = world.post("/v1/programmes", body, by=scene.coordinator).json["id"]
    mentee = world.mentee()
    path = f"/v1/programmes/{closed}/enrolments/{mentee}"
    refused = world.put(path, {"role": "mentee"}, by=mentee)
    assert (refused.status, refused.json["type"].rpartition("/")[2]) == (403, "by-invitation")
    assert world.put(path, {"role": "mentee"}, by=scene.coordinator).status == 200


def test_a_programme_that_ended_takes_nobody(scene: Scene) -> None:
    world = scene.world
    body = {"organisation_id": scene.organisation, "name": "Past", "ends_on": "2026-11-23"}
    past = world.post("/v1/programmes", body, by=scene.coordinator).json["id"]
    world.pass_time(days=2)
    mentee = world.mentee()
    refused = world.put(f"/v1/programmes/{past}/enrolments/{mentee}", {"role": "mentee"}, by=mentee)
    assert (refused.status, refused.json["type"].rpartition("/")[2]) == (409, "programme-not-running")
    turned = {
        "organisation_id": scene.organisation,
        "name": "T",
        "starts_on": "2027-02-01",
        "ends_on": "2027-01-01",
    }
    answer = world.post("/v1/programmes", turned, by=scene.coordinator)
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, "/ends_on")
    assert (
        world.post("/v1/programmes", turned | {"ends_on": "2027-02-30"}, by=scene.coordinator).status == 422
    )


def test_places_are_counted_and_never_exceeded(scene: Scene) -> None:
    world = scene.world
    mentor = world.mentor()
    scene.enrol(mentor, "mentor", capacity=2)

    def hold() -> None:
        world.write(service.hold_place(scene.rules(), Side.MENTOR, mentor, world.at))

    hold()
    hold()
    with pytest.raises(NoPlaceLeft):
        hold()
    refused = scene.enrol(mentor, "mentor", capacity=1)
    assert (refused.status, refused.json["type"].rpartition("/")[2]) == (409, CapacityInUse.code)
    assert scene.enrol(mentor, "mentor", capacity=3).json["free"] == 1
    world.write(service.release_place(scene.programme, Side.MENTOR, mentor, world.at))
    assert scene.enrol(mentor, "mentor").json["free"] == 2


def test_leaving_takes_no_further_place_and_coming_back_is_possible(scene: Scene) -> None:
    world = scene.world
    mentor = world.mentor()
    scene.enrol(mentor, "mentor")
    path = f"/v1/programmes/{scene.programme}/enrolments/{mentor}"
    assert world.delete(path, by=mentor).status == 422
    assert world.delete(path, by=mentor, query={"role": "mentor"}).status == 204
    assert world.delete(path, by=mentor, query={"role": "mentor"}).status == 404
    with pytest.raises(NoPlaceLeft):
        world.write(service.hold_place(scene.rules(), Side.MENTOR, mentor, world.at))
    assert scene.enrol(mentor, "mentor").json["status"] == "active"


def test_coordinators_page_through_who_is_in(scene: Scene) -> None:
    world = scene.world
    people = {
        scene_person: scene.enrol(scene_person, "mentee")
        for scene_person in (world.mentee() for _ in range(5))
    }
    path = f"/v1/programmes/{scene.programme}/enrolments"
    seen, cursor = [], None
    for _ in range(10):
        query = {"limit": 2, "role": "mentee"} | ({"cursor": cursor} if cursor else {})
        page = world.get(path, by=scene.coordinator, query=query).json
        seen += [one["person_id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(people)
    assert "email" not in world.get(path, by=scene.coordinator).text
    assert world.get(path, by=scene.coordinator, query={"cursor": "rubbish"}).status == 422
    assert world.get(path, by=scene.coordinator, query={"limit": "0"}).status == 422
    assert world.get(path, by=next(iter(people))).status == 404
