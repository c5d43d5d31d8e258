"""How alike two free texts are, in whole numbers: the port, and the encoder that runs offline.

A text becomes one vector of three blocks, each of a fixed share of its square length:

- **concepts** of the packaged glossary that the text names in any language, and the fields they belong to;
- **senses**: the sum of packaged vectors of its concepts, and of words that the glossary does not know;
- **letters**: words and parts of words, for what neither knows: names, abbreviations, further languages.

A concept weighs (1 + ln tf) · ln((N + K) / (df + K · p)): logarithmic term frequency and inverse document frequency
(Spärck Jones 1972; Salton and Buckley 1988, Information Processing & Management 24(5)) over the N texts of the pool
and K imagined ones, a share p of which name it; so a pool of two tells the same as one of thousands. Parts of words
weigh likewise and are folded into signed dimensions (Weinberger et al. 2009, "Feature hashing for large scale
multitask learning"). All pairs of texts are then one matrix product.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.engine import glossary, vectors
from chalicelib.matching.engine.glossary import Glossary, Unit
from chalicelib.matching.engine.vectors import WordVectors
from chalicelib.matching.engine.words import features

# A vector's length in whole numbers. Every sum of products of two of them stays within 2**24 whatever its order
# (Cauchy and Schwarz), which float32 holds exactly: the product is the same on any machine and in any blocks.
LENGTH: Final = 4096
COSINE_ONE: Final = LENGTH * LENGTH

# Shares of a vector's square length, hundredths; what a text has nothing of goes to the others.
CONCEPT_SHARE: Final = 65
SENSE_SHARE: Final = 25
LETTER_SHARE: Final = 10

_CONCEPT_DIMENSIONS: Final = 512
_LETTER_DIMENSIONS: Final = 128

# A concept itself, its first field and each further one, in fifths.
_OWN: Final = 5
_FIRST_FIELD: Final = 5
_FURTHER_FIELD: Final = 3

_IMAGINED: Final = 1000  # texts, K
_USUAL: Final = 20  # of them name a concept,
_COMMON: Final = 100  # a common one,
_SELDOM: Final = 5  # have a part of a word

_FULL_WEIGHT: Final = 255  # of a word's vector, as rarity is kept
_UNTELLING: Final = 10  # words that tell nothing of a topic count a tenth
# Logarithms are kept in steps, so that their last bit decides nothing and the squares of a text's sums stay whole.
_RARITY_STEPS: Final = 256
_TIMES_STEPS: Final = 16
_CHUNK: Final = 512  # texts at a time

Numbers = NDArray[np.float64]  # whole numbers below 2**53: sums of them are exact in any order


@dataclass(frozen=True)
class Frequencies:
    """In how many texts of a pool stands what; those of its parts add up to those of the whole.

    Attributes
    ----------
    texts
        How many there are.
    concepts
        int64[C]: of each concept of the glossary, the texts that name it.
    parts, having
        uint64[P], ascending, and int64[P]: numbers of parts of words, and the texts that have one; a text with it in
        two words counts twice.
    untelling
        Words that tell nothing of a topic and stand somewhere by themselves.
    """

    texts: int
    concepts: NDArray[np.int64]
    parts: NDArray[np.uint64]
    having: NDArray[np.int64]
    untelling: frozenset[str]

    def __add__(self, other: Frequencies) -> Frequencies:
        parts, place = np.unique(np.concatenate([self.parts, other.parts]), return_inverse=True)
        having = np.bincount(place, weights=np.concatenate([self.having, other.having]), minlength=len(parts))
        return Frequencies(
            self.texts + other.texts, self.concepts + other.concepts, parts, having.astype(np.int64),
            self.untelling | other.untelling,
        )  # fmt: skip

    def of_parts(self, numbers: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return how many texts have each of some parts; all of them are parts of the pool."""
        return self.having[np.searchsorted(self.parts, numbers)]


