"""When `settle` gives up: where nothing moves, and not where there is much to do."""

import pytest

from infra.local import tick
from infra.local.tick import Patience, TickFailed


def test_slow_work_is_waited_for_as_long_as_it_moves() -> None:
    patience, left = Patience(120, 0.0), {str(n) for n in range(50)}
    for n in range(50):
        assert not patience.is_over(left, len(left), 119.0 * n)
        left.pop()
    assert not patience.is_over(left, 0, 119.0 * 50)


def test_what_stands_still_is_given_up() -> None:
    patience = Patience(120, 0.0)
    assert not patience.is_over({"a", "b"}, 2, 1.0)
    assert not patience.is_over({"a", "b", "c"}, 3, 60.0), "more to do is no progress"
    assert not patience.is_over({"a", "c"}, 3, 100.0), "one is done"
    assert not patience.is_over({"a", "c"}, 3, 220.0)
    assert patience.is_over({"a", "c"}, 3, 220.5)


def test_a_queue_that_swells_and_shrinks_does_not_go_on_for_ever() -> None:
    patience = Patience(120, 0.0)
    given_up = [patience.is_over((), 3 + n % 2, 10.0 * n) for n in range(14)]
    assert given_up == [False] * 13 + [True]


def test_settling_says_what_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    at = iter(range(0, 100_000, 50))
    left = [{str(n): f"mail {n}" for n in range(m, 6)} for m in range(5)]
    monkeypatch.setattr(tick.time, "monotonic", lambda: float(next(at)))
    monkeypatch.setattr(tick.time, "sleep", lambda _: None)
    monkeypatch.setattr(tick, "_clock_offset", lambda _: None)
    monkeypatch.setattr(tick, "_due_in_outbox", lambda *_: left.pop(0) if len(left) > 1 else left[0])
    monkeypatch.setattr(tick, "_in_queues", lambda _: {})
    monkeypatch.setattr(tick, "last_errors", lambda _: [])
    with pytest.raises(TickFailed, match="in 2 places, and none has moved for 120 s") as told:
        tick.settle(None)  # type: ignore[arg-type]
    assert "mail 4" in str(told.value)
