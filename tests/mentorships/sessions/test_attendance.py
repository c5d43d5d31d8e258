"""What the two say of how a session went, and what both accounts come to."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.mentorships import running_store
from chalicelib.mentorships import service as mentorships
from chalicelib.mentorships.running import MentorshipStatus
from chalicelib.mentorships.sessions import booking, store
from chalicelib.mentorships.sessions.model import Held, held
from chalicelib.platform import tables
from chalicelib.programmes.model import Side
from tests.mentorships.sessions.meeting import MONDAY, WEDNESDAY, Meeting, code

BEGUN, OVER = "2027-03-08T13:10:00+00:00", "2027-03-08T15:00:00+00:00"


def say(meeting: Meeting, session: str, by: str, said: str, **more: Any) -> Any:
    return meeting.do("attendance", session, {"said": said, **more}, by=by)


@pytest.fixture
def session(meeting: Meeting) -> str:
    found = meeting.booked(MONDAY)
    meeting.until(OVER)
    return found


def test_the_lesser_of_both_counts(meeting: Meeting, session: str) -> None:
    first = say(meeting, session, meeting.mentee, "met")
    assert (first.json["attendance"]["outcome"], first.json["attendance"]["minutes"]) == ("met", 60)
    second = say(meeting, session, meeting.mentor, "met", minutes=45)
    assert second.json["attendance"]["minutes"] == 45
    assert second.json["attendance"]["mentee"]["minutes"] is None


def test_a_no_show_by_either_is_contested_by_the_other(meeting: Meeting, session: str) -> None:
    marked = say(meeting, session, meeting.mentee, "other_missing").json["attendance"]
    assert (marked["outcome"], marked["absent"], marked["minutes"]) == ("missed", "mentor", 0)
    contested = say(meeting, session, meeting.mentor, "met").json["attendance"]
    assert (contested["outcome"], contested["absent"]) == ("contested", None)
    seen = meeting.read(session, by=meeting.scene.coordinator)["attendance"]
    assert (seen["mentee"]["said"], seen["mentor"]["said"]) == ("other_missing", "met")
    settled = say(meeting, session, meeting.mentee, "met").json["attendance"]
    assert settled["outcome"] == "met", "one may take it back"


@pytest.mark.parametrize(
    ("mentee", "mentor", "outcome", "absent"),
    [
        ("other_missing", "i_missed", "missed", "mentor"),
        ("other_missing", "other_missing", "contested", None),
        ("i_missed", "i_missed", "contested", None),
        ("met", "other_missing", "contested", None),
        ("met", "i_missed", "contested", None),
    ],
)
def test_two_accounts_make_one_outcome(
    meeting: Meeting, session: str, mentee: str, mentor: str, outcome: str, absent: str | None
) -> None:
    say(meeting, session, meeting.mentee, mentee)
    found = say(meeting, session, meeting.mentor, mentor).json["attendance"]
    assert (found["outcome"], found["absent"]) == (outcome, absent)


def held_of(meeting: Meeting) -> Held:
    return store.held_of(tables.get(*store.held_key(meeting.id)))


def test_what_was_held_is_counted_with_each_account(meeting: Meeting, session: str) -> None:
    assert held_of(meeting) == Held()
    told: list[tuple[str, str, dict[str, Any], Held]] = [
        (meeting.mentee, "other_missing", {}, Held()),
        (meeting.mentee, "met", {}, Held(1, 60)),
        (meeting.mentor, "met", {"minutes": 45}, Held(1, 45)),
        (meeting.mentor, "met", {"minutes": 45}, Held(1, 45)),
        (meeting.mentor, "i_missed", {}, Held()),
        (meeting.mentor, "met", {"minutes": 30}, Held(1, 30)),
    ]
    for by, said, more, expected in told:
        assert say(meeting, session, by, said, **more).status == 200
        assert held_of(meeting) == expected == held(store.sessions_of(meeting.id)), (by, said)


def test_a_record_counts_what_was_held_up_to_its_last_day(meeting: Meeting, session: str) -> None:
    mentorship = mentorships.mentorship_for(meeting.mentee, meeting.id)
    assert mentorship is not None
    before = mentorships.record_of(mentorship, Side.MENTEE)
    assert (before.sessions, before.minutes, before.last_on) == (0, 0, mentorship.started_at.date())
    say(meeting, session, meeting.mentee, "met", minutes=40)
    after = mentorships.record_of(mentorship, Side.MENTEE)
    assert (after.sessions, after.minutes, f"{after.last_on}") == (1, 40, MONDAY[:10])


def test_nobody_is_missing_too_early_or_too_late(meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    assert code(say(meeting, session, meeting.mentee, "met")) == "session-not-begun"
    meeting.until("2027-03-08T13:09:59+00:00")
    assert code(say(meeting, session, meeting.mentee, "other_missing")) == "session-not-begun"
    meeting.until(BEGUN)
    assert say(meeting, session, meeting.mentee, "other_missing").status == 200
    meeting.until("2027-04-07T14:00:01+00:00")
    assert code(say(meeting, session, meeting.mentor, "met")) == "accounts-closed"


def test_of_a_cancelled_session_there_is_nothing_to_say(meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    meeting.do("cancel", session)
    meeting.until(OVER)
    assert code(say(meeting, session, meeting.mentee, "met")) == "session-cancelled"


def pause(meeting: Meeting, status: MentorshipStatus = MentorshipStatus.PAUSED) -> None:
    mentorship = running_store.get_mentorship(meeting.mentee, meeting.id)
    assert mentorship is not None
    meeting.world.write(
        *running_store.put_mentorship(replace(mentorship, status=status), None, meeting.world.at)
    )


def test_in_a_pause_nothing_is_booked_and_what_was_can_be_called_off_and_told(meeting: Meeting) -> None:
    later = {"starts_at": "2027-03-13T13:00:00Z"}
    past, ahead = meeting.booked(MONDAY), meeting.booked(WEDNESDAY)
    offered = meeting.booked("2027-03-12T02:00:00Z", outside_availability=True)
    meeting.until(OVER)
    pause(meeting)
    refused = [
        meeting.book(later["starts_at"]), meeting.times(),
        meeting.series("2027-03-22T09:00", "FREQ=WEEKLY;COUNT=2"),
        meeting.do("reschedule", ahead, later),
        meeting.do("accept", offered, by=meeting.mentor),
    ]  # fmt: skip
    assert [code(one) for one in refused] == ["mentorship-not-under-way"] * 5
    assert say(meeting, past, meeting.mentee, "met").status == 200
    assert meeting.do("decline", offered, by=meeting.mentor).status == 200
    assert meeting.do("cancel", ahead).status == 200


def test_nobodys_ending_takes_away_what_was_held_or_leaves_a_no_show_uncontested(meeting: Meeting) -> None:
    held, contested = meeting.booked(MONDAY), meeting.booked(WEDNESDAY)
    meeting.until("2027-03-10T15:00:00+00:00")
    say(meeting, contested, meeting.mentor, "other_missing")
    pause(meeting, MentorshipStatus.CLOSED)
    assert say(meeting, held, meeting.mentee, "met").status == 200
    assert meeting.world.messages("mentorship-over"), "its record is listed with other figures"
    assert say(meeting, contested, meeting.mentee, "met").json["attendance"]["outcome"] == "contested"
    note = meeting.path(f"sessions/{held}/notes")
    assert meeting.world.put(note, {"text": "The audit", "shared": False}, by=meeting.mentee).status == 200
    meeting.until("2027-04-10T15:00:00+00:00")
    assert code(say(meeting, held, meeting.mentee, "met")) == "accounts-closed"
    late = meeting.world.put(note, {"text": "More", "shared": True}, by=meeting.mentee)
    assert code(late) == "mentorship-not-under-way"


def test_a_pause_at_the_same_moment_wins(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the reading and the commit: the transaction's own check finds it."""
    commit, left = booking.commit, [1]

    def late(*given: Any) -> Any:
        if left.pop() if left else 0:
            pause(meeting)
        return commit(*given)

    monkeypatch.setattr(booking, "commit", late)
    refused = meeting.book(MONDAY)
    assert (refused.status, code(refused)) == (409, "mentorship-not-under-way")
    assert meeting.all() == []
