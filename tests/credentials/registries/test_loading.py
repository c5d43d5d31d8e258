"""A register's file is taken over as a whole or not at all, and a number is looked up in one read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.credentials.authorities import authorities
from chalicelib.credentials.registries import load_store as store
from chalicelib.credentials.registries import loading
from chalicelib.credentials.registries.loads import LEASE, Load, LoadStatus, Order, Slot
from chalicelib.credentials.registries.lookups import FileRegistry
from chalicelib.credentials.registries.model import (
    FILE_TOO_OLD,
    NO_REGISTER,
    Answer,
    Asked,
    Outcome,
    State,
)
from chalicelib.credentials.registries.register_files import KEEP
from chalicelib.kernel.errors import Forbidden, Invalid, NotFound
from chalicelib.kernel.pages import PageRequest
from chalicelib.organisations import store as organisations_store
from chalicelib.organisations.model import Rights, StaffRole
from chalicelib.platform import documents, outbox, tables
from tests.credentials.registries.test_register_files import COLUMNS, file_of, many, person
from tests.support.world import World

AUTHORITY = "ke-kmpdc"
TODAY = date(2026, 11, 22)
PART = 4
"""Entries a transaction here: moto copies whole tables for each."""
ALWAYS: Callable[[], bool] = lambda: True  # noqa: E731


@dataclass
class Desk:
    """A coordinator who uploads registers of one organisation."""

    world: World
    organisation: str
    coordinator: str

    def open(self, *, authority: str = AUTHORITY, as_of: date = date(2026, 11, 1), **how: Any) -> Load:
        order = Order(authority, COLUMNS, as_of, **how)
        seen = loading.open_load(self.world.call(self.coordinator), self.organisation, order)
        assert seen.upload is not None
        return seen.load

    def arrive(self, load: Load, *rows: Sequence[str], content: bytes | None = None) -> str:
        """Store the file as its upload would, and return the message for the worker."""
        key = loading.upload_key(load)
        documents.write(key, content if content is not None else file_of(*rows), "text/csv")
        assert loading.file_arrived(self.world.call("job:register_uploaded"), key)
        return f"{loading.KIND}:{load.id}:0"

    def work(self, message_id: str, has_time: Callable[[], bool] = ALWAYS) -> Load | None:
        return loading.work(self.world.call("job:load_register"), message_id, has_time)

    def load(self, *rows: Sequence[str], content: bytes | None = None, **how: Any) -> Load:
        """Upload a file and have it taken over."""
        done = self.work(self.arrive(self.open(**how), *rows, content=content))
        assert done is not None
        return done

    def ask(
        self, number: str, name: str = "Amina Otieno", today: date = TODAY, authority: str = AUTHORITY
    ) -> Answer:
        return FileRegistry(self.organisation, authority, today).lookup(Asked(number, name, "KE"))


@pytest.fixture
def desk(world: World, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(loading, "CHUNK", PART)
    organisation = world.organisation()
    return Desk(world, organisation, world.coordinator(organisation))


def test_a_file_is_taken_over_and_answers(desk: Desk) -> None:
    load = desk.load(person("A-1"), person("A-2", surname="Mwangi", status="Lapsed"))
    assert (load.status, load.entries, load.bad_rows) == (LoadStatus.DONE, 2, 0)
    found = desk.ask("a 1")
    assert found.outcome is Outcome.FOUND
    assert found.entry is not None
    assert (found.entry.names, found.entry.state) == (("Amina Otieno",), State.CURRENT)
    assert (found.entry.valid_until, found.as_of) == (date(2027, 6, 30), date(2026, 11, 1))
    assert found.comparison is not None
    assert found.comparison.score == 100
    lapsed = desk.ask("A2")
    assert lapsed.entry is not None
    assert lapsed.entry.state is State.NOT_CURRENT
    missing = desk.ask("A3")
    assert (missing.outcome, missing.as_of) == (Outcome.NOT_FOUND, date(2026, 11, 1))


def test_a_lookup_is_one_read(desk: Desk) -> None:
    desk.load(*many(9))
    with desk.world.counted() as calls:
        assert desk.ask("A00008").outcome is Outcome.FOUND
    assert calls == ["BatchGetItem"]


def test_a_newer_file_replaces_the_older_as_a_whole(desk: Desk) -> None:
    desk.load(person("1"), person("2"), person("3"))
    desk.load(person("2", status="Suspended"), person("4"), as_of=date(2026, 11, 8))
    assert [desk.ask(one).outcome for one in "134"] == [Outcome.NOT_FOUND, Outcome.NOT_FOUND, Outcome.FOUND]
    second = desk.ask("2")
    assert second.entry is not None
    assert (second.entry.state, second.as_of) == (State.NOT_CURRENT, date(2026, 11, 8))


def test_what_the_file_before_the_last_left_in_the_slot_is_gone(desk: Desk) -> None:
    """The third file is written where the first was, over some of its rows."""
    desk.load(person("1"), person("2"))
    desk.load(person("2"), person("3"))
    desk.load(person("3"), person("4"))
    assert desk.ask("1").outcome is Outcome.NOT_FOUND
    assert desk.ask("4").outcome is Outcome.FOUND


def test_until_the_last_row_is_written_the_older_file_answers(desk: Desk) -> None:
    desk.load(person("1"))
    message = desk.arrive(desk.open(), *many(10))
    half = desk.work(message, lambda: False)
    assert half is not None
    assert (half.status, half.next_entry) == (LoadStatus.LOADING, PART)
    assert desk.ask("A00000").outcome is Outcome.NOT_FOUND
    assert desk.ask("1").outcome is Outcome.FOUND
    (next_message,) = [one.id for one in desk.world.messages(loading.KIND)]
    whole = desk.work(next_message)
    assert whole is not None
    assert (whole.status, whole.next_entry) == (LoadStatus.DONE, 10)
    assert desk.ask("A00000").outcome is Outcome.FOUND
    assert desk.ask("A00009").outcome is Outcome.FOUND
    assert desk.ask("1").outcome is Outcome.NOT_FOUND


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_crash_at_any_write_ends_in_the_same_state(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    plain = tables.transact
    at = 0
    for one in authorities():
        desk.load(person("old"), authority=one.id, as_of=date(2026, 11, 1))
        message = desk.arrive(desk.open(authority=one.id), *many(6))
        done = 0

        def dying(writes: Any, token: str, at: int = at) -> None:
            nonlocal done
            done += 1
            if done == at + 1 and before:
                raise SystemExit
            plain(writes, token)
            if done == at + 1:
                raise SystemExit

        monkeypatch.setattr(tables, "transact", dying)
        died = False
        try:
            desk.work(message)
        except SystemExit:
            died = True
        monkeypatch.setattr(tables, "transact", plain)
        answers = {desk.ask(number, authority=one.id).outcome for number in ("A00000", "A00005")}
        assert len(answers) == 1, "half of a file answers"
        desk.world.pass_time(minutes=16)
        for left in desk.world.messages(loading.KIND):
            desk.work(left.id)
        assert desk.ask("A00005", authority=one.id).outcome is Outcome.FOUND
        assert desk.ask("old", authority=one.id).outcome is Outcome.NOT_FOUND
        assert desk.world.messages(loading.KIND) == []
        if not died:
            break
        at += 1
    assert at >= 5


def test_a_file_that_cannot_be_read_leaves_the_one_before(desk: Desk) -> None:
    desk.load(person("1"))
    failed = desk.load(content=b"no,such,columns\n1,2,3\n")
    assert failed.status is LoadStatus.FAILED
    assert failed.failure is not None
    assert "no column called" in failed.failure
    assert desk.ask("1").outcome is Outcome.FOUND


def test_bad_rows_are_kept_with_the_upload(desk: Desk) -> None:
    rows = many(40)
    rows[3][0] = ""
    load = desk.load(*rows)
    kept = loading.read_load(desk.world.call(desk.coordinator), desk.organisation, load.id).load
    assert (kept.bad_rows, kept.problems[0].row, kept.problems[0].reason) == (1, 5, "there is no number")


def test_an_older_file_does_not_replace_a_newer(desk: Desk) -> None:
    desk.load(person("1"), as_of=date(2026, 11, 8))
    failed = desk.load(person("2"), as_of=date(2026, 11, 7))
    assert failed.failure == "The file in use is newer: it tells of 2026-11-08."
    assert desk.load(person("3"), as_of=date(2026, 11, 8)).status is LoadStatus.DONE


def test_a_file_of_far_fewer_entries_has_to_be_meant(desk: Desk) -> None:
    desk.load(*many(20))
    failed = desk.load(*many(9))
    assert failed.failure is not None
    assert "9 entries, the one in use 20" in failed.failure
    assert desk.load(*many(10)).status is LoadStatus.DONE
    assert desk.load(*many(2), accepts_fewer=True).status is LoadStatus.DONE
    assert desk.ask("A00002").outcome is Outcome.NOT_FOUND


def test_of_two_files_at_once_one_has_the_register(desk: Desk) -> None:
    first = desk.arrive(desk.open(), *many(10))
    half = desk.work(first, lambda: False)
    assert half is not None
    second = desk.load(person("1"))
    assert second.failure is not None
    assert "is being taken over" in second.failure
    (message,) = [one.id for one in desk.world.messages(loading.KIND)]
    done = desk.work(message)
    assert done is not None
    assert done.status is LoadStatus.DONE


def test_a_file_whose_worker_died_gives_way_to_another(desk: Desk) -> None:
    first = desk.open()
    desk.work(desk.arrive(first, *many(10)), lambda: False)
    desk.world.pass_time(seconds=LEASE.total_seconds())
    assert desk.load(person("1")).status is LoadStatus.DONE
    (message,) = [one.id for one in desk.world.messages(loading.KIND)]
    late = desk.work(message)
    assert late is not None
    assert late.status is LoadStatus.FAILED
    assert desk.ask("1").outcome is Outcome.FOUND


def test_a_worker_that_another_overtook_writes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The register is taken between two parts: each part asks whose it is, in its own transaction."""
    message = desk.arrive(desk.open(), *many(10))

    def overtaken() -> bool:
        head = store.get_head(desk.organisation, AUTHORITY)
        other = replace(head, loading="01M4ZTNJM01QX40DC05VFRS2A1")
        desk.world.write(store.put_head(other, desk.world.at))
        return True

    assert desk.work(message, overtaken) is None
    rows = [store.look_up(desk.organisation, AUTHORITY, f"A{n:05}").rows for n in range(PART, 10)]
    assert rows == [{}] * 6


