"""Texts taken apart: words without accents, the forms a word may be known under, and its parts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

_PART: Final = 4  # letters in a part of a word
_LONGEST_UNSPACED: Final = 6  # signs in a word of a script without spaces
_UNSPACED: Final = re.compile(
    "["
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Myanmar
    "\u1780-\u17ff"  # Khmer
    "\u3040-\u30ff"  # Hiragana, Katakana
    "\u3400-\u9fff\uf900-\ufaff"  # Han
    "\U00020000-\U0003ffff"  # Han, further planes
    "]"
)
_ARABIC: Final = re.compile("[\u0620-\u064a]")
# Spellings of one letter that writers of Arabic use side by side.
_ARABIC_LETTERS: Final = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ة": "ه", "ى": "ي", "ؤ": "و", "ئ": "ي"}
_ARABIC_HEADS: Final = (
    *("وال", "بال", "كال", "فال", "ولل", "ال", "لل", "وب", "ول", "و", "ف", "ب", "ك", "ل"),
)
_ARABIC_TAILS: Final = ("ها", "هم", "هن", "نا", "كم", "ات", "ين", "ون", "ي", "ه", "ك")
# What stands before the root of a Swahili verb: person, tense, object.
_SWAHILI_HEADS: Final = frozenset(
    {"ni", "u", "a", "tu", "m", "wa", "i", "zi", "vi", "ki", "ku", "ya", "na", "me", "li", "ta", "hu", "ji"}
)
_SWAHILI_ROOT: Final = 5  # letters that have to be left
_ARABIC_ROOT: Final = 3


class _Letters(dict[int, str | None]):
    """For `str.translate`: keeps letters and their marks, drops accents, makes the rest blanks."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        kept: str | None = character if unicodedata.category(character)[0] in "LM" else " "
        # Combining accents of Latin, Greek and Cyrillic; vowel signs of Arabic, and its lengthening.
        if 0x300 <= code <= 0x36F or 0x64B <= code <= 0x655 or code in (0x640, 0x670):
            kept = None
        self[code] = kept
        return kept


_LETTERS: Final = _Letters()
_FOLDED: Final = str.maketrans(_ARABIC_LETTERS)


def words(text: str) -> list[str]:
    """Split a text into words: letters alone, lower case, without accents.

    Examples
    --------
    >>> words("Santé publique: l’épidémiologie, 2 ans!")
    ['sante', 'publique', 'l', 'epidemiologie', 'ans']
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", decomposed.translate(_LETTERS)).translate(_FOLDED).split()


def is_unspaced(word: str) -> bool:
    """Return whether the word is of a script that puts no blanks between words."""
    return _UNSPACED.search(word) is not None


def parted(word: str, known: Callable[[str], bool]) -> Iterator[str]:
    """Cut a run of an unspaced script into the longest known words, left to right, and single signs.

    Examples
    --------
    >>> list(parted("心脏病学研究", {"心脏", "研究"}.__contains__))
    ['心脏', '病', '学', '研究']
    """
    at = 0
    while at < len(word):
        size = next((n for n in range(_LONGEST_UNSPACED, 1, -1) if known(word[at : at + n])), 1)
        yield word[at : at + size]
        at += size


@lru_cache(maxsize=65_536)
def variants(word: str) -> tuple[str, ...]:
    """Return the word, then what it may be without what Arabic and Swahili write together with it.

    Examples
    --------
    >>> "ادويه" in variants("والأدوية".replace("أ", "ا").replace("ة", "ه"))
    True
    >>> "fundisha" in variants("ninafundisha")
    True
    """
    if _ARABIC.search(word):
        return tuple(dict.fromkeys(_arabic(word)))
    if word.isascii():
        return word, *sorted(_swahili(word), key=lambda one: (-len(one), one))
    return (word,)


def _arabic(word: str) -> Iterator[str]:
    bare = [word]
    bare += [
        word[len(head) :]
        for head in _ARABIC_HEADS
        if word.startswith(head) and len(word) - len(head) >= _ARABIC_ROOT
    ]
    yield from bare
    for one in bare:
        for tail in _ARABIC_TAILS:
            if one.endswith(tail) and len(one) - len(tail) >= _ARABIC_ROOT:
                stem = one[: -len(tail)]
                yield stem
                # The feminine ending is written ه at the end of a word and ت before a further one.
                yield f"{stem}ه" if tail == "ات" else f"{stem[:-1]}ه" if stem.endswith("ت") else stem


def _swahili(word: str) -> set[str]:
    found: set[str] = set()
    left = {word}
    for _ in range(4):
        left = {
            one[n:]
            for one in left
            for n in (1, 2)
            if one[:n] in _SWAHILI_HEADS and len(one) - n >= _SWAHILI_ROOT
        }
        found |= left
    return found - {word}


def features(word: str) -> Iterator[str]:
    """Yield what a word is compared by where no dictionary knows it.

    Examples
    --------
    >>> list(features("nurse"))
    ['nurse', '^nur', 'nurs', 'urse', 'rse$']
    >>> list(features("護理學"))
    ['護理', '理學']
    """
    if is_unspaced(word):
        if len(word) == 1:
            yield word
        yield from (word[n : n + 2] for n in range(len(word) - 1))
        return
    yield word
    if len(word) >= _PART:
        framed = f"^{word}$"
        yield from (framed[n : n + _PART] for n in range(len(framed) - _PART + 1))
