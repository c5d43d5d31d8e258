"""Where mentors are short, and what one more would add.

What one more place is worth follows from the dual prices of the greatest sum. With nobody left who would gain by
moving, a place more with a mentor can be worth only what the best chain of moves brings that begins there: a mentee
without a mentor comes, or one comes from another mentor, whose place is then one more. Values of places solve
V(j) = max(0, s(i, j) - u(i)) over the mentees i who may come, u(i) being 0 without a mentor, else s(i, k) - V(k) with k
their mentor; they are the least prices that prove the sum to be the greatest. A mentor who is not there yet is worth
the greatest s(i, j) - u(i), so that no trial of a profile needs an assignment of its own.

A large run counts left-out people lot by lot (`LeftOutGroups`), picks from the sum whom to look at (`LookedAt`), and
makes the rows on these alone (`shortage_rows`); a small one does the same at once (`shortages`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.engine.assigning import Chosen, places_left, without_a_pair
from chalicelib.matching.engine.coverage import BLOCK
from chalicelib.matching.engine.criteria import related_specialties
from chalicelib.matching.engine.overlap import local_slots, offset_at, week_starts
from chalicelib.matching.engine.planning import Part, Plan, scored_block, with_mentors
from chalicelib.matching.model import MatchSettings, MentorEntry, OneMore, Rule, Shortage, WantedMentor
from chalicelib.matching.pairing import languages_at, understood_at
from chalicelib.people.model import (
    DAY_MINUTES,
    SLOT_MINUTES,
    WEEKDAYS,
    Channel,
    LanguageSkill,
    Profile,
    Window,
)

MOST = 10
"""Rows of each table."""

BAND_HOURS = 3
# Rows that are looked at for MOST of them: of equally many mentees those come first where one more would add more.
_LOOKED_AT = 12
# Open mentors on whom one more is modelled, by row, and mentees of the row by whom these are chosen.
_MODELS = 3
_ASKED = 32
# One more mentor is free up to so often for so many quarters of an hour, or for the stretch that a pair needs, when
# most of the row's mentees are: of so many of these, to keep it small.
_TIMES = 3
_LENGTH = 8
_HEARD = 500
# Members of a group who are looked at, the first of the plan. Ours.
_MEMBERS = 2_000
# Open mentees up to whom one more mentor is tried on all of them; above, on those who are looked at. Ours.
_ALL_TRIED = 20_000
# Chains of moves longer than this are not followed; prices of a sum within the run's gap of the best settle sooner.
_MOST_MOVES = 200

Wide = NDArray[np.int64]
Group = tuple[str | None, str, int]
"""A specialty, or None for any; a language; and the hour that a band of offsets from UTC begins at."""


@dataclass(frozen=True)
class _Twin:
    """One more mentor to be tried: whom they are like, by index, what is told of them, and the whole profile."""

    like: int
    wanted: WantedMentor
    profile: Profile


@dataclass(frozen=True)
class _Found:
    """What the best of a group's twins would add, and how many of its mentees they would fit."""

    worth: int
    fits: int
    wanted: WantedMentor


@dataclass(frozen=True)
class Worth:
    """What the places of an assignment are worth.

    Values are twice the millionths, and one more where the chain of moves ends with one pair more: so of equal sums the
    one with more pairs is the greater.

    Attributes
    ----------
    places
        int64[mentors]: what one more place of each would add.
    asked
        int64[mentees]: what a place must offer each before it adds anything.
    """

    places: Wide
    asked: Wide

    @classmethod
    def of(cls, chosen: Chosen, n_mentors: int, locked: Sequence[int]) -> Worth:
        """Work out the values for the greatest sum; `locked` mentees stay where they are, or have no part in it."""
        edges = chosen.candidates
        mentee, mentor = edges.mentee.astype(np.intp), edges.mentor.astype(np.intp)
        score = 2 * edges.score.astype(np.int64)
        own = chosen.greatest.astype(np.intp)
        held = own[mentee] == mentor
        has = np.zeros(len(own), dtype=np.int64)
        has[mentee[held]] = score[held]
        order = np.argsort(mentor, kind="stable")
        mentee, mentor, score = mentee[order], mentor[order], score[order]
        owners, first = np.unique(mentor, return_index=True)
        places = np.zeros(n_mentors, dtype=np.int64)
        asked = cls._asked(own, has, places, locked)
        for _ in range(_MOST_MOVES if len(owners) else 0):
            gained = np.maximum.reduceat(np.where(own[mentee] == mentor, 0, score - asked[mentee]), first)
            gained = np.maximum(gained, places[owners])
            if np.array_equal(gained, places[owners]):
                break
            places[owners] = gained
            asked = cls._asked(own, has, places, locked)
        return cls(places, asked)

    @staticmethod
    def _asked(own: NDArray[np.intp], has: Wide, places: Wide, locked: Sequence[int]) -> Wide:
        asked = np.where(own >= 0, has - np.append(places, 0)[own], -1)
        asked[list(locked)] = np.iinfo(np.int64).max // 2
        return asked

    @staticmethod
    def told(value: int) -> OneMore:
        return OneMore(pairs=value & 1, total=value >> 1) if value > 0 else OneMore(0, 0)


