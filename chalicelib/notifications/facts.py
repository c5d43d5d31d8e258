"""What each kind of mail is written from: read when it is sent, from the capabilities below.

A subject has its readers in a module of `subjects`. A reader returns None where the reason for its mail has gone: the
message is then done without a mail.
"""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.notifications import digests
from chalicelib.notifications.letters import Letter
from chalicelib.notifications.model import Kind
from chalicelib.notifications.subjects import (
    accounts,
    certificates,
    circles,
    coordinating,
    credentials,
    events,
    how_it_was,
    introductions,
    mentorships,
    proposals,
    safety,
    series,
    sessions,
    simulations,
)
from chalicelib.notifications.subjects.common import Reader
from chalicelib.platform.outbox import Message


def letter_for(message: Message, now: datetime) -> Letter | None:
    """Return what a message's mail is written from, or None if there is no reason for it any more.

    Raises
    ------
    ValueError
        For a kind that is none of ours.
    """
    return READERS[Kind(message.kind)](message, now)


READERS: Mapping[Kind, Reader] = {
    **accounts.READERS,
    **credentials.READERS,
    **proposals.READERS,
    **mentorships.READERS,
    **sessions.READERS,
    **introductions.READERS,
    **certificates.READERS,
    **coordinating.READERS,
    **safety.READERS,
    **series.READERS,
    **simulations.READERS,
    **circles.READERS,
    **events.READERS,
    **how_it_was.READERS,
    Kind.WEEKLY_DIGEST: digests.reader(letter_for),
}
