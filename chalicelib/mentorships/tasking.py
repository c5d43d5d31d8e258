"""What coordinators read of the tasks in their programmes."""

from dataclasses import dataclass

from chalicelib.kernel.call import Call
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships import task_store
from chalicelib.mentorships.tasks import Task, TaskStatus
from chalicelib.people import service as people
from chalicelib.people.model import Person
from chalicelib.programmes import service as programmes


@dataclass(frozen=True)
class SeenTask:
    """A task with the people whom it is about, as far as they still are; `is_own` to one of the two."""

    task: Task
    mentor: Person | None
    mentee: Person | None
    is_own: bool


def programme_tasks(call: Call, programme_id: str, status: TaskStatus, page: PageRequest) -> Page[SeenTask]:
    """Return a programme's tasks (its coordinators): the open ones longest open first, those done the latest first."""
    programmes.require_coordinator(call, programme_id)
    found = task_store.tasks_in(programme_id, status, page)
    persons = people.get_people([one for task in found.items for one in (task.mentor_id, task.mentee_id)])
    items = tuple(
        SeenTask(
            task,
            persons.get(task.mentor_id),
            persons.get(task.mentee_id),
            is_own=call.actor_id in (task.mentor_id, task.mentee_id),
        )
        for task in found.items
    )
    return Page(items, found.next)
