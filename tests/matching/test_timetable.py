"""Timetables of speed events, against all timetables there are where these are few, and by what must always hold."""

import itertools
from collections import Counter
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.matching.engine.planning import plan, scored_block
from chalicelib.matching.model import (
    MatchSettings,
    MenteeEntry,
    MentorEntry,
    PairOfIds,
    Rule,
    Snapshot,
    Weights,
)
from chalicelib.matching.timetable import (
    MAX_PEOPLE,
    MAX_ROUNDS,
    Attending,
    Meeting,
    Shortfall,
    Timetable,
    Unmet,
    suit,
    timetable,
)
from chalicelib.people.model import CrossBorder, Profile
from tests.matching.pools import NOW, profile, random_profile, skills

YEARS = NOW.replace(year=2030)


def draw(seed, mentees, mentors, rounds, *, absent=0.0, never=0.2, top=9):
    """Draw points, and in which rounds each is there: some come late or leave early."""
    rng = Random(seed)  # noqa: S311
    points = [
        [None if rng.random() < never else rng.randint(0, top) for _ in range(mentors)]
        for _ in range(mentees)
    ]

    def there():
        every = frozenset(range(rounds))
        if rng.random() >= absent or not rounds:
            return every
        turn = rng.randint(0, rounds)
        return frozenset(number for number in every if (number < turn) == rng.choice((True, False)))

    return points, rounds, [there() for _ in range(mentees)], [there() for _ in range(mentors)]


def counts(meetings, mentees):
    found = Counter(one[1] for one in meetings)
    return [found[mentee] for mentee in range(mentees)]


def fairness(meetings, mentees, rounds):
    """The more the fairer: each one's first meeting counts most, each further one less."""
    return sum(rounds - n for count in counts(meetings, mentees) for n in range(count))


def worth(meetings, points):
    return sum(points[mentee][mentor] or 0 for _, mentee, mentor in meetings)


def check(found, points, rounds, mentees_there, mentors_there, held=frozenset(), now_round=0):
    """What holds of every timetable, whoever is absent."""
    assert isinstance(found, Timetable)
    assert list(found.meetings) == sorted(found.meetings)
    assert set(held) <= set(found.meetings)
    for at in ((0, 1), (0, 2), (1, 2)):  # nobody in two places, no two people twice
        assert max(Counter((one[at[0]], one[at[1]]) for one in found.meetings).values(), default=1) == 1
    for one in set(found.meetings) - set(held):
        assert one.round >= now_round
        assert one.round in mentees_there[one.mentee]
        assert one.round in mentors_there[one.mentor]
        assert points[one.mentee][one.mentor] is not None
    assert found.value == worth(found.meetings, points) <= found.bound
    # Nobody who rests could simply have had a meeting of somebody who has two more, or one with a mentor who rests.
    count = counts(found.meetings, len(points))
    with_whom = {(one.round, one.mentor): one for one in found.meetings}
    busy = {(one.round, one.mentee) for one in found.meetings}
    met = {(one.mentee, one.mentor) for one in found.meetings}
    for mentee, number, mentor in itertools.product(
        range(len(points)), range(now_round, rounds), range(len(mentors_there))
    ):
        could = (
            number in mentees_there[mentee] & mentors_there[mentor]
            and (number, mentee) not in busy
            and points[mentee][mentor] is not None
            and (mentee, mentor) not in met
        )
        if could:
            other = with_whom.get((number, mentor))
            assert other is not None
            assert other in held or count[other.mentee] <= count[mentee] + 1


