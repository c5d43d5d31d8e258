"""An agreement over HTTP: drafted, changed, signed by both, tried out, and nobody else's."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.credentials.kinds import Loss
from chalicelib.kernel.clock import to_text
from chalicelib.mentorships import renewing, running_store
from chalicelib.mentorships.agreements import service
from chalicelib.mentorships.agreements.model import Terms
from chalicelib.people import store as people_store
from chalicelib.people.model import Channel, Standing
from chalicelib.programmes.model import Side
from tests.mentorships.agreements.two import TERMS, Two, two_of
from tests.mentorships.pairs import between, code
from tests.mentorships.scene import Scene
from tests.mentorships.state import State


def pause(two: Two) -> None:
    """Have the mentor's credential be refused, which pauses the mentorship at once."""
    world = two.world
    world.write(people_store.set_standing(two.mentor, Standing(), world.at))
    why = renewing.Why(Loss.REFUSED, world.at)
    renewing.verification_ended(world.call("job:follow_up"), two.mentor, why, None)


def test_the_first_look_drafts_it_from_template_and_profiles(two: Two) -> None:
    drafted = two.read(two.mentor)
    assert (drafted["version"], drafted["written_by"], drafted["my_role"]) == (1, None, "mentor")
    terms = drafted["terms"]
    assert (terms["channels"], terms["fallback"], terms["languages"]) == (["chat", "video"], "chat", ["en"])
    assert (terms["rhythm"], terms["meeting_minutes"], terms["response_days"]) == ("fortnightly", 45, 3)
    assert terms["out_of_scope"] == ["patient_data", "care_decisions"]
    assert (drafted["missing"], drafted["in_force"], drafted["tried_out"]) == ([], None, False)
    assert two.read(two.mentee) == {**drafted, "my_role": "mentee"}
    before = State().told()
    two.read()
    assert State().told() == before, "once it is there, a look writes nothing"
    assert two.earlier() == []


def test_it_is_said_in_the_reader_s_language(two: Two) -> None:
    assert two.world.patch("/v1/me", {"locale": "fr"}, by=two.mentee).status == 200
    french, english = (
        {one["about"]: one for one in two.read(by)["in_words"]} for by in (two.mentee, two.mentor)
    )
    assert english["rhythm"]["sentences"] == ["We meet every two weeks for 45 minutes."]
    assert french["rhythm"]["sentences"] == [
        "Nous nous rencontrons toutes les deux semaines pendant 45 minutes."
    ]
    assert english["channels"]["sentences"] == [
        "In this order: chat; video call.",
        "Where the line is poor: chat.",
    ]
    assert english["languages"]["sentences"] == ["We speak English."]
    assert set(french) == set(english)
    for about, section in french.items():
        assert not set(section["sentences"]) & set(english[about]["sentences"]), about


def test_a_template_set_before_the_draft_shapes_it_and_one_set_later_does_not(scene: Scene) -> None:
    first, second = two_of(scene), two_of(scene)
    first.read()
    rules = {
        name: value for name, value in TERMS.items() if name not in ("channels", "fallback", "languages")
    }
    path = scene.path("agreement-template")
    assert scene.world.get(path, by=scene.coordinator).etag == '"0"'
    assert scene.world.put(path, rules, by=scene.coordinator, headers={"If-Match": '"0"'}).status == 200
    assert second.read()["terms"]["meeting_minutes"] == 30
    assert second.read()["terms"]["boundaries_note"] == "Not on Fridays."
    assert first.read()["terms"]["meeting_minutes"] == 45


def test_both_sign_the_same_version(two: Two) -> None:
    two.read()
    reply = two.sign(two.mentee, 1)
    assert reply.status == 200
    assert (reply.json["mentee_signed_at"], reply.json["mentor_signed_at"]) == (to_text(two.world.at), None)
    assert (reply.json["in_force"], two.mails("signed")) == (None, [])
    before = State().told()
    assert two.sign(two.mentee, 1).json == reply.json
    assert State().told() == before, "again, it does nothing"
    two.world.pass_time(hours=1)
    reply = two.sign(two.mentor, 1)
    assert (reply.json["in_force"], reply.json["mentor_signed_at"]) == (1, to_text(two.world.at))
    assert two.told("signed") == two.both
    assert len(two.mails("signed")) == 2


