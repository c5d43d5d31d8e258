"""The pairs of a run in parts, block by block, and the lists of candidates that the blocks come to together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.engine.assigning import views_of
from chalicelib.matching.engine.candidates import CandidateLists, Candidates, Edges, Views, best_of_each
from chalicelib.matching.engine.figures import candidates_of_each
from chalicelib.matching.engine.overlap import Calendar
from chalicelib.matching.engine.planning import Part, blocks_of, part, scored
from chalicelib.matching.engine.scoring import GoalVectors
from chalicelib.matching.parts import files
from chalicelib.matching.parts.files import MENTEES, MENTORS, Item
from chalicelib.matching.parts.planning import Layout, read_chunk, read_layout, read_vectors
from chalicelib.matching.parts.reading import read_header
from chalicelib.matching.runs import MatchRun

Rows = NDArray[np.intp]
Arrays = dict[str, NDArray[Any]]

_FOLDED = 8
"""Blocks whose edges are read before the best of them are kept."""


def block(run: MatchRun, item: Item) -> None:
    """Judge and score the pairs of a chunk of mentees with one of mentors, and leave the best of each.

    A late block, of an assignment that asks for pairs which the lists had cut, leaves all pairs of those whom the
    assignment names.
    """
    late = item.get("late")
    name = edges_name(int(item["number"]), late)
    if files.is_done(run, name):
        return
    header, layout = read_header(run).snapshot, read_layout(run)
    (rows, mentees), (columns, mentors) = (
        read_chunk(run, side, int(item[side])) for side in (MENTEES, MENTORS)
    )
    vectors = [read_vectors(run, side, int(item[side])) for side in (MENTEES, MENTORS)]
    per_mentee, per_mentor = candidates_of_each(
        header.settings, layout.pool.open_mentees, layout.pool.open_mentors
    )
    if late is not None:
        asked = files.read_arrays(run, f"late/{late}")
        some, others = (
            np.flatnonzero(np.isin(those, asked[side]))
            for those, side in ((rows, MENTEES), (columns, MENTORS))
        )
        rows, mentees, columns, mentors = (
            rows[some],
            mentees.take(some),
            columns[others],
            mentors.take(others),
        )
        vectors = [vectors[0][some], vectors[1][others]]
        per_mentee = per_mentor = None
    here = part(
        mentees.entries(), mentors.entries(), header.settings, header.taken_at, header.kind,
        Calendar(layout.starts), GoalVectors(*vectors),
    )  # fmt: skip
    lists = CandidateLists(per_mentee, per_mentor, layout.pool.open_mentors, len(columns))
    for some in blocks_of(here):
        admissible, score, picked = scored(here, some)
        lists.add(rows[some], admissible, score, columns if picked is None else columns[picked])
    found = lists.lists()
    arrays: Arrays = {"admissible": np.asarray([found.admissible], dtype=np.int64)}
    for side, edges in ((MENTEES, found.of_mentees), (MENTORS, found.of_mentors)):
        views = _views(here, edges, rows, columns) if layout.with_views else None
        arrays |= files.named(side, _arrays_of(edges, views))
    files.write_arrays(run, name, **arrays)


def edges_name(number: int, late: str | None = None) -> str:
    """Of the pairs that a block leaves."""
    return f"edges/{number}" if late is None else f"late/{late}-{number}"


def _views(here: Part, edges: Edges, rows: Rows, columns: Rows) -> Views:
    return views_of(here, np.searchsorted(rows, edges.mentee), np.searchsorted(columns, edges.mentor))


def _arrays_of(edges: Edges, views: Views | None) -> Arrays:
    found: Arrays = {"mentee": edges.mentee, "mentor": edges.mentor, "score": edges.score}
    return found if views is None else found | {"wants": views[0], "wanted": views[1]}


def merge(run: MatchRun, item: Item) -> None:
    """Keep the best pairs of a chunk's people among those that its blocks left."""
    side, number = str(item["side"]), int(item["number"])
    name = merged_name(side, number)
    if files.is_done(run, name):
        return
    layout, settings = read_layout(run), read_header(run).snapshot.settings
    count = candidates_of_each(settings, layout.pool.open_mentees, layout.pool.open_mentors)[side == MENTORS]
    blocks = [one for one in files.read_items(run, "blocks") or [] if int(one[side]) == number]
    kept: list[Arrays] = [_no_edges(layout)]
    admissible = 0
    for n, one in enumerate(blocks, 1):
        found = files.read_arrays(run, edges_name(int(one["number"])))
        admissible += int(found["admissible"][0])
        kept.append(files.under(side, found))
        if n % _FOLDED == 0:
            kept = [_best(kept, side, count)]
    best = _best(kept, side, count)
    files.write_arrays(run, name, admissible=np.asarray([admissible], dtype=np.int64), **best)


def merged_name(side: str, number: int) -> str:
    """Of the best pairs of a chunk's people."""
    return f"merged/{side}-{number}"


def _no_edges(layout: Layout) -> Arrays:
    names = ("mentee", "mentor", "score", *(("wants", "wanted") if layout.with_views else ()))
    return {name: np.empty(0, dtype=np.int32) for name in names}


def together(parts: Sequence[Arrays]) -> Arrays:
    """Return edges one after another."""
    return {name: np.concatenate([one[name] for one in parts]) for name in parts[0]}


def _best(parts: Sequence[Arrays], side: str, count: int | None) -> Arrays:
    found = together(parts)
    if count is None:
        return found
    owner, other = ("mentee", "mentor") if side == MENTEES else ("mentor", "mentee")
    # Of equal keys that of the lower index is kept, whatever block it came in.
    found = _taken(found, np.argsort(found[other], kind="stable"))
    edges = Edges.of_pairs(found["mentee"], found["mentor"], found["score"])
    return _taken(found, best_of_each(found[owner], edges.key, count))


def _taken(edges: Arrays, kept: Rows) -> Arrays:
    return {name: array[kept] for name, array in edges.items()}


def read_candidates(run: MatchRun, layout: Layout) -> Candidates:
    """Return the candidates of the whole run: those on either side's lists, each once, by mentee and mentor."""
    parts = [_no_edges(layout)]
    admissible = 0
    for side, count in ((MENTEES, layout.mentee_chunks), (MENTORS, layout.mentor_chunks)):
        for number in range(count):
            found = files.read_arrays(run, merged_name(side, number))
            pairs = int(found.pop("admissible")[0])
            admissible += pairs if side == MENTEES else 0
            parts.append(found)
    edges = together(parts)
    key = edges["mentee"].astype(np.int64) * layout.pool.open_mentors + edges["mentor"]
    _, first = np.unique(key, return_index=True)
    return candidates(_taken(edges, first), admissible)


def candidates(edges: Arrays, admissible: int) -> Candidates:
    """Return edges as candidates."""
    views = (edges["wants"], edges["wanted"]) if "wants" in edges else None
    n = len(edges["score"])
    return Candidates(edges["mentee"], edges["mentor"], edges["score"], admissible, n < admissible, views)
