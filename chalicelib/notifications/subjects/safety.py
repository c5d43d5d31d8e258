"""Mails about concerns, which tell nothing of them."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.notifications.letters import ConcernFacts, Letter
from chalicelib.notifications.model import Kind
from chalicelib.notifications.subjects.common import Reader, letter, recipient_of
from chalicelib.platform.outbox import Message
from chalicelib.safety import service as safety
from chalicelib.safety.model import ConcernStatus


def _concern(*statuses: ConcernStatus, to_reporter: bool = False) -> Reader:
    """Return the reader of a mail that something waits, or is answered, sent while the concern is in a state: to an
    admin who may handle it at this moment, or its reporter."""

    def read(message: Message, _: datetime) -> Letter | None:
        who, concern_id = message.payload["recipient"], message.payload["concern_id"]
        ask = safety.concern_by if to_reporter else safety.concern_for_admin
        concern = ask(who, concern_id)
        if concern is None or concern.status not in statuses:
            return None
        found = recipient_of(message, [])
        return letter(message, found[0], ConcernFacts()) if found else None

    return read


READERS: Mapping[Kind, Reader] = {
    Kind.CONCERN_RAISED: _concern(ConcernStatus.OPEN),
    Kind.CONCERN_WAITING: _concern(ConcernStatus.OPEN, ConcernStatus.HANDLED),
    Kind.CONCERN_UNDONE: _concern(*ConcernStatus),
    Kind.CONCERN_CLOSED: _concern(ConcernStatus.CLOSED, to_reporter=True),
}
