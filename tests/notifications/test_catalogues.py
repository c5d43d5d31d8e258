"""The committed catalogues: built from the present texts, whole, and true to their placeholders."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.checkers import python_format

from chalicelib.notifications.model import CodeKind, Kind
from chalicelib.notifications.rendering import TEMPLATES
from chalicelib.words.catalogues import SOURCE_LANGUAGE, catalogue, languages
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
    for message in build_catalogues.read(language):
        if message.pluralizable:
            said = [compiled.ngettext(*message.id, n) for n in (1, 2)]
            assert said == [message.string[0], message.string[1]]
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
        if message.python_format:
            python_format(read, message)


def test_french_differs_and_keeps_its_typography() -> None:
    """No sign that French sets off by a space stands without an unbreakable one."""
    for message in build_catalogues.read("fr"):
        if not message.id or message.context:
            continue
        for told, said in forms(message):
            text = PLACEHOLDER.sub("x", said)
            assert not re.search("(?<![\u00a0\u202f])[:;?!»]|«(?!\u00a0)|'", text), said
            if len(told.split()) > 3:
                assert said != told


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
