"""Reasons for lots of pairs and of people left out, in the files of a run; and the report, from what lots add up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching import files as run_files
from chalicelib.matching.engine.explanation import Explainer, closed
from chalicelib.matching.engine.figures import Figures
from chalicelib.matching.engine.overlap import Calendar, time_zone_release
from chalicelib.matching.engine.planning import Part, part
from chalicelib.matching.engine.report import Known, Tally, build_report
from chalicelib.matching.engine.scoring import GoalVectors
from chalicelib.matching.engine.shortage import LeftOutGroups, LookedAt, shortage_rows
from chalicelib.matching.model import (
    LeftOut,
    MatchReport,
    MenteeEntry,
    MentorEntry,
    ProposedPair,
    Shortage,
    Snapshot,
)
from chalicelib.matching.parts import files
from chalicelib.matching.parts.assigning import Outcome, read_outcome
from chalicelib.matching.parts.columns import joined
from chalicelib.matching.parts.files import MENTEES, MENTORS, Item
from chalicelib.matching.parts.planning import (
    Layout,
    encoded,
    part_of,
    people_at,
    read_chunk,
    read_figures,
    read_layout,
    read_vectors,
)
from chalicelib.matching.parts.reading import read_header
from chalicelib.matching.runs import MatchRun

Rows = NDArray[np.intp]
Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Lot:
    """What a lot of explained people adds to the report."""

    tally: Tally
    groups: LeftOutGroups


def explain(run: MatchRun, item: Item) -> None:
    """Explain a lot of pairs, or of mentees without one, and write their files and what they add to the report."""
    number = int(item["number"])
    if files.is_done(run, f"told/{number}"):
        return
    snapshot, layout = read_header(run).snapshot, read_layout(run)
    lot = files.read_arrays(run, f"lots/{number}")
    mentees = people_at(run, MENTEES, lot).entries()
    if item["kind"] == "pairs":
        found = _pairs(run, snapshot, layout, lot, mentees)
        run_files.write_pairs(run, int(item["first"]), found)
        by_id = {entry.person_id: entry for entry in mentees}
        added = Lot(Tally.of(found, (), by_id, snapshot.settings), LeftOutGroups())
    else:
        added = _left_out(run, snapshot, layout, lot, mentees, int(item["first"]))
    files.write_value(run, f"told/{number}", added)


def _pairs(
    run: MatchRun, snapshot: Snapshot, layout: Layout, lot: Arrays, mentees: Sequence[MenteeEntry]
) -> tuple[ProposedPair, ...]:
    wanted, column = np.unique(lot["mentor"], return_inverse=True)
    _, first, row = np.unique(lot["place"], return_index=True, return_inverse=True)
    some = [mentees[n] for n in first.tolist()]
    here = part_of(run, snapshot, layout.starts, some, _mentors(run, layout, wanted))
    explainer = _explainer(snapshot, layout, here)
    found: list[ProposedPair] = []
    # A mentee stands once in what is explained at a time.
    for round_ in np.unique(lot["round"]).tolist():
        those = np.flatnonzero(lot["round"] == round_)
        told = explainer.pairs(row[those].astype(np.intp), column[those].astype(np.intp))
        found += (replace(pair, round=int(round_)) for pair in told)
    return tuple(sorted(found, key=lambda pair: (pair.mentee_id, pair.round)))


def _explainer(snapshot: Snapshot, layout: Layout, here: Part) -> Explainer:
    return Explainer(
        here.mentees,
        here.mentors,
        snapshot.settings,
        layout.starts[0],
        here.rules,
        here.scores,
        snapshot.kind,
    )


def _left_out(
    run: MatchRun,
    snapshot: Snapshot,
    layout: Layout,
    lot: Arrays,
    people: Sequence[MenteeEntry],
    first: int,
) -> Lot:
    is_open = lot["place"] >= 0
    shut = [
        closed(entry, entry.closed_for()) for entry, open_ in zip(people, is_open, strict=True) if not open_
    ]
    order = np.flatnonzero(is_open)[np.argsort(lot["place"][is_open], kind="stable")]
    some = [people[n] for n in order.tolist()]
    told: tuple[LeftOut, ...] = ()
    if some:
        here = _beside_all(run, snapshot, layout, some)
        left = files.read_arrays(run, "after")["left"]
        told = _explainer(snapshot, layout, here).left_out(np.arange(len(some)), left > 0)
    whole = sorted((*shut, *told), key=lambda one: one.person_id)
    run_files.write_left_out(run, first, whole)
    by_id = {entry.person_id: entry for entry in some}
    without = (
        (place, entry.profile)
        for place, entry in zip(lot["place"][order].tolist(), some, strict=True)
        if not entry.has_one
    )
    groups = LeftOutGroups.of(without, snapshot.settings, snapshot.taken_at)
    return Lot(Tally.of((), told, by_id, snapshot.settings), groups)


def _mentors(run: MatchRun, layout: Layout, wanted: Rows) -> tuple[MentorEntry, ...]:
    """Return some mentors by their places in the order of the run, ascending."""
    found: dict[int, MentorEntry] = {}
    for number in range(layout.mentor_chunks):
        people, columns = read_chunk(run, MENTORS, number)
        some = np.flatnonzero(np.isin(people, wanted))
        found |= zip(people[some].tolist(), columns.entries(some), strict=True)
    return tuple(found[one] for one in wanted.tolist())


def _beside_all(
    run: MatchRun, snapshot: Snapshot, layout: Layout, mentees: Sequence[MenteeEntry], *, scored: bool = False
) -> Part:
    """Encode some open mentees and all open mentors; their goals where scores are asked for."""
    chunks = [read_chunk(run, MENTORS, number) for number in range(layout.mentor_chunks)]
    if not chunks:
        return part_of(run, snapshot, layout.starts, mentees, ())
    order = np.argsort(np.concatenate([people for people, _ in chunks]), kind="stable")
    mentors = joined([columns for _, columns in chunks]).take(order).entries()
    if scored or snapshot.settings.min_score > 1:
        vectors = np.concatenate([read_vectors(run, MENTORS, number) for number in range(len(chunks))])
        goals = GoalVectors(encoded(run, mentees), vectors[order])
    else:
        goals = GoalVectors(
            np.zeros((len(mentees), 1), dtype=np.int16), np.zeros((len(mentors), 1), dtype=np.int16)
        )
    return part(
        mentees, mentors, snapshot.settings, snapshot.taken_at, snapshot.kind, Calendar(layout.starts), goals
    )


def report(run: MatchRun) -> tuple[MatchReport, Outcome]:
    """Return the report of a run, from what its lots add up to."""
    snapshot, layout = read_header(run).snapshot, read_layout(run)
    outcome = read_outcome(run)
    items = files.read_items(run, "explain") or []
    lots = files.each_of(items, lambda one: files.read_value(run, f"told/{int(one['number'])}", Lot))
    figures = read_figures(run, layout, snapshot.settings)
    known = Known(
        programme_id=snapshot.programme_id,
        run_id=snapshot.run_id,
        taken_at=snapshot.taken_at,
        settings=snapshot.settings,
        kind=snapshot.kind,
        pool=layout.pool,
        closed_mentees=layout.closed_mentees,
        closed_mentors=layout.closed_mentors,
        loads=outcome.loads,
        admissible_pairs=outcome.admissible,
        candidate_pairs=outcome.candidates,
        candidates_cut=outcome.cut,
        objectives=outcome.objectives,
        rounds=outcome.rounds,
        locked_made=len(figures.locked),
        locked_missed=layout.locked_missed,
        shortages=_shortages(
            run, snapshot, layout, figures, LeftOutGroups.together(one.groups for one in lots)
        ),
        time_zone_data=time_zone_release(),
    )
    return build_report(known, Tally.together(one.tally for one in lots)), outcome


def _shortages(
    run: MatchRun, snapshot: Snapshot, layout: Layout, figures: Figures, groups: LeftOutGroups
) -> tuple[tuple[Shortage, ...], tuple[Shortage, ...]]:
    looked_at = LookedAt.of(groups, layout.pool.open_mentees)
    if not len(looked_at.mentees):
        return (), ()
    after, where = files.read_arrays(run, "after"), files.read_arrays(run, "mentees")
    some = np.flatnonzero(np.isin(where["place"], looked_at.mentees))
    some = some[np.argsort(where["place"][some], kind="stable")]
    mentees = people_at(run, MENTEES, {name: array[some] for name, array in where.items()}).entries()
    here = _beside_all(run, snapshot, layout, mentees, scored=True)
    return shortage_rows(here, looked_at, figures.places, after["left"], after["asked"][looked_at.mentees])
