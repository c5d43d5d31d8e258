"""What books, moves and frees the time of a mentorship's two people: one transaction an intent, with both calendars."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from chalicelib.calendars import service as calendars
from chalicelib.calendars.errors import CalendarMoved
from chalicelib.calendars.model import Calendars, Span
from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.clock import to_text
from chalicelib.kernel.errors import Invalid, Unavailable
from chalicelib.kernel.zones import instant_at
from chalicelib.mentorships.running import Mentorship
from chalicelib.mentorships.sessions import access, mails, model, placing, series, store
from chalicelib.mentorships.sessions.errors import (
    CannotMeet,
    OutsideAvailability,
    PastLastDay,
    TooManySessions,
)
from chalicelib.mentorships.sessions.model import Occurrence, Session, SessionStatus
from chalicelib.mentorships.sessions.recurrence import occurrences, parsed
from chalicelib.mentorships.sessions.series import Scope
from chalicelib.mentorships.sessions.service import (
    Both,
    SeenSession,
    SeenSessions,
    audit,
    both_of,
    found_of,
    one_of,
    profiles_of,
    seen_of,
    settled,
)
from chalicelib.people import service as people
from chalicelib.people.checks import checked_zone
from chalicelib.people.model import Channel
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Side

_TRIES = 8
MOST_AT_ONCE = 20
"""Sessions of their own that are called off in one transaction."""

T = TypeVar("T")


@dataclass(frozen=True)
class Wish:
    """A session that somebody wants: `minutes` from an instant on; `is_outside` to propose it to the other where
    somebody's week has no room for it. Without a `channel` they meet as usual."""

    starts_at: datetime
    minutes: int
    is_outside: bool = False
    channel: Channel | None = None


@dataclass(frozen=True)
class Move:
    """When somebody wants a session to be instead, as a `Wish`; without `minutes` it, and each other of its series that
    moves with it, stays as long as it is."""

    starts_at: datetime
    minutes: int | None = None
    is_outside: bool = False


@dataclass(frozen=True)
class SeriesWish:
    """A series that somebody wants: its first time on the wall clock of its anchor zone, and its RRULE."""

    starts: datetime
    zone: str
    rule: str
    minutes: int
    is_outside: bool = False
    channel: Channel | None = None


def book(call: Call, mentorship_id: str, wish: Wish) -> SeenSession:
    """Book a session, or propose it to the other where somebody's week has no room for it.

    Raises
    ------
    Invalid, MentorshipNotUnderWay, PastLastDay, CannotMeet, OutsideAvailability, TooManySessions
    TimeTaken
        If one of the two has something else then.
    """
    span = model.checked_span(wish.starts_at, wish.minutes, call.now)
    one = [(span, None)]
    return _again(lambda: _booked(call, mentorship_id, wish, one, lambda seen: seen.items[0]))


def book_series(call: Call, mentorship_id: str, wish: SeriesWish) -> SeenSessions:
    """Book all sessions of a series, or propose them to the other, in one transaction.

    Raises as `book`.
    """
    zone = checked_zone(wish.zone)
    model.checked_span(instant_at(wish.starts, zone), wish.minutes, call.now, "/starts")
    rule = parsed(wish.rule)
    walls = occurrences(rule, wish.starts, zone, call.now)
    series_id = call.new_id()
    wanted = [
        (Span.of(instant_at(wall, zone), wish.minutes), Occurrence(series_id, zone, rule.text, wall, wall))
        for wall in walls
    ]
    _require_apart([span for span, _ in wanted])
    return _again(lambda: _booked(call, mentorship_id, wish, wanted, lambda seen: seen))


