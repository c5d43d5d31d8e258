"""Circles where things cross: workers killed at each write, two who plan or begin at once, clocks that change, rows
that are not there, and who reads what."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.circles import forming, store
from chalicelib.circles import service as circles
from chalicelib.circles.meetings import store as meeting_store
from chalicelib.circles.model import CircleMove
from chalicelib.kernel.call import job_call
from chalicelib.people import store as people_store
from chalicelib.platform import tables
from chalicelib.programmes.model import Side
from tests.circles.ring import Ring, code, formed_of, taken
from tests.mentorships.state import State, crash_points
from tests.support.crossing import cross
from tests.support.world import World

NAIROBI = {"on": "2026-12-02", "at": "15:00", "time_zone": "Africa/Nairobi", "meetings": 1}


def forming_of_both_kinds(world: World) -> tuple[Ring, str, str]:
    """Return a programme of whose forming one circle is new, and of one that there is a seat is filled; its id, and for
    whom the seat is."""
    ring = taken(world)
    late, lead = ring.enrolled_member(), ring.enrolled(Side.MENTOR)
    others = [ring.enrolled_member() for _ in range(3)]
    fill = formed_of(ring.leads, [*ring.members, late], circle_id=ring.circle, joining=(late,))
    made = ring.form([fill, formed_of([lead], others, 1)])
    assert ring.publish().status == 202
    return ring, made.id, late


def test_publishing_killed_at_any_write_and_begun_again_comes_to_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring, made, _ = forming_of_both_kinds(world)
    start = State()

    def work() -> None:
        forming.make(job_call("follow_up", world.at), ring.programme, made)

    work()
    told = State().told()
    for point in crash_points(monkeypatch, work, start):
        work()
        assert State().told() == told, point


def test_who_declined_is_not_asked_anew_by_a_worker_that_begins_again(world: World) -> None:
    ring, made, late = forming_of_both_kinds(world)
    start = store.get_forming(ring.programme)
    assert start is not None
    forming._fill(job_call("follow_up", world.at), start, next(iter(store.every_formed(start.draft))), {})
    assert ring.state(late) == "offered"
    world.pass_time(minutes=1)
    ring.give_up(late)
    forming.make(job_call("follow_up", world.at), ring.programme, made)
    assert ring.state(late) == "declined"
    assert ring.mails("circle-place").count(late) == 1


def test_settling_and_closing_killed_at_any_write_come_to_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = taken(world)
    (meeting,) = ring.plan(meetings=1)
    ring.hold(meeting, *ring.people)
    assert ring.move("close").status == 200
    for one in meeting_store.results_of(ring.circle):
        world.write(tables.delete_entry(meeting_store.ResultRow, *_of_result(ring, one.person_id, meeting)))
    start = State()

    def came_of_it() -> list[Any]:
        found = world.get(f"{ring.path}/certificates", by=ring.coordinator).json["items"]
        earned = sorted((one["role"], one["record"]["minutes"]) for one in found)
        there = [(one.person_id, one.seconds) for one in meeting_store.results_of(ring.circle)]
        mails = sorted(one.kind for one in world.messages())
        return [earned, there, mails]

    def work() -> None:
        circles.over(job_call("follow_up", world.at), ring.circle)

    work()
    whole = came_of_it()
    assert [len(one) for one in whole[:2]] == [4, 4]
    for point in crash_points(monkeypatch, work, start):
        work()
        assert came_of_it() == whole, point


def _of_result(ring: Ring, person: str, meeting: str) -> tuple[str, str]:
    return f"CIRCLE#{ring.circle}", f"RESULT#{meeting.rpartition('/')[2]}#{person}"


# Hours.


def test_no_two_meetings_of_a_circle_are_at_once(world: World) -> None:
    ring = taken(world)
    first, second, _ = ring.plan()
    path = f"{ring.path}/meetings"
    for at in ("14:15", "15:00", "15:45"):
        refused = world.post(path, {**NAIROBI, "at": at}, by=ring.leads[0])
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/at"), at
    # One right after another is none at once; and one that is cancelled takes no time.
    assert world.post(path, {**NAIROBI, "at": "16:00"}, by=ring.leads[0]).status == 201
    assert ring.step(second, "cancel").status == 200
    assert world.post(path, {**NAIROBI, "on": "2026-12-16"}, by=ring.leads[0]).status == 201

    def changed(**what: Any) -> int:
        etag = world.get(first, by=ring.leads[0]).etag
        return world.patch(first, what, by=ring.leads[0], headers={"If-Match": etag}).status

    assert changed(minutes=75) == 422
    assert changed(on="2026-12-16", at="15:30") == 422
    assert changed(link="https://meet.example.org/hearts") == 200
    assert changed(on="2026-12-02", at="14:45") == 200


def test_two_who_plan_or_begin_meetings_at_once_make_no_two_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = taken(world)
    path = f"{ring.path}/meetings"
    plan = {**NAIROBI, "at": "16:00"}
    for given in (NAIROBI, plan):
        other = lambda given=given: world.post(path, given, by=ring.leads[0])  # noqa: E731
        with monkeypatch.context() as crossed:
            cross(crossed, other, what="MEETING#")
            refused = world.post(path, given, by=ring.coordinator)
        assert (refused.status, code(refused)) == (409, "circle-meeting-moved")
    first, second = (f"{path}/{one['id']}" for one in world.get(path, by=ring.leads[0]).json["items"])
    world.at = datetime(2026, 12, 2, 12, 45, tzinfo=UTC)
    with monkeypatch.context() as crossed:
        cross(crossed, lambda: ring.step(first, "begin"), what="MEETING#")
        assert code(ring.step(second, "begin")) == "circle-meeting-moved"
    refused = ring.step(second, "begin")
    assert (refused.status, refused.json["detail"]) == (
        409, "Another meeting of the circle runs. End that one first.",
    )  # fmt: skip
    assert ring.step(first, "end").status == 200
    assert ring.step(second, "begin").status == 200


def test_a_meeting_was_not_held_as_planned_while_another_was(world: World) -> None:
    ring = taken(world)
    (first,) = ring.plan(meetings=1)
    (second,) = ring.plan(meetings=1, at="16:00")
    world.at = datetime(2026, 12, 2, 12, 30, tzinfo=UTC)
    assert ring.step(second, "begin").status == 200
    world.pass_time(hours=1)
    refused = ring.step(first, "end")
    assert (refused.status, code(refused)) == (409, "circle-meeting-state")
    assert ring.step(second, "end").status == 200
    assert ring.step(first, "end").status == 409
    assert ring.step(first, "cancel").status == 200


def test_no_meeting_begins_in_a_circle_that_is_held_at_this_moment(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = taken(world)
    (meeting,) = ring.plan(meetings=1)
    world.at = datetime(2026, 12, 2, 12, tzinfo=UTC)
    coordinator = world.call(ring.coordinator)
    cross(
        monkeypatch,
        lambda: circles.move(coordinator, ring.circle, CircleMove.HOLD, "Their mentor is ill."),
        what="MEETING#",
    )
    assert code(ring.step(meeting, "begin")) == "circle-state"
    assert world.get(meeting, by=ring.leads[0]).json["status"] == "planned"


def test_a_meeting_that_has_begun_is_not_cancelled_and_is_not_held_for_days(world: World) -> None:
    ring = taken(world)
    (meeting,) = ring.plan(meetings=1)
    world.at = datetime(2026, 12, 2, 12, tzinfo=UTC)
    assert ring.step(meeting, "begin").status == 200
    refused = ring.step(meeting, "cancel")
    assert (refused.status, "End it" in refused.json["detail"]) == (409, True)
    world.pass_time(days=3)
    late = ring.step(meeting, "end", ended_at="2026-12-02T15:01:00Z")
    assert (late.status, late.json["errors"][0]["pointer"]) == (422, "/ended_at")
    assert ring.step(meeting, "end", ended_at="2026-12-02T15:00:00Z").status == 200
    assert ring.step(meeting, "cancel").status == 409


def test_none_of_those_after_a_meeting_is_moved_to_an_hour_that_spring_leaves_out(world: World) -> None:
    ring = taken(world)
    body = {"on": "2027-03-20", "at": "02:30", "time_zone": "Europe/Paris", "every_weeks": 1, "meetings": 2}
    path = f"{ring.path}/meetings"
    planned = world.post(path, {**body, "on": "2027-03-21"}, by=ring.leads[0])
    assert (planned.status, planned.json["errors"][0]["pointer"]) == (422, "/at")
    assert "2027-03-28" in planned.json["errors"][0]["detail"]
    first, _ = ring.plan(**body)
    etag = world.get(first, by=ring.leads[0]).etag
    shift = {"scope": "following", "on": "2027-03-21", "at": "02:30"}
    moved = world.patch(first, shift, by=ring.leads[0], headers={"If-Match": etag})
    assert (moved.status, moved.json["errors"][0]["pointer"]) == (422, "/at")
    found = world.get(path, by=ring.leads[0]).json["items"]
    assert [one["local"] for one in found] == ["2027-03-20T02:30", "2027-03-27T02:30"]


def test_a_meeting_at_the_end_of_a_day_and_one_in_the_hour_that_autumn_repeats(world: World) -> None:
    ring = taken(world)
    odd = world.post(f"{ring.path}/meetings", {**NAIROBI, "at": "23:59"}, by=ring.leads[0])
    assert (odd.status, odd.json["errors"][0]["pointer"]) == (422, "/at")
    (late,) = ring.plan(at="23:45", meetings=1)
    world.at = datetime(2026, 12, 2, 20, 45, tzinfo=UTC)
    assert ring.step(late, "begin").status == 200
    for one in ring.people:
        ring.mark(late, one)
    world.pass_time(minutes=60)
    assert ring.step(late, "end").json["local"] == "2026-12-02T23:45"
    assert world.get(f"{late}/attendance", by=ring.members[0]).json["items"][0]["minutes"] == 60
    (twice,) = ring.plan(on="2027-10-31", at="02:30", time_zone="Europe/Paris", meetings=1)
    assert world.get(twice, by=ring.leads[0]).json["starts_at"] == "2027-10-31T00:30:00.000000Z"


# Rows that are not there.


def test_a_place_whose_circle_is_gone_is_left_out_and_the_others_are_listed(world: World) -> None:
    ring = taken(world)
    place = ring.place(ring.members[0])
    assert place is not None
    orphan = formed_of(ring.leads, ring.members, circle_id="01M6A1C0W5T9R3N7Q2Z8K4X6JD")
    world.write(store.put_place(replace(place, circle_id=str(orphan.circle_id), version=None), world.at))
    mine = world.get("/v1/circles", by=ring.members[0])
    assert (mine.status, [one["id"] for one in mine.json["items"]]) == (200, [ring.circle])
    assert world.get(f"/v1/circles/{orphan.circle_id}", by=ring.members[0]).status == 404


# Who reads what.


def test_who_is_not_of_a_circle_reads_nothing_of_its_people_and_meetings(world: World) -> None:
    ring = taken(world, members=4)
    meeting, *_ = ring.plan()
    ring.hold(meeting, *ring.people)
    gone, blocker, *_ = ring.members
    ring.give_up(gone)
    assert world.put(f"/v1/me/blocks/{ring.members[2]}", {}, by=blocker).status in (200, 204)
    ring.settle()
    elsewhere = world.coordinator(world.organisation("Elsewhere"))
    lead = ring.enrolled(Side.MENTOR)
    others = [ring.enrolled_member() for _ in range(3)]
    ring.form([formed_of([lead], others)])
    ring.publish()
    ring.settle()
    (second,) = [one.id for one in store.every_circle(ring.programme) if one.id != ring.circle]
    assert world.put(f"/v1/circles/{second}/places", {}, by=others[0]).status == 200
    inside = [f"{ring.path}/meetings", meeting, f"{meeting}/attendance", f"{ring.path}/certificates"]
    for who in (world.mentee(), elsewhere, others[0], gone, blocker):
        assert {world.get(path, by=who).status for path in inside} == {404}, who
        assert ring.mark(meeting, who).status == 404
        for body in ({"move": "close", "reason": "I say so"}, {"move": "hold", "reason": "I say so"}):
            assert world.post(f"{ring.path}/moves", body, by=who).status == 404
    # Who was in it reads their own; who is in the programme that there is one; everybody else nothing.
    seen = {who: world.get(ring.path, by=who) for who in (gone, blocker, others[0], elsewhere)}
    assert [one.status for one in seen.values()] == [200, 200, 200, 404]
    assert [seen[one].json["people"] for one in (gone, blocker, others[0])] == [[], [], []]
    assert seen[others[0]].json["place"] is None
    # It reads as any leaving, whoever blocked whom.
    assert {seen[one].json["place"]["state"] for one in (gone, blocker)} == {"left"}
    assert seen[gone].json["place"]["attended"]["percent"] == 100
    assert ring.state(ring.members[2]) == "active"


def test_who_answers_changes_no_version_that_others_read(world: World) -> None:
    """Who has not said that they come is not seen: neither is when they say it."""
    ring = taken(world)
    looker = ring.enrolled_member()
    late = ring.enrolled_member()
    assert ring.give("add", late).status == 200
    ring.settle()
    before = world.get(ring.path, by=looker)
    assert ring.take(late).status == 200
    ring.settle()
    after = world.get(ring.path, by=looker)
    assert (after.etag, after.text) == (before.etag, before.text)


def test_a_block_is_no_answer_to_who_asks(world: World) -> None:
    """Asked for by somebody who was blocked, a circle with a free seat answers as one without."""
    ring = taken(world)
    blocked = ring.enrolled_member()
    world.write(people_store.add_block(ring.members[0], blocked, world.at))
    waits = ring.take(blocked)
    ring.settle()
    shown = world.get(ring.path, by=blocked).json
    assert (waits.json["state"], shown["place"]["position"], shown["free"]) == ("waiting", 1, 0)
