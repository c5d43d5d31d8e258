"""Of how many people a sum is told, so that nobody is told apart in it."""

from collections.abc import Sequence
from typing import Final, TypeVar

FEWEST: Final = 5
"""Of fewer people no sum is told. Ours."""

T = TypeVar("T")


def whole_groups(found: Sequence[T]) -> tuple[T, ...]:
    """Return as many of the first as make whole groups of `FEWEST`: a sum of these grows by five people at a time, so
    that who reads it again after one more answer learns nothing.

    Examples
    --------
    >>> whole_groups("abcdefg")
    ('a', 'b', 'c', 'd', 'e')
    """
    return tuple(found[: len(found) // FEWEST * FEWEST])
