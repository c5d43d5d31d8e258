"""News and its worker: each piece is acted on, once, and what fails is tried again alone."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.certificates import service as certificates
from chalicelib.circles import service as circles
from chalicelib.credentials import service as credentials
from chalicelib.events import service as events
from chalicelib.follow_ups import jobs, service
from chalicelib.mentorships import service as mentorships
from chalicelib.people import service as people
from chalicelib.platform import outbox
from chalicelib.programmes import service as programmes
from chalicelib.series import service as series
from chalicelib.simulations import service as simulations
from tests.support.world import World

ANY = "profile-changed"


def tell(world: World, message_id: str, kind: str = ANY, **payload: str) -> None:
    news = {"person_id": "01NOBODY"} | payload
    world.write(outbox.message(message_id, outbox.Topic.FOLLOW_UP, kind, news, now=world.at))


def deliver(*message_ids: str) -> Any:
    records = [
        {"messageId": f"sqs-{one}", "receiptHandle": "r", "body": json.dumps({"message_id": one})}
        for one in message_ids
    ]
    return jobs.follow_up({"Records": records}, None)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the people of whom there was news, instead of acting on it."""
    found: list[str] = []

    def follow(_call: Any, news: Any) -> None:
        if news["person_id"] == "01BROKEN":
            raise RuntimeError("a follower fails")
        found.append(news["person_id"])

    monkeypatch.setattr(service, "FOLLOWERS", {ANY: follow})
    return found


def test_every_kind_of_news_has_who_follows_it() -> None:
    kinds = {
        people.PERSON_RENAMED,
        people.PROFILE_CHANGED,
        people.PAIR_BLOCKED,
        people.MAIL_REACH_CHANGED,
        credentials.STANDING_LOST,
        credentials.STANDING_REGAINED,
        credentials.STANDING_NARROWED,
        credentials.STANDING_WIDENED,
        credentials.REVIEW_BATCH,
        credentials.TRAIL_EXPORT,
        programmes.ENROLMENT_WITHDRAWN,
        programmes.WHAT_COUNTS_CHANGED,
        mentorships.MENTOR_ASKED,
        mentorships.MENTORSHIP_CLOSED,
        mentorships.MENTORSHIP_HELD,
        mentorships.MENTORSHIP_WENT_ON,
        series.SESSION_NEAR,
        series.SESSION_OFF,
        series.MINUTES_FINAL,
        simulations.SIMULATION_CLOSED,
        series.SERIES_AWARDED,
        series.RECOMMENDATIONS_NEAR,
        simulations.SIMULATION_EARNED,
        simulations.SIMULATION_NEAR,
        simulations.ANSWERS_WANTED,
        circles.FORMING_ASKED,
        circles.FORMING_PUBLISHED,
        circles.CIRCLE_STIRRED,
        circles.CIRCLE_OVER,
        circles.MEETING_NEAR,
        circles.MEETING_CHANGED,
        circles.MINUTES_FINAL,
        events.EVENT_REPLAN,
        events.EVENT_TOLD,
        events.EVENT_NEAR,
        events.EVENT_OVER,
        events.EVENT_CLOSED,
        *certificates.PORTFOLIO_NEWS,
    }
    assert set(service.FOLLOWERS) == kinds


def test_news_is_acted_on_once_however_often_it_is_delivered(world: World, heard: list[str]) -> None:
    tell(world, "one", person_id="01A")
    for _ in range(2):
        assert deliver("one", "none-such") == {"batchItemFailures": []}
    assert heard == ["01A"]


def test_what_fails_comes_back_alone_and_waits_for_another_try(world: World, heard: list[str]) -> None:
    tell(world, "good", person_id="01A")
    tell(world, "bad", person_id="01BROKEN")
    assert deliver("bad", "good") == {"batchItemFailures": [{"itemIdentifier": "sqs-bad"}]}
    assert heard == ["01A"]
    again = outbox.read("bad")
    assert again is not None
    assert (again.status, again.tries) == (outbox.Status.WAITING, 1)


def test_a_worker_that_died_is_taken_over_when_its_lease_has_lapsed(world: World, heard: list[str]) -> None:
    tell(world, "left", person_id="01A")
    assert outbox.take("left", outbox.Topic.FOLLOW_UP, now=world.at) is not None
    deliver("left")
    assert heard == []
    world.at += outbox.CLAIM_LEASE - timedelta(seconds=1)
    deliver("left")
    assert heard == []
    world.at += timedelta(seconds=1)
    deliver("left")
    assert heard == ["01A"]


def test_a_message_of_another_topic_or_not_yet_due_is_not_taken(world: World, heard: list[str]) -> None:
    late = world.at + timedelta(minutes=1)
    news = {"person_id": "01A"}
    world.write(outbox.message("mail", outbox.Topic.MAIL, ANY, news, now=world.at))
    world.write(outbox.message("late", outbox.Topic.FOLLOW_UP, ANY, news, now=world.at, due_at=late))
    deliver("mail", "late")
    assert heard == []
