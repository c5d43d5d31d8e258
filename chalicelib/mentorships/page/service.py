"""Reads the page of a pair: one query of what stands with the mentorship, and one batch of what its reader needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import NotFound
from chalicelib.mentorships import access, running_store
from chalicelib.mentorships.agreements import store as agreement_store
from chalicelib.mentorships.agreements.service import SeenAgreement
from chalicelib.mentorships.goals import service as goals
from chalicelib.mentorships.goals import store as goal_store
from chalicelib.mentorships.goals.service import SeenGoal
from chalicelib.mentorships.running import Mentorship, SeenMentorship
from chalicelib.mentorships.running_store import MentorshipRow
from chalicelib.mentorships.sessions import access as session_access
from chalicelib.mentorships.sessions import service as sessions
from chalicelib.mentorships.sessions import store as session_store
from chalicelib.mentorships.sessions.model import Held, Session, SessionStatus
from chalicelib.mentorships.sessions.record import without_items_of
from chalicelib.mentorships.sessions.recording import SeenAgenda
from chalicelib.mentorships.sessions.service import SeenSession
from chalicelib.organisations import service as organisations
from chalicelib.people import service as people
from chalicelib.platform import tables

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
    """

    seen: SeenMentorship
    agreement: SeenAgreement | None
    goals: tuple[SeenGoal, ...]
    ahead: tuple[SeenSession, ...]
    past: tuple[SeenSession, ...]
    held: Held
    agenda: SeenAgenda | None


@dataclass(frozen=True)
class _Found:
    """What stands with a mentorship, by sort key, as the table has it."""

    mentorship: Mentorship
    rows: dict[str, dict[str, Any]]

    def one(self, key: tuple[type[tables.Row], str, str]) -> Any:
        row_class, _, sk = key
        return row_class.parse(self.rows[sk]) if sk in self.rows else None

    def all(self, prefix: str) -> Sequence[dict[str, Any]]:
        return [raw for sk, raw in self.rows.items() if sk.startswith(prefix)]


def read(call: Call, mentorship_id: str) -> SeenPage:
    """Return a mentorship with all that belongs to it, to its two people and its programme's coordinators.

    Raises
    ------
    NotFound
        Also to people of other organisations.
    RoleRefused
        To other staff of the organisation.
    """
    found = _found(mentorship_id)
    mentorship = found.mentorship
    side = mentorship.side_of(call.actor_id)
    wanted = [
        people.person_key(call.actor_id), people.blocks_key(call.actor_id),
        *session_access.profile_keys(mentorship),
    ]  # fmt: skip
    if side is None:
        wanted += [organisations.rights_key(call), *access.words_keys(mentorship_id)]
    reader_row, blocks_row, mentee_row, mentor_row, *staff_rows = tables.get_many(wanted)
    hidden = access.silenced(call, mentorship, blocks_row)
    if side is None:
        rights_row, *words = staff_rows
        seen = access.to_coordinator(call, mentorship, rights_row, words)
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
    )


def _found(mentorship_id: str) -> _Found:
    key = running_store.mentorship_key(mentorship_id)
    row_class, pk, sk = key
    # Sort keys of what the page shows begin with the mentorship's own.
    rows = {raw["sk"]["S"]: raw for raw in tables.query_all(row_class, pk, begins_with=sk)}
    if sk not in rows:
        raise NotFound
    return _Found(running_store.mentorship_of(MentorshipRow.parse(rows[sk])), rows)


def _is_to_come(session: Session, call: Call) -> bool:
    return session.status is not SessionStatus.CANCELLED and session.span.ends_at > call.now


def _is_over(session: Session, call: Call) -> bool:
    return session.status is SessionStatus.BOOKED and session.span.ends_at <= call.now
