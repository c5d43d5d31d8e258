"""Nobody's second mentor at the cost of somebody's first, whatever mentors and proposals there are from before."""

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.matching.engine import comparing, run_match
from chalicelib.matching.model import (
    Criterion,
    GroupShare,
    LeftOutReason,
    MatchSettings,
    Objective,
    PairOfIds,
    Protected,
    Reason,
    ReasonCount,
    Weights,
)
from chalicelib.matching.report_wording import Topic, summary
from chalicelib.matching.snapshot import snapshot_bytes, snapshot_from_bytes
from chalicelib.words.formats import Formats
from tests.matching import oracle
from tests.matching.pools import NOW, mentee, mentor, random_pool, skills, snapshot

LOOSE = {"min_overlap_minutes": 15, "min_stretch_minutes": 15, "weeks": 2}
SOUGHT = {"research_interests": ("sepsis",)}
HAS_ONE = {"places_held": 1, "places_left": 1, "waiting_since": NOW - timedelta(days=400)}
NO_FURTHER = (LeftOutReason(Reason.NO_FURTHER_MENTOR),)


def pool_of(seed, **how):
    """Draw a pool in which some have mentors or open proposals already, and some have more than one place left."""
    pool = random_pool(seed, 8, **LOOSE | how)
    return replace(
        pool,
        mentees=tuple(
            replace(one, places_left=1 + (n * 7 + seed) % 3, places_held=(n * 5 + seed // 3) % 4)
            for n, one in enumerate(pool.mentees)
        ),
    )


def fit(one, other, pool):
    """Tell whether two people may be paired by every rule, as a plain reading of the rules has it."""
    open_ = oracle.is_open_mentee(one) and oracle.is_open_mentor(other, pool.taken_at)
    return open_ and oracle.public_fit(one, other, pool) and oracle.private_fit(one, other, pool.settings)


def pairs_of(found):
    return {(pair.mentee_id, pair.mentor_id) for pair in found.pairs}


@pytest.mark.parametrize("rounds", [1, 3])
@pytest.mark.parametrize("objective", Objective)
def test_who_has_none_goes_before_who_has_one_and_scores_better(objective, rounds):
    people = [mentee("has one", entry=HAS_ONE, **SOUGHT), mentee("has none")]
    alone = snapshot(people[:1], [mentor(**SOUGHT)], objective=objective, rounds=rounds)
    assert pairs_of(run_match(alone)) == {("has one", "m")}
    both = replace(alone, mentees=tuple(people))
    assert pairs_of(run_match(both)) == {("has none", "m")}


def test_of_those_who_have_some_who_has_fewest_goes_first():
    people = [
        mentee("has three", entry={"places_held": 3}, **SOUGHT),
        mentee("has two", entry={"places_held": 2}, **SOUGHT),
        mentee("has one", entry={"places_held": 1, "places_left": 3}),
    ]
    mentors = [mentor(name, **SOUGHT) for name in "mnopq"]
    for places, first in ((1, {"has one": 1}), (2, {"has one": 1, "has two": 1})):
        assert Counter(one for one, _ in pairs_of(run_match(snapshot(people, mentors[:places])))) == first
    # After a second mentor who had one draws level with who had two, and the better score decides.
    found = run_match(snapshot(people, mentors[:2], rounds=2))
    assert Counter(one for one, _ in pairs_of(found)) == {"has one": 1, "has two": 1}
    assert [one.up_to for one in found.report.rounds] == [1, 2, 3]
    whole = run_match(snapshot(people, mentors, rounds=2))
    assert Counter(one for one, _ in pairs_of(whole)) == {"has one": 2, "has two": 1, "has three": 1}
    assert [one.up_to for one in whole.report.rounds] == [1, 2, 3, 4]
    assert [(one.mentees, one.places, one.pairs) for one in whole.report.rounds] == [
        (0, 5, 0), (1, 5, 1), (2, 4, 2), (1, 2, 1),
    ]  # fmt: skip
    assert sorted(one.round for one in whole.pairs if one.mentee_id == "has one") == [1, 2]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 3), st.sampled_from(Objective))
def test_no_further_mentor_of_any_pool_could_have_served_somebody_with_fewer(seed, rounds, objective):
    pool = pool_of(seed, rounds=rounds, objective=objective)
    pool = replace(pool, settings=replace(pool.settings, locked=()))
    found = run_match(pool)
    mentees = {one.person_id: one for one in pool.mentees}
    mentors = {one.person_id: one for one in pool.mentors}
    made = Counter(pair.mentee_id for pair in found.pairs)
    for pair in found.pairs:
        nth = mentees[pair.mentee_id].places_held + pair.round
        for one in pool.mentees:
            may_have_more = made[one.person_id] < min(rounds, one.places_left)
            has_fewer = one.places_held + made[one.person_id] < nth - 1 or (
                one.places_held + made[one.person_id] == 0 and nth > 1
            )
            if may_have_more and has_fewer and (one.person_id, pair.mentor_id) not in pairs_of(found):
                assert not fit(one, mentors[pair.mentor_id], pool)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(Objective))
def test_first_mentors_are_those_of_a_run_without_the_people_who_have_one(seed, objective):
    # Goals count by how rare their words are in the pool, which is another one without these people.
    pool = pool_of(seed, objective=objective, weights=Weights(goals=0))
    pool = replace(pool, settings=replace(pool.settings, locked=()))
    have_none = tuple(one for one in pool.mentees if not one.places_held)
    found, alone = run_match(pool), run_match(replace(pool, mentees=have_none))
    ids = {one.person_id for one in have_none}
    assert {pair for pair in pairs_of(found) if pair[0] in ids} == pairs_of(alone)
    assert found.report.rounds[0] == alone.report.rounds[0]
    assert found.report.objectives == alone.report.objectives
    for name in ("matched", "income_groups", "languages", "left_out", "would_help"):
        assert getattr(found.report, name) == getattr(alone.report, name)
    one_more = [[row.one_more for row in one.report.shortage_by_language] for one in (found, alone)]
    assert one_more[0] == one_more[1]


