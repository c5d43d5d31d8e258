"""Places of a circle: formed and published, taken, given up, waited for, and what becomes of it when its
mentor goes."""

from datetime import timedelta

import pytest

from chalicelib.circles import forming, placing, store
from chalicelib.circles.model import CircleHold, CircleStatus, FormingStatus
from chalicelib.kernel.call import job_call
from chalicelib.kernel.pages import PageRequest
from chalicelib.mentorships import task_store
from chalicelib.mentorships.tasks import TaskStatus
from chalicelib.notifications import facts
from chalicelib.notifications import service as notifications
from chalicelib.notifications.letters import CircleFacts
from chalicelib.people import store as people_store
from chalicelib.people.model import Standing
from chalicelib.platform import tables
from chalicelib.programmes.model import Side
from tests.circles.ring import Ring, code, formed_of, programme_only, published, taken
from tests.support.world import World


def tasks(ring: Ring, status: TaskStatus = TaskStatus.OPEN) -> list[tuple[str, str | None]]:
    found = task_store.tasks_in(ring.programme, status, PageRequest(), ring.coordinator)
    return [(one.reason.value, one.circle_id) for one in found.items]


def test_publishing_asks_everybody_and_holds_their_places(world: World) -> None:
    ring = published(world)
    assert {ring.state(one) for one in ring.people} == {"offered"}
    assert sorted(ring.mails("circle-place")) == sorted(ring.people)
    assert [ring.free(one) for one in ring.members] == [0, 0, 0]
    assert ring.free(ring.leads[0], Side.MENTOR) == 1
    circle = ring.now()
    assert (circle.taken, circle.led, circle.seats, circle.free) == (3, 1, 4, 1)
    forming_now = store.get_forming(ring.programme)
    assert forming_now is not None
    assert (forming_now.status, forming_now.published) == (FormingStatus.PUBLISHED, 1)


def test_publishing_begun_again_after_a_crash_makes_no_circle_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = programme_only(world)
    leads = [ring.enrolled(Side.MENTOR) for _ in range(3)]
    members = [[ring.enrolled(Side.MENTEE) for _ in range(3)] for _ in range(3)]
    made = ring.form(
        [formed_of([lead], some, n) for n, (lead, some) in enumerate(zip(leads, members, strict=True))]
    )
    assert ring.publish().status == 202
    plain, left = tables.transact, [2]

    def crashing(writes: object, token: str, **how: object) -> None:
        if not left[0]:
            raise RuntimeError("crash")
        left[0] -= 1
        plain(writes, token, **how)  # type: ignore[arg-type]

    call = job_call("follow_up", world.at)
    monkeypatch.setattr(tables, "transact", crashing)
    with pytest.raises(RuntimeError):
        forming.make(call, ring.programme, made.id)
    assert len(list(store.every_circle(ring.programme))) == 2
    monkeypatch.setattr(tables, "transact", plain)
    forming.make(call, ring.programme, made.id)
    forming.make(call, ring.programme, made.id)
    assert len(list(store.every_circle(ring.programme))) == 3
    assert sorted(ring.mails("circle-place")) == sorted([*leads, *(one for some in members for one in some)])
    done = store.get_forming(ring.programme)
    assert done is not None
    assert (done.published, done.skipped) == (3, 0)


def test_who_became_impossible_is_left_out_and_a_circle_too_small_is_not_made(world: World) -> None:
    ring = programme_only(world)
    lead, other = ring.enrolled(Side.MENTOR), ring.enrolled(Side.MENTOR)
    members = [ring.enrolled(Side.MENTEE) for _ in range(4)]
    rest = [ring.enrolled(Side.MENTEE) for _ in range(3)]
    ring.form([formed_of([lead], members), formed_of([other], rest, 1)])
    # Since it was worked out, one blocks another, and one leaves the programme.
    world.write(people_store.add_block(members[3], members[0], world.at))
    ring.withdraw(rest[0])
    assert ring.publish().status == 202
    ring.settle()
    (circle,) = store.every_circle(ring.programme)
    assert sorted(one.person_id for one in store.places_in(circle.id)) == sorted([lead, *members[:3]])
    done = store.get_forming(ring.programme)
    assert done is not None
    assert (done.published, done.skipped) == (1, 1)
    assert ring.free(members[3]) == 1


