"""Programmes, enrolments and the directory over HTTP."""

from dataclasses import dataclass

import pytest

from chalicelib.people import service as people_service
from chalicelib.people.model import PersonStatus
from chalicelib.programmes import directory, service
from chalicelib.programmes.model import CapacityInUse, NoPlaceLeft, Side
from tests.support.world import MENTOR_PROFILE, World


@dataclass
class Scene:
    world: World
    organisation: str
    coordinator: str
    programme: str

    def enrol(self, person: str, role: str, by: str | None = None, **body: int):
        path = f"/v1/programmes/{self.programme}/enrolments/{person}"
        return self.world.put(path, {"role": role, **body}, by=by or person)


@pytest.fixture
def scene(world: World) -> Scene:
    organisation = world.organisation()
    coordinator = world.coordinator(organisation)
    body = {"organisation_id": organisation, "name": "Hearts across borders"}
    answer = world.post("/v1/programmes", body, by=coordinator)
    assert answer.status == 201, answer.text
    return Scene(world, organisation, coordinator, answer.json["id"])


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
        world.write(service.hold_place(elsewhere, Side.MENTOR, mentor, world.at))
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
        world.write(service.hold_place(scene.programme, Side.MENTOR, mentor, world.at))

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
        world.write(service.hold_place(scene.programme, Side.MENTOR, mentor, world.at))
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


