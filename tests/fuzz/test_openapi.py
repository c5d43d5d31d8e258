"""Generated requests over the whole API description, in memory: no server error, and answers as described.

Bounded: a handful of requests an operation, the same ones each time.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.control import SkipTest
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.generation.hypothesis.reporting import ignore_hypothesis_output
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.python._constants.orchestrator import make_constants_value_source
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

import app  # noqa: F401 - declares the endpoints
from chalicelib.organisations.model import StaffRole
from chalicelib.platform.web import openapi
from chalicelib.platform.web.endpoint import ENDPOINTS
from chalicelib.platform.web.methods import METHODS
from tests.support.aws import installation
from tests.support.world import World, access_token, make_world

EXAMPLES = 12
# Big and constant; there is nothing to find in them.
ASSETS = {"/docs", "/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/openapi.json"}

StartResponse = Callable[[str, list[tuple[str, str]]], object]


class Gateway:
    """The app behind WSGI, as API Gateway would hand requests on."""

    world: World
    token: str

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length) if length else b""
        headers = {
            name[5:].replace("_", "-").title(): value
            for name, value in environ.items()
            if name.startswith("HTTP_") and name != "HTTP_AUTHORIZATION"
        }
        if environ.get("CONTENT_TYPE"):
            headers["Content-Type"] = environ["CONTENT_TYPE"]
        headers["Authorization"] = f"Bearer {self.token}"
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        query = environ.get("QUERY_STRING", "")
        target = quoted(path) + (f"?{query}" if query else "")
        answer = self.world.client.http.request(environ["REQUEST_METHOD"], target, headers=headers, body=body)
        start_response(f"{answer.status_code} Status", [(k, str(v)) for k, v in answer.headers.items()])
        return [answer.body if isinstance(answer.body, bytes) else str(answer.body).encode()]


def quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(path, safe="/")


GATEWAY = Gateway()
# It does not know HEAD as a method that may be unexpected.
OTHERS = {"phases": {"coverage": {"unexpected-methods": [one for one in METHODS if one != "HEAD"]}}}
OPERATIONS = sorted(f"{method} {path}" for method, path in ENDPOINTS if path not in ASSETS)


@cache
def schema() -> Any:
    """Return the description as schemathesis reads it."""
    whole = dict(openapi.document())
    whole["paths"] = {path: item for path, item in whole["paths"].items() if path not in ASSETS}
    found = schemathesis.openapi.from_dict(whole, config=SchemathesisConfig.from_dict(OTHERS))
    found.app = GATEWAY
    return found


@pytest.fixture(scope="module", autouse=True)
def gateway() -> Iterator[None]:
    """One installation for all requests, with an actor who may do everything."""
    with installation(), pytest.MonkeyPatch.context() as patch:
        world = make_world(patch)
        actor = world.staff(world.organisation(), StaffRole.COORDINATOR, StaffRole.REVIEWER, admin=True)
        GATEWAY.world = world
        GATEWAY.token = access_token(actor)
        yield


@cache
def constants() -> FeedbackSources:
    """Return the values from our own sources that requests try as well."""
    return FeedbackSources(constants_value_source=make_constants_value_source(schema()))


@hypothesis.settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
def answers_as_described(case: schemathesis.Case) -> None:
    case.call_and_validate(
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
            unsupported_method,
        ]
    )


def test_every_operation_has_its_requests() -> None:
    assert sorted(one.ok().label for one in schema().get_all_operations()) == OPERATIONS


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_request_breaks_the_server(operation: str) -> None:
    """The requests are made here and not while tests are collected, which each process does for all operations."""
    method, _, path = operation.partition(" ")
    sent = build_operation_test(
        config=schema().config, operation=schema()[path][method], test_func=answers_as_described, given_kwargs={},
        feedback=constants(),
    )  # fmt: skip
    with ignore_hypothesis_output():
        try:
            sent()
        except SkipTest as nothing:
            pytest.fail(f"no request could be made: {nothing}")
