"""Agenda, notes and action items: what both bring, what is carried over, and what one keeps for themselves."""

from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.mentorships import running_store
from chalicelib.mentorships.errors import MentorshipNotUnderWay
from chalicelib.mentorships.sessions import access, recording, store
from chalicelib.platform import tables
from tests.mentorships.sessions.meeting import MONDAY, WEDNESDAY, Meeting, code, pointers
from tests.mentorships.sessions.test_attendance import OVER, pause
from tests.support.world import Reply

UNKNOWN = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


def agenda(meeting: Meeting, by: str | None = None) -> Reply:
    return meeting.world.get(meeting.path("agenda"), by=by or meeting.mentee)


def write(meeting: Meeting, *items: dict[str, Any], by: str | None = None, etag: str | None = None) -> Reply:
    return meeting.world.put(
        meeting.path("agenda"), {"items": items}, by=by or meeting.mentee,
        headers={"If-Match": etag or agenda(meeting).etag},
    )  # fmt: skip


def texts(reply: Reply) -> list[str]:
    return [one["text"] for one in reply.json["items"]]


def kept(meeting: Meeting) -> list[dict[str, Any]]:
    return [{"id": one["id"], "text": one["text"]} for one in agenda(meeting).json["items"]]


def met(meeting: Meeting, session: str, *reached: str, by: str | None = None) -> Reply:
    return meeting.do("attendance", session, {"said": "met", "reached": reached}, by=by)


def test_both_put_items_on_one_agenda_and_nobody_is_overwritten(meeting: Meeting) -> None:
    assert agenda(meeting).json == {"items": []}
    empty = agenda(meeting).etag
    assert write(meeting, {"text": "The audit"}).status == 200
    stale = write(meeting, {"text": "A conference"}, by=meeting.mentor, etag=empty)
    assert stale.status == 412
    both = write(meeting, {"text": "A conference"}, *kept(meeting), by=meeting.mentor)
    assert [(one["text"], one["by"]) for one in both.json["items"]] == [
        ("A conference", "mentor"),
        ("The audit", "mentee"),
    ]
    changed = write(meeting, {**kept(meeting)[1], "text": "The audit's design"}, by=meeting.mentor)
    assert [(one["text"], one["by"]) for one in changed.json["items"]] == [
        ("The audit's design", "mentor")
    ], "whose words they are"


@pytest.mark.parametrize(
    ("items", "pointer"),
    [
        ([{"text": ""}], "/items/0/text"),
        ([{"text": "a\u202eb"}], "/items/0/text"),
        ([{"text": "x"}] * 21, "/items"),
        ([{"id": UNKNOWN, "text": "x"}], "/items/0/id"),
    ],
)
def test_an_agenda_that_cannot_be_is_refused(
    meeting: Meeting, items: list[dict[str, Any]], pointer: str
) -> None:
    reply = write(meeting, *items)
    assert reply.status == 422
    assert pointer in pointers(reply)


def test_the_same_item_twice_is_refused(meeting: Meeting) -> None:
    write(meeting, {"text": "The audit"})
    assert "/items/1/id" in pointers(write(meeting, *kept(meeting), *kept(meeting)))


def test_what_is_not_reached_is_carried_over_once_a_session(meeting: Meeting) -> None:
    first, second = meeting.booked(MONDAY), meeting.booked(WEDNESDAY)
    write(meeting, {"text": "The audit"}, {"text": "A conference"}, {"text": "Night shifts"})
    audit, conference, _ = (one["id"] for one in agenda(meeting).json["items"])
    meeting.until(OVER)
    record = met(meeting, first, audit).json["record"]
    assert [one["text"] for one in record["covered"]] == ["The audit"]
    assert [(one["text"], one["carried"]) for one in agenda(meeting).json["items"]] == [
        ("A conference", 1), ("Night shifts", 1),
    ]  # fmt: skip
    # The other's account of the same session adds what they say was reached, and carries nothing over again.
    record = met(meeting, first, audit, conference, by=meeting.mentor).json["record"]
    assert [one["text"] for one in record["covered"]] == ["The audit", "A conference"]
    assert [(one["text"], one["carried"]) for one in agenda(meeting).json["items"]] == [("Night shifts", 1)]
    meeting.until("2027-03-10T15:00:00+00:00")
    met(meeting, second)
    assert [(one["text"], one["carried"]) for one in agenda(meeting).json["items"]] == [("Night shifts", 2)]


