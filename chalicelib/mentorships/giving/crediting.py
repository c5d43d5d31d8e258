"""Counting a session's time where it is said how it went."""

from datetime import datetime

from chalicelib.mentorships.giving import store
from chalicelib.mentorships.giving.model import month_of
from chalicelib.mentorships.running import Mentorship
from chalicelib.mentorships.sessions.model import Held, Session
from chalicelib.platform.tables import Write


def credited(mentorship: Mentorship, session: Session, change: Held, now: datetime) -> list[Write]:
    """Return the writes that count what an account of a session has changed of the mentor's time, in the month (UTC) in
    which it began. The session's own version lets it happen once."""
    month, mentor_id = month_of(session.span.starts_at), mentorship.mentor.person_id
    return store.count(mentorship.programme_id, mentorship.id, mentor_id, month, change, now)
