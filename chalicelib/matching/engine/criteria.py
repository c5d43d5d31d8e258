"""The criteria whose points add up over features: who seeks what, and who has it.

Each function takes people of one side and what the criterion is worth in points, and tells how that side looks at it;
the two sides together are a `Coverage`. `docs/matching.md` has the formulas; every number here is our judgement and
stands with its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, lru_cache
from typing import Final

from chalicelib.matching.engine.coverage import EVERYBODY, Coverage, Side
from chalicelib.matching.model import MILLION, share_out
from chalicelib.people import codes
from chalicelib.people.model import (
    STUDENT,
    CareerStage,
    CrossBorder,
    Profile,
    employer_of,
    normalised_tag,
    unwanted_employers,
    usable_gender,
)
from chalicelib.programmes.model import PairKind

# Shares of the criterion "topics" among what the mentee states of the three.
TOPIC_SHARE: Final = 50
SPECIALTY_SHARE: Final = 35
GROWTH_SHARE: Final = 15

_TAG_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_FIELD_WORD: Final = re.compile(r"[a-z]{4,}")
CAREER_PARTS: Final = (10, 20, 20, 50)
"""Hundredths of the criterion "career": with anybody; for the same group of professions, and the very profession; for
how far the mentor is ahead, or whatever else the programme's kind asks of the two stages."""

STAGE: Final = {
    CareerStage.STUDENT: 0,
    CareerStage.EARLY: 1,
    CareerStage.MID: 2,
    CareerStage.SENIOR: 3,
    CareerStage.RETIRED: 3,
}
# By how many stages the mentor is ahead: behind is no mentor, a peer helps some, one or two stages is what a
# mentor is for, and three (a student and a senior) is far.
STAGE_FIT: Final = {-3: 0, -2: 0, -1: 0, 0: 400_000, 1: 1_000_000, 2: 1_000_000, 3: 800_000}
# The junior teaches: ahead is no reverse mentor, one of the same stage helps some, and nobody is too far behind, since
# what is taught is not what years in the profession bring.
REVERSE_FIT: Final = {-3: 1_000_000, -2: 1_000_000, -1: 1_000_000, 0: 400_000, 1: 0, 2: 0, 3: 0}
# Peers are of one stage, or of two that touch.
PEER_FIT: Final = {-3: 0, -2: 200_000, -1: 600_000, 0: 1_000_000, 1: 600_000, 2: 200_000, 3: 0}
STAGES_FIT: Final = {
    PairKind.ONE_TO_ONE: STAGE_FIT,
    PairKind.REVERSE: REVERSE_FIT,
    PairKind.PEER: PEER_FIT,
}
"""What the stages of two are worth, by how many the mentor is ahead; millionths of that part of the criterion."""

STAGE_UNKNOWN: Final = 500_000

WISH_PARTS: Final = (40, 60)
"""Hundredths of the criterion "wishes": the mentor knows the mentee's country; what both wish of each other."""

_DAY: Final = timedelta(days=1)
# Words of specialties' names that say nothing of the field.
_NO_FIELD: Final = frozenset(
    {"medicine", "medical", "nursing", "surgery", "health", "clinical", "therapy", "care", "community"}
)
_STOP_WORDS: Final = frozenset(
    {
        "and",
        "the",
        "for",
        "with",
        "work",
        "des",
        "les",
        "aux",
        "pour",
        "avec",
        "las",
        "los",
        "del",
        "para",
        "com",
    }
    | {"und", "der", "die"}
)


def tag_features(tags: Iterable[str]) -> set[str]:
    """Return what an offered list of tags has: the tags, and their words."""
    names: set[str] = set()
    for tag in map(normalised_tag, tags):
        names.add(f"tag:{tag}")
        names.update(f"word:{word}" for word in tag_words(tag))
    return names


