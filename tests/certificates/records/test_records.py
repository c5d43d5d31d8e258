"""The record of a mentorship over HTTP: what it says, to whom, and that it stays as it is once all is over."""

import csv
import io
from typing import Any

import pytest

from chalicelib.mentorships import running_store
from chalicelib.mentorships import service as mentorships
from chalicelib.platform import tables
from tests.mentorships.agreements.two import Two
from tests.mentorships.pairs import Pair, paired
from tests.mentorships.scene import Scene, make_scene
from tests.mentorships.sessions.meeting import Meeting
from tests.support.signing import ensure_key, sign_all
from tests.support.world import Reply, World

GOAL: dict[str, Any] = {"horizon": "short", "domain": "contextual", "change": "The team asks me first."}
RULE = {"sessions": 1, "minutes": 0, "goals_reached": 0, "final_reflection": False}


@pytest.fixture
def scene(world: World) -> Scene:
    ensure_key()
    return make_scene(world, certificate=RULE)


@pytest.fixture
def pair(scene: Scene) -> Pair:
    return paired(scene)


def record(pair: Pair, by: str | None = None) -> Reply:
    return pair.world.get(f"/v1/mentorships/{pair.id}/record", by=by or pair.mentee)


def told(pair: Pair, by: str | None = None) -> Any:
    reply = record(pair, by)
    assert reply.status == 200, reply.text
    return reply.json


def end_goal(pair: Pair, title: str, word: str, **said: str) -> str:
    path = f"/v1/mentorships/{pair.id}/goals"
    goal = pair.world.post(path, {**GOAL, "title": title}, by=pair.mentee).json["id"]
    if word:
        headers = {"If-Match": pair.world.get(f"{path}/{goal}", by=pair.mentee).etag}
        done = pair.world.post(f"{path}/{goal}/{word}", said, by=pair.mentee, headers=headers)
        assert done.status == 200, done.text
    return str(goal)


@pytest.fixture
def had(scene: Scene, pair: Pair) -> Pair:
    """Five sessions: one was held, one missed, nobody spoke of one, one was cancelled, one lies ahead; three goals; and
    the mentorship is closing."""
    two = Two(scene, pair.mentor, pair.mentee, pair.id)
    assert two.change(pair.mentee, two.read()["version"]).status == 200
    for by in (pair.mentor, pair.mentee):
        assert two.sign(by, 2).status == 200
    meeting = Meeting(scene, pair.mentee, pair.mentor, pair.id)
    made = meeting.series("2027-03-08T09:00", "FREQ=WEEKLY;COUNT=5").json["items"]
    first, second, _, fourth, _ = (one["id"] for one in made)
    assert meeting.do("cancel", fourth).status == 200
    meeting.until("2027-03-09T09:00:00+00:00")
    assert meeting.do("attendance", first, {"said": "met", "minutes": 50}).status == 200
    meeting.until("2027-03-16T09:00:00+00:00")
    assert meeting.do("attendance", second, {"said": "other_missing"}).status == 200
    end_goal(pair, "Write a paper", "")
    end_goal(pair, "Lead the round", "reach", note="Four of them.")
    meeting.until("2027-03-16T10:00:00+00:00")
    end_goal(pair, "Move ward", "drop", why="No post.")
    meeting.until("2027-03-23T09:00:00+00:00")
    ended = pair.world.post(f"/v1/mentorships/{pair.id}/end", {"reason": "no_time"}, by=pair.mentor)
    assert (ended.status, ended.json["status"]) == (200, "closing")
    return pair


def test_there_is_none_while_it_goes_on(pair: Pair) -> None:
    reply = record(pair)
    assert (reply.status, reply.json["type"].rpartition("/")[2]) == (409, "still-under-way")


def test_it_says_what_it_came_to(had: Pair) -> None:
    whole = told(had)
    assert (whole["status"], whole["kind"], whole["programme"]) == (
        "closing",
        "one_to_one",
        "Hearts across borders",
    )
    assert (whole["started_on"], whole["ended_on"]) == ("2026-11-22", None)
    assert (whole["mentee"]["person_id"], whole["mentor"]["role"]) == (had.mentee, "mentor")
    assert whole["sessions"] == {
        "held": 1, "minutes": 50, "hours": "0.8", "missed_by_mentee": 0, "missed_by_mentor": 1,
        "contested": 0, "unsaid": 1, "cancelled": 1,
    }  # fmt: skip
    assert [(one["title"], one["status"], one["note"]) for one in whole["goals"]] == [
        ("Lead the round", "reached", "Four of them."),
        ("Move ward", "dropped", "No post."),
        ("Write a paper", "open", None),
    ]
    assert whole["agreement"] == {"versions": 2, "signed": 1}
    assert (whole["introductions"], whole["certificates"]) == ([], [])
    assert told(had, had.mentor) == whole


