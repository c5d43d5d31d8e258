"""The worker of news."""

import json
from typing import Any

from chalice import Blueprint

from chalicelib.platform import clock
from chalicelib.platform.observability import count, job, logger

blueprint = Blueprint(__name__)

FOLLOW_UPS_QUEUE = "follow-ups"  # the overlay puts the queue's own ARN in its place


@blueprint.on_sqs_message(queue=FOLLOW_UPS_QUEUE, name="follow_up", batch_size=5)
@job("follow_up")
def follow_up(event: Any) -> dict[str, Any]:
    """Do what follows from changes; what failed goes back to the queue alone."""
    from chalicelib.follow_ups import service

    failed = []
    for record in event:
        try:
            kind = service.follow_up(str(json.loads(record.body)["message_id"]), clock.now)
        except Exception as error:  # noqa: BLE001 - one failure must not repeat the others' work
            logger.error("follow-up failed", extra={"error": type(error).__name__})
            count("FollowUpFailed")
            failed.append({"itemIdentifier": record.to_dict()["messageId"]})
            continue
        if kind is not None:
            logger.info("followed up", extra={"kind": kind})
            count("FollowedUp")
    return {"batchItemFailures": failed}
