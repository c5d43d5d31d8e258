"""Generated requests over the whole API description, in memory: no server error, and answers as described.

Bounded: a handful of requests an operation, the same ones each time.
"""

from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from chalicelib.organisations.model import StaffRole
from chalicelib.platform.web import openapi
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


def description() -> dict[str, Any]:
    import app  # noqa: F401 - declares the endpoints

    whole = dict(openapi.document())
    whole["paths"] = {path: item for path, item in whole["paths"].items() if path not in ASSETS}
    return whole


GATEWAY = Gateway()
# It does not know HEAD as a method that may be unexpected.
OTHERS = {"phases": {"coverage": {"unexpected-methods": [one for one in METHODS if one != "HEAD"]}}}
SCHEMA = schemathesis.openapi.from_dict(description(), config=SchemathesisConfig.from_dict(OTHERS))
SCHEMA.app = GATEWAY


@pytest.fixture(scope="module", autouse=True)
def gateway() -> Iterator[None]:
    """One installation for all requests, with an actor who may do everything."""
    with installation(), pytest.MonkeyPatch.context() as patch:
        world = make_world(patch)
        actor = world.staff(world.organisation(), StaffRole.COORDINATOR, StaffRole.REVIEWER, admin=True)
        GATEWAY.world = world
        GATEWAY.token = access_token(actor)
        yield


@SCHEMA.parametrize()
@hypothesis.settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
def test_no_request_breaks_the_server(case: schemathesis.Case) -> None:
    case.call_and_validate(
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
            unsupported_method,
        ]
    )
