"""The committed catalogues: built from the present texts, whole, and true to their placeholders."""

import gettext
import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.checkers import python_format
from babel.messages.plurals import get_plural

from chalicelib.notifications.model import CodeKind, Kind
from chalicelib.notifications.rendering import TEMPLATES
from chalicelib.words.catalogues import DOMAIN, LOCALES, SOURCE_LANGUAGE, catalogue, languages
from tools import build_catalogues

LANGUAGES = sorted(languages())


def texts_of(said: object) -> tuple[str, ...]:
    """Return the one text of a message, or its forms for one and for several."""
    return tuple(said) if isinstance(said, (tuple, list)) else (str(said),)


def forms(message: Message) -> Iterator[tuple[str, str]]:
    """Yield each form of a translation with the text that it translates."""
    told, said = texts_of(message.id), texts_of(message.string)
    return zip(told if len(told) == len(said) else told[-1:] * len(said), said, strict=True)


PLACEHOLDER = re.compile(r"%\(\w+\)s")
# What else a translation keeps as it is: the places of `str.format`, and markup.
KEPT = re.compile(r"\{\w*\}|</?\w[^>]*>")


def test_committed_files_are_what_the_tool_builds() -> None:
    built = build_catalogues.build()
    assert len(built) == 2 * len(LANGUAGES)
    for path, content in built.items():
        assert path.read_bytes() == content, f"run tools/build_catalogues.py: {path.name} differs"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_catalogue_is_whole(language: str) -> None:
    read = build_catalogues.read(language)
    texts = {(one.context, one.id) for one in build_catalogues.texts() if one.id}
    translated = {
        (one.context, one.id) for one in read if one.id and all(texts_of(one.string)) and not one.fuzzy
    }
    assert len(texts) > 180
    assert translated == texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_compiled_catalogue_says_what_its_source_says(language: str) -> None:
    compiled = catalogue(language)
    read = build_catalogues.read(language)
    form_of = gettext.c2py(read.plural_expr)
    for message in read:
        if message.pluralizable:
            assert len(message.string) == read.num_plurals
            for n in range(112):
                assert compiled.ngettext(*message.id, n) == message.string[form_of(n)]
        elif message.context:
            assert compiled.pgettext(message.context, message.id) == message.string
        elif message.id:
            assert compiled.gettext(message.id) == message.string


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_agree(language: str) -> None:
    read = build_catalogues.read(language)
    for message in read:
        if not message.id:
            continue
        for told, said in forms(message):
            assert sorted(PLACEHOLDER.findall(told)) == sorted(PLACEHOLDER.findall(said)), told
            assert "%" not in PLACEHOLDER.sub("", said), told
            assert sorted(KEPT.findall(told)) == sorted(KEPT.findall(said)), told
        if message.python_format:
            python_format(read, message)


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != SOURCE_LANGUAGE])
def test_each_other_language_has_words_of_its_own(language: str) -> None:
    """No sentence of the texts was left in English, and no translation begins or ends with a stray blank."""
    for message in build_catalogues.read(language):
        for told, said in forms(message) if message.id else ():
            if len(PLACEHOLDER.sub("", told).split()) > 3:
                assert said != told
            assert (said.strip() == said) == (told.strip() == told), told


def test_the_plural_forms_are_those_that_babel_has() -> None:
    """Arabic has six: without this, a header written by hand could promise forms that no number takes."""
    for language in LANGUAGES:
        read = build_catalogues.read(language)
        written = (LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po").read_text(encoding="utf-8")
        assert f"Plural-Forms: {get_plural(language).plural_forms}" in written.replace('"\n"', "")
        assert read.num_plurals == get_plural(language).num_plurals


def test_french_keeps_its_typography() -> None:
    """No sign that French sets off by a space stands without an unbreakable one."""
    for message in build_catalogues.read("fr"):
        if not message.id or message.context:
            continue
        for _, said in forms(message):
            text = PLACEHOLDER.sub("x", said)
            assert not re.search("(?<![\u00a0\u202f])[:;?!»]|«(?!\u00a0)|'", text), said


def test_a_new_text_waits_for_its_translation(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = build_catalogues.texts

    def more() -> Catalog:
        template = texts()
        template.add("A sentence of tomorrow.")
        return template

    monkeypatch.setattr(build_catalogues, "texts", more)
    for path, content in build_catalogues.build().items():
        if path.suffix == ".po":
            said = "A sentence of tomorrow." if path.parts[-3] == SOURCE_LANGUAGE else ""
            assert f'msgid "A sentence of tomorrow."\nmsgstr "{said}"\n' in content.decode(), path


def test_the_source_language_is_the_texts_themselves() -> None:
    assert all(one.string == one.id for one in build_catalogues.read(SOURCE_LANGUAGE) if one.id)


def test_every_kind_has_a_template_and_every_template_a_kind() -> None:
    found = {path.stem for path in (TEMPLATES / "kinds").glob("*.j2") if not path.name.startswith("_")}
    assert found == {kind.value for kind in (*Kind, *CodeKind)}


def test_a_stale_file_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = build_catalogues.build()
    path = next(iter(whole))
    monkeypatch.setattr(build_catalogues, "build", lambda: {**whole, path: b"other"})
    assert build_catalogues.main(["--check"]) == 1
