"""Before, after and follow-up; the statistics page, with figures equal to SciPy's; the debrief of a case."""

from typing import Any

import pytest
from scipy import stats

from chalicelib.simulations.chats.model import Chat, Step
from chalicelib.simulations.results import model
from chalicelib.simulations.results.model import Answers, SimulationMoment
from tests.simulations.documents import document
from tests.simulations.sessions import Session, planned
from tests.support.world import Reply, World

CONTROLS = ["thyroid storm", "addisonian crisis"]
QUESTION = {"text": "What is given first?", "options": ["Insulin", "Saline", "Bicarbonate"], "correct": 1}
# Of eight participants: confidence before and after in what was simulated, in the two controls, and the choices.
SIMULATED = [(1, 4), (2, 4), (2, 3), (3, 3), (1, 2), (4, 5), (2, 5), (3, 2)]
CONTROL = [((2, 2), (2, 3)), ((1, 3), (1, 3)), ((3, 3), (3, 3)), ((2, 4), (3, 4)),
           ((1, 1), (1, 1)), ((4, 4), (4, 3)), ((2, 2), (2, 2)), ((3, 3), (3, 3))]  # fmt: skip
CHOICES = [(0, 1), (0, 1), (1, 1), (2, 1), (1, 0), (0, 0), (0, 1), (2, 1)]
INTENT = [5, 4, 4, 3, 5, 5, 2, 4]


@pytest.fixture
def session(world: World) -> Session:
    session = planned(world, controls=CONTROLS, questions=[QUESTION])
    session.add(participants=4, moderators=2, country="KE")
    session.add(participants=4, country="CA")
    return session


def answer(session: Session, n: int, moment: str, **changed: Any) -> Reply:
    """Answer in the order of the conditions: addisonian crisis, diabetic ketoacidosis, thyroid storm."""
    late = moment != "before"
    control = CONTROL[n][late]
    body: dict[str, Any] = {
        "moment": moment,
        "confidence": [control[0], SIMULATED[n][late], control[1]],
        "choices": [] if moment == "follow_up" else [CHOICES[n][late]],
    }
    if moment == "after":
        body["intent"] = INTENT[n]
    if moment == "follow_up":
        body["has_changed"] = n % 2 == 0
    return session.world.post(f"{session.path}/answers", {**body, **changed}, by=session.participants[n])


def statistics(session: Session) -> Any:
    found = session.world.get(f"{session.path}/statistics", by=session.moderators[0])
    assert found.status == 200, found.text
    return found.json


def over(session: Session) -> None:
    session.moved("begin_case")
    session.world.pass_time(minutes=25)
    session.moved("debrief")


def test_the_figures_are_scipys(session: Session) -> None:
    for n in range(8):
        assert answer(session, n, "before").status == 201
    over(session)
    for n in range(8):
        assert answer(session, n, "after").status == 201
    page = statistics(session)
    before, after = zip(*SIMULATED, strict=True)
    exact = stats.permutation_test(
        ([late - early for early, late in SIMULATED],),
        lambda one: stats.rankdata(abs(one[one != 0]))[one[one != 0] > 0].sum(),
        permutation_type="samples", n_resamples=10_000,
    )  # fmt: skip
    simulated = page["simulated"]
    assert simulated["test"]["p"] == pytest.approx(exact.pvalue, abs=1e-12)
    assert (simulated["before"], simulated["after"]) == (sum(before) / 8, sum(after) / 8)
    assert (simulated["test"]["rose"], simulated["test"]["fell"], simulated["test"]["same"]) == (6, 1, 1)
    sums = [(sum(early), sum(late)) for early, late in CONTROL]
    assert page["control"]["before"] == sum(early for early, _ in sums) / 16
    (question,) = page["questions"]
    gained = sum(early != 1 and late == 1 for early, late in CHOICES)
    lost = sum(early == 1 and late != 1 for early, late in CHOICES)
    assert (question["test"]["gained"], question["test"]["lost"]) == (gained, lost) == (5, 1)
    assert question["test"]["p"] == pytest.approx(stats.binomtest(lost, gained + lost).pvalue, abs=1e-12)
    assert page["score"]["after"] == 6 / 8
    wilson = stats.binomtest(6, 8).proportion_ci(method="wilson")
    assert (page["intent"]["yes"], page["intent"]["low"]) == (6, pytest.approx(wilson.low))
    beyond = [2 * (late - early) - (sums[n][1] - sums[n][0]) for n, (early, late) in enumerate(SIMULATED)]
    assert page["beyond_control"]["rose"] == sum(one > 0 for one in beyond)
    assert [one["condition"] for one in page["conditions"] if one["is_simulated"]] == [
        "diabetic ketoacidosis"
    ]
    assert [one["improved"] for one in page["published"]] == [0.848, 0.696, 0.52]


