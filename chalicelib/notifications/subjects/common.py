"""What readers of every subject ask: the recipient, the programme, the other of a pair, in one round trip."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.mentorships.introductions.model import Face
from chalicelib.mentorships.model import Card
from chalicelib.notifications.letters import (
    Facts,
    Letter,
    Recipient,
    Sender,
)
from chalicelib.notifications.model import Kind
from chalicelib.organisations import service as organisations
from chalicelib.people import service as people
from chalicelib.people.model import Person, Profile
from chalicelib.platform import tables
from chalicelib.platform.outbox import Message
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Programme

OF_AN_END = frozenset(
    {
        Kind.PROPOSAL_DECLINED,
        Kind.MENTORSHIP_HELD,
        Kind.MENTORSHIP_CLOSED,
        Kind.SESSION_CANCELLED,
        Kind.CALENDAR_ENTRY,
    }
)
"""What is told of the other also where one of the two has blocked the other: that something stops. It reads the same as
where nobody has."""

Reader = Callable[[Message, datetime], Letter | None]


def recipient_of(message: Message, more: list[Any]) -> tuple[Recipient, Person, list[Any]] | None:
    """Read the recipient with further rows in one round trip; None if there is no such person any more."""
    person_id = message.payload["recipient"]
    person_row, profile_row, *rows = tables.get_many(
        [people.person_key(person_id), people.profile_key(person_id), *more]
    )
    if person_row is None:
        return None
    person = people.person_of(person_row)
    profile = people.profile_of(profile_row) if profile_row else Profile(person_id)
    recipient = Recipient(
        person.id, person.email, person.name, person.locale, profile.country, profile.time_zone
    )
    return recipient, person, rows


def in_programme(
    message: Message, programme_id: str, *more: Any
) -> tuple[Recipient, Programme, list[Any]] | None:
    """Read the recipient and the programme in whose name they are written to, with further rows in one round trip; None
    if either is gone."""
    found = recipient_of(message, [programmes.programme_key(programme_id), *more])
    if found is None or found[2][0] is None:
        return None
    recipient, _, (programme_row, *rows) = found
    return recipient, programmes.programme_of(programme_row), rows


def of_pair(
    message: Message, programme_id: str, other: Card | Face, *more: Any
) -> tuple[Recipient, Programme, list[Any]] | None:
    """Read the same of a mail that tells the recipient of another; None, too, where one of the two has blocked the
    other, unless it tells that something between them stops."""
    ids = (message.payload["recipient"], other.person_id)
    found = in_programme(message, programme_id, *(people.blocks_key(one) for one in ids), *more)
    if found is None:
        return None
    recipient, programme, (mine, theirs, *rows) = found
    apart = ids[1] in people.blocks_of(mine) or ids[0] in people.blocks_of(theirs)
    return None if apart and Kind(message.kind) not in OF_AN_END else (recipient, programme, rows)


def letter(message: Message, recipient: Recipient, facts: Facts) -> Letter:
    """Return what a message's mail is written from."""
    return Letter(Kind(message.kind), recipient, facts)


def sender_of(programme: Programme) -> Sender:
    """Return in whose name a mail of a programme is sent."""
    return Sender(organisation_name(programme.organisation_id), programme.name, programme.kind.value)


def sender_in(organisation_id: str, programme_id: str, otherwise: str = "") -> Sender:
    """Return in whose name a mail of something that is no pair is sent; `otherwise` where its programme is no more."""
    programme = programmes.get_programme(programme_id)
    return Sender(organisation_name(organisation_id), programme.name if programme else otherwise)


def organisation_name(organisation_id: str) -> str:
    """Return an organisation's name; the service's where it is no more."""
    found = organisations.get_organisation(organisation_id)
    return found.name if found else "Crossward"
