"""Feedback on activities, for the rooms above that hold them: these look at who asks, and whether they were there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.credits import store as credit_store
from chalicelib.credits.feedback import model, store
from chalicelib.credits.feedback.model import Asked, Draft, FeedbackSums, Given
from chalicelib.credits.model import Source
from chalicelib.kernel.call import Call, written
from chalicelib.people import service as people
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Row


@dataclass(frozen=True)
class SeenFeedback:
    """What is asked of an activity, what the reader gave, and for who runs it what all feedback comes to."""

    asked: Asked
    locale: str
    now: datetime
    mine: Given | None = None
    sums: FeedbackSums | None = None

    @property
    def is_open(self) -> bool:
        """Whether its reader may give it, or correct what they gave."""
        return self.asked.is_open(self.now) and (self.mine is None or self.now < self.mine.correct_until)


def feedback_keys(call: Call, source: Source) -> list[tuple[type[Row], str, str]]:
    """Return the keys of what is read beside the activity itself, whose rows `give_feedback` and `read_feedback`
    take."""
    return [store.given_key(source, call.actor_id), people.person_key(call.actor_id)]


def give_feedback(call: Call, asked: Asked, rows: Sequence[Any], draft: Draft) -> SeenFeedback:
    """Give feedback, or correct one's own. With the first it counts for schemes of credit that ask for feedback, in the
    same transaction.

    Raises
    ------
    ActivityFeedbackNotAsked, ActivityFeedbackStands, ActivityFeedbackMoved, ActivityCommentIdentifies
    """
    before = read_feedback(call, asked, rows)
    model.require_open(asked, before.mine, call.now)
    model.require_nobody_named(draft)
    comment = draft.comment.strip()
    if before.mine is not None:
        given = replace(before.mine, answers=draft.answers, comment=comment)
    else:
        given = Given(asked.source, call.actor_id, draft.answers, comment, call.now)
    writes = [store.put_given(given, call.now)]
    if before.mine is None:
        writes.append(credit_store.put_feedback(call.actor_id, asked.source, call.now))
    return commit(call, writes, replace(before, mine=written(given)))


def read_feedback(call: Call, asked: Asked, rows: Sequence[Any], *, with_sums: bool = False) -> SeenFeedback:
    """Return what is asked and one's own; to who runs the activity what comes of all that can no longer be
    corrected."""
    row, person_row = rows
    mine = store.given_of(row) if row is not None else None
    found = model.sums(model.counted(store.all_given(asked.source), call.now)) if with_sums else None
    return SeenFeedback(asked, people.locale_of(person_row), call.now, mine, found)
