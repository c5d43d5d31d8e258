"""Before and after: who answers what when, and what the sums tell, by session, by spoke and by income."""

from collections import Counter
from datetime import timedelta
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.series.evaluation.model import (
    FEWEST,
    TARGET,
    WHOLE,
    Pair,
    Phase,
    Scores,
    cells,
    joined,
    pairs,
    steps,
    sums,
    told_of,
    within,
)
from chalicelib.series.model import SeriesRole
from tests.series.hub import BEGINS, Hub, code
from tests.support.world import START, Reply


def pair(person: str, before: float, after: float) -> Pair:
    return Pair(person, before, after)


def test_a_gain_of_seven_tenths_meets_the_target_and_a_bit_less_does_not() -> None:
    assert TARGET == 0.7
    found = [pair(str(n), 4.0, 4.7) for n in range(4)] + [pair("x", 4.0, 4.69)]
    told = sums(found)
    assert told is not None
    assert (told.people, told.improved, told.met_target) == (5, 100, 80)
    # Two of 2^5 falls of the signs are as far out.
    assert told.test.p == 2 / 32


def test_fewer_than_five_are_no_group() -> None:
    assert sums([pair(str(n), 1, 7) for n in range(FEWEST - 1)]) is None


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"a": 6, "b": 7}, {"a": 6, "b": 7}),
        ({"a": 6, "b": 7, "c": 2}, {"b": 7, "other": 8}),
        ({"a": 9, "b": 3, "c": 2}, {"a": 9, "other": 5}),
        ({"a": 6, "b": 1}, {"other": 7}),
        ({"a": 2, "b": 1}, {}),
        ({"a": 6, "": 2}, {"other": 8}),
    ],
)
def test_a_small_group_cannot_be_worked_out_from_the_whole(
    sizes: dict[str, int], shown: dict[str, int]
) -> None:
    people = [(f"{name}{n}", name) for name, size in sizes.items() for n in range(size)]
    found = [pair(person, 3, 4) for person, _ in people]
    told = told_of(cells(found, {person: name for person, name in people if name}))
    assert {name: one.people for name, one in told.items()} == shown


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["high", "low", ""])), max_size=40))
def test_no_sum_less_others_is_of_fewer_than_five(people: list[tuple[str, str]]) -> None:
    """Sites and income groups are two partings of the same people: what they have in common is five or more, or
    nobody, so that whatever is added to and taken from each other is a sum of at least five."""
    found = [pair(str(n), 3, 4) for n in range(len(people))]
    # A site is in one country, and so of one income group.
    income = dict(reversed(people))
    income_of = {str(n): income[site] for n, (site, _) in enumerate(people) if income[site]}
    by_income = cells(found, income_of)
    by_site = within(by_income, {str(n): site for n, (site, _) in enumerate(people)})
    for one in by_income.values():
        for other in by_site.values():
            shared = {each.person_id for each in one} & {each.person_id for each in other}
            assert not 0 < len(shared) < FEWEST or len(people) < FEWEST
    assert sum(map(len, by_site.values())) == sum(map(len, by_income.values())) == len(people)


def test_figures_that_are_parted_grow_in_steps_of_half_of_what_there_was() -> None:
    found = [pair(str(n), 3, 4) for n in range(100)]
    ends = list(accumulate(len(one) for one in steps(found)))
    assert ends == [5, 10, 15, 20, 30, 45, 65, 95]
    assert [one for step in steps(found) for one in step] == found[:95]
    assert steps(found[:4]) == ()


