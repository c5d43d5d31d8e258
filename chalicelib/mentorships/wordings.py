"""Questions in a programme's own words, in one language or several."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.words.catalogues import SOURCE_LANGUAGE


@dataclass(frozen=True)
class Wording:
    """A programme's own question in one language (BCP-47)."""

    language: str
    text: str


def ordered(texts: Iterable[Wording]) -> tuple[Wording, ...]:
    """Return a question's words by language: in whatever order they were given, it is the same question."""
    return tuple(sorted(texts, key=lambda one: one.language))


def own_id(texts: Iterable[Wording], *beside: str) -> str:
    """Return the id of a question in its own words, which stands for them: one that is worded anew is another.

    Parameters
    ----------
    texts
        In order.
    beside
        What else makes it another question.
    """
    told = json.dumps([*beside, *([one.language, one.text] for one in texts)], ensure_ascii=False)
    return f"own-{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def told_in(texts: tuple[Wording, ...], locale: str) -> str:
    """Return a question's own words for a reader: in their language where it has them, else in English, else in the
    first language that it has."""
    told = {one.language.lower(): one.text for one in texts}
    wanted = (locale.lower(), locale.lower().partition("-")[0], SOURCE_LANGUAGE)
    return next((told[one] for one in wanted if one in told), texts[0].text)
