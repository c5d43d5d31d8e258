"""The calendar files of mails about sessions, as the reader's program parses them (RFC 5545, 5546, 7986)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from icalendar import Calendar, Event

from chalicelib.mentorships import service as mentorships
from chalicelib.people import service as people
from chalicelib.people import store as people_store
from chalicelib.programmes import store as programmes_store
from chalicelib.programmes.model import VideoProvider, VideoRooms
from tests.mentorships.pairs import paired
from tests.mentorships.scene import make_scene
from tests.mentorships.sessions.meeting import MONDAY, NIGHT, WEDNESDAY, Meeting, a_meeting
from tests.notifications.post import Opened, PostOffice, opened
from tests.notifications.test_session_mails import out

FIRST, WEEKLY = "2027-03-08T09:00", "FREQ=WEEKLY;COUNT=4"


@pytest.fixture
def meeting(office: PostOffice) -> Meeting:
    return a_meeting(make_scene(office.world))


def got(office: PostOffice, person: str) -> list[Opened]:
    """Return the mails of a person that bring a calendar file, in the order of sending."""
    address = people.get_person(person)
    assert address is not None
    found = [opened(one) for one in office.sent if one["Destination"]["ToAddresses"] == [address.email]]
    return [one for one in found if one.calendars]


def parsed(mail: Opened) -> tuple[str, list[Event]]:
    """Return method and events of a mail's file, which its two parts have alike, in lines as RFC 5545 wants them."""
    (kind, method, text), (attached, none, same) = mail.calendars
    assert (kind, attached, none, same) == ("text/calendar", "application/ics", None, text)
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    calendar = Calendar.from_ical(text)
    assert isinstance(calendar, Calendar)
    assert (calendar["VERSION"], calendar["CALSCALE"], calendar["METHOD"]) == ("2.0", "GREGORIAN", method)
    assert calendar["PRODID"] == "-//Crossward//Sessions//EN"
    events = calendar.events
    assert all(not one.errors for one in events)
    assert len({(one["UID"], one["SEQUENCE"]) for one in events}) == 1
    return str(method), events


def last(office: PostOffice, person: str) -> tuple[str, list[Event]]:
    return parsed(got(office, person)[-1])


def at(event: Event, name: str = "DTSTART") -> datetime:
    moment = event.decoded(name)
    assert isinstance(moment, datetime)
    return moment.astimezone(UTC)


def wall(event: Event, name: str = "DTSTART") -> str:
    """Return what the clock of a time's own zone shows."""
    moment = event.decoded(name)
    assert isinstance(moment, datetime)
    return moment.isoformat()[:16]


def test_both_get_what_is_booked_each_in_their_words(office: PostOffice, meeting: Meeting) -> None:
    session = meeting.booked(MONDAY, minutes=45)
    out(office)
    method, [event] = last(office, meeting.mentor)
    assert method == "REQUEST"
    assert event["UID"] == f"{session}@crossward"
    assert event["SEQUENCE"] == 0
    assert (at(event), at(event, "DTEND")) == (
        datetime(2027, 3, 8, 13, tzinfo=UTC), datetime(2027, 3, 8, 13, 45, tzinfo=UTC),
    )  # fmt: skip
    assert at(event, "DTSTAMP") == meeting.world.at
    assert event["DTSTART"].params["TZID"] == "Africa/Nairobi", "who booked it organises it"
    assert event["STATUS"] == "CONFIRMED"
    assert event["CLASS"] == "PRIVATE"
    organiser, attendee = event["ORGANIZER"], event["ATTENDEE"]
    assert organiser == "mailto:no-reply@crossward.example", "the address that the mail is from"
    assert organiser.params["CN"] == "Hearts across borders"
    mentor = people.get_person(meeting.mentor)
    assert mentor is not None
    assert attendee == f"mailto:{mentor.email}"
    assert dict(attendee.params) == {
        "CN": "Claire Tremblay", "CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED",
        "RSVP": "FALSE",
    }  # fmt: skip
    assert event["SUMMARY"] == "Mentoring session with Amina Otieno"

    _, [own] = last(office, meeting.mentee)
    assert (own["UID"], own["SUMMARY"]) == (event["UID"], "Séance de mentorat avec Claire Tremblay")
    mentee = people.get_person(meeting.mentee)
    assert mentee is not None
    for mail, address in (
        (got(office, meeting.mentor)[0], mentee.email),
        (got(office, meeting.mentee)[0], mentor.email),
    ):
        assert address not in "".join(text for *_, text in mail.calendars), (
            "nobody's address goes to the other"
        )


