"""The hard rules, encoded once and then asked for blocks of mentees against all mentors.

Public rules (a shared language, a shared channel, common time) are what both people's open profiles decide;
private ones (blocks, earlier declines, negative wishes, a partner abroad required, oneself) are never told. The
two are kept apart here because the reasons for people left out are worked out from the public ones alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.engine.bitsets import Kinds, bit_sets, index_of, meets
from chalicelib.matching.engine.overlap import Availability, Calendar, CommonTime, Slots
from chalicelib.matching.model import MatchSettings, MenteeEntry, MentorEntry, PairOfIds, Reason, Rule
from chalicelib.matching.pairing import understood_at
from chalicelib.people.model import (
    SLOT_MINUTES,
    Channel,
    CrossBorder,
    Profile,
    employer_of,
    unwanted_employers,
    usable_gender,
)

Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]

_UNTOLD = ""  # the gender of whoever keeps it to themselves

PUBLIC_RULES = (Reason.NO_SHARED_LANGUAGE, Reason.NOT_ENOUGH_COMMON_TIME, Reason.NO_SHARED_CHANNEL)


def positions(entries: Iterable[MenteeEntry | MentorEntry]) -> dict[str, int]:
    """Return where each person stands, by id."""
    return {entry.person_id: n for n, entry in enumerate(entries)}


@dataclass(frozen=True)
class _Pairs:
    """Pairs that are ruled out one by one, sorted by mentee."""

    mentee: Rows
    mentor: Rows

    @classmethod
    def of(
        cls, mentees: Sequence[MenteeEntry], mentors: Sequence[MentorEntry], forbidden: Iterable[PairOfIds]
    ) -> _Pairs:
        mentee_at, mentor_at = positions(mentees), positions(mentors)
        pairs = {
            (i, mentor_at[other])
            for i, entry in enumerate(mentees)
            for other in (*entry.blocked, *entry.declined, entry.person_id)
            if other in mentor_at
        }
        pairs |= {
            (mentee_at[other], j)
            for j, entry in enumerate(mentors)
            for other in (*entry.blocked, *entry.declined)
            if other in mentee_at
        }
        pairs |= {
            (mentee_at[pair.mentee_id], mentor_at[pair.mentor_id])
            for pair in forbidden
            if pair.mentee_id in mentee_at and pair.mentor_id in mentor_at
        }
        array = np.asarray(sorted(pairs), dtype=np.intp).reshape(-1, 2)
        return cls(array[:, 0], array[:, 1])

    def strike(self, rows: Rows, allowed: Mask) -> None:
        """Set these pairs False in bool[B, M]; `rows` are the block's mentees, in any order."""
        first = np.searchsorted(self.mentee, rows, side="left")
        count = np.searchsorted(self.mentee, rows, side="right") - first
        for n in np.flatnonzero(count):
            allowed[n, self.mentor[first[n] : first[n] + count[n]]] = False


@dataclass(frozen=True)
class _Unwanted:
    """A binding wish against something that each partner has one of (a country, an employer, a gender)."""

    mentee_unwanted: Mask
    mentor_has: Rows
    mentor_unwanted: Mask
    mentee_has: Rows

    @classmethod
    def of(
        cls,
        mentees: Sequence[Profile],
        mentors: Sequence[Profile],
        has: Callable[[Profile], str | None],
        unwanted: Callable[[Profile], Iterable[str]],
    ) -> _Unwanted:
        names = index_of(name for profile in (*mentees, *mentors) for name in unwanted(profile))
        nothing = len(names)  # the last column: what nobody has anything against

        def wishes(profiles: Sequence[Profile]) -> Mask:
            table = np.zeros((len(profiles), nothing + 1), dtype=np.bool_)
            for n, profile in enumerate(profiles):
                table[n, [names[name] for name in unwanted(profile)]] = True
            return table

        def theirs(profiles: Sequence[Profile]) -> Rows:
            return np.asarray([names.get(has(p) or "", nothing) for p in profiles], dtype=np.intp)

        return cls(
            mentee_unwanted=wishes(mentees),
            mentor_has=theirs(mentors),
            # By what the mentee has first, so that a block picks whole rows.
            mentor_unwanted=np.ascontiguousarray(wishes(mentors).T),
            mentee_has=theirs(mentees),
        )

    def strike(self, rows: Rows, allowed: Mask) -> None:
        """Set pairs False in bool[B, M] of which one does not want what the other has."""
        if self.mentor_unwanted.shape[0] == 1:
            return
        wishing = np.flatnonzero(self.mentee_unwanted[rows].any(axis=1))
        allowed[wishing] &= ~self.mentee_unwanted[rows[wishing]][:, self.mentor_has]
        theirs = self.mentor_unwanted[self.mentee_has[rows]]
        met = np.flatnonzero(theirs.any(axis=1))
        allowed[met] &= ~theirs[met]


