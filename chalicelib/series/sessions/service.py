"""Sessions of a series: planning them, leading them on the clock, being there, and what comes of those that are
closed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from chalicelib.attendance import service as attendance
from chalicelib.attendance import zoom
from chalicelib.attendance.errors import MarkedBefore, NotSigned
from chalicelib.attendance.model import MarkKind, Presence
from chalicelib.kernel import delimited
from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.clock import to_text
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.kernel.zones import instant_at
from chalicelib.people import service as people
from chalicelib.people.model import Person
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.series import access
from chalicelib.series import store as series_store
from chalicelib.series.errors import GuestsFull, NotOpenForJoining, SessionNotSo, VisitsUsed
from chalicelib.series.model import Deed, Membership, Series, SeriesPlace, SeriesRole, Site
from chalicelib.series.sessions import model, store
from chalicelib.series.sessions.model import (
    Block,
    Clock,
    Move,
    Session,
    SessionState,
    Template,
    plan_of,
)
from chalicelib.series.sessions.store import Result

SESSION_NEAR = "series-session-near"
"""The news that a session is a day away: `series_id`, `session_id`, `starts_at`."""
MINUTES_FINAL = "series-session-closed"
"""The news that a session's minutes are final: `series_id`, `session_id`."""
SESSION_OFF = "series-session-off"
"""The news that a session is cancelled: `series_id`, `session_id`."""
SERIES_SESSION_CANCELLED = "series-session-cancelled"
"""The mail that it is: `recipient`, `series_id`, `session_id`, `starts_at`."""
SERIES_SESSION = "series-session"
"""The mail that a session is a day away: `recipient`, `series_id`, `session_id`, `starts_at`."""

_CSV = (
    "person_id", "name", "role", "site", "country", "income_group", "minutes", "seconds", "measured_seconds",
    "first_join", "last_leave", "oddities", "corrected_by",
)  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """What is planned: when, on the series' own clock, and how.

    Attributes
    ----------
    blocks
        In the place of a template's.
    weeks
        How many sessions, one a week at the same time on that clock.
    minutes
        How long, of a template that leaves it open.
    """

    title: str
    on: date
    at: int
    template: Template | None
    blocks: tuple[Block, ...]
    link: str | None
    meeting: str | None
    weeks: int = 1
    minutes: int | None = None


@dataclass(frozen=True)
class Change:
    """What of a session is changed; day and time together. `blocks` of one's own, empty where the plan stays."""

    fields: dict[str, object]
    on: date | None = None
    at: int | None = None
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Seen:
    """Somebody's presence at a session with who they are."""

    presence: Presence
    person: Person | None


@dataclass(frozen=True)
class Own:
    """Somebody's own join or leave, as it counts."""

    kind: MarkKind
    at: datetime
    link: str | None


@dataclass(frozen=True)
class Share:
    """How much of the time held somebody was there, in the sessions that are closed; in seconds.

    Attributes
    ----------
    percent
        None where nothing has been held yet.
    is_enough
        Whether it is as much as the series' certificate takes.
    """

    attended: int
    held: int
    sessions: int
    percent: int | None
    is_enough: bool


# Planning.


def plan_sessions(call: Call, series_id: str, wish: Wish) -> tuple[Session, ...]:
    """Plan one session, or one a week (those who run the series)."""
    blocks, source = _plan(wish)
    keys, require_known = _presenters(series_id, blocks)
    reader, rows = access.reader_of(call, series_id, Deed.RUN, *keys)
    require_known(rows)
    made = []
    for week in range(wish.weeks):
        on = min(wish.on, date.max - model.MOST_WEEKS * model.WEEK) + week * model.WEEK
        starts_at = _starts_at(on, wish.at, reader.series.time_zone, call.now)
        if starts_at <= call.now:
            raise Invalid.field("/on", "Give a time that is to come.")
        made.append(
            Session(call.new_id(), series_id, wish.title, starts_at, blocks, source, wish.link, wish.meeting)
        )
    writes: list[Write] = []
    for one in made:
        writes += [store.put_session(one, call.now), _near(one, call.now)]
    writes.append(access.step(call, series_id, "plan", after=f"{made[0].id} and {len(made) - 1} more"))
    return commit(call, writes, tuple(written(one) for one in made))


