"""Answering, correcting, and who reads what."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel.errors import NotFound
from chalicelib.mentorships.feedback import service, store
from chalicelib.mentorships.feedback.model import Answer, Pulse, Round
from chalicelib.mentorships.running import MentorshipStatus
from chalicelib.people import service as people
from tests.mentorships.feedback.pairs import DAY, WEEK, Couple, Hall, code
from tests.mentorships.state import State


@pytest.fixture
def couple(hall: Hall) -> Couple:
    """A pair that was asked its first pulse this morning."""
    found = hall.couple()
    hall.night()
    hall.night(hall.world.at + 4 * WEEK)
    return found


def test_a_pulse_takes_one_number_a_question_and_words_if_one_likes(hall: Hall, couple: Couple) -> None:
    told = couple.rounds()["pulse-1"]
    assert [one["item"] for one in told["questions"]] == ["going", "useful"]
    assert told["answer"] is None
    assert told["open_until"] is not None
    given = couple.answer("pulse-1", {"useful": 5, "going": 4}, words="Thank you.")
    assert given.status == 200, given.text
    assert given.etag == '"1"'
    answer = given.json["answer"]
    assert answer["values"] == [{"item": "going", "value": 4}, {"item": "useful", "value": 5}]
    assert couple.rounds()["pulse-1"] == given.json
    assert couple.rounds(couple.mentor)["pulse-1"]["answer"] is None


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"going": 4}, "/values"),
        ({"going": 4, "useful": 3, "match": 5}, "/values"),
        ({"going": 0, "useful": 3}, "/values/0/value"),
        ({"going": 6, "useful": 3}, "/values/0/value"),
        ({}, "/values"),
    ],
)
def test_what_does_not_fit_is_said(couple: Couple, values: dict[str, int], pointer: str) -> None:
    reply = couple.answer("pulse-1", values)
    assert reply.status == 422
    assert {one["pointer"] for one in reply.json["errors"]} == {pointer}


def test_one_question_twice_is_refused(hall: Hall, couple: Couple) -> None:
    values = [{"item": "going", "value": 1}, {"item": "going", "value": 5}, {"item": "useful", "value": 5}]
    path = f"/v1/mentorships/{couple.id}/feedback/pulse-1"
    assert hall.world.put(path, {"values": values}, by=couple.mentee).status == 422


def test_a_second_answer_takes_the_place_of_the_first_for_a_week(hall: Hall, couple: Couple) -> None:
    first = couple.answer("pulse-1", 2)
    again = couple.answer("pulse-1", 2)
    assert (again.status, again.etag) == (200, first.etag), "the same again is no change"
    hall.world.at += timedelta(days=6, hours=23)
    second = couple.answer("pulse-1", 5)
    assert (second.status, second.etag) == (200, '"2"')
    assert second.json["answer"]["answered_at"] == first.json["answer"]["answered_at"]
    stale = hall.world.put(
        f"/v1/mentorships/{couple.id}/feedback/pulse-1",
        {"values": [{"item": one, "value": 1} for one in ("going", "useful")]},
        by=couple.mentee, headers={"If-Match": first.etag},
    )  # fmt: skip
    assert stale.status == 412
    hall.world.at += timedelta(hours=1)
    late = couple.answer("pulse-1", 1)
    assert (late.status, code(late)) == (409, "feedback-settled")
    told = couple.rounds()["pulse-1"]["answer"]
    assert told["correct_until"] is None
    assert {one["value"] for one in told["values"]} == {5}


def test_what_has_been_counted_is_not_corrected_however_late_the_clocks_of_two_machines_are(
    hall: Hall, couple: Couple
) -> None:
    for one in (couple, *(hall.couple() for _ in range(4))):
        hall.world.write(_pulse(hall, one))
    assert couple.answer("pulse-1", 2).status == 409, "somebody has counted it"


def _pulse(hall: Hall, couple: Couple) -> Any:
    """Return the write of an answer whose row in the waiting place is gone."""
    items = service.store.questionnaire_of(hall.programme, None).pulse
    side = couple.mentorship().side_of(couple.mentee)
    assert side is not None
    answer = Answer(
        couple.id, couple.mentee, side, Round.named("pulse-1") or Round(None),  # type: ignore[arg-type]
        items, dict.fromkeys((one.id for one in items), 3), answered_at=hall.world.at,
    )  # fmt: skip
    return store.put_answer(answer, hall.world.at)


def test_who_has_blocked_the_other_reads_none_of_their_words(couple: Couple) -> None:
    couple.answer("pulse-1", 2, words="I know where you work.", is_shared=True)
    assert couple.read(couple.mentor)["shared_with_you"] != []
    people.block(couple.hall.world.call(couple.mentor), couple.mentee)
    assert couple.read(couple.mentor)["shared_with_you"] == []


def test_the_other_side_reads_words_that_are_shared_and_never_a_number(couple: Couple) -> None:
    couple.answer("pulse-1", 1, words="He does not listen.")
    couple.answer("start", 2, words="I look forward to it.", is_shared=True)
    shown = couple.read(couple.mentor)
    assert [(one["round"], one["words"]) for one in shown["shared_with_you"]] == []
    assert couple.answer("pulse-1", 1, words="Let us meet earlier.", is_shared=True).status == 200
    shown = couple.read(couple.mentor)
    assert [(one["round"], one["words"]) for one in shown["shared_with_you"]] == [
        ("pulse-1", "Let us meet earlier.")
    ]
    assert all(one["answer"] is None for one in shown["rounds"])
    assert couple.answer("pulse-1", 1, words="Let us meet earlier.").status == 200
    assert couple.read(couple.mentor)["shared_with_you"] == [], "and it can be taken back"


def test_coordinators_strangers_and_other_rounds(hall: Hall, couple: Couple) -> None:
    path = f"/v1/mentorships/{couple.id}/feedback"
    stranger = hall.world.mentee()
    for who in (hall.coordinator, stranger):
        assert hall.world.get(path, by=who).status == 404
    body = {"values": [{"item": "going", "value": 3}]}
    for name, status in (
        ("pulse-2", 409), ("middle", 409), ("end", 409), ("pulse-0", 404), ("pulse", 404), ("start-1", 404),
        ("pulse-x", 404), ("soon", 404), ("start", 409),
    ):  # fmt: skip
        reply = hall.world.put(f"{path}/{name}", body, by=couple.mentee)
        assert reply.status == status, (name, reply.text)
        assert status == 404 or code(reply) == "round-not-open"
    for who in (couple.mentee, couple.mentor):
        reply = hall.world.get(f"/v1/programmes/{hall.programme}/feedback", by=who)
        assert reply.status == 404
    reviewer = hall.world.reviewer(hall.organisation)
    assert hall.world.get(f"/v1/programmes/{hall.programme}/feedback", by=reviewer).status == 403


def test_a_pause_and_what_is_over(hall: Hall, couple: Couple) -> None:
    couple.set_status(MentorshipStatus.PAUSED)
    refused = couple.answer("pulse-1", {"going": 3, "useful": 3})
    assert (refused.status, code(refused)) == (409, "mentorship-not-under-way")
    couple.set_status(MentorshipStatus.ACTIVE)
    assert couple.answer("pulse-1", 3).status == 200
    couple.set_status(MentorshipStatus.PAUSED)
    assert couple.answer("pulse-1", 2).status == 200, "one's own can be corrected nevertheless"
    couple.set_status(MentorshipStatus.ACTIVE)
    hall.night(hall.world.at + 2 * WEEK)
    assert couple.rounds(couple.mentor).keys() == set(), "the pulse is over after two weeks"
    couple.end()
    assert couple.rounds(couple.mentor).keys() == {"end"}
    assert couple.answer("end", 4, by=couple.mentor).status == 200
    hall.world.at += 4 * WEEK
    assert couple.answer("end", {"match": 4}).status == 409


def test_the_same_is_asked_at_the_start_and_at_the_end_whatever_the_programme_asks_by_then(
    hall: Hall,
) -> None:
    couple, other = hall.couple(), hall.couple()
    assert couple.answer("start", 2).status == 200
    own = {"texts": [{"language": "en", "text": "I can read an ECG."}, {"language": "fr", "text": "Un ECG."}]}
    assert hall.ask(mentee=[own, {"code": "adapt"}]).status == 200
    for one in (couple, other):
        one.end()
    mine = [one["item"] for one in couple.rounds()["end"]["questions"]]
    assert mine == ["set_goals", "decide", "use_feedback", "adapt", "find_help", "match"]
    theirs = other.rounds()["end"]["questions"]
    assert [one["text"] for one in theirs[:2]] == [
        "I can read an ECG.", "I can adapt what I learn to the place where I work."
    ]  # fmt: skip
    assert theirs[0]["item"].startswith("own-")


def test_the_start_stays_as_it_was_once_the_end_is_compared_with_it(hall: Hall) -> None:
    couple = hall.couple()
    assert couple.answer("start", 2).status == 200
    hall.world.at += DAY
    couple.end()
    assert couple.answer("start", 3).status == 200
    assert couple.answer("end", 4).status == 200
    reply = couple.answer("start", 1)
    assert (reply.status, code(reply)) == (409, "feedback-settled")
    waiting = [item for items in State().told().values() for item in items if "#change#" in str(item)]
    assert len(waiting) == 1
    assert waiting[0].count('"34"') == 5, "the corrected start, and the end"


def test_other_words_are_another_question_and_limits_hold(hall: Hall) -> None:
    def asked() -> Any:
        path = f"/v1/programmes/{hall.programme}/questionnaire"
        return hall.world.get(path, by=hall.coordinator).json

    assert asked()["version"] == 0
    own = [{"language": "en", "text": "We keep to time."}]
    assert hall.ask(pulse=[{"texts": own}]).status == 200
    first = asked()["pulse"][0]["item"]
    assert hall.ask(pulse=[{"texts": own}]).json["version"] == 1, "the same again is no version"
    assert hall.ask(pulse=[{"texts": [{"language": "en", "text": "We keep to the time."}]}]).status == 200
    assert asked()["pulse"][0]["item"] != first
    assert hall.ask(pulse=[{"texts": own}]).json["pulse"][0]["item"] == first
    for wrong in (
        {"pulse": [{"code": one} for one in ("useful", "heard", "rhythm")] + [{"texts": own}]},
        {"pulse": [{"code": "match"}]},
        {"pulse": [{"code": "useful"}, {"code": "useful"}]},
        {"pulse": [{}]},
        {"pulse": [{"code": "useful", "texts": own}]},
        {"pulse": [{"texts": own * 2}]},
        {"mentee": []},
        {"mentee": [{"code": "useful"}]},
        {"pulse_weeks": 0},
    ):
        assert hall.ask(**wrong).status == 422, wrong


def test_pulses_are_handed_on_in_order_of_time(hall: Hall, couple: Couple) -> None:
    assert service.pulses_of(couple.id) == ()
    at = hall.world.at
    couple.answer("pulse-1", {"going": 4, "useful": 1})
    hall.night(at + 4 * WEEK)
    hall.night(at + 8 * WEEK)
    later = hall.world.at
    couple.answer("pulse-3", {"going": 1, "useful": 5}, by=couple.mentor)
    hall.world.at += DAY
    couple.answer("pulse-3", {"going": 2, "useful": 5})
    assert service.pulses_of(couple.id) == (Pulse(1, at, 4, None), Pulse(3, later, 2, 1))
    assert service.pulses_of("01ARZ3NDEKTSV4RRFFQ69G5FAV") == ()


def test_names_of_rounds() -> None:
    for name in ("start", "middle", "end", "pulse-1", "pulse-37"):
        found = Round.named(name)
        assert found is not None
        assert found.name == name
    for name in ("", "pulse", "pulse-", "pulse-01", "pulse-٣", "pulse-99999", "end-1", "START"):
        assert Round.named(name) is None
    with pytest.raises(NotFound):
        service.give_feedback(None, "x", "soon", {}, "", is_shared=False)  # type: ignore[arg-type]