@dataclass(frozen=True)
class LeftOutGroup:
    """Open mentees without any mentor or pair who have a language, a band of time zones and a specialty in common.

    Attributes
    ----------
    specialty, utc_from
        As in `Shortage`.
    left_out
        How many they are.
    first
        Indices in the plan of the first of them, ascending: `_MEMBERS` at most.
    """

    specialty: str | None
    language: str
    utc_from: int
    left_out: int
    first: tuple[int, ...]

    @property
    def group(self) -> Group:
        return self.specialty, self.language, self.utc_from


@dataclass(frozen=True)
class LeftOutGroups:
    """The groups of some left-out mentees, which add up; who has two languages or specialties counts in both.

    Attributes
    ----------
    groups
        By specialty (first those of any), language and band; each of them once.
    """

    groups: tuple[LeftOutGroup, ...] = ()

    @classmethod
    def of(
        cls, left_out: Iterable[tuple[int, Profile]], settings: MatchSettings, taken_at: datetime
    ) -> LeftOutGroups:
        """Group open mentees without any mentor or pair.

        Parameters
        ----------
        left_out
            Of each the index in the run's plan and the profile, in any order.
        """
        start = week_starts(taken_at, 1)[0]
        members: dict[Group, list[int]] = {}
        for index, profile in left_out:
            band = offset_at(profile.time_zone, start) // (BAND_HOURS * 3600) * BAND_HOURS
            for language in languages_at(profile, settings.language_floor):
                for specialty in (None, *set(profile.specialties)):
                    members.setdefault((specialty, language, band), []).append(index)
        return cls._of(members, {group: len(those) for group, those in members.items()})

    @classmethod
    def together(cls, lots: Iterable[LeftOutGroups]) -> LeftOutGroups:
        """Add up the groups of lots that share nobody; of many at once this is far quicker than one by one."""
        members: dict[Group, list[int]] = {}
        left_out: Counter[Group] = Counter()
        for lot in lots:
            for one in lot.groups:
                members.setdefault(one.group, []).extend(one.first)
                left_out[one.group] += one.left_out
        return cls._of(members, left_out)

    @classmethod
    def _of(cls, members: Mapping[Group, list[int]], left_out: Mapping[Group, int]) -> LeftOutGroups:
        return cls(
            tuple(
                LeftOutGroup(*group, left_out[group], tuple(sorted(members[group])[:_MEMBERS]))
                for group in sorted(members, key=_in_order)
            )
        )

    def __add__(self, other: LeftOutGroups) -> LeftOutGroups:
        return self.together((self, other))


@dataclass(frozen=True)
class LookedAt:
    """Whom the tables of a run look at.

    Attributes
    ----------
    by_language, by_specialty
        The groups with the most mentees left out, the most first.
    mentees
        Indices in the plan of the open mentees whom it takes to make the rows, ascending: of a run of at most
        `_ALL_TRIED` all, of a larger one the `first` of these groups, who are `_MEMBERS` a group at most.
    """

    by_language: tuple[LeftOutGroup, ...]
    by_specialty: tuple[LeftOutGroup, ...]
    mentees: NDArray[np.intp]

    @classmethod
    def of(cls, groups: LeftOutGroups, n_mentees: int) -> LookedAt:
        """Pick the groups from those of all left-out mentees of a run with so many open mentees."""
        most = sorted(groups.groups, key=lambda one: (-one.left_out, _in_order(one.group)))
        by_language = tuple(one for one in most if one.specialty is None)[:_LOOKED_AT]
        by_specialty = tuple(one for one in most if one.specialty is not None)[:_LOOKED_AT]
        mentees: Iterable[int] = sorted(
            {one for group in (*by_language, *by_specialty) for one in group.first}
        )
        if by_language and n_mentees <= _ALL_TRIED:
            mentees = range(n_mentees)
        return cls(by_language, by_specialty, np.fromiter(mentees, dtype=np.intp))


