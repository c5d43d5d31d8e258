"""What docs/access-patterns.md says that each route costs, and what a request really asks for."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from botocore.client import BaseClient

from tests.architecture.imports import ROOT
from tests.architecture.scenes import Key

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
