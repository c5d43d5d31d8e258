"""Forming circles: planned by a coordinator, worked out of all who are without one, looked at, and published."""

from typing import Any

import pytest

from chalicelib.circles import forming, placing, store
from chalicelib.circles.model import CircleRole, FormingStatus
from chalicelib.kernel.call import job_call
from chalicelib.people import store as people_store
from chalicelib.platform import tables
from chalicelib.programmes.model import Side
from tests.circles.ring import Ring, code, formed_of, programme_only, taken
from tests.support.crossing import cross
from tests.support.world import World

PLAN = {"least": 3, "most": 3, "leads": 1, "topics": ["heart failure"], "meetings": 2}


def pool(world: World, leads: int = 1, members: int = 3, **plan: Any) -> Ring:
    """Return a programme with a plan, and people who suit each other."""
    ring = programme_only(world)
    path = f"/v1/programmes/{ring.programme}/circle-plan"
    assert world.put(path, {**PLAN, **plan}, by=ring.coordinator).status == 200
    ring.leads = [ring.enrolled(Side.MENTOR) for _ in range(leads)]
    ring.members = [ring.enrolled(Side.MENTEE) for _ in range(members)]
    return ring


def preview(ring: Ring, **query: Any) -> Any:
    path = f"/v1/programmes/{ring.programme}/circle-forming"
    reply = ring.world.get(path, by=ring.coordinator, query=query)
    assert reply.status == 200, reply.text
    return reply.json


def test_a_plan_is_set_by_coordinators_and_says_all_that_is_wrong(world: World) -> None:
    ring = programme_only(world)
    path = f"/v1/programmes/{ring.programme}/circle-plan"
    usual = world.get(path, by=ring.coordinator).json
    assert (usual["least"], usual["most"], usual["leads"]) == (4, 6, 1)
    wrong = world.put(path, {**PLAN, "least": 5, "most": 4, "minutes": 50}, by=ring.coordinator)
    assert (wrong.status, [one["pointer"] for one in wrong.json["errors"]]) == (422, ["/least", "/minutes"])
    assert world.put(path, PLAN, by=world.mentee()).status == 404
    refused = ring.forming_move("form")
    assert (refused.status, code(refused)) == (409, "circle-plan-missing")


def test_circles_are_worked_out_looked_at_and_published(world: World) -> None:
    ring = pool(world, members=4)
    assert ring.forming_move("form").json["status"] == "asked"
    ring.settle()
    shown = preview(ring)
    assert (shown["status"], shown["circles"], shown["placed"], shown["placed_bound"]) == ("ready", 1, 3, 3)
    (circle,) = shown["formed"]
    assert (circle["topic"], circle["language"], circle["circle_id"]) == ("heart failure", "en", None)
    assert [one["person_id"] for one in circle["leads"]] == ring.leads
    (left,) = shown["people_left_out"]
    assert left["reason"] == "full"
    # Nobody has been told of anything.
    assert (ring.mails("circle-place"), list(store.every_circle(ring.programme))) == ([], [])
    assert ring.publish().status == 202
    ring.settle()
    (made,) = store.every_circle(ring.programme)
    assert sorted(one.person_id for one in store.places_in(made.id)) == sorted(
        [*ring.leads, *(one["person_id"] for one in circle["members"])]
    )
    # Forming again places those alone who wait.
    more = [ring.enrolled(Side.MENTEE) for _ in range(2)]
    another = ring.enrolled(Side.MENTOR)
    ring.forming_move("form")
    ring.settle()
    (second,) = preview(ring)["formed"]
    waited = {left["person"]["person_id"], *more}
    assert ({one["person_id"] for one in second["members"]}, [one["person_id"] for one in second["leads"]]) == (
        waited, [another],
    )  # fmt: skip


def test_a_free_seat_of_a_circle_that_there_is_is_filled_first(world: World) -> None:
    ring = pool(world, members=3, most=4)
    ring.forming_move("form")
    ring.settle()
    ring.publish()
    ring.settle()
    newcomer = ring.enrolled(Side.MENTEE)
    ring.forming_move("form")
    ring.settle()
    (circle,) = preview(ring)["formed"]
    (made,) = store.every_circle(ring.programme)
    assert (circle["circle_id"], circle["joining"]) == (made.id, [newcomer])
    assert ring.publish().status == 202
    ring.settle()
    assert ring.state(newcomer, made.id) == "offered"
    again = store.get_forming(ring.programme)
    assert again is not None
    forming.make(job_call("follow_up", world.at), ring.programme, again.id)
    found = store.get_circle(made.id)
    assert found is not None
    assert found.taken == 4