def _booked(
    call: Call,
    mentorship_id: str,
    wish: Wish | SeriesWish,
    wanted: Sequence[tuple[Span, Occurrence | None]],
    shown: Callable[[SeenSessions], T],
) -> T:
    own, (agreement_row,) = access.own_with(call, mentorship_id, placing.agreement_key(mentorship_id))
    may = _may_meet(call, own)
    spans = [span for span, _ in wanted]
    _require_before_end(own.mentorship, spans)
    ahead = [one for one in store.sessions_of(mentorship_id) if model.is_ahead(one, call.now)]
    if len(ahead) + len(wanted) > model.MOST_AHEAD:
        raise TooManySessions(f"{model.MOST_AHEAD} of a mentorship may lie ahead. Cancel some first.")
    both = both_of(own.mentorship, spans, placing.keys(own.mentorship))
    is_proposal = _is_proposal(both, spans, own.side, is_outside=wish.is_outside)
    # All of a series in one room: it is one entry in their calendars.
    place = placing.ground(own.mentorship, own.side, agreement_row, both.more).place(wish.channel)
    mentee_id, mentor_id = own.people
    made, after = [], both.calendars
    for span, occurrence in wanted:
        session = Session(
            call.new_id(), mentorship_id, mentee_id, mentor_id, SessionStatus.BOOKED, span, own.side,
            occurrence=occurrence, place=place, created_at=call.now,
        )  # fmt: skip
        if is_proposal:
            proposed = replace(session, status=SessionStatus.PROPOSED, sequence=-1)
            session = model.offered(proposed, span, own.side, call.now)
        # A proposal books nobody's time; yet one for time that is taken would be in vain.
        taken = after.booked(own.people, span, session.reference)
        after = after if is_proposal else taken
        made.append(session)
    kind = mails.SESSION_PROPOSED if is_proposal else mails.SESSION_BOOKED
    writes = [
        *may, *(store.put_session(one, call.now) for one in made), *calendars.writes(after, call.now),
        *mails.about(kind, made, own.side, call.now, was_booked=False),
        audit(call, made, "propose_session" if is_proposal else "book_session"),
    ]  # fmt: skip
    return commit(call, writes, shown(seen_of([written(one) for one in made], both.zones, own.side)))


def reschedule(call: Call, mentorship_id: str, session_id: str, wish: Move, scope: Scope) -> SeenSession:
    """Move a session that lies ahead, or propose another time; of a series the others in scope by as much on its clock.

    Raises
    ------
    SessionCancelled, SessionBegun, NoSeries
    And as `book`.
    """

    def move() -> SeenSession:
        own, session, targets = _targets(call, mentorship_id, session_id, scope)
        model.require_ahead(session, call.now)
        span = model.checked_span(wish.starts_at, wish.minutes or session.span.minutes, call.now)
        may = _may_meet(call, own)
        if session.offer is None and session.span == span and session.status is SessionStatus.BOOKED:
            return one_of(session, access.zones_of(profiles_of(own.mentorship)), own.side, own.silenced)
        new = series.spans_after(session, targets, span.starts_at, wish.minutes)
        spans = [found for found, _ in new.values()]
        if min(spans).starts_at <= call.now or max(spans).starts_at > call.now + model.AHEAD:
            raise Invalid.field("/starts_at", "Some of the series would be past, or over a year ahead.")
        _require_apart(spans)
        _require_before_end(own.mentorship, spans)
        both = both_of(own.mentorship, [*(one.span for one in targets), *spans])
        is_proposal = _is_proposal(both, spans, own.side, is_outside=wish.is_outside)
        after, freed = [], _freed(both.calendars, targets)
        for one in targets:
            found, wall = new[one.id]
            freed = freed.booked(own.people, found, one.reference)
            after.append(
                model.offered(one, found, own.side, call.now)
                if is_proposal
                else model.moved(one, found, wall)
            )
        kind = mails.SESSION_PROPOSED if is_proposal else mails.SESSION_MOVED
        time_writes = [] if is_proposal else calendars.writes(freed, call.now)
        return settled(
            call, own, targets, after, [*may, *time_writes], both.zones, kind, "reschedule_session"
        )

    return _again(move)


