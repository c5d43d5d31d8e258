"""What comes of a mentorship for one of its two people: sessions, goals, successes and their own reflections."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.mentorships.goals.model import Goal
from chalicelib.mentorships.reflections.model import Reflection
from chalicelib.mentorships.running import Mentorship
from chalicelib.programmes.model import Side


class SuccessKind(StrEnum):
    GOAL = "goal"
    INTRODUCTION = "introduction"


@dataclass(frozen=True)
class Success:
    """One thing that came of a mentorship; of a goal with its title and the note that was written when it was
    reached. To whom somebody was introduced is not told."""

    kind: SuccessKind
    at: datetime
    title: str = ""
    note: str = ""


@dataclass(frozen=True)
class Held:
    """A session that was held: when it began, and for how many minutes the two met."""

    at: datetime
    minutes: int


@dataclass(frozen=True)
class Story:
    """A mentorship as its person on a side has it. Of what both share it has everything; of the rest, their own.

    Attributes
    ----------
    ended_on
        The day, in UTC, on which it was closed.
    """

    mentorship: Mentorship
    side: Side
    ended_on: date | None
    goals: tuple[Goal, ...]
    sessions: tuple[Held, ...]
    successes: tuple[Success, ...]
    reflections: tuple[Reflection, ...]
