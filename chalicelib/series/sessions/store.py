"""Sessions in the series table, beside their series; and for how long each person was at each of those that are
closed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.series.errors import SessionMoved
from chalicelib.series.model import SeriesRole
from chalicelib.series.sessions.model import Block, BlockKind, Session, SessionState

_NEAR = timedelta(hours=12)
"""How far an event of a provider may lie from the time of the session that it belongs to: half a day, so that a weekly
room is never taken for that of another week."""


class SessionRow(tables.IndexedRow):
    """A session; gsi1: those of a series by when they begin."""

    class Meta:
        capability = "series"

    title = UnicodeAttribute()
    starts_at = UnicodeAttribute()
    blocks = JSONAttribute()
    source = UnicodeAttribute()
    link = UnicodeAttribute(null=True)
    meeting = UnicodeAttribute(null=True)
    status = UnicodeAttribute()
    entered = JSONAttribute()
    ended_at = UnicodeAttribute(null=True)


class ResultRow(tables.Row):
    """For how long somebody was at a closed session, in seconds, and as whom."""

    class Meta:
        capability = "series"

    role = UnicodeAttribute()
    seconds = NumberAttribute()
    educational = NumberAttribute()
    held = NumberAttribute()


class HookRow(tables.Row):
    """The secret under which a provider of calls signs its events for a series. It is read by nobody over the API."""

    class Meta:
        capability = "series"

    secret = UnicodeAttribute()


@dataclass(frozen=True)
class Result:
    """What came of a closed session for one person: in which role they were there, for how many seconds, how many of
    these of education, and for how many it was held."""

    series_id: str
    session_id: str
    person_id: str
    role: SeriesRole
    seconds: int
    educational: int
    held: int


def session_key(series_id: str, session_id: str) -> tuple[type[SessionRow], str, str]:
    """Return the key of a session for `tables.get_many`."""
    return SessionRow, _pk(series_id), f"SESSION#{session_id}"


def put_session(session: Session, now: datetime) -> Write:
    row_class, pk, sk = session_key(session.series_id, session.id)
    row = row_class(
        pk, sk, title=session.title, starts_at=to_text(session.starts_at),
        blocks=[_raw_block(one) for one in session.blocks], source=session.source,
        link=session.link, meeting=session.meeting, status=session.status.value,
        entered=[[place, to_text(at)] for place, at in session.entered], ended_at=text_of(session.ended_at),
        gsi1pk=_listed(session.series_id), gsi1sk=_place(session.starts_at, session.id),
        **tables.stamps(to_text(now), version=session.version),
    )  # fmt: skip
    return tables.put(row, conflict=SessionMoved())


def session_of(row: SessionRow) -> Session:
    return Session(
        row.sk.removeprefix("SESSION#"), row.pk.removeprefix("SERIES#"), row.title, from_text(row.starts_at),
        tuple(Block(BlockKind(kind), *rest) for kind, *rest in row.blocks), row.source,
        row.link, row.meeting, SessionState(row.status),
        tuple((place, from_text(at)) for place, at in row.entered), instant_of(row.ended_at), int(row.version),
    )  # fmt: skip


def _raw_block(one: Block) -> list[Any]:
    named = [one.presenter_id] if one.presenter_id else []
    return [one.kind.value, one.minutes, one.title, *named]


def sessions(series_id: str, page: PageRequest) -> Page[Session]:
    """Return the sessions of a series by when they begin."""
    return tables.page_of(SessionRow, _listed(series_id), page, session_of, index="gsi1")


def every_session(series_id: str) -> Iterator[Session]:
    """Yield the sessions of a series, strongly consistent."""
    for raw in tables.query_all(SessionRow, _pk(series_id), begins_with="SESSION#"):
        yield session_of(SessionRow.parse(raw))


def sessions_within(series_id: str, starts_at: datetime, ends_at: datetime) -> list[tuple[Session, datetime]]:
    """Return the sessions of a series that begin within a stretch of time, each with when it was changed last."""
    span = (_place(starts_at, ""), _place(ends_at, ""))
    raws = tables.query_all(SessionRow, _listed(series_id), index="gsi1", between=span)
    rows = (SessionRow.parse(raw) for raw in raws)
    return [(session_of(row), from_text(row.updated_at)) for row in rows]


def session_in(series_id: str, meeting: str, at: datetime) -> Session | None:
    """Return the session that is nearest to an instant in a provider's room."""
    span = (_place(at - _NEAR, ""), _place(at + _NEAR, "\uffff"))
    raws = tables.query_all(SessionRow, _listed(series_id), index="gsi1", between=span)
    found = [session_of(SessionRow.parse(raw)) for raw in raws]
    held = [one for one in found if one.meeting == meeting and one.status is not SessionState.CANCELLED]
    return min(held, key=lambda one: abs(one.starts_at - at), default=None)


def check_not_closed(session: Session) -> Write:
    """Let a transaction through only while a session is as it was read."""
    same: Any = SessionRow.version == session.version
    return tables.check(*session_key(session.series_id, session.id), condition=same, conflict=SessionMoved())


def put_result(result: Result, now: datetime) -> Write:
    """Return the write of what came of a session for one person; again, it changes nothing."""
    row = ResultRow(
        _results(result.series_id, result.person_id), f"RESULT#{result.session_id}", role=result.role.value,
        seconds=result.seconds, educational=result.educational, held=result.held,
        **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put_entry(row)


def results_of(series_id: str, person_id: str) -> tuple[Result, ...]:
    """Return what came of a series' closed sessions for one person, in their order."""
    raws = tables.query_all(ResultRow, _results(series_id, person_id), begins_with="RESULT#")
    return tuple(_result(series_id, person_id, ResultRow.parse(raw)) for raw in raws)


def _result(series_id: str, person_id: str, row: ResultRow) -> Result:
    return Result(
        series_id, row.sk.removeprefix("RESULT#"), person_id, SeriesRole(row.role), int(row.seconds),
        int(row.educational), int(row.held),
    )  # fmt: skip


def hook_key(series_id: str) -> tuple[type[HookRow], str, str]:
    return HookRow, _pk(series_id), "HOOK"


def put_hook(series_id: str, secret: str, now: datetime) -> Write:
    row_class, pk, sk = hook_key(series_id)
    return tables.put_entry(row_class(pk, sk, secret=secret, **tables.stamps(to_text(now))))


def secret_of(series_id: str) -> str | None:
    row = tables.get(*hook_key(series_id))
    return row.secret if row else None


def _pk(series_id: str) -> str:
    return f"SERIES#{series_id}"


def _listed(series_id: str) -> str:
    return f"SERIES#{series_id}#SESSIONS"


def _results(series_id: str, person_id: str) -> str:
    return f"SERIES#{series_id}#PERSON#{person_id}"


def _place(at: datetime, session_id: str) -> str:
    return f"{to_text(at)}#{session_id}"
