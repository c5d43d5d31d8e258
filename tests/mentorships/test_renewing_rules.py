"""Running mentorships follow what their programme asks for, and not whether anything at all verifies the mentor."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel.clock import to_text
from chalicelib.mentorships import running_store
from chalicelib.mentorships.jobs import look_at_mentorships
from chalicelib.notifications import facts
from chalicelib.notifications.model import Kind
from tests.credentials.support import revoke, submitted, verify
from tests.mentorships.pairs import GRACE, NEXT, Pair, between, code, paired, resume_across_a_revocation
from tests.mentorships.scene import Scene, fire, make_scene
from tests.mentorships.test_expiry import OVER


def asks_for(scene: Scene, *kinds: str, place: str = "anywhere") -> None:
    """Have the scene's programme ask for one of some kinds; for anything where none is named."""
    need = {"kinds": list(kinds), "place": place, "right_to_practise": False}
    rules = [{"professions": [], "requirements": [need]}] if kinds else []
    path = scene.path("what-counts")
    etag = scene.world.get(path, by=scene.coordinator).etag
    answer = scene.world.put(path, {"rules": rules}, by=scene.coordinator, headers={"If-Match": etag})
    assert answer.status == 200, answer.text


def holds_a_degree(pair: Pair) -> str:
    degree = submitted(
        pair.world, pair.mentor, organisation_id=pair.scene.organisation, kind="degree", number="D 1", expires_on=NEXT
    )  # fmt: skip
    assert verify(pair.world, degree, pair.reviewer, valid_until=NEXT).status == 200
    return degree


@pytest.fixture
def licensed(scene: Scene) -> Pair:
    """A pair in a programme that asks for a licence; a degree outlasts the mentor's."""
    asks_for(scene, "licence")
    pair = paired(scene)
    holds_a_degree(pair)
    pair.world.follow_up()
    return pair


def reasons(pair: Pair) -> list[str]:
    return [one["reason"] for one in pair.tasks()]


def test_a_licence_that_is_asked_for_expires_and_a_degree_does_not_stand_in(licensed: Pair) -> None:
    world, elsewhere = licensed.world, make_scene(licensed.world)
    elsewhere.enrol(licensed.mentor, "mentor", capacity=1)
    fire(look_at_mentorships)
    assert [one.due_at for one in running_store.due_looks(OVER)] == [OVER], (
        "the end of the verdict, not of all"
    )
    licensed.expire()
    assert licensed.shown()[1]["goes_on_until"] == to_text(OVER + GRACE)
    assert reasons(licensed) == ["verification_expired"]
    fire(look_at_mentorships)
    (mail,) = world.messages("mentors-unverified")
    assert (mail.payload["recipient"], mail.payload["mentors"]) == (
        licensed.scene.coordinator, [licensed.mentor],
    ), "nobody is told where anything counts"  # fmt: skip
    letter = facts.READERS[Kind.MENTORS_UNVERIFIED](mail, world.at)
    assert letter is not None
    assert "Claire Tremblay" in letter.facts.names  # type: ignore[union-attr]
    licensed.verify_again()
    assert world.follow_up() == ["standing-widened"]
    assert licensed.shown() == ("active", None)
    assert [one["ended"] for one in licensed.tasks("done")] == ["renewed"]


def test_without_news_the_daily_look_follows_the_verdict(licensed: Pair) -> None:
    licensed.world.at = OVER + timedelta(days=1)
    fire(look_at_mentorships)
    assert licensed.shown()[1]["goes_on_until"] == to_text(OVER + GRACE), "from the licence's end on"
    licensed.world.at = OVER + GRACE
    fire(look_at_mentorships)
    assert licensed.shown()[0] == "paused"
    assert code(licensed.resume()) == "mentor-not-verified"


def test_a_licence_that_is_asked_for_and_revoked_pauses_at_once(licensed: Pair) -> None:
    world, scene = licensed.world, licensed.scene
    assert revoke(world, licensed.credential, licensed.reviewer).status == 200
    assert "standing-narrowed" in world.follow_up()
    assert licensed.shown()[0] == "paused"
    assert reasons(licensed) == ["verification_refused"]
    (mail,) = world.messages("mentors-unverified")
    assert (mail.payload["mentors"], mail.payload["paused"]) == ([licensed.mentor], 1), "at once"
    assert code(licensed.resume()) == "mentor-not-verified", "a degree is not what the programme asks for"
    licensed.verify_again()
    world.follow_up()
    assert licensed.read(scene.coordinator)["verification"]["may_resume"] is True
    assert licensed.resume().json["status"] == "active"


