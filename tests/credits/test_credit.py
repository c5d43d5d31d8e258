"""From a closed session or simulation to what it counts: recorded once, claimed once, judged by rules with a source."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.credits import service as credits
from chalicelib.credits.model import Source
from chalicelib.series.model import SeriesRole
from chalicelib.series.sessions import settling
from tests.series.conftest import hub as hub
from tests.series.hub import BEGINS, Hub, code
from tests.simulations.sessions import planned
from tests.support.world import Reply, World

BLOCKS = [
    {"kind": "welcome", "minutes": 5},
    {"kind": "didactic", "minutes": 20, "title": "Diuretics at night"},
    {"kind": "break", "minutes": 5},
    {"kind": "case", "minutes": 30},
]


def at(hub: Hub, minutes: float) -> None:
    hub.world.at = BEGINS + timedelta(minutes=minutes)


def held(hub: Hub, people: list[str], talk_by: str | None = None, week: int = 0) -> str:
    """Hold a session of an hour as planned, with people who stay to its end, and close it."""
    blocks = [{**one, "presenter_id": talk_by} if one.get("title") else one for one in BLOCKS]
    hub.world.at = BEGINS + timedelta(weeks=week, hours=-1)
    session = hub.plan(template=None, blocks=blocks, on=(BEGINS + timedelta(weeks=week)).date().isoformat())
    for minutes, move in ((0, "begin"), (5, "next"), (25, "next"), (30, "next"), (60, "end"), (61, "close")):
        hub.world.at = BEGINS + timedelta(weeks=week, minutes=minutes)
        assert hub.move(session, move).status == 200
        if move == "begin":
            for person in people:
                assert hub.mark(session, person, "join").status == 201
    hub.world.follow_up()
    return session.rpartition("/")[2]


def mine(world: World, person: str) -> Any:
    reply = world.get("/v1/me/activities", by=person)
    assert reply.status == 200, reply.text
    return reply.json["items"]


def claim(world: World, person: str, source_id: str, scheme: str = "ama_pra", **more: Any) -> Reply:
    body = {"source": "series-session", "source_id": source_id, "scheme": scheme, **more}
    return world.post("/v1/me/credits", body, by=person)


def stated(world: World, person: str, year: int = 2026, **query: Any) -> Any:
    reply = world.get(f"/v1/me/credit-statements/{year}", by=person, query=query)
    assert reply.status == 200, reply.text
    return reply.json


def evaluated(hub: Hub, person: str, session_id: str | None, phase: str) -> None:
    body = {"phase": phase, "session_id": session_id, "scores": [3]}
    reply = hub.world.post(f"{hub.path}/evaluation", body, by=person)
    assert reply.status == 201, reply.text


def test_who_was_there_has_exact_seconds_and_who_is_named_in_the_plan_has_taught(hub: Hub) -> None:
    amina, claire = hub.has(), hub.has(SeriesRole.EXPERT)
    session = held(hub, [amina, claire], talk_by=claire)
    (learner,), (teacher,) = mine(hub.world, amina), mine(hub.world, claire)
    seconds = ("educational_seconds", "presented_seconds", "non_educational_seconds")
    assert [learner[one] for one in seconds] == [50 * 60, 0, 10 * 60]
    assert [teacher[one] for one in seconds] == [30 * 60, 20 * 60, 10 * 60]
    assert (learner["part"], teacher["part"]) == ("learner", "faculty")
    assert learner["source"] == {"kind": "series-session", "id": session}
    assert (learner["day"], learner["time_zone"]) == ("2026-12-02", "Africa/Nairobi")
    for person in (amina, claire):
        assert claim(hub.world, person, session).status == 201
    assert [stated(hub.world, one)["sums"][0]["credits"] for one in (amina, claire)] == [0.75, 0.75]


def test_a_talk_that_is_given_again_counts_once_and_one_who_is_not_in_the_series_gives_none(hub: Hub) -> None:
    claire = hub.has(SeriesRole.EXPERT)
    for week in range(2):
        claim(hub.world, claire, held(hub, [claire], talk_by=claire, week=week))
    told = stated(hub.world, claire)
    assert [one["credits"] for one in told["lines"]] == [0.75, 0]
    assert [one["code"] for one in told["lines"][1]["reasons"]] == ["taught", "repeated", "not_educational"]
    body = {
        "title": "A",
        "on": "2026-12-30",
        "at": "15:00",
        "blocks": [{**BLOCKS[1], "presenter_id": hub.world.person()}],
    }
    refused = hub.world.post(f"{hub.path}/sessions", body, by=hub.owner)
    assert refused.json["errors"][0]["pointer"] == "/blocks/0/presenter_id"


def test_corrected_minutes_are_what_counts(hub: Hub) -> None:
    amina = hub.has()
    session = hub.plan()
    hub.world.at = BEGINS
    hub.move(session, "begin")
    at(hub, 5)
    hub.move(session, "next")
    at(hub, 60)
    hub.move(session, "end")
    body = {"minutes": 35, "reason": "Her line was down, she was on the telephone"}
    assert hub.world.post(f"{session}/attendance/{amina}", body, by=hub.owner).status == 200
    hub.move(session, "close")
    hub.world.follow_up()
    (one,) = mine(hub.world, amina)
    assert (one["educational_seconds"], one["non_educational_seconds"]) == (35 * 60, 0)


def test_feedback_counts_whenever_it_comes_but_not_before_the_session(hub: Hub) -> None:
    amina = hub.has()
    items = hub.world.put(f"{hub.path}/evaluation", {"items": ["I can treat it."]}, by=hub.owner)
    assert items.status == 200
    evaluated(hub, amina, None, "pre")
    hub.world.pass_time(days=1)
    evaluated(hub, amina, None, "post")
    session = hub.plan()
    evaluated(hub, amina, session.rpartition("/")[2], "pre")
    hub.world.at = BEGINS
    hub.move(session, "begin")
    hub.mark(session, amina, "join")
    at(hub, 5)
    hub.move(session, "next")
    at(hub, 65)
    hub.move(session, "end")
    hub.move(session, "close")
    hub.world.follow_up()
    session_id = session.rpartition("/")[2]
    told = claim(hub.world, amina, session_id, "eaccme").json
    assert (told["has_feedback"], told["scheme"]) == (False, "eaccme")
    before = stated(hub.world, amina)
    assert [one["code"] for one in before["lines"][0]["reasons"]] == ["feedback_missing"]
    evaluated(hub, amina, session_id, "post")
    after = stated(hub.world, amina)
    assert (after["lines"][0]["has_feedback"], after["sums"]) == (
        True,
        [{"scheme": "eaccme", "name": "EACCME (ECMEC)", "credits": 1.0}],
    )
    assert mine(hub.world, amina)[0]["has_feedback"] is True


def test_an_activity_is_claimed_under_one_scheme_and_by_nobody_else(hub: Hub) -> None:
    amina, sam = hub.has(), hub.has()
    session = held(hub, [amina])
    assert claim(hub.world, sam, session).status == 404
    first = claim(hub.world, amina, session)
    assert first.status == 201
    assert claim(hub.world, amina, session).json == first.json, "again under the same, it is as it was"
    assert code(claim(hub.world, amina, session, "eaccme")) == "credit-claimed"
    unknown = claim(hub.world, amina, session, "own")
    assert unknown.json["errors"][0]["pointer"] == "/scheme"


def test_two_claims_at_once_are_one(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    amina = hub.has()
    session = held(hub, [amina])
    plain = credits.commit

    def crossed(*args: Any, **how: Any) -> Any:
        monkeypatch.setattr(credits, "commit", plain)
        credits.claim(hub.world.call(amina), Source("series-session", session), "eaccme")
        return plain(*args, **how)

    monkeypatch.setattr(credits, "commit", crossed)
    assert code(claim(hub.world, amina, session)) == "credit-claimed"
    assert [one["scheme"] for one in mine(hub.world, amina)] == ["eaccme"]


def test_a_coordinator_writes_a_scheme_and_a_further_rule_that_changes_no_day_before(hub: Hub) -> None:
    amina, path = hub.has(), f"/v1/organisations/{hub.organisation}/credit-rules"
    new = {"name": "Points of the Alliance", "like": "eaccme", "valid_from": "2026-11-01", "daily_maximum": 6}
    made = hub.world.post(path, new, by=hub.owner)
    assert made.status == 201, made.text
    rule = made.json["rules"][0]
    assert (rule["daily_maximum"], rule["steps_per_credit"], rule["needs_feedback"], rule["source"]) == (
        6,
        2,
        True,
        "",
    )
    session = held(hub, [amina])
    assert claim(hub.world, amina, session, made.json["scheme"]).status == 201
    further = {"scheme": made.json["scheme"], "valid_from": "2026-12-02", "minutes_per_credit": 25}
    assert code(hub.world.post(path, further, by=hub.owner)) == "credit-rule-not-ahead"
    ahead = hub.world.post(path, {**further, "valid_from": "2026-12-04"}, by=hub.owner)
    assert [one["minutes_per_credit"] for one in ahead.json["rules"]] == [60, 25]
    assert hub.world.get(path, by=amina).json["items"] == [ahead.json]
    elsewhere = hub.world.organisation()
    by = hub.world.coordinator(elsewhere)
    theirs = hub.world.post(
        f"/v1/organisations/{elsewhere}/credit-rules", {**further, "valid_from": "2027-01-01"}, by=by
    )
    assert theirs.status == 404, "a scheme of another organisation"


def test_a_statement_is_for_one_s_own_eyes_in_one_s_own_language_and_for_a_spreadsheet(hub: Hub) -> None:
    world, amina = hub.world, hub.has()
    session = held(hub, [amina])
    claim(world, amina, session)
    assert world.patch("/v1/me", {"locale": "fr"}, by=amina, headers={"If-Match": '"1"'}).status == 200
    told = stated(world, amina)
    assert "organisme accrédité" in told["notice"]
    assert all(one["text"] for one in told["lines"][0]["reasons"])
    table = world.get("/v1/me/credit-statements", by=amina)
    (row,) = csv.DictReader(io.StringIO(table.text))
    assert (row["credits"], row["scheme"], row["day"]) == ("0.75", "AMA PRA Category 1 Credit", "2026-12-02")
    assert stated(world, hub.owner)["lines"] == []
    assert world.get("/v1/me/credit-statements/20x6", by=amina).status == 404
    one_scheme = world.get("/v1/me/credit-statements/2026", by=amina, query={"scheme": "ama_pra"})
    assert one_scheme.json["sums"] == told["sums"]
    unknown = world.get("/v1/me/credit-statements/2026", by=amina, query={"scheme": "ama"})
    assert (unknown.status, unknown.json["errors"][0]["pointer"]) == (422, "/scheme")
    assert "ama_pra" in unknown.json["errors"][0]["detail"]


@pytest.mark.parametrize("dies_after", [0, 1, 2])
def test_a_follower_that_dies_anywhere_and_begins_again_writes_each_once_and_no_claim_is_lost(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, dies_after: int
) -> None:
    people = sorted(hub.has() for _ in range(3))
    monkeypatch.setattr(settling, "_A_BATCH", 1)
    plain, done = settling.commit, []

    def dying(*args: Any) -> Any:
        if len(done) == dies_after:
            raise RuntimeError("killed")
        done.append(plain(*args))

    monkeypatch.setattr(settling, "commit", dying)
    with pytest.raises(RuntimeError):
        held(hub, people)
    monkeypatch.setattr(settling, "commit", plain)
    written = [one for one in people if mine(hub.world, one)]
    assert written == people[:dies_after]
    for person in written:
        assert claim(hub.world, person, mine(hub.world, person)[0]["source"]["id"]).status == 201
    hub.world.pass_time(minutes=30)
    hub.world.follow_up()
    found = {person: mine(hub.world, person) for person in people}
    assert [(len(one), one[0]["educational_seconds"]) for one in found.values()] == [(1, 3000)] * 3
    session_id = found[people[0]][0]["source"]["id"]
    with hub.world.counted() as calls:
        settling.settle(hub.world.call("job:follow_up"), hub.id, session_id)
    assert {person: mine(hub.world, person) for person in people} == found, "begun once more"
    assert calls.count("TransactWriteItems") == 3
    assert [found[one][0]["scheme"] for one in written] == ["ama_pra"] * dies_after


def test_a_closed_simulation_is_what_was_played_and_what_was_moderated(world: World) -> None:
    session = planned(world, controls=["asthma"], starts_at="2026-11-22T11:30:00Z", at=world.at)
    session.add(participants=2, moderators=1)
    (sam, silent), (moderator,) = session.participants, session.moderators
    answers = {"moment": "before", "confidence": [2, 2]}
    assert world.post(f"{session.path}/answers", answers, by=sam).status == 201
    session.moved("begin_case")
    world.pass_time(minutes=1)
    session.say(sam, "What is her pulse?")
    session.reply(sam, text="One hundred and forty.", by="nurse")
    world.pass_time(minutes=12)
    session.say(sam, "We give fluids.")
    world.pass_time(minutes=6)
    session.reply(sam, text="She is better.", by="nurse")
    world.pass_time(minutes=14)
    session.moved("debrief")
    session.moved("close")
    assert "simulation-closed" in world.follow_up()
    (learner,) = mine(world, sam)
    assert (learner["part"], learner["educational_seconds"], learner["has_feedback"]) == (
        "learner",
        720,
        False,
    )
    assert mine(world, silent) == []
    (teacher,) = mine(world, moderator)
    seconds = (
        teacher["presented_seconds"],
        teacher["educational_seconds"],
        teacher["non_educational_seconds"],
    )
    assert (teacher["part"], seconds) == ("moderator", (18 * 60, 0, 0))
    for person in (sam, moderator):
        body = {"source": "simulation", "source_id": session.id, "scheme": "ama_pra"}
        assert world.post("/v1/me/credits", body, by=person).status == 201
    assert [stated(world, one)["sums"][0]["credits"] for one in (sam, moderator)] == [0.25, 0.5]
    answers = {"moment": "after", "confidence": [4, 2], "intent": 4}
    assert world.post(f"{session.path}/answers", answers, by=sam).status == 201
    assert mine(world, sam)[0]["has_feedback"] is True
