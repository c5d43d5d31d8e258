"""Criteria that are read from tables for given pairs: career, languages, time, wishes, borders, waiting.

Each function of `PairTables` takes E pairs as indices of mentees and mentors, and gives int64[E] from 0 to one
million. `docs/matching.md` has the formulas; every number here is our judgement and stands with its name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.engine.overlap import Slots
from chalicelib.matching.engine.rules import bit_sets, index_of
from chalicelib.matching.model import MILLION, MatchSettings, MenteeEntry, MentorEntry
from chalicelib.matching.pairing import languages_at
from chalicelib.people import codes
from chalicelib.people.model import (
    SLOT_MINUTES,
    STUDENT,
    CareerStage,
    CrossBorder,
    Profile,
    employer_of,
    unwanted_employers,
    usable_gender,
)

Values = NDArray[np.int64]
Rows = NDArray[np.intp]
Flags = NDArray[np.bool_]

SAME_PROFESSION: Final = 1_000_000
SAME_GROUP: Final = 600_000
OTHER_PROFESSION: Final = 200_000

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
STAGE_UNKNOWN: Final = 500_000

BEST_LEVEL_SHARE: Final = 600_000  # of the languages criterion; the rest is for further shared languages
FURTHER_LANGUAGES: Final = 2

AMPLE_MINUTES: Final = 180  # common time beyond the least that earns all points of the overlap

EXPERIENCE_SHARE: Final = 400_000  # the mentor knows the mentee's country
WISH_SHARE: Final = MILLION - EXPERIENCE_SHARE
NO_WISH: Final = WISH_SHARE // 2  # no wish is neither met nor missed
BORDER_NO_MATTER: Final = 500_000

_DAY: Final = timedelta(days=1)


def practised_profession(profile: Profile) -> str:
    """Return the ISCO-08 code that counts: a student's intended one; empty where it is not known."""
    if profile.profession == STUDENT:
        return profile.intended_profession or ""
    return profile.profession or ""


def stage_of(profile: Profile) -> CareerStage | None:
    """Return the career stage; a student is one even where they did not say so."""
    return CareerStage.STUDENT if profile.profession == STUDENT else profile.career_stage


