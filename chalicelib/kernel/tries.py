"""Trying anew what somebody else's change has crossed."""

from collections.abc import Callable
from typing import TypeVar

from chalicelib.kernel.errors import DomainError, Unavailable

T = TypeVar("T")


def again(attempt: Callable[[], T], *crossed: type[DomainError], busy: str, tries: int = 3) -> T:
    """Return what an attempt comes to, read and decided anew where somebody else's change came in between.

    Parameters
    ----------
    crossed
        The refusals that tell of such a change.
    busy
        What is said where others keep changing the same.
    tries
        Two changes may cross each other; a third try means that something else is wrong.

    Raises
    ------
    Unavailable
        If the last try was crossed, too.
    """
    for _ in range(tries):
        try:
            return attempt()
        except crossed:
            continue
    raise Unavailable(busy)
