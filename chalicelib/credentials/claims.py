"""What a person says that an authority has granted them, and what must hold of it before anybody reviews it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.credentials import authorities, numbers
from chalicelib.credentials.days import end_of
from chalicelib.credentials.kinds import Kind
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.people import codes

# Plausible days, rules of ours: nobody practises on a document of more than 80 years ago, and none is issued for
# more than 50 years; "9999-12-31" stands for "no end" in some registers and is to be left out here.
OLDEST = timedelta(days=80 * 366)
LONGEST = timedelta(days=50 * 366)
# A day has begun somewhere on Earth up to 14 hours before it begins in UTC (Kiritimati, UTC+14).
EARLIEST_ZONE = timedelta(hours=14)


class Expiry(StrEnum):
    """Whether documents of a kind name a last day."""

    EXPECTED = "expected"
    EITHER = "either"
    NONE = "none"


@dataclass(frozen=True)
class Needs:
    """What a kind needs. A missing number is refused; of a surprising last day, or none, a reviewer is told."""

    number: bool
    expiry: Expiry


# An entry in a register is known by its number; a degree or a letter may carry none.
NEEDS: Mapping[Kind, Needs] = {
    Kind.LICENCE: Needs(number=True, expiry=Expiry.EXPECTED),
    Kind.REGISTRATION: Needs(number=True, expiry=Expiry.EITHER),
    Kind.DEGREE: Needs(number=False, expiry=Expiry.NONE),
    Kind.BOARD_CERTIFICATION: Needs(number=True, expiry=Expiry.EITHER),
    Kind.FELLOWSHIP: Needs(number=False, expiry=Expiry.EITHER),
    Kind.GOOD_STANDING: Needs(number=False, expiry=Expiry.EITHER),
}
# What carries the number of the authority's register; a degree or a fellowship has one of its own, if any.
REGISTERED = frozenset({Kind.LICENCE, Kind.REGISTRATION, Kind.GOOD_STANDING})


@dataclass(frozen=True)
class Claim:
    """What a person says that an authority has granted them.

    Attributes
    ----------
    authority
        Its name: of the list if `authority_id` is set, else as the person wrote it.
    number
        As the document shows it; empty where the kind carries none.
    country
        ISO 3166-1 alpha-2, of the authority.
    expires_on
        The last day on which the document holds, or None if it names none.
    authority_id
        Of the list of `authorities`, or None for another authority, which a reviewer has to make sure of.
    """

    kind: Kind
    authority: str
    number: str
    name_on_document: str
    country: str
    issued_on: date
    expires_on: date | None = None
    authority_id: str | None = None

    @property
    def listed(self) -> authorities.Authority | None:
        """The authority of the list that the claim names by its id."""
        return authorities.authority(self.authority_id) if self.authority_id is not None else None

    @property
    def register_number(self) -> str:
        """The number in the form in which registers are asked for it."""
        return numbers.normalised(self.number)

    @property
    def series(self) -> tuple[str, str, str]:
        """What a document and the one that renews it have in common: kind, country, and authority in any spelling."""
        return self.kind.value, self.country, "".join(self.authority.casefold().split())

    @property
    def fingerprint(self) -> str:
        """A digest that is the same for the same claim, whatever its spaces, dashes and capitals."""
        return _digest(*self.series, self.register_number)

    @property
    def number_key(self) -> str | None:
        """A digest that is the same for all claims to one number of one authority, whoever's they are and however they
        are written; None without a number.

        A licence, a registration and a certificate of good standing carry the number of one register. Other kinds are
        counted each by itself: a fellow's number is no doctor's.
        """
        hint = hint_of(self)
        return self._number_key(self.authority_id or (hint.id if hint else None))

    @property
    def unlisted_number_key(self) -> str | None:
        """The key by the authority's name alone, as it was before the list knew the authority."""
        return self._number_key(None)

    def _number_key(self, authority_id: str | None) -> str | None:
        if not self.register_number:
            return None
        authority = authority_id or f"{self.country}|{authorities.folded(self.authority)}"
        register = "register" if self.kind in REGISTERED else self.kind.value
        return _digest(authority, register, self.register_number)


