"""The nightly match, the worker of runs, the end of proposals that nobody answered, the day's look at mentorships whose
time is over, whose mentor is to be verified again or whose agreement is unsigned, and the month's lesson.

The work is imported when there is some: every function of the service imports this module, most for other reasons.
"""

from datetime import datetime, timedelta
from typing import Any

from chalice import Blueprint

from chalicelib.platform import clock
from chalicelib.platform.jobs import SomeFailed, by_message
from chalicelib.platform.observability import job, logger
from chalicelib.platform.settings import settings

blueprint = Blueprint(__name__)


@blueprint.schedule("cron(0 2 * * ? *)", name="nightly_match")
@job("nightly_match")
def nightly_match(event: Any) -> None:
    """Start the run of each programme that is matched tonight; the outbox hands them to their workers."""
    from chalicelib.mentorships import worker

    worker.start_nightly(clock.now(), datetime.fromisoformat(event.time))


# One run an invocation: a large one needs the whole of its time, and some of the next one's.
@blueprint.on_sqs_message(queue="match-runs", name="run_match", batch_size=1)
@job("run_match")
def run_match(event: Any) -> dict[str, Any]:
    """Carry out runs, or the release of held ones; what failed is delivered again."""
    from chalicelib.mentorships import worker

    def time_left() -> timedelta:
        return timedelta(milliseconds=event.context.get_remaining_time_in_millis())

    def carry_out(message_id: str) -> None:
        worker.carry_out(message_id, clock.now, workers=settings().publish_workers, time_left=time_left)

    return by_message(event, carry_out, failed="run failed", metric="JobFailed")


# The steps of a match in parts, which the state machine asks for. They are one and the same; each group has the memory,
# the threads and the rights that it needs.
@blueprint.lambda_function(name="match_read")
@job("match_read")
def match_read(event: Any, _context: Any) -> Any:
    """Find who takes part in a large run, and read some of them."""
    return _step(event)


@blueprint.lambda_function(name="match_part")
@job("match_part")
def match_part(event: Any, _context: Any) -> Any:
    """Gather people of a part, score a block, or put together what blocks have left."""
    return _step(event)


@blueprint.lambda_function(name="match_whole")
@job("match_whole")
def match_whole(event: Any, _context: Any) -> Any:
    """Lay out a large run, assign all of its mentees, or report."""
    return _step(event)


@blueprint.lambda_function(name="match_explain")
@job("match_explain")
def match_explain(event: Any, _context: Any) -> Any:
    """Give the reasons of some pairs, or of some people left out."""
    return _step(event)


@blueprint.lambda_function(name="match_publish")
@job("match_publish")
def match_publish(event: Any, _context: Any) -> Any:
    """Propose some pairs, tell some people why they were left out, or end the run."""
    return _step(event)


def _step(event: Any) -> Any:
    from chalicelib.mentorships import machine

    return machine.take(event, clock.now, settings().publish_workers)


@blueprint.on_cw_event(
    {
        "source": ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        "detail": {"status": ["ABORTED", "FAILED", "TIMED_OUT"]},
    },
    name="match_ended",
)
@job("match_ended")
def match_ended(event: Any) -> None:
    """Fail the run of an execution that ended without saying so itself."""
    from chalicelib.mentorships import machine

    machine.ended(event.to_dict(), clock.now)


@blueprint.schedule("rate(1 hour)", name="expire_proposals")
@job("expire_proposals")
def expire_proposals(_event: Any) -> None:
    """Close the proposals whose time is over, whatever became of their programme."""
    from chalicelib.mentorships import worker

    worker.expire_proposals(clock.now())


# After the expiries of the night have been followed up, and before coordinators begin their day.
@blueprint.schedule("cron(0 5 * * ? *)", name="look_at_mentorships")
@job("look_at_mentorships")
def look_at_mentorships(_event: Any) -> None:
    """Pause or close mentorships whose time is over, remind of agreements that are unsigned and of goals whose day is
    near or over, ask for feedback and count it among others, and tell coordinators what they have not been told."""
    from chalicelib.mentorships import renewing, telling
    from chalicelib.mentorships.agreements import looking
    from chalicelib.mentorships.feedback import asking, grouping
    from chalicelib.mentorships.goals import reminding

    failed = renewing.look_at_due(clock.now())
    failed += looking.look_at_unsigned(clock.now())
    failed += reminding.remind_due(clock.now())
    failed += asking.ask_due(clock.now())
    failed += grouping.group_sealed(clock.now())
    told = telling.tell_coordinators(clock.now())
    logger.info("coordinators told", extra={"matters": told})
    if failed:
        raise SomeFailed(f"{failed} mentorships, goals or answers wait for another try")


@blueprint.schedule("cron(0 4 1 * ? *)", name="learn_weights")
@job("learn_weights")
def learn_weights(event: Any) -> None:
    """Propose weights from what became of each programme's pairs; a coordinator puts them in force, or nobody does."""
    from chalicelib.mentorships import learning

    def time_left() -> timedelta:
        return timedelta(milliseconds=event.context.get_remaining_time_in_millis())

    learning.learn_weights(clock.now(), time_left=time_left)
