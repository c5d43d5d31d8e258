"""No mail twice and none missing unseen, wherever a process dies, whatever the provider answers, however late it is."""

import json
import random
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.notifications import doubts, jobs, model, service, store
from chalicelib.notifications.model import Outcome
from chalicelib.notifications.provider_events import ProviderEvent
from chalicelib.platform import outbox, tables
from chalicelib.platform.outbox import Status, Topic
from tests.notifications.post import Knife, PostOffice

NOW, LATER = "account-exists:now", "account-exists:later"

pytestmark = pytest.mark.usefixtures("no_programme_digests")


def refusal(code: str, status: int = 400, message: str = "") -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}},
        "SendEmail",
    )  # type: ignore[typeddict-item]


def story(office: PostOffice, kill_at: set[int], name: str = "") -> list[str]:
    """Two mails, one due later, with the process killed at the given steps; return the steps that were."""
    payload = {"recipient": office.world.person()}
    now, later = NOW + name, LATER + name
    office.put(now, "account-exists", payload)
    office.put(later, "account-exists", payload, due_at=office.world.at + timedelta(minutes=12))
    office.knife = Knife(kill_at, drawn=True)
    office.live(minutes=15)
    # Long enough for several claims to lapse and be settled, one after the other.
    office.live(timedelta(minutes=62), hours=5)
    office.knife.drawn = False
    decide(office)
    for message in (now, later):
        assert office.times_sent(message) == 1, office.knife.steps
        assert office.is_done(message), office.knife.steps
        assert store.get_result(message) is not None
    return office.knife.steps


def decide(office: PostOffice) -> None:
    """Have an admin send what is listed in doubt: nothing that has left is, since its events have come by then."""
    admin = office.world.admin()
    listed = office.world.get("/v1/admin/mails-in-doubt", by=admin).json["items"]
    for one in listed:
        assert office.times_sent(one["message"]) == 0, office.knife.steps
        assert office.world.post(f"/v1/admin/mails-in-doubt/{one['mail']}/send-again", by=admin).status == 204
    office.live(minutes=10)


def test_a_story_without_a_death_has_the_steps_that_deaths_are_tried_at(office: PostOffice) -> None:
    steps = story(office, set())
    # For each mail: queued, claimed, sent, done, and two events kept.
    assert steps.count("before queue") == 2
    assert steps.count("before mail") == 2
    assert steps.count("before write") == 2 * (1 + 1 + 2)
    assert len(steps) == STEPS


STEPS = 24


@pytest.mark.parametrize("part", range(4))
def test_death_at_any_one_step(office: PostOffice, part: int) -> None:
    for at in range(part, STEPS, 4):
        assert len(story(office, {at}, name=f"-{at}")) > at


@pytest.mark.parametrize("part", range(3))
def test_deaths_at_several_steps_and_events_that_tarry(office: PostOffice, part: int) -> None:
    for seed in range(part, 12, 3):
        chance = random.Random(seed)  # noqa: S311 - the same deaths for the same seed
        office.event_delay = timedelta(seconds=chance.choice([1, 60, 600, 1800]))
        story(office, set(chance.sample(range(STEPS + 10), chance.randint(2, 4))), name=f"-{seed}")


