"""What an assignment looks at of the open people of a run: numbers, whatever holds the people themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.model import NOT_CLASSIFIED, MatchSettings, MenteeEntry, MentorEntry, Protected
from chalicelib.people import codes

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Figures:
    """Open mentees and mentors of a run in the order of its plan.

    Attributes
    ----------
    places
        int64[mentors]: places of each that were free before the run.
    may_have, has
        int64[mentees]: places of each, and how many mentors and open proposals they had before the run.
    names, group
        The protected groups, in their order, and int32[mentees]: each mentee's.
    locked
        intp[L, 2]: mentee and mentor of each locked pair that can be made.
    locked_score
        int64[L]: what those are worth, millionths.
    """

    settings: MatchSettings
    places: Counts
    may_have: Counts
    has: Counts
    names: tuple[str, ...]
    group: NDArray[np.int32]
    locked: NDArray[np.intp]
    locked_score: Counts

    @classmethod
    def of(
        cls,
        settings: MatchSettings,
        mentees: Sequence[MenteeEntry],
        mentors: Sequence[MentorEntry],
        locked: NDArray[np.intp],
        locked_score: Counts,
    ) -> Figures:
        names, group = protected_groups(mentees, settings.protected)
        return cls(
            settings,
            np.asarray([entry.capacity_left for entry in mentors], dtype=np.int64),
            np.asarray([entry.places_left for entry in mentees], dtype=np.int64),
            np.asarray([entry.places_held for entry in mentees], dtype=np.int64),
            names,
            group,
            locked,
            locked_score,
        )

    @property
    def mentees(self) -> int:
        return len(self.may_have)

    @property
    def mentors(self) -> int:
        return len(self.places)

    @property
    def has_one(self) -> NDArray[np.bool_]:
        """bool[mentees]: who had a mentor or an open proposal before the run."""
        return np.asarray((self.has > 0) | (self.may_have < 1))

    @property
    def most_candidates(self) -> int:
        """Return how many candidate pairs there can be, before any is looked at."""
        whole = self.mentees * self.mentors
        match candidates_of_each(self.settings, self.mentees, self.mentors):
            case int(per_mentee), int(per_mentor):
                return min(whole, self.mentees * per_mentee + self.mentors * per_mentor)
            case _:
                return whole


def candidates_of_each(
    settings: MatchSettings, mentees: int, mentors: int
) -> tuple[int, int] | tuple[None, None]:
    """Return how many candidates each mentee and each mentor of a pool keeps; None for all of one that is small."""
    if mentees * mentors <= settings.all_pairs_up_to:
        return None, None
    return settings.candidates_per_mentee, settings.candidates_per_mentor


def protected_groups(
    mentees: Iterable[MenteeEntry], protected: Protected
) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Return the names of the protected groups, in their order, and each mentee's."""
    own = [group_of(entry, protected) for entry in mentees]
    names = group_names(own, protected)
    index = {name: n for n, name in enumerate(names)}
    return names, np.asarray([index[name] for name in own], dtype=np.int32)


def group_names(own: Iterable[str], protected: Protected) -> tuple[str, ...]:
    """Return the names of the protected groups, in their order; `own` are those of the people."""
    order = (
        [*codes.INCOME_GROUPS] if protected is Protected.INCOME_GROUP else sorted(set(own) - {NOT_CLASSIFIED})
    )
    return (*order, NOT_CLASSIFIED)


def group_of(entry: MenteeEntry, protected: Protected) -> str:
    """Return the name of a mentee's protected group."""
    profile = entry.profile
    match protected:
        case Protected.INCOME_GROUP:
            found: str | None = codes.income_group(profile.country or "")
        case Protected.COUNTRY:
            found = profile.country
        case Protected.CAREER_STAGE:
            found = profile.career_stage
        case Protected.PROFESSION:
            found = profile.profession
    return found or NOT_CLASSIFIED
