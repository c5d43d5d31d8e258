"""How alike two free texts are: TF-IDF cosine over words and parts of words, exact in whole numbers.

Words that begin or end alike in two languages (cardiology, cardiologie, cardiología) share parts, so texts of
related languages meet without a dictionary; unrelated ones (French and Arabic) do not, and score nothing.

Term weights are (1 + ln tf) · (1 + ln((1 + N) / (1 + df))): logarithmic term frequency and smoothed inverse
document frequency (Spärck Jones 1972; Salton and Buckley 1988, Information Processing & Management 24(5)).
Features are folded into 2,048 signed dimensions (Weinberger et al. 2009, "Feature hashing for large scale
multitask learning"), which keeps the product of two texts unbiased and makes all pairs one matrix product.
"""

from __future__ import annotations

import hashlib
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 2048

# A vector's length in whole numbers. Every sum of products of two of them stays within 2**24 whatever its order
# (Cauchy and Schwarz), which float32 holds exactly: the product is the same on any machine and in any blocks.
LENGTH = 4096
COSINE_ONE = LENGTH * LENGTH

_PART = 4  # letters in a part of a word
_WEIGHT_STEPS = 256  # weights are kept to 1/256, so that the last bit of a logarithm decides nothing
_UNSPACED = re.compile(
    "["
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Myanmar
    "\u1780-\u17ff"  # Khmer
    "\u3040-\u30ff"  # Hiragana, Katakana
    "\u3400-\u9fff\uf900-\ufaff"  # Han
    "\U00020000-\U0003ffff"  # Han, further planes
    "]"
)


class _Letters(dict[int, str | None]):
    """For `str.translate`: keeps letters and their marks, drops accents, makes the rest blanks."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        kept: str | None = character if unicodedata.category(character)[0] in "LM" else " "
        if 0x300 <= code <= 0x36F:  # combining accents of Latin, Greek and Cyrillic
            kept = None
        self[code] = kept
        return kept


def words(text: str) -> list[str]:
    """Split a text into words: letters alone, lower case, without accents.

    Examples
    --------
    >>> words("Santé publique: l’épidémiologie, 2 ans!")
    ['sante', 'publique', 'l', 'epidemiologie', 'ans']
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", decomposed.translate(_LETTERS)).split()


_LETTERS = _Letters()


def features(word: str) -> Iterator[str]:
    """Yield what a word is compared by.

    Examples
    --------
    >>> list(features("nurse"))
    ['nurse', '^nur', 'nurs', 'urse', 'rse$']
    >>> list(features("護理學"))
    ['護理', '理學']
    """
    if _UNSPACED.search(word):
        if len(word) == 1:
            yield word
        yield from (word[n : n + 2] for n in range(len(word) - 1))
        return
    yield word
    if len(word) >= _PART:
        framed = f"^{word}$"
        yield from (framed[n : n + _PART] for n in range(len(framed) - _PART + 1))


def encode(texts: Sequence[str]) -> NDArray[np.int16]:
    """Return int16[texts, 2048]: whole-number vectors of length at most `LENGTH`, all zero for an empty text.

    Document frequencies are those of the given texts, so both sides of a pool are encoded together.
    """
    hashed: dict[str, NDArray[np.uint64]] = {}
    found: list[NDArray[np.uint64]] = []
    counts: list[NDArray[np.int64]] = []
    for text in texts:
        parts = [_hashes(word, hashed) for word in words(text)]
        ids, times = np.unique(
            np.concatenate(parts) if parts else np.empty(0, dtype=np.uint64), return_counts=True
        )
        found.append(ids)
        counts.append(times)
    vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.int16)
    if not any(len(ids) for ids in found):
        return vectors
    known, frequency = np.unique(np.concatenate(found), return_counts=True)
    rarity = 1 + np.log((1 + len(texts)) / (1 + frequency))
    dimension = (known % np.uint64(DIMENSIONS)).astype(np.intp)
    sign = np.where(known >> np.uint64(63), -1, 1)
    for n, (ids, times) in enumerate(zip(found, counts, strict=True)):
        at = np.searchsorted(known, ids)
        weight = np.rint((1 + np.log(times)) * rarity[at] * _WEIGHT_STEPS) * sign[at]
        vector = np.bincount(dimension[at], weights=weight, minlength=DIMENSIONS)
        length = np.sqrt(np.square(vector).sum())
        if length:
            # Cut towards zero, so that rounding never makes a vector longer than LENGTH.
            vectors[n] = np.trunc(vector * (LENGTH / length))
    return vectors


def _hashes(word: str, known: dict[str, NDArray[np.uint64]]) -> NDArray[np.uint64]:
    hashes = known.get(word)
    if hashes is None:
        digests = (hashlib.blake2b(part.encode(), digest_size=8).digest() for part in features(word))
        hashes = np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)
        known[sys.intern(word)] = hashes
    return hashes
