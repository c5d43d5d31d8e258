"""The publication of a run in parts: lots of its files, any number of them at the same moment.

A lot is done for good when its progress row says so; begun again before that, it comes to the same.
"""

from collections.abc import Mapping

from chalicelib.kernel.call import Call
from chalicelib.matching import files, progress
from chalicelib.matching.model import ProposedPair
from chalicelib.matching.runs import MatchRun
from chalicelib.matching.steps import tell_left_out_file, tell_published

PUBLISH_FILES = 5
"""Files of a hundred pairs in a lot: a minute's work at most in a slow store. Ours."""

TELL_FILES = 100
"""The same of files of a hundred people who were left out: a transaction each. Ours."""

Lot = Mapping[str, int]
"""`number`, and the files from `first` to before `after`."""


def line_up(run: MatchRun) -> None:
    """Write which files are published together, and of which files people are told together, for the state machine."""
    files.write_items(run, progress.PUBLISH, _lots(run.files, PUBLISH_FILES))
    files.write_items(run, progress.TELL, _lots(files.file_count(run.left_out), TELL_FILES))


def _lots(count: int, size: int) -> list[Lot]:
    return [
        {"number": number, "first": first, "after": min(first + size, count)}
        for number, first in enumerate(range(0, count, size))
    ]


def is_published(run: MatchRun, lot: Lot) -> bool:
    """Tell whether all of a lot's pairs have become proposals, or been skipped."""
    return progress.is_done(run, progress.PUBLISH, lot["number"])


def pairs_of_lot(run: MatchRun, lot: Lot) -> tuple[ProposedPair, ...]:
    """Return the pairs of the mentees whose first pair is in one of the lot's files: whoever has several is in one lot
    with all of them, though it ends in between, so that what they are told follows from all."""
    first, after = lot["first"], lot["after"]
    pairs = [pair for number in range(first, after) for pair in files.read_pairs(run, number)]
    if first > 0 and pairs:
        before = files.read_pairs(run, first - 1)[-1].mentee_id
        pairs = [pair for pair in pairs if pair.mentee_id != before]
    for number in range(after, run.files if pairs else after):
        following = files.read_pairs(run, number)
        more = [pair for pair in following if pair.mentee_id == pairs[-1].mentee_id]
        pairs += more
        if len(more) < len(following):
            break
    return tuple(pairs)


def lot_published(call: Call, run: MatchRun, lot: Lot, made: Mapping[tuple[str, str], bool]) -> None:
    """Say which of a lot's pairs, mentee and mentor, have become proposals, and let the mentees know."""
    tell_published(call, run, made)
    published = sum(made.values())
    progress.done(
        call, run, progress.PUBLISH, lot["number"], published=published, skipped=len(made) - published
    )


def tell_lot(call: Call, run: MatchRun, lot: Lot) -> None:
    """Let the people of a lot know why they were left out."""
    if progress.is_done(run, progress.TELL, lot["number"]):
        return
    for number in range(lot["first"], lot["after"]):
        tell_left_out_file(call, run, number)
    progress.done(call, run, progress.TELL, lot["number"])
