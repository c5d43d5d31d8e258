"""What reviewers decide, in codes and words, and for how long a verification counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.credentials.claims import Claim
from chalicelib.credentials.days import end_of, months_after, today_in
from chalicelib.credentials.errors import HasExpired
from chalicelib.kernel.errors import Invalid

# What counts when the document names no end: a year from the decision, then somebody looks again.
DEFAULT_VALIDITY = timedelta(days=365)
LONGEST_VALIDITY = timedelta(days=10 * 366)


class RejectReason(StrEnum):
    NOT_IN_REGISTER = "not_in_register"
    NAME_DIFFERS = "name_differs"
    NUMBER_DIFFERS = "number_differs"
    NOT_CURRENT = "not_current"
    WRONG_KIND = "wrong_kind"
    INCOMPLETE = "incomplete"
    OTHER = "other"


class RevokeReason(StrEnum):
    WITHDRAWN_BY_AUTHORITY = "withdrawn_by_authority"
    SUSPENDED = "suspended"
    FALSE_DOCUMENT = "false_document"
    VERIFIED_IN_ERROR = "verified_in_error"
    OTHER_CAUSE = "other_cause"


Reason = RejectReason | RevokeReason


def reason_of(code: str) -> Reason:
    """Read a reason's code; no code is in both lists."""
    return RejectReason(code) if code in set(RejectReason) else RevokeReason(code)


class Missing(StrEnum):
    """What a reviewer may still want of a person."""

    NUMBER = "number"
    NAME = "name"
    DATES = "dates"
    AUTHORITY = "authority"
    EVIDENCE = "evidence"
    TRANSLATION = "translation"
    OTHER = "other"


@dataclass(frozen=True)
class Decision:
    """How a reviewer decided, or why they revoked.

    Attributes
    ----------
    valid_until
        The last day that counts.
    counts_until
        The instant at which that day is over in the authority's country. Decisions from before there were such
        instants have none, and count to the day's end in UTC.
    reason, reason_text
        What the person reads.
    checklist
        The answers that a verification rests on, by the questions' codes.
    revision
        The wording that it is about; of a revocation, the one that had been verified. Decisions from before wordings
        were kept with them have none.
    """

    by: str
    at: datetime
    valid_until: date | None = None
    counts_until: datetime | None = None
    reason: Reason | None = None
    reason_text: str | None = None
    checklist: Mapping[str, str] = field(default_factory=dict)
    revision: int | None = None

    @property
    def ends_at(self) -> datetime | None:
        """The instant up to which a verification counts; None of another decision."""
        if self.valid_until is None or self.counts_until is not None:
            return self.counts_until
        return end_of(self.valid_until, None)


class Verdict(StrEnum):
    VERIFY = "verify"
    REJECT = "reject"


@dataclass(frozen=True)
class Opinion:
    """How one of two persons would decide, before the other has."""

    verdict: Verdict
    decision: Decision


@dataclass(frozen=True)
class Wanted:
    """What a reviewer wants to know before they decide; the person reads codes and text. `revision` is the wording that
    it is about; None of what was asked before it was kept with it."""

    by: str
    at: datetime
    missing: tuple[Missing, ...]
    text: str
    revision: int | None = None


def validity(claim: Claim, wanted: date | None, now: datetime, months: int | None = None) -> date:
    """Return the last day on which a credential verified at `now` counts.

    It is the day that the reviewer names; else the document's own last day, or the one `DEFAULT_VALIDITY` after the
    decision where it names none, if the organisation does not want it looked at again earlier.

    Parameters
    ----------
    months
        After how many months from now the organisation wants it looked at again.

    Raises
    ------
    HasExpired
        If the document has expired while it waited.
    Invalid
        If the reviewer names a day that has passed, lies beyond the document's own, beyond the organisation's
        months, or beyond ten years.
    """
    if claim.expires_on is not None and end_of(claim.expires_on, claim.country) <= now:
        raise HasExpired("The document expired while it waited: reject it as not current.")
    latest = months_after(today_in(claim.country, now), months) if months is not None else None
    if wanted is None:
        own = claim.expires_on or now.date() + DEFAULT_VALIDITY
        return min(own, latest) if latest is not None else own
    if end_of(wanted, claim.country) <= now:
        raise Invalid.field("/valid_until", "This day is over: name the last day on which it is to count.")
    if claim.expires_on is not None and wanted > claim.expires_on:
        raise Invalid.field("/valid_until", f"The document itself expires on {claim.expires_on.isoformat()}.")
    if latest is not None and wanted > latest:
        raise Invalid.field(
            "/valid_until",
            f"The organisation looks at this kind again after {months} months: {latest.isoformat()}.",
        )
    if wanted > now.date() + LONGEST_VALIDITY:
        raise Invalid.field("/valid_until", "Name a day within ten years; then it is to be looked at again.")
    return wanted
