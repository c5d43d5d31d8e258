"""Mails about speed events."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.events import service as events
from chalicelib.events.model import Event
from chalicelib.notifications.letters import EventFacts, EventMeeting, Letter
from chalicelib.notifications.model import Kind
from chalicelib.notifications.subjects.common import Reader, letter, recipient_of, sender_in
from chalicelib.people import service as people
from chalicelib.platform.outbox import Message


def _event(message: Message, now: datetime) -> Letter | None:
    """Read a mail about an event that has not begun: of a place while it is as it says, of the timetable and the
    reminder while the recipient has a seat, of a change while it holds."""
    told = message.payload
    is_changed = told.get("what") == "changed"
    seen = events.seen_by_person(told["recipient"], told["event_id"], now, with_clashes=is_changed)
    found = recipient_of(message, [])
    if seen is None or found is None or not seen.still_tells(told.get("what", "seat")):
        return None
    rows = tuple(EventMeeting(at, name) for at, name in seen.meetings)
    facts = replace(_facts(seen.event, told.get("what", ""), rows), clashes=seen.clashes)
    return letter(message, found[0], facts)


def _mutual(message: Message, _: datetime) -> Letter | None:
    """Read the mail to one of two who would both like to go on, with what came of it; not once one of them has blocked
    the other."""
    told = message.payload
    me, other = told["recipient"], told["other"]
    both = events.mutual_of(me, told["event_id"], other)
    found = recipient_of(message, [people.person_key(other), people.blocks_key(me), people.blocks_key(other)])
    if both is None or found is None or found[2][0] is None:
        return None
    person_row, mine, theirs = found[2]
    if other in people.blocks_of(mine) or me in people.blocks_of(theirs):
        return None
    event, mutual = both
    facts = replace(
        _facts(event), other=people.person_of(person_row).name, proposal_id=mutual.proposal_id,
        obstacle=mutual.obstacle,
    )  # fmt: skip
    return letter(message, found[0], facts)


def _facts(event: Event, what: str = "", meetings: tuple[EventMeeting, ...] = ()) -> EventFacts:
    held = event.held
    return EventFacts(
        sender_in(event.organisation_id, event.programme_id),
        event.id,
        event.plan.title,
        held.starts_at,
        event.plan.rounds,
        held.seconds // 60,
        what,
        meetings,
    )


READERS: Mapping[Kind, Reader] = {
    Kind.EVENT_PLACE: _event,
    Kind.EVENT_TIMETABLE: _event,
    Kind.EVENT_CHANGED: _event,
    Kind.EVENT_REMINDER: _event,
    Kind.EVENT_MUTUAL: _mutual,
}
