"""The API's description is short, and answers as the long one does."""

import copy
from typing import Any

import pytest

from infra import gateway, package, template
from infra.gateway import ANY, INTEGRATION

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")


@pytest.fixture(scope="module")
def long() -> dict[str, Any]:
    """What Chalice wrote."""
    return body(template.load(package.build("prod").directory / "sam.yaml"))


@pytest.fixture(scope="module")
def short() -> dict[str, Any]:
    """What is deployed."""
    return body(package.build("prod").template)


def body(built: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = built["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    return found


def answer(paths: dict[str, Any], path: str, method: str) -> tuple[Any, ...] | None:
    """Return who answers a method, as API Gateway chooses: the path's own entry, else the one for any."""
    one = paths[path].get(method, paths[path].get(ANY))
    if one is None:
        return None
    to = one[INTEGRATION]
    if to["type"] == "mock":
        return one.get("security"), one["responses"], to
    return one.get("security"), to["type"], to["uri"], to["httpMethod"], to["contentHandling"]


def test_every_method_of_every_path_is_answered_as_before(
    long: dict[str, Any], short: dict[str, Any]
) -> None:
    assert short["paths"].keys() == long["paths"].keys()
    for path in long["paths"]:
        for method in METHODS:
            told = answer(long["paths"], path, method)
            assert told is not None
            assert answer(short["paths"], path, method) == told, (path, method)
    for part in long.keys() | short.keys():
        assert part == "paths" or short[part] == long[part]


def test_who_must_sign_in_is_written_at_the_method_itself(short: dict[str, Any]) -> None:
    """An entry for any method has no sign-in: whatever a path has stands beside it."""
    for path, methods in short["paths"].items():
        assert "security" not in methods[ANY]
        taken = gateway._named(methods)
        assert set(methods) == {*taken, ANY}, path
    assert sum("security" in one for methods in short["paths"].values() for one in methods.values()) > 100


def test_it_is_less_than_half_as_long(long: dict[str, Any], short: dict[str, Any]) -> None:
    assert len(package.written(short)) < 0.45 * len(package.written(long))


@pytest.fixture
def path(long: dict[str, Any]) -> dict[str, Any]:
    """A path to be changed."""
    found: dict[str, Any] = copy.deepcopy(long["paths"]["/v1/me"])
    return found


def test_a_path_whose_refused_methods_differ_keeps_each(path: dict[str, Any]) -> None:
    path["delete"]["security"] = [{"authorizer": []}]
    assert set(gateway.shortened({"paths": {"/": path}})["paths"]["/"]) == set(METHODS)


def test_without_a_preflight_nothing_catches_it(path: dict[str, Any]) -> None:
    del path["options"]
    assert ANY not in gateway.shortened({"paths": {"/": path}})["paths"]["/"]


def test_each_step_of_a_path_is_a_resource() -> None:
    assert gateway.resources({"paths": {"/": {}, "/v1/me": {}, "/v1/people/{id}": {}, "/v1/people": {}}}) == 5
