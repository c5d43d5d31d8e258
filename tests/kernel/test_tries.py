"""What is crossed is tried anew, so often and no more; anything else is refused at once."""

import pytest

from chalicelib.kernel.errors import Conflict, NotFound, StaleVersion, Unavailable
from chalicelib.kernel.tries import again


class Attempt:
    def __init__(self, *raises: Exception) -> None:
        self.raises, self.calls = list(raises), 0

    def __call__(self) -> str:
        self.calls += 1
        if self.raises:
            raise self.raises.pop(0)
        return "done"


def test_what_is_crossed_is_tried_anew() -> None:
    attempt = Attempt(Conflict("moved"), StaleVersion())
    assert again(attempt, Conflict, StaleVersion, busy="busy") == "done"
    assert attempt.calls == 3


def test_who_is_crossed_each_time_is_told() -> None:
    attempt = Attempt(*(Conflict("moved") for _ in range(9)))
    with pytest.raises(Unavailable) as refused:
        again(attempt, Conflict, busy="The goal is being changed.", tries=4)
    assert refused.value.detail == "The goal is being changed."
    assert attempt.calls == 4


def test_any_other_refusal_is_told_at_once() -> None:
    attempt = Attempt(NotFound())
    with pytest.raises(NotFound):
        again(attempt, Conflict, busy="busy")
    assert attempt.calls == 1
