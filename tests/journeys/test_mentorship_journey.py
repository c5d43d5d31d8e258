"""A mentorship from the match to the certificate, as its two people live it on the deployed package: Amina, in Nairobi,
reads Arabic; Claire, in Toronto, English; and on the way Toronto's clocks go back.

The domain's clock is moved from day to day. Days are counted from the Sunday on which Toronto's clocks go back, day 0;
times are UTC: 14:00 is 17:00 in Nairobi, and 10:00 in Toronto up to day 0, 9:00 after it.
"""

import socket
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from babel.dates import format_date
from icalendar import Calendar, Event

from tests.journeys.calendar_program import spans
from tests.journeys.deployed import Deployed
from tests.journeys.employer import employer_of, forged, payload_of
from tests.journeys.people import Participant, anonymous, problem_of, run_once
from tests.journeys.post import plain
from tests.journeys.story import PROGRAMME, Story, begin

SURVEY = {"amina": "استبيان حول إرشادك", "claire": "a survey on your mentorship"}
BOTH = Counter({
    "proposal-made": 1, "proposal-agreed": 1, "agreement-signed": 1, "session-reminder": 9, "notes-missing": 1,
    "review-due": 1, "pulse-due": 1, "survey-due": 3, "mentorship-ends-soon": 1, "mentorship-ending": 1,
    "mentorship-closed": 1,
})  # fmt: skip
SENT = {
    "amina": BOTH + Counter({
        "agreement-unsigned": 1, "session-booked": 2, "session-moved": 1, "calendar-entry": 1, "goal-due": 1,
    }),
    "claire": BOTH + Counter({
        "credential-verified": 1, "proposal-accepted": 1, "agreement-changed": 1, "calendar-entry": 3,
        "session-cancelled": 1, "session-unsaid": 1,
        "certificate-revoked": 1,
    }),
}  # fmt: skip
"""All mails of the story by kind, but for the codes that the user pool sends."""
MOOT = {name: Counter({"proposal-expiring": 1}) for name in ("amina", "claire")}
"""What was written ahead, and had no reason any more when its time came."""


@pytest.fixture
def story(deployed: Deployed, far_clock: None) -> Story:
    return begin(deployed)


