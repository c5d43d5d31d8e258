"""A pair whose record a test sets, in the one place where it is counted."""

from collections.abc import Callable

import pytest

from chalicelib.mentorships import recording
from chalicelib.mentorships.sessions.model import Held as Tally
from tests.mentorships.goals.pair import Pair, make_pair
from tests.support.signing import ensure_key
from tests.support.world import World

Held = Callable[..., None]


@pytest.fixture
def pair(world: World) -> Pair:
    """A pair in a programme with the usual rule: six sessions and a final reflection."""
    ensure_key()
    return make_pair(world)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    """Say how many sessions and minutes were held, and whether both wrote their final reflection."""

    def set_to(sessions: int = 6, minutes: int = 360, reflection: bool = True) -> None:
        monkeypatch.setattr(recording, "held", lambda _: Tally(sessions, minutes))
        monkeypatch.setattr(recording, "has_final_reflection", lambda *_: reflection)

    return set_to
