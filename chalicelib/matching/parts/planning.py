"""The plan of a run in parts: who is open, in which order, in which chunks and blocks; and the chunks' people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching import files as run_files
from chalicelib.matching.engine import text
from chalicelib.matching.engine.assigning import compares_stable
from chalicelib.matching.engine.figures import Figures, group_names
from chalicelib.matching.engine.overlap import Calendar, week_starts
from chalicelib.matching.engine.planning import Part, locked_missed, locked_pairs, part, score_of_pairs
from chalicelib.matching.engine.report import reasons_together
from chalicelib.matching.engine.scoring import GoalVectors
from chalicelib.matching.model import (
    LockedMissCount,
    MatchSettings,
    MenteeEntry,
    MentorEntry,
    PairOfIds,
    PoolSize,
    ReasonCount,
    Snapshot,
)
from chalicelib.matching.parts import files
from chalicelib.matching.parts.columns import Columns, joined
from chalicelib.matching.parts.files import MENTEES, MENTORS, Item
from chalicelib.matching.parts.layout import Chunk, Sizes, blocks_of, chunks_of
from chalicelib.matching.parts.light import Light, digest_of, lights_joined, reasons_of
from chalicelib.matching.parts.reading import read_header, read_known
from chalicelib.matching.runs import MatchRun

Rows = NDArray[np.intp]
KINDS: dict[str, type[Any]] = {MENTEES: MenteeEntry, MENTORS: MentorEntry}


@dataclass(frozen=True)
class Layout:
    """What a plan leaves to all that follows.

    Attributes
    ----------
    starts
        Of the run's distinct weeks.
    digest
        Of the people's files.
    mentee_chunks, mentor_chunks
        How many there are.
    with_views
        Whether candidate pairs are looked at from either side by itself.
    """

    starts: tuple[datetime, ...]
    digest: str
    pool: PoolSize
    closed_mentees: tuple[ReasonCount, ...]
    closed_mentors: tuple[ReasonCount, ...]
    locked_missed: tuple[LockedMissCount, ...]
    groups: tuple[str, ...]
    mentee_chunks: int
    mentor_chunks: int
    blocks: int
    with_views: bool


def read_layout(run: MatchRun) -> Layout:
    return files.read_value(run, "layout", Layout)


@dataclass(frozen=True)
class _Side:
    """The people of one side: all in the order of the segments, and who is open in that of the run.

    Attributes
    ----------
    segment
        int32[n]: of each of all, which segment they are in.
    open
        Which of all are open, in the order of the run.
    """

    all: Light
    segment: NDArray[np.int32]
    open: Rows

    @classmethod
    def of(cls, lights: Sequence[Light]) -> _Side:
        whole = lights_joined(lights)
        segment = np.repeat(np.arange(len(lights), dtype=np.int32), [len(one) for one in lights])
        is_open = np.flatnonzero(whole.is_open)
        order = np.lexsort((whole.ids[is_open], whole.order[is_open]))
        return cls(whole, segment, is_open[order])

    @property
    def light(self) -> Light:
        """Who is open, in the order of the run."""
        some = self.open
        arrays: dict[str, Any] = {
            name: value[some] for name, value in vars(self.all).items() if isinstance(value, np.ndarray)
        }
        return replace(self.all, **arrays)

    def closed(self) -> tuple[ReasonCount, ...]:
        """Count who is not open, by reason."""
        found, times = np.unique(self.all.reasons, return_counts=True)
        return reasons_together(
            [ReasonCount(reason, n) for reason in reasons_of(bits)]
            for bits, n in zip(found.tolist(), times.tolist(), strict=True)
        )

    def where(self, rows: Rows) -> dict[str, NDArray[Any]]:
        """Return in which files some of all are, and where in these."""
        return {"segment": self.segment[rows], "in_file": self.all.in_file[rows], "row": self.all.row[rows]}


def plan(run: MatchRun) -> Layout:
    """Put the open people in order, cut them into chunks, and say which blocks there are."""
    if files.is_done(run, "layout"):
        return read_layout(run)
    header = read_header(run)
    snapshot, settings = header.snapshot, header.snapshot.settings
    found = [read_known(run, number) for number in range(header.segments)]
    sides = {side: _Side.of([one.lights[side] for one in found]) for side in (MENTEES, MENTORS)}
    lights = {side: one.light for side, one in sides.items()}
    words = reduce(add, (one.words for one in found))
    files.write_arrays(run, "words", **files.frequency_arrays(words))
    zones = {zone for side in lights.values() for zone in _had(side.zones, side.zone)}
    calendar = Calendar.of(week_starts(snapshot.taken_at, settings.weeks), zones)
    sizes = Sizes.of(len(lights[MENTEES]), len(lights[MENTORS]))
    chunks = {
        MENTEES: chunks_of(lights[MENTEES], sizes.mentees),
        MENTORS: chunks_of(lights[MENTORS], sizes.mentors),
    }
    for side, those in chunks.items():
        for number, chunk in enumerate(those):
            where = sides[side].where(sides[side].open[chunk.people])
            files.write_arrays(run, f"chunks/{side}-{number}", people=chunk.people, **where)
    locked, score, missed = _locked(run, snapshot, calendar, sides)
    groups = group_names(_had(lights[MENTEES].groups, lights[MENTEES].group), settings.protected)
    figures = _figures(settings, lights, groups, locked, score)
    _write_people(run, sides, figures, chunks)
    blocks = blocks_of(chunks[MENTEES], chunks[MENTORS], settings)
    layout = Layout(
        starts=calendar.starts,
        digest=digest_of([one.digest for one in found]),
        pool=PoolSize(
            mentees=len(sides[MENTEES].all),
            mentors=len(sides[MENTORS].all),
            open_mentees=len(lights[MENTEES]),
            open_mentors=len(lights[MENTORS]),
            places=int(figures.places.sum()),
        ),
        closed_mentees=sides[MENTEES].closed(),
        closed_mentors=sides[MENTORS].closed(),
        locked_missed=missed,
        groups=groups,
        mentee_chunks=len(chunks[MENTEES]),
        mentor_chunks=len(chunks[MENTORS]),
        blocks=len(blocks),
        with_views=compares_stable(figures),
    )
    _write_items(run, chunks, blocks)
    files.write_value(run, "layout", layout)
    return layout


def _had(names: Sequence[str], codes: NDArray[np.int32]) -> list[str]:
    return [names[n] for n in np.unique(codes).tolist()]


def _figures(
    settings: MatchSettings, lights: Mapping[str, Light], groups: tuple[str, ...], locked: Rows, score: Any
) -> Figures:
    mentees = lights[MENTEES]
    index = {name: n for n, name in enumerate(groups)}
    group = np.asarray([index.get(name, -1) for name in mentees.groups] or [0], dtype=np.int32)
    return Figures(
        settings,
        lights[MENTORS].places.astype(np.int64),
        mentees.places.astype(np.int64),
        mentees.held.astype(np.int64),
        groups,
        group[mentees.group],
        locked,
        score,
    )


def _write_people(
    run: MatchRun, sides: Mapping[str, _Side], figures: Figures, chunks: Mapping[str, Sequence[Chunk]]
) -> None:
    """Write what the assignment looks at, and where all mentees' columns are, by id."""
    chunk_of = {}
    for side, those in chunks.items():
        chunk_of[side] = np.zeros(len(sides[side].open), dtype=np.int32)
        for number, chunk in enumerate(those):
            chunk_of[side][chunk.people] = number
    files.write_arrays(
        run, "figures",
        places=figures.places, may_have=figures.may_have, has=figures.has, group=figures.group,
        locked=figures.locked, locked_score=figures.locked_score,
        mentee_chunk=chunk_of[MENTEES], mentor_chunk=chunk_of[MENTORS],
    )  # fmt: skip
    mentees = sides[MENTEES]
    by_id = np.argsort(mentees.all.ids, kind="stable")
    place = np.full(len(mentees.all), -1, dtype=np.int64)
    place[mentees.open] = np.arange(len(mentees.open))
    has_one = (mentees.all.held > 0) | (mentees.all.places < 1)
    files.write_arrays(
        run, "mentees", place=place[by_id], **mentees.where(by_id),
    )  # fmt: skip
    with_one = mentees.all.ids[has_one].tolist()
    run_files.write_with_one(run, (one.decode() for one in with_one))


