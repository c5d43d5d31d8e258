"""What must hold over all credentials of one person: which wait, and up to when each verified one counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.credentials.errors import AlreadySubmitted, TooManyOpen
from chalicelib.credentials.model import UNDECIDED, Credential
from chalicelib.people.model import Badge, Standing

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
    badges
        What others may know of the verified ones, by their ids: as they were worded when they were verified.
    """

    person_id: str
    open: Mapping[str, str] = field(default_factory=dict)
    verified: Mapping[str, datetime] = field(default_factory=dict)
    badges: Mapping[str, Badge] = field(default_factory=dict)
    created_at: datetime | None = None
    version: int | None = None

    @property
    def verified_until(self) -> datetime | None:
        """The person's standing: the latest instant up to which any of their credentials counts."""
        return max(self.verified.values(), default=None)

    def is_verified(self, now: datetime) -> bool:
        """Tell whether any of their credentials counts at an instant."""
        return self.verified_until is not None and self.verified_until > now

    def counting(self, now: datetime) -> frozenset[str]:
        """Return the ids of those that count at an instant."""
        return frozenset(one for one, until in self.verified.items() if until > now)

    def standing(self, now: datetime) -> Standing:
        """Return what the person's row is to say, without the badges that are over."""
        return Standing(self.verified_until, tuple(one for one in self.badges.values() if one.until > now))

    def after(
        self, credential: Credential, *, organisation: str | None = None, forced: bool = False
    ) -> "CredentialFile":
        """Return the file once a credential stands as given.

        Parameters
        ----------
        organisation
            The name of the organisation whose reviewers have just verified it; None where nobody has.
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
        badges = {one: badge for one, badge in self.badges.items() if one in verified}
        if credential.verified_until is not None:
            verified[credential.id] = credential.verified_until
            held = badge_of(credential, organisation) if organisation else self.badges.get(credential.id)
            if held is not None:
                badges[credential.id] = replace(held, until=credential.verified_until)
        if credential.status not in UNDECIDED:
            return replace(self, open=others, verified=verified, badges=badges)
        if not forced and credential.claim.fingerprint in others.values():
            raise AlreadySubmitted(
                "This kind, authority and number waits for its review already. Correct that one."
            )
        if not forced and len(others) >= MAX_OPEN:
            raise TooManyOpen(
                f"At most {MAX_OPEN} credentials may wait for their review at a time. "
                "Withdraw one, or wait for a decision."
            )
        waiting = {**others, credential.id: credential.claim.fingerprint}
        return replace(self, open=waiting, verified=verified, badges=badges)


def badge_of(credential: Credential, organisation: str) -> Badge:
    """Return what others may know of a credential that is verified.

    Parameters
    ----------
    organisation
        The name of the organisation whose reviewers did so.
    """
    claim, decision, until = credential.claim, credential.decision, credential.verified_until
    listed = claim.listed
    if decision is None or until is None:
        raise ValueError("only what is verified has a badge")
    return Badge(
        claim.kind.value,
        claim.authority,
        claim.country,
        credential.organisation_id,
        organisation,
        decision.at,
        until,
        credential.profession,
        listed is None or listed.licenses,
        listed.subdivision if listed is not None else None,
    )
