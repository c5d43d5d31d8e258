"""Whatever the two do with their goals in whatever order: no entry is lost, none comes out of its time, and the counts,
states and reminders are those of what was done."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.pages import PageRequest
from chalicelib.mentorships.goals import due, service, store
from chalicelib.mentorships.goals.model import (
    MAX_OPEN,
    MOVES,
    Decision,
    Domain,
    EntryKind,
    Horizon,
    Measure,
    Move,
    Status,
)
from chalicelib.mentorships.goals.moves import Verdict
from chalicelib.mentorships.goals.service import Wording
from chalicelib.platform import tables
from tests.mentorships.goals.pair import Pair
from tests.mentorships.state import State

MEASURE = Measure("Rounds", "a week", 0.0, 4.0)
WHICH, BY_OWNER = st.integers(0, 2), st.booleans()
DAYS = st.none() | st.integers(-3, 20)
STEP = st.one_of(
    st.tuples(st.just("write"), BY_OWNER, DAYS),
    st.tuples(st.just("note"), BY_OWNER, WHICH, st.none() | st.floats(-9, 9)),
    st.tuples(st.just("note"), BY_OWNER, WHICH, st.none() | st.floats(-9, 9)),
    st.tuples(st.just("move"), BY_OWNER, WHICH, st.sampled_from(Move)),
    st.tuples(st.just("move"), BY_OWNER, WHICH, st.sampled_from(Move)),
    st.tuples(st.just("review"), BY_OWNER, WHICH, st.sampled_from(Decision)),
    st.tuples(st.just("day"), BY_OWNER, WHICH, DAYS),
    # Clocks of two machines differ; the second goes back.
    st.tuples(st.just("clock"), st.sampled_from([-2, 3600, 86400])),
)


class Told:
    """What was done so far, as the one who did it remembers it."""

    def __init__(self) -> None:
        self.goals: list[str] = []
        self.entries: dict[str, list[tuple[EntryKind, str, Any]]] = {}
        self.status: dict[str, Status] = {}


def take(pair: Pair, told: Told, step: tuple[Any, ...]) -> str:
    """Take a step, and remember it; return what came of it."""
    if step[0] == "clock":
        pair.world.pass_time(seconds=step[1])
        return "clock"
    word, by_owner, *rest = step
    person = pair.mentee if by_owner else pair.mentor
    call = pair.world.call(person)
    if word == "write":
        wording = Wording("Lead", Horizon.SHORT, Domain.PERSONAL, measure=MEASURE, due_on=day(pair, rest[0]))
        goal = service.write_goal(call, pair.id, wording).goal
        told.goals.append(goal.id)
        told.entries[goal.id], told.status[goal.id] = [], Status.OPEN
        return word
    if rest[0] >= len(told.goals):
        return "no such goal"
    goal_id, what = told.goals[rest[0]], rest[1]
    before = told.status[goal_id]
    entries = told.entries[goal_id]
    if word == "note":
        service.note_progress(call, pair.id, goal_id, what, f"note {len(entries)}")
        assert before is Status.OPEN
        entries.append((EntryKind.PROGRESS, person, what))
    elif word == "review":
        changes = {"change": f"change {len(entries)}"} if what is Decision.ADJUST else {}
        service.review_goal(call, pair.id, goal_id, Verdict(what, "why", changes))
        assert before is Status.OPEN
        entries.append((EntryKind.REVIEW, person, what))
        if what is Decision.DROP:
            assert by_owner
            told.status[goal_id] = Status.DROPPED
    elif word == "move":
        if what is Move.REOPEN:
            service.reopen_goal(call, pair.id, goal_id, "why")
        else:
            service.end_goal(call, pair.id, goal_id, what, "why")
        assert by_owner
        told.status[goal_id] = MOVES[before, what]
        kinds = {
            Move.REACH: EntryKind.REACHED, Move.DROP: EntryKind.DROPPED, Move.REOPEN: EntryKind.REOPENED,
        }  # fmt: skip
        entries.append((kinds[what], person, None))
    else:
        service.change_goal(call, pair.id, goal_id, {"due_on": day(pair, what)})
    return f"{word} {what}" if word in ("move", "review") else word


def day(pair: Pair, days: int | None) -> date | None:
    return None if days is None else (pair.world.at + timedelta(days=days)).date()


def check(pair: Pair, told: Told) -> None:
    found = {one.goal.id: one.goal for one in service.list_goals(pair.world.call(pair.mentor), pair.id)}
    assert {goal_id: goal.status for goal_id, goal in found.items()} == told.status
    is_open = sum(one is Status.OPEN for one in told.status.values())
    tally = store.tally_of(tables.get(*store.tally_key(pair.id)))
    assert (tally.open, tally.ever) == (is_open, len(found))
    assert is_open <= MAX_OPEN
    for goal_id, goal in found.items():
        call = pair.world.call(pair.mentee)
        entries = service.list_entries(call, pair.id, goal_id, PageRequest(100)).items[::-1]
        assert [one.number for one in entries] == list(range(1, goal.entries + 1))
        assert [(one.kind, one.by) for one in entries] == [one[:2] for one in told.entries[goal_id]]
        assert [one.decision if one.kind is EntryKind.REVIEW else one.value for one in entries] == [
            one[2] for one in told.entries[goal_id]
        ]
        times = [one.at for one in entries]
        assert times == sorted(times)
        assert goal.last_entry_at == (times[-1] if times else None)
        values = [(one.value, one.by, one.at) for one in entries if one.value is not None]
        reading = goal.reading
        assert ((reading.value, reading.by, reading.at) if reading else None) == (
            values[-1] if values else None
        )
        assert (goal.ending is None) == (goal.status is Status.OPEN)
        look = tables.get(*store.look_key(pair.id, goal_id))
        if goal.status is not Status.OPEN or goal.due_on is None:
            assert look is None, "nobody is reminded of what is over"
        elif due.next_look(goal, "Africa/Nairobi", pair.world.at) is not None:
            assert look is not None, "nobody is forgotten"


def test_every_word_stays_and_every_state_is_what_was_done(pair: Pair) -> None:
    start, at = State(), pair.world.at
    reached: Counter[str] = Counter()

    @settings(
        max_examples=10, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )  # fmt: skip
    @given(st.lists(STEP, min_size=4, max_size=12))
    @example([("write", True, 9), ("note", False, 0, 1.0), ("clock", -2), ("note", True, 0, None),
              ("move", True, 0, Move.REACH), ("note", True, 0, 2.0), ("move", True, 0, Move.REOPEN),
              ("review", True, 0, Decision.DROP), ("move", False, 0, Move.REOPEN)])  # fmt: skip
    @example([("write", False, -1)] * (MAX_OPEN + 1) + [("move", True, 1, Move.DROP), ("write", True, None),
              ("move", True, 1, Move.REOPEN)])  # fmt: skip
    @example([("write", True, 3), ("review", False, 0, Decision.ADJUST), ("review", False, 0, Decision.DROP),
              ("review", False, 0, Decision.KEEP), ("day", False, 0, 12), ("day", True, 0, None)])  # fmt: skip
    def holds(steps: list[tuple[Any, ...]]) -> None:
        start.put_back()
        pair.world.at = at
        told = Told()
        for step in (("write", True, 9), *steps):
            before = State()
            try:
                reached[take(pair, told, step)] += 1
            except DomainError as refused:
                reached[refused.code] += 1
                assert State().told() == before.told(), "a refusal writes nothing"
            if len(told.goals) <= 3:  # of many, the end says the same
                check(pair, told)
        check(pair, told)

    holds()
    # What the examples must have been through for the property to say anything.
    wanted = {
        "write",
        "note",
        "move reach",
        "move drop",
        "move reopen",
        "review keep",
        "review adjust",
        "review drop",
    }
    wanted |= {"day", "clock", "goal-not-open", "goal-open", "not-your-goal", "too-many-goals"}
    assert wanted <= set(reached), reached
