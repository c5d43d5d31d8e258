"""How the two of a session meet: by the programme's setting, the agreement, and what each has said."""

import re
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.mentorships.agreements.model import Agreement, Terms, Wording
from chalicelib.mentorships.sessions.place import ROOM_BYTES, room_name, usual_channel
from chalicelib.people.model import Channel
from chalicelib.programmes import store as programmes_store
from chalicelib.programmes.model import PairKind, Side, VideoProvider, VideoRooms
from tests.mentorships.sessions.meeting import (
    MONDAY,
    NIGHT,
    START,
    WEDNESDAY,
    Meeting,
    change,
    code,
    pair,
    pointers,
)
from tests.support.world import MENTEE_PROFILE, Reply

ROOM = re.compile(r"https://meet\.example\.org/crossward-[a-z2-7]{26}")
WAYS = "/v1/me/meeting-ways"


def rooms(meeting: Meeting, provider: VideoProvider, address: str | None) -> None:
    programme = programmes_store.get_programme(meeting.scene.programme)
    assert programme is not None
    changed = replace(programme, video=VideoRooms(provider, address))
    meeting.world.write(programmes_store.put_programme(changed, meeting.world.at))


def say(meeting: Meeting, by: str, **ways: str | None) -> Reply:
    return meeting.world.put(WAYS, ways, by=by)


def place(meeting: Meeting, session: str, by: str | None = None) -> Any:
    return meeting.read(session, by)["place"]


def test_each_session_has_a_room_of_its_own_that_nobody_guesses(meeting: Meeting) -> None:
    rooms(meeting, VideoProvider.GENERATED_ROOM, "https://meet.example.org/")
    one, other = meeting.booked(MONDAY), meeting.booked(WEDNESDAY)
    links = [place(meeting, each)["link"] for each in (one, other)]
    assert all(ROOM.fullmatch(link) for link in links), "26 signs of 5 bits: 128 at least"
    assert links[0] != links[1]
    # A series is one entry in a calendar, and in one room; what is moved stays where it is.
    items = meeting.series("2027-03-22T09:00", "FREQ=WEEKLY;COUNT=3").json["items"]
    assert len({each["place"]["link"] for each in items}) == 1
    moved = meeting.do("reschedule", one, {"starts_at": "2027-03-13T13:00:00Z"}).json
    assert moved["place"]["link"] == links[0]
    assert ROOM_BYTES * 8 == 128
    assert room_name(bytes(ROOM_BYTES)) == "crossward-" + "a" * 26


def test_a_fixed_room_is_shown_to_the_two_alone(meeting: Meeting) -> None:
    link = "https://zoom.example/j/1?pwd=2"
    body = {"video": {"provider": "fixed_room", "address": link}}
    path = f"/v1/programmes/{meeting.scene.programme}"
    etag = meeting.world.get(path, by=meeting.scene.coordinator).etag
    reply = meeting.world.patch(path, body, by=meeting.scene.coordinator, headers={"If-Match": etag})
    assert reply.json["video"] == {"provider": "fixed_room", "host": "zoom.example"}
    session = meeting.booked(MONDAY)
    assert place(meeting, session, meeting.mentor)["link"] == link
    assert place(meeting, session, meeting.scene.coordinator) is None
    assert link not in meeting.world.get(path, by=meeting.mentee).text


def test_rooms_are_the_mentors_again_without_an_address(meeting: Meeting) -> None:
    path = f"/v1/programmes/{meeting.scene.programme}"
    etag = meeting.world.get(path, by=meeting.scene.coordinator).etag
    body = {"video": {"provider": "mentors_link", "address": None}}
    reply = meeting.world.patch(path, body, by=meeting.scene.coordinator, headers={"If-Match": etag})
    assert reply.json["video"] == {"provider": "mentors_link", "host": None}


@pytest.mark.parametrize(
    ("video", "says"),
    [
        ({"provider": "fixed_room"}, "Give the https address"),
        ({"provider": "mentors_link", "address": "https://meet.example.org"}, "leave it out"),
        (
            {"provider": "generated_room", "address": "https://meet.example.org/?a=b"},
            "Leave out what follows",
        ),
        ({"provider": "generated_room", "address": "http://meet.example.org"}, "begins with https"),
        ({"provider": "generated_room", "address": "https://10.0.0.1"}, "everybody can reach"),
    ],
)
def test_rooms_that_cannot_be_are_refused(meeting: Meeting, video: dict[str, str], says: str) -> None:
    path = f"/v1/programmes/{meeting.scene.programme}"
    etag = meeting.world.get(path, by=meeting.scene.coordinator).etag
    reply = meeting.world.patch(
        path, {"video": video}, by=meeting.scene.coordinator, headers={"If-Match": etag}
    )
    assert reply.status == 422
    assert says in pointers(reply)["/video/address"]


