"""What ``assign`` takes: each argument checked, cast where nothing is lost, refused by name and place."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching._edges import Keys

INDEX_LIMIT = 2**31 - 1
# Rates are kept for each number up to the largest, so a stray one must not ask for all memory.
GROUP_LIMIT = 2**16 - 1


def count_of(name: str, value: Any) -> int:
    try:
        count = operator.index(value)
    except TypeError:
        raise ValueError(f"{name} is {value!r}: give a whole number") from None
    if not 0 <= count <= INDEX_LIMIT:
        raise ValueError(f"{name} is {count}: it must be from 0 to {INDEX_LIMIT}")
    return count


def _flat(name: str, value: Any, kinds: str, expected: str) -> NDArray[Any]:
    array = np.asarray(value)
    if array.ndim != 1:
        raise ValueError(f"{name} has {array.ndim} dimensions: give a one-dimensional array")
    if array.size and array.dtype.kind not in kinds:
        raise ValueError(f"{name} has dtype {array.dtype}, which does not hold {expected}: cast it first")
    return array


def integers(name: str, value: Any, limit: int, advice: str) -> NDArray[np.int32]:
    """``value`` as int32, every entry checked to be from 0 to ``limit``."""
    array = _flat(name, value, "iu", "whole numbers")
    if array.size and (int(array.min()) < 0 or int(array.max()) > limit):
        first = int(((array < 0) | (array > limit)).argmax())
        raise ValueError(
            f"{name}[{first}] is {array[first]}, outside 0 to {limit}: {advice}"
            if limit >= 0
            else f"{name}[{first}] is {array[first]}, but there is nobody to point at: {advice}"
        )
    return array.astype(np.int32, copy=False)


def scores(name: str, value: Any) -> NDArray[np.float32]:
    """``value`` as float32, every entry checked to be in (0, 1], as float32 too."""
    array = _flat(name, value, "f", "scores (a floating-point number each)")
    with np.errstate(under="ignore"):
        narrow = array.astype(np.float32, copy=False)
    # Written so that NaN fails it as well.
    if array.size and not (narrow.min() > 0 and array.max() <= 1):
        first = int((~((narrow > 0) & (array <= 1))).argmax())
        raise ValueError(
            f"{name}[{first}] is {array[first]}, outside (0, 1]: scale scores into it and leave out "
            "the pairs that are not admissible"
        )
    return narrow


def same_lengths(**arrays: NDArray[Any] | None) -> None:
    """Refuse edges that are not one entry in each array."""
    lengths = {name: array.size for name, array in arrays.items() if array is not None}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name} {size}" for name, size in lengths.items())
        raise ValueError(f"edges have different lengths ({found}): give one entry for each edge")


def keys_of(value: Any, n_mentees: int, n_mentors: int) -> tuple[Keys, Keys]:
    """Both sides' keys, one for each person and each of them distinct."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise ValueError("keys must be a pair: the mentees' keys and the mentors' keys")
    return _keys("keys[0]", value[0], n_mentees, "mentees"), _keys("keys[1]", value[1], n_mentors, "mentors")


def _keys(name: str, value: Any, size: int, whose: str) -> Keys:
    array = _flat(name, value, "u", "keys (unsigned integers)")
    if array.size != size:
        raise ValueError(f"{name} has {array.size} entries for {size} {whose}: give each their key")
    keys: Keys = array.astype(np.uint64, copy=False)
    order = keys.argsort(kind="stable")
    again = order[1:][keys[order[1:]] == keys[order[:-1]]]
    if again.size:
        second = int(again.min())
        first = int((keys == keys[second]).argmax())
        raise ValueError(
            f"{name}[{second}] is the same as {name}[{first}]: keys tell people apart, give each their own"
        )
    return keys


def groups_of(value: Any, n_mentees: int) -> NDArray[np.int32]:
    """The group of each mentee."""
    groups = integers("groups", value, GROUP_LIMIT, "number the groups from 0")
    if groups.size != n_mentees:
        raise ValueError(f"groups has {groups.size} entries for {n_mentees} mentees: give each their group")
    return groups


def share(name: str, value: Any) -> float:
    """A number from 0 to 1."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 <= number <= 1:
        raise ValueError(f"{name} is {value!r}: give a number from 0 to 1")
    return number
