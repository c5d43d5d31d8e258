"""A mentor's verification ends: mentorships go on for a grace, or pause; verified again, they go on."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.credentials import review
from chalicelib.credentials.decisions import RevokeReason
from chalicelib.credentials.jobs import expiry_notices
from chalicelib.kernel.clock import to_text
from chalicelib.mentorships import publishing, running_store, store
from chalicelib.mentorships.jobs import look_at_mentorships
from chalicelib.people import store as people_store
from chalicelib.people.model import Standing
from chalicelib.platform import tables
from chalicelib.programmes.model import Side
from tests.credentials.support import reject, revoke, submitted, verify
from tests.mentorships.pairs import (
    GRACE,
    NEXT,
    Pair,
    agree,
    ask,
    between,
    code,
    paired,
    resume_across_a_revocation,
)
from tests.mentorships.scene import Scene, fire, make_scene
from tests.mentorships.state import State, age_claims, crash_points
from tests.mentorships.test_expiry import OVER


@pytest.fixture
def pair(scene: Scene) -> Pair:
    return paired(scene)


def test_what_expired_goes_on_with_a_banner_and_a_task(pair: Pair) -> None:
    assert pair.shown() == ("active", None)
    pair.expire()
    banner = {"goes_on_until": to_text(OVER + GRACE), "loss": None, "may_resume": None}
    assert pair.shown() == pair.shown(pair.mentor) == ("active", banner)
    assert pair.read(pair.scene.coordinator)["verification"] == {
        **banner, "loss": "expired", "may_resume": False,
    }  # fmt: skip
    (task,) = pair.tasks()
    assert (task["reason"], task["mentorship_id"], task["due_at"]) == (
        "verification_expired", pair.id, to_text(OVER + GRACE),
    )  # fmt: skip
    assert (task["mentor"]["name"], task["mentee"]["name"]) == ("Claire Tremblay", "Amina Otieno")
    assert set(pair.mails()) == pair.both("mentorship-in-grace")
    assert pair.scene.free() == {pair.mentor: 1, pair.mentee: 0}, "both keep their place"
    before = State().told()
    fire(expiry_notices)
    assert pair.world.follow_up() == []
    assert State().told() == before


@pytest.mark.parametrize("days", [0, 3])
def test_the_programme_sets_the_grace(scene: Scene, days: int) -> None:
    scene.change_programme(grace_days=days)
    pair = paired(scene)
    pair.expire()
    assert pair.shown()[0] == ("active" if days else "paused")
    assert {kind for kind, _ in pair.mails()} == {"mentorship-in-grace" if days else "mentorship-paused"}
    assert pair.tasks()[0]["due_at"] == to_text(OVER + timedelta(days=days))


def test_it_pauses_at_the_end_of_the_grace_whenever_the_job_comes(pair: Pair) -> None:
    world = pair.world
    pair.expire()
    world.at = OVER + GRACE - timedelta(seconds=1)
    fire(look_at_mentorships)
    assert pair.shown()[0] == "active"
    world.at = OVER + GRACE
    assert pair.shown()[0] == "paused", "whether or not the job has come by"
    world.pass_time(days=2)
    fire(look_at_mentorships)
    assert pair.shown() == ("paused", {"goes_on_until": None, "loss": None, "may_resume": None})
    assert set(pair.mails("mentorship-paused")) == pair.both("mentorship-paused")
    assert len(pair.tasks()) == 1
    assert pair.scene.free() == {pair.mentor: 1, pair.mentee: 0}, "the pair keeps its places"
    before = State().told()
    fire(look_at_mentorships)
    assert State().told() == before


def test_what_no_news_has_brought_the_daily_look_finds(pair: Pair) -> None:
    world = pair.world
    world.at = OVER + timedelta(days=1)
    fire(look_at_mentorships)
    assert pair.shown()[1]["goes_on_until"] == to_text(OVER + GRACE), "the grace runs from the expiry"
    assert len(pair.tasks()) == 1


def test_nights_missed_for_longer_than_the_grace_pause_at_once(pair: Pair) -> None:
    pair.world.at = OVER + GRACE + timedelta(days=3)
    fire(look_at_mentorships)
    assert pair.shown()[0] == "paused"
    assert {kind for kind, _ in pair.mails()} == {"mentorship-paused"}


def test_the_look_moves_on_to_where_a_longer_standing_ends(pair: Pair) -> None:
    world = pair.world
    world.pass_time(hours=1)
    fire(look_at_mentorships)
    assert [one.due_at for one in running_store.due_looks(OVER)] == [OVER]
    pair.verify_again()
    world.at = OVER + timedelta(days=1)
    fire(look_at_mentorships)
    assert pair.shown() == ("active", None)
    assert list(running_store.due_looks(OVER + timedelta(days=300))) == []


def test_verified_in_the_grace_banner_and_task_go(pair: Pair) -> None:
    pair.expire()
    pair.world.pass_time(days=5)
    pair.verify_again()
    assert pair.world.follow_up() == ["standing-regained"]
    assert pair.shown() == ("active", None)
    assert pair.tasks() == []
    (done,) = pair.tasks("done")
    assert (done["status"], done["ended"], done["done_at"]) == ("done", "renewed", to_text(pair.world.at))
    assert pair.mails("mentorship-paused", "mentorship-resumed") == []
    pair.world.at = OVER + GRACE + timedelta(days=1)
    fire(look_at_mentorships)
    assert pair.shown() == ("active", None)


def test_verified_after_the_pause_it_goes_on_by_itself(pair: Pair) -> None:
    pair.expire()
    pair.world.at = OVER + GRACE + timedelta(days=1)
    fire(look_at_mentorships)
    pair.verify_again()
    pair.world.follow_up()
    assert pair.shown() == ("active", None)
    assert set(pair.mails("mentorship-resumed")) == pair.both("mentorship-resumed")
    assert [one["ended"] for one in pair.tasks("done")] == ["renewed"]


def test_it_may_lapse_again(pair: Pair) -> None:
    pair.expire()
    pair.verify_again("2027-01-31")
    pair.world.follow_up()
    pair.world.at = OVER + timedelta(days=100)
    fire(expiry_notices)
    pair.world.follow_up()
    assert pair.shown()[0] == "paused", "by the grace of the second expiry, which is over too"
    assert (len(pair.tasks()), len(pair.tasks("done"))) == (1, 1)


def test_a_revocation_pauses_at_once_and_a_coordinator_has_the_last_word(pair: Pair) -> None:
    scene, world = pair.scene, pair.world
    assert revoke(world, pair.credential, pair.reviewer, text="The stamp is forged.").status == 200
    assert code(pair.resume()) == "not-paused"
    assert "standing-lost" in world.follow_up()
    status, banner = pair.shown()
    assert (status, banner) == ("paused", {"goes_on_until": None, "loss": None, "may_resume": None})
    assert pair.read(scene.coordinator)["verification"]["loss"] == "refused"
    assert set(pair.mails()) == pair.both("mentorship-paused")
    (mail,) = world.messages("mentors-unverified")
    assert (mail.payload["recipient"], mail.payload["mentors"], mail.payload["paused"]) == (
        scene.coordinator, [pair.mentor], 1,
    )  # fmt: skip
    assert code(pair.resume()) == "mentor-not-verified"

    world.pass_time(days=2)
    pair.verify_again()
    world.follow_up()
    assert pair.shown()[0] == "paused", "a reviewer said no: it does not go on by itself"
    assert pair.read(scene.coordinator)["verification"]["may_resume"] is True
    assert [one["reason"] for one in pair.tasks()] == ["verified_again"]
    fire(look_at_mentorships)
    assert [one.payload["ready"] for one in world.messages("mentors-unverified")] == [0, 1]

    assert pair.resume().json["status"] == "active"
    assert pair.shown() == ("active", None)
    assert [one["ended"] for one in pair.tasks("done")] == ["resumed"]
    assert set(pair.mails("mentorship-resumed")) == pair.both("mentorship-resumed")
    assert code(pair.resume()) == "not-paused"
    world.pass_time(days=1)
    fire(look_at_mentorships)
    assert pair.shown() == ("active", None)


def test_nothing_of_why_reaches_the_mentee(pair: Pair) -> None:
    world = pair.world
    assert revoke(world, pair.credential, pair.reviewer, text="The stamp is forged.").status == 200
    world.follow_up()
    seen = [
        world.get(path, by=pair.mentee).text for path in ("/v1/me/mentorships", f"/v1/mentorships/{pair.id}")
    ]
    told = [str(one.payload) for one in world.messages() if one.payload.get("recipient") == pair.mentee]
    for text in [*seen, *told]:
        for word in ("forged", "suspended", "refused", "revoked", "A 10423", pair.credential):
            assert word not in text


def test_nobody_resumes_a_mentorship_of_their_own(pair: Pair) -> None:
    world, scene = pair.world, pair.scene
    assert revoke(world, pair.credential, pair.reviewer).status == 200
    world.follow_up()
    pair.verify_again()
    world.follow_up()
    path = f"/v1/organisations/{scene.organisation}/members/{pair.mentor}"
    assert world.put(path, {"roles": ["coordinator"]}, by=scene.coordinator).status == 200
    assert code(pair.resume(pair.mentor)) == "own-mentorship"
    assert pair.resume(pair.mentee).status == 404
    own = world.get(scene.path("tasks"), by=pair.mentor).json["items"]
    assert own == [], "it is for the others"
    assert pair.read(pair.mentor)["verification"]["loss"] is None


def order(pair: Pair, **body: Any) -> None:
    path = f"/v1/organisations/{pair.scene.organisation}/review-batches"
    said = {"reason": "A register was breached.", "person_id": pair.mentor, **body}
    assert pair.world.post(path, said, by=pair.scene.coordinator).status == 201
    pair.world.pass_time(minutes=1)
    pair.world.follow_up()
    pair.world.follow_up()


def test_what_a_batch_suspends_pauses_and_goes_on_once_it_is_verified(pair: Pair) -> None:
    order(pair, suspends=True)
    assert pair.shown()[0] == "paused"
    assert pair.read(pair.scene.coordinator)["verification"]["loss"] == "suspended"
    assert pair.world.messages("mentors-unverified") == [], (
        "a batch may be of hundreds: they are told together"
    )
    assert verify(pair.world, pair.credential, pair.reviewer).status == 200
    pair.world.follow_up()
    assert pair.shown() == ("active", None)


def test_what_a_batch_suspends_and_a_reviewer_rejects_waits_for_a_coordinator(pair: Pair) -> None:
    order(pair, suspends=True)
    assert reject(pair.world, pair.credential, pair.reviewer).status == 200
    pair.world.follow_up()
    assert [one["reason"] for one in pair.tasks()] == ["verification_refused"]
    pair.verify_again()
    pair.world.follow_up()
    assert pair.shown()[0] == "paused"


def test_what_its_owner_took_back_and_a_reviewer_then_revokes_waits_for_a_coordinator(pair: Pair) -> None:
    order(pair)
    assert pair.world.delete(f"/v1/me/credentials/{pair.credential}", by=pair.mentor).status == 204
    pair.world.follow_up()
    assert pair.read(pair.scene.coordinator)["verification"]["loss"] == "suspended"
    assert revoke(pair.world, pair.credential, pair.reviewer).status == 200
    pair.world.follow_up()
    assert [one["reason"] for one in pair.tasks()] == ["verification_refused"]
    pair.verify_again()
    pair.world.follow_up()
    assert pair.shown()[0] == "paused", "whoever refused does not resume"


def test_a_no_in_the_grace_ends_it_and_a_first_document_s_no_does_not(pair: Pair) -> None:
    world = pair.world
    order(pair)
    pair.expire()
    assert pair.shown()[0] == "active"
    new = submitted(
        world, pair.mentor, organisation_id=pair.scene.organisation, number="B 7", expires_on=NEXT
    )
    assert reject(world, new, pair.reviewer).status == 200
    world.follow_up()
    assert pair.shown()[0] == "active", "a slip in a new document takes nothing that was verified"
    assert reject(world, pair.credential, pair.reviewer).status == 200
    world.follow_up()
    assert pair.shown()[0] == "paused"
    assert [one["reason"] for one in pair.tasks()] == ["verification_refused"]


def test_lost_again_before_the_coordinator_has_spoken_there_is_nothing_to_speak_on(pair: Pair) -> None:
    world = pair.world
    assert revoke(world, pair.credential, pair.reviewer).status == 200
    world.follow_up()
    pair.verify_again("2026-12-24")
    world.follow_up()
    world.at = OVER + timedelta(days=60)
    fire(expiry_notices)
    world.follow_up()
    assert pair.read(pair.scene.coordinator)["verification"]["may_resume"] is False
    assert code(pair.resume()) == "mentor-not-verified"


def test_coordinators_hear_of_a_night_s_expiries_in_one_mail_a_programme(scene: Scene) -> None:
    world, first = scene.world, paired(scene)
    second = paired(scene, "Wanjiru Njeri")
    elsewhere = make_scene(world)
    elsewhere.enrol(first.mentor, "mentor", capacity=1)
    first.expire()
    assert world.messages("mentors-unverified") == []
    fire(look_at_mentorships)
    told = {one.payload["recipient"]: one.payload for one in world.messages("mentors-unverified")}
    assert set(told) == {scene.coordinator, elsewhere.coordinator}
    assert sorted(told[scene.coordinator]["mentors"]) == sorted([first.mentor, second.mentor])
    assert told[elsewhere.coordinator]["mentors"] == [first.mentor], (
        "a place is enough; nobody is paired there"
    )
    world.pass_time(days=1)
    fire(look_at_mentorships)
    assert len(world.messages("mentors-unverified")) == 2, "each once"
    world.at = OVER + GRACE
    fire(look_at_mentorships)
    (last,) = [one.payload for one in world.messages("mentors-unverified") if one.payload["paused"]]
    assert (last["recipient"], last["mentors"], last["paused"]) == (scene.coordinator, [], 2)


def test_a_missed_morning_is_told_by_the_next(pair: Pair) -> None:
    pair.expire()
    pair.world.pass_time(days=3)
    fire(look_at_mentorships)
    (mail,) = pair.world.messages("mentors-unverified")
    assert mail.payload["mentors"] == [pair.mentor]


@pytest.mark.parametrize("lose", ["revoked", "expired"])
def test_nobody_agrees_with_a_mentor_whose_standing_has_gone(scene: Scene, lose: str) -> None:
    """By the condition of the transaction: no news has been followed and no job has come by."""
    pair = paired(scene)
    mentee = scene.mentee()
    assert ask(scene, mentee, pair.mentor).status == 201
    if lose == "revoked":
        assert revoke(pair.world, pair.credential, pair.reviewer).status == 200
    else:
        pair.world.at = OVER
    (open_,) = [one for one in scene.proposals(pair.mentor) if one["status"] == "open"]
    refused = pair.world.post(f"/v1/proposals/{open_['id']}/accept", by=pair.mentor)
    assert code(refused) == "partner-not-available"
    assert code(ask(scene, scene.mentee(), pair.mentor)) == "mentor-not-available"
    assert scene.enrolment(mentee, Side.MENTEE).free == 0
    pair.world.follow_up()
    if lose == "revoked":
        assert scene.free()[pair.mentor] == 1, "the open proposal's place, and not the mentorship's"
        assert scene.free()[mentee] == 1


def test_a_run_proposes_nobody_whose_standing_goes_before_the_write(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would close the proposal has come by before there was one."""
    pair = paired(scene)
    mentee = scene.mentee()
    commit = publishing.commit

    def late(*given: Any) -> Any:
        monkeypatch.setattr(publishing, "commit", commit)
        review.revoke(pair.world.call(pair.reviewer), pair.credential, RevokeReason.SUSPENDED, "As of today.")
        pair.world.follow_up()
        return commit(*given)

    monkeypatch.setattr(publishing, "commit", late)
    run = scene.run(scene.match())
    assert (run["pairs_published"], run["pairs_skipped"]) == (0, 1)
    assert scene.proposals(mentee) == []
    assert (scene.free()[mentee], scene.free()[pair.mentor]) == (1, 1)


