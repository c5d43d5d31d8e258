"""What others wrote, within a line of ours: neither may turn the other about."""

import unicodedata

_UNPRINTED = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
# Unicode's Bidi_Control signs and the byte order mark. Other format signs stay: some scripts join letters by them.
_TURNING = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
# Bidirectional classes of characters that move their neighbours in a text of the other direction (UAX 9, table 4).
_AGAINST = {"ltr": {"R", "AL", "AN"}, "rtl": {"L", "EN"}}


def one_line(text: str) -> str:
    """Return a text that others wrote as one line without control or direction-changing signs, so that it can
    neither open a header nor turn the words around it about."""
    kept = "".join(
        " " if char in _TURNING or unicodedata.category(char) in _UNPRINTED else char for char in text
    )
    return " ".join(kept.split())


def inset(text: str, direction: str) -> str:
    """Return `one_line` of a text to stand within a sentence that runs in `direction` (`ltr` or `rtl`).

    A text that runs the other way is isolated (U+2068 to U+2069), or the words and numbers after it would be drawn
    before it; others stand as they are.
    """
    return isolated(one_line(text), direction)


def isolated(text: str, direction: str) -> str:
    """Return a clean text as `inset` does; markup stays markup, and what is isolated within it stays so."""
    if text.isascii() and direction == "ltr":
        return text
    if any(unicodedata.bidirectional(char) in _AGAINST[direction] for char in text):
        return _FIRST_STRONG_ISOLATE + text + _POP_ISOLATE
    return text
