"""A roster's file arrives, and a roster is imported.

The work is imported when there is some: every function of the service imports this module, most for other reasons.
"""

from typing import Any

from chalice import Blueprint

from chalicelib.kernel.call import job_call
from chalicelib.platform import clock
from chalicelib.platform.jobs import by_message, object_created
from chalicelib.platform.observability import count, job, logger
from chalicelib.rosters.uploads import UPLOADS

blueprint = Blueprint(__name__)

IMPORTS_QUEUE = "roster-imports"  # the overlay puts the queue's own ARN in its place
ENOUGH_MILLISECONDS = 60_000
"""A hundred rows take a few seconds; a slow store may make it more."""


@blueprint.on_cw_event(object_created(UPLOADS), name="roster_uploaded")
@job("roster_uploaded")
def roster_uploaded(event: Any) -> None:
    """Queue the import that waited for the file."""
    from chalicelib.rosters import service

    is_awaited = service.file_arrived(job_call("roster_uploaded", clock.now()), event.detail["object"]["key"])
    count("RosterUploaded" if is_awaited else "RosterUploadIgnored")
    logger.info("roster uploaded", extra={"awaited": is_awaited})


@blueprint.on_sqs_message(queue=IMPORTS_QUEUE, batch_size=1, name="import_roster")
@job("import_roster")
def import_roster(event: Any) -> dict[str, list[dict[str, str]]]:
    """Carry imports on while there is time; a record that fails comes back alone."""
    from chalicelib.rosters import worker

    def carry_on(message_id: str) -> None:
        roster = worker.work(
            job_call("import_roster", clock.now()),
            message_id,
            lambda: event.context.get_remaining_time_in_millis() > ENOUGH_MILLISECONDS,
        )
        if roster is not None:
            logger.info(
                "roster", extra={"import_id": roster.id, "status": roster.status, "done": roster.counts.done}
            )
            count(f"RosterImport{roster.status.capitalize()}")

    return by_message(event, carry_on, failed="import failed", metric="RosterImportFailed")
