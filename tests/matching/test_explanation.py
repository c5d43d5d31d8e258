from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.matching import documents, engine
from chalicelib.matching.engine import run_match
from chalicelib.matching.engine.explanation import binding, shared_languages
from chalicelib.matching.model import LeftOutReason, Reason, SharedLanguage
from chalicelib.people.model import Channel, CrossBorder, NegativeWishes, Preferences, Weekday, Window
from tests.matching import oracle
from tests.matching.pools import mentee, mentor, profile, random_pool, skills, snapshot


def reasons_of(person_id, found):
    (left,) = [person for person in run_match(found).left_out if person.person_id == person_id]
    return left.reasons


def test_shared_languages_have_both_levels_at_the_floor_or_better():
    one = profile("a", languages=skills(("pt-BR", "C2"), ("en", "B2"), ("fr", "B1")))
    other = profile("m", languages=skills(("en", "C1"), ("pt-PT", "B2"), ("fr", "C2")))
    assert shared_languages(one, other, "B2") == (
        SharedLanguage("en", "B2", "C1"),
        SharedLanguage("pt", "C2", "B2"),
    )


def test_a_close_language_is_told_with_the_one_that_it_is_close_to_where_none_is_shared():
    dane = profile("a", languages=skills(("da", "C2"), ("fr", "B2")))
    norwegian = profile("m", languages=skills(("nb", "C1"), ("en", "C2")))
    best = SharedLanguage("nb", "B2", "C1", mentee_by="da")  # Danish for the Norwegian is B1
    assert shared_languages(dane, norwegian, "B1") == shared_languages(dane, norwegian, "B2") == (best,)
    assert shared_languages(dane, norwegian, "C1") == ()
    french = profile("m", languages=skills(("nb", "C1"), ("fr", "C1")))
    assert shared_languages(dane, french, "B2") == (SharedLanguage("fr", "B2", "C1"),)
    egyptian, moroccan = (profile(tag, languages=skills((tag, "C2"))) for tag in ("arz", "ary"))
    assert shared_languages(egyptian, moroccan, "B2") == (
        SharedLanguage("ar", "C1", "B2", mentee_by="arz", mentor_by="ary"),
    )


@pytest.mark.parametrize(
    ("own", "theirs", "told"),
    [
        # A language that neither of them speaks is told only where there is no other.
        (("sr", "C2"), ("hr", "C2"), SharedLanguage("hr", "C1", "C2", mentee_by="sr")),
        (("hr", "C1"), ("sr", "C1"), SharedLanguage("hr", "C1", "B2", mentor_by="sr")),
        (("sr-Latn", "C2"), ("bs", "C2"), SharedLanguage("bs", "C1", "C2", mentee_by="sr")),
        (("hr", "C2"), ("bs", "C1"), SharedLanguage("bs", "C1", "C1", mentee_by="hr")),
        (("nb", "C1"), ("da", "C2"), SharedLanguage("nb", "C1", "B2", mentor_by="da")),
        (("nn", "C2"), ("da", "C2"), SharedLanguage("nb", "B2", "B2", mentee_by="nn", mentor_by="da")),
        (("nn", "C1"), ("da", "C2"), None),
    ],
)
def test_two_of_close_languages_are_told_of_their_own(own, theirs, told):
    one, other = (profile(name, languages=skills(skill)) for name, skill in (("a", own), ("m", theirs)))
    assert shared_languages(one, other, "B2") == ((told,) if told else ())


def test_a_pair_tells_its_common_time_of_the_poorest_week_and_the_windows_of_the_first():
    (pair,) = run_match(
        snapshot([mentee(time_zone="Europe/Paris")], [mentor(time_zone="Europe/Paris")])
    ).pairs
    assert pair.overlap.minutes_per_week == 360
    assert [(w.mentee.weekday, w.mentee.start, w.minutes) for w in pair.overlap.windows] == [
        ("tue", 1020, 180),
        ("sat", 540, 180),
    ]
    assert pair.overlap.windows[0].starts_at.isoformat() == "2026-11-24T16:00:00+00:00"


# --- people left out


def test_no_mentor_at_all():
    assert reasons_of("a", snapshot([mentee()], [])) == (LeftOutReason(Reason.NO_OPEN_MENTOR, considered=0),)


