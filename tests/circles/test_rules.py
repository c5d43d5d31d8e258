"""Rules of circles without any store: turns, times on a clock, plans, what counts as education."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.circles.errors import CircleNotSo, MeetingNotSo
from chalicelib.circles.meetings.model import (
    Meeting,
    MeetingMove,
    MeetingState,
    Result,
    instant_of_wall,
    moved,
    share_of,
    turns,
    walls,
)
from chalicelib.circles.model import (
    Circle,
    CircleMove,
    CirclePlan,
    CircleRole,
    Place,
    PlaceState,
    checked_plan,
    in_turn,
    is_verified_role,
    place_side,
)
from chalicelib.circles.model import moved as circle_moved
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.intervals import Interval
from chalicelib.kernel.zones import wall_at
from chalicelib.programmes.model import PairKind, Programme, Side

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
FIRST = datetime(2026, 12, 2, 12, tzinfo=UTC)


def place(
    person: str, state: PlaceState = PlaceState.ACTIVE, joined: datetime = NOW, **more: object
) -> Place:
    return Place("C", person, CircleRole.MEMBER, state, joined, joined_at=joined, **more)  # type: ignore[arg-type]


def meetings(count: int, **more: object) -> list[Meeting]:
    starts = [FIRST + n * timedelta(weeks=2) for n in range(count)]
    return [
        Meeting(f"M{n:02}", "C", wall_at(at, "Africa/Nairobi"), "Africa/Nairobi", at, 60, 5, 5, **more)  # type: ignore[arg-type]
        for n, at in enumerate(starts)
    ]


@settings(max_examples=60, deadline=None)
@given(people=st.integers(2, 8), count=st.integers(1, 40))
def test_nobody_presents_twice_before_everybody_has_once_and_nobody_does_both(
    people: int, count: int
) -> None:
    here = [place(f"P{n}") for n in range(people)]
    given_turns = list(turns(meetings(count), here).values())
    assert all(one.presenter_id != one.host_id for one in given_turns)
    for start in range(0, count - people + 1):
        assert len({one.presenter_id for one in given_turns[start : start + people]}) == people
    hosts = [sum(one.host_id == who.person_id for one in given_turns) for who in here]
    assert max(hosts) - min(hosts) <= 2


def test_a_newcomer_comes_after_those_who_wait_and_who_left_is_passed_over() -> None:
    here = [place("A"), place("B"), place("C", joined=FIRST + timedelta(days=1))]
    shown = turns(meetings(4), here)
    assert [shown[f"M0{n}"].presenter_id for n in range(4)] == ["A", "B", "A", "C"]
    gone = [replace(here[0], state=PlaceState.LEFT), *here[1:]]
    held = [
        replace(meetings(1)[0], status=MeetingState.CLOSED, presenter_id="A", host_id="B"),
        *meetings(3)[1:],
    ]
    shown = turns(held, gone, {"M00": frozenset("AB")})
    assert [shown[f"M0{n}"].presenter_id for n in range(3)] == ["A", "B", "C"]


def test_who_did_not_come_has_their_turn_the_next_time() -> None:
    here = [place("A"), place("B"), place("C")]
    held = [replace(one, status=MeetingState.CLOSED, presenter_id="A", host_id="B") for one in meetings(1)]
    come = turns([*held, *meetings(2)[1:]], here, {"M00": frozenset("AB")})
    missed = turns([*held, *meetings(2)[1:]], here, {"M00": frozenset("B")})
    assert (come["M01"].presenter_id, missed["M01"].presenter_id) == ("B", "A")


def test_who_is_asked_for_by_name_stays_as_long_as_they_take_part() -> None:
    here = [place("A"), place("B"), place("C")]
    first, *rest = meetings(3)
    pinned = [replace(first, presenter_id="C"), *rest]
    assert [one.presenter_id for one in turns(pinned, here).values()] == ["C", "A", "B"]
    gone = [here[0], here[1], replace(here[2], state=PlaceState.LEFT)]
    assert turns(pinned, gone)["M00"].presenter_id == "A"


def test_cancelled_meetings_take_nobody_s_turn() -> None:
    here = [place("A"), place("B")]
    first, second = meetings(2)
    shown = turns([replace(first, status=MeetingState.CANCELLED), second], here)
    assert (set(shown), shown["M01"].presenter_id) == ({"M01"}, "A")


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Toronto", "Africa/Nairobi", "Australia/Lord_Howe"])
def test_meetings_keep_the_time_on_their_clock_when_clocks_change(zone: str) -> None:
    found = walls(datetime.fromisoformat("2027-02-02T18:30"), 2, 20)
    starts = [instant_of_wall(one, zone, NOW) for one in found]
    assert {(wall_at(one, zone).weekday(), wall_at(one, zone).time()) for one in starts} == {
        (1, found[0].time())
    }
    assert all(b > a for a, b in pairwise(starts))


def test_a_time_that_a_clock_leaves_out_is_refused() -> None:
    with pytest.raises(Invalid):
        instant_of_wall(datetime.fromisoformat("2027-03-28T02:30"), "Europe/Paris", NOW)


def test_a_meeting_is_education_between_its_opening_and_its_closing() -> None:
    running = moved(meetings(1)[0], MeetingMove.BEGIN, FIRST)
    held = moved(running, MeetingMove.END, FIRST + timedelta(minutes=50))
    minute = timedelta(minutes=1)
    assert held.educational(FIRST + 50 * minute) == (Interval(FIRST + 5 * minute, FIRST + 45 * minute),)
    short = moved(running, MeetingMove.END, FIRST + timedelta(minutes=9))
    assert short.educational(FIRST + timedelta(minutes=9)) == ()


def test_one_that_nobody_began_was_held_as_planned_and_one_ended_late_says_when() -> None:
    meeting = meetings(1)[0]
    with pytest.raises(MeetingNotSo):
        moved(meeting, MeetingMove.END, FIRST)
    held = moved(meeting, MeetingMove.END, FIRST + timedelta(hours=5))
    assert (held.begun_at, held.ended_at) == (FIRST, FIRST + timedelta(hours=1))
    running = moved(meeting, MeetingMove.BEGIN, FIRST)
    with pytest.raises(MeetingNotSo):
        moved(running, MeetingMove.END, FIRST + timedelta(hours=5))
    late = moved(running, MeetingMove.END, FIRST + timedelta(hours=5), FIRST + timedelta(minutes=70))
    assert late.ended_at == FIRST + timedelta(minutes=70)


def test_all_that_is_wrong_with_a_plan_is_said() -> None:
    peers = Programme("P", "O", "Peers", kind=PairKind.PEER)
    with pytest.raises(Invalid) as refusal:
        checked_plan(CirclePlan("P", 6, 5, 1, minutes=50, opening=30, closing=30), peers)
    assert [one.pointer for one in refusal.value.errors] == ["/least", "/leads", "/minutes", "/opening"]


def test_sides_follow_the_programme() -> None:
    assert place_side(PairKind.REVERSE, CircleRole.LEAD) is Side.MENTOR
    assert place_side(PairKind.PEER, CircleRole.MEMBER) is Side.MENTOR
    assert is_verified_role(PairKind.PEER, CircleRole.MEMBER)
    assert not is_verified_role(PairKind.ONE_TO_ONE, CircleRole.MEMBER)
    assert is_verified_role(PairKind.REVERSE, CircleRole.LEAD)


def test_who_asked_first_is_first() -> None:
    waiting = [
        place(who, PlaceState.WAITING, NOW + timedelta(seconds=at))
        for who, at in (("B", 1), ("A", 1), ("C", 0))
    ]
    assert [one.person_id for one in in_turn([*waiting, place("D")])] == ["C", "A", "B"]


def test_a_circle_without_anybody_who_leads_does_not_just_go_on() -> None:
    circle = Circle("C", "P", "O", "Hearts", PairKind.ONE_TO_ONE, 4, 1, taken=3, led=0)
    held = circle_moved(circle, CircleMove.HOLD, NOW)
    with pytest.raises(CircleNotSo):
        circle_moved(held, CircleMove.RESUME, NOW)
    assert circle_moved(held, CircleMove.AS_PEERS, NOW).is_of_peers
    with pytest.raises(CircleNotSo):
        circle_moved(replace(circle, led=1), CircleMove.AS_PEERS, NOW)
    closed = circle_moved(held, CircleMove.CLOSE, NOW)
    with pytest.raises(CircleNotSo):
        circle_moved(closed, CircleMove.RESUME, NOW)


def test_the_share_is_of_the_time_held() -> None:
    one, other = (
        replace(each, status=MeetingState.CLOSED, begun_at=each.starts_at, ended_at=each.planned_end)
        for each in meetings(2)
    )
    results = [Result("C", one.id, "A", 3600, 3000, 3600), Result("C", other.id, "A", 2160, 0, 3600)]
    found = share_of("A", 80, [one, other], results)
    assert (found.meetings, found.percent, found.is_enough) == (2, 80, True)
    assert not share_of("B", 0, [one, other], results).is_enough, "a certificate is of having been there"
