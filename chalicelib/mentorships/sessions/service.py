"""What the two of a mentorship see of its sessions and when they can meet, and what they say of how one went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.calendars import service as calendars
from chalicelib.calendars.finding import Hours, Slot, is_within, times
from chalicelib.calendars.model import Calendars, Span
from chalicelib.kernel.call import Call, written
from chalicelib.kernel.errors import NotFound
from chalicelib.mentorships import running_store
from chalicelib.mentorships.access import silenced
from chalicelib.mentorships.running import Mentorship
from chalicelib.mentorships.sessions import access, mails, store
from chalicelib.mentorships.sessions.model import OwnSession, Session, SessionStatus, without_words_of
from chalicelib.mentorships.sessions.series import series_of, shifts
from chalicelib.people import service as people
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Side

SIDES = (Side.MENTEE, Side.MENTOR)


@dataclass(frozen=True)
class Times:
    """When the two can meet, on both clocks. `unknown` names who has not said when they can be met."""

    slots: tuple[Slot, ...]
    zones: Mapping[Side, str]
    unknown: tuple[Side, ...]


@dataclass(frozen=True)
class SeenSession:
    """A session as somebody sees it at an instant; `side` is None to a coordinator.

    Attributes
    ----------
    zones
        Of today: who has moved reads their new clock.
    shifts
        By how many minutes it comes later on each clock than the one before in its series, since clocks were changed.
    private_note
        What the reader keeps of it for themselves, where one session is read.
    """

    session: Session
    zones: Mapping[Side, str]
    side: Side | None
    shifts: Mapping[Side, int]
    private_note: str | None = None

    @property
    def version(self) -> int | None:
        return self.session.version


@dataclass(frozen=True)
class SeenSessions:
    """Sessions in time's order."""

    items: tuple[SeenSession, ...]


@dataclass(frozen=True)
class Both:
    """What is read of both people before their time is booked, and the rows of what else was asked for."""

    hours: Mapping[Side, Hours]
    calendars: Calendars
    more: tuple[Any, ...] = ()

    @property
    def zones(self) -> dict[Side, str]:
        return {side: hours.zone or "UTC" for side, hours in self.hours.items()}

    def without_room(self, spans: Sequence[Span]) -> tuple[Side, ...]:
        """Return whose week has no room for one of some stretches."""
        return tuple(side for side in SIDES if not all(is_within(self.hours[side], span) for span in spans))


def find_times(call: Call, mentorship_id: str, weeks: int, minutes: int) -> Times:
    """Return when the two can meet in the next weeks, the most comfortable for both first."""
    own, _ = access.own_with(call, mentorship_id)
    access.require(own.mentorship, access.MEET, call.now)
    both = both_of(own.mentorship, [Span(call.now, call.now + timedelta(weeks=weeks, minutes=15))])
    hours = (both.hours[Side.MENTEE], both.hours[Side.MENTOR])
    busy = (both.calendars.busy(own.people[0]), both.calendars.busy(own.people[1]))
    slots = times(hours, busy, after=call.now, weeks=weeks, minutes=minutes)
    until = own.mentorship.meets_until
    if until is not None:
        slots = tuple(one for one in slots if one.span.starts_at < until)
    return Times(slots, both.zones, tuple(side for side in SIDES if not both.hours[side].is_known))


def list_sessions(call: Call, mentorship_id: str) -> SeenSessions:
    """Return all sessions of a mentorship to its two people and its programme's coordinators."""
    mentorship, side = access.seen(call, mentorship_id)
    blocks_row, *profiles = tables.get_many(
        [people.blocks_key(call.actor_id), *access.profile_keys(mentorship)]
    )
    hidden = silenced(call, mentorship, blocks_row)
    return seen_of(store.sessions_of(mentorship_id), access.zones_of(profiles), side, hidden)


def read_session(call: Call, mentorship_id: str, session_id: str) -> SeenSession:
    """Return one session, as `list_sessions` does, with the reader's own private note; raises `NotFound`."""
    mentorship, side = access.seen(call, mentorship_id)
    row, note, blocks_row, *profiles = tables.get_many(
        [
            store.session_key(mentorship_id, session_id), store.note_key(call.actor_id, session_id),
            people.blocks_key(call.actor_id), *access.profile_keys(mentorship),
        ]
    )  # fmt: skip
    hidden = silenced(call, mentorship, blocks_row)
    seen = one_of(found_of(row), access.zones_of(profiles), side, hidden)
    return replace(seen, private_note=note.text if note and side else None)


