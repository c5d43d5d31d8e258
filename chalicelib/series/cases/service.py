"""Cases: who writes, reviews, schedules and talks about them, and what is sent to their presenters."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.identifying import Finding
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.kernel.texts import without_accents
from chalicelib.kernel.zones import instant_at
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.series import access
from chalicelib.series import store as series_store
from chalicelib.series.cases import model, store
from chalicelib.series.cases.model import IN_BANK, Case, CaseMove, CaseOutcome, CaseState, Form, Said
from chalicelib.series.errors import CaseNotSo, CaseNotYours, SeriesRoleRefused
from chalicelib.series.model import Deed, Reader, SeriesPlace, SeriesRole
from chalicelib.series.sessions import store as session_store
from chalicelib.series.sessions.model import SessionState

CASE_NEWS = "series-case"
"""The mail to a presenter that their case has come to another state: `recipient`, `series_id`, `case_id`, `state`."""
RECOMMENDATIONS_DUE = "series-recommendations-due"
"""The mail to who recommends or signs, a day before the recommendations on a case are due; of the same payload."""
RECOMMENDATIONS_NEAR = "series-recommendations-near"
"""The news that a case's recommendations are due in a day: `series_id`, `case_id`."""
CASE_DUE = "series-case-due"
"""The mail to a presenter who has been asked for a case, or has had it back, for some days, and has not handed it
in; of the same payload."""

_TOLD = frozenset(
    {CaseState.ASSIGNED, CaseState.RETURNED, CaseState.APPROVED, CaseState.SCHEDULED, CaseState.ANSWERED}
)
_REMIND = timedelta(days=1)
_WRITTEN_IN = timedelta(days=3)
"""After how long a presenter is reminded; our judgement, as sessions are a week apart."""
_FOLLOWED_UP_WITHIN = timedelta(days=366)
_MORNING = time(8)


@dataclass(frozen=True)
class Order:
    """What comes with a move; each field with the moves that need it."""

    reasons: str = ""
    session_id: str | None = None
    text: str = ""
    follow_up_on: date | None = None
    outcome: CaseOutcome | None = None


@dataclass(frozen=True)
class SeenCase:
    """A case with what was said of it; `traces`, for its presenter and who reviews it, by the field's pointer."""

    case: Case
    said: tuple[Said, ...] = ()
    traces: dict[str, tuple[Finding, ...]] | None = None

    @property
    def version(self) -> int | None:
        return self.case.version


def open_case(call: Call, series_id: str, specialty: str, title: str, presenter_id: str | None) -> SeenCase:
    """Bring a case of one's own, or assign one to somebody who takes part (those who run the series)."""
    known = model.checked_specialty(specialty)
    whose = presenter_id or call.actor_id
    deed = Deed.BANK if whose == call.actor_id else Deed.RUN
    reader, (member_row,) = access.reader_of(call, series_id, deed, series_store.member_key(series_id, whose))
    member = series_store.member_of(member_row) if member_row else None
    if member is None or member.place is not SeriesPlace.ACTIVE or member.role is SeriesRole.GUEST:
        raise Invalid.field("/presenter_id", "Name somebody who takes part in the series, and is no guest.")
    case = Case(call.new_id(), series_id, whose, known, Form(title))
    writes = [store.put_case(case, call.now), _step(call, case, "open_case")]
    if whose != call.actor_id:
        writes += [_news(call, case, case.state, 0), _reminder(call, case, 0)]
    return commit(call, writes, _seen(reader, written(case)))


def list_cases(
    call: Call, series_id: str, page: PageRequest, state: CaseState | None, specialty: str | None, words: str
) -> Page[SeenCase]:
    """Search the cases of a series: all for who reviews them, for others the bank and their own."""
    reader, _ = access.reader_of(call, series_id, Deed.BANK)
    plain = without_accents(words.casefold())
    reader_id = None if _sees_all(reader) else call.actor_id
    found = store.cases(series_id, page, state=state, specialty=specialty, words=plain, reader_id=reader_id)
    return Page(tuple(SeenCase(one) for one in found.items), found.next)


def read_case(call: Call, series_id: str, case_id: str) -> SeenCase:
    """Return a case, with what was said of it."""
    reader, case = _case(call, series_id, case_id)
    return _seen(reader, case, store.said_of(series_id, case_id))


def write_case(call: Call, series_id: str, case_id: str, form: Form) -> SeenCase:
    """Write the form of the actor's case; what may identify its patient is told with it.

    Raises
    ------
    CaseNotYours, CaseNotSo, Invalid, CaseMoved
    """
    reader, case = _case(call, series_id, case_id)
    require_version(call, case.version)
    _require_presenter(call, case)
    changed = model.written_form(case, form)
    writes = [store.put_case(changed, call.now), _step(call, case, "write_case")]
    return commit(call, writes, _seen(reader, written(changed)))


