"""What ``assign`` refuses, and that it says where."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chalicelib.matching.assignment import Assignment, assign

EDGES: dict[str, Any] = {
    "mentee": np.array([0, 0, 1, 2], np.int32),
    "mentor": np.array([0, 1, 1, 0], np.int32),
    "score": np.array([0.5, 0.25, 1.0, 0.75], np.float32),
    "n_mentees": 3,
    "capacity": np.array([1, 2], np.int32),
}
GROUPS = np.array([0, 1, 1], np.int32)


def call(**changed: Any) -> Assignment:
    arguments = EDGES | changed
    if arguments.get("objective") == "fair" and arguments["n_mentees"] == 3:
        arguments = {"groups": GROUPS} | arguments
    positional = [arguments.pop(name) for name in EDGES]
    return assign(*positional, **arguments)


def keys(*values: int) -> Any:
    return np.array(values, np.uint64)


def scores(*values: float, dtype: Any = np.float32) -> Any:
    return np.array(values, dtype)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"score": scores(0.5, np.nan, 1, -1)}, r"^score\[1\] is nan, outside \(0, 1\]: "),
        ({"score": scores(0.5, 0.5, np.inf, -1)}, r"^score\[2\] is inf, outside"),
        ({"score": scores(0.5, 0.5, 0.5, -np.inf)}, r"^score\[3\] is -inf, outside"),
        ({"score": scores(0, 0.5, 0.5, 2)}, r"^score\[0\] is 0\.0, outside"),
        ({"score": scores(0.5, -0.5, 0.5, 2)}, r"^score\[1\] is -0\.5, outside"),
        ({"score": scores(0.5, 0.5, 1.5, 2)}, r"^score\[2\] is 1\.5, outside"),
        ({"score": scores(0.5, 0.5, 1 + 1e-9, 1, dtype=np.float64)}, r"^score\[2\] is 1\.000000001, outside"),
        ({"score": scores(0.5, 1e-60, 1, 1, dtype=np.float64)}, r"^score\[1\] is 1e-60, outside"),
        ({"mentor_score": scores(0.5, 0.5, 0.5, 0)}, r"^mentor_score\[3\] is 0\.0, outside"),
        ({"mentee": np.array([0, 3, -1, 2])}, r"^mentee\[1\] is 3, outside 0 to 2: .*n_mentees"),
        ({"mentee": np.array([0, 1, -1, 2])}, r"^mentee\[2\] is -1, outside 0 to 2"),
        ({"mentee": np.array([2**32, 1, 1, 2])}, r"^mentee\[0\] is 4294967296, outside 0 to 2"),
        ({"mentor": np.array([0, 1, 1, 2])}, r"^mentor\[3\] is 2, outside 0 to 1: .*capacity"),
        (
            {"mentor": np.array([0, 2**64 - 1, 1, 0], np.uint64)},
            r"^mentor\[1\] is 18446744073709551615, outside",
        ),
        ({"capacity": np.array([], np.int32)}, r"^mentor\[0\] is 0, but there is nobody"),
        ({"n_mentees": 0}, r"^mentee\[0\] is 0, but there is nobody"),
        ({"capacity": np.array([1, -1], np.int32)}, r"^capacity\[1\] is -1, outside .* 0 to close"),
        ({"capacity": np.array([2**31, -1])}, r"^capacity\[0\] is 2147483648, outside 0 to 2147483647"),
        ({"score": scores(0.5, 0.5, 0.5)}, r"different lengths \(mentee 4, mentor 4, score 3\)"),
        ({"mentor_score": scores(0.5)}, r"different lengths .*mentor_score 1"),
        ({"mentee": np.array([0.0, 0.0, 1.0, 2.0])}, r"^mentee has dtype float64, .* cast it first"),
        ({"mentor": np.array([True, False, True, True])}, r"^mentor has dtype bool"),
        ({"capacity": np.array([1.5, 2.0])}, r"^capacity has dtype float64"),
        ({"score": np.array([1, 1, 1, 1])}, r"^score has dtype int64"),
        ({"score": np.array(["1", "1", "1", "1"])}, r"^score has dtype <U1"),
        ({"score": np.array([0.5 + 0j] * 4)}, r"^score has dtype complex128"),
        ({"score": np.full((4, 1), 0.5)}, r"^score has 2 dimensions"),
        ({"mentee": np.int32(0)}, r"^mentee has 0 dimensions"),
        ({"n_mentees": -1}, r"^n_mentees is -1: "),
        ({"n_mentees": 2**31}, r"^n_mentees is 2147483648: "),
        ({"n_mentees": 3.0}, r"^n_mentees is 3\.0: give a whole number"),
        ({"objective": "best"}, r"^objective is 'best': "),
        ({"objective": "fair", "groups": None}, r"^groups is None: .fair. needs"),
        ({"groups": np.array([0, 1, -1])}, r"^groups\[2\] is -1, outside 0 to 65535"),
        ({"groups": np.array([0, 2**16, -1])}, r"^groups\[1\] is 65536, outside"),
        ({"groups": np.array([0, 1])}, r"^groups has 2 entries for 3 mentees"),
        ({"groups": np.array([0.0, 1.0, 1.0])}, r"^groups has dtype float64"),
        ({"groups": np.array([[0, 1, 1]])}, r"^groups has 2 dimensions"),
        ({"max_loss": -0.01}, r"^max_loss is -0\.01: "),
        ({"max_loss": 1.01}, r"^max_loss is 1\.01: "),
        ({"max_loss": np.nan}, r"^max_loss is nan: "),
        ({"max_loss": "much"}, r"^max_loss is 'much': "),
        ({"keys": keys(1, 2, 3)}, r"^keys must be a pair"),
        ({"keys": (keys(1, 2, 3), keys(1, 2), keys(1))}, r"^keys must be a pair"),
        ({"keys": (keys(1, 2), keys(1, 2))}, r"^keys\[0\] has 2 entries for 3 mentees"),
        ({"keys": (keys(1, 2, 3), keys(1, 2, 3))}, r"^keys\[1\] has 3 entries for 2 mentors"),
        ({"keys": (keys(1, 2, 1), keys(1, 1))}, r"^keys\[0\]\[2\] is the same as keys\[0\]\[0\]"),
        ({"keys": (keys(1, 2, 3), keys(7, 7))}, r"^keys\[1\]\[1\] is the same as keys\[1\]\[0\]"),
        ({"keys": (np.array([1, 2, 3]), keys(1, 2))}, r"^keys\[0\] has dtype int64"),
        ({"keys": (keys(1, 2, 3), np.array([1.0, 2.0]))}, r"^keys\[1\] has dtype float64"),
        ({"keys": (keys(1, 2, 3)[:, None], keys(1, 2))}, r"^keys\[0\] has 2 dimensions"),
    ],
)
@pytest.mark.parametrize("objective", ["total", "stable", "fair"])
def test_what_cannot_be_is_refused_by_name_and_place(
    changed: dict[str, Any], message: str, objective: str
) -> None:
    with pytest.raises(ValueError, match=message):
        call(**({"objective": objective} | changed))


@pytest.mark.parametrize("objective", ["total", "stable", "fair"])
def test_what_can_be_cast_without_loss_is_taken(objective: str) -> None:
    expected = call(objective=objective)
    assert expected.mentor.tolist() == [1, 1, 0]
    wide = call(
        objective=objective,
        mentee=EDGES["mentee"].astype(np.int64),
        mentor=EDGES["mentor"].astype(np.uint8),
        score=EDGES["score"].astype(np.float64),
        n_mentees=np.int64(3),
        capacity=[1, 2],
        groups=[0, 1, 1],
        keys=(np.array([0, 1, 2], np.uint8), keys(5, 6)),
        max_loss=0,
    )
    assert wide.mentor.tolist() == expected.mentor.tolist()
    assert wide.total == expected.total


@pytest.mark.parametrize("objective", ["total", "stable", "fair"])
def test_empty_lists_are_an_empty_pool(objective: str) -> None:
    result = call(objective=objective, mentee=[], mentor=[], score=[], capacity=[])
    assert result.mentor.tolist() == [-1, -1, -1]
    assert (result.total, result.upper_bound) == (0.0, 0.0)


@pytest.mark.parametrize("objective", ["total", "stable", "fair"])
def test_views_with_strides_and_the_least_float_are_taken(objective: str) -> None:
    least = float(np.finfo(np.float32).smallest_subnormal)
    strided = np.array([least, 9, least, 9, least, 9, least, 9], np.float32)[::2]
    result = call(objective=objective, score=strided)
    matched = int((result.mentor >= 0).sum())
    # The stable outcome leaves mentee 2 out: mentee 0 likes both mentors as much and takes the first.
    assert matched == (2 if objective == "stable" else 3)
    assert result.total == matched * least
    assert result.upper_bound >= result.total