@settings(max_examples=50)
@given(st.lists(st.sampled_from("aaabbcde"), max_size=70))
def test_whoever_reads_after_each_answer_tells_no_fewer_than_five_apart(sites: list[str]) -> None:
    """People who are in the same of all figures that were ever told stay together, five and more of them: then whatever
    is added to and taken from each other, of any readings, is of five or nobody. A site that grew by one would tell
    them."""
    income = {"a": "high", "b": "low", "c": "low", "d": "low"}
    answers = [
        Scores(f"{n:02}", WHOLE, phase, (3,), site, START + timedelta(minutes=n, seconds=phase is Phase.POST))
        for n, site in enumerate(sites)
        for phase in Phase
    ]
    seen: dict[str, list[tuple[int, str, str]]] = {}
    for count in range(len(sites) + 1):
        made = steps(pairs(answers[: 2 * count], WHOLE))
        site_of = {one.person_id: str(one.site_id) for step in made for one in step}
        by_income = [
            cells(step, {who: income[site] for who, site in site_of.items() if site in income})
            for step in made
        ]
        by_site = joined(within(one, site_of) for one in by_income)
        for what, parted in (("income", joined(by_income)), ("site", by_site)):
            for name, some in parted.items():
                for one in some:
                    seen.setdefault(one.person_id, []).append((count, what, name))
    together = Counter(tuple(one) for one in seen.values())
    assert all(count >= FEWEST for count in together.values()), together


# Over HTTP.


def test_a_site_does_not_grow_by_the_one_who_answered_since(hub: Hub) -> None:
    ask(hub, "x")
    site, other = (
        hub.world.post(f"{hub.path}/sites", {"name": name, "country": "KE"}, by=hub.owner).json["id"]
        for name in ("Kilifi", "Lamu")
    )

    def answered(count: int, at: str) -> None:
        for person in [hub.has(site_id=at) for _ in range(count)]:
            answer(hub, person, "pre", 3)
            hub.world.pass_time(seconds=1)
            answer(hub, person, "post", 5)

    answered(5, site)
    answered(5, other)
    answered(1, site)
    answered(4, other)
    told = read(hub, hub.owner)["results"]
    assert {name: one["people"] for name, one in told["by_site"].items()} == {site: 5, other: 5, "other": 5}


def ask(hub: Hub, *items: str) -> Reply:
    return hub.world.put(f"{hub.path}/evaluation", {"items": list(items)}, by=hub.owner)


def answer(hub: Hub, who: str, phase: str, *scores: int, session: str | None = None) -> Reply:
    body = {"phase": phase, "scores": list(scores), "session_id": session}
    return hub.world.post(f"{hub.path}/evaluation", body, by=who)


def read(hub: Hub, who: str) -> Any:
    reply = hub.world.get(f"{hub.path}/evaluation", by=who)
    assert reply.status == 200, reply.text
    return reply.json


def test_each_answers_once_before_and_once_after_and_in_that_order(hub: Hub) -> None:
    amina = hub.has()
    assert hub.world.get(f"{hub.path}/evaluation", by=amina).status == 404
    ask(hub, "I can treat heart failure.", "I can tell whom to refer.")
    assert code(answer(hub, amina, "post", 4, 4)) == "pre-missing"
    assert code(answer(hub, amina, "pre", 4)) == "evaluation-state", "each question"
    assert answer(hub, amina, "pre", 4, 8).status == 422, "beyond the scale"
    assert answer(hub, amina, "pre", 3, 4).status == 201
    assert code(answer(hub, amina, "pre", 7, 7)) == "answered-already"
    early = answer(hub, amina, "post", 5, 6)
    assert (code(early), early.json["detail"][:38]) == (
        "evaluation-state",
        "You answered before at 2026-11-22T09:0",
    )
    hub.world.pass_time(seconds=1)
    assert answer(hub, amina, "post", 5, 6).status == 201
    assert code(answer(hub, amina, "post", 7, 7)) == "answered-already"
    assert [(one["phase"], one["scores"]) for one in read(hub, amina)["yours"]] == [
        ("post", [5, 6]), ("pre", [3, 4]),
    ]  # fmt: skip
    assert code(ask(hub, "Something else")) == "evaluation-begun"


def test_guests_answer_nothing(hub: Hub) -> None:
    ask(hub, "x")
    guest = hub.has(SeriesRole.GUEST)
    assert answer(hub, guest, "pre", 4).status == 403


