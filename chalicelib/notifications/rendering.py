"""Writes mails: one template a kind gives both the text and the HTML, in the language of a gettext catalogue.

A new language is a catalogue under `locales/` (`tools/build_catalogues.py` makes and checks it); nothing here
names one but the language that the templates themselves are written in.
"""

import gettext
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.notifications.formats import Formats
from chalicelib.notifications.model import Letter, Written, cleaned

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent
LOCALES = HERE / "locales"
TEMPLATES = HERE / "templates"
DOMAIN = "crossward"
SOURCE_LANGUAGE = "en"


def write(letter: Letter, origin: str) -> Written:
    """Write a letter.

    Parameters
    ----------
    origin
        Scheme and host of the web client, for links; where it is none ("*" when any client is let in), the mail
        says to sign in without one.
    """
    letter = cleaned(letter)
    language = language_of(letter.recipient.locale)
    formats = Formats(letter.recipient, language, catalogue(language))
    values = {
        "letter": letter,
        "to": letter.recipient,
        "facts": letter.facts,
        "formats": formats,
        "origin": origin.rstrip("/") if origin.startswith(("https://", "http://")) else "",
        "lang": language,
    } | formats.words()
    name = f"{letter.kind.value}.j2"
    text = _environment(language, "txt").get_template(name)
    html = _environment(language, "html").get_template(name)
    subject = "".join(text.blocks["subject"](text.new_context(values)))
    page = "".join(f"{line}\n" for line in html.render(values).splitlines() if line.strip())
    return Written(_on_one_line(subject), _tidy(text.render(values)), page, language)


def language_of(locale: str) -> str:
    """Return the catalogue for a reader's locale: its own, that of its base language, or the templates' language."""
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


@cache
def _environment(language: str, form: str) -> "Environment":
    """Return the environment that renders templates in one language and form (`txt` or `html`): the same kind's
    template finds the layout and the parts of its form."""
    from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined
    from jinja2.loaders import ChoiceLoader

    forms = FileSystemLoader(TEMPLATES / form)
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES / "kinds"), PrefixLoader({"form": forms})]),
        autoescape=form == "html",  # noqa: S701 - plain text is not markup
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    i18n: Any = environment
    i18n.install_gettext_translations(catalogue(language), newstyle=True)
    return environment


def _on_one_line(subject: str) -> str:
    """Return a subject without the line breaks of its template; an unbreakable space stays one."""
    return " ".join(part for part in re.split(r"[ \n]+", subject) if part)


def _tidy(text: str) -> str:
    """Return a text without stray blanks and with one empty line at most between its parts."""
    lines: list[str] = []
    for line in (one.strip() for one in text.splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip() + "\n"