def _in_order(group: Group) -> tuple[str, str, int]:
    specialty, language, band = group
    return specialty or "", language, band


def shortages(plan: Plan, rounds: Sequence[Chosen]) -> tuple[tuple[Shortage, ...], tuple[Shortage, ...]]:
    """Return where open mentees are left out the most: by language and zone, and by specialty as well.

    The mentees are those without a mentor or a pair; what one more mentor adds is counted on the greatest sum of the
    first round, whatever the programme's objective.
    """
    figures, has_one = plan.figures, plan.figures.has_one
    left_out = [mentee for mentee in without_a_pair(rounds).tolist() if not has_one[mentee]]
    groups = LeftOutGroups.of(
        ((mentee, plan.mentees[mentee].profile) for mentee in left_out),
        plan.settings,
        plan.snapshot.taken_at,
    )
    apart = [*(mentee for mentee, _ in plan.locked), *np.flatnonzero(has_one).tolist()]
    return shortage_rows(
        plan,
        LookedAt.of(groups, len(plan.mentees)),
        figures.places,
        places_left(figures, rounds),
        Worth.of(rounds[0], len(plan.mentors), apart).asked,
        index=np.arange(len(plan.mentees)),
    )


def shortage_rows(
    part: Part,
    looked_at: LookedAt,
    places: Wide,
    left: Wide,
    asked: Wide,
    *,
    index: NDArray[np.intp] | None = None,
) -> tuple[tuple[Shortage, ...], tuple[Shortage, ...]]:
    """Return where open mentees are left out the most: by language and zone, and by specialty as well.

    One more mentor is modelled on the few open ones who suit the row's mentees best, with its specialty and language,
    the zone of most of its mentees, a few hours a week when most of these are free, and nobody who stands in the way:
    of these, the one that adds a pair and fits most of these mentees. Where not all of a run's mentees are tried, what
    one more adds is a lower bound.

    Parameters
    ----------
    part
        The mentees who are looked at, in the order of the plan, and all open mentors.
    places, left
        int64[mentors]: places of each that were free before the run, and after it.
    asked
        int64[mentees of the part]: of these as in `Worth`.
    index
        Indices in the plan of the part's mentees, ascending, if they are others than `looked_at.mentees` beside these.
    """
    return _Rows(part, looked_at, places, left, asked, looked_at.mentees if index is None else index).tables()


