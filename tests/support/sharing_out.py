"""Which process of a run has which tests: all that act on the emulator go to one, so that it is started once.

`--dist loadgroup` with a group's mark would say the same, but does nothing under the pinned pytest
(https://github.com/pytest-dev/pytest-xdist/issues/1386).
"""

from typing import Any

from xdist.scheduler import LoadScopeScheduling

JOURNEYS = "tests/journeys/"


class Sharing(LoadScopeScheduling):
    """Hands out tests one by one, but for the journeys, which stay together; the largest part goes first."""

    def _split_scope(self, nodeid: str) -> str:
        return JOURNEYS if nodeid.startswith(JOURNEYS) else nodeid

    def mark_test_complete(self, node: Any, item_index: int, duration: float = 0) -> None:
        # As its own, but what is done is forgotten: it would be counted again after each of ten thousand tests.
        nodeid = self.registered_collections[node][item_index]
        scope = self._split_scope(nodeid)
        unit = self.assigned_work[node][scope]
        unit[nodeid] = True
        if all(unit.values()):
            del self.assigned_work[node][scope]
        self._reschedule(node)
