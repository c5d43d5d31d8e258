import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.matching import engine, pairing
from chalicelib.matching.engine import rules
from chalicelib.matching.model import MatchSettings
from chalicelib.people.model import (
    Channel,
    Connection,
    CrossBorder,
    NegativeWishes,
    Preferences,
    Unwanted,
    Weekday,
    Window,
)
from tests.matching import oracle
from tests.matching.pools import NOW, mentee, mentor, pools, profile, skills, snapshot


def admissible(found):
    """Return the ids of the pairs that the engine finds admissible."""
    plan = engine.plan(found)
    if not plan.mentees or not plan.mentors:
        return set()
    rows = np.arange(len(plan.mentees))
    mask, least = plan.rules.admissible(rows)
    some = np.arange(len(plan.mentors))[::-2]
    of_some, their_least = plan.rules.admissible(rows, some)
    assert (of_some == mask[:, some]).all()
    assert (their_least[of_some] == least[:, some][of_some]).all()
    return {
        (plan.mentees[i].person_id, plan.mentors[j].person_id) for i, j in zip(*np.nonzero(mask), strict=True)
    }


def suits(one, other):
    return admissible(snapshot([one], [other])) == {(one.person_id, other.person_id)}


@settings(max_examples=150, deadline=None)
@given(pools(9, min_overlap_minutes=15, min_stretch_minutes=15, weeks=3))
def test_the_arrays_say_what_a_plain_loop_over_pairs_says(pool):
    assert admissible(pool) == oracle.admissible(pool)


@settings(max_examples=40, deadline=None)
@given(pools(most=4))
def test_the_arrays_say_the_same_over_twelve_weeks(pool):
    assert admissible(pool) == oracle.admissible(pool)


def test_two_who_suit_each_other():
    assert suits(mentee(), mentor())


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ([("en", "B2")], [("en", "C2")], True),
        ([("en", "B1")], [("en", "C2")], False),
        ([("en", "C2")], [("en", "B1")], False),
        ([("pt-BR", "C1")], [("pt-PT", "B2")], True),
        ([("zh-Hans", "C1")], [("zh-Hant", "B2")], True),
        ([("zh", "C1")], [("yue", "C1")], False),
        ([("fr", "C1"), ("sw", "B2")], [("en", "C1"), ("sw", "B2")], True),
        # The best of two forms of one language counts.
        ([("pt-BR", "A2"), ("pt-PT", "B2")], [("pt", "C2")], True),
        ([("no", "C2")], [("nb", "B2")], True),  # two names of nearly one language
        ([("da", "C2")], [("nb", "B2")], True),  # close: two levels less
        ([("da", "C1")], [("nb", "C1")], False),
        ([("bs", "C1")], [("hr", "B2")], True),  # closer: one level less
        ([("nn", "C2")], [("nb", "B2")], True),  # two ways of writing, as far apart as CLDR has it both ways
        ([("cs", "C1")], [("sk", "C2")], True),  # the Czech has B1 in it, the Slovak B2 in Czech
        ([("arz", "C1")], [("ar", "C2")], True),
        ([("arz", "B2")], [("ar", "C2")], False),
        ([("arz", "C2")], [("ary", "C2")], True),  # meet in Arabic
        ([("yue", "C2")], [("zh-Hant", "C2")], False),  # alike in writing
        ([("ca", "C2")], [("es", "C2")], False),  # likely known, not alike
    ],
)
def test_a_shared_language_is_one_that_both_speak_well_enough(one, other, shared):
    assert suits(mentee(languages=skills(*one)), mentor(languages=skills(*other))) is shared


@pytest.mark.parametrize(
    ("one", "other", "connection", "shared"),
    [
        ((Channel.VIDEO,), (Channel.VIDEO,), None, True),
        ((Channel.VIDEO,), (Channel.VIDEO,), Connection.POOR, False),
        ((Channel.VIDEO, Channel.CHAT), (Channel.CHAT,), Connection.POOR, True),
        ((Channel.EMAIL,), (Channel.CHAT,), None, False),
    ],
)
def test_a_shared_channel_is_one_that_both_lines_carry(one, other, connection, shared):
    assert suits(mentee(channels=one, connection=connection), mentor(channels=other)) is shared


def at(*spans):
    return tuple(Window(Weekday.MONDAY, start, end) for start, end in spans)


