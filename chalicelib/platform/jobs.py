"""The relay: from the outbox's stream to the queue of each message's topic."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from chalice import Blueprint

from chalicelib.platform import clock, outbox
from chalicelib.platform.aws import client
from chalicelib.platform.observability import count, job, logger
from chalicelib.platform.settings import settings

blueprint = Blueprint(__name__)

# Replaced by the stream's own ARN in the overlay: it is known only once the table exists.
OUTBOX_STREAM = "arn:aws:dynamodb:eu-west-1:000000000000:table/outbox/stream/replaced-by-overlay"


def queue_url(topic: outbox.Topic) -> str:
    """Return the URL of a topic's queue."""
    urls = {
        outbox.Topic.MAIL: settings().mail_queue_url,
        outbox.Topic.MATCH_RUN: settings().match_runs_queue_url,
        outbox.Topic.ROSTER_IMPORT: settings().roster_imports_queue_url,
        outbox.Topic.FOLLOW_UP: settings().follow_ups_queue_url,
        outbox.Topic.REGISTER_LOAD: settings().register_loads_queue_url,
        outbox.Topic.REGISTER_CHECK: settings().register_checks_queue_url,
        outbox.Topic.CERTIFICATE: settings().certificates_queue_url,
    }
    return urls[topic]


def enqueue(message_ids_by_topic: dict[outbox.Topic, list[str]]) -> None:
    """Put message ids on their topics' queues; a worker claims each before it acts, so twice does no harm."""
    for topic, ids in message_ids_by_topic.items():
        for start in range(0, len(ids), 10):  # SQS takes batches of ten
            entries = [
                {"Id": str(n), "MessageBody": json.dumps({"message_id": message_id})}
                for n, message_id in enumerate(ids[start : start + 10])
            ]
            answer = client("sqs").send_message_batch(QueueUrl=queue_url(topic), Entries=entries)
            if answer.get("Failed"):
                raise RuntimeError(f"{len(answer['Failed'])} messages were not taken by the {topic} queue")


def object_created(prefix: str) -> dict[str, Any]:
    """Return the event pattern of a file that arrives under a prefix of the documents bucket.

    The overlay adds the bucket, whose name is known only once it exists.
    """
    return {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"object": {"key": [{"prefix": prefix}]}},
    }


def by_message(
    event: Any,
    handle: Callable[[str], None],
    *,
    failed: str,
    metric: str,
    tell: Callable[[Exception], dict[str, Any]] = lambda _: {},
) -> dict[str, Any]:
    """Hand each message of a queue's batch to `handle`, and give back to the queue those alone that failed.

    Parameters
    ----------
    handle
        Takes the id of a message in the outbox.
    failed, metric, tell
        As of `by_batch`.
    """

    def one_by_one(message_ids: list[str]) -> dict[str, Exception]:
        failures = {}
        for message_id in message_ids:
            try:
                handle(message_id)
            except Exception as error:  # noqa: BLE001 - one message's failure must not repeat the others' work
                failures[message_id] = error
        return failures

    return by_batch(event, one_by_one, failed=failed, metric=metric, tell=tell)


def by_batch(
    event: Any,
    handle: Callable[[list[str]], Mapping[str, Exception]],
    *,
    failed: str,
    metric: str,
    tell: Callable[[Exception], dict[str, Any]] = lambda _: {},
) -> dict[str, Any]:
    """Hand the messages of a queue's batch to `handle`, and give back to the queue those alone that failed.

    Parameters
    ----------
    handle
        Takes the ids of messages in the outbox, each once, and returns what failed and by what.
    failed, metric
        What the log says of a failure, and what counts it.
    tell
        What else the log may say of it: codes. By itself it tells the class, since a message may hold a person's words.
    """
    records: dict[str, list[str]] = {}  # by message: the queue may bring one twice
    failures: list[tuple[Exception, list[str]]] = []
    for record in event:
        record_id = str(record.to_dict()["messageId"])
        try:
            records.setdefault(str(json.loads(record.body)["message_id"]), []).append(record_id)
        except (ValueError, TypeError, KeyError) as unreadable:
            failures.append((unreadable, [record_id]))
    found = handle(list(records)) if records else {}
    failures += [(error, records[message_id]) for message_id, error in found.items()]
    for error, _ in failures:
        logger.error(failed, extra={"error": type(error).__name__, **tell(error)})
        count(metric)
    return {"batchItemFailures": [{"itemIdentifier": one} for _, ids in failures for one in ids]}


class SomeFailed(Exception):
    """Some of many items could not be done; they are tried again with the next event."""


@blueprint.on_dynamodb_record(stream_arn=OUTBOX_STREAM, name="outbox_relay", batch_size=100)
@job("outbox_relay")
def outbox_relay(event: Any) -> None:
    """Hand on what was written and is due at once; what is due later waits for the sweep.

    A failed batch is delivered again by the stream, and anything lost after that is found by the sweep.
    """
    now = clock.now()
    ready: dict[outbox.Topic, list[str]] = {}
    for record in event:
        if record.event_name != "INSERT":
            continue
        message = outbox.from_stream_image(record.new_image)
        if message.due_at <= now and message.status is outbox.Status.WAITING:
            ready.setdefault(message.topic, []).append(message.id)
    enqueue(ready)
    count("Relayed", sum(len(ids) for ids in ready.values()))
    logger.info("relayed", extra={"messages": sum(len(ids) for ids in ready.values())})
