"""Mails: their kinds, what each says, how a send ends, and what the provider tells of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from chalicelib.matching.model import ProposedPair
from chalicelib.mentorships.health.model import Finding
from chalicelib.mentorships.sessions.invitations import Invitation, Method
from chalicelib.mentorships.sessions.place import Place
from chalicelib.people.model import MailStopReason
from chalicelib.programmes.model import PairKind
from chalicelib.words.formats import WeeklySlot as WeeklySlot
from chalicelib.words.lines import one_line

T = TypeVar("T")

EVENT_MARGIN = timedelta(minutes=45)
"""How long after a claim has lapsed the provider is waited for, in addition to the claim's lease: an hour in all.

SES publishes a send event within seconds. What can hold it up is our own function: Lambda repeats a failed
asynchronous call after one and two minutes, and a throttled one with pauses of up to five minutes
(https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html, read 2026-11-22), so that
three quarters of an hour are nine of the longest pauses. What has not settled by then is for a person to decide.
"""

TRY_SPACING = timedelta(minutes=30)
"""What one try on the queue is worth to the sweep: the queue itself makes five, six minutes apart, and the sweep
starts the next five only after as many spacings, so that a queue held up does not fill with copies."""


class Kind(StrEnum):
    """Why a mail is sent; its outbox message has the same kind."""

    ACCOUNT_EXISTS = "account-exists"
    ROSTER_INVITATION = "roster-invitation"
    ENROLMENT_INVITATION = "enrolment-invitation"
    CREDENTIAL_VERIFIED = "credential-verified"
    CREDENTIAL_REJECTED = "credential-rejected"
    CREDENTIAL_MORE_WANTED = "credential-more-wanted"
    CREDENTIAL_REVOKED = "credential-revoked"
    CREDENTIAL_EXPIRING = "credential-expiring"
    CREDENTIAL_EXPIRED = "credential-expired"
    EVIDENCE_REJECTED = "evidence-rejected"
    REVIEWS_OVERDUE = "reviews-overdue"
    PROPOSAL_MADE = "proposal-made"
    PROPOSAL_ACCEPTED = "proposal-accepted"
    PROPOSAL_AGREED = "proposal-agreed"
    PROPOSAL_DECLINED = "proposal-declined"
    PROPOSAL_EXPIRING = "proposal-expiring"
    PROPOSAL_EXPIRED = "proposal-expired"
    MENTORSHIP_IN_GRACE = "mentorship-in-grace"
    MENTORSHIP_PAUSED = "mentorship-paused"
    MENTORSHIP_RESUMED = "mentorship-resumed"
    MENTORSHIP_HELD = "mentorship-held"
    EXTENSION_ASKED = "extension-asked"
    MENTORSHIP_EXTENDED = "mentorship-extended"
    MENTORSHIP_ENDS_SOON = "mentorship-ends-soon"
    MENTORSHIP_ENDING = "mentorship-ending"
    MENTORSHIP_CLOSED = "mentorship-closed"
    MENTORS_UNVERIFIED = "mentors-unverified"
    GOAL_DUE = "goal-due"
    GOAL_OVERDUE = "goal-overdue"
    PULSE_DUE = "pulse-due"
    SURVEY_DUE = "survey-due"
    AGREEMENT_UNSIGNED = "agreement-unsigned"
    AGREEMENT_CHANGED = "agreement-changed"
    AGREEMENT_SIGNED = "agreement-signed"
    CERTIFICATE_REVOKED = "certificate-revoked"
    CERTIFICATE_AWARDED = "certificate-awarded"
    SESSION_BOOKED = "session-booked"
    SESSION_PROPOSED = "session-proposed"
    SESSION_MOVED = "session-moved"
    SESSION_CANCELLED = "session-cancelled"
    SESSION_DECLINED = "session-declined"
    SESSION_PLACE = "session-place"
    CALENDAR_ENTRY = "calendar-entry"
    SESSION_REMINDER = "session-reminder"
    SESSION_UNSAID = "session-unsaid"
    INTRODUCTION_OFFERED = "introduction-offered"
    INTRODUCTION_ASKED = "introduction-asked"
    INTRODUCTION_MADE = "introduction-made"
    MENTORSHIP_NUDGE = "mentorship-nudge"
    REVIEW_DUE = "review-due"
    NOTES_MISSING = "notes-missing"
    ADMIN_ADDED = "admin-added"
    CONCERN_RAISED = "concern-raised"
    CONCERN_WAITING = "concern-waiting"
    CONCERN_UNDONE = "concern-undone"
    CONCERN_CLOSED = "concern-closed"
    WEEKLY_DIGEST = "weekly-digest"
    PROGRAMME_DIGEST = "programme-digest"
    SERIES_INVITATION = "series-invitation"
    SERIES_SESSION = "series-session"
    SERIES_SESSION_CANCELLED = "series-session-cancelled"
    SERIES_CASE = "series-case"
    SERIES_RECOMMENDATIONS_DUE = "series-recommendations-due"
    SERIES_EVALUATION_DUE = "series-evaluation-due"
    SERIES_CASE_DUE = "series-case-due"
    SIMULATION_PLANNED = "simulation-planned"
    SIMULATION_REMINDER = "simulation-reminder"
    SIMULATION_ANSWERS_DUE = "simulation-answers-due"
    CIRCLE_PLACE = "circle-place"
    CIRCLE_SEAT_FREE = "circle-seat-free"
    CIRCLE_NEWS = "circle-news"
    CIRCLE_WITHOUT_LEAD = "circle-without-lead"
    CIRCLE_MEETING = "circle-meeting"
    CIRCLE_MEETING_CHANGED = "circle-meeting-changed"


class CodeKind(StrEnum):
    """Why the user pool mails a code. It sends that itself, so there is no outbox message."""

    ADDRESS = "address-code"
    PASSWORD = "password-code"  # noqa: S105 - the name of a mail


class Outcome(StrEnum):
    """How a message ended, once for all.

    SENT: the provider took it. SEEN: our worker died, and the provider's events show that it had left. MOOT: its
    reason had gone. SUPPRESSED: the address bounced or complained before. REFUSED: the provider will never take
    it. SWITCHED_OFF: its reader wants no mails of its kind. GATHERED: its reader gets those of its kind once a week,
    and it is kept for then. GIVEN_UP: nobody knows whether it left, and an admin let
    it be.
    """

    SENT = "sent"
    SEEN = "seen"
    MOOT = "moot"
    SUPPRESSED = "suppressed"
    REFUSED = "refused"
    SWITCHED_OFF = "switched-off"
    GATHERED = "gathered"
    GIVEN_UP = "given-up"


@dataclass(frozen=True)
class Recipient:
    """To whom a mail goes, and how it is written: language, country and zone, where they are known.

    Without a `name` the mail greets nobody in particular.
    """

    person_id: str
    email: str
    name: str
    locale: str
    country: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True)
class Sender:
    """The programme, or only the organisation, in whose name a mail is sent; `kind` is that of the programme's
    pairs."""

    organisation: str
    programme: str | None = None
    kind: str = PairKind.ONE_TO_ONE.value


@dataclass(frozen=True)
class AccountFacts:
    """Somebody tried to sign up with the address of an account."""


@dataclass(frozen=True)
class AdminFacts:
    """Somebody has become an admin; `by` is who made them one. None for a name that is no more."""

    name: str | None
    by: str | None


@dataclass(frozen=True)
class ConcernFacts:
    """Something waits for the recipient alone, of which a mail tells nothing."""


@dataclass(frozen=True)
class CodeFacts:
    """A code to be entered."""

    code: str


@dataclass(frozen=True)
class InvitationFacts:
    """Coordinators invite the recipient into a programme as `side` (mentor or mentee)."""

    sender: Sender
    side: str
    programme_id: str


@dataclass(frozen=True)
class CredentialFacts:
    """A credential was decided or revoked, is about to expire or has, more is wanted for it, or a file of its evidence
    was refused, by its codes.

    Attributes
    ----------
    valid_until
        The last day that counts, of a verified one.
    reason, reason_text
        Of a rejected or revoked one: the reason's code, and what the reviewer wrote. Of a refused file: what is wrong.
    missing
        The codes of what is wanted.
    days_left
        How many days there are to the last one that counts.
    file_name
        Of a refused file, as its sender called it.
    """

    sender: Sender
    kind: str
    authority: str
    valid_until: date | None = None
    reason: str = ""
    reason_text: str = ""
    missing: tuple[str, ...] = ()
    days_left: int = 0
    file_name: str = ""


@dataclass(frozen=True)
class OverdueFacts:
    """Cases of an organisation wait past their target: `waiting` in all, `fresh` of them since the last mail."""

    sender: Sender
    fresh: int
    waiting: int


@dataclass(frozen=True)
class Partner:
    """The other side of a proposal, by codes; the name is all that identifies."""

    name: str
    profession: str | None = None
    specialties: tuple[str, ...] = ()
    country: str | None = None


@dataclass(frozen=True)
class ProposalFacts:
    """A proposal as its recipient may see it. `side` is the recipient's (mentor or mentee).

    `pair` is the match's explanation of it, for its sentences (`matching/wording.py`) and nothing else; None where
    the mentee has just asked.
    """

    sender: Sender
    side: str
    proposal_id: str
    partner: Partner
    languages: tuple[str, ...] = ()
    slots: tuple[WeeklySlot, ...] = ()
    expires_at: datetime | None = None
    asked_by_mentee: bool = False
    pair: ProposedPair | None = None


@dataclass(frozen=True)
class CertificateFacts:
    """A certificate that was awarded or taken back; `title` is what it is of, in the recipient's language."""

    sender: Sender
    title: str


