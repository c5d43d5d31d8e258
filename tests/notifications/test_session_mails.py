"""Mails about sessions: what they say, in the reader's language and on their clock, and when they are not sent."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.calendars import service as calendars
from chalicelib.calendars.model import Span
from chalicelib.follow_ups.service import follow_up
from chalicelib.mentorships import service as mentorships
from chalicelib.mentorships.health import due_store
from chalicelib.mentorships.sessions import reminding, store
from chalicelib.mentorships.sessions.errors import SessionMoved
from tests.mentorships.pairs import paired
from tests.mentorships.scene import make_scene
from tests.mentorships.sessions.meeting import MONDAY, NIGHT, START, WEDNESDAY, Meeting, a_meeting
from tests.mentorships.sessions.test_attendance import pause
from tests.notifications.post import Knife, PostOffice
from tests.notifications.test_facts import read


@pytest.fixture
def meeting(office: PostOffice) -> Meeting:
    """The two, who want no calendar files of what they change themselves; those are in test_calendar_files.py."""
    made = a_meeting(make_scene(office.world))
    # Its health is looked at in tests/mentorships/health; here it would have mails of its own.
    made.world.write(due_store.put_due(made.id, None, made.world.at))
    for person in (made.mentee, made.mentor):
        chosen = {"kinds": [{"kind": "calendar-entry", "frequency": "off"}], "quiet_hours": None}
        reply = office.world.put("/v1/me/mail-preferences", chosen, by=person, headers={"If-Match": '"0"'})
        assert reply.status == 200, reply.text
    return made


def out(office: PostOffice) -> None:
    """Let the sweep come by, and the mails out."""
    office.sweep()
    assert office.deliver_queue() == []
    office.deliver_events()


def look(meeting: Meeting, instant: str, office: PostOffice) -> None:
    """Let the clock come to an instant, and then the sweep and the mails."""
    meeting.until(instant)
    out(office)


def subjects(office: PostOffice, person: str) -> list[str]:
    return [subject.replace("\u00a0", "").partition(": ")[2] for subject, _ in read(office, person)]


def test_each_reads_it_on_their_clock_and_in_their_language(office: PostOffice, meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    out(office)
    [(subject, text)] = read(office, meeting.mentor)
    assert subject == "Hearts across borders: your session is booked"
    assert "Monday, March 8, 2027, 8:00\u202fa.m. (Toronto time)" in text
    assert "For Amina Otieno: Monday, March 8, 2027, 4:00\u202fp.m. (Nairobi time)" in text
    meeting.do("cancel", session, by=meeting.mentor)
    out(office)
    [(subject, text)] = read(office, meeting.mentee)
    assert "votre séance est annulée" in subject
    assert "lundi 8 mars 2027, 16:00 (heure locale\u00a0: Nairobi)" in text
    assert "lundi 8 mars 2027, 08:00 (heure locale\u00a0: Toronto)" in text


def test_both_are_reminded_a_day_and_an_hour_before_and_once(office: PostOffice, meeting: Meeting) -> None:
    meeting.booked(MONDAY)
    out(office)
    look(meeting, "2027-03-07T12:59:59+00:00", office)
    assert read(office, meeting.mentee) == []
    for instant, count in [("2027-03-07T13:00:00", 1), ("2027-03-07T13:05:00", 1), ("2027-03-08T12:00:00", 2),
                           ("2027-03-08T12:05:00", 2), ("2027-03-08T13:30:00", 2)]:  # fmt: skip
        look(meeting, f"{instant}+00:00", office)
        assert len(read(office, meeting.mentee)) == count
        assert len(read(office, meeting.mentor)) == count + 1
    assert "within the hour" in read(office, meeting.mentor)[-1][1]
    assert "moins de 24" in read(office, meeting.mentee)[0][1]


def test_who_slept_through_the_day_s_gets_the_hour_s_alone(office: PostOffice, meeting: Meeting) -> None:
    meeting.booked(MONDAY)
    look(meeting, "2027-03-08T12:30:00+00:00", office)
    texts = [text for _, text in read(office, meeting.mentor)]
    assert [sum(words in one for one in texts) for words in ("within the hour", "within a day")] == [1, 0]
    meeting.booked(WEDNESDAY)
    look(meeting, "2027-03-10T13:00:00+00:00", office)
    reminded = [one for one in subjects(office, meeting.mentee) if "votre séance, " in one]
    assert len(reminded) == 1, "nobody is reminded of what has begun"


def test_reminders_move_and_go_with_the_session(office: PostOffice, meeting: Meeting) -> None:
    moved, gone = meeting.booked(MONDAY), meeting.booked("2027-03-08T15:00:00Z")
    meeting.do("reschedule", moved, {"starts_at": WEDNESDAY})
    meeting.do("cancel", gone)
    out(office)
    before = len(read(office, meeting.mentee))
    look(meeting, "2027-03-08T12:30:00+00:00", office)
    assert len(read(office, meeting.mentee)) == before
    look(meeting, "2027-03-09T13:00:00+00:00", office)
    assert len(read(office, meeting.mentee)) == before + 1


def test_a_mail_about_what_has_moved_since_is_not_sent(office: PostOffice, meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    meeting.do("reschedule", session, {"starts_at": WEDNESDAY})
    offered = meeting.booked(NIGHT, outside_availability=True)
    meeting.do("decline", offered)
    out(office)
    assert sorted(subjects(office, meeting.mentor)) == [
        "the time proposed for your session is off", "your session is at another time",
    ]  # fmt: skip


def test_nobody_is_reminded_in_a_pause(office: PostOffice, meeting: Meeting) -> None:
    meeting.booked(MONDAY)
    out(office)
    pause(meeting)
    look(meeting, "2027-03-07T13:00:00+00:00", office)
    assert read(office, meeting.mentee) == []


def test_who_has_not_said_how_it_went_is_asked_once(office: PostOffice, meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    look(meeting, "2027-03-08T12:30:00+00:00", office)
    meeting.until("2027-03-08T14:00:00+00:00")
    assert meeting.do("attendance", session, {"said": "met"}).status == 200
    before = len(read(office, meeting.mentee)), len(read(office, meeting.mentor))
    for day in (9, 10, 20):
        look(meeting, f"2027-03-{day:02d}T14:00:00+00:00", office)
    assert (len(read(office, meeting.mentee)), len(read(office, meeting.mentor))) == (
        before[0],
        before[1] + 1,
    )
    assert "how was your session?" in read(office, meeting.mentor)[-1][0]


def test_two_workers_at_once_write_one_mail_each(
    office: PostOffice, meeting: Meeting, monkeypatch: Any
) -> None:
    """The second read the session before the first wrote: the condition stops it, and nothing of it is left."""
    meeting.booked(MONDAY)
    out(office)
    meeting.until("2027-03-07T13:00:00+00:00")
    stale = list(store.due_sessions(meeting.world.at))
    assert reminding.remind_due(meeting.world.at) == 0
    monkeypatch.setattr(reminding.store, "due_sessions", lambda _now: iter(stale))
    with pytest.raises(SessionMoved):
        reminding._look_at(meeting.world.call("job:reminders"), stale[0])
    assert reminding.remind_due(meeting.world.at) == 0
    out(office)
    assert len(read(office, meeting.mentee)) == 1
    assert len(read(office, meeting.mentor)) == 2


def test_a_crash_at_any_step_loses_and_doubles_no_reminder(office: PostOffice, meeting: Meeting) -> None:
    """Killed before and after each write and queueing of the sweep, another session a step. The worker's own crashes
    are in test_at_most_once.py."""
    step = 0
    while True:
        session = meeting.series(
            f"2027-{4 + step // 28:02d}-{1 + step % 28:02d}T09:00",
            "FREQ=DAILY;COUNT=1",
            outside_availability=True,
        ).json["items"][0]
        if session["status"] == "proposed":
            assert meeting.do("accept", session["id"]).status == 200
        out(office)
        before = len(office.sent)
        starts = datetime.fromisoformat(session["starts_at"])
        meeting.world.at = starts - timedelta(hours=24)
        office.knife = Knife({step}, drawn=True)
        office.sweep()
        office.knife, steps = Knife(), office.knife.steps
        meeting.world.at += timedelta(minutes=70)
        for _ in range(2):
            office.deliver_events()
            out(office)
        assert len(office.sent) == before + 2, f"killed at {steps[-1]}"
        assert meeting.do("cancel", session["id"]).status == 200
        if step >= len(steps):
            return
        step += 1


def test_an_ended_mentorship_leaves_no_session_ahead_and_no_time_taken(office: PostOffice) -> None:
    pair = paired(make_scene(office.world))
    meeting = Meeting(pair.scene, pair.mentee, pair.mentor, pair.id)
    assert meeting.series("2027-03-08T09:00", "FREQ=WEEKLY;COUNT=30").status == 201
    world, news = office.world, f"{mentorships.MENTORSHIP_CLOSED}:{meeting.id}"
    mentorships.cancel_sessions(world.call("job:follow_up"), meeting.id)
    assert {one["status"] for one in meeting.all()} == {"booked"}, "it goes on"
    how = {"reason": "not_the_right_fit", "conversation": False}
    ended = world.post(meeting.path("end"), how, by=meeting.mentee)
    assert ended.json["status"] == "closed", ended.text
    for done in (mentorships.MENTORSHIP_CLOSED, None):
        assert follow_up(news, lambda: world.at) == done
    assert {one["status"] for one in meeting.all()} == {"cancelled"}
    people = meeting.mentee, meeting.mentor
    found = calendars.read(people, [Span(START, START + timedelta(days=300))])
    assert [found.busy(one) for one in people] == [(), ()]
