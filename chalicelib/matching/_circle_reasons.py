"""Why somebody is in no circle, what would have helped them, and what a coordinator can look for.

Reasons follow from what everybody may know: topics, languages, hours and how many there are. Blocks, binding wishes and
who is forbidden to be with whom are never told: somebody whom these keep out reads what they would read without them.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from chalicelib.matching._circle_search import Found, Open
from chalicelib.matching.engine.circling import Pool
from chalicelib.matching.engine.weekly import as_number, bits
from chalicelib.matching.formation import Help, Helps, Idle, LeftOver, Missing, Shortage, Weekly
from chalicelib.people.model import normalised_tag

_MOST: Final = 5
"""Topics, languages or hours that somebody is told of at most."""

Name = TypeVar("Name", str, Weekly)

_STAGES: Final = (Missing.TOPIC, Missing.LANGUAGE, Missing.TIME, Missing.TOO_FEW)


class Reasons:
    """What is told of those who were left over.

    Parameters
    ----------
    found
        What was formed.
    meets, circles
        When each circle with members meets, and which it is.
    """

    def __init__(self, pool: Pool, found: Found, meets: Sequence[Weekly], circles: Sequence[Open]) -> None:
        self._pool = pool
        placed = 0
        for one in found.circles:
            placed |= one.members
        self._left = [n for n in range(len(pool.seeking)) if not placed >> n & 1]
        self._led = Counter(
            mentor
            for one in found.circles
            if (team := pool.teams[pool.cells[one.cell].team]).standing is None
            for mentor in team.mentors
        )
        self._circles = list(zip(circles, meets, strict=True))
        # Of each stage who passes it with somebody, and how far each mentor comes.
        self._passed = [0] * len(_STAGES)
        self._reach = [0] * len(pool.leading)
        self._look()
        self._told = list(self._seats())

    def _look(self) -> None:
        pool = self._pool
        able = [n for n, one in enumerate(pool.leading) if one.circles and pool.leads[n].whole]
        teams = itertools.combinations(able, pool.settings.mentors)
        for team in teams if pool.settings.mentors else [()]:
            stages = self._stages(team)
            for n, those in enumerate(stages):
                self._passed[n] |= those
            far = sum(those != 0 for those in stages)
            for mentor in team:
                self._reach[mentor] = max(self._reach[mentor], far)
        for circle in pool.standing:
            if len(circle.members) < pool.settings.most:
                those = pool.by_topic.get(normalised_tag(circle.topic), 0)
                self._passed[0] |= those
                those &= pool.by_language.get(circle.language, 0)
                self._passed[1] |= those
                those &= pool.free_at(circle.meets)
                self._passed[2] |= those
                self._passed[3] |= those

    def _stages(self, team: tuple[int, ...]) -> list[int]:
        """Return who wishes a topic of some mentors; of these, who has a language with them, too; an hour; and enough
        others for a circle. Of peers enough others are needed at each stage but the third."""
        pool = self._pool
        least = pool.settings.least
        few = 1 if team else least
        topics = (
            frozenset.intersection(*(pool.leads[n].topics for n in team))
            if team
            else frozenset(pool.by_topic)
        )
        stages = [0] * len(_STAGES)
        for topic in topics:
            those = pool.by_topic.get(topic, 0)
            if those.bit_count() >= few:
                stages[0] |= those
        for language in (
            frozenset.intersection(*(pool.leads[n].languages for n in team)) if team else pool.by_language
        ):
            for topic in topics:
                those = pool.by_topic.get(topic, 0) & pool.by_language.get(language, 0)
                if those.bit_count() >= few:
                    stages[1] |= those
        for _, those in pool.hours_of(team, public=True):
            if those.bit_count() >= (1 if team else 2):
                stages[2] |= those
            if those.bit_count() >= least:
                stages[3] |= those
        return stages

    def left_over(self) -> Iterator[LeftOver]:
        """Yield who has no circle, by id."""
        pool = self._pool
        for n in sorted(self._left, key=lambda n: pool.seeking[n].person_id):
            one = pool.seeking[n]
            if not pool.seeks[n].whole:
                yield LeftOver(one.person_id, Missing.PROFILE)
                continue
            reason = next(
                (stage for stage, those in zip(_STAGES, self._passed, strict=True) if not those >> n & 1),
                Missing.FULL,
            )
            yield LeftOver(one.person_id, reason, tuple(self._helps(n)))

    def _helps(self, n: int) -> Iterator[Help]:
        """Yield what alone would have given somebody a seat."""
        pool = self._pool
        bit = 1 << n
        topics: dict[str, int] = {}
        languages: dict[str, int] = {}
        hours: dict[Weekly, int] = {}
        full = False
        for topic, language, meets, free, members, allowed in self._told:
            if not allowed & bit or pool.apart[n] & members:
                continue
            lacks = [
                not pool.by_topic.get(topic, 0) & bit,
                not pool.by_language.get(language, 0) & bit,
                not pool.free_at(meets) & bit,
            ]
            if not free:
                full |= not any(lacks)
            elif lacks == [True, False, False]:
                written = pool.spelling.get(topic, topic)
                topics[written] = topics.get(written, 0) + free
            elif lacks == [False, True, False]:
                languages[language] = languages.get(language, 0) + free
            elif lacks == [False, False, True]:
                hours[meets] = hours.get(meets, 0) + free
        if topics:
            yield Help(Helps.TOPIC, sum(topics.values()), topics=tuple(_most(topics)))
        if languages:
            yield Help(Helps.LANGUAGE, sum(languages.values()), languages=tuple(_most(languages)))
        if hours:
            yield Help(Helps.TIME, sum(hours.values()), hours=tuple(_most(hours)))
        if full:
            yield Help(Helps.SEAT, 0)

    def _seats(self) -> Iterator[tuple[str, str, Weekly, int, int, int]]:
        """Yield of each circle its topic, language and hour, its free seats, who joined, and who may be with who was in
        it and who leads it."""
        pool = self._pool
        joined = {}
        for one, meets in self._circles:
            cell = pool.cells[one.cell]
            team = pool.teams[cell.team]
            if team.standing is not None:
                joined[team.standing] = one.members
                continue
            hour = cell.hours[one.hour]
            free = pool.settings.most - one.members.bit_count()
            yield hour.topic, hour.language, meets, free, one.members, pool.may_be_with(team)
        for number, circle in enumerate(pool.standing):
            members = joined.get(number, 0)
            free = pool.settings.most - len(circle.members) - members.bit_count()
            team = pool.teams[number]
            topic = normalised_tag(circle.topic)
            yield topic, circle.language, circle.meets, max(0, free), members, pool.may_be_with(team)

    def idle(self) -> Iterator[Idle]:
        """Yield mentors who could lead more, by id."""
        pool = self._pool
        for n in sorted(range(len(pool.leading)), key=lambda n: pool.leading[n].person_id):
            one = pool.leading[n]
            more = one.circles - self._led[n]
            if more < 1:
                continue
            reached = (*_STAGES, Missing.FULL)[self._reach[n]]
            reason = reached if pool.leads[n].whole else Missing.PROFILE
            yield Idle(one.person_id, more, reason)

    def shortages(self) -> Iterator[Shortage]:
        """Yield of each topic that somebody without a circle wishes what most of them have in common, the most people
        first."""
        found = [self._shortage(topic) for topic in self._pool.by_topic]
        there = [one for one in found if one.people]
        yield from sorted(there, key=lambda one: (-one.together, -one.people, one.topic))

    def _shortage(self, topic: str) -> Shortage:
        pool = self._pool
        those = pool.by_topic[topic] & as_number(self._left)
        told = pool.spelling[topic]
        mentors = sum(topic in one.topics for one in pool.leads)
        best: tuple[int, str, int, int] | None = None
        for language, spoken in pool.by_language.items():
            some = those & spoken
            if some.bit_count() < pool.settings.least:
                continue
            for clock in sorted(
                {pool.weeks.kind(pool.seeking[n].profile.time_zone or "UTC") for n in bits(some)}
            ):
                for slot, free in enumerate(pool.by_slot[clock]):
                    count = (some & free).bit_count()
                    if count >= pool.settings.least and (best is None or count > best[0]):
                        best = count, language, clock, slot
        if best is None:
            return Shortage(told, those.bit_count(), mentors)
        count, language, clock, slot = best
        zones = Counter(
            zone
            for n in bits(those & pool.by_language[language] & pool.by_slot[clock][slot])
            if pool.weeks.kind(zone := pool.seeking[n].profile.time_zone or "UTC") == clock
        )
        zone = min(zones, key=lambda zone: (-zones[zone], zone)) if zones else pool.weeks.clocks[clock].zone
        meets = pool.weeks.weekly(clock, slot, pool.length, zone)
        return Shortage(told, those.bit_count(), mentors, language, meets, count)


def _most(counts: dict[Name, int]) -> list[Name]:
    return sorted(counts, key=lambda one: (-counts[one], one))[:_MOST]