@dataclass(frozen=True)
class MentorshipFacts:
    """A mentorship, and what has become of it. `side` is the recipient's; of how a verification ended, and of why a
    mentorship does, nothing is known here, since it is not the other's to know.

    Attributes
    ----------
    mentorship_id
        For the link to its page.
    until
        Up to when it goes on, in its grace, or is closing.
    ends_on
        Its last day, in UTC.
    asked_for
        The last day that the other asks for.
    was_held
        Whether it was a coordinator who had paused what goes on.
    is_matched_anew
        Whether the recipient is in the programme's next match.
    has_proposal
        Whether a coordinator has proposed another mentor to the recipient in its place.
    """

    sender: Sender
    side: str
    partner: Partner
    mentorship_id: str
    until: datetime | None = None
    ends_on: date | None = None
    asked_for: date | None = None
    was_held: bool = False
    is_matched_anew: bool = False
    has_proposal: bool = False


@dataclass(frozen=True)
class SessionFacts:
    """A session, or the first of some that were changed together. `side` is the recipient's.

    Attributes
    ----------
    partner_zone
        On whose clock the other reads it.
    sessions
        How many were changed.
    clock_changes
        The starts of those of a series from which on it is at another time on the recipient's clock, since clocks are
        changed.
    stands_at
        When it is booked, where another time is or was proposed.
    due
        Of a reminder: "24h" or "1h".
    place
        How the two meet; None where that is not known, or not to be said.
    invitation
        What the mail tells a calendar; None for a mail that changes none.
    """

    sender: Sender
    side: str
    partner: Partner
    partner_zone: str | None
    mentorship_id: str
    session_id: str
    starts_at: datetime
    minutes: int
    sessions: int = 1
    stands_at: datetime | None = None
    due: str | None = None
    place: Place | None = None
    invitation: Invitation | None = None
    clock_changes: tuple[datetime, ...] = ()

    @property
    def is_off(self) -> bool:
        """Whether nothing of what the mail is about is left in a calendar."""
        return self.invitation is not None and self.invitation.method is Method.CANCEL


