"""What a mentorship has come to: the counts that a certificate tells of."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Record:
    """A mentorship in numbers, for one of its two.

    Attributes
    ----------
    started_on, last_on
        The days, in UTC, on which it was agreed and of the last thing that is counted here; of a series, by its clock,
        as credit has them.
    sessions, minutes
        Sessions that were held, and how long they were together.
    goals_reached
        Goals of the two that are reached, and stay so; between peers the person's own.
    final_reflection
        Whether the person has written their final reflection.
    """

    started_on: date
    last_on: date
    sessions: int = 0
    minutes: int = 0
    goals_reached: int = 0
    final_reflection: bool = False
