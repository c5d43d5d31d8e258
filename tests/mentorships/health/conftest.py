"""A pair of a mentorship, whose health is looked at."""

import pytest

from tests.mentorships.scene import make_scene
from tests.mentorships.sessions.meeting import Meeting, a_meeting
from tests.support.world import World


@pytest.fixture
def meeting(world: World) -> Meeting:
    """A mentor in Toronto and a mentee in Nairobi, who begin on 1 March 2027 and have nothing yet."""
    return a_meeting(make_scene(world))