def change_session(call: Call, series_id: str, session_id: str, changes: Change) -> Session:
    """Change a session that has not begun (those who run the series); raises `SessionNotSo`."""
    keys, require_known = _presenters(series_id, changes.blocks)
    reader, (row, *rows) = access.reader_of(
        call, series_id, Deed.RUN, store.session_key(series_id, session_id), *keys
    )
    session = _session(row)
    require_version(call, session.version)
    if session.status is not SessionState.PLANNED:
        raise SessionNotSo(f"It is {session.status}.")
    require_known(rows)
    changed = replace(session, **changes.fields)  # type: ignore[arg-type]
    if changes.blocks:
        changed = replace(changed, blocks=changes.blocks, source="")
    writes: list[Write] = []
    if changes.on is not None and changes.at is not None:
        starts_at = _starts_at(changes.on, changes.at, reader.series.time_zone, call.now)
        if starts_at <= call.now:
            raise Invalid.field("/on", "Give a time that is to come.")
        if starts_at != session.starts_at:
            changed = replace(changed, starts_at=starts_at)
            writes.append(_near(changed, call.now, session.version))
    writes += [
        store.put_session(changed, call.now),
        access.step(call, series_id, "change_session", after=session_id),
    ]
    return commit(call, writes, written(changed))


def list_sessions(call: Call, series_id: str, page: PageRequest) -> Page[Session]:
    """Return the sessions of a series by when they begin (whoever takes part)."""
    access.reader_of(call, series_id, Deed.READ)
    return store.sessions(series_id, page)


def read_session(call: Call, series_id: str, session_id: str) -> Session:
    """Return a session (whoever takes part)."""
    _, (row,) = access.reader_of(call, series_id, Deed.READ, store.session_key(series_id, session_id))
    return _session(row)


# On the clock.


def read_clock(call: Call, series_id: str, session_id: str) -> Clock:
    """Return what runs, what is over its time and what comes (those who run the series)."""
    _, (row,) = access.reader_of(call, series_id, Deed.RUN, store.session_key(series_id, session_id))
    return model.clock(_session(row), call.now)


def move(call: Call, series_id: str, session_id: str, to: Move, ended_at: datetime | None = None) -> Clock:
    """Move a session on (those who run the series); raises `SessionNotSo`, `SessionMoved`, `Invalid`.

    Closing it makes its minutes final, and is news for what builds on them.
    """
    _, (row,) = access.reader_of(call, series_id, Deed.RUN, store.session_key(series_id, session_id))
    session = _session(row)
    require_version(call, session.version)
    changed = model.moved(session, to, call.now, ended_at)
    writes = [
        store.put_session(changed, call.now),
        access.step(call, series_id, to, before=session.status, after=session_id),
    ]
    kind = {Move.CLOSE: MINUTES_FINAL, Move.CANCEL: SESSION_OFF}.get(to)
    if kind is not None:
        news = {"series_id": series_id, "session_id": session_id}
        message_id = f"{kind}:{session_id}"
        writes.append(outbox.message(message_id, outbox.Topic.FOLLOW_UP, kind, news, now=call.now))
    return commit(call, writes, model.clock(written(changed), call.now))


# Being there.


def mark(call: Call, series_id: str, session_id: str, kind: MarkKind, device: str) -> Own:
    """Join a session on our page, or leave it (whoever takes part): one row, which nobody else writes.

    A guest's first join counts against the guests of the session and their own visits.

    Raises
    ------
    NotOpenForJoining, GuestsFull, VisitsUsed
    """
    keys = [
        store.session_key(series_id, session_id),
        series_store.visit_key(series_id, session_id, call.actor_id),
    ]
    reader, (row, visit) = access.reader_of(call, series_id, Deed.READ, *keys)
    session = _session(row)
    is_goodbye = kind is MarkKind.LEAVE and session.status is SessionState.ENDED
    if not (session.is_open(call.now) or is_goodbye):
        raise NotOpenForJoining
    if reader.role is None or not reader.takes_part:
        raise NotOpenForJoining("Coordinators of the hub look on. Join the series to take part.")
    writes = [attendance.mark(call, session.gathering, call.actor_id, kind, device)]
    if (
        reader.membership
        and reader.membership.role is SeriesRole.GUEST
        and kind is MarkKind.JOIN
        and visit is None
    ):
        limits = reader.series.limits
        if limits.guests == 0:
            raise GuestsFull
        if reader.membership.visits >= limits.visits:
            raise VisitsUsed
        writes += series_store.visit(reader.series, session_id, call.actor_id, call.now)
    return commit(call, writes, Own(kind, call.now, session.link))