def test_coordinators_read_no_word_of_goals_and_no_introductions(had: Pair) -> None:
    whole = told(had, had.scene.coordinator)
    assert [(one["title"], one["note"]) for one in whole["goals"]] == [
        ("Lead the round", None),
        ("Move ward", None),
        ("Write a paper", None),
    ]
    assert whole["introductions"] is None
    assert whole["sessions"] == told(had)["sessions"]
    assert record(had, had.world.mentor()).status == 404
    reviewer = had.world.reviewer(had.scene.organisation)
    assert record(had, reviewer).status == 403


def test_once_closed_it_stays_as_it_was(had: Pair) -> None:
    before = told(had)
    closed = had.world.post(
        f"/v1/mentorships/{had.id}/end", {"reason": "no_time", "conversation": False}, by=had.mentee
    )
    assert (closed.status, closed.json["status"]) == (200, "closed")
    at_once = told(had)
    assert at_once == {**before, "status": "closed", "ended_on": "2027-03-23"}
    had.world.follow_up()  # which calls off the session ahead
    assert told(had) == at_once
    had.world.at = had.world.at.replace(year=2028)
    assert told(had) == at_once, "what nobody spoke of since is none of it"


def test_it_names_certificates_and_gives_their_address_to_whose_they_are(had: Pair) -> None:
    path = f"/v1/mentorships/{had.id}/certificate"
    ordered = had.world.post(path, by=had.mentee)
    assert ordered.status == 201, ordered.text
    assert told(had)["certificates"] == [], "it is not signed yet"
    sign_all(had.world)
    one = {
        "side": "mentee",
        "issued_on": "2027-03-23",
        "revoked": False,
        "certificate_id": ordered.json["id"],
    }
    assert told(had)["certificates"] == told(had, had.scene.coordinator)["certificates"] == [one]
    assert told(had, had.mentor)["certificates"] == [{**one, "certificate_id": None}]


def test_it_is_two_queries_and_two_batches_and_nothing_is_kept(had: Pair) -> None:
    had.world.post(f"/v1/mentorships/{had.id}/certificate", by=had.mentee)
    row_class, pk, _ = running_store.mentorship_key(had.id)
    rows = len(list(tables.query_all(row_class, pk)))
    with had.world.counted() as calls:
        told(had)
    assert sorted(calls) == ["BatchGetItem", "BatchGetItem", "Query", "Query"]
    assert len(list(tables.query_all(row_class, pk))) == rows


def over(pair: Pair) -> None:
    closed = pair.world.post(
        f"/v1/mentorships/{pair.id}/end", {"reason": "no_time", "conversation": False}, by=pair.mentee
    )
    assert closed.status == 200, closed.text
    pair.world.follow_up()


def test_a_programme_lists_those_that_are_closed_with_what_was_sent_to_it(had: Pair) -> None:
    path, by = had.scene.path("records"), had.scene.coordinator
    assert had.world.get(path, by=by).json["items"] == [], "closing is not closed"
    over(had)
    wrote = {"to_programme": "A fixed hour.", "sent": True, "held": {"on": "2027-03-22"}}
    conversation = f"/v1/mentorships/{had.id}/closing-conversation"
    assert had.world.put(conversation, wrote, by=had.mentor).status == 200
    (one,) = had.world.get(path, by=by).json["items"]
    whole = told(had)
    assert one["sessions"] == {name: whole["sessions"][name] for name in one["sessions"]}
    figures = ("goals_reached", "goals_dropped", "goals_open", "agreements_signed")
    assert [one[name] for name in figures] == [1, 1, 1, 1]
    assert (one["started_on"], one["ended_on"]) == (whole["started_on"], whole["ended_on"])
    assert one["conversation_held_on"] == "2027-03-22"
    assert [(sent["by"], sent["text"]) for sent in one["sent"]] == [("mentor", "A fixed hour.")]
    assert had.world.get(path, by=had.mentor).status in (403, 404)


def test_a_year_of_them_is_a_table_that_any_program_opens(had: Pair) -> None:
    over(had)
    path, by = had.scene.path("records.csv"), had.scene.coordinator
    reply = had.world.get(path, by=by, query={"year": 2027})
    assert reply.headers["Content-Type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(reply.text))
    assert (row["mentorship_id"], row["sessions_held"], row["minutes"]) == (had.id, "1", "50")
    assert (row["ended_on"], row["goals_reached"], row["missed_by_mentor"]) == ("2027-03-23", "1", "1")
    for year in (2026, 2028):
        empty = had.world.get(path, by=by, query={"year": year})
        assert len(empty.text.splitlines()) == 1, "the headings"
    assert had.world.get(path, by=by).status == 422


def test_the_news_of_an_end_twice_lists_it_once(had: Pair) -> None:
    over(had)
    for _ in range(2):
        mentorships.list_record(had.world.call("job:follow_up"), had.id)
    path, by = had.scene.path("records"), had.scene.coordinator
    assert len(had.world.get(path, by=by).json["items"]) == 1
