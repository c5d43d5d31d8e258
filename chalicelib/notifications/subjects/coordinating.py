"""Mails to coordinators about a programme."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from chalicelib.mentorships import service as mentorships
from chalicelib.notifications.letters import Letter, ProgrammeDigestFacts, UnverifiedFacts
from chalicelib.notifications.model import Kind
from chalicelib.notifications.subjects.common import Reader, in_programme, letter, sender_of
from chalicelib.organisations import service as organisations
from chalicelib.people import service as people
from chalicelib.platform.outbox import Message

MOST_NAMES = 10  # of mentors in one mail; the list of tasks has them all


def _unverified(message: Message, now: datetime) -> Letter | None:
    person_id, told = message.payload["recipient"], message.payload
    found = in_programme(message, told["programme_id"])
    if found is None:
        return None
    recipient, programme, _ = found
    if person_id not in organisations.coordinators_of(programme.organisation_id):
        return None
    names = tuple(
        person.name
        for person, profile, _ in people.snapshot_of(told["mentors"]).values()
        if not programme.takes_as_mentor(person, profile, now)
    )
    if not (names or told["paused"] or told["ready"]):
        return None
    facts = UnverifiedFacts(
        sender_of(programme), names[:MOST_NAMES], max(len(names) - MOST_NAMES, 0), int(told["paused"]),
        int(told["ready"]),
    )  # fmt: skip
    return letter(message, recipient, facts)


def _programme_digest(message: Message, now: datetime) -> Letter | None:
    """Read how a programme stands, while its recipient coordinates it and there is something to say."""
    person_id, told = message.payload["recipient"], message.payload
    found = in_programme(message, told["programme_id"])
    if found is None:
        return None
    recipient, programme, _ = found
    if programme.is_over(now) or person_id not in organisations.coordinators_of(programme.organisation_id):
        return None
    sums = mentorships.sums_of(programme.id, person_id, now)
    if not any(asdict(sums).values()):
        return None
    return letter(
        message, recipient, ProgrammeDigestFacts(sender_of(programme), programme.id, **asdict(sums))
    )


READERS: Mapping[Kind, Reader] = {
    Kind.MENTORS_UNVERIFIED: _unverified,
    Kind.PROGRAMME_DIGEST: _programme_digest,
}
