"""Circles, against all circles that can be where these are few, and by what must always hold."""

import itertools
from dataclasses import replace
from datetime import UTC, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.matching.engine.overlap import week_starts
from chalicelib.matching.formation import (
    CircleSettings,
    Countries,
    Formation,
    Leading,
    Seeking,
    form,
)
from chalicelib.matching.model import MatchSettings, PairOfIds
from chalicelib.matching.pairing import understood_at
from chalicelib.matching.timetable import Attending, suit
from chalicelib.people.model import (
    SLOT_MINUTES,
    WEEKDAYS,
    NegativeWishes,
    Weekday,
    Window,
    employer_of,
)
from tests.matching.pools import NOW, profile, skills

TUESDAY = (Window(Weekday.TUESDAY, 17 * 60, 19 * 60),)
TOPICS = ("sepsis", "grant writing", "leadership")
DAY = 24 * 60


def seeker(person_id, *topics, apart=(), busy=(), **changes):
    changes = {"availability": TUESDAY} | changes
    return Seeking(
        person_id, profile(person_id, **changes), topics or TOPICS[:1], frozenset(apart), tuple(busy)
    )


def leader(person_id, *topics, circles=1, apart=(), busy=(), **changes):
    changes = {"availability": TUESDAY} | changes
    given = profile(person_id, **changes)
    return Leading(person_id, given, topics or TOPICS[:1], circles, frozenset(apart), tuple(busy))


def seekers(count, *topics, **changes):
    return [seeker(f"s{n}", *topics, **changes) for n in range(count)]


def only(found):
    assert len(found.circles) == 1
    return found.circles[0]


# -- an oracle of one instant after the other, with nothing of the engine's -------------------------------


