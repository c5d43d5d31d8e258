"""Goals over HTTP: who writes and reads what, what is refused, and what two who write at once both keep."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.mentorships.goals import model, moves, service, store
from chalicelib.mentorships.goals.model import MAX_OPEN
from chalicelib.mentorships.running import MentorshipStatus
from chalicelib.mentorships.sessions import store as sessions
from chalicelib.mentorships.sessions.model import Held
from chalicelib.platform import tables
from tests.mentorships.goals.pair import BARE, WHOLE, Pair, code, make_pair
from tests.mentorships.state import State
from tests.support.world import World


def between(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen once between an intent's reading and its commit."""
    commit, left = service.commit, [1]

    def late(*given: Any) -> Any:
        if left:
            left.pop()
            happens()
        return commit(*given)

    monkeypatch.setattr(service, "commit", late)


def test_a_goal_is_taken_as_it_is_and_told_what_it_lacks(world: World, pair: Pair) -> None:
    whole = pair.write()
    assert whole.status == 201
    assert whole.json["words"]["findings"] == []
    assert [one["number"] for one in whole.json["words"]["steps"]] == [1, 2]
    bare = world.post(pair.path(), BARE, by=pair.mentee)
    assert bare.status == 201
    assert [one["code"] for one in bare.json["words"]["findings"]] == [
        "title_too_short", "nothing_to_observe", "no_measure", "no_due_date",
    ]  # fmt: skip
    changed = pair.change(bare.json["id"], title="Find a pericardial effusion", due_on="2026-11-21")
    assert [(one["code"], one["pointer"]) for one in changed.json["words"]["findings"]] == [
        ("nothing_to_observe", "/change"), ("no_measure", "/measure"), ("due_in_the_past", "/due_on"),
    ]  # fmt: skip
    assert changed.json["is_overdue"]


def test_findings_are_in_the_reader_s_language(world: World, pair: Pair) -> None:
    goal = pair.written(due_on=None)
    french = {"locale": "fr"}
    assert world.patch("/v1/me", french, by=pair.mentor).status == 200
    (told,) = pair.read(goal, by=pair.mentor).json["words"]["findings"]
    assert told["text"] == "Choisissez la date à laquelle vous voulez l’avoir atteint."
    (told,) = pair.goals()[0]["words"]["findings"]
    assert told["text"] == "Choose the day by which you want to reach it."


def test_whoever_writes_it_it_is_the_mentee_s(pair: Pair) -> None:
    goal = pair.written(by=pair.mentor)
    shown = pair.read(goal).json
    assert (shown["owner"], shown["written_by"]) == ("mentee", pair.mentor)
    assert pair.change(goal, by=pair.mentor, title="Lead the evening round alone").status == 200
    assert pair.note(goal, by=pair.mentor, note="Two of four this week").status == 201
    kept = pair.move(goal, "review", by=pair.mentor, decision="keep", why="It fits.")
    assert kept.json["review"]["last"]["decision"] == "keep"
    for word, said in (
        ("reach", {"note": "She leads it."}),
        ("drop", {"why": "No time."}),
        ("review", {"decision": "drop", "why": "No time."}),
    ):
        assert code(pair.move(goal, word, by=pair.mentor, **said)) == "not-your-goal"
    assert pair.move(goal, "reach", note="I lead it.").json["status"] == "reached"
    assert code(pair.move(goal, "reopen", by=pair.mentor)) == "not-your-goal"


