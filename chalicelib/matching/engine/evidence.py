"""The facts that speak for a chosen pair, from the two profiles and the points that they earned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from chalicelib.matching.engine.criteria import (
    STAGE,
    lived,
    practised_profession,
    related_specialties,
    stage_of,
    tag_words,
)
from chalicelib.matching.evidence import CareerStages, Evidence, Meeting, MetWishes, OtherWay, Professions
from chalicelib.matching.model import Criterion, MenteeEntry
from chalicelib.people import codes
from chalicelib.people.model import STUDENT, CrossBorder, Profile, normalised_tag
from chalicelib.programmes.model import PairKind

# A criterion of degree speaks for a pair from this part of its points on, hundredths; our judgement. Texts with half of
# them have things in common, and are not yet much alike.
_TELLING: Final = 50
_ALIKE: Final = 75


def evidence(
    entry: MenteeEntry,
    mentor: Profile,
    points: Mapping[Criterion, int],
    weights: Mapping[Criterion, int],
    kind: PairKind = PairKind.ONE_TO_ONE,
) -> Evidence:
    """Gather what speaks for a pair.

    Parameters
    ----------
    points, weights
        What the pair earned by criterion, and could have earned; millionths.
    """
    mentee = entry.profile

    def telling(criterion: Criterion, part: int = _TELLING) -> bool:
        return bool(weights[criterion]) and points[criterion] * 100 >= weights[criterion] * part

    specialties = tuple(one for one in mentee.specialties if one in mentor.specialties)
    return Evidence(
        topics=_common(mentee.topics_sought, mentor.topics_offered),
        near_topics=_near_topics(mentee, mentor),
        specialties=specialties,
        near_specialties=_near_specialties(mentee, mentor, specialties),
        growth=_common(mentee.wants_to_grow, mentor.strengths),
        research=_common(mentee.research_interests, mentor.research_interests),
        goals_alike=telling(Criterion.GOALS, _ALIKE),
        professions=_professions(mentee, mentor),
        career_stages=_career_stages(mentee, mentor, kind),
        countries=Meeting(mentee.country, mentor.country) if mentee.country and mentor.country else None,
        known_country=_known_country(mentee, mentor),
        waiting_since=entry.waiting_since
        if kind is not PairKind.PEER and telling(Criterion.WAITING)
        else None,
        mentee_wishes=_met(mentee, mentor),
        mentor_wishes=_met(mentor, mentee),
        other_way=_other_way(mentor, mentee) if kind is PairKind.PEER else None,
    )


def _other_way(seeking: Profile, giving: Profile) -> OtherWay:
    return OtherWay(
        topics=_common(seeking.topics_sought, giving.topics_offered),
        near_topics=_near_topics(seeking, giving),
        growth=_common(seeking.wants_to_grow, giving.strengths),
        known_country=_known_country(seeking, giving),
    )


def _common(own: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Return the tags that the other has too, in one's own spelling and order, each once."""
    theirs = {normalised_tag(tag) for tag in others}
    return tuple(tag for name, tag in _by_name(own).items() if name in theirs)


def _by_name(tags: Sequence[str]) -> dict[str, str]:
    """Return tags by the spelling in which they are compared; of equal ones the first."""
    found: dict[str, str] = {}
    for tag in tags:
        found.setdefault(normalised_tag(tag), tag)
    return found


def _near_topics(mentee: Profile, mentor: Profile) -> tuple[Meeting, ...]:
    """Return the sought topics of which at least half of the words are in one that is offered, with that one."""
    offered = _by_name(mentor.topics_offered)
    found = []
    for name, sought in _by_name(mentee.topics_sought).items():
        words = set(tag_words(name))
        shared = {one: len(words.intersection(tag_words(one))) for one in offered}
        nearest = max(shared, key=lambda one: shared[one], default="")
        if name not in offered and nearest and shared[nearest] and 2 * shared[nearest] >= len(words):
            found.append(Meeting(sought, offered[nearest]))
    return tuple(found)


def _near_specialties(mentee: Profile, mentor: Profile, same: Sequence[str]) -> tuple[Meeting, ...]:
    found = []
    for own in (one for one in mentee.specialties if one not in same):
        related = related_specialties(own)
        near = next((one for one in mentor.specialties if one in related), None)
        if near:
            found.append(Meeting(own, near))
    return tuple(found)


def _professions(mentee: Profile, mentor: Profile) -> Professions | None:
    own, theirs = practised_profession(mentee), practised_profession(mentor)
    known = codes.profession(own), codes.profession(theirs)
    if not known[0] or not known[1] or known[0].group != known[1].group:
        return None
    return Professions(own, theirs, mentee.profession == STUDENT, mentor.profession == STUDENT)


def _career_stages(mentee: Profile, mentor: Profile, kind: PairKind) -> CareerStages | None:
    """Return the two stages where they are what a pair of the kind is for."""
    own, theirs = stage_of(mentee), stage_of(mentor)
    if not own or not theirs:
        return None
    ahead = STAGE[theirs] - STAGE[own]
    fits = {PairKind.ONE_TO_ONE: ahead > 0, PairKind.REVERSE: ahead < 0, PairKind.PEER: ahead == 0}[kind]
    return CareerStages(own, theirs) if fits else None


def _known_country(mentee: Profile, mentor: Profile) -> str | None:
    has_worked_there = mentee.country in mentor.country_experience
    return mentee.country if has_worked_there and mentee.country != mentor.country else None


def _met(whose: Profile, other: Profile) -> MetWishes:
    """Return the open wishes that the other meets; a gender is never among them, it would tell the other's."""
    wishes = whose.preferences
    known = lived(other)
    stage = stage_of(other)
    abroad = bool(whose.country and other.country) and whose.country != other.country
    profession = practised_profession(whose)
    return MetWishes(
        interest=tuple(one for one in whose.countries_of_interest if one in known),
        country=other.country if other.country in wishes.countries else None,
        career_stage=stage if stage in wishes.career_stages else None,
        own_profession=wishes.same_profession
        and bool(profession)
        and profession == practised_profession(other),
        abroad=abroad and wishes.cross_border is not CrossBorder.NO_PREFERENCE,
    )
