"""An import as a whole: the file that arrives, its rows, and what is said of them."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.kernel.errors import Invalid
from chalicelib.organisations import store as organisations_store
from chalicelib.people import service as people
from chalicelib.people.model import PersonStatus
from chalicelib.platform import outbox, tables
from chalicelib.programmes import service as programmes
from chalicelib.programmes import store as programmes_store
from chalicelib.programmes.errors import ProgrammeNotRunning
from chalicelib.programmes.model import Side
from chalicelib.rosters import service, worker
from chalicelib.rosters.imports import Counts, ImportStatus
from chalicelib.rosters.model import parse_roster
from tests.rosters.conftest import Rosters, found, make_rosters, person, sheet
from tests.support.world import World


def everything() -> dict[str, str]:
    """Return all rows of all tables, but for the imports' own messages, as text by key."""
    import boto3

    rows = {}
    for table in ("people", "programmes", "rosters", "outbox", "organisations"):
        name = tables.settings().table(table)
        for page in (
            boto3.client("dynamodb", region_name="eu-west-1").get_paginator("scan").paginate(TableName=name)
        ):
            for item in page["Items"]:
                key = f"{table}|{item['pk']['S']}|{item['sk']['S']}"
                if "import-roster" not in key:
                    rows[key] = repr(sorted(item.items()))
    return rows


def test_good_rows_go_in_and_bad_rows_come_back_with_row_column_and_reason(rosters: Rosters):
    roster = rosters.run(
        person(1), person(2, country="Atlantis"), person(3, capacity="4"), person(4, languages="en")
    )
    assert roster.status is ImportStatus.DONE
    assert (roster.rows, roster.counts) == (4, Counts(invited=2, refused=2))
    assert [(one.row, one.column, one.value_excerpt) for one in rosters.problems(roster)] == [
        (3, "country", "Atlantis"),
        (5, "languages", "en"),
    ]
    someone, profile = found("p1@hospital.example")
    assert (someone.status, someone.given_name, someone.locale) == (PersonStatus.INVITED, "P1", "en")
    assert (profile.country, profile.topics_offered, profile.is_mentor) == (
        "KE",
        ("ethics", "leadership"),
        True,
    )
    places = rosters.enrolments()
    assert {one.capacity for one in places.values()} == {2, 4}
    assert all(one.free == one.capacity and one.side is Side.MENTOR for one in places.values())


def test_the_file_is_needed_and_awaited_once(rosters: Rosters):
    roster = rosters.open()
    rosters.work()
    assert rosters.read(roster).status is ImportStatus.WAITING
    rosters.upload(roster, sheet(person(1)))
    assert rosters.read(roster).status is ImportStatus.QUEUED
    call = rosters.world.call(rosters.coordinator)
    assert not service.file_arrived(call, service.upload_key(roster))
    for key in (
        "uploads/rosters/",
        "uploads/rosters/a/b",
        "elsewhere/x",
        f"uploads/rosters/{roster.programme_id}/{call.new_id()}",
    ):
        assert not service.file_arrived(call, key)


def test_repeating_an_import_changes_nothing(rosters: Rosters):
    rows = [person(n, capacity="3") for n in range(3)] + [person(9, external_id="")]
    first = rosters.run(*rows)
    before = everything()
    again = rosters.run(*rows)
    assert first.counts == Counts(invited=4)
    assert again.counts == Counts(unchanged=4)
    ours = {key for key in everything() if again.id in key}
    assert {
        key: row for key, row in everything().items() if key not in ours and "import-roster" not in key
    } == before


def test_a_hundred_new_rows_are_looked_up_in_few_round_trips(rosters: Rosters):
    rows = [person(n) for n in range(100)]
    roster = rosters.open(validate_only=True)
    rosters.upload(roster, sheet(*rows))
    programme = programmes.get_programme(rosters.programme)
    parsed = parse_roster(sheet(*rows), filename="r.csv", role=Side.MENTOR).rows
    with rosters.world.counted() as calls:
        worker._known(programme, parsed)
    assert calls == ["BatchGetItem"] * 4  # entries, claims, places, invitations: nobody's rows to read yet


def test_the_programmes_limits_hold(world: World):
    rosters = make_rosters(world, max_capacity=3, mentee_places=1)
    roster = rosters.run(person(1, capacity="4"), person(2, capacity="3"))
    assert roster.counts == Counts(invited=1, refused=1)
    assert [(one.row, one.column) for one in rosters.problems(roster)] == [(2, "capacity")]
    roster = rosters.run(person(5, capacity="2"), person(6, capacity="1"), role=Side.MENTEE)
    assert roster.counts == Counts(invited=1, refused=1)