@lru_cache(maxsize=65_536)
def tag_words(tag: str) -> tuple[str, ...]:
    """Return the telling words of a tag, each once."""
    return tuple(dict.fromkeys(w for w in _TAG_WORD.findall(tag.casefold()) if w not in _STOP_WORDS))


def sought_tags(tags: Sequence[str], whole: int) -> dict[str, int]:
    """Share `whole` among the tags evenly: half of each tag's share for the very tag, half for its words.

    An equal tag so earns its whole share, a related one ("grant writing" with "grant applications") the part of
    the half that its common words have.
    """
    weights: dict[str, int] = {}
    if not (tags and whole):
        return weights
    for tag, share in zip(map(normalised_tag, tags), share_out(whole, [1] * len(tags)), strict=True):
        found = tag_words(tag)
        names = [f"tag:{tag}", *(f"word:{word}" for word in found)]
        parts = [len(found), *([1] * len(found))] if found else [1]
        for name, part in zip(names, share_out(share, parts), strict=True):
            weights[name] = weights.get(name, 0) + part
    return weights


@cache
def related_specialties(slug: str) -> frozenset[str]:
    """Return the specialties whose names share a word of their field, the same one among them.

    Examples
    --------
    >>> "paediatric-cardiology" in related_specialties("cardiology")
    True
    >>> "internal-medicine" in related_specialties("nuclear-medicine")
    False
    """
    own = _field_words(slug)
    return frozenset({slug} | {other.slug for other in codes.specialties() if own & _field_words(other.slug)})


def _field_words(slug: str) -> set[str]:
    return set(_FIELD_WORD.findall(slug)) - _NO_FIELD


def topics_of_mentees(people: Sequence[Profile], worth: int) -> Side:
    """Topics sought, specialties, and what the mentee wants to grow against the mentor's strengths."""
    return _fields([_Field(p.topics_sought, p.specialties, p.wants_to_grow) for p in people], worth)


def topics_of_peers(people: Sequence[Profile], worth: int) -> Side:
    """Peers seek and offer at once: what each seeks counts against what the other offers."""
    seeking = [_Field(p.topics_sought, p.specialties, p.wants_to_grow) for p in people]
    giving = [_Field(p.topics_offered, p.specialties, p.strengths) for p in people]
    return Side([one.sought(worth) for one in seeking], [one.offered() for one in giving])


def topics_of_mentors(people: Sequence[Profile], worth: int) -> Side:
    """The other way round: who seeks what they offer, works in their field, wants their strengths."""
    return _fields([_Field(p.topics_offered, p.specialties, p.strengths) for p in people], worth)


@dataclass(frozen=True)
class _Field:
    """What somebody works on, or wants to: free tags, specialties, and strengths or their lack."""

    topics: Sequence[str]
    specialties: Sequence[str]
    growth: Sequence[str]

    def sought(self, whole: int) -> dict[str, int]:
        """Share `whole` among what is stated."""
        stated = (
            (TOPIC_SHARE, self.topics),
            (SPECIALTY_SHARE, self.specialties),
            (GROWTH_SHARE, self.growth),
        )
        shares = [share if items else 0 for share, items in stated]
        wholes = share_out(whole, shares) if any(shares) else [0, 0, 0]
        return (
            _prefixed("topic", sought_tags(self.topics, wholes[0]))
            | _sought_specialties(self.specialties, wholes[1])
            | _prefixed("growth", sought_tags(self.growth, wholes[2]))
        )

    def offered(self) -> set[str]:
        return (
            {f"topic/{name}" for name in tag_features(self.topics)}
            | {f"specialty:{slug}" for slug in self.specialties}
            | {f"field:{near}" for slug in self.specialties for near in related_specialties(slug)}
            | {f"growth/{name}" for name in tag_features(self.growth)}
        )


def _fields(fields: Sequence[_Field], worth: int) -> Side:
    return Side([one.sought(worth) for one in fields], [one.offered() for one in fields])


