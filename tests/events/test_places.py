"""Planning an event, and the places at it: seats, the list, who may have one, who gives one back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.events import store
from chalicelib.notifications import facts
from chalicelib.notifications.letters import EventFacts
from chalicelib.people import store as people_store
from chalicelib.people.model import Standing
from chalicelib.platform import tables
from tests.events.scene import BEGINS, PLAN, Event, code, planned, published, seated
from tests.support.crossing import cross
from tests.support.world import Reply, World


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"starts_at": "2026-11-22T09:00:00Z"}, "/starts_at"),
        ({"starts_at": "2029-11-22T09:00:00Z"}, "/starts_at"),
        ({"time_zone": "Africa/Atlantis"}, "/time_zone"),
        ({"rounds": 13}, "/rounds"),
        ({"breaks": [{"after": 3, "minutes": 5}]}, "/breaks/0/after"),
        ({"closes_at": "2026-12-03T15:00:00Z"}, "/closes_at"),
        ({"mentee_seats": 201}, "/mentee_seats"),
        ({"link": "http://meet.example.org"}, "/link"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_where_it_is_wrong(
    world: World, wrong: dict[str, Any], pointer: str
) -> None:
    event = planned(world)
    answer = world.post(f"/v1/programmes/{event.programme}/events", {**PLAN, **wrong}, by=event.coordinator)
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_the_usual_plan_is_the_published_form_within_an_hour(world: World) -> None:
    event = planned(world, rounds=5)
    seen = event.read()
    assert (len(seen["rounds"]), seen["minutes"]) == (5, 10)
    assert seen["rounds"][-1]["ends_at"] == "2026-12-02T15:58:00.000000Z"


def test_breaks_and_delays_move_what_follows(world: World) -> None:
    event = seated(world, breaks=[{"after": 1, "minutes": 15}])
    starts = [one["starts_at"][11:16] for one in event.read()["rounds"]]
    assert starts == ["15:00", "15:25", "15:37"]
    assert event.move("delay", minutes=5).status == 409, "its plan can be changed instead"
    event.moved("publish")
    world.at = BEGINS + timedelta(minutes=2)
    starts = [one["starts_at"][11:16] for one in event.moved("delay", minutes=5)["rounds"]]
    assert starts == ["15:00", "15:30", "15:42"], "the round that runs stays"


def test_nobody_has_more_seats_than_there_are_and_the_first_who_waits_moves_up(world: World) -> None:
    event = planned(world, mentee_seats=2)
    people = [event.enrolled("mentee") for _ in range(4)]
    assert [event.taken(one, "mentee") for one in people] == ["taken", "taken", "waiting", "waiting"]
    assert [event.read(one)["your_place"]["position"] for one in people] == [None, None, 1, 2]
    assert event.read()["mentees"] == {"seats": 2, "taken": 2, "waiting": 2}
    assert event.read(people[3])["link"] is None, "the room is for who has a seat"
    assert event.tell(people[0], "give_back").status == 200
    assert [event.read(one)["your_place"] and event.read(one)["your_place"]["status"] for one in people] == [
        None, "taken", "taken", "waiting",
    ]  # fmt: skip
    moved = [
        one.payload["recipient"] for one in world.messages("event-place") if one.payload["what"] == "moved_up"
    ]
    assert moved == [people[2]]
    assert event.taken(people[0], "mentee") == "waiting", "who left stands at the end"
    assert event.tell(people[3], "give_back").status == 200, "who waits leaves the list"
    assert event.read(people[0])["your_place"]["position"] == 1
    for one in (people[1], people[2]):
        assert event.tell(one, "give_back").status == 200
    assert event.read()["mentees"] == {"seats": 2, "taken": 1, "waiting": 0}


def test_who_will_not_wait_is_told_that_it_is_full(world: World) -> None:
    event = planned(world, mentee_seats=1)
    event.taken(event.enrolled("mentee"), "mentee")
    answer = event.take(event.enrolled("mentee"), "mentee", waits=False)
    assert (answer.status, code(answer)) == (409, "event-full")


def test_a_place_is_for_who_is_active_on_that_side_and_a_mentor_who_is_verified(world: World) -> None:
    event = planned(world)
    mentee, mentor = event.enrolled("mentee"), event.enrolled("mentor")
    assert code(event.take(mentee, "mentor")) == "event-not-enrolled"
    assert event.take(world.mentee(), "mentee").status == 404, "not of the programme"
    world.write(people_store.set_standing(mentor, Standing(), world.at))
    assert code(event.take(mentor, "mentor")) == "event-mentor-not-verified"
    world.write(people_store.set_standing(mentor, Standing(world.at + timedelta(days=90)), world.at))
    assert event.taken(mentor, "mentor") == "taken"
    assert event.taken(mentor, "mentor") == "taken", "again is the same place"
    assert event.read()["mentors"]["taken"] == 1


def test_a_coordinator_adds_some_at_once_and_the_last_of_them_wait(world: World) -> None:
    event = planned(world, mentee_seats=2)
    people = [{"person_id": event.enrolled("mentee"), "side": "mentee"} for _ in range(3)]
    answer = world.post(f"{event.path}/places", {"people": people}, by=event.coordinator)
    assert [one["status"] for one in answer.json["items"]] == ["taken", "taken", "waiting"]
    listed = world.get(f"{event.path}/places", by=event.coordinator).json["items"]
    assert sorted(one["position"] or 0 for one in listed) == [0, 0, 1]
    stranger = {"people": [{"person_id": world.mentee(), "side": "mentee"}]}
    assert code(world.post(f"{event.path}/places", stranger, by=event.coordinator)) == "event-not-enrolled"
    by_another = world.post(f"{event.path}/places", {"people": people}, by=people[0]["person_id"])
    assert by_another.status == 404


def test_nobody_is_at_two_events_at_one_hour(world: World) -> None:
    event = planned(world)
    person = event.enrolled("mentee")
    event.taken(person, "mentee")
    for start, status in (("2026-12-02T15:20:00Z", 409), ("2026-12-02T16:00:00Z", 200)):
        made = world.post(
            f"/v1/programmes/{event.programme}/events", {**PLAN, "starts_at": start}, by=event.coordinator
        )
        answer = world.post(f"/v1/events/{made.json['id']}/places", {"side": "mentee"}, by=person)
        assert answer.status == status, answer.text
    assert len(world.get("/v1/events", by=person).json["items"]) == 2


def test_places_close_at_their_time_and_a_coordinator_may_still_add(world: World) -> None:
    event = planned(world, closes_at="2026-12-01T15:00:00Z")
    person = event.enrolled("mentee")
    world.at = BEGINS - timedelta(hours=1)
    assert code(event.take(person, "mentee")) == "event-places-closed"
    body = {"people": [{"person_id": person, "side": "mentee"}]}
    assert world.post(f"{event.path}/places", body, by=event.coordinator).status == 200
    world.at = BEGINS
    assert code(world.post(f"{event.path}/places", body, by=event.coordinator)) == "event-places-closed"


def test_a_changed_plan_is_told_and_more_seats_move_people_up(world: World) -> None:
    event = planned(world, mentee_seats=1)
    people = [event.enrolled("mentee") for _ in range(3)]
    for one in people:
        event.taken(one, "mentee")
    assert event.change(mentee_seats=3).json["mentees"] == {"seats": 3, "taken": 3, "waiting": 0}
    world.follow_up()
    assert not world.messages("event-changed"), "its hours are the same"
    assert event.change(mentee_seats=2).json["errors"][0]["pointer"] == "/mentee_seats"
    assert event.change(starts_at="2026-12-03T15:00:00Z").status == 200
    world.follow_up()
    told = world.messages("event-changed")
    assert sorted(one.payload["recipient"] for one in told) == sorted(people)
    stale = world.patch(event.path, {"minutes": 8}, by=event.coordinator, headers={"If-Match": '"1"'})
    assert stale.status == 412


def test_a_published_plan_stays_but_for_its_title_and_link(world: World) -> None:
    event = published(world, 1, 1)
    assert event.change(minutes=12).status == 409
    assert (
        event.change(link="https://meet.example.org/other").json["link"] == "https://meet.example.org/other"
    )


def test_a_cancelled_event_says_why_to_all_who_had_a_place(world: World) -> None:
    event = published(world, 1, 1)
    assert event.move("cancel").status == 422, "a reason is due"
    assert event.moved("cancel", reason="The speaker is ill")["status"] == "cancelled"
    world.follow_up()
    told = [one for one in world.messages("event-changed") if one.payload["what"] == "cancelled"]
    assert sorted(one.payload["recipient"] for one in told) == sorted(event.people)
    assert event.read(event.mentees[0])["reason"] == "The speaker is ill"
    assert code(event.take(event.enrolled("mentee"), "mentee")) == "event-places-closed"
    assert event.move("publish").status == 409


def test_who_leaves_the_programme_gives_the_seat_to_who_waits(world: World) -> None:
    event = planned(world, mentee_seats=1)
    first, second = event.enrolled("mentee"), event.enrolled("mentee")
    event.taken(first, "mentee")
    event.taken(second, "mentee")
    path = f"/v1/programmes/{event.programme}/enrolments/{first}"
    assert world.delete(path, by=first, query={"role": "mentee"}).status == 204
    world.follow_up()
    assert event.read(second)["your_place"]["status"] == "taken"
    assert event.read()["mentees"] == {"seats": 1, "taken": 1, "waiting": 0}
    assert [store.ahead_of(one, tables.get(*store.ahead_key(one))).events for one in (first, second)] == [
        (), (event.id,),
    ]  # fmt: skip


def test_the_counts_are_those_of_the_places(world: World) -> None:
    """Whatever is done in whatever order: the conditions of the counters are what keeps it so."""
    event = planned(world, mentee_seats=2)
    people = [event.enrolled("mentee") for _ in range(4)]
    for n in (0, 1, 2, 1, 3, 0, 2, 2, 1, 0, 3):
        place = event.read(people[n])["your_place"]
        if place:
            assert event.tell(people[n], "give_back").status == 200
        else:
            event.taken(people[n], "mentee")
        counted = _counted(event)
        seen = event.read()["mentees"]
        assert (seen["taken"], seen["waiting"]) == counted
        assert seen["taken"] == min(2, sum(counted)), "nobody waits while a seat is free"


def _counted(event: Event) -> tuple[int, int]:
    states = [one.status.value for one in store.places_of(event.id)]
    return states.count("taken"), states.count("waiting")


def test_who_is_on_the_way_is_told_that_an_event_begins_later(world: World) -> None:
    event = published(world, 1, 1, rounds=2)
    world.at = BEGINS - timedelta(hours=1)
    event.moved("delay", minutes=30)
    world.follow_up()
    told = [one.payload["recipient"] for one in world.messages("event-changed")]
    assert sorted(told) == sorted(event.people)
    event.into_round(1, minutes=35)
    event.moved("delay", minutes=5)
    world.follow_up()
    assert len(world.messages("event-changed")) == 2, "while it runs the clock tells it"


def _another(event: Event, **plan: Any) -> Event:
    path = f"/v1/programmes/{event.programme}/events"
    made = event.world.post(path, {**PLAN, "title": "The other hour", **plan}, by=event.coordinator)
    assert made.status == 201, made.text
    return replace(event, id=made.json["id"])


def test_two_requests_at_one_instant_give_one_place_at_that_hour(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = planned(world)
    other = _another(one, starts_at="2026-12-02T15:20:00Z")
    person = one.enrolled("mentee")
    crossing: list[Reply] = []
    cross(monkeypatch, lambda: crossing.append(other.take(person, "mentee")))
    late = one.take(person, "mentee")
    assert [crossing[0].status, late.status] == [200, 409]
    assert code(late) == "events-overlap"
    assert "The other hour" in late.json["detail"]
    assert one.read()["mentees"]["taken"] == 0


def test_nobody_is_given_a_place_at_an_hour_that_was_moved_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = planned(world)
    other = _another(one, starts_at="2026-12-02T17:00:00Z")
    person = one.enrolled("mentee")
    assert other.taken(person, "mentee") == "taken"
    read = store.event_of(tables.get(*store.event_key(one.id)))
    later = replace(read.plan, starts_at=BEGINS + timedelta(hours=2, minutes=10))
    cross(monkeypatch, lambda: world.write(store.put_event(replace(read, plan=later), world.at)))
    answer = one.take(person, "mentee")
    assert (answer.status, code(answer)) == (409, "events-overlap")


def test_an_hour_is_free_again_once_its_place_is_given_back_or_its_event_is_over_or_off(world: World) -> None:
    one = planned(world)
    person = one.enrolled("mentee")
    for end in ("given back", "cancelled"):
        other = _another(one, starts_at="2026-12-02T15:20:00Z")
        other.taken(person, "mentee")
        assert code(one.take(person, "mentee")) == "events-overlap"
        if end == "given back":
            other.told(person, "give_back")
        else:
            other.moved("cancel", reason="The speaker is ill")
        assert one.taken(person, "mentee") == "taken"
        one.told(person, "give_back")


def test_what_is_over_or_off_is_not_kept_among_where_somebody_has_a_place(world: World) -> None:
    one = planned(world)
    person = one.enrolled("mentee")
    one.taken(person, "mentee")
    off = _another(one, starts_at="2026-12-02T18:00:00Z")
    off.taken(person, "mentee")
    off.moved("cancel", reason="The speaker is ill")
    later = _another(one, starts_at="2026-12-09T15:00:00Z")
    later.taken(person, "mentee")
    assert _has_places_at(person) == {one.id, later.id}
    world.at = BEGINS + timedelta(hours=2)
    last = _another(one, starts_at="2026-12-10T15:00:00Z")
    last.taken(person, "mentee")
    assert _has_places_at(person) == {later.id, last.id}


def _has_places_at(person: str) -> set[str]:
    return set(store.ahead_of(person, tables.get(*store.ahead_key(person))).events)


def test_who_waits_for_a_seat_is_busy_at_that_hour(world: World) -> None:
    one = planned(world, mentee_seats=1)
    one.taken(one.enrolled("mentee"), "mentee")
    person = one.enrolled("mentee")
    assert one.taken(person, "mentee") == "waiting"
    assert code(_another(one).take(person, "mentee")) == "events-overlap"


def test_a_coordinator_who_adds_somebody_learns_nothing_of_the_other_event(world: World) -> None:
    one = planned(world)
    person = one.enrolled("mentee")
    _another(one).taken(person, "mentee")
    body = {"people": [{"person_id": person, "side": "mentee"}]}
    answer = world.post(f"{one.path}/places", body, by=one.coordinator)
    assert code(answer) == "events-overlap"
    assert "The other hour" not in answer.text


def test_who_is_at_two_events_by_a_change_of_hours_is_told_and_nobody_else_is(world: World) -> None:
    one = planned(world)
    other = _another(one, starts_at="2026-12-02T17:00:00Z")
    person = one.enrolled("mentee")
    one.taken(person, "mentee")
    other.taken(person, "mentee")
    assert one.read(person)["your_place"]["clashes_with"] == []
    changed = other.change(starts_at="2026-12-02T15:30:00Z")
    assert changed.status == 200
    assert one.id not in changed.text
    for event, against in ((one, other), (other, one)):
        assert event.read(person)["your_place"]["clashes_with"] == [against.id]
    world.follow_up()
    (mail,) = world.messages("event-changed")
    assert _facts(mail, world).clashes
    one.told(person, "give_back")
    assert other.read(person)["your_place"]["clashes_with"] == []
    assert not _facts(mail, world).clashes


def _facts(mail: Any, world: World) -> EventFacts:
    found = facts.letter_for(mail, world.at)
    assert found is not None
    assert isinstance(found.facts, EventFacts)
    return found.facts


def test_an_event_begins_before_its_programme_ends(world: World) -> None:
    event = planned(world)
    path = f"/v1/programmes/{event.programme}"
    etag = world.get(path, by=event.coordinator).etag
    ended = world.patch(path, {"ends_on": "2026-12-10"}, by=event.coordinator, headers={"If-Match": etag})
    assert ended.status == 200, ended.text
    late = world.post(f"{path}/events", {**PLAN, "starts_at": "2026-12-11T00:00:00Z"}, by=event.coordinator)
    assert late.json["errors"][0] == {
        "pointer": "/starts_at",
        "detail": "The programme ends on 2026-12-10. Give an instant up to then (UTC).",
    }
    assert event.change(starts_at="2026-12-11T00:00:00Z").json["errors"][0]["pointer"] == "/starts_at"
    assert event.change(starts_at="2026-12-10T22:00:00Z").status == 200


def test_delays_have_an_end(world: World) -> None:
    event = published(world, 1, 1)
    world.at = BEGINS - timedelta(hours=1)
    for _ in range(3):
        event.moved("delay", minutes=60)
    answer = event.move("delay", minutes=1)
    assert (answer.status, code(answer)) == (409, "event-not-so")
    assert "180 minutes already" in answer.json["detail"]
