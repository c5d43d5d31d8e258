"""The closing conversation: what is asked, what each of the two writes before it, and from when to when.

The questions are ours, in our own words. What they ask for is what guidance on ending a mentorship well agrees on, as
read on 2026-11-22:

- Goals and expectations are looked at again, what was learned is named, thanks are said: "The closure conversation"
  (Center for Mentoring Excellence, centerformentoring.com); "Closure phase resources" (Institute for Clinical and
  Translational Research, University of Wisconsin-Madison, ictr.wisc.edu/mentoring); "Putting closure on mentoring"
  (CISTAR, cistar.us).
- What helped and what did not is asked without blame, as an ending is nobody's fault: the same of Wisconsin;
  "Terminating the mentoring relationship" (Wake Forest, wakehealth.edu/JUMP); "Ending mentoring relationships"
  (peermentoringinpractice.com, 2015).
- What comes next, also between the two, is said rather than left open: the first and the last of these; "Good-bye,
  mentors" (American Society of Anesthesiologists, community.asahq.org/mentoring).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.mentorships.closing.errors import NotTimeToClose
from chalicelib.mentorships.endings import ENDS_SOON
from chalicelib.mentorships.reflections.model import ENDING, FINAL_TIME, over_at
from chalicelib.mentorships.running import Mentorship, MentorshipStatus
from chalicelib.mentorships.wordings import Wording, ordered, own_id
from chalicelib.programmes.model import Side

MAX_QUESTIONS = 10
"""Of a programme's template: at a few minutes each they fill an hour."""
MAX_ANSWERS = 2 * MAX_QUESTIONS
"""Of one person: to the questions of today, and to those that were asked as they began to write."""
MAX_TEXT = 1500
"""Of one answer. Twenty of them, in a script of three bytes a letter, are well below what one row holds."""

_SOON = ("forming", "active", "paused", *ENDING)
_SKEW = timedelta(days=1)  # somebody's calendar may be a day ahead of UTC's, or behind it


class Standard(StrEnum):
    """The service's own questions. A code is never given to another wording: what is asked otherwise has a new one."""

    GOALS = "goals"
    LEARNED = "learned"
    HELPED = "helped"
    HARDER = "harder"
    THANKS = "thanks"
    OPEN = "open"
    NEXT = "next"


@dataclass(frozen=True)
class Question:
    """A question. Its id stands for its wording, so that an answer is always read beside the words it was given to.

    Attributes
    ----------
    texts
        A programme's own words; empty for one of the service's own.
    """

    id: str
    texts: tuple[Wording, ...] = ()

    @classmethod
    def standard(cls, code: Standard) -> "Question":
        return cls(code.value)

    @classmethod
    def own(cls, texts: Iterable[Wording]) -> "Question":
        whole = ordered(texts)
        return cls(own_id(whole), whole)


QUESTIONS = tuple(Question.standard(one) for one in Standard)
"""What is asked unless the programme asks otherwise: from what was to what will be."""


@dataclass(frozen=True)
class Template:
    """What a programme asks; version 0 is the service's own."""

    programme_id: str
    questions: tuple[Question, ...] = QUESTIONS
    version: int = 0
    created_at: datetime | None = None


@dataclass(frozen=True)
class Answer:
    """What somebody wrote to a question."""

    question: Question
    text: str


@dataclass(frozen=True)
class Held:
    """That the conversation was held: on which day, and in which session of the mentorship, if in one."""

    on: date
    session_id: str | None = None


@dataclass(frozen=True)
class Wanted:
    """What one of the two wants to have written; `answers` by the ids of the questions.

    Attributes
    ----------
    held
        None while they do not say that it was held.
    """

    answers: tuple[tuple[str, str], ...] = ()
    to_programme: str = ""
    is_shared: bool = False
    is_sent: bool = False
    held: Held | None = None


@dataclass(frozen=True)
class Part:
    """What one of the two wrote for their closing conversation.

    Attributes
    ----------
    to_programme
        What they would tell the programme.
    is_shared
        Whether the other reads the answers.
    is_sent
        Whether the programme's coordinators read `to_programme`.
    held
        Whether and when they say that the conversation was held.
    """

    mentorship_id: str
    person_id: str
    side: Side
    answers: tuple[Answer, ...] = ()
    to_programme: str = ""
    is_shared: bool = False
    is_sent: bool = False
    held: Held | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    version: int | None = None