def test_a_register_that_was_never_uploaded_says_nothing(desk: Desk) -> None:
    assert (desk.ask("1").outcome, desk.ask("1").reason) == (Outcome.UNAVAILABLE, NO_REGISTER)
    message = desk.arrive(desk.open(), *many(10))
    desk.work(message, lambda: False)
    assert desk.ask("A00000").reason == NO_REGISTER


def test_a_file_that_grew_old_says_nothing(desk: Desk) -> None:
    desk.load(person("1"))
    assert desk.ask("1", today=date(2026, 11, 1) + KEEP).outcome is Outcome.FOUND
    old = desk.ask("1", today=date(2026, 11, 1) + KEEP + timedelta(days=1))
    assert (old.outcome, old.reason) == (Outcome.UNAVAILABLE, FILE_TOO_OLD)


def test_rows_outlast_the_day_on_which_they_stop_to_answer(desk: Desk) -> None:
    desk.load(person("1"))
    row = tables.get(store.EntryRow, f"ENTRY#{desk.organisation}#{AUTHORITY}#1", Slot.A)
    assert row is not None
    end = datetime.fromtimestamp(int(row.expires_at_epoch), UTC).date()
    assert end > date(2026, 11, 1) + KEEP + timedelta(days=7)


def test_a_register_is_one_organisations(desk: Desk) -> None:
    """What one organisation uploads vouches for nobody at another."""
    desk.load(person("1"))
    elsewhere = desk.world.organisation("Elsewhere")
    assert FileRegistry(elsewhere, AUTHORITY, TODAY).lookup(Asked("1", "A", "KE")).reason == NO_REGISTER


