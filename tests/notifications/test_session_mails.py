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
from tests.mentorships.state import State
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


def test_in_quiet_hours_what_is_about_a_session_waits_unless_it_is_near(
    office: PostOffice, meeting: Meeting
) -> None:
    """The session is at eight in Toronto; in their quiet hours fall the reminder of the day before and that of the hour
    before."""
    off = [{"kind": "calendar-entry", "frequency": "off"}]
    quiet = {"kinds": off, "quiet_hours": {"start": "06:00", "end": "09:30"}}
    path = "/v1/me/mail-preferences"
    etag = office.world.get(path, by=meeting.mentor).etag
    assert office.world.put(path, quiet, by=meeting.mentor, headers={"If-Match": etag}).status == 200
    meeting.booked(MONDAY, by=meeting.mentor)
    look(meeting, "2027-03-07T13:00:00+00:00", office)
    assert [len(subjects(office, one)) for one in (meeting.mentor, meeting.mentee)] == [0, 2]
    look(meeting, "2027-03-07T14:30:00+00:00", office)
    assert len(subjects(office, meeting.mentor)) == 1
    look(meeting, "2027-03-08T12:00:00+00:00", office)
    assert len(subjects(office, meeting.mentor)) == 2, "an hour before it cannot wait"


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


def test_who_books_by_another_s_clock_is_warned_of_its_changes(office: PostOffice, meeting: Meeting) -> None:
    """On 14 March Toronto's clocks go forward: 09:00 there is an hour earlier in Nairobi."""
    assert meeting.series("2027-03-08T09:00", "FREQ=WEEKLY;COUNT=4").status == 201
    out(office)
    [(_, text)] = read(office, meeting.mentee)
    assert "lundi 8 mars 2027, 17:00 (heure locale\u00a0: Nairobi)" in text
    warned = (
        "Avec le changement d’heure, à une autre heure pour vous à partir du\u00a0: lundi 15 mars 2027, 16:00"
    )
    assert warned in text
    third = meeting.all()[2]["id"]
    assert meeting.do("cancel", third, {"scope": "following"}, by=meeting.mentor).status == 200
    out(office)
    assert "changement d’heure" not in read(office, meeting.mentee)[-1][1]
    wish = {"starts": "2027-03-10T16:00", "rule": "FREQ=WEEKLY;COUNT=2", "zone": "Africa/Nairobi"}
    assert meeting.series(**wish, by=meeting.mentee).status == 201
    out(office)
    booked = read(office, meeting.mentor)[-1][1]
    assert "for you from: Wednesday, March 17, 2027, 9:00\u202fa.m. (Toronto time)" in booked


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


@pytest.mark.usefixtures("no_programme_digests")
def test_a_crash_at_any_step_of_the_whole_way_loses_and_doubles_no_reminder(
    office: PostOffice, meeting: Meeting
) -> None:
    """The sweep, the worker that sends both mails at once and the function of the provider's events are killed before
    and after each write, queueing and mail."""
    meeting.booked(MONDAY)
    out(office)
    admin, due = office.world.admin(), datetime.fromisoformat("2027-03-07T13:00:00+00:00")
    start, step, listed, steps = State(), 0, 0, [""]
    while step <= len(steps):
        start.put_back()
        office.sent.clear()
        office.told.clear()
        meeting.world.at = due
        office.knife = Knife({step}, drawn=True)
        office.sweep()
        stay = office.deliver_queue()
        meeting.world.at += office.event_delay
        office.deliver_events()
        office.knife, steps = Knife(), office.knife.steps
        meeting.world.at += timedelta(minutes=70)
        office.reappear(stay)
        for _ in range(2):
            office.deliver_events()
            out(office)
        listed += send_in_doubt(office, admin)
        assert len(office.sent) == 2, f"killed at {steps[-1]}"
        assert len({one["EmailTags"][0]["Value"] for one in office.sent}) == 2, f"killed at {steps[-1]}"
        assert meeting.world.messages("session-reminder") == [], f"not ended after {steps[-1]}"
        step += 1
    # Written, queued, claimed twice, sent twice, ended together, and two events of each mail.
    assert len(steps) == 2 * (1 + 1 + 2 + 2 + 1 + 4)
    assert listed > 0, "no worker died between its claim and the mail"


def send_in_doubt(office: PostOffice, admin: str) -> int:
    """Have an admin send what is in doubt; return how many mails that were."""
    items = office.world.get("/v1/admin/mails-in-doubt", by=admin).json["items"]
    for one in items:
        assert office.times_sent(one["message"]) == 0
        assert office.world.post(f"/v1/admin/mails-in-doubt/{one['mail']}/send-again", by=admin).status == 204
    if items:
        out(office)
    return len(items)


def test_an_ended_mentorship_leaves_no_session_ahead_and_no_time_taken(office: PostOffice) -> None:
    pair = paired(make_scene(office.world))
    meeting = Meeting(pair.scene, pair.mentee, pair.mentor, pair.id)
    assert meeting.series("2027-03-08T09:00", "FREQ=WEEKLY;COUNT=30").status == 201
    world = office.world
    mentorships.cancel_sessions(world.call("job:follow_up"), meeting.id)
    assert {one["status"] for one in meeting.all()} == {"booked"}, "it goes on"
    how = {"reason": "not_the_right_fit", "conversation": False}
    ended = world.post(meeting.path("end"), how, by=meeting.mentee)
    assert ended.json["status"] == "closed", ended.text
    (news,) = (one.id for one in world.messages(mentorships.MENTORSHIP_CLOSED))
    for done in (mentorships.MENTORSHIP_CLOSED, None):
        assert follow_up(news, lambda: world.at) == done
    assert {one["status"] for one in meeting.all()} == {"cancelled"}
    people = meeting.mentee, meeting.mentor
    found = calendars.read(people, [Span(START, START + timedelta(days=300))])
    assert [found.busy(one) for one in people] == [(), ()]