def _sought_specialties(slugs: Sequence[str], whole: int) -> dict[str, int]:
    """Share `whole` evenly: half of a share for the specialty itself, half for one of a related field."""
    weights: dict[str, int] = {}
    for slug, share in zip(slugs, share_out(whole, [1] * len(slugs)) if slugs else [], strict=True):
        weights[f"specialty:{slug}"], weights[f"field:{slug}"] = share_out(share, [1, 1])
    return weights


def _prefixed(prefix: str, weights: Mapping[str, int]) -> dict[str, int]:
    return {f"{prefix}/{name}": weight for name, weight in weights.items()}


def tags(people: Sequence[Sequence[str]], worth: int) -> Side:
    """How much of one's own tags the other has too (research interests, values)."""
    return Side([sought_tags(one, worth) for one in people], [tag_features(one) for one in people])


def career_of_mentees(people: Sequence[Profile], worth: int, kind: PairKind = PairKind.ONE_TO_ONE) -> Side:
    """Half for the profession, half for how the two stages suit the kind: as a rule, how far the mentor is ahead."""
    other, group, same, stage = share_out(worth, list(CAREER_PARTS))
    ahead = {mine: _stages_ahead(mine, stage, STAGES_FIT[kind]) for mine in (None, *CareerStage)}

    def sought(profile: Profile) -> dict[str, int]:
        code = practised_profession(profile)
        known = codes.profession(code)
        points = {EVERYBODY: other} | ahead[stage_of(profile)]
        if code:
            points[f"profession:{code}"] = same if known else group + same
        if known:
            points[f"group:{known.group}"] = group
        return points

    return Side([sought(p) for p in people], [()] * len(people))


def career_of_mentors(people: Sequence[Profile]) -> Side:
    """What mentees look at; a mentor has no other view of it."""

    def offered(profile: Profile) -> Iterator[str]:
        code = practised_profession(profile)
        known = codes.profession(code)
        yield f"profession:{code}"
        yield f"stage:{stage_of(profile)}"
        if known:
            yield f"group:{known.group}"

    return Side.without_view([tuple(offered(p)) for p in people])