def move_case(call: Call, series_id: str, case_id: str, move: CaseMove, order: Order) -> SeenCase:
    """Move a case on.

    Raises
    ------
    CaseNotSo, CaseNotYours, CaseIdentifies, CaseMoved, SeriesRoleRefused, Invalid
    """
    reader, case = _case(call, series_id, case_id)
    require_version(call, case.version)
    if move is CaseMove.SAY:
        return _say(call, reader, case, order.text)
    changed, more = _moved(call, reader, case, move, order)
    writes = [store.put_case(changed, call.now), _step(call, case, move, after=changed.state), *more]
    if changed.state in _TOLD and changed.state is not case.state:
        writes.append(_news(call, changed, changed.state, case.version or 0))
        if changed.state is CaseState.RETURNED:
            writes.append(_reminder(call, changed, case.version or 0))
    return commit(call, writes, _seen(reader, written(changed)))


# What other capabilities ask. None of these checks who asks: the capability that calls has done so.


def case_for(series_id: str, case_id: str) -> Case | None:
    """Return a case."""
    row = tables.get(*store.case_key(series_id, case_id))
    return store.case_of(row) if row else None


def _moved(call: Call, reader: Reader, case: Case, move: CaseMove, order: Order) -> tuple[Case, list[Write]]:
    changed = model.moved(case, move) if move is not CaseMove.STEP else case
    if move is CaseMove.SUBMIT:
        _require_presenter(call, case)
        model.require_ready(case.form)
        return replace(changed, reasons=""), []
    if move is CaseMove.WITHDRAW:
        if case.presenter_id != call.actor_id:
            reader.require(Deed.RUN)
        return changed, []
    if move in (CaseMove.APPROVE, CaseMove.RETURN):
        return _reviewed(call, reader, case, changed, move, order), []
    if move is CaseMove.SCHEDULE:
        reader.require(Deed.RUN)
        return _scheduled(changed, order)
    if move is CaseMove.STEP:
        reader.require(Deed.RUN)
        _require_begun(call, case)
        stepped = model.stepped(case, call.now, reader.series.limits.recommendation_days)
        return stepped, _due(call, stepped) if stepped.state is CaseState.DISCUSSED else []
    if move is CaseMove.SIGN:
        signed = _signed(call, reader, changed, order)
        return signed, _asked_later(call, reader, signed)
    _require_presenter(call, case)
    if order.outcome is None:
        raise Invalid.field("/outcome", "Say what came of it.")
    model.require_clean(order.text)
    return replace(changed, outcome=order.outcome, outcome_text=order.text), []


def _reviewed(call: Call, reader: Reader, case: Case, changed: Case, move: CaseMove, order: Order) -> Case:
    reader.require(Deed.REVIEW)
    if case.presenter_id == call.actor_id:
        raise CaseNotYours("Somebody else reviews your case.")
    if move is CaseMove.APPROVE:
        return changed
    if not order.reasons:
        raise Invalid.field("/reasons", "Say what its presenter is to change.")
    return replace(changed, reasons=order.reasons, session_id=None)


def _scheduled(changed: Case, order: Order) -> tuple[Case, list[Write]]:
    if order.session_id is None:
        raise Invalid.field("/session_id", "Name the session at which it is presented.")
    row = tables.get(*session_store.session_key(changed.series_id, order.session_id))
    session = session_store.session_of(row) if row else None
    if session is None or session.status not in (SessionState.PLANNED, SessionState.RUNNING):
        raise Invalid.field("/session_id", "The series has no such session that is still to come.")
    return replace(changed, session_id=session.id), [session_store.check_not_closed(session)]


def _require_begun(call: Call, case: Case) -> None:
    """Let pass what is talked about in a session that can be joined, or could."""
    row = tables.get(*session_store.session_key(case.series_id, case.session_id)) if case.session_id else None
    session = session_store.session_of(row) if row else None
    if session is None:
        return  # it is not scheduled, as the move will say
    is_over = session.status in (SessionState.ENDED, SessionState.CLOSED)
    if not (session.is_open(call.now) or is_over):
        raise CaseNotSo("Its session has not begun, or is cancelled. Schedule it for another one.")


def _signed(call: Call, reader: Reader, changed: Case, order: Order) -> Case:
    if reader.role not in (SeriesRole.FACILITATOR, SeriesRole.OWNER):
        raise SeriesRoleRefused("Written recommendations are signed by a facilitator.")
    if not order.text:
        raise Invalid.field("/text", "Write what is recommended.")
    today = call.now.date()
    if order.follow_up_on is None or not today < order.follow_up_on <= today + _FOLLOWED_UP_WITHIN:
        raise Invalid.field("/follow_up_on", "Give a day that is to come, within a year.")
    model.require_clean(order.text)
    return replace(
        changed, signed_by=call.actor_id, recommendations=order.text, follow_up_on=order.follow_up_on
    )


