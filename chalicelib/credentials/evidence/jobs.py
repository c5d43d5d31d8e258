"""Files arrive in quarantine, scanners judge them, and the night tidies up.

The work is imported when there is some: every function of the service imports this module, most for other reasons.
"""

from typing import Any

from chalice import Blueprint

from chalicelib.kernel.call import job_call
from chalicelib.platform import clock
from chalicelib.platform.observability import count, job, logger

blueprint = Blueprint(__name__)

# The overlay adds the bucket. GuardDuty tells what it found by a tag on the object, and S3 tells of tags.
QUARANTINED: dict[str, Any] = {
    "source": ["aws.s3"],
    "detail-type": ["Object Created", "Object Tags Added"],
}


@blueprint.on_cw_event(QUARANTINED, name="inspect_evidence")
@job("inspect_evidence")
def inspect_evidence(event: Any) -> None:
    """Look at a file in quarantine of which there is news."""
    from chalicelib.credentials.evidence import intake
    from chalicelib.credentials.evidence.contained import inspect_contained

    told = event.detail["object"]
    call = job_call("inspect_evidence", clock.now())
    state = intake.arrived(call, told["key"], told.get("version-id"), inspect_contained)
    count(f"Evidence{state.capitalize()}" if state else "EvidenceIgnored")
    logger.info("evidence", extra={"state": state})


@blueprint.schedule("cron(30 1 * * ? *)", name="tidy_evidence")
@job("tidy_evidence")
def tidy_evidence(_event: Any) -> None:
    """Delete what is not needed any more, and look again at what waits too long for its scanner."""
    from chalicelib.credentials.evidence import upkeep
    from chalicelib.credentials.evidence.contained import inspect_contained

    def failed(error: Exception) -> None:
        logger.error("tidying evidence failed", extra={"error": type(error).__name__})

    done = upkeep.tidy(clock.now(), inspect_contained, failed)
    for name in ("deleted", "settled", "failed"):
        count(f"EvidenceTidy{name.capitalize()}", getattr(done, name))
    logger.info(
        "evidence tidied", extra={"deleted": done.deleted, "settled": done.settled, "failed": done.failed}
    )
