"""A pair whose agreement nobody has looked at yet."""

import pytest

from tests.mentorships.agreements.two import Two, two_of
from tests.mentorships.scene import Scene


@pytest.fixture
def two(scene: Scene) -> Two:
    return two_of(scene)