@dataclass(frozen=True)
class UnverifiedFacts:
    """Mentors of a programme whom nothing verifies any more, and what has become of mentorships since the last mail.

    Attributes
    ----------
    names
        Of those mentors, as many as a mail shows; `more` are not named.
    paused, ready
        How many mentorships have paused, and how many a coordinator may have go on.
    """

    sender: Sender
    names: tuple[str, ...] = ()
    more: int = 0
    paused: int = 0
    ready: int = 0


@dataclass(frozen=True)
class GoalFacts:
    """A goal of the recipient's own whose day is near or over. `side` is the recipient's; `title` is what one of the
    two has written.

    Attributes
    ----------
    due_on
        Its day, on the recipient's calendar.
    """

    sender: Sender
    side: str
    partner: Partner
    mentorship_id: str
    title: str
    due_on: date


@dataclass(frozen=True)
class FeedbackFacts:
    """A pulse or a survey that waits for the recipient's answer. `side` is theirs.

    Attributes
    ----------
    round
        Its name in addresses.
    kind
        `start`, `pulse`, `middle` or `end`.
    until
        Until when it can be answered.
    """

    sender: Sender
    side: str
    partner: Partner
    mentorship_id: str
    round: str
    kind: str
    until: datetime


@dataclass(frozen=True)
class AgreementFacts:
    """The agreement of a mentorship, and what of it differs from what the recipient had signed. `side` is theirs.

    Attributes
    ----------
    other_signed
        Whether the other one has signed this version.
    changed
        The fields of the terms that are others than in the version before.
    """

    sender: Sender
    side: str
    partner: Partner
    mentorship_id: str
    other_signed: bool = False
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class IntroductionFacts:
    """A mentor introduces their mentee to somebody. `role` is the recipient's: mentee or third.

    Attributes
    ----------
    mentor
        Who introduces them.
    partner
        Whom the recipient is to meet; None where they are not named yet.
    until
        Up to when the recipient may answer.
    email
        The partner's, once both have said yes.
    """

    sender: Sender
    role: str
    introduction_id: str
    mentor: Partner
    partner: Partner | None
    until: datetime
    email: str | None = None


