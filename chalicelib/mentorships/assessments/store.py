"""Self-assessments in the mentorships table: each in its writer's own partition, and a copy beside the mentorship of
those that the other may read."""

from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, text_of, to_text
from chalicelib.mentorships.assessments.errors import AssessmentMoved
from chalicelib.mentorships.assessments.model import Assessment, Moment, Standing, Topic
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Side


class AssessmentRow(tables.Row):
    """A self-assessment, or what the other reads of it."""

    class Meta:
        capability = "mentorships"

    mentorship_id = UnicodeAttribute()
    writer_id = UnicodeAttribute()
    side = UnicodeAttribute()
    moment = UnicodeAttribute()
    topics = JSONAttribute()
    note = UnicodeAttribute(null=True)
    is_shared = BooleanAttribute()


def own_key(person_id: str, mentorship_id: str, moment: Moment) -> tuple[type[AssessmentRow], str, str]:
    """Return the key of a person's own self-assessment for `tables.get_many`."""
    return AssessmentRow, f"PERSON#{person_id}", f"ASSESSMENT#{mentorship_id}#{moment.value}"


def shared_key(mentorship_id: str, side: Side, moment: Moment) -> tuple[type[AssessmentRow], str, str]:
    """Return the key of what the other reads of one."""
    return AssessmentRow, f"MENTORSHIP#{mentorship_id}", f"ASSESSMENT#{side.value}#{moment.value}"


def put_assessment(assessment: Assessment, now: datetime) -> list[Write]:
    """Return the writes of a self-assessment, new or over the version read, and of what the other reads of it: its
    text, or nothing. Their conflict is `AssessmentMoved`."""
    own, shared = _keys(assessment)
    moved = AssessmentMoved("Read it again, then send your change.")
    copy = (
        tables.put_entry(_row(assessment, shared, now, None))
        if assessment.is_shared
        else tables.delete_entry(*shared)
    )
    return [tables.put(_row(assessment, own, now, assessment.version), conflict=moved), copy]


def delete_assessment(assessment: Assessment, now: datetime) -> list[Write]:
    """Return the writes that take a self-assessment away, at the version read."""
    own, shared = _keys(assessment)
    row = _row(assessment, own, now, assessment.version)
    return [
        tables.delete(row, conflict=AssessmentMoved("Read it again.")),
        tables.delete_entry(*shared),
    ]


def assessment_of(row: AssessmentRow) -> Assessment:
    return Assessment(
        mentorship_id=row.mentorship_id,
        writer_id=row.writer_id,
        side=Side(row.side),
        moment=Moment(row.moment),
        topics=tuple(_topic_of(one) for one in row.topics),
        note=row.note or "",
        is_shared=bool(row.is_shared),
        created_at=from_text(row.created_at),
        updated_at=from_text(row.updated_at),
        version=int(row.version),
    )


def _topic_of(data: dict[str, Any]) -> Topic:
    standing = Standing(data["standing"]) if data["standing"] else None
    return Topic(data["name"], data["confidence"], standing, data["wants_to_grow"])


def _keys(
    one: Assessment,
) -> tuple[tuple[type[AssessmentRow], str, str], tuple[type[AssessmentRow], str, str]]:
    own = own_key(one.writer_id, one.mentorship_id, one.moment)
    return own, shared_key(one.mentorship_id, one.side, one.moment)


def _row(
    one: Assessment, key: tuple[type[AssessmentRow], str, str], now: datetime, version: int | None
) -> AssessmentRow:
    row_class, pk, sk = key
    topics = [
        {**vars(topic), "standing": topic.standing.value if topic.standing is not None else None}
        for topic in one.topics
    ]
    return row_class(
        pk, sk, mentorship_id=one.mentorship_id, writer_id=one.writer_id, side=one.side.value,
        moment=one.moment.value, topics=topics, note=one.note or None, is_shared=one.is_shared,
        **tables.stamps(to_text(now), text_of(one.created_at), version),
    )  # fmt: skip
