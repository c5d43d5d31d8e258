"""Circles, against all circles that can be where these are few, and by what must always hold."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.matching import formation
from chalicelib.matching.engine.overlap import week_starts
from chalicelib.matching.formation import (
    CircleSettings,
    Countries,
    Formation,
    Helps,
    Leading,
    Missing,
    Seeking,
    StandingCircle,
    Weekly,
    form,
)
from chalicelib.matching.model import MatchSettings, PairOfIds, Rule
from chalicelib.matching.pairing import understood_at
from chalicelib.matching.timetable import Attending, suit
from chalicelib.people.model import (
    SLOT_MINUTES,
    WEEKDAYS,
    CrossBorder,
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


ZONES = ("Africa/Nairobi", "Africa/Nairobi", "Europe/Athens", "Asia/Kolkata")
CHANGING = ("Africa/Nairobi", "Europe/Athens", "America/New_York", "Australia/Lord_Howe")


def draw(seed, mentees, mentors, *, circles=(1, 2), zones=ZONES, hours=HOURS):
    rng = Random(seed)  # noqa: S311

    def one(person_id):
        return {
            "availability": rng.choice(hours),
            "time_zone": rng.choice(zones),
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


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from((0, 1, 1, 2)), st.sampled_from(Countries))
def test_few_people_get_the_most_seats_that_any_circles_give(seed, mentors, countries):
    seeking, leading = draw(seed, 8, 0 if not mentors else 3, circles=(1,))
    given = CircleSettings(2, 4, mentors, match=FEW, countries=countries)
    found = form(seeking, leading, given, NOW)
    check(found, seeking, leading, given)
    groups = sorted(possible(seeking, leading, given), key=lambda one: -len(one[0]))
    best = most_placed(groups, {one.person_id: one.circles for one in leading})
    assert found.placed == best <= found.placed_bound


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from((0, 1, 2)), st.sampled_from(Countries))
def test_what_must_hold_of_more_people(seed, mentors, countries):
    seeking, leading = draw(seed, 20, 6 if mentors else 0)
    given = CircleSettings(3, 5, mentors, match=FEW, countries=countries)
    found = form(seeking, leading, given, NOW)
    check(found, seeking, leading, given)
    turned = form(seeking[::-1], leading[::-1], given, NOW)
    assert turned == found


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from((0, 1, 2)))
def test_hours_hold_while_clocks_change_in_some_zones(seed, mentors):
    # The United States change on 14 March 2027, Greece on 28 March, Lord Howe Island by half an hour on 4 April.
    days = [tuple(Window(day, 60 * start, 60 * start + 660) for day in WEEKDAYS[::2]) for start in (2, 8, 13)]
    seeking, leading = draw(seed, 14, 5 if mentors else 0, zones=CHANGING, hours=days)
    given = CircleSettings(2, 4, mentors, match=MatchSettings(weeks=21))
    check(form(seeking, leading, given, NOW), seeking, leading, given)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_no_circles_that_place_as_many_have_more_points_than_the_bound(seed):
    seeking, leading = draw(seed, 7, 2, circles=(1,))
    given = CircleSettings(2, 4, match=FEW)
    found = form(seeking, leading, given, NOW)
    points = suit(
        [Attending(one.person_id, one.profile) for one in seeking],
        [Attending(one.person_id, one.profile) for one in leading],
        FEW,
    )
    at = {one.person_id: n for side in (seeking, leading) for n, one in enumerate(side)}
    groups = [
        (members, sum(points[at[one]][at[team[0]]] for one in members), team[0])
        for members, team in possible(seeking, leading, given)
    ]
    pairs = [
        one
        for one in itertools.product(groups, repeat=2)
        if one[0][2] < one[1][2] and not one[0][0] & one[1][0]
    ]
    wholes = [((), 0), *(one[:2] for one in groups), *((a[0] | b[0], a[1] + b[1]) for a, b in pairs)]
    most, best = max((len(members), worth) for members, worth in wholes)
    assert (found.placed, found.value) == (most, best)
    assert best <= found.bound


# -- one rule at a time ------------------------------


def test_a_circle_is_told_with_all_that_it_has_in_common():
    languages = skills(("en", "B2"), ("fr", "C1"))
    people = seekers(4, languages=languages)
    found = form(people, [leader("m", languages=languages)], CircleSettings(match=FEW), NOW)
    circle = only(found)
    assert circle.members == circle.joining == ("s0", "s1", "s2", "s3")
    assert (circle.mentors, circle.topic, circle.language) == (("m",), "sepsis", "fr")
    whole = Weekly("Africa/Nairobi", Weekday.TUESDAY, 17 * 60, 120)
    assert circle.hours == (whole,)
    assert circle.meets == replace(whole, minutes=60)
    assert circle.first_at == datetime(2026, 11, 24, 14, tzinfo=UTC)
    assert (found.placed, found.placed_bound, found.left_over, found.idle) == (4, 4, (), ())


@pytest.mark.parametrize("count", [2, 3, 8, 9, 11])
def test_sizes_are_respected(count):
    found = form(seekers(count), [leader("m")], CircleSettings(match=FEW), NOW)
    placed = {2: 0, 3: 3, 8: 8, 9: 8, 11: 8}[count]
    assert found.placed == found.placed_bound == placed
    reason = Missing.TOO_FEW if count < 3 else Missing.FULL
    assert {one.reason for one in found.left_over} <= {reason}
    if count > 8:
        assert found.left_over[0].helps[0].kind is Helps.SEAT


def test_a_mentor_leads_two_circles_only_at_two_times():
    at_once = form(seekers(10), [leader("m", circles=2)], CircleSettings(minutes=90, match=FEW), NOW)
    assert at_once.placed == 8
    after_another = form(seekers(10), [leader("m", circles=2)], CircleSettings(match=FEW), NOW)
    assert after_another.placed == 10
    check(after_another, seekers(10), [leader("m", circles=2)], CircleSettings(match=FEW))


def test_people_kept_apart_are_never_together_and_are_not_told_why():
    people = [seeker("s0", apart=["s1"]), seeker("s1"), *seekers(5)[2:]]
    found = form(people, [leader("m")], CircleSettings(match=FEW), NOW)
    assert found.placed == 4
    (left,) = found.left_over
    assert left.person_id in ("s0", "s1")
    # They read what anybody reads whom a circle has no seat for; no circle is named that they are kept out of.
    assert (left.reason, left.helps) == (Missing.FULL, ())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"topics": ("surgery",)}, Missing.TOPIC),
        ({"languages": skills(("en", "B1"))}, Missing.LANGUAGE),
        ({"availability": (Window(Weekday.MONDAY, 600, 700),)}, Missing.TIME),
        ({"availability": ()}, Missing.PROFILE),
        ({"topics": ()}, Missing.PROFILE),
    ],
)
def test_a_reason_says_what_is_missing_and_what_would_have_helped(changes, reason):
    topics = changes.get("topics")
    one = seeker("s9", **{name: value for name, value in changes.items() if name != "topics"})
    if topics is not None:
        one = replace(one, topics=topics)
    found = form([*seekers(3), one], [leader("m")], CircleSettings(match=FEW), NOW)
    (left,) = found.left_over
    assert (left.person_id, left.reason) == ("s9", reason)
    if reason is Missing.PROFILE:
        assert left.helps == ()
        return
    (helps,) = left.helps
    told = {
        Missing.TOPIC: (helps.topics, ("sepsis",)),
        Missing.LANGUAGE: (helps.languages, ("en",)),
        Missing.TIME: (helps.hours, (only(found).meets,)),
    }
    assert told[reason][0] == told[reason][1]
    assert (helps.kind.value, helps.seats) == (reason.value, 5)


def test_an_hour_holds_in_every_week_on_the_circles_clock_when_clocks_change():
    # Paris puts its clocks back on 25 October 2026, Nairobi never: who is free from 18 to 19 there cannot come to a
    # meeting of 18 o'clock in Paris (19, then 20 in Nairobi), and who is free from 19 to 21 can.
    paris = {"time_zone": "Europe/Paris", "availability": (Window(Weekday.TUESDAY, 18 * 60, 19 * 60),)}
    early, late = ({"availability": (Window(Weekday.TUESDAY, 19 * 60, end * 60),)} for end in (20, 21))
    october = datetime(2026, 10, 1, tzinfo=UTC)
    for hours, placed in ((early, 0), (late, 3)):
        found = form(
            seekers(3, **hours), [leader("m", **paris)], CircleSettings(match=MatchSettings(weeks=6)), october
        )
        assert found.placed == placed
    assert only(found).meets == Weekly("Europe/Paris", Weekday.TUESDAY, 18 * 60, 60)
    assert only(found).first_at == datetime(2026, 10, 6, 16, tzinfo=UTC)
    both_early = form(
        seekers(3, **early), [leader("m", **paris)], CircleSettings(match=MatchSettings(weeks=2)), october
    )
    assert both_early.placed == 3


def test_who_is_busy_is_not_free():
    taken = Weekly("Africa/Nairobi", Weekday.TUESDAY, 17 * 60 + 30, 30)
    found = form(seekers(3), [leader("m", busy=[taken])], CircleSettings(match=FEW), NOW)
    assert only(found).meets.start == 18 * 60
    found = form(seekers(3), [leader("m", busy=[replace(taken, minutes=60)])], CircleSettings(match=FEW), NOW)
    assert found.placed == 0


def standing(members, *, circle_id="c", meets=None, mentors=("old",)):
    return StandingCircle(
        circle_id,
        "sepsis",
        "en",
        meets or Weekly("Africa/Nairobi", Weekday.TUESDAY, 17 * 60, 60),
        tuple(leader(one) for one in mentors),
        tuple(seeker(one) for one in members),
    )


def test_circles_that_there_are_are_filled_first_and_never_beyond_their_seats():
    there = standing([f"in{n}" for n in range(6)])
    found = form(seekers(5), [leader("m")], CircleSettings(match=FEW), NOW, standing=[there])
    assert (found.placed, found.filled) == (5, 2)
    old, new = found.circles
    assert (old.circle_id, len(old.members), len(old.joining), old.mentors) == ("c", 8, 2, ("old",))
    assert (new.circle_id, len(new.members)) == (None, 3)
    found = form(seekers(2), [leader("m")], CircleSettings(match=FEW), NOW, standing=[there])
    assert (found.placed, found.filled) == (2, 2)
    full = standing([f"in{n}" for n in range(8)])
    found = form(seekers(2), [], CircleSettings(match=FEW), NOW, standing=[full])
    assert (found.circles, found.placed, found.placed_bound) == ((), 0, 0)


def test_who_fits_none_but_a_full_circle_that_there_is_is_left_over_while_more_is_sought():
    saturday = {"availability": (Window(Weekday.SATURDAY, 9 * 60, 11 * 60),)}
    there = standing(
        [f"in{n}" for n in range(7)], meets=Weekly("Africa/Nairobi", Weekday.SATURDAY, 9 * 60, 60)
    )
    # Whom the bound does not know to be kept apart are sought a circle for in vain.
    people = [seeker("s0", apart=["s1"]), *seekers(3)[1:], seeker("u0", **saturday), seeker("u1", **saturday)]
    found = form(people, [leader("m")], CircleSettings(match=FEW), NOW, standing=[there])
    assert (found.placed, found.filled, found.placed_bound) == (1, 1, 4)
    assert {one.reason for one in found.left_over} == {Missing.FULL}


def test_nobody_joins_a_circle_that_they_are_in_or_lead_or_whose_people_they_are_kept_from():
    there = standing(["s0", "other"])
    people = [seeker("s0"), seeker("old"), seeker("s2", apart=["other"]), seeker("s3")]
    found = form(people, [], CircleSettings(match=FEW), NOW, standing=[there])
    assert only(found).joining == ("s3",)


def test_who_leads_a_circle_has_no_time_then():
    there = standing(["in0"], mentors=("m",))
    found = form(seekers(3), [leader("m")], CircleSettings(most=3, match=FEW), NOW, standing=[there])
    assert (found.placed, only(found).circle_id, only(found).meets.start) == (3, None, 18 * 60)


@pytest.mark.parametrize("countries", Countries)
def test_countries_are_mixed_or_alike_as_the_programme_wishes(countries):
    people = [seeker(f"s{n}", country=("KE", "UG")[n % 2]) for n in range(6)]
    leaders = [leader("m"), leader("n")]
    given = CircleSettings(3, 3, countries=countries, match=FEW)
    found = form(people, leaders, given, NOW)
    assert found.placed == 6
    counts = sorted(
        len({one.profile.country for one in people if one.person_id in circle.members})
        for circle in found.circles
    )
    if countries is not Countries.ANY:
        assert counts == ([2, 2] if countries is Countries.MIXED else [1, 1])


def test_two_mentors_lead_together_and_peers_without_any():
    two = form(seekers(3), [leader("m"), leader("n")], CircleSettings(mentors=2, match=FEW), NOW)
    assert only(two).mentors == ("m", "n")
    apart = [leader("m", apart=["n"]), leader("n")]
    assert form(seekers(3), apart, CircleSettings(mentors=2, match=FEW), NOW).placed == 0
    peers = form(seekers(9), [], CircleSettings(mentors=0, match=FEW), NOW)
    assert (peers.placed, len(peers.circles)) == (9, 2)


def test_rules_of_the_match_hold_between_mentor_and_member():
    abroad = profile("x").preferences
    people = seekers(3, preferences=replace(abroad, cross_border=CrossBorder.REQUIRED))
    given = CircleSettings(match=FEW)
    assert form(people, [leader("m")], given, NOW).placed == 0
    assert form(people, [leader("m", country="UG")], given, NOW).placed == 3
    off = replace(given, match=replace(FEW, rules_off=frozenset({Rule.ABROAD})))
    assert form(people, [leader("m")], off, NOW).placed == 3
    forbidden = replace(given, match=replace(FEW, forbidden=(PairOfIds("s0", "m"),)))
    assert form(seekers(3), [leader("m")], forbidden, NOW).placed == 0


def test_a_coordinator_is_told_what_people_without_a_circle_have_in_common():
    people = [*seekers(4, "sepsis"), *[seeker(f"t{n}", "leadership") for n in range(2)]]
    found = form(people, [leader("m", "leadership")], CircleSettings(match=FEW), NOW)
    assert found.placed == 0
    most, other = found.shortages
    assert (most.topic, most.people, most.mentors, most.language, most.together) == ("sepsis", 4, 0, "en", 4)
    assert most.meets == Weekly("Africa/Nairobi", Weekday.TUESDAY, 17 * 60, 60)
    assert (other.topic, other.people, other.mentors, other.meets) == ("leadership", 2, 1, None)
    assert [(one.person_id, one.circles, one.reason) for one in found.idle] == [("m", 1, Missing.TOO_FEW)]


def test_topics_are_those_that_the_programme_has_in_its_spelling():
    people = seekers(3, "  Grant  Writing")
    found = form(
        people,
        [leader("m", "grant writing")],
        CircleSettings(topics=frozenset({"Grant writing"}), match=FEW),
        NOW,
    )
    assert only(found).topic == "Grant writing"
    assert (
        form(people, [leader("m", "grant writing")], CircleSettings(topics=frozenset({"sepsis"})), NOW).placed
        == 0
    )


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: form([seeker("a"), seeker("a")], [], CircleSettings(), NOW),
        lambda: form([seeker("a")], [leader("a")], CircleSettings(), NOW),
        lambda: form([], [leader("m")], CircleSettings(mentors=0), NOW),
        lambda: form([], [], CircleSettings(), NOW.replace(tzinfo=None)),
        lambda: form([seeker("a", *map(str, range(21)))], [], CircleSettings(), NOW),
        lambda: form(seekers(formation.MAX_SEEKING + 1), [], CircleSettings(), NOW),
        lambda: form([], [], CircleSettings(), NOW, standing=[standing([]), standing([])]),
        lambda: form([], [leader("m", circles=-1)], CircleSettings(), NOW),
        lambda: CircleSettings(least=5, most=4),
        lambda: CircleSettings(least=1),
        lambda: CircleSettings(most=13),
        lambda: CircleSettings(mentors=3),
        lambda: CircleSettings(minutes=50),
        lambda: Weekly("UTC", Weekday.MONDAY, 7, 60),
    ],
)
def test_what_does_not_go_together_is_refused(wrong):
    with pytest.raises(ValueError, match=" "):
        wrong()


def test_nobody_gives_no_circles():
    found = form([], [], CircleSettings(), NOW)
    assert found == Formation((), (), (), 0, 0, 0, 0, 0)
