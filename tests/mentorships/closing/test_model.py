"""The rules of the closing conversation and of the record, without a table."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.calendars.model import Span
from chalicelib.kernel.texts import readable
from chalicelib.mentorships.closing import wording
from chalicelib.mentorships.closing.model import (
    MAX_TEXT,
    QUESTIONS,
    Held,
    Mark,
    Question,
    Standard,
    held_of,
    is_open,
    require_open,
)
from chalicelib.mentorships.closing.record import attendance, record_of
from chalicelib.mentorships.closing.wording import Known, Task
from chalicelib.mentorships.endings import ENDS_SOON, ended
from chalicelib.mentorships.goals.model import Domain, Goal, Horizon, Status
from chalicelib.mentorships.model import Card
from chalicelib.mentorships.reflections.model import FINAL_TIME
from chalicelib.mentorships.running import EndReason, Mentorship, MentorshipStatus, end_of
from chalicelib.mentorships.sessions.model import Account, Cancellation, Said, Session, SessionStatus
from chalicelib.mentorships.sessions.model import Held as Tally
from chalicelib.mentorships.sessions.record import Action
from chalicelib.mentorships.wordings import Wording
from chalicelib.programmes.model import Side
from chalicelib.words.catalogues import languages
from chalicelib.words.formats import formats_of

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
LAST = date(2027, 6, 30)
MENTORSHIP = Mentorship(
    "m", "p", "o", "q", Card("a", "Amina Otieno"), Card("c", "Claire Tremblay"),
    started_at=NOW - timedelta(days=100), ends_on=LAST,
)  # fmt: skip
GOAL = Goal("g", "m", "a", "a", "Ultrasound", Horizon.LONG, Domain.CANONICAL, 6)
TASK = Task(Action("t", "Send the checklist", Side.MENTOR, None, None, Side.MENTEE), "أمينة")


def test_it_opens_as_the_last_day_comes_near_and_as_somebody_ends_it() -> None:
    near = end_of(LAST) - ENDS_SOON
    assert not is_open(MENTORSHIP, near - timedelta(seconds=1))
    assert is_open(MENTORSHIP, near)
    _, closing = ended(MENTORSHIP, EndReason.NO_TIME, NOW, side=Side.MENTEE)
    assert closing.ending is not None
    over = closing.ending.until + FINAL_TIME
    assert is_open(closing, NOW)
    assert is_open(closing, over - timedelta(seconds=1))
    assert not is_open(closing, over)


def test_it_is_written_in_a_pause_as_well_and_not_into_a_state_that_has_passed() -> None:
    near = end_of(LAST) - ENDS_SOON
    paused = replace(MENTORSHIP, status=MentorshipStatus.PAUSED)
    assert "paused" in require_open(paused, near)
    _, closing = ended(MENTORSHIP, EndReason.NO_TIME, NOW, side=Side.MENTEE)
    assert require_open(closing, NOW) == ("closing", "closed")


DAYS = st.dates(date(2027, 3, 1), date(2027, 3, 4))
MARKS = st.builds(
    Mark, st.sampled_from(Side), st.booleans(),
    st.none() | st.builds(Held, DAYS, st.none() | st.sampled_from(["s", "t"])),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(MARKS, max_size=2))
def test_whoever_says_first_it_is_held_on_the_earliest_day_that_somebody_says(marks: list[Mark]) -> None:
    said = [one.held for one in marks if one.held is not None]
    found = held_of(marks)
    assert found == held_of(reversed(marks))
    assert (found is None) == (not said)
    if found is not None:
        assert found in said
        assert found.on == min(one.on for one in said)


def accounts() -> st.SearchStrategy[dict[Side, Account]]:
    account = st.builds(Account, st.sampled_from(Said), st.integers(15, 90), st.just(NOW))
    return st.dictionaries(st.sampled_from(Side), account)


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    starts_at = NOW + timedelta(days=draw(st.integers(-30, 30)))
    status = draw(st.sampled_from(SessionStatus))
    by = draw(st.none() | st.sampled_from(Side))
    is_booked = status is SessionStatus.BOOKED
    return Session(
        "s", "m", "a", "c", status, Span.of(starts_at, 60), Side.MENTEE,
        accounts=draw(accounts()) if is_booked and starts_at < NOW else {},
        cancellation=Cancellation(by, NOW, is_late=False) if status is SessionStatus.CANCELLED else None,
    )  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(sessions(), max_size=12))
def test_each_session_that_is_over_is_counted_once(found: list[Session]) -> None:
    told = attendance(found, NOW)
    # Two who both say that they missed it, or each other, are a contested session.
    counted = told.held.sessions + sum(told.missed.values()) + told.contested + told.unsaid
    over = [one for one in found if one.status is SessionStatus.BOOKED and one.span.ends_at <= NOW]
    assert counted == len(over)
    assert told.cancelled == sum(1 for one in found if one.cancellation and one.cancellation.by)
    assert told.held.minutes <= 90 * told.held.sessions


@settings(max_examples=40, deadline=None)
@given(st.lists(sessions(), max_size=8), st.integers(0, 400))
def test_the_record_of_what_is_closed_is_the_same_whenever_it_is_read(
    found: list[Session], days: int
) -> None:
    # Also of one that was under way at that instant, and of which nobody can say any more how it went.
    spanning = Session("t", "m", "a", "c", SessionStatus.BOOKED, Span.of(NOW, 60), Side.MENTEE)
    at = NOW + timedelta(minutes=30)
    _, closed = ended(MENTORSHIP, EndReason.NO_TIME, at, side=Side.MENTEE, conversation=False)
    was = record_of(closed, [*found, spanning], [GOAL], [], [], None, at)
    assert record_of(closed, [*found, spanning], [GOAL], [], [], None, at + timedelta(days=days)) == was


@pytest.mark.parametrize("language", sorted(languages()))
def test_questions_and_what_is_known_are_in_every_language_and_can_be_sent_back(language: str) -> None:
    formats, english = formats_of(language), formats_of("en")
    known = Known(
        Tally(8, 450),
        (
            GOAL,
            replace(GOAL, status=Status.REACHED, title="قيادة الجولة"),
            replace(GOAL, status=Status.DROPPED),
        ),
        (TASK,),
        ("It was supply.",),
        introductions=2,
    )
    told = {Standard(one.id): wording.question(one, formats) for one in QUESTIONS}
    assert len(set(told.values())) == len(Standard)
    if language != "en":
        assert all(told[Standard(one.id)] != wording.question(one, english) for one in QUESTIONS)
    for one in QUESTIONS:
        begun = wording.suggestion(one, known, formats)
        assert begun is None or readable(begun) == begun
    begun = wording.suggestion(Question.standard(Standard.GOALS), known, formats) or ""
    assert len(begun.splitlines()) == 5
    assert "قيادة الجولة" in begun.splitlines()[1]
    assert wording.suggestion(Question.standard(Standard.OPEN), known, formats) == (
        "Ultrasound\nSend the checklist (أمينة)"
    )


def test_nothing_known_suggests_nothing_and_no_suggestion_is_longer_than_an_answer() -> None:
    formats = formats_of("en")
    assert {wording.suggestion(one, Known(Tally()), formats) for one in QUESTIONS} == {None}
    learned = Known(Tally(), learned=("x" * 2000, "y" * 1000, "z" * 600, "Supply."))
    begun = wording.suggestion(Question.standard(Standard.LEARNED), learned, formats) or ""
    assert [one[0] for one in begun.splitlines()] == ["y", "S"]
    assert len(begun) <= MAX_TEXT


def test_a_question_in_other_words_is_another_and_is_read_in_the_readers_language() -> None:
    one = Question.own([Wording("fr", "Et après ?"), Wording("en", "And then?")])
    assert one == Question.own([Wording("en", "And then?"), Wording("fr", "Et après ?")])
    assert one.id != Question.own([Wording("en", "And now?")]).id
    assert wording.question(one, formats_of("fr-CA")) == "Et après ?"
    assert wording.question(one, formats_of("ar")) == "And then?"
    assert wording.question(Question.own([Wording("sw", "Halafu?")]), formats_of("ar")) == "Halafu?"
