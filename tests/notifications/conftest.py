import pytest

from tests.notifications.post import PostOffice, open_post_office
from tests.support.world import World


@pytest.fixture
def office(world: World, monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    """A world whose mail can be watched, refused, lost and killed."""
    return open_post_office(world, monkeypatch)