class Rules:
    """The rules over one pool of open mentees and mentors.

    Parameters
    ----------
    mentees, mentors
        People who are open for matching: their profiles lack nothing that matching needs.
    calendar
        The distinct weeks of the run.
    """

    def __init__(
        self,
        mentees: Sequence[MenteeEntry],
        mentors: Sequence[MentorEntry],
        settings: MatchSettings,
        calendar: Calendar,
    ) -> None:
        wanting = [entry.profile for entry in mentees]
        giving = [entry.profile for entry in mentors]
        floor = settings.language_floor
        spoken = [understood_at(profile, floor) for profile in wanting]
        offered = [understood_at(profile, floor) for profile in giving]
        shared = index_of(
            {base for one in spoken for base in one} & {base for one in offered for base in one}
        )
        self._languages = Kinds.alike(bit_sets(spoken, shared)), Kinds.alike(bit_sets(offered, shared))
        self._channels = channel_bits(wanting), channel_bits(giving)
        stretch = settings.min_stretch_minutes // SLOT_MINUTES
        self.time = CommonTime(
            Availability.of(wanting, calendar, stretch),
            Availability.of(giving, calendar, stretch),
            settings.min_overlap_minutes // SLOT_MINUTES,
        )
        self.calendar = calendar
        self._needed_slots = settings.min_overlap_minutes // SLOT_MINUTES
        self._off = settings.rules_off
        self._pairs = _Pairs.of(mentees, mentors, settings.forbidden)
        self._n_mentors = len(mentors)
        mentor_at = positions(mentors)
        self._own_entry = np.asarray([mentor_at.get(entry.person_id, -1) for entry in mentees], dtype=np.intp)
        self._wishes = _binding_wishes(wanting, giving)
        country = index_of(p.country or "" for p in (*wanting, *giving))
        self._country = tuple(
            np.asarray([country[p.country or ""] for p in side], dtype=np.int16) for side in (wanting, giving)
        )
        self._abroad = tuple(
            np.asarray([p.preferences.cross_border is CrossBorder.REQUIRED for p in side], dtype=np.bool_)
            for side in (wanting, giving)
        )

    def language(self, rows: Rows, mentors: Rows | None = None) -> Mask:
        """Return bool[B, C]: a language that both can talk in at the floor or better."""
        if Rule.LANGUAGE in self._off:
            return self._all(rows, mentors)
        (spoken, row), (offered, column) = self._languages[0].among(rows), self._languages[1].among(mentors)
        return np.take(meets(spoken, offered)[row], column, axis=1)

    def channel(self, rows: Rows, mentors: Rows | None = None) -> Mask:
        """Return bool[B, C]: a channel that both offer and both lines carry."""
        if Rule.CHANNEL in self._off:
            return self._all(rows, mentors)
        wanted, offered = self._channels
        shared: Mask = (wanted[rows, None] & (offered if mentors is None else offered[mentors])) != 0
        return shared

    def private(self, rows: Rows) -> Mask:
        """Return bool[B, M]: nothing private stands against the pair."""
        allowed = self._all(rows)
        if Rule.ABROAD not in self._off:
            mentee_country, mentor_country = self._country
            mentee_abroad, mentor_abroad = self._abroad
            np.not_equal(mentee_country[rows, None], mentor_country, out=allowed)
            allowed |= ~(mentee_abroad[rows, None] | mentor_abroad)
        if Rule.BINDING_WISHES not in self._off:
            for wish in self._wishes:
                wish.strike(rows, allowed)
        self._pairs.strike(rows, allowed)
        return allowed

    def _all(self, rows: Rows, mentors: Rows | None = None) -> Mask:
        return np.ones((len(rows), self._n_mentors if mentors is None else len(mentors)), dtype=np.bool_)

    def oneself(self, rows: Rows, mentors: Rows | None = None) -> Mask:
        """Return bool[B, C]: the pair would be one person twice."""
        same: Mask = self._own_entry[rows, None] == (
            np.arange(self._n_mentors) if mentors is None else mentors
        )
        return same

    def admissible(self, rows: Rows, mentors: Rows | None = None) -> tuple[Mask, Slots]:
        """Return bool[B, C] of pairs that pass every rule, and their common slots in the poorest week.

        Parameters
        ----------
        rows
            Indices of B mentees.
        mentors
            Indices of C mentors; by default all.
        """
        wanted = self.language(rows)
        wanted &= self.channel(rows)
        wanted &= self.private(rows)
        if mentors is not None:
            wanted = wanted[:, mentors]
        if Rule.TIME in self._off:
            return wanted, self.time.least_of_block(rows, mentors)[0]
        return self.time.of_block(rows, wanted, mentors)

    def public(self, rows: Rows, mentors: Rows | None = None) -> PublicRules:
        """Return each public rule by itself, with some mentors (by default all), for the reasons of people left out."""
        least, stretch = self.time.least_of_block(rows, mentors)
        enough = np.ones_like(stretch) if Rule.TIME in self._off else stretch & (least >= self._needed_slots)
        return PublicRules(self.language(rows, mentors), enough, self.channel(rows, mentors), least)


@dataclass(frozen=True)
class PublicRules:
    """bool[B, C] of each public rule, in the order of `PUBLIC_RULES`, and the slots of the poorest week."""

    language: Mask
    time: Mask
    channel: Mask
    least: Slots

    @property
    def by_rule(self) -> tuple[Mask, Mask, Mask]:
        return self.language, self.time, self.channel

    @property
    def all(self) -> Mask:
        return self.language & self.time & self.channel


def _binding_wishes(mentees: Sequence[Profile], mentors: Sequence[Profile]) -> tuple[_Unwanted, ...]:
    genders = {usable_gender(p) or _UNTOLD for p in (*mentees, *mentors)}

    def other_genders(profile: Profile) -> Iterable[str]:
        wishes = profile.preferences
        required = wishes.genders_required and wishes.genders
        return genders - set(wishes.genders) if required else ()

    return (
        _Unwanted.of(mentees, mentors, lambda p: p.country, lambda p: p.negative_wishes.countries),
        _Unwanted.of(mentees, mentors, employer_of, lambda p: unwanted_employers(p, p.negative_wishes)),
        _Unwanted.of(mentees, mentors, lambda p: usable_gender(p) or _UNTOLD, other_genders),
    )


def channel_bits(profiles: Sequence[Profile]) -> NDArray[np.uint8]:
    """Return the channels of each that their lines carry, one bit each."""
    bit = {channel: 1 << n for n, channel in enumerate(Channel)}
    return np.asarray([sum(bit[c] for c in p.usable_channels()) for p in profiles], dtype=np.uint8)