def test_a_mentorship_from_the_match_to_the_certificate(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    matched_and_accepted(story)
    agreed_on_how_to_work(story)
    goal = a_goal_for_the_gap(story)
    sessions = a_series_across_the_change(story)
    one_moved_and_one_called_off(story, sessions)
    the_first_is_held_and_written_up(story, sessions[0], goal)
    of_the_second_nobody_notes_anything(story, sessions[1])
    the_first_on_the_new_clock(story, sessions[2], goal)
    nobody_is_reminded_of_what_is_off(story, goal)
    the_last_of_the_series(story, sessions[4])
    ended_with_a_closing_conversation(story)
    looked_back(story, goal)
    certificate, others = certified(story)
    seen_by_the_coordinator(story)
    shown_as_the_holder_chose(story, certificate)
    verified_by_an_employer(story, certificate, others, tmp_path, monkeypatch)
    people = {story.amina.id: "amina", story.claire.id: "claire"}
    assert story.post.ended(people) == {"sent": SENT, "moot": MOOT}


def matched_and_accepted(story: Story) -> None:
    amina, claire = story.amina, story.claire
    assert run_once(story.deployed, story.cora, story.programme)["report"]["pairs"] == 1
    (proposal,) = amina.all("/v1/me/proposals")
    accept = f"/v1/proposals/{proposal['id']}/accept"
    amina.post(accept)
    proposed, asked, _ = story.brings(
        amina=["مرشد لك"], claire=["a mentee for you", "the other side has said yes"]
    )
    assert "Amina Idris" in asked["text"]
    assert "(Toronto time)" in asked["text"]
    assert "Claire Tremblay" in plain(proposed["text"])
    assert "توقيت نيروبي" in proposed["text"]
    assert claire.post(accept)["status"] == "agreed"
    (mentorship,) = amina.all("/v1/me/mentorships")
    assert (mentorship["status"], mentorship["ends_on"]) == ("forming", str(story.day(41)))
    story.path = f"/v1/mentorships/{mentorship['id']}"
    story.brings(amina=["يبدأ إرشادك"], claire=["your mentorship begins"])


def agreed_on_how_to_work(story: Story) -> None:
    """The draft comes from the template and both profiles. Claire signs; Amina is asked again after three days, changes
    it, and both sign what she wrote. Meanwhile a survey is asked for, of Claire when her night is over."""
    amina, claire, agreement = story.amina, story.claire, f"{story.path}/agreement"
    draft = claire.get(agreement)
    assert draft["terms"]["channels"] == ["video", "chat"]
    assert (draft["terms"]["fallback"], draft["terms"]["languages"]) == ("chat", ["en"])
    claire.post(f"{agreement}/sign", {"version": 1})

    story.at(-19, "05:00", "look-at-mentorships")
    story.brings(amina=[SURVEY["amina"]])
    answered_all(story, amina, "start", 2)
    story.at(-19, "12:00", "reminders")
    story.brings(claire=[SURVEY["claire"]])
    answered_all(story, claire, "start", 3)

    story.at(-16, "05:00", "look-at-mentorships")
    (reminder,) = story.brings(amina=["اتفاقيتكما في انتظارك"])
    assert "Claire Tremblay" in plain(reminder["text"])
    story.at(-16, "13:00")
    terms = amina.get(agreement)["terms"] | {"boundaries_note": "Not during my night shifts."}
    assert amina.change("PUT", agreement, terms)["version"] == 2
    assert problem_of(claire.http.post(f"{agreement}/sign", json={"version": 1})) == (
        409, "agreement-rewritten",
    )  # fmt: skip
    (changed,) = story.brings(claire=["your agreement was changed"])
    assert "Changed: What we keep to" in changed["text"]
    for person in (amina, claire):
        seen = person.post(f"{agreement}/sign", {"version": 2})
    assert (seen["in_force"], amina.get(story.path)["status"]) == (2, "active")
    assert "Not during my night shifts." in str(seen["in_words"])
    story.brings(amina=["وقّعتما اتفاقيتكما"], claire=["you have both signed your agreement"])
    for person, works in ((claire, True), (amina, False)):
        results = [{"channel": "video", "works": works}, {"channel": "chat", "works": True}]
        tried = person.put(f"{agreement}/try-out", {"results": results})
    assert (tried["tried_out"], tried["first_working"]) == (True, "chat")
    again = amina.put(f"{agreement}/try-out", {"results": [{"channel": "video", "works": True}]})
    assert again["first_working"] == "video", "from another ward it works"


def answered_all(story: Story, person: Participant, name: str, value: int, words: str = "") -> None:
    """Answer every question of a round with the same value, and share the words."""
    (asked,) = [one for one in person.get(f"{story.path}/feedback")["rounds"] if one["round"] == name]
    values = [{"item": one["item"], "value": value} for one in asked["questions"]]
    body = {"values": values, "words": words, "is_shared": bool(words)}
    assert person.put(f"{story.path}/feedback/{name}", body)["open_until"] is None


def a_goal_for_the_gap(story: Story) -> str:
    """Amina says where she stands; the draft for her gap becomes a goal, which is told what it still lacks."""
    amina, path = story.amina, story.path
    topics = [
        {"topic": "heart failure clinics", "confidence": 2, "standing": "gap", "wants_to_grow": True},
        {"topic": "echocardiography", "confidence": 4, "standing": "strength"},
    ]
    amina.put(f"{path}/self-assessments/start", {"topics": topics, "shared": True})
    assert story.claire.get(f"{path}/self-assessments")["theirs"]["growth"][0]["start"] == 2
    (draft,) = amina.get(f"{path}/self-assessments")["drafts"]
    assert (draft["measure"]["baseline"], draft["measure"]["target"]) == (2, 4)
    written = amina.post(f"{path}/goals", draft)
    assert [one["code"] for one in written["words"]["findings"]] == ["nothing_to_observe", "no_due_date"]
    goal = f"{path}/goals/{written['id']}"
    better = {
        "change": "Patients with heart failure are seen in a clinic of their own each Tuesday.",
        "due_on": str(story.day(15)), "steps": [{"text": "Agree on a room with the ward"}],
    }  # fmt: skip
    assert amina.change("PATCH", goal, better)["words"]["findings"] == []
    return goal


def a_series_across_the_change(story: Story) -> list[dict[str, Any]]:
    """Wednesdays at ten in Toronto: five in Nairobi, and six once Toronto's clocks have gone back."""
    claire, path = story.claire, story.path
    offered = claire.get(f"{path}/times", weeks=4, minutes=45)["items"]
    ahead: dict[bool, set[timedelta]] = {False: set(), True: set()}
    for slot in offered:
        nairobi, toronto = (datetime.fromisoformat(slot[side]["starts"]) for side in ("mentee", "mentor"))
        assert nairobi == toronto == datetime.fromisoformat(slot["starts_at"])
        assert all(7 <= wall.hour < 21 for wall in (nairobi, toronto))
        is_after = toronto.date() > story.sunday
        ahead[is_after].add(nairobi.replace(tzinfo=None) - toronto.replace(tzinfo=None))
    assert ahead == {False: {timedelta(hours=7)}, True: {timedelta(hours=8)}}
    comfort = [slot["comfort"] for slot in offered]
    assert comfort == sorted(comfort, reverse=True)

    wish = {
        "starts": f"{story.day(-11)}T10:00", "time_zone": "America/Toronto", "rule": "FREQ=WEEKLY;COUNT=5",
        "minutes": 45,
    }  # fmt: skip
    sessions: list[dict[str, Any]] = claire.post(f"{path}/series", wish)["items"]
    days = [story.day(number) for number in (-11, -4, 3, 10, 17)]
    assert [one["mentor"]["starts"] for one in sessions] == [
        f"{day}T10:00:00{'-04:00' if day < story.sunday else '-05:00'}" for day in days
    ]
    assert [one["mentee"]["starts"] for one in sessions] == [
        f"{day}T{17 if day < story.sunday else 18}:00:00+03:00" for day in days
    ]
    shifts = [one["series"]["shifts"] for one in sessions]
    assert [one["mentee"] for one in shifts] == [0, 0, 60, 0, 0]
    assert {one["mentor"] for one in shifts} == {0}
    told = story.brings(amina=["حُجزت جلستك"], claire=["your session, for your calendar"])
    for name, mail in zip(("amina", "claire"), told, strict=True):
        (entry,) = story.calendars[name].take_up(mail)
        assert entry["UID"] == f"{sessions[0]['series']['id']}@crossward"
        assert (entry["SEQUENCE"], entry["RRULE"].to_ical().decode()) == (0, "FREQ=WEEKLY;COUNT=5")
        assert entry["DTSTART"].params["TZID"] == "America/Toronto"
        assert entry["CONFERENCE"].startswith("https://meet.example.org/")
        assert story.calendars[name].shown() == spans(sessions)
    require_times(*told, "5:00 م", "10:00 a.m.")
    warned = f"مع تغيير الساعة، في وقت آخر لك ابتداءً من: {in_arabic(story.day(3), '6:00 م')}"
    assert warned in plain(told[0]["text"])
    assert "As clocks change" not in told[1]["text"]
    return sessions


def require_times(arabic: Any, english: Any, nairobi: str, toronto: str) -> None:
    """See that mails to both tell a time on their reader's clock first."""
    for mail, heading, city, own in (
        (arabic, "الموعد: ", "توقيت نيروبي", nairobi), (english, "When: ", "Toronto time", toronto),
    ):  # fmt: skip
        (line,) = [one for one in plain(mail["text"]).splitlines() if one.startswith(heading)]
        assert line.endswith(f" {own} ({city})")


def one_moved_and_one_called_off(story: Story, sessions: list[dict[str, Any]]) -> None:
    amina, claire, path = story.amina, story.claire, f"{story.path}/sessions"
    story.at(-15, "13:00")
    second, fourth = f"{path}/{sessions[1]['id']}", f"{path}/{sessions[3]['id']}"
    moved = claire.change(
        "POST", f"{second}/reschedule", {"starts_at": f"{story.day(-3)}T15:00:00Z", "minutes": 45}, of=second
    )
    assert moved["series"]["original"] == f"{story.day(-4)}T10:00:00"
    moves = story.brings(amina=["تغيّر موعد جلستك"], claire=["your session, for your calendar"])
    require_times(*moves, "6:00 م", "11:00 a.m.")
    gone = amina.change("POST", f"{fourth}/cancel", {"text": "I am at a congress."}, of=fourth)
    assert (gone["cancelled"]["by"], gone["cancelled"]["late"]) == ("mentee", False)
    offs = story.brings(amina=["جلسة تُحذف من تقويمك"], claire=["your session is cancelled"])
    require_times(*offs, "6:00 م", "10:00 a.m.")
    listed = claire.get(path)["items"]
    assert [one["status"] for one in listed] == ["booked", "booked", "booked", "cancelled", "booked"]
    for name, moving, off in zip(("amina", "claire"), moves, offs, strict=True):
        program = story.calendars[name]
        (move,), (cancel,) = program.take_up(moving), program.take_up(off)
        assert move["UID"] == cancel["UID"] == f"{sessions[0]['series']['id']}@crossward"
        assert (moving["calendar"]["method"], off["calendar"]["method"]) == ("REQUEST", "CANCEL")
        assert (move["SEQUENCE"], cancel["SEQUENCE"]) == (1, 2)
        for entry, day in ((move, -4), (cancel, 10)):
            original = entry["RECURRENCE-ID"]
            assert original.params["TZID"] == "America/Toronto"
            assert original.dt.replace(tzinfo=None) == datetime.combine(story.day(day), time(10))
        assert program.shown() == spans(listed), "each calendar has what is booked, and nothing else"
    feed = httpx.get(f"{story.deployed.url}{amina.put('/v1/me/calendar-feed', None)['path']}").text
    entries = [one for one in Calendar.from_ical(feed).walk("VEVENT") if isinstance(one, Event)]
    assert [(one.decoded("DTSTART"), one.decoded("DTEND")) for one in entries] == spans(listed)


def reminded(story: Story, day: int, at: tuple[str, str], nairobi: str, toronto: str, *, of: int) -> None:
    """See that both are reminded a day and an hour ahead of a session, each time by one mail on their own clock."""
    for before, moment in zip((1, 0), at, strict=True):
        story.at(day - before, moment, "reminders")
        told = story.brings(
            amina=[f"جلستك، {in_arabic(story.day(of), nairobi)}"],
            claire=[f"your session, {in_english(story.day(of), toronto)}"],
        )
        require_times(*told, nairobi, toronto)


def in_arabic(day: date, at: str) -> str:
    return f"{format_date(day, 'full', 'ar')}، {at} (توقيت نيروبي)"


def in_english(day: date, at: str) -> str:
    return f"{format_date(day, 'full', 'en_CA')}, {at} (Toronto time)"


def met(story: Story, session: dict[str, Any], *people: Participant, **body: Any) -> dict[str, Any]:
    """Have people say that they met."""
    path = f"{story.path}/sessions/{session['id']}"
    for person in people:
        seen: dict[str, Any] = person.change("PUT", f"{path}/attendance", {"said": "met", **body}, of=path)
    assert seen["attendance"]["outcome"] == "met"
    return seen


def the_first_is_held_and_written_up(story: Story, session: dict[str, Any], goal: str) -> None:
    """Both have put something on the agenda; one item is not reached and waits for the next time."""
    amina, claire, path = story.amina, story.claire, f"{story.path}/sessions/{session['id']}"
    agenda = f"{story.path}/agenda"
    amina.change("PUT", agenda, {"items": [{"text": "Which patients first?"}]})
    (known,) = claire.get(agenda)["items"]
    both = [{"id": known["id"], "text": known["text"]}, {"text": "Echo without a cardiologist"}]
    items = claire.change("PUT", agenda, {"items": both})["items"]
    assert [one["by"] for one in items] == ["mentee", "mentor"]
    reminded(story, -11, ("14:05", "13:05"), "5:00 م", "10:00 a.m.", of=-11)

    story.at(-11, "15:00")
    met(story, session, amina)
    seen = met(story, session, claire, reached=[items[0]["id"]])
    assert [one["text"] for one in seen["record"]["covered"]] == ["Which patients first?"]
    (left,) = amina.get(agenda)["items"]
    assert (left["text"], left["carried"]) == ("Echo without a cardiologist", 1)
    claire.put(f"{path}/notes", {"text": "Begin with those who were admitted twice.", "shared": True})
    amina.put(f"{path}/notes", {"text": "Ask my chief before I promise a room.", "shared": False})
    todo = {"text": "Count admissions of last year", "owner": "mentee", "due_on": str(story.day(-4))}
    (action,) = amina.change("PUT", f"{path}/actions", {"items": [todo]}, of=path)["record"]["actions"]
    read = claire.get(path)["record"]["notes"]
    assert (read["mine"], read["theirs"], read["private"]) == (
        "Begin with those who were admitted twice.", None, None,
    )  # fmt: skip
    done = {**todo, "id": action["id"], "done": True}
    (action,) = claire.change("PUT", f"{path}/actions", {"items": [done]}, of=path)["record"]["actions"]
    assert action["done_at"] is not None
    assert story.cora.get(path)["record"] is None, "what the two write is theirs"
    amina.post(f"{goal}/progress", {"value": 3, "note": "I have led a round with Claire on the line."})


def of_the_second_nobody_notes_anything(story: Story, session: dict[str, Any]) -> None:
    """Claire is asked once how it was; and both, once, for a note."""
    reminded(story, -3, ("15:05", "14:05"), "6:00 م", "11:00 a.m.", of=-3)
    story.at(-3, "16:00")
    met(story, session, story.amina)
    story.at(-2, "16:00", "reminders")
    (unsaid,) = story.brings(claire=["how was your session?"])
    assert in_english(story.day(-3), "11:00 a.m.") in plain(unsaid["text"])
    met(story, session, story.claire, minutes=40)
    story.at(0, "16:00", "reminders")
    asked = story.brings(amina=["ما الذي تحتفظ به من جلستكما؟"], claire=["what do you keep of your session?"])
    assert in_arabic(story.day(-3), "6:00 م") in plain(asked[0]["text"])
    assert in_english(story.day(-3), "11:00 a.m.") in plain(asked[1]["text"])


def the_first_on_the_new_clock(story: Story, session: dict[str, Any], goal: str) -> None:
    """Ten in Toronto as ever, and six in Nairobi. After three sessions the goal is to be reviewed."""
    amina, claire = story.amina, story.claire
    reminded(story, 3, ("15:05", "14:05"), "6:00 م", "10:00 a.m.", of=3)
    story.at(3, "16:00")
    met(story, session, amina, claire)
    claire.put(f"{story.path}/sessions/{session['id']}/notes", {"text": "The room is there.", "shared": True})
    reflection = {
        "happened": "The ward gave us a room.", "learned": "To ask before I plan.", "session_id": session["id"],
        "adapted": "We begin on the market day, when patients are in town.", "goal_ids": [goal.rpartition("/")[2]],
    }  # fmt: skip
    written = amina.post(f"{story.path}/reflections", reflection)
    mine = f"{story.path}/reflections/{written['id']}"
    assert claire.http.get(mine).status_code == 404
    amina.change("PUT", mine, {**reflection, "shared": True})
    (read,) = claire.all(f"{story.path}/reflections", whose="theirs")
    assert read["learned"] == "To ask before I plan."
    assert story.cora.http.get(mine).status_code == 404
    story.at(4, "16:00", "reminders")
    story.brings(amina=["حان وقت مراجعة أهدافكما"], claire=["time to review your goals"])
    assert claire.get(goal)["review"]["is_due"]
    verdict = {"decision": "keep", "why": "The room is there; patients come next."}
    reviewed = amina.change("POST", f"{goal}/review", verdict, of=goal)["review"]
    assert (reviewed["is_due"], reviewed["last"]["decision"]) == (False, "keep")
    assert story.cora.get(f"{story.path}/health")["state"] == "green"


def nobody_is_reminded_of_what_is_off(story: Story, goal: str) -> None:
    """The day of the cancelled session: a pulse, and that a goal is due; it is reached."""
    amina, claire = story.amina, story.claire
    story.at(10, "14:05", "reminders", "look-at-mentorships")
    due = f"يحين موعد أحد أهدافك في {format_date(story.day(15), 'full', 'ar')}"
    story.brings(amina=["كيف يسير إرشادك؟", due], claire=["how is your mentorship going?"])
    answered_all(story, amina, "pulse-1", 4, words="I look forward to each Wednesday.")
    answered_all(story, claire, "pulse-1", 5)
    (shared,) = claire.get(f"{story.path}/feedback")["shared_with_you"]
    assert shared["words"] == "I look forward to each Wednesday."
    amina.post(f"{goal}/progress", {"value": 4})
    reached = amina.change("POST", f"{goal}/reach", {"note": "The clinic has seen 30 patients."}, of=goal)
    assert (reached["status"], reached["words"]["progress"]["percent"]) == ("reached", 100)


def the_last_of_the_series(story: Story, session: dict[str, Any]) -> None:
    """Four weeks before its last day both are told that it comes; and the middle is over."""
    amina, claire = story.amina, story.claire
    story.at(14, "13:00", "reminders")
    story.brings(amina=["ينتهي إرشادك قريبًا"], claire=["your mentorship ends soon"])
    topics = [
        {"topic": "heart failure clinics", "confidence": 3, "standing": "gap", "wants_to_grow": True},
        {"topic": "echocardiography", "confidence": 4, "standing": "strength"},
    ]
    reminded(story, 17, ("15:05", "14:10"), "6:00 م", "10:00 a.m.", of=17)
    story.at(17, "14:15", "look-at-mentorships")
    story.brings(amina=[SURVEY["amina"]], claire=[SURVEY["claire"]])
    for person in (amina, claire):
        answered_all(story, person, "middle", 4)
    amina.put(f"{story.path}/self-assessments/middle", {"topics": topics})
    story.at(17, "16:00")
    met(story, session, amina, claire)
    amina.put(f"{story.path}/sessions/{session['id']}/notes", {"text": "What comes next.", "shared": True})


def ended_with_a_closing_conversation(story: Story) -> None:
    """Amina ends it, as they have come to their goal. It is closing for two weeks, in which they meet once more."""
    amina, claire, path = story.amina, story.claire, story.path
    story.at(18, "13:00")
    assert amina.post(f"{path}/end", {"reason": "goals_reached"})["status"] == "closing"
    story.brings(amina=["حان وقت محادثة ختامية"], claire=["time for a closing conversation"])
    # The closing conversation: a session while it is closing, with an agenda that they write themselves.
    wish = {"starts_at": f"{story.day(18)}T15:30:00Z", "minutes": 45}
    last = claire.post(f"{path}/sessions", wish)
    agenda = [{"text": "What has helped"}, {"text": "What comes next"}]
    claire.change("PUT", f"{path}/agenda", {"items": agenda})
    booked = story.brings(amina=["حُجزت جلستك"], claire=["your session, for your calendar"])
    require_times(*booked, "6:30 م", "10:30 a.m.")
    for name, mail in zip(("amina", "claire"), booked, strict=True):
        (entry,) = story.calendars[name].take_up(mail)
        assert (entry["UID"], entry["SEQUENCE"]) == (f"{last['id']}@crossward", 0)
        assert story.calendars[name].shown() == spans(claire.get(f"{path}/sessions")["items"])
    story.at(18, "14:35", "reminders")
    story.brings(
        amina=[f"جلستك، {in_arabic(story.day(18), '6:30 م')}"],
        claire=[f"your session, {in_english(story.day(18), '10:30 a.m.')}"],
    )
    story.at(18, "16:30")
    met(story, last, amina, claire)


def looked_back(story: Story, goal: str) -> None:
    """The last survey, the last self-assessment and a final reflection; then its time for closing is over."""
    amina, claire, path = story.amina, story.claire, story.path
    story.at(19, "12:30", "look-at-mentorships")
    story.brings(amina=[SURVEY["amina"]], claire=[SURVEY["claire"]])
    answered_all(story, amina, "end", 5)
    answered_all(story, claire, "end", 5)
    topics = [{"topic": "heart failure clinics", "confidence": 4, "standing": "strength"}]
    amina.put(f"{path}/self-assessments/end", {"topics": topics})
    growth = {one["topic"]: one for one in amina.get(f"{path}/self-assessments")["mine"]["growth"]}
    clinics = growth["heart failure clinics"]
    assert [clinics[name] for name in ("start", "middle", "end", "change")] == [2, 3, 4, 2]
    assert [one["kind"] for one in amina.get(f"{path}/successes")["items"]] == ["goal"]
    assert amina.get(f"{path}/certificate")["missing"] == [{"need": "final_reflection", "has": 0, "needs": 1}]
    final = {"final": True, "learned": "To ask for help early.", "will_change": "I teach two colleagues."}
    amina.post(f"{path}/reflections", final)
    assert amina.get(f"{path}/certificate")["is_due"]
    story.at(33, "12:30", "look-at-mentorships")
    story.brings(amina=["انتهى إرشادك"], claire=["your mentorship has ended"])
    page = amina.get(path)
    assert (page["status"], page["sessions"]["held"], page["sessions"]["minutes"]) == ("closed", 5, 220)
    assert [one["status"] for one in page["goals"]] == ["reached"]


def certified(story: Story) -> tuple[dict[str, Any], dict[str, Any]]:
    """Amina has hers as the programme's rule is met; Claire as soon as she has looked back, too."""
    amina, claire, path = story.amina, story.claire, f"{story.path}/certificate"
    refused = claire.http.post(path)
    assert problem_of(refused) == (409, "certificate-not-due")
    learned = {"learned": "How much a phone can do.", "will_change": "I ask where patients come from."}
    claire.post(f"{story.path}/reflections", {"final": True, **learned})
    assert claire.post(path)["status"] == amina.post(path)["status"] == "ordered"
    story.deployed.settle()
    record = {
        "started_on": str(story.day(-20)), "last_on": str(story.day(18)), "sessions": 5, "minutes": 220,
        "goals_reached": 1, "final_reflection": True,
    }  # fmt: skip
    issued = []
    for person, role in ((amina, "mentee"), (claire, "mentor")):
        (one,) = person.all("/v1/me/certificates")
        assert (one["status"], one["role"], one["record"]) == ("issued", role, record)
        issued.append(one)
    return issued[0], issued[1]


def seen_by_the_coordinator(story: Story) -> None:
    """Nothing waits for her; of what only two have answered, she is told that they have."""
    cora, programme = story.cora, f"/v1/programmes/{story.programme}"
    assert len(cora.all(f"{programme}/certificates")) == 2
    assert cora.all(f"{programme}/tasks") == []
    report = cora.get(f"{programme}/feedback")
    assert (report["answers"], report["changes"]) == ([], [])
    assert {one["answered"] for one in report["taking_part"]} <= {None}, (
        "of one pair it would be what one person did"
    )


def shown_as_the_holder_chose(story: Story, certificate: dict[str, Any]) -> None:
    public = f"/v1/certificates/{certificate['id']}"
    assert certificate["page_url"] == f"{story.deployed.url}{public}/page"
    with anonymous(story.deployed) as employer:

        def seen() -> tuple[set[str], str]:
            told = employer.get(public).json()
            page = employer.get(f"{public}/page")
            assert page.headers["Content-Type"] == "text/html; charset=utf-8"
            assert '<html lang="ar" dir="rtl"' in page.text
            return {name for name, value in told.items() if value is not None}, plain(page.text)

        always = {"id", "status", "role", "title", "organisation", "issuer"}
        names, page = seen()
        assert names == always
        assert "Amina" not in page
        assert PROGRAMME not in page
        assert "Heart Alliance" in page
        story.amina.put(f"/v1/me/certificates/{certificate['id']}/shown", {"name": True, "hours": True})
        names, page = seen()
        assert names == always | {"name", "sessions", "hours"}
        assert "Amina Idris" in page
        assert PROGRAMME not in page
        for hidden in ("Claire", story.amina.email, "clinic"):
            assert hidden not in page


def verified_by_an_employer(
    story: Story, mentees: dict[str, Any], mentors: dict[str, Any], home: Path, patch: pytest.MonkeyPatch
) -> None:
    """The file that Amina hands on is genuine, a forged one is not, and Claire's, which was issued in error, is
    revoked: once the issuer's document and list are there, nobody is asked."""
    own, theirs = (
        person.http.get(f"/v1/me/certificates/{one['id']}/file").text
        for person, one in ((story.amina, mentees), (story.claire, mentors))
    )
    revoke, why = f"/v1/certificates/{mentors['id']}/revoke", {"reason": "issued_in_error"}
    assert story.cora.post(revoke, why)["status"] == "revoked"
    story.deployed.settle()
    story.brings(claire=["a certificate of yours was taken back"])
    with anonymous(story.deployed) as anybody:
        assert anybody.get(f"/v1/certificates/{mentors['id']}").json()["status"] == "revoked"
    assert payload_of(own)["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    employer, now = employer_of(story.deployed, own, home), datetime.combine(story.day(34), time(), UTC)
    with patch.context() as offline:
        offline.setattr(socket, "socket", no_network)
        assert [employer.verdict(one, now) for one in (own, theirs, forged(own))] == [0, 1, 1]
        assert employer.verdict(own, now, with_list=False) == 3, "genuine; of a revocation nobody knows"
        shown = own, theirs, employer.listed, forged(own)
        assert [employer.is_signed(one) for one in shown] == [True, True, True, False]
        assert [employer.is_revoked(one) for one in (own, theirs)] == [False, True]


def no_network(*_: object, **__: object) -> None:
    raise AssertionError("it asked somebody")
