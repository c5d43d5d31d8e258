"""Draws one made-up person at a time for the demo cohort: where from, which tongues, which hours, what for."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any, Literal

from chalicelib.people import codes
from infra.local.cohort_data import practice
from infra.local.cohort_data.names import POOLS
from infra.local.cohort_data.places import FRIDAY_REST, PLACES, ZONES
from infra.local.cohort_data.texts import FIELDS, SENTENCES
from infra.local.cohort_shapes import Side

# Languages of schooling and of medical literature: where one of these is official, professionals work in it
# whatever share of the whole people speaks it.
TAUGHT_IN = frozenset({"en", "fr", "pt", "es"})
# Elsewhere in East Africa professionals write English or French.
WRITES_SWAHILI = frozenset({"TZ", "KE"})
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Chances of a good, fair and poor line by income group.
LINES = {"low": (20, 50, 30), "lower_middle": (35, 47, 18), "upper_middle": (60, 34, 6), "high": (87, 12, 1)}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a person lives, and where they come from: most often the same."""

    country: str
    home: str

    @property
    def income_group(self) -> str:
        return codes.income_group(self.country) or "lower_middle"


def country(code: str) -> codes.Country:
    """Return a country that is known to be in the list."""
    found = codes.country(code)
    if found is None:
        raise KeyError(code)
    return found


def pick(rng: Random, weights: dict[str, int]) -> str:
    """Draw one name by its weight."""
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def some(rng: Random, words: tuple[str, ...], least: int, most: int) -> list[str]:
    """Draw between ``least`` and ``most`` different words, in the order drawn."""
    return rng.sample(words, min(len(words), rng.randint(least, most)))


def some_weighted(rng: Random, weights: dict[str, int], count: int) -> list[str]:
    """Draw different names by their weights."""
    left = dict(weights)
    drawn = []
    for _ in range(min(count, len(left))):
        name = pick(rng, left)
        del left[name]
        drawn.append(name)
    return drawn


def origin(rng: Random, side: Side, group: str) -> Origin:
    """Draw a country of one income group; some who live in rich countries come from elsewhere."""
    weights = {
        code: weight
        for code, place in PLACES.items()
        if codes.income_group(code) == group
        and (weight := place.mentors if side == "mentor" else place.mentees)
    }
    country = pick(rng, weights)
    moved = 0.22 if side == "mentor" else 0.06
    if group == "high" and rng.random() < moved:
        homes = {
            code: place.mentees for code, place in PLACES.items()
            if place.mentees and codes.income_group(code) != "high"
        }  # fmt: skip
        return Origin(country, pick(rng, homes))
    return Origin(country, country)


def name(rng: Random, home: str) -> tuple[str, str, Literal["woman", "man"]]:
    """Draw a given name, a family name and the gender that the given name goes by."""
    pool = POOLS[PLACES[home].names[0] if rng.random() < 0.7 else rng.choice(PLACES[home].names)]
    gender: Literal["woman", "man"] = "woman" if rng.random() < 0.56 else "man"
    given = rng.choice(pool.women if gender == "woman" else pool.men)
    family = rng.choice(pool.families).split("/")
    return given, family[0 if gender == "man" else -1], gender


def languages(rng: Random, where: Origin, side: Side) -> list[dict[str, str]]:
    """Draw what a person speaks: a mother tongue by the home country's shares, then what they work in."""
    levels: dict[str, str] = {}

    def add(tag: str, level: str) -> None:
        base = tag.partition("-")[0]
        if base not in levels and len(levels) < 5:
            levels[base] = level

    spoken = country(where.home)
    mother = {one.tag: max(1, round(one.share)) for one in spoken.languages if one.share >= 2}
    add(pick(rng, mother or {spoken.languages[0].tag: 1}), "C2")

    for code in dict.fromkeys((where.home, where.country)):
        place, found = PLACES[code], country(code)
        shares = {one.tag.partition("-")[0]: one.share for one in found.languages}
        official = list(dict.fromkeys(tag.partition("-")[0] for tag in found.official_languages))
        for base in official:
            usual = 0.97 if len(official) == 1 or base in TAUGHT_IN else min(0.95, 0.1 + shares[base] / 100)
            if rng.random() < place.foreign.get(base, usual):
                add(base, rng.choices(("C2", "C1", "B2"), weights=(30, 55, 15))[0])
        for base, chance in place.foreign.items():
            if base in official:
                continue
            if rng.random() < chance:
                weights = (10, 42, 43, 5) if side == "mentor" else (4, 25, 43, 28)
                add(base, rng.choices(("C2", "C1", "B2", "B1"), weights=weights)[0])
            elif rng.random() < 0.5:
                add(base, rng.choice(("A2", "B1")))
    return [{"language": tag, "level": level} for tag, level in levels.items()]


