"""A run in parts, step by step in one process, over the files of a bucket."""

from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.matching import files as run_files
from chalicelib.matching.model import Snapshot
from chalicelib.matching.parts import assigning, files, planning, reading, scoring, steps
from chalicelib.matching.runs import MatchRun, Trigger
from chalicelib.programmes.model import Publish

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)


def run_of(snapshot: Snapshot) -> MatchRun:
    return MatchRun(
        snapshot.run_id, snapshot.programme_id, Trigger.SCHEDULE, "job", Publish.AUTO, created_at=NOW
    )


def store(run: MatchRun, snapshot: Snapshot, size: int) -> None:
    """Store a snapshot's people as segments of `size` people."""
    bare = replace(snapshot, mentees=(), mentors=())
    mentees = sorted(snapshot.mentees, key=lambda one: one.person_id)
    mentors = sorted(snapshot.mentors, key=lambda one: one.person_id)
    count = 0
    for side in (mentees, mentors):
        for first in range(0, len(side), size):
            some = side[first : first + size]
            sides = (some, []) if side is mentees else ([], some)
            reading.store_segment(run, bare, count, *sides)
            count += 1
    reading.begin_with(run, reading.Header(bare, 1, segments=count))


def each(step, call, run, name, *, backwards=False):
    items = files.read_items(run, name)
    for item in reversed(items) if backwards else items:
        step(call, run, item)


def play(run: MatchRun, call, *, twice: bool = False) -> int:
    """Do all steps from the plan to the explanations, each once or twice; return how often the assignment asked for
    pairs that lists had cut."""
    asked = 0
    for _ in range(1 + twice):
        planning.plan(run)
    for step, name in ((steps.chunk, "chunks"), (block, "blocks"), (steps.merge, "merges")):
        for n in range(1 + twice):
            each(step, call, run, name, backwards=bool(n))
    while (late := assigning.assign(run)) is not None:
        asked += 1
        each(block, call, run, late.rpartition("/")[2].removesuffix(".json"))
    for _ in range(1 + twice):
        each(steps.explain, call, run, "explain")
    return asked


def block(_call, run: MatchRun, item) -> None:
    """Score a block, without its row of progress: the run has no row here."""
    scoring.block(run, item)


def result_of(run: MatchRun) -> tuple[tuple, tuple]:
    """Return the pairs and people left out of a run's files."""
    outcome = assigning.read_outcome(run)
    numbers = range(run_files.file_count(outcome.pairs)), range(run_files.file_count(outcome.left_out))
    pairs = tuple(one for number in numbers[0] for one in run_files.read_pairs(run, number))
    return pairs, tuple(one for number in numbers[1] for one in run_files.read_left_out(run, number))
