"""Reflections over HTTP: whose they are, who reads them, and the final one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.mentorships import running_store
from chalicelib.mentorships.reflections import model, store
from chalicelib.mentorships.reflections.model import FINAL_TIME
from chalicelib.mentorships.running import By, Ending, EndReason, MentorshipStatus
from chalicelib.people import service as people
from chalicelib.platform import tables
from tests.mentorships.goals.pair import BARE, Pair, code
from tests.support.world import Reply

PARTS: dict[str, str] = {
    "happened": "Two nights without soap.",
    "learned": "It was supply, not will.",
    "will_change": "We check the dispensers first.",
    "adapted": "One bottle goes on the trolley.",
}


def path(pair: Pair, one: str = "") -> str:
    return f"/v1/mentorships/{pair.id}/reflections" + (f"/{one}" if one else "")


def write(pair: Pair, by: str | None = None, **fields: Any) -> Reply:
    return pair.world.post(path(pair), {**PARTS, **fields}, by=by or pair.mentee)


def written(pair: Pair, by: str | None = None, **fields: Any) -> str:
    reply = write(pair, by, **fields)
    assert reply.status == 201, reply.text
    return str(reply.json["id"])


def change(pair: Pair, one: str, by: str | None = None, **fields: Any) -> Reply:
    return pair.world.put(path(pair, one), {**PARTS, **fields}, by=by or pair.mentee)


def listed(pair: Pair, by: str, whose: str = "mine") -> list[str]:
    reply = pair.world.get(path(pair), by=by, query={"whose": whose})
    assert reply.status == 200, reply.text
    return [one["id"] for one in reply.json["items"]]


def end(pair: Pair, *, closed: bool) -> None:
    """Bring the mentorship to its closing, or to its end, at this instant."""
    now = pair.world.at
    before = pair.mentorship()
    until = now if closed else now + timedelta(days=14)
    ending = Ending(
        EndReason.TERM_OVER, By.SERVICE, now, until, closed_at=now if closed else None
    )  # fmt: skip
    status = MentorshipStatus.CLOSED if closed else MentorshipStatus.CLOSING
    pair.world.write(*running_store.put_mentorship(replace(before, status=status, ending=ending), None, now))


def rule(pair: Pair, **wanted: int) -> None:
    """Have the programme ask for a final reflection, and what else is named."""
    path = f"/v1/programmes/{pair.programme}"
    asked = {"sessions": 0, "minutes": 0, "goals_reached": 0, "final_reflection": True, **wanted}
    headers = {"If-Match": pair.world.get(path, by=pair.coordinator).etag}
    ruled = pair.world.patch(path, {"certificate": asked}, by=pair.coordinator, headers=headers)
    assert ruled.status == 200, ruled.text


def test_what_is_not_shared_is_the_writers_alone(pair: Pair) -> None:
    own = written(pair)
    assert listed(pair, pair.mentee) == [own]
    assert pair.world.get(path(pair, own), by=pair.mentee).json["learned"] == PARTS["learned"]
    for other in (pair.mentor, pair.coordinator, pair.world.admin(), pair.world.mentee()):
        assert pair.world.get(path(pair, own), by=other).status == 404
    assert listed(pair, pair.mentor, "theirs") == []
    beside = "".join(map(str, tables.query_all(store.ReflectionRow, f"MENTORSHIP#{pair.id}")))
    assert PARTS["learned"] not in beside, "nothing of it stands where both read"


def test_what_is_shared_the_other_reads_until_it_is_taken_back(pair: Pair) -> None:
    own = written(pair, shared=True)
    assert listed(pair, pair.mentor, "theirs") == [own]
    assert listed(pair, pair.mentor) == []
    assert pair.world.get(path(pair, own), by=pair.mentor).json["adapted"] == PARTS["adapted"]
    assert pair.world.get(path(pair, own), by=pair.coordinator).status == 404
    assert change(pair, own, pair.mentor).status == 404, "only its writer changes it"
    assert pair.world.delete(path(pair, own), by=pair.mentor).status == 404

    assert change(pair, own, shared=True, learned="Supply.").status == 200
    assert pair.world.get(path(pair, own), by=pair.mentor).json["learned"] == "Supply."
    assert change(pair, own, shared=False).json["shared"] is False
    assert pair.world.get(path(pair, own), by=pair.mentor).status == 404
    assert listed(pair, pair.mentor, "theirs") == []


def test_deleted_is_gone_for_both(pair: Pair) -> None:
    own, kept = written(pair, shared=True), written(pair)
    assert pair.world.delete(path(pair, own), by=pair.mentee).status == 204
    assert listed(pair, pair.mentee) == [kept]
    assert listed(pair, pair.mentor, "theirs") == []
    assert pair.world.delete(path(pair, own), by=pair.mentee).status == 404


def test_it_is_tied_to_goals_and_a_session_of_this_mentorship_alone(pair: Pair) -> None:
    goal = str(pair.world.post(pair.path(), BARE, by=pair.mentee).json["id"])
    assert write(pair, goal_ids=[goal]).json["goal_ids"] == [goal]
    unknown = write(pair, goal_ids=[goal, pair.id])
    assert [one["pointer"] for one in unknown.json["errors"]] == ["/goal_ids/1"]
    no_session = write(pair, goal_ids=[goal], session_id=pair.id)
    assert [one["pointer"] for one in no_session.json["errors"]] == ["/session_id"]


def test_one_part_is_enough_and_none_is_too_little(pair: Pair) -> None:
    nothing = dict.fromkeys(PARTS, "")
    assert write(pair, **{**nothing, "adapted": "We do it by hand."}).status == 201
    assert write(pair, **nothing).status == 422


def test_of_two_changes_of_one_version_the_second_is_refused(pair: Pair) -> None:
    own = written(pair)
    first = pair.world.put(path(pair, own), PARTS, by=pair.mentee, headers={"If-Match": '"1"'})
    second = pair.world.put(path(pair, own), PARTS, by=pair.mentee, headers={"If-Match": '"1"'})
    assert (first.status, second.status) == (200, 412)


def test_who_has_blocked_the_other_reads_nothing_of_theirs_and_the_other_is_not_told(pair: Pair) -> None:
    early = written(pair, shared=True)
    people.block(pair.world.call(pair.mentor), pair.mentee)
    late = written(pair, shared=True)
    assert set(listed(pair, pair.mentee)) == {late, early}
    assert listed(pair, pair.mentor, "theirs") == []
    assert pair.world.get(path(pair, late), by=pair.mentor).status == 404
    mine = written(pair, pair.mentor, shared=True)
    assert listed(pair, pair.mentee, "theirs") == [mine], "what somebody shares themselves is theirs to share"
    people.unblock(pair.world.call(pair.mentor), pair.mentee)
    assert set(listed(pair, pair.mentor, "theirs")) == {late, early}


def test_the_final_one_is_written_at_the_end_once_and_within_its_time(pair: Pair) -> None:
    assert code(write(pair, final=True)) == "not-time-to-reflect"
    end(pair, closed=False)
    lacking = write(pair, final=True, will_change="")
    assert [one["pointer"] for one in lacking.json["errors"]] == ["/will_change"]
    own = written(pair, final=True)
    assert code(write(pair, final=True)) == "final-reflection-written"
    assert written(pair, by=pair.mentor, final=True), "the other has one of their own"
    assert change(pair, own, learned="").status == 422
    assert pair.world.delete(path(pair, own), by=pair.mentee).status == 204
    assert written(pair, final=True)


def test_after_the_end_only_what_is_final_is_written_and_for_sixty_days(pair: Pair) -> None:
    before = written(pair)
    end(pair, closed=True)
    assert code(write(pair)) == "not-time-to-reflect"
    assert code(change(pair, before, shared=True)) == "not-time-to-reflect"
    assert change(pair, before, learned="Still mine to change.").status == 200
    pair.world.at += FINAL_TIME - timedelta(seconds=1)
    own = written(pair, final=True, shared=True)
    pair.world.at += timedelta(seconds=1)
    assert code(write(pair, by=pair.mentor, final=True)) == "not-time-to-reflect"
    assert code(change(pair, own, shared=True)) == "not-time-to-reflect"
    assert change(pair, own, shared=False).status == 200, "what was shared is taken back at any time"


def test_a_final_one_makes_the_certificate_due_at_once(pair: Pair) -> None:
    rule(pair, sessions=0)
    certificate = f"/v1/mentorships/{pair.id}/certificate"
    end(pair, closed=True)
    assert not pair.world.get(certificate, by=pair.mentee).json["is_due"]
    own = written(pair, final=True)
    standing = pair.world.get(certificate, by=pair.mentee).json
    assert (standing["is_due"], standing["record"]["final_reflection"]) == (True, True)
    assert not pair.world.get(certificate, by=pair.mentor).json["is_due"], "each writes their own"
    pair.world.delete(path(pair, own), by=pair.mentee)
    assert not pair.world.get(certificate, by=pair.mentee).json["is_due"]
    assert written(pair, final=True)
    assert pair.world.post(certificate, by=pair.mentee).status == 201


def test_no_more_are_kept_than_stated(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_KEPT", 2)
    first, _ = written(pair), written(pair)
    assert code(write(pair)) == "too-many-reflections"
    assert written(pair, by=pair.mentor), "each has room of their own"
    pair.world.delete(path(pair, first), by=pair.mentee)
    assert written(pair)


def test_states_are_as_the_two_lists_say(pair: Pair) -> None:
    assert {*model.OPEN, *model.ENDING} == {one.value for one in MentorshipStatus}
    pair.set_status(MentorshipStatus.PAUSED)
    assert written(pair), "a pause is a time to think"