def zone(rng: Random, code: str) -> str:
    """Draw one of the country's time zones."""
    return pick(rng, ZONES[code]) if code in ZONES else codes.zones_of(code)[0]


def availability(rng: Random, side: Side, code: str, *, student: bool) -> list[dict[str, str]]:
    """Draw the free hours of a week, in local time, by how the person works."""
    rest = ("fri", "sat") if code in FRIDAY_REST else ("sat", "sun")
    work = [day for day in WEEK if day not in rest]
    ways = (
        {"evenings": 46, "early": 10, "nights": 20, "midday": 10, "weekend": 14}
        if side == "mentee"
        else {"evenings": 38, "early": 12, "nights": 5, "midday": 35, "weekend": 10}
    )
    way = "student" if student else pick(rng, ways)
    windows: list[tuple[str, int, int]] = []

    def offer(days: list[str], count: int, start: int, spread: int, lengths: tuple[int, ...]) -> None:
        """Add ``count`` windows that start within ``spread`` quarters after ``start`` (minutes of the day)."""
        begin = start + 15 * rng.randint(0, spread)
        for day in sorted(rng.sample(days, min(count, len(days))), key=WEEK.index):
            windows.append((day, begin, min(begin + rng.choice(lengths), 24 * 60)))

    if way == "evenings":
        offer(work, rng.randint(2, 4), 17 * 60, 10, (90, 120, 150, 180))
        if rng.random() < 0.45:
            offer([rest[0]], 1, 9 * 60, 8, (120, 180))
    elif way == "early":
        offer(work, rng.randint(2, 4), 5 * 60 + 30, 6, (60, 90))
        offer([rest[-1]], 1, 8 * 60, 12, (120, 180))
    elif way == "nights":  # asleep in the morning, free before the shift
        offer(work, rng.randint(2, 3), 14 * 60, 6, (90, 120, 180))
        if rng.random() < 0.3:  # quiet hours of the shift itself, over midnight: two windows
            night = rng.randrange(6)
            windows += [(WEEK[night], 23 * 60, 24 * 60), (WEEK[night + 1], 0, 60)]
    elif way == "midday":
        offer(work, rng.randint(2, 3), 11 * 60 + 30, 6, (60, 90))
        offer(work, rng.randint(1, 3), 15 * 60 + 30, 8, (60, 90, 120))
    elif way == "student":
        offer(work, rng.randint(2, 4), 15 * 60, 10, (120, 180))
        offer([rest[0]], 1, 10 * 60, 12, (120, 240))
    else:
        for day in rest:
            offer([day], 1, 8 * 60, 16, (120, 180, 240))
    merged = _without_overlaps(windows)
    return [{"weekday": day, "start": _clock(start), "end": _clock(end)} for day, start, end in merged]


def line(rng: Random, where: Origin, side: Side) -> tuple[str, list[str]]:
    """Draw how good a person's connection is, and the channels that they would use."""
    connection = rng.choices(("good", "fair", "poor"), weights=LINES[where.income_group])[0]
    likely = {
        "good": {"video": 0.95, "voice": 0.8, "phone": 0.3, "chat": 0.6, "email": 0.7},
        "fair": {"video": 0.7, "voice": 0.9, "phone": 0.4, "chat": 0.8, "email": 0.6},
        "poor": {"video": 0.1, "voice": 0.3, "phone": 0.75, "chat": 0.9, "email": 0.6},
    }[connection]
    chosen = [channel for channel, chance in likely.items() if rng.random() < chance]
    if side == "mentor" and "email" not in chosen and rng.random() < 0.6:
        chosen.append("email")
    return connection, chosen or ["chat", "email"]


def goals(
    rng: Random, side: Side, where: Origin, specialty: str, tongues: list[dict[str, str]], years: int
) -> str:
    """Put a goals text together, in a language that the person writes well; now and then there is none."""
    if rng.random() < (0.06 if side == "mentee" else 0.12):
        return ""
    strong = [one["language"] for one in tongues if one["level"] in ("C1", "C2")]
    local = [tag for tag in strong if tag in SENTENCES and tag != "en"]
    if where.country not in WRITES_SWAHILI:
        local = [tag for tag in local if tag != "sw"]
    english = any(one["language"] == "en" and one["level"] not in ("A1", "A2") for one in tongues)
    if local and (not english or rng.random() < 0.6):
        tag = local[0]
    elif english:
        tag = "en"
    else:
        return ""
    parts = SENTENCES[tag]
    found = codes.specialty(specialty)
    field = found.name.lower() if tag == "en" and found else FIELDS.get(tag, {}).get(specialty)
    if side == "mentor":
        first = rng.choice(parts.mentor_openings) if field else ""
        chosen = [first, *some(rng, parts.offers, 1, 2)]
    else:
        openings = parts.openings if field and rng.random() < 0.75 else parts.plain_openings
        chosen = [rng.choice(openings), *some(rng, parts.needs, 1, 2)]
        if rng.random() < 0.45:
            chosen.append(rng.choice(parts.closings))
    shown = _arabic_years(years) if tag == "ar" else str(years)
    return " ".join(sentence.format(field=field, years=shown) for sentence in chosen if sentence)


