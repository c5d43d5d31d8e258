"""Feedback on an event and on a meeting of a circle: by who was there, in its time, read in whole fives, and counted by
schemes of credit that ask for it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.credits.feedback import model
from chalicelib.credits.feedback.model import CORRECT_FOR, OPEN_FOR, FeedbackTopic, Given
from chalicelib.credits.model import Source
from chalicelib.measures import disclosure
from chalicelib.measures.disclosure import FEWEST
from tests.circles import ring as circles
from tests.events import scene as events
from tests.support.world import Reply, World

ABOUT = Source("speed-event", "one")
NOON = datetime(2026, 12, 2, 12, tzinfo=UTC)
BEST: dict[str, Any] = {"satisfaction": 5, "learning": 4, "practice": 3, "balance": 5}


def one_of(n: int, step: int = 4, comment: str = "", at: datetime = NOON) -> Given:
    return Given(ABOUT, f"person{n:02}", dict.fromkeys(FeedbackTopic, step), comment, at)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 5)), max_size=24), st.data())
def test_the_difference_of_two_readings_is_of_five_people_or_of_nobody(
    people: list[tuple[int, int]], data: st.DataObject
) -> None:
    whole = [one_of(n, step, at=NOON + timedelta(days=day)) for n, (day, step) in enumerate(people)]
    days = sorted(data.draw(st.lists(st.integers(0, 60), min_size=2, max_size=2)))
    read = []
    for day in days:
        now = NOON + timedelta(days=day)
        # Read in any order, and whoever may still correct theirs has another answer by then.
        given_by_then = [
            one
            if now >= one.correct_until
            else one_of(int(one.person_id[6:]), data.draw(st.integers(1, 5)), at=one.given_at)
            for one in whole
            if one.given_at <= now
        ]
        read.append(model.counted(data.draw(st.permutations(given_by_then)), now))
    first, second = read
    assert second[: len(first)] == first, "what counted stays as it was"
    assert len(first) % FEWEST == len(second) % FEWEST == 0
    assert all(one in whole for one in second), "nothing counts that may still be corrected"


def test_sums_are_of_five_and_comments_tell_no_order() -> None:
    comments = ["weak sound", "", "Again, please", "", "more time"]
    some = [one_of(n, step, comments[n - 1]) for n, step in enumerate((1, 2, 5, 5, 5), 1)]
    assert model.sums(some[:4]) is None
    told = model.sums(some)
    assert told is not None
    assert told.topics[FeedbackTopic.BALANCE] == model.TopicSum(3.6, (1, 1, 0, 0, 3))
    assert told.comments == ("Again, please", "more time", "weak sound")


# Over HTTP.


def code(reply: Reply) -> str:
    return str(reply.json["type"]).rpartition("/")[2]


def send(world: World, path: str, person: str, **more: Any) -> Reply:
    return world.post(f"{path}/feedback", {**BEST, **more}, by=person)


def read(world: World, path: str, person: str) -> Any:
    reply = world.get(f"{path}/feedback", by=person)
    assert reply.status == 200, reply.text
    return reply.json


def stated(world: World, person: str, source: str, source_id: str) -> tuple[float, list[str]]:
    """Claim something under EACCME's rule, and return what the statement of its year gives, and why not more."""
    body = {"source": source, "source_id": source_id, "scheme": "eaccme"}
    assert world.post("/v1/me/credits", body, by=person).status == 201
    (line,) = world.get("/v1/me/credit-statements/2026", by=person).json["lines"]
    return line["credits"], [one["code"] for one in line["reasons"]]


def test_feedback_on_an_event_is_what_its_credit_waits_for(world: World) -> None:
    event = events.published(world, 2, 2, rounds=2, minutes=15)
    said, silent = event.mentees
    waiting = event.enrolled("mentee")
    assert code(send(world, event.path, said)) == "activity-feedback-not-asked", "before it is over"
    event.over()
    assert send(world, event.path, waiting).status == 404, "who had no place"
    assert send(world, event.path, event.coordinator).status == 409, "who only runs it"
    answer = send(world, event.path, said, comment="Short, and good")
    assert (answer.status, answer.json["yours"]["comment"]) == (200, "Short, and good")
    world.at = events.BEGINS + timedelta(days=3)
    event.moved("close")
    world.follow_up()
    assert stated(world, said, "speed-event", event.id) == (0.5, [])
    assert stated(world, silent, "speed-event", event.id) == (0.0, ["feedback_missing"])
    assert send(world, event.path, silent).status == 200, "after it was closed, too"
    (line,) = world.get("/v1/me/credit-statements/2026", by=silent).json["lines"]
    assert line["credits"] == 0.5


