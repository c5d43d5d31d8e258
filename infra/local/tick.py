"""Fires a schedule of the running environment now: its rule's own target, with an EventBridge event.

python -m infra.local.tick nightly-match
"""

import json
import math
import sys
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.deploy import app_stack
from infra.local.place import REGION, STAGE, NotRunning, Place

QUIET_LOOKS = 4
LOOK_SECONDS = 0.25
SWEEP_SECONDS = 5
MOST_TOLD = 10


class TickFailed(Exception):
    """There is no such schedule, or its function failed; the message tells which."""


def function_of(job: str) -> str:
    """Return the logical id of a job's function: `nightly-match` is `NightlyMatch`."""
    return "".join(part.capitalize() for part in job.replace("_", "-").split("-"))


def schedules(place: Place) -> dict[str, dict[str, Any]]:
    """Return the deployed stack's schedules by job name, each with its rule and targets."""
    cloudformation = place.target.client("cloudformation")
    events = place.target.client("events")
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=app_stack(STAGE))
    named = {
        name: job for job, name in ((_job_of(logical), name) for logical, name in place.functions.items())
    }
    found = {}
    for page in pages:
        for one in page["StackResourceSummaries"]:
            if one["ResourceType"] != "AWS::Events::Rule":
                continue
            # CloudFormation may give the rule's name or its ARN.
            rule = events.describe_rule(Name=one["PhysicalResourceId"].rpartition("/")[2])
            if "ScheduleExpression" in rule:
                targets = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
                job = named[targets[0]["Arn"].rpartition(":")[2]]
                found[job] = {"rule": rule, "targets": targets}
    return found


def _job_of(logical_id: str) -> str:
    return "".join(f"-{sign.lower()}" if sign.isupper() else sign for sign in logical_id).lstrip("-")


def fire(place: Place, job: str) -> None:
    """Invoke a schedule's targets as EventBridge would, and wait for them to return.

    Raises
    ------
    TickFailed
        If there is no such schedule or a target fails.
    """
    known = schedules(place)
    name = job.replace("_", "-")
    if name not in known:
        raise TickFailed(f"There is no schedule {name!r}; there are: {', '.join(sorted(known)) or 'none'}.")
    rule = known[name]["rule"]
    event = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": rule["Arn"].split(":")[4],
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [rule["Arn"]],
        "detail": {},
    }
    for target in known[name]["targets"]:
        payload = target.get("Input") or json.dumps(event)
        answer = place.target.client("lambda").invoke(FunctionName=target["Arn"], Payload=payload)
        if answer.get("FunctionError"):
            raise TickFailed(f"{name} failed: {answer['Payload'].read().decode()}")


@dataclass
class Patience:
    """Tells work that is slow from work that stands still: thousands of mails may take their time, one may not.

    Something has moved when a message of the outbox that was due no longer is, or when the queues hold fewer than ever
    before. A message that is tried again comes back a limited number of times, so this ends.

    Attributes
    ----------
    seconds
        For how long nothing may move.
    since
        When something moved last, or the wait began.
    """

    seconds: float
    since: float
    due: frozenset[str] = frozenset()
    fewest: float = math.inf

    def is_over(self, due: Iterable[str], held: float, at: float) -> bool:
        """Tell whether nothing has moved for too long, by what waits at an instant.

        Parameters
        ----------
        due
            The keys of the outbox's messages that wait.
        held
            How many messages the queues hold or hide; infinite where nobody looked.
        """
        before, self.due = self.due, frozenset(due)
        if before - self.due or held < self.fewest:
            self.since = at
        self.fewest = min(self.fewest, held)
        return at - self.since > self.seconds