def _say(call: Call, reader: Reader, case: Case, text: str) -> SeenCase:
    """Ask or recommend: a row of its own, so that nobody waits for another."""
    if reader.membership is None or not reader.takes_part:
        raise CaseNotYours("Join the series to take part.")
    step = model.require_turn(case, reader.membership.role)
    if not text:
        raise Invalid.field("/text", "Write what you ask or recommend.")
    model.require_clean(text)
    said = Said(call.new_id(), call.actor_id, reader.membership.role, step, text)
    writes = [store.put_said(case, said, call.now), store.check_unmoved(case)]
    return commit(call, writes, _seen(reader, case, (said,)))


def _case(call: Call, series_id: str, case_id: str) -> tuple[Reader, Case]:
    """Return a case to who may know of it: its presenter, who reviews or runs, and of the bank all but guests."""
    reader, (row,) = access.reader_of(call, series_id, Deed.BANK, store.case_key(series_id, case_id))
    case = store.case_of(row) if row is not None else None
    if case is None:
        raise NotFound
    if not (case.presenter_id == call.actor_id or _sees_all(reader) or case.state in IN_BANK):
        raise NotFound
    return reader, case


def _sees_all(reader: Reader) -> bool:
    return reader.may(Deed.REVIEW) or reader.may(Deed.RUN)


def _require_presenter(call: Call, case: Case) -> None:
    if case.presenter_id != call.actor_id:
        raise CaseNotYours


def _seen(reader: Reader, case: Case, said: tuple[Said, ...] = ()) -> SeenCase:
    is_checked = case.presenter_id == reader.person_id or reader.may(Deed.REVIEW)
    return SeenCase(case, said, model.traces(case.form) if is_checked else None)


def _news(call: Call, case: Case, state: CaseState, version: int) -> Write:
    told = {
        "recipient": case.presenter_id, "series_id": case.series_id, "case_id": case.id, "state": state.value,
    }  # fmt: skip
    message_id = f"{CASE_NEWS}:{case.id}:{version}"
    return outbox.message(message_id, outbox.Topic.MAIL, CASE_NEWS, told, now=call.now)


def _reminder(call: Call, case: Case, version: int) -> Write:
    """Return the write of the mail that a case waits to be written; it is not sent where it was handed in by then."""
    told = {
        "recipient": case.presenter_id, "series_id": case.series_id, "case_id": case.id, "state": case.state.value,
    }  # fmt: skip
    message_id = f"{CASE_DUE}:{case.id}:{version}"
    due_at = call.now + _WRITTEN_IN
    return outbox.message(message_id, outbox.Topic.MAIL, CASE_DUE, told, now=call.now, due_at=due_at)


def recommendations_due(call: Call, case: Case, person_id: str) -> Write:
    """Return the write of the mail to somebody that recommendations on a case are due."""
    told = {
        "recipient": person_id, "series_id": case.series_id, "case_id": case.id, "state": case.state.value,
    }  # fmt: skip
    message_id = f"{RECOMMENDATIONS_DUE}:{case.id}:{person_id}"
    return outbox.message(message_id, outbox.Topic.MAIL, RECOMMENDATIONS_DUE, told, now=call.now)


def _due(call: Call, case: Case) -> list[Write]:
    news = {"series_id": case.series_id, "case_id": case.id}
    due_at = max(call.now, case.due_at - _REMIND) if case.due_at else call.now
    message_id = f"{RECOMMENDATIONS_NEAR}:{case.id}"
    return [
        outbox.message(
            message_id, outbox.Topic.FOLLOW_UP, RECOMMENDATIONS_NEAR, news, now=call.now, due_at=due_at
        )
    ]


def _asked_later(call: Call, reader: Reader, case: Case) -> list[Write]:
    """Return the write of the mail that asks its presenter what came of it, on the morning of the day for that."""
    if case.follow_up_on is None:
        return []
    morning = instant_at(datetime.combine(case.follow_up_on, _MORNING), reader.series.time_zone)
    told = {
        "recipient": case.presenter_id, "series_id": case.series_id, "case_id": case.id, "state": case.state.value,
        "asks_outcome": True,
    }  # fmt: skip
    message_id = f"{CASE_NEWS}:{case.id}:outcome"
    return [
        outbox.message(
            message_id, outbox.Topic.MAIL, CASE_NEWS, told, now=call.now, due_at=max(call.now, morning)
        )
    ]


def _step(call: Call, case: Case, what: str, *, after: str | None = None) -> Write:
    return access.step(call, case.series_id, what, before=case.id, after=after)