def test_feedback_on_a_meeting_is_what_its_credit_waits_for(world: World) -> None:
    ring = circles.taken(world)
    meeting, later, _ = ring.plan()
    said, silent, absent = ring.members
    assert code(send(world, meeting, said)) == "activity-feedback-not-asked", "before it has ended"
    ring.hold(meeting, *ring.leads, said, silent)
    assert send(world, meeting, said).json["yours"]["practice"] == 3
    assert code(send(world, meeting, absent)) == "activity-feedback-not-asked", "who was not there"
    assert send(world, meeting, world.mentee()).status == 404
    assert send(world, f"{ring.path}/meetings/{ring.circle}", said).status == 404, "no such meeting"
    assert code(send(world, later, said)) == "activity-feedback-not-asked", "each by itself"
    meeting_id = meeting.rpartition("/")[2]
    assert stated(world, said, "circle-meeting", meeting_id) == (0.5, ["not_educational", "rounded"])
    credits, reasons = stated(world, silent, "circle-meeting", meeting_id)
    assert (credits, "feedback_missing" in reasons) == (0.0, True)


def test_it_may_be_given_for_a_time_and_corrected_for_a_shorter_one(world: World) -> None:
    event = events.published(world, 1, 2, rounds=2)
    early, late = event.mentees
    event.over()
    assert read(world, event.path, early)["yours"] is None
    send(world, event.path, early, satisfaction=1)
    world.pass_time(days=6)
    assert send(world, event.path, early).json["yours"]["satisfaction"] == 5
    world.at = events.BEGINS + timedelta(hours=1) + CORRECT_FOR
    assert code(send(world, event.path, early, satisfaction=1)) == "activity-feedback-stands"
    seen = read(world, event.path, early)
    assert (seen["yours"]["satisfaction"], seen["is_open"]) == (5, False)
    assert read(world, event.path, late)["is_open"] is True
    world.at = datetime.fromisoformat(seen["until"])
    assert world.at == events.BEGINS + timedelta(minutes=22) + OPEN_FOR
    assert code(send(world, event.path, late)) == "activity-feedback-not-asked"
    assert read(world, event.path, late)["is_open"] is False


def test_a_meeting_that_is_closed_late_can_still_be_answered(world: World) -> None:
    ring = circles.taken(world)
    meeting, *_ = ring.plan()
    world.at = NOON
    assert ring.step(meeting, "begin").status == 200
    ring.mark(meeting, ring.members[0])
    world.pass_time(minutes=30)
    assert ring.step(meeting, "end").status == 200
    world.pass_time(days=40)
    assert ring.step(meeting, "close").status == 200
    ring.settle()
    world.pass_time(days=27)
    assert send(world, meeting, ring.members[0]).status == 200
    world.pass_time(days=1)
    assert code(send(world, meeting, ring.members[0])) == "activity-feedback-not-asked"


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"learning": 0}, 422),
        ({"balance": 6}, 422),
        ({"practice": None}, 422),
        ({"comment": "x" * (model.LONGEST_COMMENT + 1)}, 422),
        ({"comment": "The patient's number was +254 722 123456"}, 422),
        ({"name": "Amina"}, 422),
    ],
)
def test_what_is_no_answer_is_refused_whole(world: World, wrong: dict[str, Any], status: int) -> None:
    event = events.published(world, 1, 1, rounds=1)
    event.over()
    refused = send(world, event.path, event.mentees[0], **wrong)
    assert refused.status == status
    assert [one["pointer"] for one in refused.json["errors"]] == [f"/{next(iter(wrong))}"]
    assert read(world, event.path, event.mentees[0])["yours"] is None


def test_two_that_cross_leave_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.credits.feedback import service

    event = events.published(world, 1, 1, rounds=1)
    person = event.mentees[0]
    event.over()
    plain = service.commit

    def crossed(*args: Any) -> Any:
        monkeypatch.setattr(service, "commit", plain)
        assert send(world, event.path, person, learning=1).status == 200
        return plain(*args)

    monkeypatch.setattr(service, "commit", crossed)
    assert code(send(world, event.path, person)) == "activity-feedback-moved"
    assert read(world, event.path, person)["yours"]["learning"] == 1