def settle(place: Place, seconds: float = 120, topic: str = "") -> None:
    """Wait until nothing is on the way any more: nothing due in the outbox, no queue that holds or hides a message.

    Where the domain's clock was moved, what has come due by that is swept up, as the schedule would within minutes.

    Parameters
    ----------
    seconds
        For how long nothing may move; as long as anything does, it waits on.
    topic
        Of the outbox (`match-run`, say): wait for its messages alone. All topics by default.

    Raises
    ------
    TickFailed
        If work waits and stands still; the message has what waits, and the last errors that functions logged.
    """
    patience = Patience(seconds, time.monotonic())
    quiet, sweep_at = 0, time.monotonic()
    offset = _clock_offset(place)
    while quiet < QUIET_LOOKS:
        due = _due_in_outbox(place, topic, offset)
        if due and offset and time.monotonic() >= sweep_at:
            fire(place, "reminders")
            sweep_at = time.monotonic() + SWEEP_SECONDS
        # While the outbox waits, what the queues hold says nothing more, and asking them all is most of a look.
        looked = not (topic or due)
        queues = _in_queues(place) if looked else {}
        waiting = [*due.values(), *queues]
        quiet = 0 if waiting else quiet + 1
        held = sum(queues.values()) if looked else math.inf
        if patience.is_over(due, held, time.monotonic()) and waiting:
            errors = last_errors(place) or ["no function logged an error"]
            told = "\n  ".join([*waiting[:MOST_TOLD], *errors])
            raise TickFailed(
                f"Work still waits in {len(waiting)} places, and none has moved for {seconds:.0f} s.\n  {told}"
            )
        time.sleep(LOOK_SECONDS)


def _in_queues(place: Place) -> dict[str, int]:
    """Return what is to be told of the queues that hold or hide messages, with how many each does."""
    sqs = place.target.client("sqs")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = {}
    for name, url in place.data.items():
        if name.endswith("QueueUrl"):
            counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
            held, hidden = (int(counts[one]) for one in names)
            if held or hidden:
                found[f"{name.removesuffix('Url')}: {held} waiting, {hidden} in hand"] = held + hidden
    return found


def _clock_offset(place: Place) -> timedelta:
    """Return by how much the domain's clock was moved."""
    clock = place.target.client("dynamodb").get_item(
        TableName=f"{place.data['TablePrefix']}platform", Key={"pk": {"S": "CLOCK"}, "sk": {"S": "CLOCK"}}
    )
    return timedelta(seconds=float(clock.get("Item", {}).get("offset_seconds", {}).get("N", 0)))


def _due_in_outbox(place: Place, topic: str, offset: timedelta) -> dict[str, str]:
    """Return what the relay has not yet seen, or a worker has in hand: what is to be told of each message, by its key.
    A scan: there is no harm in one here."""
    dynamodb = place.target.client("dynamodb")
    prefix = place.data["TablePrefix"]
    now = (datetime.now(UTC) + offset).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    values = {":waiting": {"S": "waiting"}, ":claimed": {"S": "claimed"}, ":now": {"S": now}}
    wanted = "#status IN (:waiting, :claimed) AND due_at <= :now"
    if topic:
        wanted += " AND topic = :topic"
        values[":topic"] = {"S": topic}
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=f"{prefix}outbox",
        ProjectionExpression="pk, kind, #status, tries, due_at",
        FilterExpression=wanted,
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues=values,
    )
    return {
        item["pk"]["S"]: f"outbox: {item['kind']['S']}, {item['status']['S']}, {item['tries']['N']} tries, "
        f"due {item['due_at']['S']}"
        for page in pages
        for item in page["Items"]
    }


def last_errors(place: Place, count: int = 5) -> list[str]:
    """Return the last errors that functions logged."""
    pages = place.target.client("logs").get_paginator("filter_log_events")
    lines = (
        event["message"].strip()
        for page in pages.paginate(logGroupName=f"/crossward/{STAGE}")
        for event in page["events"]
    )
    return [line[:300] for line in lines if '"level":"ERROR"' in line or "Traceback" in line][-count:]


def main() -> int:
    """Run the command line."""
    if len(sys.argv) != 2 or not sys.argv[1]:
        print("usage: make tick JOB=nightly-match", file=sys.stderr)
        return 2
    try:
        place = Place.load()
        begun = time.monotonic()
        fire(place, sys.argv[1])
        settle(place)
    except (NotRunning, TickFailed) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{sys.argv[1]}: done in {time.monotonic() - begun:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
