"""Counting a session's time where it is said how it went."""

from datetime import datetime

from chalicelib.mentorships.giving import store
from chalicelib.mentorships.giving.model import month_of
from chalicelib.mentorships.running import Mentorship
from chalicelib.mentorships.sessions.model import Held, Session
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Role, Side


def credited(mentorship: Mentorship, session: Session, change: Held, now: datetime) -> list[Write]:
    """Return the writes that count what an account of a session has changed of the mentor's time, of peers of both's,
    in the month (UTC) in which it began. The session's own version lets it happen once."""
    month = month_of(session.span.starts_at)
    return [
        write
        for side in Side
        if mentorship.kind.role_of(side) is not Role.MENTEE
        for write in store.count(
            mentorship.programme_id, mentorship.id, mentorship.card(side).person_id, month, change, now
        )
    ]
