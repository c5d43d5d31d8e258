"""Circles: groups on a topic around one or two mentors, or of peers, formed of all who seek one at once.

All of a circle wish its topic, can talk in its language, and are free at its hour every week on its clock; nobody is
with somebody they are kept apart from; no circle is smaller or larger than the programme says. As many people as
possible are given a circle, then seats of circles that there are are filled first, then the points are as many as
possible. `docs/matching.md` tells it in words, ADR 48 why it is so.

Standard library only: what needs numpy is loaded with the first circles that are formed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from chalicelib.kernel.later import later
from chalicelib.matching.model import MatchSettings
from chalicelib.people.model import DAY_MINUTES, SLOT_MINUTES, Profile, Weekday

if TYPE_CHECKING:
    from chalicelib.matching import _forming
else:
    _forming = later("chalicelib.matching._forming")

MAX_SEEKING: Final = 1_000
MAX_LEADING: Final = 300
MAX_STANDING: Final = 300
"""People who seek a circle, mentors, and circles that there are, of one forming. Ours: 1,000 and 300, two mentors a
circle, take a quarter of a minute."""
MOST_MEMBERS: Final = 12
"""Of one circle. Ours; the usual ones have 3 to 8."""
MOST_MENTORS: Final = 2
MOST_TOPICS: Final = 20
"""That one person names."""


class Countries(StrEnum):
    """What a programme wishes of the countries of a circle's members: as many different ones as possible, as few, or
    whatever there are."""

    MIXED = "mixed"
    ALIKE = "alike"
    ANY = "any"


class Missing(StrEnum):
    """Why somebody is in no circle, from what everybody may know; the first of these that holds.

    Somebody who is kept apart from others by a block or a wish reads what they would read if these were not there.

    PROFILE: they say nothing of their languages, time zone or weekly hours (or name no topic).
    TOPIC: nobody leads a circle on a topic that they wish; of peers, too few others wish one.
    LANGUAGE: of those on their topics nobody (of peers, too few) can talk in a language with them.
    TIME: with those that are left they have no weekly hour in common that is long enough.
    TOO_FEW: there is somebody, but too few others fit the same topic, language and hour.
    FULL: there are enough, but their seats, or their mentors, are taken by others.
    """

    PROFILE = "profile"
    TOPIC = "topic"
    LANGUAGE = "language"
    TIME = "time"
    TOO_FEW = "too_few"
    FULL = "full"


class Helps(StrEnum):
    """What alone would have given somebody a seat: another topic, language or hour, or one seat more."""

    TOPIC = "topic"
    LANGUAGE = "language"
    TIME = "time"
    SEAT = "seat"


@dataclass(frozen=True, order=True)
class Weekly:
    """A stretch of every week on the clock of a zone.

    Attributes
    ----------
    zone
        IANA name, whose clock it keeps when clocks change.
    start
        Minutes of that day, in quarters of an hour.
    minutes
        How long it is, in quarters of an hour; it may reach into the day after.
    """

    zone: str
    weekday: Weekday
    start: int
    minutes: int

    def __post_init__(self) -> None:
        right = 0 <= self.start < DAY_MINUTES and 0 < self.minutes <= 7 * DAY_MINUTES
        if not right or self.start % SLOT_MINUTES or self.minutes % SLOT_MINUTES:
            raise ValueError("a weekly stretch has quarters of an hour, and begins within its day")


@dataclass(frozen=True)
class Seeking:
    """Somebody who wishes a seat in a circle: a mentee, or a peer. They are given one at most.

    Attributes
    ----------
    topics
        Those that they wish, as the programme spells them; any of them will do, and their order means nothing.
    apart
        People with whom they are never brought together: it is enough that one of the two names the other.
    busy
        Weekly stretches in which they cannot come, beside what their profile says: circles that they are in, for
        instance. Of circles that are given as standing they need not be named.
    """

    person_id: str
    profile: Profile
    topics: tuple[str, ...]
    apart: frozenset[str] = frozenset()
    busy: tuple[Weekly, ...] = ()


@dataclass(frozen=True)
class Leading:
    """A mentor who offers to lead circles; that they are verified is looked at before.

    Attributes
    ----------
    topics
        Those that they offer.
    circles
        How many new ones they may be given; never two at one time.
    apart, busy
        As of who seeks.
    """

    person_id: str
    profile: Profile
    topics: tuple[str, ...]
    circles: int = 1
    apart: frozenset[str] = frozenset()
    busy: tuple[Weekly, ...] = ()


@dataclass(frozen=True)
class StandingCircle:
    """A circle that there is, whose free seats are to be filled first; leave out those that are to be left alone.

    Its people stay, whatever their profiles say now. It gets members up to the settings' most, and none if it has them
    or its topic is none of the settings'.

    Attributes
    ----------
    language
        The base language (BCP 47) that is spoken in it.
    meets
        When it meets; who is to join must be free then.
    mentors, members
        Who is in it. Their `topics`, `circles` and `busy` are not looked at.
    """

    circle_id: str
    topic: str
    language: str
    meets: Weekly
    mentors: tuple[Leading, ...] = ()
    members: tuple[Seeking, ...] = ()


@dataclass(frozen=True)
class CircleSettings:
    """A programme's choices for its circles.

    Attributes
    ----------
    least, most
        Members of a circle, mentors not counted.
    mentors
        Of each new circle: 0 (peers), 1 or 2.
    topics
        Those that there may be circles on; None for any that people name.
    minutes
        Of a weekly meeting; whole quarters of an hour.
    countries
        What is wished of the countries of its members.
    match
        The programme's settings of the match: its weights say who suits whom, its rules (`rules_off`, binding wishes,
        forbidden pairs, least score) hold, its `language_floor` is what all need in the circle's language, and `weeks`
        for how many weeks ahead the hour must hold.

    Raises
    ------
    ValueError
        If the numbers do not go together.
    """

    least: int = 3
    most: int = 8
    mentors: int = 1
    topics: frozenset[str] | None = None
    minutes: int = 60
    countries: Countries = Countries.ANY
    match: MatchSettings = field(default_factory=MatchSettings)

    def __post_init__(self) -> None:
        if not 2 <= self.least <= self.most <= MOST_MEMBERS:
            raise ValueError(
                f"a circle has from 2 to {MOST_MEMBERS} members, and no more at least than at most"
            )
        if not 0 <= self.mentors <= MOST_MENTORS:
            raise ValueError(f"a circle has from 0 to {MOST_MENTORS} mentors")
        if not SLOT_MINUTES <= self.minutes <= DAY_MINUTES or self.minutes % SLOT_MINUTES:
            raise ValueError("a meeting has whole quarters of an hour, and no more than a day")


@dataclass(frozen=True)
class Circle:
    """A circle that was formed, or one that there was with those who join it.

    Attributes
    ----------
    circle_id
        Of one that there was; None of a new one.
    topic
        Wished by all its members, and offered by all its mentors.
    language
        The base language (BCP 47) that all can talk in at the floor or better; of several the one in which who talks it
        least well does so best.
    mentors, members
        Ids, sorted. Of one that there was, `members` are those who were in it and those who join.
    joining
        Of its members those who are given a seat now.
    meets
        An hour that all have, as long as a meeting; of several one out of the longest stretch. It is on the clock of
        the first mentor who could keep it, of peers on that of most of them who could.
    first_at
        The instant (UTC) of the first of these, in the week after `now`'s.
    hours
        Every weekly stretch that all have free, each at least as long as a meeting, on the clock of `meets`, in each of
        the settings' weeks. Of one that there was, `meets` alone.
    points
        Of who joins it: how well each suits its mentors (of peers, the other members), from 0 to a million each, and
        what their countries are worth. Countries count a quarter of a million: for each member whose country is new in
        the circle (mixed), or is there already (alike).
    """

    circle_id: str | None
    topic: str
    language: str
    mentors: tuple[str, ...]
    members: tuple[str, ...]
    joining: tuple[str, ...]
    meets: Weekly
    first_at: datetime
    hours: tuple[Weekly, ...]
    points: int


@dataclass(frozen=True)
class Help:
    """What alone would have given somebody a seat that is free after the forming.

    Attributes
    ----------
    kind
        SEAT has nothing else: all seats that they could have had are taken, and one more would have been theirs.
    topics, languages, hours
        Any one of these, for the kind that it is: topics that they did not name, languages that they do not have at
        the floor, or hours that they are not free, on the circle's clock.
    seats
        How many are free where any of it leads; none for SEAT.
    """

    kind: Helps
    seats: int
    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    hours: tuple[Weekly, ...] = ()


@dataclass(frozen=True)
class LeftOver:
    """Somebody without a circle: why, and what would have helped (nothing where no single change would have)."""

    person_id: str
    reason: Missing
    helps: tuple[Help, ...] = ()


@dataclass(frozen=True)
class Idle:
    """A mentor who leads fewer new circles than they may: how many more they could, and why no more; the first that
    holds, of PROFILE, TOPIC (nobody wishes what they offer), LANGUAGE, TIME, TOO_FEW and FULL (those who fit are in
    other circles)."""

    person_id: str
    circles: int
    reason: Missing


@dataclass(frozen=True)
class Shortage:
    """A topic that people without a circle wish, and what most of them have in common: what a coordinator can look for.

    Attributes
    ----------
    people
        How many wish it and have no circle; somebody with several topics counts at each.
    mentors
        How many offer it at all.
    language, meets
        A language that most of them can talk in and an hour at which these are free, on the clock of most of them; None
        where fewer than a circle have both.
    together
        How many have both: with a mentor for them who has them too they are a circle, unless they are kept apart.
    """

    topic: str
    people: int
    mentors: int
    language: str | None = None
    meets: Weekly | None = None
    together: int = 0


@dataclass(frozen=True)
class Formation:
    """What was formed.

    Attributes
    ----------
    circles
        Those that there were and that somebody joins, by their id; then new ones, by topic and members.
    left_over
        Who sought a circle and has none, by id.
    idle
        Mentors who could lead more, by id.
    placed, placed_bound
        How many have a seat, and how many can have one at most, whatever circles are formed. Proven.
    filled
        Of those placed, how many in circles that there were.
    value, bound
        Points of all circles; no circles that place as many and fill as many seats of those that there were have more
        than `bound`. Proven.
    shortages
        What would give most of those without one a circle, the most people first.
    """

    circles: tuple[Circle, ...]
    left_over: tuple[LeftOver, ...]
    idle: tuple[Idle, ...]
    placed: int
    placed_bound: int
    filled: int
    value: int
    bound: int
    shortages: tuple[Shortage, ...] = ()


def form(
    seeking: Sequence[Seeking],
    leading: Sequence[Leading],
    settings: CircleSettings,
    now: datetime,
    *,
    standing: Sequence[StandingCircle] = (),
) -> Formation:
    """Form circles of all who seek one, as one problem.

    The same people give the same circles on any machine, in whatever order they stand: ties are settled by a hash of
    who they are.

    Parameters
    ----------
    seeking
        Mentees, or peers.
    leading
        Mentors; none where the settings are for peers. Nobody stands on both sides.
    now
        With a zone; the weeks from the Monday (UTC) after it are looked at.
    standing
        Circles whose free seats are filled too.

    Raises
    ------
    ValueError
        If there are too many of something, somebody stands twice or on both sides, mentors are given for circles of
        peers, somebody names too many topics, or `now` has no zone.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    for name, given, limit in (
        ("seek a circle", seeking, MAX_SEEKING),
        ("lead", leading, MAX_LEADING),
        ("stand", standing, MAX_STANDING),
    ):
        if len(given) > limit:
            raise ValueError(f"{len(given)} {name}: {limit} are the most of one forming")
    people: list[Seeking | Leading] = [*seeking, *leading]
    twice = [one for one, count in Counter(person.person_id for person in people).items() if count > 1]
    if twice or len({one.circle_id for one in standing}) < len(standing):
        raise ValueError("nobody stands twice, or on both sides, and no circle twice")
    if leading and not settings.mentors:
        raise ValueError("circles of peers have no mentors")
    if any(len(one.topics) > MOST_TOPICS for one in people):
        raise ValueError(f"somebody names more than {MOST_TOPICS} topics")
    if any(one.circles < 0 for one in leading):
        raise ValueError("a mentor may be given 0 circles or more")
    return _forming.formed(tuple(seeking), tuple(leading), settings, now, tuple(standing))
