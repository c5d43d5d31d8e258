"""The directory of a programme's mentors over HTTP."""

import pytest

from chalicelib.people import service as people_service
from chalicelib.people.model import PersonStatus
from chalicelib.programmes import directory, service
from chalicelib.programmes.model import Side
from tests.programmes.conftest import Scene
from tests.support.world import MENTOR_PROFILE


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
        world.write(service.hold_place(scene.rules(), Side.MENTOR, full, world.at))
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
