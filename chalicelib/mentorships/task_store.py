"""In the mentorships table: coordinators' tasks, and what they have not been told yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.errors import TaskIsDone
from chalicelib.mentorships.tasks import Task, TaskEnd, TaskReason, TaskStatus
from chalicelib.platform import tables
from chalicelib.platform.tables import Write

_UNTOLD = "UNTOLD"
KEEP_TOLD = timedelta(days=90)
"""As long as the outbox keeps a message: nothing is delivered again after that."""


class TaskRow(tables.IndexedRow):
    """A task; gsi1 has those of a programme that are open, and those that are done, by when they came to be so."""

    class Meta:
        capability = "mentorships"

    mentorship_id = UnicodeAttribute(null=True)
    mentor_id = UnicodeAttribute(null=True)
    mentee_id = UnicodeAttribute(null=True)
    circle_id = UnicodeAttribute(null=True)
    reason = UnicodeAttribute()
    raised_at = UnicodeAttribute()
    due_at = UnicodeAttribute()
    status = UnicodeAttribute()
    end = UnicodeAttribute(null=True)
    done_at = UnicodeAttribute(null=True)


class Untold(StrEnum):
    """What coordinators are told of together, once a day: a mentor of theirs whose credential has expired or is looked
    at again, a mentorship that has paused, one that they may have go on."""

    MENTOR = "mentor"
    PAUSED = "paused"
    READY = "ready"


@dataclass(frozen=True)
class Mark:
    """One thing that the coordinators of a programme are told once.

    Attributes
    ----------
    about
        The person's id, or the mentorship's.
    since
        The instant of what it tells of: another one is another thing to tell.
    """

    programme_id: str
    what: Untold
    about: str
    since: datetime


class MarkRow(tables.IndexedRow):
    """gsi1 has those that are untold. Once told it stays for a while, so that a repeat finds it, and leaves by TTL."""

    class Meta:
        capability = "mentorships"

    expires_at_epoch = NumberAttribute(null=True)


class ToldBefore(Conflict):
    """It is noted already, or another turn has told it."""

    code = "told-before"


def put_task(task: Task, now: datetime) -> Write:
    """Write a task as it is, over whatever stood there: its mentorship's own write has the condition."""
    return tables.put_entry(_row(task, now))


def _row(task: Task, now: datetime) -> TaskRow:
    at = task.done_at or task.raised_at
    return TaskRow(
        _tasks(task.programme_id), task.id, mentorship_id=task.mentorship_id, mentor_id=task.mentor_id,
        mentee_id=task.mentee_id, circle_id=task.circle_id, reason=task.reason.value, raised_at=to_text(task.raised_at),
        due_at=to_text(task.due_at), status=task.status.value, end=task.end.value if task.end else None,
        done_at=text_of(task.done_at),
        gsi1pk=_listed(task.programme_id, task.status), gsi1sk=f"{to_text(at)}#{task.id}",
        **tables.stamps(to_text(now)),
    )  # fmt: skip


def task_key(programme_id: str, task_id: str) -> tuple[type[TaskRow], str, str]:
    """Return the key of a task for `tables.get_many`."""
    return TaskRow, _tasks(programme_id), task_id


def done_now(task: Task, now: datetime) -> Write:
    """Write a task that is done, unless it was done before: then it fails with `TaskIsDone`."""
    was_open: Any = TaskRow.status == TaskStatus.OPEN.value
    conflict = TaskIsDone("Somebody has seen to it.")
    return tables.put_where(_row(task, now), condition=was_open, conflict=conflict)


def audit(programme_id: str, **what: Any) -> Write:
    """Return the write of an audit row of a programme's tasks; see `tables.audit`."""
    return tables.audit("mentorships", _tasks(programme_id), **what)


def tasks_in(programme_id: str, status: TaskStatus, page: PageRequest, reader_id: str) -> Page[Task]:
    """Return a programme's tasks, but for those of the reader's own mentorships: the open ones longest open first,
    those done the latest first."""
    return tables.page_of(
        TaskRow, _listed(programme_id, status), page, task_of, index="gsi1",
        shows=lambda row: reader_id not in (row.mentor_id, row.mentee_id),
        descending=status is TaskStatus.DONE,
    )  # fmt: skip


def open_reasons(programme_id: str, reader_id: str) -> Iterator[TaskReason]:
    """Yield of each open task of a programme why there is one, but for those of the reader's own mentorships: one
    query, a round trip a megabyte."""
    for raw in tables.query_all(TaskRow, _listed(programme_id, TaskStatus.OPEN), index="gsi1"):
        if {"S": reader_id} not in (raw.get("mentor_id"), raw.get("mentee_id")):
            yield TaskReason(raw["reason"]["S"])


def task_of(row: TaskRow) -> Task:
    return Task(
        id=row.sk,
        programme_id=row.pk.removeprefix("TASKS#"),
        mentorship_id=row.mentorship_id,
        mentor_id=row.mentor_id,
        mentee_id=row.mentee_id,
        reason=TaskReason(row.reason),
        raised_at=from_text(row.raised_at),
        due_at=from_text(row.due_at),
        status=TaskStatus(row.status),
        end=TaskEnd(row.end) if row.end else None,
        done_at=instant_of(row.done_at),
        circle_id=row.circle_id,
    )


def mark(one: Mark, now: datetime) -> Write:
    """Note that something is to be told; what else is in the transaction has the condition."""
    return tables.put_entry(_untold(one, now))


def mark_once(one: Mark, now: datetime) -> Write:
    """Note that something is to be told, unless it was noted before: then it fails with `ToldBefore`."""
    conflict = ToldBefore("This is noted, or told.")
    return tables.put_where(_untold(one, now), condition=MarkRow.pk.does_not_exist(), conflict=conflict)


def told(one: Mark, now: datetime) -> Write:
    """Return the write of a mark that the same transaction tells; it fails with `ToldBefore` if another one has."""
    row = MarkRow
    leaves = int((now + KEEP_TOLD).timestamp())
    return tables.update(
        row, *_mark(one), [row.gsi1pk.remove(), row.gsi1sk.remove(), row.expires_at_epoch.set(leaves)],
        condition=row.gsi1pk.exists(), now=to_text(now), conflict=ToldBefore("Another turn has told this."),
    )  # fmt: skip


def untold() -> Iterator[Mark]:
    """Yield all that coordinators have not been told, a programme's one after another: by key, never by scan.

    The index may lag behind; what it does not show yet is told the next time.
    """
    for raw in tables.query_shards(MarkRow, _UNTOLD):
        programme_id, what, about, since = raw["gsi1sk"]["S"].split("#")
        yield Mark(programme_id, Untold(what), about, from_text(since))


def _untold(one: Mark, now: datetime) -> MarkRow:
    shard = tables.due_shard(_UNTOLD, one.programme_id)
    return MarkRow(*_mark(one), gsi1pk=shard, gsi1sk=_named(one), **tables.stamps(to_text(now)))


def _mark(one: Mark) -> tuple[str, str]:
    return f"MARK#{_named(one)}", "MARK"


def _named(one: Mark) -> str:
    return "#".join((one.programme_id, one.what.value, one.about, to_text(one.since)))


def _tasks(programme_id: str) -> str:
    return f"TASKS#{programme_id}"


def _listed(programme_id: str, status: TaskStatus) -> str:
    return f"TASKS#{programme_id}#{status.value}"
