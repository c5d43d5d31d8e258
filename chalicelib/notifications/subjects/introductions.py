"""Mails about introductions."""

from collections.abc import Callable, Mapping
from datetime import datetime

from chalicelib.mentorships import service as mentorships
from chalicelib.mentorships.introductions.model import Face, Introduction, Part, Reply
from chalicelib.mentorships.introductions.model import Status as IntroductionStatus
from chalicelib.notifications.letters import (
    IntroductionFacts,
    Letter,
    Partner,
)
from chalicelib.notifications.model import Kind
from chalicelib.notifications.subjects.common import (
    Reader,
    in_programme,
    letter,
    of_pair,
    sender_of,
)
from chalicelib.people import service as people
from chalicelib.platform.outbox import Message


def _introduction(holds: Callable[[Introduction, Part, IntroductionStatus], bool]) -> Reader:
    """Return the reader of a mail about an introduction, sent while `holds(introduction, recipient's role, its state)`;
    with the other's address where it is made."""

    def read(message: Message, now: datetime) -> Letter | None:
        person_id = message.payload["recipient"]
        seen = mentorships.introduction_for(person_id, message.payload["introduction_id"], now)
        if seen is None or not holds(seen.introduction, seen.role, seen.status):
            return None
        one, other = seen.introduction, seen.introduction.other_of(seen.role)
        is_made = seen.status is IntroductionStatus.MADE
        more = [people.person_key(other.person_id)] if is_made and other is not None else []
        if other is None:
            found = in_programme(message, one.programme_id)
        else:
            found = of_pair(message, one.programme_id, other, *more)
        if found is None or (more and found[2][0] is None):
            return None
        recipient, programme, rows = found
        facts = IntroductionFacts(
            sender_of(programme), seen.role.value, one.id, Partner(one.mentor.name), _met(other), one.asked_until,
            people.person_of(rows[0]).email if more else None,
        )  # fmt: skip
        return letter(message, recipient, facts)

    return read


def _met(face: Face | None) -> Partner | None:
    return Partner(face.name, face.profession, country=face.country) if face is not None else None


def _is_offered_to_mentee(one: Introduction, role: Part, status: IntroductionStatus) -> bool:
    return status is IntroductionStatus.OPEN and role is Part.MENTEE and one.mentee_reply is None


def _is_asked_of_third(one: Introduction, role: Part, status: IntroductionStatus) -> bool:
    return status is IntroductionStatus.OPEN and role is Part.THIRD and one.third_reply is not Reply.NO


def _is_made(_one: Introduction, role: Part, status: IntroductionStatus) -> bool:
    return status is IntroductionStatus.MADE and role is not Part.MENTOR


READERS: Mapping[Kind, Reader] = {
    Kind.INTRODUCTION_OFFERED: _introduction(_is_offered_to_mentee),
    Kind.INTRODUCTION_ASKED: _introduction(_is_asked_of_third),
    Kind.INTRODUCTION_MADE: _introduction(_is_made),
}
