"""Closing conversations in the mentorships table: what each wrote in their own partition, a copy of the answers beside
the mentorship while the other may read them, and apart from that what was sent to the programme.

What the page of a pair shows, that it was held and that something is shared, stands in a mark under
`MENTORSHIP#CLOSING#`, without a word of anything.
"""

from datetime import date, datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, text_of, to_text
from chalicelib.mentorships.closing.errors import ClosingMoved
from chalicelib.mentorships.closing.model import Answer, Held, Mark, Part, Question, Template, Theirs
from chalicelib.mentorships.running import Words
from chalicelib.mentorships.wordings import Wording
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Side

PREFIX = "MENTORSHIP#CLOSING#"


class PartRow(tables.Row):
    """What one person wrote, in their own partition."""

    class Meta:
        capability = "mentorships"

    side = UnicodeAttribute()
    answers = JSONAttribute()
    to_programme = UnicodeAttribute(null=True)
    is_shared = BooleanAttribute()
    is_sent = BooleanAttribute()
    held = JSONAttribute(null=True)


class SharedRow(tables.Row):
    """What the other reads of it."""

    class Meta:
        capability = "mentorships"

    answers = JSONAttribute()


class WordRow(tables.Row):
    """What coordinators read of it; apart from all that the two read."""

    class Meta:
        capability = "mentorships"

    text = UnicodeAttribute()
    by = UnicodeAttribute()


class MarkRow(tables.Row):
    """That a side has shared its answers, and says that the conversation was held."""

    class Meta:
        capability = "mentorships"

    is_shared = BooleanAttribute()
    held = JSONAttribute(null=True)


class TemplateRow(tables.Row):
    """What a programme asks; without one it is the service's own."""

    class Meta:
        capability = "mentorships"

    questions = JSONAttribute()


def part_key(person_id: str, mentorship_id: str) -> tuple[type[PartRow], str, str]:
    """Return the key of what a person wrote for `tables.get_many`."""
    return PartRow, f"PERSON#{person_id}", f"CLOSING#{mentorship_id}"


def shared_key(mentorship_id: str, side: Side) -> tuple[type[SharedRow], str, str]:
    """Return the key of what the other reads of a side's part."""
    return SharedRow, f"MENTORSHIP#{mentorship_id}", f"CLOSING#{side.value}"


def word_key(mentorship_id: str, side: Side) -> tuple[type[WordRow], str, str]:
    """Return the key of what coordinators read of a side's part."""
    return WordRow, f"MENTORSHIP#{mentorship_id}", f"CLOSING-WORD#{side.value}"


def mark_key(mentorship_id: str, side: Side) -> tuple[type[MarkRow], str, str]:
    """Return the key of a side's mark."""
    return MarkRow, f"MENTORSHIP#{mentorship_id}", f"{PREFIX}{side.value}"


def template_key(programme_id: str) -> tuple[type[TemplateRow], str, str]:
    """Return the key of what a programme asks."""
    return TemplateRow, f"PROGRAMME#{programme_id}", "CLOSING-TEMPLATE"


def put_part(part: Part, now: datetime) -> list[Write]:
    """Return the writes of what somebody wrote, new or over the version read, and of what others read of it; their
    conflict is `ClosingMoved`."""
    row_class, pk, sk = part_key(part.person_id, part.mentorship_id)
    answers, held = _answers_data(part.answers), _held_data(part.held)
    row = row_class(
        pk, sk, side=part.side.value, answers=answers, to_programme=part.to_programme or None,
        is_shared=part.is_shared, is_sent=part.is_sent, held=held,
        **tables.stamps(to_text(now), text_of(part.created_at), part.version),
    )  # fmt: skip
    stamps = tables.stamps(to_text(now))
    mark_class, mark_pk, mark_sk = mark_key(part.mentorship_id, part.side)
    return [
        tables.put(row, conflict=ClosingMoved("Read it again, then send your change.")),
        tables.put_entry(mark_class(mark_pk, mark_sk, is_shared=part.is_shared, held=held, **stamps)),
        _beside(shared_key(part.mentorship_id, part.side), part.is_shared, {"answers": answers, **stamps}),
        _beside(
            word_key(part.mentorship_id, part.side), part.is_sent and bool(part.to_programme),
            {"text": part.to_programme, "by": part.person_id, **stamps},
        ),
    ]  # fmt: skip


def part_of(row: PartRow) -> Part:
    return Part(
        mentorship_id=row.sk.partition("#")[2],
        person_id=row.pk.removeprefix("PERSON#"),
        side=Side(row.side),
        answers=_answers_of(row.answers),
        to_programme=row.to_programme or "",
        is_shared=bool(row.is_shared),
        is_sent=bool(row.is_sent),
        held=_held_of(row.held),
        created_at=from_text(row.created_at),
        updated_at=from_text(row.updated_at),
        version=int(row.version),
    )


def theirs_of(row: SharedRow) -> Theirs:
    return Theirs(Side(row.sk.removeprefix("CLOSING#")), _answers_of(row.answers), from_text(row.updated_at))


def word_of(row: WordRow) -> Words:
    return Words(row.text, row.by, from_text(row.updated_at))


def parse(raw: dict[str, Any]) -> Mark:
    """Read a mark from an item as DynamoDB returned it."""
    return mark_of(MarkRow.parse(raw))


def mark_of(row: MarkRow) -> Mark:
    return Mark(Side(row.sk.removeprefix(PREFIX)), bool(row.is_shared), _held_of(row.held))


def template_of(programme_id: str, row: TemplateRow | None) -> Template:
    """Read what a programme asks; without a row it is the service's own."""
    if row is None:
        return Template(programme_id)
    questions = tuple(_question_of(one) for one in row.questions)
    return Template(programme_id, questions, int(row.version), from_text(row.created_at))


def put_template(template: Template, now: datetime) -> Write:
    """Write what a programme asks over the version that was read."""
    row_class, pk, sk = template_key(template.programme_id)
    stamps = tables.stamps(to_text(now), text_of(template.created_at), template.version or None)
    return tables.put(
        row_class(pk, sk, questions=[_question_data(one) for one in template.questions], **stamps)
    )


def _beside(key: tuple[type[tables.Row], str, str], is_there: bool, values: dict[str, Any]) -> Write:
    row_class, pk, sk = key
    return tables.put_entry(row_class(pk, sk, **values)) if is_there else tables.delete_entry(*key)


def _question_data(question: Question) -> dict[str, Any]:
    return {"id": question.id, "texts": [[one.language, one.text] for one in question.texts]}


def _question_of(data: dict[str, Any]) -> Question:
    return Question(data["id"], tuple(Wording(*one) for one in data["texts"]))


def _answers_data(answers: tuple[Answer, ...]) -> list[dict[str, Any]]:
    return [{**_question_data(one.question), "text": one.text} for one in answers]


def _answers_of(data: list[dict[str, Any]]) -> tuple[Answer, ...]:
    return tuple(Answer(_question_of(one), one["text"]) for one in data)


def _held_data(held: Held | None) -> dict[str, Any] | None:
    return {"on": held.on.isoformat(), "session_id": held.session_id} if held is not None else None


def _held_of(data: dict[str, Any] | None) -> Held | None:
    return Held(date.fromisoformat(data["on"]), data["session_id"]) if data is not None else None
