"""What counts: which verified credentials make somebody a verified mentor of a programme, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from chalicelib.credentials.kinds import Kind
from chalicelib.people.model import Badge

VOUCHED_UNTIL = datetime(9999, 12, 31, tzinfo=UTC)
"""Up to when somebody is verified for whom coordinators vouch: until these take them out."""


class Place(StrEnum):
    """Where a credential has to come from."""

    ANYWHERE = "anywhere"
    COUNTRY_OF_PRACTICE = "country_of_practice"


@dataclass(frozen=True)
class Requirement:
    """One of these kinds, from that place.

    Attributes
    ----------
    right_to_practise
        Whether what an authority issues that licenses nobody (a provider number) is left out.
    """

    kinds: frozenset[Kind]
    place: Place = Place.ANYWHERE
    right_to_practise: bool = False


@dataclass(frozen=True)
class Rule:
    """What verifies people of some professions: every requirement, each by a credential of its own or a shared one.

    Attributes
    ----------
    professions
        ISCO-08 codes; empty for all that no other rule names.
    """

    requirements: tuple[Requirement, ...]
    professions: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.requirements or any(not one.kinds for one in self.requirements):
            raise ValueError(
                "a rule without a requirement, or a requirement without a kind, would verify everybody"
            )


@dataclass(frozen=True)
class Held:
    """A verified credential, as far as it counts: until an instant that is not part of it."""

    kind: Kind
    country: str
    until: datetime
    profession: str | None = None
    licenses: bool = True

    @classmethod
    def of(cls, badge: Badge) -> "Held":
        """Return what a verified credential counts as, by what the person's row says of it."""
        return cls(Kind(badge.kind), badge.country, badge.until, badge.profession, badge.licenses)


@dataclass(frozen=True)
class Verdict:
    """Until when somebody is verified, or None and what is missing by the rule that is nearest to be met."""

    until: datetime | None
    missing: tuple[Requirement, ...] = ()


@dataclass(frozen=True)
class WhatCounts:
    """A programme's rules. Rules for the same professions are alternatives: the one that lasts longest decides.

    Attributes
    ----------
    vouched
        Whether no credential is asked for: coordinators know who each mentor is, and enrol them. There are no rules
        then.
    """

    rules: tuple[Rule, ...]
    vouched: bool = False

    def rules_for(self, profession: str | None) -> tuple[Rule, ...]:
        """Return the rules that name a profession; if none does, those for everybody else."""
        named = tuple(rule for rule in self.rules if profession in rule.professions)
        return named or tuple(rule for rule in self.rules if not rule.professions)

    def asks_for(self, kind: Kind) -> bool:
        """Tell whether a kind is among those that verify anybody by these rules."""
        return any(kind in need.kinds for rule in self.rules for need in rule.requirements)

    def verdict(
        self, profession: str | None, country: str | None, held: Iterable[Held], now: datetime
    ) -> Verdict:
        """Return until when a person is verified by what they hold.

        Parameters
        ----------
        profession, country
            ISCO-08 and alpha-2 of the person's practice; without a country nothing is from the country of practice.
        held
            A credential that was verified for another profession does not count; one without a profession does.
        """
        if self.vouched:
            return Verdict(VOUCHED_UNTIL)
        counting = [
            one
            for one in held
            if one.until > now and (one.profession is None or one.profession == profession)
        ]
        nearest: tuple[Requirement, ...] | None = None
        latest: datetime | None = None
        for rule in self.rules_for(profession):
            ends = [_until(requirement, country, counting) for requirement in rule.requirements]
            missing = tuple(need for need, end in zip(rule.requirements, ends, strict=True) if end is None)
            if not missing:
                end = min(end for end in ends if end is not None)
                latest = end if latest is None else max(latest, end)
            elif nearest is None or len(missing) < len(nearest):
                nearest = missing
        return Verdict(latest) if latest is not None else Verdict(None, nearest or ())


def _until(need: Requirement, country: str | None, held: Iterable[Held]) -> datetime | None:
    return max((one.until for one in held if _meets(one, need, country)), default=None)


def _meets(one: Held, need: Requirement, country: str | None) -> bool:
    near = need.place is Place.ANYWHERE or (country is not None and one.country == country)
    return one.kind in need.kinds and near and (one.licenses or not need.right_to_practise)
