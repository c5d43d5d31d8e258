"""What the two bring to their sessions and keep of them: agenda, how each went, notes, action items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import StaleVersion
from chalicelib.kernel.tries import again
from chalicelib.mentorships import running_store
from chalicelib.mentorships.giving.crediting import credited
from chalicelib.mentorships.moving import MENTORSHIP_CLOSED, news
from chalicelib.mentorships.sessions import access, model, record, store
from chalicelib.mentorships.sessions.errors import SessionCancelled, SessionMoved
from chalicelib.mentorships.sessions.model import Said, Session, SessionStatus
from chalicelib.mentorships.sessions.record import Agenda, Note, Wanted
from chalicelib.mentorships.sessions.service import SeenSession, audit, found_of, one_of, profiles_of
from chalicelib.platform.commit import commit
from chalicelib.programmes.model import Side

_TRIES = 4


@dataclass(frozen=True)
class SeenAgenda:
    """A mentorship's agenda; of version 0 while nobody has put anything on it."""

    agenda: Agenda

    @property
    def version(self) -> int:
        return self.agenda.version or 0


def read_agenda(call: Call, mentorship_id: str) -> SeenAgenda:
    """Return what the two have yet to speak of, to them alone."""
    own, (row,) = access.own_with(call, mentorship_id, store.agenda_key(mentorship_id))
    return SeenAgenda(record.without_items_of(store.agenda_of(mentorship_id, row), own.silenced))


def write_agenda(call: Call, mentorship_id: str, wanted: Sequence[Wanted]) -> SeenAgenda:
    """Put the agenda as the actor wants it, over the version that they saw.

    Raises
    ------
    Invalid, MentorshipNotUnderWay
    """
    own, (row,) = access.own_with(call, mentorship_id, store.agenda_key(mentorship_id))
    may = access.require(own.mentorship, access.MEET, call.now)
    agenda = store.agenda_of(mentorship_id, row)
    require_version(call, agenda.version or 0)
    after = record.agenda_after(agenda, wanted, [call.new_id() for _ in wanted], own.side, call.now)
    trail = running_store.audit(
        mentorship_id, row_id=call.new_id(), at=call.now, actor=call.actor_id, action="write_agenda",
        before=f"{len(agenda.items)} items", after=f"{len(after.items)} items",
    )  # fmt: skip
    return commit(call, [may, store.put_agenda(after, call.now), trail], SeenAgenda(written(after)))


def say(
    call: Call, mentorship_id: str, session_id: str, what: Said, minutes: int | None, reached: Sequence[str]
) -> SeenSession:
    """Say how a session went: that the two met, or that one was missing; and what of the agenda was reached. Who is
    said to have been missing contests it by saying that they met.

    What was reached moves from the agenda to the session; what was not stays, and is carried over.

    Raises
    ------
    Invalid, SessionNotBegun, SessionCancelled, AccountsClosed
    """
    keys = store.session_key(mentorship_id, session_id), store.agenda_key(mentorship_id)
    own, (row, agenda_row) = access.own_with(call, mentorship_id, *keys)
    session = found_of(row)
    require_version(call, session.version)
    after = model.said(session, own.side, what, minutes, call.now)
    may = access.require(own.mentorship, access.TELL, call.now)
    writes = [may]
    agenda = store.agenda_of(mentorship_id, agenda_row)
    if what is Said.MET:
        left, covered = record.after_meeting(agenda, reached, session.covered, is_carried=session.is_carried)
        after = replace(after, covered=covered, is_carried=True)
        if left != agenda:
            writes.append(store.put_agenda(left, call.now))
    change = model.held([after]) - model.held([session])
    if change != model.Held():
        writes.append(store.count_held(mentorship_id, change, call.now))
        writes += credited(own.mentorship, session, change, call.now)
        if own.mentorship.is_closed:
            # Its record is listed with other figures.
            writes.append(news(MENTORSHIP_CLOSED, mentorship_id, call.now))
    writes += [
        store.put_session(after, call.now),
        audit(call, [after], "say_attendance", before=session.outcome, after=after.outcome),
    ]
    return commit(call, writes, _shown(written(after), own))


def write_note(call: Call, mentorship_id: str, session_id: str, note: Note) -> SeenSession:
    """Put the actor's own note on a session, for both to read or for themselves; an empty one takes it away. Once the
    mentorship is over, for as long as they may say how it went.

    Raises
    ------
    SessionCancelled, MentorshipNotUnderWay
    """

    def put() -> SeenSession:
        own, session = _to_record(call, mentorship_id, session_id)
        states = access.TELL if model.is_tellable(session, call.now) else access.REMEMBER
        may = access.require(own.mentorship, states, call.now)
        shared = {side: text for side, text in session.shared_notes.items() if side is not own.side}
        if note.is_shared and note.text:
            shared[own.side] = note.text
        private = "" if note.is_shared else note.text
        after = replace(session, shared_notes=shared)
        writes = [
            may, store.put_note(call.actor_id, session_id, private, call.now),
            audit(call, [after], "write_note", after="shared" if note.is_shared else "private"),
        ]  # fmt: skip
        if after != session:
            # What one keeps for themselves is none of the session's, and makes no reader of it stale.
            writes.append(store.put_session(after, call.now))
            after = written(after)
        return commit(call, writes, replace(_shown(after, own), private_note=private or None))

    # It touches nothing of the other's, who may write to the same session at the same moment.
    busy = "The session is being changed at this moment. Send the request again."
    return again(put, SessionMoved, StaleVersion, busy=busy, tries=_TRIES)


def write_actions(call: Call, mentorship_id: str, session_id: str, wanted: Sequence[Wanted]) -> SeenSession:
    """Put the action items of a session as the actor wants them, over the version that they saw.

    Raises
    ------
    Invalid, SessionCancelled, MentorshipNotUnderWay
    """
    own, session = _to_record(call, mentorship_id, session_id)
    require_version(call, session.version)
    may = access.require(own.mentorship, access.REMEMBER, call.now)
    ids = [call.new_id() for _ in wanted]
    after = replace(session, actions=record.actions_after(session.actions, wanted, ids, own.side, call.now))
    done = sum(one.done_at is not None for one in after.actions)
    trail = audit(call, [after], "write_actions", after=f"{len(after.actions)} items, {done} done")
    return commit(call, [may, store.put_session(after, call.now), trail], _shown(written(after), own))


def _to_record(call: Call, mentorship_id: str, session_id: str) -> tuple[access.Own, Session]:
    own, (row,) = access.own_with(call, mentorship_id, store.session_key(mentorship_id, session_id))
    session = found_of(row)
    if session.status is SessionStatus.CANCELLED:
        raise SessionCancelled
    return own, session


def _shown(after: Session, own: access.Own) -> SeenSession:
    zones: Mapping[Side, str] = access.zones_of(profiles_of(own.mentorship))
    return one_of(after, zones, own.side, own.silenced)