def session_for(
    person_id: str, mentorship_id: str, session_id: str, now: datetime, *, with_series: bool = False
) -> OwnSession | None:
    """Return a session as it is now, if it is one of the person's; if wanted with its series, which is a query more."""
    rows = tables.get_many(
        [running_store.mentorship_key(mentorship_id), store.session_key(mentorship_id, session_id)]
    )
    if None in rows:
        return None
    mentorship, session = running_store.mentorship_of(rows[0]), store.session_of(rows[1])
    side = session.side_of(person_id)
    if side is None:
        return None
    wanted = with_series and session.occurrence is not None
    series = series_of(session, store.sessions_of(mentorship_id)) if wanted else ()
    return OwnSession(mentorship, session, side, mentorship.status_at(now) in access.MEET, series)


def both_of(mentorship: Mentorship, spans: Sequence[Span], more: Sequence[access.Key] = ()) -> Both:
    """Read both people's weeks, their calendars where some stretches touch them, and more rows: one round trip."""
    ids = mentorship.mentee.person_id, mentorship.mentor.person_id
    profile_rows, month_keys = access.profile_keys(mentorship), calendars.keys(ids, spans)
    rows = tables.get_many([*profile_rows, *month_keys, *more])
    end = 2 + len(month_keys)
    hours = {}
    for side, row in zip(SIDES, rows[:2], strict=True):
        profile = people.profile_of(row) if row else None
        hours[side] = Hours(profile.time_zone, profile.availability) if profile else Hours(None, ())
    return Both(hours, calendars.calendars_of(ids, spans, rows[2:end]), tuple(rows[end:]))


def profiles_of(mentorship: Mentorship) -> list[object]:
    return tables.get_many(access.profile_keys(mentorship))


def found_of(row: store.SessionRow | None) -> Session:
    if row is None:
        raise NotFound
    return store.session_of(row)


def one_of(
    session: Session, zones: Mapping[Side, str], side: Side | None, hidden: Side | None = None
) -> SeenSession:
    """Return a session as somebody sees it; `hidden` is whose words they are not shown."""
    return SeenSession(without_words_of(session, hidden), zones, side, dict.fromkeys(SIDES, 0))


def seen_of(
    sessions: Sequence[Session], zones: Mapping[Side, str], side: Side | None, hidden: Side | None = None
) -> SeenSessions:
    """Return sessions as `one_of` does, with how each one's clocks stand against the one before in its series."""
    last: dict[str, Session] = {}
    items = []
    for one in sorted(sessions, key=lambda found: (found.span, found.id)):
        series = one.occurrence.series_id if one.occurrence else None
        before = last.get(series) if series else None
        items.append(
            SeenSession(
                without_words_of(one, hidden),
                zones,
                side,
                {each: shifts(one, before, zones[each]) for each in SIDES},
            )
        )
        if series and one.status is not SessionStatus.CANCELLED:
            last[series] = one
    return SeenSessions(tuple(items))


def settled(
    call: Call,
    own: access.Own,
    targets: Sequence[Session],
    after: Sequence[Session],
    writes: Sequence[Write],
    zones: Mapping[Side, str],
    kind: str,
    action: str,
) -> SeenSession:
    """Commit sessions as they are after a change, with the mails of it, and show the one asked for, which is the first
    of the targets."""
    before, was_booked = targets[0], any(one.status is SessionStatus.BOOKED for one in targets)
    (shown,) = (one for one in after if one.id == before.id)
    told = [shown, *(one for one in after if one.id != before.id)]
    whole = [
        *writes, *(store.put_session(one, call.now) for one in after),
        *mails.about(kind, told, own.side, call.now, was_booked=was_booked),
        audit(call, told, action, before=before.status, after=shown.status),
    ]  # fmt: skip
    return commit(call, whole, one_of(written(shown), zones, own.side, own.silenced))


def audit(
    call: Call,
    sessions: Sequence[Session],
    action: str,
    *,
    before: str | None = None,
    after: str | None = None,
) -> Write:
    first = sessions[0]
    return running_store.audit(
        first.mentorship_id, row_id=call.new_id(), at=call.now, actor=call.actor_id, action=action, before=before,
        after=after or first.status, why=f"{first.id} and {len(sessions) - 1} more" if len(sessions) > 1 else first.id,
    )  # fmt: skip
