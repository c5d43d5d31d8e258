"""What must hold over all credentials of one person: which wait, and up to when each verified one counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.credentials.errors import AlreadySubmitted, TooManyOpen
from chalicelib.credentials.model import UNDECIDED, Credential

MAX_OPEN = 10  # undecided credentials of one person at a time


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

    def after(self, credential: Credential, *, forced: bool = False) -> "CredentialFile":
        """Return the file once a credential stands as given.

        Parameters
        ----------
        forced
            Whether it waits by no doing of its person: then nothing stands in its way.

        Raises
        ------
        AlreadySubmitted
            If the same claim is undecided already.
        TooManyOpen
            If `MAX_OPEN` are.
        """
        others = {one: digest for one, digest in self.open.items() if one != credential.id}
        verified = {one: until for one, until in self.verified.items() if one != credential.id}
        if credential.verified_until is not None:
            verified[credential.id] = credential.verified_until
        if credential.status not in UNDECIDED:
            return replace(self, open=others, verified=verified)
        if not forced and credential.claim.fingerprint in others.values():
            raise AlreadySubmitted(
                "This kind, authority and number waits for its review already. Withdraw it first to correct it."
            )
        if not forced and len(others) >= MAX_OPEN:
            raise TooManyOpen(
                f"At most {MAX_OPEN} credentials may wait for their review at a time. "
                "Withdraw one, or wait for a decision."
            )
        return replace(self, open={**others, credential.id: credential.claim.fingerprint}, verified=verified)