@dataclass(frozen=True)
class HealthFacts:
    """What of a mentorship wants mending, as the recipient may know it, or how many of its goals are to be reviewed.
    `side` is the recipient's."""

    sender: Sender
    side: str
    partner: Partner
    mentorship_id: str
    findings: tuple[Finding, ...] = ()
    goals: int = 0


@dataclass(frozen=True)
class DigestFacts:
    """What a person has had put off to their weekly mail and is still so, as the letters that they would have got.

    Attributes
    ----------
    more
        How many further ones there are.
    """

    letters: tuple["Letter", ...]
    more: int = 0


@dataclass(frozen=True)
class ProgrammeDigestFacts:
    """How a programme stands, in sums.

    Attributes
    ----------
    red, amber
        Mentorships in which something is amiss, or has long been.
    tasks
        What waits for coordinators; `unsigned` and `unreached` are among them: agreements that are unsigned for two
        weeks, and people to whom nothing is mailed.
    unanswered
        Proposals that wait for an answer.
    """

    sender: Sender
    programme_id: str
    red: int = 0
    amber: int = 0
    tasks: int = 0
    unsigned: int = 0
    unreached: int = 0
    unanswered: int = 0


@dataclass(frozen=True)
class SeriesFacts:
    """A tele-mentoring series to which the recipient is invited, a session of it that is near, or a case of theirs, of
    whose patient a mail tells nothing. The sender's programme is the series.

    Attributes
    ----------
    role
        The recipient's in it.
    is_new
        Whether the recipient has no account yet.
    title, starts_at, minutes
        Of the session. Its link is not told: who joins by our page is known to be there.
    case_id, state
        Of the case.
    asks_outcome
        Whether the day has come on which its presenter says what came of it.
    due_at
        By when its recommendations are due.
    phase
        `pre` or `post`, of what the series asks.
    """

    sender: Sender
    series_id: str
    role: str
    is_new: bool = False
    session_id: str = ""
    title: str = ""
    starts_at: datetime | None = None
    minutes: int = 0
    case_id: str = ""
    state: str = ""
    due_at: datetime | None = None
    asks_outcome: bool = False
    phase: str = ""


@dataclass(frozen=True)
class SimulationFacts:
    """The recipient has a place in a simulation, in a `role`; its cases take so many `minutes` together. `title` is
    what a coordinator has written; `asks` is at which moment (`before`, `after`, `follow_up`) it asks them something
    that they have not answered."""

    sender: Sender
    role: str
    simulation_id: str
    title: str
    starts_at: datetime
    cases: int
    minutes: int
    asks: str = ""


@dataclass(frozen=True)
class CircleFacts:
    """A circle of a programme, on a `topic`, in which the recipient has a place or is offered one, or which they
    coordinate. It tells nobody's name, and nothing of an agenda.

    Attributes
    ----------
    until
        Up to when an offer can be taken.
    what
        What became of the circle: `formed`, `held`, `resumed`, `as_peers` or `closed`.
    starts_at, minutes, is_cancelled
        Of a meeting.
    presents, hosts
        Whether it is the recipient's turn.
    """

    sender: Sender
    circle_id: str
    topic: str
    until: datetime | None = None
    what: str = ""
    starts_at: datetime | None = None
    minutes: int = 0
    is_cancelled: bool = False
    presents: bool = False
    hosts: bool = False


Facts = (
    AccountFacts
    | AdminFacts
    | ConcernFacts
    | CodeFacts
    | InvitationFacts
    | CredentialFacts
    | OverdueFacts
    | ProposalFacts
    | MentorshipFacts
    | CertificateFacts
    | SessionFacts
    | UnverifiedFacts
    | GoalFacts
    | FeedbackFacts
    | AgreementFacts
    | IntroductionFacts
    | HealthFacts
    | DigestFacts
    | ProgrammeDigestFacts
    | SeriesFacts
    | SimulationFacts
    | CircleFacts
)


