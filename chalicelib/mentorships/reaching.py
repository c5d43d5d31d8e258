"""Coordinators are told by a task that somebody gets no mail, one in each programme in which they take part.

Which tasks these are is kept by person, so that they end with what they tell of, whatever the person has left or joined
in between. A step is one transaction; whoever is cut off between two goes on where it was.
"""

from dataclasses import replace
from itertools import islice

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import StaleVersion
from chalicelib.kernel.tries import again
from chalicelib.mentorships import reach_store, running_store, task_store
from chalicelib.mentorships.errors import TaskIsDone
from chalicelib.mentorships.running import NOT_ENDED
from chalicelib.mentorships.tasks import TaskEnd, TaskStatus, unreached_task
from chalicelib.people import service as people
from chalicelib.people.model import MailStop, Person, PersonStatus
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import EnrolmentStatus, Side

_MOST_AT_ONCE = 40  # tasks of one transaction


def reach_changed(call: Call, person_id: str) -> None:
    """Have coordinators' tasks say whether mail to somebody is stopped, as it stands now. Again, it changes nothing.

    Raises
    ------
    Unavailable
        If others keep changing the same.
    """
    while again(
        lambda: _step(call, person_id), StaleVersion, TaskIsDone, busy="These tasks are being changed at this moment."
    ):  # fmt: skip
        pass


def _step(call: Call, person_id: str) -> bool:
    """Bring the tasks one transaction nearer to what they should be; tell whether there was something to do."""
    told, person = reach_store.get(person_id), people.get_person(person_id)
    stop = person.mail_stop if person else None
    if told.stop is not None and told.stop != stop:
        over = dict(islice(told.tasks.items(), _MOST_AT_ONCE))
        left = {one: task for one, task in told.tasks.items() if one not in over}
        commit(call, [reach_store.change(told, told.stop, left, call.now), *_ends(call, over)], None)
        return True
    if person is None or stop is None:
        return False
    new = {
        programme_id: sides
        for programme_id, sides in _taken_part_in(call, person, stop).items()
        if programme_id not in told.tasks
    }
    part = dict(islice(sorted(new.items()), _MOST_AT_ONCE))
    tasks = [unreached_task(programme_id, person_id, sides, stop) for programme_id, sides in part.items()]
    if not tasks:
        return False
    known = {**told.tasks, **{one.programme_id: one.id for one in tasks}}
    writes = [task_store.put_task(one, call.now) for one in tasks]
    commit(call, [reach_store.change(told, stop, known, call.now), *writes], None)
    return True


def _ends(call: Call, tasks: dict[str, str]) -> list[Write]:
    """Return the writes that do some tasks, but for those that a coordinator has seen to."""
    rows = tables.get_many([task_store.task_key(*one) for one in tasks.items()])
    found = (task_store.task_of(row) for row in rows if row is not None)
    return [
        task_store.done_now(
            replace(one, status=TaskStatus.DONE, end=TaskEnd.MENDED, done_at=call.now), call.now
        )
        for one in found
        if one.status is TaskStatus.OPEN
    ]


def _taken_part_in(call: Call, person: Person, stop: MailStop) -> dict[str, set[Side]]:
    """Return the programmes whose coordinators are to know, with the sides on which the person is in each: those that
    are not over and in which they have a place or wait for one, and those of mentorships that have not ended."""
    found: dict[str, set[Side]] = {}
    for place in programmes.places_of(person.id):
        is_invited = EnrolmentStatus.INVITED is place.status or person.status is PersonStatus.INVITED
        if (place.takes_part or is_invited) and programmes.may_know(stop, place, is_invited=is_invited):
            found.setdefault(place.programme_id, set()).add(place.side)
    known = programmes.get_programmes(found)
    found = {one: sides for one, sides in found.items() if one in known and not known[one].is_over(call.now)}
    for mentorship in running_store.all_mentorships_of(person.id):
        side = mentorship.side_of(person.id)
        if side is not None and mentorship.status in NOT_ENDED:
            found.setdefault(mentorship.programme_id, set()).add(mentorship.kind.place_of(side))
    return found