class TextEncoder(Protocol):
    """Turns texts into vectors whose products tell how alike they are."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.int16]:
        """Return int16[texts, any]: vectors at most `LENGTH` long, all zero for a text that says nothing."""
        ...


@dataclass(frozen=True, slots=True)
class _Block:
    """Texts as weighted sums of rows: text n has those of `start[n]` to `start[n + 1]`."""

    share: int
    start: NDArray[np.intp]
    row: NDArray[np.intp]
    weight: Numbers
    table: Numbers

    def sums(self, first: int, last: int) -> Numbers:
        """Return float64[last - first, dimensions] of whole numbers."""
        found = np.zeros((last - first, self.table.shape[1]))
        for n in range(first, last):
            some = slice(self.start[n], self.start[n + 1])
            found[n - first] = self.weight[some] @ self.table[self.row[some]]
        return found


class OfflineEncoder:
    """The default: glossary, word vectors and letters, all packaged; the same bytes on any machine.

    What is rare is so among the texts of a pool: those that are given, so that both sides are encoded together, or
    where a pool is encoded in parts, those whose `frequencies` were added up.
    """

    def __init__(self, concepts: Glossary, words: WordVectors) -> None:
        self._glossary, self._words = concepts, words
        fields = sorted({field for one in concepts.concepts for field in one.fields})
        if len(concepts.concepts) + len(fields) > _CONCEPT_DIMENSIONS:
            raise ValueError("more concepts and fields than dimensions")
        at = {field: len(concepts.concepts) + n for n, field in enumerate(fields)}
        self._concepts = np.zeros((len(concepts.concepts), _CONCEPT_DIMENSIONS))
        for n, one in enumerate(concepts.concepts):
            self._concepts[n, n] = _OWN
            for further, field in enumerate(one.fields):
                self._concepts[n, at[field]] = _FURTHER_FIELD if further else _FIRST_FIELD
        self._usual = np.array([_COMMON if one.common else _USUAL for one in concepts.concepts])
        self._senses = [words.exact(vectors.of_concept(one.name)) for one in concepts.concepts]

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return _CONCEPT_DIMENSIONS + self._words.dimensions + _LETTER_DIMENSIONS

    def frequencies(self, texts: Sequence[str]) -> Frequencies:
        """Return what stands in how many of some texts."""
        units = [self._glossary.units(one) for one in texts]
        return self._frequencies(_Concepts.of(units), _Words.of(units), len(texts))

    def _frequencies(self, concepts: _Concepts, words: _Words, texts: int) -> Frequencies:
        return Frequencies(
            texts,
            np.bincount(concepts.row, minlength=len(self._usual)).astype(np.int64),
            words.parts,
            words.having(),
            words.untelling,
        )

    def encode(self, texts: Sequence[str], among: Frequencies | None = None) -> NDArray[np.int16]:
        """Return int16[texts, dimensions]: vectors at most `LENGTH` long, all zero for a text that says nothing.

        Parameters
        ----------
        among
            Frequencies of the pool that these are some texts of; by default they are the whole of it.
        """
        units = [self._glossary.units(one) for one in texts]
        concepts, words = _Concepts.of(units), _Words.of(units)
        pool = among or self._frequencies(concepts, words, len(texts))
        blocks = [self._concept_block(concepts, pool), self._sense_block(units), _letter_block(words, pool)]
        encoded = np.zeros((len(texts), self.dimensions), dtype=np.int16)
        for first in range(0, len(texts), _CHUNK):
            last = min(first + _CHUNK, len(texts))
            encoded[first:last] = _joined([(one.share, one.sums(first, last)) for one in blocks])
        return encoded

    def _concept_block(self, named: _Concepts, pool: Frequencies) -> _Block:
        table = self._concepts * _rarity(pool.texts, pool.concepts, self._usual)[:, None]
        return _Block(CONCEPT_SHARE, named.start, named.row, _times(named.times), table)

    def _sense_block(self, units: Sequence[Sequence[Unit]]) -> _Block:
        known: dict[str, int | None] = {}

        def weighted(unit: Unit) -> Iterable[tuple[int, int]]:
            if unit.concepts:
                senses = [at for concept in unit.concepts if (at := self._senses[concept]) is not None]
                return [(at, _FULL_WEIGHT // len(senses)) for at in senses]
            (word,) = unit.words
            if word not in known:
                known[word] = self._words.row(word)
            at = known[word]
            if at is None:
                return ()
            rarity = self._words.rarity(at)
            return [(at, rarity if unit.telling else rarity // _UNTELLING)]

        start, row, weight = _ragged([pair for unit in one for pair in weighted(unit)] for one in units)
        used, row = np.unique(row, return_inverse=True)
        table = self._words.vectors(used).astype(np.float64)
        return _Block(SENSE_SHARE, start, row, weight, table)


@dataclass(frozen=True, slots=True)
class _Concepts:
    """Which concepts texts name, and how often: text n those of `start[n]` to `start[n + 1]`."""

    start: NDArray[np.intp]
    row: NDArray[np.intp]
    times: Numbers

    @classmethod
    def of(cls, units: Sequence[Sequence[Unit]]) -> _Concepts:
        counts = [Counter(concept for unit in one for concept in unit.concepts) for one in units]
        return cls(*_ragged(one.items() for one in counts))


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of texts, and the parts of each.

    Attributes
    ----------
    start, row, times
        As of `_Concepts`, over the distinct words.
    words
        The distinct words; `untelling` are those of them that tell nothing and stand somewhere by themselves.
    parts
        uint64[P], ascending: numbers of the distinct parts.
    owner, part
        Of each part of each word: the word, and which of `parts` it is.
    """

    start: NDArray[np.intp]
    row: NDArray[np.intp]
    times: Numbers
    words: tuple[str, ...]
    untelling: frozenset[str]
    parts: NDArray[np.uint64]
    owner: NDArray[np.intp]
    part: NDArray[np.intp]

    @classmethod
    def of(cls, units: Sequence[Sequence[Unit]]) -> _Words:
        counts = [Counter(word for unit in one for word in unit.words) for one in units]
        index = {word: n for n, word in enumerate(dict.fromkeys(word for one in counts for word in one))}
        start, row, times = _ragged(((index[word], n) for word, n in one.items()) for one in counts)
        untelling = frozenset(
            word for one in units for unit in one if not unit.telling for word in unit.words
        )
        part_start, part, _ = _ragged(((_number(one), 1) for one in features(word)) for word in index)
        parts, part = np.unique(part.astype(np.uint64), return_inverse=True)
        owner = np.repeat(np.arange(len(index)), np.diff(part_start))
        return cls(start, row, times, tuple(index), untelling, parts, owner, part)

    def having(self) -> NDArray[np.int64]:
        """Return int64[P]: how many texts have each part; one that has it in two words counts twice."""
        texts = np.bincount(self.row, minlength=len(self.words))
        return np.bincount(self.part, weights=texts[self.owner], minlength=len(self.parts)).astype(np.int64)