def test_a_verification_between_reading_and_pausing_wins(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    pair.expire()
    pair.world.at = OVER + GRACE
    between(monkeypatch, pair.verify_again)
    fire(look_at_mentorships)
    assert pair.shown() == ("active", None)
    assert pair.mails("mentorship-paused") == []


def test_a_revocation_between_reading_and_resuming_wins(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    resume_across_a_revocation(pair, monkeypatch)


def test_a_move_between_reading_and_the_next_look_is_not_covered(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job finds a standing, and a revocation is followed before it notes up to when."""
    world = pair.world

    def happens() -> None:
        assert revoke(world, pair.credential, pair.reviewer).status == 200
        world.write(people_store.set_standing(pair.mentor, Standing(None), world.at))

    between(monkeypatch, happens)
    fire(look_at_mentorships)
    assert pair.shown()[0] == "paused"
    world.follow_up()
    assert [one["reason"] for one in pair.tasks()] == ["verification_refused"]


def test_a_mentorship_that_went_meanwhile_moves_the_look_no_more(pair: Pair) -> None:
    read = tables.get(*running_store.mentorship_key(pair.id))
    assert read is not None
    old = running_store.mentorship_of(read)
    pair.expire()
    with pytest.raises(Exception, match="Read it again"):
        pair.world.write(running_store.put_look(old, OVER, pair.world.at), running_store.check_unmoved(old))


def test_the_follow_up_and_the_look_killed_at_any_write_end_the_same(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = paired(scene)
    agree(scene, scene.mentee(), pair.mentor)
    world = pair.world
    world.at = OVER + timedelta(hours=4)
    fire(expiry_notices)
    start = State()
    world.follow_up()
    whole = State().told()
    assert len(pair.tasks()) == 2
    for point in crash_points(monkeypatch, world.follow_up, start):
        age_claims()
        world.follow_up()
        assert State().told() == whole, point
    world.at = OVER + GRACE
    start = State()
    fire(look_at_mentorships)
    whole = _without_reasons(State().told())
    assert len(pair.mails("mentorship-paused")) == 4
    for point in crash_points(monkeypatch, lambda: fire(look_at_mentorships), start):
        fire(look_at_mentorships)
        assert _without_reasons(State().told()) == whole, point


def _without_reasons(told: dict[str, Any]) -> dict[str, Any]:
    """Leave out the ids of the coordinators' mails, which are new with each turn; how many there are stays."""
    found = {}
    for name, rows in told.items():
        mails = [row for row in rows if "mentors-unverified:" in row]
        found[name] = [row for row in rows if row not in mails], len(mails)
    return found


def test_a_proposal_of_the_pair_s_past_is_none_of_this(pair: Pair) -> None:
    pair.expire()
    (proposal,) = pair.scene.proposals(pair.mentee)
    assert proposal["status"] == "agreed"
    kept = tables.get(*store.pair_key(pair.scene.programme, pair.mentee, pair.mentor))
    assert kept is not None
    assert kept.standing == "mentored"
