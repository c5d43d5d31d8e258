"""Credentials: the states of a claim, and what each move between them takes.

Every move is a row of `MOVES`, and `moved` makes no other; docs/credentials.md is printed from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.credentials.claims import Claim
from chalicelib.credentials.decisions import Decision, Opinion, Wanted
from chalicelib.credentials.errors import AlreadyDecided, CredentialWithdrawn, WrongState
from chalicelib.kernel.errors import DomainError

LEASE = timedelta(minutes=30)
"""For how long a reviewer's claim on a case holds, from the last time they renewed it."""


class Status(StrEnum):
    """EXPIRED is never stored: it is what VERIFIED is called once its last day is over. IN_REVIEW is called SUBMITTED
    again once the reviewer's claim has lapsed."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    MORE_WANTED = "more_wanted"
    VERIFIED = "verified"
    REJECTED = "rejected"
    EXPIRED = "expired"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"


_REVIEWED_AGAIN = (Status.SUBMITTED, Status.IN_REVIEW, Status.MORE_WANTED)
UNDECIDED = frozenset({Status.DRAFT, Status.SUBMITTED, Status.IN_REVIEW, Status.MORE_WANTED})


class Mover(StrEnum):
    """Who makes a move."""

    OWNER = "owner"
    REVIEWER = "reviewer"
    HOLDER = "holder of the claim"
    COORDINATOR = "coordinator, by a batch"
    CALENDAR = "calendar"


class Need(StrEnum):
    """What a move asks for beyond its state and its maker."""

    CLAIM = "a live claim of one's own"
    REASON = "a reason's code"
    TEXT = "a text that the person reads"
    MISSING = "what is missing, by codes"
    VALIDITY = "a last day that the document allows"
    FREE = "no live claim of somebody else"
    UNCLAIMED = "no live claim of anybody"
    SEEN = "the present wording, as the claim has shown it"
    COUNTED = "that it was verified, and, where it waits, that it may still count"
    CHECKLIST = "the checklist answered, without a no"
    DIFFERENT = "not one's own credential, nor one of somebody with whom one has or had a mentorship"
    EVIDENCE = "an accepted file, where the organisation wants evidence of the kind"
    SECOND = (
        "where two persons decide: another person than the first, of the same mind; an admin where two differ"
    )


class Move(StrEnum):
    SAVE = "save"
    SUBMIT = "submit"
    EDIT = "edit"
    AMEND = "amend"
    WITHDRAW = "withdraw"
    CLAIM = "claim"
    RENEW = "renew"
    RELEASE = "release"
    ASSIGN = "assign"
    FREE = "free"
    LAPSE = "lapse"
    WANT_MORE = "want_more"
    OPINE = "opine"
    VERIFY = "verify"
    REJECT = "reject"
    REVOKE = "revoke"
    REVIEW_AGAIN = "review_again"
    EXPIRE = "expire"


@dataclass(frozen=True)
class MoveRule:
    """One move.

    Attributes
    ----------
    sources
        The states from which it leads away; None among them is where there is no credential yet.
    target
        The state that it leads to, or None where the state stays.
    needs
        What it is refused without.
    writes
        What it leaves beside the new state and the row of the trail.
    mail
        The kind that the person gets.
    """

    sources: frozenset[Status | None]
    target: Status | None
    by: Mover
    needs: tuple[Need, ...] = ()
    writes: str = ""
    mail: str | None = None


def _from(*sources: Status | None) -> frozenset[Status | None]:
    return frozenset(sources)


_DECIDES = (Need.CLAIM, Need.SEEN, Need.DIFFERENT)

MOVES: Mapping[Move, MoveRule] = {
    Move.SAVE: MoveRule(_from(None), Status.DRAFT, Mover.OWNER, writes="wording 1"),
    Move.SUBMIT: MoveRule(
        _from(None, Status.DRAFT, Status.MORE_WANTED), Status.SUBMITTED, Mover.OWNER, (Need.EVIDENCE,),
        writes="name and profession as they stand; a place at the end of the queue",
    ),
    Move.EDIT: MoveRule(
        _from(Status.DRAFT, Status.SUBMITTED, Status.MORE_WANTED), None, Mover.OWNER, (Need.UNCLAIMED,),
        writes="the next wording; the one before stays as `REVISION#<n>`; the end of what was said of it where two "
        "persons decide; what is submitted keeps its place in the queue",
    ),
    Move.AMEND: MoveRule(
        _from(Status.VERIFIED), Status.SUBMITTED, Mover.OWNER, (Need.EVIDENCE,),
        writes="the next wording, as above; name and profession as they stand; a place at the end of the queue; what "
        "it verified counts on until this is decided; its files stay",
    ),
    Move.WITHDRAW: MoveRule(
        _from(Status.DRAFT, Status.SUBMITTED, Status.IN_REVIEW, Status.MORE_WANTED), Status.WITHDRAWN, Mover.OWNER,
        writes="the end of any claim on the case, and of what it verified; when its files go",
    ),
    Move.CLAIM: MoveRule(
        _from(Status.SUBMITTED), Status.IN_REVIEW, Mover.REVIEWER, (Need.FREE, Need.DIFFERENT),
        writes="who holds the case, for thirty minutes",
    ),
    Move.RENEW: MoveRule(
        _from(Status.IN_REVIEW), None, Mover.HOLDER, (Need.CLAIM,), writes="thirty minutes from now",
    ),
    Move.RELEASE: MoveRule(
        _from(Status.IN_REVIEW), Status.SUBMITTED, Mover.HOLDER, (Need.CLAIM,), writes="the end of the claim",
    ),
    Move.ASSIGN: MoveRule(
        _from(Status.IN_REVIEW), None, Mover.COORDINATOR, (Need.DIFFERENT,),
        writes="another reviewer's claim, for thirty minutes; the order",
    ),
    Move.FREE: MoveRule(
        _from(Status.IN_REVIEW), Status.SUBMITTED, Mover.COORDINATOR, writes="the end of the claim; the order",
    ),
    Move.LAPSE: MoveRule(_from(Status.IN_REVIEW), Status.SUBMITTED, Mover.CALENDAR),
    Move.WANT_MORE: MoveRule(
        _from(Status.IN_REVIEW), Status.MORE_WANTED, Mover.HOLDER, (*_DECIDES, Need.MISSING, Need.TEXT),
        writes="what is wanted; the end of the claim", mail="credential-more-wanted",
    ),
    Move.OPINE: MoveRule(
        _from(Status.IN_REVIEW), Status.SUBMITTED, Mover.HOLDER, _DECIDES,
        writes="how the first of two persons would decide, or that the second differs; the end of the claim",
    ),
    Move.VERIFY: MoveRule(
        _from(Status.IN_REVIEW), Status.VERIFIED, Mover.HOLDER,
        (*_DECIDES, Need.CHECKLIST, Need.VALIDITY, Need.SECOND),
        writes="decision, standing, when its files go; the end of the claim", mail="credential-verified",
    ),
    Move.REJECT: MoveRule(
        _from(Status.IN_REVIEW), Status.REJECTED, Mover.HOLDER, (*_DECIDES, Need.REASON, Need.TEXT, Need.SECOND),
        writes="decision, standing, when its files go; the end of the claim", mail="credential-rejected",
    ),
    Move.REVOKE: MoveRule(
        _from(Status.VERIFIED, Status.EXPIRED, Status.WITHDRAWN, *_REVIEWED_AGAIN), Status.REVOKED, Mover.REVIEWER,
        (Need.COUNTED, Need.DIFFERENT, Need.REASON, Need.TEXT),
        writes="decision, standing, when its files go; the news that what was open is to be closed",
        mail="credential-revoked",
    ),
    Move.REVIEW_AGAIN: MoveRule(
        _from(Status.VERIFIED, Status.EXPIRED), Status.SUBMITTED, Mover.COORDINATOR,
        writes="a place at the end of the queue; the order; what it verified counts on, or no longer, as ordered; its "
        "files stay",
    ),
    Move.EXPIRE: MoveRule(_from(Status.VERIFIED), Status.EXPIRED, Mover.CALENDAR),
}  # fmt: skip


class Stage(StrEnum):
    """Whose word a case waits for: the first person's, a second one's, or an admin's, where two differ."""

    FIRST = "first"
    SECOND = "second"
    SETTLE = "settle"


