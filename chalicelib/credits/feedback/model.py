"""Feedback on an activity that is over: what is asked, for how long it may be given and corrected, and its sums.

The topics are of the Good CME Practice Group's core principles: satisfaction, knowledge uptake and the intent to keep
or change what one does, to be assessed after an activity, and fair balance; as https://doi.org/10.1007/s00259-013-2590-9
quotes them, read 2026-11-23. UEMS 2023.07, which asks for a form, we could not read: the sentences and the scale are
ours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.credits.feedback.errors import (
    ActivityCommentIdentifies,
    ActivityFeedbackNotAsked,
    ActivityFeedbackStands,
)
from chalicelib.credits.model import Source
from chalicelib.kernel.identifying import to_take_out, traces_of
from chalicelib.measures import disclosure

LOWEST, HIGHEST = 1, 5
"""From "not at all" to "completely", as surveys of mentorships have it."""
LONGEST_COMMENT = 1000
"""Signs. Ours."""
OPEN_FOR = timedelta(days=28)
"""For how long feedback may be given: as surveys of mentorships are open. Ours."""
CORRECT_FOR = timedelta(days=7)
"""For how long one's own may be corrected: as answers in mentorships may be. Ours."""
COUNTED_AFTER = CORRECT_FOR + timedelta(minutes=1)
"""How long after it was given it counts: a correction that was sent in time is written by then."""


class FeedbackTopic(StrEnum):
    """What a question is about."""

    SATISFACTION = "satisfaction"
    LEARNING = "learning"
    PRACTICE = "practice"
    BALANCE = "balance"


@dataclass(frozen=True)
class Asked:
    """An activity as whoever asks stands to it.

    Attributes
    ----------
    since
        When it was over; None before.
    until
        When feedback is taken no more; None before that is known.
    was_there
        Whether they took part: who did not is asked nothing.
    """

    source: Source
    since: datetime | None
    until: datetime | None
    was_there: bool

    def is_open(self, now: datetime) -> bool:
        return self.was_there and self.since is not None and (self.until is None or now < self.until)


@dataclass(frozen=True)
class Draft:
    """What somebody sends: a step of the scale on each topic, and what they would like to say beside."""

    answers: Mapping[FeedbackTopic, int]
    comment: str = ""


@dataclass(frozen=True)
class Given:
    """What somebody gave; `given_at` is when they did first, and stays when they correct it."""

    source: Source
    person_id: str
    answers: Mapping[FeedbackTopic, int]
    comment: str
    given_at: datetime
    version: int | None = None

    @property
    def correct_until(self) -> datetime:
        return self.given_at + CORRECT_FOR


@dataclass(frozen=True)
class TopicSum:
    """What people answered on one topic; `steps` counts them by the step that they gave, from the lowest."""

    mean: float
    steps: tuple[int, ...]


@dataclass(frozen=True)
class FeedbackSums:
    """What the feedback of five people or more comes to, and their comments by the alphabet: by that nobody sees who
    wrote first."""

    people: int
    topics: Mapping[FeedbackTopic, TopicSum]
    comments: tuple[str, ...]


def require_open(asked: Asked, mine: Given | None, now: datetime) -> None:
    """Let pass who may give feedback, or correct theirs.

    Raises
    ------
    ActivityFeedbackNotAsked, ActivityFeedbackStands
    """
    if asked.since is None:
        raise ActivityFeedbackNotAsked("It is not over. Send your feedback afterwards.")
    if not asked.was_there:
        raise ActivityFeedbackNotAsked("Feedback is asked of who was there.")
    if not asked.is_open(now):
        raise ActivityFeedbackNotAsked(f"The {OPEN_FOR.days} days in which feedback is taken are over.")
    if mine is not None and now >= mine.correct_until:
        raise ActivityFeedbackStands(f"It was given more than {CORRECT_FOR.days} days ago, and counts.")


def require_nobody_named(draft: Draft) -> None:
    """Let pass a comment in which nothing surely identifies somebody; raises `ActivityCommentIdentifies`."""
    found = to_take_out(traces_of([("/comment", draft.comment)]))
    if found:
        raise ActivityCommentIdentifies("Take out what is pointed at, then send it.", found)


def counted(given: Iterable[Given], now: datetime) -> tuple[Given, ...]:
    """Return whose feedback counts: of what can no longer be corrected whole fives, in the order in which it was given.

    What counted once counts unchanged ever after, and by the next five more: so the difference of two readings is of
    five people at least, or of nobody.
    """
    fixed = sorted(
        (one for one in given if now >= one.given_at + COUNTED_AFTER),
        key=lambda one: (one.given_at, one.person_id),
    )
    return disclosure.whole_groups(fixed)


def sums(found: Sequence[Given]) -> FeedbackSums | None:
    """Return what feedback comes to; None of fewer than five people."""
    if len(found) < disclosure.FEWEST:
        return None
    comments = sorted((one.comment for one in found if one.comment), key=lambda one: (one.casefold(), one))
    return FeedbackSums(
        len(found), {topic: _topic_sum(topic, found) for topic in FeedbackTopic}, tuple(comments)
    )


def _topic_sum(topic: FeedbackTopic, found: Sequence[Given]) -> TopicSum:
    answers = [one.answers[topic] for one in found]
    steps = tuple(answers.count(step) for step in range(LOWEST, HIGHEST + 1))
    return TopicSum(round(sum(answers) / len(answers), 2), steps)