def test_a_story_leaves_its_entries(world: World, pair: Pair) -> None:
    goal = pair.written()
    said: list[tuple[str, dict[str, Any]]] = [
        ("progress", {"value": 1.5, "note": "One alone, one half"}),
        ("review", {"decision": "adjust", "why": "Later", "changes": {"due_on": "2027-04-15"}}),
        ("reach", {"note": "Four a week"}),
        ("reopen", {"why": "Down to two since the new rota"}),
        ("drop", {"why": "I am moving"}),
    ]
    for word, body in said:
        world.pass_time(days=1)
        if word == "progress":
            assert pair.note(goal, by=pair.mentor, **body).status == 201
        else:
            assert pair.move(goal, word, **body).status == 200
    shown = pair.read(goal).json
    assert (shown["status"], shown["due_on"]) == ("dropped", "2027-04-15")
    assert shown["words"]["ending"]["note"] == "I am moving"
    assert shown["words"]["progress"]["percent"] == 38
    entries = pair.entries(goal)
    assert [one["number"] for one in entries] == [5, 4, 3, 2, 1]
    assert [one["kind"] for one in entries] == ["dropped", "reopened", "reached", "review", "progress"]
    assert entries[-1]["by"] == pair.mentor
    assert (entries[-1]["value"], entries[3]["decision"]) == (1.5, "adjust")
    assert [one["at"] for one in entries] == sorted((one["at"] for one in entries), reverse=True)


def test_a_null_takes_away_and_what_is_left_out_stays(pair: Pair) -> None:
    goal = pair.written()
    shown = pair.change(goal, measure=None, due_on=None, change="").json
    assert (shown["due_on"], shown["words"]["measure"], shown["words"]["change"]) == (None, None, "")
    assert shown["title"] == WHOLE["title"]
    assert len(shown["words"]["steps"]) == 2
    steps = [{"text": "Lead one", "is_done": True}, {"text": "Watch three rounds", "number": 1}]
    done = pair.change(goal, steps=steps).json["words"]["steps"]
    assert [(one["number"], one["done_at"] is not None) for one in done] == [(3, True), (1, False)]
    refused = pair.change(goal, steps=[{"text": "Gone", "number": 2}])
    assert [one["pointer"] for one in refused.json["errors"]] == ["/steps/0/number"]


@pytest.mark.parametrize(("fields", "pointer"), [
    ({"title": ""}, "/title"), ({"title": None}, "/title"), ({"horizon": "soon"}, "/horizon"),
    ({"domain": "clinical"}, "/domain"), ({"due_on": "2101-01-01"}, "/due_on"), ({"due_on": "15 March"}, "/due_on"),
    ({"measure": {"unit": "a week"}}, "/measure/what"),
    ({"measure": {"what": "x", "target": 1e10}}, "/measure/target"),
    ({"measure": {"what": "x", "unit": "a\nweek"}}, "/measure/unit"),
    ({"steps": [{"text": "x"}] * 13}, "/steps"), ({"change": "x" * 1001}, "/change"), ({"owner": "mentor"}, "/owner"),
])  # fmt: skip
def test_what_cannot_be_is_refused_where_it_stands(pair: Pair, fields: dict[str, Any], pointer: str) -> None:
    refused = pair.write(**fields)
    assert refused.status == 422
    assert [one["pointer"] for one in refused.json["errors"]] == [pointer]


def test_a_change_needs_the_version_that_was_read(world: World, pair: Pair) -> None:
    goal = pair.written()
    etag = pair.read(goal).etag
    assert world.patch(pair.path(goal), {"title": "Another one"}, by=pair.mentee).status == 428
    assert pair.note(goal, note="In between").status == 201
    assert pair.change(goal, etag=etag, title="Another one").status == 412
    for word, body in (
        ("review", {"decision": "keep", "why": "So"}),
        ("reach", {"note": "So"}),
        ("drop", {"why": "So"}),
        ("reopen", {}),
    ):
        reply = world.post(pair.path(goal, word), body, by=pair.mentee, headers={"If-Match": etag})
        assert reply.status == 412, word