@pytest.mark.parametrize(
    ("spans", "enough"),
    [
        ([(600, 660)], True),
        ([(600, 645)], False),
        ([(600, 630), (700 - 10, 720)], True),
        ([(600, 615), (630, 645), (660, 675), (690, 705)], False),  # an hour, but in quarters
    ],
)
def test_common_time_is_an_hour_with_half_an_hour_in_one_piece(spans, enough):
    zone = {"time_zone": "Etc/UTC"}
    assert (
        suits(mentee(availability=at(*spans), **zone), mentor(availability=at((0, 1440)), **zone)) is enough
    )


def test_an_hour_that_one_week_loses_to_the_clocks_is_not_enough():
    # London and New York keep five hours apart, but for the weeks between their changes of clocks: four.
    london = {"time_zone": "Europe/London", "availability": at((1140, 1200))}
    new_york = {"time_zone": "America/New_York", "availability": at((840, 900))}
    winter = snapshot([mentee(**london)], [mentor(**new_york)])
    assert admissible(winter) == {("a", "m")}
    spring = engine.Snapshot(
        "p", "r", NOW.replace(year=2027, month=1, day=10), winter.mentees,
        (mentor(entry={"verified_until": NOW.replace(year=2028)}, **new_york),),
    )  # fmt: skip
    assert admissible(spring) == set()


ABROAD = Preferences(cross_border=CrossBorder.REQUIRED)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (mentee(entry={"blocked": frozenset("m")}), mentor()),
        (mentee(), mentor(entry={"blocked": frozenset("a")})),
        (mentee(entry={"declined": frozenset("m")}), mentor()),
        (mentee(), mentor(entry={"declined": frozenset("a")})),
        (mentee("x"), mentor("x")),
        (mentee(negative_wishes=NegativeWishes(countries=("KE",))), mentor()),
        (mentee(), mentor(negative_wishes=NegativeWishes(countries=("KE",)))),
        (
            mentee(negative_wishes=NegativeWishes(employers=("north  Hospital",))),
            mentor(employer="North hospital"),
        ),
        (
            mentee(employer="North hospital"),
            mentor(negative_wishes=NegativeWishes(employers=("north hospital",))),
        ),
        (mentee(preferences=ABROAD), mentor()),
        (mentee(), mentor(preferences=ABROAD)),
    ],
)
def test_what_rules_a_pair_out_without_being_told(one, other):
    assert not suits(one, other)


def test_wishes_against_others_leave_these_alone():
    wishes = NegativeWishes(countries=("FR",), employers=("south clinic",))
    assert suits(mentee(negative_wishes=wishes), mentor(employer="North hospital", negative_wishes=wishes))
    assert suits(mentee(preferences=ABROAD, country="FR"), mentor(preferences=ABROAD))
    assert suits(mentee(entry={"blocked": frozenset({"b"})}), mentor(entry={"declined": frozenset({"c"})}))


@pytest.mark.parametrize(
    ("wishes", "possible"),
    [
        (NegativeWishes(countries=("FR",), own_employer=True), {"neither"}),
        (
            NegativeWishes(own_employer=True, if_possible=Unwanted(countries=("FR",))),
            {"neither", "abroad"},
        ),
        (
            NegativeWishes(countries=("FR",), if_possible=Unwanted(own_employer=True)),
            {"neither", "colleague"},
        ),
        (
            NegativeWishes(
                employers=("south clinic",), if_possible=Unwanted(("FR",), ("north hospital",), True)
            ),
            {"abroad", "colleague"},
        ),
    ],
)
def test_each_wish_is_a_rule_or_not_by_itself(wishes, possible):
    one = mentee(employer="North Hospital", negative_wishes=wishes)
    others = {
        "neither": mentor("neither", employer="South Clinic"),
        "abroad": mentor("abroad", country="FR"),
        "colleague": mentor("colleague", employer="North hospital"),
    }
    assert admissible(snapshot([one], others.values())) == {("a", name) for name in possible}
    for name, other in others.items():
        barred = pairing.has_private_obstacle(one.profile, other.profile, MatchSettings())
        assert barred is (name not in possible)


@given(st.integers(1, 200))
def test_bit_sets_hold_any_number_of_names(count):
    names = [f"n{n:03}" for n in range(count)]
    index = rules.index_of(names)
    sets = rules.bit_sets([names, names[-1:], ["other"]], index)
    met = rules.meets(sets, sets)
    assert met.tolist() == [[True, True, False], [True, True, False], [False, False, False]]
    assert int(np.bitwise_count(sets[0]).sum()) == count


def test_a_level_is_the_best_of_a_languages_forms():
    person = profile("a", languages=skills(("pt-BR", "A2"), ("en", "C1"), ("pt-PT", "B2")))
    assert pairing.language_levels(person) == {"pt": "B2", "en": "C1"}
    assert pairing.languages_at(person, "C1") == {"en": "C1"}
