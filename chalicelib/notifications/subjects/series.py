"""Mails about tele-mentoring series."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.kernel.clock import from_text
from chalicelib.notifications.letters import (
    Letter,
    Sender,
    SeriesFacts,
)
from chalicelib.notifications.model import Kind
from chalicelib.notifications.subjects.common import Reader, letter, organisation_name, recipient_of
from chalicelib.people.model import PersonStatus
from chalicelib.platform.outbox import Message
from chalicelib.series import service as series
from chalicelib.series.cases.model import CaseState
from chalicelib.series.evaluation.model import Phase
from chalicelib.series.model import SeriesPlace
from chalicelib.series.sessions.model import SessionState as SeriesSessionState


def _series_invitation(message: Message, _: datetime) -> Letter | None:
    """Read the invitation to a series, sent while it stands and has not been accepted."""
    told = message.payload
    found = series.place_for(told["recipient"], told["series_id"])
    reader = recipient_of(message, [])
    if found is None or reader is None or found[1].place is not SeriesPlace.INVITED:
        return None
    (one, member), (recipient, person, _rows) = found, reader
    sender = Sender(organisation_name(one.organisation_id), one.title)
    is_new = person.status is PersonStatus.INVITED
    return letter(message, recipient, SeriesFacts(sender, one.id, member.role.value, is_new))


def _series_session(message: Message, now: datetime) -> Letter | None:
    """Read the mail that a session of a series is near, or cancelled, sent while it is so and would begin at the same
    instant, to somebody who takes part."""
    told = message.payload
    found = series.session_near(told["recipient"], told["series_id"], told["session_id"])
    reader = recipient_of(message, [])
    if found is None or reader is None:
        return None
    one, member, session = found
    is_off = Kind(message.kind) is Kind.SERIES_SESSION_CANCELLED
    if session.starts_at != from_text(told["starts_at"]) or session.starts_at <= now:
        return None
    if (session.status is SeriesSessionState.CANCELLED) is not is_off:
        return None
    facts = SeriesFacts(
        Sender(organisation_name(one.organisation_id), one.title), one.id, member.role.value,
        session_id=session.id, title=session.title, starts_at=session.starts_at, minutes=session.minutes,
    )  # fmt: skip
    return letter(message, reader[0], facts)


def _series_case(message: Message, _: datetime) -> Letter | None:
    """Read a mail about a case of a series, sent while it is in the state that it was written for, to somebody who
    takes part. Of the case it tells the title of the series alone."""
    told = message.payload
    case = series.case_for(told["series_id"], told["case_id"])
    place = series.place_for(told["recipient"], told["series_id"])
    reader = recipient_of(message, [])
    if case is None or place is None or reader is None or case.state is not CaseState(told["state"]):
        return None
    one, member = place
    facts = SeriesFacts(
        Sender(organisation_name(one.organisation_id), one.title), one.id, member.role.value, case_id=case.id,
        state=case.state.value, due_at=case.due_at, asks_outcome=bool(told.get("asks_outcome")),
    )  # fmt: skip
    return letter(message, reader[0], facts)


def _series_evaluation(message: Message, _: datetime) -> Letter | None:
    """Read the mail that a series asks how confident somebody is, sent while they have not said so."""
    told = message.payload
    found = series.asked_of(told["recipient"], told["series_id"], Phase(told["phase"]))
    reader = recipient_of(message, [])
    if found is None or reader is None:
        return None
    one, member = found
    sender = Sender(organisation_name(one.organisation_id), one.title)
    return letter(message, reader[0], SeriesFacts(sender, one.id, member.role.value, phase=told["phase"]))


READERS: Mapping[Kind, Reader] = {
    Kind.SERIES_INVITATION: _series_invitation,
    Kind.SERIES_SESSION: _series_session,
    Kind.SERIES_SESSION_CANCELLED: _series_session,
    Kind.SERIES_CASE: _series_case,
    Kind.SERIES_RECOMMENDATIONS_DUE: _series_case,
    Kind.SERIES_CASE_DUE: _series_case,
    Kind.SERIES_EVALUATION_DUE: _series_evaluation,
}
