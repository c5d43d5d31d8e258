"""Each suggestion is tried on the profile and asked of the plain-loop oracle, which knows nothing of the engine."""

from dataclasses import replace
from functools import lru_cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.matching import documents, engine
from chalicelib.matching.changes import Change, ChangeKind, Stretch, Suggestion, cost
from chalicelib.matching.engine import run_match
from chalicelib.matching.engine.advice import LONGEST, OTHER_HOURS, PIECE, STRETCHES
from chalicelib.matching.model import LeftOut, Reason, Rule
from chalicelib.people.model import CARRIED, Channel, Connection, LanguageSkill, Weekday, Window
from tests.matching import oracle
from tests.matching.pools import EVENINGS, mentee, mentor, profile, random_pool, skills, snapshot

SEEDS = st.integers(0, 2**32)
TUESDAY = (Window(Weekday.TUESDAY, 18 * 60, 20 * 60),)


def told(found, person_id="a"):
    (one,) = [person for person in run_match(found).left_out if person.person_id == person_id]
    return one


def channel(name):
    return Change(ChangeKind.CHANNEL, channel=name)


def accept(language, level):
    return Change(ChangeKind.ACCEPT_LANGUAGE, language=language, level=level)


def improve(language, level, steps=1):
    return Change(ChangeKind.IMPROVE_LANGUAGE, language=language, level=level, steps=steps)


def time(stretch, days, start, end, minutes):
    return Change(ChangeKind.TIME, stretch=stretch, days=days, start=start, end=end, minutes=minutes)


# --- what it says


def test_a_language_a_level_too_low_may_be_accepted_or_improved():
    french = [mentor(f"m{n}", languages=skills(("fr", "C1"))) for n in range(4)]
    one = mentee(languages=skills(("sw", "C2"), ("fr", "B1")))
    assert told(snapshot([one], french)).suggestions == (
        Suggestion((accept("fr", "B1"),), 4),
        Suggestion((improve("fr", "B2"),), 4),
    )


def test_a_mentor_a_level_too_low_can_only_be_accepted():
    found = snapshot([mentee()], [mentor(languages=skills(("en", "B1")))])
    assert told(found).suggestions == (Suggestion((accept("en", "B1"),), 1),)


def test_a_language_far_below_is_only_to_be_improved():
    found = snapshot([mentee(languages=skills(("en", "A2")))], [mentor()])
    assert told(found).suggestions == (Suggestion((improve("en", "B2", 2),), 1),)


def test_the_lowest_floor_has_no_level_below():
    found = snapshot(
        [mentee(languages=skills(("sw", "C2")))],
        [mentor(languages=skills(("fr", "A1")))],
        language_floor="A1",
    )
    assert told(found).suggestions == ()


def test_a_further_channel():
    one = mentee(channels=(Channel.PHONE,))
    mentors = [mentor("m1", channels=(Channel.CHAT,)), mentor("m2", channels=(Channel.CHAT, Channel.VIDEO))]
    assert told(snapshot([one], mentors)).suggestions == (
        Suggestion((channel(Channel.CHAT),), 2),
        Suggestion((channel(Channel.VIDEO),), 1),
    )


def test_a_channel_that_the_line_does_not_carry_is_not_suggested():
    one = mentee(channels=(Channel.PHONE,), connection=Connection.POOR)
    found = snapshot([one], [mentor(channels=(Channel.VIDEO, Channel.EMAIL))])
    assert told(found).suggestions == (Suggestion((channel(Channel.EMAIL),), 1),)


def test_an_hour_on_a_weekday_evening():
    found = snapshot([mentee(availability=(Window(Weekday.FRIDAY, 0, 180),))], [mentor(availability=TUESDAY)])
    evening = time(Stretch.WEEKDAY_EVENING, (Weekday.TUESDAY,), 18 * 60, 19 * 60, 60)
    assert told(found).suggestions == (Suggestion((evening,), 1),)


def test_only_what_is_missing_is_asked_for():
    one = mentee(availability=(Window(Weekday.TUESDAY, 17 * 60, 18 * 60 + 30),))
    evening = time(Stretch.WEEKDAY_EVENING, (Weekday.TUESDAY,), 18 * 60, 19 * 60, 30)
    assert told(snapshot([one], [mentor(availability=TUESDAY)])).suggestions == (Suggestion((evening,), 1),)


def test_the_hour_is_on_the_mentees_own_clock():
    one = mentee(time_zone="Asia/Kolkata", availability=(Window(Weekday.FRIDAY, 0, 180),))
    other = mentor(time_zone="Africa/Nairobi", availability=(Window(Weekday.TUESDAY, 16 * 60, 17 * 60 + 30),))
    (suggestion,) = told(snapshot([one], [other])).suggestions
    assert suggestion.changes == (time(Stretch.WEEKDAY_EVENING, (Weekday.TUESDAY,), 1110, 1170, 60),)


