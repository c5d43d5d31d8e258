"""People who seek circles, encoded: who fits which mentors, topic, language and hour, and what that is worth.

A cell is what a circle can be made of: its mentors, and all who wish one topic, can talk in one language, are free at
one weekly hour and may be with these mentors. What a circle is worth depends on its people alone, so of the cells of
the same mentors those that hold no more people than another are of no use, unless a mentor leads several circles and
needs another hour for each. People are bits of whole numbers.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.engine import suiting
from chalicelib.matching.engine.weekly import Mask, Weeks, as_number, as_numbers, bits, runs
from chalicelib.matching.formation import (
    CircleSettings,
    Countries,
    Leading,
    Seeking,
    StandingCircle,
    Weekly,
)
from chalicelib.matching.model import MILLION, PairOfIds, Rule
from chalicelib.matching.pairing import understood_at
from chalicelib.matching.timetable import Attending, settles
from chalicelib.people.model import SLOT_MINUTES, Profile, normalised_tag
from chalicelib.programmes.model import PairKind

Points = NDArray[np.int64]

COUNTRY: Final = MILLION // 4
"""What a member's country is worth, where it is as the programme wishes. Ours."""


class Hour(NamedTuple):
    """What people of a cell have in common: a topic and a language, and where a meeting begins in the local week of a
    clock."""

    topic: str
    language: str
    clock: int
    slot: int


@dataclass(frozen=True)
class Team:
    """Who leads a circle.

    Attributes
    ----------
    mentors
        Indices of `Pool.leading`; none of peers.
    copies
        How many circles they may lead.
    standing
        Which of the circles that there are it is.
    """

    mentors: tuple[int, ...]
    copies: int
    standing: int | None = None


@dataclass(frozen=True)
class Cell:
    """What a circle can be made of: `fits` are those who can have a seat; any of `hours` has them all."""

    team: int
    fits: int
    hours: tuple[Hour, ...]


@dataclass(frozen=True)
class Offer:
    """What somebody brings along: topics and languages as they are compared; none of who is not `whole`, and says
    nothing of topics, languages, zone or hours."""

    topics: frozenset[str]
    languages: frozenset[str]
    whole: bool = True


