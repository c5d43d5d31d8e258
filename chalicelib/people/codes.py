"""The code lists that profiles, programmes and rosters are checked against.

Countries (ISO 3166-1), languages (BCP 47), time zones (IANA), occupations in health (ISCO-08), specialties
(our own slugs) and World Bank income groups. Everything is read from the packaged files of `data/`, whose
README names each source and date, at first use and once a process; nothing here needs Babel at run time.

Every look-up is total: an unknown, empty or malformed code answers ``None``, never an exception. Codes of
outside standards are taken in any letter case, and what comes back carries the canonical spelling.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, Literal

__all__ = [
    "CEFR",
    "INCOME_GROUPS",
    "Cefr",
    "Country",
    "IncomeGroup",
    "Language",
    "Profession",
    "Specialty",
    "SpokenLanguage",
    "Zone",
    "canonical_language",
    "canonical_zone",
    "cefr_at_least",
    "close_languages",
    "countries",
    "country",
    "income_group",
    "language",
    "languages",
    "profession",
    "professions",
    "specialties",
    "specialty",
    "zone",
    "zones",
    "zones_of",
]

_DATA: Final = Path(__file__).parent / "data"

Cefr = Literal["A1", "A2", "B1", "B2", "C1", "C2"]
CEFR: Final[tuple[Cefr, ...]] = ("A1", "A2", "B1", "B2", "C1", "C2")
"""Levels of the Common European Framework of Reference (Council of Europe, 2001), weakest first.

A native speaker enters C2: the framework has no level of its own for them, and matching needs none.
"""

IncomeGroup = Literal["low", "lower_middle", "upper_middle", "high"]
INCOME_GROUPS: Final[tuple[IncomeGroup, ...]] = ("low", "lower_middle", "upper_middle", "high")
"""World Bank groups, lowest first. A country that the Bank does not classify has none."""


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """A language of a country.

    ``share`` is the per cent of people who use it, as a first language or not, so the shares of one country
    may add up to more than 100; ``status`` is None for a language without one.
    """

    tag: str
    share: float
    status: Literal["official", "de_facto_official", "official_regional"] | None


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory of ISO 3166-1. Names are CLDR's, in English and French."""

    alpha2: str
    alpha3: str
    name: str
    name_fr: str
    income_group: IncomeGroup | None
    languages: tuple[SpokenLanguage, ...]
    """Most used first: those with any status, and those that at least one person in a hundred uses."""

    @property
    def official_languages(self) -> tuple[str, ...]:
        """Tags of the country's official languages, de facto ones too, without those of a region only."""
        return tuple(s.tag for s in self.languages if s.status in ("official", "de_facto_official"))


@dataclass(frozen=True, slots=True)
class Language:
    """A BCP 47 language tag in its canonical form, taken apart.

    Two people share a language where their ``base`` is the same: speakers of pt-BR and pt-PT understand each
    other.
    """

    tag: str
    base: str
    script: str | None
    region: str | None
    name: str
    name_fr: str
    endonym: str | None


@dataclass(frozen=True, slots=True)
class Zone:
    """An IANA time zone that somebody lives by, with the countries (alpha-2) that use the name."""

    name: str
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profession:
    """An ISCO-08 unit group of health work. ``group`` is our own grouping (doctor, nurse, allied ...)."""

    code: str
    title: str
    group: str


@dataclass(frozen=True, slots=True)
class Specialty:
    """A specialty or field of practice by our own slug. ``group`` names who mostly works in it."""

    slug: str
    name: str
    group: str


# --- countries ------------------------------------------------------------------------------------


def country(code: str) -> Country | None:
    """Return the country of an ISO 3166-1 alpha-2 or alpha-3 code, or None.

    Examples
    --------
    >>> country("br").name
    'Brazil'
    >>> country("UK") is None  # reserved in ISO 3166, but no country's code
    True
    """
    key = _ascii(code).upper()
    return _countries().get(key) or _by_alpha3().get(key)


