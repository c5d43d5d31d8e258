"""Meetings of a circle: planned on a clock, moved, held with turns and an agenda, and what comes of them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.calendars.model import Span
from chalicelib.circles import service as circles
from chalicelib.circles import store
from chalicelib.circles.meetings import store as meeting_store
from chalicelib.circles.model import CircleStatus
from chalicelib.credits import service as credits
from chalicelib.credits.model import Part
from chalicelib.kernel.pages import PageRequest
from tests.circles.ring import code, taken
from tests.support.crossing import cross
from tests.support.world import World


def test_meetings_are_as_many_and_as_often_as_the_circle_has_them(world: World) -> None:
    ring = taken(world)
    ring.plan()
    found = world.get(f"{ring.path}/meetings", by=ring.members[1]).json["items"]
    assert [one["local"] for one in found] == ["2026-12-02T15:00", "2026-12-16T15:00", "2026-12-30T15:00"]
    assert found[0]["starts_at"] == "2026-12-02T12:00:00.000000Z"
    assert sorted(one["presenter_id"] for one in found) == sorted(ring.members)
    member = world.post(
        f"{ring.path}/meetings",
        {"on": "2027-01-01", "at": "10:00", "time_zone": "Africa/Nairobi"},
        by=ring.members[0],
    )
    assert (member.status, code(member)) == (403, "circle-role-refused")


def test_no_meeting_is_planned_in_a_circle_that_closes_at_this_moment(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = taken(world)
    closed = replace(ring.now(), status=CircleStatus.CLOSED, closed_at=world.at)
    cross(monkeypatch, lambda: world.write(store.put_circle(closed, world.at)))
    path = f"{ring.path}/meetings"
    plan = {"on": "2026-12-02", "at": "15:00", "time_zone": "Africa/Nairobi"}
    refused = world.post(path, plan, by=ring.coordinator)
    assert (refused.status, code(refused)) == (409, "circle-state")
    assert world.get(path, by=ring.coordinator).json["items"] == []


def test_a_meeting_is_moved_with_those_after_it_on_its_clock_and_people_are_told(world: World) -> None:
    ring = taken(world)
    paths = ring.plan(time_zone="Europe/Paris", on="2027-03-15", at="18:00")
    etag = world.get(paths[0], by=ring.leads[0]).etag
    change = {"scope": "following", "on": "2027-03-16", "at": "19:30"}
    assert world.patch(paths[0], change, by=ring.leads[0]).status == 428
    moved = world.patch(paths[0], change, by=ring.leads[0], headers={"If-Match": etag})
    assert moved.status == 200, moved.text
    found = world.get(f"{ring.path}/meetings", by=ring.leads[0]).json["items"]
    # Summer time begins on 28 March in Paris.
    assert [one["starts_at"][:16] for one in found] == [
        "2027-03-16T18:30",
        "2027-03-30T17:30",
        "2027-04-13T17:30",
    ]
    ring.settle()
    assert len(world.messages("circle-meeting-changed")) >= 3 * len(ring.people)
    gap = world.patch(
        paths[0], {"on": "2027-03-28", "at": "02:30"}, by=ring.leads[0],
        headers={"If-Match": world.get(paths[0], by=ring.leads[0]).etag},
    )  # fmt: skip
    assert (gap.status, gap.json["errors"][0]["pointer"]) == (422, "/at")


def test_people_are_written_to_a_day_before_and_not_of_one_that_is_cancelled(world: World) -> None:
    ring = taken(world)
    first, second, _ = ring.plan()
    assert ring.step(second, "cancel").json["status"] == "cancelled"
    ring.settle()
    assert sorted(ring.mails("circle-meeting-changed")) == sorted(ring.people)
    world.at = datetime(2026, 12, 1, 12, tzinfo=UTC)
    ring.settle()
    ring.settle()
    assert sorted(ring.mails("circle-meeting")) == sorted(ring.people)
    world.at = datetime(2026, 12, 16, 9, tzinfo=UTC)
    ring.settle()
    assert len(ring.mails("circle-meeting")) == len(ring.people)
    assert world.get(first, by=ring.members[0]).json["status"] == "planned"


def test_whose_turn_it_is_may_give_it_away_and_hosts_begin(world: World) -> None:
    ring = taken(world)
    meeting, *_ = ring.plan()
    told = world.get(meeting, by=ring.members[0]).json
    presenter, host = told["presenter_id"], told["host_id"]
    (third,) = set(ring.members) - {presenter, host}
    given = {"duty": "presenter", "person_id": third}
    refused = ring.step(meeting, "assign", by=host, **given)
    assert (refused.status, code(refused)) == (403, "circle-role-refused")
    assert ring.step(meeting, "assign", by=presenter, **given).json["presenter_id"] == third
    world.at = datetime(2026, 12, 2, 12, tzinfo=UTC)
    assert ring.step(meeting, "begin", by=third).status == 403
    assert ring.step(meeting, "begin", by=host).json["host_id"] == host
    assert ring.step(meeting, "end", by=host).status == 200
    assert ring.step(meeting, "close", by=host).status == 403
    assert ring.step(meeting, "close").status == 200


def test_all_write_on_the_agenda_and_coordinators_read_no_notes(world: World) -> None:
    ring = taken(world)
    meeting, *_ = ring.plan()
    one, other = ring.members[:2]
    item = {"title": "Diuretics", "minutes": 20, "note": "I am unsure"}
    shown = ring.step(meeting, "add_item", by=one, **item).json["agenda"]
    assert [(each["title"], each["note"], each["by"]) for each in shown] == [
        ("Diuretics", "I am unsure", one)
    ]
    staff = world.get(meeting, by=ring.coordinator).json["agenda"]
    assert [(each["title"], each["note"], each["by"]) for each in staff] == [("Diuretics", "", "")]
    assert ring.step(meeting, "add_item", by=ring.coordinator, **item).status == 403
    assert ring.mark(meeting, ring.coordinator).status == 403
    assert ring.step(meeting, "drop_item", by=other, item_id=shown[0]["id"]).status == 403
    assert ring.step(meeting, "drop_item", by=one, item_id=shown[0]["id"]).json["agenda"] == []
    for n in range(20):
        assert ring.step(meeting, "add_item", by=one, title=f"Point {n}").status == 200
    full = ring.step(meeting, "add_item", by=other, title="One more")
    assert (full.status, code(full)) == (409, "circle-agenda-full")


def test_an_agenda_stays_as_it_was_when_its_meeting_ended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = taken(world)
    meeting, *_ = ring.plan()
    (item,) = ring.step(meeting, "add_item", title="Diuretics").json["agenda"]
    world.at = datetime(2026, 12, 2, 12, tzinfo=UTC)
    assert ring.step(meeting, "begin").status == 200
    with monkeypatch.context() as crossed:
        cross(crossed, lambda: ring.step(meeting, "end"), what="ITEM#")
        assert code(ring.step(meeting, "drop_item", item_id=item["id"])) == "circle-meeting-moved"
    assert [one["title"] for one in world.get(meeting, by=ring.leads[0]).json["agenda"]] == ["Diuretics"]


def test_minutes_are_counted_corrected_and_become_credit(world: World) -> None:
    ring = taken(world)
    meeting, *_ = ring.plan()
    early, late, absent = ring.members
    world.at = datetime(2026, 12, 2, 12, tzinfo=UTC)
    assert ring.step(meeting, "begin").status == 200
    for one in (ring.leads[0], early):
        assert ring.mark(meeting, one).status == 200
    stranger = world.mentee()
    assert ring.mark(meeting, stranger).status == 404
    world.pass_time(minutes=30)
    ring.mark(meeting, late)
    world.pass_time(minutes=30)
    ring.mark(meeting, early, "leave")
    assert ring.step(meeting, "end").status == 200
    own = world.get(f"{meeting}/attendance", by=late).json["items"]
    assert [(one["person_id"], one["minutes"]) for one in own] == [(late, 30)]
    mend = {"person_id": late, "minutes": 45, "reason": "Shared a screen"}
    assert world.put(f"{meeting}/attendance", mend, by=late).status == 403
    assert world.put(f"{meeting}/attendance", mend, by=ring.leads[0]).json["minutes"] == 45
    too_many = world.put(f"{meeting}/attendance", {**mend, "minutes": 61}, by=ring.leads[0])
    assert too_many.status == 422
    own_minutes = world.put(f"{meeting}/attendance", {**mend, "person_id": ring.leads[0]}, by=ring.leads[0])
    assert (own_minutes.status, code(own_minutes)) == (409, "circle-meeting-state")
    assert ring.step(meeting, "close").status == 200
    ring.settle()
    closed = world.put(f"{meeting}/attendance", mend, by=ring.leads[0])
    assert (closed.status, code(closed)) == (409, "circle-meeting-state")

    def recorded(person: str) -> list[tuple[Part, int, int, int]]:
        found = credits.my_activities(world.call(person), PageRequest()).items
        return [
            (one.activity.part, one.activity.attended, one.activity.educational_seconds,
             one.activity.presented_seconds)
            for one in found
        ]  # fmt: skip

    # Of an hour fifty minutes are education; nobody teaches by the plan of a circle.
    assert recorded(ring.leads[0]) == [(Part.FACILITATOR, 3600, 3000, 0)]
    assert recorded(early) == [(Part.LEARNER, 3600, 3000, 0)]
    assert recorded(late) == [(Part.LEARNER, 2700, 2700, 0)]
    assert recorded(absent) == []
    # Begun again, it comes to the same.
    circles.settle(world.call("job:follow_up"), ring.circle, meeting.rpartition("/")[2])
    assert recorded(early) == [(Part.LEARNER, 3600, 3000, 0)]


def test_a_circle_closes_with_its_record_certificates_and_free_places(world: World) -> None:
    ring = taken(world)
    paths = ring.plan(meetings=2)
    early = ring.move("close")
    assert (early.status, early.json["detail"]) == (
        409, "2 of its meetings are not closed. Hold and close them, or cancel them.",
    )  # fmt: skip
    whole, half, never = ring.members
    ring.hold(paths[0], ring.leads[0], whole, half)
    ring.hold(paths[1], ring.leads[0], whole)
    waiting = ring.enrolled_member()
    ring.take(waiting)
    assert ring.move("close", by=ring.leads[0]).status == 403
    assert ring.move("close").json["status"] == "closed"
    ring.settle()
    assert [ring.free(one) for one in ring.members] == [1, 1, 1]
    assert (ring.state(waiting), ring.free(waiting)) == ("left", 1)
    people = {
        one["person_id"]: one["attended"] for one in world.get(ring.path, by=ring.coordinator).json["people"]
    }
    assert [people[one]["percent"] for one in (whole, half, never)] == [100, 50, 0]
    found = world.get(f"{ring.path}/certificates", by=ring.coordinator).json["items"]
    assert sorted((one["role"], one["record"]["sessions"]) for one in found) == [("lead", 2), ("member", 2)]
    circles.over(world.call("job:follow_up"), ring.circle)
    assert len(world.get(f"{ring.path}/certificates", by=ring.coordinator).json["items"]) == 2
    (activity,) = circles.activities_of(half, 10)
    assert (activity.kind, [one.minutes for one in activity.sessions]) == ("circle", [60])
    assert list(circles.activities_of(never, 10)) == []
    assert code(ring.take(waiting)) == "circle-state"


def test_meetings_are_in_the_calendars_of_who_takes_part(world: World) -> None:
    ring = taken(world)
    ring.plan()
    span = Span(datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 20, tzinfo=UTC))
    found = list(circles.gatherings_of(ring.members[0], span))
    assert [one.span.starts_at.day for one in found] == [2, 16]
    ring.give_up(ring.members[0])
    assert list(circles.gatherings_of(ring.members[0], span)) == []


def test_peers_chair_in_turn_and_run_their_meetings(world: World) -> None:
    ring = taken(world, kind="peer", leads=0, members=3)
    meeting, *_ = ring.plan()
    chair = world.get(meeting, by=ring.members[1]).json["host_id"]
    assert chair in ring.members
    ring.hold(meeting, *ring.members)
    assert world.get(meeting, by=ring.members[1]).json["status"] == "closed"
    assert ring.now().is_of_peers


def test_in_a_reverse_programme_juniors_lead_and_seniors_are_members(world: World) -> None:
    ring = taken(world, kind="reverse")
    junior, seniors = ring.leads[0], ring.members
    people = world.get(ring.path, by=seniors[0]).json
    assert (people["kind"], [one["person_id"] for one in people["people"] if one["role"] == "lead"]) == (
        "reverse", [junior],
    )  # fmt: skip
    ring.plan()
    turns = world.get(f"{ring.path}/meetings", by=junior).json["items"]
    assert {one["presenter_id"] for one in turns} == set(seniors)


def test_results_are_of_who_was_there(world: World) -> None:
    ring = taken(world)
    meeting, *_ = ring.plan()
    ring.hold(meeting, ring.members[0])
    assert [one.person_id for one in meeting_store.results_of(ring.circle)] == [ring.members[0]]
