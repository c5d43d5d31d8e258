"""The daily look: a draft where there is none, who has not signed is reminded, then it is a coordinator's task."""

from datetime import datetime, timedelta

import pytest

from chalicelib.kernel.clock import to_text
from chalicelib.mentorships import running_store
from chalicelib.mentorships.agreements import due_store, looking, store
from chalicelib.mentorships.jobs import look_at_mentorships
from chalicelib.platform import tables
from tests.mentorships.agreements.test_agreements import pause
from tests.mentorships.agreements.two import Two, two_of
from tests.mentorships.pairs import between
from tests.mentorships.scene import Scene, fire
from tests.mentorships.state import State, crash_points

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def look_after(two: Two, time: timedelta) -> None:
    """Have the look come by so long after the mentorship's start."""
    two.world.at = started(two) + time
    fire(look_at_mentorships)


def started(two: Two) -> datetime:
    reply = two.world.get(f"/v1/mentorships/{two.id}", by=two.mentee)
    return datetime.fromisoformat(reply.json["started_at"])


def is_listed(two: Two) -> bool:
    return two.id in set(due_store.due(two.world.at + 365 * DAY))


def test_the_first_night_drafts_what_nobody_has_looked_at(two: Two) -> None:
    assert store.get_agreement(two.id) is None
    look_after(two, timedelta(hours=20))
    drafted = two.stored()
    assert (drafted.wording.number, drafted.wording.written_by, drafted.version) == (1, None, 1)
    assert drafted.unsigned_since == started(two)
    before = State().told()
    fire(look_at_mentorships)
    assert State().told() == before
    assert two.mails("unsigned") == []


def test_who_has_not_signed_after_three_days_is_reminded_once(two: Two) -> None:
    two.read()
    two.sign(two.mentee, 1)
    look_after(two, 3 * DAY - SECOND)
    assert two.mails("unsigned") == []
    look_after(two, 3 * DAY)
    assert [one.payload["recipient"] for one in two.mails("unsigned")] == [two.mentor]
    before = State().told()
    fire(look_at_mentorships)
    look_after(two, 14 * DAY - SECOND)
    assert State().told() == before
    assert two.tasks() == []


def test_both_are_reminded_where_neither_has_signed(two: Two) -> None:
    look_after(two, 3 * DAY)
    assert two.told("unsigned") == two.both
    assert len(two.mails("unsigned")) == 2


def test_after_two_weeks_it_is_a_coordinator_s_task_until_both_have_signed(two: Two) -> None:
    two.read()
    two.sign(two.mentee, 1)
    look_after(two, 3 * DAY)
    look_after(two, 14 * DAY)
    (task,) = two.tasks()
    due = to_text(started(two) + 14 * DAY)
    assert (task["reason"], task["mentorship_id"], task["raised_at"], task["due_at"]) == (
        "agreement_unsigned", two.id, due, due,
    )  # fmt: skip
    assert not is_listed(two)
    before = State().told()
    look_after(two, 40 * DAY)
    assert State().told() == before
    # A change meanwhile is another version of the same matter.
    two.change(two.mentor, 1)
    look_after(two, 60 * DAY)
    assert len(two.tasks()) == 1
    assert len(two.mails("unsigned")) == 1
    two.sign(two.mentor, 2)
    assert two.tasks("done") == []
    two.sign(two.mentee, 2)
    assert two.tasks() == []
    (done,) = two.tasks("done")
    assert (done["id"], done["status"], done["ended"], done["done_at"]) == (
        task["id"], "done", "signed", to_text(two.world.at),
    )  # fmt: skip


def test_what_missed_nights_left_is_caught_up_at_once(two: Two) -> None:
    look_after(two, 20 * DAY)
    assert two.told("unsigned") == two.both
    (task,) = two.tasks()
    assert task["raised_at"] == to_text(started(two) + 14 * DAY), "as if the night had not been missed"
    assert two.stored().version == 2, "the draft, and both together"


