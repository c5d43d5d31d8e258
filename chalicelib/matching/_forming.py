"""How circles are formed: encode, search, prove how good it is, and tell it.

`engine/circling.py` says what circles can be made of, `_circle_search.py` makes them, `_circle_bound.py` says what no
circles are better than, `_circle_reasons.py` why somebody is in none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import numpy as np

from chalicelib.matching._circle_bound import Bound
from chalicelib.matching._circle_reasons import Reasons
from chalicelib.matching._circle_search import Found, Open, Search, Standing
from chalicelib.matching.engine.circling import Pool
from chalicelib.matching.engine.weekly import bits, stretches
from chalicelib.matching.formation import (
    Circle,
    CircleSettings,
    Formation,
    Leading,
    Seeking,
    StandingCircle,
)
from chalicelib.matching.model import MILLION
from chalicelib.matching.pairing import understood
from chalicelib.people import codes
from chalicelib.people.model import Profile

_STEPS: Final = 300
_POINTS_STEPS: Final = 150
_SEATS: Final = (1, 2, 4, 8)
"""What a seat may count where points are bounded, in quarters of the most that it is worth."""

_RANK: dict[str, int] = {level: rank for rank, level in enumerate(codes.CEFR)}


def formed(
    seeking: tuple[Seeking, ...],
    leading: tuple[Leading, ...],
    settings: CircleSettings,
    now: datetime,
    standing: tuple[StandingCircle, ...],
) -> Formation:
    """Form circles; `formation.form` says of what."""
    pool = Pool(seeking, leading, settings, now, standing)
    found, placed_bound, bound = _sought(pool)
    made = [(one, _told(pool, one)) for one in found.circles if one.members]
    reasons = Reasons(pool, found, [circle.meets for _, circle in made], [one for one, _ in made])
    circles = [circle for _, circle in made]
    circles.sort(key=lambda one: (one.circle_id is None, one.circle_id or "", one.topic, one.members))
    return Formation(
        circles=tuple(circles),
        left_over=tuple(reasons.left_over()),
        idle=tuple(reasons.idle()),
        placed=found.standing.placed,
        placed_bound=placed_bound,
        filled=found.standing.filled,
        value=found.standing.points,
        bound=bound,
        shortages=tuple(reasons.shortages()),
    )


def _sought(pool: Pool) -> tuple[Found, int, int]:
    """Return circles, what none place more people than, and what none that place as many have more points than."""
    if not pool.cells:
        return Found((), Standing(0, 0, 0)), 0, 0
    bound = Bound(pool)
    search = Search(pool)
    at_once = search.begin().placed
    everybody = search.everybody.bit_count()
    most, prices = bound.least(MILLION, 0, 0, at_once * MILLION, _STEPS)
    found = search.improved(bound.gaps(MILLION, prices), min(everybody, most // MILLION))
    placed, filled, points = found.standing
    again, _ = bound.least(MILLION, 0, 0, placed * MILLION, _STEPS, prices)
    most_placed = min(everybody, most // MILLION, again // MILLION)
    # For whatever a seat is said to be worth: that and points are never more together than the bound of both.
    bounds = []
    for times in _SEATS:
        seat = bound.most_worth * times // 4
        old = seat if pool.standing else 0
        reached = placed * seat + filled * old + points
        total, _ = bound.least(seat, old, 1, reached, _POINTS_STEPS, prices * seat // MILLION)
        bounds.append(total - placed * seat - filled * old)
    return found, most_placed, max(points, min(bounds))


def _told(pool: Pool, one: Open) -> Circle:
    """Return a circle as it is told."""
    cell = pool.cells[one.cell]
    team = pool.teams[cell.team]
    hour = cell.hours[one.hour]
    joining = bits(one.members)
    ids = tuple(sorted(pool.seeking[n].person_id for n in joining))
    points = pool.points(team, pool.worth(team).tolist(), joining)
    if team.standing is not None:
        circle = pool.standing[team.standing]
        return Circle(
            circle_id=circle.circle_id,
            topic=circle.topic,
            language=circle.language,
            mentors=tuple(sorted(mentor.person_id for mentor in circle.mentors)),
            members=tuple(sorted((*ids, *(member.person_id for member in circle.members)))),
            joining=ids,
            meets=circle.meets,
            first_at=pool.weeks.first_of(circle.meets),
            hours=(circle.meets,),
            points=points,
        )
    mentors = sorted((pool.leading[n] for n in team.mentors), key=lambda mentor: mentor.person_id)
    free = pool.local[hour.clock][joining].all(axis=0) & pool.leads_local[hour.clock][list(team.mentors)].all(
        axis=0
    )
    spans = stretches(np.asarray(free), pool.length)
    zone = _zone(
        pool, hour.clock, [mentor.profile for mentor in mentors], [pool.seeking[n].profile for n in joining]
    )
    several = any(mentor.circles > 1 for mentor in mentors)
    at = hour.slot if several else max(spans, key=lambda span: (span[1], -span[0]))[0]
    meets = pool.weeks.weekly(hour.clock, at, pool.length, zone)
    languages = frozenset.intersection(
        *(pool.seeks[n].languages for n in joining), *(pool.leads[n].languages for n in team.mentors)
    )
    profiles = [pool.seeking[n].profile for n in joining] + [mentor.profile for mentor in mentors]
    return Circle(
        circle_id=None,
        topic=pool.spelling[hour.topic],
        language=_best_language(languages, profiles),
        mentors=tuple(mentor.person_id for mentor in mentors),
        members=ids,
        joining=ids,
        meets=meets,
        first_at=pool.weeks.first_of(meets),
        hours=tuple(pool.weeks.weekly(hour.clock, start, length, zone) for start, length in spans),
        points=points,
    )


def _zone(pool: Pool, clock: int, mentors: Sequence[Profile], members: Sequence[Profile]) -> str:
    """Return a zone that keeps a clock: the first mentor's, or that of most members."""
    for people in (mentors[:1], mentors[1:], members):
        zones = Counter(one.time_zone or "UTC" for one in people)
        keeping = [zone for zone in zones if pool.weeks.kind(zone) == clock]
        if keeping:
            return min(keeping, key=lambda zone: (-zones[zone], zone))
    return pool.weeks.clocks[clock].zone


def _best_language(languages: frozenset[str], profiles: Sequence[Profile]) -> str:
    """Return the language in which who talks it least well does so best."""
    known = [understood(one) for one in profiles]

    def level(language: str) -> tuple[int, int]:
        ranks = [_RANK[one[language].level] for one in known]
        return min(ranks), sum(ranks)

    return max(sorted(languages), key=level)
