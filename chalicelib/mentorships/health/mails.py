"""The messages that a look at a mentorship's health writes into the outbox."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from chalicelib.kernel.clock import to_text
from chalicelib.mentorships.goals.model import Goal
from chalicelib.mentorships.health.model import Finding, seen_by
from chalicelib.mentorships.running import Mentorship
from chalicelib.mentorships.sessions import mails as session_mails
from chalicelib.mentorships.sessions.model import Session
from chalicelib.platform import outbox
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Side

MENTORSHIP_NUDGE = "mentorship-nudge"
"""The mail to the two that something of their mentorship wants mending, to each of what they may know: `recipient`,
`mentorship_id`, `reasons`."""
REVIEW_DUE = "review-due"
"""The mail to both that it is time to review goals: `recipient`, `mentorship_id`, `goals` (their ids)."""
NOTES_MISSING = "notes-missing"
"""The mail to both that nothing is noted of a session; of the payload of all mails about sessions."""


def nudges(mentorship: Mentorship, begun: Sequence[Finding], now: datetime) -> list[Write]:
    """Return the writes of the mails about what has begun; the instant names the look, so that there is never a
    second of it."""
    writes = []
    for side in Side:
        reasons = [one.reason.value for one in seen_by(side, begun)]
        if reasons:
            writes.append(_mail(MENTORSHIP_NUDGE, mentorship, side, to_text(now), now, reasons=reasons))
    return writes


def reviews(mentorship: Mentorship, goals: Sequence[Goal], now: datetime) -> list[Write]:
    if not goals:
        return []
    ids = [one.id for one in goals]
    return [_mail(REVIEW_DUE, mentorship, side, to_text(now), now, goals=ids) for side in Side]


def notes(sessions: Iterable[Session], now: datetime) -> list[Write]:
    """Return the writes of the mails about sessions without a note: of each once, by its id."""
    return [session_mails.mail(NOTES_MISSING, one, side, now) for one in sessions for side in Side]


def _mail(
    kind: str, mentorship: Mentorship, side: Side, reason: str, now: datetime, **more: list[str]
) -> Write:
    recipient = mentorship.card(side).person_id
    payload = {"recipient": recipient, "mentorship_id": mentorship.id, **more}
    return outbox.message(
        f"{kind}:{mentorship.id}:{reason}:{recipient}", outbox.Topic.MAIL, kind, payload, now=now
    )
