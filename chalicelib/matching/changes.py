"""What somebody without a pair could change, or their programme, so that mentors would fit. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.people.model import WEEKDAYS, Channel, Weekday

WORKDAYS = WEEKDAYS[:5]


class ChangeKind(StrEnum):
    """What is changed; the least first, by what it costs (`cost`).

    CHANNEL: the mentee offers one more way to meet. TIME: they are free for one more stretch a week.
    ACCEPT_LANGUAGE: one language counts for their pair although one of the two speaks it a level below the floor.
    IMPROVE_LANGUAGE: they speak one language better, at the floor or at the next level above their own.
    """

    CHANNEL = "channel"
    TIME = "time"
    ACCEPT_LANGUAGE = "accept_language"
    IMPROVE_LANGUAGE = "improve_language"


class Stretch(StrEnum):
    """The parts of a week that people are asked for, on the mentee's own clock; the last three are any hours of such
    a day."""

    WEEKDAY_EVENING = "weekday_evening"
    WEEKDAY_MIDDAY = "weekday_midday"
    WEEKDAY_EARLY = "weekday_early"
    SATURDAY_MORNING = "saturday_morning"
    SATURDAY_AFTERNOON = "saturday_afternoon"
    SUNDAY_MORNING = "sunday_morning"
    SUNDAY_AFTERNOON = "sunday_afternoon"
    WEEKDAY = "weekday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@dataclass(frozen=True)
class Change:
    """One change to a profile, or for ACCEPT_LANGUAGE to the rule; what its kind does not have is None or empty.

    Attributes
    ----------
    language, level
        Base language, and the CEFR level that is accepted or to be reached.
    steps
        By how many levels it is to be improved.
    stretch, days, start, end
        Free from `start` to `end` (minutes of the day) on each of these days.
    minutes
        How much of that is new to the mentee's week.
    """

    kind: ChangeKind
    channel: Channel | None = None
    language: str | None = None
    level: str | None = None
    steps: int | None = None
    stretch: Stretch | None = None
    days: tuple[Weekday, ...] = ()
    start: int | None = None
    end: int | None = None
    minutes: int | None = None

    @property
    def subject(self) -> tuple[str, str]:
        """What it is about: of several changes on one subject the best is told."""
        return self.kind, self.channel or self.language or self.stretch or ""


@dataclass(frozen=True)
class Suggestion:
    """Changes that together open mentors: one, or two of different kinds where no single one opens any.

    Attributes
    ----------
    opens
        How many mentors then pass the public rules and reach the least score, who did not before.
    """

    changes: tuple[Change, ...]
    opens: int


def cost(change: Change) -> int:
    """Return what a change costs the one who makes it, in half hours a week or what we judge to be worth as much.

    A further channel costs next to nothing; talking in a language at a lower level burdens every meeting; a level of
    a language is some two hundred hours of lessons.
    """
    match change.kind:
        case ChangeKind.CHANNEL:
            return 1
        case ChangeKind.TIME:
            return 2 * -(-(change.minutes or 0) // 60)
        case ChangeKind.ACCEPT_LANGUAGE:
            return 5
        case ChangeKind.IMPROVE_LANGUAGE:
            return 20 * (change.steps or 1)
