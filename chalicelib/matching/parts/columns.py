"""People of a snapshot in columns: a large pool is read, moved and picked from without a document for each.

A file has one column for each field of an entry and of its profile: the distinct values as canonical JSON, and for
each person the number of theirs. What matching does not use is left out, as in the snapshot of a small run.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Generic, TypeVar, get_type_hints

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching import documents
from chalicelib.matching.model import MenteeEntry, MentorEntry
from chalicelib.matching.snapshot import minimal
from chalicelib.people.model import Profile

Rows = NDArray[np.intp]
Entry = TypeVar("Entry", bound=MenteeEntry | MentorEntry)

_PROFILE = "profile"
_PERSON = "person_id"


def _own(kind: type[Any]) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind) if f.name != _PROFILE)


def _of_profile() -> tuple[str, ...]:
    return tuple(f.name for f in fields(Profile) if f.name != _PERSON)


def _columns(kind: type[Any]) -> tuple[tuple[str, Any], ...]:
    """Return the columns of a kind of entry with their types: its own, then its profile's."""
    own, profile = get_type_hints(kind), get_type_hints(Profile)
    return (
        *((name, own[name]) for name in _own(kind)),
        *((name, profile[name]) for name in _of_profile()),
    )


@dataclass(frozen=True)
class Columns(Generic[Entry]):
    """Some people of one side.

    Attributes
    ----------
    values
        Of each column the values that people have, as JSON knows them; one may stand there twice, or for nobody.
    codes
        int32[columns, people]: of each column which of its values each has.
    """

    kind: type[Entry]
    values: tuple[Sequence[Any], ...]
    codes: NDArray[np.int32]

    def __len__(self) -> int:
        return int(self.codes.shape[1])

    @classmethod
    def of(cls, kind: type[Entry], entries: Iterable[Entry]) -> Columns[Entry]:
        """Put entries in columns, without what matching never reads."""
        own, of_profile = _own(kind), _of_profile()
        known: list[dict[Any, int]] = [{} for _ in (*own, *of_profile)]
        rows = []
        for entry in entries:
            profile = minimal(entry.profile)
            found = (
                *(getattr(entry, name) for name in own),
                *(getattr(profile, name) for name in of_profile),
            )
            rows.append(
                [column.setdefault(one, len(column)) for column, one in zip(known, found, strict=True)]
            )
        codes = np.asarray(rows, dtype=np.int32).reshape(-1, len(known)).T
        values = tuple([documents.to_plain(one) for one in column] for column in known)
        return cls(kind, values, np.ascontiguousarray(codes))

    def take(self, rows: Rows) -> Columns[Entry]:
        """Return some of these people, in the order given."""
        return replace(self, codes=np.ascontiguousarray(self.codes[:, rows]))

    def trimmed(self) -> Columns[Entry]:
        """Return the same people without values that none of them has."""
        found = [np.unique(column, return_inverse=True) for column in self.codes]
        values = tuple(
            [column[code] for code in used.tolist()]
            for column, (used, _) in zip(self.values, found, strict=True)
        )
        codes = np.asarray([place for _, place in found], dtype=np.int32).reshape(self.codes.shape)
        return Columns(self.kind, values, codes)

    def entries(self, rows: Rows | None = None) -> tuple[Entry, ...]:
        """Return some people (by default all) as entries, in the order given."""
        codes = self.codes if rows is None else self.codes[:, rows]
        lists = [
            _read(values, column, hint, name)
            for values, column, (name, hint) in zip(self.values, codes, _columns(self.kind), strict=True)
        ]
        own, of_profile = _own(self.kind), _of_profile()
        people = lists[own.index(_PERSON)]
        profiles = [
            Profile(person_id, **dict(zip(of_profile, values, strict=True)))
            for person_id, *values in zip(people, *lists[len(own) :], strict=True)
        ]
        return tuple(
            self.kind(profile=profile, **dict(zip(own, values, strict=True)))
            for profile, *values in zip(profiles, *lists[: len(own)], strict=True)
        )

    def to_bytes(self) -> bytes:
        """Write a file, each value once."""
        kept: list[list[str]] = []
        codes = np.empty_like(self.codes)
        for values, column, out in zip(self.values, self.codes, codes, strict=True):
            used, place = np.unique(column, return_inverse=True)
            known: dict[str, int] = {}
            number = [
                known.setdefault(documents.plain_text(values[code]), len(known)) for code in used.tolist()
            ]
            out[:] = np.asarray(number, dtype=np.int32)[place] if number else 0
            kept.append(list(known))
        text = "[" + ",".join("[" + ",".join(column) + "]" for column in kept) + "]"
        return arrays_bytes(codes=codes, values=np.frombuffer(text.encode(), dtype=np.uint8))

    @classmethod
    def from_bytes(cls, kind: type[Entry], content: bytes) -> Columns[Entry]:
        """Read what `to_bytes` wrote."""
        found = arrays_from(content)
        return cls(kind, tuple(json.loads(found["values"].tobytes())), found["codes"])


def joined(parts: Sequence[Columns[Entry]]) -> Columns[Entry]:
    """Return the people of some files, one after another."""
    values, codes = [], []
    for n in range(len(parts[0].values)):
        first = np.cumsum([0, *(len(part.values[n]) for part in parts)])
        values.append([one for part in parts for one in part.values[n]])
        codes.append(np.concatenate([part.codes[n] + at for part, at in zip(parts, first[:-1], strict=True)]))
    return Columns(parts[0].kind, tuple(values), np.asarray(codes, dtype=np.int32))


def _read(values: Sequence[Any], column: NDArray[np.int32], hint: Any, name: str) -> list[Any]:
    used, place = np.unique(column, return_inverse=True)
    read = [documents.value_from_plain(hint, values[code], name) for code in used.tolist()]
    return [read[n] for n in place.tolist()]


def arrays_bytes(**arrays: NDArray[Any]) -> bytes:
    """Write named arrays as one file of numpy's, packed."""
    content = io.BytesIO()
    np.savez_compressed(content, allow_pickle=False, **arrays)
    return content.getvalue()


def arrays_from(content: bytes) -> dict[str, NDArray[Any]]:
    """Read what `arrays_bytes` wrote."""
    with np.load(io.BytesIO(content), allow_pickle=False) as found:
        return {name: found[name] for name in found.files}
