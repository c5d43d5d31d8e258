"""Feedback: what is asked and when, what people answer, and how long they may correct it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.mentorships.running import Mentorship, is_under_way
from chalicelib.mentorships.wordings import Wording, ordered, own_id
from chalicelib.programmes.model import Role, Side

LOWEST, HIGHEST = 1, 5
"""Every question is answered by one whole number from 1 to 5."""

MAX_PULSE = 3
MAX_CONFIDENCE = 6
MOST_PULSES = 26
"""The latest so many pulses are read: a year of one every other week."""

CORRECT_FOR = timedelta(days=7)
"""For how long an answer can be corrected. A week: long enough to sleep on it, and no coordinator's number moves
afterwards. What is counted among others is counted once this is over."""
SURVEY_OPEN = timedelta(days=28)
"""For how long a survey is open. The last one opens as the mentorship ends, and so for two weeks after the longest
closing time."""
PULSE_OPEN = timedelta(days=14)
"""For how long a pulse is open, unless the next is asked before."""
APART = timedelta(days=7)
"""How far a survey stays away from what was asked before it."""
USUAL_PULSE_WEEKS = 4
_MIDDLE_WITHOUT_END = timedelta(days=182)


class RoundKind(StrEnum):
    """START, MIDDLE and END are the surveys; PULSE comes again and again in between."""

    START = "start"
    PULSE = "pulse"
    MIDDLE = "middle"
    END = "end"


RATED = frozenset({RoundKind.MIDDLE, RoundKind.END})
"""The surveys in which each rates how well the two suit each other."""


class About(StrEnum):
    """What is counted together. CHANGE: of each question on confidence, the answer at the start with the one at the
    end."""

    PULSE = "pulse"
    MIDDLE = "middle"
    END = "end"
    CHANGE = "change"


@dataclass(frozen=True)
class Round:
    """One occasion on which the two are asked; `number` counts a mentorship's pulses from 1, and is 0 for a survey."""

    kind: RoundKind
    number: int = 0

    @property
    def name(self) -> str:
        """Return what it is called in addresses: `start`, `pulse-3`, `middle`, `end`."""
        return f"{self.kind}-{self.number}" if self.number else self.kind.value

    @classmethod
    def named(cls, name: str) -> "Round | None":
        """Return the round of a name, or None where there is no such."""
        kind, dash, number = name.partition("-")
        if kind == RoundKind.PULSE:
            fits = dash and number.isascii() and number.isdigit() and number[0] != "0" and len(number) < 5
            return cls(RoundKind.PULSE, int(number)) if fits else None
        return cls(RoundKind(kind)) if not dash and kind in set(RoundKind) else None


START, MIDDLE, END = (Round(one) for one in (RoundKind.START, RoundKind.MIDDLE, RoundKind.END))


class Scale(StrEnum):
    """What the numbers from 1 to 5 mean."""

    WELL = "well"
    AGREE = "agree"
    CONFIDENT = "confident"


class Standard(StrEnum):
    """The service's own questions. A code is never given to another wording: what is asked otherwise has a new one."""

    GOING = "going"
    USEFUL = "useful"
    HEARD = "heard"
    RHYTHM = "rhythm"
    MATCH = "match"
    SET_GOALS = "set_goals"
    DECIDE = "decide"
    USE_FEEDBACK = "use_feedback"
    ADAPT = "adapt"
    FIND_HELP = "find_help"
    LET_FIND = "let_find"
    GIVE_FEEDBACK = "give_feedback"
    AGREE_EXPECTATIONS = "agree_expectations"
    AT_A_DISTANCE = "at_a_distance"
    ACROSS_CULTURES = "across_cultures"


_WELL = frozenset({Standard.GOING, Standard.MATCH})
_AGREE = frozenset({Standard.USEFUL, Standard.HEARD, Standard.RHYTHM})
FOR_PULSE = _AGREE
"""What a programme may ask in pulses beside `going`, of the service's own."""
FOR_CONFIDENCE = frozenset(Standard) - _WELL - _AGREE