class Pool:
    """All people of a forming, in the order that settles ties: by a hash of who they are.

    Attributes
    ----------
    seeks, leads
        What each seeks, and offers.
    starts
        bool[people, 672] by clock: where a meeting could begin, of those who seek; of mentors `leads_at`.
    """

    def __init__(
        self,
        seeking: Sequence[Seeking],
        leading: Sequence[Leading],
        settings: CircleSettings,
        now: datetime,
        standing: Sequence[StandingCircle],
    ) -> None:
        self.settings = settings
        self.seeking = sorted(seeking, key=lambda one: settles(one.person_id))
        self.leading = sorted(leading, key=lambda one: settles(one.person_id))
        self.standing = sorted(standing, key=lambda one: settles(one.circle_id))
        self.length = settings.minutes // SLOT_MINUTES
        self.spelling = _spelling(settings, [*self.seeking, *self.leading, *self.standing])
        self.seeks = [self._offer(one) for one in self.seeking]
        self.leads = [self._offer(one) for one in self.leading]
        people: list[Seeking | Leading] = [*self.seeking, *self.leading]
        zones = {one.profile.time_zone or "UTC" for one in people}
        zones |= {busy.zone for one in people for busy in one.busy}
        zones |= {one.meets.zone for one in self.standing}
        self.weeks = Weeks(now, settings.match.weeks, zones)
        self._taken = self._standing_hours()
        self.free = self._free_of(self.seeking)
        self._leads_free = self._free_of(self.leading)
        self.local = [clock.on_local(self.free.swapaxes(0, 1)) for clock in self.weeks.clocks]
        self.leads_local = [clock.on_local(self._leads_free.swapaxes(0, 1)) for clock in self.weeks.clocks]
        self.starts = [runs(local, self.length) for local in self.local]
        self.leads_at = [runs(local, self.length) for local in self.leads_local]
        self._free_at: dict[Weekly, int] = {}
        self._match_people()

    def _offer(self, one: Seeking | Leading) -> Offer:
        profile = one.profile
        topics = {tag for topic in one.topics if (tag := normalised_tag(topic)) in self.spelling}
        if not (one.topics and profile.languages and profile.time_zone and profile.availability):
            return Offer(frozenset(), frozenset(), whole=False)
        return Offer(frozenset(topics), frozenset(understood_at(profile, self.settings.match.language_floor)))

    def _standing_hours(self) -> dict[str, list[Mask]]:
        """Return what is taken of the weeks of who is in circles that there are."""
        found: dict[str, list[Mask]] = {}
        for circle in self.standing:
            taken = self.weeks.taken(circle.meets)
            those: list[Seeking | Leading] = [*circle.mentors, *circle.members]
            for one in those:
                found.setdefault(one.person_id, []).append(taken)
        return found

    def _free_of(self, people: Sequence[Seeking | Leading]) -> Mask:
        """Return bool[people, weeks, 672] in UTC."""
        found = np.zeros((len(people), *self.weeks.shape), dtype=np.bool_)
        kinds: dict[tuple[str | None, object], Mask] = {}
        for n, one in enumerate(people):
            key = one.profile.time_zone, one.profile.availability
            if key not in kinds:
                kinds[key] = self.weeks.free(one.profile)
            found[n] = kinds[key]
            for taken in (
                *map(self.weeks.taken, one.busy),
                *self._taken.get(one.person_id, ()),
            ):
                found[n] &= ~taken
        return found

    def _match_people(self) -> None:
        """Work out who suits whom, and who is kept apart."""
        members = _people([*self.seeking, *(one for circle in self.standing for one in circle.members)])
        mentors = _people([*self.leading, *(one for circle in self.standing for one in circle.mentors)])
        self._member_at = {one.person_id: n for n, one in enumerate(members)}
        self._mentor_at = {one.person_id: n for n, one in enumerate(mentors)}
        match = self.settings.match
        both = replace(
            match,
            locked=(),
            forbidden=tuple(
                {pair for one in match.forbidden for pair in (one, PairOfIds(one.mentor_id, one.mentee_id))}
            ),
        )
        seekers = members[: len(self.seeking)]
        # The circle's language is looked at with all of its people at once.
        unspoken = replace(match, rules_off=match.rules_off | {Rule.LANGUAGE})
        found = suiting.points(seekers, mentors, unspoken)
        self._suits = np.asarray(
            [[-1 if one is None else one for one in row] for row in found], dtype=np.int64
        ).reshape(len(seekers), len(mentors))
        self._together = suiting.together(members, both)
        self.mentors_together = suiting.together(mentors, both)
        n = len(self.seeking)
        self.apart = as_numbers(~self._together[:n, :n] & ~np.eye(n, dtype=np.bool_)) if n else []
        self._peers: Points | None = None
        if not self.settings.mentors or any(not one.mentors for one in self.standing):
            free = replace(match, rules_off=frozenset(Rule), min_score=1, forbidden=(), locked=())
            alike = [replace(one, apart=frozenset()) for one in members]
            points = np.asarray(
                [[one or 0 for one in row] for row in suiting.points(alike, alike, free, PairKind.PEER)],
                dtype=np.int64,
            ).reshape(len(members), len(members))
            self._peers = points + points.T
        country: dict[str, int] = {}
        self._country = [country.setdefault(one.profile.country or "", len(country)) for one in members]

    # -- who is how ---------------------------------------------------------------------------------------------------

    @cached_property
    def by_topic(self) -> dict[str, int]:
        """Who seeks each topic."""
        return _by_name([one.topics for one in self.seeks])

    @cached_property
    def by_language(self) -> dict[str, int]:
        """Who can talk in each language."""
        return _by_name([one.languages for one in self.seeks])

    @cached_property
    def by_slot(self) -> list[list[int]]:
        """Who could begin a meeting at each quarter of the local week of each clock."""
        return [as_numbers(starts.T) for starts in self.starts]

    @cached_property
    def beside(self) -> list[int]:
        """Who may be with each mentor."""
        return as_numbers((self._suits >= 0).T)

    # -- cells --------------------------------------------------------------------------------------------------------

    @cached_property
    def teams(self) -> list[Team]:
        """Who may lead circles; those that there are come first."""
        standing = [
            Team(tuple(self._mentor_at[mentor.person_id] for mentor in one.mentors), 1, n)
            for n, one in enumerate(self.standing)
        ]
        able = [n for n, one in enumerate(self.leading) if one.circles and self.leads[n].topics]
        if self.settings.mentors == 0:
            return [*standing, Team((), max(1, len(self.seeking) // self.settings.least))]
        if self.settings.mentors == 1:
            return [*standing, *(Team((n,), self.leading[n].circles) for n in able)]
        return [
            *standing,
            *(
                Team(pair, min(self.leading[n].circles for n in pair))
                for pair in itertools.combinations(able, 2)
                if self.mentors_together[pair]
            ),
        ]

    @cached_property
    def cells(self) -> list[Cell]:
        """What circles can be made of, by team."""
        found: list[Cell] = []
        for number, team in enumerate(self.teams):
            if team.standing is not None:
                found += self._of_standing(number, self.standing[team.standing])
                continue
            by_fits: dict[int, list[Hour]] = {}
            several = any(self.leading[n].circles > 1 for n in team.mentors)
            by_hour: dict[tuple[int, int], list[tuple[int, Hour]]] = {}
            for hour, fits in self.hours_of(team.mentors):
                if fits.bit_count() >= self.settings.least:
                    if several:
                        by_hour.setdefault((hour.clock, hour.slot), []).append((fits, hour))
                    else:
                        by_fits.setdefault(fits, []).append(hour)
            for those in by_hour.values():
                best = set(_maximal(fits for fits, _ in those))
                for fits, hour in those:
                    if fits in best:
                        by_fits.setdefault(fits, []).append(hour)
            kept = sorted(by_fits) if several else _maximal(by_fits)
            found += [Cell(number, fits, tuple(by_fits[fits])) for fits in kept]
        return found

    def _of_standing(self, number: int, circle: StandingCircle) -> Iterator[Cell]:
        """Yield the cell of a circle that there is, if it has a seat that somebody can have."""
        topic = normalised_tag(circle.topic)
        fits = self.by_topic.get(topic, 0) & self.by_language.get(circle.language, 0)
        fits &= self.free_at(circle.meets) & self.may_be_with(self.teams[number])
        if fits and len(circle.members) < self.settings.most:
            yield Cell(number, fits, (Hour(topic, circle.language, -1, -1),))

    def free_at(self, meets: Weekly) -> int:
        """Return who is free at a weekly stretch in every week."""
        if meets not in self._free_at:
            free = (self.free | ~self.weeks.taken(meets)).all(axis=(1, 2))
            self._free_at[meets] = as_number(np.flatnonzero(free).tolist())
        return self._free_at[meets]

    def may_be_with(self, team: Team) -> int:
        """Return who may be with the mentors of a team, and with who is in its circle already."""
        found = (1 << len(self.seeking)) - 1
        for mentor in team.mentors:
            found &= self.beside[mentor]
        for one in self._inside(team):
            row = self._together[self._member_at[one.person_id], : len(self.seeking)]
            found &= as_number(np.flatnonzero(row).tolist())
        return found

    def hours_of(self, mentors: tuple[int, ...], *, public: bool = False) -> Iterator[tuple[Hour, int]]:
        """Yield each topic, language and hour that some mentors have, and who fits them; `public` leaves out whom they
        may not be with, and has those whom fewer than a circle fit."""
        if mentors:
            topics: Iterable[str] = frozenset.intersection(*(self.leads[n].topics for n in mentors))
            languages: Iterable[str] = frozenset.intersection(*(self.leads[n].languages for n in mentors))
            zones = [self.leading[n].profile.time_zone or "UTC" for n in mentors]
        else:
            topics, languages = self.by_topic, self.by_language
            zones = [one.profile.time_zone or "UTC" for one in self.seeking]
        beside = -1
        if not public:
            for n in mentors:
                beside &= self.beside[n]
        least = 1 if public else self.settings.least
        spoken = {
            (topic, language): there
            for topic in sorted(topics)
            for language in sorted(languages)
            if (there := self.by_topic.get(topic, 0) & self.by_language.get(language, 0) & beside).bit_count()
            >= least
        }
        if not spoken:
            return
        for clock in sorted({self.weeks.kind(zone) for zone in zones}):
            slots = np.ones(len(self.by_slot[clock]), dtype=np.bool_)
            for n in mentors:
                slots &= self.leads_at[clock][n]
            by_slot = self.by_slot[clock]
            for slot in np.flatnonzero(slots).tolist():
                here = by_slot[slot]
                if here:
                    for (topic, language), there in spoken.items():
                        yield Hour(topic, language, clock, slot), here & there

    def takes(self, clock: int, slot: int) -> int:
        """Return what a meeting takes of the weeks, as a number of quarters of an hour."""
        local = np.zeros(self.weeks.shape[1], dtype=np.bool_)
        local[np.arange(slot, slot + self.length) % len(local)] = True
        return as_numbers(self.weeks.clocks[clock].utc(local).reshape(1, -1))[0]

    # -- points -------------------------------------------------------------------------------------------------------

    def worth(self, team: Team) -> Points:
        """Return int64[people]: how well each suits who leads (of peers 0); only valid for who fits."""
        if not team.mentors:
            return np.zeros(len(self.seeking), dtype=np.int64)
        found: Points = self._suits[:, list(team.mentors)].sum(axis=1) // len(team.mentors)
        return found

    def most_worth(self, team: Team, fits: Sequence[int]) -> Points:
        """Return int64[fits]: no seat of a circle of these is worth more to who has it."""
        at = np.asarray(fits, dtype=np.intp)
        if team.mentors:
            found = self.worth(team)[at]
        else:
            assert self._peers is not None  # noqa: S101  they are there where a circle has no mentors
            inside = [self._member_at[one.person_id] for one in self._inside(team)]
            others = self._peers[np.ix_(at, np.asarray([*fits, *inside], dtype=np.intp))] // 2 + 1
            if team.standing is not None:
                found = others.max(axis=1)
            else:
                few = self.settings.least - 1
                others[np.arange(len(at)), np.arange(len(at))] = -1
                found = -(-np.sort(others, axis=1)[:, -few:].sum(axis=1) // few)
        return found + (0 if self.settings.countries is Countries.ANY else COUNTRY)

    def _inside(self, team: Team) -> tuple[Seeking, ...]:
        return () if team.standing is None else self.standing[team.standing].members

    def points(self, team: Team, worth: Sequence[int], members: Sequence[int]) -> int:
        """Return what the seats of those who join a circle are worth together; `worth` is the team's."""
        inside = [self._member_at[one.person_id] for one in self._inside(team)]
        if team.mentors:
            total = sum(worth[one] for one in members)
        elif len(members) + len(inside) < 2:
            total = 0
        else:
            assert self._peers is not None  # noqa: S101  they are there where a circle has no mentors
            peers = self._peers_lists
            both = sum(peers[a][b] for a, b in itertools.combinations(members, 2)) * 2
            one_way = sum(peers[a][b] for a in members for b in inside)
            total = (both + one_way) // (2 * (len(members) + len(inside) - 1))
        if self.settings.countries is not Countries.ANY:
            before = {self._country[one] for one in inside}
            after = before | {self._country[one] for one in members}
            new = len(after) - len(before)
            if self.settings.countries is Countries.ALIKE:
                total += COUNTRY * (len(members) - new)
            else:
                total += COUNTRY * (new - (not inside and new > 0))
        return total

    @cached_property
    def _peers_lists(self) -> list[list[int]]:
        assert self._peers is not None  # noqa: S101  as above
        found: list[list[int]] = self._peers.tolist()
        return found


def _maximal(numbers: Iterable[int]) -> list[int]:
    """Return those sets of people that no other holds, the largest first."""
    kept: list[int] = []
    holds: dict[int, list[int]] = {}
    for one in sorted(set(numbers), key=lambda one: (-one.bit_count(), one)):
        low = one & -one
        if any(one & other == one for other in holds.get(low, ())):
            continue
        kept.append(one)
        for bit in bits(one):
            holds.setdefault(1 << bit, []).append(one)
    return kept


def _by_name(names: Sequence[Iterable[str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for n, those in enumerate(names):
        for name in those:
            found[name] = found.get(name, 0) | 1 << n
    return dict(sorted(found.items()))


def _spelling(
    settings: CircleSettings, people: Sequence[Seeking | Leading | StandingCircle]
) -> Mapping[str, str]:
    """Return the topics that there may be, as they are compared, and how each is written."""
    named = {
        topic for one in people for topic in ((one.topic,) if isinstance(one, StandingCircle) else one.topics)
    }
    allowed = settings.topics if settings.topics is not None else named
    return {normalised_tag(topic): topic for topic in sorted(allowed, reverse=True)}


def _people(given: Sequence[Seeking | Leading]) -> list[Attending]:
    """Return people, each once, with all from whom any of their entries keeps them apart."""
    apart: dict[str, frozenset[str]] = {}
    profiles: dict[str, Profile] = {}
    for one in given:
        apart[one.person_id] = apart.get(one.person_id, frozenset()) | one.apart
        profiles.setdefault(one.person_id, one.profile)
    return [Attending(one, profile, apart[one]) for one, profile in profiles.items()]
