"""The rules and criteria once more as a plain loop over pairs: what the engine's matrix work is measured against.

Everything that can be worked out once a person is: sets, bit masks, sparse vectors. What is left is one pass over pairs
in plain Python, the rules first, the cheapest before the dearer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from itertools import pairwise as pairwise_of
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.engine import Plan, criteria, pairwise
from chalicelib.matching.engine.criteria import _Field, sought_tags, tag_features
from chalicelib.matching.engine.overlap import Availability, Calendar, week_starts
from chalicelib.matching.model import MILLION, Criterion, MenteeEntry, MentorEntry, share_out
from chalicelib.matching.pairing import languages_at, understood_at
from chalicelib.people import codes
from chalicelib.people.model import (
    SLOT_MINUTES,
    CrossBorder,
    Profile,
    employer_of,
    unwanted_employers,
    usable_gender,
)


@dataclass
class _Person:
    """All that a pair needs of one person."""

    id: str
    profile: Profile
    refused: frozenset[str]
    levels: list[frozenset[str]]
    spoken: frozenset[str]
    channels: frozenset[str]
    free: list[int]
    runs: list[int]
    employer: str | None
    unwanted: frozenset[str]
    avoided: frozenset[str]
    gender: str | None
    lived: frozenset[str]
    goals: dict[int, int]
    goals_length: int
    sought: list[dict[str, int]]
    offered: list[frozenset[str]]
    profession: str
    stage: int | None
    wishes: list[int]
    no_wish: int
    abroad: int
    at_home: int


class PairLoop:
    """The loop over some open mentees of a plan, given by their indices, with all its open mentors."""

    def __init__(self, plan: Plan, rows: Sequence[int]) -> None:
        self._settings = settings = plan.snapshot.settings
        self._worth = settings.weights.millionths()
        self._known, wished = share_out(self._worth[Criterion.WISHES], list(criteria.WISH_PARTS))
        self._career = share_out(self._worth[Criterion.CAREER], list(criteria.CAREER_PARTS))
        self._now = plan.snapshot.taken_at
        zones = {e.profile.time_zone or "" for e in (*plan.mentees, *plan.mentors)}
        calendar = Calendar.of(week_starts(self._now, settings.weeks), zones)
        self._levels = codes.CEFR[codes.CEFR.index(settings.language_floor) :]  # type: ignore[arg-type]
        say = settings.mentor_say
        texts: Any = plan.scores._parts[Criterion.GOALS][0]
        self._goal = np.float32(self._worth[Criterion.GOALS] / MILLION)
        self._minute = np.float32(self._worth[Criterion.OVERLAP] / pairwise.AMPLE_SLOTS)
        self._wished = wished
        mentees = [plan.mentees[row] for row in rows]
        some = self._people(
            mentees, calendar, MILLION - say, _sparse(texts._mentees[list(rows)]), is_mentee=True
        )
        self._mentees = dict(zip(rows, some, strict=True))
        self._mentors = self._people(plan.mentors, calendar, say, _sparse(texts._mentors.T), is_mentee=False)
        self._entries = plan.mentees

    def _people(
        self,
        entries: Sequence[MenteeEntry] | Sequence[MentorEntry],
        calendar: Calendar,
        say: int,
        goals: list[dict[int, int]],
        *,
        is_mentee: bool,
    ) -> list[_Person]:
        profiles = [entry.profile for entry in entries]
        stretch = self._settings.min_stretch_minutes // SLOT_MINUTES
        time = Availability.of(profiles, calendar, stretch)
        found = []
        for n, (entry, p) in enumerate(zip(entries, profiles, strict=True)):
            field = (
                _Field(p.topics_sought, p.specialties, p.wants_to_grow)
                if is_mentee
                else _Field(p.topics_offered, p.specialties, p.strengths)
            )
            stage = criteria.stage_of(p)
            home = self._worth[Criterion.CROSS_BORDER]
            minds = p.preferences.cross_border is not CrossBorder.NO_PREFERENCE
            found.append(
                _Person(
                    id=entry.person_id,
                    profile=p,
                    refused=entry.blocked | entry.declined,
                    levels=[frozenset(understood_at(p, level)) for level in self._levels],
                    spoken=frozenset(languages_at(p, self._levels[0])),
                    channels=frozenset(p.usable_channels()),
                    free=[int.from_bytes(week[n].tobytes(), "little") for week in time.free],
                    runs=[int.from_bytes(week[n].tobytes(), "little") for week in time.runs],
                    employer=employer_of(p),
                    unwanted=unwanted_employers(p, p.negative_wishes),
                    avoided=unwanted_employers(p, p.negative_wishes.if_possible),
                    gender=usable_gender(p),
                    lived=frozenset(name for name in (p.country, *p.country_experience) if name),
                    goals=goals[n],
                    goals_length=len(goals[n]),
                    sought=[
                        _seen_with(say, sought)
                        for sought in (
                            field.sought(self._worth[Criterion.TOPICS]),
                            sought_tags(p.research_interests, self._worth[Criterion.RESEARCH]),
                            sought_tags(p.values, self._worth[Criterion.VALUES]),
                        )
                    ],
                    offered=[
                        frozenset(field.offered()),
                        frozenset(tag_features(p.research_interests)),
                        frozenset(tag_features(p.values)),
                    ],
                    profession=criteria.practised_profession(p),
                    stage=criteria.STAGE[stage] if stage else None,
                    wishes=[n * say // MILLION for n in criteria.wish_points(p, self._wished)],
                    no_wish=self._wished // 2 * say // MILLION,
                    abroad=home * say // MILLION,
                    at_home=home * say // MILLION - (home - (0 if minds else home // 2)) * say // MILLION,
                )
            )
        return found

    def scores_of(self, mentee: int) -> Iterator[tuple[int, int]]:
        """Yield each mentor that the rules admit for a mentee, with the pair's score in millionths."""
        one = self._mentees[mentee]
        for n, other in enumerate(self._mentors):
            least = self._admitted(one, other)
            if least is not None:
                score = self._score(mentee, one, other, least)
                if score >= self._settings.min_score:
                    yield n, score

    def _admitted(self, one: _Person, other: _Person) -> int | None:
        """Return the common slots of the poorest week, or None where a rule stands between the two."""
        if one.levels[0].isdisjoint(other.levels[0]) or one.channels.isdisjoint(other.channels):
            return None
        if one.id == other.id or other.id in one.refused or one.id in other.refused:
            return None
        if one.profile.country == other.profile.country and CrossBorder.REQUIRED in (
            one.profile.preferences.cross_border,
            other.profile.preferences.cross_border,
        ):
            return None
        if _unwanted(one, other) or _unwanted(other, one):
            return None
        least = 672
        needed = self._settings.min_overlap_minutes // SLOT_MINUTES
        for mine, theirs, my_runs, their_runs in zip(one.free, other.free, one.runs, other.runs, strict=True):
            common = (mine & theirs).bit_count()
            if common < needed or not my_runs & their_runs:
                return None
            least = min(least, common)
        return least

    def _score(self, mentee: int, one: _Person, other: _Person, least: int) -> int:
        found = sum(
            sum(points for name, points in one.sought[n].items() if name in other.offered[n])
            + sum(points for name, points in other.sought[n].items() if name in one.offered[n])
            for n in range(3)
        )
        slots = least - self._settings.min_overlap_minutes // SLOT_MINUTES
        found += round(float(np.float32(min(max(slots, 0), pairwise.AMPLE_SLOTS)) * self._minute))
        found += self._goals(one, other) + self._career_points(one, other) + self._languages(one, other)
        found += self._known if one.profile.country in other.lived else 0
        found += _wishes(one, other) + _wishes(other, one)
        same = one.profile.country == other.profile.country
        found += one.at_home + other.at_home if same else one.abroad + other.abroad
        return max(1, found + self._waiting(mentee))

    def _goals(self, one: _Person, other: _Person) -> int:
        small, large = (one, other) if one.goals_length < other.goals_length else (other, one)
        known = large.goals
        product = sum(value * known[at] for at, value in small.goals.items() if at in known)
        low, high = pairwise.GOALS_FLOOR, pairwise.GOALS_FULL
        value = (min(max(product, low), high) - low) * MILLION // (high - low)
        return round(float(np.float32(value) * self._goal))

    def _languages(self, one: _Person, other: _Person) -> int:
        steps = len(self._levels) - 1
        best = 0
        for step in range(steps, 0, -1):
            if not one.levels[step].isdisjoint(other.levels[step]):
                best = step
                break
        level = best * pairwise.BEST_LEVEL_SHARE // steps if steps else pairwise.BEST_LEVEL_SHARE
        further = min(max(len(one.spoken & other.spoken) - 1, 0), pairwise.FURTHER_LANGUAGES)
        more = further * (MILLION - pairwise.BEST_LEVEL_SHARE) // pairwise.FURTHER_LANGUAGES
        return (level + more) * self._worth[Criterion.LANGUAGES] // MILLION

    def _career_points(self, one: _Person, other: _Person) -> int:
        anybody, group, same, stage = self._career
        known = [codes.profession(p.profession) for p in (one, other)]
        found = anybody
        if one.profession and one.profession == other.profession:
            found += group + same
        elif known[0] and known[1] and known[0].group == known[1].group:
            found += group
        if one.stage is None or other.stage is None:
            return found + stage * criteria.STAGE_UNKNOWN // MILLION
        return found + stage * criteria.STAGE_FIT[other.stage - one.stage] // MILLION

    def _waiting(self, mentee: int) -> int:
        waited = criteria.waited(self._now - self._entries[mentee].waiting_since, self._settings.waiting_days)
        return self._worth[Criterion.WAITING] * waited // MILLION


