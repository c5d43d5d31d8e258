"""Registers' files arrive and are taken over; registers are asked.

The work is imported when there is some: every function of the service imports this module, most for other reasons.
"""

from typing import Any

from chalice import Blueprint

from chalicelib.credentials.registries.uploads import UPLOADS
from chalicelib.kernel.call import job_call
from chalicelib.platform import clock
from chalicelib.platform.jobs import by_message, object_created
from chalicelib.platform.observability import count, job, logger

blueprint = Blueprint(__name__)

LOADS_QUEUE = "register-loads"  # the overlay puts the queues' own ARNs in their places
CHECKS_QUEUE = "register-checks"
ENOUGH_MILLISECONDS = 60_000
"""A part takes some hundredths of a second; a slow store may make it more."""


@blueprint.on_cw_event(object_created(UPLOADS), name="register_uploaded")
@job("register_uploaded")
def register_uploaded(event: Any) -> None:
    """Queue the upload that waited for the file."""
    from chalicelib.credentials.registries import loading

    key = event.detail["object"]["key"]
    is_awaited = loading.file_arrived(job_call("register_uploaded", clock.now()), key)
    count("RegisterUploaded" if is_awaited else "RegisterUploadIgnored")
    logger.info("register uploaded", extra={"awaited": is_awaited})


@blueprint.on_sqs_message(queue=LOADS_QUEUE, batch_size=1, name="load_register")
@job("load_register")
def load_register(event: Any) -> dict[str, Any]:
    """Take files over while there is time; a record that fails comes back alone."""
    from chalicelib.credentials.registries import loading

    def carry_on(message_id: str) -> None:
        load = loading.work(
            job_call("load_register", clock.now()),
            message_id,
            lambda: event.context.get_remaining_time_in_millis() > ENOUGH_MILLISECONDS,
        )
        if load is not None:
            logger.info(
                "register", extra={"load_id": load.id, "status": load.status, "done": load.next_entry}
            )
            count(f"RegisterLoad{load.status.capitalize()}")

    return by_message(event, carry_on, failed="taking a register over failed", metric="RegisterLoadFailed")


@blueprint.on_sqs_message(queue=CHECKS_QUEUE, batch_size=1, name="check_register")
@job("check_register")
def check_register(event: Any) -> dict[str, Any]:
    """Ask registers; one that does not answer is an answer, too, and comes back to nobody's queue."""
    from chalicelib.credentials.registries import checking

    def ask(message_id: str) -> None:
        check = checking.work(job_call("check_register", clock.now()), message_id)
        if check is not None and check.answer is not None:
            told = {
                "authority": check.authority_id, "outcome": check.answer.outcome, "reason": check.answer.reason
            }  # fmt: skip
            logger.info("register asked", extra=told)
            count(f"Register{check.answer.outcome.title().replace('_', '')}")

    return by_message(event, ask, failed="asking a register failed", metric="RegisterCheckFailed")