def test_an_unverified_mentor_is_given_no_circle(world: World) -> None:
    ring = programme_only(world)
    lead = ring.enrolled(Side.MENTOR)
    members = [ring.enrolled(Side.MENTEE) for _ in range(3)]
    ring.form([formed_of([lead], members)])
    world.write(people_store.set_standing(lead, Standing(), world.at))
    assert ring.publish().status == 202
    ring.settle()
    assert list(store.every_circle(ring.programme)) == []


def test_only_what_was_looked_at_is_published(world: World) -> None:
    ring = published(world)
    ring.form([])
    path = f"/v1/programmes/{ring.programme}/circle-forming"
    seen = world.get(path, by=ring.coordinator)
    ring.form([])
    stale = ring.forming_move("publish", headers={"If-Match": seen.etag})
    assert stale.status == 412
    assert ring.publish().status == 202
    ring.settle()
    again = ring.publish()
    assert (again.status, code(again)) == (409, "circle-forming-state")
    blindly = ring.forming_move("publish")
    assert (blindly.status, code(blindly)) == (428, "version-required")


def test_a_place_is_taken_and_the_circle_is_told_once_all_have_answered(world: World) -> None:
    ring = published(world)
    for one in ring.people[:-1]:
        assert ring.take(one).json["state"] == "active"
    ring.settle()
    assert ring.mails("circle-news") == []
    ring.world.delete(f"{ring.path}/places", by=ring.people[-1])
    ring.settle()
    assert ring.state(ring.people[-1]) == "declined"
    assert sorted(ring.mails("circle-news")) == sorted(ring.people[:-1])
    assert ring.free(ring.people[-1]) == 1


def test_an_offer_ends_and_frees_the_seat(world: World) -> None:
    ring = published(world)
    for one in ring.people[:-1]:
        ring.take(one)
    world.pass_time(days=8)
    late = ring.take(ring.people[-1])
    assert (late.status, code(late)) == (409, "circle-place-state")
    ring.settle()
    assert ring.state(ring.people[-1]) == "expired"
    assert (ring.now().taken, ring.free(ring.people[-1])) == (2, 1)


def test_a_freed_seat_goes_to_who_has_waited_longest(world: World) -> None:
    ring = taken(world, members=4)
    waiting = []
    for _ in range(3):
        waiting.append(ring.enrolled(Side.MENTEE))
        world.pass_time(minutes=1)
        told = ring.take(waiting[-1])
        assert (told.json["state"], told.json["position"]) == ("waiting", len(waiting))
    ring.settle()
    assert [ring.state(one) for one in waiting] == ["waiting"] * 3, "no seat is free"
    # The first has found a mentor elsewhere meanwhile, so that they have no place left here.
    from chalicelib.programmes import service as programmes

    programme = programmes.get_programme(ring.programme)
    assert programme is not None
    world.write(programmes.hold_place(programme, Side.MENTEE, waiting[0], world.at))
    ring.give_up(ring.members[0])
    ring.settle()
    assert [ring.state(one) for one in waiting] == ["waiting", "offered", "waiting"]
    assert ring.mails("circle-seat-free") == [waiting[1]]
    position = world.get(ring.path, by=waiting[2]).json["place"]["position"]
    assert (position, ring.now().waiting) == (2, 2)
    assert ring.take(waiting[1]).json["state"] == "active"


def test_seats_of_a_circle_are_never_exceeded_and_a_reason_is_kept(world: World) -> None:
    ring = taken(world)
    fourth, fifth = ring.enrolled(Side.MENTEE), ring.enrolled(Side.MENTEE)
    key = {"Idempotency-Key": "add-fourth"}
    given = ring.give("add", fourth, headers=key)
    assert (given.json["state"], given.json["name"]) == ("offered", "Amina Otieno")
    assert ring.give("add", fourth, headers=key).text == given.text
    full = ring.give("add", fifth)
    assert (full.status, code(full)) == (409, "circle-full")
    assert ring.free(fifth) == 1
    assert ring.give("remove", fourth).json["state"] == "removed"
    assert ring.give("add", fifth).status == 200
    wants_back = ring.take(fourth)
    assert (wants_back.status, code(wants_back)) == (409, "circle-place-state")


