"""Writes mails: one template a kind gives both the text and the HTML, in the language of a gettext catalogue."""

import re
import threading
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.matching.model import Criterion
from chalicelib.matching.wording import Audience, Reader, sentences
from chalicelib.mentorships.agreements.wording import headings
from chalicelib.mentorships.health.wording import to_the_two
from chalicelib.mentorships.sessions.wording import place_sentence
from chalicelib.notifications.letters import (
    AgreementFacts,
    DigestFacts,
    HealthFacts,
    Letter,
    ProposalFacts,
    SessionFacts,
)
from chalicelib.notifications.model import Written, cleaned
from chalicelib.programmes.model import Side
from chalicelib.words.catalogues import catalogue, language_of
from chalicelib.words.formats import Formats
from chalicelib.words.lines import isolated

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
# Writing is work for the processor alone: threads at once would be no sooner done, and each would make the same
# templates.
_ONE_AT_A_TIME = threading.Lock()


def write(letter: Letter, origin: str, unsubscribe: str | None = None) -> Written:
    """Write a letter.

    Parameters
    ----------
    origin
        Scheme and host of the web client, for links; where it is none ("*" when any client is let in), the mail
        says to sign in without one.
    unsubscribe
        Address of the page that switches mails of this kind off.
    """
    with _ONE_AT_A_TIME:
        return _write(cleaned(letter), origin, unsubscribe)


def _write(letter: Letter, origin: str, unsubscribe: str | None) -> Written:
    language = language_of(letter.recipient.locale)
    formats = Formats(language, letter.recipient.country, letter.recipient.time_zone)
    values = {
        "letter": letter,
        "to": letter.recipient,
        "facts": letter.facts,
        "formats": formats,
        "origin": origin.rstrip("/") if origin.startswith(("https://", "http://")) else "",
        "lang": language,
        "unsubscribe": unsubscribe,
        "speaking_for_it": _speaking_for_it(letter, formats),
        "changed_terms": _changed_terms(letter, formats),
        "amiss": _amiss(letter),
        "place": _place(letter, formats),
        "lines": _lines(letter, origin),
        "clock_changes": _clock_changes(letter, formats),
    } | formats.words()
    name = f"{letter.kind.value}.j2"
    text = _environment(language, "txt").get_template(name)
    html = _environment(language, "html").get_template(name)
    subject = "".join(text.blocks["subject"](text.new_context(values)))
    page = "".join(f"{line}\n" for line in html.render(values).splitlines() if line.strip())
    return Written(_on_one_line(subject), _tidy(text.render(values)), page, language)


def _speaking_for_it(letter: Letter, formats: Formats) -> list[str]:
    """Say what speaks for a proposal, but for the times, which its mails list by themselves."""
    facts = letter.facts
    if not isinstance(facts, ProposalFacts) or facts.pair is None:
        return []
    reader = Reader(Audience(facts.side), letter.recipient.locale, facts.partner.name)
    told = sentences(facts.pair, reader, formats)
    return [one.text for one in told if one.criterion is not Criterion.OVERLAP]


def _changed_terms(letter: Letter, formats: Formats) -> list[str]:
    """Name the parts of an agreement that were changed."""
    if not isinstance(letter.facts, AgreementFacts):
        return []
    called = headings(formats)
    return [called[one] for one in letter.facts.changed]


def _amiss(letter: Letter) -> list[str]:
    """Say what of a mentorship wants mending."""
    if not isinstance(letter.facts, HealthFacts):
        return []
    return [to_the_two(one, letter.recipient.locale) for one in letter.facts.findings]


def _place(letter: Letter, formats: Formats) -> str:
    """Say how the two of a session meet."""
    facts = letter.facts
    if not isinstance(facts, SessionFacts) or facts.place is None:
        return ""
    return place_sentence(facts.place, Side(facts.side), facts.partner.name, formats)


@dataclass(frozen=True)
class Line:
    """What a weekly mail says of one of its letters: its subject, and the first address in it; none without one."""

    subject: str
    address: str


_ADDRESS = re.compile(r' href="([^"]+)"')


def _lines(letter: Letter, origin: str) -> list[Line]:
    """Return what a weekly mail says of each of its letters, in the words of their own mails."""
    if not isinstance(letter.facts, DigestFacts):
        return []
    lines = []
    for one in letter.facts.letters:
        written = _write(cleaned(one), origin, None)
        found = _ADDRESS.search(written.html)
        lines.append(Line(written.subject, unescape(found[1]) if found else ""))
    return lines


def _clock_changes(letter: Letter, formats: Formats) -> list[str]:
    """Say from when on a series is at another time on the reader's clock, and at which."""
    if not isinstance(letter.facts, SessionFacts):
        return []
    return [formats.at(one) for one in letter.facts.clock_changes]


@cache
def _compiled(_form: str) -> "BytecodeCache":
    """Return where templates of one form are kept once they are compiled: that is alike in all languages, and takes
    longer than to write a mail."""
    from jinja2.bccache import Bucket, BytecodeCache

    class Compiled(BytecodeCache):
        def __init__(self) -> None:
            self._code: dict[str, Any] = {}

        def load_bytecode(self, bucket: Bucket) -> None:
            bucket.code = self._code.get(bucket.key)

        def dump_bytecode(self, bucket: Bucket) -> None:
            self._code[bucket.key] = bucket.code

    return Compiled()


@cache
def _environment(language: str, form: str) -> "Environment":
    """Return the environment that renders templates in one language and form (`txt` or `html`): the same kind's
    template finds the layout and the parts of its form."""
    from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined
    from jinja2.loaders import ChoiceLoader

    forms = FileSystemLoader(TEMPLATES / form)
    environment = Environment(
        bytecode_cache=_compiled(form),
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES / "kinds"), PrefixLoader({"form": forms})]),
        autoescape=form == "html",  # noqa: S701 - plain text is not markup
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.policies["ext.i18n.trimmed"] = True
    i18n: Any = environment
    i18n.install_gettext_translations(catalogue(language), newstyle=True)
    direction = Formats(language).direction
    environment.globals["direction"] = direction
    for name in ("gettext", "ngettext", "pgettext", "npgettext"):
        environment.globals[name] = _isolating(environment.globals[name], direction)
    return environment


def _isolating(translate: Any, direction: str) -> Any:
    """Return Jinja's function of a translation so that what it puts into a sentence turns nothing around it about."""
    from jinja2 import pass_context

    @pass_context
    def translated(*told: Any, **values: Any) -> Any:
        kept = {
            name: isolated(value, direction) if isinstance(value, str) else value
            for name, value in values.items()
        }
        return translate(*told, **kept)

    return translated


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