def test_common_time_that_needs_several_days():
    evenings = tuple(Window(day, 18 * 60, 19 * 60) for day in list(Weekday)[:5])
    one = mentee(availability=(Window(Weekday.SUNDAY, 0, 180),))
    found = snapshot([one], [mentor(availability=evenings)], min_overlap_minutes=300)
    every = time(Stretch.WEEKDAY_EVENING, tuple(Weekday)[:5], 18 * 60, 19 * 60, 300)
    assert told(found).suggestions == (Suggestion((every,), 1),)


def test_other_hours_are_asked_for_where_the_usual_ones_help_nobody():
    morning = (Window(Weekday.THURSDAY, 9 * 60, 11 * 60),)
    one = mentee(availability=(Window(Weekday.FRIDAY, 0, 180),))
    working = time(Stretch.WEEKDAY, (Weekday.THURSDAY,), 9 * 60, 10 * 60, 60)
    assert told(snapshot([one], [mentor(availability=morning)])).suggestions == (Suggestion((working,), 1),)
    usual = mentor("n", availability=TUESDAY)
    evening = time(Stretch.WEEKDAY_EVENING, (Weekday.TUESDAY,), 18 * 60, 19 * 60, 60)
    both = snapshot([one], [mentor(availability=morning), usual])
    assert told(both).suggestions == (Suggestion((evening,), 1),)


def test_nobody_is_asked_for_their_nights():
    night = (Window(Weekday.THURSDAY, 0, 5 * 60), Window(Weekday.SATURDAY, 23 * 60, 24 * 60))
    one = mentee(availability=(Window(Weekday.FRIDAY, 12 * 60, 180 + 12 * 60),))
    assert told(snapshot([one], [mentor(availability=night)])).suggestions == ()


def test_two_changes_where_no_single_one_opens_anybody():
    one = mentee(languages=skills(("fr", "B1")), channels=(Channel.PHONE,))
    found = snapshot([one], [mentor(languages=skills(("fr", "C1")), channels=(Channel.CHAT,))])
    assert told(found).suggestions == (
        Suggestion((accept("fr", "B1"), channel(Channel.CHAT)), 1),
        Suggestion((improve("fr", "B2"), channel(Channel.CHAT)), 1),
    )


def test_where_nothing_helps_nothing_is_suggested():
    found = snapshot([mentee(languages=skills(("sw", "C2")))], [mentor(languages=skills(("fr", "C2")))])
    assert told(found).suggestions == ()
    assert told(found).tonight is None


def test_more_time_may_lift_a_score_to_the_least():
    pool = snapshot([mentee()], [mentor(availability=(*EVENINGS, Window(Weekday.THURSDAY, 1080, 1260)))])
    (pair,) = run_match(pool).pairs
    short = [replace(pool.mentees[0], profile=profile("a", availability=TUESDAY))]
    found = replace(pool, mentees=tuple(short), settings=replace(pool.settings, min_score=pair.score))
    person = told(found)
    assert person.reasons[0].code is Reason.BELOW_MIN_SCORE
    assert {change.kind for one in person.suggestions for change in one.changes} == {ChangeKind.TIME}


def test_whoever_fits_a_mentor_is_told_nothing_but_what_was_free():
    taken = mentor("m1")
    free = mentor("m2", languages=skills(("fr", "C1")))
    waiting = mentee("b", entry={"waiting_since": mentee().waiting_since.replace(year=2025)})
    person = told(snapshot([mentee(languages=skills(("en", "C1"), ("fr", "B1"))), waiting], [taken, free]))
    assert person.reasons[0].code is Reason.NO_MENTOR_LEFT
    assert person.suggestions == ()
    assert person.tonight == Suggestion((accept("fr", "B1"),), 1)


def test_tonight_counts_those_who_had_a_place_left():
    mentors = [mentor("m1", languages=skills(("fr", "C1"))), mentor("m2", languages=skills(("fr", "C1")))]
    mentees = [mentee("b", languages=skills(("fr", "C1"))), mentee(languages=skills(("fr", "B1")))]
    person = told(snapshot(mentees, mentors))
    assert person.suggestions[0] == Suggestion((accept("fr", "B1"),), 2)
    assert person.tonight == Suggestion((accept("fr", "B1"),), 1)


def test_a_hour_costs_more_than_a_channel_and_less_than_a_language():
    evening = time(Stretch.WEEKDAY_EVENING, (Weekday.TUESDAY,), 18 * 60, 19 * 60, 45)
    changes = [
        channel(Channel.CHAT),
        evening,
        accept("fr", "B1"),
        improve("fr", "B2"),
        improve("fr", "B2", 2),
    ]
    assert sorted(changes, key=cost) == changes
    assert cost(replace(evening, minutes=61)) == 2 * cost(evening)


