"""What a plan has to know of people it does not read: a row of numbers each, in the order of their files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching import documents
from chalicelib.matching.engine.figures import group_of
from chalicelib.matching.engine.overlap import WORDS, Availability, Calendar, offset_at, week_starts
from chalicelib.matching.engine.planning import standing
from chalicelib.matching.engine.rules import channel_bits
from chalicelib.matching.model import MenteeEntry, MentorEntry, Reason, Rule, Snapshot
from chalicelib.matching.pairing import understood_at

BAND_HOURS = 3
"""Hours of offset from UTC that share a file of a segment."""

_REASONS = tuple(Reason)

CLOSED = 24
"""The number of the file with who had no part in the run: no zone is as far ahead."""


@dataclass(frozen=True)
class Light:
    """Some people of one side.

    Attributes
    ----------
    ids
        bytes[n]
    order
        uint64[n]: where each stands among the open people of the run; of equal ones the lesser id comes first.
    reasons
        uint16[n]: bit r for the r-th `Reason` that keeps them out of the run; 0 for who is open.
    in_file, row
        int32[n]: which of the side's files of people, and where in it.
    places, held
        int32[n]: places that are free, and for a mentee those that are not.
    cell, group, zone
        int32[n]: of who is open, which of `cells`, `groups` and `zones`.
    free
        uint64[n, 11]: of who is open, their free quarters of an hour in the run's first week.
    cells
        Languages that one can talk in, as far as the rules ask for them, and channels.
    groups
        Protected groups.
    """

    ids: NDArray[np.bytes_]
    order: NDArray[np.uint64]
    reasons: NDArray[np.uint16]
    in_file: NDArray[np.int32]
    row: NDArray[np.int32]
    places: NDArray[np.int32]
    held: NDArray[np.int32]
    cell: NDArray[np.int32]
    group: NDArray[np.int32]
    zone: NDArray[np.int32]
    free: NDArray[np.uint64]
    cells: tuple[Cell, ...]
    groups: tuple[str, ...]
    zones: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def is_open(self) -> NDArray[np.bool_]:
        return np.asarray(self.reasons == 0)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return it as arrays that a file holds."""
        lists = documents.plain_bytes(
            {
                "cells": [[list(one.languages), one.channels, one.offset] for one in self.cells],
                "groups": list(self.groups),
                "zones": list(self.zones),
            }
        )
        found = {name: getattr(self, name) for name in _ARRAYS}
        return found | {"lists": np.frombuffer(lists, dtype=np.uint8)}

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> Light:
        """Read what `arrays` gave."""
        lists = json.loads(arrays["lists"].tobytes())
        return cls(
            **{name: arrays[name] for name in _ARRAYS},
            cells=tuple(Cell(tuple(languages), bits, offset) for languages, bits, offset in lists["cells"]),
            groups=tuple(lists["groups"]),
            zones=tuple(lists["zones"]),
        )


@dataclass(frozen=True, order=True)
class Cell:
    """Who is alike to the hard rules but for hours: languages that they can talk in, seconds ahead of UTC in the run's
    first week, and a bit a channel. A rule that is off has nothing in its place."""

    languages: tuple[str, ...]
    offset: int
    channels: int

    @property
    def band(self) -> int:
        """The number of hours that the cell's zone band begins at, ahead of UTC."""
        return self.offset // (BAND_HOURS * 3600) * BAND_HOURS


_ARRAYS = (
    "ids", "order", "reasons", "in_file", "row", "places", "held", "cell", "group", "zone", "free",
)  # fmt: skip


