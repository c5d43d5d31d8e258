"""A post office under test: the provider and the queue as they behave, the jobs as they are deployed, and a hand
that kills them at any step."""

import email
import email.policy
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.notifications import jobs
from chalicelib.platform import aws, mail, outbox, tables
from chalicelib.platform import jobs as platform_jobs
from chalicelib.platform.outbox import Message, Status, Topic
from chalicelib.platform.settings import settings
from tests.support.world import World

STEP = timedelta(minutes=5)


class Killed(BaseException):
    """The process ends here: no handler of ours runs."""


@dataclass
class Knife:
    """Kills the process at chosen steps, all its threads with it. A step is the moment before or after a change that
    the world can see; threads take theirs one after another."""

    at: set[int] = field(default_factory=set)
    steps: list[str] = field(default_factory=list)
    drawn: bool = False
    is_dead: bool = False
    lock: Any = field(default_factory=threading.RLock)

    def around(self, name: str, act: Callable[[], Any]) -> Any:
        with self.lock:
            if not self.drawn:
                return act()
            self._step(f"before {name}")
            result = act()
            self._step(f"after {name}")
            return result

    def _step(self, name: str) -> None:
        if self.is_dead:
            raise Killed(name)
        self.steps.append(name)
        if len(self.steps) - 1 in self.at:
            self.is_dead = True
            raise Killed(name)


@dataclass
class PostOffice:
    """The world with its mail.

    Attributes
    ----------
    sent
        What the provider took: the requests, in order.
    told
        The provider's events that have not been delivered yet, each with the instant from which it can be.
    event_delay
        How long the provider waits with its events.
    fail_with
        Raised by the provider's next calls, first to last; None takes the mail.
    lose_answer
        Whether the provider takes mails and its answer is lost.
    seen
        Messages that a test has noted, by id: what is done leaves the due list.
    """

    world: World
    provider: Callable[[], Any]
    knife: Knife = field(default_factory=Knife)
    sent: list[dict[str, Any]] = field(default_factory=list)
    told: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)
    event_delay: timedelta = timedelta(seconds=2)
    fail_with: list[Exception | None] = field(default_factory=list)
    lose_answer: bool = False
    seen: dict[str, Message] = field(default_factory=dict)

    # The provider.

    def send_email(self, **request: Any) -> dict[str, Any]:
        failure = self.fail_with.pop(0) if self.fail_with else None
        if failure is not None:
            raise failure
        return self.knife.around("mail", lambda: self._take(request))

    def _take(self, request: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self.provider().send_email(**request)
        self.sent.append(request)
        for name in ("Send", "Delivery"):
            self.told.append((self.world.at + self.event_delay, self.event(request, name)))
        if self.lose_answer:
            from botocore.exceptions import ReadTimeoutError

            raise ReadTimeoutError(endpoint_url="https://email")
        return answer

    def event(self, request: dict[str, Any], name: str, **detail: Any) -> dict[str, Any]:
        """Return the EventBridge event of one request, in the shape that SES gives it."""
        tags = {one["Name"]: [one["Value"]] for one in request["EmailTags"]}
        tags["ses:configuration-set"] = [request["ConfigurationSetName"]]
        return eventbridge("aws.ses", f"Email {name}", {"eventType": name, "mail": {"tags": tags}, **detail})

    # What AWS runs.

    def sweep(self) -> None:
        self._run(jobs.reminders, eventbridge("aws.events", "Scheduled Event", {}))

    def deliver_queue(self) -> list[str]:
        """Hand the queue's messages to the worker, each in its turn until it is deleted or this round is over;
        return those that stay, as after a failure or a kill."""
        sqs = aws.client("sqs")
        url = settings().mail_queue_url
        stay = []
        while True:
            answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=3600)
            records = answer.get("Messages", [])
            if not records:
                return stay
            event = {"Records": [{"body": one["Body"], "receiptHandle": one["ReceiptHandle"],
                                  "messageId": one["MessageId"]} for one in records]}  # fmt: skip
            done, result = self._run(jobs.send_mail, event)
            failed = {one["itemIdentifier"] for one in result["batchItemFailures"]} if done else None
            for one in records:
                if failed is None or one["MessageId"] in failed:
                    stay.append(one["ReceiptHandle"])
                else:
                    sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])

    def reappear(self, handles: list[str]) -> None:
        """Let messages that were not deleted be seen again, as after their visibility timeout."""
        for handle in handles:
            aws.client("sqs").change_message_visibility(
                QueueUrl=settings().mail_queue_url, ReceiptHandle=handle, VisibilityTimeout=0
            )

    def deliver_events(self) -> None:
        """Hand the provider's events that have come to the function; one that was killed is handed in again."""
        while due := [one for one in self.told if one[0] <= self.world.at]:
            self.told = [one for one in self.told if one[0] > self.world.at]
            for at, event in due:
                done, _ = self._run(jobs.mail_events, event)
                if not done:
                    self.told.append((at, event))

    def _run(self, handler: Any, event: dict[str, Any]) -> tuple[bool, Any]:
        self.knife.is_dead = False
        try:
            return True, handler(event, None)
        except Killed:
            return False, None

    def live(self, step: timedelta = STEP, **how: float) -> None:
        """Let time pass in steps of the schedule, or of one that is late, everything running that AWS would run."""
        until = self.world.at + timedelta(**how)
        while self.world.at < until:
            self.deliver_events()
            self.sweep()
            stay = self.deliver_queue()
            self.deliver_events()
            self.world.at += step
            self.reappear(stay)

    # What a test asks.

    def put(self, message_id: str, kind: str, payload: dict[str, Any], due_at: datetime | None = None) -> str:
        """Write a message, as an intent would."""
        self.world.write(
            outbox.message(message_id, Topic.MAIL, kind, payload, now=self.world.at, due_at=due_at)
        )
        return message_id

    def account_mail(self, person_id: str | None = None) -> str:
        person_id = person_id or self.world.person()
        return self.put(f"account-exists:{person_id}:x", "account-exists", {"recipient": person_id})

    def state(self, message_id: str) -> Message:
        found = outbox.read(message_id)
        assert found is not None
        return found

    def times_sent(self, message_id: str) -> int:
        from chalicelib.notifications.model import tag_of

        tags = Counter(one["EmailTags"][0]["Value"] for one in self.sent)
        return tags[tag_of(message_id)]

    def is_done(self, message_id: str) -> bool:
        return self.state(message_id).status is Status.DONE