def test_what_is_not_asked_for_and_revoked_takes_nothing(licensed: Pair) -> None:
    world = licensed.world
    licensed.expire()
    degree = degree_of(licensed)
    assert revoke(world, degree, licensed.reviewer).status == 200
    assert "standing-lost" in world.follow_up()
    assert licensed.shown()[1]["goes_on_until"] == to_text(OVER + GRACE), "the grace of the licence goes on"
    assert reasons(licensed) == ["verification_expired"]
    assert [one for one in world.messages("mentors-unverified") if one.payload["paused"]] == []


def degree_of(pair: Pair) -> str:
    """Return the id of the degree that the mentor has."""
    mine = pair.world.get("/v1/me/credentials", by=pair.mentor).json["items"]
    return str(next(one["id"] for one in mine if one["kind"] == "degree"))


@pytest.mark.parametrize("rules", [False, True])
def test_what_has_expired_and_turns_out_to_be_false_ends_the_grace(scene: Scene, rules: bool) -> None:
    if rules:
        asks_for(scene, "licence")
    pair = paired(scene)
    if rules:
        holds_a_degree(pair)
    pair.expire()
    assert pair.shown()[0] == "active"
    pair.world.pass_time(days=3)
    done = revoke(pair.world, pair.credential, pair.reviewer, reason="false_document")
    assert (done.status, done.json["status"]) == (200, "revoked")
    pair.world.follow_up()
    assert pair.shown()[0] == "paused"
    assert reasons(pair) == ["verification_refused"]
    assert set(pair.mails("mentorship-paused")) == pair.both("mentorship-paused")
    (mail,) = pair.world.messages("credential-revoked")
    assert mail.payload["recipient"] == pair.mentor


def test_other_rules_give_a_grace_from_the_change_on_and_taken_back_end_it(scene: Scene) -> None:
    pair = paired(scene)
    pair.world.pass_time(days=1)
    changed_at = pair.world.at
    asks_for(scene, "degree")
    pair.world.at += timedelta(minutes=20)
    assert "what-counts-changed" in pair.world.follow_up()
    assert pair.shown()[1]["goes_on_until"] == to_text(changed_at + GRACE)
    assert pair.read(scene.coordinator)["verification"]["loss"] == "unmet"
    assert reasons(pair) == ["verification_unmet"]
    asks_for(scene)
    pair.world.follow_up()
    assert pair.shown() == ("active", None)
    asks_for(scene, "degree")
    pair.world.follow_up()
    pair.world.at += GRACE + timedelta(hours=1)
    fire(look_at_mentorships)
    assert pair.shown()[0] == "paused"
    holds_a_degree(pair)
    pair.world.follow_up()
    assert pair.shown() == ("active", None), "what the new rules ask for has been verified"


def test_rules_that_are_set_back_after_an_expiry_have_a_grace_of_their_own(licensed: Pair) -> None:
    licensed.expire()
    asks_for(licensed.scene)
    licensed.world.follow_up()
    assert licensed.shown() == ("active", None)
    licensed.world.at = changed_at = OVER + GRACE + timedelta(days=9)
    asks_for(licensed.scene, "licence")
    licensed.world.follow_up()
    assert licensed.shown()[1]["goes_on_until"] == to_text(changed_at + GRACE)
    assert reasons(licensed) == ["verification_unmet"]


def test_who_moves_to_another_country_has_a_grace_and_who_comes_back_goes_on(scene: Scene) -> None:
    pair = paired(scene)

    def moves_to(country: str) -> None:
        profile: Any = pair.world.get("/v1/me/profile", by=pair.mentor)
        answer = pair.world.patch(
            "/v1/me/profile", {"country": country}, by=pair.mentor, headers={"If-Match": profile.etag}
        )
        assert answer.status == 200, answer.text
        pair.world.follow_up()

    moves_to("KE")
    asks_for(scene, "licence", place="country_of_practice")
    pair.world.follow_up()
    assert pair.shown() == ("active", None)
    moves_to("DE")
    assert reasons(pair) == ["verification_unmet"]
    moves_to("KE")
    assert pair.shown() == ("active", None)


@pytest.mark.parametrize("what", ["verified", "other rules"])
def test_what_the_verdict_rests_on_changes_between_reading_and_pausing(
    licensed: Pair, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    licensed.expire()
    licensed.world.at = OVER + GRACE
    if what == "verified":
        between(monkeypatch, licensed.verify_again)
    else:
        between(monkeypatch, lambda: asks_for(licensed.scene, "degree"))
    fire(look_at_mentorships)
    assert licensed.shown() == ("active", None)
    assert licensed.mails("mentorship-paused") == []


def test_a_revocation_of_what_is_asked_for_between_reading_and_resuming_wins(
    licensed: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    resume_across_a_revocation(licensed, monkeypatch)
