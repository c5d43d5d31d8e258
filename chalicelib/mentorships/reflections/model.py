"""Reflections: what they are made of, when each may be written, and when one may be shown to the other."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.kernel.errors import Invalid
from chalicelib.mentorships.reflections.errors import NotTimeToReflect
from chalicelib.mentorships.running import Mentorship, MentorshipStatus
from chalicelib.programmes.model import Side

MAX_KEPT = 200
"""Reflections of one person in one mentorship: one a week for nearly four years; our judgement."""
MAX_GOALS = 5
"""Goals that one reflection is tied to: what is about more of them is about none in particular."""

FINAL_TIME = timedelta(days=60)
"""For how long after its end a final reflection of a mentorship may be written, shared and changed while shared. Two
months hold a leave and some weeks of night shifts; later, what one remembers is another story. Our judgement."""

OPEN = ("forming", "active", "paused", "closing")
"""The states in which what is not final is written: a pause is a time to think as well."""
ENDING = ("closing", "closed")
"""The states in which a final one is written."""


class Whose(StrEnum):
    """Whose reflections: one's own, or those that the other shares."""

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True)
class Parts:
    """What is written, in four parts. The order is that of Rolfe's three questions (what, so what, now what: Rolfe,
    Freshwater, Jasper, Critical Reflection for Nursing and the Helping Professions, 2001), and a fourth one that a
    pair across borders needs.

    Attributes
    ----------
    happened
        What happened.
    learned
        What the writer learned from it.
    will_change
        What they will change where they work.
    adapted
        How they adapted it to that place.
    """

    happened: str = ""
    learned: str = ""
    will_change: str = ""
    adapted: str = ""


@dataclass(frozen=True)
class Wanted:
    """A reflection as its writer wants it."""

    parts: Parts
    goal_ids: tuple[str, ...] = ()
    session_id: str | None = None
    is_shared: bool = False


@dataclass(frozen=True)
class Reflection:
    """A reflection of one person in one mentorship.

    Attributes
    ----------
    side
        On which side of the mentorship its writer stands.
    is_shared
        Whether the other of the two may read it.
    is_final
        Whether it looks back on the whole of the mentorship; there is one of each person.
    """

    id: str
    mentorship_id: str
    writer_id: str
    side: Side
    parts: Parts
    goal_ids: tuple[str, ...] = ()
    session_id: str | None = None
    is_shared: bool = False
    is_final: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None
    version: int | None = None


def require_whole(parts: Parts, *, is_final: bool) -> None:
    """Refuse a reflection that says nothing, and a final one without what was learned and what will change.

    Raises
    ------
    Invalid
    """
    if is_final:
        for name, text in (("learned", parts.learned), ("will_change", parts.will_change)):
            if not text:
                raise Invalid.field(f"/{name}", "A final reflection says this; a sentence is enough.")
    if not any((parts.happened, parts.learned, parts.will_change, parts.adapted)):
        raise Invalid.field("/happened", "Write at least one of the four parts.")


def require_time(mentorship: Mentorship, now: datetime, *, is_final: bool) -> tuple[str, ...]:
    """Let a reflection be written, or shown to the other, and return the states that the row may be in meanwhile.

    Raises
    ------
    NotTimeToReflect
    """
    is_closed = mentorship.status_at(now) is MentorshipStatus.CLOSED
    if not is_final:
        if is_closed:
            raise NotTimeToReflect(
                "The mentorship is over. What you wrote stays yours; a final reflection looks back on all of it."
            )
        return OPEN
    if not is_closed and mentorship.status_at(now) is not MentorshipStatus.CLOSING:
        raise NotTimeToReflect("A final reflection is written once the mentorship is closing or closed.")
    ended = over_at(mentorship)
    if is_closed and ended is not None and now >= ended + FINAL_TIME:
        raise NotTimeToReflect(f"It could be written for {FINAL_TIME.days} days after the mentorship's end.")
    return ENDING


def over_at(mentorship: Mentorship) -> datetime | None:
    """Return when a mentorship that has ended is, or will be, over."""
    ending = mentorship.ending
    return (ending.closed_at or ending.until) if ending is not None else None