def accept(call: Call, mentorship_id: str, session_id: str, scope: Scope) -> SeenSession:
    """Take the time that the other proposes: it is booked now, if it is still free.

    Raises
    ------
    NothingProposed, SessionCancelled, SessionBegun, NoSeries, MentorshipNotUnderWay, CannotMeet, TimeTaken
    """

    def take() -> SeenSession:
        own, session, targets = _targets(call, mentorship_id, session_id, scope)
        model.to_accept(session, own.side, call.now)
        may = _may_meet(call, own)
        theirs = [one for one in targets if one.offer is not None and one.offer.by is not own.side]
        spans = {one.id: model.to_accept(one, own.side, call.now) for one in theirs}
        both = both_of(own.mentorship, [*(one.span for one in theirs), *spans.values()])
        booked = _freed(both.calendars, theirs)
        for one in theirs:
            booked = booked.booked(own.people, spans[one.id], one.reference)
        after = [model.accepted(one) for one in theirs]
        writes = [*may, *calendars.writes(booked, call.now)]
        return settled(call, own, theirs, after, writes, both.zones, mails.SESSION_BOOKED, "accept_session")

    return _again(take)


def decline(call: Call, mentorship_id: str, session_id: str, scope: Scope, text: str) -> SeenSession:
    """Refuse the time that the other proposes, or take back one's own: what is booked stays as it is.

    Raises
    ------
    NothingProposed, SessionCancelled, NoSeries, MentorshipNotUnderWay
    """
    own, session, targets = _targets(call, mentorship_id, session_id, scope)
    model.declined(session, own.side, text, call.now)
    may = access.require(own.mentorship, access.REMEMBER, call.now)
    offered = [one for one in targets if one.offer is not None]
    after = [model.declined(one, own.side, text, call.now) for one in offered]
    zones = access.zones_of(profiles_of(own.mentorship))
    return settled(call, own, offered, after, [may], zones, mails.SESSION_DECLINED, "decline_session")


def cancel(call: Call, mentorship_id: str, session_id: str, scope: Scope, text: str) -> SeenSession:
    """Call off a session that lies ahead; both people's time is free at once. Again, it does nothing.

    Raises
    ------
    SessionBegun, NoSeries, MentorshipNotUnderWay
    """

    def call_off() -> SeenSession:
        own, session, targets = _targets(call, mentorship_id, session_id, scope)
        if session.status is SessionStatus.CANCELLED:
            return one_of(session, access.zones_of(profiles_of(own.mentorship)), own.side, own.silenced)
        model.require_ahead(session, call.now)
        may = access.require(own.mentorship, access.REMEMBER, call.now)
        both = both_of(own.mentorship, [one.span for one in targets])
        after = [model.cancelled(one, own.side, text, call.now) for one in targets]
        writes = [may, *calendars.writes(_freed(both.calendars, targets), call.now)]
        return settled(
            call, own, targets, after, writes, both.zones, mails.SESSION_CANCELLED, "cancel_session"
        )

    return _again(call_off)


def cancel_all(call: Call, mentorship: Mentorship) -> int:
    """Call off, for the service, all sessions of a mentorship that lie ahead, some at a time: it has ended. Again, or
    begun anew, it does nothing twice. That it ended is told already: both are mailed no more than what takes the
    sessions out of their calendars.

    Returns
    -------
    int
        How many were called off.
    """
    people_ = mentorship.mentee.person_id, mentorship.mentor.person_id
    ahead = [one for one in store.sessions_of(mentorship.id) if model.is_ahead(one, call.now)]
    for some in _together(ahead):

        def call_off(some: Sequence[Sequence[Session]] = some) -> None:
            flat = [one for group in some for one in group]
            read = calendars.read(people_, [one.span for one in flat])
            writes = [*calendars.writes(_freed(read, flat), call.now)]
            for group in some:
                booked = [one for one in group if one.status is SessionStatus.BOOKED]
                gone = [model.cancelled(one, None, "", call.now) for one in group]
                writes += [store.put_session(one, call.now) for one in gone]
                if booked:
                    told = [one for one in gone if one.id in {each.id for each in booked}]
                    writes += [mails.entry(told, side, call.now) for side in Side]
            commit(call, writes, None)

        _again(call_off)
    return len(ahead)