@dataclass(frozen=True)
class Opened:
    """A mail as its reader's program opens it, whether SES wrote it or we did.

    Attributes
    ----------
    calendars
        Each calendar file in it: content type, method of the MIME part (None of an attachment), and the text.
    """

    subject: str
    text: str
    html: str
    headers: dict[str, str]
    calendars: tuple[tuple[str, str | None, str], ...] = ()


def opened(request: dict[str, Any]) -> Opened:
    """Open the mail of a request to the provider."""
    if "Simple" in request["Content"]:
        simple = request["Content"]["Simple"]
        headers = {one["Name"]: one["Value"] for one in simple["Headers"]}
        body = simple["Body"]
        return Opened(simple["Subject"]["Data"], body["Text"]["Data"], body["Html"]["Data"], headers)
    message = email.message_from_bytes(request["Content"]["Raw"]["Data"], policy=email.policy.default)
    parts = {"text/plain": "", "text/html": ""}
    calendars = []
    for part in message.walk():
        kind = part.get_content_type()
        if kind in ("text/calendar", "application/ics"):
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            calendars.append((kind, part.get_param("method"), content.decode()))
        elif kind in parts:
            parts[kind] = part.get_content().replace("\r\n", "\n")
    return Opened(
        message["Subject"], parts["text/plain"], parts["text/html"], dict(message.items()), tuple(calendars)
    )  # fmt: skip


def eventbridge(source: str, name: str, detail: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": "0", "id": "e", "account": "123456789012", "region": "eu-west-1", "resources": [],
        "time": "2026-11-22T09:00:00Z", "source": source, "detail-type": name, "detail": detail,
    }  # fmt: skip


def open_post_office(world: World, monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    office = PostOffice(world, mail._ses)
    monkeypatch.setattr(mail, "_ses", lambda: office)
    plain_dispatch, plain_enqueue = tables._dispatch, platform_jobs.enqueue

    def dispatch(operation: str, kwargs: dict[str, Any]) -> dict[str, Any]:
        if operation != "TransactWriteItems":
            return plain_dispatch(operation, kwargs)
        answer: dict[str, Any] = office.knife.around("write", lambda: plain_dispatch(operation, kwargs))
        return answer

    def enqueue(ids: dict[Topic, list[str]]) -> None:
        if any(ids.values()):
            office.knife.around("queue", lambda: plain_enqueue(ids))

    monkeypatch.setattr(tables, "_dispatch", dispatch)
    monkeypatch.setattr(jobs, "enqueue", enqueue)
    return office