def test_validate_only_tells_what_would_be_and_writes_nothing_else(rosters: Rosters):
    rosters.run(person(1, goals="Old"))
    before = everything()
    roster = rosters.run(
        person(1, goals="New"),
        person(2),
        person(3, capacity="9"),
        person(4, channels="pigeon"),
        validate_only=True,
    )
    assert roster.status is ImportStatus.DONE
    assert roster.counts == Counts(changed=1, invited=1, refused=2)
    assert {(one.row, one.column) for one in rosters.problems(roster)} == {(4, "capacity"), (5, "channels")}
    left = {key: row for key, row in everything().items() if roster.id not in key}
    assert left == before


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"email,country\na@b.example,KE\n", "headings"),
        (b"\0\0", "not a CSV text"),
    ],
)
def test_a_file_that_cannot_be_read_fails_as_a_whole(rosters: Rosters, content: bytes, told: str):
    roster = rosters.open()
    rosters.upload(roster, content)
    rosters.work()
    failed = rosters.read(roster)
    assert failed.status is ImportStatus.FAILED
    assert told in (failed.failure or "")
    assert [one.heading for one in failed.headings] == (["given_name"] if told == "headings" else [])
    assert rosters.enrolments() == {}


def test_an_empty_roster_is_done_at_once(rosters: Rosters):
    roster = rosters.open()
    rosters.upload(roster, b"email,given_name\n")
    rosters.work()
    assert (rosters.read(roster).status, rosters.read(roster).rows) == (ImportStatus.DONE, 0)


def test_who_is_no_longer_coordinator_imports_nothing(rosters: Rosters):
    roster = rosters.open()
    rights = organisations_store.get_rights(rosters.coordinator)
    rosters.world.write(organisations_store.put_rights(replace(rights, roles={}), rosters.world.at))
    rosters.upload(roster, sheet(person(1)))
    rosters.work()
    assert rosters.read(roster).status is ImportStatus.FAILED
    assert people.find_by_email("p1@hospital.example") is None


def test_a_programme_that_is_over_takes_nobody(rosters: Rosters):
    roster = rosters.open()
    programme = programmes.get_programme(rosters.programme)
    ended = replace(programme, ends_on=date(2026, 11, 1))
    rosters.world.write(programmes_store.put_programme(ended, rosters.world.at))
    with pytest.raises(ProgrammeNotRunning):
        rosters.open()
    rosters.upload(roster, sheet(person(1)))
    rosters.work()
    assert rosters.read(roster).status is ImportStatus.FAILED


def test_a_column_map_to_nowhere_is_refused_before_any_file(rosters: Rosters):
    with pytest.raises(Invalid) as refused:
        rosters.open(column_map={"Mail": "nowhere"})
    assert [one.pointer for one in refused.value.errors] == ["/column_map/Mail"]


def test_a_long_roster_is_handed_on_and_each_row_counted_once(
    rosters: Rosters, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("chalicelib.rosters.worker.CHUNK", 4)
    roster = rosters.open()
    rows = [person(n) for n in range(10)]
    rows[6]["email"] = rows[2]["email"]
    rosters.upload(roster, sheet(*rows))
    rosters.work(has_time=lambda: False)
    done = rosters.read(roster)
    assert (done.status, done.counts) == (ImportStatus.DONE, Counts(invited=9, refused=1))
    handed = [one.id for one in rosters.world.messages() if roster.id in one.id]
    assert handed == []  # all done and off the due list
    for at in (0, 4, 8):
        message = outbox.read(f"import-roster:{roster.id}:{at}")
        assert message is not None
        assert message.status is outbox.Status.DONE


def test_another_file_under_the_same_address_is_not_carried_on_with(
    rosters: Rosters, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("chalicelib.rosters.worker.CHUNK", 1)
    roster = rosters.open()
    rosters.upload(roster, sheet(person(1), person(2)))
    swapped = []

    def no_time() -> bool:
        if not swapped:
            rosters.upload(roster, sheet(person(7), person(8), person(9)))
            swapped.append(True)
        return False

    rosters.work(no_time)
    left = rosters.read(roster)
    assert (left.status, left.counts) == (ImportStatus.FAILED, Counts(invited=1))
    assert people.find_by_email("p8@hospital.example") is None


def test_of_very_many_problems_all_are_counted_and_the_first_are_kept(
    rosters: Rosters, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("chalicelib.rosters.worker.MAX_PROBLEMS_KEPT", 3)
    roster = rosters.run(*(person(n, country="Nowhere") for n in range(5)), person(7, capacity="9"))
    assert (roster.problems, roster.problems_kept, roster.counts) == (6, 3, Counts(refused=6))
    assert [one.row for one in rosters.problems(roster)] == [2, 3, 4]
