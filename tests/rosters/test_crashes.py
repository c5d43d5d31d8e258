"""A worker that dies at any write, and one that comes after it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.kernel.call import job_call
from chalicelib.people import service as people
from chalicelib.people.model import PersonStatus
from chalicelib.platform import documents, outbox, tables
from chalicelib.platform.outbox import Topic
from chalicelib.programmes.model import Side
from chalicelib.rosters import worker
from chalicelib.rosters.imports import Counts, ImportStatus
from tests.rosters.conftest import Rosters, make_rosters, person, sheet
from tests.support.world import World


class Death(BaseException):
    """The process is gone: nothing of it catches this, and nothing that it does afterwards reaches the store."""


@contextmanager
def dying(monkeypatch: pytest.MonkeyPatch, at: int, *, committed: bool) -> Iterator[Callable[[], bool]]:
    """Die before or after the write number `at`; yields whether it came to that."""
    real, seen = tables.transact, []

    def transact(*args: Any, **how: Any) -> None:
        seen.append(1)
        if len(seen) - 1 < at:
            return real(*args, **how)
        if len(seen) - 1 == at and committed:
            real(*args, **how)
        raise Death

    with monkeypatch.context() as patched:
        patched.setattr(tables, "transact", transact)
        yield lambda: len(seen) > at


def deliver(rosters: Rosters) -> None:
    """Hand all that is due to a worker, whatever state it is in, as the sweep and the queue do."""
    for _ in range(9):
        waiting = [one for one in rosters.world.messages() if one.topic is Topic.ROSTER_IMPORT]
        if not waiting:
            return
        for one in waiting:
            worker.work(job_call("import_roster", rosters.world.at), one.id, lambda: False)


def test_a_death_at_any_write_ends_in_the_same_state_with_no_mail_twice_and_none_missing(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("chalicelib.rosters.worker.CHUNK", 1)
    at, points = 0, 0
    died = True
    while died:
        for committed in (False, True):
            rosters = make_rosters(world)
            name = f"{at}{'ab'[committed]}"
            active = world.person({"goals": "Mine"}, email=f"own-{name}@hospital.example")
            rows = [
                person(1, email=f"a-{name}@hospital.example"),
                person(2, email=f"own-{name}@hospital.example", goals="Theirs"),
                person(3, country="Atlantis"),
            ]
            roster = rosters.open()
            rosters.upload(roster, sheet(*rows))
            with dying(monkeypatch, at, committed=committed) as has_died:
                with suppress(Death):
                    deliver(rosters)
                died = has_died()
            points += died
            world.pass_time(minutes=16)  # the dead worker's claim has lapsed
            deliver(rosters)

            left = rosters.read(roster)
            assert (left.status, left.rows) == (ImportStatus.DONE, 3), name
            assert left.counts == Counts(invited=2, refused=1), name
            assert left.problems == len(rosters.problems(roster)) == 1
            invited = people.find_by_email(f"a-{name}@hospital.example")[0]
            assert set(rosters.enrolments(Side.MENTOR)) == {invited, active}, name
            mails = [one.payload["recipient"] for one in world.messages("roster-invitation")]
            assert mails.count(invited) == 1, name
            assert active not in mails
            asked = [one.payload["recipient"] for one in world.messages("enrolment-invitation")]
            assert asked.count(active) == 1, name
            assert people.get_person_and_profile(active)[1].goals == "Mine"
        at += 1
    assert points >= 16  # two claims, problem, start, two rows, two counts: each before and after


def test_while_one_worker_holds_the_message_another_leaves_it(rosters: Rosters):
    roster = rosters.open()
    rosters.upload(roster, sheet(person(1)))
    (message,) = [one for one in rosters.world.messages() if one.topic is Topic.ROSTER_IMPORT]
    outbox.claim(message, now=rosters.world.at)
    deliver(rosters)
    assert rosters.read(roster).status is ImportStatus.QUEUED
    rosters.world.pass_time(minutes=16)
    deliver(rosters)
    assert rosters.read(roster).status is ImportStatus.DONE


def test_two_workers_at_once_count_each_row_once(rosters: Rosters, monkeypatch: pytest.MonkeyPatch):
    """The claim of the first lapses while it works; the second takes over for a part, and the first finds out."""
    monkeypatch.setattr("chalicelib.rosters.worker.CHUNK", 2)
    roster = rosters.open()
    rosters.upload(roster, sheet(*(person(n) for n in range(5))))
    (message,) = [one for one in rosters.world.messages() if one.topic is Topic.ROSTER_IMPORT]
    first_call = job_call("import_roster", rosters.world.at)

    def overtaken() -> bool:
        rosters.world.pass_time(minutes=16)
        two_parts = iter([True, False])
        worker.work(job_call("import_roster", rosters.world.at), message.id, lambda: next(two_parts))
        return True

    assert worker.work(first_call, message.id, overtaken) is None
    left = rosters.read(roster)
    assert (left.status, left.counts) == (ImportStatus.RUNNING, Counts(invited=4))
    deliver(rosters)
    left = rosters.read(roster)
    assert (left.status, left.counts) == (ImportStatus.DONE, Counts(invited=5))
    assert len(rosters.world.messages("roster-invitation")) == 5


def test_a_failure_puts_the_message_back_at_once_and_too_many_give_the_import_up(
    rosters: Rosters, monkeypatch: pytest.MonkeyPatch
):
    roster = rosters.open()
    rosters.upload(roster, sheet(person(1)))
    (message,) = [one for one in rosters.world.messages() if one.topic is Topic.ROSTER_IMPORT]

    def unreachable(_key: str) -> bytes:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(documents, "read", unreachable)
        for _ in range(worker.MAX_TRIES):
            with pytest.raises(ConnectionError):
                worker.work(job_call("import_roster", rosters.world.at), message.id, lambda: True)
            assert outbox.read(message.id).status is outbox.Status.WAITING
    deliver(rosters)
    assert rosters.read(roster).status is ImportStatus.FAILED
    assert outbox.read(message.id).status is outbox.Status.DONE


def test_a_person_who_changes_at_the_same_moment_is_read_again(
    rosters: Rosters, monkeypatch: pytest.MonkeyPatch
):
    rosters.run(person(1, goals="Old"))
    known = worker._known
    raced = []

    def racing(*args: Any) -> Any:
        found = known(*args)
        if not raced:
            raced.append(True)
            before = found[0].person, found[0].profile
            newer = replace(before[1], strengths=("teaching",))
            rosters.world.write(*people.change_invited(before[0], newer, before, rosters.world.at))
        return found

    monkeypatch.setattr(worker, "_known", racing)
    assert rosters.run(person(1, goals="New")).counts == Counts(changed=1)
    person_id = people.find_by_email("p1@hospital.example")[0]
    profile = people.get_person_and_profile(person_id)[1]
    assert (profile.goals, profile.strengths) == ("New", ("teaching",))


@pytest.mark.parametrize(
    "newer", [{"goals": "New"}, {"given_name": "New"}, {"locale": "fr", "goals": "New"}, {"capacity": "5"}]
)
def test_a_guest_who_confirms_the_address_while_an_import_would_change_them_stays_as_they_are(
    rosters: Rosters, monkeypatch: pytest.MonkeyPatch, newer: dict[str, str]
):
    rosters.run(person(1, goals="Old", capacity="2", locale="en"))
    known, raced = worker._known, []
    person_id = people.find_by_email("p1@hospital.example")[0]

    def racing(*args: Any) -> Any:
        found = known(*args)
        if not raced:
            raced.append(True)
            held = people.find_claim("p1@hospital.example")
            rosters.world.write(*people.activate("p1@hospital.example", held, rosters.world.at))
        return found

    monkeypatch.setattr(worker, "_known", racing)
    assert rosters.run(person(1, **newer)).counts == Counts(unchanged=1)
    someone, profile = people.get_person_and_profile(person_id)
    assert (someone.status, someone.given_name, someone.locale) == (PersonStatus.ACTIVE, "P1", "en")
    assert (profile.goals, rosters.enrolments()[person_id].capacity) == ("Old", 2)
