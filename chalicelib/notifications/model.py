"""Mails: their kinds, how a send ends, and when one that nobody knows of is settled."""

import hashlib
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

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
    EVENT_PLACE = "event-place"
    EVENT_TIMETABLE = "event-timetable"
    EVENT_CHANGED = "event-changed"
    EVENT_REMINDER = "event-reminder"
    EVENT_MUTUAL = "event-mutual"
    ACTIVITY_FEEDBACK_DUE = "activity-feedback-due"


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


def tag_of(message_id: str) -> str:
    """Return what a mail carries to be known again: a digest, since tags take few signs and ids are free texts."""
    return hashlib.sha256(message_id.encode()).hexdigest()


def is_settleable(claimed_at: datetime | None, lease: timedelta, now: datetime) -> bool:
    """Tell whether a claim is to be settled: no worker lives, and the provider has had its time to tell."""
    return claimed_at is None or now >= claimed_at + lease + EVENT_MARGIN


def is_worth_queueing(due_at: datetime, tries: int, now: datetime) -> bool:
    """Tell whether the sweep should queue a waiting message: at once if nobody tried it, else by `TRY_SPACING`."""
    return now >= due_at + tries * TRY_SPACING


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
