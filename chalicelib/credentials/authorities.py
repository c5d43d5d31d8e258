"""The authorities that issue credentials: who they are, where their register is, and how their numbers look.

Everything is read from `data/authorities.csv`, of which the data's README says what a row is and where it comes from,
at first use and once a process. Look-ups are total: an unknown id answers None.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from chalicelib.kernel.texts import without_accents
from chalicelib.people import codes

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How an authority writes its numbers.

    Attributes
    ----------
    label
        What such a number is called, with its article: "A GMC number".
    pattern
        A regular expression over the whole number in its normal form (`numbers.normalised`).
    description
        What follows "has": "7 digits".
    example
        Made up; it passes.
    check_prefix
        What is written before the number when its last digit is checked by Luhn's rule; None without a check digit.
    confirmed
        Whether the authority, its government or the country's health standards say so. Only then is a number of
        another form refused; else a reviewer is told.
    """

    label: str
    pattern: str
    description: str
    example: str
    check_prefix: str | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Authority:
    """One that issues credentials.

    Attributes
    ----------
    subdivision
        ISO 3166-2, where it is the authority of a state or province only.
    professions
        ISCO-08 codes that its sources name; empty where they set no limit.
    kinds
        The kinds of credential that its sources name; it may issue others.
    licenses
        Whether what it issues can be the right to practise. A provider number or a fellowship is none.
    register_url
        Where its register can be looked at, over https; None where no source says.
    sources
        Addresses of what was read: of the authority, then of its numbers.
    read_on
        An ISO 8601 day.
    """

    id: str
    name: str
    short_name: str | None
    country: str
    subdivision: str | None
    professions: tuple[str, ...]
    kinds: tuple[str, ...]
    licenses: bool
    register_url: str | None
    number: NumberFormat | None
    sources: tuple[str, ...]
    read_on: str


def authority(authority_id: str) -> Authority | None:
    """Return the authority of an id, spelt exactly, or None.

    Examples
    --------
    >>> authority("gb-gmc").name
    'General Medical Council'
    """
    return _by_id().get(authority_id)


def authorities(
    country: str | None = None, profession: str | None = None, kind: str | None = None
) -> tuple[Authority, ...]:
    """Return the authorities of a country (alpha-2), for a profession (ISCO-08), that issue a kind; by id."""
    return tuple(
        one
        for one in _by_id().values()
        if (country is None or one.country == country)
        and (profession is None or not one.professions or profession in one.professions)
        and (kind is None or kind in one.kinds)
    )


def named(text: str, country: str) -> Authority | None:
    """Return the one authority of a country that a free text names by its name or its abbreviation, or None.

    Case, accents, punctuation and a leading article do not matter, nor does what stands behind the name in brackets or
    after a comma, if it is the authority's abbreviation or its country; nothing is guessed beyond that.

    Examples
    --------
    >>> named("the general medical council", "GB").id
    'gb-gmc'
    >>> named("General Medical Council (UK)", "GB").id
    'gb-gmc'
    >>> named("General Medical Council", "KE") is None
    True
    """
    found = _by_name().get((country, folded(text)), ())
    if len(found) == 1:
        return found[0]
    return _named_with_more(text, country)


def _named_with_more(text: str, country: str) -> Authority | None:
    """Return the authority of a text that ends with its abbreviation or its country: anything else that stands there
    may tell it from another, as a state does."""
    plain = text.rstrip(" .")
    before, sign, more = plain[:-1].rpartition("(") if plain.endswith(")") else plain.rpartition(",")
    one = named(before, country) if sign else None
    known = {*_called(country), *_names_of(one)} if one is not None else set()
    return one if folded(more) in known else None


@lru_cache(maxsize=1024)
def folded(text: str) -> str:
    """Return an authority's name without what does not tell it from others: case, accents, punctuation, an article."""
    words = re.findall(r"\w+", without_accents(text.casefold().replace("&", " and ")))
    return " ".join(words[1:] if words[:1] == ["the"] else words)


@cache
def _by_name() -> Mapping[tuple[str, str], tuple[Authority, ...]]:
    found: dict[tuple[str, str], tuple[Authority, ...]] = {}
    for one in _by_id().values():
        for name in _names_of(one):
            found[one.country, name] = (*found.get((one.country, name), ()), one)
    return found


def _names_of(one: Authority) -> set[str]:
    return {folded(one.name), folded(one.short_name or one.name)}


# What people call a country and neither ISO 3166-1 nor CLDR does.
_ALSO_CALLED: Mapping[str, tuple[str, ...]] = {
    "AE": ("uae",),
    "GB": ("uk", "u k", "great britain"),
    "US": ("u s", "u s a", "united states of america"),
}


@cache
def _called(country: str) -> frozenset[str]:
    found = codes.country(country)
    names = (found.alpha2, found.alpha3, found.name, found.name_fr) if found is not None else ()
    return frozenset({*map(folded, names), *_ALSO_CALLED.get(country, ())})


@cache
def _by_id() -> Mapping[str, Authority]:
    with (DATA / "authorities.csv").open(encoding="utf-8", newline="") as source:
        return {row["id"]: _authority(row) for row in csv.DictReader(source)}


def _authority(row: Mapping[str, str]) -> Authority:
    return Authority(
        id=row["id"],
        name=row["name"],
        short_name=row["short_name"] or None,
        country=row["country"],
        subdivision=row["subdivision"] or None,
        professions=codes_of(row["professions"]),
        kinds=codes_of(row["kinds"]),
        licenses=row["licenses"] == "yes",
        register_url=row["register_url"] or None,
        number=_number(row) if row["number_pattern"] else None,
        sources=tuple(dict.fromkeys((row["source_url"], *codes_of(row["format_source_url"])))),
        read_on=row["read_on"],
    )


def _number(row: Mapping[str, str]) -> NumberFormat:
    rule, _, prefix = row["check_digit"].partition(":")
    return NumberFormat(
        label=row["number_label"],
        pattern=row["number_pattern"],
        description=row["number_description"],
        example=row["number_example"],
        check_prefix=prefix if rule == "luhn" else None,
        confirmed=row["format_confirmed"] == "yes",
    )


def codes_of(cell: str) -> tuple[str, ...]:
    """Return the codes of a cell, which semicolons part."""
    return tuple(code for code in cell.split(";") if code)
