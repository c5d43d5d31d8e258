"""Another wording of a claim: when its person may give it one, and what differs from the one before."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from chalicelib.credentials.claims import Claim
from chalicelib.credentials.errors import TooManyRevisions, UnderReview
from chalicelib.credentials.model import Credential, HandedIn, Move, Status, moved

MAX_REVISIONS = 60
"""Wordings of one credential, so that a reviewer reads all of them at once."""


def reworded(credential: Credential, claim: Claim, now: datetime) -> tuple[Move, Credential]:
    """Return the move that another wording is, and the credential after it.

    What two persons were to decide begins anew: an opinion is about the wording that it was given on. What is verified
    comes to the reviewers again, and counts meanwhile up to the instant that it had. While more is wanted, reviewers
    have what came to them last, until its person submits another.

    Raises
    ------
    UnderReview
        While a reviewer holds the case: nobody is to decide what is changed under their eyes.
    TooManyRevisions
        If there were `MAX_REVISIONS`.
    AlreadyDecided, CredentialWithdrawn
        If it is rejected, expired, revoked or withdrawn.
    """
    live = credential.live_lease(now)
    if credential.status is Status.IN_REVIEW and live is not None:
        raise UnderReview(live.until)
    verified = credential.status_at(now) is Status.VERIFIED
    move = Move.AMEND if verified else Move.EDIT
    keeps = credential.verified_until if verified else credential.keeps_until
    handed_in = credential.handed_in
    if handed_in is None and credential.status is Status.MORE_WANTED:
        handed_in = HandedIn(credential.revision, credential.claim)
    after = moved(
        credential, move, now, claim=claim, revision=credential.revision + 1, opinions=(), keeps_until=keeps,
        handed_in=handed_in,
    )  # fmt: skip
    if after.revision > MAX_REVISIONS:
        raise TooManyRevisions
    return move, after


@dataclass(frozen=True)
class Wording:
    """A wording of a claim, with its person as they stood.

    Attributes
    ----------
    revision
        Its number among the claim's wordings.
    replaced_at
        When another took its place; None of the present one.
    """

    revision: int
    claim: Claim
    person_name: str
    profession: str | None
    replaced_at: datetime | None = None

    @classmethod
    def present(cls, credential: Credential) -> "Wording":
        """Return the wording that reviewers have."""
        one = credential.as_handed_in
        return cls(one.revision, one.claim, one.person_name, one.profession)


@dataclass(frozen=True)
class Difference:
    """What one field said before, and says now; None where it says nothing."""

    field: str
    before: str | None
    after: str | None


_FIELDS = tuple(one.name for one in fields(Claim))


def differences(before: Wording, after: Wording) -> tuple[Difference, ...]:
    """Return what differs between two wordings, field by field, in the order of the claim's fields."""
    one, other = _said(before), _said(after)
    return tuple(Difference(name, one[name], other[name]) for name in one if one[name] != other[name])


def _said(wording: Wording) -> dict[str, str | None]:
    claim: dict[str, Any] = asdict(wording.claim)
    told = {name: str(claim[name]) if claim[name] else None for name in _FIELDS}
    return {**told, "person_name": wording.person_name, "profession": wording.profession}
