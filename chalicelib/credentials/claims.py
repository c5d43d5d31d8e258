"""What a person says that an authority has granted them, and what must hold of it before anybody reviews it."""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.people import codes

# Plausible days, rules of ours: nobody practises on a document of more than 80 years ago, and none is issued for
# more than 50 years; "9999-12-31" stands for "no end" in some registers and is to be left out here.
OLDEST = timedelta(days=80 * 366)
LONGEST = timedelta(days=50 * 366)
# A day has begun somewhere on Earth up to 14 hours before it begins in UTC (Kiritimati, UTC+14).
EARLIEST_ZONE = timedelta(hours=14)


class Kind(StrEnum):
    LICENCE = "licence"
    REGISTRATION = "registration"
    DEGREE = "degree"
    BOARD_CERTIFICATION = "board_certification"
    FELLOWSHIP = "fellowship"
    GOOD_STANDING = "good_standing"


# An entry in a register is known by its number; a degree or a letter may carry none.
NUMBERED = frozenset({Kind.LICENCE, Kind.REGISTRATION, Kind.BOARD_CERTIFICATION})


@dataclass(frozen=True)
class Claim:
    """What a person says that an authority has granted them.

    Attributes
    ----------
    number
        As the document shows it; empty where the kind carries none.
    country
        ISO 3166-1 alpha-2, of the authority.
    expires_on
        The last day on which the document holds, or None if it names none.
    """

    kind: Kind
    authority: str
    number: str
    name_on_document: str
    country: str
    issued_on: date
    expires_on: date | None = None

    @property
    def fingerprint(self) -> str:
        """Return a digest that is the same for the same claim, whatever its spaces and capitals."""
        said = (self.kind.value, self.country, self.authority, self.number)
        text = "|".join("".join(part.casefold().split()) for part in said)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def end_of(day: date) -> datetime:
    """Return the instant at which a day is over: a credential counts to the end of its last day, in UTC."""
    # The calendar of dates itself ends with 9999-12-31, which a client may send.
    return datetime.combine(min(day, date.max - timedelta(days=1)) + timedelta(days=1), time(), UTC)


def checked_claim(claim: Claim, now: datetime) -> Claim:
    """Return the claim with its country in the canonical spelling.

    Raises
    ------
    Invalid
        With one `FieldError` for each thing wrong, all of them at once.
    """
    errors: list[FieldError] = []
    country = codes.country(claim.country)
    if country is None:
        errors.append(
            FieldError("/country", "Give an ISO 3166-1 code from GET /v1/codes/countries, for example KE.")
        )
    if not claim.number and claim.kind in NUMBERED:
        errors.append(FieldError("/number", f"Give the number of the {claim.kind.replace('_', ' ')}."))
    errors += _days_wrong(claim, now)
    if errors:
        raise Invalid("The credential has fields that need mending.", tuple(errors))
    return replace(claim, country=country.alpha2 if country else claim.country)


def _days_wrong(claim: Claim, now: datetime) -> list[FieldError]:
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
    elif end_of(expires) <= now:
        errors.append(FieldError("/expires_on", "This document has expired: submit the current one."))
    elif expires > now.date() + LONGEST:
        errors.append(
            FieldError(
                "/expires_on", "This is more than 50 years ahead; leave it out if the document has no end."
            )
        )
    return errors
