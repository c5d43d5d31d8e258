"""Feedback on activities, for the rooms above that hold them: these look at who asks, and whether they were there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.credits import store as credit_store
from chalicelib.credits.feedback import model, store
from chalicelib.credits.feedback.model import Asked, Draft, FeedbackSums, Given
from chalicelib.credits.model import Activity, Source
from chalicelib.kernel.call import Call, written
from chalicelib.people import service as people
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Row

ACTIVITY_FEEDBACK_DUE = "activity-feedback-due"
"""The mail to who was at something that is closed now and has not said how it was: `recipient`, and `event_id`, or
`circle_id` and `meeting_id`."""


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


def ask_for_feedback(call: Call, activities: Iterable[Activity], told: Mapping[str, str]) -> None:
    """Write to each who was at one activity and has given no feedback on it; begun again, it writes to nobody twice.

    Parameters
    ----------
    told
        Of the mail, beside its recipient.
    """
    theirs = [one for one in activities if one.attended]
    rows = tables.get_many([store.given_key(one.source, one.person_id) for one in theirs]) if theirs else []
    outbox.put_missing(
        (
            outbox.message(
                f"{ACTIVITY_FEEDBACK_DUE}:{one.source.kind}:{one.source.id}:{one.person_id}", outbox.Topic.MAIL,
                ACTIVITY_FEEDBACK_DUE, {"recipient": one.person_id, **told}, now=call.now,
            )
            for one, row in zip(theirs, rows, strict=True)
            if row is None
        ),
        call.now,
    )  # fmt: skip


given_feedback_key = store.given_key
