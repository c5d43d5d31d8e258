"""A person's private calendar feed: who reads it, what is in it, and what it costs."""

import hashlib
from datetime import UTC, datetime

import pytest
from icalendar import Calendar, Event

from chalicelib.calendars import feed_store
from chalicelib.mentorships.feeds import service
from chalicelib.platform import tables
from tests.mentorships.sessions.meeting import MONDAY, NIGHT, WEDNESDAY, Meeting, pair
from tests.support.world import MENTEE_PROFILE, Reply

MINE = "/v1/me/calendar-feed"


def made(meeting: Meeting, by: str | None = None) -> str:
    reply = meeting.world.put(MINE, by=by or meeting.mentee)
    assert reply.status == 200, reply.text
    return str(reply.json["path"])


def events(reply: Reply) -> list[Event]:
    assert reply.status == 200, reply.text
    calendar = Calendar.from_ical(reply.text)
    assert isinstance(calendar, Calendar)
    assert "METHOD" not in calendar
    return calendar.events


def read(meeting: Meeting, path: str, **headers: str) -> Reply:
    return meeting.world.get(path, headers=headers)


def test_what_is_booked_is_in_it_as_it_is_now(meeting: Meeting) -> None:
    path = made(meeting)
    assert events(read(meeting, path)) == []
    kept, gone = meeting.booked(MONDAY, minutes=45), meeting.booked(WEDNESDAY)
    meeting.booked(NIGHT, outside_availability=True)
    series = meeting.series("2027-03-15T09:00", "FREQ=WEEKLY;COUNT=3").json["items"]
    meeting.do("cancel", gone)
    meeting.world.pass_time(minutes=5)
    meeting.do("reschedule", series[0]["id"], {"starts_at": "2027-03-15T14:00:00Z"})
    reply = read(meeting, path)
    assert reply.headers["Content-Type"] == "text/calendar; charset=utf-8"
    first, moved, *rest = events(reply)
    assert (first["UID"], first["SEQUENCE"], first["STATUS"]) == (f"{kept}@crossward", 0, "CONFIRMED")
    assert first["DTSTART"].to_ical() == b"20270308T130000Z"
    assert first["DTEND"].to_ical() == b"20270308T134500Z"
    assert first["SUMMARY"] == "Séance de mentorat avec Claire Tremblay"
    assert (moved["UID"], moved["SEQUENCE"]) == (f"{series[0]['id']}@crossward", 1)
    assert moved.decoded("DTSTART") == datetime(2027, 3, 15, 14, tzinfo=UTC)
    assert moved.decoded("DTSTAMP") == meeting.world.at
    assert [one["UID"] for one in rest] == [f"{one['id']}@crossward" for one in series[1:]]
    assert "\n" not in reply.text.replace("\r\n", "")
    # Of the other nothing but the name: no address, no mail, nothing of the mentorship's words.
    assert "ATTENDEE" not in reply.text
    assert "mailto" not in reply.text


def test_it_shows_the_sessions_of_all_mentorships_of_its_person_and_no_others(meeting: Meeting) -> None:
    third = meeting.world.person(MENTEE_PROFILE, name="Wanjiru Njeri")
    other = Meeting(meeting.scene, third, meeting.mentor, pair(meeting.scene, third, meeting.mentor))
    meeting.booked(MONDAY)
    other.booked(WEDNESDAY)
    names = {
        who: [
            one["SUMMARY"].rpartition("with ")[2].rpartition("avec ")[2]
            for one in events(read(meeting, made(meeting, who)))
        ]
        for who in (meeting.mentor, meeting.mentee, third)
    }
    assert names == {
        meeting.mentor: ["Amina Otieno", "Wanjiru Njeri"], meeting.mentee: ["Claire Tremblay"],
        third: ["Claire Tremblay"],
    }  # fmt: skip


