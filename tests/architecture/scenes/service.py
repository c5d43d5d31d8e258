"""Scenes of the routes about the service itself, which anyone may call."""

from typing import Any

from tests.architecture.scenes import scene
from tests.support.world import World


def _plain(world: World) -> dict[str, Any]:
    return {}


for _path in ("/health", "/openapi.json", "/docs", "/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js"):
    scene("GET", _path)(_plain)