def test_a_change_makes_a_version_that_both_have_yet_to_sign(two: Two) -> None:
    two.read()
    two.sign(two.mentee, 1)
    two.sign(two.mentor, 1)
    two.world.pass_time(days=1)
    reply = two.change(two.mentor, 1)
    assert reply.status == 200, reply.text
    changed = reply.json
    assert (changed["version"], changed["written_by"], changed["in_force"]) == (2, "mentor", 1)
    assert (changed["mentor_signed_at"], changed["mentee_signed_at"]) == (None, None)
    assert changed["terms"] == {**TERMS, "boundaries": ["agreed_times", "no_money"]}, (
        "in the order of the list"
    )
    assert two.told("changed") == {two.mentee}, "who wrote it knows"
    (older,) = two.earlier(two.mentor)
    assert (older["version"], older["terms"]["meeting_minutes"]) == (1, 45)
    assert None not in (older["mentor_signed_at"], older["mentee_signed_at"])
    assert code(two.sign(two.mentee, 1)) == "agreement-rewritten"
    assert two.sign(two.mentee, 2).json["in_force"] == 1
    assert two.sign(two.mentor, 2).json["in_force"] == 2


def test_every_earlier_version_stays_readable_the_newest_first(two: Two) -> None:
    two.read()
    for n in range(1, 4):
        by = two.mentor if n % 2 else two.mentee
        assert two.change(by, n, meeting_minutes=30 + 5 * n).json["version"] == n + 1
    assert [one["version"] for one in two.earlier()] == [3, 2, 1]
    assert [one["terms"]["meeting_minutes"] for one in two.earlier()] == [40, 35, 45]
    assert [one["written_by"] for one in two.earlier()] == ["mentee", "mentor", None]
    page = two.world.get(f"{two.path}/versions", by=two.mentor, query={"limit": 2}).json
    rest = two.earlier(cursor=page["next"])
    assert [one["version"] for one in [*page["items"], *rest]] == [3, 2, 1]
    assert two.mails("changed") == [], "nobody had signed any"


def test_the_same_terms_again_make_no_version_and_take_no_signature(two: Two) -> None:
    two.read()
    two.change(two.mentor, 1)
    two.sign(two.mentee, 2)
    before = State().told()
    again = two.change(two.mentor, 2, out_of_scope=[], boundaries=["agreed_times", "no_money"])
    assert (again.status, again.json["version"]) == (200, 2)
    assert again.json["mentee_signed_at"] is not None
    assert State().told() == before


def test_a_stale_or_unnamed_version_is_refused(two: Two) -> None:
    two.read()
    assert two.change(two.mentor, 1).status == 200
    before = State().told()
    assert two.change(two.mentee, 1, meeting_minutes=60).status == 412
    assert two.world.put(two.path, TERMS, by=two.mentee).status == 428
    assert State().told() == before


def test_patient_data_cannot_be_taken_out_by_pair_or_programme(two: Two) -> None:
    two.read()
    assert two.change(two.mentor, 1, out_of_scope=["crisis"]).json["terms"]["out_of_scope"] == [
        "patient_data", "crisis",
    ]  # fmt: skip


@pytest.mark.parametrize(("changes", "pointer"), [
    ({"fallback": "video"}, "/fallback"),
    ({"languages": ["xx"]}, "/languages/0"),
    ({"channels": []}, "/channels"),
    ({"meeting_minutes": 33}, "/meeting_minutes"),
    ({"boundaries": ["anything"]}, "/boundaries/0"),
])  # fmt: skip
def test_what_does_not_fit_is_named(two: Two, changes: dict[str, Any], pointer: str) -> None:
    two.read()
    reply = two.change(two.mentor, 1, **changes)
    assert reply.status == 422
    assert [one["pointer"] for one in reply.json["errors"]] == [pointer]