def test_no_mentor_but_oneself():
    assert reasons_of("x", snapshot([mentee("x")], [mentor("x")])) == (
        LeftOutReason(Reason.NO_OPEN_MENTOR, considered=0),
    )


def test_what_a_profile_lacks_is_named():
    (reason,) = reasons_of("a", snapshot([mentee(country=None, channels=())], [mentor()]))
    assert reason == LeftOutReason(Reason.PROFILE_INCOMPLETE, fields=("country", "channels"))


def test_no_shared_language_says_how_many_it_keeps_away():
    mentors = [mentor("m1"), mentor("m2"), mentor("m3", channels=(Channel.PHONE,))]
    (reason,) = reasons_of("a", snapshot([mentee(languages=skills(("en", "B1"), ("fr", "C1")))], mentors))
    assert reason == LeftOutReason(Reason.NO_SHARED_LANGUAGE, considered=3, passing=0, would_open=2)


def test_too_little_common_time_says_how_little():
    late = (Window(Weekday.TUESDAY, 19 * 60 + 15, 21 * 60),)
    (reason,) = reasons_of("a", snapshot([mentee(availability=late)], [mentor()]))
    assert reason == LeftOutReason(
        Reason.NOT_ENOUGH_COMMON_TIME,
        considered=1,
        passing=0,
        would_open=1,
        best_minutes=45,
        needed_minutes=60,
    )


def test_no_shared_channel():
    (reason,) = reasons_of("a", snapshot([mentee(channels=(Channel.PHONE,))], [mentor()]))
    assert reason == LeftOutReason(Reason.NO_SHARED_CHANNEL, considered=1, passing=0, would_open=1)


def test_no_single_rule_binds():
    mentors = [mentor("m1", languages=skills(("fr", "C2"))), mentor("m2", channels=(Channel.PHONE,))]
    reasons = reasons_of("a", snapshot([mentee()], mentors))
    assert [(r.code, r.passing, r.would_open) for r in reasons] == [
        (Reason.NO_SHARED_LANGUAGE, 1, 1),
        (Reason.NO_SHARED_CHANNEL, 1, 1),
    ]


def test_rules_that_only_fail_together():
    rules = [
        LeftOutReason(Reason.NO_SHARED_LANGUAGE, considered=4, passing=2, would_open=0),
        LeftOutReason(Reason.NOT_ENOUGH_COMMON_TIME, considered=4, passing=1, would_open=0),
        LeftOutReason(Reason.NO_SHARED_CHANNEL, considered=4, passing=4, would_open=0),
    ]
    assert [r.code for r in binding(rules)] == [Reason.NOT_ENOUGH_COMMON_TIME, Reason.NO_SHARED_LANGUAGE]


def test_places_given_to_others():
    waiting = mentee("a", research_interests=("burns",))
    ahead = mentee("b", research_interests=("sepsis",))
    found = snapshot([waiting, ahead], [mentor(research_interests=("sepsis",))])
    assert reasons_of("a", found) == (LeftOutReason(Reason.NO_MENTOR_LEFT, considered=1, passing=1),)


def test_below_the_least_score():
    found = snapshot([mentee()], [mentor()], min_score=900_000)
    assert reasons_of("a", found) == (LeftOutReason(Reason.BELOW_MIN_SCORE, considered=1, passing=1),)


# --- who is told what


HIDDEN_CAUSES = {
    "the mentor blocked them": lambda a, m: (a, replace(m, blocked=frozenset("a"))),
    "they blocked the mentor": lambda a, m: (replace(a, blocked=frozenset("m")), m),
    "the mentor declined before": lambda a, m: (a, replace(m, declined=frozenset("a"))),
    "they declined before": lambda a, m: (replace(a, declined=frozenset("m")), m),
    "the mentor wants nobody of their country": lambda a, m: (a, unwanted(m, countries=("KE",))),
    "they want nobody of the mentor's country": lambda a, m: (unwanted(a, countries=("KE",)), m),
    "the mentor wants nobody of their employer": lambda a, m: (a, unwanted(m, employers=("north hospital",))),
    "the mentor needs a partner abroad": lambda a, m: (a, abroad(m)),
    "they need a partner abroad": lambda a, m: (abroad(a), m),
}


def unwanted(entry, **wishes):
    return replace(entry, profile=replace(entry.profile, negative_wishes=NegativeWishes(**wishes)))