# --- and whether it is true


class Asked:
    """What the oracle says of one mentee under changes: whom of the open mentors they fit."""

    def __init__(self, pool, entry):
        self.pool, self.entry = pool, entry
        self.mentors = [one for one in pool.mentors if oracle.is_open_mentor(one, pool.taken_at)]
        self.now = self.open()

    def open(self, *changes):
        changed = replace(self.entry, profile=applied(self.entry.profile, changes))
        accepted = [one for one in changes if one.kind is ChangeKind.ACCEPT_LANGUAGE]
        return {
            one.person_id
            for one in self.mentors
            if one.person_id != self.entry.person_id
            and self.fits(changed, one, accepted)
            and self.reaches(changed, one)
        }

    def fits(self, changed, other, accepted):
        rules = oracle.public_rules(changed, other, self.pool)
        for change in accepted:
            spoken = oracle.spoken(changed.profile, change.level) & oracle.talks(other.profile, change.level)
            rules[Reason.NO_SHARED_LANGUAGE] |= change.language in spoken
        return all(rules.values())

    def reaches(self, changed, other):
        """Have the engine score the changed profile in the place of the present one."""
        if self.pool.settings.min_score == 1:
            return True
        others = [one for one in self.pool.mentees if one.person_id != changed.person_id]
        plan = engine.plan(replace(self.pool, mentees=(*others, changed)))
        i = np.array([[one.person_id for one in plan.mentees].index(changed.person_id)])
        j = np.array([[one.person_id for one in plan.mentors].index(other.person_id)])
        return (
            plan.scores.of_pairs(i, j, plan.rules.time.least_of_pairs(i, j))[0]
            >= self.pool.settings.min_score
        )

    def opens(self, *changes):
        return self.open(*changes) - self.now


def applied(one, changes):
    for change in changes:
        if change.kind is ChangeKind.CHANNEL:
            one = replace(one, channels=(*one.channels, change.channel))
        elif change.kind is ChangeKind.TIME:
            more = tuple(Window(day, change.start, change.end) for day in change.days)
            one = replace(one, availability=(*one.availability, *more))
        elif change.kind is ChangeKind.IMPROVE_LANGUAGE:
            one = replace(one, languages=(*one.languages, LanguageSkill(change.language, change.level)))
    return one


def single_changes(pool, one):
    """Every change that `docs/matching.md` lists, whether or not it helps."""
    floor = oracle.CEFR.index(pool.settings.language_floor)
    carried = CARRIED[one.connection] if one.connection else frozenset(Channel)
    yield from (channel(name) for name in Channel if name in carried and name not in one.channels)
    for base in {skill.language.split("-")[0] for skill in one.languages}:
        rank = max(
            n
            for n, level in enumerate(oracle.CEFR)
            if any(skill.language.split("-")[0] == base and skill.level == level for skill in one.languages)
        )
        if 0 <= floor - 1 <= rank:
            yield accept(base, oracle.CEFR[floor - 1])
        better = max(rank + 1, floor)
        if better < len(oracle.CEFR):
            yield improve(base, oracle.CEFR[better], better - rank)
    for stretch, (days, first, last) in STRETCHES.items():
        for some in [(day,) for day in days] + ([days] if len(days) > 1 else []):
            for start, end in product(range(first, last, 30), range(first + 30, last + 1, 30)):
                if start < end and (minutes := new_minutes(one, some, start, end)):
                    yield time(stretch, some, start, end, minutes)


def other_times(one, longest, shortest=PIECE):
    """Every time of a day that is asked for where the usual ones help nobody, of so many minutes."""
    for stretch, (days, first, last) in OTHER_HOURS.items():
        for some in [(day,) for day in days] + ([days] if len(days) > 1 else []):
            for start in range(first, last, PIECE):
                for end in range(start + shortest, min(start + longest, last) + 1, PIECE):
                    if minutes := new_minutes(one, some, start, end):
                        yield time(stretch, some, start, end, minutes)


def new_minutes(one, days, start, end):
    return sum((day, n) not in free_minutes(one) for day in days for n in range(start, end))


@lru_cache(maxsize=8)
def free_minutes(one):
    return {(window.weekday, n) for window in one.availability for n in range(window.start, window.end)}


def asked_of(pool, person):
    return Asked(pool, next(one for one in pool.mentees if one.person_id == person.person_id))


