"""A pair in a programme with a third person."""

import pytest

from tests.mentorships.introductions.three import Three, make_three
from tests.support.world import World


@pytest.fixture
def three(world: World) -> Three:
    """A mentorship of two weeks, and a mentor of the same programme whom its directory shows."""
    return make_three(world)