def test_a_lost_answer_is_given_again_and_nothing_is_done_twice(world: World, pair: Pair) -> None:
    def twice(path: str, body: Any, **headers: str) -> Any:
        how = {"by": pair.mentee, "headers": {"Idempotency-Key": path, **headers}}
        first, second = (world.post(path, body, **how) for _ in range(2))
        assert first.text == second.text
        assert second.headers["Idempotency-Replayed"] == "true"
        return first

    goal = twice(pair.path(), WHOLE).json["id"]
    noted = twice(pair.path(goal, "progress"), {"value": 2})
    twice(pair.path(goal, "reach"), {"note": "There"}, **{"If-Match": noted.etag})
    assert len(pair.goals()) == 1
    assert [one["kind"] for one in pair.entries(goal)] == ["reached", "progress"]
    assert store.tally_of(tables.get(*store.tally_key(pair.id))) == model.Tally(0, 1)


def test_both_note_at_the_same_moment_and_both_stay(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    goal = pair.written()
    mentor = pair.world.call(pair.mentor)
    between(monkeypatch, lambda: service.note_progress(mentor, pair.id, goal, 3.0, "Mine"))
    noted = pair.note(goal, value=1, note="Hers")
    assert noted.status == 201
    assert [(one["number"], one["note"]) for one in pair.entries(goal)] == [(2, "Hers"), (1, "Mine")]
    assert noted.json["words"]["progress"] == {
        "entries": 2, "percent": 25, "last": {"value": 1.0, "by": pair.mentee, "at": noted.json["updated_at"]},
    }  # fmt: skip


def test_who_was_overtaken_is_told_so(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    goal = pair.written()
    mentor = pair.world.call(pair.mentor)
    between(monkeypatch, lambda: service.note_progress(mentor, pair.id, goal, None, "Mine"))
    assert pair.change(goal, title="Hers is the later one").status == 412
    assert pair.read(goal).json["title"] == WHOLE["title"]


@pytest.mark.parametrize("word", ["write", "progress", "change"])
def test_a_pause_that_comes_in_between_holds(pair: Pair, monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    goal = pair.written()
    etag = pair.read(goal).etag
    between(monkeypatch, lambda: pair.set_status(MentorshipStatus.PAUSED))
    reply = {
        "write": lambda: pair.write(),
        "progress": lambda: pair.note(goal, note="Late"),
        "change": lambda: pair.change(goal, etag=etag, title="Late as well"),
    }[word]()
    assert code(reply) == "mentorship-not-under-way"
    assert len(pair.goals()) == 1
    assert pair.entries(goal) == []


def test_a_mentorship_that_is_paused_or_over_shows_its_goals_as_they_are(pair: Pair) -> None:
    goal = pair.written()
    pair.set_status(MentorshipStatus.PAUSED)
    before = State().told()
    assert pair.read(goal).json["title"] == WHOLE["title"]
    assert len(pair.goals(by=pair.mentor)) == 1
    for reply in (
        pair.write(), pair.change(goal, title="Another one"), pair.note(goal, note="x"),
        pair.move(goal, "review", decision="keep", why="x"), pair.move(goal, "reach", note="x"),
        pair.move(goal, "drop", why="x"), pair.move(goal, "reopen"),
    ):  # fmt: skip
        assert (reply.status, code(reply)) == (409, "mentorship-not-under-way")
        assert "goes on" in reply.json["detail"]
    assert State().told() == before


def test_coordinators_see_titles_and_states_and_change_nothing(world: World, pair: Pair) -> None:
    goal = pair.written()
    pair.note(goal, value=1, note="Between us")
    for shown in (pair.read(goal, by=pair.coordinator), world.get(pair.path(), by=pair.coordinator)):
        assert shown.status == 200
        assert WHOLE["title"] in shown.text
        for word in ("Between us", WHOLE["change"], WHOLE["measure"]["what"], "Watch three rounds"):
            assert word not in shown.text
    assert world.get(pair.path(goal, "entries"), by=pair.coordinator).status == 404
    assert pair.write(by=pair.coordinator).status == 404
    assert pair.change(goal, by=pair.coordinator, title="Another one").status == 404
    assert pair.note(goal, by=pair.coordinator, note="x").status == 404
    reviewer = world.reviewer(pair.organisation)
    assert code(pair.read(goal, by=reviewer)) == "role-refused"
    assert world.get(pair.path(), by=world.coordinator(world.organisation())).status == 404


def test_a_goal_of_another_mentorship_is_not_found_under_this_one(world: World, pair: Pair) -> None:
    other = make_pair(world)
    goal = other.written()
    assert pair.read(goal).status == 404
    assert pair.note(goal, note="x").status == 404
    assert pair.read(goal, by=other.mentee).status == 404


def test_ten_are_open_and_a_drop_makes_room(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    goals = [pair.written(title=f"Goal number {n}") for n in range(MAX_OPEN)]
    refused = pair.write()
    assert (refused.status, code(refused)) == (409, "too-many-goals")
    assert "10 goals are open" in refused.json["detail"]
    assert pair.move(goals[0], "drop", why="Less is more").status == 200
    # The last place is taken once: the other writes the eleventh while this one is being committed.
    mentor = pair.world.call(pair.mentor)
    wording = service.Wording("Taken", model.Horizon.SHORT, model.Domain.PERSONAL)
    between(monkeypatch, lambda: service.write_goal(mentor, pair.id, wording))
    assert code(pair.write()) == "too-many-goals"
    assert code(pair.move(goals[0], "reopen")) == "too-many-goals"
    assert pair.move(goals[1], "review", decision="drop", why="Less is more").status == 200
    assert pair.move(goals[0], "reopen").status == 200
    assert store.tally_of(tables.get(*store.tally_key(pair.id))) == model.Tally(MAX_OPEN, MAX_OPEN + 1)


def test_no_more_are_kept_than_can_be_read_at_once(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (model, store):
        monkeypatch.setattr(module, "MAX_EVER", 3)
    for n in range(3):
        assert pair.move(pair.written(title=f"Goal number {n}"), "drop", why="x").status == 200
    refused = pair.write()
    assert code(refused) == "too-many-goals"
    assert "3 goals were written" in refused.json["detail"]


def test_a_goal_with_all_its_entries_can_be_ended(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moves, "MAX_ENTRIES", 3)
    goal = pair.written()
    assert [pair.note(goal, note=f"{n}").status for n in range(4)] == [201, 201, 201, 409]
    assert code(pair.note(goal, note="x")) == "too-many-entries"
    assert pair.move(goal, "reach", note="There").status == 200


def test_reviews_are_due_by_the_programme_s_rule_of_the_last_one(world: World) -> None:
    pair = make_pair(world, goal_review_sessions=2)

    def meet(times: int) -> None:
        world.write(sessions.count_held(pair.id, Held(times, 45 * times), world.at))

    meet(5)
    goal = pair.written()

    def due() -> tuple[int, int, bool]:
        review = pair.read(goal).json["review"]
        return review["every"], review["sessions_since"], review["is_due"]

    assert due() == (2, 0, False)
    meet(2)
    assert due() == (2, 2, True)
    programme = f"/v1/programmes/{pair.programme}"
    etag = world.get(programme, by=pair.coordinator).etag
    changed = world.patch(
        programme, {"goal_review_sessions": 4}, by=pair.coordinator, headers={"If-Match": etag}
    )
    assert changed.json["goal_review_sessions"] == 4
    assert due() == (2, 2, True)
    assert pair.move(goal, "review", decision="keep", why="It fits").status == 200
    assert due() == (4, 0, False)


def test_open_ones_come_first_the_soonest_due_first(world: World, pair: Pair) -> None:
    later, none, sooner = (pair.written(due_on=day) for day in ("2027-05-01", None, "2027-02-01"))
    first, second = pair.written(), pair.written()
    for goal in (first, second):
        world.pass_time(hours=1)
        assert pair.move(goal, "drop", why="x").status == 200
    assert [one["id"] for one in pair.goals()] == [sooner, later, none, second, first]
