"""Reads the page of a pair: one query of what stands with the mentorship, and one batch of what its reader needs."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.kernel.call import Call
from chalicelib.mentorships import access, beside
from chalicelib.mentorships.agreements import store as agreement_store
from chalicelib.mentorships.agreements.service import SeenAgreement
from chalicelib.mentorships.closing import model as closing
from chalicelib.mentorships.closing import store as closing_store
from chalicelib.mentorships.closing.model import Mark
from chalicelib.mentorships.goals import service as goals
from chalicelib.mentorships.goals import store as goal_store
from chalicelib.mentorships.goals.service import SeenGoal
from chalicelib.mentorships.running import SeenMentorship
from chalicelib.mentorships.sessions import access as session_access
from chalicelib.mentorships.sessions import service as sessions
from chalicelib.mentorships.sessions import store as session_store
from chalicelib.mentorships.sessions.model import Held, Session, SessionStatus
from chalicelib.mentorships.sessions.record import without_items_of
from chalicelib.mentorships.sessions.recording import SeenAgenda
from chalicelib.mentorships.sessions.service import SeenSession
from chalicelib.organisations import service as organisations
from chalicelib.people import service as people
from chalicelib.people.model import MailStop
from chalicelib.platform import tables
from chalicelib.programmes.model import Side

MOST_SESSIONS = 5
"""So many that lie ahead, and so many that are over, are on the page; the list of sessions has all."""


@dataclass(frozen=True)
class SeenPage:
    """What the page of a pair shows to one reader.

    Attributes
    ----------
    agreement
        None while nobody has opened it, which makes its draft.
    ahead, past
        Sessions that are not over, the next first; and those that are, the last first; at most `MOST_SESSIONS` each.
        Cancelled ones are not among them.
    agenda
        None to a coordinator.
    is_closing_offered
        Whether the two are asked to have their closing conversation.
    closing
        What is known of it, of each who wrote something for it.
    mail_stops
        To whom of the two nothing is mailed, for a coordinator; the two read of it nothing here.
    """

    seen: SeenMentorship
    agreement: SeenAgreement | None
    goals: tuple[SeenGoal, ...]
    ahead: tuple[SeenSession, ...]
    past: tuple[SeenSession, ...]
    held: Held
    agenda: SeenAgenda | None
    is_closing_offered: bool
    closing: tuple[Mark, ...]
    mail_stops: Mapping[Side, MailStop]


def read(call: Call, mentorship_id: str) -> SeenPage:
    """Return a mentorship with all that belongs to it, to its two people and its programme's coordinators.

    Raises
    ------
    NotFound
        Also to people of other organisations.
    RoleRefused
        To other staff of the organisation.
    """
    found = beside.read(mentorship_id)
    mentorship = found.mentorship
    side = mentorship.side_of(call.actor_id)
    wanted = [
        people.person_key(call.actor_id), people.blocks_key(call.actor_id),
        *session_access.profile_keys(mentorship),
    ]  # fmt: skip
    if side is None:
        wanted += [organisations.rights_key(call)]
        wanted += [people.person_key(mentorship.card(one).person_id) for one in Side]
        wanted += access.words_keys(mentorship_id)
    reader_row, blocks_row, mentee_row, mentor_row, *staff_rows = tables.get_many(wanted)
    hidden = access.silenced(call, mentorship, blocks_row)
    mail_stops: dict[Side, MailStop] = {}
    if side is None:
        rights_row, *staff_rows = staff_rows
        persons, words = staff_rows[: len(Side)], staff_rows[len(Side) :]
        seen = access.to_coordinator(call, mentorship, rights_row, words)
        stops = (people.person_of(row).mail_stop if row is not None else None for row in persons)
        mail_stops = {one: stop for one, stop in zip(Side, stops, strict=True) if stop is not None}
    else:
        seen = SeenMentorship.at(mentorship, call.now)
    locale, zones = people.locale_of(reader_row), session_access.zones_of([mentee_row, mentor_row])
    held = session_store.held_of(found.one(session_store.held_key(mentorship_id)))
    agreement_row = found.one(agreement_store.agreement_key(mentorship_id))
    agreement = agreement_store.agreement_of(agreement_row) if agreement_row is not None else None
    listed = goals.in_order([goal_store.parse(raw) for raw in found.all(goal_store.PREFIX)])
    shown = sessions.seen_of(
        [session_store.parse(raw) for raw in found.all(session_store.PREFIX)], zones, side, hidden
    ).items
    agenda_row = found.one(session_store.agenda_key(mentorship_id))
    marks = tuple(closing_store.parse(raw) for raw in found.all(closing_store.PREFIX))
    return SeenPage(
        seen,
        SeenAgreement(agreement, mentorship, side, locale) if agreement is not None else None,
        tuple(
            goals.seen_goal(one, mentorship, held.sessions, locale, call.now, for_coordinator=side is None)
            for one in listed
        ),
        tuple(one for one in shown if _is_to_come(one.session, call))[:MOST_SESSIONS],
        tuple(one for one in reversed(shown) if _is_over(one.session, call))[:MOST_SESSIONS],
        held,
        SeenAgenda(without_items_of(session_store.agenda_of(mentorship_id, agenda_row), hidden))
        if side is not None
        else None,
        closing.is_offered(mentorship, marks, call.now),
        marks,
        mail_stops,
    )


def _is_to_come(session: Session, call: Call) -> bool:
    return session.status is not SessionStatus.CANCELLED and session.span.ends_at > call.now


def _is_over(session: Session, call: Call) -> bool:
    return session.status is SessionStatus.BOOKED and session.span.ends_at <= call.now
