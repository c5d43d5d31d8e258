"""In the mentorships table: what the two were asked, beside their mentorship; what each answered, in their own
partition; and what a programme asks."""

from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.errors import StaleVersion
from chalicelib.mentorships.feedback.errors import FeedbackMoved
from chalicelib.mentorships.feedback.model import (
    Answer,
    Item,
    Plan,
    Questionnaire,
    Round,
    RoundKind,
    Scale,
)
from chalicelib.mentorships.wordings import Wording
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Side


class PlanRow(tables.Row):
    """Which rounds a mentorship has had. It tells nothing of answers: both of the two, and the page of a pair, read
    it."""

    class Meta:
        capability = "mentorships"

    pulses = NumberAttribute()
    pulse_at = UnicodeAttribute(null=True)
    start_at = UnicodeAttribute(null=True)
    middle_at = UnicodeAttribute(null=True)
    end_at = UnicodeAttribute(null=True)


class AnswerRow(tables.Row):
    """What one person said in a round, in their own partition."""

    class Meta:
        capability = "mentorships"

    side = UnicodeAttribute()
    items = JSONAttribute()
    values = JSONAttribute()
    words = UnicodeAttribute(null=True)
    is_shared = BooleanAttribute()
    answered_at = UnicodeAttribute()


class QuestionnaireRow(tables.Row):
    """What a programme asks; without one it is the service's own."""

    class Meta:
        capability = "mentorships"

    pulse_weeks = NumberAttribute(null=True)
    pulse = JSONAttribute()
    mentee = JSONAttribute()
    mentor = JSONAttribute()


def plan_key(mentorship_id: str) -> tuple[type[PlanRow], str, str]:
    """Return the key of what the two of a mentorship were asked, for `tables.get_many`."""
    return PlanRow, f"MENTORSHIP#{mentorship_id}", "MENTORSHIP#FEEDBACK"


def parse(raw: dict[str, Any]) -> Plan:
    """Read a plan from an item as DynamoDB returned it."""
    row = PlanRow.parse(raw)
    return plan_of(row.pk.removeprefix("MENTORSHIP#"), row)


def plan_of(mentorship_id: str, row: PlanRow | None) -> Plan:
    if row is None:
        return Plan(mentorship_id)
    return Plan(
        mentorship_id,
        int(row.pulses),
        instant_of(row.pulse_at),
        instant_of(row.start_at),
        instant_of(row.middle_at),
        instant_of(row.end_at),
        created_at=from_text(row.created_at),
        version=int(row.version),
    )


def put_plan(plan: Plan, now: datetime) -> Write:
    """Write a plan: new, or over the version that was read."""
    row_class, pk, sk = plan_key(plan.mentorship_id)
    row = row_class(
        pk, sk, pulses=plan.pulses, pulse_at=text_of(plan.pulse_at), start_at=text_of(plan.start_at),
        middle_at=text_of(plan.middle_at), end_at=text_of(plan.end_at),
        **tables.stamps(to_text(now), text_of(plan.created_at), plan.version),
    )  # fmt: skip
    return tables.put(row, conflict=FeedbackMoved("Look at it again."))


def answer_key(person_id: str, mentorship_id: str, round_: Round) -> tuple[type[AnswerRow], str, str]:
    """Return the key of what a person answered in a round, for `tables.get_many`."""
    sk = f"FEEDBACK#{mentorship_id}#{round_.kind.upper()}#{round_.number:04d}"
    return AnswerRow, f"PERSON#{person_id}", sk


def answer_of(row: AnswerRow) -> Answer:
    _, mentorship_id, kind, number = row.sk.split("#")
    return Answer(
        mentorship_id,
        row.pk.removeprefix("PERSON#"),
        Side(row.side),
        Round(RoundKind(kind.lower()), int(number)),
        items_of(row.items),
        {item: int(value) for item, value in row.values.items()},
        row.words or "",
        bool(row.is_shared),
        from_text(row.answered_at),
        int(row.version),
    )


def put_answer(answer: Answer, now: datetime) -> Write:
    """Write an answer: the first, or over the version that was read."""
    row_class, pk, sk = answer_key(answer.person_id, answer.mentorship_id, answer.round)
    row = row_class(
        pk, sk, side=answer.side.value, items=items_data(answer.items), values=dict(answer.values),
        words=answer.words or None, is_shared=answer.is_shared, answered_at=text_of(answer.answered_at),
        **tables.stamps(to_text(now), text_of(answer.answered_at), answer.version),
    )  # fmt: skip
    return tables.put(row, conflict=FeedbackMoved("Read it again, then send your answer."))


def check_answer(answer: Answer) -> Write:
    """Let a transaction through only while an answer is as it was read."""
    row_class, pk, sk = answer_key(answer.person_id, answer.mentorship_id, answer.round)
    same: Any = row_class.version == answer.version
    return tables.check(row_class, pk, sk, condition=same, conflict=FeedbackMoved("Read it again."))


def check_unanswered(person_id: str, mentorship_id: str, round_: Round) -> Write:
    """Let a transaction through only while a person has not answered in a round."""
    row_class, pk, sk = answer_key(person_id, mentorship_id, round_)
    conflict = FeedbackMoved("Another answer has come in between.")
    return tables.check(row_class, pk, sk, condition=row_class.pk.does_not_exist(), conflict=conflict)


def questionnaire_key(programme_id: str) -> tuple[type[QuestionnaireRow], str, str]:
    """Return the key of what a programme asks, for `tables.get_many`."""
    return QuestionnaireRow, f"PROGRAMME#{programme_id}", "QUESTIONNAIRE"


def questionnaire_of(programme_id: str, row: QuestionnaireRow | None) -> Questionnaire:
    """Read what a programme asks; without a row it is the service's own, version 0."""
    if row is None:
        return Questionnaire(programme_id, version=0)
    return Questionnaire(
        programme_id,
        int(row.pulse_weeks) if row.pulse_weeks is not None else None,
        items_of(row.pulse),
        items_of(row.mentee),
        items_of(row.mentor),
        from_text(row.created_at),
        int(row.version),
    )


def put_questionnaire(asked: Questionnaire, now: datetime) -> Write:
    """Write what a programme asks, over the version that was read: 0 for none yet."""
    row_class, pk, sk = questionnaire_key(asked.programme_id)
    row = row_class(
        pk, sk, pulse_weeks=asked.pulse_weeks, pulse=items_data(asked.pulse), mentee=items_data(asked.mentee),
        mentor=items_data(asked.mentor),
        **tables.stamps(to_text(now), text_of(asked.created_at), asked.version or None),
    )  # fmt: skip
    return tables.put(row, conflict=StaleVersion())


def items_data(items: tuple[Item, ...]) -> list[dict[str, Any]]:
    """Return questions as JSON takes them."""
    return [
        {
            "id": one.id,
            "scale": one.scale.value,
            "texts": [[told.language, told.text] for told in one.texts],
        }
        for one in items
    ]


def items_of(data: list[dict[str, Any]]) -> tuple[Item, ...]:
    return tuple(
        Item(one["id"], Scale(one["scale"]), tuple(Wording(*told) for told in one["texts"])) for one in data
    )