def _letter_block(words: _Words, pool: Frequencies) -> _Block:
    frequency = np.minimum(pool.of_parts(words.parts), pool.texts)
    weight = _rarity(pool.texts, frequency, np.full(len(words.parts), _SELDOM))
    weight *= np.where(words.parts >> np.uint64(32), -1, 1)
    dimension = (words.parts % np.uint64(_LETTER_DIMENSIONS)).astype(np.intp)
    table = np.bincount(
        words.owner * _LETTER_DIMENSIONS + dimension[words.part],
        weights=weight[words.part],
        minlength=len(words.words) * _LETTER_DIMENSIONS,
    ).reshape(len(words.words), _LETTER_DIMENSIONS)
    telling = np.array([1.0 if word in pool.untelling else _UNTELLING for word in words.words])
    return _Block(LETTER_SHARE, words.start, words.row, _times(words.times), table * telling.reshape(-1, 1))


def _number(part: str) -> int:
    """Return 33 bits of a part's hash: 32 that choose its dimension, and one its sign."""
    return int.from_bytes(hashlib.blake2b(part.encode(), digest_size=8).digest(), "little") >> 31


def _ragged(
    lists: Iterable[Iterable[tuple[int, int]]],
) -> tuple[NDArray[np.intp], NDArray[np.intp], Numbers]:
    """Return where each list of (row, weight) starts, one entry more than lists, and all of them end to end."""
    kept = [list(one) for one in lists]
    start = np.zeros(len(kept) + 1, dtype=np.intp)
    np.cumsum([len(one) for one in kept], out=start[1:])
    rows = np.array([row for one in kept for row, _ in one], dtype=np.intp)
    return start, rows, np.array([weight for one in kept for _, weight in one], dtype=np.float64)


def _rarity(
    texts: int, frequency: NDArray[np.float64] | NDArray[np.intp], usual: NDArray[np.intp]
) -> Numbers:
    return np.asarray(np.rint(np.log((texts + _IMAGINED) / (frequency + usual)) * _RARITY_STEPS))


def _times(counted: Numbers) -> Numbers:
    return np.asarray(np.rint((1 + np.log(counted)) * _TIMES_STEPS))


def _joined(blocks: Sequence[tuple[int, Numbers]]) -> NDArray[np.int16]:
    """Return the blocks side by side, each with its share of a square length among those that are not zero."""
    squares = [np.square(rows).sum(axis=1, keepdims=True) for _, rows in blocks]
    present = np.asarray(
        sum(share * (square > 0) for (share, _), square in zip(blocks, squares, strict=True))
    )
    parts = []
    for (share, rows), square in zip(blocks, squares, strict=True):
        wanted = np.sqrt(share * COSINE_ONE / np.maximum(present, 1)) / np.sqrt(np.maximum(square, 1))
        # Cut towards zero, so that rounding never makes a vector longer than LENGTH.
        parts.append(np.trunc(rows * wanted).astype(np.int16))
    return np.hstack(parts)


def whole_numbers(rows: NDArray[np.floating]) -> NDArray[np.int16]:
    """Bring the vectors of another encoder to the form of the port: each `LENGTH` long, cut to whole numbers."""
    square = np.square(rows, dtype=np.float64).sum(axis=1, keepdims=True)
    length = np.sqrt(np.where(square > 0, square, 1))
    return np.asarray(np.trunc(rows * ((LENGTH - 1) / length)), dtype=np.int16)


@cache
def packaged() -> OfflineEncoder:
    """Return the encoder with the packaged glossary and vectors, made once a process."""
    return OfflineEncoder(glossary.packaged(), vectors.packaged())


def encode(texts: Sequence[str]) -> NDArray[np.int16]:
    """Encode by the default encoder."""
    return packaged().encode(texts)