def _seen_with(say: int, sought: dict[str, int]) -> dict[str, int]:
    """Multiply what is sought, so that it adds up to as many millionths of what it did."""
    sums = [points * say // MILLION for points in accumulate(sought.values(), initial=0)]
    return {name: after - before for name, (before, after) in zip(sought, pairwise_of(sums), strict=True)}


def _sparse(vectors: NDArray[Any]) -> list[dict[int, int]]:
    """Return the entries of each row that are not zero."""
    return [{int(n): int(row[n]) for n in np.flatnonzero(row)} for row in vectors]


def _unwanted(one: _Person, other: _Person) -> bool:
    wishes, preferences = one.profile.negative_wishes, one.profile.preferences
    if other.profile.country in wishes.countries or other.employer in one.unwanted:
        return True
    required = preferences.genders_required and preferences.genders
    return bool(required) and other.gender not in preferences.genders


def _wishes(own: _Person, other: _Person) -> int:
    if not any(own.wishes):
        return own.no_wish
    profile, wishes = own.profile, own.profile.preferences
    countries = profile.negative_wishes.if_possible.countries
    avoided = other.profile.country in countries or other.employer in own.avoided
    met = (
        not other.lived.isdisjoint(profile.countries_of_interest),
        other.profile.country in wishes.countries,
        other.gender in wishes.genders,
        criteria.stage_of(other.profile) in wishes.career_stages,
        wishes.same_profession and own.profession == other.profession,
        not avoided,
    )
    return sum(points for points, holds in zip(own.wishes, met, strict=True) if holds)
