"""What crosses what: news twice and out of order, people who leave and come back, clocks that change, and who reads."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.events import store
from chalicelib.follow_ups import service as follow_ups
from chalicelib.kernel.call import job_call
from chalicelib.kernel.errors import NotFound
from chalicelib.platform import outbox, tables
from chalicelib.programmes import store as programmes_store
from chalicelib.programmes.model import Side
from tests.events.scene import BEGINS, PLAN, Event, code, planned, published, seated
from tests.support.crossing import cross
from tests.support.world import World


def _leave(event: Event, person: str, role: str = "mentee") -> None:
    path = f"/v1/programmes/{event.programme}/enrolments/{person}"
    assert event.world.delete(path, by=person, query={"role": role}).status == 204


def _come_back(event: Event, person: str, role: str = "mentee") -> None:
    path = f"/v1/programmes/{event.programme}/enrolments/{person}"
    answer = event.world.put(path, {"role": role}, by=person)
    assert answer.status == 200, answer.text


def test_who_is_in_the_programme_again_when_the_news_of_their_leave_comes_keeps_the_seat(
    world: World,
) -> None:
    event = published(world, 2, 2, rounds=2)
    one, other = event.mentees
    _leave(event, one)
    _leave(event, other)
    _come_back(event, one)
    world.follow_up()
    assert event.read(one)["your_place"]["status"] == "taken"
    assert world.get(event.path, by=other).status == 404
    assert {mentee for _, mentee, _ in event.sittings()} == {one}


def test_who_has_a_pause_keeps_the_seat_they_have_and_takes_none(world: World) -> None:
    event = published(world, 2, 2, rounds=2)
    paused = event.mentees[0]
    world.write(
        programmes_store.set_taking(
            event.programme, Side.MENTEE, paused, world.at, takes=False, conflict=NotFound()
        )
    )
    event.told(event.mentors[0], "late", from_round=2)
    assert [one[0] for one in event.sittings() if paused in one], "the timetable was made anew with them"
    event.told(paused, "give_back")
    listed = world.get(f"/v1/programmes/{event.programme}/events", by=paused)
    assert [one["id"] for one in listed.json["items"]] == [event.id]
    assert code(event.take(paused, "mentee")) == "event-not-enrolled"


def test_news_that_comes_twice_and_in_any_order_ends_in_the_same(world: World) -> None:
    event = published(world, 3, 3)
    left, gone, blocking = event.mentees
    blocked, late = event.mentors[:2]
    _leave(event, left)
    assert world.put(f"/v1/me/blocks/{blocked}", {}, by=blocking).status == 204
    event.tell(gone, "gone")
    event.tell(late, "late", from_round=2)
    event.tell(late, "gone")
    event.tell(late, "late", from_round=3)
    news = [one for one in world.messages() if one.topic is outbox.Topic.FOLLOW_UP and one.due_at <= world.at]
    assert {"event-told", "event-replan", "enrolment-withdrawn", "pair-blocked"} <= {one.kind for one in news}
    call = job_call("follow_up", world.at)
    for one in (*reversed(news), *news):
        follow_ups.FOLLOWERS[one.kind](call, one.payload)
    after, version = event.sittings(), event.read()["timetable"]
    assert {one[1] for one in after} == {blocking}
    assert sorted(one[2] for one in after) == sorted(event.mentors[1:]), "each once, and not the one blocked"
    assert next(one[0] for one in after if one[2] == late) == 3
    world.follow_up()
    assert (event.sittings(), event.read()["timetable"]) == (after, version)
    mails = [one.payload["recipient"] for one in world.messages("event-timetable")]
    assert len(mails) == len(set(mails))
    assert event.read()["mentees"]["taken"] == 2


def test_who_is_not_there_themselves_has_nobody_planned_out(world: World) -> None:
    event = published(world, 2, 2, rounds=3)
    event.into_round(1)
    mentor = event.mentors[0]
    mentee = event.other_of(mentor, 1)
    event.told(mentor, "late", from_round=3)
    refused = event.tell(mentee, "missing", mentor)
    assert (refused.status, code(refused)) == (409, "event-not-so")
    assert event.told(mentor, "present")["absent"] == []
    assert event.tell(mentee, "missing", mentor).status == 200


def test_late_then_gone_then_back_is_in_from_the_round_in_which_they_came(world: World) -> None:
    event = published(world, 3, 3, rounds=4)
    who = event.mentees[0]
    event.told(who, "late", from_round=2)
    event.into_round(2)
    event.told(who, "gone")
    assert [one[0] for one in event.sittings() if who in one] == [2], "they were there when it began"
    event.into_round(3)
    event.told(who, "present")
    assert [one[0] for one in event.sittings() if who in one] == [2, 4], "the round that runs stays"
    event.into_round(4, minutes=11)
    assert [one[0] for one in event.sittings("held") if who in one] == [2, 4]


def test_two_delays_each_move_what_had_not_begun(world: World) -> None:
    event = published(world, 2, 2, rounds=3)
    world.at = BEGINS - timedelta(minutes=10)
    event.moved("delay", minutes=15)
    world.at = BEGINS + timedelta(minutes=16)
    event.moved("delay", minutes=5)
    starts = [one["starts_at"][11:16] for one in event.read()["rounds"]]
    assert starts == ["15:15", "15:32", "15:44"]
    world.at = BEGINS + timedelta(minutes=28)
    clock = world.get(f"{event.path}/clock", by=event.mentees[0]).json
    assert (clock["state"], clock["following"], clock["left_seconds"]) == ("pause", 2, 240)


def test_who_is_brought_to_two_events_while_one_runs_reads_it_in_its_clock(world: World) -> None:
    event = published(world, 1, 1)
    person = event.mentees[0]
    path = f"/v1/programmes/{event.programme}/events"
    made = world.post(path, {**PLAN, "starts_at": "2026-12-02T16:00:00Z"}, by=event.coordinator)
    other = replace(event, id=made.json["id"])
    assert other.taken(person, "mentee") == "taken"
    assert [one["your_place"]["clashes_with"] for one in _mine(world, person)] == [[], []]
    event.into_round(2)
    event.moved("delay", minutes=40)
    assert world.get(f"{event.path}/clock", by=person).json["clashes_with"] == [other.id]
    assert world.get(f"{event.path}/clock", by=event.mentors[0]).json["clashes_with"] == []
    seen = {one["id"]: one["your_place"]["clashes_with"] for one in _mine(world, person)}
    assert seen == {event.id: [other.id], other.id: [event.id]}


def _mine(world: World, person: str) -> list[Any]:
    answer = world.get("/v1/events", by=person)
    assert answer.status == 200, answer.text
    return list(answer.json["items"])


def test_an_event_that_was_moved_closes_itself_a_week_after_its_new_end(world: World) -> None:
    event = seated(world, 1, 1)
    assert event.change(starts_at="2026-12-07T15:00:00Z").status == 200
    event.moved("publish")
    world.at = datetime(2026, 12, 7, 14, 0, tzinfo=UTC)
    event.moved("delay", minutes=60)
    for day, status in ((9, "published"), (14, "published"), (15, "closed")):
        world.at = datetime(2026, 12, day, 15, 0, tzinfo=UTC)
        world.follow_up()
        assert event.read()["status"] == status, day


def test_a_plan_still_changes_when_its_time_for_places_is_over(world: World) -> None:
    event = planned(world, closes_at="2026-12-01T15:00:00Z")
    world.at = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
    assert event.change(link="https://meet.example.org/other", mentee_seats=6).status == 200
    refused = event.change(closes_at="2026-12-01T15:30:00Z")
    assert refused.json["errors"][0]["pointer"] == "/closes_at"
    assert event.change(starts_at="2026-12-01T14:00:00Z").status == 422


def test_no_round_runs_at_an_event_that_has_no_timetable(world: World) -> None:
    event = seated(world, 1, 1)
    world.at = BEGINS + timedelta(minutes=1)
    clock = world.get(f"{event.path}/clock", by=event.mentees[0]).json
    assert (clock["state"], clock["running"], clock["following"]) == ("over", None, None)


def test_a_wish_that_met_a_block_counts_once_that_is_taken_back_and_it_is_said_again(world: World) -> None:
    event = published(world, 1, 1, rounds=1)
    (mentee,), (mentor,) = event.mentees, event.mentors
    event.over()
    assert world.put(f"/v1/me/blocks/{mentor}", {}, by=mentee).status == 204
    for one, other in ((mentee, mentor), (mentor, mentee), (mentee, mentor)):
        assert event.kept(one, other, go_on=True)["mutual"] is None
    assert world.delete(f"/v1/me/blocks/{mentor}", by=mentee).status == 204
    assert event.kept(mentee, mentor, note="x")["mutual"] is None, "nothing was said"
    assert event.kept(mentor, mentee, go_on=True)["mutual"]["proposal_id"]


def test_what_somebody_reads_has_the_number_of_the_timetable_that_it_is(world: World) -> None:
    """The two rows are read beside each other, not at one instant: of a newer number with older meetings the client
    would never ask again."""
    event = published(world, 1, 1, rounds=1)
    world.write(store.count_timetable(store.event_of(tables.get(*store.event_key(event.id))), world.at))
    me = event.mentees[0]
    assert world.get(f"{event.path}/clock", by=me).json["timetable"] == 2
    assert (event.table(me)["version"], event.table()["version"]) == (1, 1)


def test_across_midnight_and_a_change_of_clocks_minutes_are_minutes(world: World) -> None:
    """In Paris at 01:00 UTC of 2027-03-28 it is 03:00, an hour after 01:59; the day is that of its zone."""
    event = published(
        world, 1, 1, starts_at="2027-03-27T22:50:00Z", time_zone="Europe/Paris", rounds=1, minutes=20
    )
    night = replace(event, id=_planned_at(event, "2027-03-28T00:50:00Z"))
    for one, side in ((event.mentees[0], "mentee"), (event.mentors[0], "mentor")):
        assert night.taken(one, side) == "taken"
    night.moved("publish")
    world.at = datetime(2027, 3, 30, 12, 0, tzinfo=UTC)
    for one in (event, night):
        one.moved("close")
    world.follow_up()
    found = world.get("/v1/me/activities", by=event.mentees[0]).json["items"]
    assert sorted((one["day"], one["educational_seconds"]) for one in found) == [
        ("2027-03-27", 1200),
        ("2027-03-28", 1200),
    ]
    assert [one["ends_at"][11:16] for one in night.read()["rounds"]] == ["01:10"]


def _planned_at(event: Event, starts_at: str) -> str:
    body = {**PLAN, "starts_at": starts_at, "time_zone": "Europe/Paris", "rounds": 1, "minutes": 20}
    answer = event.world.post(f"/v1/programmes/{event.programme}/events", body, by=event.coordinator)
    assert answer.status == 201, answer.text
    return str(answer.json["id"])


@pytest.mark.parametrize(
    ("who", "may_read"),
    [
        ("waiting", {"", "/timetable", "/clock", "/questions", "/feedback"}),
        ("enrolled", {""}),
        ("left", {"", "/feedback"}),
        ("stranger", set()),
        ("coordinator of another organisation", set()),
    ],
)
def test_each_reads_what_they_may_and_no_name_of_anybody_else(
    world: World, who: str, may_read: set[str]
) -> None:
    event = published(world, 2, 2, mentee_seats=2)
    mentee = event.mentees[0]
    world.put(f"{event.path}/questions", {"questions": ["How do I begin with research?"]}, by=mentee)
    if who == "stranger":
        reader = world.mentee()
    elif who == "coordinator of another organisation":
        reader = world.coordinator(world.organisation("Another Alliance"))
    else:
        reader = event.enrolled("mentee")
        if who != "enrolled":
            assert event.taken(reader, "mentee") == "waiting"
        if who == "left":
            event.told(reader, "give_back")
    paths = ("", "/timetable", "/clock", "/questions", "/places", "/feedback", f"/meetings/{mentee}")
    answers = {path: world.get(event.path + path, by=reader) for path in paths}
    assert {path for path, answer in answers.items() if answer.status == 200} == may_read
    assert {answer.status for path, answer in answers.items() if path not in may_read} <= {403, 404}
    for answer in answers.values():
        assert "research" not in answer.text
        assert not any(person in answer.text for person in event.people)
        assert PLAN["link"] not in answer.text


def test_rounds_are_put_off_though_the_timetable_is_made_anew_at_that_instant(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = published(world, 2, 2)
    event.into_round(1)
    made_anew = store.count_timetable(store.event_of(tables.get(*store.event_key(event.id))), world.at)
    cross(monkeypatch, lambda: world.write(made_anew))
    moved = event.moved("delay", minutes=5)
    assert (moved["rounds"][1]["starts_at"][11:16], moved["timetable"]) == ("15:17", 2)


def test_of_two_who_put_rounds_off_at_one_instant_the_second_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = published(world, 2, 2)
    cross(monkeypatch, lambda: event.moved("delay", minutes=5))
    refused = event.move("delay", minutes=5)
    assert (refused.status, code(refused)) == (409, "event-moved")
    assert event.read()["rounds"][0]["starts_at"][11:16] == "15:05"


def test_an_event_is_not_published_and_gives_no_place_once_its_programme_ends_before_it(world: World) -> None:
    event = seated(world, 1, 1)
    path = f"/v1/programmes/{event.programme}"

    def ends_on(day: str) -> None:
        etag = world.get(path, by=event.coordinator).etag
        changed = world.patch(path, {"ends_on": day}, by=event.coordinator, headers={"If-Match": etag})
        assert changed.status == 200, changed.text

    ends_on("2026-12-01")
    refused = event.move("publish")
    assert (refused.status, code(refused)) == (409, "event-not-so")
    late = event.enrolled("mentee")
    world.at = BEGINS - timedelta(hours=6)
    assert code(event.take(late, "mentee")) == "event-places-closed"
    ends_on("2026-12-02")
    assert event.taken(late, "mentee") == "taken"
    event.moved("publish")


def test_a_coordinator_learns_of_nobody_who_is_not_in_the_programme(world: World) -> None:
    event = planned(world)
    nobody = event.id  # an identifier, and no person's
    told = []
    for person in (world.mentee(), nobody):
        body = {"people": [{"person_id": person, "side": "mentee"}]}
        answer = world.post(f"{event.path}/places", body, by=event.coordinator)
        told.append((answer.status, answer.text.replace(person, "")))
    assert told[0] == told[1]
    assert told[0][0] == 409
