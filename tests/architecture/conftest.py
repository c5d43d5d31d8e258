"""Fixtures of the generated tests."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from infra.local.resources import create_all
from tests.conftest import SESSION, forget_process_state
from tests.support.world import World, make_world


@pytest.fixture(scope="module")
def one_world() -> Iterator[World]:
    """One world for all scenes of a module: each brings its own people, and making a world costs most."""
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        for name, value in create_all("test", SESSION).items():
            patch.setenv(name, value)
        forget_process_state()
        yield make_world(patch)
    forget_process_state()
