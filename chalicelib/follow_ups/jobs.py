"""The worker of news."""

from typing import Any

from chalice import Blueprint

from chalicelib.platform import clock
from chalicelib.platform.jobs import by_message
from chalicelib.platform.observability import count, job, logger

blueprint = Blueprint(__name__)

FOLLOW_UPS_QUEUE = "follow-ups"  # the overlay puts the queue's own ARN in its place


@blueprint.on_sqs_message(queue=FOLLOW_UPS_QUEUE, name="follow_up", batch_size=5)
@job("follow_up")
def follow_up(event: Any) -> dict[str, Any]:
    """Do what follows from changes; what failed goes back to the queue alone."""
    from chalicelib.follow_ups import service

    def follow_up(message_id: str) -> None:
        kind = service.follow_up(message_id, clock.now)
        if kind is not None:
            logger.info("followed up", extra={"kind": kind})
            count("FollowedUp")

    return by_message(event, follow_up, failed="follow-up failed", metric="FollowUpFailed")
