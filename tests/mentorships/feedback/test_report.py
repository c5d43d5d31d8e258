"""What coordinators are shown, over HTTP; and that ratings are learnt from."""

from datetime import datetime
from typing import Any

import pytest

from chalicelib.matching.model import CRITERIA
from chalicelib.mentorships import outcome_store
from chalicelib.mentorships.feedback import group_store, grouping
from chalicelib.mentorships.model import Source
from chalicelib.mentorships.outcomes import Ending, Outcome, Rating, key_of
from chalicelib.programmes.model import Side
from tests.mentorships.feedback.pairs import WEEK, Couple, Hall
from tests.mentorships.state import State, crash_points
from tests.support.world import START, World

MENTEES_START = ("start", "mentee")
KINDS = {"answers": [], "changes": []}


def shown(hall: Hall) -> dict[str, list[Any]]:
    report = hall.report()
    return {name: report[name] for name in KINDS}


def begun(hall: Hall, number: int) -> list[Couple]:
    return [hall.couple() for _ in range(number)]


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T05:00:00+00:00")


def test_answers_of_five_are_shown_as_the_month_is_over_in_sums_that_never_change(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So many that seven people are in five at least, whatever their ids.
    monkeypatch.setattr(group_store, "_SHARDS", 256)
    couples = begun(hall, 7)
    hall.night()
    hall.night(at("2026-12-22"))
    for couple, value in zip(couples[:5], (5, 4, 4, 3, 2), strict=True):
        assert couple.answer("pulse-1", {"going": value, "useful": 6 - value}).status == 200
    hall.night(at("2026-12-31"))
    assert shown(hall) == KINDS, "whoever else can be counted this month is to be with them"
    hall.night(at("2027-01-02"))
    first = shown(hall)
    going = [one for one in first["answers"] if one["item"] == "going"]
    assert [one["month"] for one in going] == [None, "2027-01"]
    whole = going[0]
    assert (whole["round"], whole["role"], whole["text"]) == (
        "pulse",
        "mentee",
        "How is your mentorship going?",
    )
    assert [whole[one] for one in ("ones", "twos", "threes", "fours", "fives")] == [0, 1, 1, 2, 1]
    assert (whole["n"], whole["mean"], whole["sd"]) == (5, 3.6, 1.1402)
    assert (whole["low"], whole["high"]) == (pytest.approx(2.184, abs=0.001), 5)
    for couple, value in zip(couples[5:], (1, 5), strict=True):
        assert couple.answer("pulse-1", value).status == 200
    for day in ("2027-01-20", "2027-02-01", "2027-03-01"):
        hall.night(at(day))
    assert shown(hall) == first, "two more would be told by what has changed"
    (part,) = [
        one for one in hall.report()["taking_part"] if (one["round"], one["role"]) == ("pulse", "mentee")
    ]
    assert part["answered"] == 7


def test_who_takes_part_is_told_of_five_people_and_of_months_that_are_over(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each person in a shard of their own, as a hash does not promise; what is not certain is not told.
    monkeypatch.setattr(group_store, "_SHARDS", 256)
    couples = begun(hall, 4)

    def answered() -> list[tuple[int, int | None]]:
        found = hall.report()["taking_part"]
        return [
            (one["asked"], one["answered"]) for one in found if (one["round"], one["role"]) == MENTEES_START
        ]

    hall.night()
    assert couples[0].answer("start", 3).status == 200
    assert couples[0].answer("start", 4).status == 200
    assert answered() == [], "day by day it would tell who has just answered"
    hall.world.at = at("2026-12-02")
    assert answered() == [(4, None)], "of four it tells nothing"
    couples += begun(hall, 6)
    hall.night()
    assert couples[5].answer("start", 3).status == 200
    assert answered() == [(4, None)]
    hall.world.at = at("2027-01-02")
    assert answered() == [(10, 2)], "and a correction is no second answer"


def test_how_confidence_has_changed_of_who_said_both(hall: Hall) -> None:
    couples = begun(hall, 6)
    before, after = (1, 2, 2, 3, 4, 3), (3, 4, 3, 5, 4, 5)
    for n, couple in enumerate(couples):
        if n < 5:
            assert couple.answer("start", before[n]).status == 200
    hall.world.at += 10 * WEEK
    for n, couple in enumerate(couples):
        couple.end()
        assert couple.answer("end", after[n]).status == 200
    hall.night(at("2027-03-01"))
    report = hall.report()
    assert {(one["role"], one["n"]) for one in report["changes"]} == {("mentee", 5)}
    assert len(report["changes"]) == 5
    line = report["changes"][0]
    assert (line["mean_before"], line["mean_after"], line["mean_change"]) == (2.4, 3.8, 1.4)
    assert line["sd_change"] == 0.8944
    assert line["low"] == pytest.approx(1.4 - 2.776 * 0.8944 / 5**0.5, abs=0.001)
    assert {one["item"] for one in report["answers"]} == {"match"}, "each answer is counted once"
    assert {one["n"] for one in report["answers"]} == {6}


def test_a_crash_at_any_write_counts_nobody_twice_and_nobody_not(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    couples = begun(hall, 5)
    hall.night()
    hall.night(hall.world.at + 4 * WEEK)
    for couple, value in zip(couples, (1, 2, 3, 4, 5), strict=True):
        assert couple.answer("pulse-1", value).status == 200
        assert couple.answer("pulse-1", 6 - value, by=couple.mentor).status == 200
    hall.world.at = at("2027-02-01")
    start = State()

    def work() -> None:
        assert grouping.group_sealed(hall.world.at) == 0

    work()
    whole = State().told()
    points = 0
    for _ in crash_points(monkeypatch, work, start):
        points += 1
        work()
        assert State().told() == whole
    assert points == 3
    assert {(one["role"], one["n"]) for one in hall.report()["answers"]} == {("mentee", 5), ("mentor", 5)}


def kept(hall: Hall, couple: Couple) -> Outcome:
    """Have it known what became of a couple's proposal."""
    outcome = Outcome(
        key_of(couple.mentorship().proposal_id), "a" * 64, Source.RUN, Ending.GOING, START, START, None,
        values=dict.fromkeys(CRITERIA, 0.5),
    )  # fmt: skip
    hall.world.write(outcome_store.put_outcome(hall.programme, outcome, hall.world.at))
    return outcome


def learnt_of(hall: Hall) -> Outcome:
    (found,) = outcome_store.outcomes_of(hall.programme)
    return found


def test_what_they_say_of_the_match_is_learnt_from_whenever_it_comes(hall: Hall) -> None:
    couple = hall.couple()
    kept(hall, couple)
    example = learnt_of(hall).example()
    assert example is not None
    assert example.rating is None
    hall.night()
    hall.night(hall.world.at + 27 * WEEK)
    asked = [one["item"] for one in couple.rounds()["middle"]["questions"]]
    values = dict.fromkeys(asked, 3)
    assert couple.answer("middle", {**values, "match": 2}).status == 200
    assert _rating(hall) == 2
    assert couple.answer("middle", {**values, "match": 4}).status == 200
    assert couple.answer("middle", 5, by=couple.mentor).status == 200
    assert _rating(hall) == 4.5, "a correction counts, and both sides do"
    couple.end()
    assert couple.answer("end", 3, by=couple.mentor).status == 200
    assert _rating(hall) == 3, "the last word counts"
    told = [str(item) for items in State().told().values() for item in items if "RATING#" in str(item)]
    assert len(told) == 3
    for hidden in (couple.mentee, couple.mentor, couple.id, couple.mentorship().proposal_id):
        assert not any(hidden in one for one in told)


def _rating(hall: Hall) -> float | None:
    example = learnt_of(hall).example()
    assert example is not None
    return example.rating


def test_only_good_pairs_have_a_rating_that_counts() -> None:
    said = (Rating(Side.MENTEE, 5, at_end=False), Rating(Side.MENTOR, 4, at_end=False))
    values = dict.fromkeys(CRITERIA, 0.5)
    one = Outcome("k", "a", Source.RUN, Ending.GOING, START, START, None, values=values, ratings=said)
    example = one.example()
    assert example is not None
    assert example.rating == 4.5
    ended = Outcome("k", "a", Source.RUN, Ending.ENDED, START, START, None, values=values, ratings=said)
    example = ended.example()
    assert example is not None
    assert (example.good, example.rating) == (False, None)


def test_the_month_learns_from_what_was_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ratings that were given over HTTP reach the model: without them, nobody is rated."""
    from chalicelib.mentorships import learning
    from tests.mentorships.feedback.pairs import make_hall

    hall = make_hall(world)
    couple = hall.couple()
    kept(hall, couple)
    couple.end()
    assert couple.answer("end", 2).status == 200
    given: list[Any] = []
    propose = learning.matching.propose_weights

    def seen(call: Any, programme_id: str, examples: Any, **more: Any) -> Any:
        given.extend(examples)
        return propose(call, programme_id, examples, **more)

    monkeypatch.setattr(learning.matching, "propose_weights", seen)
    learning.learn_programme(world.call("job:learn_weights"), hall.programme)
    assert [one.rating for one in given] == [2]