def test_what_moves_and_goes_keeps_its_uid_and_counts_on(office: PostOffice, meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    out(office)
    meeting.do("reschedule", session, {"starts_at": WEDNESDAY}, by=meeting.mentor)
    out(office)
    for person in (meeting.mentee, meeting.mentor):
        method, [moved] = last(office, person)
        assert (method, moved["UID"], moved["SEQUENCE"]) == ("REQUEST", f"{session}@crossward", 1)
        assert at(moved) == datetime(2027, 3, 10, 13, tzinfo=UTC)
    meeting.do("cancel", session)
    out(office)
    for person in (meeting.mentee, meeting.mentor):
        method, [gone] = last(office, person)
        assert (method, gone["UID"], gone["SEQUENCE"], gone["STATUS"]) == (
            "CANCEL", f"{session}@crossward", 2, "CANCELLED",
        )  # fmt: skip
        assert gone["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
        assert "ORGANIZER" in gone
        assert at(gone) == datetime(2027, 3, 10, 13, tzinfo=UTC)
        assert len(got(office, person)) == 3
    assert "take out of your calendar" not in got(office, meeting.mentor)[-1].subject
    assert "à retirer de votre agenda" in got(office, meeting.mentee)[-1].subject


def test_what_is_only_proposed_is_in_no_calendar(office: PostOffice, meeting: Meeting) -> None:
    proposed = meeting.booked(NIGHT, outside_availability=True)
    gone = meeting.booked("2027-03-10T02:00:00Z", outside_availability=True)
    meeting.do("cancel", gone)
    out(office)
    assert got(office, meeting.mentee) == got(office, meeting.mentor) == []
    meeting.do("accept", proposed, by=meeting.mentor)
    out(office)
    for person in (meeting.mentee, meeting.mentor):
        method, [event] = last(office, person)
        assert (method, at(event)) == ("REQUEST", datetime(2027, 3, 9, 2, tzinfo=UTC))
    # Another time is proposed for it: what stands in the calendars stays until somebody says yes.
    meeting.do("reschedule", proposed, {"starts_at": "2027-03-11T02:00:00Z", "outside_availability": True})
    out(office)
    assert [len(got(office, one)) for one in (meeting.mentee, meeting.mentor)] == [1, 1]


def test_a_series_is_one_entry_with_its_rule(office: PostOffice, meeting: Meeting) -> None:
    items = meeting.series(FIRST, WEEKLY).json["items"]
    out(office)
    for person in (meeting.mentee, meeting.mentor):
        method, [master] = last(office, person)
        assert method == "REQUEST"
        assert master["UID"] == f"{items[0]['series']['id']}@crossward"
        assert master["RRULE"].to_ical() == b"FREQ=WEEKLY;COUNT=4"
        assert master["DTSTART"].params["TZID"] == "America/Toronto", "the clock of the anchor"
        assert wall(master, "DTSTART") == "2027-03-08T09:00"
        assert "RECURRENCE-ID" not in master
        assert "EXDATE" not in master


def test_one_of_a_series_is_named_by_when_the_rule_has_it(office: PostOffice, meeting: Meeting) -> None:
    items = meeting.series(FIRST, WEEKLY).json["items"]
    series = f"{items[0]['series']['id']}@crossward"
    out(office)
    meeting.do("reschedule", items[1]["id"], {"starts_at": "2027-03-17T13:00:00Z"})
    out(office)
    method, [moved] = last(office, meeting.mentor)
    assert (method, moved["UID"], moved["SEQUENCE"]) == ("REQUEST", series, 1)
    assert moved["RECURRENCE-ID"].params["TZID"] == "America/Toronto"
    assert wall(moved, "RECURRENCE-ID") == "2027-03-15T09:00"
    assert at(moved) == datetime(2027, 3, 17, 13, tzinfo=UTC)
    meeting.do("cancel", items[2]["id"])
    out(office)
    method, [gone] = last(office, meeting.mentor)
    assert (method, gone["UID"], gone["SEQUENCE"], gone["STATUS"]) == ("CANCEL", series, 2, "CANCELLED")
    assert wall(gone, "RECURRENCE-ID") == "2027-03-22T09:00"

    # All that lies ahead by half an hour: the whole, as it is now.
    meeting.do("reschedule", items[0]["id"], {"starts_at": "2027-03-08T14:30:00Z", "scope": "all"})
    out(office)
    method, [master, *others] = last(office, meeting.mentor)
    assert (method, master["UID"], master["SEQUENCE"]) == ("REQUEST", series, 5)
    assert [one.dt.isoformat()[:16] for one in master["EXDATE"].dts] == ["2027-03-22T09:00"]
    assert wall(master, "DTSTART") == "2027-03-08T09:00"
    assert [(one.decoded("RECURRENCE-ID").day, at(one).isoformat()[:16]) for one in others] == [
        (8, "2027-03-08T14:30"), (15, "2027-03-17T13:30"), (29, "2027-03-29T13:30"),
    ]  # fmt: skip
    meeting.do("cancel", items[0]["id"], {"scope": "all"})
    out(office)
    for person in (meeting.mentee, meeting.mentor):
        method, [gone] = last(office, person)
        assert (method, gone["UID"], gone["SEQUENCE"]) == ("CANCEL", series, 8)
        assert "RECURRENCE-ID" not in gone


def test_what_a_later_change_of_one_leaves_of_a_mail_about_all_is_still_told(
    office: PostOffice, meeting: Meeting
) -> None:
    """Moved all, then one of them cancelled before the mail had left."""
    items = meeting.series(FIRST, WEEKLY).json["items"]
    out(office)
    meeting.do("reschedule", items[0]["id"], {"starts_at": "2027-03-08T14:30:00Z", "scope": "all"})
    meeting.do("cancel", items[0]["id"])
    out(office)
    files = [parsed(one) for one in got(office, meeting.mentor)[1:]]
    assert sorted(method for method, _ in files) == ["CANCEL", "REQUEST"]
    [(_, [master, *others])] = [one for one in files if one[0] == "REQUEST"]
    assert [one.dt.day for one in master["EXDATE"].dts] == [8]
    assert [at(one).isoformat()[:16] for one in others] == [
        "2027-03-15T13:30", "2027-03-22T13:30", "2027-03-29T13:30",
    ]  # fmt: skip


def test_what_an_ended_mentorship_leaves_is_taken_out_of_both_calendars(office: PostOffice) -> None:
    pair = paired(make_scene(office.world))
    meeting = Meeting(pair.scene, pair.mentee, pair.mentor, pair.id)
    assert meeting.series("2027-03-08T09:00", "FREQ=WEEKLY;COUNT=30").status == 201
    single = meeting.booked("2027-03-13T13:00:00Z")
    out(office)
    meeting.world.post(
        meeting.path("end"), {"reason": "not_the_right_fit", "conversation": False}, by=meeting.mentee
    )
    mentorships.cancel_sessions(meeting.world.call("job:follow_up"), meeting.id)
    out(office)
    for person in (meeting.mentee, meeting.mentor):
        ended = [parsed(one) for one in got(office, person)[-2:]]
        assert [method for method, _ in ended] == ["CANCEL", "CANCEL"]
        assert {one["UID"] for _, [one] in ended} >= {f"{single}@crossward"}
    assert "is off" in got(office, meeting.mentor)[-1].text


def test_the_mail_keeps_all_that_other_mails_have(office: PostOffice, meeting: Meeting) -> None:
    meeting.booked(MONDAY)
    out(office)
    mail = got(office, meeting.mentee)[0]
    assert mail.headers["Content-Language"] == "fr"
    assert mail.headers["Auto-Submitted"] == "auto-generated"
    assert mail.headers["List-Unsubscribe"].startswith("<https://api.crossward.example/v1/unsubscribe/")
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.headers["To"] == people.get_person(meeting.mentee).email  # type: ignore[union-attr]
    [request] = [one for one in office.sent if opened(one) == mail]
    raw: bytes = request["Content"]["Raw"]["Data"]
    assert b"\nList-Unsubscribe: <https://" in b"\n" + raw, "in one line, as programs look for it"
    assert {one["Name"] for one in request["EmailTags"]} == {"message_id"}
    assert len(mail.html.encode()) < 30 * 1024
    assert max(map(len, raw.split(b"\r\n"))) <= 998, "RFC 5322"
    # It can be switched off by that link; what the other does comes all the same.
    path = mail.headers["List-Unsubscribe"].strip("<>").partition(".example")[2]
    assert meeting.world.post(path, None).status == 200
    meeting.booked(WEDNESDAY)
    meeting.booked("2027-03-13T13:00:00Z", by=meeting.mentor)
    out(office)
    assert [at(parsed(one)[1][0]).day for one in got(office, meeting.mentee)] == [8, 13]


def test_where_they_meet_is_in_mail_and_file(office: PostOffice, meeting: Meeting) -> None:
    world, programme = meeting.world, programmes_store.get_programme(meeting.scene.programme)
    assert programme is not None
    rooms = VideoRooms(VideoProvider.GENERATED_ROOM, "https://meet.example.org")
    world.write(programmes_store.put_programme(replace(programme, video=rooms), world.at))
    world.put("/v1/me/meeting-ways", {"phone": "+254 712 345 678"}, by=meeting.mentee)
    session = meeting.booked(MONDAY)
    out(office)
    link = meeting.read(session)["place"]["link"]
    _, [event] = last(office, meeting.mentor)
    assert event["LOCATION"] == link
    assert event["CONFERENCE"] == link
    assert event["CONFERENCE"].params["VALUE"] == "URI"
    assert event["CONFERENCE"].params["FEATURE"] == ["AUDIO", "VIDEO"]
    assert link in event["DESCRIPTION"]
    mail = got(office, meeting.mentor)[-1]
    assert f'href="{link}"' in mail.html
    assert link in mail.text

    meeting.do_place(session, {"channel": "phone"})
    out(office)
    method, [event] = last(office, meeting.mentor)
    assert (method, event["SEQUENCE"]) == ("REQUEST", 1)
    assert event["LOCATION"] == "By phone: you call Amina Otieno at +254712345678."
    assert (event["CONFERENCE"], event["CONFERENCE"].params["FEATURE"]) == ("tel:+254712345678", "PHONE")
    _, [own] = last(office, meeting.mentee)
    assert "CONFERENCE" not in own, "who is called need not call"
    assert "vous appelle au +254712345678" in own["LOCATION"]
    assert "changed how you meet" in got(office, meeting.mentor)[-1].text
    meeting.until("2027-03-08T12:00:00+00:00")
    out(office)
    reminder = [opened(one) for one in office.sent][-1]
    assert "+254712345678" in reminder.text, "and in the reminder"
    assert reminder.calendars == (), "which changes no calendar"


def test_names_and_words_of_all_scripts_come_through(office: PostOffice, meeting: Meeting) -> None:
    person = people.get_person(meeting.mentee)
    assert person is not None
    given, family = 'ወይዘሮ; "Ann", \\n', "هند" + "é" * 60
    meeting.world.write(
        people_store.put_person(replace(person, given_name=given, family_name=family), meeting.world.at)
    )
    meeting.booked(MONDAY)
    out(office)
    _, [event] = last(office, meeting.mentee)
    assert event["ATTENDEE"].params["CN"] == f"{given} {family}".replace('"', "'")


ZONES = [
    # A gap: Paris has no 02:30 on 28 March 2027. What is there is an hour later, and says so by itself.
    ("Europe/Paris", "2027-03-21T02:30", "FREQ=WEEKLY;COUNT=3"),
    # A fold: 01:30 comes twice in Toronto on 7 November 2027, and it is the first.
    ("America/Toronto", "2027-10-31T01:30", "FREQ=WEEKLY;COUNT=3"),
    ("Asia/Kolkata", "2027-03-08T18:30", "FREQ=WEEKLY;COUNT=3"),
    ("Asia/Kathmandu", "2027-03-08T18:45", "FREQ=WEEKLY;COUNT=3"),
    # Half an hour of summer time.
    ("Australia/Lord_Howe", "2027-03-28T22:00", "FREQ=WEEKLY;COUNT=3"),
    # Summer time that pauses for Ramadan.
    ("Africa/Casablanca", "2027-03-02T14:00", "FREQ=MONTHLY;COUNT=11"),
    ("Europe/Dublin", "2027-03-22T14:00", "FREQ=WEEKLY;COUNT=3"),
    ("Pacific/Chatham", "2027-03-28T02:45", "FREQ=WEEKLY;COUNT=4"),
    # The 29th is left out where there is none, and is in February in 2028.
    ("America/Toronto", "2027-12-29T08:00", "FREQ=MONTHLY;COUNT=3"),
]


@pytest.mark.parametrize(("zone", "starts", "rule"), ZONES)
def test_a_reader_who_knows_only_the_file_finds_each_session(
    office: PostOffice, meeting: Meeting, zone: str, starts: str, rule: str
) -> None:
    """Counts the rule out by RFC 5545, and takes the offsets from the VTIMEZONE in the file, never from a database."""
    meeting.until("2027-03-01T08:00:00+00:00")
    items = meeting.series(starts, rule, zone=zone, outside_availability=True).json["items"]
    series_id = items[0]["series"]["id"]
    if items[0]["status"] == "proposed":
        meeting.do("accept", items[0]["id"], {"scope": "all"}, by=meeting.mentee)
    out(office)
    [mail] = got(office, meeting.mentor)
    wanted = [datetime.fromisoformat(one["starts_at"]) for one in items]
    assert found_by(mail, f"{series_id}@crossward") == wanted


def found_by(mail: Opened, uid: str) -> list[datetime]:
    """Return the instants of a series as a program finds them that has the file and no time zone database."""
    _, events = parsed(mail)
    calendar = Calendar.from_ical(mail.calendars[0][2])
    [zone] = calendar.timezones
    master = next(one for one in events if "RRULE" in one)
    assert master["UID"] == uid
    begins = master.decoded("DTSTART").replace(tzinfo=None)
    out_ = [one.dt.replace(tzinfo=None) for one in master["EXDATE"].dts] if "EXDATE" in master else []
    walls = list(rrulestr(master["RRULE"].to_ical().decode(), dtstart=begins))
    by_wall = {wall: offset_at(zone, wall) for wall in walls if wall not in out_}
    for one in events:
        if "RECURRENCE-ID" in one:
            original = one.decoded("RECURRENCE-ID").replace(tzinfo=None)
            start = one["DTSTART"].dt
            by_wall[original] = (
                start if start.tzinfo is UTC or "TZID" not in one["DTSTART"].params
                else offset_at(zone, start.replace(tzinfo=None))
            )  # fmt: skip
    return sorted(by_wall.values())


def offset_at(zone: Any, wall: datetime) -> datetime:
    """Read a wall clock by the last onset before it, as RFC 5545, section 3.6.5, has it: each is on the clock before
    the change, so a time that comes twice is read by the first."""
    onsets = []
    for part in zone.subcomponents:
        starts = [part.DTSTART, *(one.dt for one in part["RDATE"].dts)] if "RDATE" in part else [part.DTSTART]
        onsets += [(one, part.TZOFFSETFROM, part.TZOFFSETTO) for one in starts]
    before = first = min(onsets)
    for one in sorted(onsets):
        instant = one[0] - one[1]
        # The first reading of the wall clock: with the offset before the change, it lies before it.
        if wall - before[2] >= instant:
            before = one
    assert wall >= first[0], "the zone is told from before the first"
    return (wall - before[2]).replace(tzinfo=UTC)


def test_the_file_of_one_tells_the_clock_of_the_whole_series(office: PostOffice, meeting: Meeting) -> None:
    """Programs that know a clock by its name read the first, before 7 November, by the file of the last, after it."""
    items = meeting.series("2027-10-27T09:00", "FREQ=WEEKLY;COUNT=4").json["items"]
    meeting.do("cancel", items[-1]["id"])
    out(office)
    [zone] = Calendar.from_ical(got(office, meeting.mentor)[-1].calendars[0][2]).timezones
    starts = [offset_at(zone, datetime.fromisoformat(one["series"]["starts"])) for one in items]
    assert starts == [datetime.fromisoformat(one["starts_at"]) for one in items]
    named = {(part["TZNAME"], part.name) for part in zone.subcomponents}
    assert named == {("EDT", "DAYLIGHT"), ("EST", "STANDARD")}


def test_the_second_of_an_hour_that_autumn_repeats_is_told_in_utc(
    office: PostOffice, meeting: Meeting
) -> None:
    """06:30 UTC on 7 November 2027 is 01:30 in Toronto for the second time."""
    session = meeting.booked("2027-11-07T06:30:00Z", outside_availability=True, by=meeting.mentor)
    meeting.do("accept", session, by=meeting.mentee)
    out(office)
    _, [event] = last(office, meeting.mentee)
    assert "TZID" not in event["DTSTART"].params
    assert event["DTSTART"].to_ical() == b"20271107T063000Z"
    # It ends an hour later, when that clock tells it again.
    assert event["DTEND"].params["TZID"] == "America/Toronto"
    assert at(event, "DTEND") - at(event) == timedelta(hours=1)


def test_who_moves_house_in_a_series_has_the_same_instants(office: PostOffice, meeting: Meeting) -> None:
    items = meeting.series(FIRST, WEEKLY).json["items"]
    out(office)
    profile = people.get_people_and_profiles([meeting.mentor])[meeting.mentor][1]
    meeting.world.write(
        people_store.put_profile(replace(profile, time_zone="Europe/Paris"), meeting.world.at)
    )
    meeting.do(
        "reschedule", items[0]["id"], {"starts_at": "2027-03-08T14:15:00Z", "scope": "all",
                                       "outside_availability": True}, by=meeting.mentor,
    )  # fmt: skip
    meeting.do("accept", items[0]["id"], {"scope": "all"}, by=meeting.mentee)
    out(office)
    _, [master, *others] = last(office, meeting.mentor)
    assert master["DTSTART"].params["TZID"] == "America/Toronto", "the series keeps its clock"
    assert [at(one).isoformat()[11:16] for one in others] == ["14:15", "13:15", "13:15", "13:15"]


def test_the_29th_of_february(office: PostOffice, meeting: Meeting) -> None:
    meeting.until("2028-01-03T09:00:00+00:00")
    session = meeting.booked("2028-02-29T13:00:00Z", outside_availability=True)
    meeting.do("accept", session, by=meeting.mentor)
    out(office)
    _, [event] = last(office, meeting.mentor)
    assert at(event).date() == date(2028, 2, 29)