def attendance_of(call: Call, series_id: str, session_id: str, page: PageRequest) -> Page[Seen]:
    """Return for how long people were at a session (those who run the series)."""
    _, (row,) = access.reader_of(call, series_id, Deed.RUN, store.session_key(series_id, session_id))
    session = _session(row)
    found = attendance.page_of_presences(session.gathering, session.held(call.now), page)
    known = people.get_people([one.person_id for one in found.items])
    return Page(tuple(Seen(one, known.get(one.person_id)) for one in found.items), found.next)


def attendance_csv(call: Call, series_id: str, session_id: str) -> str:
    """Return the same of everybody as a file (those who run the series), and how many joins were nobody's whom
    the series knows."""
    _, (row,) = access.reader_of(call, series_id, Deed.RUN, store.session_key(series_id, session_id))
    session = _session(row)
    found = list(attendance.every_presence(session.gathering, session.held(call.now)))
    places = {one.person_id: one for one in series_store.every_member(series_id)}
    sites = series_store.every_site(series_id)
    known = people.get_people([one.person_id for one in found])
    rows = (_csv_row(one, known.get(one.person_id), places.get(one.person_id), sites) for one in found)
    unknown = attendance.unknown_at(session.gathering)
    rest = [["", "", f"{unknown} joins of people who are not in the series"]] if unknown else []
    return delimited.written(_CSV, [*rows, *rest])


def presence_of(call: Call, series_id: str, session_id: str, person_id: str) -> Seen:
    """Return for how long somebody was at a session, when, and who corrected it (those who run the series; everybody
    their own)."""
    keys = [
        store.session_key(series_id, session_id),
        people.person_key(person_id),
        series_store.member_key(series_id, person_id),
    ]
    if person_id == call.actor_id:
        row, person_row, member_row = access.once_in(call, series_id, *keys)
    else:
        _, (row, person_row, member_row) = access.reader_of(call, series_id, Deed.RUN, *keys)
    session = _session(row)
    _require_joined(person_row, member_row)
    found = attendance.presence_of(session.gathering, person_id, session.held(call.now))
    return Seen(found, people.person_of(person_row))


def correct(call: Call, series_id: str, session_id: str, person_id: str, minutes: int, reason: str) -> Seen:
    """Put other minutes in the place of what was measured (those who run the series), once the session has ended and
    before it is closed; who, when, before and after are kept, and nobody corrects their own.

    Raises
    ------
    NotFound, SessionNotSo, SessionMoved, CorrectionCrossed, Invalid
    """
    keys = [
        store.session_key(series_id, session_id),
        people.person_key(person_id),
        series_store.member_key(series_id, person_id),
    ]
    _, (row, person_row, member_row) = access.reader_of(call, series_id, Deed.RUN, *keys)
    session = _session(row)
    _require_joined(person_row, member_row)
    if person_id == call.actor_id:
        raise SessionNotSo("Your own minutes are corrected by somebody else who runs the series.")
    held = session.held(call.now)
    if session.status is not SessionState.ENDED or held is None:
        raise SessionNotSo("Minutes are corrected after the session has ended, and before it is closed.")
    found = attendance.presence_of(session.gathering, person_id, held)
    corrected, write = attendance.correct(call, session.gathering, found, held, minutes, reason)
    writes = [write, store.check_not_closed(session)]
    return commit(call, writes, Seen(corrected, people.person_of(person_row)))


