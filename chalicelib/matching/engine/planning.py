"""Plan and score: who is open for matching, encoded, and which pairs of them are admissible and how good."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.engine.candidates import CandidateLists, Candidates
from chalicelib.matching.engine.coverage import BLOCK
from chalicelib.matching.engine.explanation import Explainer, closed
from chalicelib.matching.engine.figures import Figures, candidates_of_each
from chalicelib.matching.engine.overlap import Calendar, offset_at, week_starts
from chalicelib.matching.engine.rules import Rules, positions
from chalicelib.matching.engine.scoring import GoalVectors, Scores
from chalicelib.matching.model import (
    LeftOut,
    LockedMiss,
    LockedMissCount,
    MatchSettings,
    MenteeEntry,
    MentorEntry,
    Objective,
    Reason,
    Snapshot,
)
from chalicelib.programmes.model import PairKind

Pairs = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]

# Up to this share of mentors, picking those who pass costs less than to score the others beside them.
_NEARLY_ALL = 0.8


@dataclass(frozen=True)
class Part:
    """Some open mentees and mentors of a pool, encoded: pairs of them are judged and scored as in the whole of it."""

    mentees: tuple[MenteeEntry, ...]
    mentors: tuple[MentorEntry, ...]
    settings: MatchSettings
    rules: Rules
    scores: Scores


@dataclass(frozen=True)
class Plan(Part):
    """The open people of a snapshot, encoded.

    People stand in an order of their own for each run, by a hash of run and person: it decides ties, so the order
    of the input changes nothing, and the same names do not win every night.

    Attributes
    ----------
    locked
        Mentee and mentor of the pairs that coordinators want and that can be made: open, and neither refuses the other.
    locked_missed
        Why the others cannot.
    """

    snapshot: Snapshot
    closed_mentees: tuple[LeftOut, ...]
    closed_mentors: tuple[LeftOut, ...]
    explainer: Explainer
    locked: tuple[tuple[int, int], ...]
    locked_missed: tuple[LockedMissCount, ...]

    @cached_property
    def figures(self) -> Figures:
        """What an assignment looks at of these people."""
        locked = np.asarray(self.locked, dtype=np.intp).reshape(-1, 2)
        worth = score_of_pairs(self, locked[:, 0], locked[:, 1])
        return Figures.of(self.snapshot.settings, self.mentees, self.mentors, locked, worth)


def standing(snapshot: Snapshot, person_id: str) -> int:
    """Return a number below 2**64 by which people stand in a run's order, those with equal ones by id."""
    text = f"{snapshot.ties or snapshot.run_id}\n{person_id}"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def plan(snapshot: Snapshot) -> Plan:
    """Sort out who is open for matching, and encode them."""
    settings, now = snapshot.settings, snapshot.taken_at

    def order(entry: MenteeEntry | MentorEntry) -> tuple[int, str]:
        return standing(snapshot, entry.person_id), entry.person_id

    if snapshot.kind is PairKind.PEER:
        snapshot = _both_ways(snapshot)
        settings = snapshot.settings
        why = {e.person_id: e.closed_for(now) for e in snapshot.mentors}
        closed_mentees = [closed(e, why[e.person_id]) for e in snapshot.mentees if why[e.person_id]]
        closed_mentors = []
        mentees = tuple(sorted((e for e in snapshot.mentees if not why[e.person_id]), key=order))
    else:
        closed_mentees = [closed(e, reasons) for e in snapshot.mentees if (reasons := e.closed_for())]
        closed_mentors = [closed(e, reasons) for e in snapshot.mentors if (reasons := e.closed_for(now))]
        mentees = tuple(sorted((e for e in snapshot.mentees if not e.closed_for()), key=order))
    mentors = tuple(sorted((e for e in snapshot.mentors if not e.closed_for(now)), key=order))
    starts = week_starts(now, settings.weeks)
    zones = {e.profile.time_zone or "" for e in mentees} | {e.profile.time_zone or "" for e in mentors}
    rules = Rules(mentees, mentors, settings, Calendar.of(starts, zones))
    scores = Scores(mentees, mentors, settings, now, snapshot.kind)
    locked = locked_pairs(mentees, mentors, settings)
    made = {(mentees[a].person_id, mentors[b].person_id) for a, b in locked}
    if snapshot.kind is PairKind.PEER:
        locked = _apart_from_each_other(locked)
        made = {
            (mentees[a].person_id, mentors[b].person_id) for pair in locked for a, b in (pair, pair[::-1])
        }
    return Plan(
        snapshot=snapshot,
        mentees=mentees,
        mentors=mentors,
        settings=settings,
        closed_mentees=tuple(closed_mentees),
        closed_mentors=tuple(closed_mentors),
        rules=rules,
        scores=scores,
        explainer=Explainer(mentees, mentors, settings, starts[0], rules, scores, snapshot.kind),
        locked=locked,
        locked_missed=locked_missed(snapshot, made),
    )


