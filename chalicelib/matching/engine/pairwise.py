"""What no sum over features can tell: goals texts, the best of several languages, one country of interest among many,
common time.

Each is worth a given number of points, for a block of B mentees and some mentors. Whole numbers in float32 throughout,
so blocks, threads and machines change nothing. `docs/matching.md` has the formulas; every number here is our judgement
and stands with its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.engine import text
from chalicelib.matching.engine.bitsets import Kinds, bit_sets, index_of, meets
from chalicelib.matching.engine.coverage import Points, Rows
from chalicelib.matching.engine.criteria import lived, wish_points
from chalicelib.matching.engine.overlap import Slots
from chalicelib.matching.model import MILLION, MatchSettings
from chalicelib.matching.pairing import languages_at, understood
from chalicelib.people import codes
from chalicelib.people.model import SLOT_MINUTES, Profile

Values = NDArray[np.int64]

# Likeness of goals below the first counts nothing, from the second on everything: cosines of 0.143 and 0.62. Between
# them a step of `text.COSINE_ONE` is an eighth of a millionth, which float32 holds exactly. Set on texts of our own;
# of the blind set's pairs, 83 % of those with different aims and 5 % of those with one are below the first.
GOALS_FLOOR: Final = 2_400_000
GOALS_FULL: Final = 10_400_000

BEST_LEVEL_SHARE: Final = 600_000  # of the languages criterion; the rest is for further shared languages
FURTHER_LANGUAGES: Final = 2

AMPLE_SLOTS: Final = 12  # three hours of common time beyond the least earn all points of the overlap


class Goals:
    """Likeness of the two goals texts, whatever languages they are written in.

    Parameters
    ----------
    mentees, mentors
        int16[people, any]: their texts as vectors of one encoder, encoded among those of the whole pool.
    """

    def __init__(self, mentees: NDArray[np.int16], mentors: NDArray[np.int16], worth: int) -> None:
        self._mentees = mentees
        self._mentors = np.ascontiguousarray(mentors.T, dtype=np.float32)
        self._worth = np.float32(worth / MILLION)

    @classmethod
    def of_texts(
        cls,
        mentees: Sequence[str],
        mentors: Sequence[str],
        worth: int,
        encoder: text.TextEncoder | None = None,
    ) -> Goals:
        """Encode the texts of a whole pool."""
        vectors = (encoder or text.packaged()).encode([*mentees, *mentors])
        return cls(vectors[: len(mentees)], vectors[len(mentees) :], worth)

    def with_texts_of(self, mentors: Rows) -> Goals:
        """Return the same mentees beside mentors who say what some of these do, given as indices."""
        other = copy(self)
        other._mentors = self._mentors[:, mentors]
        return other

    @property
    def width(self) -> int:
        return int(self._mentors.shape[0])

    def cosines(self, rows: Rows, columns: Rows | None = None) -> Points:
        """Return float32[B, C]: whole parts of `text.COSINE_ONE`."""
        mentors = self._mentors if columns is None else self._mentors[:, columns]
        found: Points = self._mentees[rows].astype(np.float32) @ mentors
        return found

    def block(self, rows: Rows, columns: Rows | None = None) -> Points:
        points = self.cosines(rows, columns)
        np.clip(points, GOALS_FLOOR, GOALS_FULL, out=points)
        points -= GOALS_FLOOR
        points *= np.float32(MILLION / (GOALS_FULL - GOALS_FLOOR))
        np.floor(points, out=points)
        # One product of two float32, so the same on every machine; rounded, since it is not exact.
        points *= self._worth
        return np.rint(points, out=points)


class Languages:
    """How far the best language that both can talk in is above the floor, and further languages that both speak."""

    def __init__(
        self, mentees: Sequence[Profile], mentors: Sequence[Profile], settings: MatchSettings, worth: int
    ) -> None:
        levels = codes.CEFR[codes.CEFR.index(settings.language_floor) :]

        def languages(profile: Profile) -> list[set[str]]:
            """Return what one speaks at the floor, then what one can talk in at each level from it upwards."""
            talks = understood(profile)
            at = [
                {name for name, one in talks.items() if one.level in levels[n:]} for n in range(len(levels))
            ]
            return [set(languages_at(profile, levels[0])), *at]

        lists = [[languages(profile) for profile in side] for side in (mentees, mentors)]
        index = index_of(set.intersection(*({name for one in side for name in one[1]} for side in lists)))
        self._steps = len(levels) - 1
        self._mentees, self._mentors = (
            Kinds.alike(np.hstack([bit_sets(sets, index) for sets in zip(*side, strict=True)]))
            if side
            else Kinds.alike(np.zeros((0, len(levels) + 1), dtype=np.uint64))
            for side in lists
        )
        self._worth = worth
        best, shared = np.indices((self._steps + 1, FURTHER_LANGUAGES + 2))
        self._points = self.points(language_value(best, shared, self._steps)).astype(np.float32)

    def points(self, value: Values) -> Values:
        """Return what `language_value` earns."""
        return value * self._worth // MILLION

    def block(self, rows: Rows, columns: Rows | None = None) -> Points:
        (spoken, row), (offered, column) = self._mentees.among(rows), self._mentors.among(columns)
        words = spoken.shape[1] // (self._steps + 2)
        shared = np.zeros((len(spoken), len(offered)), dtype=np.uint8)
        for word in range(words):
            shared += np.bitwise_count(spoken[:, word, None] & offered[:, word])
        best = np.zeros_like(shared)
        for first in range(2 * words, spoken.shape[1], words):
            # Who can talk at one level can at those below.
            best += meets(spoken[:, first : first + words], offered[:, first : first + words])
        points = self._points[best, np.minimum(shared, FURTHER_LANGUAGES + 1)]
        return np.take(points[row], column, axis=1)


def language_value(best: Values, shared: Values, steps: int) -> Values:
    """Return the value of `languages`: `best` steps of `steps` from the floor to C2, and `shared` languages in all."""
    further = np.clip(shared - 1, 0, FURTHER_LANGUAGES)
    level: Values = best * BEST_LEVEL_SHARE // steps if steps else np.full_like(best, BEST_LEVEL_SHARE)
    more: Values = further * (MILLION - BEST_LEVEL_SHARE) // FURTHER_LANGUAGES
    return level + more


class Interests:
    """Whether the other practises or has worked in one of the countries that somebody is interested in."""

    def __init__(self, mentees: Sequence[Profile], mentors: Sequence[Profile], worth: int) -> None:
        sides = mentees, mentors
        index = index_of(name for side in sides for p in side for name in p.countries_of_interest)
        self._wanted = [
            Kinds.alike(bit_sets([p.countries_of_interest for p in side], index)) for side in sides
        ]
        self._lived = [Kinds.alike(bit_sets([lived(p) for p in side], index)) for side in sides]
        self._worth = [np.asarray([wish_points(p, worth)[0] for p in side], dtype=np.int64) for side in sides]
        self._points = [worth.astype(np.float32) for worth in self._worth]

    def seen_with(self, mentor_say: int) -> Interests:
        """Return these as both see them together, as `Coverage.seen_with` does."""
        other = copy(self)
        say = MILLION - mentor_say, mentor_say
        other._points = [
            (worth * one // MILLION).astype(np.float32) for worth, one in zip(self._worth, say, strict=True)
        ]
        return other

    def block(self, rows: Rows, columns: Rows | None = None) -> Points:
        wanted, lived = self._wanted[0].among(rows), self._lived[1].among(columns)
        met = _spread(meets(wanted[0], lived[0]), wanted[1], lived[1])
        points: Points = met * self._points[0][rows, None]
        of_mentors = self._points[1] if columns is None else self._points[1][columns]
        if of_mentors.any():
            wanted, lived = self._wanted[1].among(columns), self._lived[0].among(rows)
            points += _spread(meets(lived[0], wanted[0]), lived[1], wanted[1]) * of_mentors
        return points


def _spread(table: NDArray[np.bool_], row: Rows, column: Rows) -> Points:
    return np.take(table.astype(np.float32)[row], column, axis=1)


class CommonMinutes:
    """Common time of the poorest week beyond what is needed."""

    def __init__(self, settings: MatchSettings, worth: int) -> None:
        self._needed = np.float32(settings.min_overlap_minutes // SLOT_MINUTES)
        self._slot = np.float32(worth / AMPLE_SLOTS)

    def points(self, least: Slots) -> Points:
        """Return float32 of the shape of `least`, the common slots of pairs' poorest weeks."""
        points = least.astype(np.float32)
        points -= self._needed
        np.clip(points, 0, AMPLE_SLOTS, out=points)
        # As with goals: one product, rounded.
        points *= self._slot
        return np.rint(points, out=points)
