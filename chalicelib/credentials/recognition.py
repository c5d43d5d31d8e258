"""What a claim is worth in a country: its own, those that recognise it, and all others.

Where one country's authority recognises another's documents is data, `data/recognition.csv`, with a source and a date
for each row. The sentences say what the source says and nothing more: every recognition has conditions that only the
receiving authority can judge, so none of them is called a licence to practise.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Literal

from chalicelib.credentials.authorities import DATA, codes_of
from chalicelib.credentials.claims import Claim
from chalicelib.credentials.kinds import Kind
from chalicelib.people import codes
from chalicelib.people.model import Badge

Locale = Literal["en", "fr"]


class Worth(StrEnum):
    """What a claim is worth in a country; the four in the middle are the effects of a scheme."""

    LICENSED = "licensed"
    REGISTERED = "registered"
    AUTOMATIC = "automatic"
    ENTITLED_TO_REGISTER = "entitled_to_register"
    EXAMINATION_WAIVED = "examination_waived"
    ARRANGEMENT = "arrangement"
    NO_LICENCE = "no_licence"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A recognition between countries.

    Attributes
    ----------
    professions, kinds
        ISCO-08 codes and kinds of credential that it speaks of.
    homes, hosts
        ISO 3166-1 alpha-2: where the document comes from, and where it is recognised.
    sources
        Addresses of what was read: first of the effect, then of who takes part.
    read_on
        An ISO 8601 day.
    """

    id: str
    name: str
    name_fr: str
    effect: Worth
    professions: frozenset[str]
    kinds: frozenset[str]
    homes: tuple[str, ...]
    hosts: tuple[str, ...]
    sources: tuple[str, ...]
    read_on: str

    def applies(self, kind: Kind, profession: str | None, home: str) -> bool:
        """Return whether it speaks of such a document from a country."""
        return kind in self.kinds and profession in self.professions and home in self.homes

    def hosts_for(self, home: str) -> tuple[str, ...]:
        """Return the other countries in which a document from `home` is recognised."""
        return tuple(host for host in self.hosts if host != home)


@dataclass(frozen=True)
class Standing:
    """What a claim is worth in a country, and by which scheme where there is one.

    Attributes
    ----------
    part
        ISO 3166-2, where the authority is of a part of its country only.
    """

    worth: Worth
    authority: str
    home: str
    country: str
    scheme: Scheme | None = None
    part: str | None = None

    def sentence(self, locale: Locale) -> str:
        """Return the sentence that says so, in English or French."""
        country = _name(self.country, locale)
        if self.part is not None and self.country == self.home:
            country = _PART[locale].format(country=country, part=self.part)
        scheme = _scheme_name(self.scheme, locale) if self.scheme else ""
        return _SENTENCES[locale][self.worth].format(authority=self.authority, country=country, scheme=scheme)


def standing_in(claim: Claim, profession: str | None, country: str) -> Standing:
    """Return what a claim of a person of a profession (ISCO-08) is worth in a country (alpha-2).

    It says nothing of whether the claim is true, or current: that is the review's.
    """
    scheme = _between(recognised(claim, profession), claim.country, country)
    if claim.country == country:
        part = claim.listed.subdivision if claim.listed else None
        return Standing(_at_home(claim), claim.authority, country, country, part=part)
    worth = scheme.effect if scheme else Worth.NO_LICENCE
    return Standing(worth, claim.authority, claim.country, country, scheme)


def recognised(claim: Claim, profession: str | None) -> tuple[Scheme, ...]:
    """Return the schemes that speak of such a claim, by id."""
    listed = claim.listed
    if listed is not None and not listed.licenses:
        return ()
    return _speaking_of(claim.kind, profession, claim.country)


def recognised_in(badge: Badge, country: str) -> Scheme | None:
    """Return the scheme by which another country recognises what a badge stands for, if there is one."""
    if not badge.licenses:
        return None
    return _between(_speaking_of(Kind(badge.kind), badge.profession, badge.country), badge.country, country)


def _speaking_of(kind: Kind, profession: str | None, home: str) -> tuple[Scheme, ...]:
    return tuple(one for one in schemes() if one.applies(kind, profession, home))


def _between(found: Iterable[Scheme], home: str, country: str) -> Scheme | None:
    return next((one for one in found if country in one.hosts_for(home)), None)


def effect_of(scheme: Scheme, locale: Locale) -> str:
    """Return the sentence on what a scheme does, for all of its countries."""
    return _EFFECTS[locale][scheme.effect].format(scheme=_scheme_name(scheme, locale))


def elsewhere(locale: Locale) -> str:
    """Return what holds in all countries that no scheme names."""
    return _ELSEWHERE[locale]


