"""Credentials: the states of a claim, and what each move between them takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.credentials.claims import Claim, end_of
from chalicelib.kernel.errors import Conflict, Forbidden, Invalid

MAX_OPEN = 10  # undecided credentials of one person at a time
# What counts when the document names no end: a year from the decision, then somebody looks again.
DEFAULT_VALIDITY = timedelta(days=365)
LONGEST_VALIDITY = timedelta(days=10 * 366)


class Status(StrEnum):
    """EXPIRED is never stored: it is what VERIFIED is called once its last day is over."""

    SUBMITTED = "submitted"
    VERIFIED = "verified"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Mover(StrEnum):
    """Who makes a move: its owner, a reviewer of the organisation, or the calendar."""

    OWNER = "owner"
    REVIEWER = "reviewer"
    CALENDAR = "calendar"


class Move(StrEnum):
    WITHDRAW = "withdraw"
    VERIFY = "verify"
    REJECT = "reject"
    EXPIRE = "expire"


@dataclass(frozen=True)
class MoveRule:
    """From which states a move leads where, who makes it, and which mail it sends."""

    sources: frozenset[Status]
    target: Status
    by: Mover
    mail: str | None = None


MOVES: Mapping[Move, MoveRule] = {
    Move.WITHDRAW: MoveRule(frozenset({Status.SUBMITTED}), Status.WITHDRAWN, Mover.OWNER),
    Move.VERIFY: MoveRule(
        frozenset({Status.SUBMITTED}), Status.VERIFIED, Mover.REVIEWER, mail="credential-verified"
    ),
    Move.REJECT: MoveRule(
        frozenset({Status.SUBMITTED}), Status.REJECTED, Mover.REVIEWER, mail="credential-rejected"
    ),
    Move.EXPIRE: MoveRule(frozenset({Status.VERIFIED}), Status.EXPIRED, Mover.CALENDAR),
}


class RejectReason(StrEnum):
    NOT_IN_REGISTER = "not_in_register"
    NAME_DIFFERS = "name_differs"
    NUMBER_DIFFERS = "number_differs"
    NOT_CURRENT = "not_current"
    WRONG_KIND = "wrong_kind"
    INCOMPLETE = "incomplete"
    OTHER = "other"


@dataclass(frozen=True)
class Decision:
    """How a reviewer decided: `valid_until` is the last day that counts, the reason is what the person reads."""

    by: str
    at: datetime
    valid_until: date | None = None
    reason: RejectReason | None = None
    reason_text: str | None = None


@dataclass(frozen=True)
class Credential:
    """A claim under review or decided.

    Attributes
    ----------
    person_name, profession
        As they stood when the claim was submitted: what the reviewer compares the document with.
    organisation_id
        Whose reviewers decide.
    revision
        Counts the claim's wordings, from 1.
    """

    id: str
    person_id: str
    person_name: str
    profession: str | None
    organisation_id: str
    claim: Claim
    submitted_at: datetime
    status: Status = Status.SUBMITTED
    revision: int = 1
    decision: Decision | None = None
    created_at: datetime | None = None
    version: int | None = None

    def status_at(self, now: datetime) -> Status:
        """Return the state at an instant: a verified credential has expired once its last day is over."""
        until = self.verified_until
        return MOVES[Move.EXPIRE].target if until is not None and until <= now else self.status

    @property
    def verified_until(self) -> datetime | None:
        """The instant up to which the credential verifies its person; None if it does not."""
        if self.status is not Status.VERIFIED or self.decision is None or self.decision.valid_until is None:
            return None
        return end_of(self.decision.valid_until)

    def waiting(self, now: datetime) -> timedelta | None:
        """Return for how long the credential has waited for its decision; None once it is decided."""
        return max(now - self.submitted_at, timedelta()) if self.status is Status.SUBMITTED else None


@dataclass(frozen=True)
class Seen:
    """A credential as it stands at an instant: its state by date, and for how long it has waited."""

    credential: Credential
    status: Status
    waiting: timedelta | None

    @classmethod
    def at(cls, credential: Credential, now: datetime) -> "Seen":
        return cls(credential, credential.status_at(now), credential.waiting(now))

    @property
    def version(self) -> int | None:
        return self.credential.version


@dataclass(frozen=True)
class CredentialFile:
    """What must hold over all credentials of one person, in one row that every change of them also changes.

    Attributes
    ----------
    open
        Undecided credentials: id to the claim's fingerprint.
    verified
        Verified credentials: id to the instant up to which each counts.
    """

    person_id: str
    open: Mapping[str, str] = field(default_factory=dict)
    verified: Mapping[str, datetime] = field(default_factory=dict)
    created_at: datetime | None = None
    version: int | None = None

    @property
    def verified_until(self) -> datetime | None:
        """The person's standing: the latest instant up to which any of their credentials counts."""
        return max(self.verified.values(), default=None)

    def with_open(self, credential: Credential) -> "CredentialFile":
        """Return the file with one more undecided credential.

        Raises
        ------
        AlreadySubmitted
            If the same claim is undecided already.
        TooManyOpen
            If `MAX_OPEN` are.
        """
        if credential.claim.fingerprint in self.open.values():
            raise AlreadySubmitted(
                "This kind, authority and number waits for its review already. Withdraw it first to correct it."
            )
        if len(self.open) >= MAX_OPEN:
            raise TooManyOpen(
                f"At most {MAX_OPEN} credentials may wait for their review at a time. "
                "Withdraw one, or wait for a decision."
            )
        return replace(self, open={**self.open, credential.id: credential.claim.fingerprint})

    def with_decided(self, credential: Credential) -> "CredentialFile":
        """Return the file after a credential was decided or withdrawn."""
        waiting = {one: digest for one, digest in self.open.items() if one != credential.id}
        verified = {one: until for one, until in self.verified.items() if one != credential.id}
        if credential.verified_until is not None:
            verified[credential.id] = credential.verified_until
        return replace(self, open=waiting, verified=verified)