def test_a_session_is_answered_about_before_it_ends_and_once_it_has_begun(hub: Hub) -> None:
    ask(hub, "x")
    amina, path = hub.has(), hub.plan()
    session = path.rpartition("/")[2]
    assert answer(hub, amina, "pre", 2, session=session).status == 201
    assert code(answer(hub, amina, "post", 4, session=session)) == "evaluation-state"
    hub.world.at = BEGINS
    hub.move(path, "begin")
    hub.move(path, "end")
    assert answer(hub, amina, "post", 4, session=session).status == 201
    assert code(answer(hub, hub.has(), "pre", 2, session=session)) == "evaluation-state"
    assert answer(hub, amina, "pre", 2, session=hub.id).status == 404


def test_the_results_are_sums_for_who_runs_it_and_low_and_middle_income_apart(hub: Hub) -> None:
    ask(hub, "x", "y")
    world, path = hub.world, hub.plan()
    session = path.rpartition("/")[2]
    sites = {
        country: world.post(f"{hub.path}/sites", {"name": country, "country": country}, by=hub.owner).json[
            "id"
        ]
        for country in ("KE", "CA")
    }
    people = [hub.has(site_id=sites["KE"]) for _ in range(10)] + [
        hub.has(site_id=sites["CA"]) for _ in range(6)
    ]
    for n, person in enumerate(people):
        answer(hub, person, "pre", 3, 3)
        answer(hub, person, "pre", 4, 4, session=session)
        world.pass_time(seconds=1)
        # In Kenya all gain a step and a half; in Canada nobody does.
        answer(hub, person, "post", *((4, 5) if n < 10 else (3, 3)))
    assert read(hub, people[0])["results"] is None
    told = read(hub, hub.owner)["results"]
    assert told["by_session"] == {}, "nobody has answered after it"
    assert (told["whole"]["people"], told["whole"]["improved_percent"]) == (15, 67), "whole fives"
    assert {name: one["gain"] for name, one in told["by_site"].items()} == {
        sites["KE"]: 1.5,
        sites["CA"]: 0.0,
    }
    income = told["by_income"]
    assert {name: (one["people"], one["met_target_percent"]) for name, one in income.items()} == {
        "low_and_middle": (10, 100), "high": (5, 0),
    }  # fmt: skip
    # All ten rose: 2 of 2^10 falls of the signs are as far out. Nobody moved: nothing is shown.
    assert (income["low_and_middle"]["p"], income["high"]["p"]) == (2 / 1024, 1.0)
    moved = world.patch(f"{hub.path}/members/{people[0]}", {"site_id": sites["CA"]}, by=hub.owner)
    assert moved.status == 200, moved.text
    assert read(hub, hub.owner)["results"] == told, "who is moved moves none of their answers"
    hub.world.at = BEGINS
    hub.move(path, "begin")
    for person in people:
        answer(hub, person, "post", 5, 5, session=session)
    by_session = read(hub, hub.owner)["results"]["by_session"]
    assert {name: one["gain"] for name, one in by_session.items()} == {session: 1.0}


def test_a_site_from_which_answers_came_is_moved_to_no_country_of_another_income(hub: Hub) -> None:
    """Whoever read the figures by income before and after would read what a few have answered."""
    ask(hub, "x")
    made = hub.world.post(f"{hub.path}/sites", {"name": "x", "country": "UG"}, by=hub.owner).json
    one = f"{hub.path}/sites/{made['id']}"
    assert hub.world.patch(one, {"country": "CA"}, by=hub.owner).status == 200, "nobody has answered"
    hub.world.patch(one, {"country": "UG"}, by=hub.owner)
    answer(hub, hub.has(site_id=made["id"]), "pre", 3)
    assert code(hub.world.patch(one, {"country": "CA"}, by=hub.owner)) == "site-answered"
    assert hub.world.patch(one, {"country": "KE", "name": "Kilifi"}, by=hub.owner).status == 200, (
        "low and middle"
    )
