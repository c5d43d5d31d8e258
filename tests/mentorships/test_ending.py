"""The end of a mentorship over HTTP: by one of the two, by its last day, and what follows for both."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel.clock import to_text
from chalicelib.mentorships import ending, running_store, store
from chalicelib.mentorships.jobs import look_at_mentorships
from chalicelib.mentorships.running import CLOSING_TIME, PairReason
from chalicelib.notifications import facts
from chalicelib.notifications.letters import MentorshipFacts
from chalicelib.notifications.model import Kind
from chalicelib.platform import tables
from chalicelib.programmes.model import EnrolmentStatus, Side
from tests.credentials.support import revoke
from tests.mentorships.pairs import Pair, agree, ask, code, paired, sign
from tests.mentorships.scene import Scene, fire, make_scene
from tests.mentorships.state import State, crash_points
from tests.support.world import Reply, World

SECRET = "We do not get on at all."


@pytest.fixture
def pair(scene: Scene) -> Pair:
    return paired(scene)


def do(pair: Pair, what: str, body: Any = None, by: str | None = None) -> Reply:
    return pair.world.post(f"/v1/mentorships/{pair.id}/{what}", body, by=by or pair.mentee)


def end(pair: Pair, by: str | None = None, **body: Any) -> Reply:
    return do(pair, "end", {"reason": "not_the_right_fit", "words": SECRET, **body}, by)


def standing(pair: Pair) -> str | None:
    row = tables.get(*store.pair_key(pair.scene.programme, pair.mentee, pair.mentor))
    return row.standing if row is not None else None


def letters(pair: Pair, kind: Kind) -> dict[str, MentorshipFacts]:
    """Return what the mails of a kind would say now, by recipient."""
    found = {}
    for message in pair.world.messages(kind.value):
        letter = facts.READERS[kind](message, pair.world.at)
        if letter is not None:
            assert isinstance(letter.facts, MentorshipFacts)
            found[letter.recipient.person_id] = letter.facts
    return found


def test_it_forms_until_both_have_signed(scene: Scene, world: World) -> None:
    mentor, mentee = scene.mentor(), scene.mentee()
    agree(scene, mentee, mentor)
    (made,) = world.get("/v1/me/mentorships", by=mentee).json["items"]
    assert (made["status"], made["ends_on"]) == ("forming", "2027-11-22")
    sign(world, mentee, made["id"])
    (made,) = world.get("/v1/me/mentorships", by=mentor).json["items"]
    assert made["status"] == "active"
    sign(world, mentee, made["id"])  # a changed agreement


@pytest.mark.parametrize("by", ["mentee", "mentor"])
def test_who_ends_it_leaves_time_for_a_closing_conversation_and_the_other_learns_no_reason(
    pair: Pair, by: str
) -> None:
    world, scene = pair.world, pair.scene
    ended = end(pair, getattr(pair, by))
    assert (ended.status, ended.json["status"]) == (200, "closing")
    untold = {"reason": None, "by": None, "role": None, "words": []}
    closes_at = to_text(world.at + CLOSING_TIME)
    for person in (pair.mentee, pair.mentor):
        seen = pair.read(person)
        assert seen["ending"] == {
            "since": to_text(world.at), "closes_at": closes_at, "closed_at": None, **untold,
        }  # fmt: skip
        texts = [world.get(f"/v1/mentorships/{pair.id}", by=person).text]
        texts += [world.get("/v1/me/mentorships", by=person).text]
        texts += [str(one.payload) for one in world.messages() if one.payload.get("recipient") == person]
        assert not any(word in text for text in texts for word in (SECRET, "right_fit"))
    told = pair.read(scene.coordinator)["ending"]
    assert (told["reason"], told["by"], told["role"]) == ("not_the_right_fit", "pair", by)
    assert [(one["text"], one["by"]) for one in told["words"]] == [(SECRET, getattr(pair, by))]
    assert set(letters(pair, Kind.MENTORSHIP_ENDING)) == {pair.mentee, pair.mentor}
    assert scene.free() == {pair.mentor: 1, pair.mentee: 0}, "the places are kept meanwhile"
    assert code(end(pair)) == "mentorship-over"
    (task,) = pair.tasks()
    assert task["reason"] == "ended"


def test_once_the_time_is_over_both_places_are_free_and_the_two_are_not_paired_again(pair: Pair) -> None:
    world, scene = pair.world, pair.scene
    end(pair, reason="moved_on", words="")
    assert pair.tasks() == [], "there is nothing for a coordinator to see to"
    world.at += CLOSING_TIME
    assert pair.shown()[0] == "closed", "whether or not the job has come by"
    assert letters(pair, Kind.MENTORSHIP_ENDING) == {}
    fire(look_at_mentorships)
    assert scene.free() == {pair.mentor: 2, pair.mentee: 1}
    assert standing(pair) == "ended"
    assert pair.read(pair.mentee)["ending"]["closed_at"] == to_text(world.at)
    told = letters(pair, Kind.MENTORSHIP_CLOSED)
    assert {one.is_matched_anew for one in told.values()} == {True}
    assert set(told) == {pair.mentee, pair.mentor}
    before = State().told()
    fire(look_at_mentorships)
    assert State().told() == before
    assert tables.get(*running_store.look_key(pair.id)) is None

    other = scene.mentor()
    scene.match()
    assert [
        one["mentor"]["person_id"] for one in scene.proposals(pair.mentee) if one["status"] == "open"
    ] == [other]
    assert code(ask(scene, pair.mentee, pair.mentor)) == "already-mentored"


def test_without_a_conversation_it_is_over_at_once(pair: Pair) -> None:
    assert end(pair, conversation=False).json["status"] == "closed"
    assert pair.scene.free() == {pair.mentor: 2, pair.mentee: 1}
    assert pair.world.messages("mentorship-ending") == []
    assert len(pair.world.messages("mentorship-closed")) == 2
    assert code(end(pair, conversation=False)) == "mentorship-over"
    assert pair.scene.free() == {pair.mentor: 2, pair.mentee: 1}


def test_who_is_in_the_closing_time_may_close_it_at_once(pair: Pair) -> None:
    end(pair, reason="no_time")
    pair.world.pass_time(days=1)
    again = end(pair, pair.mentor, conversation=False, words="I would rather go now.")
    assert again.json["status"] == "closed"
    told = pair.read(pair.scene.coordinator)["ending"]
    assert [one["text"] for one in told["words"]] == [SECRET, "I would rather go now."]
    assert (told["reason"], told["role"]) == ("not_the_right_fit", "mentor")
    assert pair.scene.free() == {pair.mentor: 2, pair.mentee: 1}
    assert letters(pair, Kind.MENTORSHIP_CLOSED).keys() == {pair.mentee, pair.mentor}


def test_a_lost_answer_is_given_again_and_nothing_is_given_back_twice(pair: Pair) -> None:
    headers = {"Idempotency-Key": "k1"}
    body = {"reason": "no_time", "conversation": False}
    path = f"/v1/mentorships/{pair.id}/end"
    first = pair.world.post(path, body, by=pair.mentee, headers=headers)
    again = pair.world.post(path, body, by=pair.mentee, headers=headers)
    assert (first.status, again.text) == (200, first.text)
    assert pair.scene.free() == {pair.mentor: 2, pair.mentee: 1}


def test_who_ends_it_after_a_grace_that_no_job_has_seen_finds_it_paused(pair: Pair) -> None:
    pair.expire()
    pair.world.pass_time(days=40)
    headers = {"Idempotency-Key": "k1"}
    body = {"reason": "no_time"}
    ended = pair.world.post(f"/v1/mentorships/{pair.id}/end", body, by=pair.mentee, headers=headers)
    assert (ended.status, ended.json["status"]) == (200, "closed"), (
        "there is no conversation with a mentor who is none"
    )
    assert len(pair.world.messages("mentorship-paused")) == 2, "what was due came first"
    assert [one["ended"] for one in pair.tasks("done")] == ["closed"]
    assert pair.tasks() == []


def test_two_who_end_it_at_the_same_moment_end_it_once(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    commit, left = ending.commit, [1]

    def late(*given: Any) -> Any:
        if left:
            left.pop()
            ending.end(pair.world.call(pair.mentor), pair.id, PairReason.NO_TIME, conversation=False)
        return commit(*given)

    monkeypatch.setattr(ending, "commit", late)
    assert code(end(pair, conversation=False)) == "mentorship-over"
    assert pair.scene.free() == {pair.mentor: 2, pair.mentee: 1}
    assert pair.read(pair.scene.coordinator)["ending"]["role"] == "mentor"


def test_who_would_rather_wait_is_not_matched_until_they_say_so(pair: Pair) -> None:
    world, scene = pair.world, pair.scene
    assert code(do(pair, "rematch", {"wanted": False})) == "still-under-way"
    end(pair, conversation=False)
    assert do(pair, "rematch", {"wanted": False}).status == 200
    assert scene.enrolment(pair.mentee, Side.MENTEE).status is EnrolmentStatus.PAUSED
    assert not letters(pair, Kind.MENTORSHIP_CLOSED)[pair.mentee].is_matched_anew
    scene.mentor()
    scene.match()
    assert [one["status"] for one in scene.proposals(pair.mentee)] == ["agreed"]
    assert do(pair, "rematch", {"wanted": True}).status == 200
    world.pass_time(seconds=1)
    scene.match()
    assert scene.proposals(pair.mentee)[0]["status"] == "open"
    assert pair.tasks()[0]["reason"] == "ended", "a match comes by itself"
    scene_path = scene.path(f"enrolments/{pair.mentor}")
    assert world.delete(scene_path, by=pair.mentor, query={"role": "mentor"}).status == 204
    assert code(do(pair, "rematch", {"wanted": True}, pair.mentor)) == "not-enrolled"


def test_where_only_a_coordinator_starts_a_match_a_wish_for_one_is_a_task(world: World) -> None:
    scene = make_scene(world, cadence="manual")
    pair = paired(scene)
    end(pair, reason="goals_reached", words="")
    for _ in range(2):
        assert do(pair, "rematch", {"wanted": True}).status == 200
    (task,) = pair.tasks()
    assert (task["reason"], task["due_at"]) == ("rematch_wanted", to_text(world.at + timedelta(days=7)))
    path = scene.path(f"tasks/{task['id']}/done")
    done = world.post(path, by=scene.coordinator)
    assert (done.status, done.json["ended"], done.json["mentee"]["name"]) == (200, "seen_to", "Amina Otieno")
    assert code(world.post(path, by=scene.coordinator)) == "task-is-done"
    assert (pair.tasks(), len(pair.tasks("done"))) == ([], 1)
    assert world.post(scene.path(f"tasks/{pair.id}/done"), by=scene.coordinator).status == 404


def test_a_task_that_follows_from_the_mentorship_is_not_done_by_hand(pair: Pair) -> None:
    assert revoke(pair.world, pair.credential, pair.reviewer).status == 200
    pair.world.follow_up()
    (task,) = pair.tasks()
    path = pair.scene.path(f"tasks/{task['id']}/done")
    assert code(pair.world.post(path, by=pair.scene.coordinator)) == "task-follows"
    member = f"/v1/organisations/{pair.scene.organisation}/members/{pair.mentor}"
    assert pair.world.put(member, {"roles": ["coordinator"]}, by=pair.scene.coordinator).status == 200
    assert pair.world.post(path, by=pair.mentor).status == 404, "there is none that they may know of"


def test_more_time_is_asked_agreed_and_told(pair: Pair) -> None:
    later = {"ends_on": "2028-05-21"}
    assert do(pair, "extension", later).json["extension"]["asked_by"] == "mentee"
    assert do(pair, "extension", later).status == 200
    assert set(letters(pair, Kind.EXTENSION_ASKED)) == {pair.mentor}
    assert str(letters(pair, Kind.EXTENSION_ASKED)[pair.mentor].asked_for) == "2028-05-21"
    assert do(pair, "extension/decline", by=pair.mentor).json["extension"] is None
    assert letters(pair, Kind.EXTENSION_ASKED) == {}
    assert code(do(pair, "extension/decline", by=pair.mentor)) == "no-extension-asked"
    pair.world.pass_time(days=1)
    do(pair, "extension", later)
    agreed = do(pair, "extension", later, pair.mentor).json
    assert (agreed["ends_on"], agreed["extension"]) == ("2028-05-21", None)
    assert do(pair, "extension", later, pair.mentor).json["ends_on"] == "2028-05-21", "again, nothing"
    assert set(letters(pair, Kind.MENTORSHIP_EXTENDED)) == {pair.mentee, pair.mentor}
    assert do(pair, "extension", {"ends_on": "2028-05-20"}).status == 422
    assert do(pair, "extension", later, pair.scene.mentee()).status == 404


def test_both_are_reminded_four_weeks_before_and_it_closes_by_the_daily_look(pair: Pair) -> None:
    world = pair.world
    pair.verify_again("2029-06-30")
    world.follow_up()
    do(pair, "extension", {"ends_on": "2028-01-31"})
    do(pair, "extension", {"ends_on": "2028-01-31"}, pair.mentor)
    world.at = world.at.replace(year=2027, month=10, day=26, hour=0)
    assert letters(pair, Kind.MENTORSHIP_ENDS_SOON) == {}, "of the first last day nothing is told"
    world.at = world.at.replace(year=2028, month=1, day=4)
    (first, second) = [one for one in world.messages("mentorship-ends-soon") if one.due_at <= world.at][-2:]
    assert (first.due_at, second.due_at) == (world.at, world.at)
    told = letters(pair, Kind.MENTORSHIP_ENDS_SOON)
    assert {str(one.ends_on) for one in told.values()} == {"2028-01-31"}
    world.at = world.at.replace(month=1, day=31, hour=23, minute=59)
    fire(look_at_mentorships)
    assert pair.shown()[0] == "active"
    world.at = world.at.replace(month=2, day=1, hour=5)
    fire(look_at_mentorships)
    assert pair.shown()[0] == "closing"
    assert pair.read(pair.scene.coordinator)["ending"]["reason"] == "term_over"
    assert pair.tasks() == []
    assert len(letters(pair, Kind.MENTORSHIP_ENDING)) == 2
    world.pass_time(days=14)
    fire(look_at_mentorships)
    assert pair.scene.free() == {pair.mentor: 2, pair.mentee: 1}


def test_the_programme_says_how_long_a_mentorship_lasts(world: World) -> None:
    scene = make_scene(world, mentorship_months=3)
    pair = paired(scene)
    assert pair.read(pair.mentee)["ends_on"] == "2027-02-22"
    scene.change_programme(mentorship_months=24)
    assert pair.read(pair.mentee)["ends_on"] == "2027-02-22", "what began before keeps its last day"


def test_one_from_before_there_were_last_days_stays_as_it_is(pair: Pair) -> None:
    copies = [(f"PERSON#{one}", f"MENTORSHIP#{pair.id}") for one in (pair.mentee, pair.mentor)]
    for pk, sk in [(f"MENTORSHIP#{pair.id}", "MENTORSHIP"), *copies]:
        row = tables.get(running_store.MentorshipRow, pk, sk)
        assert row is not None
        row.is_formed = row.ends_on = None
        pair.world.write(tables.put(row))
    seen = pair.read(pair.mentee)
    assert (seen["status"], seen["ends_on"]) == ("active", None)
    assert code(do(pair, "extension", {"ends_on": "2027-12-31"})) == "no-end"
    pair.verify_again("2029-06-30")
    pair.world.at += timedelta(days=900)
    fire(look_at_mentorships)
    assert pair.shown()[0] == "active"


def test_a_revoked_mentor_s_closing_mentorship_is_closed_at_once(pair: Pair) -> None:
    end(pair, reason="no_time", words="")
    assert revoke(pair.world, pair.credential, pair.reviewer).status == 200
    pair.world.follow_up()
    assert pair.shown()[0] == "closed"
    assert pair.scene.free() == {pair.mentor: 2, pair.mentee: 1}
    assert pair.tasks() == []


def test_the_look_that_closes_killed_at_any_write_ends_the_same(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair, other = paired(scene), paired(scene, "Wanjiru Njeri")
    for one in (pair, other):
        end(one)
    scene.world.at += CLOSING_TIME
    start = State()
    fire(look_at_mentorships)
    whole = State().told()
    assert scene.free() == {pair.mentor: 2, pair.mentee: 1, other.mentor: 2, other.mentee: 1}
    for point in crash_points(monkeypatch, lambda: fire(look_at_mentorships), start):
        fire(look_at_mentorships)
        assert State().told() == whole, point
