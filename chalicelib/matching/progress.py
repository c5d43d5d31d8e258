"""How far a run in parts has come: a row for each item of its steps that is done.

Items of a step are done at the same moment, so none writes the run's own row; whoever looks sums theirs. Once a run is
not at work any more the sums stand in its row, and these leave.
"""

from dataclasses import replace

from chalicelib.kernel.call import Call
from chalicelib.matching import runs, store
from chalicelib.matching.runs import MatchRun, Progress, RunStatus
from chalicelib.platform import tables
from chalicelib.platform.commit import commit

BLOCK, ASSIGN, PUBLISH, TELL = "block", "assign", "publish", "tell"


def done(
    call: Call, run: MatchRun, step: str, number: int, *, published: int = 0, skipped: int = 0, pairs: int = 0
) -> None:
    """Say that an item of a step is done; said again, it is the same one.

    Parameters
    ----------
    published, skipped
        Of the step `publish`: pairs that have become proposals, and those that have not.
    pairs
        Of the step `assign`: mentees whom it found a mentor for.
    """
    write = store.put_progress(
        run, step, number, published=published, skipped=skipped, pairs=pairs, now=call.now
    )
    commit(call, [write], None)


def is_done(run: MatchRun, step: str, number: int) -> bool:
    """Tell whether an item of a step is done."""
    return tables.get(*store.progress_key(run, step, number)) is not None


def progress_of(run: MatchRun) -> Progress:
    """Return how far a run in parts has come: of one at work by its rows, some thousands a query; else by its own."""
    found = Progress(run.blocks, run.blocks_done, run.mentees_matched, run.published, run.skipped)
    match run.status:
        case RunStatus.RUNNING:
            rows = list(store.progress_of(run))
            matched = sum(int(row.pairs) for step, row in rows if step == ASSIGN)
            return replace(found, blocks_done=sum(step == BLOCK for step, _ in rows), pairs=matched)
        case RunStatus.PUBLISHING:
            items = [row for _, row in store.progress_of(run, PUBLISH)]
            published, skipped = (
                sum(int(getattr(row, name)) for row in items) for name in ("published", "skipped")
            )
            return replace(found, published=published, skipped=skipped)
        case _:
            return found


def counted(run: MatchRun) -> MatchRun:
    """Return a run with what its steps have come to by now; one in a single process has it in its own row."""
    return runs.counted(run, progress_of(run)) if run.in_parts and run.is_at_work else run