class AlreadySubmitted(Conflict):
    code = "credential-already-submitted"
    title = "This credential waits for its review"


class TooManyOpen(Conflict):
    code = "too-many-open-credentials"
    title = "Too many credentials wait for their review"


class AlreadyDecided(Conflict):
    code = "credential-already-decided"
    title = "This credential was decided or withdrawn"


class FileChanged(Conflict):
    code = "credential-file-changed"
    title = "Another credential of this person changed at the same moment"

    def __init__(self) -> None:
        super().__init__("Nothing was changed. Send the request again.")


class HasExpired(Conflict):
    code = "credential-expired"
    title = "The document has expired"


class OwnCredential(Forbidden):
    code = "own-credential"
    title = "Nobody decides their own credential"

    def __init__(self) -> None:
        super().__init__("Another reviewer of the organisation has to decide this one.")


def moved(credential: Credential, move: Move, decision: Decision | None = None) -> Credential:
    """Return the credential after a move of the table.

    Raises
    ------
    AlreadyDecided
        If the move does not start from the credential's state.
    """
    rule = MOVES[move]
    if credential.status not in rule.sources:
        raise AlreadyDecided(f"It is {credential.status} and can no longer be {rule.target}.")
    return replace(credential, status=rule.target, decision=decision or credential.decision)


def validity(claim: Claim, wanted: date | None, now: datetime) -> date:
    """Return the last day on which a credential verified at `now` counts.

    It is the day that the reviewer names; else the document's own last day; else the one `DEFAULT_VALIDITY` after
    the decision.

    Raises
    ------
    HasExpired
        If the document has expired while it waited.
    Invalid
        If the reviewer names a day that has passed, lies beyond the document's own, or beyond ten years.
    """
    if claim.expires_on is not None and end_of(claim.expires_on) <= now:
        raise HasExpired("The document expired while it waited: reject it as not current.")
    if wanted is None:
        return claim.expires_on or now.date() + DEFAULT_VALIDITY
    if end_of(wanted) <= now:
        raise Invalid.field("/valid_until", "This day is over: name the last day on which it is to count.")
    if claim.expires_on is not None and wanted > claim.expires_on:
        raise Invalid.field("/valid_until", f"The document itself expires on {claim.expires_on.isoformat()}.")
    if wanted > now.date() + LONGEST_VALIDITY:
        raise Invalid.field("/valid_until", "Name a day within ten years; then it is to be looked at again.")
    return wanted
