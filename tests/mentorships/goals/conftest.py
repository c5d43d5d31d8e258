"""A pair whose goals are written."""

import pytest

from tests.mentorships.goals.pair import Pair, make_pair
from tests.support.world import World


@pytest.fixture
def pair(world: World) -> Pair:
    """A mentorship of two weeks, in a programme whose goals are reviewed every three sessions."""
    return make_pair(world)
