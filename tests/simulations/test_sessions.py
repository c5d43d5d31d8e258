"""Planning and running a simulation: its states, who moderates whom, who reads what."""

import pytest

from chalicelib.notifications import facts
from chalicelib.notifications import service as notifications
from chalicelib.notifications.letters import SimulationFacts
from tests.simulations.sessions import planned, running
from tests.support.world import World


def test_participants_are_given_out_evenly_and_five_at_most(world: World) -> None:
    session = planned(world)
    session.add(participants=7, moderators=1)
    people = world.get(f"{session.path}/people", by=session.moderators[0]).json["items"]
    assert sum(one["moderator_id"] is not None for one in people) == 5
    refused = session.move("begin_case")
    assert (refused.status, refused.json["detail"]) == (
        409,
        "2 of 7 participants have none. Add a moderator.",
    )
    session.add(moderators=1)
    people = world.get(f"{session.path}/people", by=session.coordinator).json["items"]
    loads = [one["moderator_id"] for one in people if one["roles"] == ["participant"]]
    assert sorted(loads.count(one) for one in session.moderators) == [2, 5]
    session.moved("begin_case")


def test_a_participant_is_handed_over_and_no_moderator_gets_too_many(world: World) -> None:
    session = planned(world, per_moderator=1)
    session.add(participants=2, moderators=3)
    people = {
        one["person_id"]: one
        for one in world.get(f"{session.path}/people", by=session.coordinator).json["items"]
    }
    one, other = (people[name]["moderator_id"] for name in session.participants)
    (free,) = set(session.moderators) - {one, other}
    full = session.move("hand_over", by=one, participant_id=session.participants[0], moderator_id=other)
    assert full.status == 409
    session.moved("hand_over", by=one, participant_id=session.participants[0], moderator_id=free)
    people = world.get(f"{session.path}/people", by=free).json["items"]
    assert [p["moderator_id"] for p in people if p["person_id"] == session.participants[0]] == [free]


def test_cases_come_one_after_another_and_are_shown_in_the_debrief(world: World) -> None:
    session = planned(world, cases=2)
    assert session.move("begin_case").status == 409, "nobody takes part"
    session.add(participants=1, moderators=1)
    (participant,) = session.participants
    assert [one["condition"] for one in world.get(session.path, by=participant).json["cases"]] == [None, None]
    assert session.move("debrief").status == 409
    session.moved("begin_case")
    assert session.move("begin_case").status == 409, "one is being played"
    assert session.move("cancel").status == 409
    session.moved("end_case")
    session.moved("begin_case")
    assert session.move("debrief").status == 409
    world.pass_time(minutes=25)
    assert session.move("end_case").status == 409, "its time is over"
    session.moved("debrief")
    shown = world.get(session.path, by=participant).json
    assert [one["condition"] for one in shown["cases"]] == ["diabetic ketoacidosis"] * 2
    assert session.moved("close")["status"] == "closed"
    assert session.move("begin_case").status == 409


def test_who_plays_neither_moderates_nor_rates(world: World) -> None:
    session = running(world)
    body = {"moderators": session.participants}
    assert world.post(f"{session.path}/people", body, by=session.coordinator).status == 409


def test_a_plan_takes_published_cases_of_the_organisation_alone(world: World) -> None:
    session, other = planned(world), planned(world)
    case = world.get(session.path, by=session.coordinator).json["cases"][0]
    path = f"/v1/organisations/{other.organisation}/simulations"
    plan = {"title": "Stolen", "starts_at": "2027-01-18T15:30:00Z"}
    one = {"case_id": case["case_id"], "version": 1, "setting": "district"}
    answer = world.post(path, {**plan, "cases": [one]}, by=other.coordinator)
    assert answer.json["errors"][0]["pointer"] == "/cases/0"
    own = f"/v1/organisations/{session.organisation}/simulations"
    for wrong, pointer in (({"version": 2}, "/cases/0"), ({"setting": "moon"}, "/cases/0/setting")):
        answer = world.post(own, {**plan, "cases": [{**one, **wrong}]}, by=session.coordinator)
        assert answer.json["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("who", ["participants", "raters"])
def test_the_console_is_the_moderators(world: World, who: str) -> None:
    session = running(world)
    name = getattr(session, who)[0]
    assert world.get(f"{session.path}/chats", by=name, query={"case": 1}).status == 404
    assert world.get(f"{session.path}/people", by=name).status == 404
    assert session.move("end_case", by=name).status == 404
    assert session.reply(session.participants[0], actor=name, text="Hello").status == 404


def test_who_is_given_a_place_is_told_once_and_before_it_begins(world: World) -> None:
    session = planned(world)
    session.add(participants=1, moderators=1)
    session.add(raters=1)
    told = world.messages("simulation-planned")
    people = {*session.participants, *session.moderators, *session.raters}
    assert sorted(one.payload["recipient"] for one in told) == sorted(people)
    letters = {one.payload["recipient"]: facts.letter_for(one, world.at) for one in told}
    written = letters[session.moderators[0]]
    assert written is not None
    assert isinstance(written.facts, SimulationFacts)
    assert (written.facts.role, written.facts.cases, written.facts.minutes) == ("moderator", 1, 25)
    assert notifications.deliver(told[0].id, world.at) == "sent"
    session.moved("begin_case")
    assert facts.letter_for(told[1], world.at) is None, "it has begun"


def test_what_one_transaction_cannot_hold_is_refused_as_a_whole(world: World) -> None:
    session = planned(world, cases=6, per_moderator=20)
    session.add(participants=12)
    session.add(participants=12)
    everybody = {"moderators": [world.person() for _ in range(2)]}
    everybody["participants"] = [world.person() for _ in range(10)]
    refused = world.post(f"{session.path}/people", everybody, by=session.coordinator)
    assert refused.status == 422
    too_many = {"participants": [world.person() for _ in range(13)]}
    assert world.post(f"{session.path}/people", too_many, by=session.coordinator).status == 422
    session.add(moderators=2)
    session.moved("begin_case")


def test_people_are_added_once_and_must_be_there(world: World) -> None:
    session = planned(world)
    session.add(participants=1)
    again = world.post(
        f"{session.path}/people", {"participants": session.participants}, by=session.coordinator
    )
    assert [one["person_id"] for one in again.json["items"]] == session.participants
    nobody = world.post(f"{session.path}/people", {"participants": [session.id]}, by=session.coordinator)
    assert nobody.status == 422