def read_figures(run: MatchRun, layout: Layout, settings: MatchSettings) -> Figures:
    """Return what the assignment looks at."""
    found = files.read_arrays(run, "figures")
    return Figures(
        settings, found["places"], found["may_have"], found["has"], layout.groups, found["group"],
        found["locked"].reshape(-1, 2), found["locked_score"],
    )  # fmt: skip


def _write_items(
    run: MatchRun, chunks: Mapping[str, Sequence[Chunk]], blocks: Sequence[tuple[int, int]]
) -> None:
    both = [
        {"side": side, "number": number} for side, those in chunks.items() for number in range(len(those))
    ]
    files.write_items(run, "chunks", both)
    files.write_items(run, "merges", both)
    files.write_items(
        run, "blocks", [{"number": n, MENTEES: i, MENTORS: j} for n, (i, j) in enumerate(blocks)]
    )


def _locked(
    run: MatchRun, snapshot: Snapshot, calendar: Calendar, sides: Mapping[str, _Side]
) -> tuple[Rows, NDArray[np.int64], tuple[LockedMissCount, ...]]:
    """Return the locked pairs that can be made, what they are worth, and why others cannot."""
    named: Sequence[PairOfIds] = snapshot.settings.locked
    ids = {
        MENTEES: sorted({one.mentee_id for one in named}),
        MENTORS: sorted({one.mentor_id for one in named}),
    }
    people: dict[str, tuple[Any, ...]] = {}
    places: dict[str, Rows] = {}
    for side, wanted in ids.items():
        whole = sides[side]
        there = np.flatnonzero(
            np.isin(whole.all.ids, np.asarray([one.encode() for one in wanted], dtype="S"))
        )
        people[side] = people_at(run, side, whole.where(there)).entries() if len(there) else ()
        place = np.full(len(whole.all), -1, dtype=np.intp)
        place[whole.open] = np.arange(len(whole.open))
        places[side] = place[there]
    mini = replace(snapshot, mentees=people[MENTEES], mentors=people[MENTORS])
    open_: dict[str, tuple[Any, ...]] = {}
    at: dict[str, Rows] = {}
    for side in (MENTEES, MENTORS):
        order = [n for n in np.argsort(places[side], kind="stable").tolist() if places[side][n] >= 0]
        open_[side] = tuple(people[side][n] for n in order)
        at[side] = places[side][order]
    made = locked_pairs(open_[MENTEES], open_[MENTORS], snapshot.settings)
    missed = locked_missed(
        mini, {(open_[MENTEES][a].person_id, open_[MENTORS][b].person_id) for a, b in made}
    )
    pairs = np.asarray(made, dtype=np.intp).reshape(-1, 2)
    whole_part = part_of(run, snapshot, calendar.starts, open_[MENTEES], open_[MENTORS])
    worth = score_of_pairs(whole_part, pairs[:, 0], pairs[:, 1])
    whole_pairs = np.stack([at[MENTEES][pairs[:, 0]], at[MENTORS][pairs[:, 1]]], axis=1)
    return whole_pairs.astype(np.intp), worth, missed