def test_only_coordinators_of_the_organisation_upload(desk: Desk) -> None:
    order = Order(AUTHORITY, COLUMNS, TODAY)
    world = desk.world
    elsewhere = world.coordinator(world.organisation("Other"))
    for person_id in (world.reviewer(desk.organisation), elsewhere, world.person()):
        call = world.call(person_id)
        with pytest.raises((Forbidden, NotFound)):
            loading.open_load(call, desk.organisation, order)
        with pytest.raises((Forbidden, NotFound)):
            loading.list_loads(call, desk.organisation, PageRequest(10))
        with pytest.raises((Forbidden, NotFound)):
            loading.read_load(call, desk.organisation, "01M4ZTNJM01QX40DC05VFRS2A1")


def test_a_transaction_has_room_for_a_part() -> None:
    assert loading.CHUNK + 2 == tables.MAX_WRITES


def test_a_coordinator_who_left_meanwhile_replaces_nothing(desk: Desk) -> None:
    message = desk.arrive(desk.open(), person("1"))
    now = organisations_store.get_rights(desk.coordinator)
    roles = {desk.organisation: frozenset({StaffRole.REVIEWER})}
    reviewer = Rights(desk.coordinator, False, roles, version=now.version)
    desk.world.write(organisations_store.put_rights(reviewer, desk.world.at))
    failed = desk.work(message)
    assert failed is not None
    assert failed.failure == "Whoever opened this upload is no longer a coordinator here."
    assert desk.ask("1").reason == NO_REGISTER


