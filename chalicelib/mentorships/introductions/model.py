"""Introductions: who is asked when, what each of the three is told, and how one ends."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.kernel.errors import Invalid
from chalicelib.mentorships.introductions.errors import IntroductionOver

TIME_TO_ANSWER = timedelta(days=14)
"""For each of the two, from when they are asked: a leave or a rotation fits into it; our judgement."""
MAX_EVER = 20
"""Introductions of one mentorship: who has more to offer does not need us for it, and who misuses them is held."""
MAX_TEXT = 1000


class Part(StrEnum):
    """Who somebody is in an introduction: the mentor who makes it, the mentee, and the third whom they are to meet."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    THIRD = "third"


class Reply(StrEnum):
    YES = "yes"
    NO = "no"


class Status(StrEnum):
    """OPEN: somebody has yet to say yes. MADE: both have, and each has the other's address. ENDED: its time is over, or
    it was taken back; nobody is told which."""

    OPEN = "open"
    MADE = "made"
    ENDED = "ended"


@dataclass(frozen=True)
class Face:
    """What somebody is told of another before both have said yes: never an address."""

    person_id: str
    name: str
    profession: str | None = None
    country: str | None = None


@dataclass(frozen=True)
class Introduction:
    """One introduction.

    Attributes
    ----------
    third
        None where the address that the mentor gave is nobody's of the programme. It is asked for as long as any other,
        so that nobody learns from it who is in the programme.
    is_listed
        Whether the mentor chose the third from the directory, where those of the programme read their name anyway.
    text
        The mentor's words to both.
    asked_until
        Up to when the one who is asked now may answer.
    """

    id: str
    mentorship_id: str
    programme_id: str
    mentor: Face
    mentee: Face
    third: Face | None
    is_listed: bool
    text: str
    asked_until: datetime
    mentee_reply: Reply | None = None
    third_reply: Reply | None = None
    withdrawn_at: datetime | None = None
    made_at: datetime | None = None
    created_at: datetime | None = None
    version: int | None = None

    def role_of(self, person_id: str) -> Part | None:
        """Return who a person is in it; the third is nobody before the mentee has said yes."""
        if person_id == self.mentor.person_id:
            return Part.MENTOR
        if person_id == self.mentee.person_id:
            return Part.MENTEE
        is_asked = self.third is not None and self.mentee_reply is Reply.YES
        return (
            Part.THIRD if is_asked and self.third is not None and person_id == self.third.person_id else None
        )

    def status_at(self, now: datetime) -> Status:
        """Return what all three see of it. A no looks as silence does, up to the end of its time."""
        if self.made_at is not None:
            return Status.MADE
        is_over = self.withdrawn_at is not None or now >= self.asked_until
        return Status.ENDED if is_over else Status.OPEN

    def waits_for(self, now: datetime) -> Part | None:
        """Return whose yes is missing."""
        if self.status_at(now) is not Status.OPEN:
            return None
        return Part.THIRD if self.mentee_reply is Reply.YES else Part.MENTEE

    def reply_of(self, role: Part) -> Reply | None:
        return {Part.MENTEE: self.mentee_reply, Part.THIRD: self.third_reply}.get(role)

    def other_of(self, role: Part) -> Face | None:
        """Return whom somebody in a role is told of: the third of the mentee, the others of the third where that is
        listed, or has said yes."""
        if role is Part.THIRD:
            return self.mentee
        return self.third if self.is_listed or self.made_at is not None else None


def answered(introduction: Introduction, role: Part, reply: Reply, now: datetime) -> Introduction:
    """Return an introduction after somebody's word. The mentor can but take it back, as the mentee can after their yes;
    a no may be followed by a yes as long as it is open.

    Raises
    ------
    IntroductionOver
    Invalid
        For a mentor's yes, which they gave with the introduction.
    """
    if introduction.status_at(now) is not Status.OPEN:
        raise IntroductionOver("It is made, taken back, or its time is over.")
    if role is Part.MENTOR:
        if reply is Reply.YES:
            raise Invalid.field("/reply", "You have said so by introducing them. `no` takes it back.")
        return replace(introduction, withdrawn_at=now)
    if role is Part.MENTEE:
        if introduction.mentee_reply is Reply.YES:
            return introduction if reply is Reply.YES else replace(introduction, withdrawn_at=now)
        until = now + TIME_TO_ANSWER if reply is Reply.YES else introduction.asked_until
        return replace(introduction, mentee_reply=reply, asked_until=until)
    made_at = now if reply is Reply.YES else None
    return replace(introduction, third_reply=reply, made_at=made_at)