@dataclass(frozen=True)
class Lease:
    """A reviewer's claim on a case: it lapses by itself.

    Attributes
    ----------
    revision
        The wording that claiming has shown them; None of who was handed the case and has not claimed it since.
    """

    by: str
    since: datetime
    until: datetime
    revision: int | None = None

    def is_live(self, now: datetime) -> bool:
        return now < self.until


@dataclass(frozen=True)
class HandedIn:
    """A wording that came to the reviewers, kept beside one that its person has not submitted yet."""

    revision: int
    claim: Claim


@dataclass(frozen=True)
class Credential:
    """A claim of qualification with its review.

    Attributes
    ----------
    person_name, profession
        As they stood when the claim was last submitted: what the reviewer compares the document with.
    organisation_id
        Whose reviewers decide.
    submitted_at
        When it last came to the reviewers, None for a draft: what it waits from.
    revision
        Counts the claim's wordings, from 1.
    handed_in
        What came to the reviewers last, where the present wording has not: its person gave it one when more was wanted,
        and has not submitted it, or never did. None of anything else.
    wanted
        What a reviewer asked for last.
    opinions
        What was said of the present wording where two persons decide: none, one, or two that differ.
    keeps_until
        The instant up to which it goes on counting while it is reviewed again.
    due_at
        By when the organisation wants it decided, as its policy was when it was submitted.
    recheck_months
        For how many months from its decision it counts at most, of the same policy.
    evidence_days
        For how many days from its decision its files are kept, of the same policy; None for the default.
    """

    id: str
    person_id: str
    person_name: str
    profession: str | None
    organisation_id: str
    claim: Claim
    submitted_at: datetime | None
    status: Status = Status.SUBMITTED
    revision: int = 1
    decision: Decision | None = None
    lease: Lease | None = None
    wanted: Wanted | None = None
    opinions: tuple[Opinion, ...] = ()
    keeps_until: datetime | None = None
    due_at: datetime | None = None
    recheck_months: int | None = None
    evidence_days: int | None = None
    created_at: datetime | None = None
    version: int | None = None
    handed_in: HandedIn | None = None

    @property
    def as_handed_in(self) -> "Credential":
        """It as reviewers have it: what its person has not submitted is theirs alone."""
        if self.handed_in is None:
            return self
        return replace(self, claim=self.handed_in.claim, revision=self.handed_in.revision, handed_in=None)

    def status_at(self, now: datetime) -> Status:
        """Return the state at an instant: what time alone makes of the one that is stored."""
        until = self.verified_until
        if self.status is Status.VERIFIED and until is not None and until <= now:
            return _target(Move.EXPIRE)
        if self.status is Status.IN_REVIEW and self.live_lease(now) is None:
            return _target(Move.LAPSE)
        return self.status

    @property
    def verified_until(self) -> datetime | None:
        """The instant up to which the credential verifies its person; None if it does not."""
        if self.status is Status.VERIFIED:
            return self.decision.ends_at if self.decision else None
        return self.keeps_until

    @property
    def was_verified(self) -> bool:
        """Whether its last decision verified it, whatever has become of it since."""
        return self.decision is not None and self.decision.ends_at is not None

    def counts(self, now: datetime) -> "Counting | None":
        """Return what of it counts at an instant: while another wording waits, the one that was verified."""
        until = self.verified_until
        if until is None or until <= now:
            return None
        # Another wording of what is verified makes it wait: so what is verified stands as it was decided.
        about = self.decision.revision if self.decision is not None else None
        return Counting(self.revision if self.status is Status.VERIFIED else about, until)

    @property
    def stage(self) -> "Stage":
        """Who has the next word."""
        return (Stage.FIRST, Stage.SECOND, Stage.SETTLE)[min(len(self.opinions), 2)]

    def live_lease(self, now: datetime) -> Lease | None:
        """Return the claim that holds at an instant."""
        return self.lease if self.lease is not None and self.lease.is_live(now) else None

    def waiting(self, now: datetime) -> timedelta | None:
        """Return for how long the credential has waited for its decision; None unless it waits for reviewers."""
        if self.submitted_at is None or self.status not in (Status.SUBMITTED, Status.IN_REVIEW):
            return None
        return max(now - self.submitted_at, timedelta())


