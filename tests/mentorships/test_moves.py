"""The table of a mentorship's moves, and the rules of its end, without any store."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chalicelib.credentials.kinds import Loss
from chalicelib.kernel.errors import Conflict, Invalid
from chalicelib.mentorships.endings import (
    after_time,
    closed,
    ended,
    formed,
    held,
    longer,
    not_longer,
)
from chalicelib.mentorships.errors import MentorshipOver, NoEnd, NoExtensionAsked
from chalicelib.mentorships.model import Card
from chalicelib.mentorships.moves import MOVES, MentorshipMove, Moved, moved
from chalicelib.mentorships.moving import next_look
from chalicelib.mentorships.renewals import after_grace, after_loss, after_return, resumed
from chalicelib.mentorships.running import (
    CLOSING_TIME,
    By,
    EndReason,
    HoldReason,
    Mentorship,
    MentorshipStatus,
    end_of,
    is_under_way,
    last_day,
    may_meet,
)
from chalicelib.programmes.model import Side
from tests.architecture.imports import ROOT
from tests.mentorships import moves_table
from tests.support.world import START

DAY = timedelta(days=1)
FORMING, ACTIVE, PAUSED, CLOSING, CLOSED = MentorshipStatus
NEW = Mentorship(
    "M", "P", "O", "R", Card("A", "Amina"), Card("C", "Claire"), START, FORMING, is_formed=False,
    ends_on=last_day(START, 3),
)  # fmt: skip
RUNNING = formed(NEW, START)[1]
SIDES = {"mentee": Side.MENTEE, "mentor": Side.MENTOR}


def test_every_move_is_in_the_table_and_closed_is_the_end() -> None:
    assert set(MOVES) == set(MentorshipMove)
    for rule in MOVES.values():
        assert rule.by
        assert all(before is not CLOSED for before, _ in rule.ways)
    gives_back = {move for move, rule in MOVES.items() if any(after is CLOSED for _, after in rule.ways)}
    assert gives_back == {MentorshipMove.CLOSE, MentorshipMove.REASSIGN}


def test_the_table_in_the_documents_is_up_to_date() -> None:
    written = (ROOT / "docs" / "mentorships.md").read_text(encoding="utf-8")
    assert written == moves_table.with_table(written), (
        "run python -m tests.mentorships.moves_table docs/mentorships.md"
    )
    assert "| end | active → closing | the service, one of the two |" in written


def test_nobody_makes_a_move_that_is_not_theirs() -> None:
    with pytest.raises(ValueError, match="no move of the pair's"):
        moved(RUNNING, MentorshipMove.HOLD, By.PAIR, START)
    with pytest.raises(ValueError, match="no move of the coordinator's"):
        moved(RUNNING, MentorshipMove.FORM, By.COORDINATOR, START)


def take(one: Mentorship, event: str, who: str, now: datetime) -> Moved | None:
    """Return the move that somebody makes, or none where there is none to make."""
    side = SIDES.get(who)
    match event:
        case "sign":
            return formed(one, now) if not one.is_formed else None
        case "lose":
            return after_loss(one, Loss.EXPIRED, now - DAY, 10 * DAY, now)
        case "refuse":
            return after_loss(one, Loss.REFUSED, now, 10 * DAY, now)
        case "verify":
            return after_return(one, now)
        case "look":
            return after_time(one, now) or after_grace(one, now)
        case "hold":
            return held(one, HoldReason.AWAY, now)
        case "resume":
            return resumed(one, now)
        case "ask":
            return longer(one, side, (one.ends_on or now.date()) + 30 * DAY, now)
        case "decline":
            return not_longer(one, now)
        case "end" | "end at once":
            return ended(one, EndReason.NO_TIME, now, side=side or Side.MENTEE, conversation=event == "end")
        case _:
            return closed(one, By.COORDINATOR, now, EndReason.CONCERN)


EVENTS = [
    "sign",
    "lose",
    "refuse",
    "verify",
    "look",
    "hold",
    "resume",
    "ask",
    "decline",
    "end",
    "end at once",
]
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*EVENTS, "look", "ask", "close"]),
        st.sampled_from(["mentee", "mentor", "coordinator"]),
        st.sampled_from([0, 0, 1, 5, 12, 40]),
    ),
    max_size=16,
)


def test_whoever_moves_it_however_its_state_is_what_is_known_of_it() -> None:
    reached: Counter[str] = Counter()

    @settings(max_examples=300, deadline=None, derandomize=True, database=None)
    @given(STEPS)
    @example(
        [("sign", "mentee", 0), ("lose", "mentor", 0), ("verify", "mentor", 1), ("hold", "coordinator", 0)]
    )
    @example(
        [("hold", "coordinator", 0), ("lose", "mentor", 0), ("refuse", "mentor", 1), ("verify", "mentor", 5)]
    )
    @example(
        [("sign", "mentee", 0), ("end", "mentor", 1), ("lose", "mentor", 0), ("end at once", "mentee", 0)]
    )
    def holds(steps: list[tuple[str, str, int]]) -> None:
        one, now, closings = NEW, START, 0
        for event, who, days in steps:
            now += days * DAY
            if one.status not in (CLOSED,) and event != "look":
                due = after_time(one, now)
                if due is None and one.status_at(now) is not one.status:
                    due = after_grace(one, now)
                one = due[1] if due else one
                closings += due is not None and one.is_closed
            if one.is_closed and event in ("lose", "refuse", "verify"):
                continue  # nobody looks at one that is over
            try:
                found = take(one, event, who, now)
            except (Conflict, Invalid) as refused:
                reached[refused.code] += 1
                continue
            if found is None:
                continue
            move, after = found
            reached[move.value] += 1
            assert (one.status, after.status) in MOVES[move].ways
            assert after != one, "a move changes something"
            closings += after.is_closed
            check(after, now)
            one = after
        assert closings == one.is_closed, "it is closed once, so places are given back once"

    holds()
    assert set(reached) >= {*(one.value for one in MentorshipMove), "mentorship-over"} - {"reassign"}


def check(one: Mentorship, now: datetime) -> None:
    status = one.status_at(now)
    assert (one.ending is None) is (one.status not in (CLOSING, CLOSED))
    assert (one.status is CLOSED) is (one.ending is not None and one.ending.closed_at is not None)
    if one.status is CLOSED:
        assert one.renewal is one.hold is one.extension is None
        assert next_look(one, now) is None
    else:
        at = next_look(one, None)
        assert at is not None, "something will end it"
        assert one.ends_at is None or at <= max(one.ends_at, now + CLOSING_TIME)
    if one.hold is not None:
        assert one.status is PAUSED
    if one.extension is not None:
        assert one.status in (FORMING, ACTIVE, PAUSED)
    assert is_under_way(one, now) is (status in (FORMING, ACTIVE))
    assert may_meet(one, now) is (status in (FORMING, ACTIVE, CLOSING))


@pytest.mark.parametrize("reason", [EndReason.NOT_THE_RIGHT_FIT, EndReason.GOALS_REACHED])
def test_only_an_active_one_has_a_closing_conversation_and_the_reason_does_not_say(reason: EndReason) -> None:
    move, closing = ended(RUNNING, reason, START, side=Side.MENTEE)
    assert (move, closing.status) == (MentorshipMove.END, CLOSING)
    assert closing.ending is not None
    assert closing.ending.until == START + CLOSING_TIME
    assert ended(RUNNING, reason, START, side=Side.MENTEE, conversation=False)[1].is_closed
    assert ended(NEW, reason, START, side=Side.MENTEE)[1].is_closed
    assert ended(held(RUNNING, HoldReason.OTHER, START)[1], reason, START, side=Side.MENTOR)[1].is_closed
    with pytest.raises(MentorshipOver):
        ended(closing, reason, START, side=Side.MENTOR)
    assert ended(closing, reason, START + DAY, side=Side.MENTOR, conversation=False)[1].is_closed


def test_the_time_for_closing_ends_at_its_instant_or_when_the_mentor_is_not_to_mentor() -> None:
    closing = ended(RUNNING, EndReason.NO_TIME, START, side=Side.MENTEE)[1]
    over = START + CLOSING_TIME
    assert closing.status_at(over - DAY) is CLOSING
    assert after_time(closing, over - DAY) is None
    assert closing.status_at(over) is CLOSED
    found = after_time(closing, over + DAY)
    assert found is not None
    assert found[1].ending == replace(closing.ending, closed_at=over + DAY)  # type: ignore[type-var]
    lost = after_loss(closing, Loss.REFUSED, START + DAY, 10 * DAY, START + DAY)
    assert lost is not None
    assert lost[1].is_closed
    in_grace = after_loss(closing, Loss.EXPIRED, START, 3 * DAY, START + DAY)
    assert in_grace is not None
    assert (in_grace[0], in_grace[1].status) == (MentorshipMove.LAPSE, CLOSING)
    assert in_grace[1].status_at(START + 3 * DAY) is CLOSED


def test_a_last_day_that_is_over_closes_an_active_one_and_ends_any_other_at_once() -> None:
    assert NEW.ends_on == date(2027, 2, 22)
    over = end_of(date(2027, 2, 22))
    assert after_time(RUNNING, over - timedelta(seconds=1)) is None
    found = after_time(RUNNING, over)
    assert found is not None
    assert (found[0], found[1].status) == (MentorshipMove.END, CLOSING)
    for other in (NEW, held(RUNNING, HoldReason.AWAY, START)[1]):
        at_once = after_time(other, over + DAY)
        assert at_once is not None
        assert at_once[1].is_closed
    assert after_time(replace(RUNNING, ends_on=None), over + 999 * DAY) is None


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        ("2026-11-22", 12, "2027-11-22"), ("2026-01-31", 1, "2026-02-28"), ("2027-08-31", 6, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"), ("2026-12-15", 1, "2027-01-15"), ("2026-11-30", 60, "2031-11-30"),
        ("2026-12-31", 24, "2028-12-31"),
    ],
)  # fmt: skip
def test_months_are_counted_by_the_calendar(first: str, months: int, last: str) -> None:
    at = datetime.combine(date.fromisoformat(first), datetime.max.time(), UTC)
    assert last_day(at, months) == date.fromisoformat(last)


def test_more_time_is_asked_by_one_and_agreed_by_the_other() -> None:
    later = date(2027, 6, 30)
    found = longer(RUNNING, Side.MENTEE, later, START)
    assert found is not None
    move, asked = found
    assert (move, asked.ends_on) == (MentorshipMove.ASK, RUNNING.ends_on)
    assert longer(asked, Side.MENTEE, later, START + DAY) is None, "asked before"
    other = longer(asked, Side.MENTOR, date(2027, 5, 31), START)
    assert other is not None
    assert (other[0], other[1].extension.side) == (MentorshipMove.ASK, Side.MENTOR)  # type: ignore[union-attr]
    agreed = longer(asked, Side.MENTOR, later, START)
    assert agreed is not None
    assert (agreed[0], agreed[1].ends_on, agreed[1].extension) == (MentorshipMove.EXTEND, later, None)
    assert not_longer(asked, START)[1].extension is None
    with pytest.raises(NoExtensionAsked):
        not_longer(RUNNING, START)
    by_coordinator = longer(asked, None, date(2027, 4, 1), START)
    assert by_coordinator is not None
    assert by_coordinator[1].ends_on == date(2027, 4, 1)


@pytest.mark.parametrize("day", [date(2027, 2, 22), date(2026, 12, 1), date(2028, 11, 23), date(2090, 1, 1)])
def test_a_last_day_lies_after_the_present_one_and_within_two_years(day: date) -> None:
    with pytest.raises(Invalid) as refused:
        longer(RUNNING, Side.MENTEE, day, START)
    assert refused.value.errors[0].pointer == "/ends_on"


def test_there_is_no_more_time_for_one_without_a_last_day_or_that_is_ending() -> None:
    with pytest.raises(NoEnd):
        longer(replace(RUNNING, ends_on=None), Side.MENTEE, date(2027, 6, 30), START)
    closing = ended(RUNNING, EndReason.NO_TIME, START, side=Side.MENTEE)[1]
    for side in (Side.MENTOR, None):
        with pytest.raises(MentorshipOver):
            longer(closing, side, date(2027, 6, 30), START)


def test_a_coordinator_s_pause_and_a_verification_are_two_reasons_to_pause() -> None:
    on_hold = held(RUNNING, HoldReason.CONCERN, START)[1]
    lost = after_loss(on_hold, Loss.SUSPENDED, START, 10 * DAY, START)
    assert lost is not None
    assert (lost[0], lost[1].status) == (MentorshipMove.RELAPSE, PAUSED)
    again = after_return(lost[1], START)
    assert again is not None
    assert (again[0], again[1].status) == (MentorshipMove.RENEW, PAUSED), "the coordinator's pause stays"
    assert resumed(again[1], START)[1].status is ACTIVE
    in_grace = after_loss(on_hold, Loss.EXPIRED, START, 10 * DAY, START)
    assert in_grace is not None
    goes_on = resumed(in_grace[1], START + DAY, is_verified=False)[1]
    assert (goes_on.status, goes_on.renewal) == (ACTIVE, in_grace[1].renewal)
    unsigned = held(NEW, HoldReason.AWAY, START)[1]
    assert formed(unsigned, START)[1].status is PAUSED
    assert resumed(unsigned, START)[1].status is FORMING