def test_without_the_provider_s_word_a_death_after_sending_would_stay_open(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stories above show something: with the mark ignored they fail."""
    monkeypatch.setattr(store, "was_taken", lambda _id: False)
    after_sending = 5
    with pytest.raises(AssertionError):
        story(office, {after_sending})
    assert office.knife.steps[after_sending] == "after mail"
    assert office.times_sent(NOW) == 1
    assert office.state(NOW).status is Status.CLAIMED


def test_without_settling_a_death_before_sending_would_lose_the_mail(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doubts, "is_settleable", lambda *_: False)
    with pytest.raises(AssertionError):
        story(office, {4})
    assert office.knife.steps[4] == "before mail"
    assert office.times_sent(NOW) == 0


def test_a_claim_in_doubt_is_listed_after_an_hour_and_never_sent_by_itself(office: PostOffice) -> None:
    message = office.account_mail()
    outbox.claim(office.state(message), now=office.world.at)
    office.world.at += timedelta(hours=1) - timedelta(seconds=1)
    assert service.ready(office.world.at) == {}
    assert service.deliver(message, office.world.at) is None
    assert listed(office) == []
    office.world.at += timedelta(seconds=1)
    assert service.ready(office.world.at) == {Topic.MAIL: [message]}
    assert service.deliver(message, office.world.at) is None
    assert [one["message"] for one in listed(office)] == [message]
    office.live(timedelta(hours=12), days=5)
    assert office.times_sent(message) == 0
    assert office.state(message).status is Status.IN_DOUBT


def listed(office: PostOffice) -> list[dict[str, Any]]:
    reply = office.world.get("/v1/admin/mails-in-doubt", by=office.world.admin())
    assert reply.status == 200, reply.text
    items: list[dict[str, Any]] = reply.json["items"]
    return items


def doubtful(office: PostOffice) -> tuple[str, str]:
    """Have a mail listed; return its message's id, and its own in the list."""
    message = office.account_mail()
    outbox.claim(office.state(message), now=office.world.at)
    office.world.at += timedelta(hours=1)
    assert service.deliver(message, office.world.at) is None
    [one] = listed(office)
    return message, one["mail"]


@pytest.mark.parametrize(
    ("word", "times", "outcome"), [("send-again", 1, "sent"), ("give-up", 0, "given-up")]
)
def test_an_admin_decides_on_a_mail_in_doubt_once(
    office: PostOffice, word: str, times: int, outcome: str
) -> None:
    message, mail_id = doubtful(office)
    admin = office.world.admin()
    path = f"/v1/admin/mails-in-doubt/{mail_id}"
    assert office.world.post(f"{path}/{word}", by=admin).status == 204
    assert office.world.post(f"{path}/send-again", by=admin).status == 404
    assert office.world.post(f"{path}/give-up", by=admin).status == 404
    office.live(minutes=10)
    assert office.times_sent(message) == times
    assert office.is_done(message)
    result = store.get_result(message)
    assert result is not None
    assert result.outcome == outcome
    assert listed(office) == []


def test_two_admins_at_once_decide_once(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    message, mail_id = doubtful(office)
    admin = office.world.admin()
    path = f"/v1/admin/mails-in-doubt/{mail_id}"
    plain = tables.transact
    meanwhile = [mail_id]

    def transact(*args: Any, **kwargs: Any) -> None:
        if meanwhile:
            doubts.give_up(office.world.call(admin), meanwhile.pop())
        plain(*args, **kwargs)

    monkeypatch.setattr(tables, "transact", transact)
    late = office.world.post(f"{path}/send-again", by=admin)
    assert (late.status, late.json["type"].rpartition("/")[2]) == (409, "mail-settled")
    office.live(minutes=10)
    assert office.times_sent(message) == 0


def test_the_provider_s_late_word_settles_what_is_listed(office: PostOffice) -> None:
    message, _ = doubtful(office)
    service.record(ProviderEvent("Delivery", model.tag_of(message)), office.world.at)
    assert listed(office) == []
    assert office.is_done(message)
    result = store.get_result(message)
    assert result is not None
    assert result.outcome == "seen"


def test_the_provider_s_word_at_the_moment_of_listing_keeps_it_off_the_list(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = office.account_mail()
    outbox.claim(office.state(message), now=office.world.at)
    office.world.at += timedelta(hours=1)
    plain = store.was_taken

    def just_too_early(message_id: str) -> bool:
        found = plain(message_id)
        service.record(ProviderEvent("Send", model.tag_of(message)), office.world.at)
        return found

    monkeypatch.setattr(store, "was_taken", just_too_early)
    assert service.deliver(message, office.world.at) is None
    assert listed(office) == []
    monkeypatch.setattr(store, "was_taken", plain)
    assert service.deliver(message, office.world.at) is Outcome.SEEN


def test_what_was_sent_again_is_not_once_the_provider_has_told(office: PostOffice) -> None:
    message, mail_id = doubtful(office)
    path = f"/v1/admin/mails-in-doubt/{mail_id}/send-again"
    assert office.world.post(path, by=office.world.admin()).status == 204
    service.record(ProviderEvent("Delivery", model.tag_of(message)), office.world.at)
    assert service.deliver(message, office.world.at) is Outcome.SEEN
    assert office.times_sent(message) == 0


def test_the_provider_s_word_that_comes_after_a_release_still_counts(office: PostOffice) -> None:
    message = office.account_mail()
    claimed = outbox.claim(office.state(message), now=office.world.at)
    office.world.write(outbox.release(claimed, now=office.world.at))
    service.record(ProviderEvent("Delivery", model.tag_of(message)), office.world.at)
    assert service.deliver(message, office.world.at) is Outcome.SEEN
    assert office.sent == []
    assert office.is_done(message)


def test_a_lost_answer_neither_doubles_nor_loses(office: PostOffice) -> None:
    message = office.account_mail()
    office.lose_answer = True
    office.sweep()
    assert office.deliver_queue() == []
    assert office.state(message).status is Status.CLAIMED
    office.live(hours=2)
    assert office.times_sent(message) == 1
    assert office.is_done(message)
    result = store.get_result(message)
    assert result is not None
    assert result.outcome == "seen"


def test_a_provider_that_fails_while_working_leaves_a_mail_in_doubt(office: PostOffice) -> None:
    message = office.account_mail()
    office.fail_with = [refusal("InternalFailure", 500)]
    office.live(minutes=30)
    assert office.state(message).status is Status.CLAIMED
    office.live(hours=1)
    assert office.times_sent(message) == 0
    decide(office)
    assert office.times_sent(message) == 1
    assert office.is_done(message)


def test_a_throttled_mail_waits_and_goes_later(office: PostOffice) -> None:
    message = office.account_mail()
    office.fail_with = [refusal("TooManyRequestsException", 429)] * 3
    office.sweep()
    assert len(office.deliver_queue()) == 1
    assert office.state(message).status is Status.WAITING
    office.live(hours=1)
    assert office.times_sent(message) == 1
    assert office.is_done(message)


def test_a_long_pause_of_the_provider_loses_nothing_and_does_not_fill_the_queue(office: PostOffice) -> None:
    message = office.account_mail()
    office.fail_with = [refusal("SendingPausedException")] * 1000
    tries = 0
    for _ in range(12):
        office.sweep()
        tries += len(office.deliver_queue())  # not seen again, as with a queue that gave up
        office.world.at += timedelta(minutes=30)
    # One try a spacing, though each sweep could have queued one.
    assert 1 < tries <= 12
    assert office.state(message).tries == tries
    office.fail_with.clear()
    office.live(timedelta(hours=2), hours=12)
    assert office.times_sent(message) == 1


def test_an_address_that_the_provider_refuses_is_given_up_at_once(office: PostOffice) -> None:
    message = office.account_mail()
    office.fail_with = [refusal("BadRequestException", message="Domain contains dot-dot")]
    office.live(hours=3)
    assert office.times_sent(message) == 0
    result = store.get_result(message)
    assert result is not None
    assert (result.outcome, result.code) == ("refused", "BadRequestException")
    assert office.is_done(message)


def test_a_sender_not_verified_yet_is_a_setting_and_loses_no_mail(office: PostOffice) -> None:
    message = office.account_mail()
    office.fail_with = [refusal("MessageRejected", message="Email address is not verified. The following …")]
    office.live(hours=1)
    assert office.times_sent(message) == 1


def test_one_bad_message_does_not_hold_up_its_batch(office: PostOffice) -> None:
    bad = office.put("no-such-kind:1", "no-such-kind", {"recipient": office.world.person()})
    good = [office.account_mail(office.world.person()) for _ in range(3)]
    office.sweep()
    assert len(office.deliver_queue()) == 1
    assert [office.times_sent(one) for one in good] == [1, 1, 1]
    # It waits for the release that knows its kind.
    assert office.state(bad).status is Status.WAITING


@pytest.mark.parametrize("body", ["", "[]", "{}", "null", '{"message_id": "unknown"}'])
def test_a_body_that_is_none_of_ours_is_no_danger(office: PostOffice, body: str) -> None:
    from chalicelib.platform import aws
    from chalicelib.platform.settings import settings

    aws.client("sqs").send_message(QueueUrl=settings().mail_queue_url, MessageBody=body or " ")
    message = office.account_mail()
    office.sweep()
    stay = office.deliver_queue()
    assert len(stay) == (0 if "unknown" in body else 1)
    assert office.times_sent(message) == 1


def test_what_is_due_later_waits(office: PostOffice) -> None:
    person = office.world.person()
    at = office.world.at + timedelta(days=2)
    message = office.put("account-exists:later", "account-exists", {"recipient": person}, due_at=at)
    office.live(hours=1)
    assert service.deliver(message, office.world.at) is None
    assert office.sent == []
    office.world.at = at
    office.live(minutes=5)
    assert office.times_sent(message) == 1


def test_what_a_night_missed_is_caught_up(office: PostOffice) -> None:
    messages = [office.account_mail(office.world.person()) for _ in range(13)]
    office.world.at += timedelta(days=3)
    office.live(minutes=5)
    assert [office.times_sent(one) for one in messages] == [1] * 13


def test_a_cancelled_message_is_not_sent(office: PostOffice) -> None:
    message = office.account_mail()
    office.world.write(outbox.cancel(message, now=office.world.at))
    assert service.deliver(message, office.world.at) is None
    office.live(minutes=10)
    assert office.sent == []


def test_a_message_of_another_topic_is_queued_for_its_worker_and_none_of_ours(office: PostOffice) -> None:
    office.world.write(outbox.message("match-run:1", Topic.MATCH_RUN, "match-run", {}, now=office.world.at))
    assert service.ready(office.world.at) == {Topic.MATCH_RUN: ["match-run:1"]}
    assert service.deliver("match-run:1", office.world.at) is None
    assert office.state("match-run:1").status is Status.WAITING


def test_what_a_batch_brings_twice_is_sent_once_and_given_back_as_often_as_it_came(
    office: PostOffice,
) -> None:
    message = office.account_mail()
    bodies = [json.dumps({"message_id": message})] * 2
    event = {
        "Records": [
            {"messageId": f"sqs-{n}", "receiptHandle": "r", "body": body} for n, body in enumerate(bodies)
        ]
    }
    office.fail_with = [refusal("TooManyRequestsException", 429)]
    failed = jobs.send_mail(event, None)
    assert [one["itemIdentifier"] for one in failed["batchItemFailures"]] == ["sqs-0", "sqs-1"]
    assert jobs.send_mail(event, None) == {"batchItemFailures": []}
    assert office.times_sent(message) == 1