def test_who_has_blocked_somebody_of_the_circle_is_not_added(world: World) -> None:
    ring = taken(world)
    newcomer = ring.enrolled(Side.MENTEE)
    world.write(people_store.add_block(ring.members[0], newcomer, world.at))
    refused = ring.give("add", newcomer)
    assert (refused.status, code(refused)) == (409, "circle-not-eligible")
    # They can wait like anybody, and learn nothing.
    assert ring.take(newcomer).json["state"] == "waiting"
    ring.settle()
    assert ring.state(newcomer) == "waiting"


def test_a_block_parts_two_of_a_circle_and_it_is_the_blocker_who_goes(world: World) -> None:
    ring = taken(world)
    one, other = ring.members[:2]
    assert world.put(f"/v1/me/blocks/{other}", {}, by=one).status in (200, 204)
    ring.settle()
    assert (ring.state(one), ring.state(other)) == ("left", "active")
    assert ring.free(one) == 1


def test_who_leaves_the_programme_leaves_its_circles(world: World) -> None:
    ring = taken(world)
    ring.withdraw(ring.members[0])
    assert ring.state(ring.members[0]) == "left"
    assert ring.now().taken == 2


def test_a_circle_that_loses_its_mentor_is_held_and_its_coordinator_has_a_task(world: World) -> None:
    ring = taken(world)
    meeting, *_ = ring.plan()
    ring.give_up(ring.leads[0])
    ring.settle()
    circle = ring.now()
    assert (circle.status, circle.hold) == (CircleStatus.HELD, CircleHold.NO_LEAD)
    assert tasks(ring) == [("circle_without_lead", ring.circle)]
    assert ring.mails("circle-without-lead") == [ring.coordinator]
    world.at = world.at.replace(month=12, day=2, hour=12)
    refused = ring.step(meeting, "begin", by=ring.coordinator)
    assert (refused.status, code(refused)) == (409, "circle-state")
    resumed = ring.move("resume")
    assert (resumed.status, code(resumed)) == (409, "circle-state")
    # It goes on with another one.
    another = ring.enrolled(Side.MENTOR)
    assert ring.give("add", another, role="lead").status == 200
    ring.settle()
    assert ring.now().status is CircleStatus.RUNNING
    assert (tasks(ring), tasks(ring, TaskStatus.DONE)) == ([], [("circle_without_lead", ring.circle)])
    ring.give_up(another)
    ring.settle()
    assert ring.now().status is CircleStatus.HELD
    # Or as peers, who chair in turn.
    assert ring.move("as_peers").json["is_of_peers"] is True
    ring.settle()
    assert (ring.now().status, tasks(ring)) == (CircleStatus.RUNNING, [])
    assert world.post(f"{meeting}/moves", {"move": "begin"}, by=ring.members[2]).status == 200


def test_a_mentor_who_is_not_verified_any_more_leaves_it_held_until_they_are(world: World) -> None:
    ring = taken(world)
    world.pass_time(days=400)
    call = job_call("follow_up", world.at)
    placing.look_after_all_of(call, ring.leads[0])
    assert ring.now().hold is CircleHold.NO_LEAD
    placing.look_after_all_of(call, ring.leads[0])
    world.at -= timedelta(days=100)
    placing.look_after_all_of(job_call("follow_up", world.at), ring.leads[0])
    assert ring.now().status is CircleStatus.RUNNING


