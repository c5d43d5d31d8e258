"""The packaged glossary: what a text speaks of, whatever language it is written in.

`data/glossary.txt` names concepts of health work with the words for them in many languages, and `data/common.txt` the
words that tell nothing of a topic. Both are our own. A word is found by its whole form, by its beginning (forms
that end in ``*``), or as part of a phrase; the longest phrase counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from chalicelib.matching.engine.words import is_unspaced, parted, variants, words

DATA: Final = Path(__file__).parent.parent / "data"

_CONCEPT: Final = re.compile(r"(?P<name>[a-z0-9 ]+?) *\[(?P<fields>[a-z ]*)\](?P<common>~?): (?P<forms>.+)")
_SHORTEST_BEGINNING: Final = 3
_MOST_SKIPPED: Final = 2  # function words between two words of a phrase

_Part = tuple[str, bool]  # a word of a form, and whether a longer one may begin with it


@dataclass(frozen=True)
class Concept:
    """One concept; its fields are the areas it belongs to, the first before the others."""

    name: str
    fields: tuple[str, ...]
    common: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """A word or phrase of a text; `concepts` are indices into `Glossary.concepts`, none for an unknown word."""

    words: tuple[str, ...]
    concepts: tuple[int, ...]
    telling: bool


class Glossary:
    """The concepts, and which of them a text names.

    Parameters
    ----------
    lines
        Concepts, one a line: ``name [fields]: form, form``; a ``~`` after the bracket marks one that many texts name.
    common
        Words by kind: ``name: word, word``; of the kind "function" are those that may stand inside a phrase.
    """

    def __init__(self, lines: Sequence[str], common: Mapping[str, Sequence[str]]) -> None:
        self.function = frozenset(word for one in common["function"] for word in words(one))
        self._untelling = self.function.union(
            word for kind in common.values() for one in kind for word in words(one)
        )
        self.concepts: list[Concept] = []
        self._whole: dict[str, list[int]] = {}
        self._begin: dict[str, list[int]] = {}
        self._phrases: dict[_Part, list[tuple[tuple[_Part, ...], int]]] = {}
        for line in lines:
            self._add(line)
        self._known: dict[str, tuple[int, ...]] = {}

    def _add(self, line: str) -> None:
        found = _CONCEPT.fullmatch(line)
        if not found:
            raise ValueError(f"not a concept: {line[:60]!r}")
        index = len(self.concepts)
        self.concepts.append(Concept(found["name"], tuple(found["fields"].split()), bool(found["common"])))
        for form in found["forms"].split(", "):
            parts = list(self._parts(form))
            telling = [one for one in parts if one[0] not in self.function]
            if len(telling) == 1 < len(parts):
                telling = parts
            match telling:
                case []:
                    raise ValueError(f"a form without letters: {form!r} of {found['name']!r}")
                case [(word, begins)]:
                    (self._begin if begins else self._whole).setdefault(word, []).append(index)
                case [head, *_]:
                    self._phrases.setdefault(head, []).append((tuple(telling), index))

    @staticmethod
    def _parts(form: str) -> Iterator[_Part]:
        for one in form.split():
            pieces = words(one)
            for n, word in enumerate(pieces):
                yield word, one.endswith("*") and n == len(pieces) - 1 and not is_unspaced(word)

    def units(self, text: str) -> list[Unit]:
        """Take a text apart into words and known phrases; function words are left out."""
        found: list[str] = []
        for word in words(text):
            found.extend(parted(word, self._is_known) if is_unspaced(word) else (word,))
        units = []
        at = 0
        while at < len(found):
            end, concepts = self._phrase(found, at)
            if not concepts:
                if found[at] in self.function:
                    at += 1
                    continue
                end, concepts = at + 1, self._single(found[at])
            these = tuple(found[at:end])
            telling = bool(concepts) or not self._says_nothing(these[0])
            units.append(Unit(these, concepts, telling))
            at = end
        return units

    def _is_known(self, word: str) -> bool:
        return word in self._whole or word in self._untelling

    def _says_nothing(self, word: str) -> bool:
        return any(one in self._untelling for one in variants(word))

    def _single(self, word: str) -> tuple[int, ...]:
        concepts = self._known.get(word)
        if concepts is None:
            concepts = self._known[word] = tuple(dict.fromkeys(self._looked_up(word)))
        return concepts

    def _looked_up(self, word: str) -> Sequence[int]:
        if word in self._untelling:
            return ()
        for one in variants(word):
            if one in self._whole:
                return self._whole[one]
            if one == word or not one.isascii():
                for size in range(len(one), _SHORTEST_BEGINNING - 1, -1):
                    if one[:size] in self._begin:
                        return self._begin[one[:size]]
        return ()

    def _phrase(self, found: Sequence[str], at: int) -> tuple[int, tuple[int, ...]]:
        """Return where the longest phrase that begins here ends, and its concepts (none: no phrase)."""
        best = at
        concepts: list[int] = []
        for head in self._heads(found[at]):
            for parts, concept in self._phrases[head]:
                end = self._end_of(parts, found, at)
                if end > best:
                    best, concepts = end, [concept]
                elif end == best > at:
                    concepts.append(concept)
        return best, tuple(dict.fromkeys(concepts))

    def _heads(self, word: str) -> Iterator[_Part]:
        for one in variants(word):
            if (one, False) in self._phrases:
                yield one, False
            for size in range(_SHORTEST_BEGINNING, len(one) + 1):
                if (one[:size], True) in self._phrases:
                    yield one[:size], True

    def _end_of(self, parts: Sequence[_Part], found: Sequence[str], at: int) -> int:
        for n, part in enumerate(parts):
            if n:
                skipped = 0
                while skipped < _MOST_SKIPPED and at < len(found) and not _fits(part, found[at]):
                    if found[at] not in self.function:
                        return 0
                    skipped += 1
                    at += 1
            if at >= len(found) or not _fits(part, found[at]):
                return 0
            at += 1
        return at


def _fits(part: _Part, word: str) -> bool:
    wanted, begins = part
    return any(one.startswith(wanted) if begins else one == wanted for one in variants(word))


def read(concepts: str, common: str) -> Glossary:
    """Read the two files' texts; lines that begin with # say something to the reader.

    Raises `ValueError` for a line of another form.
    """
    kinds: dict[str, list[str]] = {}
    for line in _lines(common):
        kind, colon, listed = line.partition(": ")
        if not colon:
            raise ValueError(f"not a list of words: {line[:60]!r}")
        kinds.setdefault(kind.split()[0], []).extend(listed.split())
    return Glossary(list(_lines(concepts)), kinds)


def _lines(text: str) -> Iterator[str]:
    return (line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def packaged() -> Glossary:
    """Return the packaged glossary, read once a process."""
    return read(
        (DATA / "glossary.txt").read_text(encoding="utf-8"), (DATA / "common.txt").read_text(encoding="utf-8")
    )
