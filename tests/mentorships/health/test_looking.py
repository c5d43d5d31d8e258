"""The pair is told first and a coordinator later, each once, whatever is cut off; and who reads what."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.kernel.ids import new_id
from chalicelib.mentorships import running_store, task_store
from chalicelib.mentorships import service as mentorships
from chalicelib.mentorships.health import looking, service, store
from chalicelib.mentorships.health.model import PulsePoint
from chalicelib.mentorships.running import Hold, HoldReason, Mentorship, MentorshipStatus
from chalicelib.mentorships.tasks import TaskReason, help_task
from chalicelib.notifications import service as notifications
from chalicelib.organisations import store as organisations
from chalicelib.organisations.model import Membership, Rights, StaffRole
from chalicelib.platform import tables
from chalicelib.programmes.model import Side
from tests.mentorships.sessions.meeting import Meeting
from tests.mentorships.state import State as Stored
from tests.mentorships.state import crash_points

DAY = timedelta(days=1)
BEGUN = datetime(2027, 3, 1, 9, tzinfo=UTC)
NUDGE = "mentorship-nudge"
GOAL = {"title": "Lead the round alone", "horizon": "short", "domain": "personal"}


def look(meeting: Meeting, days: float) -> None:
    """Let the job of every five minutes come by so many days after the beginning."""
    meeting.world.at = BEGUN + days * DAY
    assert mentorships.look_at_health(meeting.world.at) == 0


def nudges(meeting: Meeting) -> list[tuple[str, list[str]]]:
    names = {meeting.mentee: "mentee", meeting.mentor: "mentor"}
    found = [
        (one.due_at, names[one.payload["recipient"]], one.payload["reasons"])
        for one in meeting.world.messages(NUDGE)
    ]
    return [(who, reasons) for _, who, reasons in sorted(found)]


def tasks(meeting: Meeting, status: str = "open") -> list[tuple[str, str | None]]:
    path = meeting.scene.path("tasks")
    reply = meeting.world.get(path, by=meeting.scene.coordinator, query={"status": status})
    return [(one["reason"], one["ended"]) for one in reply.json["items"]]


def listed(meeting: Meeting, **query: str) -> list[tuple[str, list[str]]]:
    reply = meeting.world.get(meeting.scene.path("health"), by=meeting.scene.coordinator, query=query)
    assert reply.status == 200, reply.text
    return [(one["state"], one["reasons"]) for one in reply.json["items"]]


def counts(meeting: Meeting) -> tuple[int, ...]:
    reply = meeting.world.get(meeting.scene.path("health-counts"), by=meeting.scene.coordinator)
    return tuple(reply.json[name] for name in ("red", "amber", "green"))


def health(meeting: Meeting, by: str) -> Any:
    reply = meeting.world.get(meeting.path("health"), by=by)
    assert reply.status == 200, reply.text
    return reply.json


def with_goal(meeting: Meeting) -> None:
    assert meeting.world.post(meeting.path("goals"), GOAL, by=meeting.mentee).status == 201


def moved(meeting: Meeting, **changes: Any) -> None:
    """Move the mentorship as its moves do, which write it with the same function."""
    row = tables.get(*running_store.mentorship_key(meeting.id))
    assert row is not None
    before: Mentorship = running_store.mentorship_of(row)
    now = meeting.world.at
    meeting.world.write(*running_store.put_mentorship(replace(before, **changes), None, now))


def made_coordinator(meeting: Meeting) -> None:
    """Make the mentor a coordinator of the organisation, too."""
    organisation, roles = meeting.scene.organisation, frozenset({StaffRole.COORDINATOR})
    meeting.world.write(
        organisations.put_rights(Rights(meeting.mentor, roles={organisation: roles}), meeting.world.at),
        organisations.put_member(Membership(organisation, meeting.mentor, roles), meeting.world.at),
    )


def test_the_two_first_a_coordinator_later_and_done_once_it_is_mended(meeting: Meeting) -> None:
    with_goal(meeting)
    look(meeting, 0)
    assert (listed(meeting), counts(meeting)) == ([("green", [])], (0, 0, 1))
    for days in range(7, 31):
        look(meeting, days)
    assert nudges(meeting) == [("mentee", ["no_session"]), ("mentor", ["no_session"])]
    assert (listed(meeting), counts(meeting)) == ([("amber", ["no_session"])], (0, 1, 0))
    assert listed(meeting, state="red") == []
    look(meeting, 43.9)
    assert tasks(meeting) == []
    look(meeting, 45)
    assert tasks(meeting) == [("no_session", None)]
    assert counts(meeting) == (1, 0, 0)
    look(meeting, 60)
    assert (len(nudges(meeting)), len(tasks(meeting))) == (2, 1), "of one spell once"
    meeting.booked("2027-05-05T13:00:00Z")
    look(meeting, 61.5)
    assert (tasks(meeting), tasks(meeting, "done")) == ([], [("no_session", "mended")])
    assert (listed(meeting, state="green"), counts(meeting)) == ([("green", [])], (0, 0, 1))


def test_another_spell_is_told_anew(meeting: Meeting) -> None:
    with_goal(meeting)
    look(meeting, 31)
    session = meeting.booked("2027-04-05T13:00:00Z")
    look(meeting, 33)
    assert meeting.do("cancel", session).status == 200
    look(meeting, 40)
    assert [who for who, _ in nudges(meeting)] == ["mentee", "mentor"] * 2


def test_after_missed_looks_the_two_are_still_told_first(meeting: Meeting) -> None:
    look(meeting, 60)
    assert nudges(meeting) == [(who, ["no_session", "no_goals"]) for who in ("mentee", "mentor")]
    assert (counts(meeting), tasks(meeting)) == ((1, 0, 0), []), (
        "it is red, and the two have their time all the same"
    )
    look(meeting, 74)
    assert sorted(tasks(meeting)) == [("no_goals", None), ("no_session", None)]


def test_a_task_that_a_coordinator_has_seen_to_stays_as_it_is(meeting: Meeting) -> None:
    with_goal(meeting)
    look(meeting, 31)
    look(meeting, 46)
    path, by = meeting.scene.path("tasks"), meeting.scene.coordinator
    (task,) = meeting.world.get(path, by=by).json["items"]
    assert meeting.world.post(f"{path}/{task['id']}/done", by=by).status == 200
    look(meeting, 47)
    meeting.booked("2027-05-05T13:00:00Z")
    look(meeting, 49)
    assert (tasks(meeting), tasks(meeting, "done")) == ([], [("no_session", "seen_to")])


def test_a_pause_mends_all_and_its_days_do_not_count(meeting: Meeting) -> None:
    with_goal(meeting)
    look(meeting, 31)
    look(meeting, 46)
    held = Hold(HoldReason.AWAY, meeting.world.at)
    moved(meeting, status=MentorshipStatus.PAUSED, hold=held)
    look(meeting, 46)
    assert (tasks(meeting, "done"), listed(meeting), counts(meeting)) == (
        [("no_session", "mended")],
        [],
        (0, 0, 0),
    )
    assert health(meeting, meeting.mentee)["state"] is None
    meeting.world.at = BEGUN + 100 * DAY
    moved(meeting, status=MentorshipStatus.ACTIVE, hold=None)
    look(meeting, 100)
    assert (listed(meeting), health(meeting, meeting.mentee)["state"]) == ([("green", [])], "green")
    look(meeting, 129)
    assert (len(nudges(meeting)), counts(meeting)) == (2, (0, 0, 1))
    look(meeting, 130)
    assert (len(nudges(meeting)), counts(meeting)) == (4, (0, 1, 0))


def test_one_that_is_over_leaves_the_list(meeting: Meeting) -> None:
    look(meeting, 31)
    look(meeting, 46)
    moved(meeting, status=MentorshipStatus.CLOSED)
    assert listed(meeting) == [], "at once"
    look(meeting, 46)
    assert counts(meeting) == (0, 0, 0)
    assert sorted(tasks(meeting, "done")) == [("no_goals", "closed"), ("no_session", "closed")]
    look(meeting, 90)
    assert counts(meeting) == (0, 0, 0)


def test_cut_off_at_any_write_it_tells_nothing_twice_and_leaves_nothing_out(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(meeting, 31)
    meeting.world.at = BEGUN + 46 * DAY
    start = Stored()

    def work() -> None:
        mentorships.look_at_health(meeting.world.at)

    work()
    expected, told, raised = Stored().told(), nudges(meeting), sorted(tasks(meeting))
    assert (len(told), len(raised)) == (2, 2)
    for _ in crash_points(monkeypatch, work, start):
        work()
        assert Stored().told() == expected


def test_two_workers_at_once_tell_once(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting.world.at = BEGUN + 31 * DAY
    call = meeting.world.call("job:reminders")
    plain, others = looking.next_look, [True]

    def meanwhile(*args: Any) -> datetime:
        if others.pop() if others else False:
            looking.look(call, meeting.id)
        return plain(*args)

    monkeypatch.setattr(looking, "next_look", meanwhile)
    looking.look(call, meeting.id)
    assert len(nudges(meeting)) == 2
    assert counts(meeting) == (0, 1, 0)


def test_each_reads_sentences_of_their_own(meeting: Meeting) -> None:
    with_goal(meeting)
    meeting.world.at = BEGUN + 33 * DAY
    stranger = meeting.world.person({})
    said = {
        by: [one["sentence"] for one in health(meeting, by)["reasons"]]
        for by in (meeting.mentee, meeting.mentor, meeting.scene.coordinator)
    }
    assert said[meeting.mentor] == [
        "You have not met for 33 days, and no session is booked. Propose a time, even for a short talk."
    ]
    assert said[meeting.mentee][0].startswith("Vous ne vous êtes pas rencontrés depuis 33 jours")
    assert said[meeting.scene.coordinator] == ["No session was held for 33 days, and none is booked."]
    assert meeting.world.get(meeting.path("health"), by=stranger).status == 404


def test_whose_pulse_falls_the_other_never_learns(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    with_goal(meeting)
    meeting.booked("2027-03-08T13:00:00Z")
    points = tuple(PulsePoint(Side.MENTEE, BEGUN + n * DAY, value) for n, value in enumerate((5, 5, 2, 2)))
    for module in (service, looking):
        monkeypatch.setattr(module, "pulses_of", lambda _: points)
    look(meeting, 4)
    assert nudges(meeting) == [("mentee", ["pulse_falling"])]
    assert health(meeting, meeting.mentor) | {"mentorship_id": ""} == {
        "mentorship_id": "", "status": "active", "state": "green", "reasons": []
    }  # fmt: skip
    assert [one["reason"] for one in health(meeting, meeting.mentee)["reasons"]] == ["pulse_falling"]
    (reason,) = health(meeting, meeting.scene.coordinator)["reasons"]
    assert (reason["figure"], "mentee" in reason["sentence"]) == (None, False)
    made_coordinator(meeting)
    path = meeting.scene.path("health-counts")
    assert counts(meeting) == (0, 1, 0)
    own = meeting.world.get(path, by=meeting.mentor).json
    assert own == {"red": 0, "amber": 0, "green": 0}, "to them it is green: amber would be the mentee's pulse"


def test_a_coordinator_who_is_one_of_the_two_reads_as_one_of_the_two(meeting: Meeting) -> None:
    made_coordinator(meeting)
    look(meeting, 31)
    assert listed(meeting) == [("amber", ["no_session", "no_goals"])]
    path = meeting.scene.path("health")
    assert meeting.world.get(path, by=meeting.mentor).json["items"] == []
    assert health(meeting, meeting.mentor)["reasons"][0]["sentence"].startswith("You have not met")


def test_a_coordinator_finds_no_trace_of_tasks_about_their_own_mentorship(meeting: Meeting) -> None:
    made_coordinator(meeting)
    row = tables.get(*running_store.mentorship_key(meeting.id))
    assert row is not None
    own = running_store.mentorship_of(row)
    others = replace(own, id=new_id(BEGUN), mentor=replace(own.mentor, person_id=meeting.world.person({})))
    for day, (mentorship, reason) in enumerate(
        [(own, TaskReason.PULSE_FALLING), (others, TaskReason.NO_SESSION), (own, TaskReason.NO_GOALS),
         (others, TaskReason.NO_GOALS), (own, TaskReason.NO_SHOWS)]
    ):  # fmt: skip
        at = BEGUN + day * DAY
        meeting.world.write(task_store.put_task(help_task(mentorship, reason, at, at), at))
    path, found, query = meeting.scene.path("tasks"), [], {"limit": "1"}
    for more in (True, False):
        page = meeting.world.get(path, by=meeting.mentor, query=query).json
        found += [(one["mentorship_id"], one["reason"]) for one in page["items"]]
        assert (len(page["items"]), page["next"] is not None) == (1, more)
        query["cursor"] = page["next"]
    assert found == [(others.id, "no_session"), (others.id, "no_goals")]
    hidden = help_task(own, TaskReason.PULSE_FALLING, BEGUN, BEGUN)
    assert meeting.world.post(f"{path}/{hidden.id}/done", by=meeting.mentor).status == 404
    assert len(tasks(meeting)) == 5


def test_a_programmes_thresholds_hold_as_soon_as_it_is_read(meeting: Meeting) -> None:
    meeting.scene.change_programme(health={"quiet_days": 7, "no_goals_days": 90})
    meeting.world.at = BEGUN + 10 * DAY
    (reason,) = health(meeting, meeting.mentee)["reasons"]
    assert (reason["reason"], reason["state"], reason["figure"]) == ("no_session", "amber", 10)


def test_a_nudge_whose_reason_has_gone_is_not_sent(meeting: Meeting) -> None:
    with_goal(meeting)
    look(meeting, 31)
    first, second = meeting.world.messages(NUDGE)
    assert notifications.deliver(first.id, meeting.world.at) == "sent"
    meeting.booked("2027-04-05T13:00:00Z")
    assert notifications.deliver(second.id, meeting.world.at) == "moot"


def test_a_note_and_a_review_are_asked_for_once(meeting: Meeting) -> None:
    with_goal(meeting)
    meeting.scene.change_programme(goal_review_sessions=1)
    assert meeting.world.post(meeting.path("goals"), GOAL, by=meeting.mentee).status == 201
    session = meeting.booked("2027-03-08T13:00:00Z")
    meeting.until("2027-03-08T14:05:00Z")
    assert meeting.do("attendance", session, {"said": "met", "minutes": 45}).status == 200
    kinds = ("notes-missing", "review-due")
    for days in (9, 10, 11, 12, 13, 14):
        look(meeting, days)
    assert [len(meeting.world.messages(kind)) for kind in kinds] == [2, 2]
    (review, *_), (note, *_) = (meeting.world.messages(kind) for kind in reversed(kinds))
    assert len(review.payload["goals"]) == 1
    assert notifications.deliver(review.id, meeting.world.at) == "sent"
    body = {"text": "We agreed on the audit.", "shared": True}
    path = meeting.path(f"sessions/{session}/notes")
    etag = meeting.world.get(meeting.path(f"sessions/{session}"), by=meeting.mentee).etag
    assert meeting.world.put(path, body, by=meeting.mentee, headers={"If-Match": etag}).status == 200
    assert notifications.deliver(note.id, meeting.world.at) == "moot"


def test_a_nudge_about_somebody_who_is_blocked_meanwhile_is_not_sent(meeting: Meeting) -> None:
    look(meeting, 31)
    written = meeting.world.messages("mentorship-nudge")
    assert written
    blocked = meeting.world.put(f"/v1/me/blocks/{meeting.mentor}", by=meeting.mentee)
    assert blocked.status == 204, blocked.text
    assert {notifications.deliver(one.id, meeting.world.at) for one in written} == {"moot"}


def test_what_a_look_and_a_page_of_the_list_cost(meeting: Meeting) -> None:
    meeting.world.at = BEGUN + 31 * DAY
    with meeting.world.counted():
        looking.look(meeting.world.call("job:reminders"), meeting.id)
    assert meeting.world.calls == ["BatchGetItem", "GetItem", "BatchGetItem", "Query", "TransactWriteItems"]
    row = tables.get(*store.health_key(meeting.id))
    assert row is not None
    assert row.gsi1sk.startswith("2#")
