"""Evidence is inspected in this process: a child for each file would take its seconds, and has tests of its own."""

import pytest

from chalicelib.credentials.evidence import contained
from chalicelib.credentials.evidence.inspection import inspect
from tests.credentials.evidence.desk import Desk, desk
from tests.support.world import World


@pytest.fixture
def inspected_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contained, "inspect_contained", inspect)


@pytest.fixture
def office(world: World, inspected_here: None) -> Desk:
    """Somebody with a draft of a licence, and a reviewer."""
    return desk(world)