def test_a_contested_session_carries_over_once(meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    write(meeting, {"text": "The audit"})
    meeting.until(OVER)
    meeting.do("attendance", session, {"said": "other_missing"}, by=meeting.mentor)
    for said in ("met", "other_missing", "met"):
        meeting.do("attendance", session, {"said": said}, by=meeting.mentor)
        met(meeting, session)
    assert [one["carried"] for one in agenda(meeting).json["items"]] == [1]


def test_of_a_session_that_was_not_nothing_is_carried_over(meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    write(meeting, {"text": "The audit"})
    meeting.until(OVER)
    meeting.do("attendance", session, {"said": "other_missing"})
    assert [one["carried"] for one in agenda(meeting).json["items"]] == [0]


def test_only_what_is_on_the_agenda_can_have_been_reached(meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    meeting.until(OVER)
    assert "/reached/0" in pointers(met(meeting, session, UNKNOWN))
    assert meeting.read(session)["attendance"]["outcome"] is None


def note(meeting: Meeting, session: str, text: str, *, shared: bool, by: str | None = None) -> Reply:
    path = meeting.path(f"sessions/{session}/notes")
    return meeting.world.put(path, {"text": text, "shared": shared}, by=by or meeting.mentee)


def notes(meeting: Meeting, session: str, by: str) -> Any:
    return meeting.read(session, by=by)["record"]["notes"]


def test_a_private_note_is_its_writer_s_alone(meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    etag = meeting.world.get(meeting.path(f"sessions/{session}"), by=meeting.mentor).etag
    mine = note(meeting, session, "She talks fast.", shared=False)
    assert mine.json["record"]["notes"] == {"mine": None, "theirs": None, "private": "She talks fast."}
    assert notes(meeting, session, meeting.mentee) == mine.json["record"]["notes"]
    assert meeting.world.get(meeting.path(f"sessions/{session}"), by=meeting.mentor).etag == etag
    for other in (meeting.mentor, meeting.scene.coordinator):
        listed = meeting.world.get(meeting.path(), by=other).text
        assert (
            "She talks fast."
            not in listed + meeting.world.get(meeting.path(f"sessions/{session}"), by=other).text
        )


def test_a_note_is_shared_and_taken_back(meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    note(meeting, session, "Ask the matron.", shared=True)
    note(meeting, session, "Send the template.", shared=True, by=meeting.mentor)
    assert notes(meeting, session, meeting.mentee) == {
        "mine": "Ask the matron.", "theirs": "Send the template.", "private": None,
    }  # fmt: skip
    note(meeting, session, "Ask the matron.", shared=False)
    assert notes(meeting, session, meeting.mentor) == {
        "mine": "Send the template.",
        "theirs": None,
        "private": None,
    }
    note(meeting, session, "", shared=False)
    assert notes(meeting, session, meeting.mentee) == {
        "mine": None,
        "theirs": "Send the template.",
        "private": None,
    }
    assert meeting.read(session, by=meeting.scene.coordinator)["record"] is None
    stranger = meeting.world.person()
    assert note(meeting, session, "Hello", shared=True, by=stranger).status == 404


def test_two_notes_at_once_are_both_kept(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    session = meeting.booked(MONDAY)
    commit, left = recording.commit, [1]

    def late(*given: Any) -> Any:
        if left and left.pop():
            assert note(meeting, session, "Theirs", shared=True, by=meeting.mentor).status == 200
        return commit(*given)

    monkeypatch.setattr(recording, "commit", late)
    assert note(meeting, session, "Mine", shared=True).status == 200
    assert notes(meeting, session, meeting.mentee) == {"mine": "Mine", "theirs": "Theirs", "private": None}


def test_action_items_have_an_owner_and_a_day_and_are_done_once(meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    body = {"items": [{"text": "Send the template", "owner": "mentor", "due_on": "2028-02-29"}]}
    path = meeting.path(f"sessions/{session}")

    def put(body: dict[str, Any], by: str) -> Reply:
        etag = meeting.world.get(path, by=by).etag
        return meeting.world.put(f"{path}/actions", body, by=by, headers={"If-Match": etag})

    (made,) = put(body, meeting.mentee).json["record"]["actions"]
    assert (made["owner"], made["due_on"], made["done_at"], made["by"]) == (
        "mentor",
        "2028-02-29",
        None,
        "mentee",
    )
    done = {"items": [{"id": made["id"], "text": made["text"], "owner": "mentor", "done": True}]}
    (first,) = put(done, meeting.mentor).json["record"]["actions"]
    meeting.world.pass_time(hours=1)
    (second,) = put(done, meeting.mentee).json["record"]["actions"]
    assert first["done_at"] == second["done_at"] == "2027-03-01T09:00:00.000000Z"
    assert (second["by"], second["due_on"]) == ("mentee", None)
    assert "/items/0/id" in pointers(
        put({"items": [{"id": UNKNOWN, "text": "x", "owner": "mentee"}]}, meeting.mentee)
    )
    assert "/items/0/due_on" in pointers(
        put({"items": [{**body["items"][0], "due_on": "2027-02-29"}]}, meeting.mentee)
    )
    unseen = meeting.world.put(f"{path}/actions", body, by=meeting.mentor, headers={"If-Match": '"1"'})
    assert unseen.status == 412


def test_in_a_pause_there_is_no_agenda_to_write(meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    write(meeting, {"text": "The audit"})
    etag = agenda(meeting).etag
    meeting.until(OVER)
    pause(meeting)
    assert code(write(meeting, {"text": "More"})) == "mentorship-not-under-way"
    assert note(meeting, session, "In the pause", shared=True).status == 200
    assert agenda(meeting).etag == etag, "it is still read"


@pytest.mark.parametrize("states", [access.MEET, access.REMEMBER])
def test_of_a_closed_mentorship_nothing_is_changed(meeting: Meeting, states: tuple[str, ...]) -> None:
    closed: Any = SimpleNamespace(id=meeting.id, status_at=lambda _now: SimpleNamespace(value="closed"))
    with pytest.raises(MentorshipNotUnderWay, match="It is over"):
        access.require(closed, states, meeting.world.at)
    row = running_store.MentorshipRow
    pk = f"MENTORSHIP#{meeting.id}"
    closing = tables.update(
        row,
        pk,
        "MENTORSHIP",
        [row.status.set("closed")],
        condition=row.pk.exists(),
        now="",
        conflict=MentorshipNotUnderWay(""),
    )
    meeting.world.write(closing)
    with pytest.raises(MentorshipNotUnderWay, match="just now"):
        meeting.world.write(store.check_status(meeting.id, states))


def test_of_a_cancelled_session_nothing_is_kept(meeting: Meeting) -> None:
    session = meeting.booked(MONDAY)
    meeting.do("cancel", session)
    assert code(note(meeting, session, "Hm", shared=True)) == "session-cancelled"


def test_strangers_and_coordinators_read_no_agenda(meeting: Meeting) -> None:
    write(meeting, {"text": "The audit"})
    assert agenda(meeting, by=meeting.world.person()).status == 404
    assert agenda(meeting, by=meeting.scene.coordinator).status == 404
    assert texts(agenda(meeting, by=meeting.mentor)) == ["The audit"]