def test_what_is_incomplete_cannot_be_signed(scene: Scene) -> None:
    two = two_of(scene, mentor={"channels": ["video", "chat"]}, mentee={"channels": ["video", "phone"]})
    assert two.read()["missing"] == ["fallback"]
    refused = two.sign(two.mentee, 1)
    assert code(refused) == "agreement-incomplete"
    assert "fallback" in refused.json["detail"]
    assert two.change(two.mentee, 1).status == 200
    assert two.sign(two.mentee, 2).status == 200


def test_each_tries_the_ways_to_meet_for_themselves(two: Two) -> None:
    two.read()
    assert two.try_out(two.mentor, video=True, chat=True).status == 200
    shown = two.try_out(two.mentee, video=False).json
    assert shown["trials"] == [
        {"channel": "chat", "mentor_works": True, "mentee_works": None},
        {"channel": "video", "mentor_works": True, "mentee_works": False},
    ]
    assert (shown["tried_out"], shown["first_working"], shown["version"]) == (False, None, 1)
    shown = two.try_out(two.mentee, chat=True).json
    assert (shown["tried_out"], shown["first_working"]) == (True, "chat")
    before = State().told()
    assert two.try_out(two.mentee, chat=True).status == 200
    assert State().told() == before
    refused = two.try_out(two.mentee, phone=True)
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/results/0/channel")


def test_what_each_says_of_themselves_is_for_the_other_and_takes_no_signature(two: Two) -> None:
    two.read()
    two.sign(two.mentor, 1)
    about = {"addressed_as": "Dr Otieno", "customs": "No calls on Fridays."}
    shown = two.world.put(f"{two.path}/about-me", about, by=two.mentee)
    assert (shown.status, shown.json["version"]) == (200, 1)
    seen = two.read(two.mentor)
    assert (seen["about_mentee"], seen["about_mentor"]) == (about, {"addressed_as": "", "customs": ""})
    assert seen["mentor_signed_at"] is not None
    to_coordinator = two.read(two.scene.coordinator)
    assert (to_coordinator["about_mentee"], to_coordinator["about_mentor"]) == (None, None)
    assert to_coordinator["my_role"] is None
    assert to_coordinator["terms"] == seen["terms"]


def test_coordinators_read_and_only_the_two_write(two: Two) -> None:
    two.read()
    coordinator = two.scene.coordinator
    assert two.earlier(coordinator) == []
    for refused in (
        two.change(coordinator, 1), two.sign(coordinator, 1), two.try_out(coordinator, chat=True),
        two.world.put(f"{two.path}/about-me", {"addressed_as": "x"}, by=coordinator),
    ):  # fmt: skip
        assert refused.status == 404


def test_a_paused_mentorship_s_agreement_is_read_and_not_changed(two: Two) -> None:
    two.read()
    pause(two)
    before = State().told()
    assert two.read()["version"] == 1
    for refused in (
        two.change(two.mentor, 1), two.sign(two.mentee, 1), two.try_out(two.mentee, chat=True),
        two.world.put(f"{two.path}/about-me", {"addressed_as": "x"}, by=two.mentee),
    ):  # fmt: skip
        assert (refused.status, code(refused)) == (409, "mentorship-not-under-way")
    assert State().told() == before


# What happens between reading and writing.


