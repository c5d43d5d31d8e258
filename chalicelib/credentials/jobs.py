"""The day's looks at what waits for too long, and at what is about to expire."""

from typing import Any

from chalice import Blueprint

from chalicelib.platform import clock
from chalicelib.platform.observability import count, job, logger

blueprint = Blueprint(__name__)


@blueprint.schedule("cron(0 6 * * ? *)", name="overdue_reviews")
@job("overdue_reviews")
def overdue_reviews(_event: Any) -> None:
    """Tell coordinators of cases that have passed their target since they were last told."""
    from chalicelib.credentials import overdue

    told = overdue.tell_overdue(clock.now())
    count("OverdueReviewsTold", told)
    logger.info("overdue reviews", extra={"organisations": told})


@blueprint.schedule("cron(0 1 * * ? *)", name="expiry_notices")
@job("expiry_notices")
def expiry_notices(_event: Any) -> None:
    """Tell people whose credentials have come to 90, 60, 30 or 7 days before their last, or have expired."""
    from chalicelib.credentials import expiring

    told = expiring.tell_expiring(clock.now())
    count("ExpiryNoticesDue", told)
    logger.info("expiry notices", extra={"notices": told})