def abroad(entry):
    wish = Preferences(cross_border=CrossBorder.REQUIRED)
    return replace(entry, profile=replace(entry.profile, preferences=wish))


@pytest.mark.parametrize("cause", HIDDEN_CAUSES)
def test_a_hidden_cause_reads_exactly_as_a_place_given_to_somebody_else(cause):
    one, other = mentee(employer="North Hospital"), mentor()
    outbid = snapshot(
        [one, mentee("b", entry={"waiting_since": one.waiting_since.replace(year=2025)})], [other]
    )
    hidden = snapshot(*([entry] for entry in HIDDEN_CAUSES[cause](one, other)))
    assert run_match(hidden).pairs == ()
    assert reasons_of("a", hidden) == reasons_of("a", outbid)


def opened_pool(pool):
    return replace(pool, mentees=tuple(map(opened, pool.mentees)), mentors=tuple(map(opened, pool.mentors)))


def opened(entry):
    wishes = replace(entry.profile.preferences, cross_border=CrossBorder.NO_PREFERENCE)
    plain = replace(entry.profile, negative_wishes=NegativeWishes(), preferences=wishes)
    return replace(entry, profile=plain, blocked=frozenset(), declined=frozenset())


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32))
def test_reasons_are_the_same_whoever_blocked_or_declined_whom(seed):
    """Take all blocks, declines and wishes away: whoever is still without a pair is told the very same."""
    pool = random_pool(seed, 8, min_overlap_minutes=15, min_stretch_minutes=15, weeks=2)

    without = opened_pool(pool)
    told = {one.person_id: (one.reasons, one.suggestions) for one in run_match(pool).left_out}
    told_without = {one.person_id: (one.reasons, one.suggestions) for one in run_match(without).left_out}
    both = told.keys() & told_without.keys()
    assert {name: told[name] for name in both} == {name: told_without[name] for name in both}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_what_would_have_helped_tonight_follows_from_the_pairs_whoever_blocked_whom(seed):
    """Take all blocks, declines and wishes away, but leave the pairs as they were."""
    pool = random_pool(seed, 8, min_overlap_minutes=15, min_stretch_minutes=15, weeks=2)
    plans = [engine.plan(found) for found in (pool, opened_pool(pool))]
    chosen = engine.assign_mentors(plans[0], engine.score(plans[0]))
    told, told_without = (engine.explain(plan, (chosen,))[1] for plan in plans)
    assert told == told_without


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_reasons_count_what_a_plain_loop_counts(seed):
    pool = random_pool(seed, 8, min_overlap_minutes=15, min_stretch_minutes=15, weeks=2)
    mentors = [entry for entry in pool.mentors if oracle.is_open_mentor(entry, pool.taken_at)]
    people = {entry.person_id: entry for entry in pool.mentees}
    for person in run_match(pool).left_out:
        one = people[person.person_id]
        if not oracle.is_open_mentee(one):
            assert [r.code for r in person.reasons] == list(one.closed_for())
            continue
        others = [entry for entry in mentors if entry.person_id != one.person_id]
        passes = [oracle.public_rules(one, other, pool) for other in others]
        fitting = sum(all(rules.values()) for rules in passes)
        for reason in person.reasons:
            assert reason.considered == len(others)
            if reason.code is Reason.NO_MENTOR_LEFT:
                assert reason.passing == fitting > 0
            elif reason.code is not Reason.NO_OPEN_MENTOR:
                assert not fitting
                assert reason.passing == sum(rules[reason.code] for rules in passes)
                assert reason.would_open == sum(
                    all(ok != (code is reason.code) for code, ok in rules.items()) for rules in passes
                )


def test_reasons_name_nobody():
    pool = random_pool(7, 9)
    ids = {entry.person_id for entry in pool.mentors}
    for person in run_match(pool).left_out:
        assert not ids & set(documents.to_bytes(person.reasons).decode().split('"'))


def test_all_chosen_pairs_are_explained_once():
    plan = engine.plan(snapshot([mentee("a"), mentee("b")], [mentor(entry={"capacity_left": 2})]))
    pairs = plan.explainer.pairs(np.array([1, 0]), np.array([0, 0]))
    assert [pair.mentee_id for pair in pairs] == ["a", "b"]