def test_a_coordinator_says_that_they_have_seen_to_it(world: World) -> None:
    ring = taken(world)
    ring.give_up(ring.leads[0])
    ring.settle()
    path = f"/v1/programmes/{ring.programme}/tasks"
    (task,) = world.get(path, by=ring.coordinator).json["items"]
    assert (task["reason"], task["circle_id"], task["mentorship_id"]) == (
        "circle_without_lead",
        ring.circle,
        None,
    )
    assert world.post(f"{path}/{task['id']}/done", by=ring.coordinator).json["ended"] == "seen_to"
    # The circle goes on, and its task is as they left it.
    assert ring.move("as_peers").status == 200
    (task,) = world.get(path, by=ring.coordinator, query={"status": "done"}).json["items"]
    assert task["ended"] == "seen_to"


def test_somebody_is_moved_to_another_circle_with_their_place(world: World) -> None:
    ring = taken(world)
    lead = ring.enrolled(Side.MENTOR)
    others = [ring.enrolled(Side.MENTEE) for _ in range(3)]
    ring.form([formed_of([lead], others)])
    ring.publish()
    ring.settle()
    (other,) = [one.id for one in store.every_circle(ring.programme) if one.id != ring.circle]
    who = ring.members[0]
    assert ring.give("move", who, to=other).json["state"] == "active"
    assert (ring.state(who), ring.state(who, other), ring.free(who)) == ("left", "active", 0)
    found = store.get_circle(other)
    assert found is not None
    assert (found.taken, ring.now().taken) == (4, 2)


def test_members_read_each_other_and_others_do_not(world: World) -> None:
    ring = published(world)
    ring.take(ring.leads[0])
    ring.take(ring.members[0])
    shown = world.get(ring.path, by=ring.members[0]).json
    # Who has not said yet that they come has not agreed to be seen.
    assert [one["person_id"] for one in shown["people"]] == [ring.leads[0], ring.members[0]]
    assert {one["attended"] for one in shown["people"]} == {None}
    looker, stranger = ring.enrolled(Side.MENTEE), world.mentee()
    assert world.get(ring.path, by=looker).json["people"] == []
    assert world.get(ring.path, by=stranger).status == 404
    assert world.get(f"{ring.path}/meetings", by=looker).status == 404
    staff = world.get(ring.path, by=ring.coordinator).json
    assert len(staff["people"]) == 4
    listed = world.get(f"/v1/programmes/{ring.programme}/circles", by=looker).json["items"]
    assert [(one["id"], one["free"], one["people"]) for one in listed] == [(ring.circle, 1, [])]
    assert world.get(f"/v1/programmes/{ring.programme}/circles", by=stranger).status == 404
    mine = world.get("/v1/circles", by=ring.members[0]).json["items"]
    assert [one["id"] for one in mine] == [ring.circle]


def test_mails_go_out_while_they_hold_and_no_longer(world: World) -> None:
    ring = published(world)
    first, second, third = ring.members
    ring.take(first)
    ring.give_up(second)
    offers = {
        one.payload["recipient"]: notifications.deliver(one.id, world.at)
        for one in world.messages("circle-place")
    }
    assert (offers[first], offers[second], offers[third]) == ("moot", "moot", "sent")
    ring.take(third)
    ring.take(ring.leads[0])
    ring.settle()
    assert ring.deliver("circle-news") == {"sent"}
    ring.give_up(ring.leads[0])
    ring.settle()
    assert ring.deliver("circle-without-lead") == {"sent"}
    assert ring.move("as_peers").status == 200
    told = {one.payload["what"]: one for one in world.messages("circle-news")}
    assert notifications.deliver(told["held"].id, world.at) == "moot", "it goes on"
    assert notifications.deliver(told["as_peers"].id, world.at) == "sent"


def test_a_mail_of_a_meeting_says_whose_turn_it_is(world: World) -> None:
    ring = taken(world)
    meeting, *_ = ring.plan()
    shown = world.get(meeting, by=ring.members[0]).json
    world.at = world.at.replace(month=12, day=1, hour=12)
    ring.settle()
    (told,) = [
        one for one in world.messages("circle-meeting") if one.payload["recipient"] == shown["presenter_id"]
    ]
    letter = facts.letter_for(told, world.at)
    assert letter is not None
    assert isinstance(letter.facts, CircleFacts)
    assert (letter.facts.presents, letter.facts.hosts) == (True, False)
    assert ring.deliver("circle-meeting") == {"sent"}
