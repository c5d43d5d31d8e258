import pytest

from chalicelib.notifications import programme_digests
from tests.notifications.post import PostOffice, open_post_office
from tests.support.world import World


@pytest.fixture
def no_programme_digests(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a Sunday the sweep writes what coordinators read in the week: none of a story about single writes."""
    monkeypatch.setattr(programme_digests, "write_due", lambda _now: None)


@pytest.fixture
def office(world: World, monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    """A world whose mail can be watched, refused, lost and killed."""
    return open_post_office(world, monkeypatch)
