"""A programme whose run has proposed pairs."""

import pytest

from tests.mentorships.scene import Scene, make_scene
from tests.support.world import World


@pytest.fixture
def scene(world: World) -> Scene:
    """A programme of nobody yet."""
    return make_scene(world)


@pytest.fixture
def proposed(scene: Scene) -> Scene:
    """A programme with one mentor of two places, one mentee, and the proposal of the pair."""
    scene.mentor()
    scene.mentee()
    scene.match()
    return scene
