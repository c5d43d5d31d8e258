"""The messages that sessions write into the outbox beside their moves."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.mentorships.sessions.model import Due, Session, other
from chalicelib.platform import outbox
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Side

SESSION_BOOKED = "session-booked"
"""The mail to the other side that a session, or a series, is booked: `recipient`, `mentorship_id`, `session_id`,
`sequence`, `sessions` (how many), `was_booked` (whether it stood in their calendars before)."""
SESSION_PROPOSED = "session-proposed"
"""The mail to the other side that a time outside availability is proposed; of the same payload."""
SESSION_MOVED = "session-moved"
"""The mail to the other side that a session was moved; of the same payload."""
SESSION_CANCELLED = "session-cancelled"
"""The mail to the other side that a session is cancelled; of the same payload."""
SESSION_DECLINED = "session-declined"
"""The mail to the other side that a proposed time is not taken, and a booked one stands; of the same payload."""
SESSION_PLACE = "session-place"
"""The mail to the other side that the two meet in another way; of the same payload."""
CALENDAR_ENTRY = "calendar-entry"
"""The mail to the side that changed something itself, or to both where the service did, for the sake of its calendar
file; of the same payload."""
SESSION_REMINDER = "session-reminder"
"""The mail to both sides before a session; of the same payload, and `due`."""
SESSION_UNSAID = "session-unsaid"
"""The mail, once, to who has not said how a session went; of the same payload."""

_IN_CALENDARS = {SESSION_BOOKED, SESSION_MOVED, SESSION_CANCELLED, SESSION_PLACE}


def mail(
    kind: str,
    session: Session,
    to: Side,
    now: datetime,
    *,
    sessions: int = 1,
    due: Due | None = None,
    was_booked: bool = True,
) -> Write:
    """Return the write of one mail about a session, or about several of which it is the first; its id names session,
    sequence and reason, so that there is never a second."""
    recipient = session.person(to)
    payload = {
        "recipient": recipient, "mentorship_id": session.mentorship_id, "session_id": session.id,
        "sequence": session.sequence, "sessions": sessions, "due": due.value if due else None,
        "was_booked": was_booked,
    }  # fmt: skip
    reason = f"{kind}:{due.value}" if due else kind
    message_id = f"{reason}:{session.id}:{session.sequence}:{recipient}"
    return outbox.message(message_id, outbox.Topic.MAIL, kind, payload, now=now)


def about(
    kind: str, sessions: Sequence[Session], by: Side, now: datetime, *, was_booked: bool
) -> list[Write]:
    """Return the writes of the mails about all of some sessions that one side changed together: to the other, and
    where it changes what stands in calendars to the side itself."""
    told = [mail(kind, sessions[0], other(by), now, sessions=len(sessions), was_booked=was_booked)]
    # What was only proposed, and goes, never stood in a calendar.
    if kind in _IN_CALENDARS and (was_booked or kind in (SESSION_BOOKED, SESSION_MOVED)):
        told.append(mail(CALENDAR_ENTRY, sessions[0], by, now, sessions=len(sessions), was_booked=was_booked))
    return told


def entry(sessions: Sequence[Session], to: Side, now: datetime) -> Write:
    """Return the write of the mail that takes sessions which the service called off out of a calendar."""
    return mail(CALENDAR_ENTRY, sessions[0], to, now, sessions=len(sessions))
