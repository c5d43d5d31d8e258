"""How a pool is cut: people of each side in chunks, and which chunks have pairs at all, by the hard rules alone.

People of one zone, one set of languages and like channels stand together. A block is a chunk of mentees with one of
mentors that have a language and a channel in common, and enough quarters of an hour of the first week in which anybody
of either is free. Every admissible pair has these three, so none is outside of all blocks; what the block itself scores
are those who pass every rule.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.model import MatchSettings, Rule
from chalicelib.matching.parts.light import Light
from chalicelib.people.model import SLOT_MINUTES

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Sizes:
    """How many people a chunk has, about: enough that encoding them costs less than their pairs, and few enough that a
    block is done in a minute and small pools have several."""

    mentees: int
    mentors: int

    @classmethod
    def of(cls, mentees: int, mentors: int) -> Sizes:
        """Return the sizes for so many open people. Ours."""
        return cls(min(8_000, max(250, mentees // 16)), min(16_000, max(250, mentors // 8)))


@dataclass(frozen=True)
class Chunk:
    """Some open people of one side.

    Attributes
    ----------
    people
        Where they stand in the order of the run, ascending.
    languages, channels
        What any of them can talk in, and a bit for each channel that any offers.
    free
        uint64[11]: when any of them is free in the first week.
    """

    people: Rows
    languages: frozenset[str]
    channels: int
    free: NDArray[np.uint64]


def chunks_of(light: Light, size: int) -> list[Chunk]:
    """Cut open people into chunks.

    Parameters
    ----------
    light
        Of who is open, in the order of the run.
    size
        People of a chunk at most. One ends before it where others begin that speak other languages and it is half full.
    """
    cells = light.cells
    order_of_cell = np.empty(len(cells), dtype=np.intp)
    order_of_cell[sorted(range(len(cells)), key=lambda n: cells[n])] = np.arange(len(cells))
    order = np.argsort(order_of_cell[light.cell], kind="stable") if len(light) else np.empty(0, dtype=np.intp)
    talks: dict[tuple[str, ...], int] = {}
    language = np.asarray([talks.setdefault(one.languages, len(talks)) for one in cells], dtype=np.intp)
    found = []
    first = 0
    while first < len(order):
        last = min(first + size, len(order))
        if last < len(order):
            spoken = language[light.cell[order[first + size // 2 : last + 1]]]
            changes = np.flatnonzero(np.diff(spoken))
            if changes.size:
                last = first + size // 2 + int(changes[-1]) + 1
        found.append(_chunk(light, np.sort(order[first:last])))
        first = last
    return found


def _chunk(light: Light, people: Rows) -> Chunk:
    kinds = [light.cells[n] for n in np.unique(light.cell[people]).tolist()]
    channels = 0
    for one in kinds:
        channels |= one.channels
    return Chunk(
        people,
        frozenset(name for one in kinds for name in one.languages),
        channels,
        np.bitwise_or.reduce(light.free[people], axis=0),
    )


def may_have_pairs(mentees: Chunk, mentors: Chunk, settings: MatchSettings) -> bool:
    """Tell whether a pair of these may pass the hard rules that are on."""
    off = settings.rules_off
    if Rule.LANGUAGE not in off and mentees.languages.isdisjoint(mentors.languages):
        return False
    if Rule.CHANNEL not in off and not mentees.channels & mentors.channels:
        return False
    common = int(np.bitwise_count(mentees.free & mentors.free).sum())
    return Rule.TIME in off or common * SLOT_MINUTES >= settings.min_overlap_minutes


def blocks_of(mentees: list[Chunk], mentors: list[Chunk], settings: MatchSettings) -> list[tuple[int, int]]:
    """Return which chunk of mentees is to be looked at with which of mentors."""
    return [
        (i, j)
        for i, some in enumerate(mentees)
        for j, others in enumerate(mentors)
        if may_have_pairs(some, others, settings)
    ]
