"""Build the gettext catalogues of mails and of explanations.

Texts come from the templates of the mails, from the Python that writes sentences, and from the names of professions and
specialties in the code lists. Translators write into the `.po` files; this brings them up to date with the texts and
compiles them to the `.mo` files that the service reads. The same inputs give the same bytes.

    python tools/build_catalogues.py            # updates .po, writes .mo
    python tools/build_catalogues.py --check    # writes nothing, exits 1 where a committed file differs
    python tools/build_catalogues.py --new sw   # begins a catalogue in a language
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from chalicelib.notifications.rendering import TEMPLATES  # noqa: E402
from chalicelib.people import codes  # noqa: E402
from chalicelib.words.catalogues import DOMAIN, LOCALES, SOURCE_LANGUAGE  # noqa: E402

_WRITERS = (
    "certificates/portfolios/wording.py",
    "certificates/wording.py",
    "credentials/badge_words.py",
    "credentials/evidence/reasons.py",
    "credentials/evidence/sentences.py",
    "credentials/recognition_words.py",
    "credentials/remark_words.py",
    "credits/feedback/wording.py",
    "credits/wording.py",
    "matching/comparison_wording.py",
    "matching/peer_words.py",
    "matching/reason_wording.py",
    "matching/report_wording.py",
    "matching/shortage_wording.py",
    "matching/wording.py",
    "mentorships/agreements/wording.py",
    "mentorships/assessments/sentences.py",
    "mentorships/closing/wording.py",
    "mentorships/feedback/wording.py",
    "mentorships/goals/sentences.py",
    "mentorships/health/wording.py",
    "mentorships/sessions/wording.py",
    "notifications/catalogue_words.py",
    "notifications/stop_words.py",
    "safety/wording.py",
    "series/certificate_words.py",
    "simulations/certificate_words.py",
    "circles/certificate_words.py",
    "words/formats.py",
)

# Read by the extractor as `rendering._environment` sets it for rendering.
_JINJA = {
    "trimmed": "true",
    "newstyle_gettext": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
}
# The header's dates would make each build differ; a catalogue is dated by its commit.
_DATE = datetime(2026, 11, 22, tzinfo=UTC)
_PROJECT = {"project": "Crossward", "version": "1", "msgid_bugs_address": "the repository's issues"}
_HEADER = (
    "# Texts of Crossward's mails and explanations. Written by tools/build_catalogues.py, translated by hand."
)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    parser.add_argument("--new", metavar="LANGUAGE", help="begin a catalogue")
    options = parser.parse_args(argv)
    if options.new:
        _po(options.new).parent.mkdir(parents=True, exist_ok=True)
        _po(options.new).write_bytes(_written(_empty(options.new)))

    stale = []
    for path, content in build().items():
        if path.exists() and path.read_bytes() == content:
            continue
        stale.append(path.relative_to(ROOT))
        if not options.check:
            path.write_bytes(content)
    for path in stale:
        print(f"{'differs' if options.check else 'written'}: {path}", file=sys.stderr)  # noqa: T201
    return 1 if stale and options.check else 0


def build() -> dict[Path, bytes]:
    """Return the bytes of each catalogue file, `.po` and `.mo`, by its path."""
    found: dict[Path, bytes] = {}
    for path in sorted(LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        language = path.parent.parent.name
        catalogue = read(language)
        # Its own template: the source language fills in the messages, which another would take for translated.
        catalogue.update(texts(), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        if language == SOURCE_LANGUAGE:
            for message in catalogue:
                if message.id:
                    message.string = message.id
                    message.flags.discard("fuzzy")
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        found[path] = _written(catalogue)
        found[path.with_suffix(".mo")] = compiled.getvalue()
    return found


def read(language: str) -> Catalog:
    """Read a language's catalogue as it is committed."""
    with _po(language).open("rb") as source:
        catalogue = read_po(source, locale=language, domain=DOMAIN)
    # A catalogue may keep a glossary below the line that all begin with.
    if not catalogue.header_comment.startswith(_HEADER):
        catalogue.header_comment = _HEADER
    catalogue.creation_date = catalogue.revision_date = _DATE
    return catalogue


def texts() -> Catalog:
    """Return all that is to be translated, in a fixed order."""
    template = Catalog(domain=DOMAIN, creation_date=_DATE, **_PROJECT)
    for text, comments, context in _messages():
        template.add(text, context=context, auto_comments=comments)
    return template


Message = str | tuple[str, str]
"""A text, or one for one thing and one for several."""


@cache
def _messages() -> tuple[tuple[Message, list[str], str | None], ...]:
    return (*_from_sources(), *_from_codes())


def _from_sources() -> Iterator[tuple[Message, list[str], str | None]]:
    sources = [(path, "jinja2.ext:babel_extract") for path in sorted(TEMPLATES.rglob("*.j2"))]
    sources += [(ROOT / "chalicelib" / name, "python") for name in _WRITERS]
    for path, method in sources:
        options = _JINJA if method != "python" else {}
        with path.open("rb") as source:
            for _line, text, comments, context in extract(method, source, options=options):
                yield text, [*comments, path.name], context


def _from_codes() -> Iterator[tuple[str, list[str], str | None]]:
    for profession in codes.professions():
        yield profession.title, [f"ISCO-08 {profession.code}"], "profession"
    yield "Student", [], "profession"
    for specialty in codes.specialties():
        yield specialty.name, [], "specialty"


def _empty(language: str) -> Catalog:
    return Catalog(
        language, DOMAIN, header_comment=_HEADER, creation_date=_DATE, revision_date=_DATE, fuzzy=False,
        last_translator="see the commits", language_team=language, **_PROJECT,
    )  # fmt: skip


def _written(catalogue: Catalog) -> bytes:
    target = BytesIO()
    write_po(target, catalogue, width=110, no_location=True)
    return target.getvalue()


def _po(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"


if __name__ == "__main__":
    raise SystemExit(main())
