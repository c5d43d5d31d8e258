"""A pair of a mentorship, and what the two do with its sessions."""

import pytest

from tests.mentorships.scene import Scene, make_scene
from tests.mentorships.sessions.meeting import Meeting, a_meeting
from tests.support.world import World


@pytest.fixture
def scene(world: World) -> Scene:
    return make_scene(world)


@pytest.fixture
def meeting(scene: Scene) -> Meeting:
    """A mentor in Toronto and a mentee in Nairobi, a week before Toronto's clocks go forward."""
    return a_meeting(scene)
