"""No mail twice and none missing, wherever a process dies, whatever the provider answers, however late it tells."""

import random
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from chalicelib.notifications import model, service, store
from chalicelib.notifications.model import EVENT_MARGIN, Outcome
from chalicelib.platform import outbox
from chalicelib.platform.outbox import CLAIM_LEASE, Status
from tests.notifications.post import Knife, PostOffice

NOW, LATER = "account-exists:now", "account-exists:later"


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
    for message in (now, later):
        assert office.times_sent(message) == 1, office.knife.steps
        assert office.is_done(message), office.knife.steps
        assert store.get_result(message) is not None
    return office.knife.steps


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


def test_without_the_provider_s_word_a_death_after_sending_would_double_the_mail(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stories above show something: with the mark ignored they fail."""
    monkeypatch.setattr(store, "was_taken", lambda _id: False)
    monkeypatch.setattr(store, "taken_and_suppressed", lambda _id, _email: (False, False))
    after_sending = 5
    with pytest.raises(AssertionError):
        story(office, {after_sending})
    assert office.knife.steps[after_sending] == "after mail"
    assert office.times_sent(NOW) == 2


def test_without_settling_a_death_before_sending_would_lose_the_mail(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "is_settleable", lambda *_: False)
    with pytest.raises(AssertionError):
        story(office, {4})
    assert office.knife.steps[4] == "before mail"
    assert office.times_sent(NOW) == 0


def test_a_claim_in_doubt_waits_until_silence_can_be_believed(office: PostOffice) -> None:
    message = office.account_mail()
    outbox.claim(office.state(message), now=office.world.at)
    office.world.at += CLAIM_LEASE + EVENT_MARGIN - timedelta(seconds=1)
    assert service.ready(office.world.at) == {}
    assert service.deliver(message, office.world.at) is None
    office.world.at += timedelta(seconds=1)
    assert service.deliver(message, office.world.at) is Outcome.SENT
    assert office.times_sent(message) == 1


def test_the_provider_s_word_that_comes_after_a_release_still_counts(office: PostOffice) -> None:
    message = office.account_mail()
    claimed = outbox.claim(office.state(message), now=office.world.at)
    office.world.write(outbox.release(claimed, now=office.world.at))
    service.record(model.ProviderEvent("Delivery", model.tag_of(message)), office.world.at)
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


def test_a_provider_that_fails_while_working_is_in_doubt_and_then_asked_again(office: PostOffice) -> None:
    message = office.account_mail()
    office.fail_with = [refusal("InternalFailure", 500)]
    office.live(minutes=30)
    assert office.state(message).status is Status.CLAIMED
    office.live(hours=1)
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
    from chalicelib.platform.outbox import Topic

    office.world.write(outbox.message("match-run:1", Topic.MATCH_RUN, "match-run", {}, now=office.world.at))
    assert service.ready(office.world.at) == {Topic.MATCH_RUN: ["match-run:1"]}
    assert service.deliver("match-run:1", office.world.at) is None
    assert office.state("match-run:1").status is Status.WAITING
