"""A programme whose mentorships are asked how they are going."""

import pytest

from tests.mentorships.feedback.pairs import Hall, make_hall
from tests.support.world import World


@pytest.fixture
def hall(world: World) -> Hall:
    return make_hall(world)
