"""Time given is counted with the sessions that it comes from; who is thanked wishes it, and nobody is ranked."""

import base64
from typing import Any

from chalicelib.mentorships.giving import store
from chalicelib.mentorships.sessions.model import Held
from tests.mentorships.sessions.meeting import Meeting, code

MONTH = {"month": "2027-03"}


def pledge(meeting: Meeting, by: str | None = None, **body: Any) -> Any:
    path = f"/v1/me/giving/{meeting.scene.programme}"
    return meeting.world.put(path, body, by=by or meeting.mentor)


def mine(meeting: Meeting, by: str | None = None, **query: str) -> list[Any]:
    reply = meeting.world.get("/v1/me/time-given", by=by or meeting.mentor, query=query)
    assert reply.status == 200, reply.text
    items: list[Any] = reply.json["items"]
    return items


def figures(meeting: Meeting) -> list[tuple[str, int, int]]:
    return [(one["month"], one["sessions"], one["minutes"]) for one in mine(meeting)]


def sums(meeting: Meeting, month: str = "2027-03") -> list[tuple[str, int, int, float | None]]:
    path = meeting.scene.path("time-given")
    reply = meeting.world.get(path, by=meeting.scene.coordinator, query={"month": month})
    assert reply.status == 200, reply.text
    return [(one["name"], one["sessions"], one["minutes"], one["share"]) for one in reply.json["items"]]


def thanks(meeting: Meeting, by: str | None = None, **query: str) -> list[str]:
    reply = meeting.world.get(meeting.scene.path("thanks"), by=by or meeting.mentee, query=query or MONTH)
    assert reply.status == 200, reply.text
    assert all(one.keys() == {"name"} for one in reply.json["items"])
    return [one["name"] for one in reply.json["items"]]


def say(meeting: Meeting, session: str, by: str, what: str = "met", **minutes: int) -> None:
    reply = meeting.do("attendance", session, {"said": what, **minutes}, by=by)
    assert reply.status == 200, reply.text


def test_what_both_agree_on_counts_whichever_way_they_come_to_it(meeting: Meeting) -> None:
    first, second = meeting.booked(), meeting.booked("2027-04-05T13:00:00Z")
    meeting.until("2027-03-09T09:00:00Z")
    say(meeting, first, meeting.mentee, minutes=50)
    assert figures(meeting) == [("2027-03", 1, 50)]
    say(meeting, first, meeting.mentor, minutes=40)
    assert figures(meeting) == [("2027-03", 1, 40)]
    say(meeting, first, meeting.mentor, "other_missing")
    assert figures(meeting) == [("2027-03", 0, 0)], "contested"
    say(meeting, first, meeting.mentor, minutes=60)
    assert figures(meeting) == [("2027-03", 1, 50)]
    meeting.until("2027-04-06T09:00:00Z")
    say(meeting, second, meeting.mentor)
    assert figures(meeting) == [("2027-04", 1, 60), ("2027-03", 1, 50)]
    assert sums(meeting) == [("Claire Tremblay", 1, 50, None)]
    assert sums(meeting, "2027-04") == [("Claire Tremblay", 1, 60, None)]
    (april, march) = mine(meeting)
    assert march["mentorships"] == [{"mentorship_id": meeting.id, "sessions": 1, "minutes": 50}]
    assert april["programme_id"] == meeting.scene.programme
    assert mine(meeting, **{"from": "2027-04", "to": "2027-04"}) == [april]
    assert mine(meeting, meeting.mentee) == [], "the mentee gives none"


