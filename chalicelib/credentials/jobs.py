"""The day's look at what waits for too long."""

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