def open_left_out(pool):
    result = run_match(pool)
    entries = {one.person_id: one for one in pool.mentees}
    return result, [one for one in result.left_out if oracle.is_open_mentee(entries[one.person_id])]


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_a_suggestion_opens_just_so_many(seed):
    pool = random_pool(seed, 7, weeks=2)
    for person in open_left_out(pool)[1]:
        asked = asked_of(pool, person)
        assert bool(person.suggestions) <= (not asked.now)
        for suggestion in person.suggestions:
            assert len(asked.opens(*suggestion.changes)) == suggestion.opens > 0


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(300_000, 600_000))
def test_so_it_does_under_a_least_score(seed, least):
    pool = random_pool(seed, 6, weeks=1, min_score=least)
    for person in open_left_out(pool)[1]:
        asked = asked_of(pool, person)
        for suggestion in person.suggestions:
            assert len(asked.opens(*suggestion.changes)) == suggestion.opens > 0


@pytest.mark.parametrize("seed", [1, 2, 3, 5, 8, 9, 11, 12])
def test_no_smaller_change_would_do(seed):
    """Every single change is tried by the plain loop: the first suggestion is the cheapest, and of these the best."""
    pool = random_pool(seed, 6, weeks=1)
    result, people = open_left_out(pool)
    taken = [pair.mentor_id for pair in result.pairs]
    free = {one.person_id for one in pool.mentors if one.capacity_left > taken.count(one.person_id)}
    for person in people:
        asked = asked_of(pool, person)
        opened = [(cost(one), asked.opens(one)) for one in single_changes(pool, asked.entry.profile)]
        for found, among in (
            (person.suggestions[:1], {one.person_id for one in asked.mentors}),
            ((person.tonight,) if person.tonight else (), free),
        ):
            ranked = sorted((price, -len(ids & among)) for price, ids in opened if ids & among)
            if found == person.suggestions[:1] and asked.now:
                continue
            if ranked:
                assert [(sum(map(cost, one.changes)), -one.opens) for one in found] == ranked[:1]
                continue
            if found and len(found[0].changes) == 1:
                (change,) = found[0].changes
                assert change.stretch in OTHER_HOURS
                least = [one for one in other_times(asked.entry.profile, 60) if cost(one) <= cost(change)]
                best = max(len(asked.opens(one) & among) for one in least)
                assert (cost(change), best) == (2, found[0].opens)
                continue
            whole = other_times(asked.entry.profile, LONGEST, LONGEST)
            assert not any(asked.opens(one) & among for one in whole)
            untimed = [
                one for one in single_changes(pool, asked.entry.profile) if one.kind is not ChangeKind.TIME
            ]
            both = [
                pair for pair in product(untimed, untimed)
                if pair[0].kind is not pair[1].kind and {pair[0].kind, pair[1].kind} & {ChangeKind.CHANNEL}
            ]  # fmt: skip
            assert found or not any(asked.opens(*pair) & among for pair in both)


@pytest.mark.parametrize("rule", [Rule.LANGUAGE, Rule.TIME, Rule.CHANNEL])
def test_a_rule_that_is_off_asks_for_no_change(rule):
    kinds = {
        Rule.LANGUAGE: {ChangeKind.ACCEPT_LANGUAGE, ChangeKind.IMPROVE_LANGUAGE},
        Rule.TIME: {ChangeKind.TIME},
        Rule.CHANNEL: {ChangeKind.CHANNEL},
    }
    seen = 0
    for seed in range(60):
        pool = random_pool(seed, 7, weeks=1, rules_off=frozenset({rule}))
        for person in open_left_out(pool)[1]:
            for suggestion in person.suggestions:
                seen += 1
                assert not {change.kind for change in suggestion.changes} & kinds[rule]
    assert seen > 5


def test_suggestions_are_few_and_of_different_kinds_or_subjects():
    seen = 0
    for seed in range(80):
        for person in open_left_out(random_pool(seed, 8, weeks=1))[1]:
            subjects = [tuple(change.subject for change in one.changes) for one in person.suggestions]
            assert len(subjects) == len(set(subjects)) <= 3
            prices = [sum(map(cost, one.changes)) for one in person.suggestions]
            assert prices == sorted(prices)
            seen += len(subjects)
    assert seen > 30


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_people_changes_no_advice(seed, rng):
    pool = random_pool(seed, 8, weeks=2)
    shuffled = replace(
        pool,
        mentees=tuple(rng.sample(pool.mentees, len(pool.mentees))),
        mentors=tuple(rng.sample(pool.mentors, len(pool.mentors))),
    )
    assert documents.to_bytes(run_match(shuffled)) == documents.to_bytes(run_match(pool))


def test_advice_names_nobody():
    for seed in range(20):
        pool = random_pool(seed, 9, weeks=1)
        ids = {one.person_id for one in (*pool.mentors, *pool.mentees)}
        for person in run_match(pool).left_out:
            without = documents.to_bytes(LeftOut("", (), person.suggestions, person.tonight)).decode()
            assert not ids & set(without.split('"'))
