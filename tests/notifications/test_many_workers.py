"""Eight workers with the same messages at once, one of them killed in the middle: no mail twice, none lost unseen."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.kernel.errors import Unavailable
from chalicelib.notifications import service, store
from chalicelib.platform import outbox, together
from chalicelib.platform.outbox import Status
from chalicelib.platform.settings import settings
from tests.notifications.post import Killed, Knife, PostOffice

WORKERS = 8
MAILS = 24
SECONDS = 60  # to wait for one another at most: a deadlock is to fail

_here = threading.local()


class Crew(ThreadPoolExecutor):
    """A worker's threads, which know whose they are."""

    def __init__(self, threads: int) -> None:
        worker = getattr(_here, "worker", None)
        super().__init__(threads, initializer=lambda: setattr(_here, "worker", worker))


class KnifeForOne(Knife):
    """Kills the first worker, all its threads at once, at its third step of a name. The others wait with what they
    change until then, having read the same."""

    def __init__(self, name: str) -> None:
        super().__init__(drawn=True)
        self._name, self._gone = name, threading.Event()

    def around(self, name: str, act: Any) -> Any:
        if getattr(_here, "worker", None) != 0:
            assert self._gone.wait(SECONDS)
        return super().around(name, act)

    def _step(self, name: str) -> None:
        if getattr(_here, "worker", None) != 0:
            return
        if self.is_dead:
            raise Killed(name)
        self.steps.append(name)
        if self.steps.count(self._name) == 3:
            self.is_dead = True
            self._gone.set()
            raise Killed(name)


@pytest.mark.parametrize("name", ["before mail", "after mail", "after write"])
def test_eight_workers_and_one_killed(office: PostOffice, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    person = office.world.person()
    messages = [
        office.put(f"account-exists:{n}", "account-exists", {"recipient": person}) for n in range(MAILS)
    ]
    meet, plain = threading.Barrier(WORKERS, timeout=SECONDS), outbox.read_many

    def read_many(ids: Any) -> Any:
        found = plain(ids)
        meet.wait()
        return found

    def work(number: int) -> dict[str, Any] | None:
        _here.worker = number
        try:
            return service.deliver_all(messages, office.world.at)
        except Killed:
            return None
        finally:
            _here.worker = None

    monkeypatch.setattr(together, "ThreadPoolExecutor", Crew)
    monkeypatch.setattr(outbox, "read_many", read_many)
    office.knife = KnifeForOne(name)
    with ThreadPoolExecutor(WORKERS) as workers:
        found = list(workers.map(work, range(WORKERS)))
    office.knife = Knife()
    monkeypatch.setattr(outbox, "read_many", plain)
    assert found[0] is None, "the first was not killed"
    assert not [one for each in found[1:] if each for one in each.values() if isinstance(one, Exception)]

    times = {message: office.times_sent(message) for message in messages}
    assert max(times.values()) == 1
    claimed = {one for one in messages if office.state(one).status is Status.CLAIMED}
    assert len(claimed) <= service.SENDERS + service.ENDS
    in_doubt = {one for one in claimed if times[one] == 0}
    assert {one for one, count in times.items() if count == 0} == in_doubt, "what nobody claimed was not sent"

    office.live(hours=1, minutes=10)
    listed = office.world.get("/v1/admin/mails-in-doubt", by=office.world.admin()).json["items"]
    assert {one["message"] for one in listed} == in_doubt
    assert {message: office.times_sent(message) for message in messages} == times
    for message in messages:
        result = store.get_result(message)
        assert (result is None) == (message in in_doubt)
        assert office.state(message).status is (Status.IN_DOUBT if message in in_doubt else Status.DONE)


def test_who_is_out_of_time_claims_nothing_more(office: PostOffice) -> None:
    messages = [office.account_mail(office.world.person()) for _ in range(3)]
    clock = iter([0.0, *[service.LAST_CLAIM + 1] * 3])
    found = service.deliver_all(messages, office.world.at, seconds=lambda: next(clock))
    assert set(found.values()) == {None}
    assert {office.state(one).status for one in messages} == {Status.WAITING}
    office.live(minutes=5)
    assert [office.times_sent(one) for one in messages] == [1] * 3


def test_a_lapsed_claim_among_those_that_end_together_keeps_no_other_from_its_end(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider answered so late that the hour was over and the mail was listed."""
    messages = [office.account_mail(office.world.person()) for _ in range(3)]
    late = office.state(messages[1])
    plain = outbox.claim

    def claim(message: Any, *, now: Any) -> Any:
        claimed = plain(message, now=now)
        if message.id == late.id:
            office.world.write(outbox.set_aside(claimed, now=now))
        return claimed

    monkeypatch.setattr(outbox, "claim", claim)
    found = service.deliver_all(messages, office.world.at)
    assert found == {messages[0]: "sent", messages[1]: None, messages[2]: "sent"}
    assert [office.times_sent(one) for one in messages] == [1] * 3
    assert office.state(late.id).status is Status.IN_DOUBT


def test_a_lot_that_fails_leaves_what_has_left_marked(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = office.world.person()
    messages = [
        office.put(f"account-exists:{n}", "account-exists", {"recipient": person})
        for n in range(service.LOT + 2)
    ]

    def take_turns(_name: str, _rate: int, wanted: int) -> tuple[float, ...]:
        if wanted < service.LOT:
            raise Unavailable("The store is busy.")
        return (0.0,) * wanted

    monkeypatch.setattr(service, "settings", lambda: replace(settings(), mail_rate=5))
    monkeypatch.setattr(service.pace, "take_turns", take_turns)
    with pytest.raises(Unavailable):
        service.deliver_all(messages, office.world.at)
    found = Counter(office.state(one).status for one in messages)
    assert found == {Status.DONE: service.LOT, Status.WAITING: 2}