def _stages_ahead(mentee: CareerStage | None, worth: int, fit: Mapping[int, int]) -> dict[str, int]:
    """Return what each stage of a mentor is worth to a mentee."""
    fits = {
        mentor: fit[STAGE[mentor] - STAGE[mentee]] if mentor and mentee else STAGE_UNKNOWN
        for mentor in (None, *CareerStage)
    }
    return {f"stage:{mentor}": worth * fit // MILLION for mentor, fit in fits.items()}


def knowing_the_country(mentees: Sequence[Profile], mentors: Sequence[Profile], worth: int) -> Coverage:
    """The mentor's experience of the mentee's country."""
    return Coverage(
        Side([{name: worth} for name in map(_country, mentees)], [()] * len(mentees)),
        Side.without_view([[f"country:{name}" for name in lived(p)] for p in mentors]),
    )


def peers_country(people: Sequence[Profile], worth: int) -> Side:
    """The experience that either has of the other's country."""
    return Side(
        [{_country(p): worth} for p in people], [[f"country:{name}" for name in lived(p)] for p in people]
    )


def wishes(people: Sequence[Profile], worth: int, others: Iterable[Profile]) -> Side:
    """Of each one's wishes what is met; but for the countries of interest, of which one is enough: they are no sum
    (`pairwise.Interests`)."""
    places: dict[str, set[str]] = {}
    for profile in others:
        employer = employer_of(profile)
        if employer and profile.country:
            places.setdefault(employer, set()).add(profile.country)
    return Side([_wished(p, worth, places) for p in people], [_traits(p) for p in people])


def wish_points(profile: Profile, whole: int) -> list[int]:
    """Share `whole` evenly among what a person wishes, in the order of: countries of interest, countries, genders,
    career stages, same profession, nobody whom they would rather not have. All zero for who wishes nothing."""
    wishes = profile.preferences
    stated = (
        profile.countries_of_interest,
        wishes.countries,
        wishes.genders,
        wishes.career_stages,
        wishes.same_profession,
        avoids(profile),
    )
    parts = [int(bool(one)) for one in stated]
    return share_out(whole, parts) if any(parts) else [0] * len(parts)


def avoids(profile: Profile) -> bool:
    """Tell whether a person would rather not have somebody, if possible."""
    wishes = profile.negative_wishes.if_possible
    return bool(wishes.countries or unwanted_employers(profile, wishes))


def _wished(profile: Profile, whole: int, elsewhere: Mapping[str, set[str]]) -> dict[str, int]:
    """Return what features of a partner are worth to a person; `elsewhere` has the countries of each employer."""
    interest, country, gender, stage, profession, nobody = wish_points(profile, whole)
    if not any((interest, country, gender, stage, profession, nobody)):
        return {EVERYBODY: whole // 2}  # no wish is neither met nor missed
    wishes, unwanted = profile.preferences, profile.negative_wishes.if_possible
    found = dict.fromkeys((f"country:{name}" for name in wishes.countries), country)
    found |= dict.fromkeys((f"gender:{name}" for name in wishes.genders), gender)
    found |= dict.fromkeys((f"stage:{name}" for name in wishes.career_stages), stage)
    if wishes.same_profession:
        found[f"profession:{practised_profession(profile)}"] = profession
    if nobody:
        found[EVERYBODY] = nobody
        for name in unwanted.countries:
            found[f"country:{name}"] = found.get(f"country:{name}", 0) - nobody
        # Whose country and employer are both unwanted is unwanted once.
        for employer in unwanted_employers(profile, unwanted):
            for name in elsewhere.get(employer, set()).difference(unwanted.countries):
                found[f"employer:{employer}@{name}"] = -nobody
    return found


def _country(profile: Profile) -> str:
    return f"country:{profile.country}"


def _traits(profile: Profile) -> tuple[str, ...]:
    """Return what a person is that a wish may name, one of each."""
    return (
        _country(profile),
        f"gender:{usable_gender(profile) or ''}",
        f"stage:{stage_of(profile)}",
        f"profession:{practised_profession(profile)}",
        f"employer:{employer_of(profile)}@{profile.country}",
    )


def cross_border(people: Sequence[Profile], worth: int) -> Side:
    """A partner abroad; one in the same country is worth half to who does not mind."""

    def sought(profile: Profile) -> dict[str, int]:
        minds = profile.preferences.cross_border is not CrossBorder.NO_PREFERENCE
        return {EVERYBODY: worth, _country(profile): (0 if minds else worth // 2) - worth}

    return Side([sought(p) for p in people], [(_country(p),) for p in people])


def waiting(times: Sequence[timedelta], whole_days: int, worth: int) -> Side:
    """How long each mentee has waited; `whole_days` earn everything."""
    points = [worth * waited(time, whole_days) // MILLION for time in times]
    return Side([{EVERYBODY: one} for one in points], [()] * len(points))


def waited(time: timedelta, whole_days: int) -> int:
    """Return millionths of the time that earns everything; in whole microseconds, so exact."""
    microseconds = max(time, timedelta()) // timedelta(microseconds=1)
    whole = whole_days * (_DAY // timedelta(microseconds=1))
    return min(MILLION, microseconds * MILLION // whole)


def practised_profession(profile: Profile) -> str:
    """Return the ISCO-08 code that counts: a student's intended one; empty where it is not known."""
    if profile.profession == STUDENT:
        return profile.intended_profession or ""
    return profile.profession or ""


def stage_of(profile: Profile) -> CareerStage | None:
    """Return the career stage; a student is one even where they did not say so."""
    return CareerStage.STUDENT if profile.profession == STUDENT else profile.career_stage


def lived(profile: Profile) -> frozenset[str]:
    """Return the countries where somebody practises or has worked."""
    return frozenset(name for name in (profile.country, *profile.country_experience) if name)
