"""Sessions in the mentorships table, beside their mentorship, each with when the clock looks at it next."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.calendars.model import Span
from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.mentorships.errors import MentorshipNotUnderWay
from chalicelib.mentorships.running_store import MentorshipRow, mentorship_key
from chalicelib.mentorships.sessions.errors import SessionMoved
from chalicelib.mentorships.sessions.model import (
    Account,
    Cancellation,
    Held,
    Occurrence,
    Offer,
    Said,
    Session,
    SessionStatus,
    due_after,
)
from chalicelib.mentorships.sessions.place import Place, Ways
from chalicelib.mentorships.sessions.record import Action, Agenda, AgendaItem
from chalicelib.people.model import Channel
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Side

PREFIX = "MENTORSHIP#SESSION#"
_DUE = "SESSIONS"


class SessionRow(tables.IndexedRow):
    """A session. gsi1 has all that the clock is to look at, by when: it moves and goes with the session itself."""

    class Meta:
        capability = "mentorships"

    mentee_id = UnicodeAttribute()
    mentor_id = UnicodeAttribute()
    status = UnicodeAttribute()
    starts_at = UnicodeAttribute()
    ends_at = UnicodeAttribute()
    booked_by = UnicodeAttribute()
    offer = JSONAttribute(null=True)
    occurrence = JSONAttribute(null=True)
    place = JSONAttribute(null=True)
    sequence = NumberAttribute()
    cancellation = JSONAttribute(null=True)
    accounts = JSONAttribute(null=True)
    covered = JSONAttribute(null=True)
    is_carried = BooleanAttribute(default=False)
    shared_notes = JSONAttribute(null=True)
    actions = JSONAttribute(null=True)


class AgendaRow(tables.Row):
    """What the two of a mentorship have yet to speak of."""

    class Meta:
        capability = "mentorships"

    items = JSONAttribute()


class WaysRow(tables.Row):
    """Where a person can be met, in their own partition."""

    class Meta:
        capability = "mentorships"

    link = UnicodeAttribute(null=True)
    phone = UnicodeAttribute(null=True)
    chat = UnicodeAttribute(null=True)


class NoteRow(tables.Row):
    """What one person keeps of a session for themselves, in their own partition."""

    class Meta:
        capability = "mentorships"

    text = UnicodeAttribute()


class HeldRow(tables.Row):
    """How many sessions of a mentorship were held, and for how long, counted with each account of one."""

    class Meta:
        capability = "mentorships"

    sessions = NumberAttribute()
    minutes = NumberAttribute()


def agenda_key(mentorship_id: str) -> tuple[type[AgendaRow], str, str]:
    """Return the key of a mentorship's agenda for `tables.get_many`."""
    return AgendaRow, _pk(mentorship_id), "MENTORSHIP#AGENDA"


def note_key(person_id: str, session_id: str) -> tuple[type[NoteRow], str, str]:
    """Return the key of a person's private note on a session for `tables.get_many`."""
    return NoteRow, f"PERSON#{person_id}", f"SESSION-NOTE#{session_id}"


def session_key(mentorship_id: str, session_id: str) -> tuple[type[SessionRow], str, str]:
    """Return the key of a session for `tables.get_many`."""
    return SessionRow, _pk(mentorship_id), PREFIX + session_id


def held_key(mentorship_id: str) -> tuple[type[HeldRow], str, str]:
    """Return the key of how many sessions a mentorship has had for `tables.get_many`."""
    return HeldRow, _pk(mentorship_id), "MENTORSHIP#HELD"


def held_of(row: HeldRow | None) -> Held:
    return Held(int(row.sessions), int(row.minutes)) if row is not None else Held()


def count_held(mentorship_id: str, change: Held, now: datetime) -> Write:
    """Count what an account of a session has changed; the session's own version lets it happen once."""
    return tables.add(
        *held_key(mentorship_id), {"sessions": change.sessions, "minutes": change.minutes}, to_text(now)
    )


def get_session(mentorship_id: str, session_id: str) -> Session | None:
    row = tables.get(*session_key(mentorship_id, session_id))
    return session_of(row) if row else None


def sessions_of(mentorship_id: str) -> tuple[Session, ...]:
    """Return all sessions of a mentorship, in time's order: a round trip a megabyte."""
    found = (parse(raw) for raw in tables.query_all(SessionRow, _pk(mentorship_id), begins_with=PREFIX))
    return tuple(sorted(found, key=lambda one: (one.span, one.id)))