def part_of(
    run: MatchRun,
    snapshot: Snapshot,
    starts: tuple[datetime, ...],
    mentees: Sequence[MenteeEntry],
    mentors: Sequence[MentorEntry],
) -> Part:
    """Encode some open people of the run, their goals among those of all."""
    vectors = encoded(run, [*mentees, *mentors])
    goals = GoalVectors(vectors[: len(mentees)], vectors[len(mentees) :])
    return part(
        mentees, mentors, snapshot.settings, snapshot.taken_at, snapshot.kind, Calendar(starts), goals
    )


def encoded(run: MatchRun, people: Sequence[MenteeEntry | MentorEntry]) -> NDArray[np.int16]:
    """Return what some open people want, encoded among the goals of all."""
    words = files.frequencies_of(files.read_arrays(run, "words"))
    return text.packaged().encode([one.profile.goals for one in people], words)


def people_at(run: MatchRun, side: str, where: Mapping[str, NDArray[Any]]) -> Columns[Any]:
    """Return people by the files of segments that they are in, in the order given."""
    places, which = np.unique(np.stack([where["segment"], where["in_file"]]), axis=1, return_inverse=True)
    found, order = [], []
    for n, (segment, file) in enumerate(places.T.tolist()):
        those = np.flatnonzero(which.reshape(-1) == n)
        name = files.segment_name(segment, side, file)
        # Most of a file's people are of other chunks: what only they have is not kept while the others are read.
        people = files.read_people(run, name, KINDS[side]).take(where["row"][those].astype(np.intp))
        found.append(people.trimmed())
        order.append(those)
    back = np.argsort(np.concatenate(order), kind="stable")
    return joined(found).take(back)


def chunk(run: MatchRun, item: Item) -> None:
    """Gather the people of a chunk from the segments, and encode their goals among those of all."""
    side, number = str(item["side"]), int(item["number"])
    name = f"people/{side}-{number}"
    if files.is_done(run, name):
        return
    found = files.read_arrays(run, f"chunks/{side}-{number}")
    people = people_at(run, side, found)
    files.write_arrays(run, f"goals/{side}-{number}", vectors=encoded(run, people.entries()))
    files.write_people(run, name, people)


def read_chunk(run: MatchRun, side: str, number: int) -> tuple[Rows, Columns[Any]]:
    """Return where the people of a chunk stand in the order of the run, ascending, and their columns."""
    return (
        files.read_arrays(run, f"chunks/{side}-{number}")["people"].astype(np.intp),
        files.read_people(run, f"people/{side}-{number}", KINDS[side]),
    )


def read_vectors(run: MatchRun, side: str, number: int) -> NDArray[np.int16]:
    """Return the goals of a chunk's people."""
    vectors: NDArray[np.int16] = files.read_arrays(run, f"goals/{side}-{number}")["vectors"]
    return vectors