def practice_of(rng: Random, side: Side) -> dict[str, Any]:
    """Draw occupation, specialties, interests and stage."""
    if side == "mentee" and rng.random() < 0.15:
        intended = pick(rng, practice.STUDENT_PROFESSIONS)
        work: dict[str, Any] = {
            "profession": "student",
            "intended_profession": intended,
            "study_year": rng.randint(2, 6),
            "career_stage": "student",
        }
    else:
        professions = practice.MENTOR_PROFESSIONS if side == "mentor" else practice.MENTEE_PROFESSIONS
        intended = pick(rng, professions)
        stages = {"mid": 28, "senior": 58, "retired": 14} if side == "mentor" else {"early": 72, "mid": 28}
        work = {"profession": intended, "career_stage": pick(rng, stages)}
    specialties = [pick(rng, practice.BY_PROFESSION[intended])]
    if rng.random() < (0.45 if side == "mentor" else 0.25):
        specialties.append(pick(rng, practice.CROSS_CUTTING))
    interests = some(rng, practice.INTERESTS.get(specialties[0], practice.GENERAL_INTERESTS), 1, 2)
    if rng.random() < 0.4:
        interests += some(rng, practice.GENERAL_INTERESTS, 1, 1)
    topics = some_weighted(rng, practice.TOPICS, rng.randint(2, 4) + (side == "mentor"))
    return work | {
        "specialties": list(dict.fromkeys(specialties)),
        "research_interests": list(dict.fromkeys(interests)),
        "topics_offered" if side == "mentor" else "topics_sought": topics,
        "strengths": some(rng, practice.STRENGTHS, 2, 4),
        "wants_to_grow": some(rng, practice.GROWTH, 1, 3),
        "values": some(rng, practice.VALUES, 2, 4),
    }


def wishes(rng: Random, side: Side, where: Origin, gender: str) -> dict[str, Any]:
    """Draw preferences, negative wishes, countries of interest, access needs, and what few people disclose."""
    elsewhere = [code for code in PLACES if code not in (where.country, where.home)]
    experience = [where.home] if where.home != where.country else []
    if rng.random() < (0.4 if side == "mentor" else 0.12):
        experience += rng.sample(elsewhere, rng.randint(1, 2))
    drawn: dict[str, Any] = {
        "countries_of_interest": rng.sample(elsewhere, rng.choice((0, 0, 1, 2, 3))),
        "country_experience": experience,
        "preferences": {
            "cross_border": pick(rng, {"preferred": 50, "no_preference": 42, "required": 8}),
            "same_profession": rng.random() < 0.35,
        },
        "access_needs": some(rng, practice.ACCESS_NEEDS, 1, 2) if rng.random() < 0.12 else [],
        "visible": side == "mentee" or rng.random() < 0.94,
    }
    if rng.random() < 0.35:
        drawn |= {"sensitive_consent": True, "gender": gender}
        if gender == "woman" and rng.random() < 0.3:
            drawn["preferences"]["genders"] = ["woman"]
        if rng.random() < 0.4:
            drawn["background"] = rng.choice(practice.BACKGROUNDS)
    if rng.random() < 0.04:
        drawn["negative_wishes"] = {"countries": rng.sample(elsewhere, 1)}
    return drawn


def employer(rng: Random, zone_name: str, given: str, family: str) -> str:
    """Make up a hospital in the zone's city."""
    city = zone_name.rpartition("/")[2].replace("_", " ")
    return rng.choice(practice.EMPLOYERS).format(city=city, given=given, family=family)


def _arabic_years(years: int) -> str:
    """Count years as Arabic does: a dual, a plural up to ten, and the singular from there on."""
    if years == 2:
        return "سنتين"
    return f"{years} {'سنوات' if 3 <= years <= 10 else 'سنة'}"


def _without_overlaps(windows: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    merged: list[tuple[str, int, int]] = []
    for day, start, end in sorted(windows, key=lambda window: (WEEK.index(window[0]), *window[1:])):
        if merged and merged[-1][0] == day and start <= merged[-1][2]:
            merged[-1] = (day, merged[-1][1], max(end, merged[-1][2]))
        else:
            merged.append((day, start, end))
    return merged


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
