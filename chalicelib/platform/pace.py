"""A rate that all processes of the installation keep together: who wants to act takes the next turns, and waits for
each.

One row a rate says when the next turn is; each who asks moves it on by as many turns as it takes, in one conditional
write. So turns are never closer than the rate allows, whoever takes them, and come in the order in which they were
asked for: there is no burst but of those who were held up between their turn and their act.
"""

import math
import time
from collections.abc import Callable

from chalicelib.platform import tables

PATIENCE_MS = 10_000
"""Who would wait longer for the first turn gets none, and nobody takes turns of a longer time at once: a function is
paid for while it waits. So the last of a block is at most twice as far away."""


class PaceRow(tables.Row):
    class Meta:
        capability = "platform"


def take_turns(
    name: str, per_second: int, wanted: int, *, now: Callable[[], float] = time.time
) -> tuple[float, ...]:
    """Take the next turns under a rate: as many as are wanted, or fit into the patience; none where the first is
    further away than that.

    Parameters
    ----------
    per_second
        How many turns there are in any second.
    now
        Real time: what the rate protects does not know of the domain's clock.

    Returns
    -------
    tuple of float
        When each is, in seconds since 1970.
    """
    asked_at = int(now() * 1000)
    step = math.ceil(1000 / per_second)
    turns = min(wanted, PATIENCE_MS // step + 1)
    first = tables.advance(
        PaceRow, f"PACE#{name}", "PACE", by=turns * step, at_least=asked_at, at_most=asked_at + PATIENCE_MS
    )  # fmt: skip
    return () if first is None else tuple((first + n * step) / 1000 for n in range(turns))


def wait_for(
    turn: float, *, now: Callable[[], float] = time.time, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Wait until it is somebody's turn."""
    left = turn - now()
    if left > 0:
        sleep(left)
