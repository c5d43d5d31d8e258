"""Fixtures of series."""

import pytest

from tests.series.hub import Hub, make_hub
from tests.support.world import World


@pytest.fixture
def hub(world: World) -> Hub:
    return make_hub(world)
