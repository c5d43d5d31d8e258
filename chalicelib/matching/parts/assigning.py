"""The assignment of a run in parts: one function over the candidates of all blocks.

It asks for pairs that the lists had cut by leaving blocks to be looked at, and is done again when they are there: what
it found before is kept in files, so it goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching import files as run_files
from chalicelib.matching.assignment import Assignment
from chalicelib.matching.engine.assigning import (
    Chosen,
    assign_in_rounds,
    looked_at,
    places_left,
    told,
    without_a_pair,
)
from chalicelib.matching.engine.candidates import Candidates, Views
from chalicelib.matching.engine.report import loads
from chalicelib.matching.engine.shortage import Worth
from chalicelib.matching.model import Load, ObjectiveOutcome, RoundOutcome
from chalicelib.matching.parts import files
from chalicelib.matching.parts.files import MENTEES, MENTORS, Item
from chalicelib.matching.parts.planning import Layout, read_figures, read_layout
from chalicelib.matching.parts.reading import read_header
from chalicelib.matching.parts.scoring import candidates, edges_name, read_candidates, together
from chalicelib.matching.runs import MatchRun

Rows = NDArray[np.intp]

EXPLAINED_AT_A_TIME = 20 * run_files.PER_FILE
"""Pairs, or people left out, that one function explains: whole files. To look at some people beside all mentors takes
hardly longer than to read these."""


@dataclass(frozen=True)
class Outcome:
    """What an assignment came to, for the report."""

    admissible: int
    candidates: int
    cut: bool
    objectives: tuple[ObjectiveOutcome, ...]
    rounds: tuple[RoundOutcome, ...]
    loads: tuple[Load, ...]
    pairs: int
    left_out: int
    matched: int


class _LatePairsWanted(Exception):
    """Blocks are to be looked at before the assignment can go on; their list is in this file."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True)
class _FileSearch:
    """Asks the run's files."""

    run: MatchRun
    layout: Layout

    def late(self, look: str, mentees: Rows, mentors: Rows) -> Candidates | None:
        items = files.read_items(self.run, f"late-{look}")
        if items is None:
            items = self._asked(look, mentees, mentors)
            files.write_arrays(self.run, f"late/{look}", mentees=mentees, mentors=mentors)
            key = files.write_items(self.run, f"late-{look}", items)
            if items:
                raise _LatePairsWanted(key)
        found: list[dict[str, NDArray[Any]]] = []
        for item in items:
            arrays = files.find_arrays(self.run, edges_name(int(item["number"]), look))
            if arrays is None:
                raise _LatePairsWanted(run_files.items_key(self.run, f"late-{look}"))
            found.append(files.under(MENTEES, arrays))
        if not found:
            return None
        edges = together(found)
        order = np.lexsort((edges["mentor"], edges["mentee"]))
        return candidates({name: array[order] for name, array in edges.items()}, len(order))

    def _asked(self, look: str, mentees: Rows, mentors: Rows) -> list[Item]:
        chunks = files.read_arrays(self.run, "figures")
        some = set(np.unique(chunks["mentee_chunk"][mentees]).tolist())
        others = set(np.unique(chunks["mentor_chunk"][mentors]).tolist())
        return [
            {**one, "late": look}
            for one in files.read_items(self.run, "blocks") or []
            if one[MENTEES] in some and one[MENTORS] in others
        ]

    def views(self, edges: Candidates) -> Views:
        if edges.views is None:
            raise ValueError("the blocks of this run have not looked at pairs from either side")
        return edges.views

    def assigned(self, look: str, find: Callable[[], Assignment]) -> Assignment:
        name = f"assigned/{look}"
        kept = files.find_arrays(self.run, name)
        if kept is None:
            found = find()
            sums = np.asarray([found.total, found.upper_bound, found.loss])
            files.write_arrays(self.run, name, mentor=found.mentor, sums=sums)
            return found
        total, upper_bound, loss = kept["sums"].tolist()
        return Assignment(kept["mentor"], total, upper_bound, loss)


def read_outcome(run: MatchRun) -> Outcome:
    """Return what the assignment came to."""
    return files.read_value(run, "outcome", Outcome)


def assign(run: MatchRun) -> str | None:
    """Assign all mentees, and leave lots of pairs and of people to be explained.

    Returns
    -------
    The name of a list of blocks to be looked at before this is done again; None when it is done.
    """
    if files.is_done(run, "outcome"):
        return None
    settings, layout = read_header(run).snapshot.settings, read_layout(run)
    figures = read_figures(run, layout, settings)
    try:
        rounds = assign_in_rounds(figures, _FileSearch(run, layout), read_candidates(run, layout))
    except _LatePairsWanted as wanted:
        return wanted.key
    apart = np.union1d(figures.locked[:, 0], np.flatnonzero(figures.has_one)).tolist()
    worth = Worth.of(rounds[0], figures.mentors, apart)
    left = places_left(figures, rounds)
    files.write_arrays(run, "after", left=left, asked=worth.asked)
    pairs, left_out = _leave_lots(run, rounds)
    taken = figures.places - left
    files.write_value(
        run, "outcome",
        Outcome(
            admissible=rounds[0].candidates.admissible,
            candidates=looked_at(rounds),
            cut=rounds[0].candidates.cut,
            objectives=rounds[0].outcomes,
            rounds=told(figures, rounds),
            loads=loads(taken.tolist()),
            pairs=pairs,
            left_out=left_out,
            matched=len(figures.may_have) - len(without_a_pair(rounds)),
        ),
    )  # fmt: skip
    return None


def _leave_lots(run: MatchRun, rounds: Sequence[Chosen]) -> tuple[int, int]:
    """Write lots of pairs, by the mentee's id and round, and of mentees without one, by id; return how many of each."""
    mentees = files.read_arrays(run, "mentees")
    place = mentees["place"]
    is_open = place >= 0
    chosen = np.full((len(place), len(rounds)), -1, dtype=np.int32)
    for number, one in enumerate(rounds):
        chosen[is_open, number] = one.mentor[place[is_open]]
    person, slot = np.nonzero(chosen >= 0)
    mentor = chosen[person, slot]
    made = np.cumsum(chosen >= 0, axis=1)[person, slot]
    without = np.flatnonzero((chosen < 0).all(axis=1))
    where = ("place", "segment", "in_file", "row")
    lots: list[dict[str, NDArray[Any]]] = []
    items: list[Item] = []
    for first in range(0, len(person), EXPLAINED_AT_A_TIME):
        some = slice(first, first + EXPLAINED_AT_A_TIME)
        of_mentees = {name: mentees[name][person[some]] for name in where}
        items.append({"number": len(lots), "kind": "pairs", "first": first // run_files.PER_FILE})
        lots.append({"mentor": mentor[some], "round": made[some], **of_mentees})
    for first in range(0, len(without), EXPLAINED_AT_A_TIME):
        those = without[first : first + EXPLAINED_AT_A_TIME]
        items.append({"number": len(lots), "kind": "left-out", "first": first // run_files.PER_FILE})
        lots.append({name: mentees[name][those] for name in where})
    files.each_of(enumerate(lots), lambda one: files.write_arrays(run, f"lots/{one[0]}", **one[1]))
    files.write_items(run, "explain", items)
    return len(person), len(without)
