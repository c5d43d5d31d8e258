"""Evidence files of a credential: their states, what settles each, and how many there may be.

Time makes two states, and nothing writes them: an upload that nobody sent in time has *lapsed*, and a file whose
scanner has been silent for too long is *overdue*. Neither is ever accepted for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.credentials.evidence.errors import EvidenceHandedIn, EvidenceNeeded, TooMuchEvidence
from chalicelib.credentials.evidence.findings import MAX_BYTES, EvidenceType, Finding
from chalicelib.credentials.model import UNDECIDED, Credential
from chalicelib.kernel.errors import FieldError, Invalid, NotFound

MAX_FILES = 10
"""Files of one credential that are kept or on their way."""
MAX_EVER = 60
"""Files ever announced for one credential: what was refused and removed is remembered."""
MAX_NAME = 120
UPLOAD_SECONDS = 900
LAPSE = timedelta(hours=1)
"""How long an upload is waited for: one begun in its last second needs its time, and so does the event."""
VERDICT_WITHIN = timedelta(hours=1)
"""How long a scanner may take before coordinators see the file as overdue."""
GIVE_UP = timedelta(days=3)
"""After how long without a verdict a file is refused. The quarantine keeps it for a week."""
LINK_SECONDS = 120


class State(StrEnum):
    """LAPSED and OVERDUE are never stored: they are what time makes of AWAITED and CHECKING."""

    AWAITED = "awaited"
    LAPSED = "lapsed"
    CHECKING = "checking"
    OVERDUE = "overdue"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REMOVED = "removed"
    DELETED = "deleted"


UNSETTLED = frozenset({State.AWAITED, State.CHECKING})
GONE = frozenset({State.REJECTED, State.REMOVED, State.DELETED})
"""Of whose files nothing is kept but what the row says."""


class By(StrEnum):
    """Who sent a file: the credential's owner, or a reviewer who copied a register's page."""

    OWNER = "owner"
    REVIEWER = "reviewer"


class Refusal(StrEnum):
    """Why a file is refused beyond its content, whose reasons are `findings.Reason`."""

    MALWARE = "malware"
    NOT_SCANNED = "not_scanned"
    TOO_LATE = "too_late"


class Verdict(StrEnum):
    """What a malware scanner said of a file."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNABLE = "unable"
    NONE = "none"


VERDICT_TAG = "GuardDutyMalwareScanStatus"
# https://docs.aws.amazon.com/guardduty/latest/ug/monitoring-malware-protection-s3-scans-gdu.html, read 2026-11-22. What
# GuardDuty could not read or failed at (ACCESS_DENIED, FAILED) may go better the next time: that is no verdict.
_VERDICTS: Mapping[str | None, Verdict] = {
    "NO_THREATS_FOUND": Verdict.CLEAN,
    "THREATS_FOUND": Verdict.INFECTED,
    "UNSUPPORTED": Verdict.UNABLE,
}


def verdict_of(tag: str | None) -> Verdict:
    """Read the scanner's tag; what is not known is no verdict."""
    return _VERDICTS.get(tag, Verdict.NONE)


@dataclass(frozen=True)
class Checked:
    """What was read of a file's bytes.

    Attributes
    ----------
    object_version
        The one version in quarantine that all of this is about.
    sha256
        None of one that was not read to its end, since it is too large.
    """

    object_version: str
    size: int
    sha256: str | None
    pages: int | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class File:
    """One file of evidence.

    Attributes
    ----------
    name
        As its sender called it; shown, and no part of any key. Empty once the file is gone.
    token
        Makes its key impossible to guess.
    revision
        The wording of the claim with which it came.
    reason, content
        Why it was refused, by its code, and what it looks like where that is why (`findings.Content`).
    arrived_at
        When it was looked at.
    settled_at
        When it was accepted or refused.
    gone_at
        When it was removed or deleted.
    """

    id: str
    name: str
    type: EvidenceType
    by: By
    added_by: str
    added_at: datetime
    revision: int
    token: str
    state: State = State.AWAITED
    checked: Checked | None = None
    reason: str | None = None
    content: str | None = None
    arrived_at: datetime | None = None
    settled_at: datetime | None = None
    gone_at: datetime | None = None

    def state_at(self, now: datetime) -> State:
        """Return the state at an instant: what time alone makes of the one that is stored."""
        if self.state is State.AWAITED and now >= self.added_at + LAPSE:
            return State.LAPSED
        if self.state is State.CHECKING and self.verdict_due is not None and now >= self.verdict_due:
            return State.OVERDUE
        return self.state

    @property
    def verdict_due(self) -> datetime | None:
        """By when its scanner should have spoken; None unless it is waited for."""
        if self.state is not State.CHECKING or self.arrived_at is None:
            return None
        return self.arrived_at + VERDICT_WITHIN

    def is_open(self, now: datetime) -> bool:
        """Tell whether it counts among those that there may be."""
        return self.state_at(now) in (State.AWAITED, State.CHECKING, State.OVERDUE, State.ACCEPTED)


@dataclass(frozen=True)
class Evidence:
    """All files of one credential, in the order in which they were announced."""

    credential_id: str
    organisation_id: str
    files: tuple[File, ...] = ()
    created_at: datetime | None = None
    version: int | None = None

    def file(self, file_id: str) -> File:
        """Return a file by its id.

        Raises
        ------
        NotFound
        """
        found = next((one for one in self.files if one.id == file_id), None)
        if found is None:
            raise NotFound
        return found

    def is_accepted(self, file_id: str) -> bool:
        return any(one.id == file_id and one.state is State.ACCEPTED for one in self.files)

    def with_file(self, file: File) -> "Evidence":
        """Return it with a file in the place of the one of the same id, or at the end."""
        others = [file if one.id == file.id else one for one in self.files]
        known = any(one.id == file.id for one in self.files)
        return replace(self, files=tuple(others if known else [*others, file]))

    def key(self, file: File) -> str:
        """Return under which key a file lies, in quarantine and beyond."""
        return f"{self.credential_id}/{file.id}/{file.token}"

    @property
    def verdict_due(self) -> datetime | None:
        """By when the first of the scanner's verdicts that are waited for should be there."""
        return min((one.verdict_due for one in self.files if one.verdict_due is not None), default=None)


