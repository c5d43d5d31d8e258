"""A mentor and a mentee of a programme, who meet."""

import pytest

from tests.mentorships.scene import make_scene
from tests.mentorships.sessions.meeting import Meeting, a_meeting
from tests.support.world import World


@pytest.fixture
def meeting(world: World) -> Meeting:
    """A pair whose two people are enrolled."""
    found = a_meeting(make_scene(world))
    found.scene.enrol(found.mentor, "mentor")
    found.scene.enrol(found.mentee, "mentee")
    return found
