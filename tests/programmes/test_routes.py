"""Programmes over HTTP."""

from tests.programmes.conftest import Scene


def test_a_programme_comes_with_stated_rules(scene: Scene) -> None:
    read = scene.world.get(f"/v1/programmes/{scene.programme}", by=scene.world.person())
    assert read.status == 200
    assert (read.json["proposal_days"], read.json["mentee_places"], read.json["max_capacity"]) == (7, 1, 5)
    assert (read.json["publish"], read.json["joining"], read.json["cadence"]) == ("auto", "open", "nightly")


def test_only_coordinators_of_the_organisation_create_and_change(scene: Scene) -> None:
    world = scene.world
    stranger = world.coordinator(world.organisation("Another"))
    reviewer = world.reviewer(scene.organisation)
    body = {"organisation_id": scene.organisation, "name": "X"}
    assert world.post("/v1/programmes", body, by=stranger).status == 404
    assert world.post("/v1/programmes", body, by=reviewer).status == 403
    change = {"name": "Renamed"}
    path, etag = f"/v1/programmes/{scene.programme}", {"If-Match": '"1"'}
    assert world.patch(path, change, by=stranger, headers=etag).status == 404
    assert world.patch(path, change, by=scene.coordinator).status == 428
    assert world.patch(path, change, by=scene.coordinator, headers={"If-Match": '"9"'}).status == 412
    done = world.patch(path, change, by=scene.coordinator, headers=etag)
    assert (done.status, done.json["name"], done.etag) == (200, "Renamed", '"2"')


def test_a_removal_of_rights_counts_at_the_next_request(scene: Scene) -> None:
    world = scene.world
    second = world.coordinator(scene.organisation)
    path = f"/v1/programmes/{scene.programme}/enrolments"
    assert world.get(path, by=second).status == 200
    removed = world.delete(f"/v1/organisations/{scene.organisation}/members/{second}", by=scene.coordinator)
    assert removed.status == 204
    assert world.get(path, by=second).status == 404


def test_drafts_are_seen_by_staff_alone(scene: Scene) -> None:
    world = scene.world
    body = {"organisation_id": scene.organisation, "name": "Not yet", "status": "draft"}
    draft = world.post("/v1/programmes", body, by=scene.coordinator).json["id"]
    assert world.get(f"/v1/programmes/{draft}", by=world.person()).status == 404
    assert world.get(f"/v1/programmes/{draft}", by=scene.coordinator).status == 200
    shown = [one["id"] for one in world.get("/v1/programmes", by=world.person()).json["items"]]
    assert shown == [scene.programme]
    query = {"organisation_id": scene.organisation}
    whole = world.get("/v1/programmes", by=scene.coordinator, query=query).json["items"]
    assert {one["id"] for one in whole} == {scene.programme, draft}
    assert world.get("/v1/programmes", by=world.person(), query=query).status == 404


def test_the_same_key_creates_one_programme_and_another_body_is_refused(scene: Scene) -> None:
    world = scene.world
    body = {"organisation_id": scene.organisation, "name": "Once"}
    key = {"Idempotency-Key": "5c1c"}
    first = world.post("/v1/programmes", body, by=scene.coordinator, headers=key)
    again = world.post("/v1/programmes", body, by=scene.coordinator, headers=key)
    assert (first.status, again.status) == (201, 201)
    assert first.json == again.json
    assert first.etag == again.etag
    assert again.headers["Idempotency-Replayed"] == "true"
    other = world.post("/v1/programmes", body | {"name": "Twice"}, by=scene.coordinator, headers=key)
    assert other.status == 422
    assert "another body" in other.json["detail"]
    listed = world.get("/v1/programmes", by=scene.coordinator, query={"organisation_id": scene.organisation})
    assert [one["name"] for one in listed.json["items"]].count("Once") == 1


def test_another_person_with_the_same_key_gets_their_own_answer(scene: Scene) -> None:
    world = scene.world
    body = {"organisation_id": scene.organisation, "name": "Once"}
    key = {"Idempotency-Key": "shared"}
    first = world.post("/v1/programmes", body, by=scene.coordinator, headers=key)
    second = world.post("/v1/programmes", body, by=world.coordinator(scene.organisation), headers=key)
    assert first.json["id"] != second.json["id"]


def test_an_answer_is_forgotten_after_a_day(scene: Scene) -> None:
    world = scene.world
    body = {"organisation_id": scene.organisation, "name": "Once"}
    key = {"Idempotency-Key": "old"}
    first = world.post("/v1/programmes", body, by=scene.coordinator, headers=key)
    world.pass_time(hours=25)
    second = world.post("/v1/programmes", body, by=scene.coordinator, headers=key)
    assert second.status == 201
    assert second.json["id"] != first.json["id"]
