"""What others see of a mentor's verified credentials: in the directory, as of this very read."""

from typing import Any

from chalicelib.credentials import store
from chalicelib.people import service as people
from tests.credentials.support import LICENCE, reject, revoke, submitted, verify, want_more
from tests.support.world import World


class Office:
    """A mentee-led programme with a mentee who looks, a mentor, and a reviewer."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.organisation = world.organisation("Heart Alliance")
        self.coordinator = world.coordinator(self.organisation)
        self.reviewer = world.reviewer(self.organisation)
        self.mentor, self.mentee = world.mentor(), world.mentee()
        body = {
            "organisation_id": self.organisation, "name": "Cardiac nursing", "format": "one_to_one",
            "status": "active", "starts_on": "2026-01-01", "ends_on": "2036-01-01", "mentee_led": True,
            "mentee_places": 1, "max_capacity": 5, "joining": "open",
        }  # fmt: skip
        made = world.post("/v1/programmes", body, by=self.coordinator)
        assert made.status == 201, made.text
        self.programme = made.json["id"]
        for person, role in ((self.mentor, "mentor"), (self.mentee, "mentee")):
            path = f"/v1/programmes/{self.programme}/enrolments/{person}"
            joined = world.put(path, {"role": role}, by=person)
            assert joined.status == 200, joined.text

    def verified(self, **fields: Any) -> str:
        credential = submitted(self.world, self.mentor, organisation_id=self.organisation, **fields)
        assert verify(self.world, credential, self.reviewer).status == 200
        return credential

    def badges(self) -> list[dict[str, Any]]:
        """Return the badges of the one mentor whom the mentee finds, and see that it costs no further read."""
        with self.world.counted() as calls:
            found = self.world.get(f"/v1/programmes/{self.programme}/mentors", by=self.mentee)
        assert calls == ["Query", "BatchGetItem"]
        for hidden in (LICENCE["number"], LICENCE["name_on_document"], "B 2"):
            assert hidden not in found.text
        (card,) = found.json["items"]
        return card["badges"]


def test_a_badge_says_what_was_verified_by_whom_and_until_when(world: World) -> None:
    office = Office(world)
    assert office.badges() == [], "who counts by a word from elsewhere wears nothing of ours"
    office.verified()
    verified_at = office.badges()[0]["verified_at"]
    assert office.badges() == [
        {
            "kind": "licence",
            "authority": LICENCE["authority"],
            "country": "KE",
            "organisation_id": office.organisation,
            "organisation": "Heart Alliance",
            "verified_at": verified_at,
            "until": "2028-02-29T21:00:00.000000Z",
            "profession": "2212",
            "meaning": "Licence to practise: Kenya (Specialist medical practitioners).",
        }
    ]


def test_of_several_those_are_worn_that_count_now(world: World) -> None:
    office = Office(world)
    office.verified(expires_on="2027-01-31")
    office.verified(number="B 2", kind="board_certification")
    assert [one["kind"] for one in office.badges()] == ["board_certification", "licence"]
    world.pass_time(days=100)
    assert [one["kind"] for one in office.badges()] == ["board_certification"], "no job has run"


def test_revocation_takes_the_badge_in_its_own_transaction(world: World) -> None:
    office = Office(world)
    first, _ = office.verified(), office.verified(number="B 2", kind="board_certification")
    assert len(office.badges()) == 2
    assert revoke(world, first, office.reviewer).status == 200
    assert [one["kind"] for one in office.badges()] == ["board_certification"]
    person = people.get_person(office.mentor)
    assert person is not None
    assert len(person.standing.badges) == 1, "it is gone from the row, not only from the view"


def test_a_case_reviewed_again_keeps_the_badge_of_what_was_verified(world: World) -> None:
    """Its person may give it another wording meanwhile, which nobody has verified."""
    office = Office(world)
    credential = office.verified()
    before = office.badges()
    path = f"/v1/organisations/{office.organisation}/review-batches"
    assert (
        world.post(path, {"person_id": office.mentor, "reason": "Again."}, by=office.coordinator).status
        == 201
    )
    world.follow_up()
    assert want_more(world, credential, office.reviewer).status == 200
    wording = {**LICENCE, "kind": "fellowship", "authority": "Another college"}
    assert world.put(f"/v1/me/credentials/{credential}", wording, by=office.mentor).status == 200
    assert office.badges() == before
    assert world.post(f"/v1/me/credentials/{credential}/submit", by=office.mentor).status == 200
    world.pass_time(minutes=1)
    assert office.badges() == before
    assert reject(world, credential, office.reviewer).status == 200
    assert store.get_file(office.mentor).badges == {}


def test_the_badge_of_what_is_verified_again_has_its_new_wording(world: World) -> None:
    office = Office(world)
    credential = office.verified()
    path = f"/v1/organisations/{office.organisation}/review-batches"
    assert (
        world.post(path, {"person_id": office.mentor, "reason": "Again."}, by=office.coordinator).status
        == 201
    )
    world.follow_up()
    assert want_more(world, credential, office.reviewer).status == 200
    wording = {**LICENCE, "authority": "Nursing Council of Kenya"}
    assert world.put(f"/v1/me/credentials/{credential}", wording, by=office.mentor).status == 200
    assert world.post(f"/v1/me/credentials/{credential}/submit", by=office.mentor).status == 200
    world.pass_time(minutes=1)
    assert verify(world, credential, office.reviewer).status == 200
    (badge,) = office.badges()
    assert badge["authority"] == "Nursing Council of Kenya"


def test_a_change_of_ones_name_loses_no_badge(world: World) -> None:
    office = Office(world)
    office.verified()
    before = office.badges()
    assert world.patch("/v1/me", {"given_name": "Another"}, by=office.mentor).status == 200
    assert office.badges() == before


def test_the_badge_has_the_name_that_its_organisation_had_then(world: World) -> None:
    office = Office(world)
    office.verified()
    renamed = {"name": "Lung Alliance"}
    path = f"/v1/organisations/{office.organisation}"
    version = {"If-Match": '"1"'}
    assert world.patch(path, renamed, by=office.coordinator, headers=version).status == 200
    assert office.badges()[0]["organisation"] == "Heart Alliance"
