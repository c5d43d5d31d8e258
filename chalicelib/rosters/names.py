"""Codes of outside lists in a cell, or the names that people write for them, in English and French."""

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

from chalicelib.people import codes
from chalicelib.people.model import STUDENT, LanguageSkill
from chalicelib.rosters.cells import MAX_LANGUAGES, MAX_LINE_CHARS, fold, split
from chalicelib.words.catalogues import languages

_WORDS = Path(__file__).parent / "data" / "words.csv"
_STUDENT_WORDS = frozenset({"student", "etudiant", "etudiante", "medical student"})


def _words(list_: str) -> list[tuple[str, str]]:
    """Return further names of a list's codes, as (name, code)."""
    with _WORDS.open(encoding="utf-8", newline="") as source:
        rows = [row for row in csv.DictReader(source) if row["list"] == list_]
    return [(word, row["code"]) for row in rows for word in row["words"].split("|")]


def _unique(named: Iterable[tuple[str, str]], key: Callable[[str], str] = fold) -> dict[str, str]:
    """Index codes by folded name, leaving out names that several codes share."""
    found: dict[str, set[str]] = {}
    for name, code in named:
        found.setdefault(key(name), set()).add(code)
    return {name: next(iter(known)) for name, known in found.items() if len(known) == 1 and name}


@cache
def _country_names() -> Mapping[str, str]:
    named = [(name, one.alpha2) for one in codes.countries() for name in (one.name, one.name_fr)]
    return _unique(named + _words("country"))


def country(text: str) -> str:
    """Read a country: ISO 3166-1 alpha-2 or alpha-3 code, or its English or French name."""
    known = codes.country(text)
    code = known.alpha2 if known else _country_names().get(fold(text))
    if code is None:
        raise ValueError(
            "give a country by its ISO 3166-1 code, for example KE, or its English or French name"
        )
    return code


@cache
def _language_names() -> Mapping[str, str]:
    return _unique(
        (name, one.tag)
        for one in codes.languages()
        for name in {one.name, one.name_fr, one.endonym or one.name}
    )


def language(text: str) -> str:
    """Read a language: BCP-47 tag, or its name in English, in French or in itself."""
    known = codes.canonical_language(text) or _language_names().get(fold(text))
    if known is None:
        raise ValueError(
            "give a language by its BCP-47 tag, for example fr or pt-BR, or its English or French name"
        )
    return known


def locale(text: str) -> str:
    """Read the language of a person's mails: one that the catalogues have."""
    base = language(text).partition("-")[0]
    if base not in languages():
        raise ValueError(f"mails are written in: {', '.join(sorted(languages()))}")
    return base


# The framework has no level above C2; a first language counts as one (see `codes.CEFR`).
_FIRST_LANGUAGE = "native speaker|native|mother tongue|first language|langue maternelle|maternelle|natif"
_SKILL = re.compile(
    rf"(.+?)[\s:=(\[/–-]+(A1|A2|B1|B2|C1|C2|{_FIRST_LANGUAGE})[\s)\]]*", re.IGNORECASE | re.DOTALL
)


def language_skills(text: str) -> tuple[LanguageSkill, ...]:
    """Read languages with their CEFR levels: `en:C1; fr:B2`, `English C1, French native`."""
    skills: dict[str, LanguageSkill] = {}
    for part in split(text, commas_too=True):
        match = _SKILL.fullmatch(part) if len(part) <= MAX_LINE_CHARS else None
        if match is None:
            raise ValueError("give each language with its CEFR level, A1 to C2: en:C1; fr:B2")
        spoken = language(match[1].strip())
        level = match[2].upper() if len(match[2]) == 2 else "C2"
        if spoken in skills:
            raise ValueError("a language is listed twice; keep one level")
        skills[spoken] = LanguageSkill(spoken, level)
    if len(skills) > MAX_LANGUAGES:
        raise ValueError(f"at most {MAX_LANGUAGES} languages")
    return tuple(skills.values())


@cache
def _profession_names() -> Mapping[str, str]:
    named = [(one.title, one.code) for one in codes.professions()]
    return _unique(named + _words("profession"))


def profession(text: str) -> str:
    """Read a profession: ISCO-08 code (words may follow it), its title, an everyday title, or student."""
    if fold(text) in _STUDENT_WORDS:
        return STUDENT
    return occupation(text)


def occupation(text: str) -> str:
    """Read a profession that is not student."""
    match = re.fullmatch(r"(\d{4})(?:[\s:–-].*)?", text, re.DOTALL)
    code = match[1] if match else _profession_names().get(fold(text))
    if code is None or codes.profession(code) is None:
        raise ValueError("give an ISCO-08 code of a health occupation, for example 2221, or its title")
    return code


def _one_spelling(text: str) -> str:
    # British and American spellings of the Greek and Latin diphthongs: paediatrics and pediatrics.
    return fold(text).replace("ae", "e").replace("oe", "e")


@cache
def _specialty_names() -> Mapping[str, str]:
    named = [(name, one.slug) for one in codes.specialties() for name in (one.slug, one.name)]
    return _unique(named + _words("specialty"), _one_spelling)


def specialty(text: str) -> str:
    """Read a specialty: our slug, or its English name in British or American spelling, or its French name."""
    slug = _specialty_names().get(_one_spelling(text))
    if slug is None:
        raise ValueError("give a specialty of the list, for example internal-medicine")
    return slug


def time_zone(text: str) -> str:
    """Read an IANA time zone."""
    name = codes.canonical_zone(text)
    if name is None:
        raise ValueError("give an IANA time zone, for example Africa/Nairobi")
    return name