def _at_home(claim: Claim) -> Worth:
    listed = claim.listed
    if listed is not None and not listed.licenses:
        return Worth.NO_LICENCE
    return {Kind.LICENCE: Worth.LICENSED, Kind.REGISTRATION: Worth.REGISTERED}.get(
        claim.kind, Worth.NO_LICENCE
    )


@cache
def schemes() -> tuple[Scheme, ...]:
    """Return every scheme, by id."""
    with (DATA / "recognition.csv").open(encoding="utf-8", newline="") as source:
        return tuple(_scheme(row) for row in csv.DictReader(source))


def _scheme(row: Mapping[str, str]) -> Scheme:
    return Scheme(
        id=row["id"],
        name=row["name"],
        name_fr=row["name_fr"],
        effect=Worth(row["effect"]),
        professions=frozenset(codes_of(row["professions"])),
        kinds=frozenset(codes_of(row["kinds"])),
        homes=codes_of(row["homes"]),
        hosts=codes_of(row["hosts"]),
        sources=(row["source_url"], *row["parties_source_url"].split()),
        read_on=row["read_on"],
    )


def _name(country: str, locale: Locale) -> str:
    found = codes.country(country)
    if found is None:
        return country
    return found.name if locale == "en" else found.name_fr


def _scheme_name(scheme: Scheme, locale: Locale) -> str:
    return scheme.name if locale == "en" else scheme.name_fr


_ELSEWHERE: Mapping[Locale, str] = {
    "en": "In every other country: not a licence to practise.",
    "fr": "Dans tout autre pays\u00a0: ne vaut pas autorisation d’exercer.",
}
_PART: Mapping[Locale, str] = {"en": "{country}, of {part} only", "fr": "{country}, pour {part} seulement"}

# What each scheme does, by its effect. French names of countries stand apart, as each takes another preposition.
_EFFECTS: Mapping[Locale, Mapping[Worth, str]] = {
    "en": {
        Worth.AUTOMATIC: "Qualifications from a member country are recognised automatically where the conditions of "
        "{scheme} are met, among them on nationality and training. Recognition has to be applied for, and is not "
        "yet a licence to practise.",
        Worth.ENTITLED_TO_REGISTER: "Whoever is registered in one country may register in the same profession in the "
        "other ({scheme}). Registration has to be applied for: this is not yet a licence to practise there.",
        Worth.EXAMINATION_WAIVED: "Under conditions, the examination before registration is waived ({scheme}). "
        "Registration still has to be applied for: this is not a licence to practise.",
        Worth.ARRANGEMENT: "The {scheme} eases moving to another member country, by that country's own rules. It is "
        "not a licence to practise.",
    },
    "fr": {
        Worth.AUTOMATIC: "Les qualifications d’un pays membre sont reconnues automatiquement aux conditions du texte, "
        "dont la nationalité et la formation ({scheme}). La reconnaissance se demande et ne vaut pas encore "
        "autorisation d’exercer.",
        Worth.ENTITLED_TO_REGISTER: "Qui est inscrit dans l’un des pays peut s’inscrire dans la même profession dans "
        "l’autre ({scheme}). L’inscription se demande\u00a0: ce n’est pas encore une autorisation d’y exercer.",
        Worth.EXAMINATION_WAIVED: "L’examen préalable à l’inscription n’est pas exigé, sous conditions ({scheme}). "
        "L’inscription reste à demander\u00a0: ce n’est pas une autorisation d’exercer.",
        Worth.ARRANGEMENT: "Ce texte facilite l’exercice dans un autre pays membre, selon les règles de celui-ci "
        "({scheme}). Ce n’est pas une autorisation d’exercer.",
    },
}
_SENTENCES: Mapping[Locale, Mapping[Worth, str]] = {
    "en": {
        Worth.LICENSED: "Licence to practise, issued by {authority} ({country}).",
        Worth.REGISTERED: "Registered with {authority} ({country}). A registration does not always include a licence "
        "to practise: the register says so.",
        Worth.NO_LICENCE: "{country}: not a licence to practise.",
        **{worth: f"{{country}}: {text}" for worth, text in _EFFECTS["en"].items()},
    },
    "fr": {
        Worth.LICENSED: "Autorisation d’exercer, délivrée par {authority} ({country}).",
        Worth.REGISTERED: "Inscription auprès de {authority} ({country}). Une inscription ne vaut pas toujours "
        "autorisation d’exercer\u00a0: le registre le dit.",
        Worth.NO_LICENCE: "{country}\u00a0: ne vaut pas autorisation d’exercer.",
        **{worth: f"{{country}}\u00a0: {text}" for worth, text in _EFFECTS["fr"].items()},
    },
}