def checked_claim(claim: Claim, now: datetime) -> Claim:
    """Return the claim with its country, and a listed authority's name, in the canonical spelling.

    A claim that names an authority by its id may leave out the authority's name and country. A free text stays as it
    was written, even where it names an authority of the list: that is for the person to say (`hint_of`).

    Raises
    ------
    Invalid
        With one `FieldError` for each thing wrong, all of them at once.
    """
    errors: list[FieldError] = []
    listed = claim.listed
    country = _country(claim, listed, errors)
    if claim.authority_id is not None and listed is None:
        errors.append(
            FieldError(
                "/authority_id",
                "Give an id from GET /v1/codes/authorities, or leave it out and write the authority's name.",
            )
        )
    elif listed is None and not claim.authority:
        errors.append(
            FieldError(
                "/authority",
                "Name who issued it: an id from GET /v1/codes/authorities in authority_id, or a name here.",
            )
        )
    elif (
        listed is not None
        and claim.authority
        and authorities.named(claim.authority, listed.country) != listed
    ):
        errors.append(FieldError("/authority", f"authority_id says {listed.name}: leave this out."))
    errors += _number_wrong(claim, listed, country)
    errors += _days_wrong(claim, country, now)
    if errors:
        raise Invalid("The credential has fields that need mending.", tuple(errors))
    return replace(
        claim, authority=listed.name if listed else claim.authority, country=country or claim.country
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


def hint_of(claim: Claim) -> authorities.Authority | None:
    """Return the authority of the list that a free text seems to mean, in the claim's own country, or None."""
    return authorities.named(claim.authority, claim.country) if claim.authority_id is None else None


def _country(claim: Claim, listed: authorities.Authority | None, errors: list[FieldError]) -> str | None:
    if listed is not None and not claim.country:
        return listed.country
    found = codes.country(claim.country)
    if found is None:
        errors.append(
            FieldError("/country", "Give an ISO 3166-1 code from GET /v1/codes/countries, for example KE.")
        )
        return None
    if listed is not None and found.alpha2 != listed.country:
        errors.append(
            FieldError(
                "/country",
                f"{listed.name} is an authority of {listed.country}: send that, or leave this out.",
            )
        )
    return found.alpha2


def _number_wrong(
    claim: Claim, listed: authorities.Authority | None, country: str | None
) -> list[FieldError]:
    if not claim.number:
        called = claim.kind.replace("_", " ")
        return (
            [FieldError("/number", f"Give the number of the {called}.")] if NEEDS[claim.kind].number else []
        )
    wrong = numbers.unreadable(claim.number, country)
    form = listed.number if listed is not None and claim.kind in REGISTERED else None
    if wrong is None and form is not None and form.confirmed:
        wrong = numbers.misfit(claim.number, form)
    return [FieldError("/number", wrong)] if wrong is not None else []


def _days_wrong(claim: Claim, country: str | None, now: datetime) -> list[FieldError]:
    errors: list[FieldError] = []
    issued, expires = claim.issued_on, claim.expires_on
    if issued > (now + EARLIEST_ZONE).date():
        errors.append(FieldError("/issued_on", "This day is still to come: give the day of issue."))
    elif issued < now.date() - OLDEST:
        errors.append(FieldError("/issued_on", "This is more than 80 years ago; check the year."))
    if expires is None:
        return errors
    if expires <= issued:
        errors.append(FieldError("/expires_on", "A document expires after the day of its issue."))
    elif end_of(expires, country) <= now:
        errors.append(FieldError("/expires_on", "This document has expired: submit the current one."))
    elif expires > now.date() + LONGEST:
        errors.append(
            FieldError(
                "/expires_on", "This is more than 50 years ahead; leave it out if the document has no end."
            )
        )
    return errors