def test_what_both_have_signed_is_not_looked_at(two: Two) -> None:
    two.read()
    two.sign(two.mentee, 1)
    assert is_listed(two)
    two.sign(two.mentor, 1)
    assert not is_listed(two)
    before = State().told()
    look_after(two, 20 * DAY)
    assert two.mails("unsigned") == []
    assert two.tasks() == []
    assert State().told().keys() == before.keys()


def test_a_change_of_what_both_had_signed_starts_the_clock_anew(two: Two) -> None:
    look_after(two, 14 * DAY)
    two.sign(two.mentee, 1)
    two.sign(two.mentor, 1)
    assert len(two.tasks("done")) == 1
    two.world.at = started(two) + 100 * DAY
    two.change(two.mentee, 1)
    two.sign(two.mentee, 2)
    look_after(two, 103 * DAY - SECOND)
    assert len(two.mails("unsigned")) == 2, "those of the first time"
    look_after(two, 103 * DAY)
    assert [one.payload["recipient"] for one in two.mails("unsigned")][2:] == [two.mentor]
    assert two.tasks() == []
    look_after(two, 114 * DAY)
    assert len(two.tasks()) == 1
    two.sign(two.mentor, 2)
    assert two.tasks() == []
    assert len(two.tasks("done")) == 2


def test_of_a_paused_mentorship_nothing_is_asked_until_it_goes_on(two: Two) -> None:
    two.read()
    pause(two)
    look_after(two, 20 * DAY)
    assert two.mails("unsigned") == []
    assert [one["reason"] for one in two.tasks()] == ["verification_refused"]
    assert is_listed(two)


def test_a_signature_at_the_moment_of_the_look_is_seen(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    two.read()
    two.world.at = started(two) + 14 * DAY
    two.sign(two.mentee, 1)
    between(monkeypatch, lambda: two.sign_beside(two.mentor, 1), looking)
    fire(look_at_mentorships)
    assert two.mails("unsigned") == []
    assert two.tasks() == []
    assert two.stored().in_force == 1


def test_a_task_raised_at_the_moment_of_the_last_signature_is_done(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.mentorships.agreements import service

    two.read()
    two.sign(two.mentee, 1)
    two.world.at = started(two) + 14 * DAY
    between(monkeypatch, lambda: looking.look(two.world.call("job:look"), two.id), service)
    assert two.sign(two.mentor, 1).json["in_force"] == 1
    assert two.tasks() == []
    assert [one["ended"] for one in two.tasks("done")] == ["signed"]


@pytest.mark.parametrize("days", [1, 20])
def test_a_look_that_is_killed_at_any_write_ends_the_same(
    two: Two, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    two.world.at = started(two) + days * DAY
    other = two_of(two.scene)
    start = State()
    fire(look_at_mentorships)
    whole = State().told()
    assert len(two.mails("unsigned")) == (2 if days == 20 else 0)
    for point in crash_points(monkeypatch, lambda: fire(look_at_mentorships), start):
        fire(look_at_mentorships)
        assert State().told() == whole, point
    assert other.stored().unsigned_since == two.world.at


def test_one_that_fails_does_not_hold_up_the_others(scene: Scene) -> None:
    one, other = two_of(scene), two_of(scene)
    row_class, pk, sk = running_store.mentorship_key(one.id)
    scene.world.write(tables.delete_entry(row_class, pk, sk))
    assert looking.look_at_unsigned(scene.world.at + DAY) == 1
    assert store.get_agreement(other.id) is not None


def test_the_look_reads_what_is_due_and_no_more(scene: Scene) -> None:
    pairs = [two_of(scene) for _ in range(3)]
    for one in pairs:
        one.read()
        one.sign(one.mentee, 1)
    pairs[0].sign(pairs[0].mentor, 1)
    at = scene.world.at
    with scene.world.counted() as calls:
        looking.look_at_unsigned(at + DAY)
    assert list(calls) == ["Query"] * tables.DUE_SHARDS
    with scene.world.counted() as calls:
        looking.look_at_unsigned(at + 3 * DAY)
    assert sorted(calls) == sorted(["Query"] * tables.DUE_SHARDS + 2 * ["BatchGetItem", "TransactWriteItems"])