def countries() -> tuple[Country, ...]:
    """Return every country, by alpha-2 code."""
    return tuple(_countries().values())


def income_group(country_code: str) -> IncomeGroup | None:
    """Return the World Bank income group of a country, None where it is unknown or not classified."""
    found = country(country_code)
    return found.income_group if found else None


@cache
def _countries() -> Mapping[str, Country]:
    groups = {row["alpha2"]: row["income_group"] for row in _rows("income_groups.csv")}
    return {
        code: Country(
            alpha2=code,
            alpha3=entry["alpha3"],
            name=entry["en"],
            name_fr=entry["fr"],
            income_group=_income_group(groups[code]),
            languages=tuple(SpokenLanguage(*spoken) for spoken in entry["languages"]),
        )
        for code, entry in _document("countries.json")["countries"].items()
    }


@cache
def _by_alpha3() -> Mapping[str, Country]:
    return {entry.alpha3: entry for entry in countries()}


def _income_group(value: str) -> IncomeGroup | None:
    return next((group for group in INCOME_GROUPS if group == value), None)


# --- languages ------------------------------------------------------------------------------------

# RFC 5646 language[-script][-region]. Extended languages, variants, extensions and private use are refused:
# they say how a text is written or sorted, while we ask what two people can talk in.
_TAG: Final = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?", re.ASCII)


def language(tag: str) -> Language | None:
    """Return the language of a BCP 47 tag, or None.

    The tag becomes canonical as Unicode Technical Standard 35, annex C has it: letter case, codes that were
    replaced (``iw`` is ``he``), and ISO 639-2 or -3 codes of a language that has a shorter one (``fra`` is
    ``fr``, ``cmn`` is ``zh``). An underscore counts as a hyphen. A subtag that CLDR does not name makes the
    tag unknown.

    Examples
    --------
    >>> language("zh-hant-tw").tag
    'zh-Hant-TW'
    >>> language("pt_br").name
    'Brazilian Portuguese'
    >>> language("xx") is None
    True
    """
    match = _TAG.fullmatch(_ascii(tag).replace("_", "-").lower())
    return _language(*match.groups()) if match else None


def canonical_language(tag: str) -> str | None:
    """Return the canonical form of a BCP 47 tag, None where :func:`language` knows no such tag."""
    found = language(tag)
    return found.tag if found else None


def languages() -> tuple[Language, ...]:
    """Return what a picker offers, by English name: languages, and regional forms with a name of their own.

    :func:`language` accepts more than these: any of them with a script or a region.
    """
    lists = _language_lists()
    found = (language(tag) for tag in (*lists["languages"], *lists["compounds"]))
    return tuple(sorted((one for one in found if one), key=lambda one: (one.name.casefold(), one.tag)))


def cefr_at_least(level: Cefr, floor: Cefr) -> bool:
    """Return whether ``level`` is ``floor`` or better."""
    return CEFR.index(level) >= CEFR.index(floor)


def close_languages(base: str) -> Mapping[str, int]:
    """Return the languages that speakers of one can talk in as well, by base, with CLDR's distance (1 to 24).

    It may hold one way only: who speaks Egyptian Arabic has Arabic.

    Examples
    --------
    >>> close_languages("bs")["hr"], close_languages("en")
    (8, {})
    """
    found: Mapping[str, int] = _language_lists()["close"].get(base, {})
    return found


@cache
def _language_lists() -> Mapping[str, Any]:
    return _document("languages.json")


