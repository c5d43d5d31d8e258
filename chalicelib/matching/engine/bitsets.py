"""Who has which of some names, as bit sets: looked at by word, and once for people who are alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]
Sets = NDArray[np.uint64]


def index_of(names: Iterable[str]) -> dict[str, int]:
    """Number distinct names in their sorted order."""
    return {name: n for n, name in enumerate(sorted(set(names)))}


def bit_sets(members: Sequence[Iterable[str]], index: dict[str, int]) -> Sets:
    """Return uint64[people, words]: who has which of the indexed names; other names are left out."""
    words = max(1, -(-len(index) // 64))
    sets = np.zeros((len(members), words), dtype=np.uint64)
    for person, names in enumerate(members):
        for name in names:
            n = index.get(name)
            if n is not None:
                sets[person, n >> 6] |= np.uint64(1 << (n & 63))
    return sets


def meets(left: Sets, right: Sets) -> Mask:
    """Return bool[B, M]: whose bit sets have something in common."""
    met = np.zeros((len(left), len(right)), dtype=np.bool_)
    for word in range(left.shape[1]):
        met |= (left[:, word, None] & right[:, word]) != 0
    return met


@dataclass(frozen=True)
class Kinds:
    """People by what they have alike, so that many who are alike are looked at once.

    Attributes
    ----------
    sets
        uint64[K, words]: the distinct bit sets.
    of
        intp[people]: which of them each has.
    """

    sets: Sets
    of: Rows

    @classmethod
    def alike(cls, sets: Sets) -> Kinds:
        found, of = np.unique(sets, axis=0, return_inverse=True)
        return cls(found, of.reshape(-1))

    def among(self, people: Rows | None = None) -> tuple[Sets, Rows]:
        """Return the sets of some people (by default all), each once, and which of them each has."""
        if people is None:
            return self.sets, self.of
        kinds, of = np.unique(self.of[people], return_inverse=True)
        return self.sets[kinds], of
