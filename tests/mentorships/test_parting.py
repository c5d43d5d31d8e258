"""A block: nothing new comes to be between the two from its instant on, and what there is is parted, without a word of
who blocked whom."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.kernel.clock import from_text
from chalicelib.kernel.errors import DomainError
from chalicelib.mentorships import answering, asking, publishing, running_store
from chalicelib.mentorships import service as mentorships
from chalicelib.mentorships.errors import PartnerNotAvailable
from chalicelib.mentorships.running import EndReason, HoldReason, MentorshipStatus
from chalicelib.mentorships.sessions import booking
from chalicelib.mentorships.sessions import store as sessions_store
from chalicelib.mentorships.sessions.model import SessionStatus
from chalicelib.notifications import service as notifications
from chalicelib.people import service as people
from chalicelib.people.model import Parting
from chalicelib.platform import tables
from tests.mentorships.pairs import between, code, paired
from tests.mentorships.scene import Scene
from tests.mentorships.sessions.meeting import MONDAY, Meeting, a_meeting
from tests.mentorships.test_routes import answer
from tests.support.world import World


@pytest.fixture
def meeting(scene: Scene) -> Meeting:
    return a_meeting(scene)


def block(world: World, by: str, other: str, **query: str) -> None:
    assert world.put(f"/v1/me/blocks/{other}", by=by, query=query).status == 204


def blocking(world: World, by: str, other: str) -> Callable[[], None]:
    return lambda: people.block(world.call(by), other)


def mails(world: World, *kinds: str) -> list[tuple[str, str]]:
    return [(one.kind, one.payload["recipient"]) for one in world.messages() if one.kind in kinds]


# What there is between the two.


@pytest.mark.parametrize("blocker", ["mentee", "mentor"])
def test_an_open_proposal_is_closed_as_if_the_one_had_left(proposed: Scene, blocker: str) -> None:
    world, (mentee,), (mentor,) = proposed.world, proposed.mentees, proposed.mentors
    by, other = (mentee, mentor) if blocker == "mentee" else (mentor, mentee)
    block(world, by, other)
    assert world.follow_up() == ["pair-blocked"]
    (one,) = proposed.proposals(other)
    assert one["status"] == "withdrawn"
    assert set(proposed.free().values()) == {1, 2}, "both places are given back"
    assert mails(world, "proposal-declined") == [("proposal-declined", other)]
    people.block(world.call(by), other)
    assert world.follow_up() == ["pair-blocked"]
    assert len(mails(world, "proposal-declined")) == 1, "again, it does nothing"
    proposed.match()
    assert len(proposed.proposals(mentee)) == 1, "no later run proposes the two"
    assert world.delete(f"/v1/me/blocks/{other}", by=by).status == 204
    proposed.match()
    assert len(proposed.proposals(mentee)) == 2, "once it is taken back, they may be"


@pytest.mark.parametrize("then", list(Parting))
def test_a_mentorship_is_paused_or_ended_and_both_read_the_same(scene: Scene, then: Parting) -> None:
    made = paired(scene)
    world = made.world
    block(world, made.mentee, made.mentor, mentorships=then.value)
    world.follow_up()
    found = running_store.get_mentorship(made.mentor, made.id)
    assert found is not None
    if then is Parting.PAUSE:
        assert found.status is MentorshipStatus.PAUSED
        assert found.hold is not None
        assert found.hold.reason is HoldReason.OTHER
        assert set(made.mails("mentorship-held")) == made.both("mentorship-held")
    else:
        assert found.status is MentorshipStatus.CLOSED
        assert found.ending is not None
        assert found.ending.reason is EndReason.OTHER
        assert set(made.mails("mentorship-closed")) == made.both("mentorship-closed")
    told = [{**made.read(one), "role": None} for one in (made.mentee, made.mentor)]
    assert told[0] == told[1], "the one reads what the other reads"
    assert made.tasks() == []
    world.put(f"/v1/me/blocks/{made.mentor}", by=made.mentee, query={"mentorships": then.value})
    world.follow_up()
    again = running_store.get_mentorship(made.mentor, made.id)
    assert again is not None
    assert again.version == found.version, "again, it does nothing"


def test_a_paused_one_is_ended_where_the_blocker_changes_their_mind(scene: Scene) -> None:
    made = paired(scene)
    block(made.world, made.mentor, made.mentee)
    made.world.follow_up()
    block(made.world, made.mentor, made.mentee, mentorships="end")
    made.world.follow_up()
    assert made.read(made.mentee)["status"] == "closed"


def test_one_that_is_closing_has_no_closing_conversation_any_more(scene: Scene) -> None:
    made = paired(scene)
    ended = made.world.post(f"/v1/mentorships/{made.id}/end", {"reason": "no_time"}, by=made.mentor)
    assert ended.json["status"] == "closing", ended.text
    block(made.world, made.mentee, made.mentor)
    made.world.follow_up()
    seen = made.read(scene.coordinator)
    assert (seen["status"], seen["ending"]["reason"]) == ("closed", "no_time")


def test_a_coordinator_has_it_go_on_only_once_the_block_is_taken_back(scene: Scene) -> None:
    made = paired(scene)
    block(made.world, made.mentee, made.mentor)
    made.world.follow_up()
    assert code(made.resume()) == "partner-not-available"
    assert made.world.delete(f"/v1/me/blocks/{made.mentor}", by=made.mentee).status == 204
    assert made.read(made.mentee)["status"] == "paused", "not by itself"
    assert made.resume().json["status"] == "active"


def test_a_coordinators_pause_calls_off_what_a_block_would(meeting: Meeting) -> None:
    """So nobody tells a block by what is called off."""
    session = meeting.booked(MONDAY)
    path = f"/v1/mentorships/{meeting.id}/pause"
    assert meeting.world.post(path, {"reason": "other"}, by=meeting.scene.coordinator).status == 200
    assert meeting.world.follow_up() == ["mentorship-put-off"]
    gone = meeting.read(session)
    assert (gone["status"], gone["cancelled"]["by"], gone["place"]) == ("cancelled", None, None)
    assert meeting.book(MONDAY).status == 409


def test_what_a_blocked_one_writes_in_sessions_does_not_reach_the_blocker(meeting: Meeting) -> None:
    world, past = meeting.world, meeting.booked(MONDAY)
    meeting.until("2027-03-08T15:00:00+00:00")
    items = {"items": [{"text": "The audit"}]}
    world.put(meeting.path("agenda"), items, by=meeting.mentor, headers={"If-Match": '"0"'})
    block(world, meeting.mentee, meeting.mentor)
    world.follow_up()
    notes, actions = (meeting.path(f"sessions/{past}/{one}") for one in ("notes", "actions"))
    assert world.put(notes, {"text": "Call me", "shared": True}, by=meeting.mentor).status == 200
    etag = world.get(meeting.path(f"sessions/{past}"), by=meeting.mentor).etag
    todo = {"items": [{"text": "Call me", "owner": "mentee"}]}
    assert world.put(actions, todo, by=meeting.mentor, headers={"If-Match": etag}).status == 200
    for path in (f"sessions/{past}", "sessions", "agenda"):
        shown = world.get(meeting.path(path), by=meeting.mentee).text
        assert "Call me" not in shown
        assert "The audit" not in shown
    page = world.get(f"/v1/mentorships/{meeting.id}", by=meeting.mentee).text
    assert "Call me" not in page
    assert "The audit" not in page
    assert "Call me" in world.get(meeting.path(f"sessions/{past}"), by=meeting.mentor).text
    own = world.put(notes, {"text": "Mine", "shared": False}, by=meeting.mentee)
    assert own.json["record"]["notes"] == {"mine": None, "theirs": None, "private": "Mine"}
    world.delete(f"/v1/me/blocks/{meeting.mentor}", by=meeting.mentee)
    assert "Call me" in world.get(f"/v1/mentorships/{meeting.id}", by=meeting.mentee).text


def test_in_a_pause_nobody_asks_for_more_time(scene: Scene) -> None:
    made = paired(scene)
    block(made.world, made.mentee, made.mentor)
    made.world.follow_up()
    path = f"/v1/mentorships/{made.id}/extension"
    asked = made.world.post(path, {"ends_on": "2028-01-21"}, by=made.mentor)
    assert (asked.status, code(asked)) == (409, "mentorship-not-under-way")


def test_sessions_ahead_are_called_off_and_no_mail_tells_of_the_other(meeting: Meeting) -> None:
    world = meeting.world
    session = meeting.booked(MONDAY)
    block(world, meeting.mentee, meeting.mentor)
    # Before the news has come by: the reminder of tomorrow's session has its reason, and is not sent.
    world.at = from_text(meeting.read(session)["starts_at"])
    world.pass_time(hours=-23)
    mentorships.remind_of_sessions(world.at)
    assert [outcome for *_, outcome in meeting.deliver()] == ["moot"] * 3  # booked, and two reminders
    world.follow_up()
    (left,) = sessions_store.sessions_of(meeting.id)
    assert left.status is SessionStatus.CANCELLED
    held = world.messages("mentorship-held")
    assert [notifications.deliver(one.id, world.at) for one in held] == ["sent", "sent"], "this is told"


def test_a_block_that_is_taken_back_before_the_news_parts_nothing(scene: Scene) -> None:
    made = paired(scene)
    block(made.world, made.mentee, made.mentor)
    assert made.world.delete(f"/v1/me/blocks/{made.mentor}", by=made.mentee).status == 204
    made.world.follow_up()
    assert made.read(made.mentee)["status"] == "active"


def test_who_blocks_reads_whom_and_nobody_else_does(scene: Scene) -> None:
    world, claire, amina = scene.world, scene.mentor(), scene.mentee()
    assert world.get("/v1/me/blocks", by=amina).json == {"items": []}
    block(world, amina, claire)
    assert world.get("/v1/me/blocks", by=amina).json["items"] == [
        {"person_id": claire, "name": "Claire Tremblay"}
    ]
    assert world.get("/v1/me/blocks", by=claire).json == {"items": []}


# At the very moment.


def test_a_block_while_a_run_publishes_leaves_no_proposal(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    mentor, mentee = scene.mentor(), scene.mentee()
    run_id = scene.start()
    between(monkeypatch, blocking(scene.world, mentor, mentee), publishing)
    scene.deliver(f"match-run:{run_id}:start")
    done = scene.run(run_id)
    assert (done["pairs_published"], done["pairs_skipped"]) == (0, 1)
    assert scene.proposals(mentee) == []


@pytest.mark.parametrize("yes", ["first", "second"])
def test_a_block_while_a_proposal_is_accepted(
    proposed: Scene, monkeypatch: pytest.MonkeyPatch, yes: str
) -> None:
    world, (mentee,), (mentor,) = proposed.world, proposed.mentees, proposed.mentors
    if yes == "second":
        assert answer(proposed, "accept", mentee).status == 200
    between(monkeypatch, blocking(world, mentee, mentor), answering)
    (one,) = proposed.proposals(mentor)
    with pytest.raises(PartnerNotAvailable):
        answering.accept(world.call(mentor), one["id"])
    world.follow_up()
    assert [two["status"] for two in proposed.proposals(mentor)] == ["withdrawn"]
    assert world.get("/v1/me/mentorships", by=mentor).json["items"] == []


def test_a_block_while_a_session_is_booked(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    between(monkeypatch, blocking(meeting.world, meeting.mentor, meeting.mentee), booking)
    wish = booking.Wish(from_text("2027-03-08T13:00:00.000000Z"), 60)
    with pytest.raises(DomainError) as refused:
        booking.book(meeting.world.call(meeting.mentee), meeting.id, wish)
    assert refused.value.code == "cannot-meet"
    assert sessions_store.sessions_of(meeting.id) == ()


def test_a_request_on_one_thread_that_has_read_before_a_block_on_another_and_writes_after_its_news(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """moto is no engine for threads, so each call to it has it to itself, as DynamoDB carries out each operation as
    one."""
    world, mentor, mentee = scene.world, scene.mentor(), scene.mentee()
    alone, plain = threading.Lock(), tables._dispatch
    has_read, is_parted = threading.Event(), threading.Event()
    outcomes: list[str] = []

    def one_at_a_time(operation: str, kwargs: dict[str, Any]) -> dict[str, Any]:
        if operation == "TransactWriteItems" and threading.current_thread() is asking_thread:
            has_read.set()
            assert is_parted.wait(timeout=30)
        with alone:
            return plain(operation, kwargs)

    def ask() -> None:
        try:
            asking.ask(world.call(mentee), scene.programme, mentor, "")
            outcomes.append("asked")
        except DomainError as error:
            outcomes.append(error.code)

    def shut() -> None:
        assert has_read.wait(timeout=30)
        people.block(world.call(mentor), mentee)
        outcomes.extend(world.follow_up())
        is_parted.set()

    asking_thread, other = threading.Thread(target=ask), threading.Thread(target=shut)
    monkeypatch.setattr(tables, "_dispatch", one_at_a_time)
    for one in (asking_thread, other):
        one.start()
    for one in (asking_thread, other):
        one.join()
    assert outcomes == ["pair-blocked", "mentor-not-available"]
    assert scene.proposals(mentee) == []
