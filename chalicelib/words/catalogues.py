"""The gettext catalogues: which languages there are, and what a text is in one of them.

A new language is a catalogue under `locales/` (`tools/build_catalogues.py` makes and checks it); nothing here
names one but the language that the texts themselves are written in.
"""

import gettext
from functools import cache
from pathlib import Path

LOCALES = Path(__file__).parent / "locales"
DOMAIN = "crossward"
SOURCE_LANGUAGE = "en"


def language_of(locale: str) -> str:
    """Return the catalogue for a reader's locale: its own, that of its base language, or the texts' language."""
    known = languages()
    return next((one for one in (locale, locale.partition("-")[0]) if one in known), SOURCE_LANGUAGE)


@cache
def languages() -> frozenset[str]:
    """Return the languages that there are catalogues of."""
    return frozenset(path.parent.parent.name for path in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the catalogue of a language."""
    return gettext.translation(DOMAIN, LOCALES, [language])
