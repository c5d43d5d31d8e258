"""A path that is there says which methods it takes."""

import pytest

import app
from chalicelib.platform.web.endpoint import ENDPOINTS
from chalicelib.platform.web.methods import METHODS
from tests.support.world import World

PATHS = sorted({path for _, path in ENDPOINTS})


@pytest.mark.parametrize("path", PATHS)
def test_other_methods_are_refused_with_those_that_it_takes(world: World, path: str) -> None:
    taken = {method for method in METHODS if (method, path) in ENDPOINTS}
    assert taken
    for method in set(METHODS) - taken:
        reply = world.request(method, path.replace("{", "").replace("}", ""))
        assert reply.status == 405
        assert reply.headers["Content-Type"] == "application/problem+json"
        assert reply.json["type"].endswith("/method-not-allowed")
        assert set(reply.headers["Allow"].split(", ")) == taken | {"OPTIONS"}


def test_they_are_no_part_of_a_preflight() -> None:
    for by_method in app.app.routes.values():
        for route in by_method.values():
            assert (route.cors is None) == (route.view_name == "method_not_allowed")