def light_of(snapshot: Snapshot, entries: Sequence[MenteeEntry | MentorEntry]) -> Light:
    """Look at people of one side.

    Parameters
    ----------
    snapshot
        The run's, for its settings and instant; its people do not matter.
    """
    settings, now = snapshot.settings, snapshot.taken_at
    start = week_starts(now, 1)[0]
    reasons = [one.closed_for() if isinstance(one, MenteeEntry) else one.closed_for(now) for one in entries]
    is_open = np.asarray([not one for one in reasons], dtype=np.bool_)
    cells: dict[Cell, int] = {}
    groups: dict[str, int] = {}
    zones: dict[str, int] = {}
    numbers = np.zeros((len(entries), 3), dtype=np.int32)
    no_language, no_channel = Rule.LANGUAGE in settings.rules_off, Rule.CHANNEL in settings.rules_off
    bits = channel_bits([one.profile for one in entries]).tolist()
    for n, entry in enumerate(entries):
        if reasons[n]:
            continue
        spoken = () if no_language else tuple(sorted(understood_at(entry.profile, settings.language_floor)))
        cell = Cell(spoken, offset_at(entry.profile.time_zone, start), 0 if no_channel else bits[n])
        group = group_of(entry, settings.protected) if isinstance(entry, MenteeEntry) else ""
        numbers[n] = (
            cells.setdefault(cell, len(cells)),
            groups.setdefault(group, len(groups)),
            zones.setdefault(entry.profile.time_zone or "", len(zones)),
        )
    open_ = np.flatnonzero(is_open)
    profiles = [entries[n].profile for n in open_.tolist()]
    free = np.zeros((len(entries), WORDS), dtype=np.uint64)
    if len(open_):
        free[open_] = Availability.of(profiles, Calendar((start,)), 1).free[0]
    file = np.full(len(entries), CLOSED, dtype=np.int32)
    bands = np.asarray([one.band for one in cells], dtype=np.int32)
    if len(open_):
        file[open_] = bands[numbers[open_, 0]]
    return Light(
        ids=np.asarray([one.person_id.encode() for one in entries], dtype=np.bytes_),
        order=np.asarray([standing(snapshot, one.person_id) for one in entries], dtype=np.uint64),
        reasons=np.asarray(
            [sum(1 << _REASONS.index(reason) for reason in one) for one in reasons], dtype=np.uint16
        ),
        in_file=file,
        row=_rows_in(file),
        places=np.asarray([_places(one) for one in entries], dtype=np.int32),
        held=np.asarray([_held(one) for one in entries], dtype=np.int32),
        cell=numbers[:, 0],
        group=numbers[:, 1],
        zone=numbers[:, 2],
        free=free,
        cells=tuple(cells),
        groups=tuple(groups),
        zones=tuple(zones),
    )


def _rows_in(file: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return where each stands among those of the same file."""
    row = np.zeros(len(file), dtype=np.int32)
    for one in np.unique(file).tolist():
        those = np.flatnonzero(file == one)
        row[those] = np.arange(len(those))
    return row


def _places(entry: MenteeEntry | MentorEntry) -> int:
    return entry.places_left if isinstance(entry, MenteeEntry) else entry.capacity_left


def _held(entry: MenteeEntry | MentorEntry) -> int:
    return entry.places_held if isinstance(entry, MenteeEntry) else 0


def reasons_of(bits: int) -> tuple[Reason, ...]:
    """Return the reasons of `Light.reasons`."""
    return tuple(reason for n, reason in enumerate(_REASONS) if bits >> n & 1)


def lights_joined(parts: Sequence[Light]) -> Light:
    """Return people of several files as one, each list once; `in_file` and `row` stay as in their segment."""
    columns: dict[str, list[NDArray[Any]]] = {name: [getattr(one, name) for one in parts] for name in _ARRAYS}
    lists: dict[str, Any] = {}
    for name, of in (("cells", "cell"), ("groups", "group"), ("zones", "zone")):
        known: dict[Any, int] = {}
        for n, one in enumerate(parts):
            place = [known.setdefault(item, len(known)) for item in getattr(one, name)]
            columns[of][n] = np.asarray(place or [0], dtype=np.int32)[getattr(one, of)]
        lists[name] = tuple(known)
    arrays: dict[str, Any] = {name: np.concatenate(found) for name, found in columns.items()}
    return Light(**arrays, **lists)


def digest_of(lights: Sequence[bytes]) -> str:
    """Return the SHA-256 in hexadecimal of files' digests, in their order."""
    whole = hashlib.sha256()
    for one in lights:
        whole.update(one)
    return whole.hexdigest()
