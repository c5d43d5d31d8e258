"""Peers: pairs within one pool, each of whose people is mentor and mentee at once."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import cache
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.matching import one_pool
from chalicelib.matching.engine import plan, run_match, score
from chalicelib.matching.engine.alternatives import review_files
from chalicelib.matching.model import MILLION, Criterion, Objective, PairOfIds, Reason, Rule
from chalicelib.matching.one_pool import pair_up
from chalicelib.matching.pair_schemas import told_to
from chalicelib.matching.report_wording import summary
from chalicelib.matching.wording import Audience, Reader, sentences
from chalicelib.people.model import CareerStage
from chalicelib.programmes.model import PairKind
from chalicelib.words.formats import formats_of
from tests.matching.pools import NOW, mentee, mentor, random_profile, snapshot


def best_by_trying_all(weight):
    """Return what the best pairs are worth, by all ways to pair."""
    n = len(weight)

    @cache
    def best(done):
        if done == (1 << n) - 1:
            return 0
        one = next(at for at in range(n) if not done >> at & 1)
        found = best(done | 1 << one)
        for other in range(one + 1, n):
            if not done >> other & 1 and weight[one, other]:
                found = max(found, int(weight[one, other]) + best(done | 1 << one | 1 << other))
        return found

    return best(0)


@st.composite
def pools(draw, most=9):
    n = draw(st.integers(0, most))
    top = draw(st.sampled_from((1, 2, 5, MILLION)))
    weights = st.one_of(st.just(0), st.integers(1, top))
    weight = np.zeros((n, n), dtype=np.int32)
    for one in range(n):
        for other in range(one + 1, n):
            weight[one, other] = draw(weights)
    return weight


def paired(weight):
    one, other = np.nonzero(weight)
    return pair_up(one.astype(np.int32), other.astype(np.int32), weight[one, other], len(weight))


def require_pairs(weight, found):
    """See that pairs are of two, of each person one at most, and worth what they are said to be."""
    worth = 0
    for one, other in enumerate(found.partner.tolist()):
        if other >= 0:
            assert other != one
            assert found.partner[other] == one
            assert weight[min(one, other), max(one, other)]
            worth += int(weight[min(one, other), max(one, other)])
    assert worth == 2 * found.total


@given(pools())
@settings(max_examples=60)
def test_a_small_pool_has_the_best_pairs_and_the_bound_proves_it(weight):
    found = paired(weight)
    require_pairs(weight, found)
    assert found.total == best_by_trying_all(weight) == found.upper_bound


@pytest.mark.parametrize("seed", range(12))
def test_a_large_pool_is_within_its_bound_and_the_bound_holds(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(8, 13))
    weight = np.triu(rng.integers(1, rng.choice((3, MILLION)), (n, n)) * (rng.random((n, n)) < 0.5), 1)
    monkeypatch.setattr(one_pool, "EXACT_UP_TO", 4)
    found = paired(weight.astype(np.int32))
    require_pairs(weight, found)
    best = best_by_trying_all(weight)
    assert found.total <= best <= found.upper_bound
    assert 2 * found.total >= best


def test_odd_rings_lose_one_person_and_no_more():
    """Two triangles with one bridge: the relaxation is worth half of each ring, the best pairs cross the bridge."""
    weight = np.zeros((6, 6), dtype=np.int32)
    for one, other in ((0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5)):
        weight[one, other] = 1000
    weight[2, 3] = 10
    found = paired(weight)
    assert (found.total, found.upper_bound) == (2010, 2010)
    assert found.partner.tolist() == [1, 0, 3, 2, 5, 4]


@given(pools(), st.randoms())
@settings(max_examples=25)
def test_the_order_of_the_pairs_changes_nothing(weight, random):
    one, other = np.nonzero(weight)
    order = list(range(len(one)))
    random.shuffle(order)
    turned = [random.random() < 0.5 for _ in order]
    first, second = np.where(turned, other[order], one[order]), np.where(turned, one[order], other[order])
    found = pair_up(
        first.astype(np.int32), second.astype(np.int32), weight[one[order], other[order]], len(weight)
    )
    assert found.partner.tolist() == paired(weight).partner.tolist()


@pytest.mark.parametrize(("one", "other"), [([0], [0]), ([0, 1], [1, 0])])
def test_pairs_of_one_or_named_twice_are_refused(one, other):
    score = np.ones(len(one), dtype=np.int32)
    with pytest.raises(ValueError, match=r"themselves|twice"):
        pair_up(np.asarray(one, dtype=np.int32), np.asarray(other, dtype=np.int32), score, 3)


def test_a_pool_of_hundreds_is_near_the_best():
    rng = np.random.default_rng(5)
    weight = np.triu(rng.integers(200_000, 700_000, (300, 300)) * (rng.random((300, 300)) < 0.1), 1)
    found = paired(weight.astype(np.int32))
    require_pairs(weight, found)
    assert found.total >= found.upper_bound * 0.995


def of_peers(people, **settings):
    """Return a snapshot of peers: id, free places, and what of both entries is to be otherwise."""
    both = [
        (
            mentee(
                name, entry={"places_left": free, **entry}, **(profile if isinstance(profile, dict) else {})
            ),
            mentor(name, entry={"capacity_left": free}, **(profile if isinstance(profile, dict) else {})),
        )
        for name, free, entry, profile in people
    ]
    drawn = {name: profile for name, _, _, profile in people if not isinstance(profile, dict)}
    both = [tuple(replace(one, profile=drawn.get(one.person_id, one.profile)) for one in two) for two in both]
    return replace(
        snapshot([one for one, _ in both], [other for _, other in both], **settings), kind=PairKind.PEER
    )


def simple(*names, free=1, **settings):
    return of_peers([(name, free, {}, {}) for name in names], **settings)


def pairs_of(found):
    return {frozenset((pair.mentee_id, pair.mentor_id)) for pair in found.pairs}


@given(st.randoms(use_true_random=False), st.integers(1, 3))
@settings(max_examples=15, deadline=None)
def test_a_run_keeps_to_places_pairs_nobody_with_themselves_and_sees_no_order(random, rounds):
    rng = Random(random.random())  # noqa: S311
    people = [
        (f"p{n}", rng.randint(0, 3), {"places_held": rng.randint(0, 2)}, random_profile(rng, f"p{n}"))
        for n in range(8)
    ]
    found = run_match(of_peers(people, rounds=rounds))
    made = Counter(one for pair in pairs_of(found) for one in pair)
    assert all(len(pair) == 2 for pair in pairs_of(found))
    assert len(pairs_of(found)) == len(found.pairs), "each two once"
    free = {name: left for name, left, _, _ in people}
    assert all(count <= min(free[one], rounds) for one, count in made.items())
    assert sum(pair.score for pair in found.pairs) == found.report.total <= found.report.upper_bound
    assert {one.person_id for one in found.left_out} == set(free) - set(made)
    rng.shuffle(people)
    assert run_match(of_peers(people, rounds=rounds)) == found


def test_cut_lists_keep_a_pair_that_either_has_kept():
    pool = simple(*"abcdefgh")
    whole = run_match(pool)
    cut = run_match(
        replace(
            pool,
            settings=replace(
                pool.settings, all_pairs_up_to=0, candidates_per_mentee=2, candidates_per_mentor=2
            ),
        )
    )
    assert cut.report.candidates_cut
    assert cut.report.admissible_pairs == whole.report.admissible_pairs == 28
    assert len(pairs_of(cut)) == len(cut.pairs) >= 3
    assert {pair.score for pair in cut.pairs} <= {pair.score for pair in whole.pairs}


def test_who_has_nobody_goes_first_though_others_score_better():
    alike = {"topics_sought": ("sepsis",), "topics_offered": ("sepsis",)}
    people = [
        ("a", 1, {"places_held": 1}, alike), ("b", 1, {"places_held": 1}, alike), ("c", 1, {}, {}),
    ]  # fmt: skip
    [pair] = pairs_of(run_match(of_peers(people)))
    assert "c" in pair


def test_a_further_place_serves_who_would_have_nobody():
    assert len(pairs_of(run_match(simple("a", "b", "c", free=2)))) == 1, "one round: one pair each"
    assert len(pairs_of(run_match(simple("a", "b", "c", free=2, rounds=2)))) == 3
    assert len(pairs_of(run_match(simple("a", "b", "c", free=1, rounds=2)))) == 1


@pytest.mark.parametrize(
    "apart",
    [
        {"forbidden": (PairOfIds("b", "a"),)},
        {"forbidden": (PairOfIds("a", "b"),)},
    ],
)
def test_two_who_are_kept_apart_are_so_whichever_stands_first(apart):
    assert run_match(simple("a", "b", **apart)).pairs == ()


@pytest.mark.parametrize("who", ["blocked", "declined"])
def test_a_block_or_a_no_is_read_from_either(who):
    pool = of_peers([("a", 1, {who: frozenset("b")}, {}), ("b", 1, {}, {}), ("c", 1, {}, {})])
    assert frozenset("ab") not in pairs_of(run_match(pool))


def test_locked_pairs_are_made_first_and_each_person_in_one_of_them():
    locked = (PairOfIds("b", "a"), PairOfIds("c", "b"))
    found = run_match(simple("a", "b", "c", "d", free=2, locked=locked))
    assert pairs_of(found) == {frozenset("ab"), frozenset("cd")}
    assert (found.report.locked_made, found.report.locked_pairs) == (1, 2)


def test_who_is_not_verified_is_on_neither_side():
    pool = simple("a", "b", "c")
    unverified = tuple(
        replace(one, verified_until=NOW - timedelta(days=1)) if one.person_id == "c" else one
        for one in pool.mentors
    )
    found = run_match(replace(pool, mentors=unverified))
    assert pairs_of(found) == {frozenset("ab")}
    [left] = found.left_out
    assert (left.person_id, left.reasons[0].code) == ("c", Reason.NOT_VERIFIED)


@given(st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_points_are_the_same_whichever_of_two_stands_first(random):
    rng = Random(random.random())  # noqa: S311
    people = [(f"p{n}", 1, {}, random_profile(rng, f"p{n}")) for n in range(6)]
    edges = score(plan(of_peers(people, rules_off=frozenset(Rule))))
    worth = {
        (a, b): s
        for a, b, s in zip(edges.mentee.tolist(), edges.mentor.tolist(), edges.score.tolist(), strict=True)
    }
    for (one, other), points in worth.items():
        assert (other, one) in worth
        # Halves are cut, of each part at most one of a million.
        assert abs(points - worth[other, one]) <= 64


def test_what_each_seeks_is_told_to_both_and_how_long_they_waited_to_nobody():
    people = [
        ("a", 1, {}, {"topics_sought": ("sepsis",), "topics_offered": ("burns",), "career_stage": CareerStage.MID}),
        ("b", 1, {}, {"topics_sought": ("burns",), "topics_offered": ("sepsis",), "career_stage": CareerStage.MID}),
    ]  # fmt: skip
    [pair] = run_match(of_peers(people)).pairs
    own, other = ("sepsis", "burns") if pair.mentee_id == "a" else ("burns", "sepsis")
    assert sum(one.points for one in pair.contributions) == pair.score
    for audience, seeks, offers in ((Audience.MENTEE, own, other), (Audience.MENTOR, other, own)):
        reader = Reader(audience, "en", "Kofi")
        told = [one.text for one in sentences(pair, reader, reader.formats())]
        assert f"Topics that you seek and Kofi offers: {seeks}." in told
        assert f"Topics that you offer and Kofi seeks: {offers}." in told
        seen = told_to(audience, pair)
        assert Criterion.WAITING not in {one.criterion for one in seen.contributions}
        assert sum(one.points for one in seen.contributions) == seen.score
    for language in ("en", "fr"):
        reader = Reader(Audience.COORDINATOR, language)
        text = " ".join(one.text for one in sentences(pair, reader, reader.formats()))
        assert not any(word in text for word in ("mentee", "mentor", "accompagnée")), text


def test_the_report_speaks_of_peers_alone():
    names = [f"p{n}" for n in range(5)]
    people = [(name, 2, {}, {"languages": ()} if name == "p4" else {}) for name in names]
    found = run_match(of_peers(people, objective=Objective.STABLE))
    report = found.report
    assert (report.objective, report.pairs, report.matched.matched, report.matched.mentees) == (
        Objective.TOTAL, 2, 4, 4,
    )  # fmt: skip
    assert [(one.mentees, one.mentors) for one in report.loads] == [(1, 4)]
    for language in ("en", "fr"):
        told = summary(report, None, formats_of(language))
        text = " ".join(sentence for section in told for sentence in (section.title, *section.sentences))
        assert not any(word in text.casefold() for word in ("mentee", "mentor", "accompagnée")), text


def test_a_review_shows_the_pairs_that_were_made_and_no_others():
    planned = plan(simple("a", "b", "c", "d"))
    result = run_match(planned.snapshot)
    *parts, _ = review_files(planned, result, 100)
    options = [one for part in parts for one in part]
    assert sorted(one.mentee_id for one in options) == list("abcd")
    assert sum(len(one.pairs) for one in options) == len(result.pairs) == 2
