"""A rate that all processes of the installation keep together: who wants to act takes the next turn, and waits for it.

One row a rate says when the next turn is; each who asks moves it on, in one conditional write. So turns are never
closer than the rate allows, whoever takes them, and come in the order in which they were asked for.
"""

import math
import time
from collections.abc import Callable

from chalicelib.platform import tables

PATIENCE_MS = 1000
"""Who would wait longer gets no turn: a function is paid for while it waits."""


class PaceRow(tables.Row):
    class Meta:
        capability = "platform"


def take_turn(
    name: str,
    per_second: int,
    *,
    now: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Wait for the next turn under a rate; return False, at once, where it is more than a second away.

    Parameters
    ----------
    per_second
        How many turns there are in any second.
    now
        Real time in seconds since 1970: what the rate protects does not know of the domain's clock.
    """
    asked_at = int(now() * 1000)
    turn = tables.advance(
        PaceRow, f"PACE#{name}", "PACE", by=math.ceil(1000 / per_second), at_least=asked_at,
        at_most=asked_at + PATIENCE_MS,
    )  # fmt: skip
    if turn is None:
        return False
    if turn > asked_at:
        sleep((turn - asked_at) / 1000)
    return True