class _Rows:
    """The rows of both tables. Mentees are known by their index in the part."""

    def __init__(
        self,
        part: Part,
        looked_at: LookedAt,
        places: Wide,
        left: Wide,
        asked: Wide,
        index: NDArray[np.intp],
    ) -> None:
        self._part = part
        self._tables = looked_at.by_language, looked_at.by_specialty
        self._members = {
            one.group: np.searchsorted(index, np.asarray(one.first, dtype=np.intp)).tolist()
            for table in self._tables
            for one in table
        }
        self._on_trial = np.searchsorted(index, looked_at.mentees)
        self._places, self._left, self._asked = places, left, asked
        self._spoken = [understood_at(entry.profile, part.settings.language_floor) for entry in part.mentors]

    def tables(self) -> tuple[tuple[Shortage, ...], tuple[Shortage, ...]]:
        twins = self._twins(list(self._members.items()))
        by_language, by_specialty = (
            tuple(
                sorted(
                    (self._row(one, twins.get(one.group)) for one in table),
                    key=lambda row: (-row.left_out, -_added(row)),
                )[:MOST]
            )
            for table in self._tables
        )
        return by_language, by_specialty

    def _row(self, group: LeftOutGroup, twin: _Found | None) -> Shortage:
        fits = self._fitting(group)
        return Shortage(
            specialty=group.specialty,
            language=group.language,
            utc_from=group.utc_from,
            utc_before=group.utc_from + BAND_HOURS,
            left_out=group.left_out,
            places=int(self._places[fits].sum()),
            places_left=int(self._left[fits].sum()),
            one_more=None if twin is None else Worth.told(twin.worth),
            would_fit=None if twin is None else twin.fits,
            wanted=None if twin is None else twin.wanted,
            looked_at=len(group.first) if len(group.first) < group.left_out else None,
        )

    def _fitting(self, group: LeftOutGroup) -> NDArray[np.intp]:
        """Return the mentors who speak the language, work in the field and fit one of the group's mentees."""
        specialty, language, _ = group.group
        works = [
            language in spoken and (specialty is None or _works_in(specialty, entry.profile))
            for entry, spoken in zip(self._part.mentors, self._spoken, strict=True)
        ]
        unmet: NDArray[np.intp] = np.flatnonzero(np.asarray(works, dtype=np.bool_))
        found: list[NDArray[np.intp]] = [unmet[:0]]
        mentees = np.asarray(self._members[group.group], dtype=np.intp)
        for first in range(0, len(mentees), BLOCK):
            if not unmet.size:
                break
            rows = mentees[first : first + BLOCK]
            pairs = self._part.rules.public(rows, unmet).all & ~self._part.rules.oneself(rows, unmet)
            fits = pairs.any(axis=0)
            found.append(unmet[fits])
            unmet = unmet[~fits]
        return np.concatenate(found)

    def _twins(self, groups: Sequence[tuple[Group, list[int]]]) -> dict[Group, _Found]:
        """Return for each group the one more mentor who adds a pair and fits most of its mentees."""
        twins: list[_Twin] = []
        of_group: list[range] = []
        models = self._models([mentees for _, mentees in groups])
        for (group, mentees), suited in zip(groups, models, strict=True):
            first = len(twins)
            twins += self._imagined(suited, group, mentees)
            of_group.append(range(first, len(twins)))
        if not twins:
            return {}
        worth, fits = self._tried(twins, [mentees for _, mentees in groups], of_group)
        found = {}
        for (group, _), those in zip(groups, of_group, strict=True):
            best = max(those, key=lambda n: (worth[n] > 0 and worth[n] & 1, fits[n], worth[n], -n))
            found[group] = _Found(worth[best], fits[best], twins[best].wanted)
        return found

    def _models(self, groups: Sequence[Sequence[int]]) -> list[list[int]]:
        """Return for each group the open mentors who suit its mentees best, languages and hours apart; those whose
        channels fit come first."""
        n = len(self._part.mentors)
        if not n:
            return [[] for _ in groups]
        asked = np.unique(np.asarray([one for group in groups for one in group[:_ASKED]], dtype=np.intp))
        asks = np.asarray([np.isin(asked, group[:_ASKED]) for group in groups], dtype=np.int64)
        suits, fitting = np.zeros((2, len(groups), n), dtype=np.int64)
        for first in range(0, len(asked), BLOCK):
            rows = asked[first : first + BLOCK]
            public = self._part.rules.public(rows)
            score = self._part.scores.of_block(rows, public.least).astype(np.int64)
            those = asks[:, first : first + BLOCK]
            suits += those @ score
            fitting += those @ np.where(public.channel, score, 0)
        best: list[list[int]] = np.lexsort((-suits, -fitting), axis=1)[:, :_MODELS].tolist()
        return best

    def _imagined(self, models: Sequence[int], group: Group, mentees: Sequence[int]) -> Iterator[_Twin]:
        """Yield open mentors with the group's specialty and language, where and when most of its mentees are free."""
        specialty, language, _ = group
        zones = [self._part.mentees[mentee].profile.time_zone or "UTC" for mentee in mentees]
        zone = max(sorted(set(zones)), key=zones.count)
        hours = self._hours(zone, mentees[:_HEARD]) if models else ()
        for model in models:
            like = self._part.mentors[model].profile
            channels = tuple(one for one in Channel if one in like.usable_channels())
            profile = replace(
                like,
                specialties=like.specialties if specialty is None else (specialty,),
                languages=(LanguageSkill(language, "C2"),),
                time_zone=zone,
                availability=hours,
            )
            yield _Twin(model, WantedMentor(specialty, language, channels, zone, hours), profile)

    def _hours(self, zone: str, mentees: Sequence[int]) -> tuple[Window, ...]:
        """Return a few hours of a zone's week that meet most of what mentees need, one stretch after another.

        The clocks of the first week will do: what a mentor with these hours would add is tried on all weeks.
        """
        start = self._part.rules.calendar.starts[0]
        free = np.zeros((len(mentees), len(WEEKDAYS), DAY_MINUTES // SLOT_MINUTES), dtype=np.int16)
        for row, mentee in zip(free, mentees, strict=True):
            profile = self._part.mentees[mentee].profile
            ahead = offset_at(zone, start) - offset_at(profile.time_zone, start)
            shown = np.roll(local_slots(profile.availability), ahead // (SLOT_MINUTES * 60))
            row[:] = shown.reshape(row.shape)
        settings = self._part.settings
        needed, stretch = (
            minutes // SLOT_MINUTES
            for minutes in (settings.min_overlap_minutes, settings.min_stretch_minutes)
        )
        length = max(_LENGTH, stretch)
        had: NDArray[np.int16] = np.zeros(len(mentees), dtype=np.int16)
        taken = np.zeros(free.shape[1:], dtype=np.bool_)
        for _ in range(_TIMES):
            so_far = np.cumsum(np.pad(free, ((0, 0), (0, 0), (1, 0))), axis=2, dtype=np.int16)
            # From each half hour on.
            common = (so_far[:, :, length:] - so_far[:, :, :-length])[:, :, ::2]
            after = np.minimum(np.where(common < stretch, 0, common) + had[:, None, None], needed)
            day, half_hour = np.unravel_index(np.argmax(after.sum(axis=0, dtype=np.int64)), after.shape[1:])
            if np.array_equal(after[:, day, half_hour], had):
                break
            had = after[:, day, half_hour]
            used = 2 * half_hour + np.flatnonzero(free[:, day, 2 * half_hour :][:, :length].any(axis=0))
            when = slice(used[0], used[-1] + 1)
            taken[day, when] = True
            free[:, day, when] = 0
        return tuple(_windows(taken))

    def _tried(
        self,
        twins: Sequence[_Twin],
        members: Sequence[Sequence[int]],
        of_group: Sequence[range],
    ) -> tuple[list[int], list[int]]:
        """Return what each twin would add, and how many of their group's mentees they would fit."""
        settings = self._part.settings
        off = settings.rules_off | {Rule.ABROAD, Rule.BINDING_WISHES}
        free = replace(settings, rules_off=off, locked=(), forbidden=())
        until = self._part.mentors[0].verified_until
        entries = [
            MentorEntry(f"one more {n}", replace(twin.profile, person_id=f"one more {n}"), 1, until)
            for n, twin in enumerate(twins)
        ]
        like = np.asarray([twin.like for twin in twins], dtype=np.intp)
        tried = with_mentors(self._part, entries, like, free)
        group_of = np.repeat(np.arange(len(members)), [len(those) for those in of_group])
        is_member = np.zeros((len(members), len(tried.mentees)), dtype=np.bool_)
        for group, mentees in enumerate(members):
            is_member[group, list(mentees)] = True
        worth = np.zeros(len(twins), dtype=np.int64)
        fits = np.zeros(len(twins), dtype=np.int64)
        for first in range(0, len(self._on_trial), BLOCK):
            rows = self._on_trial[first : first + BLOCK]
            mentee, mentor, score = scored_block(tried, rows)
            np.maximum.at(worth, mentor, 2 * score.astype(np.int64) - self._asked[mentee])
            np.add.at(fits, mentor, is_member[group_of[mentor], mentee])
        return worth.tolist(), fits.tolist()


def _windows(week: NDArray[np.bool_]) -> Iterator[Window]:
    """Yield the stretches of bool[7, 96], the quarters of an hour of each day."""
    for weekday, day in zip(WEEKDAYS, week, strict=True):
        edges = np.flatnonzero(np.diff(day, prepend=False, append=False)) * SLOT_MINUTES
        yield from (Window(weekday, int(start), int(end)) for start, end in edges.reshape(-1, 2))


def _works_in(specialty: str, profile: Profile) -> bool:
    return not related_specialties(specialty).isdisjoint(profile.specialties)


def _added(row: Shortage) -> int:
    return row.one_more.total if row.one_more else 0
