"""What coordinators read of the tasks in their programmes, and which they say to be done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships import task_store
from chalicelib.mentorships.errors import TaskFollows, TaskIsDone
from chalicelib.mentorships.tasks import BY_HAND, Task, TaskEnd, TaskStatus, circle_task
from chalicelib.people import service as people
from chalicelib.people.model import Person
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes


@dataclass(frozen=True)
class SeenTask:
    """A task with the people whom it is about, as far as they still are."""

    task: Task
    mentor: Person | None
    mentee: Person | None


def programme_tasks(call: Call, programme_id: str, status: TaskStatus, page: PageRequest) -> Page[SeenTask]:
    """Return a programme's tasks (its coordinators): the open ones longest open first, those done the latest first.

    Those of the actor's own mentorships are left out: that there is one, and since when, would tell what the other has
    said in confidence.
    """
    programmes.require_coordinator(call, programme_id)
    found = task_store.tasks_in(programme_id, status, page, call.actor_id)
    return Page(tuple(_seen(found.items)), found.next)


def finish(call: Call, programme_id: str, task_id: str) -> SeenTask:
    """Say that a task has been seen to (the programme's coordinators): one that does not follow from a mentorship.

    Raises
    ------
    NotFound
        Also for a task of the actor's own mentorship.
    TaskIsDone, TaskFollows
    """
    _, (row,) = programmes.coordinated(call, programme_id, task_store.task_key(programme_id, task_id))
    if row is None:
        raise NotFound
    task = task_store.task_of(row)
    if call.actor_id in (task.mentor_id, task.mentee_id):
        raise NotFound
    if task.reason not in BY_HAND:
        raise TaskFollows("Verify the mentor, have the mentorship go on, or close it.")
    if task.status is TaskStatus.DONE:
        raise TaskIsDone("Somebody has seen to it.")
    done = replace(task, status=TaskStatus.DONE, end=TaskEnd.SEEN_TO, done_at=call.now)
    writes = [
        task_store.done_now(done, call.now),
        task_store.audit(
            programme_id, row_id=call.new_id(), at=call.now, actor=call.actor_id, action="finish_task",
            before=task.status, after=done.status, why=task.reason,
        ),
    ]  # fmt: skip
    return commit(call, writes, _seen([done])[0])


def raise_circle_task(programme_id: str, circle_id: str, now: datetime) -> Write:
    """Return the write of the task that a circle is held since now, as nobody leads it."""
    return task_store.put_task(circle_task(programme_id, circle_id, now), now)


def end_circle_task(programme_id: str, circle_id: str, since: datetime, now: datetime) -> list[Write]:
    """Return the writes after which the task of a circle that was held since an instant is done, unless somebody has
    said so before."""
    task = circle_task(programme_id, circle_id, since)
    row = tables.get(*task_store.task_key(programme_id, task.id))
    if row is None or task_store.task_of(row).status is TaskStatus.DONE:
        return []
    done = replace(task, status=TaskStatus.DONE, end=TaskEnd.MENDED, done_at=now)
    return [task_store.done_now(done, now)]


def _seen(tasks: Sequence[Task]) -> list[SeenTask]:
    concerned = (one for task in tasks for one in (task.mentor_id, task.mentee_id))
    persons = people.get_people([one for one in concerned if one is not None])
    return [
        SeenTask(task, persons.get(task.mentor_id or ""), persons.get(task.mentee_id or "")) for task in tasks
    ]