@dataclass(frozen=True)
class Letter:
    """All that a mail of a kind is written from."""

    kind: Kind | CodeKind
    recipient: Recipient
    facts: Facts

    @property
    def begins_at(self) -> datetime | None:
        """When the first that it is about begins; None unless that is a session."""
        if not isinstance(self.facts, SessionFacts):
            return None
        stands_at = self.facts.stands_at
        return min(self.facts.starts_at, stands_at) if stands_at is not None else self.facts.starts_at


@dataclass(frozen=True)
class Written:
    """A mail as written, in the language of the BCP-47 tag `language`."""

    subject: str
    text: str
    html: str
    language: str


@dataclass(frozen=True)
class DoubtfulMail:
    """A mail that was claimed to be sent and of which the provider has told nothing for an hour.

    Attributes
    ----------
    tag
        By `tag_of`; known by it in routes, since a message's id is a free text.
    recipient
        The person's id.
    """

    tag: str
    message_id: str
    kind: str
    recipient: str | None
    claimed_at: datetime


@dataclass(frozen=True)
class ProviderEvent:
    """What the provider told of one mail.

    Attributes
    ----------
    tag
        The mail's own, by `tag_of`; None for a mail that carries none.
    suppress
        Addresses that get no more mail, and why.
    """

    name: str
    tag: str | None
    suppress: tuple[tuple[str, MailStopReason], ...] = ()


def tag_of(message_id: str) -> str:
    """Return what a mail carries to be known again: a digest, since tags take few signs and ids are free texts."""
    return hashlib.sha256(message_id.encode()).hexdigest()


def is_settleable(claimed_at: datetime | None, lease: timedelta, now: datetime) -> bool:
    """Tell whether a claim is to be settled: no worker lives, and the provider has had its time to tell."""
    return claimed_at is None or now >= claimed_at + lease + EVENT_MARGIN


def is_worth_queueing(due_at: datetime, tries: int, now: datetime) -> bool:
    """Tell whether the sweep should queue a waiting message: at once if nobody tried it, else by `TRY_SPACING`."""
    return now >= due_at + tries * TRY_SPACING


# Events that show that the provider took the mail; what becomes of it later changes nothing in that.
_TAKEN = {"Send", "Delivery", "Bounce", "Complaint", "Reject", "DeliveryDelay", "Open", "Click"}


def read_event(detail: Mapping[str, Any], tag_name: str) -> ProviderEvent | None:
    """Read the `detail` of an EventBridge event from SES; None if it says nothing that counts here.

    Only a permanent bounce suppresses, whatever its subtype (General, NoEmail, Suppressed, OnAccountSuppressionList):
    SES asks to take such an address off one's lists. A transient one (MailboxFull, MessageTooLarge, ContentRejected,
    AttachmentRejected) is of the moment or of that mail, an undetermined one says nothing certain, and a delayed
    delivery is still tried. A complaint suppresses (abuse, fraud, virus, other) unless its feedback says "not-spam",
    which is praise (RFC 6430). Shapes and meanings:
    https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html, read 2026-11-22.
    """
    name = detail.get("eventType")
    if name not in _TAKEN:
        return None
    tags = _mapping(_mapping(detail.get("mail")).get("tags")).get(tag_name)
    tag = tags[0] if isinstance(tags, list) and tags and isinstance(tags[0], str) else None
    suppress: list[tuple[str, MailStopReason]] = []
    bounce, complaint = _mapping(detail.get("bounce")), _mapping(detail.get("complaint"))
    if name == "Bounce" and bounce.get("bounceType") == "Permanent":
        suppress = [(one, MailStopReason.BOUNCE) for one in _addresses(bounce.get("bouncedRecipients"))]
    if name == "Complaint" and complaint.get("complaintFeedbackType") != "not-spam":
        suppress = [
            (one, MailStopReason.COMPLAINT) for one in _addresses(complaint.get("complainedRecipients"))
        ]
    return ProviderEvent(name, tag, tuple(suppress))


def cleaned(value: T) -> T:
    """Return facts with each text in them, however deep, as `one_line` has it."""
    if isinstance(value, str) and not isinstance(value, StrEnum):
        return one_line(value)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(cleaned(one) for one in value)  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        changes = {field.name: cleaned(getattr(value, field.name)) for field in fields(value)}
        return replace(value, **changes)
    return value


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _addresses(recipients: Any) -> list[str]:
    """Read the addresses of a list of recipients, leaving out what has none."""
    entries = recipients if isinstance(recipients, list) else []
    found = (_mapping(one).get("emailAddress") for one in entries)
    return [one for one in found if isinstance(one, str) and "@" in one]