def test_blocks_unverified_mentors_and_people_without_a_place_are_kept_out(world: World) -> None:
    ring = pool(world, leads=2, members=4)
    world.write(people_store.add_block(ring.members[0], ring.leads[0], world.at))
    world.write(people_store.add_block(ring.members[0], ring.leads[1], world.at))
    ring.forming_move("form")
    ring.settle()
    shown = preview(ring)
    assert ring.members[0] in {one["person"]["person_id"] for one in shown["people_left_out"]}
    world.pass_time(days=400)
    ring.forming_move("form")
    ring.settle()
    assert preview(ring)["circles"] == 0


def test_a_worker_that_begins_again_leaves_one_whole_draft(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = pool(world, leads=2, members=6)
    asked = ring.forming_move("form").json["id"]
    plain, crashed = tables.transact, []

    def crashing(writes: Any, token: str, **how: Any) -> None:
        plain(writes, token, **how)
        if not crashed and "DRAFT#" in str([one.request() for one in writes]):
            crashed.append(True)
            raise RuntimeError("crash")

    monkeypatch.setattr(tables, "transact", crashing)
    call = job_call("follow_up", world.at)
    with pytest.raises(RuntimeError):
        forming.work_out(call, ring.programme, asked)
    forming.work_out(job_call("follow_up", world.at), ring.programme, asked)
    shown = preview(ring)
    assert (shown["status"], len(shown["formed"])) == ("ready", 2)


def test_a_pool_that_is_too_large_is_told_and_not_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.matching.formation.MAX_SEEKING", 2)
    ring = pool(world)
    ring.forming_move("form")
    ring.settle()
    shown = preview(ring)
    assert (shown["status"], shown["failure"]) == ("failed", "3 seek a circle: 2 are the most of one forming")
    found = store.get_forming(ring.programme)
    assert found is not None
    assert found.status is FormingStatus.FAILED


def test_a_page_after_another_shows_all_of_it(world: World) -> None:
    ring = pool(world, leads=1, members=5)
    ring.forming_move("form")
    ring.settle()
    first = preview(ring, limit=2)
    rest = preview(ring, limit=2, cursor=first["next"])
    assert (len(first["formed"]), len(first["people_left_out"]), len(rest["people_left_out"])) == (1, 1, 1)
    assert rest["next"] is None


def test_who_is_left_out_is_told_with_what_would_have_helped(world: World) -> None:
    ring = pool(world, members=3, most=4, topics=[])
    other = ring.enrolled(Side.MENTEE, topics_sought=("paediatrics",))
    ring.forming_move("form")
    ring.settle()
    (left,) = preview(ring)["people_left_out"]
    assert left["person"]["person_id"] == other
    (help_,) = left["helps"]
    assert (help_["kind"], help_["seats"], help_["topics"]) == ("topic", 1, ["heart failure"])


def test_publishing_gives_nobody_a_second_circle(world: World) -> None:
    ring = taken(world)
    lead = ring.enrolled(Side.MENTOR)
    # Worked out before they had a seat; with two places in the programme the counter alone would let them have both.
    _room_for_two(ring)
    late = ring.enrolled(Side.MENTEE, 2)
    others = [ring.enrolled(Side.MENTEE) for _ in range(3)]
    ring.form([formed_of([lead], [late, *others])])
    assert ring.give("add", late).status == 200
    ring.publish()
    ring.settle()
    (made,) = [one for one in store.every_circle(ring.programme) if one.id != ring.circle]
    assert (ring.state(late), ring.state(late, made.id)) == ("offered", None)
    assert {ring.state(one, made.id) for one in others} == {"offered"}


def _room_for_two(ring: Ring) -> None:
    """Have everybody have two places in the programme, so that its counter alone would let them have two circles."""
    path = f"/v1/programmes/{ring.programme}"
    seen = ring.world.get(path, by=ring.coordinator).etag
    wider = ring.world.patch(path, {"mentee_places": 2}, by=ring.coordinator, headers={"If-Match": seen})
    assert wider.status == 200


def _making(ring: Ring) -> None:
    found = store.get_forming(ring.programme)
    assert found is not None
    forming.make(job_call("follow_up", ring.world.at), ring.programme, found.id)


def test_who_is_given_a_circle_while_others_are_made_has_that_one_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = taken(world)
    _room_for_two(ring)
    lead, late = ring.enrolled(Side.MENTOR), ring.enrolled(Side.MENTEE, 2)
    others = [ring.enrolled(Side.MENTEE) for _ in range(3)]
    ring.form([formed_of([lead], [late, *others])])
    ring.publish()
    call = world.call(ring.coordinator)
    cross(
        monkeypatch,
        lambda: placing.add(call, ring.circle, late, CircleRole.MEMBER, "They asked for it."),
        what=lead,
    )
    _making(ring)
    (made,) = [one for one in store.every_circle(ring.programme) if one.id != ring.circle]
    assert (ring.state(late), ring.state(late, made.id)) == ("offered", None)
    assert {ring.state(one, made.id) for one in others} == {"offered"}


def test_who_is_given_a_circle_while_seats_are_filled_has_that_one_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = taken(world)
    _room_for_two(ring)
    late = ring.enrolled(Side.MENTEE, 2)
    ring.form([formed_of(ring.leads, [*ring.members, late], circle_id=ring.circle, joining=(late,))])
    ring.publish()
    monkeypatch.setattr(forming, "_seats_in", lambda programme_id: {})
    world.write(store.count_member(ring.programme, late, 1, world.at))
    _making(ring)
    assert ring.state(late) is None, "the seat that they were given since"
    world.write(store.count_member(ring.programme, late, -1, world.at))
    ring.form([formed_of(ring.leads, [*ring.members, late], circle_id=ring.circle, joining=(late,))])
    ring.publish()
    _making(ring)
    assert ring.state(late) == "offered"


def test_a_seat_that_is_over_counts_no_more(world: World) -> None:
    """Whichever way it ends, who has no circle is given one by the next forming."""
    ring = taken(world)

    def seats(person: str) -> int:
        row = tables.get(store.SeatedRow, f"PROGRAMME#{ring.programme}", f"SEATED#{person}")
        return int(row.seats) if row else 0

    first, second, *rest = ring.members
    assert [seats(one) for one in (*ring.members, *ring.leads)] == [1, 1, 1, 0]
    assert ring.give_up(first).status == 204
    ring.give("remove", second)
    late = ring.enrolled_member()
    ring.give("add", late)
    assert [seats(one) for one in (first, second, late)] == [0, 0, 1]
    ring.settle()
    world.pass_time(days=30)
    ring.settle()
    assert seats(late) == 0, "the offer is over"
    assert ring.move("close").status == 200
    assert [seats(one) for one in rest] == [0]


def test_publishing_goes_on_when_it_is_sent_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message that makes the circles may end among those that nobody takes any more."""
    ring = pool(world)
    ring.forming_move("form")
    ring.settle()
    assert ring.publish().status == 202
    first = list(world.messages("circle-forming-published"))
    with monkeypatch.context() as broken:
        broken.setattr(forming, "_make", _raising)
        with pytest.raises(RuntimeError):
            _making(ring)
    assert preview(ring)["status"] == "publishing"
    assert ring.publish().status == 202
    sent = world.messages("circle-forming-published")
    assert len({one.id for one in (*first, *sent)}) == 2
    ring.settle()
    assert (preview(ring)["status"], preview(ring)["published"]) == ("published", 1)
    assert len(list(store.every_circle(ring.programme))) == 1


def _raising(*_: Any) -> bool:
    raise RuntimeError


def test_a_forming_that_is_not_kept_any_more_is_formed_anew(world: World) -> None:
    ring = pool(world)
    ring.forming_move("form")
    ring.settle()
    world.pass_time(days=90)
    late = ring.publish()
    assert (late.status, code(late)) == (409, "circle-forming-state")
    assert "Form anew" in late.json["detail"]


def test_publishing_takes_no_seat_from_who_waits_by_then_or_of_a_circle_that_is_held(world: World) -> None:
    ring = taken(world)
    waits, formed = ring.enrolled_member(), ring.enrolled_member()
    ring.form([formed_of(ring.leads, [*ring.members, formed], circle_id=ring.circle, joining=(formed,))])
    assert ring.take(waits).json["state"] == "waiting"
    ring.publish()
    forming_ = store.get_forming(ring.programme)
    assert forming_ is not None
    forming.make(job_call("follow_up", world.at), ring.programme, forming_.id)
    assert (ring.state(formed), ring.state(waits)) == (None, "waiting")
    ring.settle()
    assert ring.state(waits) == "offered"
    ring.give("remove", waits)
    ring.settle()
    assert ring.move("hold").status == 200
    ring.form([formed_of(ring.leads, [*ring.members, formed], circle_id=ring.circle, joining=(formed,))])
    ring.publish()
    ring.settle()
    assert ring.state(formed) is None