class TestDirectory:
    @pytest.fixture
    def mentee(self, scene: Scene) -> str:
        mentee = scene.world.mentee()
        scene.enrol(mentee, "mentee")
        return mentee

    def search(self, scene: Scene, by: str, **query: str) -> list[str]:
        answer = scene.world.get(f"/v1/programmes/{scene.programme}/mentors", by=by, query=query)
        assert answer.status == 200, answer.text
        assert "@" not in answer.text
        assert "email" not in answer.text
        return [one["person_id"] for one in answer.json["items"]]

    def test_a_verified_mentor_with_a_place_is_found_by_each_facet(self, scene: Scene, mentee: str) -> None:
        mentor = scene.world.mentor()
        scene.enrol(mentor, "mentor")
        for query in (
            {}, {"specialty": "cardiology"}, {"language": "fr"}, {"language": "fr-CA"}, {"country": "CAN"},
            {"topic": "Heart  Failure"}, {"specialty": "cardiology", "language": "en", "country": "CA"},
        ):  # fmt: skip
            assert self.search(scene, mentee, **query) == [mentor]
        for query in ({"specialty": "neurology"}, {"language": "sw"}, {"country": "KE"}, {"topic": "asthma"}):
            assert self.search(scene, mentee, **query) == []

    def test_the_unverified_the_hidden_the_full_and_the_gone_are_not_listed(
        self, scene: Scene, mentee: str
    ) -> None:
        world = scene.world
        unverified = world.person(MENTOR_PROFILE)
        invited = world.person(
            MENTOR_PROFILE, status=PersonStatus.INVITED, verified_until=world.at.replace(year=2030)
        )
        hidden, full, gone = world.mentor(visible=False), world.mentor(), world.mentor()
        for one in (unverified, hidden, full, gone, invited):
            assert scene.enrol(one, "mentor", by=scene.coordinator, capacity=1).status == 200
        world.write(service.hold_place(scene.programme, Side.MENTOR, full, world.at))
        world.delete(f"/v1/programmes/{scene.programme}/enrolments/{gone}", by=gone, query={"role": "mentor"})
        assert self.search(scene, mentee) == []

    def test_a_verification_that_lapses_takes_the_mentor_off(self, scene: Scene, mentee: str) -> None:
        mentor = scene.world.mentor()
        scene.enrol(mentor, "mentor")
        assert self.search(scene, mentee) == [mentor]
        scene.world.pass_time(days=366)
        assert self.search(scene, mentee) == []

    def test_a_profile_change_moves_the_facets(self, scene: Scene, mentee: str) -> None:
        mentor = scene.world.mentor()
        scene.enrol(mentor, "mentor")
        scene.world.patch("/v1/me/profile", {"specialties": ["neurology"]}, by=mentor)
        # What is shown is the profile's own, at once; what it is found by follows.
        assert self.search(scene, mentee, specialty="cardiology") == []
        assert scene.world.follow_up() == ["profile-changed"]
        assert self.search(scene, mentee, specialty="neurology") == [mentor]
        assert self.search(scene, mentee, specialty="cardiology") == []
        scene.world.patch("/v1/me/profile", {"visible": False}, by=mentor)
        assert self.search(scene, mentee) == []
        scene.world.follow_up()
        scene.world.patch("/v1/me/profile", {"visible": True}, by=mentor)
        scene.world.follow_up()
        assert self.search(scene, mentee, specialty="neurology") == [mentor]

    def test_an_earlier_profile_never_takes_the_place_of_a_later_one(
        self, scene: Scene, mentee: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world, mentor = scene.world, scene.world.mentor()
        scene.enrol(mentor, "mentor")
        before = people_service.get_person_and_profile(mentor)
        world.patch("/v1/me/profile", {"specialties": ["neurology"]}, by=mentor)
        world.follow_up()
        with monkeypatch.context() as late:
            # A worker that read the profile before the change, and writes after the other.
            late.setattr(people_service, "get_person_and_profile", lambda _: before)
            service.relist(world.call("job:follow_up"), mentor)
        assert self.search(scene, mentee, specialty="neurology") == [mentor]

    def test_mentors_of_another_programme_neither_show_nor_thin_out_a_page(
        self, scene: Scene, mentee: str
    ) -> None:
        world = scene.world
        body = {"organisation_id": scene.organisation, "name": "Elsewhere"}
        elsewhere = world.post("/v1/programmes", body, by=scene.coordinator).json["id"]
        for _ in range(6):
            other = world.mentor()
            world.put(f"/v1/programmes/{elsewhere}/enrolments/{other}", {"role": "mentor"}, by=other)
        mentors = [world.mentor() for _ in range(2)]
        for one in mentors:
            scene.enrol(one, "mentor")
        path = f"/v1/programmes/{scene.programme}/mentors"
        page = world.get(path, by=mentee, query={"limit": "2", "specialty": "cardiology"}).json
        assert (sorted(one["person_id"] for one in page["items"]), page["next"]) == (sorted(mentors), None)

    def test_a_page_is_full_however_few_fit(
        self, scene: Scene, mentee: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(directory, "_FIRST_LOOK", 2)
        monkeypatch.setattr(directory, "_LONGEST_LOOK", 3)
        monkeypatch.setattr(directory, "_MENTORS_A_READ", 2)
        wanted = []
        for n in range(11):
            mentor = scene.world.mentor(specialties=["neurology"] if n % 3 == 0 else ["cardiology"])
            scene.enrol(mentor, "mentor")
            if n % 3 == 0:
                wanted.append(mentor)
        path = f"/v1/programmes/{scene.programme}/mentors"
        found, cursor = [], None
        for expected in (3, 1):
            query = {"limit": "3", "specialty": "neurology"} | ({"cursor": cursor} if cursor else {})
            page = scene.world.get(path, by=mentee, query=query).json
            assert len(page["items"]) == expected
            found += [one["person_id"] for one in page["items"]]
            cursor = page["next"]
        assert (found, cursor) == (sorted(wanted), None)

    def test_a_programme_that_is_over_has_no_directory_for_mentees(self, scene: Scene, mentee: str) -> None:
        world, path = scene.world, f"/v1/programmes/{scene.programme}"
        etag = world.get(path, by=scene.coordinator).etag
        world.patch(path, {"status": "ended"}, by=scene.coordinator, headers={"If-Match": etag})
        refused = world.get(f"{path}/mentors", by=mentee)
        assert (refused.status, refused.json["type"].rpartition("/")[2]) == (409, "programme-not-running")
        assert world.get(f"{path}/mentors", by=scene.coordinator).status == 200

    def test_a_block_either_way_hides_without_a_word(self, scene: Scene, mentee: str) -> None:
        world = scene.world
        blocks_me, i_block = world.mentor(), world.mentor()
        for one in (blocks_me, i_block):
            scene.enrol(one, "mentor")
        world.put(f"/v1/me/blocks/{mentee}", by=blocks_me)
        world.put(f"/v1/me/blocks/{i_block}", by=mentee)
        assert self.search(scene, mentee) == []

    def test_only_mentees_of_the_programme_and_its_staff_search(self, scene: Scene) -> None:
        world = scene.world
        path = f"/v1/programmes/{scene.programme}/mentors"
        refused = world.get(path, by=world.mentee())
        assert (refused.status, refused.json["type"].rpartition("/")[2]) == (409, "not-enrolled")
        assert world.get(path, by=scene.coordinator).status == 200

    def test_a_search_pages_to_the_end_with_nobody_twice(self, scene: Scene, mentee: str) -> None:
        mentors = [scene.world.mentor() for _ in range(7)]
        for one in mentors:
            scene.enrol(one, "mentor")
        seen, cursor = [], None
        for _ in range(10):
            query = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
            page = scene.world.get(f"/v1/programmes/{scene.programme}/mentors", by=mentee, query=query).json
            seen += [one["person_id"] for one in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert sorted(seen) == sorted(mentors)
        assert len(seen) == len(set(seen))