@dataclass(frozen=True)
class Theirs:
    """What the other reads of a side's part."""

    side: Side
    answers: tuple[Answer, ...]
    at: datetime


@dataclass(frozen=True)
class Mark:
    """What stands beside a mentorship of one side's part, without a word of it."""

    side: Side
    is_shared: bool = False
    held: Held | None = None


def held_of(marks: Iterable[Mark]) -> Held | None:
    """Return when the conversation was held: as soon as one of the two says so, and of two days the earlier; of one
    day, with the session that somebody names."""
    said = [one.held for one in marks if one.held is not None]
    return min(said, key=lambda one: (one.on, one.session_id is None, one.session_id or ""), default=None)


def opens_at(mentorship: Mentorship) -> datetime | None:
    """Return from when on the two may write: as it is ended, or as the last day comes near; None while neither is
    known."""
    if mentorship.ending is not None:
        return mentorship.ending.since
    return mentorship.ends_at - ENDS_SOON if mentorship.ends_at is not None else None


def open_until(mentorship: Mentorship) -> datetime | None:
    """Return up to when they may: as a final reflection, for some time after the end; None while that is unknown."""
    over = over_at(mentorship)
    return over + FINAL_TIME if over is not None else None


def is_open(mentorship: Mentorship, now: datetime) -> bool:
    """Tell whether the two may write at an instant."""
    opens, until = opens_at(mentorship), open_until(mentorship)
    return opens is not None and opens <= now and (until is None or now < until)


def is_offered(mentorship: Mentorship, marks: Iterable[Mark], now: datetime) -> bool:
    """Tell whether the page of a pair asks them to have the conversation: while there is time for it, and nobody says
    that it was held."""
    return mentorship.status_at(now) is MentorshipStatus.CLOSING and held_of(marks) is None


def require_open(mentorship: Mentorship, now: datetime) -> tuple[str, ...]:
    """Let something be written, and return the states that the row may be in meanwhile.

    Raises
    ------
    NotTimeToClose
    """
    if is_open(mentorship, now):
        return ENDING if mentorship.ending is not None else _SOON
    if mentorship.ending is not None:
        raise NotTimeToClose(f"It was open until {FINAL_TIME.days} days after the mentorship's end.")
    raise NotTimeToClose(f"It opens {ENDS_SOON.days} days before the last day, or as one of you ends it.")


def answers_of(
    wanted: Sequence[tuple[str, str]], asked: Sequence[Question], before: Sequence[Answer]
) -> tuple[Answer, ...]:
    """Return answers with the words of their questions, in the order in which these are asked; empty ones are none.

    Parameters
    ----------
    asked
        What the programme asks now.
    before
        What was answered so far, maybe to other questions, which stay.

    Raises
    ------
    Invalid
        For a question that is neither, or twice.
    """
    known = {one.id: one for one in (*(told.question for told in before), *asked)}
    errors, given = [], {}
    for place, (question_id, text) in enumerate(wanted):
        pointer = f"/answers/{place}/question"
        if question_id not in known:
            errors.append(FieldError(pointer, "Nobody asks this. Read the questions again."))
        elif question_id in given:
            errors.append(FieldError(pointer, "Answer each question once."))
        given[question_id] = text
    if errors:
        raise Invalid("Some answers are to no question of yours.", tuple(errors))
    now_first = [*asked, *(one for one in known.values() if one not in asked)]
    return tuple(Answer(one, given[one.id]) for one in now_first if given.get(one.id))


def require_held(mentorship: Mentorship, held: Held, now: datetime) -> None:
    """Refuse a day on which the conversation cannot have been held.

    Raises
    ------
    Invalid
    """
    if held.on > (now + _SKEW).date():
        raise Invalid.field("/held/on", "This day is to come. Say so once you have talked.")
    if held.on < (mentorship.started_at - _SKEW).date():
        raise Invalid.field("/held/on", "The mentorship had not begun yet.")