def test_what_was_not_answered_twice_does_not_count(session: Session) -> None:
    empty = statistics(session)
    assert (empty["simulated"], empty["intent"], empty["agreements"]) == (None, None, [])
    for one in range(4):
        answer(session, one, "before")
    over(session)
    for one in range(2):
        answer(session, one, "after")
    page = statistics(session)
    assert (page["before"], page["after"], page["simulated"], page["intent"]) == (4, 2, None, None)
    answer(session, 2, "after")
    page = statistics(session)
    assert (page["after"], page["simulated"]["n"], page["intent"]["n"]) == (3, 3, 3), (
        "sums are of three or more"
    )
    late = answer(session, 4, "after")
    assert (late.status, late.json["type"].rpartition("/")[2]) == (409, "before-missing")


def test_answers_are_given_once_and_in_their_time(session: Session) -> None:
    assert answer(session, 0, "after").json["type"].rpartition("/")[2] == "not-asked-now"
    for one in range(3):
        assert answer(session, one, "before").json["answered"] == ["before"]
    twice = answer(session, 0, "before")
    assert (twice.status, twice.json["type"].rpartition("/")[2]) == (409, "answered-once")
    over(session)
    assert answer(session, 3, "before").json["type"].rpartition("/")[2] == "not-asked-now"
    assert answer(session, 0, "after").status == 201
    assert answer(session, 0, "follow_up").status == 409
    session.moved("close")
    session.world.pass_time(weeks=6, seconds=-1)
    assert answer(session, 0, "follow_up").status == 409
    session.world.pass_time(seconds=1)
    assert answer(session, 0, "follow_up").json["answered"] == ["before", "after", "follow_up"]
    for one in range(1, 3):
        answer(session, one, "follow_up")
    page = statistics(session)
    assert (page["at_follow_up"]["n"], page["has_changed"]["n"], page["has_changed"]["yes"]) == (3, 3, 2)
    session.world.pass_time(weeks=6)
    assert answer(session, 3, "follow_up").status == 409


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"confidence": [3, 3]}, "/confidence"),
        ({"choices": []}, "/choices"),
        ({"choices": [3]}, "/choices/0"),
        ({"intent": 3}, "/intent"),
        ({"has_changed": True}, "/has_changed"),
        ({"confidence": [3, 6, 3]}, "/confidence/1"),
    ],
)
def test_answers_that_do_not_fit_are_refused_at_their_place(
    session: Session, change: dict[str, Any], pointer: str
) -> None:
    refused = answer(session, 0, "before", **change)
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, pointer)


def test_questions_do_not_tell_the_right_option(session: Session) -> None:
    asked = session.world.get(f"{session.path}/answers", by=session.participants[0]).json
    assert asked["conditions"] == sorted([*CONTROLS, "diabetic ketoacidosis"])
    assert set(asked["questions"][0]) == {"text", "options"}
    for by in (session.moderators[0], session.coordinator):
        assert session.world.get(f"{session.path}/answers", by=by).status == 404
    assert session.world.get(f"{session.path}/statistics", by=session.participants[0]).status == 404


def test_a_control_is_not_simulated(world: World) -> None:
    session = planned(world)
    case = world.get(session.path, by=session.coordinator).json["cases"][0]
    body = {
        "title": "Again", "starts_at": "2027-01-18T15:30:00Z", "controls": ["Diabetic Ketoacidosis"],
        "cases": [{"case_id": case["case_id"], "version": 1, "setting": "district"}],
    }  # fmt: skip
    path = f"/v1/organisations/{session.organisation}/simulations"
    refused = world.post(path, body, by=session.coordinator)
    assert refused.json["errors"][0]["pointer"] == "/controls/0"