def part(
    mentees: Sequence[MenteeEntry],
    mentors: Sequence[MentorEntry],
    settings: MatchSettings,
    taken_at: datetime,
    kind: PairKind,
    calendar: Calendar,
    goals: GoalVectors,
) -> Part:
    """Encode some open people of a pool as they are encoded in the whole.

    Parameters
    ----------
    calendar
        Of the whole pool.
    goals
        What these people want, encoded among the texts of the whole pool.
    """
    return Part(
        tuple(mentees),
        tuple(mentors),
        settings,
        Rules(mentees, mentors, settings, calendar),
        Scores(mentees, mentors, settings, taken_at, kind, goals),
    )


def _both_ways(snapshot: Snapshot) -> Snapshot:
    """Return a pool of peers in which whom one is kept apart from is kept apart from them: it is read from either."""
    apart: dict[str, set[str]] = {entry.person_id: set() for entry in snapshot.mentees}
    entries: tuple[MenteeEntry | MentorEntry, ...] = (*snapshot.mentees, *snapshot.mentors)
    pairs = [(entry.person_id, other) for entry in entries for other in (*entry.blocked, *entry.declined)]
    pairs += [(pair.mentee_id, pair.mentor_id) for pair in snapshot.settings.forbidden]
    for one, other in pairs:
        if one in apart and other in apart:
            apart[one].add(other)
            apart[other].add(one)
    mentees = (replace(entry, declined=frozenset(apart[entry.person_id])) for entry in snapshot.mentees)
    # No pairs of one pool need be stable, and the fair search is for two sides.
    settings = replace(snapshot.settings, objective=Objective.TOTAL)
    return replace(snapshot, mentees=tuple(mentees), settings=settings)


