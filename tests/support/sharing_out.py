"""Which process of a run has which tests: all that act on the emulator go to one, so that it is started once.

`--dist loadgroup` with a group's mark would say the same, but does nothing under the pinned pytest
(https://github.com/pytest-dev/pytest-xdist/issues/1386).
"""

from xdist.scheduler import LoadScopeScheduling

JOURNEYS = "tests/journeys/"


class Sharing(LoadScopeScheduling):
    """Hands out tests one by one, but for the journeys, which stay together; the largest part goes first."""

    def _split_scope(self, nodeid: str) -> str:
        return JOURNEYS if nodeid.startswith(JOURNEYS) else nodeid
