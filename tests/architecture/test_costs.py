"""What each route asks of AWS, against docs/access-patterns.md, which is the one place where it is written."""

import pytest

from chalicelib.platform.aws import client
from chalicelib.platform.settings import settings
from chalicelib.platform.web.endpoint import ENDPOINTS
from tests.architecture.costs import DOCUMENT, READS, TRANSACTION, on_the_wire, written
from tests.architecture.scenes import Key, load
from tests.support.world import World

SCENES = load()
KEYS = sorted(ENDPOINTS, key=lambda key: (key[1], key[0]))


def test_every_route_has_its_cost_written_down() -> None:
    assert set(written()) == set(ENDPOINTS)


@pytest.mark.parametrize("key", KEYS, ids=" ".join)
def test_a_route_costs_what_the_document_says(world: World, key: Key) -> None:
    scene = SCENES[key](world)
    with on_the_wire() as made:
        reply = scene.play(world)
    assert reply.status == ENDPOINTS[key].status, reply.text
    assert key in written(), f"write {made} for it into {DOCUMENT.name}"
    assert tuple(made) == written()[key].calls


@pytest.mark.parametrize("key", KEYS, ids=" ".join)
def test_a_read_is_one_round_trip_or_says_why_not(key: Key) -> None:
    """Some reads are kept in a trail: they end with the transaction that does so."""
    cost = written()[key]
    if key[0] == "GET":
        kept = cost.calls[-1:] == (TRANSACTION,)
        assert set(cost.calls[:-1] if kept else cost.calls) <= {*READS, "s3"}
        assert len(cost.calls) <= 1 or cost.why


@pytest.mark.parametrize("key", [key for key in KEYS if key[0] != "GET"], ids=" ".join)
def test_a_change_reads_first_and_writes_in_one_transaction(key: Key) -> None:
    calls = written()[key].calls
    assert calls.count(TRANSACTION) <= 1
    if TRANSACTION in calls:
        assert not READS & set(calls[calls.index(TRANSACTION) :])


def test_the_count_sees_every_client(world: World) -> None:
    with on_the_wire() as made:
        client("dynamodb").get_item(
            TableName=settings().table("people"), Key={"pk": {"S": "x"}, "sk": {"S": "x"}}
        )
        client("s3").list_objects_v2(Bucket=settings().documents_bucket)
    assert made == ["get", "s3"]
