"""Feedback on activities in the credits table: what people of one activity said, side by side."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, UnicodeAttribute

from chalicelib.credits.feedback.errors import ActivityFeedbackMoved
from chalicelib.credits.feedback.model import FeedbackTopic, Given
from chalicelib.credits.model import Source
from chalicelib.kernel.clock import from_text, to_text
from chalicelib.platform import tables
from chalicelib.platform.tables import Write

_PERSON = "PERSON#"


class ActivityFeedbackRow(tables.Row):
    """What somebody said of an activity."""

    class Meta:
        capability = "credits"

    answers = JSONAttribute()
    comment = UnicodeAttribute(null=True)
    given_at = UnicodeAttribute()


def given_key(source: Source, person_id: str) -> tuple[type[ActivityFeedbackRow], str, str]:
    """Return the key of somebody's feedback for `tables.get_many`."""
    return ActivityFeedbackRow, _pk(source), f"{_PERSON}{person_id}"


def put_given(given: Given, now: datetime) -> Write:
    """Return the write of feedback, new or over the version that was read."""
    row_class, pk, sk = given_key(given.source, given.person_id)
    row = row_class(
        pk, sk, answers={topic.value: step for topic, step in given.answers.items()}, comment=given.comment or None,
        given_at=to_text(given.given_at),
        **tables.stamps(to_text(now), created_at=to_text(given.given_at), version=given.version),
    )  # fmt: skip
    return tables.put(row, conflict=ActivityFeedbackMoved())


def given_of(row: ActivityFeedbackRow) -> Given:
    kind, _, source_id = row.pk.removeprefix("FEEDBACK#").partition("#")
    return Given(
        Source(kind, source_id), row.sk.removeprefix(_PERSON),
        {FeedbackTopic(name): int(step) for name, step in row.answers.items()}, row.comment or "",
        from_text(row.given_at), int(row.version),
    )  # fmt: skip


def all_given(source: Source) -> tuple[Given, ...]:
    """Return what all said of an activity, strongly consistent."""
    raws: Iterable[dict[str, Any]] = tables.query_all(ActivityFeedbackRow, _pk(source), begins_with=_PERSON)
    return tuple(given_of(ActivityFeedbackRow.parse(raw)) for raw in raws)


def _pk(source: Source) -> str:
    return f"FEEDBACK#{source.kind}#{source.id}"
