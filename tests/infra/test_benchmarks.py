"""`make bench`: every bar in one list, and nothing that was not measured passes for held."""

import importlib.util

import pytest

from benchmarks import __main__ as bench
from benchmarks import bars
from benchmarks.__main__ import ALL, Benchmark, Outcome, main, summary


def outcome(*printed: str, fails: bool = False, skipped: str | None = None) -> Outcome:
    one = Benchmark("one", ("benchmarks.run",), (), 1, "what it does")
    return Outcome(one, list(printed), fails=fails, skipped=skipped)


def test_every_program_is_there() -> None:
    assert all(importlib.util.find_spec(one.arguments[0]) for one in ALL)
    assert {one.name for one in ALL} >= {"assignment", "million", "scoring", "growth", "night"}


def test_a_bar_says_what_was_reached_of_what_and_whether_it_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert bars.most("time", 1.0, 2.5)
    assert not bars.least("share", 0.2, 0.25, ".0%")
    assert bars.most("blocking pairs", 0, 0, ",.0f")
    assert capsys.readouterr().out.splitlines() == [
        "holds  time: 1.00, at most 2.50 (0.40 of it)",
        "BROKEN share: 20%, at least 25% (0.80 of it)",
        "holds  blocking pairs: 0, at most 0",
    ]


@pytest.mark.parametrize(
    ("found", "status", "told"),
    [
        (outcome("holds  a"), 0, "one          holds  a"),
        (outcome("holds  a", "BROKEN b", fails=True), 1, "one          BROKEN b"),
        (outcome("holds  a", fails=True), 1, "BROKEN it ended before its bars were measured"),
        (outcome(), 1, "BROKEN it measured no bar"),
        (outcome(skipped="as asked"), 0, "not run here, as asked: python -m benchmarks.run"),
    ],
)
def test_the_list_at_the_end(
    found: Outcome, status: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert summary([found]) == status
    assert told in capsys.readouterr().out


def test_the_million_s_own_way_works_at_a_small_size(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["million", "--small"]) == 0
    shown = capsys.readouterr().out
    assert "million      holds  realistic 1,000 x 300: gap of total to the optimum: 0.0000" in shown
    assert "MB of total in all" in shown


def test_what_is_not_run_is_said_and_is_no_success_unless_it_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["million", "--no-million"]) == 0
    command = "python -m benchmarks.assignment --million"
    assert f"million      not run here, as asked: {command}" in capsys.readouterr().out
    monkeypatch.setattr(bench, "free_gigabytes", lambda: 3.2)
    assert main(["million"]) == 1
    assert f"6 GB of memory must be free, and 3.2 are: {command}" in capsys.readouterr().out
