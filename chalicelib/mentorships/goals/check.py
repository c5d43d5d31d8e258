"""Which part of "specific and measurable" a goal still lacks.

It looks at the form alone, so that it says the same in every language: which fields are there, whether numbers and days
make sense, and whether there are words enough to say something. It does not judge what the words mean, and nothing is
refused for it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.mentorships.goals.due import is_overdue
from chalicelib.mentorships.goals.model import Goal, Measure, Status

_TITLE = (2, 8)
_CHANGE = (3, 15)
"""Words and letters (or digits) from which a text can name somebody's doing. Arabic and Swahili put subject, tense and
object into the verb, so that two words can be a sentence there; one is a topic in all six languages."""


class Lack(StrEnum):
    TITLE_TOO_SHORT = "title_too_short"
    NOTHING_TO_OBSERVE = "nothing_to_observe"
    NO_MEASURE = "no_measure"
    NO_UNIT = "no_unit"
    NO_BASELINE = "no_baseline"
    NO_TARGET = "no_target"
    TARGET_IS_BASELINE = "target_is_baseline"
    NO_DUE_DATE = "no_due_date"
    DUE_IN_THE_PAST = "due_in_the_past"


@dataclass(frozen=True)
class Finding:
    """One thing that a goal lacks; `pointer` (RFC 6901) says of which field."""

    lack: Lack
    pointer: str


def check(goal: Goal, zone_name: str | None, now: datetime) -> tuple[Finding, ...]:
    """Return what an open goal lacks, specific things first; nothing of one that is reached or dropped.

    Parameters
    ----------
    zone_name
        The owner's time zone, in which the due day ends.
    """
    if goal.status is not Status.OPEN:
        return ()
    found: list[Finding] = []
    if _is_short(goal.title, _TITLE):
        found.append(Finding(Lack.TITLE_TOO_SHORT, "/title"))
    # What repeats the title says nothing that it does not.
    if _is_short(goal.change, _CHANGE) or _signs(goal.change) == _signs(goal.title):
        found.append(Finding(Lack.NOTHING_TO_OBSERVE, "/change"))
    found += _of_measure(goal.measure)
    if goal.due_on is None:
        found.append(Finding(Lack.NO_DUE_DATE, "/due_on"))
    elif is_overdue(goal, zone_name, now):
        found.append(Finding(Lack.DUE_IN_THE_PAST, "/due_on"))
    return tuple(found)


def _of_measure(measure: Measure | None) -> list[Finding]:
    if measure is None:
        return [Finding(Lack.NO_MEASURE, "/measure")]
    found = []
    if not measure.unit:
        found.append(Finding(Lack.NO_UNIT, "/measure/unit"))
    if measure.baseline is None:
        found.append(Finding(Lack.NO_BASELINE, "/measure/baseline"))
    if measure.target is None:
        found.append(Finding(Lack.NO_TARGET, "/measure/target"))
    elif measure.target == measure.baseline:
        found.append(Finding(Lack.TARGET_IS_BASELINE, "/measure/target"))
    return found


def _is_short(text: str, least: tuple[int, int]) -> bool:
    words = [one for one in text.split() if _signs(one)]
    return len(words) < least[0] or len(_signs(text)) < least[1]


def _signs(text: str) -> str:
    """Return the letters and digits of a text alone, in lower case."""
    return "".join(char for char in text.casefold() if char.isalnum())
