"""Goals: what they are made of, their states and moves, whose they are, and how many there may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.mentorships.goals.errors import TooManyGoals
from chalicelib.mentorships.running import Mentorship
from chalicelib.programmes.model import PairKind, Side

MAX_OPEN = 10
"""Open goals of a mentorship: two who meet every other week speak of each once in five months, if of one at a time.
What is more belongs into steps."""
MAX_EVER = 40
"""Goals ever written in a mentorship. They stand beside it and are read with it: filled to the last letter, in the
script that takes the most room of our languages, they are less than the megabyte that one Query returns
(tests/mentorships/goals/test_store.py measures it)."""
MAX_ENTRIES = 300
"""Entries of a goal: a note a day for most of a year. What ends a goal is always taken."""
MAX_STEPS = 12


class Status(StrEnum):
    OPEN = "open"
    REACHED = "reached"
    DROPPED = "dropped"


class Move(StrEnum):
    REACH = "reach"
    DROP = "drop"
    REOPEN = "reopen"


MOVES: Mapping[tuple[Status, Move], Status] = {
    (Status.OPEN, Move.REACH): Status.REACHED,
    (Status.OPEN, Move.DROP): Status.DROPPED,
    (Status.REACHED, Move.REOPEN): Status.OPEN,
    (Status.DROPPED, Move.REOPEN): Status.OPEN,
}
"""All moves there are; whatever is not here is refused."""


class Horizon(StrEnum):
    SHORT = "short"
    LONG = "long"


class Domain(StrEnum):
    """In which layer of competence a goal lies.

    CANONICAL: knowledge and skills that anybody of the profession is to have, wherever they work. CONTEXTUAL: to put
    them to use in the place, the team and the health system where one works. PERSONAL: what is one's own, such as
    interests, habits, values and how work satisfies.

    Ramani et al., Mentorship in health professions education: AMEE Guide No. 167, Medical Teacher 46 (2024), 999-1011,
    doi:10.1080/0142159X.2023.2273217, which takes the layers from ten Cate et al., Medical competence as a
    multilayered construct, Medical Education 58 (2024), 93-104, doi:10.1111/medu.15162.
    """

    CANONICAL = "canonical"
    CONTEXTUAL = "contextual"
    PERSONAL = "personal"


class Decision(StrEnum):
    """What a review came to."""

    KEEP = "keep"
    ADJUST = "adjust"
    DROP = "drop"


class EntryKind(StrEnum):
    PROGRESS = "progress"
    REVIEW = "review"
    REACHED = "reached"
    DROPPED = "dropped"
    REOPENED = "reopened"


@dataclass(frozen=True)
class Measure:
    """By what one sees that a goal comes nearer; numbers are in `unit`, and a target below the baseline is one to come
    down to."""

    what: str
    unit: str = ""
    baseline: float | None = None
    target: float | None = None


@dataclass(frozen=True)
class Step:
    """One step to a goal; numbers are never given again within it, and say nothing of the order."""

    number: int
    text: str
    done_at: datetime | None = None


@dataclass(frozen=True)
class WishedStep:
    """A step as somebody wants it: one that is there already by its number, or a new one without."""

    text: str
    is_done: bool = False
    number: int | None = None


@dataclass(frozen=True)
class Reading:
    """The last value that was noted by the present measure."""

    value: float
    by: str
    at: datetime


@dataclass(frozen=True)
class Review:
    """The last review of a goal, after `sessions` sessions of the mentorship."""

    decision: Decision
    by: str
    at: datetime
    sessions: int


@dataclass(frozen=True)
class Ending:
    """How a goal came to be reached (`note` tells of the success) or dropped (and why)."""

    note: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Entry:
    """What was noted of a goal, by whom and when. `number` counts a goal's entries from 1."""

    number: int
    kind: EntryKind
    by: str
    at: datetime
    note: str = ""
    value: float | None = None
    decision: Decision | None = None


@dataclass(frozen=True)
class Goal:
    """One goal of a mentorship.

    Attributes
    ----------
    owner_id
        Whose it is; the other writes and notes as well, and does not say what becomes of it.
    change
        What will be different when it is reached.
    due_on
        The last day on the owner's calendar.
    steps_made
        How many steps it ever had, which numbers the next.
    review_every
        After how many sessions it is to be reviewed, as the programme said when it was written or last reviewed.
    counted_from
        How many sessions there had been then.
    entries, last_entry_at
        How many entries it has, and the instant of the last.
    ending
        Set while it is reached or dropped.
    """

    id: str
    mentorship_id: str
    owner_id: str
    written_by: str
    title: str
    horizon: Horizon
    domain: Domain
    review_every: int
    change: str = ""
    measure: Measure | None = None
    due_on: date | None = None
    steps: tuple[Step, ...] = ()
    steps_made: int = 0
    status: Status = Status.OPEN
    counted_from: int = 0
    last_review: Review | None = None
    reading: Reading | None = None
    ending: Ending | None = None
    entries: int = 0
    last_entry_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    version: int | None = None

    def is_review_due(self, sessions: int) -> bool:
        """Tell whether so many sessions after the last review, or the writing, ask for another one."""
        return self.status is Status.OPEN and sessions - self.counted_from >= self.review_every

    @property
    def percent(self) -> int | None:
        """How far the last value is on the way from baseline to target, 0 to 100; None where that says nothing."""
        measure = self.measure
        if measure is None or self.reading is None or measure.baseline is None or measure.target is None:
            return None
        if measure.baseline == measure.target:
            return None
        way = (self.reading.value - measure.baseline) / (measure.target - measure.baseline)
        return round(100 * min(max(way, 0.0), 1.0))


@dataclass(frozen=True)
class Tally:
    """How many goals of a mentorship are open, and how many were ever written."""

    open: int = 0
    ever: int = 0


def owner_of_new(mentorship: Mentorship, writer: Side) -> str:
    """Return whose a goal is that the person at `writer` writes: the mentee's, whoever of the two writes it; in a pair
    of peers the writer's own. The one place that says so."""
    if mentorship.kind is PairKind.PEER:
        return mentorship.card(writer).person_id
    return mentorship.mentee.person_id


def require_room(tally: Tally) -> None:
    """Let one more goal be written.

    Raises
    ------
    TooManyGoals
        With which limit it is, and what helps.
    """
    require_open_room(tally)
    if tally.ever >= MAX_EVER:
        raise TooManyGoals(
            f"{MAX_EVER} goals were written in this mentorship, and no more are kept. Reopen or change one of them."
        )


def require_open_room(tally: Tally) -> None:
    """Let one more goal be open; raises `TooManyGoals`."""
    if tally.open >= MAX_OPEN:
        raise TooManyGoals(
            f"{MAX_OPEN} goals are open, more than a pair can follow. Reach or drop one, or make this a step of "
            "another."
        )
