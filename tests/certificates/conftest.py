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
def active(world: World) -> Pair:
    """A pair in a programme with the usual rule: six sessions and a final reflection."""
    ensure_key()
    return make_pair(world)


@pytest.fixture
def pair(active: Pair) -> Pair:
    """The same once it is closing."""
    end(active)
    return active


def end(pair: Pair) -> None:
    path = f"/v1/mentorships/{pair.id}/end"
    reply = pair.world.post(path, {"reason": "goals_reached"}, by=pair.mentee)
    assert reply.json["status"] == "closing", reply.text


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    """Say how many sessions and minutes were held, and whether both wrote their final reflection."""

    def set_to(sessions: int = 6, minutes: int = 360, reflection: bool = True) -> None:
        monkeypatch.setattr(recording, "held", lambda _: Tally(sessions, minutes))
        monkeypatch.setattr(recording, "has_final_reflection", lambda *_: reflection)

    return set_to
