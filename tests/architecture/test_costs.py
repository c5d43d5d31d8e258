"""What each route asks of AWS, against docs/access-patterns.md, which is the one place where it is written."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from botocore.client import BaseClient
from moto import mock_aws

from chalicelib.platform.web.endpoint import ENDPOINTS
from infra.local.resources import create_all
from tests.architecture.imports import ROOT
from tests.architecture.scenes import Key, load
from tests.conftest import SESSION, forget_process_state
from tests.support.world import World, make_world

SCENES = load()
KEYS = sorted(ENDPOINTS, key=lambda key: (key[1], key[0]))
DOCUMENT = ROOT / "docs" / "access-patterns.md"
ROUTE = re.compile(r"\| `(GET|POST|PUT|PATCH|DELETE) (/\S*)` \| ([^|]*) \|([^|]*)\|")
WORDS = {"GetItem": "get", "BatchGetItem": "batch", "Query": "query", "TransactWriteItems": "transaction"}
SERVICES = {"cognito-idp": "cognito", "s3": "s3", "sqs": "sqs", "sesv2": "ses"}
TRANSACTION = "transaction"
READS = {"get", "batch", "query"}


@dataclass(frozen=True)
class Cost:
    """The calls of a route in their order, and why a read takes more than one."""

    calls: tuple[str, ...]
    why: str


@cache
def written() -> dict[Key, Cost]:
    """Return what the document gives for each route."""
    found: dict[Key, Cost] = {}
    for method, path, calls, why in ROUTE.findall(DOCUMENT.read_text(encoding="utf-8")):
        assert (method, path) not in found, f"{method} {path} is there twice"
        found[method, path] = Cost(() if calls == "none" else tuple(calls.split(", ")), why.strip())
    return found


@pytest.fixture(scope="module")
def one_world() -> Iterator[World]:
    """One world for all routes: they are only counted."""
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        for name, value in create_all("test", SESSION).items():
            patch.setenv(name, value)
        forget_process_state()
        yield make_world(patch)
    forget_process_state()


@contextmanager
def on_the_wire() -> Iterator[list[str]]:
    """Collect every call to AWS made inside the block, by whatever client."""
    made: list[str] = []
    plain = BaseClient._make_api_call

    def noting(client: BaseClient, operation: str, kwargs: dict[str, Any]) -> Any:
        service = client.meta.service_model.service_name
        made.append(WORDS.get(operation, operation) if service == "dynamodb" else SERVICES[service])
        return plain(client, operation, kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", noting)
        yield made


def test_every_route_has_its_cost_written_down() -> None:
    assert set(written()) == set(ENDPOINTS)


@pytest.mark.parametrize("key", KEYS, ids=" ".join)
def test_a_route_costs_what_the_document_says(one_world: World, key: Key) -> None:
    scene = SCENES[key](one_world)
    with on_the_wire() as made:
        reply = scene.play(one_world)
    assert reply.status == ENDPOINTS[key].status, reply.text
    assert key in written(), f"write {made} for it into {DOCUMENT.name}"
    assert tuple(made) == written()[key].calls


@pytest.mark.parametrize("key", KEYS, ids=" ".join)
def test_a_read_is_one_round_trip_or_says_why_not(key: Key) -> None:
    cost = written()[key]
    if key[0] == "GET":
        assert set(cost.calls) <= {*READS, "s3"}
        assert len(cost.calls) <= 1 or cost.why


@pytest.mark.parametrize("key", [key for key in KEYS if key[0] != "GET"], ids=" ".join)
def test_a_change_reads_first_and_writes_in_one_transaction(key: Key) -> None:
    calls = written()[key].calls
    assert calls.count(TRANSACTION) <= 1
    if TRANSACTION in calls:
        assert not READS & set(calls[calls.index(TRANSACTION) :])


def test_the_count_sees_every_client(one_world: World) -> None:
    from chalicelib.platform.aws import client
    from chalicelib.platform.settings import settings

    with on_the_wire() as made:
        client("dynamodb").get_item(
            TableName=settings().table("people"), Key={"pk": {"S": "x"}, "sk": {"S": "x"}}
        )
        client("s3").list_objects_v2(Bucket=settings().documents_bucket)
    assert made == ["get", "s3"]
