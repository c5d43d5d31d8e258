"""Certificates: what one holds, its states, and what of it is shown to everybody."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.certificates.errors import CertificateRevoked, CertificateUnsigned
from chalicelib.mentorships.record import Record
from chalicelib.programmes.model import CertificateRule, PairKind, Side


class Status(StrEnum):
    """ORDERED is being signed, ISSUED is signed and valid, REVOKED is signed and valid no longer."""

    ORDERED = "ordered"
    ISSUED = "issued"
    REVOKED = "revoked"


class Move(StrEnum):
    SIGN = "sign"
    REVOKE = "revoke"


MOVES: Mapping[tuple[Status, Move], Status] = {
    (Status.ORDERED, Move.SIGN): Status.ISSUED,
    (Status.ISSUED, Move.REVOKE): Status.REVOKED,
}
"""All moves there are: a revocation is for good, since verifiers may have kept what the list said."""


class RevocationReason(StrEnum):
    """Why a coordinator took a certificate back."""

    ISSUED_IN_ERROR = "issued_in_error"
    RECORD_WRONG = "record_wrong"
    MISCONDUCT = "misconduct"
    HOLDERS_WISH = "holders_wish"
    OTHER = "other"


@dataclass(frozen=True)
class Shown:
    """What the holder lets everybody see who has the certificate's address; nothing, until they choose."""

    name: bool = False
    programme: bool = False
    dates: bool = False
    hours: bool = False
    goals: bool = False


@dataclass(frozen=True)
class Revocation:
    """That a certificate was taken back, and why; the text is for the organisation's coordinators alone."""

    reason: RevocationReason
    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Signature:
    """By which key a certificate was signed, when, and at which place of which status list it would be revoked."""

    key_id: str
    at: datetime
    list_name: str
    index: int


@dataclass(frozen=True)
class OfMentorship:
    """That a certificate is of a mentorship, for one of its two."""

    mentorship_id: str
    programme_id: str
    side: Side
    rule: CertificateRule
    kind: PairKind = PairKind.ONE_TO_ONE

    @property
    def role(self) -> str:
        """What the holder was in it."""
        return self.kind.role_of(self.side).value


@dataclass(frozen=True)
class OfActivity:
    """That a certificate is of something else that its holder took part in.

    Attributes
    ----------
    kind, id, role
        By which whoever awards it knows it, and what the holder was in it; nothing here reads these names.
    title, description, criteria
        In the holder's language, by whoever awards it; they are signed as they stand.
    """

    kind: str
    id: str
    role: str
    title: str
    description: str
    criteria: str


@dataclass(frozen=True)
class Certificate:
    """A certificate for one person, with all that is signed: it says the same ever after, whatever becomes of the rows
    that it was made from.

    Attributes
    ----------
    id
        Random as a whole: who knows it reads the public page.
    holder_name, programme_name, organisation_name
        As they were when it was ordered; of an activity, its own name is the programme's.
    locale
        The holder's, in whose language it is written.
    """

    id: str
    of: OfMentorship | OfActivity
    organisation_id: str
    holder_id: str
    holder_name: str
    programme_name: str
    organisation_name: str
    locale: str
    record: Record
    ordered_at: datetime
    status: Status = Status.ORDERED
    shown: Shown = field(default_factory=Shown)
    signature: Signature | None = None
    revocation: Revocation | None = None
    version: int | None = None

    @property
    def occasion(self) -> str:
        """Of what it is, and for whom: there is one certificate of each. Messages are named by it, as the id is the
        holder's to hand on."""
        if isinstance(self.of, OfMentorship):
            return f"{self.of.mentorship_id}:{self.of.side.value}"
        return f"{self.of.kind}:{self.of.id}:{self.holder_id}"


def signed(certificate: Certificate, signature: Signature) -> Certificate:
    """Return an ordered certificate as it is once it is signed."""
    return replace(certificate, status=MOVES[certificate.status, Move.SIGN], signature=signature)


def revoked(certificate: Certificate, revocation: Revocation) -> Certificate:
    """Return an issued certificate as it is once it is taken back.

    Raises
    ------
    CertificateUnsigned, CertificateRevoked
    """
    require_signed(certificate)
    if certificate.status is Status.REVOKED:
        raise CertificateRevoked("It was revoked before, and stays so.")
    return replace(certificate, status=MOVES[certificate.status, Move.REVOKE], revocation=revocation)


def require_signed(certificate: Certificate) -> Signature:
    """Return the signature of a certificate; raises `CertificateUnsigned`."""
    if certificate.signature is None:
        raise CertificateUnsigned("It is being signed, which takes some seconds. Ask again.")
    return certificate.signature
