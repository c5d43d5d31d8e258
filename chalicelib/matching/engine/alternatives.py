"""What a coordinator may choose from: each mentee's best admissible pairs, explained as the chosen ones are.

Needs numpy, so the worker prepares it and the HTTP function only reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching import engine
from chalicelib.matching.engine import Plan
from chalicelib.matching.engine.candidates import Candidates
from chalicelib.matching.engine.rules import positions
from chalicelib.matching.model import MatchResult, ProposedPair
from chalicelib.matching.runs import Chosen, Options, Places, ReviewIndex
from chalicelib.programmes.model import PairKind

PER_MENTEE = 10


def review_files(
    planned: Plan, result: MatchResult, per_file: int, per_mentee: int = PER_MENTEE
) -> Iterator[tuple[Options, ...] | ReviewIndex]:
    """Yield the options of all mentees of the run, `per_file` mentees at a time by id, then the index of them.

    Chosen pairs are among their mentee's options even where better ones are many.
    """
    # Of peers a coordinator keeps pairs or takes them out: another one would take a place of somebody else's.
    is_of_peers = planned.snapshot.kind is PairKind.PEER
    best = {} if is_of_peers else _best(engine.score(planned), per_mentee)
    chosen: dict[str, list[ProposedPair]] = {}
    for pair in result.pairs:
        chosen.setdefault(pair.mentee_id, []).append(replace(pair, round=1))
    row_of = positions(planned.mentees)
    everyone = sorted(entry.person_id for entry in planned.snapshot.mentees)
    firsts = []
    for start in range(0, len(everyone), per_file):
        part = everyone[start : start + per_file]
        firsts.append(part[0])
        open_ = _explained(planned, best, [row_of[one] for one in part if one in row_of], chosen)
        closed = (Options(one, ()) for one in part if one not in row_of)
        yield tuple(sorted((*open_, *closed), key=lambda one: one.mentee_id))
    yield ReviewIndex(
        firsts=tuple(firsts),
        chosen=tuple(Chosen(pair.mentee_id, pair.mentor_id, pair.round) for pair in result.pairs),
        places=tuple(
            Places(entry.person_id, entry.capacity_left)
            for entry in sorted(planned.mentors, key=lambda entry: entry.person_id)
        ),
    )


def _best(candidates: Candidates, count: int) -> dict[int, NDArray[np.intp]]:
    """Return the mentors of each mentee's best candidate pairs, the best first; of equal ones in a steady order."""
    order = np.lexsort((candidates.mentor, -candidates.score, candidates.mentee))
    mentee = candidates.mentee[order]
    rank = np.arange(len(order)) - np.searchsorted(mentee, mentee, side="left")
    kept = order[rank < count]
    owners, first = np.unique(candidates.mentee[kept], return_index=True)
    mentors = np.split(candidates.mentor[kept].astype(np.intp), first[1:])
    return dict(zip(owners.tolist(), mentors, strict=False))


def _explained(
    planned: Plan, best: dict[int, NDArray[np.intp]], rows: list[int], chosen: dict[str, list[ProposedPair]]
) -> tuple[Options, ...]:
    none = np.empty(0, dtype=np.intp)
    mentors = [best.get(row, none) for row in rows]
    mentee = np.repeat(np.asarray(rows, dtype=np.intp), [len(one) for one in mentors])
    pairs = planned.explainer.pairs(mentee, np.concatenate([none, *mentors]))
    found: dict[str, list[ProposedPair]] = {planned.mentees[row].person_id: [] for row in rows}
    for pair in pairs:
        found[pair.mentee_id].append(pair)
    for mentee_id, options in found.items():
        options += (one for one in chosen.get(mentee_id, ()) if one not in options)
    rounds = planned.snapshot.settings.rounds
    places = {planned.mentees[row].person_id: min(rounds, planned.mentees[row].places_left) for row in rows}
    return tuple(Options(one, tuple(options), places[one]) for one, options in found.items())