def instants(weekly, weeks):
    """Yield the quarters of an hour (UTC) of a weekly stretch, week by week, each on its clock."""
    zone = ZoneInfo(weekly.zone)
    for start in week_starts(NOW, weeks):
        day = WEEKDAYS.index(weekly.weekday)
        local = start.replace(tzinfo=zone) + timedelta(days=day, minutes=weekly.start)
        begin = local.astimezone(UTC)
        for n in range(weekly.minutes // SLOT_MINUTES):
            yield begin + timedelta(minutes=n * SLOT_MINUTES)


def free_at(one, instant):
    """Whether somebody's profile says that they are free in the quarter of an hour from an instant."""
    local = instant.astimezone(ZoneInfo(one.profile.time_zone))
    minute = local.hour * 60 + local.minute
    return any(
        window.weekday is WEEKDAYS[local.weekday()] and window.start <= minute < window.end
        for window in one.profile.availability
    )


def free_every_week(one, weekly, weeks):
    """Weeks come round: a stretch over the end of the last looks at the beginning of one more."""
    busy = {moment for taken in one.busy for moment in instants(taken, weeks)}
    return all(free_at(one, moment) and moment not in busy for moment in instants(weekly, weeks))


def may_be_together(one, other, match):
    named = {PairOfIds(one.person_id, other.person_id), PairOfIds(other.person_id, one.person_id)}
    wishes = (one.profile, other.profile), (other.profile, one.profile)
    return not (
        other.person_id in one.apart
        or one.person_id in other.apart
        or named & set(match.forbidden)
        or any(
            (b.country in a.negative_wishes.countries)
            or (a.negative_wishes.own_employer and employer_of(a) and employer_of(a) == employer_of(b))
            for a, b in wishes
        )
    )


def allowed(circle, people, leaders, given):
    """What must hold of a new circle, from what people say alone."""
    match = given.match
    members, mentors = [people[one] for one in circle.members], [leaders[one] for one in circle.mentors]
    everybody = members + mentors
    assert given.least <= len(members) <= given.most
    assert len(set(mentors)) == len(mentors) == given.mentors
    assert all(circle.topic in one.topics for one in everybody)
    assert given.topics is None or circle.topic in given.topics
    assert all(circle.language in understood_at(one.profile, match.language_floor) for one in everybody)
    for one, other in itertools.combinations(everybody, 2):
        assert may_be_together(one, other, match)
    points = suit(
        [Attending(one.person_id, one.profile) for one in members],
        [Attending(one.person_id, one.profile) for one in mentors],
        match,
    )
    assert all(point is not None for row in points for point in row)
    assert circle.meets.minutes == given.minutes
    for hour in (circle.meets, *circle.hours):
        assert hour.minutes >= given.minutes
        for one in everybody:
            assert free_every_week(one, hour, match.weeks), (one.person_id, hour)
    assert circle.first_at == next(instants(circle.meets, 1)) or circle.first_at in (
        next(instants(circle.meets, 1)) + timedelta(days=7 * n) for n in (-1, 1)
    )
    assert week_starts(NOW, 1)[0] <= circle.first_at < week_starts(NOW, 2)[1]


def check(found, seeking, leading, given):
    assert isinstance(found, Formation)
    people = {one.person_id: one for one in seeking}
    leaders = {one.person_id: one for one in leading}
    for circle in found.circles:
        allowed(circle, people, leaders, given)
    placed = [one for circle in found.circles for one in circle.joining]
    assert len(set(placed)) == len(placed) == found.placed <= found.placed_bound
    assert sorted(placed + [one.person_id for one in found.left_over]) == sorted(people)
    for one in leading:
        led = [circle for circle in found.circles if one.person_id in circle.mentors]
        assert len(led) <= one.circles
        taken = [moment for circle in led for moment in instants(circle.meets, given.match.weeks)]
        assert len(set(taken)) == len(taken)
        told = {idle.person_id: idle.circles for idle in found.idle}
        assert told.get(one.person_id, 0) == one.circles - len(led)
    assert found.value == sum(circle.points for circle in found.circles) <= found.bound


# -- drawing -------------------------------

HOURS = [
    (Window(Weekday.TUESDAY, 17 * 60, 19 * 60),),
    (Window(Weekday.TUESDAY, 18 * 60, 20 * 60),),
    (Window(Weekday.TUESDAY, 17 * 60, 18 * 60), Window(Weekday.SATURDAY, 9 * 60, 11 * 60)),
    (Window(Weekday.SATURDAY, 8 * 60, 10 * 60),),
]


def draw(seed, mentees, mentors, *, circles=(1, 2)):
    rng = Random(seed)  # noqa: S311

    def one(person_id):
        return {
            "availability": rng.choice(HOURS),
            "time_zone": rng.choice(("Africa/Nairobi", "Africa/Nairobi", "Europe/Athens", "Asia/Kolkata")),
            "languages": rng.choice(
                (skills(("en", "C1")), skills(("en", "B2"), ("fr", "C2")), skills(("fr", "C1")))
            ),
            "country": rng.choice(("KE", "GR", "IN")),
            "topics_sought": tuple(rng.sample(TOPICS, 2)),
            "topics_offered": tuple(rng.sample(TOPICS, 2)),
            "negative_wishes": NegativeWishes(countries=("GR",)) if rng.random() < 0.1 else NegativeWishes(),
        }

    names = [f"s{n}" for n in range(mentees)]
    seeking = [
        seeker(
            name,
            *rng.sample(TOPICS, rng.randint(1, 2)),
            apart=[rng.choice(names)] if rng.random() < 0.2 else (),
            **one(name),
        )
        for name in names
    ]
    leading = [
        leader(
            f"m{n}",
            *rng.sample(TOPICS, rng.randint(1, 2)),
            circles=rng.choice(circles),
            apart=[rng.choice(names)] if rng.random() < 0.2 else (),
            **one(f"m{n}"),
        )
        for n in range(mentors)
    ]
    return [replace(one, apart=one.apart - {one.person_id}) for one in seeking], leading


def possible(seeking, leading, given):
    """Return all groups that can be a circle: members' ids, mentors' ids."""
    found = []
    hours = {}
    for team in itertools.combinations(leading, given.mentors):
        for size in range(given.least, given.most + 1):
            for members in itertools.combinations(seeking, size):
                everybody = (*team, *members)
                if not set.intersection(*(set(one.topics) for one in everybody)):
                    continue
                if not set.intersection(
                    *(set(understood_at(one.profile, given.match.language_floor)) for one in everybody)
                ):
                    continue
                if not all(
                    may_be_together(one, other, given.match)
                    for one, other in itertools.combinations(everybody, 2)
                ):
                    continue
                key = frozenset((one.profile.time_zone, one.profile.availability) for one in everybody)
                if key not in hours:
                    hours[key] = common(everybody, given)
                if hours[key]:
                    found.append(({one.person_id for one in members}, [one.person_id for one in team]))
    return found


def common(everybody, given):
    """Whether all have a quarter of an hour's grid of a meeting in common; zones of `draw` do not change their clocks
    in the weeks that are looked at, so one week tells."""
    start = week_starts(NOW, 1)[0]
    grid = [
        all(free_at(one, start + timedelta(minutes=n * SLOT_MINUTES)) for one in everybody)
        for n in range(7 * DAY // SLOT_MINUTES)
    ]
    length = given.minutes // SLOT_MINUTES
    return any(all(grid[(n + k) % len(grid)] for k in range(length)) for n in range(len(grid)))


def most_placed(groups, limits):
    """Return how many people groups that have nobody twice can hold; each mentor at most so often."""
    best = 0

    def go(at, taken, led, placed):
        nonlocal best
        best = max(best, placed)
        if at == len(groups) or placed + sum(len(one[0]) for one in groups[at:]) <= best:
            return
        members, team = groups[at]
        if not members & taken and all(led.get(one, 0) < limits[one] for one in team):
            more = dict(led)
            for one in team:
                more[one] = more.get(one, 0) + 1
            go(at + 1, taken | members, more, placed + len(members))
        go(at + 1, taken, led, placed)

    go(0, set(), {}, 0)
    return best


FEW = MatchSettings(weeks=2)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from((0, 1, 1, 2)), st.sampled_from(Countries))
def test_few_people_get_the_most_seats_that_any_circles_give(seed, mentors, countries):
    seeking, leading = draw(seed, 8, 0 if not mentors else 3, circles=(1,))
    given = CircleSettings(2, 4, mentors, match=FEW, countries=countries)
    found = form(seeking, leading, given, NOW)
    check(found, seeking, leading, given)
    groups = sorted(possible(seeking, leading, given), key=lambda one: -len(one[0]))
    best = most_placed(groups, {one.person_id: one.circles for one in leading})
    assert found.placed == best <= found.placed_bound


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from((0, 1, 2)), st.sampled_from(Countries))
def test_what_must_hold_of_more_people(seed, mentors, countries):
    seeking, leading = draw(seed, 30, 8 if mentors else 0)
    given = CircleSettings(3, 5, mentors, match=FEW, countries=countries)
    found = form(seeking, leading, given, NOW)
    check(found, seeking, leading, given)
    turned = form(seeking[::-1], leading[::-1], given, NOW)
    assert turned == found