def test_a_locked_pair_is_made_whatever_its_mentee_has_and_is_nobodys_first():
    people = [mentee("a", entry=HAS_ONE), mentee("b")]
    found = run_match(snapshot(people, [mentor()], locked=(PairOfIds("a", "m"),)))
    assert pairs_of(found) == {("a", "m")}
    assert (found.report.matched, found.report.further) == (
        GroupShare("all", 1, 0),
        GroupShare("further", 1, 1),
    )
    assert found.report.objectives[0].groups == (GroupShare("lower_middle", 1, 0),)


def test_who_has_one_does_not_wait():
    found = run_match(snapshot([mentee(entry=HAS_ONE)], [mentor()]))
    (pair,) = found.pairs
    assert {one.criterion: one.points for one in pair.contributions}[Criterion.WAITING] == 0
    assert pair.evidence.waiting_since is None


def test_who_could_have_a_further_one_is_counted_apart():
    alone = {"languages": skills(("fr", "C1")), "country": "SN"}
    people = [
        mentee("a"),
        mentee("b", **alone),
        mentee("c", entry=HAS_ONE),
        mentee("d", entry=HAS_ONE, **alone),
        mentee("e", entry={"places_left": 0, "places_held": 2}),
    ]
    found = run_match(snapshot(people, [mentor(entry={"capacity_left": 2})], rounds=2))
    report = found.report
    assert pairs_of(found) == {("a", "m"), ("c", "m")}
    assert (report.matched, report.further) == (GroupShare("all", 2, 1), GroupShare("further", 2, 1))
    assert report.income_groups == (GroupShare("lower_middle", 2, 1),)
    assert report.languages == (GroupShare("fr", 1, 0), GroupShare("en", 1, 1))
    assert report.left_out == (ReasonCount(Reason.NO_SHARED_LANGUAGE, 1),)
    assert [one.left_out for one in report.shortage_by_language] == [1]
    assert sum(one.people for one in report.would_help) <= 1
    assert {one.person_id: (one.reasons[0].code, one.has_one) for one in found.left_out} == {
        "b": (Reason.NO_SHARED_LANGUAGE, False),
        "d": (Reason.NO_FURTHER_MENTOR, True),
        "e": (Reason.NO_PLACE_LEFT, True),
    }


def test_a_night_after_everybody_was_served_finds_nobody_without():
    people = [mentee(name, entry=HAS_ONE) for name in "abc"]
    people.append(mentee("d", entry={"places_left": 0, "places_held": 2}))
    found = run_match(snapshot(people, [mentor()]))
    told = {
        language: {one.about: one.sentences for one in summary(found.report, None, Formats(language))}
        for language in ("en", "fr")
    }
    assert list(told["en"]) == [Topic.RESULT, Topic.MENTORS, Topic.OBJECTIVES][: len(told["en"])]
    assert told["en"][Topic.RESULT][:2] == (
        "No mentee who was open for matching was without a mentor or an open proposal.",
        "A further one was found for 1 of 3 mentees who already had a mentor or an open proposal, and a place for "
        "another.",
    )
    assert (
        "Mentees who could not take part: 1. Why: already with a mentor or an open proposal (1)."
        in told["en"][Topic.RESULT]
    )
    assert told["fr"][Topic.RESULT][0] == (
        "Aucune personne ouverte à l’appariement n’était sans mentor ni proposition en cours."
    )
    assert found.report.left_out == found.report.shortage_by_language == found.report.would_help == ()


@pytest.mark.parametrize("hidden", [{}, {"blocked": frozenset("m")}, {"declined": frozenset("m")}])
def test_that_no_further_one_was_found_reads_the_same_whatever_stood_in_the_way(hidden):
    people = [mentee("a", entry=HAS_ONE | hidden), *([] if hidden else [mentee("b")])]
    found = run_match(snapshot(people, [mentor()]))
    (left,) = found.left_out
    assert (left.reasons, left.suggestions, left.tonight) == (NO_FURTHER, (), None)


def test_an_older_snapshot_is_read_as_it_was_meant():
    people = [mentee("a", entry=HAS_ONE), mentee("b", entry={"places_left": 0, "places_held": 1})]
    plain = json.loads(snapshot_bytes(snapshot(people, [mentor()])))
    assert [one.pop("places_held") for one in plain["mentees"]] == [1, 1]
    again = snapshot_from_bytes(json.dumps(plain).encode())
    assert [one.has_one for one in again.mentees] == [False, True]
    assert run_match(again).report.matched == GroupShare("all", 1, 1)


def test_a_what_if_leaves_nobody_out_who_has_one():
    people = [mentee("a", entry=HAS_ONE), mentee("b")]
    before = snapshot(people, [mentor(entry={"capacity_left": 2})])
    tried = replace(
        before, settings=MatchSettings(forbidden=(PairOfIds("a", "m"),), protected=Protected.COUNTRY)
    )
    found = comparing.compare(before, run_match(tried), None, settings=tried.settings)
    assert (found.pairs_kept, found.pairs_gained, found.pairs_lost) == (1, 0, 1)
    assert (found.same_mentor, found.other_mentor, found.gained, found.lost) == (1, 0, 0, 0)
    assert found.newly_left_out == ()
    assert found.tried.matched == found.before.matched == GroupShare("all", 1, 1)
    assert found.tried.groups == found.before.groups == (GroupShare("KE", 1, 1),)