def all_timetables(points, rounds, mentees_there, mentors_there):
    """Yield every timetable there is."""

    def of_round(number, mentee, met, taken):
        if mentee == len(points):
            yield []
            return
        yield from of_round(number, mentee + 1, met, taken)
        if number not in mentees_there[mentee]:
            return
        for mentor, point in enumerate(points[mentee]):
            may = point is not None and number in mentors_there[mentor]
            if may and mentor not in taken and (mentee, mentor) not in met:
                for rest in of_round(number, mentee + 1, met, taken | {mentor}):
                    yield [(number, mentee, mentor), *rest]

    def whole(number, met):
        if number == rounds:
            yield []
            return
        for some in of_round(number, 0, met, frozenset()):
            for rest in whole(number + 1, met | {one[1:] for one in some}):
                yield some + rest

    return whole(0, frozenset())


SMALL = ((3, 3, 2), (3, 2, 3), (2, 3, 2), (4, 2, 2), (4, 1, 3), (1, 3, 2))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(SMALL))
def test_with_everybody_there_it_is_the_best_of_all_timetables(seed, size):
    mentees, _, rounds = size
    event = draw(seed, *size)
    found = timetable(*event)
    check(found, *event)
    best = max((fairness(one, mentees, rounds), worth(one, event[0])) for one in all_timetables(*event))
    assert (fairness(found.meetings, mentees, rounds), found.value) == best
    assert found.bound == found.value


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(SMALL))
def test_with_people_absent_no_timetable_as_fair_is_above_the_bound(seed, size):
    mentees, _, rounds = size
    event = draw(seed, *size, absent=0.6)
    found = timetable(*event)
    check(found, *event)
    ours = fairness(found.meetings, mentees, rounds)
    every = [(fairness(one, mentees, rounds), worth(one, event[0])) for one in all_timetables(*event)]
    assert max(points for fair, points in every if fair >= ours) <= found.bound


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_what_must_hold_of_any_event_and_of_the_rest_of_it_made_anew(seed):
    rng = Random(seed)  # noqa: S311
    size = rng.randint(0, 14), rng.randint(0, 7), rng.randint(0, 6)
    event = draw(seed, *size, absent=rng.choice((0, 0.2, 0.7)), top=rng.choice((0, 1, 1_000_000)))
    points, rounds, mentees_there, mentors_there = event
    first = timetable(*event)
    check(first, *event)
    # Some come late, some leave, and what has been stands.
    now = rng.randint(0, rounds)
    held = {one for one in first.meetings if one.round < now or rng.random() < 0.1}
    left = [frozenset(n for n in one if n < now or rng.random() > 0.2) for one in mentees_there]
    again = timetable(points, rounds, left, mentors_there, held=held, now_round=now, keep=first.meetings)
    check(again, points, rounds, left, mentors_there, held, now)
    assert again == timetable(
        points, rounds, left, mentors_there, held=held, now_round=now, keep=first.meetings
    )


def test_meetings_are_shared_out_before_they_are_the_best():
    """The second mentee gets one although the first would be worth more with both."""
    found = timetable([[9, 9], [1, 1]], 1, [{0}] * 2, [{0}] * 2)
    assert counts(found.meetings, 2) == [1, 1]
    assert (found.value, found.bound) == (10, 10)
    alone = timetable([[9], [1]], 2, [{0, 1}] * 2, [{0, 1}])
    assert counts(alone.meetings, 2) == [1, 1]


def test_who_has_had_fewer_meetings_comes_first_in_what_is_left():
    points = [[9, 9, 9], [1, 1, 1]]
    held = [(0, 0, 0), (1, 0, 1)]
    found = timetable(points, 3, [{0, 1, 2}, {2}], [{0, 1, 2}, {0, 1}, {0, 1}], held=held, now_round=2)
    assert set(found.meetings) - set(held) == {Meeting(2, 1, 0)}


