"""Fixtures of the generated tests."""

from collections.abc import Iterator

import pytest

from tests.support.aws import installation
from tests.support.world import World, make_world


@pytest.fixture(scope="module")
def one_world() -> Iterator[World]:
    """One world for all scenes of a module: each brings its own people, and making a world costs most."""
    with installation(), pytest.MonkeyPatch.context() as patch:
        yield make_world(patch)