class PairTables:
    """The tables over one pool of open mentees and mentors."""

    def __init__(
        self,
        mentees: Sequence[MenteeEntry],
        mentors: Sequence[MentorEntry],
        settings: MatchSettings,
        taken_at: datetime,
    ) -> None:
        self._say = MILLION - settings.mentor_say, settings.mentor_say
        sides = [entry.profile for entry in mentees], [entry.profile for entry in mentors]
        everyone = [*sides[0], *sides[1]]
        self._needed = settings.min_overlap_minutes

        professions = index_of(map(practised_profession, everyone))
        self._profession = _indices(sides, lambda p: professions[practised_profession(p)])
        self._profession_fit = _profession_fit(list(professions))
        self._stage = _indices(sides, lambda p: _stage_index(stage_of(p)))
        self._stage_fit = _stage_fit()

        levels = codes.CEFR[codes.CEFR.index(_floor(settings)) :]
        spoken = [[languages_at(p, level) for level in levels] for p in sides[0]]
        offered = [[languages_at(p, level) for level in levels] for p in sides[1]]
        index = index_of({b for one in spoken for b in one[0]} & {b for one in offered for b in one[0]})
        self._levels = [
            (bit_sets([one[n] for one in spoken], index), bit_sets([one[n] for one in offered], index))
            for n in range(len(levels))
        ]

        countries = index_of(
            name
            for p in everyone
            for name in (p.country or "", *p.country_experience, *p.negative_wishes.countries)
        )
        genders = index_of(usable_gender(p) or "" for p in everyone)
        self._country = _indices(sides, lambda p: countries[p.country or ""])
        self._gender = _indices(sides, lambda p: genders[usable_gender(p) or ""])
        self._known_countries = _sets(sides, lambda p: (p.country or "", *p.country_experience), countries)
        self._countries_of_interest = _sets(sides, lambda p: p.countries_of_interest, countries)
        self._wished_countries = _sets(sides, lambda p: p.preferences.countries, countries)
        self._wished_genders = _sets(sides, lambda p: p.preferences.genders, genders)
        self._wished_stages = _indices(
            sides, lambda p: sum(1 << _stage_index(stage) for stage in set(p.preferences.career_stages))
        )
        employers = index_of(
            name for p in everyone for name in (employer_of(p) or "", *unwanted_employers(p))
        )
        self._employer = _indices(sides, lambda p: employers[employer_of(p) or ""])
        self._avoids = _flags(sides, _avoids)
        self._avoided_countries = _sets(sides, lambda p: p.negative_wishes.countries, countries)
        self._avoided_employers = _sets(sides, lambda p: tuple(unwanted_employers(p)), employers)
        self._own_profession = _flags(sides, lambda p: p.preferences.same_profession)
        self._stated = _indices(sides, _stated_wishes)
        # What a partner in the same country is worth to each.
        self._at_home = _indices(
            sides,
            lambda p: BORDER_NO_MATTER if p.preferences.cross_border is CrossBorder.NO_PREFERENCE else 0,
        )
        self._waited = np.asarray(
            [_waited(taken_at - entry.waiting_since, settings.waiting_days) for entry in mentees],
            dtype=np.int64,
        )

    def seen_with(self, mentor_say: int) -> PairTables:
        """Return these tables with another say of the mentors."""
        other = copy(self)
        other._say = MILLION - mentor_say, mentor_say
        return other

    def career(self, i: Rows, j: Rows) -> Values:
        """Half for the profession, half for how far the mentor is ahead."""
        profession: Values = self._profession_fit[self._profession[0][i], self._profession[1][j]]
        stage: Values = self._stage_fit[self._stage[0][i], self._stage[1][j]]
        fit: Values = (profession + stage) // 2
        return fit

    def languages(self, i: Rows, j: Rows) -> Values:
        """How far the best shared level is above the floor, and further shared languages."""
        steps = len(self._levels) - 1
        shared = np.bitwise_count(self._levels[0][0][i] & self._levels[0][1][j]).sum(axis=1, dtype=np.int64)
        best = np.zeros(len(i), dtype=np.int64)
        for step in range(1, steps + 1):
            mentee, mentor = self._levels[step]
            best[np.any(mentee[i] & mentor[j], axis=1)] = step
        return language_value(best, shared, steps)

    def overlap(self, least: Slots) -> Values:
        """Common time of the poorest week beyond what is needed."""
        minutes = least.astype(np.int64) * SLOT_MINUTES - self._needed
        return np.clip(minutes, 0, AMPLE_MINUTES) * MILLION // AMPLE_MINUTES

    def wishes(self, i: Rows, j: Rows) -> Values:
        """The mentor's experience of the mentee's country, and of each one's stated wishes the share that is met."""
        known = _has(self._known_countries[1], j, self._country[0][i])
        views: list[Values] = []
        for side, own, other in ((0, i, j), (1, j, i)):
            met = np.zeros(len(i), dtype=np.int64)
            if not self._stated[side].any() or not self._say[side]:
                views.append(np.full(len(i), NO_WISH, dtype=np.int64))
                continue
            abroad = 1 - side
            interest = self._countries_of_interest[side][own] & self._known_countries[abroad][other]
            met += np.any(interest, axis=1)
            met += _has(self._wished_countries[side], own, self._country[abroad][other])
            met += _has(self._wished_genders[side], own, self._gender[abroad][other])
            met += (self._wished_stages[side][own] >> self._stage[abroad][other]) & 1
            same = self._profession[side][own] == self._profession[abroad][other]
            met += self._own_profession[side][own] & same
            met += self._avoids[side][own] & ~self._is_avoided(side, own, other)
            stated = self._stated[side][own]
            share: Values = np.where(stated > 0, met * WISH_SHARE // np.maximum(stated, 1), NO_WISH)
            views.append(share)
        return known * EXPERIENCE_SHARE + self._joined(*views)

    def _is_avoided(self, side: int, own: Rows, other: Rows) -> Flags:
        abroad = 1 - side
        country = _has(self._avoided_countries[side], own, self._country[abroad][other])
        employer = _has(self._avoided_employers[side], own, self._employer[abroad][other])
        avoided: Flags = (country | employer).astype(np.bool_)
        return avoided

    def cross_border(self, i: Rows, j: Rows) -> Values:
        """A partner abroad; one in the same country is worth half to who does not mind."""
        same = self._joined(self._at_home[0][i], self._at_home[1][j])
        return np.where(self._country[0][i] != self._country[1][j], MILLION, same)

    def _joined(self, mentee: Values, mentor: Values) -> Values:
        joint: Values = (self._say[0] * mentee + self._say[1] * mentor) // MILLION
        return joint

    def waiting(self, i: Rows) -> Values:
        """How long the mentee has waited."""
        return self._waited[i]


def language_value(best: Values, shared: Values, steps: int) -> Values:
    """Return the value of `languages`: `best` steps of `steps` from the floor to C2, and `shared` languages in all."""
    further = np.clip(shared - 1, 0, FURTHER_LANGUAGES)
    level: Values = best * BEST_LEVEL_SHARE // steps if steps else np.full(len(best), BEST_LEVEL_SHARE)
    more: Values = further * (MILLION - BEST_LEVEL_SHARE) // FURTHER_LANGUAGES
    return level + more


def _floor(settings: MatchSettings) -> codes.Cefr:
    return next(level for level in codes.CEFR if level == settings.language_floor)


def _indices(
    sides: tuple[list[Profile], list[Profile]], of: Callable[[Profile], int]
) -> tuple[Values, Values]:
    mentees, mentors = (np.asarray([of(p) for p in side], dtype=np.int64) for side in sides)
    return mentees, mentors


def _flags(sides: tuple[list[Profile], list[Profile]], of: Callable[[Profile], bool]) -> tuple[Flags, Flags]:
    mentees, mentors = (np.asarray([of(p) for p in side], dtype=np.bool_) for side in sides)
    return mentees, mentors


def _sets(
    sides: tuple[list[Profile], list[Profile]],
    of: Callable[[Profile], Sequence[str]],
    index: dict[str, int],
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    mentees, mentors = (bit_sets([[n for n in of(p) if n] for p in side], index) for side in sides)
    return mentees, mentors


def _has(sets: NDArray[np.uint64], whose: Rows, what: Values) -> Values:
    """Return 1 where the set of each `whose` has the name at index `what`, else 0."""
    bits: NDArray[np.uint64] = sets[whose, what >> 6] >> (what & 63).astype(np.uint64)
    return (bits & np.uint64(1)).astype(np.int64)


def _profession_fit(known: list[str]) -> Values:
    group = [found.group if (found := codes.profession(code)) else None for code in known]
    fit = np.full((len(known), len(known)), OTHER_PROFESSION, dtype=np.int64)
    for a, code in enumerate(known):
        for b in range(len(known)):
            if code and a == b:
                fit[a, b] = SAME_PROFESSION
            elif group[a] and group[a] == group[b]:
                fit[a, b] = SAME_GROUP
    return fit


def _stage_index(stage: CareerStage | None) -> int:
    return list(CareerStage).index(stage) if stage else len(CareerStage)


def _stage_fit() -> Values:
    stages = list(CareerStage)
    fit = np.full((len(stages) + 1, len(stages) + 1), STAGE_UNKNOWN, dtype=np.int64)
    for a, mentee in enumerate(stages):
        for b, mentor in enumerate(stages):
            fit[a, b] = STAGE_FIT[STAGE[mentor] - STAGE[mentee]]
    return fit


def _stated_wishes(profile: Profile) -> int:
    wishes = profile.preferences
    stated = (
        wishes.countries,
        wishes.genders,
        wishes.career_stages,
        wishes.same_profession,
        _avoids(profile),
    )
    return sum(map(bool, (*stated, profile.countries_of_interest)))


def _avoids(profile: Profile) -> bool:
    """Tell whether a person would rather not have somebody, if possible."""
    wishes = profile.negative_wishes
    return wishes.if_possible and bool(wishes.countries or unwanted_employers(profile))


def _waited(time: timedelta, whole_days: int) -> int:
    """Return millionths of the time that earns everything; in whole microseconds, so exact."""
    microseconds = max(time, timedelta()) // timedelta(microseconds=1)
    whole = whole_days * (_DAY // timedelta(microseconds=1))
    return min(MILLION, microseconds * MILLION // whole)