def parse(raw: dict[str, Any]) -> Session:
    """Read an item as DynamoDB returned it."""
    return session_of(SessionRow.parse(raw))


def put_session(session: Session, now: datetime) -> Write:
    """Return the write of a session, new or over the version read, with when the clock looks at it next."""
    row_class, pk, sk = session_key(session.mentorship_id, session.id)
    due = due_after(session, now)
    row = row_class(
        pk, sk, mentee_id=session.mentee_id, mentor_id=session.mentor_id, status=session.status.value,
        starts_at=to_text(session.span.starts_at), ends_at=to_text(session.span.ends_at),
        booked_by=session.booked_by.value, offer=_offer_data(session.offer),
        occurrence=_occurrence_data(session.occurrence), place=_place_data(session.place), sequence=session.sequence,
        cancellation=_cancellation_data(session.cancellation),
        accounts={side.value: _account_data(one) for side, one in session.accounts.items()},
        covered=[_item_data(one) for one in session.covered],
        is_carried=session.is_carried,
        shared_notes={side.value: text for side, text in session.shared_notes.items()},
        actions=[_action_data(one) for one in session.actions],
        gsi1pk=tables.due_shard(_DUE, session.id) if due else None,
        gsi1sk=tables.due_place(due[0], f"{session.mentorship_id}#{session.id}") if due else None,
        **tables.stamps(to_text(now), to_text(session.created_at or now), session.version),
    )  # fmt: skip
    return tables.put(row, conflict=SessionMoved("Read it again, then decide."))


def agenda_of(mentorship_id: str, row: Any) -> Agenda:
    """Read a mentorship's agenda; without a row there is nothing on it yet."""
    if row is None:
        return Agenda(mentorship_id)
    items = tuple(_item_of(one) for one in row.items)
    return Agenda(mentorship_id, items, from_text(row.created_at), int(row.version))


def put_agenda(agenda: Agenda, now: datetime) -> Write:
    row_class, pk, sk = agenda_key(agenda.mentorship_id)
    row = row_class(
        pk, sk, items=[_item_data(one) for one in agenda.items],
        **tables.stamps(to_text(now), to_text(agenda.created_at or now), agenda.version),
    )  # fmt: skip
    return tables.put(row)


def put_note(person_id: str, session_id: str, text: str, now: datetime) -> Write:
    """Return the write of a private note, whatever it was before: it is its writer's alone. Empty, it is deleted."""
    row_class, pk, sk = note_key(person_id, session_id)
    if not text:
        return tables.delete_entry(row_class, pk, sk)
    return tables.put_entry(row_class(pk, sk, text=text, **tables.stamps(to_text(now))))


def ways_key(person_id: str) -> tuple[type[WaysRow], str, str]:
    """Return the key of where a person can be met for `tables.get_many`."""
    return WaysRow, f"PERSON#{person_id}", "MEETING-WAYS"


def ways_of(person_id: str, row: Any) -> Ways:
    """Read where a person can be met; without a row they have not said."""
    if row is None:
        return Ways(person_id)
    return Ways(person_id, row.link, row.phone, row.chat, from_text(row.created_at), int(row.version))


def put_ways(ways: Ways, now: datetime) -> Write:
    row_class, pk, sk = ways_key(ways.person_id)
    row = row_class(
        pk, sk, link=ways.link, phone=ways.phone, chat=ways.chat,
        **tables.stamps(to_text(now), to_text(ways.created_at or now), ways.version),
    )  # fmt: skip
    return tables.put(row)


def audit_ways(ways: Ways, row_id: str, now: datetime) -> Write:
    """Return the audit row of a change: which of them there are, and none of them."""
    told = ",".join(name for name in ("link", "phone", "chat") if getattr(ways, name))
    return tables.audit(
        "mentorships", f"PERSON#{ways.person_id}", row_id=row_id, at=now, actor=ways.person_id,
        action="write_meeting_ways", after=told,
    )  # fmt: skip


def due_sessions(now: datetime) -> Iterator[Session]:
    """Yield the sessions that the clock is to look at by now, longest due first."""
    for raw in tables.query_due(now, SessionRow, _DUE):
        yield parse(raw)


def check_status(mentorship_id: str, statuses: tuple[str, ...]) -> Write:
    """Let a transaction through only while a mentorship is in one of these states."""
    return tables.check(
        *mentorship_key(mentorship_id), condition=MentorshipRow.status.is_in(*statuses),
        conflict=MentorshipNotUnderWay("It was paused or ended just now."),
    )  # fmt: skip


