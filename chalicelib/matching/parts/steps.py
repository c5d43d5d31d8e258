"""The steps of a match in parts, as the state machine takes them, and what they leave in the run's row.

`mentorships/machine.py` calls these; `tests/matching/test_parts.py` plays them in one process.
"""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.kernel.call import Call
from chalicelib.matching import files as run_files
from chalicelib.matching import progress, runs, steps, store
from chalicelib.matching.parts import assigning, explaining, planning, reading, scoring
from chalicelib.matching.parts.files import Item
from chalicelib.matching.parts.reading import read_header
from chalicelib.matching.runs import MatchRun, RunStep


def enrol(call: Call, run: MatchRun, kept_apart: Iterable[tuple[str, str, bool]]) -> None:
    """Find who takes part and who is kept apart from whom."""
    reading.enrol(call, run, kept_apart)


def segment(_call: Call, run: MatchRun, item: Item) -> None:
    """Read the people of one lot of those who take part."""
    reading.segment(run, item)


def plan(call: Call, run: MatchRun) -> MatchRun:
    """Lay out chunks and blocks, and say in the run's row what its snapshot is."""
    layout = planning.plan(run)
    if run.step is not RunStep.NONE:
        return run
    taken = runs.snapshot_taken(
        run, layout.digest, layout.pool.mentees, read_header(run).settings_version, run.basis, layout.blocks
    )
    return steps.keep(call, run, taken)


def chunk(_call: Call, run: MatchRun, item: Item) -> None:
    """Gather the people of a chunk."""
    planning.chunk(run, item)


def block(call: Call, run: MatchRun, item: Item) -> None:
    """Score a block; those that the assignment asks for later are not counted again."""
    scoring.block(run, item)
    if "late" not in item:
        progress.done(call, run, progress.BLOCK, int(item["number"]))


def merge(_call: Call, run: MatchRun, item: Item) -> None:
    """Put together what blocks have left of a chunk's people."""
    scoring.merge(run, item)


def assign(call: Call, run: MatchRun) -> dict[str, str | None]:
    """Assign; `late` names blocks to be looked at before it is done again."""
    late = assigning.assign(run)
    if late is None:
        progress.done(call, run, progress.ASSIGN, 0, pairs=assigning.read_outcome(run).matched)
    return {"late": late}


def explain(_call: Call, run: MatchRun, item: Item) -> None:
    """Explain a lot of pairs, or of people left out."""
    explaining.explain(run, item)


def report(call: Call, run: MatchRun) -> MatchRun:
    """Report, and say in the run's row how many pairs there are to propose."""
    if run.step is not RunStep.SNAPSHOT:
        return run
    found, outcome = explaining.report(run)
    matched = runs.matched(run, outcome.pairs, outcome.left_out, run_files.file_count(outcome.pairs))
    return steps.keep(call, run, matched, store.put_report(found, None, call.now))
