"""Mails about sessions of pairs."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.mentorships import service as mentorships
from chalicelib.mentorships.sessions.invitations import invitation
from chalicelib.mentorships.sessions.model import OwnSession, SessionOutcome, SessionStatus
from chalicelib.mentorships.sessions.series import clock_changes
from chalicelib.notifications.letters import (
    Letter,
    Partner,
    SessionFacts,
)
from chalicelib.notifications.model import Kind
from chalicelib.notifications.subjects.common import (
    Reader,
    letter,
    of_pair,
    sender_of,
)
from chalicelib.people import service as people
from chalicelib.platform.outbox import Message

_IN_CALENDARS = {
    Kind.SESSION_BOOKED, Kind.SESSION_MOVED, Kind.SESSION_CANCELLED, Kind.SESSION_PLACE, Kind.CALENDAR_ENTRY,
}  # fmt: skip


def _session(holds: Callable[[OwnSession, datetime], bool]) -> Reader:
    """Return the reader of a mail about a session, sent while nothing of the session was changed since, and
    `holds(the recipient's session, now)`.

    What tells of several of a series tells of it as it is now, and is not void because one of them was changed since:
    the mail of that one says nothing of the others.
    """

    def read(message: Message, now: datetime) -> Letter | None:
        person_id, told = message.payload["recipient"], message.payload
        has_file, of_several = Kind(message.kind) in _IN_CALENDARS, int(told.get("sessions", 1)) > 1
        own = mentorships.session_for(
            person_id, told["mentorship_id"], told["session_id"], now, with_series=has_file or of_several
        )
        if own is None:
            return None
        if of_several and own.series:
            own = _first(own, lambda one: holds(one, now))
        elif own.session.sequence != told["sequence"] or not holds(own, now):
            own = None
        return _session_letter(message, own) if own is not None else None

    return read


def _first(own: OwnSession, holds: Callable[[OwnSession], bool]) -> OwnSession | None:
    """Return a session, or the first other of its series, of which what a mail tells still holds."""
    others = (one for one in own.series if one.id != own.session.id)
    return next((one for one in (own, *(replace(own, session=each) for each in others)) if holds(one)), None)


def _session_letter(message: Message, own: OwnSession) -> Letter | None:
    told, partner = message.payload, own.mentorship.card(own.side.other)
    found = of_pair(message, own.mentorship.programme_id, partner, people.profile_key(partner.person_id))
    if found is None:
        return None
    (recipient, programme, (profile_row,)), kind = found, Kind(message.kind)
    partner_zone = people.profile_of(profile_row).time_zone if profile_row else None
    session, offer = own.session, own.session.offer
    span = offer.span if offer else session.span
    # A session of its own is written on the clock of who organised it.
    zone = recipient.time_zone if session.booked_by is own.side else partner_zone
    was_booked = bool(told.get("was_booked", True))
    to_tell = kind in _IN_CALENDARS and (was_booked or session.status is SessionStatus.BOOKED)
    facts = SessionFacts(
        sender_of(programme), own.side.value, Partner(partner.name), partner_zone,
        session.mentorship_id, session.id, span.starts_at, span.minutes, int(told["sessions"]),
        session.span.starts_at if session.status is SessionStatus.BOOKED else None, told["due"],
        None if session.status is SessionStatus.CANCELLED else session.place,
        invitation(
            session, own.series, zone or "UTC", is_whole=int(told["sessions"]) > 1 or not was_booked
        ) if to_tell else None,
        _clock_changes(own, recipient.time_zone or "UTC") if int(told["sessions"]) > 1 else (),
    )  # fmt: skip
    return letter(message, recipient, facts)


def _clock_changes(own: OwnSession, zone: str) -> tuple[datetime, ...]:
    """Return from when on a series, from a session of it on, is at another time on a clock; never of what is off."""
    session = own.session
    if session.status is SessionStatus.CANCELLED:
        return ()
    alike = [one for one in own.series if one.status is session.status and one.span >= session.span]
    return clock_changes(alike, zone)


def _is_to_come(own: OwnSession, now: datetime) -> bool:
    return own.may_meet and own.session.status is SessionStatus.BOOKED and now < own.session.span.starts_at


def _is_offered(own: OwnSession, now: datetime) -> bool:
    offer = own.session.offer
    return own.may_meet and offer is not None and now < offer.span.starts_at


def _is_cancelled(own: OwnSession, _now: datetime) -> bool:
    return own.session.status is SessionStatus.CANCELLED


def _is_known(own: OwnSession, now: datetime) -> bool:
    return _is_to_come(own, now) or _is_cancelled(own, now)


def _is_refused(own: OwnSession, _now: datetime) -> bool:
    return own.may_meet and own.session.offer is None


def _is_unsaid(own: OwnSession, _now: datetime) -> bool:
    return own.session.status is SessionStatus.BOOKED and own.side not in own.session.accounts


def _is_without_notes(own: OwnSession, _now: datetime) -> bool:
    met = own.session.outcome is SessionOutcome.MET
    return met and not (own.session.shared_notes or own.session.actions)


READERS: Mapping[Kind, Reader] = {
    Kind.SESSION_BOOKED: _session(_is_to_come),
    Kind.SESSION_PROPOSED: _session(_is_offered),
    Kind.SESSION_MOVED: _session(_is_to_come),
    Kind.SESSION_CANCELLED: _session(_is_cancelled),
    Kind.SESSION_DECLINED: _session(_is_refused),
    Kind.SESSION_PLACE: _session(_is_to_come),
    Kind.CALENDAR_ENTRY: _session(_is_known),
    Kind.SESSION_REMINDER: _session(_is_to_come),
    Kind.SESSION_UNSAID: _session(_is_unsaid),
    Kind.NOTES_MISSING: _session(_is_without_notes),
}
