"""A session on its clock: the published plans, the moves, and what the clock tells at each instant."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.series.errors import SessionNotSo
from chalicelib.series.sessions.model import (
    MOVES,
    TEMPLATES,
    Block,
    BlockKind,
    Move,
    Session,
    SessionState,
    Template,
    clock,
    moved,
)
from tests.series.hub import Hub, code

START = datetime(2026, 12, 2, 12, 0, tzinfo=UTC)
SHORT = (Block(BlockKind.WELCOME, 5), Block(BlockKind.DIDACTIC, 20), Block(BlockKind.WRAP, 5))


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def session(**more: object) -> Session:
    whole: dict[str, object] = {
        "id": "s", "series_id": "e", "title": "t", "starts_at": START, "blocks": SHORT, **more,
    }  # fmt: skip
    return Session(**whole)  # type: ignore[arg-type]


def played(*moves: tuple[Move, float]) -> Session:
    one = session()
    for move, minutes in moves:
        one = moved(one, move, at(minutes))
    return one


def test_the_plans_are_those_that_were_published() -> None:
    kinds = {name: [(one.kind.value, one.minutes) for one in plan.blocks] for name, plan in TEMPLATES.items()}
    assert kinds[Template.ECHO_ONTARIO] == [
        ("welcome", 7), ("didactic", 23), ("case", 25), ("case", 25), ("wrap", 5), ("evaluation", 5),
    ]  # fmt: skip
    assert kinds[Template.CARDI_OH] == [
        ("welcome", 5), ("didactic", 10), ("case", 20), ("case", 20), ("evaluation", 5),
    ]  # fmt: skip
    assert {name: sum(one.minutes for one in plan.blocks) for name, plan in TEMPLATES.items()} == {
        Template.ECHO_ONTARIO: 90, Template.CARDI_OH: 60, Template.LOW_RESOURCE: 60,
    }  # fmt: skip
    sudan = dict(kinds[Template.LOW_RESOURCE])
    assert sudan["didactic"] < 20
    assert sudan["case"] < 20
    assert all(plan.source for plan in TEMPLATES.values())


def test_the_clock_before_it_begins_is_the_plan() -> None:
    told = clock(session(), at(-60))
    assert (told.running, told.left, told.behind, told.ends_at) == (None, 0, 0, at(30))


def test_the_clock_tells_what_runs_what_is_over_and_when_it_would_end() -> None:
    one = played((Move.BEGIN, 2), (Move.NEXT, 10))
    told = clock(one, at(35))
    assert [(block.state.value, block.spent, block.over) for block in told.blocks] == [
        ("done", 480, 180), ("running", 1500, 300), ("to_come", 0, 0),
    ]  # fmt: skip
    assert (told.running, told.left, told.behind, told.ends_at) == (1, 0, 600, at(40))


def test_a_session_ahead_of_its_plan_is_less_than_nothing_behind() -> None:
    told = clock(played((Move.BEGIN, 0), (Move.NEXT, 1)), at(2))
    assert (told.left, told.behind) == (19 * 60, -4 * 60)


def test_going_back_adds_to_what_a_block_has_had() -> None:
    one = played((Move.BEGIN, 0), (Move.NEXT, 5), (Move.BACK, 10), (Move.NEXT, 12))
    told = clock(one, at(13))
    assert [block.spent for block in told.blocks] == [420, 360, 0]
    assert one.educational(at(13)) == tuple(stretch for place, stretch in one.spent(at(13)) if place == 1)


def test_a_session_that_nobody_began_was_held_as_planned_once_its_time_is_over() -> None:
    with pytest.raises(SessionNotSo):
        moved(session(), Move.END, at(29))
    held = moved(session(), Move.END, at(300)).held(at(300))
    assert held is not None
    assert (held.starts_at, held.ends_at) == (START, at(30))


@pytest.mark.parametrize("status", SessionState)
@pytest.mark.parametrize("move", Move)
def test_a_move_that_is_not_in_the_table_is_refused(status: SessionState, move: Move) -> None:
    entered = () if status in (SessionState.PLANNED, SessionState.CANCELLED) else ((1, START),)
    one = session(
        status=status,
        entered=entered,
        ended_at=at(30) if status in (SessionState.ENDED, SessionState.CLOSED) else None,
    )
    if (status, move) in MOVES:
        assert moved(one, move, at(31)).status is MOVES[status, move]
    else:
        with pytest.raises(SessionNotSo):
            moved(one, move, at(31))


@pytest.mark.parametrize(("move", "place"), [(Move.BACK, 0), (Move.NEXT, 2)])
def test_there_is_no_block_before_the_first_or_after_the_last(move: Move, place: int) -> None:
    one = session(status=SessionState.RUNNING, entered=((place, START),))
    with pytest.raises(SessionNotSo):
        moved(one, move, at(1))


def test_it_begins_half_an_hour_early_at_most() -> None:
    with pytest.raises(SessionNotSo):
        moved(session(), Move.BEGIN, at(-31))
    assert moved(session(), Move.BEGIN, at(-30)).status is SessionState.RUNNING


# Over HTTP.


def test_a_weekly_series_keeps_its_time_on_the_clock_across_a_change(hub: Hub) -> None:
    world = hub.world
    etag = world.get(hub.path, by=hub.owner).etag
    world.patch(hub.path, {"time_zone": "Europe/Paris"}, by=hub.owner, headers={"If-Match": etag})
    body = {"title": "x", "on": "2027-03-24", "at": "15:00", "template": "cardi_oh", "weeks": 2}
    made = world.post(f"{hub.path}/sessions", body, by=hub.owner).json["items"]
    assert [one["starts_at"][:16] for one in made] == ["2027-03-24T14:00", "2027-03-31T13:00"]


def test_two_facilitators_at_once_move_it_once(hub: Hub) -> None:
    session = hub.plan()
    hub.world.at = START
    etag = {"If-Match": hub.world.get(session, by=hub.owner).etag}
    path, body = f"{session}/moves", {"move": "begin"}
    assert hub.world.post(path, body, by=hub.owner, headers=etag).json["running"] == 0
    assert hub.world.post(path, {"move": "next"}, by=hub.owner, headers=etag).status == 412
    assert code(hub.move(session, "begin")) == "session-state"
    hub.world.pass_time(minutes=7)
    told = hub.world.get(f"{session}/clock", by=hub.owner).json
    assert (told["blocks"][0]["over_seconds"], told["behind_seconds"]) == (120, 120)


def test_a_plan_of_one_s_own_and_no_plan_at_all(hub: Hub) -> None:
    blocks = [{"kind": "didactic", "minutes": 20}, {"kind": "discussion", "minutes": 40}]
    session = hub.plan(template=None, blocks=blocks)
    told = hub.world.get(session, by=hub.owner).json
    assert (told["minutes"], told["source"]) == (60, "")
    body = {"title": "x", "on": "2026-12-02", "at": "15:00"}
    assert hub.world.post(f"{hub.path}/sessions", body, by=hub.owner).status == 422
    assert (
        hub.world.post(
            f"{hub.path}/sessions", {**body, "template": "cardi_oh", "on": "2026-11-01"}, by=hub.owner
        ).status
        == 422
    )


def test_a_session_that_has_begun_is_not_planned_anew(hub: Hub) -> None:
    session = hub.plan()
    hub.world.at = START
    hub.move(session, "begin")
    etag = {"If-Match": hub.world.get(session, by=hub.owner).etag}
    reply = hub.world.patch(session, {"title": "x"}, by=hub.owner, headers=etag)
    assert code(reply) == "session-state"


def test_who_never_moves_the_clock_on_has_held_it_as_planned() -> None:
    one = played((Move.BEGIN, 1), (Move.END, 32))
    assert [(place, stretch.seconds // 60) for place, stretch in one.spent(at(40))] == [
        (0, 5),
        (1, 20),
        (2, 6),
    ]
    assert [stretch.seconds // 60 for stretch in one.educational(at(40))] == [20]
    cut = played((Move.BEGIN, 0), (Move.END, 10))
    assert [(place, stretch.seconds // 60) for place, stretch in cut.spent(at(40))] == [(0, 5), (1, 5)]


def test_an_end_that_was_forgotten_is_asked_for_and_makes_no_day_of_an_hour(hub: Hub) -> None:
    running = played((Move.BEGIN, 0), (Move.NEXT, 5))
    assert moved(running, Move.END, at(30 + 120)).ended_at == at(150)
    with pytest.raises(SessionNotSo, match="ended_at"):
        moved(running, Move.END, at(30 + 121))
    session_path = hub.plan()
    hub.world.at = START
    hub.move(session_path, "begin")
    hub.world.at = at(20 * 60)
    assert code(hub.move(session_path, "end")) == "session-state"
    for wrong in ("2026-12-02T11:59:00Z", "2026-12-03T09:00:00Z"):
        reply = hub.world.post(f"{session_path}/moves", {"move": "end", "ended_at": wrong}, by=hub.owner)
        assert (reply.status, reply.json["errors"][0]["pointer"]) == (422, "/ended_at")
    body = {"move": "end", "ended_at": "2026-12-02T12:58:00Z"}
    assert hub.world.post(f"{session_path}/moves", body, by=hub.owner).status == 200
    assert hub.world.get(f"{session_path}/clock", by=hub.owner).json["ends_at"].startswith("2026-12-02T12:58")


def test_nothing_begins_hours_after_its_time() -> None:
    assert moved(session(), Move.BEGIN, at(30 + 119)).running == 0
    with pytest.raises(SessionNotSo, match="long over"):
        moved(session(), Move.BEGIN, at(30 + 120))


def test_a_session_for_slow_lines_is_as_long_as_its_source_has_it(hub: Hub) -> None:
    def blocks(**more: Any) -> list[int]:
        session = hub.world.get(hub.plan(template="low_resource", **more), by=hub.owner).json
        assert session["source"].startswith("ECHO Sudan: 60 to 90 minutes")
        return [one["minutes"] for one in session["blocks"]]

    assert (blocks(), blocks(minutes=60), blocks(minutes=90)) == (
        [5, 15, 15, 20, 5], [5, 15, 15, 20, 5], [5, 15, 15, 50, 5],
    )  # fmt: skip
    plan = {"title": "x", "on": "2026-12-02", "at": "15:00"}
    for wrong in ({"template": "low_resource", "minutes": 91}, {"template": "low_resource", "minutes": 59},
                  {"template": "cardi_oh", "minutes": 61}):  # fmt: skip
        refused = hub.world.post(f"{hub.path}/sessions", {**plan, **wrong}, by=hub.owner)
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/minutes")
