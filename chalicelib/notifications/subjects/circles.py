"""Mails about circles."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.circles import service as circles
from chalicelib.circles.meetings.model import MeetingState
from chalicelib.circles.model import Circle, CircleStatus, Place, PlaceState
from chalicelib.kernel.clock import from_text
from chalicelib.notifications.letters import CircleFacts, Letter, Sender
from chalicelib.notifications.model import Kind
from chalicelib.notifications.subjects.common import Reader, letter, recipient_of, sender_in
from chalicelib.organisations import service as organisations
from chalicelib.platform.outbox import Message


def _circle_place(message: Message, now: datetime) -> Letter | None:
    """Read the offer of a place in a circle, sent while it can be taken."""
    found, reader = _in_circle(message), recipient_of(message, [])
    if found is None or reader is None:
        return None
    circle, place = found
    if place.state is not PlaceState.OFFERED or circle.is_closed:
        return None
    if place.offer_ends_at is not None and place.offer_ends_at <= now:
        return None
    facts = CircleFacts(_circle_sender(circle), circle.id, circle.topic, until=place.offer_ends_at)
    return letter(message, reader[0], facts)


def _circle_news(message: Message, _: datetime) -> Letter | None:
    """Read what became of a circle, sent to somebody who takes part while it is still so."""
    found, reader = _in_circle(message), recipient_of(message, [])
    if found is None or reader is None:
        return None
    circle, place = found
    what = message.payload["what"]
    status = _CIRCLE_NEWS.get(what, CircleStatus.RUNNING)
    if not place.is_active or circle.status is not status:
        return None
    return letter(message, reader[0], CircleFacts(_circle_sender(circle), circle.id, circle.topic, what=what))


_CIRCLE_NEWS = {"held": CircleStatus.HELD, "closed": CircleStatus.CLOSED}


def _circle_without_lead(message: Message, _: datetime) -> Letter | None:
    """Read that nobody leads a circle, sent to its coordinators while it is held for that."""
    who = message.payload["recipient"]
    circle, reader = circles.without_lead(message.payload["circle_id"]), recipient_of(message, [])
    if circle is None or reader is None or who not in organisations.coordinators_of(circle.organisation_id):
        return None
    return letter(message, reader[0], CircleFacts(_circle_sender(circle), circle.id, circle.topic))


def _circle_meeting(message: Message, now: datetime) -> Letter | None:
    """Read that a meeting of a circle is near, was moved or is cancelled, sent while it is to begin at the same
    instant, to somebody who takes part."""
    told = message.payload
    found = circles.meeting_for(told["recipient"], told["circle_id"], told["meeting_id"])
    reader = recipient_of(message, [])
    if found is None or reader is None:
        return None
    circle, (meeting, turns) = found[0], (found[1].meeting, found[1].turns)
    if meeting.starts_at != from_text(told["starts_at"]) or meeting.starts_at <= now:
        return None
    is_off = meeting.status is MeetingState.CANCELLED
    if is_off and Kind(message.kind) is Kind.CIRCLE_MEETING:
        return None
    who = told["recipient"]
    facts = CircleFacts(
        _circle_sender(circle), circle.id, circle.topic, starts_at=meeting.starts_at, minutes=meeting.minutes,
        is_cancelled=is_off, presents=turns.presenter_id == who, hosts=turns.host_id == who,
    )  # fmt: skip
    return letter(message, reader[0], facts)


def _in_circle(message: Message) -> tuple[Circle, Place] | None:
    return circles.place_for(message.payload["recipient"], message.payload["circle_id"])


def _circle_sender(circle: Circle) -> Sender:
    return sender_in(circle.organisation_id, circle.programme_id, circle.topic)


READERS: Mapping[Kind, Reader] = {
    Kind.CIRCLE_PLACE: _circle_place,
    Kind.CIRCLE_SEAT_FREE: _circle_place,
    Kind.CIRCLE_NEWS: _circle_news,
    Kind.CIRCLE_WITHOUT_LEAD: _circle_without_lead,
    Kind.CIRCLE_MEETING: _circle_meeting,
    Kind.CIRCLE_MEETING_CHANGED: _circle_meeting,
}