def test_somebody_who_drops_out_is_replaced_and_nothing_else_changes():
    event = draw(5, 12, 6, 4, top=1_000)
    first = timetable(*event)
    points, rounds, mentees_there, mentors_there = event
    gone = next(one.mentee for one in first.meetings if one.round == 2)
    held = {one for one in first.meetings if one.round < 1}
    same = timetable(*event, held=held, now_round=1, keep=first.meetings)
    assert same.meetings == first.meetings
    left = [frozenset({0}) if n == gone else one for n, one in enumerate(mentees_there)]
    found = timetable(points, rounds, left, mentors_there, held=held, now_round=1, keep=first.meetings)
    check(found, points, rounds, left, mentors_there, held, 1)
    assert all(one.round < 1 for one in found.meetings if one.mentee == gone)
    moved = set(first.meetings) - set(found.meetings)
    assert {one for one in moved if one.mentee != gone} <= set(first.meetings)
    assert len(set(found.meetings) & set(first.meetings)) >= len(first.meetings) // 2


def test_a_break_is_a_round_in_which_somebody_is_not_there():
    everybody = frozenset({0, 2})
    found = timetable([[5, 5], [5, 5]], 3, [everybody] * 2, [everybody] * 2)
    assert {one.round for one in found.meetings} == {0, 2}
    assert len(found.meetings) == 4


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_with_keys_the_order_of_people_changes_nothing(seed):
    rng = Random(seed)  # noqa: S311
    points, rounds, there, mentors_there = draw(seed, 7, 4, 3, absent=0.3, top=2)
    names = [f"mentee-{n}" for n in range(7)], [f"mentor-{n}" for n in range(4)]
    rows, columns = rng.sample(range(7), 7), rng.sample(range(4), 4)
    first = timetable(points, rounds, there, mentors_there, keys=names)
    other = timetable(
        [[points[i][j] for j in columns] for i in rows],
        rounds,
        [there[i] for i in rows],
        [mentors_there[j] for j in columns],
        keys=([names[0][i] for i in rows], [names[1][j] for j in columns]),
    )
    assert {(one.round, rows[one.mentee], columns[one.mentor]) for one in other.meetings} == set(
        first.meetings
    )
    assert (other.value, other.bound) == (first.value, first.bound)
    assert {replace(one, mentee=rows[one.mentee]) for one in other.unmet} == set(first.unmet)


def test_each_who_rests_is_told_why():
    points = [[None, None], [5, None], [5, 5], [5, None], [5, None]]
    there = [{0, 1}, {0, 1}, {0}, {1}, set()]
    found = timetable(points, 2, there, [{0}, {0}], held=[(0, 1, 0)])
    assert set(found.meetings) == {(0, 1, 0), (0, 2, 1)}
    assert found.unmet == (
        Unmet(0, 0, Shortfall.NOBODY_FITS),
        Unmet(1, 1, Shortfall.ALL_MET),
        Unmet(3, 0, Shortfall.NO_COMMON_ROUND),
        Unmet(4, 0, Shortfall.ABSENT),
    )
    more_mentees_than_seats = timetable([[5], [6]], 1, [{0}] * 2, [{0}])
    assert more_mentees_than_seats.unmet == (Unmet(0, 0, Shortfall.MENTORS_TAKEN),)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rounds": MAX_ROUNDS + 1}, "at most"),
        ({"scores": [[5]] * (MAX_PEOPLE + 1), "mentees_present": [{0}] * (MAX_PEOPLE + 1)}, "at most"),
        ({"scores": [[5, 5]]}, "points are needed"),
        ({"scores": [[5, 5], [5]]}, "points are needed"),
        ({"scores": [[5, -1], [5, 5]]}, "from 0 to a million"),
        ({"now_round": 3}, "now_round is 3"),
        ({"mentors_present": [{0}, {2}]}, "rounds are counted"),
        ({"held": [(0, 2, 0)]}, "held has"),
        ({"keep": [(2, 0, 0)]}, "keep has"),
        ({"held": [(0, 0, 0), (0, 0, 1)]}, "two places"),
        ({"held": [(0, 0, 0), (0, 1, 0)]}, "two places"),
        ({"held": [(0, 0, 0), (1, 0, 0)]}, "twice"),
        ({"keys": (["a", "a"], ["m", "n"])}, "their own"),
        ({"keys": (["a"], ["m", "n"])}, "their own"),
    ],
)
def test_what_does_not_go_together_is_refused(changes, said):
    event = {
        "scores": [[5, 5], [5, 5]],
        "rounds": 2,
        "mentees_present": [{0, 1}] * 2,
        "mentors_present": [{0, 1}] * 2,
    }
    with pytest.raises(ValueError, match=said):
        timetable(**(event | changes))


