"""Reflections in the mentorships table: each in its writer's own partition, and a copy beside the mentorship of those
that the other may read.

That somebody has written their final one stands beside the mentorship, too, without a word of it: it counts for a
certificate whether it is shared or not.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, text_of, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.reflections.errors import (
    FinalReflectionWritten,
    ReflectionMoved,
    TooManyReflections,
)
from chalicelib.mentorships.reflections.model import MAX_KEPT, Parts, Reflection
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Side


class ReflectionRow(tables.Row):
    """A reflection, or what the other reads of it."""

    class Meta:
        capability = "mentorships"

    writer_id = UnicodeAttribute()
    side = UnicodeAttribute()
    parts = JSONAttribute()
    goal_ids = JSONAttribute()
    session_id = UnicodeAttribute(null=True)
    is_shared = BooleanAttribute()
    is_final = BooleanAttribute()


class FinalRow(tables.Row):
    """That somebody has written their final reflection, and which it is."""

    class Meta:
        capability = "mentorships"

    reflection_id = UnicodeAttribute()


class KeptRow(tables.Row):
    """How many reflections of a mentorship a person has."""

    class Meta:
        capability = "mentorships"

    kept = NumberAttribute()


def own_key(person_id: str, mentorship_id: str, reflection_id: str) -> tuple[type[ReflectionRow], str, str]:
    """Return the key of a person's own reflection for `tables.get_many`."""
    return ReflectionRow, f"PERSON#{person_id}", f"REFLECTION#{mentorship_id}#{reflection_id}"


def shared_key(mentorship_id: str, side: Side, reflection_id: str) -> tuple[type[ReflectionRow], str, str]:
    """Return the key of what the other reads of a reflection."""
    return ReflectionRow, f"MENTORSHIP#{mentorship_id}", f"REFLECTION#{side.value}#{reflection_id}"


def final_key(mentorship_id: str, side: Side) -> tuple[type[FinalRow], str, str]:
    """Return the key of whether a side has written their final reflection."""
    return FinalRow, f"MENTORSHIP#{mentorship_id}", f"FINAL-REFLECTION#{side.value}"


def has_final(mentorship_id: str, side: Side) -> bool:
    return tables.get(*final_key(mentorship_id, side)) is not None


def own_reflections(person_id: str, mentorship_id: str, page: PageRequest) -> Page[Reflection]:
    """Return a person's own reflections of a mentorship, the latest first."""
    prefix = f"REFLECTION#{mentorship_id}#"
    return tables.page_of(
        ReflectionRow, f"PERSON#{person_id}", page, reflection_of, begins_with=prefix, descending=True
    )


def all_own_reflections(person_id: str, mentorship_id: str) -> Iterator[Reflection]:
    """Yield a person's own reflections of a mentorship in the order in which they were written."""
    prefix = f"REFLECTION#{mentorship_id}#"
    for raw in tables.query_all(ReflectionRow, f"PERSON#{person_id}", begins_with=prefix):
        yield reflection_of(ReflectionRow.parse(raw))


def shared_reflections(mentorship_id: str, side: Side, page: PageRequest) -> Page[Reflection]:
    """Return what the person on a side shares with the other, the latest first."""
    prefix = f"REFLECTION#{side.value}#"
    return tables.page_of(
        ReflectionRow, f"MENTORSHIP#{mentorship_id}", page, reflection_of, begins_with=prefix, descending=True
    )


def all_shared(mentorship_id: str, side: Side) -> Iterator[Reflection]:
    """Yield what the person on a side shares with the other in the order in which it was written."""
    prefix = f"REFLECTION#{side.value}#"
    for raw in tables.query_all(ReflectionRow, f"MENTORSHIP#{mentorship_id}", begins_with=prefix):
        yield reflection_of(ReflectionRow.parse(raw))


