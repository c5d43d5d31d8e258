"""How well people suit each other at an event or in a circle: a match's rules and score, without the clock.

An event has its own hours and its own room, and so has a circle: common hours of the week and ways to meet are not
looked at here. Nor is how long somebody has waited: who has had fewest meetings comes first anyway, and circles are for
as many as possible.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from chalicelib.matching.engine.coverage import BLOCK
from chalicelib.matching.engine.overlap import Calendar
from chalicelib.matching.engine.rules import Mask, Rules
from chalicelib.matching.engine.scoring import Scores
from chalicelib.matching.model import MatchSettings, MenteeEntry, MentorEntry, Rule, Weights
from chalicelib.matching.timetable import Attending
from chalicelib.people.model import Profile
from chalicelib.programmes.model import PairKind

_EPOCH = datetime(2000, 1, 3, tzinfo=UTC)  # no instant counts; that of waiting has no weight


def points(
    mentees: Sequence[Attending],
    mentors: Sequence[Attending],
    settings: MatchSettings,
    kind: PairKind = PairKind.ONE_TO_ONE,
) -> list[list[int | None]]:
    """Return the points of each mentee (row) with each mentor (column), or None where a hard rule keeps them apart."""
    if not mentees or not mentors:
        return [[] for _ in mentees]
    given = settings.weights.as_dict() | {"overlap": 0, "waiting": 0}
    weights = Weights.of(given if any(given.values()) else Weights().as_dict() | {"overlap": 0, "waiting": 0})
    settings = replace(settings, weights=weights)
    wanting, giving = _entries(mentees, mentors)
    rules = _rules(wanting, giving, settings)
    scores = Scores(wanting, giving, settings, _EPOCH, kind)
    found: list[list[int | None]] = []
    for first in range(0, len(wanting), BLOCK):
        rows = np.arange(first, min(first + BLOCK, len(wanting)))
        allowed, least = rules.admissible(rows)
        worth = scores.of_block(rows, least).astype(np.int64)
        allowed &= worth >= settings.min_score
        found += [
            [point if may else None for point, may in zip(of_row, may_row, strict=True)]
            for of_row, may_row in zip(worth.tolist(), allowed.tolist(), strict=True)
        ]
    return found


def together(people: Sequence[Attending], settings: MatchSettings) -> Mask:
    """Return bool[n, n]: who may be in one group, as equals, as far as blocks, forbidden pairs and binding wishes go;
    False with oneself.

    Whether they have a language in common is for the group to see, and that somebody wants a partner abroad is said of
    partners alone.
    """
    if not people:
        return np.zeros((0, 0), dtype=np.bool_)
    wanting, giving = _entries(people, people)
    rules = _rules(wanting, giving, settings, {Rule.LANGUAGE, Rule.ABROAD})
    allowed, _ = rules.admissible(np.arange(len(people)))
    return allowed & allowed.T


def _rules(
    mentees: Sequence[MenteeEntry],
    mentors: Sequence[MentorEntry],
    settings: MatchSettings,
    off: Set[Rule] = frozenset(),
) -> Rules:
    settings = replace(settings, rules_off=settings.rules_off | {Rule.TIME, Rule.CHANNEL} | off)
    return Rules(mentees, mentors, settings, Calendar.of([_EPOCH], {"UTC"}))


def _entries(
    mentees: Sequence[Attending], mentors: Sequence[Attending]
) -> tuple[list[MenteeEntry], list[MentorEntry]]:
    return (
        [MenteeEntry(one.person_id, _timeless(one), _EPOCH, blocked=one.apart) for one in mentees],
        [MentorEntry(one.person_id, _timeless(one), 1, None, blocked=one.apart) for one in mentors],
    )


def _timeless(one: Attending) -> Profile:
    """Return a profile without its hours, which may never have been given."""
    return replace(one.profile, time_zone="UTC", availability=())
