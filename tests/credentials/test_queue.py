"""The queue: any filter by one read, whatever its length; counted without being read; claimed oldest first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from chalicelib.credentials import claiming, queue_store, service, store
from chalicelib.credentials.queue_model import Filter, partition, partitions, place
from chalicelib.kernel.ids import new_id
from chalicelib.platform.aws import client
from chalicelib.platform.settings import settings
from tests.credentials.support import claim, reject, submit, submitted, verify, want_more
from tests.support.aws import installation
from tests.support.world import World, make_world

QUEUE = "/v1/admin/credentials"
COUNCIL, BOARD = "Kenya Medical Practitioners and Dentists Council", "Pharmacy and Poisons Board"


def listed(world: World, by: str, **query: object) -> list[str]:
    answer = world.get(QUEUE, by=by, query=query)
    assert answer.status == 200, answer.text
    return [one["id"] for one in answer.json["items"]]


def fill(world: World, count: int) -> tuple[str, str]:
    """Have many cases wait, by the places alone, beside one that is there whole; return organisation and its id."""
    organisation = world.organisation()
    first = submitted(world, world.mentee(), organisation_id=organisation)
    case = service.get_credential(first)
    assert case is not None
    items = [
        write.request()["Item"]
        for n in range(1, count)
        for write in queue_store.places(
            replace(case, id=new_id(world.at), submitted_at=world.at + timedelta(seconds=n)), world.at
        )
    ]
    for at in range(0, len(items), 25):
        puts = [{"PutRequest": {"Item": one}} for one in items[at : at + 25]]
        client("dynamodb").batch_write_item(RequestItems={settings().table("credentials"): puts})
    return organisation, first


@pytest.fixture(scope="module")
def queues() -> Iterator[tuple[World, list[tuple[str, str]]]]:
    """A world in which ten cases wait for one organisation, and a thousand for another: filling takes seconds."""
    with installation(), pytest.MonkeyPatch.context() as patch:
        world = make_world(patch)
        made = [fill(world, count) for count in (10, 1000)]
        world.pass_time(hours=2)
        yield world, made


@pytest.mark.parametrize("wanted", [
    {}, {"country": "KE", "profession": "2211", "authority": COUNCIL}, {"country": "KE", "waiting_over": 1},
])  # fmt: skip
def test_a_page_costs_the_same_at_ten_and_at_a_thousand(
    queues: tuple[World, list[tuple[str, str]]], wanted: dict
) -> None:
    world, found = queues
    made = []
    for organisation, first in found:
        reviewer = world.reviewer(organisation)
        with world.counted() as calls:
            page = world.get(
                QUEUE, by=reviewer, query={"organisation_id": organisation, "limit": 10, **wanted}
            )
        assert page.json["items"][0]["id"] == first
        made.append(list(calls))
    assert made[0] == made[1] == ["GetItem", "Query", "BatchGetItem", "BatchGetItem"]


def test_every_set_of_filters_finds_exactly_what_fits(world: World) -> None:
    organisation = world.organisation()
    reviewer = world.reviewer(organisation)
    cases = {}
    for country, profession, authority in product(("KE", "CA"), ("2211", "2212"), (COUNCIL, BOARD)):
        person = world.person({"profession": profession})
        found = submitted(world, person, country=country, authority=authority)
        cases[found] = {"country": country, "profession": profession, "authority": authority}
        world.pass_time(minutes=1)
    assert listed(world, reviewer) == list(cases)
    for names in (("country",), ("profession",), ("authority",), ("country", "authority"),
                  ("country", "profession", "authority")):  # fmt: skip
        for wanted in cases.values():
            asked = {name: wanted[name] for name in names}
            fits = [one for one, case in cases.items() if asked.items() <= case.items()]
            assert listed(world, reviewer, **asked) == fits
    assert listed(world, reviewer, country="ken", authority=f" {COUNCIL.upper()} ") == [
        one for one, case in cases.items() if case["country"] == "KE" and case["authority"] == COUNCIL
    ]
    assert listed(world, reviewer, authority="ke-kmpdc") == listed(world, reviewer, authority=COUNCIL)
    assert listed(world, reviewer, profession="3212") == []
    assert world.get(QUEUE, by=reviewer, query={"country": "XX"}).status == 422


def test_who_waits_for_longer_than_asked(world: World) -> None:
    organisation = world.organisation()
    reviewer = world.reviewer(organisation)
    old = submitted(world, world.person())
    world.pass_time(hours=30)
    submitted(world, world.person())
    assert len(listed(world, reviewer)) == 2
    assert listed(world, reviewer, waiting_over=0) == [old]
    assert listed(world, reviewer, waiting_over=24) == [old]
    assert listed(world, reviewer, waiting_over=31) == []
    for wrong in ("-1", "x", "1.5", "999999999"):
        assert world.get(QUEUE, by=reviewer, query={"waiting_over": wrong}).status == 422


def test_a_move_leaves_the_one_list_and_enters_the_other_whole(world: World) -> None:
    organisation, person = world.organisation(), world.person({"profession": "2212"})
    reviewer = world.reviewer(organisation)
    credential = submitted(world, person)
    body = {"country": "KE", "profession": "2212", "authority": COUNCIL}
    assert want_more(world, credential, reviewer).status == 200
    moved = {"kind": "licence", "authority": BOARD, "number": "1", "name_on_document": "A", "country": "CA",
             "issued_on": "2020-03-01", "expires_on": "2028-02-29"}  # fmt: skip
    assert world.put(f"/v1/me/credentials/{credential}", moved, by=person).status == 200
    assert listed(world, reviewer, status="more_wanted", **body) == [credential], "what came to them last"
    assert listed(world, reviewer, status="more_wanted", country="CA", authority=BOARD) == []
    assert world.post(f"/v1/me/credentials/{credential}/submit", by=person).status == 200
    assert verify(world, credential, reviewer).status == 200
    case = service.get_credential(credential)
    assert case is not None
    assert {one for one in everywhere(credential) if "#LIST#" in one[0]} == {
        (pk, place(case)) for pk in partitions(case)
    }
    assert listed(world, reviewer, status="verified", **{**body, "country": "CA", "authority": BOARD}) == [
        credential
    ]


def everywhere(credential: str) -> set[tuple[str, str]]:
    rows = client("dynamodb").scan(TableName=settings().table("credentials"))["Items"]
    return {(row["pk"]["S"], row["sk"]["S"]) for row in rows if row["sk"]["S"].endswith(credential)}


def test_counts_and_waiting_times_come_from_counters(world: World) -> None:
    organisation = world.organisation()
    reviewer = world.reviewer(organisation)
    empty = world.get(f"{QUEUE}/counts", by=reviewer).json
    assert (empty["submitted"], empty["longest_waiting_seconds"], empty["median_waiting_days"]) == (
        0,
        None,
        None,
    )
    ids = []
    for _ in range(5):
        ids.append(submitted(world, world.person()))
        world.pass_time(days=2)
    assert verify(world, ids[0], reviewer).status == 200
    assert reject(world, ids[1], reviewer).status == 200
    assert want_more(world, ids[2], reviewer).status == 200
    answer = world.get(f"{QUEUE}/counts", by=reviewer)
    assert answer.json == {
        "submitted": 2, "more_wanted": 1, "verified": 1, "rejected": 1, "revoked": 0, "withdrawn": 0,
        "longest_waiting_seconds": 4 * 86_400, "median_waiting_days": 4,
    }  # fmt: skip
    claim(world, ids[3], reviewer)
    assert world.get(f"{QUEUE}/counts", by=reviewer).json == answer.json, "what is in review waits, too"


def test_counting_costs_the_same_at_ten_and_at_a_thousand(
    queues: tuple[World, list[tuple[str, str]]],
) -> None:
    world, found = queues
    made = []
    for organisation, _ in found:
        reviewer = world.reviewer(organisation)
        with world.counted() as calls:
            assert (
                world.get(f"{QUEUE}/counts", by=reviewer, query={"organisation_id": organisation}).status
                == 200
            )
        made.append(list(calls))
    assert made[0] == made[1] == ["GetItem", "Query", "Query"]


def test_a_draft_stands_in_no_list(world: World) -> None:
    world.organisation()
    draft = submit(world, world.person(), draft=True).json["id"]
    case = store.get_credential(draft)
    assert case is not None
    assert partitions(case) == []


def take(world: World, by: str, **body: object):
    return world.post(f"{QUEUE}/claims", body, by=by)


def test_the_oldest_free_case_that_fits_is_claimed(world: World) -> None:
    organisation = world.organisation()
    one, other = world.reviewer(organisation), world.reviewer(organisation)
    ids = []
    for country in ("KE", "CA", "KE"):
        ids.append(submitted(world, world.person(), country=country))
        world.pass_time(minutes=1)
    with world.counted() as calls:
        first = take(world, one)
    # Somebody else claims the same number.
    shown = ["BatchGetItem", "Query", "Query", "BatchGetItem", "BatchGetItem"]
    assert calls == ["GetItem", "Query", "BatchGetItem", *shown, "TransactWriteItems"]
    assert (first.status, first.json["id"], first.json["claim"]["by"]) == (201, ids[0], one)
    assert take(world, other, country="KE").json["id"] == ids[2]
    assert take(world, other).json["id"] == ids[1]
    nothing = take(world, one)
    assert (nothing.status, nothing.json["type"].rpartition("/")[2]) == (409, "nothing-to-claim")
    world.pass_time(minutes=30)
    assert take(world, other).json["id"] == ids[0], "a lapsed claim frees the case"
    mine = world.get(f"{QUEUE}/claims", by=other).json["items"]
    assert [case["id"] for case in mine] == [ids[0]]
    assert world.get(f"{QUEUE}/claims", by=one).json["items"] == []


def test_nobody_is_handed_their_own(world: World) -> None:
    organisation = world.organisation()
    reviewer = world.reviewer(organisation)
    submitted(world, reviewer)
    assert take(world, reviewer).json["type"].endswith("/nothing-to-claim")
    other = submitted(world, world.person())
    assert take(world, reviewer).json["id"] == other


def test_a_claim_is_handed_out_again_for_a_lost_answer(world: World) -> None:
    organisation = world.organisation()
    reviewer = world.reviewer(organisation)
    for _ in range(2):
        submitted(world, world.person())
    first, second = (
        world.post(f"{QUEUE}/claims", {}, by=reviewer, headers={"Idempotency-Key": "next"}) for _ in range(2)
    )
    assert first.text == second.text


def test_the_free_case_behind_many_that_are_held_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More are held than one read looks at."""
    monkeypatch.setattr(claiming, "_LOOK", 2)
    organisation = world.organisation()
    reviewer, other = world.reviewer(organisation), world.reviewer(organisation)
    for n in range(6):
        case = submitted(world, world.person(), organisation_id=organisation, number=str(n))
        world.pass_time(seconds=1)
        if n < 5:
            claim(world, case, other)
    assert take(world, reviewer).json["id"] == case


def test_the_partition_of_a_page_is_its_organisation_s(world: World) -> None:
    """A cursor from another organisation's queue opens nothing there."""
    ours, theirs = world.organisation("Ours"), world.organisation("Theirs")
    person = world.person()
    for n in range(3):
        submitted(world, person, organisation_id=theirs, number=str(n))
    cursor = world.get(QUEUE, by=world.reviewer(theirs), query={"limit": 1}).json["next"]
    answer = world.get(QUEUE, by=world.reviewer(ours), query={"cursor": cursor})
    assert answer.json["items"] == []
    assert partition(ours, "submitted", Filter()) != partition(theirs, "submitted", Filter())  # type: ignore[arg-type]