@dataclass(frozen=True)
class Item:
    """A question. Its id stands for its wording: one that is worded anew is another, so that all answers under an id
    were given to the same words.

    Attributes
    ----------
    texts
        A programme's own words; empty for one of the service's own.
    """

    id: str
    scale: Scale
    texts: tuple[Wording, ...] = ()

    @classmethod
    def standard(cls, code: Standard) -> "Item":
        scale = Scale.WELL if code in _WELL else Scale.AGREE if code in _AGREE else Scale.CONFIDENT
        return cls(code.value, scale)

    @classmethod
    def own(cls, scale: Scale, texts: Iterable[Wording]) -> "Item":
        whole = ordered(texts)
        return cls(own_id(whole, scale), scale, whole)


GOING, MATCH = Item.standard(Standard.GOING), Item.standard(Standard.MATCH)


def _standards(*codes: Standard) -> tuple[Item, ...]:
    return tuple(Item.standard(one) for one in codes)


@dataclass(frozen=True)
class Questionnaire:
    """What a programme asks.

    Attributes
    ----------
    pulse_weeks
        Weeks from one pulse to the next; None for none.
    pulse
        What is asked in a pulse beside how it is going, which always is.
    mentee, mentor
        What each side says of its confidence, at the start, in the middle and at the end.
    """

    programme_id: str
    pulse_weeks: int | None = USUAL_PULSE_WEEKS
    pulse: tuple[Item, ...] = _standards(Standard.USEFUL)
    mentee: tuple[Item, ...] = _standards(
        Standard.SET_GOALS, Standard.DECIDE, Standard.USE_FEEDBACK, Standard.ADAPT, Standard.FIND_HELP
    )
    mentor: tuple[Item, ...] = _standards(
        Standard.LET_FIND, Standard.GIVE_FEEDBACK, Standard.AGREE_EXPECTATIONS, Standard.AT_A_DISTANCE,
        Standard.ACROSS_CULTURES,
    )  # fmt: skip
    created_at: datetime | None = None
    version: int | None = None

    def items(self, kind: RoundKind, role: Role, at_start: tuple[Item, ...] = ()) -> tuple[Item, ...]:
        """Return what is asked in a round of who is in a role; peers are asked what mentees are: what they learn.

        Parameters
        ----------
        at_start
            What the person was asked at the start, where they answered: the same is asked again, whatever the
            programme asks by now, so that change is measured.
        """
        if kind is RoundKind.PULSE:
            return (GOING, *self.pulse)
        usual = self.mentor if role is Role.MENTOR else self.mentee
        if kind is RoundKind.START:
            return usual
        return (*(at_start or usual), MATCH)


@dataclass(frozen=True)
class Answer:
    """What one of the two has said in a round.

    Attributes
    ----------
    items
        What was asked, as it was worded.
    values
        From 1 to 5, by the id of each item.
    words
        For nobody else, unless `is_shared`: then for the other side.
    """

    mentorship_id: str
    person_id: str
    side: Side
    round: Round
    items: tuple[Item, ...]
    values: Mapping[str, int]
    words: str = field(default="", repr=False)
    is_shared: bool = False
    answered_at: datetime | None = None
    version: int | None = None

    @property
    def correct_until(self) -> datetime:
        """Until when its writer may correct it."""
        if self.answered_at is None:
            raise ValueError("it was not given yet")
        return self.answered_at + CORRECT_FOR


def checked_values(items: tuple[Item, ...], values: Mapping[str, int]) -> dict[str, int]:
    """Return the values in the order of the questions, if there is one for each and for nothing else.

    Raises
    ------
    Invalid
        With one `FieldError` for each that is missing, or was not asked.
    """
    asked = [one.id for one in items]
    errors = [FieldError("/values", f"Answer {one} as well.") for one in asked if one not in values]
    errors += [FieldError("/values", f"{one} is not asked here.") for one in values if one not in asked]
    if errors:
        raise Invalid("Every question of the round takes one answer; read it again.", tuple(errors))
    return {one: values[one] for one in asked}