# The debrief of a case.


def test_a_debrief_tells_paths_times_and_misses_by_income_group(session: Session) -> None:
    world = session.world
    session.moved("begin_case")
    for n, one in enumerate(session.participants):
        session.say(one, "blood sugar")
        world.pass_time(seconds=10)
        if n < 4:
            session.say(one, "iv fluids")
    for one in session.participants[:3]:
        session.say(one, "start insulin infusion")
    path = f"{session.path}/cases"
    early = world.get(path, by=session.moderators[0], query={"case": 1}).json
    assert (early["played"], early["document"]["model_answer"] != "") == (None, True)
    assert world.get(path, by=session.participants[0], query={"case": 1}).status == 404
    assert world.get(path, by=session.participants[0], query={"case": 2}).status == 404
    world.pass_time(minutes=25)
    for one in session.participants:
        session.poll(one)
    session.moved("debrief")
    found = world.get(path, by=session.participants[0], query={"case": 1}).json
    played = found["played"]
    assert {one["outcome"]: one["count"] for one in played["outcomes"]} == {"good": 3, "harm": 5}
    assert [(one["scenes"], one["count"]) for one in played["paths"]] == [
        (["arrival", "worse", "arrest"], 4),
        (["arrival", "filling", "better"], 3),
        (["arrival", "filling", "worse", "arrest"], 1),
    ]
    explored = {one["topic"]: one for one in played["explored"]}
    assert (explored["glucose"]["missed_share"], explored["glucose"]["median_seconds"]) == (0.0, 35.0)
    assert (explored["fluids"]["explored"], explored["fluids"]["missed_share"]) == (4, 0.5)
    assert explored["ketones"]["missed_share"] == 1.0
    assert played["explored"][-1]["topic"] == "glucose", "the most missed first"
    groups = {one["income_group"]: one["played"] for one in found["income_groups"]}
    assert {name: one["n"] for name, one in groups.items()} == {"lower_middle": 4, "high": 4}
    assert groups["high"]["outcomes"] == [{"outcome": "harm", "count": 4}]


def test_a_group_of_two_is_not_shown_by_itself() -> None:
    chats = [Chat("s", 1, str(n), path=(Step("arrival", 0),)) for n in range(5)]
    groups: dict[str, Any] = {"0": "low", "1": "low", "2": "high", "3": "high", "4": "high"}
    assert model.by_income_group(document(), "district", chats, groups) == {}, (
        "all less the others are the two"
    )
    groups["5"] = "low"
    chats.append(Chat("s", 1, "5", path=(Step("arrival", 0),)))
    assert set(model.by_income_group(document(), "district", chats, groups)) == {"high", "low"}


def test_of_many_of_one_group_and_one_of_another_neither_is_shown() -> None:
    chats = [Chat("s", 1, str(n), path=(Step("arrival", 0),)) for n in range(8)]
    groups: dict[str, Any] = {**{str(n): "lower_middle" for n in range(7)}, "7": "high"}
    assert model.by_income_group(document(), "district", chats, groups) == {}
    assert model.by_income_group(document(), "district", chats[:7], groups).keys() == {"lower_middle"}


def test_what_a_setting_has_not_is_no_miss() -> None:
    """CT and blood gases are not expected; what is expected is told in both settings."""
    chats = [Chat("s", 1, "p", path=(Step("arrival", 0),))]
    names = {one.topic for one in model.played(document(), "district", chats).explored}
    assert "gas" not in names
    assert names == {one.key for one in document().topics if one.is_expected}


def test_ties_are_ties_whatever_the_number_of_conditions() -> None:
    """Means of three are no whole numbers; compared are the sums."""

    def of(person: str, moment: SimulationMoment, total: int) -> Answers:
        return Answers(person, moment, {"a": total - 2, "b": 1, "c": 1})

    pairs = [
        (of(str(n), SimulationMoment.BEFORE, 4), of(str(n), SimulationMoment.AFTER, 5)) for n in range(6)
    ]
    found = model._compared(pairs, model._sum_of(("a", "b", "c")), 3)
    assert found is not None
    assert (found.test.rank_sum_up, found.test.shift) == (21.0, pytest.approx(1 / 3))