def checked_name(name: str) -> str:
    """Return a file's name if it is one.

    Raises
    ------
    Invalid
        If it has a path in it, or is longer than `MAX_NAME`.
    """
    if "/" in name or "\\" in name:
        raise Invalid.field("/name", "Send the file's name alone, without the folders that it lies in.")
    if name.strip(". ") == "":
        raise Invalid.field("/name", "Send the file's name, for example licence.pdf.")
    if len(name) > MAX_NAME:
        raise Invalid.field("/name", f"Use at most {MAX_NAME} characters; this name has {len(name)}.")
    return name


def checked_size(size: int | None) -> tuple[int, int]:
    """Return the fewest and the most bytes that an upload may have: its own number, where it is told.

    Raises
    ------
    Invalid
        If it is more than a file may have.
    """
    if size is None:
        return 1, MAX_BYTES
    if size > MAX_BYTES:
        raise Invalid(
            "The file is too large.",
            (FieldError("/size", f"A file may have {MAX_BYTES:,} bytes (10 MB); this one has {size:,}."),),
        )
    return size, size


def added(evidence: Evidence, file: File, now: datetime) -> Evidence:
    """Return the evidence with one more file.

    Raises
    ------
    TooMuchEvidence
        If there are `MAX_FILES`, or were `MAX_EVER`.
    """
    if sum(one.is_open(now) for one in evidence.files) >= MAX_FILES:
        raise TooMuchEvidence(
            f"A credential has at most {MAX_FILES} files; one that was announced and never sent counts for an hour. "
            "Put several pages into one PDF, or delete a file."
        )
    if len(evidence.files) >= MAX_EVER:
        raise TooMuchEvidence(f"{MAX_EVER} files were sent for this credential. Submit it as another one.")
    return evidence.with_file(file)


def examined(file: File, checked: Checked, finding: Finding, verdict: Verdict, now: datetime) -> File:
    """Return a file that has arrived once its bytes were looked at, with the verdict so far."""
    seen = replace(file, state=State.CHECKING, checked=checked, arrived_at=now)
    if verdict is not Verdict.INFECTED and finding.reason is not None:
        looks_like = finding.content.value if finding.content is not None else None
        return replace(refused(seen, finding.reason, now), content=looks_like)
    return judged(seen, verdict, now)


def judged(file: File, verdict: Verdict, now: datetime) -> File:
    """Return a file whose content is good as its scanner's verdict settles it; without one it goes on waiting."""
    if verdict is Verdict.CLEAN:
        return replace(file, state=State.ACCEPTED, settled_at=now)
    if verdict is Verdict.INFECTED:
        return refused(file, Refusal.MALWARE, now)
    if verdict is Verdict.UNABLE:
        return refused(file, Refusal.NOT_SCANNED, now)
    given_up = file.arrived_at is not None and now >= file.arrived_at + GIVE_UP
    return refused(file, Refusal.NOT_SCANNED, now) if given_up else file


def refused(file: File, reason: StrEnum, now: datetime) -> File:
    return replace(file, state=State.REJECTED, reason=reason.value, settled_at=now)


def removed(file: File, credential: Credential, now: datetime) -> File:
    """Return a file that its owner takes back.

    Raises
    ------
    NotFound
        If it is gone already, or not the owner's.
    EvidenceHandedIn
        If it came to the reviewers with the credential: what they have seen stays.
    """
    if file.by is not By.OWNER or file.state in (State.REMOVED, State.DELETED):
        raise NotFound
    if credential.submitted_at is not None and file.added_at <= credential.submitted_at:
        raise EvidenceHandedIn
    return replace(file, name="", state=State.REMOVED, gone_at=now)


def deleted(file: File, now: datetime) -> File:
    """Return a file that nobody needs any more: hash, size, type and why it was refused stay, its name goes."""
    return replace(file, name="", state=State.DELETED, gone_at=now)


def require_accepted(evidence: Evidence, now: datetime, *, may_send: bool = True) -> None:
    """Let pass what has an accepted file of its owner's.

    Parameters
    ----------
    may_send
        Whether they could send one, as the credential stands.

    Raises
    ------
    EvidenceNeeded
    """
    mine = [one for one in evidence.files if one.by is By.OWNER]
    if not any(one.state is State.ACCEPTED for one in mine):
        is_checking = any(one.state_at(now) is State.CHECKING for one in mine)
        raise EvidenceNeeded(is_checking=is_checking, may_send=may_send)


def is_over(credential: Credential) -> bool:
    """Tell whether nobody needs the files for a decision."""
    return credential.status not in UNDECIDED


KEEP_DAYS = 90
"""How many days after the decision or the withdrawal files are kept where an organisation has not said otherwise."""


def delete_at(credential: Credential, now: datetime) -> datetime | None:
    """Return when the files of a credential that was moved at `now` are to be deleted; None while they are needed.

    What came to the reviewers stays for its time, whoever ended the case: a withdrawal must not make a forged document
    vanish. What never did was its owner's alone, and is deleted as soon as may be.
    """
    if not is_over(credential):
        return None
    if credential.submitted_at is None:
        return now
    return now + timedelta(days=KEEP_DAYS if credential.evidence_days is None else credential.evidence_days)
