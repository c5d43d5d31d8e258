"""Introductions over HTTP: who is asked when, who is told what, and what is a success."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.mentorships.introductions import store
from chalicelib.mentorships.introductions.model import TIME_TO_ANSWER
from chalicelib.mentorships.running import MentorshipStatus
from chalicelib.people import service as people
from tests.mentorships.goals.pair import BARE, code
from tests.mentorships.introductions.three import KNOWN, LISTED, Three


def test_both_say_yes_before_either_has_the_others_address(three: Three) -> None:
    pair = three.pair
    one = three.introduced()
    assert three.mails() == [("offered", "mentee")], "the mentee is asked first"
    assert three.world.get(f"/v1/introductions/{one}", by=three.third).status == 404
    assert three.listed(three.third) == []
    seen = three.read(one, pair.mentee)
    assert (seen["third"]["name"], seen["contact"], seen["waits_for"]) == ("Wanjiru Njeri", None, "mentee")

    assert three.say(one, pair.mentee).json["waits_for"] == "third"
    assert three.mails() == [("asked", "third"), ("offered", "mentee")]
    asked = three.read(one, three.third)
    assert (asked["role"], asked["mentee"]["name"], asked["contact"]) == ("third", "Amina Otieno", None)
    assert asked["mentorship_id"] is None, "the third has no part in the mentorship"
    for person in (pair.mentee, pair.mentor, three.third):
        assert three.listed(person) == [one]
        assert "@" not in str(three.read(one, person)), "no address before both have said yes"

    made = three.say(one, three.third).json
    mentee = people.get_person(pair.mentee)
    assert mentee is not None
    assert (made["status"], made["contact"]) == ("made", {"name": "Amina Otieno", "email": mentee.email})
    assert three.read(one, pair.mentee)["contact"] == {"name": "Wanjiru Njeri", "email": LISTED}
    assert "@" not in str(three.read(one, pair.mentor)), "whom they meet is the mentor's to know, no address"
    assert three.mails()[1:3] == [("made", "mentee"), ("made", "third")]
    assert three.successes() == ["introduction"]


def test_a_no_looks_like_silence_and_can_become_a_yes(three: Three) -> None:
    one, other = three.introduced(), three.introduced()
    three.say(one, three.pair.mentee, "no")
    assert three.read(one, three.pair.mentor)["waits_for"] == "mentee"
    assert three.say(other, three.pair.mentee).status == 200
    three.say(other, three.third, "no")
    for person in (three.pair.mentor, three.pair.mentee):
        seen = three.read(other, person)
        assert (seen["status"], seen["waits_for"]) == ("open", "third")
    assert three.read(other, three.third)["my_reply"] == "no"
    assert three.say(other, three.third).json["status"] == "made"
    three.world.at += TIME_TO_ANSWER
    assert three.read(one, three.pair.mentor)["status"] == "ended"
    assert three.successes() == ["introduction"]


def test_each_has_their_time_and_nothing_is_answered_after_it(three: Three) -> None:
    one, late = three.introduced(), three.introduced()
    three.world.at += TIME_TO_ANSWER - timedelta(seconds=1)
    assert three.say(one, three.pair.mentee).status == 200
    three.world.at += timedelta(seconds=1)
    assert code(three.say(late, three.pair.mentee)) == "introduction-over"
    three.world.at += TIME_TO_ANSWER - timedelta(seconds=2)
    assert three.read(one, three.third)["status"] == "open", "the third's time begins when they are asked"
    three.world.at += timedelta(seconds=1)
    assert code(three.say(one, three.third)) == "introduction-over"
    assert three.successes() == []


@pytest.mark.parametrize("who", ["mentor", "mentee"])
def test_it_can_be_taken_back_until_it_is_made(three: Three, who: str) -> None:
    by = three.pair.mentor if who == "mentor" else three.pair.mentee
    one = three.introduced()
    three.say(one, three.pair.mentee)
    assert three.say(one, by, "no").json["status"] == "ended"
    assert code(three.say(one, three.third)) == "introduction-over"


def test_an_address_tells_nobody_who_is_in_the_programme(three: Three) -> None:
    outsider = three.world.person(email="outside@example.org", name="Not Enrolled")
    mentee = people.get_person(three.pair.mentee)
    assert mentee is not None
    given = [KNOWN, "outside@example.org", "nobody@example.org", mentee.email]
    answers: list[Any] = []
    ids: list[str] = []
    for email in given:
        reply = three.introduce(email=email)
        assert reply.status == 201, reply.text
        answers.append({**reply.json, "id": None})
        ids.append(reply.json["id"])
    assert all(one == answers[0] for one in answers)
    assert answers[0]["third"] is None
    for one in ids:
        accepted = three.say(one, three.pair.mentee).json
        assert {**accepted, "id": None}["third"] is None, "nor is the mentee told before the third's yes"
    assert [mail for mail in three.mails() if mail[0] == "asked"] == [("asked", "known")]
    assert three.listed(outsider) == []
    assert three.say(ids[0], three.known).json["status"] == "made"
    assert three.read(ids[0], three.pair.mentee)["third"]["name"] == "Njoki Mwangi"


@pytest.mark.parametrize(
    ("blocker", "blocked"),
    [("third", "mentee"), ("third", "mentor"), ("mentee", "third"), ("mentor", "third")],
)
def test_across_a_block_nobody_is_introduced_nor_told_why(three: Three, blocker: str, blocked: str) -> None:
    ids = {"third": three.third, "mentee": three.pair.mentee, "mentor": three.pair.mentor}
    people.block(three.world.call(ids[blocker]), ids[blocked])
    assert code(three.introduce()) == "cannot-introduce"
    one = three.introduced(email=LISTED)
    three.say(one, three.pair.mentee)
    assert three.mails() == [("offered", "mentee")]


def test_who_blocks_after_they_were_asked_is_not_introduced(three: Three) -> None:
    one = three.introduced()
    three.say(one, three.pair.mentee)
    people.block(three.world.call(three.pair.mentee), three.third)
    assert code(three.say(one, three.third)) == "introduction-over"
    assert three.successes() == []


def test_who_has_blocked_somebody_is_led_to_them_by_no_introduction(three: Three) -> None:
    one = three.introduced()
    people.block(three.world.call(three.third), three.pair.mentee)
    three.say(one, three.pair.mentee)
    assert three.listed(three.third) == []
    assert three.world.get(f"/v1/introductions/{one}", by=three.third).status == 404
    people.unblock(three.world.call(three.third), three.pair.mentee)
    assert three.listed(three.third) == [one]


def test_who_is_not_in_the_directory_cannot_be_chosen_from_it(three: Three) -> None:
    elsewhere = three.world.mentor()
    assert code(three.introduce(person_id=elsewhere)) == "cannot-introduce"
    assert code(three.introduce(person_id=three.known)) == "cannot-introduce", "mentees are not listed"
    hidden = three.world.patch("/v1/me/profile", {"visible": False}, by=three.third)
    assert hidden.status == 200, hidden.text
    assert code(three.introduce()) == "cannot-introduce"
    assert three.introduce(person_id=three.pair.mentee).status == 422
    assert three.introduce(person_id=three.third, email=LISTED).status == 422


def test_the_mentor_introduces_while_the_two_can_meet(three: Three, monkeypatch: pytest.MonkeyPatch) -> None:
    assert code(three.introduce(by=three.pair.mentee)) == "not-the-mentor"
    assert three.introduce(by=three.third).status == 404
    monkeypatch.setattr(store, "MAX_EVER", 1)
    one = three.introduced()
    assert code(three.introduce()) == "too-many-introductions"
    three.pair.set_status(MentorshipStatus.PAUSED)
    assert code(three.introduce()) == "mentorship-not-under-way"
    three.pair.set_status(MentorshipStatus.CLOSED)
    three.say(one, three.pair.mentee)
    assert three.say(one, three.third).json["status"] == "made", "what was offered outlasts the mentorship"


def test_reached_goals_are_successes_with_their_note(three: Three) -> None:
    pair = three.pair
    goal = str(three.world.post(pair.path(), BARE, by=pair.mentee).json["id"])
    assert pair.move(goal, "reach", note="I did forty.").status == 200
    three.world.at += timedelta(days=1)
    one = three.introduced()
    three.say(one, pair.mentee)
    three.say(one, three.third)
    found = three.world.get(f"/v1/mentorships/{pair.id}/successes", by=pair.mentor).json["items"]
    assert [(one["kind"], one["note"]) for one in found] == [("introduction", ""), ("goal", "I did forty.")]
    for other in (pair.coordinator, three.third):
        assert three.world.get(f"/v1/mentorships/{pair.id}/successes", by=other).status == 404