def test_coordinators_read_whole_fives_and_nobody_else_reads_any(world: World) -> None:
    event = events.published(world, 3, 3, rounds=3)
    event.over()
    for n, person in enumerate(event.people):
        world.pass_time(seconds=1)
        assert send(world, event.path, person, learning=1 if n == 5 else 4, comment=f"Said {n}").status == 200
    assert read(world, event.path, event.coordinator)["sums"] is None, "all may still be corrected"
    world.pass_time(days=8)
    told = read(world, event.path, event.coordinator)["sums"]
    assert told["people"] == 5
    assert told["comments"] == [f"Said {n}" for n in range(5)], "the sixth waits for four more"
    learning = next(one for one in told["topics"] if one["topic"] == "learning")
    assert (learning["mean"], learning["steps"]) == (4.0, [0, 0, 0, 5, 0])
    assert read(world, event.path, event.people[0])["sums"] is None
    elsewhere = world.coordinator(world.organisation())
    assert world.get(f"{event.path}/feedback", by=elsewhere).status == 404


def test_who_leads_a_circle_reads_no_sums_and_its_coordinators_do(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = circles.taken(world)
    meeting, *_ = ring.plan()
    ring.hold(meeting, *ring.people)
    for person in ring.people:
        assert send(world, meeting, person).status == 200
    world.pass_time(days=8)
    assert read(world, meeting, ring.coordinator)["sums"] is None, "four"
    monkeypatch.setattr(disclosure, "FEWEST", 4)
    assert read(world, meeting, ring.coordinator)["sums"]["people"] == 4
    assert read(world, meeting, ring.leads[0])["sums"] is None


def test_who_has_left_the_circle_since_may_answer(world: World) -> None:
    ring = circles.taken(world)
    meeting, *_ = ring.plan()
    gone = ring.members[0]
    ring.hold(meeting, *ring.people)
    ring.give_up(gone)
    assert send(world, meeting, gone).status == 200
    assert read(world, meeting, gone)["yours"]["learning"] == 4


def test_what_is_asked_is_in_its_reader_s_language(world: World) -> None:
    event = events.planned(world)
    person = event.enrolled("mentee")
    assert world.patch("/v1/me", {"locale": "fr"}, by=person, headers={"If-Match": '"1"'}).status == 200
    event.taken(person, "mentee")
    seen = read(world, event.path, person)
    assert (seen["questions"][1]["text"], seen["highest"]) == (
        "J’ai appris quelque chose que je peux utiliser.", "tout à fait",
    )  # fmt: skip
    assert seen["is_open"] is False


def test_who_was_there_is_asked_once_by_mail_until_they_have_said_it(world: World) -> None:
    from chalicelib.notifications import facts
    from chalicelib.notifications import service as notifications
    from chalicelib.notifications.rendering import write

    event = events.published(world, 2, 2, rounds=2)
    missed, gone = event.mentors[0], event.mentees[0]
    event.into_round(1)
    for one in (missed, gone):
        event.told(one, "gone", event.coordinator)
    event.over()
    there = {one for _, *two in event.sittings("held") for one in two}
    assert len(there) >= 3
    early, *others = sorted(there)
    send(world, event.path, early)
    world.at = events.BEGINS + timedelta(days=2)
    event.moved("close")
    world.follow_up()
    mails = {one.payload["recipient"]: one for one in world.messages("activity-feedback-due")}
    assert set(mails) == set(others), "who was there and has not said it"
    asked = mails[others[0]]
    letter = facts.letter_for(asked, world.at)
    assert letter is not None
    assert f"{event.path.removeprefix('/v1')}/feedback" in write(letter, "https://mentors.example.org").text
    send(world, event.path, others[0])
    assert notifications.deliver(asked.id, world.at) == "moot"


def test_a_closed_meeting_asks_by_mail_while_it_can_be_answered(world: World) -> None:
    from chalicelib.notifications import facts
    from chalicelib.notifications.rendering import write

    ring = circles.taken(world)
    meeting, *_ = ring.plan()
    ring.hold(meeting, *ring.people[:2])
    mails = world.messages("activity-feedback-due")
    assert {one.payload["recipient"] for one in mails} == set(ring.people[:2])
    letter = facts.letter_for(mails[0], world.at)
    assert letter is not None
    assert "heart failure" in write(letter, "https://mentors.example.org").text
    world.pass_time(days=28)
    assert facts.letter_for(mails[0], world.at) is None, "no more is taken"
