"""Several rounds of one run: what each makes of what those before it left."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.kernel.errors import Invalid
from chalicelib.matching import documents
from chalicelib.matching.engine import comparing, run_match
from chalicelib.matching.model import MatchSettings, Objective, PairOfIds, RoundOutcome, Weights
from chalicelib.matching.snapshot import snapshot_bytes, snapshot_from_bytes
from tests.matching import oracle
from tests.matching.pools import NOW, mentee, mentor, random_pool, snapshot

LOOSE = {"min_overlap_minutes": 15, "min_stretch_minutes": 15, "weeks": 2}


def made(result):
    return [(pair.mentee_id, pair.round, pair.mentor_id) for pair in result.pairs]


def pool_of(seed, **how):
    """Draw a pool in which several have more than one place."""
    pool = random_pool(seed, 8, **LOOSE | how)
    return replace(
        pool,
        mentees=tuple(replace(one, places_left=n % 4) for n, one in enumerate(pool.mentees, start=seed % 4)),
    )


def fit(one, other, pool):
    """Tell whether two people may be paired by every rule, as a plain reading of the rules has it."""
    open_ = oracle.is_open_mentee(one) and oracle.is_open_mentor(other, pool.taken_at)
    return open_ and oracle.public_fit(one, other, pool) and oracle.private_fit(one, other, pool.settings)


def test_one_round_is_the_default_and_tells_of_itself():
    found = run_match(snapshot([mentee(entry={"places_left": 3})], [mentor("m"), mentor("n")]))
    assert len(found.pairs) == 1
    (only,) = found.report.rounds
    assert only == RoundOutcome(1, 2, 1, found.report.total, found.report.upper_bound, up_to=1)


def test_each_round_gives_another_mentor_to_whoever_has_a_place():
    people = [mentee("a", entry={"places_left": 3}), mentee("b")]
    found = run_match(snapshot(people, [mentor("m", entry={"capacity_left": 2}), mentor("n")], rounds=3))
    assert Counter(one[0] for one in made(found)) == {"a": 2, "b": 1}
    assert {mentor_id for mentee_id, _, mentor_id in made(found) if mentee_id == "a"} == {"m", "n"}
    assert [one.round for one in found.pairs] == [1, 2, 1]
    assert [(one.mentees, one.places, one.pairs) for one in found.report.rounds] == [(2, 3, 2), (1, 1, 1)]
    assert (found.report.pairs, found.report.matched.matched) == (3, 2)
    assert found.report.total == sum(pair.score for pair in found.pairs)
    assert found.left_out == ()


def test_first_mentors_come_before_second_ones():
    """Somebody's second mentor is never chosen at the cost of another's first."""
    better = {"research_interests": ("sepsis",)}
    people = [mentee("a", entry={"places_left": 2}, **better), mentee("b")]
    found = run_match(snapshot(people, [mentor("m", **better), mentor("n", **better)], rounds=2))
    assert Counter(one[0] for one in made(found)) == {"a": 1, "b": 1}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 4), st.sampled_from(Objective))
def test_rounds_keep_to_every_rule_and_count_of_any_pool(seed, rounds, objective):
    pool = pool_of(seed, rounds=rounds, objective=objective)
    found = run_match(pool)
    mentees = {one.person_id: one for one in pool.mentees}
    mentors = {one.person_id: one for one in pool.mentors}
    pairs = [(pair.mentee_id, pair.mentor_id) for pair in found.pairs]
    assert len(set(pairs)) == len(pairs)
    for mentee_id, count in Counter(one for one, _ in pairs).items():
        assert count <= min(rounds, mentees[mentee_id].places_left)
    for mentor_id, count in Counter(one for _, one in pairs).items():
        assert count <= mentors[mentor_id].capacity_left
    for mentee_id, mentor_id in pairs:
        assert fit(mentees[mentee_id], mentors[mentor_id], pool)
    for mentee_id in {one for one, _ in pairs}:
        own = sorted(pair.round for pair in found.pairs if pair.mentee_id == mentee_id)
        assert len(set(own)) == len(own)
    assert sum(one.pairs for one in found.report.rounds) == len(pairs)
    assert {one.person_id for one in found.left_out} == set(mentees) - {one for one, _ in pairs}
    assert all(one.total <= one.upper_bound for one in found.report.rounds)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(Objective))
def test_the_first_round_is_the_run_of_one_round(seed, objective):
    pool = pool_of(seed, rounds=3, objective=objective)
    once = run_match(replace(pool, settings=replace(pool.settings, rounds=1)))
    found = run_match(pool)
    assert [replace(pair, round=1) for pair in found.pairs if pair.round == 1] == list(once.pairs)
    assert found.report.rounds[:1] == once.report.rounds
    assert found.report.objectives == once.report.objectives
    assert found.left_out == once.left_out or any(pair.round > 1 for pair in found.pairs)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_a_second_round_is_a_run_over_what_the_first_has_left(seed):
    # Goals count by how rare their words are in the pool, which is another one afterwards.
    pool = pool_of(seed, rounds=2, weights=Weights(goals=0))
    found = run_match(pool)
    first = [pair for pair in found.pairs if pair.round == 1]
    has, gives = (Counter(getattr(pair, name) for pair in first) for name in ("mentee_id", "mentor_id"))
    apart = {one: {pair.mentor_id for pair in first if pair.mentee_id == one} for one in has}
    rest = replace(
        pool,
        mentees=tuple(
            replace(
                one,
                places_left=one.places_left - has[one.person_id],
                declined=one.declined | apart.get(one.person_id, set()),
            )
            for one in pool.mentees
        ),
        mentors=tuple(
            replace(one, capacity_left=one.capacity_left - gives[one.person_id]) for one in pool.mentors
        ),
        settings=replace(pool.settings, rounds=1),
    )
    again = run_match(rest)
    second = found.report.rounds[1:]
    assert sum(one.pairs for one in second) == again.report.pairs
    assert sum(one.total for one in second) == again.report.total


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_cut_lists_make_no_pair_twice_and_leave_nobody_who_could_have_one_more(seed):
    pool = pool_of(seed, rounds=5, candidates_per_mentee=1, candidates_per_mentor=1, all_pairs_up_to=0)
    found = run_match(pool)
    pairs = {(pair.mentee_id, pair.mentor_id) for pair in found.pairs}
    assert len(pairs) == len(found.pairs)
    has, gives = Counter(one for one, _ in pairs), Counter(one for _, one in pairs)
    for one in pool.mentees:
        for other in pool.mentors:
            free = one.places_left > has[one.person_id] and other.capacity_left > gives[other.person_id]
            if free and (one.person_id, other.person_id) not in pairs and has[one.person_id] < 4:
                assert not fit(one, other, pool)


def test_a_locked_pair_is_of_the_first_round_and_its_mentee_goes_on():
    people = [mentee("a", entry={"places_left": 2}), mentee("b")]
    found = run_match(
        snapshot(people, [mentor("m"), mentor("n"), mentor("o")], rounds=2, locked=(PairOfIds("a", "n"),))
    )
    assert ("a", 1, "n") in made(found)
    assert Counter(one[0] for one in made(found)) == {"a": 2, "b": 1}
    assert found.report.locked_made == 1


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing_in_any_round(seed, rng):
    pool = pool_of(seed, rounds=3)
    mentees, mentors = list(pool.mentees), list(pool.mentors)
    rng.shuffle(mentees)
    rng.shuffle(mentors)
    shuffled = replace(pool, mentees=tuple(mentees), mentors=tuple(mentors))
    assert documents.to_bytes(run_match(shuffled)) == documents.to_bytes(run_match(pool))


def test_a_stored_snapshot_gives_the_same_rounds_again():
    pool = pool_of(11, rounds=3)
    again = snapshot_from_bytes(snapshot_bytes(pool))
    assert again.settings.rounds == 3
    assert documents.to_bytes(run_match(again)) == documents.to_bytes(run_match(pool))


def test_what_if_compares_who_has_which_mentors():
    people = [mentee("a", entry={"places_left": 2}), mentee("b")]
    present = snapshot(people, [mentor("m", entry={"capacity_left": 2}), mentor("n")])
    tried = replace(present, settings=MatchSettings(rounds=2))
    found = comparing.compare(present, run_match(tried), None, settings=tried.settings)
    assert (found.tried.pairs, found.before.pairs) == (3, 2)
    assert (found.pairs_kept, found.pairs_gained, found.pairs_lost) == (2, 1, 0)
    # Whoever keeps a mentor and gets a further one has not been given another.
    assert (found.same_mentor, found.other_mentor, found.gained, found.lost) == (2, 0, 0, 0)
    assert (found.further, found.further_gained, found.further_lost) == (1, 1, 0)
    assert found.changed == ("/rounds",)
    back = comparing.compare(tried, run_match(present), None, settings=present.settings)
    assert (back.same_mentor, back.further, back.further_gained, back.further_lost) == (2, 0, 0, 1)


def test_what_if_counts_further_mentors_of_those_who_have_one():
    people = [mentee("a", entry={"places_left": 1, "places_held": 1}), mentee("b")]
    present = snapshot(people, [mentor("m", entry={"capacity_left": 1})])
    tried = replace(present, mentors=(mentor("m", entry={"capacity_left": 2}),))
    found = comparing.compare(present, run_match(tried), None, settings=present.settings)
    assert (found.same_mentor, found.other_mentor, found.gained, found.lost) == (1, 0, 0, 0)
    assert (found.further, found.further_gained, found.further_lost) == (1, 1, 0)
    assert found.changed == ()


@pytest.mark.parametrize("rounds", [0, 6, 1.5, True])
def test_rounds_are_one_to_five(rounds):
    with pytest.raises(Invalid):
        MatchSettings(rounds=rounds)


def test_nobody_open_is_one_empty_round():
    assert run_match(snapshot([], [], rounds=4)).report.rounds == (RoundOutcome(0, 0, 0, 0, 0, up_to=1),)
    assert run_match(snapshot([mentee()], [mentor(entry={"verified_until": NOW})], rounds=4)).pairs == ()
