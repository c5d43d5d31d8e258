"""The files of a run in parts: what its steps leave to each other, under a prefix of its own. They leave after a week.

A step writes its own files alone, the one that says that it is done last, so that done again it changes nothing.
`items/` has the lists that the state machine maps over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching import documents
from chalicelib.matching import files as run_files
from chalicelib.matching.engine.text import Frequencies
from chalicelib.matching.parts.columns import Columns, arrays_bytes, arrays_from
from chalicelib.matching.runs import MatchRun
from chalicelib.platform import documents as bucket

T = TypeVar("T")
U = TypeVar("U")
R = TypeVar("R")
Item = Mapping[str, Any]

FORMAT = 1
"""Changes with what stands in these files."""

_AT_A_TIME = 8
"""Files that a step reads or writes at a time; fewer than a client keeps connections for (10). Ours."""

_BYTES = "application/octet-stream"
_JSON = "application/json"


def is_done(run: MatchRun, name: str) -> bool:
    """Tell whether a file is there."""
    return bucket.is_there(_key(run, name))


def write_items(run: MatchRun, name: str, items: Sequence[Item]) -> str:
    """Write what a map of the state machine goes over; return the file's whole name."""
    run_files.write_items(run, name, items)
    return run_files.items_key(run, name)


def read_items(run: MatchRun, name: str) -> list[Item] | None:
    """Return what `write_items` wrote, or None where it has not."""
    content = bucket.find(run_files.items_key(run, name))
    if content is None:
        return None
    return [one for one in json.loads(content) if not run_files.is_nothing(one)]


def write_value(run: MatchRun, name: str, value: Any) -> None:
    """Write a dataclass, whole."""
    bucket.write(_key(run, name), documents.to_bytes(value, whole=True), _JSON)


def write_value_once(run: MatchRun, name: str, value: Any) -> None:
    """Write a dataclass, whole, unless the file is there."""
    bucket.write_once(_key(run, name), documents.to_bytes(value, whole=True), _JSON)


def read_value(run: MatchRun, name: str, kind: type[T]) -> T:
    return documents.from_bytes(kind, bucket.read(_key(run, name)))


def write_bytes(run: MatchRun, name: str, content: bytes) -> None:
    bucket.write(_key(run, name), content, _BYTES)


def write_arrays(run: MatchRun, name: str, **arrays: NDArray[Any]) -> None:
    bucket.write(_key(run, name), arrays_bytes(**arrays), _BYTES)


def write_arrays_once(run: MatchRun, name: str, **arrays: NDArray[Any]) -> None:
    """Write arrays, unless the file is there."""
    bucket.write_once(_key(run, name), arrays_bytes(**arrays), _BYTES)


def read_arrays(run: MatchRun, name: str) -> dict[str, NDArray[Any]]:
    return arrays_from(bucket.read(_key(run, name)))


def find_arrays(run: MatchRun, name: str) -> dict[str, NDArray[Any]] | None:
    content = bucket.find(_key(run, name))
    return arrays_from(content) if content is not None else None


def write_people(run: MatchRun, name: str, people: Columns[Any]) -> None:
    bucket.write(_key(run, name), people.to_bytes(), _BYTES)


def read_people(run: MatchRun, name: str, kind: type[Any]) -> Columns[Any]:
    return Columns.from_bytes(kind, bucket.read(_key(run, name)))


def frequency_arrays(words: Frequencies) -> dict[str, NDArray[Any]]:
    """Return what stands in how many texts as arrays that a file holds."""
    untelling = documents.plain_bytes(sorted(words.untelling))
    return {
        "texts": np.asarray([words.texts], dtype=np.int64),
        "concepts": words.concepts,
        "parts": words.parts,
        "having": words.having,
        "untelling": np.frombuffer(untelling, dtype=np.uint8),
    }


def frequencies_of(arrays: dict[str, NDArray[Any]]) -> Frequencies:
    """Read what `frequency_arrays` gave."""
    return Frequencies(
        int(arrays["texts"][0]), arrays["concepts"], arrays["parts"], arrays["having"],
        frozenset(json.loads(arrays["untelling"].tobytes())),
    )  # fmt: skip


def each_of(some: Iterable[U], do: Callable[[U], R]) -> list[R]:
    """Read or write some files, several at a time: a step that does hundreds waits for each. Return what each gave, in
    their order."""
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        return list(pool.map(do, some))


MENTEES, MENTORS = "mentees", "mentors"


def named(whose: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return arrays of a side, or of something else, under names that a file has beside others'."""
    return {f"{whose}.{name}": array for name, array in arrays.items()}


def under(whose: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return what `named` was given for `whose`, from all arrays of a file."""
    prefix = f"{whose}."
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


# Names.


def lot_name(lots: str, number: int) -> str:
    """Of those who take part, some that a segment reads the people of."""
    return f"enrolled/{lots}-{number}"


def segment_name(number: int, side: str, file: int) -> str:
    """Of the people of a segment who are of one side and one zone band, or closed."""
    return f"segments/{number}/{side}-{file}"


def light_name(number: int) -> str:
    """Of what a plan knows of a segment's people and of the words in their goals; the last that is written of it."""
    return f"segments/{number}/light"


def _key(run: MatchRun, name: str) -> str:
    return f"{run_files.parts_prefix(run)}/{name}"
