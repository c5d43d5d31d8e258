"""The packaged word vectors: what a word is like, for words that the glossary does not know.

`data/words.npz` is made by `tools/build_goal_words.py` from multilingual-e5-small (MIT). Vectors are kept as product
codes (Jégou et al. 2011, "Product quantization for nearest neighbor search", IEEE TPAMI 33(1)): 32 bytes a word.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.engine.glossary import DATA

_SHORTEST_BEGINNING: Final = 5
_LEAST_SHARE: Final = 0.7  # of the word that a known beginning of it must cover


def key(word: str) -> int:
    """Return the number that a word is kept under."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "little")


def of_concept(name: str) -> str:
    """Return the name that the vector of a concept of the glossary is kept under; no word looks like it."""
    return f"[{name}]"


class WordVectors:
    """Whole-number vectors of words.

    Parameters
    ----------
    keys
        uint32[W], ascending.
    codes
        uint8[W, P]: for each of P parts of the vector, which entry of its book.
    rarity
        uint8[W]: how rare the word is in writing at large, 0 (everywhere) to 255.
    books
        int8[P, 256, S]: the entries of each part.
    """

    def __init__(
        self,
        keys: NDArray[np.uint32],
        codes: NDArray[np.uint8],
        rarity: NDArray[np.uint8],
        books: NDArray[np.int8],
    ) -> None:
        self._keys, self._codes, self._rarity, self._books = keys, codes, rarity, books
        self.dimensions = books.shape[0] * books.shape[2]

    def row(self, word: str) -> int | None:
        """Return where the word's vector is, or that of a known beginning of it that is nearly all of it."""
        for size in range(len(word), max(_SHORTEST_BEGINNING, int(_LEAST_SHARE * len(word))) - 1, -1):
            found = self.exact(word[:size])
            if found is not None:
                return found
        return self.exact(word)

    def exact(self, word: str) -> int | None:
        """Return where the vector of this very word is, or None."""
        wanted = key(word)
        at = int(np.searchsorted(self._keys, np.uint32(wanted)))
        return at if at < len(self._keys) and int(self._keys[at]) == wanted else None

    def rarity(self, row: int) -> int:
        """Return 0 (everywhere) to 255 (rare)."""
        return int(self._rarity[row])

    def vectors(self, rows: NDArray[np.intp]) -> NDArray[np.int8]:
        """Return int8[rows, dimensions], each vector about 127 long."""
        parts = np.arange(len(self._books))
        return np.asarray(self._books[parts, self._codes[rows]].reshape(len(rows), self.dimensions))


@cache
def packaged() -> WordVectors:
    """Return the packaged vectors, read once a process."""
    with np.load(DATA / "words.npz", allow_pickle=False) as kept:
        return WordVectors(kept["keys"], kept["codes"], kept["rarity"], kept["books"])