# What a provider of calls tells.


def set_hook(call: Call, series_id: str, secret: str) -> None:
    """Set the secret under which a provider signs what it tells of the series' calls (its owner)."""
    access.reader_of(call, series_id, Deed.OWN)
    writes = [store.put_hook(series_id, secret, call.now), access.step(call, series_id, "set_hook")]
    commit(call, writes, None)


def hear(call: Call, series_id: str, headers: dict[str, str], body: bytes) -> dict[str, str]:
    """Take an event of a provider whose signature holds; one that came before does nothing.

    Returns
    -------
    dict
        What answers the validation of our address; empty for all else.

    Raises
    ------
    NotSigned, Invalid
        A series without a secret, or none at all, looks like a wrong signature.
    """
    secret = store.secret_of(series_id)
    if secret is None:
        raise NotSigned
    zoom.verify(headers, body, secret, call.now)
    event = zoom.read(body)
    if isinstance(event, zoom.Challenge):
        return zoom.answer_to(event, secret)
    if isinstance(event, zoom.Seen):
        # A clock of theirs that is ahead does not lead to another day's session.
        session = store.session_in(series_id, event.meeting, min(event.at, call.now))
        if session is None or session.status is SessionState.CLOSED:
            return {}  # minutes of what is closed are final
        person_id = _who(series_id, event)
        write = attendance.mark_seen(call, session.gathering, person_id, event)
        try:
            commit(call, [write], None)
        except MarkedBefore:
            # Zoom sends again what it thinks we have not taken.
            return {}
    return {}


def _who(series_id: str, event: zoom.Seen) -> str | None:
    """Return whom of the series an event is about, if that is known."""
    person_id = event.person_id
    if person_id is None and event.email is not None:
        found = people.find_by_email(event.email)
        person_id = found[0] if found else None
    if person_id is None:
        return None
    row = tables.get(*series_store.member_key(series_id, person_id))
    is_in = row is not None and series_store.member_of(row).place is SeriesPlace.ACTIVE
    return person_id if is_in else None


# What follows, and what other capabilities ask.


def remind(call: Call, series_id: str, session_id: str, starts_at: datetime) -> bool:
    """Write to all who take part that a session is a day away; begun again, it writes to nobody twice.

    Returns
    -------
    bool
        False where it is not: it was moved, begun or cancelled.
    """
    row = tables.get(*store.session_key(series_id, session_id))
    session = store.session_of(row) if row else None
    if session is None or session.status is not SessionState.PLANNED or session.starts_at != starts_at:
        return False
    _write_to_all(call, session, SERIES_SESSION)
    return True


def call_off(call: Call, series_id: str, session_id: str) -> None:
    """Write to all who take part that a session is cancelled; begun again, it writes to nobody twice."""
    row = tables.get(*store.session_key(series_id, session_id))
    session = store.session_of(row) if row else None
    if session is not None and session.status is SessionState.CANCELLED:
        _write_to_all(call, session, SERIES_SESSION_CANCELLED)


def _write_to_all(call: Call, session: Session, kind: str) -> None:
    starts_at = to_text(session.starts_at)

    def mail(member: Membership) -> Write:
        told = {
            "recipient": member.person_id, "series_id": session.series_id, "session_id": session.id,
            "starts_at": starts_at,
        }  # fmt: skip
        message_id = f"{kind}:{session.id}:{starts_at}:{member.person_id}"
        return outbox.message(message_id, outbox.Topic.MAIL, kind, told, now=call.now)

    everybody = series_store.every_member(session.series_id)
    outbox.put_missing((mail(one) for one in everybody if one.place is SeriesPlace.ACTIVE), call.now)


def session_near(
    person_id: str, series_id: str, session_id: str
) -> tuple[Series, Membership, Session] | None:
    """Return a session that is to come, or was to and is cancelled, if somebody takes part in its series."""
    series_row, member_row, row = tables.get_many(
        [
            series_store.series_key(series_id), series_store.member_key(series_id, person_id),
            store.session_key(series_id, session_id),
        ]
    )  # fmt: skip
    if series_row is None or member_row is None or row is None:
        return None
    session = store.session_of(row)
    member = series_store.member_of(member_row)
    is_told_of = session.status in (SessionState.PLANNED, SessionState.CANCELLED)
    if member.place is not SeriesPlace.ACTIVE or not is_told_of:
        return None
    return series_store.series_of(series_row), member, session