def test_time_is_told_against_the_pledge(meeting: Meeting) -> None:
    session = meeting.booked()
    reply = pledge(meeting, pledge_hours_a_week=0.5)
    assert (reply.status, reply.json["pledge_hours_a_week"], reply.json["thank_me_as"]) == (200, 0.5, None)
    meeting.until("2027-03-14T09:00:00Z")
    say(meeting, session, meeting.mentor, minutes=45)
    (march,) = mine(meeting)
    assert (march["pledged_minutes"], march["share"]) == (60, 0.75), "two weeks of half an hour"
    assert sums(meeting) == [("Claire Tremblay", 1, 45, 0.75)]
    assert pledge(meeting, pledge_hours_a_week=0.3).status == 422
    assert pledge(meeting).json["pledge_hours_a_week"] is None
    path = f"/v1/me/giving/{meeting.scene.programme}"
    assert meeting.world.get(path, by=meeting.mentor).json["pledge_hours_a_week"] is None


def test_who_wishes_it_is_thanked_from_an_hour_on_and_takes_it_back_at_once(meeting: Meeting) -> None:
    session = meeting.booked()
    meeting.until("2027-03-09T09:00:00Z")
    say(meeting, session, meeting.mentor, minutes=59)
    assert thanks(meeting) == [], "nobody has asked for it"
    assert pledge(meeting, thank_me_as="full").json["thanked_as"] == "Claire Tremblay"
    assert thanks(meeting) == [], "a minute too few"
    say(meeting, session, meeting.mentor, minutes=60)
    assert thanks(meeting) == ["Claire Tremblay"]
    assert pledge(meeting, thank_me_as="initials").status == 200
    assert thanks(meeting) == ["C. T."], "and not twice"
    assert thanks(meeting, month="2027-02") == []
    meeting.until("2027-04-02T09:00:00Z")
    assert thanks(meeting, meeting.scene.coordinator, **{"limit": "10"}) == ["C. T."], (
        "by default the month before"
    )
    assert pledge(meeting).status == 200
    assert thanks(meeting) == []


def test_the_board_is_in_the_order_of_names_and_its_cursors_name_nobody(meeting: Meeting) -> None:
    scene, ids = meeting.scene, []
    for name in ("Zoë Zola", "Émile Abena", "Ben Adams"):
        one = meeting.world.person(None, name=name)
        ids.append(one)
        scene.enrol(one, "mentor")
        assert pledge(meeting, one, thank_me_as="full").status == 200
        given = Held(1, 60 + 60 * len(ids))
        meeting.world.write(
            *store.count(scene.programme, meeting.id, one, "2027-03", given, meeting.world.at)
        )
    assert thanks(meeting) == ["Ben Adams", "Émile Abena", "Zoë Zola"]
    path = scene.path("thanks")
    first = meeting.world.get(path, by=meeting.mentee, query={**MONTH, "limit": 2})
    assert [one["name"] for one in first.json["items"]] == ["Ben Adams", "Émile Abena"]
    rest = meeting.world.get(
        path, by=meeting.mentee, query={**MONTH, "limit": 2, "cursor": first.json["next"]}
    )
    assert [one["name"] for one in rest.json["items"]] == ["Zoë Zola"]
    position = base64.urlsafe_b64decode(first.json["next"] + "==").decode()
    assert not any(one in position for one in ids)


def test_only_the_programmes_people_see_the_board_and_only_its_mentors_pledge(meeting: Meeting) -> None:
    stranger = meeting.world.person({})
    assert meeting.world.get(meeting.scene.path("thanks"), by=stranger).status == 404
    assert code(pledge(meeting, meeting.mentee, thank_me_as="full")) == "not-enrolled"
    assert code(pledge(meeting, stranger, pledge_hours_a_week=1)) == "not-enrolled"
    assert pledge(meeting, thank_me_as="given").status == 200
    path = f"{meeting.scene.path('enrolments')}/{meeting.mentor}"
    assert meeting.world.delete(path, by=meeting.mentor, query={"role": "mentor"}).status == 204
    assert code(pledge(meeting, thank_me_as="full")) == "not-enrolled"
    assert pledge(meeting).json["thank_me_as"] is None, "who has left may take it back"
    other = meeting.world.reviewer(meeting.scene.organisation)
    assert meeting.world.get(meeting.scene.path("time-given"), by=other).status == 403
