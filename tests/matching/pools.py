"""People for matching tests: a mentee and a mentor who suit each other, and pools drawn by hypothesis."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from chalicelib.matching.model import MatchSettings, MenteeEntry, MentorEntry, Snapshot
from chalicelib.people.model import (
    CareerStage,
    Channel,
    Connection,
    CrossBorder,
    LanguageSkill,
    NegativeWishes,
    Preferences,
    Profile,
    Weekday,
    Window,
)

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)  # a Sunday
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
COUNTRIES = ("KE", "FR", "US", "NP")
TAGS = ("sepsis", "grant writing", "grant applications", "research writing", "leadership")

windows = st.builds(
    lambda day, start, length: Window(day, start * 15, min(96, start + length) * 15),
    st.sampled_from(Weekday),
    st.integers(0, 95),
    st.integers(1, 40),
)
availabilities = st.lists(windows, min_size=1, max_size=8).map(lambda found: tuple(sorted(set(found))))
some_tags = st.lists(st.sampled_from(TAGS), max_size=3, unique=True).map(tuple)
some_countries = st.lists(st.sampled_from(COUNTRIES), max_size=2, unique=True).map(tuple)


@st.composite
def profiles(draw, person_id):
    languages = draw(
        st.dictionaries(
            st.sampled_from(("en", "fr", "pt-BR", "pt-PT", "zh-Hans", "zh-Hant")),
            st.sampled_from(("B1", "B2", "C1", "C2")),
            min_size=1,
            max_size=3,
        )
    )
    consent = draw(st.booleans())
    return Profile(
        person_id,
        profession=draw(st.sampled_from(("2221", "2211", "2212", "student"))),
        specialties=draw(st.sampled_from(((), ("cardiology",), ("paediatric-cardiology", "neonatology")))),
        research_interests=draw(some_tags),
        career_stage=draw(st.sampled_from((None, *CareerStage))),
        employer=draw(st.sampled_from((None, "North Hospital", "South Clinic"))),
        country=draw(st.sampled_from(COUNTRIES)),
        countries_of_interest=draw(some_countries),
        country_experience=draw(some_countries),
        languages=skills(*sorted(languages.items())),
        time_zone=draw(st.sampled_from(ZONES)),
        availability=draw(st.one_of(availabilities, st.just(EVENINGS))),
        channels=draw(st.lists(st.sampled_from(Channel), min_size=1, max_size=3, unique=True).map(tuple)),
        connection=draw(st.sampled_from((None, *Connection))),
        topics_sought=draw(some_tags),
        topics_offered=draw(some_tags),
        strengths=draw(some_tags),
        wants_to_grow=draw(some_tags),
        goals=draw(st.sampled_from(("", "Learn sepsis care", "Apprendre la recherche", "sepsis research"))),
        values=draw(some_tags),
        preferences=Preferences(
            cross_border=draw(st.sampled_from(CrossBorder)),
            same_profession=draw(st.booleans()),
            countries=draw(some_countries),
            genders=draw(st.sampled_from(((), ("woman",)))),
        ),
        negative_wishes=NegativeWishes(
            countries=draw(st.sampled_from(((), ("US",)))),
            employers=draw(st.sampled_from(((), ("north hospital",)))),
        ),
        sensitive_consent=consent,
        gender=draw(st.sampled_from(("woman", "man"))) if consent else None,
    )


@st.composite
def pools(draw, most=6, **settings):
    """A snapshot of a few people on each side, some closed, some who rule each other out, some on both sides."""
    mentee_ids = [f"e{n}" for n in range(draw(st.integers(0, most)))]
    mentor_ids = [f"r{n}" for n in range(draw(st.integers(0, most)))]
    if mentee_ids and mentor_ids and draw(st.booleans()):
        mentor_ids[0] = mentee_ids[0]
    several = st.booleans()
    some_mentors = st.frozensets(st.sampled_from([*mentor_ids, "elsewhere"]), max_size=2)
    some_mentees = st.frozensets(st.sampled_from([*mentee_ids, "elsewhere"]), max_size=2)
    mentees = [
        MenteeEntry(
            name,
            draw(profiles(name)),
            waiting_since=NOW - timedelta(hours=draw(st.integers(-5, 3000))),
            enrolled=draw(st.sampled_from((True, True, True, False))),
            active=draw(several) or draw(several),
            places_left=draw(st.sampled_from((1, 1, 0, 2))),
            blocked=draw(some_mentors),
            declined=draw(some_mentors),
        )
        for name in mentee_ids
    ]
    mentors = [
        MentorEntry(
            name,
            draw(profiles(name)),
            capacity_left=draw(st.integers(0, 3)),
            verified_until=draw(st.sampled_from((None, NOW, NOW + timedelta(microseconds=1)))),
            enrolled=draw(st.sampled_from((True, True, True, False))),
            active=draw(several) or draw(several),
            blocked=draw(some_mentees),
            declined=draw(some_mentees),
        )
        for name in mentor_ids
    ]
    return snapshot(mentees, mentors, **settings)