def test_the_mentor_s_own_link_is_taken_up_when_it_is_there(meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    assert place(meeting, session) == {"channel": "video", "link": None, "caller": None, "contact": None}
    say(meeting, meeting.mentee, link="https://evil.example/mine")
    say(meeting, meeting.mentor, link="https://Meet.Example.org/claire")
    assert (
        meeting.do_place(session, {"channel": "video"}).json["place"]["link"]
        == "https://meet.example.org/claire"
    )
    assert place(meeting, meeting.booked(WEDNESDAY))["link"] == "https://meet.example.org/claire"


def test_peers_meet_where_who_books_has_room_and_else_where_the_other_has(meeting: Meeting) -> None:
    change(meeting, kind=PairKind.PEER)
    say(meeting, meeting.mentee, link="https://rooms.example.org/amina", phone="+254712345678")
    say(meeting, meeting.mentor, phone="+14165550100")
    amina, claire = "https://rooms.example.org/amina", "https://rooms.example.org/claire"
    assert place(meeting, meeting.booked(MONDAY, by=meeting.mentor))["link"] == amina
    say(meeting, meeting.mentor, link=claire, phone="+14165550100")
    session = meeting.booked(WEDNESDAY, by=meeting.mentor)
    assert place(meeting, session)["link"] == claire
    assert place(meeting, meeting.booked("2027-03-22T13:00:00Z"))["link"] == amina
    # Who arranges a call bears its cost.
    called = meeting.do_place(session, {"channel": "phone"}, by=meeting.mentee).json["place"]
    assert (called["caller"], called["contact"]) == ("mentee", "+14165550100")


def test_by_phone_somebody_calls_and_has_the_other_s_number(meeting: Meeting) -> None:
    say(meeting, meeting.mentee, phone="+254 (712) 345-678", chat="Signal, amina.42")
    say(meeting, meeting.mentor, phone="+1 416 555 0100")
    session = meeting.booked(MONDAY, channel="phone")
    by_phone = {"channel": "phone", "link": None, "caller": "mentor", "contact": "+254712345678"}
    assert place(meeting, session) == place(meeting, session, meeting.mentor) == by_phone
    turned = meeting.do_place(session, {"channel": "phone", "caller": "mentee"}, by=meeting.mentor)
    assert turned.json["place"] == {**by_phone, "caller": "mentee", "contact": "+14165550100"}
    # Who calls stays as it was said unless it is said anew; a chat is another way, and begins with the mentor.
    assert meeting.do_place(session, {"channel": "phone"}).json["place"]["caller"] == "mentee"
    assert meeting.do_place(session, {"channel": "chat"}).json["place"] == {
        "channel": "chat", "link": None, "caller": "mentor", "contact": "Signal, amina.42",
    }  # fmt: skip
    assert meeting.do_place(session, {"channel": "voice"}).json["place"]["contact"] is None
    assert place(meeting, session, meeting.scene.coordinator) is None


def test_a_change_is_told_like_a_move_and_no_change_is_not(meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    assert meeting.do_place(session, {"channel": "video"}).status == 200
    assert meeting.mails() == [("booked", "mentor")]
    assert meeting.do_place(session, {"channel": "chat"}, by=meeting.mentor).status == 200
    assert meeting.mails() == [("booked", "mentor"), ("place", "mentee")]
    entries = [one for one in meeting.world.messages() if one.kind == "calendar-entry"]
    assert [(one.payload["recipient"], one.payload["sequence"]) for one in entries] == [
        (meeting.mentee, 0), (meeting.mentor, 1),
    ]  # fmt: skip


def test_all_of_a_series_or_one_is_held_in_another_way(meeting: Meeting) -> None:
    items = meeting.series("2027-03-08T09:00", "FREQ=WEEKLY;COUNT=3").json["items"]
    meeting.do_place(items[1]["id"], {"channel": "phone"})
    assert [one["place"]["channel"] for one in meeting.all()] == ["video", "phone", "video"]
    meeting.do_place(items[1]["id"], {"channel": "chat", "scope": "following"})
    assert [one["place"]["channel"] for one in meeting.all()] == ["video", "chat", "chat"]
    # What is so already is left as it is, and the others follow.
    again = meeting.do_place(items[1]["id"], {"channel": "chat", "scope": "all"})
    assert again.json["place"]["channel"] == "chat"
    assert [one["place"]["channel"] for one in meeting.all()] == ["chat"] * 3


def test_what_cannot_be_changed_says_why(meeting: Meeting) -> None:
    offered, session = meeting.booked(NIGHT, outside_availability=True), meeting.booked(MONDAY)
    assert code(meeting.do_place(offered, {"channel": "chat"})) == "offer-waits"
    mail = meeting.do_place(session, {"channel": "email"})
    assert (mail.status, "two meet by" in pointers(mail)["/channel"].lower()) == (422, True)
    stale = meeting.world.put(
        meeting.path(f"sessions/{session}/place"),
        {"channel": "chat"},
        by=meeting.mentee,
        headers={"If-Match": '"9"'},
    )
    assert stale.status == 412
    stranger = meeting.world.person()
    found = meeting.world.put(
        meeting.path(f"sessions/{session}/place"),
        {"channel": "chat"},
        by=stranger,
        headers={"If-Match": '"1"'},
    )
    assert found.status == 404
    meeting.until("2027-03-08T13:00:00+00:00")
    assert code(meeting.do_place(session, {"channel": "chat"})) == "session-begun"


@pytest.mark.parametrize(
    ("ways", "pointer"),
    [
        ({"link": "http://meet.example.org"}, "/link"), ({"link": "https://user:x@meet.example.org"}, "/link"),
        ({"phone": "0712 345678"}, "/phone"), ({"phone": "+254 712 ABC"}, "/phone"),
        ({"phone": "+٢٥٤٧١٢٣٤٥٦٧٨"}, "/phone"), ({"chat": "a\nb"}, "/chat"), ({"chat": "x" * 101}, "/chat"),
    ],
)  # fmt: skip
def test_ways_that_cannot_be_are_refused(meeting: Meeting, ways: dict[str, str], pointer: str) -> None:
    reply = say(meeting, meeting.mentee, **ways)
    assert reply.status == 422
    assert pointer in pointers(reply)


def test_where_somebody_can_be_met_is_theirs(meeting: Meeting) -> None:
    empty = meeting.world.get(WAYS, by=meeting.mentee)
    assert (empty.json, empty.etag) == ({"link": None, "phone": None, "chat": None}, '"0"')
    saved = say(meeting, meeting.mentee, phone="+254712345678")
    assert (saved.status, saved.etag) == (200, '"1"')
    whole = say(meeting, meeting.mentee, link=None, phone="+254712345678", chat=None)
    assert whole.json == saved.json == {"link": None, "phone": "+254712345678", "chat": None}
    assert meeting.world.get(WAYS, by=meeting.mentor).json["phone"] is None
    # A session that does not need it shows it to nobody.
    third = meeting.world.person(MENTEE_PROFILE)
    other = Meeting(meeting.scene, third, meeting.mentor, pair(meeting.scene, third, meeting.mentor))
    meeting.booked(MONDAY)
    other.booked(WEDNESDAY)
    for page in (meeting, other):
        assert "+254712345678" not in page.world.get(page.path(), by=meeting.mentor).text
    stale = meeting.world.put(WAYS, {}, by=meeting.mentee, headers={"If-Match": '"1"'})
    assert stale.status == 412


def agreed(*channels: Channel, fallback: Channel | None = None) -> Agreement:
    return Agreement("m", Wording(1, Terms(channels=channels, fallback=fallback), None, START))


def test_the_agreement_says_how_two_usually_meet() -> None:
    assert usual_channel(None) is Channel.VIDEO
    assert usual_channel(agreed()) is Channel.VIDEO
    two = agreed(Channel.EMAIL, Channel.VIDEO, fallback=Channel.PHONE)
    assert usual_channel(two) is Channel.VIDEO, "an e-mail is no meeting"
    tried = two
    for side in Side:
        tried = tried.tried(side, {Channel.VIDEO: side is Side.MENTOR, Channel.PHONE: True}, START)
    assert usual_channel(tried) is Channel.PHONE, "the first that both found to work"
    assert usual_channel(agreed(Channel.EMAIL, fallback=Channel.CHAT)) is Channel.CHAT