def _apart_from_each_other(pairs: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the locked pairs of peers that one round can make: those of people who are in none before."""
    taken: set[int] = set()
    found = []
    for one, other in pairs:
        if taken.isdisjoint((one, other)):
            taken |= {one, other}
            found.append((min(one, other), max(one, other)))
    return tuple(found)


def with_mentors(
    part: Part, mentors: Sequence[MentorEntry], like: NDArray[np.intp], settings: MatchSettings
) -> Part:
    """Return the same open mentees with other mentors, in the order given.

    Parameters
    ----------
    mentors
        Open for matching, with zones of people of this pool.
    like
        Of each of them the index of a mentor of this part whose goals they have.
    settings
        May differ from the part's in the rules, but not in what scores.
    """
    return Part(
        part.mentees,
        tuple(mentors),
        settings,
        Rules(part.mentees, mentors, settings, part.rules.calendar),
        part.scores.with_mentors(mentors, like),
    )


def locked_pairs(
    mentees: Sequence[MenteeEntry], mentors: Sequence[MentorEntry], settings: MatchSettings
) -> tuple[tuple[int, int], ...]:
    """Find the locked pairs that can be made; where a mentor has too few places, the first mentees get them."""
    mentee_at, mentor_at = positions(mentees), positions(mentors)
    wanted = sorted(
        (mentee_at[pair.mentee_id], mentor_at[pair.mentor_id])
        for pair in settings.locked
        if pair.mentee_id in mentee_at and pair.mentor_id in mentor_at
    )
    left = [entry.capacity_left for entry in mentors]
    made = []
    for mentee, mentor in wanted:
        if left[mentor] and not _refuses(mentees[mentee], mentors[mentor]):
            left[mentor] -= 1
            made.append((mentee, mentor))
    return tuple(made)


def locked_missed(snapshot: Snapshot, made: Set[tuple[str, str]]) -> tuple[LockedMissCount, ...]:
    mentees = {entry.person_id: entry for entry in snapshot.mentees}
    mentors = {entry.person_id: entry for entry in snapshot.mentors}
    counts = Counter(
        _missed(mentees.get(pair.mentee_id), mentors.get(pair.mentor_id), snapshot.taken_at)
        for pair in snapshot.settings.locked
        if (pair.mentee_id, pair.mentor_id) not in made
    )
    return tuple(LockedMissCount(code, counts[code]) for code in LockedMiss if counts[code])


_OUT = {
    Reason.NOT_ENROLLED: LockedMiss.NOT_ENROLLED,
    Reason.NOT_ACTIVE: LockedMiss.NOT_ACTIVE,
    Reason.NOT_VERIFIED: LockedMiss.NOT_VERIFIED,
    Reason.PROFILE_INCOMPLETE: LockedMiss.PROFILE_INCOMPLETE,
}


def _missed(mentee: MenteeEntry | None, mentor: MentorEntry | None, now: datetime) -> LockedMiss:
    """Say why a locked pair cannot be made. Two who have each other hold their places, so that comes before places."""
    if mentee is None or mentor is None:
        return LockedMiss.NOT_ENROLLED
    closed_for = {*mentee.closed_for(), *mentor.closed_for(now)}
    for reason, code in _OUT.items():
        if reason in closed_for:
            return code
    if mentor.person_id in mentee.declined or mentee.person_id in mentor.declined:
        return LockedMiss.KEPT_APART
    if Reason.NO_PLACE_LEFT not in closed_for and _refuses(mentee, mentor):
        return LockedMiss.KEPT_APART
    return LockedMiss.NO_PLACE_LEFT


def _refuses(mentee: MenteeEntry, mentor: MentorEntry) -> bool:
    """Tell whether a block or an earlier decline stands between two, or they are one person."""
    return (
        mentor.person_id in (*mentee.blocked, *mentee.declined, mentee.person_id)
        or mentee.person_id in mentor.blocked
        or mentee.person_id in mentor.declined
    )


def score(plan: Plan) -> Candidates:
    """Find the admissible pairs, score them, and keep those for the assignment."""
    n, m = len(plan.mentees), len(plan.mentors)
    per_mentee, per_mentor = candidates_of_each(plan.snapshot.settings, n, m)
    lists = CandidateLists(per_mentee, per_mentor, m)
    for rows in blocks_of(plan):
        lists.add(rows, *scored(plan, rows))
    return lists.result()


def blocks_of(part: Part) -> Iterator[NDArray[np.intp]]:
    """Yield all mentees of a part, some at a time: those of one zone side by side have much alike, so that a block has
    fewer hours and countries to look at."""
    start = part.rules.calendar.starts[0]
    order = np.argsort([offset_at(entry.profile.time_zone, start) for entry in part.mentees], kind="stable")
    for first in range(0, len(order), BLOCK):
        yield order[first : first + BLOCK]


def score_of_pairs(part: Part, mentee: NDArray[np.intp], mentor: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return int64[E]: what given pairs are worth, admissible or not."""
    least = part.rules.time.least_of_pairs(mentee, mentor)
    return part.scores.of_pairs(mentee, mentor, least)


def scored_block(part: Part, rows: NDArray[np.intp], mentors: NDArray[np.intp] | None = None) -> Pairs:
    """Return mentee, mentor and score of a block's admissible pairs with some mentors (by default all)."""
    admissible, scores, columns = scored(part, rows, mentors)
    row, column = np.nonzero(admissible)
    mentor = column if columns is None else columns[column]
    return rows[row].astype(np.int32), mentor.astype(np.int32), scores[row, column].astype(np.int32)


def scored(
    part: Part, rows: NDArray[np.intp], mentors: NDArray[np.intp] | None = None
) -> tuple[NDArray[np.bool_], NDArray[np.float32], NDArray[np.intp] | None]:
    """Score a block's pairs with those of some mentors (by default all) who pass the rules with one of its mentees.

    Returns
    -------
    bool[B, C] of the admissible pairs; float32[B, C], the scores, valid where admissible; and the indices of the C
    mentors, ascending, or None for all.
    """
    admissible, least = part.rules.admissible(rows, mentors)
    some = np.flatnonzero(admissible.any(axis=0))
    if len(some) < _NEARLY_ALL * admissible.shape[1]:
        admissible, least = admissible[:, some], least[:, some]
        mentors = some if mentors is None else mentors[some]
    scores = part.scores.of_block(rows, least, mentors)
    admissible &= scores >= part.settings.min_score
    return admissible, scores, mentors
