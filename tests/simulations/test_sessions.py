"""Planning and running a simulation: its states, who moderates whom, who reads what."""

from datetime import timedelta

import pytest

from chalicelib.notifications import facts
from chalicelib.notifications import service as notifications
from chalicelib.notifications.letters import SimulationFacts
from chalicelib.platform import tables
from chalicelib.programmes import store as programmes
from chalicelib.programmes.model import Enrolment, EnrolmentStatus, Side
from chalicelib.simulations.ratings.model import RatingDomain
from tests.simulations.sessions import OPENS, Session, planned, running
from tests.support.world import Reply, World


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
    assert session.move("reopen_case").status == 409, "the next is being played"
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
    past = world.post(
        own, {**plan, "starts_at": "2026-01-18T15:30:00Z", "cases": [one]}, by=session.coordinator
    )
    assert past.json["errors"][0]["pointer"] == "/starts_at"
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
    everybody = {"moderators": [session.enrolled() for _ in range(2)]}
    everybody["participants"] = [session.enrolled() for _ in range(10)]
    refused = world.post(f"{session.path}/people", everybody, by=session.coordinator)
    assert refused.status == 422
    too_many = {"participants": [session.enrolled() for _ in range(13)]}
    assert world.post(f"{session.path}/people", too_many, by=session.coordinator).status == 422
    session.add(moderators=2)
    session.moved("begin_case")


def test_whoever_leaves_before_the_first_case_is_in_it_no_more(world: World) -> None:
    session = planned(world, cases=2, per_moderator=2)
    session.add(participants=3, moderators=2)
    (gone, *stay), (moderator, other) = session.participants, session.moderators
    assert session.move("leave").status == 404, "a coordinator has no place"
    session.moved("leave", by=gone)
    assert world.get(session.path, by=gone).status == 404
    assert session.move("take_out", by=moderator, person_id=stay[0]).status == 404
    nobody = session.move("take_out", person_id=gone)
    assert (nobody.status, nobody.json["detail"]) == (409, "This person does not take part.")
    session.moved("take_out", person_id=moderator)
    people = world.get(f"{session.path}/people", by=other).json["items"]
    assert {one["moderator_id"] for one in people if one["roles"] == ["participant"]} == {other}
    again = world.post(f"{session.path}/people", {"participants": [gone]}, by=session.coordinator)
    assert again.status == 200, "their chats went with them"
    session.moved("take_out", person_id=gone)
    session.moved("begin_case")
    chats = world.get(f"{session.path}/chats", by=other, query={"case": 1}).json["items"]
    assert sorted(one["participant_id"] for one in chats) == sorted(stay)
    late = session.move("leave", by=stay[0])
    assert (late.status, late.json["type"].rpartition("/")[2]) == (409, "simulation-move-refused")


def test_people_are_added_once_and_must_be_there(world: World) -> None:
    session = planned(world)
    session.add(participants=1)
    again = world.post(
        f"{session.path}/people", {"participants": session.participants}, by=session.coordinator
    )
    assert [one["person_id"] for one in again.json["items"]] == session.participants
    nobody = world.post(f"{session.path}/people", {"participants": [session.id]}, by=session.coordinator)
    assert nobody.status == 422


def test_the_first_case_begins_from_three_hours_before_its_time_on(world: World) -> None:
    session = planned(world, cases=2, at=OPENS - timedelta(seconds=1))
    session.add(participants=1, moderators=1)
    early = session.move("begin_case", by=session.moderators[0])
    assert (early.status, early.json["type"].rpartition("/")[2]) == (409, "simulation-move-refused")
    assert early.json["detail"].startswith("It can begin from 2027-01-18T12:30:00")
    world.at = OPENS
    session.moved("begin_case")
    session.moved("end_case")
    session.moved("begin_case")


def test_only_whom_the_organisation_knows_is_added(world: World) -> None:
    session, other = planned(world), planned(world)
    known, staff, admin = session.enrolled(), world.reviewer(session.organisation), world.admin()
    gone, invited = world.person(), world.person()
    for person, status in ((gone, EnrolmentStatus.WITHDRAWN), (invited, EnrolmentStatus.INVITED)):
        place = Enrolment(session.programme, person, Side.MENTEE, 1, 1, status, enrolled_at=world.at)
        world.write(programmes.put_enrolment(place, world.at))

    def added(**people: list[str]) -> Reply:
        return world.post(f"{session.path}/people", people, by=session.coordinator)

    strangers = {"a person": world.person(), "another's": other.enrolled(), "nobody": session.id}
    details = set()
    for name in (*strangers.values(), gone, invited, admin):
        for role in ("participants", "moderators", "raters"):
            refused = added(**{role: [name]})
            assert refused.status == 422, (name, role)
            (error,) = refused.json["errors"]
            details.add(error["detail"].replace(name, "…"))
    assert len(details) == 1, "who is not theirs looks like nobody"
    assert added(participants=[staff]).status == 422, "staff plays where they are enrolled"
    assert added(participants=[known], moderators=[staff], raters=[staff]).status == 200
    # Who has a place keeps it, whatever became of their enrolment.
    world.write(
        programmes.change_enrolment(_enrolment(session, known), 1, EnrolmentStatus.WITHDRAWN, world.at)
    )
    assert added(participants=[known]).status == 200


def _enrolment(session: Session, person: str) -> Enrolment:
    row = tables.get(*programmes.enrolment_key(session.programme, Side.MENTEE, person))
    assert row is not None
    return programmes.enrolment_of(row)


def test_a_case_that_was_ended_by_mistake_goes_on_for_what_is_left_of_its_time(world: World) -> None:
    session = running(world)
    (participant,), (moderator,) = session.participants, session.moderators
    assert session.move("reopen_case", by=moderator).status == 409, "it goes on"
    begun_at = world.at
    world.pass_time(minutes=10)
    session.moved("end_case", by=moderator)
    world.pass_time(minutes=2)
    assert session.say(participant, "blood sugar please").status == 409
    # Nothing is built on it while the end may be taken back.
    rate = dict.fromkeys(RatingDomain, 3)
    rating = f"{session.chat(participant)}/ratings"
    refused = world.post(rating, rate, by=session.raters[0])
    assert (refused.status, refused.json["type"].rpartition("/")[2]) == (409, "case-not-over")
    after = {"moment": "after", "confidence": [3], "intent": 3}
    assert (
        world.post(f"{session.path}/answers", after, by=participant).json["title"] == "This is not asked now"
    )
    assert session.move("reopen_case", by=participant).status == 404
    again = session.moved("reopen_case", by=moderator)["cases"][0]
    assert (again["is_over"], again["ends_at"]) == (False, "2027-01-18T13:25:00.000000Z")
    assert session.say(participant, "blood sugar please").status == 200
    session.moved("end_case")
    world.at = begun_at + timedelta(minutes=25)
    late = session.move("reopen_case")
    assert late.status == 409, "its time is over"
    assert world.post(rating, rate, by=session.raters[0]).status == 201


def test_a_debrief_makes_an_early_end_final(world: World) -> None:
    session = running(world)
    session.moved("end_case")
    session.moved("debrief")
    assert session.move("reopen_case").status == 409
    rating = f"{session.chat(session.participants[0])}/ratings"
    scores = dict.fromkeys(RatingDomain, 3)
    assert world.post(rating, scores, by=session.raters[0]).status == 201
