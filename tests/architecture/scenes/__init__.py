"""One scene a route: what has to be there for a request to succeed, and the request.

The tests of access, cost and privacy are generated from these. Every free text in a scene is a canary, so that
whatever repeats one where it should not be is found.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import Any

from tests.support.aws import put_back, state_now
from tests.support.world import MENTEE_PROFILE, MENTOR_PROFILE, Reply, World

CANARY = "canary"
Key = tuple[str, str]


class Others(StrEnum):
    """What another person gets who sends the very same request to a route for persons.

    OWN: the same route about themselves. HIDDEN: 404, as if there were nothing. OPEN: the same as anybody.
    """

    OWN = "their own"
    HIDDEN = "404"
    OPEN = "the same"


@dataclass(frozen=True)
class Scene:
    """A request that succeeds.

    Attributes
    ----------
    by
        Who sends it; None on a route for anyone.
    organisation
        Whose row it is about, on a route for staff.
    another
        Who else may send it, on a route for persons where not just anybody of the world can.
    hand_over
        Puts somebody else into the place of `by`, where what they have done before is theirs alone.
    """

    method: str
    path: str
    by: str | None = None
    body: Any = None
    query: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    organisation: str | None = None
    others: Others = Others.OWN
    another: str | None = None
    hand_over: Callable[[World, str], None] | None = None

    def play(self, world: World, *, by: str | None = None) -> Reply:
        """Send the request, by somebody else if named."""
        return world.request(
            self.method, self.path, self.body, by=by or self.by, headers=self.headers, query=self.query
        )


Builder = Callable[[World], Scene]
SCENES: dict[Key, Builder] = {}


def scene(method: str, path: str) -> Callable[[Callable[..., dict[str, Any]]], Builder]:
    """Register the scene of a route. The function returns what `Scene` takes; `path` names ids in braces, which it
    returns under `ids`."""

    def register(function: Callable[[World], dict[str, Any]]) -> Builder:
        def build(world: World) -> Scene:
            given = function(world)
            return Scene(method, path.format(**given.pop("ids", {})), **given)

        if (method, path) in SCENES:
            raise ValueError(f"{method} {path} has a scene already")
        SCENES[method, path] = build
        return build

    return register


def kept(function: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Make what many scenes begin with once a process: in a world where nothing has been done yet, it is put back as it
    was then."""
    known: dict[str, tuple[bytes, datetime, dict[str, Any]]] = {}

    @wraps(function)
    def begin(world: World, **how: Any) -> dict[str, Any]:
        if not world.is_untouched:
            return function(world, **how)
        key = repr(sorted(how.items()))
        if key not in known:
            given = function(world, **how)
            assert not world.code_mails, "what was mailed would not be put back"
            known[key] = state_now(), world.at, deepcopy(given)
            return given
        state, world.at, given = known[key]
        put_back(state)
        world.is_untouched = False
        return deepcopy(given)

    return begin


def secret(what: str) -> str:
    """Return a text that must not turn up anywhere but where it was put."""
    return f"Canary {what}"


PRIVATE: dict[str, Any] = {
    "employer": secret("employer"),
    "goals": secret("goals"),
    "research_interests": ["canary interest"],
    "access_needs": ["canary need"],
    "topics_sought": ["canary topic"],
    "topics_offered": ["canary topic"],
    "strengths": ["canary strength"],
    "wants_to_grow": ["canary growth"],
    "values": ["canary value"],
    "negative_wishes": {"employers": ["canary rival"]},
    "sensitive_consent": True,
    "gender": "canary gender",
    "background": secret("background"),
}

_number = iter(range(10**9))


def address() -> str:
    return f"canary-{next(_number)}@canary.example.org"


def somebody(world: World, **profile: Any) -> str:
    """Add a person all of whose texts are canaries."""
    return world.person({**PRIVATE, **profile}, email=address(), name="Canary Person")


def mentor(world: World) -> str:
    return world.mentor(**PRIVATE)


def mentee(world: World) -> str:
    return somebody(world, **{**MENTEE_PROFILE, **PRIVATE})


def whole_profile() -> dict[str, Any]:
    return {**MENTOR_PROFILE, **PRIVATE}


def load() -> dict[Key, Builder]:
    """Return all scenes, with the routes that they are of declared."""
    import app  # noqa: F401 - declares the routes
    from tests.architecture.scenes import (  # noqa: F401 - each registers its own
        accounts,
        agreements,
        assessments,
        certificates,
        circles,
        closing,
        credentials,
        credits,
        events,
        evidence,
        feedback,
        giving,
        goals,
        health,
        introductions,
        matching,
        mentorships,
        notifications,
        organisations,
        people,
        portfolios,
        programmes,
        reflections,
        registers,
        rosters,
        safety,
        series,
        service,
        sessions,
        simulations,
    )

    return SCENES
