"""A person's name as words to compare: in Latin letters, without case, accents, titles or punctuation.

Letters are written in Latin by AnyAscii (github.com/anyascii/anyascii, ISC licence), one by one and without a
dictionary. Scripts that leave vowels out, or carry one unwritten in each consonant, come out as consonants alone; their
words are marked, and compared by consonants.
"""

import re
import unicodedata
from dataclasses import dataclass

from anyascii import anyascii

MAX_CHARS = 300
MAX_WORDS = 10
"""No register writes a name with more; what is beyond would only cost time."""

TITLES = frozenset(
    {
        "dr", "dra", "doctor", "docteur", "prof", "professor", "professeur", "mr", "mrs", "ms", "miss", "mme", "mlle",
        "sir", "dame",
    }
)  # fmt: skip
# Only after a comma: `Do` is a family name, and `Md` a short form of Muhammad.
AFTER_NAMES = frozenset(
    {
        "md", "do", "mbbs", "mbchb", "bm", "bs", "bsc", "msc", "ma", "phd", "mph", "rn", "np", "pa", "aprn", "crna",
        "dnp", "dds", "dmd", "dpm", "dc", "od", "pharmd", "psyd", "lcsw", "facc", "facp", "facs", "frcp", "frcs",
        "mrcp", "mrcs", "frcgp",
    }
)  # fmt: skip
# What stands before a family name and comes and goes between documents.
PARTICLES = frozenset(
    {
        "da", "das", "de", "del", "della", "der", "den", "des", "di", "do", "dos", "du", "la", "las", "le", "los", "of",
        "san", "st", "ten", "ter", "van", "vom", "von", "y", "e", "zu", "al", "el", "ul", "ibn", "bin", "ben", "bint",
        "binti", "abu", "ould", "wa", "ap", "mac", "mc", "o",
    }
)  # fmt: skip

_SHORT = {"md": "mohammed", "mohd": "mohammed", "muhd": "mohammed"}
# Beginnings of Unicode's names of letters: of scripts that write consonants and leave (some) vowels to the reader.
_CONSONANTAL = frozenset(
    {
        "ARABIC", "HEBREW", "SYRIAC", "THAANA", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL",
        "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "THAI", "LAO", "MYANMAR", "KHMER", "TIBETAN",
    }
)  # fmt: skip
_SYLLABIC = ("CJK", "HANGUL")  # each sign a syllable, and no spaces between
_ARTICLE = "\u0627\u0644"  # al-, written as part of the word
_VAV = "\u05d5"
_APART = re.compile(r"[\s.,;:/()_\u2010-\u2015\u2212\u30fb\u00b7-]+")
_NO_LETTER = re.compile(r"[^a-z]")


@dataclass(frozen=True, order=True)
class Word:
    """One word of a name.

    Attributes
    ----------
    text
        In letters from a to z.
    is_bare
        Whether its vowels are unknown.
    """

    text: str
    is_bare: bool = False

    @property
    def weight(self) -> int:
        """How much the word tells of whose name it is."""
        if len(self.text) == 1:
            return 2
        return 1 if self.text in PARTICLES else 4


def words(name: str) -> tuple[Word, ...]:
    """Return a name's words, sorted, since their order differs between registers; empty for what has no letters."""
    text = unicodedata.normalize("NFKC", name[:MAX_CHARS])
    found = [word for part in _APART.split(_spaced(_without_letters_after(text))) for word in _written(part)]
    kept = [word for word in found if word.text not in TITLES] or found
    longest = sorted(kept, key=lambda word: (-len(word.text), word))[:MAX_WORDS]
    return tuple(sorted(longest))


def _without_letters_after(text: str) -> str:
    """Take away what stands after the last comma where it is letters after a name: `Smith, John, M.D.`"""
    head, comma, tail = text.rpartition(",")
    while comma:
        plain = _NO_LETTER.sub("", tail.casefold())
        if plain and plain not in AFTER_NAMES:
            break
        text = head
        head, comma, tail = text.rpartition(",")
    return text


def _spaced(text: str) -> str:
    return "".join(f" {char} " if _script(char).startswith(_SYLLABIC) else char for char in text)


def _script(char: str) -> str:
    return "" if char.isascii() else unicodedata.name(char, "").partition(" ")[0]


def _written(part: str) -> list[Word]:
    bare = any(_script(char) in _CONSONANTAL for char in part)
    article = part.startswith(_ARTICLE) and len(part) > len(_ARTICLE) + 1
    # Vav is a vowel as often as a v: as w it is left out with the vowels.
    told = part.removeprefix(_ARTICLE if article else "").replace(_VAV, "w")
    # AnyAscii has words for signs, too: an emoji would become a name.
    told = "".join(char for char in told if unicodedata.category(char)[0] in "LM")
    text = _NO_LETTER.sub("", anyascii(told).lower())
    found = [Word("al")] if article else []
    if text:
        found.append(Word(_SHORT.get(text, text), bare))
    return found