def test_a_new_one_ends_the_one_before_and_its_end_is_the_end(meeting: Meeting) -> None:
    assert meeting.world.get(MINE, by=meeting.mentee).json["created_at"] is None
    first = made(meeting)
    second = made(meeting)
    assert read(meeting, first).status == 404
    assert read(meeting, second).status == 200
    shown = meeting.world.get(MINE, by=meeting.mentee).json
    assert (shown["created_at"], shown["path"], shown["url"]) == ("2027-03-01T09:00:00.000000Z", None, None)
    for _ in range(2):
        assert meeting.world.delete(MINE, by=meeting.mentee).status == 204
    assert read(meeting, second).status == 404
    assert meeting.world.get(MINE, by=meeting.mentee).json["created_at"] is None
    for name in ("x.ics", "", "x" * 2000, "%2e%2e", "é"):
        assert read(meeting, f"/v1/calendar-feeds/{name}").status in (403, 404)


def test_the_token_is_long_and_nowhere_kept(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    stored: list[str] = []
    plain = tables._dispatch
    monkeypatch.setattr(
        tables, "_dispatch", lambda operation, kwargs: stored.append(str(kwargs)) or plain(operation, kwargs)
    )
    path = made(meeting)
    token = path.rpartition("/")[2].removesuffix(".ics")
    assert service.TOKEN_BYTES == 32
    assert len(token) == 43
    assert any(hashlib.sha256(token.encode()).hexdigest() in one for one in stored)
    assert not any(token in one for one in stored)
    # A repeat of the request may not be answered from a store either: it makes another.
    headers = {"Idempotency-Key": "one"}
    again = {meeting.world.put(MINE, by=meeting.mentee, headers=headers).json["path"] for _ in range(2)}
    assert len(again) == 2


def test_who_has_it_already_gets_no_body(meeting: Meeting) -> None:
    path = made(meeting)
    meeting.booked(MONDAY)
    first = read(meeting, path)
    assert first.headers["Cache-Control"] == "private, max-age=300"
    meeting.world.pass_time(minutes=30)
    for known in (first.etag, first.etag.removeprefix("W/"), f'"x", {first.etag}'):
        same = read(meeting, path, **{"If-None-Match": known})
        assert (same.status, same.text, same.headers["ETag"]) == (304, "", first.etag)
    meeting.booked(WEDNESDAY)
    assert read(meeting, path, **{"If-None-Match": first.etag}).status == 200


def test_it_reads_months_and_not_the_past(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(meeting)
    for hour in (12, 13, 14):
        meeting.booked(f"2027-03-08T{hour}:30:00Z", minutes=30)
    with meeting.world.counted() as calls:
        assert len(events(read(meeting, path))) == 3
        # The last four look for series, simulations, circles and events.
        assert calls == ["GetItem", *["BatchGetItem"] * 3, *["Query"] * 4]
    monkeypatch.setattr(service, "MOST", 2)
    meeting.until("2027-03-08T13:00:00+00:00")
    assert [one.decoded("DTSTART").hour for one in events(read(meeting, path))] == [13, 14], (
        "what is to come first"
    )
    meeting.until("2027-03-08T16:00:00+00:00")
    assert [one.decoded("DTSTART").hour for one in events(read(meeting, path))] == [13, 14], "the last before"
    meeting.until("2027-04-20T13:00:00+00:00")
    assert events(read(meeting, path)) == [], "a month back and no more"


def test_a_token_that_its_owner_s_row_does_not_name_opens_nothing(meeting: Meeting) -> None:
    """As one whose row was left behind by two who changed the feed at once."""
    path, digest = made(meeting), hashlib.sha256(b"left-behind").hexdigest()
    left = feed_store.FeedTokenRow(
        f"FEED#{digest}", "FEED", person_id=meeting.mentee, **tables.stamps("2027-03-01T09:00:00.000000Z")
    )
    meeting.world.write(tables.put_entry(left))
    assert read(meeting, "/v1/calendar-feeds/left-behind.ics").status == 404
    assert read(meeting, path).status == 200


def test_an_erased_person_s_feed_shows_nothing(meeting: Meeting) -> None:
    token = "of-somebody-who-is-gone"
    feed = feed_store.Feed(
        "01ARZ3NDEKTSV4RRFFQ69G5FAV", hashlib.sha256(token.encode()).hexdigest(), meeting.world.at
    )
    meeting.world.write(*feed_store.put_feed(feed, None, meeting.world.at))
    assert read(meeting, f"/v1/calendar-feeds/{token}.ics").status == 404
