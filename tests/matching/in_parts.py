"""A run in parts, step by step in one process, over the files of a bucket."""

from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.kernel.call import job_call
from chalicelib.matching import files as run_files
from chalicelib.matching.model import Snapshot
from chalicelib.matching.parts import assigning, explaining, files, planning, reading, scoring
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
    reading.begin_with(run, reading.Header(bare, 1), count)


def each(step, call, run, name, *, shuffled=False):
    items = files.read_items(run, name)
    for item in reversed(items) if shuffled else items:
        step(call, run, item)


def play(run: MatchRun, *, twice: bool = False):
    """Do all steps after the segments; return the layout, and how often the assignment asked for late pairs."""
    call = job_call("run_match", NOW)
    asked = 0
    for _ in range(1 + twice):
        layout = planning.plan(call, run)
    for step, name in (
        (planning.chunk, "chunks"),
        (scoring.block, "blocks"),
        (scoring.merge, "merges"),
    ):
        for n in range(1 + twice):
            each(step, call, run, name, shuffled=bool(n))
    while (late := assigning.assign(call, run)["late"]) is not None:
        asked += 1
        each(scoring.block, call, run, late.rpartition("/")[2].removesuffix(".json"))
    for _ in range(1 + twice):
        each(explaining.explain, call, run, "explain")
    report, outcome = explaining.report(call, run)
    return layout, asked, report, outcome


def result_of(run: MatchRun, outcome):
    """Return the pairs and people left out of a run's files."""
    pairs = [
        one
        for number in range(run_files.file_count(outcome.pairs))
        for one in run_files.read_pairs(run, number)
    ]
    left_out = [
        one
        for number in range(run_files.file_count(outcome.left_out))
        for one in run_files.read_left_out(run, number)
    ]
    return tuple(pairs), tuple(left_out)
