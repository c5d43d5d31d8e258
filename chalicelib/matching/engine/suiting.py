"""How well people suit each other for a short meeting: a match's rules and score, without the clock.

An event has its own hours and its own room, so common hours of the week and ways to meet are not looked at. Nor is how
long somebody has waited: who has had fewest meetings comes first anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from chalicelib.matching.engine.coverage import BLOCK
from chalicelib.matching.engine.overlap import Calendar
from chalicelib.matching.engine.rules import Rules
from chalicelib.matching.engine.scoring import Scores
from chalicelib.matching.model import MatchSettings, MenteeEntry, MentorEntry, Rule, Weights
from chalicelib.matching.timetable import Attending
from chalicelib.people.model import Profile

_EPOCH = datetime(2000, 1, 3, tzinfo=UTC)  # no instant counts; that of waiting has no weight


def points(
    mentees: Sequence[Attending], mentors: Sequence[Attending], settings: MatchSettings
) -> list[list[int | None]]:
    """Return the points of each mentee (row) with each mentor (column), or None where a hard rule keeps them apart."""
    if not mentees or not mentors:
        return [[] for _ in mentees]
    given = settings.weights.as_dict() | {"overlap": 0, "waiting": 0}
    weights = Weights.of(given if any(given.values()) else Weights().as_dict() | {"overlap": 0, "waiting": 0})
    off = settings.rules_off | {Rule.TIME, Rule.CHANNEL}
    settings = replace(settings, weights=weights, rules_off=off)
    wanting = [MenteeEntry(one.person_id, _timeless(one), _EPOCH, blocked=one.apart) for one in mentees]
    giving = [MentorEntry(one.person_id, _timeless(one), 1, None, blocked=one.apart) for one in mentors]
    rules = Rules(wanting, giving, settings, Calendar.of([_EPOCH], {"UTC"}))
    scores = Scores(wanting, giving, settings, _EPOCH)
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


def _timeless(one: Attending) -> Profile:
    """Return a profile without its hours, which may never have been given."""
    return replace(one.profile, time_zone="UTC", availability=())
