"""Certificates of a simulation: who earns one, and when."""

from typing import Any

from chalicelib.simulations import service as simulations
from tests.simulations.sessions import Session, planned
from tests.support.world import World

AFTER = {"moment": "after", "confidence": [4], "choices": [], "intent": 4}


def answer(session: Session, person: str, **what: Any) -> None:
    reply = session.world.post(f"{session.path}/answers", what, by=person)
    assert reply.status < 300, reply.text
    session.world.follow_up()


def held(session: Session, person: str) -> list[Any]:
    found: list[Any] = session.world.get("/v1/me/certificates", by=person).json["items"]
    return found


def test_who_played_all_and_answered_has_one_once_it_is_closed_and_so_has_who_moderated(world: World) -> None:
    session = planned(world, cases=2)
    session.add(4, moderators=1, raters=1)
    session.add(0, moderators=1)
    early, late, silent, absent = session.participants
    for one in session.participants:
        answer(session, one, moment="before", confidence=[2], choices=[])
    for case in (1, 2):
        session.moved("begin_case")
        world.pass_time(minutes=1)
        for one in (early, late, silent) if case == 1 else (early, late, silent, absent):
            assert session.say(one, "blood gas please", case=case).status < 300
        session.poll(absent, case=case)
        world.pass_time(minutes=25)
    for one in (early, absent):
        answer(session, one, **AFTER)
    session.moved("debrief")
    assert held(session, early) == []
    session.moved("close")
    world.follow_up()
    (one,) = held(session, early)
    assert (one["role"], one["record"]["sessions"], one["record"]["minutes"]) == ("participant", 1, 50)
    assert one["title"] == "Clinical simulation by chat completed"
    busy = next(name for name in session.moderators if held(session, name))
    assert [one["role"] for one in held(session, busy)] == ["moderator"]
    assert (held(session, late), held(session, absent)) == ([], [])
    answer(session, late, **AFTER)
    # Nobody else gets one by it, nor a second.
    counts = {name: len(held(session, name)) for name in (early, late, silent, absent, *session.moderators)}
    assert sum(counts.values()) == 3, counts
    assert (
        counts[late],
        counts[silent],
        len(held(session, session.raters[0])),
    ) == (1, 0, 0)
    listed = world.get(f"{session.path}/certificates", by=session.coordinator).json["items"]
    assert {one["holder_id"] for one in listed} == {early, late, busy}
    assert world.get(f"{session.path}/certificates", by=busy).status == 404

    told = {
        name: list(simulations.activities_of(name, 50)) for name in (silent, absent, busy, session.raters[0])
    }
    (half,) = told[absent]
    assert (half.role, [one.minutes for one in half.sessions]) == ("participant", [25])
    assert [one.role for one in told[busy]] == ["moderator"]
    assert (len(told[silent]), told[session.raters[0]]) == (1, [])
