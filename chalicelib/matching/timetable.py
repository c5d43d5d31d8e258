"""Timetables of speed events: who meets whom in which round.

Nobody is in two places in a round, no two people meet twice, and who is absent in a round, or rests, meets nobody in
it. Meetings are shared out first, and then made the best: nobody has two more meetings than somebody who could have had
one of them, and of all timetables of which this holds one with the most points is sought. `docs/matching.md` tells it
in words, ADR 50 why it is so.

Standard library only: what needs numpy is loaded with the first timetable.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from chalicelib.kernel.later import later
from chalicelib.matching.model import MILLION, MatchSettings
from chalicelib.people.model import Profile

if TYPE_CHECKING:
    from chalicelib.matching import _timetabling
    from chalicelib.matching.engine import suiting
else:
    _timetabling = later("chalicelib.matching._timetabling")
    suiting = later("chalicelib.matching.engine.suiting")

MAX_ROUNDS: Final = 12
"""Of an event: two hours of ten minutes. Ours."""
MAX_PEOPLE: Final = 300
"""Of one side. Ours: 200 mentees and 60 mentors take half a second, 300 and 300 in twelve rounds half a minute."""


class Meeting(NamedTuple):
    """Two people in a round; all three are counted from 0, in the order in which they were given."""

    round: int
    mentee: int
    mentor: int


class Shortfall(StrEnum):
    """Why a mentee rests in a round from `now_round` on in which they are there.

    NOBODY_FITS: there is no mentor whom they may meet. ALL_MET: they have met, or will meet, each that they may.
    NO_COMMON_ROUND: those left are never there when they are. MENTORS_TAKEN: those left are with others.
    ABSENT: they are there in no round any more, and have no meeting at all.
    """

    NOBODY_FITS = "nobody_fits"
    ALL_MET = "all_met"
    NO_COMMON_ROUND = "no_common_round"
    MENTORS_TAKEN = "mentors_taken"
    ABSENT = "absent"


@dataclass(frozen=True)
class Unmet:
    """A mentee who rests in a round in which they are there, or has no meeting: how many they have, and why no more."""

    mentee: int
    meetings: int
    reason: Shortfall


@dataclass(frozen=True)
class Timetable:
    """Who meets whom.

    Attributes
    ----------
    meetings
        By round, mentee and mentor; those that were held are among them.
    value
        Points of all meetings.
    bound
        No timetable with the same held meetings that shares out meetings as fairly as this one has more points.
    unmet
        By mentee.
    """

    meetings: tuple[Meeting, ...]
    value: int
    bound: int
    unmet: tuple[Unmet, ...]


@dataclass(frozen=True)
class Attending:
    """Somebody who takes part in an event; `apart` are people with whom they are never brought together: it is enough
    that one of the two names the other."""

    person_id: str
    profile: Profile
    apart: frozenset[str] = frozenset()


def timetable(
    scores: Sequence[Sequence[int | None]],
    rounds: int,
    mentees_present: Sequence[Collection[int]],
    mentors_present: Sequence[Collection[int]],
    *,
    held: Collection[tuple[int, int, int]] = (),
    now_round: int = 0,
    keep: Collection[tuple[int, int, int]] = (),
    keys: tuple[Sequence[str], Sequence[str]] | None = None,
) -> Timetable:
    """Make a timetable, or make the rest of one anew.

    Parameters
    ----------
    scores
        Points of each mentee (row) with each mentor (column), from 0 to a million; None: they never meet.
    rounds
        How many rounds the event has.
    mentees_present, mentors_present
        Of each person the rounds in which they are there, and not resting.
    held
        Meetings (round, mentee, mentor) that have been, or are fixed; they stand, whoever is absent and whatever the
        points, count as meetings of both, and these two do not meet again. A meeting of two who may never meet counts
        no points.
    now_round
        The first round that may change: in those before it only what was held is.
    keep
        A former timetable. Of timetables that are equally good one with as many of its pairs is sought, and as many of
        its meetings are left in their round as is easy.
    keys
        Ids of the mentees and of the mentors. With them ties are settled by who people are: the order in which they
        stand changes nothing. Without them ties are settled by that order.

    Raises
    ------
    ValueError
        If sizes, rounds, points or people do not go together, somebody is held in two places at once, or two are held
        twice.
    """
    given = Given(scores, rounds, mentees_present, mentors_present, now_round)
    stands = given.meetings("held", held)
    given.require_apart(stands)
    former = given.meetings("keep", keep)
    return _timetabling.made(given, stands, former, _orders(keys, given.sizes))


class Given:
    """What `timetable` is given, each part of it checked."""

    def __init__(
        self,
        scores: Sequence[Sequence[int | None]],
        rounds: int,
        mentees_present: Sequence[Collection[int]],
        mentors_present: Sequence[Collection[int]],
        now_round: int,
    ) -> None:
        self.sizes = len(mentees_present), len(mentors_present)
        if not 0 <= rounds <= MAX_ROUNDS or max(self.sizes) > MAX_PEOPLE:
            raise ValueError(f"an event has at most {MAX_ROUNDS} rounds, and {MAX_PEOPLE} people on a side")
        if len(scores) != self.sizes[0] or any(len(row) != self.sizes[1] for row in scores):
            raise ValueError(
                f"points are needed of {self.sizes[0]} mentees with {self.sizes[1]} mentors each"
            )
        if any(point is not None and not 0 <= point <= MILLION for row in scores for point in row):
            raise ValueError("points are whole numbers from 0 to a million")
        if not 0 <= now_round <= rounds:
            raise ValueError(f"now_round is {now_round}: it must be from 0 to {rounds}")
        self.scores, self.rounds, self.now_round = scores, rounds, now_round
        self.present = tuple([frozenset(one) for one in side] for side in (mentees_present, mentors_present))
        if any(not 0 <= number < rounds for side in self.present for one in side for number in one):
            raise ValueError(f"rounds are counted from 0, and there are {rounds}")

    def meetings(self, name: str, given: Collection[tuple[int, int, int]]) -> frozenset[Meeting]:
        """Return meetings whose rounds and people there are."""
        for number, mentee, mentor in given:
            fits = zip((number, mentee, mentor), (self.rounds, *self.sizes), strict=True)
            if any(not 0 <= one < size for one, size in fits):
                raise ValueError(f"{name} has ({number}, {mentee}, {mentor}), which is not of this event")
        return frozenset(Meeting(*one) for one in given)

    def require_apart(self, held: Collection[Meeting]) -> None:
        """Refuse meetings of which somebody is in two at once, or that are of the same two."""
        kinds = (
            [(one.round, one.mentee) for one in held],
            [(one.round, one.mentor) for one in held],
            [(one.mentee, one.mentor) for one in held],
        )
        if any(len(set(kind)) < len(kind) for kind in kinds):
            raise ValueError("held has somebody in two places in a round, or two people twice")


def _orders(
    keys: tuple[Sequence[str], Sequence[str]] | None, sizes: tuple[int, int]
) -> tuple[list[int], list[int]]:
    """Return the people of each side in the order that settles ties: by a hash of who they are."""
    if keys is None:
        return list(range(sizes[0])), list(range(sizes[1]))
    if tuple(len(set(side)) for side in keys) != sizes or tuple(map(len, keys)) != sizes:
        raise ValueError("keys tell people apart: give each their own")
    mentees, mentors = (
        sorted(range(len(side)), key=lambda n, side=side: settles(side[n]))  # type: ignore[misc]
        for side in keys
    )
    return mentees, mentors


def settles(key: str) -> tuple[bytes, str]:
    """Return what settles ties between people, or circles, by who they are."""
    return hashlib.blake2b(key.encode(), digest_size=8).digest(), key


def suit(
    mentees: Sequence[Attending],
    mentors: Sequence[Attending],
    settings: MatchSettings | None = None,
) -> list[list[int | None]]:
    """Return the points of each mentee (row) with each mentor (column) at an event, as a match scores them; None where
    a hard rule keeps them apart.

    Languages, countries, binding wishes and who is kept apart are looked at as in a match, by the programme's settings.
    Common hours of the week and ways to meet are not, for the event has its own; nor is how long somebody has waited.

    Parameters
    ----------
    settings
        Of the programme; by default the usual ones.
    """
    return suiting.points(mentees, mentors, settings or MatchSettings())
