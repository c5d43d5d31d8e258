"""The smallest changes that would open mentors to somebody without a pair, found by asking the rules again.

Every change of language or channel, and the hours of `STRETCHES`, are tried on the profile against every open mentor;
`OTHER_HOURS` where these open none. What is told follows from public rules and the score alone (`docs/matching.md`,
"Who is told what"), never from a block, a decline or a wish. More free time never closes a mentor, so a whole stretch
is tried first, and parts of it only where the whole opens somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.changes import WORKDAYS, Change, ChangeKind, Stretch, Suggestion, cost
from chalicelib.matching.engine.overlap import Availability, Slots, local_slots
from chalicelib.matching.engine.pairwise import language_value
from chalicelib.matching.engine.rules import Mask, Rules, channel_bits
from chalicelib.matching.engine.scoring import Scores
from chalicelib.matching.model import MatchSettings, MenteeEntry, MentorEntry, Rule
from chalicelib.matching.pairing import language_levels, understood
from chalicelib.people import codes
from chalicelib.people.model import (
    CARRIED,
    SLOT_MINUTES,
    Channel,
    LanguageSkill,
    Profile,
    Weekday,
    Window,
)

MOST = 3
"""Suggestions for one person."""

_SATURDAY, _SUNDAY = (Weekday.SATURDAY,), (Weekday.SUNDAY,)
STRETCHES: dict[Stretch, tuple[tuple[Weekday, ...], int, int]] = {
    Stretch.WEEKDAY_EVENING: (WORKDAYS, 18 * 60, 21 * 60),
    Stretch.WEEKDAY_MIDDAY: (WORKDAYS, 12 * 60, 14 * 60),
    Stretch.WEEKDAY_EARLY: (WORKDAYS, 6 * 60, 8 * 60),
    Stretch.SATURDAY_MORNING: (_SATURDAY, 9 * 60, 12 * 60),
    Stretch.SATURDAY_AFTERNOON: (_SATURDAY, 13 * 60, 17 * 60),
    Stretch.SUNDAY_MORNING: (_SUNDAY, 9 * 60, 12 * 60),
    Stretch.SUNDAY_AFTERNOON: (_SUNDAY, 13 * 60, 17 * 60),
}
"""Days, start and end; asked for on one of the days or on all of them, in pieces of half hours. Ours."""

OTHER_HOURS: dict[Stretch, tuple[tuple[Weekday, ...], int, int]] = {
    Stretch.WEEKDAY: (WORKDAYS, 6 * 60, 23 * 60),
    Stretch.SATURDAY: (_SATURDAY, 6 * 60, 23 * 60),
    Stretch.SUNDAY: (_SUNDAY, 6 * 60, 23 * 60),
}
"""The hours in which people are awake, at work or not."""

PIECE = 30
LONGEST = 240
"""Minutes of a day that anybody is asked for."""

_RANKS: dict[str, int] = {level: rank for rank, level in enumerate(codes.CEFR)}


@dataclass(frozen=True)
class Position:
    """Where somebody stands with each mentor, as bool[M]; `least` are the common slots of the poorest week.

    `others` is False for themselves, `open` True for those who pass every public rule and reach the least score.
    """

    language: Mask
    time: Mask
    channel: Mask
    others: Mask
    open: Mask
    least: Slots

    @property
    def fits(self) -> Mask:
        """Who passes every public rule."""
        return self.language & self.time & self.channel & self.others


@dataclass(frozen=True)
class _Trial:
    """Up to two changes other than of time, and whom their rules then let pass.

    `profile` is the person's where a change alters their languages.
    """

    changes: tuple[Change, ...]
    language: Mask
    channel: Mask
    profile: Profile | None = None


@dataclass(frozen=True)
class _Times:
    """Times that anybody may be asked for: stretch, days, start and end of each, and bool[T, 672] of its local week."""

    asked: tuple[tuple[Stretch, tuple[Weekday, ...], int, int], ...]
    local: NDArray[np.bool_]
    stretch: NDArray[np.intp]

    @classmethod
    def of(cls, asked: Iterable[tuple[Stretch, tuple[Weekday, ...], int, int]]) -> _Times:
        times = tuple(asked)
        weeks = [local_slots([Window(day, start, end) for day in days]) for _, days, start, end in times]
        order = list(Stretch)
        return cls(
            times, np.asarray(weeks), np.asarray([order.index(one[0]) for one in times], dtype=np.intp)
        )

    def change(self, n: int, minutes: int) -> Change:
        stretch, days, start, end = self.asked[n]
        return Change(ChangeKind.TIME, stretch=stretch, days=days, start=start, end=end, minutes=minutes)


@dataclass(frozen=True)
class _Hours:
    """Whole stretches, their pieces, and of which whole each piece is."""

    wholes: _Times
    pieces: _Times
    of_whole: NDArray[np.intp]

    @classmethod
    def of(cls, stretches: Mapping[Stretch, tuple[tuple[Weekday, ...], int, int]]) -> _Hours:
        wholes = [
            (stretch, some, start, end)
            for stretch, (days, start, end) in stretches.items()
            for some in (*((day,) for day in days), *([days] if len(days) > 1 else []))
        ]
        pieces = [
            (n, (stretch, days, start, end))
            for n, (stretch, days, first, last) in enumerate(wholes)
            for start in range(first, last, PIECE)
            for end in range(start + PIECE, min(start + LONGEST, last) + 1, PIECE)
        ]
        of_whole = np.asarray([n for n, _ in pieces], dtype=np.intp)
        return cls(_Times.of(wholes), _Times.of(piece for _, piece in pieces), of_whole)


@cache
def _hours() -> tuple[_Hours, _Hours]:
    """Return the hours that people are asked for first, and the others."""
    return _Hours.of(STRETCHES), _Hours.of(OTHER_HOURS)


class Adviser:
    """Looks for changes that would open mentors to open mentees of one pool.

    Parameters
    ----------
    rules, scores
        Of these people.
    """

    def __init__(
        self,
        mentees: Sequence[MenteeEntry],
        mentors: Sequence[MentorEntry],
        settings: MatchSettings,
        rules: Rules,
        scores: Scores,
    ) -> None:
        self._mentees = mentees
        self._settings = settings
        self._rules = rules
        self._scores = scores
        self._floor = _RANKS[settings.language_floor]
        self._mentor_channels = channel_bits([entry.profile for entry in mentors])
        self._own_levels = _table([_levels(entry.profile) for entry in mentors])
        self._mentor_levels = _table([_understood(entry.profile) for entry in mentors])

    def suggestions(self, mentee: int, now: Position) -> tuple[Suggestion, ...]:
        """Return at most `MOST` suggestions for a mentee, the smallest first."""
        return tuple(self._found(mentee, now, np.ones_like(now.open))[:MOST])

    def smallest(self, mentee: int, now: Position, mentors: Mask) -> Suggestion | None:
        """Return the smallest change that opens one of these mentors, and how many of them it opens."""
        return next(iter(self._found(mentee, now, mentors)), None)

    def _found(self, mentee: int, now: Position, wanted: Mask) -> list[Suggestion]:
        """Return what opens wanted mentors: single changes, or where there are none two of different kinds."""
        closed = wanted & now.others & ~now.open
        if not closed.any():
            return []
        profile = self._mentees[mentee].profile
        present = _Trial((), now.language, now.channel)
        languages = [present, *self._languages(profile, now)]
        channels = [present, *self._channels(profile, now)]
        trials: list[list[_Trial]] = [[], [], []]
        for spoken, met in product(languages, channels):
            changes = spoken.changes + met.changes
            trials[len(changes)].append(_Trial(changes, spoken.language, met.channel, spoken.profile))
        usual, others = _hours()
        for most in (1, 2):
            found = [
                *self._without_time(mentee, now, closed, trials[most]),
                *self._with_time(mentee, closed, trials[most - 1], usual),
            ]
            found = found or [*self._with_time(mentee, closed, trials[most - 1], others)]
            if found:
                return _best(found)
        return []

    def _languages(self, profile: Profile, now: Position) -> Iterator[_Trial]:
        own = _levels(profile)
        lower = self._floor - 1
        for base, rank in sorted(own.items()):
            theirs = self._mentor_levels.get(base)
            if theirs is not None and 0 <= lower <= rank:
                change = Change(ChangeKind.ACCEPT_LANGUAGE, language=base, level=codes.CEFR[lower])
                yield _Trial((change,), now.language | (theirs >= lower), now.channel)
            better = max(rank + 1, self._floor)
            if better < len(codes.CEFR):
                change = Change(
                    ChangeKind.IMPROVE_LANGUAGE, language=base, level=codes.CEFR[better], steps=better - rank
                )
                after = _with_level(profile, base, codes.CEFR[better])
                passes = now.language.copy()
                for known, level in _understood(after).items():
                    if level >= self._floor and known in self._mentor_levels:
                        passes |= self._mentor_levels[known] >= self._floor
                yield _Trial((change,), passes, now.channel, after)

    def _channels(self, profile: Profile, now: Position) -> Iterator[_Trial]:
        carried = CARRIED[profile.connection] if profile.connection else frozenset(Channel)
        for n, channel in enumerate(Channel):
            if channel in carried and channel not in profile.channels:
                passes = now.channel | (self._mentor_channels & (1 << n) != 0)
                yield _Trial((Change(ChangeKind.CHANNEL, channel=channel),), now.language, passes)

    def _without_time(
        self, mentee: int, now: Position, closed: Mask, trials: Iterable[_Trial]
    ) -> Iterator[Suggestion]:
        for trial in trials:
            mentors = np.flatnonzero(closed & trial.language & trial.channel & now.time)
            reached = self._reach(mentee, trial, mentors, now.least[mentors])
            if opens := int(np.count_nonzero(reached)):
                yield Suggestion(trial.changes, opens)

    def _with_time(
        self, mentee: int, closed: Mask, trials: Iterable[_Trial], hours: _Hours
    ) -> Iterator[Suggestion]:
        """Yield the best of each stretch beside each trial."""
        waiting = [(trial, closed & trial.language & trial.channel) for trial in trials]
        waiting = [(trial, mask) for trial, mask in waiting if mask.any()]
        if not waiting:
            return
        mentors = np.flatnonzero(np.logical_or.reduce([mask for _, mask in waiting]))
        profile = self._mentees[mentee].profile
        own = local_slots(profile.availability)
        pieces = hours.pieces
        enough, _ = self._time(profile, own | hours.wholes.local, mentors)
        minutes = np.count_nonzero(pieces.local & ~own, axis=1) * SLOT_MINUTES
        opening: Mask = np.logical_or.reduce(enough, axis=1)
        tried = np.flatnonzero(opening[hours.of_whole] & (minutes > 0))
        mentors = mentors[enough.any(axis=0)]
        enough, least = self._time(profile, own | pieces.local[tried], mentors)
        for trial, mask in waiting:
            which, column = np.nonzero(enough & mask[mentors])
            reached = self._reach(mentee, trial, mentors[column], least[which, column])
            opens = np.bincount(which[reached], minlength=len(tried))
            for n in _best_of_stretches(pieces.stretch[tried], minutes[tried], opens):
                change = pieces.change(tried[n], int(minutes[tried[n]]))
                yield Suggestion((*trial.changes, change), int(opens[n]))

    def _time(
        self, profile: Profile, local: NDArray[np.bool_], mentors: NDArray[np.intp]
    ) -> tuple[Mask, Slots]:
        """Return bool[V, R], whether each of a person's weeks, bool[V, 672], has enough in common with each mentor, and
        the slots of the poorest week."""
        stretch = self._settings.min_stretch_minutes // SLOT_MINUTES
        free = Availability.of_one(local, profile.time_zone or "UTC", self._rules.calendar, stretch)
        time, rows = self._rules.time.with_mentees(free, mentors), np.arange(len(local))
        everyone = np.ones((len(rows), len(mentors)), dtype=np.bool_)
        if Rule.TIME in self._settings.rules_off:
            return everyone, time.least_of_block(rows)[0]
        return time.of_block(rows, everyone)

    def _reach(self, mentee: int, trial: _Trial, mentors: NDArray[np.intp], least: Slots) -> Mask:
        """Tell with which mentors the least score is reached."""
        if self._settings.min_score <= 1 or not len(mentors):
            return np.ones(len(mentors), dtype=np.bool_)
        languages = None if trial.profile is None else self._language_values(trial.profile, mentors)
        scores = self._scores.of_pairs(
            np.full(len(mentors), mentee, dtype=np.intp), mentors, least, languages
        )
        reached: Mask = scores >= self._settings.min_score
        return reached

    def _language_values(self, mentee: Profile, mentors: NDArray[np.intp]) -> NDArray[np.int64]:
        best = np.full(len(mentors), self._floor - 1, dtype=np.int64)
        shared = np.zeros(len(mentors), dtype=np.int64)
        for base, rank in _understood(mentee).items():
            if base in self._mentor_levels:
                np.maximum(best, np.minimum(self._mentor_levels[base][mentors], rank), out=best)
        for base, rank in _levels(mentee).items():
            if base in self._own_levels:
                shared += np.minimum(self._own_levels[base][mentors], rank) >= self._floor
        return language_value(np.maximum(best - self._floor, 0), shared, len(codes.CEFR) - 1 - self._floor)


def _levels(profile: Profile) -> dict[str, int]:
    return {base: _RANKS[level] for base, level in language_levels(profile).items()}


def _understood(profile: Profile) -> dict[str, int]:
    return {base: _RANKS[one.level] for base, one in understood(profile).items()}


def _with_level(profile: Profile, base: str, level: str) -> Profile:
    """Return the profile of who speaks a language at another level."""
    others = (
        one for one in profile.languages if base not in language_levels(replace(profile, languages=(one,)))
    )
    return replace(profile, languages=(*others, LanguageSkill(base, level)))


def _table(levels: Sequence[dict[str, int]]) -> dict[str, NDArray[np.int8]]:
    """Return for each language the level of everybody, -1 for who does not have it."""
    found: dict[str, NDArray[np.int8]] = {}
    for n, one in enumerate(levels):
        for base, rank in one.items():
            found.setdefault(base, np.full(len(levels), -1, dtype=np.int8))[n] = rank
    return found


def _best_of_stretches(
    stretch: NDArray[np.intp], minutes: NDArray[np.intp], opens: NDArray[np.intp]
) -> list[int]:
    """Return of each stretch the time that costs least; of equal ones what opens most, then the shortest."""
    some = np.flatnonzero(opens)
    begun_hours = -(-minutes[some] // 60)
    order = some[np.lexsort((some, minutes[some], -opens[some], begun_hours, stretch[some]))]
    _, first = np.unique(stretch[order], return_index=True)
    best: list[int] = order[first].tolist()
    return best


def _best(found: Iterable[Suggestion]) -> list[Suggestion]:
    """Sort by cost, then by how many they open, then by kind; of those on the same subjects the best is kept."""
    ranked = sorted(found, key=lambda one: (sum(map(cost, one.changes)), -one.opens, _order(one)))
    kept: dict[tuple[tuple[str, str], ...], Suggestion] = {}
    for one in ranked:
        kept.setdefault(tuple(change.subject for change in one.changes), one)
    return list(kept.values())


_KINDS, _PARTS, _WAYS = list(ChangeKind), list(Stretch), list(Channel)


def _order(suggestion: Suggestion) -> list[tuple[int, int, int, str]]:
    return [
        (
            _KINDS.index(one.kind),
            _WAYS.index(one.channel) if one.channel else -1,
            _PARTS.index(one.stretch) if one.stretch else -1,
            one.language or "",
        )
        for one in suggestion.changes
    ]
