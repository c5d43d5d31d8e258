"""Where sessions are: what is read for it when one is booked, how it is changed, and where each can be met."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.kernel.call import Call, require_version, written
from chalicelib.mentorships.agreements import store as agreement_store
from chalicelib.mentorships.running import Mentorship
from chalicelib.mentorships.sessions import access, mails, model, series, store
from chalicelib.mentorships.sessions.model import Session
from chalicelib.mentorships.sessions.place import ROOM_BYTES, Ground, Ways, room_name, usual_channel
from chalicelib.mentorships.sessions.series import Scope
from chalicelib.mentorships.sessions.service import SIDES, SeenSession, found_of, one_of, settled
from chalicelib.people.model import Channel
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Side, VideoRooms


@dataclass(frozen=True)
class SeenWays:
    """Where a person can be met; of version 0 before they have said."""

    ways: Ways

    @property
    def version(self) -> int:
        return self.ways.version or 0


def my_ways(call: Call) -> SeenWays:
    """Return where the actor can be met."""
    return SeenWays(store.ways_of(call.actor_id, tables.get(*store.ways_key(call.actor_id))))


def write_ways(call: Call, link: str | None, phone: str | None, chat: str | None) -> SeenWays:
    """Set where the actor can be met, for what is booked from now on."""
    before = my_ways(call).ways
    require_version(call, before.version or 0)
    after = replace(before, link=link, phone=phone, chat=chat)
    writes = [store.put_ways(after, call.now), store.audit_ways(after, call.new_id(), call.now)]
    return commit(call, writes, SeenWays(written(after)))


def agreement_key(mentorship_id: str) -> access.Key:
    """Return the key of what says how the two usually meet, to be read with the mentorship."""
    return agreement_store.agreement_key(mentorship_id)


def keys(mentorship: Mentorship) -> list[access.Key]:
    """Return the keys of all else that a session's place follows from, for `ground`."""
    ids = mentorship.mentee.person_id, mentorship.mentor.person_id
    return [programmes.programme_key(mentorship.programme_id), *(store.ways_key(one) for one in ids)]


def ground(mentorship: Mentorship, by: Side, agreement_row: Any, rows: Sequence[Any]) -> Ground:
    """Read what `agreement_key` and `keys` name, for the one of the two who arranges it."""
    programme_row, *ways_rows = rows
    ids = mentorship.mentee.person_id, mentorship.mentor.person_id
    return Ground(
        mentorship.kind,
        by,
        usual_channel(agreement_store.agreement_of(agreement_row) if agreement_row else None),
        programmes.programme_of(programme_row).video if programme_row else VideoRooms(),
        {
            side: store.ways_of(*one)
            for side, one in zip(SIDES, zip(ids, ways_rows, strict=True), strict=True)
        },
        lambda: room_name(secrets.token_bytes(ROOM_BYTES)),
    )


def change_place(
    call: Call, mentorship_id: str, session_id: str, channel: Channel, caller: Side | None, scope: Scope
) -> SeenSession:
    """Hold a session that lies ahead in another way, of a series the others in scope as well, with what the
    programme and the two say of it now. What stays as it is tells nobody anything.

    Raises
    ------
    SessionCancelled, SessionBegun, OfferWaits, NoSeries, MentorshipNotUnderWay
    """
    own, (row, agreement_row) = access.own_with(
        call, mentorship_id, store.session_key(mentorship_id, session_id), agreement_key(mentorship_id)
    )
    session = found_of(row)
    require_version(call, session.version)
    model.require_ahead(session, call.now)
    may = access.require(own.mentorship, access.MEET, call.now)
    others = store.sessions_of(mentorship_id) if scope is not Scope.ONE and session.occurrence else ()
    targets = series.of_scope(session, others, scope, call.now)
    *profile_rows, programme_row, mentee_row, mentor_row = tables.get_many(
        [*access.profile_keys(own.mentorship), *keys(own.mentorship)]
    )
    told = ground(own.mentorship, own.side, agreement_row, (programme_row, mentee_row, mentor_row))
    place = told.place(channel, caller, session.place)
    zones = access.zones_of(profile_rows)
    whole: list[Session] = [session, *(one for one in targets if one.id != session.id)]
    before = [one for one in whole if one.place != place]
    if not before:
        return one_of(session, zones, own.side, own.silenced)
    after = [model.placed(one, place) for one in before]
    seen = settled(call, own, before, after, [may], zones, mails.SESSION_PLACE, "change_place")
    return seen if before[0] is session else one_of(session, zones, own.side, own.silenced)
