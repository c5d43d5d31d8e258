"""What people of a series are reminded of: what they are asked before and after, and recommendations that are due."""

from datetime import datetime

from chalicelib.kernel.call import Call
from chalicelib.platform import outbox, tables
from chalicelib.series import store
from chalicelib.series.cases import service as cases
from chalicelib.series.cases.model import CaseState
from chalicelib.series.evaluation import store as evaluation_store
from chalicelib.series.evaluation.model import WHOLE, Phase, Scores
from chalicelib.series.model import MAY, Deed, Membership, Series, SeriesPlace, SeriesRole
from chalicelib.series.sessions import service as sessions
from chalicelib.series.sessions import settling
from chalicelib.series.sessions import store as session_store
from chalicelib.series.sessions.model import SessionState

EVALUATION_DUE = "series-evaluation-due"
"""The mail that a series asks somebody something: `recipient`, `series_id`, `phase`."""

_AHEAD = frozenset({SessionState.PLANNED, SessionState.RUNNING, SessionState.ENDED})
_ANSWER_FOR = frozenset({SeriesRole.OWNER, SeriesRole.FACILITATOR, SeriesRole.EXPERT})
"""Who recommends or signs."""


def session_is_near(call: Call, series_id: str, session_id: str, starts_at: datetime) -> None:
    """Write to all who take part that a session is a day away, and to whoever has not said before how confident they
    are; begun again, it writes to nobody twice."""
    if sessions.remind(call, series_id, session_id, starts_at):
        _ask(call, series_id, Phase.PRE)


def session_is_closed(call: Call, series_id: str, session_id: str) -> None:
    """Keep what came of a session, and after the last that is planned ask how confident people are now; begun again, it
    comes to the same."""
    settling.settle(call, series_id, session_id)
    if not any(one.status in _AHEAD for one in session_store.every_session(series_id)):
        _ask(call, series_id, Phase.POST)


def recommendations_near(call: Call, series_id: str, case_id: str) -> None:
    """Write to who recommends or signs that recommendations are due in a day, unless they are signed; begun again, it
    writes to nobody twice."""
    case = cases.case_for(series_id, case_id)
    if case is None or case.state is not CaseState.DISCUSSED:
        return
    outbox.put_missing(
        (
            cases.recommendations_due(call, case, one.person_id)
            for one in store.every_member(series_id)
            if one.place is SeriesPlace.ACTIVE and one.role in _ANSWER_FOR
        ),
        call.now,
    )


def asked_of(person_id: str, series_id: str, phase: Phase) -> tuple[Series, Membership] | None:
    """Return a series with somebody's place in it while it still asks them something (for the mail)."""
    series_row, member_row, row = tables.get_many(
        [
            store.series_key(series_id), store.member_key(series_id, person_id),
            evaluation_store.evaluation_key(series_id),
        ]
    )  # fmt: skip
    if series_row is None or member_row is None or row is None:
        return None
    member = store.member_of(member_row)
    if not _is_asked(member, evaluation_store.answers(series_id, person_id), phase):
        return None
    return store.series_of(series_row), member


def _ask(call: Call, series_id: str, phase: Phase) -> None:
    """Write to each of whom an answer is missing, once each for before and for after."""
    if tables.get(*evaluation_store.evaluation_key(series_id)) is None:
        return
    given: dict[str, tuple[Scores, ...]] = {}
    for one in evaluation_store.answers(series_id):
        given[one.person_id] = (*given.get(one.person_id, ()), one)
    outbox.put_missing(
        (
            _mail(call, series_id, one.person_id, phase)
            for one in store.every_member(series_id)
            if _is_asked(one, given.get(one.person_id, ()), phase)
        ),
        call.now,
    )


def _is_asked(member: Membership, given: tuple[Scores, ...], phase: Phase) -> bool:
    """Whether an answer of somebody is missing; after, of whoever answered before, as nobody else can."""
    if member.place is not SeriesPlace.ACTIVE or member.role not in MAY[Deed.BANK]:
        return False
    phases = {one.phase for one in given if one.scope == WHOLE}
    return phases == ({Phase.PRE} if phase is Phase.POST else set())


def _mail(call: Call, series_id: str, person_id: str, phase: Phase) -> tables.Write:
    told = {"recipient": person_id, "series_id": series_id, "phase": phase.value}
    message_id = f"{EVALUATION_DUE}:{series_id}:{phase.value}:{person_id}"
    return outbox.message(message_id, outbox.Topic.MAIL, EVALUATION_DUE, told, now=call.now)
