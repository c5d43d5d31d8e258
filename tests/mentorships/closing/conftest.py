"""A pair whose mentorship comes to its end."""

import pytest

from tests.mentorships.goals.pair import Pair, make_pair
from tests.support.world import World


@pytest.fixture
def pair(world: World) -> Pair:
    """A mentorship of two weeks."""
    return make_pair(world)
