"""Sessions are booked, moved, proposed and called off, with both people's time and the other's mail in one move."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.mentorships.running import By, Ending, EndReason, MentorshipStatus
from chalicelib.programmes.model import Side
from tests.mentorships.scene import Scene
from tests.mentorships.sessions.meeting import MONDAY, NIGHT, WEDNESDAY, Meeting, change, code, pair, pointers
from tests.support.world import MENTEE_PROFILE


def test_times_stand_on_both_clocks_and_lack_what_is_booked(meeting: Meeting) -> None:
    found = meeting.times(weeks=2).json["items"]
    assert [one["week"] for one in found].count(1) == 5
    first = next(one for one in found if one["starts_at"].startswith("2027-03-08T13:00"))
    assert first["mentor"] == {
        "time_zone": "America/Toronto", "starts": "2027-03-08T08:00:00-05:00", "ends": "2027-03-08T09:00:00-05:00",
        "comfort": 100,
    }  # fmt: skip
    assert first["mentee"]["starts"] == "2027-03-08T16:00:00+03:00"
    assert [one["comfort"] for one in found] == sorted((one["comfort"] for one in found), reverse=True)

    meeting.booked(MONDAY)
    with meeting.world.counted() as calls:
        left = meeting.times(by=meeting.mentor, weeks=6).json["items"]
    assert calls == ["BatchGetItem", "BatchGetItem"], "the mentorship; then weeks and calendars of both"
    assert not any("2027-03-08T12:15" < one["starts_at"] < "2027-03-08T14:00" for one in left)
    # After 14 March the same hour of Toronto's is an hour earlier in Nairobi.
    assert any(one["mentee"]["starts"].startswith("2027-03-15T15:00") for one in left)


def test_times_say_who_has_not_told_when_they_can_be_met(scene: Scene) -> None:
    from tests.mentorships.sessions.meeting import a_meeting

    meeting = a_meeting(scene, mentee={"availability": []})
    assert meeting.times().json == {"items": [], "unknown": ["mentee"]}


@pytest.mark.parametrize("query", [{"weeks": 0}, {"weeks": 13}, {"minutes": 7}, {"minutes": 300}])
def test_times_are_asked_for_within_bounds(meeting: Meeting, query: dict[str, int]) -> None:
    assert meeting.times(**query).status == 422


def test_a_session_is_booked_for_both_and_the_other_is_told(meeting: Meeting) -> None:
    reply = meeting.book(MONDAY, minutes=45)
    assert reply.status == 201
    assert reply.json["status"] == "booked"
    assert (reply.json["mentor"]["starts"], reply.json["mentee"]["starts"]) == (
        "2027-03-08T08:00:00-05:00", "2027-03-08T16:00:00+03:00",
    )  # fmt: skip
    assert meeting.mails() == [("booked", "mentor")]
    assert meeting.read(reply.json["id"], by=meeting.mentor) == reply.json


def test_neither_is_booked_twice_in_whatever_mentorship(meeting: Meeting) -> None:
    meeting.booked(MONDAY)
    again = meeting.book("2027-03-08T13:30:00Z", by=meeting.mentor)
    assert (again.status, code(again)) == (409, "time-taken")
    third = meeting.world.person(MENTEE_PROFILE)
    second = Meeting(meeting.scene, third, meeting.mentor, pair(meeting.scene, third, meeting.mentor))
    assert code(second.book(MONDAY)) == "time-taken"
    assert second.book("2027-03-08T14:00:00Z").status == 201, "the very next minute is free"
    assert second.mails() == [("booked", "mentor")] * 2


def test_two_accepting_the_same_time_are_not_both_booked(meeting: Meeting) -> None:
    """Two mentees propose the same night; the mentor accepts both."""
    third = meeting.world.person(MENTEE_PROFILE)
    second = Meeting(meeting.scene, third, meeting.mentor, pair(meeting.scene, third, meeting.mentor))
    one = meeting.booked(NIGHT, outside_availability=True)
    other = second.booked(NIGHT, outside_availability=True)
    assert meeting.do("accept", one, by=meeting.mentor).json["status"] == "booked"
    refused = second.do("accept", other, by=meeting.mentor)
    assert (refused.status, code(refused)) == (409, "time-taken")
    assert second.read(other)["status"] == "proposed"


@pytest.mark.parametrize(
    ("starts_at", "says"),
    [
        ("2027-03-08T13:05:00Z", "quarter of an hour"),
        ("2027-02-28T13:00:00Z", "past"),
        ("2028-04-01T13:00:00Z", "366 days"),
        ("2027-03-08T13:00:00", "with its offset"),
        ("2027-02-29T13:00:00Z", "write an instant"),
        ("0001-01-01T00:00:00+14:00", "write an instant"),
        ("tomorrow", "write an instant"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_what_to_do(
    meeting: Meeting, starts_at: str, says: str
) -> None:
    reply = meeting.book(starts_at)
    assert reply.status == 422
    assert says in pointers(reply)["/starts_at"].lower()


def test_the_29th_of_february_is_a_day_like_any_other(meeting: Meeting) -> None:
    meeting.until("2028-01-03T09:00:00+00:00")
    reply = meeting.book("2028-02-29T13:00:00Z", outside_availability=True)
    assert reply.json["mentor"]["starts"] == "2028-02-29T08:00:00-05:00"


def test_outside_a_week_only_what_both_want_is_booked(meeting: Meeting) -> None:
    refused = meeting.book(NIGHT)
    assert (refused.status, code(refused)) == (409, "outside-availability")
    assert "Neither week" in refused.json["detail"]
    assert "other's week" in meeting.book("2027-03-08T11:30:00Z").json["detail"], (
        "14:30 in Nairobi, 06:30 in Toronto"
    )

    session = meeting.booked(NIGHT, outside_availability=True)
    assert meeting.read(session)["status"] == "proposed"
    assert meeting.read(session)["proposed"]["mentor"]["starts"] == "2027-03-08T21:00:00-05:00"
    own = meeting.do("accept", session, by=meeting.mentee)
    assert (own.status, code(own)) == (409, "nothing-proposed")
    accepted = meeting.do("accept", session, by=meeting.mentor)
    assert (accepted.json["status"], accepted.json["proposed"]) == ("booked", None)
    assert meeting.mails() == [("booked", "mentee"), ("proposed", "mentor")]
    assert code(meeting.do("accept", session, by=meeting.mentor)) == "nothing-proposed"


def test_a_refused_proposal_is_no_session_and_holds_no_time(meeting: Meeting) -> None:
    session = meeting.booked(NIGHT, outside_availability=True)
    declined = meeting.do("decline", session, {"text": "Nights are hard."}, by=meeting.mentor)
    assert (declined.json["status"], declined.json["cancelled"]["text"]) == ("cancelled", "Nights are hard.")
    assert declined.json["cancelled"]["late"] is False
    assert code(meeting.do("accept", session, by=meeting.mentor)) == "session-cancelled"


def test_a_session_moves_with_both_calendars(meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    moved = meeting.do("reschedule", session, {"starts_at": WEDNESDAY, "minutes": 30}, by=meeting.mentor)
    assert (moved.status, moved.json["starts_at"], moved.json["minutes"]) == (
        200,
        "2027-03-10T13:00:00.000000Z",
        30,
    )
    assert meeting.book(MONDAY).status == 201, "its old time is free"
    assert code(meeting.book(WEDNESDAY)) == "time-taken"
    assert meeting.mails() == [("booked", "mentor"), ("booked", "mentor"), ("moved", "mentee")]
    # Into time that it has itself.
    assert (
        meeting.do("reschedule", session, {"starts_at": "2027-03-10T13:15:00Z", "minutes": 30}).status == 200
    )


def test_a_proposed_move_leaves_what_is_booked_until_the_other_says_yes(meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    offered = meeting.do("reschedule", session, {"starts_at": NIGHT, "outside_availability": True})
    assert (offered.json["status"], offered.json["starts_at"]) == ("booked", "2027-03-08T13:00:00.000000Z")
    assert code(meeting.book(MONDAY)) == "time-taken"
    declined = meeting.do("decline", session, by=meeting.mentor)
    assert (declined.json["status"], declined.json["proposed"]) == ("booked", None)

    meeting.do("reschedule", session, {"starts_at": NIGHT, "outside_availability": True})
    accepted = meeting.do("accept", session, by=meeting.mentor)
    assert accepted.json["starts_at"] == "2027-03-09T02:00:00.000000Z"
    assert meeting.book(MONDAY).status == 201


def test_a_time_that_has_passed_is_not_accepted(meeting: Meeting) -> None:
    session = meeting.booked(NIGHT, outside_availability=True)
    meeting.until("2027-03-09T02:00:00+00:00")
    assert code(meeting.do("accept", session, by=meeting.mentor)) == "session-begun"


@pytest.mark.parametrize("blocker", ["mentee", "mentor"])
def test_who_is_blocked_books_nothing_and_can_still_call_off(meeting: Meeting, blocker: str) -> None:
    session = meeting.booked(MONDAY)
    offered = meeting.booked(NIGHT, outside_availability=True)
    by, other = (meeting.mentee, meeting.mentor) if blocker == "mentee" else (meeting.mentor, meeting.mentee)
    assert meeting.world.put(f"/v1/me/blocks/{other}", by=by).status == 204
    refused = [
        meeting.book(WEDNESDAY), meeting.series("2027-03-22T09:00", "FREQ=WEEKLY;COUNT=2"),
        meeting.do("reschedule", session, {"starts_at": WEDNESDAY}), meeting.do("accept", offered, by=meeting.mentor),
    ]  # fmt: skip
    assert [code(one) for one in refused] == ["cannot-meet"] * 4
    assert meeting.do("cancel", session).status == 200


def test_what_has_begun_is_not_moved_by_a_late_yes(meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    meeting.do("reschedule", session, {"starts_at": NIGHT, "outside_availability": True})
    meeting.until("2027-03-08T13:00:00+00:00")
    assert code(meeting.do("accept", session, by=meeting.mentor)) == "session-begun"
    assert meeting.do("decline", session, by=meeting.mentor).json["status"] == "booked"


@pytest.mark.parametrize(
    ("at", "late"), [("2027-03-07T12:59:59+00:00", False), ("2027-03-07T13:00:01+00:00", True)]
)
def test_cancelled_within_a_day_is_late(meeting: Meeting, at: str, late: bool) -> None:
    session = meeting.booked(MONDAY)
    meeting.until(at)
    gone = meeting.do("cancel", session, {"text": "I am on call."}, by=meeting.mentor)
    assert gone.json["cancelled"] == {
        "by": "mentor", "at": at.replace("+00:00", ".000000Z"), "late": late, "text": "I am on call.",
    }  # fmt: skip
    assert meeting.mails() == [("booked", "mentor"), ("cancelled", "mentee")]
    assert meeting.book(MONDAY).status == 201
    assert meeting.do("cancel", session).json == gone.json, "again, it does nothing"


@pytest.mark.parametrize("at", ["2027-03-08T13:00:00+00:00", "2027-04-08T13:00:00+00:00"])
def test_a_past_session_is_neither_cancelled_nor_moved(meeting: Meeting, at: str) -> None:
    session = meeting.booked(MONDAY)
    meeting.until(at)
    for reply in (
        meeting.do("cancel", session),
        meeting.do("reschedule", session, {"starts_at": "2027-05-08T13:00:00Z"}),
    ):
        assert (reply.status, code(reply)) == (409, "session-begun")


def test_a_stale_reader_changes_nothing(meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    path = meeting.path(f"sessions/{session}")
    etag = meeting.world.get(path, by=meeting.mentee).etag
    assert meeting.do("reschedule", session, {"starts_at": WEDNESDAY}).status == 200
    for what in ("cancel", "accept", "decline", "reschedule"):
        body: dict[str, Any] = {"starts_at": NIGHT} if what == "reschedule" else {}
        stale = meeting.world.post(f"{path}/{what}", body, by=meeting.mentor, headers={"If-Match": etag})
        assert stale.status == 412
    assert meeting.world.post(f"{path}/cancel", {}, by=meeting.mentor).status == 428, "without one"


def test_a_lost_answer_is_given_again_and_books_once(meeting: Meeting) -> None:
    how = {"by": meeting.mentee, "headers": {"Idempotency-Key": "one"}}
    first = meeting.world.post(meeting.path(), {"starts_at": MONDAY}, **how)
    again = meeting.world.post(meeting.path(), {"starts_at": MONDAY}, **how)
    assert (first.status, first.text) == (again.status, again.text)
    assert len(meeting.all()) == 1


def test_strangers_find_nothing_and_coordinators_read_no_words(meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    meeting.do("cancel", session, {"text": "My child is ill."})
    stranger = meeting.world.person()
    assert meeting.times(by=stranger).status == 404
    assert meeting.book(by=stranger).status == 404
    assert meeting.world.get(meeting.path(), by=stranger).status == 404
    assert meeting.read(session, by=meeting.mentor)["cancelled"]["text"] == "My child is ill."
    assert meeting.read(session, by=meeting.scene.coordinator)["cancelled"]["text"] is None
    assert meeting.book(by=meeting.scene.coordinator).status == 404
    elsewhere = meeting.world.get(meeting.path("sessions/01ARZ3NDEKTSV4RRFFQ69G5FAV"), by=meeting.mentee)
    assert elsewhere.status == 404


def test_nothing_is_booked_for_after_the_last_day(meeting: Meeting) -> None:
    change(meeting, ends_on=date(2027, 3, 9))
    late = meeting.book(WEDNESDAY)
    assert (late.status, code(late)) == (409, "past-last-day")
    assert "2027-03-10T00:00:00" in late.json["detail"]
    assert "/extension" in late.json["detail"]
    assert meeting.series("2027-03-08T09:00", "FREQ=WEEKLY;COUNT=2").status == 409
    session = meeting.booked(MONDAY)
    moved = meeting.do("reschedule", session, {"starts_at": WEDNESDAY})
    assert (moved.status, code(moved)) == (409, "past-last-day")
    found = [one["starts_at"] for one in meeting.times(weeks=6).json["items"]]
    assert found
    assert max(found) < "2027-03-10"


def test_time_for_closing_ends_before_the_last_day(meeting: Meeting) -> None:
    until = datetime(2027, 3, 9, tzinfo=UTC)
    ending = Ending(EndReason.NO_TIME, By.PAIR, meeting.world.at, until, Side.MENTEE)
    change(meeting, ends_on=date(2027, 12, 31), status=MentorshipStatus.CLOSING, ending=ending)
    assert meeting.book(MONDAY).status == 201
    assert code(meeting.book(WEDNESDAY)) == "past-last-day"