def share_of(series: Series, person_id: str) -> Share:
    """Return how much of the time held somebody was there, in the sessions that are closed."""
    return share(series, store.every_session(series.id), store.results_of(series.id, person_id))


def share(series: Series, found: Iterable[Session], mine: Sequence[Result]) -> Share:
    """Return the same from the sessions of a series, of which the closed ones count, and what came of them for
    somebody."""
    held = 0
    count = 0
    for one in found:
        if one.status is SessionState.CLOSED and one.ended_at is not None:
            stretch = one.held(one.ended_at)
            held += stretch.seconds if stretch else 0
            count += 1
    attended = sum(one.seconds for one in mine)
    percent = attended * 100 // held if held else None
    return Share(attended, held, count, percent, held > 0 and attended * 100 >= series.limits.share * held)


def _plan(wish: Wish) -> tuple[tuple[Block, ...], str]:
    if wish.blocks:
        return wish.blocks, ""
    plan = plan_of(wish.template or Template.ECHO_ONTARIO, wish.minutes)
    return plan.blocks, plan.source


def _presenters(
    series_id: str, blocks: tuple[Block, ...]
) -> tuple[list[access.Key], Callable[[Sequence[Any]], None]]:
    """Return the keys of the places of those whom a plan names, and what refuses who has none."""
    named = [(n, one.presenter_id) for n, one in enumerate(blocks) if one.presenter_id is not None]

    def require_known(rows: Sequence[Any]) -> None:
        for (n, _), row in zip(named, rows, strict=True):
            if row is None or series_store.member_of(row).place is not SeriesPlace.ACTIVE:
                raise Invalid.field(
                    f"/blocks/{n}/presenter_id", "Name somebody who takes part in the series."
                )

    return [series_store.member_key(series_id, who) for _, who in named], require_known


def _starts_at(on: date, at: int, zone: str, now: datetime) -> datetime:
    if on > now.date() + model.PLANNED_AHEAD:
        raise Invalid.field("/on", "Give a day within the next three years.")
    return instant_at(datetime.combine(on, time(at // 60, at % 60)), zone)


def _near(session: Session, now: datetime, version: int | None = None) -> Write:
    """Return the write of the news that a session is a day away; of one that is nearer, at once."""
    starts_at = to_text(session.starts_at)
    told = {"series_id": session.series_id, "session_id": session.id, "starts_at": starts_at}
    message_id = f"{SESSION_NEAR}:{session.id}:{version or 0}"
    due_at = max(now, session.starts_at - model.REMIND)
    return outbox.message(message_id, outbox.Topic.FOLLOW_UP, SESSION_NEAR, told, now=now, due_at=due_at)


def _require_joined(person_row: Any, member_row: Any) -> None:
    """Let pass who takes part or did; of anybody else, and of who was only invited, not even the name is told."""
    is_known = person_row is not None and member_row is not None
    if not is_known or series_store.member_of(member_row).place is SeriesPlace.INVITED:
        raise NotFound


def _session(row: store.SessionRow | None) -> Session:
    if row is None:
        raise NotFound
    return store.session_of(row)


def _csv_row(
    one: Presence, person: Person | None, place: Membership | None, sites: dict[str, Site]
) -> list[str | int]:
    site = sites.get(place.site_id) if place and place.site_id else None
    first, last = (one.intervals[0].starts_at, one.intervals[-1].ends_at) if one.intervals else (None, None)
    return [
        one.person_id, person.name if person else "", place.role.value if place else "",
        site.name if site else "", site.country if site else "", (site.income_group or "") if site else "",
        one.minutes, one.seconds, one.measured, to_text(first) if first else "",
        to_text(last) if last else "", " ".join(one.oddities),
        one.corrections[-1].by if one.corrections else "",
    ]  # fmt: skip