def _target(move: Move) -> Status:
    target = MOVES[move].target
    assert target is not None, f"{move} leads to a state"  # noqa: S101 - the table above has it
    return target


@dataclass(frozen=True)
class Counting:
    """What of a credential counts: a verified wording, up to an instant.

    Attributes
    ----------
    revision
        None where the decision is from before they kept theirs, and another wording has come since.
    """

    revision: int | None
    until: datetime


@dataclass(frozen=True)
class Seen:
    """A credential as it stands at an instant: its state by date, for how long it has waited, and what of it counts."""

    credential: Credential
    status: Status
    waiting: timedelta | None
    lease: Lease | None = None
    counts: Counting | None = None

    @classmethod
    def at(cls, credential: Credential, now: datetime) -> "Seen":
        return cls(
            credential,
            credential.status_at(now),
            credential.waiting(now),
            credential.live_lease(now),
            credential.counts(now),
        )

    @property
    def stage(self) -> "Stage | None":
        """Who has the next word; None once it is decided or withdrawn."""
        return self.credential.stage if self.status in UNDECIDED else None

    @property
    def version(self) -> int | None:
        return self.credential.version

    @property
    def as_handed_in(self) -> "Seen":
        """The same as reviewers have it."""
        return replace(self, credential=self.credential.as_handed_in)