def test_the_day_of_a_file_is_neither_to_come_nor_long_past(desk: Desk) -> None:
    for as_of in (TODAY + timedelta(days=2), TODAY - KEEP - timedelta(days=1)):
        with pytest.raises(Invalid) as caught:
            desk.open(as_of=as_of)
        assert caught.value.errors[0].pointer == "/as_of"


def test_a_register_is_one_of_the_list(desk: Desk) -> None:
    with pytest.raises(Invalid) as caught:
        desk.open(authority="xx-nobody")
    assert caught.value.errors[0].pointer == "/authority_id"


@pytest.mark.parametrize(
    "key", ["", "uploads/registers/", "uploads/registers/a/b", "uploads/rosters/01M4ZTNJM01QX40DC05VFRS2A1/x"]
)
def test_another_file_is_none_of_ours(desk: Desk, key: str) -> None:
    assert not loading.file_arrived(desk.world.call("job:register_uploaded"), key)


def test_the_same_file_twice_is_taken_over_once(desk: Desk) -> None:
    load = desk.open()
    message = desk.arrive(load, person("1"))
    assert not loading.file_arrived(desk.world.call("job:register_uploaded"), loading.upload_key(load))
    assert desk.work(message) is not None
    assert desk.work(message) is None


def test_who_uploaded_what_is_on_record(desk: Desk) -> None:
    load = desk.load(person("1"))
    audit = tables.audit_class("registers")
    rows = [
        audit.parse(raw)
        for raw in tables.query_all(audit, store.loads_pk(desk.organisation), begins_with="AUDIT#")
    ]
    assert sorted((one.actor, one.action, one.after) for one in rows) == [
        (desk.coordinator, "open_register", f"{AUTHORITY}:{load.id}"),
        ("job:load_register", "load_register", f"{AUTHORITY}:{load.id}"),
    ]


def test_a_message_that_fails_is_given_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    message = desk.arrive(desk.open(), person("1"))

    def broken(key: str) -> bytes:
        raise OSError

    monkeypatch.setattr(documents, "read", broken)
    with pytest.raises(OSError):  # noqa: PT011
        desk.work(message)
    kept = outbox.read(message)
    assert kept is not None
    assert kept.status is outbox.Status.WAITING