@lru_cache(maxsize=1024)  # bounded: what is asked for comes from outside
def _language(base: str, script: str | None, region: str | None) -> Language | None:
    lists = _language_lists()
    replaced: str | None = lists["language_aliases"].get(base)
    if replaced:
        # A replacement may bring a script or region (``sh`` is ``sr-Latn``); what the tag itself said stands.
        match = _TAG.fullmatch(replaced.lower())
        assert match  # noqa: S101  the file is built to hold nothing else, and a test reads each
        base, script, region = match[1], script or match[2], region or match[3]
    script = script.title() if script else None
    region = region.upper() if region else None
    region = lists["region_aliases"].get(region, region)
    if base not in lists["languages"] or (script and script not in lists["scripts"]):
        return None
    if region and region not in lists["regions"]:
        return None

    tag = "-".join(part for part in (base, script, region) if part)
    named = lists["languages"][base] if tag == base else lists["compounds"].get(tag)
    if named:
        name, name_fr, endonym = named
    else:
        english, french, endonym = lists["languages"][base]
        extra = [lists["scripts"][script]] if script else []
        extra += [lists["regions"][region]] if region else []
        name = f"{english} ({', '.join(part[0] for part in extra)})"
        name_fr = f"{french} ({', '.join(part[1] for part in extra)})"
    return Language(tag, base, script, region, name, name_fr, endonym)


# --- time zones -----------------------------------------------------------------------------------


def zone(name: str) -> Zone | None:
    """Return the time zone of an IANA name, or None.

    Older names and links come back as the zone that they mean (``Asia/Calcutta`` is ``Asia/Kolkata``). Fixed
    offsets (``Etc/GMT+5``) are refused, as nobody's wall clock follows one; UTC alone is ``Etc/UTC``.
    """
    return _zones_by_any_name().get(_ascii(name).lower())


def canonical_zone(name: str) -> str | None:
    """Return the canonical name of an IANA time zone, None where :func:`zone` knows no such name."""
    found = zone(name)
    return found.name if found else None


@cache
def zones() -> frozenset[str]:
    """Return the canonical names of all time zones."""
    return frozenset(_document("zones.json")["zones"])


def zones_of(country_code: str) -> tuple[str, ...]:
    """Return the time zones of a country in the order of their names, empty for an unknown country."""
    found = country(country_code)
    return _zones_by_country().get(found.alpha2, ()) if found else ()


@cache
def _zones_by_any_name() -> Mapping[str, Zone]:
    document = _document("zones.json")
    known = {name: Zone(name, tuple(used_in)) for name, used_in in document["zones"].items()}
    aliases = {alias.lower(): known[target] for alias, target in document["aliases"].items()}
    return aliases | {name.lower(): entry for name, entry in known.items()}


@cache
def _zones_by_country() -> Mapping[str, tuple[str, ...]]:
    by_country: dict[str, list[str]] = {}
    for name, used_in in sorted(_document("zones.json")["zones"].items()):
        for code in used_in:
            by_country.setdefault(code, []).append(name)
    return {code: tuple(names) for code, names in by_country.items()}


# --- occupations and specialties ------------------------------------------------------------------


def profession(code: str) -> Profession | None:
    """Return the health occupation of a four-digit ISCO-08 code, or None."""
    return _professions().get(code)


def professions() -> tuple[Profession, ...]:
    """Return every health occupation, by code."""
    return tuple(_professions().values())


def specialty(slug: str) -> Specialty | None:
    """Return the specialty of a slug, spelt exactly, or None."""
    return _specialties().get(slug)


def specialties() -> tuple[Specialty, ...]:
    """Return every specialty in the order of the list: by group, then by name."""
    return tuple(_specialties().values())


@cache
def _professions() -> Mapping[str, Profession]:
    rows = _rows("isco08_health.csv")
    return {row["code"]: Profession(row["code"], row["title"], row["group"]) for row in rows}


@cache
def _specialties() -> Mapping[str, Specialty]:
    rows = _rows("specialties.csv")
    return {row["slug"]: Specialty(row["slug"], row["name"], row["group"]) for row in rows}


def _ascii(code: str) -> str:
    """Return the code, or nothing where it holds other letters: ``"ß".upper()`` is South Sudan."""
    return code if code.isascii() else ""


# --- files ----------------------------------------------------------------------------------------


def _document(name: str) -> dict[str, Any]:
    with (_DATA / name).open(encoding="utf-8") as source:
        document: dict[str, Any] = json.load(source)
    return document


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as source:
        yield from csv.DictReader(source)
