"""People are told before a credential expires, and when it has: each notice once, whatever nights are missed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.credentials import expiring, history, notice_store, store
from chalicelib.credentials.claims import Claim
from chalicelib.credentials.days import end_of
from chalicelib.credentials.decisions import Decision
from chalicelib.credentials.expiring import tell_expiring
from chalicelib.credentials.kinds import Kind
from chalicelib.credentials.model import Credential, Status
from chalicelib.credentials.notices import DAYS_BEFORE, days_left, due_of, last_due
from chalicelib.kernel.clock import to_text
from chalicelib.platform import tables
from tests.credentials.support import revoke, submitted, verify
from tests.support.world import World

LAST = date(2027, 6, 30)
ENDS = end_of(LAST, "KE")
CLAIM = Claim(Kind.LICENCE, "Council", "A 1", "Amina Otieno", "KE", date(2020, 3, 1), expires_on=LAST)


def told(world: World, credential: str | None = None) -> list[int]:
    """Return the notices that were written, by their days."""
    mails = [*world.messages("credential-expiring"), *world.messages("credential-expired")]
    found = [one for one in mails if credential in (None, one.payload["credential_id"])]
    return sorted((int(one.id.rpartition(":")[2]) for one in found), reverse=True)


def verified(world: World, person: str, last: date = LAST, **changes: Any) -> Credential:
    """Set down a verified credential."""
    decision = Decision("R", world.at, last, end_of(last, "KE"), checklist={})
    credential = Credential(
        world.call(person).new_id(), person, "Amina Otieno", "2212", "O", replace(CLAIM, expires_on=last, **changes),
        world.at, Status.VERIFIED, decision=decision,
    )  # fmt: skip
    file = store.get_file(person).after(credential, organisation="Alliance")
    world.write(*history.put_history(file, [credential], world.at))
    return credential


def night(world: World, at: datetime) -> int:
    world.at = at
    return tell_expiring(at)


def test_each_notice_is_sent_on_its_night_and_once(world: World) -> None:
    credential = verified(world, world.person())
    sent: list[tuple[int, int]] = []
    at = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
    while at < ENDS + timedelta(days=3):
        if night(world, at):
            assert tell_expiring(at) == 0, "a turn that comes twice tells nothing"
            sent.append((told(world)[-1], days_left(ENDS, at)))
        at += timedelta(days=1)
    assert sent == [(90, 90), (60, 60), (30, 30), (7, 7), (0, 0)]
    assert told(world) == [90, 60, 30, 7, 0]
    (mail,) = world.messages("credential-expired")
    assert set(mail.payload) == {"recipient", "credential_id", "ends_at"}
    assert tables.get(*notice_store.notice_key(credential.id)) is None, "nothing is left to tell"


def test_any_nights_may_be_missed(world: World) -> None:
    hours = st.sets(st.integers(0, 24 * 130), max_size=12)

    @settings(
        max_examples=12, deadline=None, derandomize=True, database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip
    @given(nights=hours)
    def live(nights: set[int]) -> None:
        world.at = ENDS - timedelta(days=120)
        credential = verified(world, world.person())
        expected: list[int] = []
        for hour in sorted(nights):
            at = ENDS - timedelta(days=120) + timedelta(hours=hour)
            night(world, at)
            due = last_due(ENDS, at)
            if due is not None and due not in expected:
                expected.append(due)
            assert told(world, credential.id) == expected, "each once, and of those that came due the last"

    live()


def test_what_came_due_before_the_decision_is_not_told(world: World) -> None:
    world.at = due_of(ENDS, 60) + timedelta(days=5)
    verified(world, world.person())
    assert night(world, world.at + timedelta(days=1)) == 0
    assert night(world, due_of(ENDS, 30)) == 1
    assert told(world) == [30]


def test_who_has_the_next_document_hears_nothing_of_the_last(world: World) -> None:
    person, other = world.person(), world.person()
    old, alone = verified(world, person), verified(world, other)
    verified(world, person, date(2029, 6, 30), number="A 2", authority=" COUNCIL")
    verified(world, other, date(2029, 6, 30), kind=Kind.REGISTRATION)
    verified(world, other, date(2029, 6, 30), authority="Another")
    verified(world, other, LAST - timedelta(days=1))
    for days in DAYS_BEFORE:
        night(world, due_of(ENDS, days))
    assert told(world, old.id) == []
    assert told(world, alone.id) == [90, 60, 30, 7, 0]
    assert world.messages("standing-lost") == [], "another counts"


def test_whom_nothing_verifies_any_more_is_news(world: World) -> None:
    person = world.person()
    verified(world, person)
    night(world, ENDS - timedelta(seconds=1))
    assert world.messages("standing-lost") == []
    night(world, ENDS)
    (news,) = world.messages("standing-lost")
    assert news.payload == {"person_id": person, "by": "expired", "at": to_text(ENDS), "kind": "licence"}


def test_notices_follow_the_decision(world: World) -> None:
    reviewer, person = world.reviewer(world.organisation()), world.person()
    credential = submitted(world, person, expires_on=LAST.isoformat())
    assert tables.get(*notice_store.notice_key(credential)) is None
    assert verify(world, credential, reviewer).status == 200
    row = tables.get(*notice_store.notice_key(credential))
    assert row is not None
    notice = notice_store.notice_of(row)
    assert (notice.ends_at, notice.due_at) == (ENDS, due_of(ENDS, 90))
    night(world, due_of(ENDS, 90))
    assert told(world) == [90]
    assert revoke(world, credential, reviewer).status == 200
    assert tables.get(*notice_store.notice_key(credential)) is None
    assert night(world, ENDS) == 0
    assert told(world) == [90]


def test_a_revocation_between_reading_and_telling_wins(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reviewer, person = world.reviewer(world.organisation()), world.person()
    credential = submitted(world, person, expires_on=LAST.isoformat())
    assert verify(world, credential, reviewer).status == 200
    world.at = due_of(ENDS, 90)
    mail = expiring._mail

    def late(*given: Any) -> tables.Write:
        assert revoke(world, credential, reviewer).status == 200
        return mail(*given)

    monkeypatch.setattr(expiring, "_mail", late)
    assert tell_expiring(world.at) == 0
    assert told(world) == []


def test_a_night_cut_off_before_its_write_is_done_by_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        verified(world, world.person())
    commit, left = expiring.commit, [1]

    def dies(*given: Any) -> None:
        if not left:
            raise SystemExit
        left.pop()
        commit(*given)

    monkeypatch.setattr(expiring, "commit", dies)
    with pytest.raises(SystemExit):
        night(world, due_of(ENDS, 90))
    assert told(world) == [90]
    monkeypatch.setattr(expiring, "commit", commit)
    assert tell_expiring(world.at) == 2
    assert told(world) == [90, 90, 90]
