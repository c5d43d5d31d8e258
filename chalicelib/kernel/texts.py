"""Which characters a text may hold.

What people write is shown to others, in lists, mails and certificates, so it must look like what it is. Refused are
characters that command instead of show: control characters, private ones, the embeddings, overrides and isolates that
turn the direction of what follows (U+202A to U+202E, U+2066 to U+2069), and the other invisible format characters,
among them tags (U+E0000 to U+E007F) and the soft hyphen. They are refused, not taken out: what is stored is what was
sent.

Kept are the invisible ones that writing needs: the joiners of Persian and of the scripts of India (U+200C, U+200D;
emoji are joined by them too), the marks of direction of right-to-left scripts (U+200E, U+200F, U+061C), which move
their neighbours and nothing beyond, and the word break of Khmer, Thai, Lao and Burmese (U+200B). Characters younger
than our Unicode tables are kept as well.

Sources: Unicode 15.1, chapter 23.2 and 23.3; UAX 9, section 2; Unicode Technical Report 36, section 2.
"""

import unicodedata

_NEEDED = frozenset("\u200b\u200c\u200d\u200e\u200f\u061c")
# Format characters that are seen: number and year signs of Arabic, Syriac and Kaithi.
_SEEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
# Blank, though neither spaces nor format characters: fillers of Hangul, empty Braille, two Khmer vowels, the joiner.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_REFUSED = frozenset({"Cc", "Cs", "Co"})
_LOST = "\ufffd"


def readable(text: str) -> str:
    """Return the text in its composed form (NFC).

    Raises
    ------
    ValueError
        If it holds a character that is refused; line ends and tabs are not.
    """
    for place, char in enumerate(text, start=1):
        if char in "\n\t" or (char.isascii() and char.isprintable()):
            continue
        if char == _LOST:
            raise ValueError(
                f"character {place} was lost on its way (U+FFFD): send the text in UTF-8, or write it anew"
            )
        if _is_refused(char):
            raise ValueError(f"take out character {place}, {_called(char)}: it is not seen")
    return unicodedata.normalize("NFC", text)


def readable_line(text: str) -> str:
    """Return a text of one line; raises `ValueError` as `readable` does, and for one that shows nothing."""
    if any(char in "\n\t\u2028\u2029" for char in text):
        raise ValueError("write this on one line")
    composed = readable(text)
    if composed and not any(_is_seen(char) for char in composed):
        raise ValueError("write something that can be seen")
    return composed


def without_accents(text: str) -> str:
    """Return the text with compatibility forms replaced and without marks on letters, for comparing names.

    Examples
    --------
    >>> without_accents("Côte d’Ivoire ﬁ")
    'Cote d’Ivoire fi'
    """
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def _is_refused(char: str) -> bool:
    category = unicodedata.category(char)
    if category == "Cf":
        return char not in _NEEDED and char not in _SEEN
    if category == "Cn":
        code = ord(char)
        # What will never be a character, and what Unicode keeps for further invisible ones.
        never = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
        return never or 0xE0000 <= code <= 0xE0FFF or 0xFFF0 <= code <= 0xFFF8 or code == 0x2065
    return category in _REFUSED


def _is_seen(char: str) -> bool:
    hidden = ("Cf", "Cc", "Zs")
    return char in _SEEN or (unicodedata.category(char) not in hidden and char not in _BLANK)


def _called(char: str) -> str:
    name = unicodedata.name(char, "a control character")
    return f"U+{ord(char):04X} ({name.lower()})"
