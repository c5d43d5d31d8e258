"""Questions ahead, notes and wishes: who reads what, what comes of two wishes, and what nobody learns of one."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.events import model
from tests.events.scene import BEGINS, Event, code, published
from tests.support.world import World


def test_questions_are_read_by_the_mentors_whom_a_mentee_will_meet(world: World) -> None:
    event = published(world, 2, 2, rounds=1)
    mentee = event.mentees[0]
    mentor = event.other_of(mentee, 1)
    (other,) = set(event.mentors) - {mentor}
    asked = {"questions": ["How do I begin with research?"]}
    assert world.put(f"{event.path}/questions", asked, by=mentee).status == 200
    assert world.put(f"{event.path}/questions", asked, by=mentor).status == 404

    def read(who: str) -> list[Any]:
        return [one["questions"] for one in world.get(f"{event.path}/questions", by=who).json["items"]]

    assert read(mentee) == read(mentor) == [asked["questions"]]
    assert read(other) == []
    assert world.get(f"{event.path}/questions", by=event.coordinator).status == 404
    assert world.put(f"/v1/me/blocks/{mentee}", {}, by=mentor).status == 204
    assert read(mentor) == [], "hidden at once"
    event.over()
    assert world.put(f"{event.path}/questions", asked, by=mentee).status == 409


def test_what_was_asked_ahead_of_a_cancelled_event_is_its_authors_alone(world: World) -> None:
    event = published(world, 1, 1)
    asked = {"questions": ["How do I begin with research?"]}
    assert world.put(f"{event.path}/questions", asked, by=event.mentees[0]).status == 200
    event.moved("cancel", reason="The speaker is ill")
    mine = world.get(f"{event.path}/questions", by=event.mentees[0]).json["items"]
    assert [one["questions"] for one in mine] == [asked["questions"]]
    assert world.get(f"{event.path}/questions", by=event.mentors[0]).json["items"] == []


def test_a_question_that_identifies_a_patient_is_pointed_at(world: World) -> None:
    event = published(world, 1, 1, rounds=1)
    asked = {"questions": ["How to treat?", "My patient Mr. Kamau, born 3.5.1961, …"]}
    answer = world.put(f"{event.path}/questions", asked, by=event.mentees[0])
    assert (answer.status, code(answer)) == (422, "event-questions-identify")
    assert {one["pointer"] for one in answer.json["errors"]} == {"/questions/1"}
    assert "Kamau" not in answer.text


def met(event: Event) -> tuple[str, str]:
    """Return two who met in the first round, once the event is over."""
    mentee = event.mentees[0]
    mentor = event.other_of(mentee, 1)
    event.over()
    return mentee, mentor


def test_two_wishes_are_a_proposal_that_both_answer(world: World) -> None:
    event = published(world, 2, 2, rounds=1)
    mentee, mentor = met(event)
    first = event.kept(mentor, mentee, go_on=True, note="Send the reading list")
    assert first == {
        "person_id": mentee, "name": "Amina Otieno", "note": "Send the reading list", "go_on": True, "mutual": None,
    }  # fmt: skip
    second = event.kept(mentee, mentor, go_on=True)
    proposal = second["mutual"]["proposal_id"]
    assert (second["note"], second["mutual"]["obstacle"]) == ("", None)
    assert event.kept(mentor, mentee)["mutual"]["proposal_id"] == proposal
    for one in (mentee, mentor):
        (found,) = world.get("/v1/me/proposals", by=one).json["items"]
        assert (found["id"], found["status"], found["source"]) == (proposal, "open", "event")
    told = world.messages("event-mutual")
    assert sorted(one.payload["recipient"] for one in told) == sorted((mentee, mentor))
    assert world.messages("proposal-made") == [], "one mail tells of both"
    assert code(event.keep(mentee, mentor, go_on=False)) == "event-wish-stands"
    for one in (mentee, mentor):
        assert world.post(f"/v1/proposals/{proposal}/accept", by=one).status == 200


def test_nothing_that_another_reads_changes_with_a_wish_of_one(world: World) -> None:
    event = published(world, 2, 2, rounds=1)
    mentee, mentor = met(event)
    event.kept(mentor, mentee, note="x")

    def seen() -> list[tuple[str, str | None]]:
        paths = ("", "/clock", "/timetable", "/questions", f"/meetings/{mentee}")
        own = [world.get(event.path + path, by=mentor) for path in paths]
        staff = [
            world.get(event.path + path, by=event.coordinator)
            for path in ("", "/places", "/timetable", "/clock")
        ]
        return [(one.text, one.headers.get("ETag")) for one in (*own, *staff)]

    before, mails = seen(), [one.id for one in world.messages()]
    event.kept(mentee, mentor, go_on=True)
    assert seen() == before
    assert [one.id for one in world.messages()] == mails
    event.kept(mentee, mentor, go_on=False)
    event.kept(mentor, mentee, go_on=True)
    assert world.messages("event-mutual") == [], "what was taken back counts no more"


def test_a_wish_across_a_block_stays_unheard(world: World) -> None:
    event = published(world, 2, 2, rounds=1)
    mentee, mentor = met(event)
    event.kept(mentee, mentor, go_on=True)
    assert world.put(f"/v1/me/blocks/{mentor}", {}, by=mentee).status == 204
    assert event.kept(mentor, mentee, go_on=True)["mutual"] is None
    assert world.messages("event-mutual") == []


def test_what_stands_against_a_proposal_is_told_to_both_and_saying_it_again_tries_anew(world: World) -> None:
    event = published(world, 2, 2, rounds=2)
    mentee = event.mentees[0]
    mentors = [event.other_of(mentee, 1), event.other_of(mentee, 2)]
    event.over()
    for mentor in mentors:
        event.kept(mentor, mentee, go_on=True)
    event.kept(mentee, mentors[0], go_on=True)
    full = event.kept(mentee, mentors[1], go_on=True)
    assert full["mutual"] == {"proposal_id": None, "obstacle": "no-place-left"}
    assert event.kept(mentors[1], mentee)["mutual"]["obstacle"] == "no-place-left"
    assert len(world.messages("event-mutual")) == 4
    event.kept(mentee, mentors[1], go_on=True)
    assert len(world.messages("event-mutual")) == 4, "the same is told once"
    (open_one,) = world.get("/v1/me/proposals", by=mentee).json["items"]
    body = {"reason": "no_time"}
    assert world.post(f"/v1/proposals/{open_one['id']}/decline", body, by=mentee).status == 200
    again = event.kept(mentors[1], mentee, go_on=True)
    assert again["mutual"]["proposal_id"]
    assert len(world.messages("event-mutual")) == 6


def test_only_who_met_keeps_anything_of_a_meeting(world: World) -> None:
    event = published(world, 2, 2, rounds=1)
    mentee = event.mentees[0]
    mentor = event.other_of(mentee, 1)
    (stranger,) = set(event.mentors) - {mentor}
    event.into_round(1)
    assert event.keep(mentee, mentor, go_on=True).status == 404, "it is not over"
    event.told(mentee, "missing", mentor)
    event.over()
    for other in (mentor, stranger, mentee):
        assert event.keep(mentee, other, go_on=True).status == 404


def closed(event: Event) -> None:
    event.world.at = BEGINS + timedelta(days=2)
    event.moved("close")
    event.world.follow_up()


def test_an_event_is_closed_a_day_after_its_end_and_takes_no_wishes_then(world: World) -> None:
    event = published(world, 2, 2, rounds=1)
    mentee, mentor = met(event)
    assert event.move("close").status == 409
    closed(event)
    assert event.keep(mentee, mentor, note="Read it again").status == 200
    assert code(event.keep(mentee, mentor, go_on=True)) == "event-not-so"


def test_an_event_that_nobody_closes_closes_itself(world: World) -> None:
    event = published(world, 1, 1, rounds=1)
    world.at = BEGINS + timedelta(days=6)
    world.follow_up()
    assert event.read()["status"] == "published"
    world.at = BEGINS + timedelta(days=8)
    world.follow_up()
    assert event.read()["status"] == "closed"
    world.follow_up()
    assert event.read()["sums"]["meetings"] == 1


def test_sums_are_told_once_it_is_closed_and_of_five_at_least(world: World) -> None:
    event = published(world, 4, 4, rounds=1)
    pairs = event.sittings()
    event.over()
    for _, mentee, mentor in pairs[:2]:
        event.kept(mentee, mentor, go_on=True)
        event.kept(mentor, mentee, go_on=True)
    assert event.read()["sums"] is None
    closed(event)
    assert event.read()["sums"] == {
        "meetings": 4,
        "mentors": 4,
        "mentees": 4,
        "wishing": None,
        "mutual": None,
    }
    assert event.read(event.mentees[0])["sums"] is None


def test_sums_of_five_are_told() -> None:
    held = [model.Sitting(0, f"mentee{n}", f"mentor{n}") for n in range(6)]
    wishes = [(f"mentee{n}", f"mentor{n}") for n in range(5)]
    assert model.sums_of(held, wishes[:4], ()) == model.Sums(6, 6, 6, None, None)
    assert model.sums_of(held, wishes, wishes[:2]) == model.Sums(6, 6, 6, 5, None)
    assert model.sums_of(held, wishes, wishes[:3]) == model.Sums(6, 6, 6, 5, 3)
    more = [(f"mentor{n}", f"mentee{n}") for n in range(3)]
    assert model.sums_of(held, [*wishes, *more], ()) == model.Sums(6, 6, 6, None, None), "all but four"


def test_what_was_held_counts_for_credit_and_the_portfolio(world: World) -> None:
    from chalicelib.calendars.model import Span
    from chalicelib.events import service

    event = published(world, 2, 2, rounds=2)
    mentee, mentor = event.mentees[0], event.mentors[0]
    event.into_round(1)
    missed = event.other_of(mentor, 1)
    event.told(missed, "missing", mentor)
    event.into_round(1, minutes=9)
    event.told(missed, "gone")
    closed(event)
    found = {one: world.get("/v1/me/activities", by=one).json["items"] for one in event.people}
    assert found[missed] == [], "who was not there took no part"
    (of_mentor,) = found[mentor]
    assert (of_mentor["part"], of_mentor["non_educational_seconds"]) == ("expert", 600)
    (other,) = set(event.mentees) - {missed}
    (of_mentee,) = found[other]
    assert (of_mentee["part"], of_mentee["educational_seconds"]) == ("learner", 1200)
    (shown,) = service.activities_of(other, 10)
    assert (shown.kind, shown.role, [one.minutes for one in shown.sessions]) == (
        "speed_event",
        "mentee",
        [20],
    )
    span = Span(BEGINS - timedelta(days=1), BEGINS + timedelta(days=1))
    (gathering,) = service.gatherings_of(mentee, span)
    assert (gathering.summary, gathering.span.minutes) == ("Five mentors in an hour", 22)


def test_a_wish_of_which_no_proposal_could_be_made_may_be_taken_back(world: World) -> None:
    event = published(world, 2, 2, rounds=2)
    mentee = event.mentees[0]
    mentors = [event.other_of(mentee, 1), event.other_of(mentee, 2)]
    event.over()
    for mentor in mentors:
        event.kept(mentor, mentee, go_on=True)
        event.kept(mentee, mentor, go_on=True)
    assert event.kept(mentee, mentors[1], go_on=False)["go_on"] is False
    (open_one,) = world.get("/v1/me/proposals", by=mentee).json["items"]
    world.post(f"/v1/proposals/{open_one['id']}/decline", {"reason": "no_time"}, by=mentee)
    event.kept(mentors[1], mentee, go_on=True)
    assert world.get("/v1/me/proposals", by=mentors[1]).json["items"] == [], "one wish makes none"


def test_a_wish_with_an_obstacle_that_was_taken_back_is_in_no_sum(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = published(world, 2, 2, rounds=2)
    mentee = event.mentees[0]
    mentors = [event.other_of(mentee, 1), event.other_of(mentee, 2)]
    event.over()
    for mentor in mentors:
        event.kept(mentor, mentee, go_on=True)
        event.kept(mentee, mentor, go_on=True)
    event.kept(mentee, mentors[1], go_on=False)
    monkeypatch.setattr(model, "FEWEST", 1)
    closed(event)
    assert event.read()["sums"]["mutual"] == 1