def attending(seed, count, side):
    rng = Random(f"{seed} {side}")  # noqa: S311
    return [Attending(f"{side}{n}", random_profile(rng, f"{side}{n}")) for n in range(count)]


@pytest.mark.parametrize("seed", range(3))
def test_points_are_those_of_a_match_without_the_clock(seed):
    mentees, mentors = attending(seed, 8, "a"), attending(seed, 6, "m")
    mentees[0] = replace(mentees[0], apart=frozenset({"m1"}))
    mentors[2] = replace(mentors[2], apart=frozenset({"a3"}))
    chosen = MatchSettings(forbidden=(PairOfIds("a4", "m4"),), mentor_say=500_000)
    found = suit(mentees, mentors, chosen)
    matched = replace(
        chosen,
        weights=Weights(overlap=0, waiting=0),
        rules_off=frozenset({Rule.TIME, Rule.CHANNEL}),
    )
    planned = plan(
        Snapshot(
            "p", "r", NOW,
            tuple(MenteeEntry(one.person_id, one.profile, NOW, blocked=one.apart) for one in mentees),
            tuple(MentorEntry(one.person_id, one.profile, 1, YEARS, blocked=one.apart) for one in mentors),
            matched,
        )
    )  # fmt: skip
    rows, columns, points = scored_block(planned, np.arange(len(planned.mentees)))
    expected = {
        (planned.mentees[i].person_id, planned.mentors[j].person_id): point
        for i, j, point in zip(rows.tolist(), columns.tolist(), points.tolist(), strict=True)
    }
    assert {
        (one.person_id, other.person_id): point
        for one, row in zip(mentees, found, strict=True)
        for other, point in zip(mentors, row, strict=True)
        if point is not None
    } == expected
    assert expected
    assert all(type(point) is int for row in found for point in row if point is not None)
    assert (found[0][1], found[3][2], found[4][4]) == (None, None, None)


def test_people_of_one_event_need_no_common_hours_but_a_language_and_who_is_kept_apart_stays_apart():
    one = Attending("a", profile("a", availability=(), channels=()))
    french = Attending("m", profile("m", languages=skills(("fr", "C1"))))
    english = Attending("n", profile("n", availability=(), country="FR"))
    assert [point is None for point in suit([one], [french, english])[0]] == [True, False]
    assert suit([one], [replace(english, apart=frozenset({"a"}))]) == [[None]]
    assert suit([one], [Attending("a", profile("a"))]) == [[None]]  # themselves
    abroad = replace(
        one.profile, preferences=replace(one.profile.preferences, cross_border=CrossBorder.REQUIRED)
    )
    assert suit([replace(one, profile=abroad)], [Attending("n", profile("n"))]) == [[None]]
    assert suit([], [english]) == []
    assert suit([one], []) == [[]]


def test_a_profile_without_a_language_or_zone_meets_nobody_and_breaks_nothing():
    empty = Attending("a", Profile("a"))
    assert suit([empty], [Attending("m", profile("m"))]) == [[None]]


def test_weights_for_the_clock_alone_leave_the_usual_ones():
    nothing = dict.fromkeys(Weights().as_dict(), 0) | {"overlap": 1}
    people = [Attending("a", profile("a"))], [Attending("m", profile("m", country="FR"))]
    assert suit(*people, MatchSettings(weights=Weights(**nothing))) == suit(*people)
