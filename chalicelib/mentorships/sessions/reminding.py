"""What the clock does with sessions: reminders before them, and a question after those of which nothing is said."""

from datetime import datetime
from itertools import islice

from chalicelib.kernel.call import Call, job_call
from chalicelib.mentorships.sessions import mails, store
from chalicelib.mentorships.sessions.errors import SessionMoved
from chalicelib.mentorships.sessions.model import Due, Session, due_now
from chalicelib.platform.commit import commit
from chalicelib.platform.observability import count, logger
from chalicelib.platform.tables import Write
from chalicelib.platform.together import Together
from chalicelib.programmes.model import Side

MOST_A_RUN = 5_000
"""So many leave the run of a few minutes time for its sweep; at a run each five minutes it is 120,000 mails an hour."""
WRITERS = 8
"""So many are seen to at once: each waits for the store most of the time."""


def remind_due(now: datetime) -> int:
    """Write the mails of all that is due by now, longest due first, each with its session's next look in one
    transaction. Again, or by another worker at once, it writes nothing twice.

    Returns
    -------
    int
        How many sessions could not be seen to and wait for another try.
    """
    call, failed, written = job_call("reminders", now), 0, 0
    due = list(islice(store.due_sessions(now), MOST_A_RUN))
    for _, seen_to in Together(due, lambda session: _look_at(call, session), threads=WRITERS):
        try:
            written += seen_to.result()
        except SessionMoved:
            continue  # it was moved, or another worker has seen to it; the index is behind
        except Exception as error:  # noqa: BLE001 - one session must not keep the others, or the sweep after them
            failed += 1
            logger.error("session not looked at", extra={"error": type(error).__name__})
    count("SessionMails", written)
    return failed


def _look_at(call: Call, session: Session) -> int:
    now = call.now
    mails_ = _mails(session, due_now(session, now), now)
    # Put back over the version read: what moved it meanwhile wins, and its next look is reckoned from now.
    commit(call, [store.put_session(session, now), *mails_], None)
    return len(mails_)


def _mails(session: Session, due: Due | None, now: datetime) -> list[Write]:
    """Return the mails for what is due. Of what was missed the last alone is told: who reads that a session is in an
    hour need not read that it is tomorrow."""
    if due is None:
        return []
    if due is Due.UNSAID:
        silent = [side for side in Side if side not in session.accounts]
        return [mails.mail(mails.SESSION_UNSAID, session, side, now, due=due) for side in silent]
    return [mails.mail(mails.SESSION_REMINDER, session, side, now, due=due) for side in Side]
