"""The outbox and its relay against moto."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest

from chalicelib.platform import outbox, tables
from chalicelib.platform.aws import client
from chalicelib.platform.jobs import outbox_relay, queue_url
from chalicelib.platform.outbox import AlreadyClaimed, Status, Topic, WrittenBefore
from tests.support.world import World


def write(
    world: World, message_id: str, *, topic: Topic = Topic.MAIL, later: timedelta | None = None
) -> None:
    due = world.at + later if later else None
    world.write(outbox.message(message_id, topic, "kind", {"recipient": "R"}, now=world.at, due_at=due))


def test_a_reason_yields_one_message(world: World) -> None:
    write(world, "proposal-made:1:2")
    with pytest.raises(WrittenBefore):
        write(world, "proposal-made:1:2")


def test_due_messages_come_by_key_and_later_ones_wait(world: World) -> None:
    for n in range(9):
        write(world, f"now:{n}")
    write(world, "later", later=timedelta(days=2))
    assert {one.id for one in outbox.due(world.at)} == {f"now:{n}" for n in range(9)}
    with world.counted() as calls:
        list(outbox.due(world.at))
    assert set(calls) == {"Query"}
    assert "later" in {one.id for one in outbox.due(world.at + timedelta(days=2))}


def test_one_worker_claims_and_what_is_done_is_off_the_list(world: World) -> None:
    write(world, "m")
    read = outbox.read("m")
    assert read is not None
    claimed = outbox.claim(read, now=world.at)
    with pytest.raises(AlreadyClaimed):
        outbox.claim(read, now=world.at)
    assert [one.status for one in outbox.due(world.at)] == [Status.CLAIMED]
    world.write(outbox.done(claimed, now=world.at))
    assert list(outbox.due(world.at)) == []
    with pytest.raises(AlreadyClaimed):
        world.write(outbox.done(claimed, now=world.at))
    after = outbox.read("m")
    assert after is not None
    with pytest.raises(AlreadyClaimed):
        outbox.claim(after, now=world.at)


def test_a_released_message_can_be_claimed_again(world: World) -> None:
    write(world, "m")
    claimed = outbox.claim(outbox.read("m"), now=world.at)
    world.write(outbox.release(claimed, now=world.at))
    again = outbox.claim(outbox.read("m"), now=world.at)
    assert again.tries == 2


def test_a_cancelled_message_never_leaves(world: World) -> None:
    write(world, "m", later=timedelta(days=3))
    world.write(outbox.cancel("m", now=world.at))
    assert list(outbox.due(world.at + timedelta(days=4))) == []
    with pytest.raises(AlreadyClaimed):
        outbox.claim(outbox.read("m"), now=world.at)


def stream_event(world: World, names: list[str], event_name: str = "INSERT") -> dict:
    rows = [tables.get(outbox.OutboxRow, name, "MESSAGE") for name in names]
    return {
        "Records": [
            {
                "eventID": str(n), "eventName": event_name, "eventSource": "aws:dynamodb", "awsRegion": "eu-west-1",
                "eventSourceARN": "arn:aws:dynamodb:eu-west-1:1:table/outbox/stream/x",
                "dynamodb": {
                    "Keys": {"pk": {"S": name}}, "NewImage": row.serialize(), "SequenceNumber": str(n),
                    "SizeBytes": 1, "ApproximateCreationDateTime": 1795338000, "StreamViewType": "NEW_IMAGE",
                },
            }
            for n, (name, row) in enumerate(zip(names, rows, strict=True))
        ]
    }  # fmt: skip


def received(topic: Topic) -> list[str]:
    answer = client("sqs").receive_message(QueueUrl=queue_url(topic), MaxNumberOfMessages=10)
    return [json.loads(one["Body"])["message_id"] for one in answer.get("Messages", [])]


def test_the_relay_puts_each_message_on_its_topics_queue(world: World) -> None:
    write(world, "mail:1")
    write(world, "run:1", topic=Topic.MATCH_RUN)
    write(world, "roster:1", topic=Topic.ROSTER_IMPORT)
    write(world, "later", later=timedelta(hours=1))
    event = stream_event(world, ["mail:1", "run:1", "roster:1", "later"])
    outbox_relay(event, SimpleNamespace(function_name="outbox_relay"))
    assert received(Topic.MAIL) == ["mail:1"]
    assert received(Topic.MATCH_RUN) == ["run:1"]
    assert received(Topic.ROSTER_IMPORT) == ["roster:1"]


def test_the_relay_passes_over_changes(world: World) -> None:
    write(world, "m")
    outbox_relay(stream_event(world, ["m"], "MODIFY"), SimpleNamespace(function_name="outbox_relay"))
    assert received(Topic.MAIL) == []


def test_more_than_ten_messages_all_arrive(world: World) -> None:
    names = [f"m{n:02d}" for n in range(25)]
    for name in names:
        write(world, name)
    outbox_relay(stream_event(world, names), SimpleNamespace(function_name="outbox_relay"))
    seen: list[str] = []
    while batch := received(Topic.MAIL):
        seen += batch
    assert sorted(seen) == names