def test_of_two_signatures_at_the_same_moment_both_count_and_one_is_the_second(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.read()
    between(monkeypatch, lambda: two.sign_beside(two.mentor, 1), service)
    reply = two.sign(two.mentee, 1)
    assert (reply.status, reply.json["in_force"]) == (200, 1)
    assert None not in (reply.json["mentor_signed_at"], reply.json["mentee_signed_at"])
    assert len(two.mails("signed")) == 2


def rewrite(two: Two, by: str, version: int) -> Callable[[], None]:
    terms = Terms(channels=(Channel.CHAT,), fallback=Channel.CHAT, languages=("en",), meeting_minutes=20)

    def happens() -> None:
        service.change(two.world.call(by, if_match=version), two.id, terms)

    return happens


def test_a_change_that_comes_first_leaves_a_signature_without_its_version(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.read()
    two.sign(two.mentor, 1)
    between(monkeypatch, rewrite(two, two.mentor, 1), service)
    assert code(two.sign(two.mentee, 1)) == "agreement-rewritten"
    shown = two.read()
    assert (shown["version"], shown["in_force"], shown["mentor_signed_at"]) == (2, None, None)
    assert two.mails("signed") == []


def test_a_signature_that_comes_first_stays_with_the_version_that_was_changed(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.read()
    two.sign(two.mentor, 1)
    between(monkeypatch, lambda: two.sign_beside(two.mentee, 1), service)
    reply = two.change(two.mentor, 1)
    assert (reply.status, reply.json["version"], reply.json["in_force"]) == (200, 2, 1)
    (older,) = two.earlier()
    assert None not in (older["mentor_signed_at"], older["mentee_signed_at"])
    assert two.told("changed") == {two.mentee}


def test_of_two_changes_of_the_same_version_one_is_refused(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    two.read()
    between(monkeypatch, rewrite(two, two.mentee, 1), service)
    assert two.change(two.mentor, 1).status == 412
    assert two.read()["terms"]["meeting_minutes"] == 20
    assert [one["version"] for one in two.earlier()] == [1]


def test_nobody_signs_what_pauses_meanwhile(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    two.read()
    between(monkeypatch, lambda: pause(two), service)
    assert code(two.sign(two.mentee, 1)) == "mentorship-not-under-way"
    assert two.stored().wording.signed_at == {}


def test_of_two_first_looks_one_makes_the_draft(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    between(monkeypatch, lambda: drop(service.read(two.world.call(two.mentor), two.id)), service)
    assert two.read()["version"] == 1
    assert two.stored().version == 1


def drop(_: Any) -> None:
    """Forget what a service returned."""


def test_a_mentorship_forms_until_both_have_signed(two: Two) -> None:
    """In the transaction of the second signature, once; what is signed later anew changes nothing of it."""

    def state() -> tuple[str, int | None]:
        found = running_store.get_mentorship(two.mentee, two.id)
        assert found is not None
        return found.status.value, found.version

    two.read()
    begun = state()
    two.sign(two.mentee, 1)
    assert state() == begun
    assert begun[0] == "forming"
    two.sign(two.mentor, 1)
    active = state()
    assert active[0] == "active"
    two.sign(two.mentor, 1)
    assert two.change(two.mentor, 1).status == 200
    for person in (two.mentee, two.mentor):
        assert two.sign(person, 2).status == 200
    assert state() == active


def test_a_request_that_is_sent_again_is_answered_again(two: Two) -> None:
    """Also the first of all, which makes the draft by the way."""
    headers = {"Idempotency-Key": "a-key"}
    first = two.sign(two.mentee, 1, headers=headers)
    assert first.status == 200, first.text
    two.world.pass_time(minutes=1)
    assert two.change(two.mentor, 1).status == 200
    again = two.sign(two.mentee, 1, headers=headers)
    assert (again.status, again.text, again.headers["Idempotency-Replayed"]) == (200, first.text, "true")
    assert two.stored().wording.unsigned() == tuple(Side)


def test_both_profiles_may_say_nothing(two: Two) -> None:
    """The draft is then what the template says; the two fill in the rest."""
    for person in (two.mentor, two.mentee):
        cleared = {"channels": [], "languages": []}
        assert two.world.patch("/v1/me/profile", cleared, by=person).status == 200
    assert two.read()["missing"] == ["channels", "fallback", "languages"]
