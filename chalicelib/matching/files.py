"""The files of a run in the documents bucket: the snapshot, the whole result, and the lists that are paged through.

Every file is written from what the one before gave, under the run's own prefix, so writing it again changes
nothing.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.pages import PageRequest
from chalicelib.matching import documents
from chalicelib.matching.model import LeftOut, MatchResult, MatchSettings, ProposedPair
from chalicelib.matching.runs import (
    IdsFile,
    LeftOutFile,
    MatchRun,
    Options,
    OptionsFile,
    PairFile,
    ReviewIndex,
)
from chalicelib.platform import documents as bucket

PER_FILE = 100
JSON = "application/json"
_NOTHING = "nothing"

T = TypeVar("T")


def file_count(items: int) -> int:
    """Return how many files a list takes."""
    return -(-items // PER_FILE)


def window(page: PageRequest, total: int) -> tuple[int, int]:
    """Return the first place of a page in a list of `total` items, and the one after its last.

    Raises
    ------
    Invalid
        If the cursor is not one of ours.
    """
    position = page.position("at")
    at = position["at"] if position else "0"
    if not (at.isascii() and at.isdigit() and len(at) < 9):
        raise Invalid.field(
            "/cursor", "Leave it out, or send the `next` value of the page before, unchanged."
        )
    start = min(int(at), total)
    return start, min(start + page.limit, total)


def part(start: int, stop: int, read: Callable[[int], tuple[T, ...]]) -> tuple[T, ...]:
    """Return the items from place `start` to before `stop` of a list that `read` reads file by file."""
    found: list[T] = []
    while start + len(found) < stop:
        at = start + len(found)
        found += read(at // PER_FILE)[at % PER_FILE :][: stop - at]
    return tuple(found)


def write_snapshot(run: MatchRun, content: bytes) -> None:
    bucket.write(_key(run, "snapshot"), content, JSON)


def read_snapshot(run: MatchRun) -> bytes:
    return bucket.read(_key(run, "snapshot"))


def find_snapshot(run: MatchRun) -> bytes | None:
    """Read a run's snapshot, or None where it is not kept any more."""
    return bucket.find(_key(run, "snapshot"))


def write_with_one(run: MatchRun, mentee_ids: Iterable[str]) -> None:
    """Write which mentees of a run had a mentor or an open proposal before it."""
    _write(run, "with-one", IdsFile(tuple(sorted(mentee_ids))))


def read_with_one(run: MatchRun) -> frozenset[str]:
    """Return what `write_with_one` wrote; nobody for runs from before it was kept."""
    content = bucket.find(_key(run, "with-one"))
    return frozenset(documents.from_bytes(IdsFile, content).ids) if content else frozenset()


def write_before(run: MatchRun, settings: MatchSettings) -> None:
    """Write the settings that a dry run is compared with."""
    bucket.write(_key(run, "before"), documents.to_bytes(settings, whole=True), JSON)


def read_before(run: MatchRun) -> MatchSettings:
    return _read(run, "before", MatchSettings)


def read_result(run: MatchRun) -> bytes:
    return bucket.read(_key(run, "result"))


def write_result(run: MatchRun, result: MatchResult) -> None:
    """Write the whole result, and its lists in small files; pairs and people left out stand in it by mentee id."""
    _write(run, "result", result)
    write_pairs(run, 0, result.pairs)
    write_left_out(run, 0, result.left_out)


def write_pairs(run: MatchRun, first: int, pairs: Sequence[ProposedPair]) -> None:
    """Write pairs from the file of this number on; the one before it is full."""
    for n, some in enumerate(_parts(tuple(pairs)), first):
        _write(run, f"pairs/{n}", PairFile(some))


def write_left_out(run: MatchRun, first: int, people: Sequence[LeftOut]) -> None:
    """Write mentees without a pair, as `write_pairs` does."""
    for n, some in enumerate(_parts(tuple(people)), first):
        _write(run, f"left-out/{n}", LeftOutFile(some))


def write_options(run: MatchRun, number: int, options: tuple[Options, ...]) -> None:
    _write(run, f"options/{number}", OptionsFile(options))


def write_review_index(run: MatchRun, index: ReviewIndex) -> None:
    _write(run, "review", index)


def write_items(run: MatchRun, step: str, items: Sequence[Mapping[str, Any]]) -> None:
    """Write what the state machine maps a step over. A map over no item is none, so that of nothing has one that says
    so."""
    content = [dict(one) for one in items] or [{_NOTHING: True}]
    bucket.write(items_key(run, step), documents.plain_bytes(content), JSON)


def is_nothing(item: Mapping[str, Any]) -> bool:
    """Tell whether an item of a map stands for none."""
    return _NOTHING in item


def items_key(run: MatchRun, step: str) -> str:
    """Return the name of the list that the state machine maps a step over."""
    return f"{parts_prefix(run)}/items/{step}.json"


def read_pairs(run: MatchRun, number: int) -> tuple[ProposedPair, ...]:
    return _read(run, f"pairs/{number}", PairFile).pairs


def read_left_out(run: MatchRun, number: int) -> tuple[LeftOut, ...]:
    return _read(run, f"left-out/{number}", LeftOutFile).people


def read_review_index(run: MatchRun) -> ReviewIndex:
    return _read(run, "review", ReviewIndex)


def options_of(run: MatchRun, index: ReviewIndex, mentee_ids: Sequence[str]) -> dict[str, Options]:
    """Return the options of mentees that the run had; a file is read once for all its mentees."""
    numbers = {max(0, bisect_right(index.firsts, one) - 1) for one in mentee_ids} if index.firsts else set()
    found = {
        one.mentee_id: one
        for number in sorted(numbers)
        for one in _read(run, f"options/{number}", OptionsFile).mentees
    }
    return {one: found[one] for one in mentee_ids if one in found}


def _write(run: MatchRun, name: str, value: Any) -> None:
    bucket.write(_key(run, name), documents.to_bytes(value), JSON)


def _read(run: MatchRun, name: str, kind: type[T]) -> T:
    return documents.from_bytes(kind, bucket.read(_key(run, name)))


def _key(run: MatchRun, name: str) -> str:
    return f"{prefix(run)}/{name}.json"


def prefix(run: MatchRun) -> str:
    """Return what the names of the files of a run begin with that are kept."""
    return f"match-runs/{run.programme_id}/{run.id}"


def parts_prefix(run: MatchRun) -> str:
    """Return what the names of those files begin with that the steps of a run in parts leave to each other: its people,
    for a week."""
    return f"match-parts/{run.programme_id}/{run.id}"


def _parts(items: tuple[T, ...]) -> list[tuple[T, ...]]:
    return [items[start : start + PER_FILE] for start in range(0, len(items), PER_FILE)]