def moved(credential: Credential, move: Move, now: datetime, **changes: Any) -> Credential:
    """Return the credential after a move of the table, with the fields that it writes.

    A claim on the case ends with every move to another state.

    Raises
    ------
    AlreadyDecided, CredentialWithdrawn, WrongState
        If the move does not start from the state in which the credential is at `now`.
    """
    rule, status = MOVES[move], credential.status_at(now)
    if status not in rule.sources:
        raise _refusal(status, move)
    if move is Move.REVOKE and status is Status.WITHDRAWN and not credential.was_verified:
        raise CredentialWithdrawn
    if move is Move.REVOKE and status in UNDECIDED and credential.keeps_until is None:
        raise WrongState(f"It is {said(status)}, and nothing of it counts: claim it, and reject it.")
    target = rule.target or status
    ended: dict[str, Any] = {"status": target}
    if target is not Status.IN_REVIEW:
        ended["lease"] = None
    if target not in UNDECIDED:
        ended["keeps_until"] = None
    return replace(credential, **{**ended, **changes})


def _refusal(status: Status, move: Move) -> DomainError:
    if status is Status.WITHDRAWN:
        return CredentialWithdrawn()
    if status not in UNDECIDED:
        return AlreadyDecided(f"It is {said(status)}, which this cannot change.")
    fit = " or ".join(f"“{said(one)}”" for one in Status if one in MOVES[move].sources)
    return WrongState(f"Its state is “{said(status)}”, and “{said(move)}” is for what is {fit}.")


def said(code: StrEnum) -> str:
    """Return a code in words."""
    return code.value.replace("_", " ")
