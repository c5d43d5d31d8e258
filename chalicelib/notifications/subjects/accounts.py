"""Mails about accounts, invitations into programmes, and admins."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.notifications.letters import AccountFacts, AdminFacts, InvitationFacts, Letter
from chalicelib.notifications.model import Kind
from chalicelib.notifications.subjects.common import Reader, letter, recipient_of, sender_of
from chalicelib.organisations import service as organisations
from chalicelib.people import service as people
from chalicelib.people.model import PersonStatus
from chalicelib.platform.outbox import Message
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import EnrolmentStatus, Side


def _account(message: Message, _: datetime) -> Letter | None:
    found = recipient_of(message, [])
    return letter(message, found[0], AccountFacts()) if found else None


def _invitation(person: PersonStatus, *places: EnrolmentStatus) -> Reader:
    """Return the reader of a mail that invites into a programme, sent while person and place are as named."""

    def read(message: Message, now: datetime) -> Letter | None:
        person_id, programme_id = message.payload["recipient"], message.payload["programme_id"]
        keys = [
            programmes.enrolment_key(programme_id, side, person_id) for side in (Side.MENTOR, Side.MENTEE)
        ]
        found = recipient_of(message, [programmes.programme_key(programme_id), *keys])
        if found is None or found[1].status is not person:
            return None
        recipient, _person, (programme_row, *rows) = found
        enrolments = [programmes.enrolment_of(row) for row in rows if row is not None]
        side = next((one.side for one in enrolments if one.status in places), None)
        if programme_row is None or side is None:
            return None
        programme = programmes.programme_of(programme_row)
        if programme.is_over(now):
            return None
        return letter(message, recipient, InvitationFacts(sender_of(programme), side.value, programme_id))

    return read


def _admin_added(message: Message, _: datetime) -> Letter | None:
    who, told = message.payload["recipient"], message.payload
    found = recipient_of(message, [organisations.admin_rights_key(one) for one in (who, told["person_id"])])
    if found is None:
        return None
    recipient, _person, (own_row, their_row) = found
    if not (organisations.is_admin(who, own_row) and organisations.is_admin(told["person_id"], their_row)):
        return None
    known = people.get_people([told["person_id"], told["by"]])
    name, by = (known[one].name if one in known else None for one in (told["person_id"], told["by"]))
    return letter(message, recipient, AdminFacts(name, by))


READERS: Mapping[Kind, Reader] = {
    Kind.ACCOUNT_EXISTS: _account,
    Kind.ROSTER_INVITATION: _invitation(
        PersonStatus.INVITED, EnrolmentStatus.ACTIVE, EnrolmentStatus.PAUSED, EnrolmentStatus.INVITED
    ),
    # Of people who have their account: it was another organisation's list that named them.
    Kind.ENROLMENT_INVITATION: _invitation(PersonStatus.ACTIVE, EnrolmentStatus.INVITED),
    Kind.ADMIN_ADDED: _admin_added,
}
