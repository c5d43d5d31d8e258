"""The import rules hold, and the checker sees what breaks them."""

import pytest

from tests.architecture.imports import LAYER_OF, LAYERS, ORDER, ROOT, modules, place, unlike_typed, violations


def test_the_rules_hold() -> None:
    sources = modules()
    assert len(sources) > 60
    assert violations(sources, set(sources)) == []


def test_every_capability_has_its_place_in_the_order() -> None:
    parts = {file.parent.name for file in (ROOT / "chalicelib").glob("*/__init__.py")}
    assert parts - {"kernel", "platform"} <= set(ORDER)


def test_every_exception_is_still_there() -> None:
    assert set(modules()) >= set(LAYER_OF)


def test_every_layer_is_told_from_its_file_name() -> None:
    assert {place(f"chalicelib.people.{layer}").layer for layer in LAYERS} == set(LAYERS)
    assert place("chalicelib.people.codes").layer == "model"


def test_what_is_loaded_later_is_what_its_types_are_checked_against() -> None:
    with_later = {module: source for module, source in modules().items() if " = later(" in source}
    assert len(with_later) > 10
    assert {module: found for module, source in with_later.items() if (found := unlike_typed(source))} == {}


@pytest.mark.parametrize(
    "loaded", ['service = later("chalicelib.people.store")', 'other = later("chalicelib.people.service")']
)
def test_the_checker_sees_what_is_loaded_unlike_its_types(loaded: str) -> None:
    source = f"if TYPE_CHECKING:\n    from chalicelib.people import service\nelse:\n    {loaded}"
    assert unlike_typed(source) == [f"line 4: {loaded}".replace('"', "'")]


KNOWN = set(modules())
PLANTED = [
    ("chalicelib.kernel.ids", "import chalice", "standard library"),
    ("chalicelib.kernel.ids", "from chalicelib.platform import tables", "standard library"),
    ("chalicelib.platform.tables", "from chalicelib.people import service", "no capability"),
    ("chalicelib.people.model", "from chalicelib.people import store", "a model knows no store"),
    ("chalicelib.people.model", "from chalicelib.platform import tables", "platform.tables"),
    ("chalicelib.people.codes", "from chalicelib.platform.aws import client", "platform.aws"),
    ("chalicelib.people.model", "import pynamodb", "pynamodb"),
    ("chalicelib.people.model", "import pydantic", "schemas.py"),
    ("chalicelib.people.store", "from chalicelib.people import service", "a store knows no service"),
    ("chalicelib.people.store", "from chalicelib.platform.commit import commit", "platform.commit"),
    ("chalicelib.people.service", "from chalicelib.people import schemas", "a service knows no schemas"),
    ("chalicelib.people.service", "from chalicelib.people import examples", "a service knows no examples"),
    ("chalicelib.people.examples", "from chalicelib.people import model", "examples knows no model"),
    ("chalicelib.people.service", "import chalice", "chalice"),
    ("chalicelib.people.service", "from chalicelib.platform.web.endpoint import Routes", "HTTP"),
    ("chalicelib.people.service", "from pynamodb.attributes import UnicodeAttribute", "pynamodb"),
    ("chalicelib.people.service", "import boto3", "platform/"),
    ("chalicelib.people.service", "import numpy as np", "matching/"),
    ("chalicelib.people.routes", "from chalicelib.people import store", "a routes knows no store"),
    ("chalicelib.people.schemas", "from chalicelib.platform import tables", "platform.tables"),
    ("chalicelib.people.service", "from chalicelib.programmes import service", "outbox event"),
    ("chalicelib.accounts.errors", "from chalicelib.organisations import model", "outbox event"),
    ("chalicelib.programmes.service", "from chalicelib.people import store", "ask its service"),
    ("chalicelib.programmes.service", "from chalicelib.people.store import PersonRow", "ask its service"),
    ("chalicelib.programmes.service", "from chalicelib.people import routes", "ask its service"),
    ("chalicelib.programmes.store", "from chalicelib.people import service", "ask its service"),
    ("chalicelib.programmes.model", "from chalicelib.people import service", "ask its service"),
    ("chalicelib.programmes.service", "from ..people import service", "written whole"),
    ("chalicelib.programmes.service", "def f():\n    from chalicelib.people import store", "ask its service"),
    ("chalicelib.programmes.service", "if True:\n    import chalicelib.people.store", "ask its service"),
    ("chalicelib.notifications.service", "from chalicelib.mentorships import worker", "ask its service"),
    ("chalicelib.programmes.service", 'store = later("chalicelib.people.store")', "ask its service"),
    ("chalicelib.mentorships.asking", "from chalicelib.platform.web import endpoint", "HTTP"),
    ("chalicelib.gossip.service", "from chalicelib.people import service", "ORDER"),
    ("chalicelib.people.service", "import requests", "no rule names"),
    ("chalicelib.people.service", "import jwt", "not named here"),
    ("chalicelib.credentials.service", "from urllib3 import PoolManager", "not named here"),
    ("chalicelib.people.service", "from tests.support import world", "no rule names"),
    ("app", "from chalicelib.people import service", "app.py wires"),
]


@pytest.mark.parametrize(("module", "line", "why"), PLANTED)
def test_the_checker_sees_what_breaks_them(module: str, line: str, why: str) -> None:
    planted = violations({module: line}, KNOWN)
    assert len(planted) == 1, planted
    assert why in planted[0]


def test_the_checker_lets_what_is_allowed_through() -> None:
    allowed = "\n".join(
        [
            "import json", "from chalicelib.kernel.call import Call", "from chalicelib.platform.commit import commit",
            "from chalicelib.people import service, codes", "from chalicelib.programmes import store, model",
        ]
    )  # fmt: skip
    assert violations({"chalicelib.programmes.service": allowed}, KNOWN) == []
