"""No sequence of reports tells what anybody has answered, not even to one who knows their own answer and how groups are
made.

A world is who answered what, when. Its transcript is all that coordinators are shown, month by month: how many have
answered, and every group's sums. The promise: for each person and question, and each other person who may be reading,
there is another world with the very same transcript, in which the reader's answers are the same and the person's is
another. The test looks for that world, by the same code that makes the groups.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.mentorships.feedback import anonymity
from chalicelib.mentorships.feedback.anonymity import MOST, K, Record, added, group

VALUES = "12345"


@dataclass(frozen=True)
class Given:
    """One person's answers, and the month in which they could no longer be corrected."""

    month: int
    person: str
    values: tuple[str, ...]


World = tuple[Given, ...]


def transcript(world: World) -> list[object]:
    """Return what is shown after each month: how many answers there are, and the sums of all groups so far."""
    shown: list[object] = []
    waiting: list[Record] = []
    sums: dict[str, dict[str, int]] = {}
    for month in range(max((one.month for one in world), default=-1) + 1):
        waiting += [_record(n, one) for n, one in enumerate(world) if one.month == month]
        while records := group(waiting):
            waiting = [one for one in waiting if one not in records]
            sums = added(sums, records)
        shown.append((sum(one.month <= month for one in world), sums))
    return shown


def _record(n: int, one: Given) -> Record:
    values = {f"q{item}": value for item, value in enumerate(one.values)}
    return Record(f"{one.month:03d}#{n:03d}", one.person, values)


def revealed(world: World) -> list[tuple[int, int, int | None]]:
    """Return for which answer, question and reader no other world looks the same; the reader is one of the answers, or
    None for a coordinator who gave none."""
    told = transcript(world)
    found = []
    for n, one in enumerate(world):
        for item in range(len(one.values)):
            readers = [m for m, other in enumerate(world) if other.person != one.person]
            for reader in (None, *readers):
                known = {
                    m for m, x in enumerate(world) if reader is not None and x.person == world[reader].person
                }
                if not any(transcript(other) == told for other in _others(world, n, item, known)):
                    found.append((n, item, reader))
    return found


def _others(world: World, n: int, item: int, known: set[int]) -> Iterator[World]:
    """Yield worlds in which answer `n` to a question is another, and what is known is as it was."""
    mine = world[n].values
    for m, one in enumerate(world):
        if m not in known and one.values[item] != mine[item]:
            yield _changed(world, {n: one.values, m: mine})
    for value in VALUES:
        if value == mine[item]:
            continue
        alone = (*mine[:item], value, *mine[item + 1 :])
        yield _changed(world, {n: alone})
        # All of a group that shows nothing might have said something else.
        alike = [m for m, one in enumerate(world) if m not in known and one.values[item] == mine[item]]
        for some in (alike, [m for m in alike if m in _with(world, n)]):
            yield _changed(
                world,
                {m: (*world[m].values[:item], value, *world[m].values[item + 1 :]) for m in some},
            )


def _with(world: World, n: int) -> set[int]:
    """Return the answers that are in one group with an answer."""
    waiting: list[Record] = []
    for month in range(max(one.month for one in world) + 1):
        waiting += [_record(m, one) for m, one in enumerate(world) if one.month == month]
        while records := group(waiting):
            waiting = [one for one in waiting if one not in records]
            found = {int(one.key.partition("#")[2]) for one in records}
            if n in found:
                return found
    return {n}


def _changed(world: World, values: dict[int, tuple[str, ...]]) -> World:
    return tuple(replace(one, values=values.get(n, one.values)) for n, one in enumerate(world))


@st.composite
def worlds(draw: Callable[..., object], values: str = VALUES) -> World:
    """Draw up to fourteen answers of up to eleven people, over some months; often many alike."""
    items = draw(st.integers(1, 2))
    number = draw(st.integers(0, 14))
    answers = [
        Given(
            draw(st.integers(0, 3)),  # type: ignore[arg-type]
            f"p{draw(st.integers(0, 10))}",
            tuple(draw(st.sampled_from(values)) for _ in range(items)),  # type: ignore[call-overload,misc]
        )
        for _ in range(number)  # type: ignore[call-overload]
    ]
    return tuple(sorted(answers, key=lambda one: one.month))


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_no_sequence_of_reports_tells_what_anybody_answered(world: World) -> None:
    assert revealed(world) == []


@settings(max_examples=60, deadline=None)
@given(worlds(values="445"))
def test_nor_where_nearly_all_say_the_same(world: World) -> None:
    assert revealed(world) == []


ALIKE = tuple(Given(0, f"p{n}", ("5",)) for n in range(5))
ONE_ODD = (*ALIKE[:4], Given(0, "p4", ("1",)))
LATE = (*(Given(0, f"p{n}", (value,)) for n, value in enumerate("11554")), Given(1, "p9", ("3",)))


@pytest.mark.parametrize(
    ("what", "world"), [("size", LATE), ("alike", ALIKE), ("odd", ONE_ODD)], ids=lambda one: str(one)[:5]
)
def test_without_either_rule_the_test_would_find_somebody(
    what: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert revealed(world) == []
    if what == "size":
        monkeypatch.setattr(anonymity, "K", 1)
        monkeypatch.setattr(anonymity, "_are_unlike", lambda _values: True)
    elif what == "alike":
        monkeypatch.setattr(anonymity, "_are_unlike", lambda _values: True)
    else:
        # Not all alike is too little: who gave the odd answer knows the others'.
        monkeypatch.setattr(anonymity, "_are_unlike", lambda values: len(set(values)) > 1)
    assert revealed(world) != []


def records(values: Sequence[str], people: Sequence[str] | None = None) -> list[Record]:
    who = people or [f"p{n}" for n in range(len(values))]
    return [
        Record(f"{n:03d}", person, {"a": value})
        for n, (value, person) in enumerate(zip(values, who, strict=True))
    ]


def test_a_group_has_five_people_each_once_the_oldest_first() -> None:
    assert group(records("1234")) == ()
    assert group(records("12345", ["p", "q", "p", "r", "s"])) == ()
    some = records("123451", ["p", "q", "p", "r", "s", "t"])
    assert [one.key for one in group(reversed(some))] == ["000", "001", "003", "004", "005"]  # type: ignore[arg-type]
    many = records("12345" * 30)
    assert len(group(many)) == MOST
    assert K == 5


def test_where_nearly_all_say_the_same_a_group_shows_nothing() -> None:
    assert added({}, records("55551")) == {"a": {"-": 5}}
    assert added({}, records("55511")) == {"a": {"1": 2, "5": 3}}
    assert added({"a": {"5": 2}}, records("55555")) == {"a": {"-": 5, "5": 2}}


def test_before_and_after_are_each_unlike() -> None:
    assert added({}, records(["14", "24", "34", "44", "54"])) == {"a": {"-": 5}}
    assert added({}, records(["41", "42", "43", "44", "45"])) == {"a": {"-": 5}}
    assert sum(added({}, records(["14", "24", "34", "43", "52"]))["a"].values()) == 5