def session_of(row: SessionRow) -> Session:
    return Session(
        id=row.sk.removeprefix(PREFIX),
        mentorship_id=row.pk.removeprefix("MENTORSHIP#"),
        mentee_id=row.mentee_id,
        mentor_id=row.mentor_id,
        status=SessionStatus(row.status),
        span=Span(from_text(row.starts_at), from_text(row.ends_at)),
        booked_by=Side(row.booked_by),
        offer=_offer_of(row.offer),
        occurrence=_occurrence_of(row.occurrence),
        place=_place_of(row.place),
        sequence=int(row.sequence),
        cancellation=_cancellation_of(row.cancellation),
        accounts={Side(side): _account_of(one) for side, one in (row.accounts or {}).items()},
        covered=tuple(_item_of(one) for one in row.covered or ()),
        is_carried=bool(row.is_carried),
        shared_notes={Side(side): text for side, text in (row.shared_notes or {}).items()},
        actions=tuple(_action_of(one) for one in row.actions or ()),
        created_at=from_text(row.created_at),
        version=int(row.version),
    )


def _pk(mentorship_id: str) -> str:
    return f"MENTORSHIP#{mentorship_id}"


def _offer_data(offer: Offer | None) -> dict[str, Any] | None:
    if offer is None:
        return None
    return {
        "by": offer.by.value, "starts_at": to_text(offer.span.starts_at), "ends_at": to_text(offer.span.ends_at),
        "made_at": to_text(offer.made_at),
    }  # fmt: skip


def _offer_of(data: dict[str, Any] | None) -> Offer | None:
    if data is None:
        return None
    span = Span(from_text(data["starts_at"]), from_text(data["ends_at"]))
    return Offer(Side(data["by"]), span, from_text(data["made_at"]))


def _occurrence_data(place: Occurrence | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {
        "series_id": place.series_id, "zone": place.zone, "rule": place.rule, "original": place.original.isoformat(),
        "wall": place.wall.isoformat(),
    }  # fmt: skip


def _occurrence_of(data: dict[str, Any] | None) -> Occurrence | None:
    if data is None:
        return None
    walls = {name: datetime.fromisoformat(data[name]) for name in ("original", "wall")}
    return Occurrence(data["series_id"], data["zone"], data["rule"], **walls)


def _place_data(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    caller = place.caller.value if place.caller is not None else None
    return {"channel": place.channel.value, "link": place.link, "caller": caller, "contact": place.contact}


def _place_of(data: dict[str, Any] | None) -> Place | None:
    if data is None:
        return None
    caller = Side(data["caller"]) if data["caller"] is not None else None
    return Place(Channel(data["channel"]), data["link"], caller, data["contact"])


def _cancellation_data(one: Cancellation | None) -> dict[str, Any] | None:
    if one is None:
        return None
    by = one.by.value if one.by is not None else None
    return {"by": by, "at": to_text(one.at), "is_late": one.is_late, "text": one.text}


def _cancellation_of(data: dict[str, Any] | None) -> Cancellation | None:
    if data is None:
        return None
    by = Side(data["by"]) if data["by"] is not None else None
    return Cancellation(by, from_text(data["at"]), data["is_late"], data["text"])


def _account_data(one: Account) -> dict[str, Any]:
    return {"said": one.said.value, "minutes": one.minutes, "at": to_text(one.at)}


def _account_of(data: dict[str, Any]) -> Account:
    return Account(Said(data["said"]), data["minutes"], from_text(data["at"]))


def _item_data(item: AgendaItem) -> dict[str, Any]:
    return {
        "id": item.id, "text": item.text, "by": item.by.value, "added_at": to_text(item.added_at),
        "carried": item.carried,
    }  # fmt: skip


def _item_of(data: dict[str, Any]) -> AgendaItem:
    return AgendaItem(
        data["id"], data["text"], Side(data["by"]), from_text(data["added_at"]), data["carried"]
    )


def _action_data(action: Action) -> dict[str, Any]:
    return {
        "id": action.id, "text": action.text, "owner": action.owner.value, "by": action.by.value,
        "due_on": action.due_on.isoformat() if action.due_on else None, "done_at": text_of(action.done_at),
    }  # fmt: skip


def _action_of(data: dict[str, Any]) -> Action:
    due_on = date.fromisoformat(data["due_on"]) if data["due_on"] else None
    return Action(
        data["id"], data["text"], Side(data["owner"]), due_on, instant_of(data["done_at"]), Side(data["by"])
    )