@dataclass(frozen=True)
class Pulse:
    """How the two say that it is going, from 1 (badly) to 5 (very well); None for a side that has not answered.

    Attributes
    ----------
    number
        Counts a mentorship's pulses from 1; one that nobody answered is left out.
    at
        When the first of the two answered.
    """

    number: int
    at: datetime
    mentee: int | None
    mentor: int | None


@dataclass(frozen=True)
class Plan:
    """What the two of a mentorship have been asked so far.

    Attributes
    ----------
    pulses, pulse_at
        How many pulses, and when the last.
    start_at, middle_at, end_at
        When they were asked for each survey.
    """

    mentorship_id: str
    pulses: int = 0
    pulse_at: datetime | None = None
    start_at: datetime | None = None
    middle_at: datetime | None = None
    end_at: datetime | None = None
    created_at: datetime | None = None
    version: int | None = None

    @property
    def last_at(self) -> datetime | None:
        """When they were last asked for anything."""
        asked = (self.pulse_at, self.start_at, self.middle_at, self.end_at)
        return max((one for one in asked if one is not None), default=None)


@dataclass(frozen=True)
class Open:
    """A round that can be answered, until an instant."""

    round: Round
    until: datetime


def open_rounds(plan: Plan, mentorship: Mentorship, now: datetime) -> tuple[Open, ...]:
    """Return the rounds that the two can answer at an instant."""
    ending = mentorship.ending
    if ending is not None:
        found = [Open(END, ending.since + SURVEY_OPEN)]
    elif is_under_way(mentorship, now):
        found = [Open(START, mentorship.started_at + SURVEY_OPEN)]
        if plan.pulse_at is not None:
            found.append(Open(Round(RoundKind.PULSE, plan.pulses), plan.pulse_at + PULSE_OPEN))
        if plan.middle_at is not None:
            found.append(Open(MIDDLE, plan.middle_at + SURVEY_OPEN))
    else:
        found = []
    return tuple(one for one in found if now < one.until)


def _times(plan: Plan, mentorship: Mentorship, weeks: int | None) -> dict[RoundKind, datetime]:
    """Return when each kind of round is to be asked next, of a mentorship that is under way."""
    last = plan.last_at or mentorship.started_at
    found = {RoundKind.PULSE: last + timedelta(weeks=weeks or USUAL_PULSE_WEEKS)}
    if plan.start_at is None:
        found[RoundKind.START] = mentorship.started_at
    if plan.middle_at is None:
        ends_at = mentorship.ends_at
        half = (ends_at - mentorship.started_at) / 2 if ends_at is not None else _MIDDLE_WITHOUT_END
        found[RoundKind.MIDDLE] = max(mentorship.started_at + half, last + APART)
    return found


def due_round(plan: Plan, mentorship: Mentorship, weeks: int | None, now: datetime) -> Round | None:
    """Return what it is time to ask for, one at a time; None for nothing.

    Parameters
    ----------
    weeks
        From one pulse to the next; None where there are none.
    """
    if mentorship.ending is not None:
        is_open = now < mentorship.ending.since + SURVEY_OPEN
        return END if plan.end_at is None and is_open else None
    if not is_under_way(mentorship, now):
        return None
    due = {kind for kind, at in _times(plan, mentorship, weeks).items() if at <= now}
    if RoundKind.START in due and now < mentorship.started_at + SURVEY_OPEN:
        return START
    if RoundKind.MIDDLE in due:
        return MIDDLE
    return Round(RoundKind.PULSE, plan.pulses + 1) if RoundKind.PULSE in due and weeks else None


def next_due(plan: Plan, mentorship: Mentorship, weeks: int | None, now: datetime) -> datetime | None:
    """Return when to look next, after all that was due has been asked; None for never."""
    if mentorship.ending is not None:
        return None
    if not is_under_way(mentorship, now):
        return now + timedelta(days=1)  # in a pause nothing is asked, and nothing piles up
    # Not too far ahead: the programme may come to ask more often.
    latest = now + timedelta(weeks=USUAL_PULSE_WEEKS)
    return min([latest, *(at for at in _times(plan, mentorship, weeks).values() if at > now)])
