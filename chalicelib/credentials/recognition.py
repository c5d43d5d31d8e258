"""What a claim is worth in a country: its own, those that recognise it, and all others.

Where one country's authority recognises another's documents is data, `data/recognition.csv`, with a source and a date
for each row. Every recognition has conditions that only the receiving authority can judge, so none of them is called a
licence to practise (`recognition_words.py`).
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from chalicelib.credentials.authorities import DATA, codes_of
from chalicelib.credentials.claims import Claim
from chalicelib.credentials.kinds import Kind
from chalicelib.people.model import Badge


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
