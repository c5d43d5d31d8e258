"""Self-assessments: topics with how confident one is in each, and how that grows from start to end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.kernel.errors import Invalid
from chalicelib.mentorships.assessments.errors import AssessmentSettled
from chalicelib.mentorships.goals.model import Measure
from chalicelib.mentorships.reflections.model import ENDING, FINAL_TIME, OPEN, over_at
from chalicelib.mentorships.running import Mentorship, MentorshipStatus
from chalicelib.people.model import normalised_tag
from chalicelib.programmes.model import Role, Side

LEAST, MOST = 1, 5
"""The scale of confidence: 1, I watch others do it; 2, I do it with somebody beside me; 3, I do it with somebody at
hand; 4, I do it alone; 5, I teach it. These are the levels of entrustment and supervision that health professions use
of trainees (ten Cate, Nuts and bolts of entrustable professional activities, Journal of Graduate Medical Education 5
(2013), 157-158, doi:10.4300/JGME-D-12-00380.1), said of oneself."""
MAX_TOPICS = 30
_STEP = 2
"""By how many levels the draft of a goal aims higher: one is the noise of a good day, three a matter of years."""


class Moment(StrEnum):
    START = "start"
    MIDDLE = "middle"
    END = "end"


MOMENTS = tuple(Moment)


class Standing(StrEnum):
    """What a topic is to who assesses themselves."""

    STRENGTH = "strength"
    GAP = "gap"


@dataclass(frozen=True)
class Topic:
    """One topic, from `LEAST` to `MOST`; `standing` is None for what is neither strength nor gap."""

    name: str
    confidence: int
    standing: Standing | None = None
    wants_to_grow: bool = False


@dataclass(frozen=True)
class Wanted:
    """A self-assessment as its writer wants it."""

    topics: tuple[Topic, ...]
    note: str = ""
    is_shared: bool = False


@dataclass(frozen=True)
class Assessment:
    """What somebody said of themselves at a moment of a mentorship, private unless `is_shared` with the other."""

    mentorship_id: str
    writer_id: str
    side: Side
    moment: Moment
    topics: tuple[Topic, ...]
    note: str = ""
    is_shared: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None
    version: int | None = None


@dataclass(frozen=True)
class Growth:
    """A topic at each moment at which it was named; `change` is from the first of them to the last, None for one."""

    topic: str
    confidence: Mapping[Moment, int]
    change: int | None


def is_assessed(mentorship: Mentorship, side: Side) -> bool:
    """Tell whether the person on a side assesses themselves in a mentorship: the mentee, and both of two peers."""
    return mentorship.kind.role_of(side) is not Role.MENTOR


def checked(wanted: Wanted) -> Wanted:
    """Return what is wanted if there is a topic in it, and none twice; raises `Invalid`."""
    if not wanted.topics:
        raise Invalid.field("/topics", "Name at least one topic.")
    seen: set[str] = set()
    for place, one in enumerate(wanted.topics):
        name = normalised_tag(one.name)
        if name in seen:
            raise Invalid.field(f"/topics/{place}/topic", "This topic is there already.")
        seen.add(name)
    return wanted


def require_time(
    mentorship: Mentorship, moment: Moment, written: Mapping[Moment, Assessment], now: datetime
) -> tuple[str, ...]:
    """Let a self-assessment be written, or newly shown to the other, and return the states that the mentorship may be
    in meanwhile.

    Raises
    ------
    AssessmentSettled
        If a later one is there, or the mentorship is over; the one at the end has as long as final reflections have.
    """
    later = [one for one in MOMENTS[MOMENTS.index(moment) + 1 :] if one in written]
    if later:
        raise AssessmentSettled(f"That of the {later[0]} is compared with it.")
    status = mentorship.status_at(now)
    if moment is not Moment.END or status not in (MentorshipStatus.CLOSING, MentorshipStatus.CLOSED):
        if status is MentorshipStatus.CLOSED:
            raise AssessmentSettled("The mentorship is over.")
        return OPEN
    ended = over_at(mentorship)
    if status is MentorshipStatus.CLOSED and ended is not None and now >= ended + FINAL_TIME:
        raise AssessmentSettled(f"It could be written for {FINAL_TIME.days} days after the mentorship's end.")
    return ENDING


def growth_of(written: Mapping[Moment, Assessment]) -> tuple[Growth, ...]:
    """Return every topic that was named, side by side for the moments, in the order of the last that named it."""
    names: dict[str, str] = {}
    values: dict[str, dict[Moment, int]] = {}
    for moment in reversed(MOMENTS):
        for one in written[moment].topics if moment in written else ():
            key = normalised_tag(one.name)
            names.setdefault(key, one.name)
            values.setdefault(key, {})[moment] = one.confidence
    found = []
    for key, name in names.items():
        told = {moment: values[key][moment] for moment in MOMENTS if moment in values[key]}
        levels = list(told.values())
        found.append(Growth(name, told, levels[-1] - levels[0] if len(levels) > 1 else None))
    return tuple(found)


def gaps_of(written: Mapping[Moment, Assessment]) -> tuple[Topic, ...]:
    """Return the topics of the latest self-assessment that may become a goal: gaps, and what is to grow."""
    latest = next((written[moment] for moment in reversed(MOMENTS) if moment in written), None)
    return tuple(
        one
        for one in (latest.topics if latest is not None else ())
        if one.confidence < MOST and (one.standing is Standing.GAP or one.wants_to_grow)
    )


def measure_of(topic: Topic, what: str, unit: str) -> Measure:
    """Return by what the draft of a goal measures a topic: today's level, and one to come to."""
    return Measure(what, unit, topic.confidence, min(MOST, topic.confidence + _STEP))