def put_reflection(reflection: Reflection, now: datetime) -> list[Write]:
    """Return the writes of a reflection, new or over the version read, and of what the other reads of it: its text, or
    nothing. Their conflict is `ReflectionMoved`."""
    keys = _keys(reflection)
    own = _row(reflection, *keys[0], now, reflection.version)
    moved = ReflectionMoved("Read it again, then send your change.")
    shared = (
        tables.put_entry(_row(reflection, *keys[1], now, None))
        if reflection.is_shared
        else tables.delete_entry(*keys[1])
    )
    return [tables.put(own, conflict=moved), shared]


def delete_reflection(reflection: Reflection, now: datetime) -> list[Write]:
    """Return the writes that take a reflection away, at the version read, with all that tells of it."""
    keys = _keys(reflection)
    row = _row(reflection, *keys[0], now, reflection.version)
    writes = [
        tables.delete(row, conflict=ReflectionMoved("Read it again.")),
        tables.delete_entry(*keys[1]),
        tables.add(*_kept_key(reflection), {"kept": -1}, to_text(now)),
    ]
    if reflection.is_final:
        writes.append(tables.delete_entry(*final_key(reflection.mentorship_id, reflection.side)))
    return writes


def count_new(reflection: Reflection, now: datetime) -> Write:
    """Count one reflection more, if there is room for it; its conflict is `TooManyReflections`."""
    room: Any = KeptRow.pk.does_not_exist() | (KeptRow.kept < MAX_KEPT)
    first = KeptRow.created_at.set(KeptRow.created_at | to_text(now))
    return tables.update(
        *_kept_key(reflection), [first, KeptRow.kept.add(1)], condition=room, now=to_text(now),
        conflict=TooManyReflections(f"{MAX_KEPT} of a mentorship are kept. Delete one that you no longer need."),
    )  # fmt: skip


def put_final(reflection: Reflection, now: datetime) -> Write:
    """Note that a side has written their final reflection; its conflict is `FinalReflectionWritten`."""
    row_class, pk, sk = final_key(reflection.mentorship_id, reflection.side)
    row = row_class(pk, sk, reflection_id=reflection.id, **tables.stamps(to_text(now)))
    return tables.put(row, conflict=FinalReflectionWritten())


def reflection_of(row: ReflectionRow) -> Reflection:
    return Reflection(
        id=row.sk.rpartition("#")[2],
        mentorship_id=row.sk.split("#")[1] if row.pk.startswith("PERSON#") else row.pk.partition("#")[2],
        writer_id=row.writer_id,
        side=Side(row.side),
        parts=Parts(**row.parts),
        goal_ids=tuple(row.goal_ids),
        session_id=row.session_id,
        is_shared=bool(row.is_shared),
        is_final=bool(row.is_final),
        created_at=from_text(row.created_at),
        updated_at=from_text(row.updated_at),
        version=int(row.version),
    )


def _keys(
    one: Reflection,
) -> tuple[tuple[type[ReflectionRow], str, str], tuple[type[ReflectionRow], str, str]]:
    own = own_key(one.writer_id, one.mentorship_id, one.id)
    return own, shared_key(one.mentorship_id, one.side, one.id)


def _kept_key(reflection: Reflection) -> tuple[type[KeptRow], str, str]:
    return KeptRow, f"PERSON#{reflection.writer_id}", f"REFLECTIONS#{reflection.mentorship_id}"


def _row(
    one: Reflection, row_class: type[ReflectionRow], pk: str, sk: str, now: datetime, version: int | None
) -> ReflectionRow:
    parts = {name: text for name, text in vars(one.parts).items() if text}
    return row_class(
        pk, sk, writer_id=one.writer_id, side=one.side.value, parts=parts, goal_ids=list(one.goal_ids),
        session_id=one.session_id, is_shared=one.is_shared, is_final=one.is_final,
        **tables.stamps(to_text(now), text_of(one.created_at), version),
    )  # fmt: skip
