"""People for matching tests: a mentee and a mentor who suit each other, and pools drawn by hypothesis."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import strategies as st

from chalicelib.matching.model import MatchSettings, MenteeEntry, MentorEntry, PairOfIds, Rule, Snapshot
from chalicelib.people.model import (
    CareerStage,
    Channel,
    Connection,
    CrossBorder,
    LanguageSkill,
    NegativeWishes,
    Preferences,
    Profile,
    Unwanted,
    Weekday,
    Window,
)

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)  # a Sunday
DAYTIME = tuple(Window(day, 7 * 60, 21 * 60) for day in Weekday)
EVENINGS = (Window(Weekday.TUESDAY, 17 * 60, 20 * 60), Window(Weekday.SATURDAY, 9 * 60, 12 * 60))


def profile(person_id, **changes):
    """Return a complete profile; two of them suit each other unless the changes say otherwise."""
    base = Profile(
        person_id,
        profession="2221",
        country="KE",
        languages=(LanguageSkill("en", "C1"),),
        time_zone="Africa/Nairobi",
        availability=EVENINGS,
        channels=(Channel.VIDEO, Channel.CHAT),
    )
    return replace(base, **changes)


def mentee(person_id="a", *, entry=None, **changes):
    return MenteeEntry(person_id, profile(person_id, **changes), **({"waiting_since": NOW} | (entry or {})))


def mentor(person_id="m", *, entry=None, **changes):
    given = {"capacity_left": 1, "verified_until": NOW + timedelta(days=30)} | (entry or {})
    return MentorEntry(person_id, profile(person_id, **changes), **given)


def snapshot(mentees, mentors, **settings):
    return Snapshot("p1", "r1", NOW, tuple(mentees), tuple(mentors), MatchSettings(**settings))


def skills(*pairs):
    return tuple(LanguageSkill(tag, level) for tag, level in pairs)


ZONES = ("Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago",
         "Africa/Casablanca", "Pacific/Auckland", "Asia/Kolkata", "Africa/Nairobi", "Pacific/Chatham")  # fmt: skip
COUNTRIES = ["KE", "FR", "US", "NP"]
CROSSING = (CrossBorder.PREFERRED, CrossBorder.NO_PREFERENCE) * 2
TAGS = ["sepsis", "grant writing", "grant applications", "research writing", "leadership"]

windows = st.builds(
    lambda day, start, length: Window(day, start * 15, min(96, start + length) * 15),
    st.sampled_from(Weekday),
    st.integers(0, 95),
    st.integers(1, 40),
)
availabilities = st.lists(windows, min_size=1, max_size=8).map(lambda found: tuple(sorted(set(found))))


def unwanted(rng):
    """Draw whom somebody does not want: countries, employers, their own."""
    countries = rng.choice(((), (), (), (), ("US",)))
    employers = rng.choice(((), (), (), (), ("north hospital",)))
    return countries, employers, rng.random() < 0.07


def random_profile(rng, person_id):
    """Draw a complete profile from few values, so that people often share some."""

    def some(values, most):
        return tuple(rng.sample(values, rng.randint(0, most)))

    # Danish and Norwegian are close, Egyptian Arabic is to Arabic.
    tags = ["en", "fr", "pt-BR", "pt-PT", "zh-Hans", "zh-Hant", "da", "nb", "no", "arz", "ar"]
    languages = {tag: rng.choice(("B1", "B2", "C1", "C2")) for tag in rng.sample(tags, rng.randint(2, 4))}
    consent = rng.random() < 0.5
    starts = [
        (rng.choice(list(Weekday)), rng.randrange(96), rng.randint(1, 40)) for _ in range(rng.randint(1, 8))
    ]
    drawn = tuple(sorted({Window(day, n * 15, min(96, n + length) * 15) for day, n, length in starts}))
    return Profile(
        person_id,
        profession=rng.choice(("2221", "2211", "2212", "student")),
        intended_profession=None,
        specialties=rng.choice(((), ("cardiology",), ("paediatric-cardiology", "neonatology"))),
        research_interests=some(TAGS, 3),
        career_stage=rng.choice((None, *CareerStage)),
        employer=rng.choice((None, "North Hospital", "South Clinic")),
        country=rng.choice(COUNTRIES),
        countries_of_interest=some(COUNTRIES, 2),
        country_experience=some(COUNTRIES, 2),
        languages=skills(*languages.items()),
        time_zone=rng.choice(ZONES),
        availability=rng.choice((drawn, EVENINGS, DAYTIME)),
        channels=tuple(rng.sample(list(Channel), rng.randint(1, 4))),
        connection=rng.choice((None, *Connection)),
        topics_sought=some(TAGS, 3),
        topics_offered=some(TAGS, 3),
        strengths=some(TAGS, 2),
        wants_to_grow=some(TAGS, 2),
        goals=rng.choice(("", "Learn sepsis care", "Apprendre la recherche", "sepsis research")),
        values=some(TAGS, 3),
        preferences=Preferences(
            cross_border=rng.choice((*CrossBorder, *CROSSING)),
            same_profession=rng.random() < 0.3,
            career_stages=some(list(CareerStage), 2),
            countries=some(COUNTRIES, 2),
            genders=rng.choice(((), ("woman",))),
            genders_required=rng.random() < 0.2,
        ),
        negative_wishes=NegativeWishes(*unwanted(rng), if_possible=Unwanted(*unwanted(rng))),
        sensitive_consent=consent,
        gender=rng.choice(("woman", "man")) if consent else None,
    )


def random_pool(seed, most=6, **settings):
    """Draw a few people on each side: some closed, some who rule each other out, somebody on both sides."""
    rng = Random(seed)  # noqa: S311
    mentee_ids = [f"e{n}" for n in range(rng.randint(0, most))]
    mentor_ids = [f"r{n}" for n in range(rng.randint(0, most))]
    if mentee_ids and mentor_ids and rng.random() < 0.3:
        mentor_ids[0] = mentee_ids[0]

    def others(ids):
        return frozenset(name for name in ids if rng.random() < 0.05)

    mentees = [
        MenteeEntry(
            name,
            random_profile(rng, name),
            waiting_since=NOW - timedelta(hours=rng.randint(-5, 3000)),
            enrolled=rng.random() < 0.95,
            active=rng.random() < 0.95,
            places_left=rng.choice((1, 1, 1, 1, 0, 2)),
            blocked=others([*mentor_ids, "elsewhere"]),
            declined=others([*mentor_ids, "elsewhere"]),
        )
        for name in mentee_ids
    ]
    mentors = [
        MentorEntry(
            name,
            random_profile(rng, name),
            capacity_left=rng.choice((0, 1, 1, 2, 3)),
            verified_until=rng.choice(
                (None, NOW, *[NOW + timedelta(microseconds=1), NOW + timedelta(days=9)] * 4)
            ),
            enrolled=rng.random() < 0.95,
            active=rng.random() < 0.95,
            blocked=others([*mentee_ids, "elsewhere"]),
            declined=others([*mentee_ids, "elsewhere"]),
        )
        for name in mentor_ids
    ]
    drawn = {
        "rules_off": frozenset(rule for rule in Rule if rng.random() < 0.1),
        "forbidden": tuple(
            PairOfIds(one, other) for one in mentee_ids for other in mentor_ids if rng.random() < 0.05
        ),
    }
    return snapshot(mentees, mentors, **drawn | settings)


def pools(most=6, **settings):
    """Seeded pools: quick to draw, and a seed is all that a failing one needs."""
    return st.integers(0, 2**32).map(lambda seed: random_pool(seed, most, **settings))
