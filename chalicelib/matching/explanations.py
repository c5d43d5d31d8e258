"""Why a pair was chosen, and why somebody has none: what a run says of people. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chalicelib.matching.changes import Suggestion
from chalicelib.matching.evidence import Evidence
from chalicelib.matching.settings import Criterion
from chalicelib.people.model import Weekday


class Reason(StrEnum):
    """Why somebody had no part in a run, or got no pair. See `docs/matching.md`, "Who is told what"."""

    # Before matching: the person's own affair.
    NOT_ENROLLED = "not_enrolled"
    NOT_ACTIVE = "not_active"
    PROFILE_INCOMPLETE = "profile_incomplete"
    NOT_VERIFIED = "not_verified"
    NO_PLACE_LEFT = "no_place_left"
    # In matching: rules that both profiles' public parts decide.
    NO_OPEN_MENTOR = "no_open_mentor"
    NO_SHARED_LANGUAGE = "no_shared_language"
    NOT_ENOUGH_COMMON_TIME = "not_enough_common_time"
    NO_SHARED_CHANNEL = "no_shared_channel"
    BELOW_MIN_SCORE = "below_min_score"
    # One answer for places given to others and for blocks, declines and wishes of either side, so that nobody
    # can tell which it was.
    NO_MENTOR_LEFT = "no_mentor_left"
    # Of who has a mentor or an open proposal already and a place for another, whatever stood in the way of it.
    NO_FURTHER_MENTOR = "no_further_mentor"


@dataclass(frozen=True)
class Contribution:
    """Points of one criterion, in millionths of the greatest possible score."""

    criterion: Criterion
    points: int


@dataclass(frozen=True)
class SharedLanguage:
    """A language that both can talk in well enough: its base tag and each one's CEFR level.

    Attributes
    ----------
    mentee_by, mentor_by
        Who does not speak it themselves: the language of theirs that it is close to.
    """

    language: str
    mentee_level: str
    mentor_level: str
    mentee_by: str | None = None
    mentor_by: str | None = None


@dataclass(frozen=True)
class LocalSpan:
    """A stretch of the week on somebody's own clock; minutes of the day. Midnight at its end is the next
    day's 0.
    """

    weekday: Weekday
    start: int
    end_weekday: Weekday
    end: int


@dataclass(frozen=True)
class CommonWindow:
    """A stretch that both have free: its instants in the reference week, and how each one's clock shows it."""

    starts_at: datetime
    minutes: int
    mentee: LocalSpan
    mentor: LocalSpan


@dataclass(frozen=True)
class Overlap:
    """Common time: the least of any week of the settings' weeks, and the windows of the first of them."""

    minutes_per_week: int
    windows: tuple[CommonWindow, ...]


@dataclass(frozen=True)
class ProposedPair:
    """One pair that the run chose. `contributions` has every criterion, and its points add up to `score`.

    `evidence` is empty in results from before there was any. `round` counts the mentee's pairs of this run from 1.
    """

    mentee_id: str
    mentor_id: str
    score: int
    contributions: tuple[Contribution, ...]
    shared_languages: tuple[SharedLanguage, ...]
    overlap: Overlap
    evidence: Evidence = field(default_factory=Evidence)
    round: int = 1

    @property
    def spoken_by_both(self) -> tuple[str, ...]:
        """The languages that both speak, without those that are only close to one of theirs."""
        return tuple(
            one.language for one in self.shared_languages if one.mentee_by is None and one.mentor_by is None
        )


@dataclass(frozen=True)
class LeftOutReason:
    """One reason, with the numbers that advice needs; each is None or empty where it says nothing.

    Attributes
    ----------
    fields
        The profile's fields that are missing.
    considered
        Open mentors that the mentee was compared with.
    passing
        How many of them pass this rule; for NO_MENTOR_LEFT and BELOW_MIN_SCORE, how many pass all public
        rules.
    would_open
        How many fail this public rule alone, so that lifting it would open them.
    best_minutes, needed_minutes
        The most common time in the poorest week with any mentor who shares language and channel, and the
        least that is needed.
    """

    code: Reason
    fields: tuple[str, ...] = ()
    considered: int | None = None
    passing: int | None = None
    would_open: int | None = None
    best_minutes: int | None = None
    needed_minutes: int | None = None


@dataclass(frozen=True)
class LeftOut:
    """A person without a pair and why; the most telling reason first.

    Attributes
    ----------
    suggestions
        Where no mentor is open to them: the smallest changes that would open some, whether or not these have a place
        left.
    tonight
        The smallest change that would open a mentor who had a place left after the match, and how many such mentors;
        for coordinators alone, since it follows from who got whom.
    has_one
        Whether they have a mentor or an open proposal from before the run.
    """

    person_id: str
    reasons: tuple[LeftOutReason, ...]
    suggestions: tuple[Suggestion, ...] = ()
    tonight: Suggestion | None = None
    has_one: bool = False