def _together(ahead: Sequence[Session]) -> list[list[list[Session]]]:
    """Return sessions in batches that a transaction takes; those of a series, of which one mail tells, together."""
    groups: dict[str, list[Session]] = {}
    for one in ahead:
        groups.setdefault(one.occurrence.series_id if one.occurrence else one.id, []).append(one)
    batches: list[list[list[Session]]] = []
    for group in groups.values():
        # With two mails a group and 14 months of two calendars, so many rows are 88 of 100; a series is 52 at most.
        if not batches or sum(map(len, batches[-1])) + len(group) > MOST_AT_ONCE:
            batches.append([])
        batches[-1].append(group)
    return batches


def _targets(
    call: Call, mentorship_id: str, session_id: str, scope: Scope
) -> tuple[access.Own, Session, tuple[Session, ...]]:
    """Read a session that is to be changed, at the version that the caller saw, and those that its scope means."""
    own, (row,) = access.own_with(call, mentorship_id, store.session_key(mentorship_id, session_id))
    session = found_of(row)
    require_version(call, session.version)
    others = store.sessions_of(mentorship_id) if scope is not Scope.ONE and session.occurrence else ()
    targets = series.of_scope(session, others, scope, call.now)
    # The one that the caller saw, at the version that they saw, whatever was read of it since.
    return own, session, (session, *(one for one in targets if one.id != session.id))


def _may_meet(call: Call, own: access.Own) -> list[Write]:
    """Refuse to book where the mentorship does not go on; return the checks that hold it to that, and to nobody having
    blocked the other."""
    goes_on = access.require(own.mentorship, access.MEET, call.now)
    return [goes_on, *people.check_not_blocked(*own.people, CannotMeet())]


def _is_proposal(both: Both, spans: Sequence[Span], mine: Side, *, is_outside: bool) -> bool:
    """Tell whether a time is to be proposed to the other; raises `OutsideAvailability` unless that was asked for."""
    lacking = both.without_room(spans)
    if lacking and not is_outside:
        whose = (
            "Neither week has room"
            if len(lacking) == 2
            else "Your own week has no room"
            if lacking == (mine,)
            else "The other's week has no room"
        )
        raise OutsideAvailability(
            f"{whose} for {'this time' if len(spans) == 1 else 'all of these times'}. Choose one of GET …/times, or "
            "send `outside_availability` to propose it to the other."
        )
    return bool(lacking)


def _require_before_end(mentorship: Mentorship, spans: Sequence[Span]) -> None:
    until = mentorship.meets_until
    if until is not None and max(spans).starts_at >= until:
        raise PastLastDay(
            f"It ends at {to_text(until)}. Choose an earlier time, or ask for more time with POST …/extension."
        )


def _require_apart(spans: Sequence[Span]) -> None:
    ordered = sorted(spans)
    if any(one.overlaps(after) for one, after in pairwise(ordered)):
        raise Invalid.field("/minutes", "Sessions of the series would overlap; make them shorter, or rarer.")


def _freed(found: Calendars, sessions: Sequence[Session]) -> Calendars:
    for one in sessions:
        if one.status is SessionStatus.BOOKED:
            found = found.freed(one.people, one.span, one.reference)
    return found


def _again(attempt: Callable[[], T]) -> T:
    """Try what books time until no other booking comes in between: read anew, it finds the time taken or free."""
    for tried in range(_TRIES):
        try:
            return attempt()
        except CalendarMoved:
            time.sleep(random.uniform(0, 0.01 * 2**tried))  # noqa: S311 - jitter, not a secret
    raise Unavailable("Others are booking time of the same people. Send the request again.")
